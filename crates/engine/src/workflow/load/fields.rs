//! Reading a map by its table: every key is known, stands once, and has the shape that it should.

use super::Loader;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, suggest};
use crate::document::{Entry, Node, Scalar, Span, Value, fold_key, parse_duration_ms};
use crate::workflow::keys::{Key, Need, Shape, Table};
use template::{Expression, Field, Template};

/// The entries of one map, by their canonical keys.
pub(crate) struct Fields<'a> {
    tables: Vec<&'static Table>,
    found: Vec<(&'static Key, &'a Entry)>,
    /// Keys that misspelt ones probably mean.
    meant: Vec<&'static str>,
    /// The whole map.
    pub(crate) span: Span,
    /// Goes before the keys in the paths under which places are remembered: `location.`.
    prefix: String,
}

impl<'a> Fields<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a Entry> {
        debug_assert!(
            self.tables.iter().any(|table| table.keys.iter().any(|key| key.name == name)),
            "{name}"
        );
        self.found.iter().find(|(key, _)| key.name == name).map(|(_, entry)| *entry)
    }

    /// Whether one of these keys stands there under a misspelt name, which is told already: then it is not missing too.
    pub(crate) fn means_one_of(&self, names: &[&str]) -> bool {
        self.meant.iter().any(|meant| names.contains(meant))
    }

    fn key(&self, name: &str) -> Option<&'static Key> {
        self.tables.iter().flat_map(|table| table.keys).find(|key| key.name == name)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Everything that is there, with what the tables say of it.
    pub(super) fn all(&self) -> impl Iterator<Item = &(&'static Key, &'a Entry)> {
        self.found.iter()
    }
}

impl Loader<'_> {
    /// Sorts a map's entries by the tables' keys. Tells of unknown, repeated and missing ones.
    pub(crate) fn fields<'a>(
        &mut self,
        node: &'a Node,
        tables: &[&'static Table],
        prefix: &str,
    ) -> Option<Fields<'a>> {
        let Value::Map(entries) = &node.value else {
            let noun = tables[tables.len() - 1].noun;
            self.wrong_type(node.span, &format!("{noun} is a map of keys and values, not {}", node.noun()));
            return None;
        };
        let mut fields = Fields {
            tables: tables.to_vec(),
            found: Vec::new(),
            meant: Vec::new(),
            span: node.span,
            prefix: prefix.into(),
        };
        for entry in entries {
            self.sort_in(&mut fields, entry);
        }
        for key in tables.iter().flat_map(|table| table.keys) {
            if key.need == Need::Required && fields.get(key.name).is_none() {
                self.missing_key(&fields, key.name);
            }
        }
        Some(fields)
    }

    fn sort_in<'a>(&mut self, fields: &mut Fields<'a>, entry: &'a Entry) {
        let folded = fold_key(&entry.key);
        let matches = |name: &str| fold_key(name) == folded;
        let all = || fields.tables.iter().flat_map(|table| table.keys);
        let known = all().find(|key| matches(key.name) || key.aliases.iter().any(|alias| matches(alias)));
        let Some(key) = known else {
            if self.is_full() {
                return;
            }
            let noun = fields.tables[fields.tables.len() - 1].noun;
            let names = all().map(|key| key.name).collect::<Vec<_>>();
            let meant = suggest(&entry.key, names.iter().copied());
            let hint = meant
                .map(|meant| format!("did you mean `{meant}`?"))
                .or_else(|| (!names.is_empty()).then(|| format!("the keys here are {}", listed(&names))));
            fields.meant.extend(meant);
            let message = format!("{noun} has no key `{}`", entry.key);
            self.report_at(Code::UnknownKey, entry.key_span, message, hint);
            return;
        };
        if let Some((_, first)) = fields.found.iter().find(|(found, _)| std::ptr::eq(*found, key)) {
            let line = self.source.line(first.key_span.start);
            let message = format!("`{}` is the key `{}` once more", entry.key, key.name);
            let hint = format!("it is in line {line} already; remove one of the two");
            self.report_at(Code::DuplicateKey, entry.key_span, message, Some(hint));
            return;
        }
        fields.found.push((key, entry));
    }

    pub(crate) fn missing_key(&mut self, fields: &Fields<'_>, name: &str) {
        if fields.means_one_of(&[name]) {
            return;
        }
        let noun = fields.tables[fields.tables.len() - 1].noun;
        let hint = fields.key(name).map(|key| key.doc.to_owned());
        let at = Span { start: fields.span.start, end: fields.span.start };
        self.report_at(Code::MissingKey, at, format!("{noun} needs the key `{name}`"), hint);
    }

    /// The key `type` of a map whose other keys depend on it is not there. Where it is misspelt, that is told.
    pub(crate) fn missing_type(&mut self, node: &Node, noun: &str, types: &[&str]) {
        let misspelt = match &node.value {
            Value::Map(entries) => entries.iter().find(|entry| suggest(&entry.key, ["type"]).is_some()),
            _ => None,
        };
        if let Some(entry) = misspelt {
            let message = format!("{noun} has no key `{}`", entry.key);
            self.report_at(Code::UnknownKey, entry.key_span, message, Some("did you mean `type`?".into()));
            return;
        }
        let hint = format!("it is one of {}", listed(types));
        let at = Span { start: node.span.start, end: node.span.start };
        self.report_at(Code::MissingKey, at, format!("{noun} needs the key `type`"), Some(hint));
    }

    pub(crate) fn wrong_type(&mut self, span: Span, message: &str) {
        self.report_at(Code::WrongType, span, message.to_owned(), None);
    }

    pub(crate) fn report_at(&mut self, code: Code, span: Span, message: String, hint: Option<String>) {
        if !self.is_full() {
            let diagnostic = Diagnostic::new(code, self.source.place(span), message).maybe_hint(hint);
            self.report(diagnostic);
        }
    }

    /// The scalar of an entry; tells where there is none.
    pub(crate) fn scalar<'a>(&mut self, entry: &'a Entry) -> Option<&'a Scalar> {
        self.scalar_of(&entry.value, &entry.key, entry.key_span)
    }

    pub(crate) fn scalar_of<'a>(&mut self, node: &'a Node, name: &str, key_span: Span) -> Option<&'a Scalar> {
        if node.is_null() {
            let rest = self.source.rest_of_line(key_span.end).trim_start_matches([':', ' ', '\t']);
            let hint = if rest.starts_with('#') {
                format!("everything after ` #` is a comment; write `{name}: \"{}\"`", rest.trim_end())
            } else {
                String::from("give it a value or remove the key; `\"\"` is an empty text")
            };
            self.report_at(Code::MissingValue, key_span, format!("`{name}` has no value"), Some(hint));
            return None;
        }
        match &node.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => {
                self.wrong_type(node.span, &format!("`{name}` is a text, not {}", node.noun()));
                None
            }
        }
    }

    /// A text without tags.
    pub(crate) fn plain(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        self.remember(&fields.path(name), entry.value.span, Some(scalar));
        Some(scalar.text.trim().to_owned())
    }

    /// One of the words that the key's table names, in its canonical spelling.
    pub(crate) fn one_of(&mut self, fields: &Fields<'_>, name: &str) -> Option<&'static str> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        self.remember(&fields.path(name), entry.value.span, Some(scalar));
        let Some(Key { shape: Shape::OneOf(words), .. }) = fields.key(name) else { return None };
        let folded = fold_key(&scalar.text);
        let found = words.iter().copied().find(|word| fold_key(word) == folded);
        if found.is_none() {
            self.bad_word(name, &scalar.text, entry.value.span, words);
        }
        found
    }

    pub(crate) fn bad_word(&mut self, name: &str, word: &str, span: Span, words: &[&str]) {
        let hint = did_you_mean(word, words.iter().copied())
            .unwrap_or_else(|| format!("it is one of {}", listed(words)));
        self.report_at(Code::BadValue, span, format!("`{name}` cannot be `{word}`"), Some(hint));
    }

    pub(crate) fn duration_ms(&mut self, fields: &Fields<'_>, name: &str) -> Option<i64> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        let (unit, may_be_negative) = match fields.key(name)?.shape {
            Shape::Duration(unit) => (unit, false),
            Shape::Offset(unit) => (unit, true),
            _ => return None,
        };
        let hint =
            || Some(format!("write `500ms`, `10s`, `5m`, `24h` or `7d`; a bare number is {}", unit.name()));
        match parse_duration_ms(&scalar.text, unit) {
            Ok(ms) if ms >= 0 || may_be_negative => Some(ms),
            Ok(_) => {
                let message = format!("`{name}` cannot be negative");
                self.report_at(Code::BadDuration, entry.value.span, message, None);
                None
            }
            Err(problem) => {
                self.report_at(Code::BadDuration, entry.value.span, format!("`{name}`: {problem}"), hint());
                None
            }
        }
    }

    /// One text or a list of them, without tags.
    pub(crate) fn plains(&mut self, fields: &Fields<'_>, name: &str) -> Vec<String> {
        let Some(entry) = fields.get(name) else { return Vec::new() };
        self.plains_of(&entry.value, entry, &fields.path(name))
    }

    pub(crate) fn plains_of(&mut self, node: &Node, entry: &Entry, path: &str) -> Vec<String> {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        if items.is_empty() {
            self.report_at(Code::MissingValue, node.span, format!("`{}` is an empty list", entry.key), None);
        }
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            // In a list `null` is a word like any other.
            let scalar = match &item.value {
                Value::Scalar(scalar) if !scalar.text.is_empty() => Some(scalar),
                _ => self.scalar_of(item, &entry.key, entry.key_span),
            };
            if let Some(scalar) = scalar {
                self.remember(&format!("{path}.{index}"), item.span, Some(scalar));
                texts.push(scalar.text.clone());
            }
        }
        texts
    }

    /// A text with tags, by the key's shape.
    pub(crate) fn template(&mut self, fields: &Fields<'_>, name: &str) -> Option<Template> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        if let (Some(Key { shape: Shape::Prose, .. }), Some(cut)) = (fields.key(name), &scalar.cut) {
            let hint =
                format!("put the text into quotes: {}: \"{}\"", entry.key, cut.whole.replace('"', "\\\""));
            let message = format!("` #` begins a comment, so `{name}` ends before it");
            self.report_at(Code::CutByComment, cut.comment, message, Some(hint));
        }
        self.template_of(scalar, entry.value.span, &fields.path(name))
    }

    pub(crate) fn template_of(&mut self, scalar: &Scalar, span: Span, path: &str) -> Option<Template> {
        self.remember(path, span, Some(scalar));
        match Field::parse(&scalar.text) {
            Ok(Field::Template(template)) => Some(template),
            Ok(Field::Script(_)) => {
                let hint = "write it with tags: `{{name}}` instead of `${name}`".to_owned();
                let message = "texts in JavaScript (between back-ticks) are not built yet".to_owned();
                self.report_at(Code::NotAvailableYet, span, message, Some(hint));
                None
            }
            Err(error) => {
                self.template_error(scalar, span, &error);
                None
            }
        }
    }

    pub(crate) fn expression(&mut self, fields: &Fields<'_>, name: &str) -> Option<Expression> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        if let Some(cut) = &scalar.cut {
            let message = format!("` #` begins a comment, so `{name}` ends before it");
            let hint = String::from("put the expression into quotes, or the comment on a line of its own");
            self.report_at(Code::CutByComment, cut.comment, message, Some(hint));
        }
        self.remember(&fields.path(name), entry.value.span, Some(scalar));
        match Expression::parse(&scalar.text) {
            Ok(expression) => Some(expression),
            Err(error) => {
                self.template_error(scalar, entry.value.span, &error);
                None
            }
        }
    }

    fn template_error(&mut self, scalar: &Scalar, span: Span, error: &template::ParseError) {
        let at = self.source.within(scalar, span, error.at.offset, error.length);
        let code = if error.message.starts_with("there is no function") {
            Code::UnknownFunction
        } else {
            Code::TemplateSyntax
        };
        self.report_at(code, at, error.message.clone(), error.hint.clone());
    }

    /// The template that stands in for one that is missing or broken, so that loading can go on.
    pub(crate) fn nothing() -> Template {
        Template::parse("").expect("an empty text is a template")
    }
}

/// `a`, `b` and `c`
pub(crate) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
