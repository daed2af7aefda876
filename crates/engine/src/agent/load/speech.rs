//! Texts that are said: one, one for each language, or a list of them.

use crate::agent::{ByLanguage, Speech};
use crate::diagnostic::Code;
use crate::document::{Entry, Node, Span, Value, fold_key};
use crate::workflow::load::Loader;
use crate::workflow::load::fields::Fields;
use crate::workflow::load::top::is_language_tag;
use template::Template;

impl Loader<'_> {
    pub(super) fn speech(&mut self, fields: &Fields<'_>, name: &str) -> Option<Speech> {
        let entry = fields.get(name)?;
        self.speech_of(&entry.value, &entry.key, entry.key_span, &fields.path(name))
    }

    /// A speech, or a list of them.
    pub(super) fn speeches(&mut self, fields: &Fields<'_>, name: &str) -> Vec<Speech> {
        let Some(entry) = fields.get(name) else { return Vec::new() };
        let path = fields.path(name);
        match &entry.value.value {
            Value::List(items) => {
                if items.is_empty() {
                    let message = format!("`{}` is an empty list", entry.key);
                    self.report_at(Code::MissingValue, entry.value.span, message, None);
                }
                let numbered = items.iter().enumerate();
                numbered
                    .filter_map(|(index, item)| {
                        self.speech_of(item, &entry.key, entry.key_span, &format!("{path}.{index}"))
                    })
                    .collect()
            }
            _ => self.speech_of(&entry.value, &entry.key, entry.key_span, &path).into_iter().collect(),
        }
    }

    pub(super) fn speech_of(&mut self, node: &Node, key: &str, key_span: Span, path: &str) -> Option<Speech> {
        self.by_language(node, key, key_span, path, |loader, node, path| {
            loader.said(node, key, key_span, path)
        })
    }

    /// A name without tags, or one for each language.
    pub(super) fn plain_by_language(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
    ) -> Option<ByLanguage<String>> {
        let entry = fields.get(name)?;
        let (key, key_span) = (entry.key.as_str(), entry.key_span);
        self.by_language(&entry.value, key, key_span, &fields.path(name), |loader, node, path| {
            let scalar = loader.scalar_of(node, key, key_span)?;
            loader.remember(path, node.span, Some(scalar));
            Some(scalar.text.trim().to_owned())
        })
    }

    /// One value; a map of languages with theirs; or a list of such maps, or of `language` and `text`.
    fn by_language<T>(
        &mut self,
        node: &Node,
        key: &str,
        key_span: Span,
        path: &str,
        mut read: impl FnMut(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<ByLanguage<T>> {
        let found: Vec<(&str, Span, &Node)> = match &node.value {
            Value::Scalar(_) => return read(self, node, path).map(ByLanguage::alike),
            Value::Map(entries) => {
                entries.iter().map(|entry| (entry.key.trim(), entry.key_span, &entry.value)).collect()
            }
            Value::List(items) => items.iter().flat_map(languages_of).collect(),
        };
        self.remember(path, node.span, None);
        if found.is_empty() {
            let message = format!("`{key}` is neither a text nor texts by language");
            let hint = "write a text, or `{en-US: …, es-MX: …}`".to_owned();
            let span = if node.is_null() { key_span } else { node.span };
            self.report_at(Code::WrongType, span, message, Some(hint));
            return None;
        }
        let mut values: Vec<(String, T)> = Vec::new();
        for (tag, span, text) in found {
            if !is_language_tag(tag) {
                let hint = "give a tag such as `en` or `en-US`".to_owned();
                self.report_at(Code::BadValue, span, format!("`{tag}` is no language tag"), Some(hint));
            } else if values.iter().any(|(known, _)| known.eq_ignore_ascii_case(tag)) {
                let message = format!("the language `{tag}` stands twice");
                self.report_at(Code::DuplicateKey, span, message, Some("remove one of the two".into()));
            } else if let Some(value) = read(self, text, &format!("{path}.{tag}")) {
                values.push((tag.to_owned(), value));
            }
        }
        ByLanguage::of(values)
    }

    /// A text with tags that is said: it says something, and no comment cuts it short.
    fn said(&mut self, node: &Node, key: &str, key_span: Span, path: &str) -> Option<Template> {
        let scalar = self.scalar_of(node, key, key_span)?;
        if let Some(cut) = &scalar.cut {
            let hint = format!("put the text into quotes: {key}: \"{}\"", cut.whole.replace('"', "\\\""));
            let message = format!("` #` begins a comment, so `{key}` ends before it");
            self.report_at(Code::CutByComment, cut.comment, message, Some(hint));
        }
        if scalar.text.trim().is_empty() {
            let message = format!("`{key}` says nothing");
            self.report_at(
                Code::MissingValue,
                node.span,
                message,
                Some("write what to say, or remove it".into()),
            );
        }
        self.template_of(scalar, node.span, path)
    }
}

/// The languages of one item of a list: `en: …` or `{language: en, text: …}`.
fn languages_of(item: &Node) -> Vec<(&str, Span, &Node)> {
    let Value::Map(entries) = &item.value else { return Vec::new() };
    let under = |name: &str| entries.iter().find(|entry: &&Entry| fold_key(&entry.key) == name);
    match (under("language").and_then(|entry| Some((entry, entry.value.scalar()?))), under("text")) {
        (Some((language, tag)), Some(text)) => vec![(tag.text.trim(), language.value.span, &text.value)],
        _ => entries.iter().map(|entry| (entry.key.trim(), entry.key_span, &entry.value)).collect(),
    }
}
