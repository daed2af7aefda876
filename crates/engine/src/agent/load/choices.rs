//! What there is to choose from.

use crate::agent::keys::CHOICE;
use crate::diagnostic::Code;
use crate::document::{Node, Span, Value};
use crate::limits::CHOICES_MAX;
use crate::understand::{AnswerType, Choice};
use crate::words::same_words;
use crate::workflow::load::Loader;
use crate::workflow::load::fields::Fields;

impl Loader<'_> {
    pub(super) fn choices(&mut self, fields: &Fields<'_>, kind: AnswerType) -> Vec<Choice> {
        let Some(entry) = fields.get("choices") else {
            if kind == AnswerType::MultipleChoice {
                self.missing_key(fields, "choices");
            }
            return Vec::new();
        };
        if kind != AnswerType::MultipleChoice {
            let hint = "set `expectedAnswerType: multiple_choice`, or remove them".to_owned();
            let message = "`choices` go with `multiple_choice` alone".to_owned();
            self.report_at(Code::BadValue, entry.key_span, message, Some(hint));
        }
        let Value::List(items) = &entry.value.value else {
            let message = format!("`choices` is a list, not {}", entry.value.noun());
            self.wrong_type(entry.value.span, &message);
            return Vec::new();
        };
        if items.is_empty() {
            let message = "`choices` is empty: there is nothing to choose from".to_owned();
            self.report_at(Code::MissingValue, entry.value.span, message, None);
        }
        if items.len() > CHOICES_MAX {
            let message = format!("there are {} choices; a question has at most {CHOICES_MAX}", items.len());
            self.report_at(Code::LimitReached, entry.key_span, message, None);
            return Vec::new();
        }
        let mut choices: Vec<(Choice, Span)> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let Some(choice) = self.choice(item, index, entry.key_span) else { continue };
            self.taken_before(&choice, item.span, &choices);
            choices.push((choice, item.span));
        }
        choices.into_iter().map(|(choice, _)| choice).collect()
    }

    fn choice(&mut self, item: &Node, index: usize, key_span: Span) -> Option<Choice> {
        let path = format!("choices.{index}");
        if !matches!(item.value, Value::Map(_)) {
            let scalar = self.scalar_of(item, "choices", key_span)?;
            self.remember(&path, item.span, Some(scalar));
            let value = scalar.text.trim().to_owned();
            return Some(Choice { value, key: None, synonyms: Vec::new() });
        }
        self.remember(&path, item.span, None);
        let fields = self.fields(item, &[&CHOICE], &format!("{path}."))?;
        let value = self.plain(&fields, "value")?;
        let key = self.plain(&fields, "key");
        if let (Some(key), Some(entry)) = (&key, fields.get("key"))
            && (key.is_empty() || key.len() > 2 || !key.bytes().all(|b| b.is_ascii_digit()))
        {
            let hint = "`*` repeats the question and `#` skips it".to_owned();
            let message = format!("`key` is one or two digits, not `{key}`");
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
        }
        Some(Choice { value, key, synonyms: self.plains(&fields, "synonyms") })
    }

    /// The same name, word or key for two choices makes one of them impossible.
    fn taken_before(&mut self, choice: &Choice, span: Span, before: &[(Choice, Span)]) {
        for (index, (other, _)) in before.iter().enumerate() {
            let names = |choice: &Choice| -> Vec<String> {
                std::iter::once(&choice.value).chain(&choice.synonyms).cloned().collect()
            };
            let same = names(choice).into_iter().find(|a| names(other).iter().any(|b| same_words(a, b)));
            if let Some(name) = same {
                let message = format!("`{name}` stands for the choice `{}` already", other.value);
                self.report_at(
                    Code::DuplicateId,
                    span,
                    message,
                    Some("give each choice words of its own".into()),
                );
                return;
            }
            let key = key_of(choice, before.len());
            if key == key_of(other, index) {
                let message = format!("the key `{key}` chooses `{}` already", other.value);
                self.report_at(
                    Code::DuplicateId,
                    span,
                    message,
                    Some("give each choice a key of its own".into()),
                );
                return;
            }
        }
    }
}

/// The key that chooses it: its own, else its place in the list.
fn key_of(choice: &Choice, index: usize) -> String {
    choice.key.clone().unwrap_or_else(|| (index + 1).to_string())
}
