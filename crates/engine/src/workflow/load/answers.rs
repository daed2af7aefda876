//! `waitForReply`: what is an answer, and which outcome it is.

use super::Loader;
use super::fields::Fields;
use crate::diagnostic::Code;
use crate::document::{Entry, Value, fold_key};
use crate::workflow::keys::ANSWER;
use crate::workflow::{Accepts, Answer, WaitForReply};

/// Size of a compiled pattern, in bytes: a pattern that needs more is refused.
pub(crate) const PATTERN_BYTES_MAX: usize = 256 * 1024;

impl Loader<'_> {
    pub(super) fn wait_for_reply(&mut self, fields: &Fields<'_>) -> WaitForReply {
        WaitForReply { timeout_ms: self.duration_ms(fields, "timeout"), answers: self.answers(fields) }
    }

    fn answers(&mut self, fields: &Fields<'_>) -> Vec<Answer> {
        let Some(entry) = fields.get("answers") else { return Vec::new() };
        let named = |outcome: &str, accepts| Answer { outcome: outcome.into(), accepts };
        match &entry.value.value {
            Value::Map(entries) => entries.iter().filter_map(|entry| self.answer(entry)).collect(),
            Value::Scalar(scalar) if fold_key(&scalar.text) == "yesno" => {
                vec![named("yes", Accepts::Yes), named("no", Accepts::No)]
            }
            Value::Scalar(scalar) if fold_key(&scalar.text) == "number" => {
                vec![named("number", Accepts::Number)]
            }
            _ => {
                let hint = "write `yes_no`, `number`, or outcomes with their words: `{confirmed: [yes, ok]}`";
                let message = "`answers` is none of what it can be".to_owned();
                self.report_at(Code::WrongType, entry.value.span, message, Some(hint.into()));
                Vec::new()
            }
        }
    }

    fn answer(&mut self, entry: &Entry) -> Option<Answer> {
        let outcome = entry.key.trim().to_owned();
        let path = format!("answers.{outcome}");
        self.remember(&path, entry.key_span, None);
        let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if !outcome.chars().all(is_plain) {
            let hint = "take letters, digits, `_` and `-`".to_owned();
            self.report_at(
                Code::BadName,
                entry.key_span,
                format!("`{outcome}` cannot name an outcome"),
                Some(hint),
            );
        } else if matches!(outcome.as_str(), "timeout" | "opted_out" | "other" | "failed") {
            let message = format!("`{outcome}` is an outcome of its own and cannot name an answer");
            self.report_at(Code::BadName, entry.key_span, message, None);
        }
        let accepts = match &entry.value.value {
            Value::Map(_) => {
                let fields = self.fields(&entry.value, &[&ANSWER], &format!("{path}."))?;
                self.accepts(&fields)?
            }
            _ => Accepts::Words(self.plains_of(&entry.value, entry, &path)),
        };
        Some(Answer { outcome, accepts })
    }

    fn accepts(&mut self, fields: &Fields<'_>) -> Option<Accepts> {
        let stated = self.one_of(fields, "type");
        let implied = [("words", "words"), ("choices", "choice"), ("pattern", "pattern")]
            .into_iter()
            .filter(|(key, _)| fields.get(key).is_some())
            .collect::<Vec<_>>();
        let kind = match (stated, implied.as_slice()) {
            (Some(kind), [(key, of)]) if kind != *of => {
                let span = fields.get(key).map_or(fields.span, |entry| entry.key_span);
                let message = format!("`{key}` does not go with `type: {kind}`");
                self.report_at(Code::BadValue, span, message, None);
                return None;
            }
            (Some(kind), [] | [_]) => kind,
            (None, [(_, kind)]) => kind,
            (None, []) => {
                let names = ["words", "choices", "pattern", "type"];
                if fields.get("type").is_none() && !fields.means_one_of(&names) {
                    let message = "an answer needs `words`, `choices`, `pattern` or a `type`".to_owned();
                    self.report_at(Code::MissingKey, fields.span, message, None);
                }
                return None;
            }
            (_, [_, (key, _), ..]) => {
                let span = fields.get(key).map_or(fields.span, |entry| entry.key_span);
                let message = "an answer is told by one of `words`, `choices` and `pattern`".to_owned();
                self.report_at(Code::BadValue, span, message, Some("make two answers of it".into()));
                return None;
            }
        };
        let needed = match kind {
            "words" => "words",
            "choice" => "choices",
            "pattern" => "pattern",
            "yes" => return Some(Accepts::Yes),
            "no" => return Some(Accepts::No),
            _ => return Some(Accepts::Number),
        };
        if fields.get(needed).is_none() {
            self.missing_key(fields, needed);
            return None;
        }
        match kind {
            "words" => Some(Accepts::Words(self.plains(fields, "words"))),
            "choice" => Some(Accepts::Choice(self.plains(fields, "choices"))),
            _ => self.pattern(fields),
        }
    }

    fn pattern(&mut self, fields: &Fields<'_>) -> Option<Accepts> {
        let pattern = self.plain(fields, "pattern")?;
        match regex::RegexBuilder::new(&pattern).size_limit(PATTERN_BYTES_MAX).build() {
            Ok(regex) => Some(Accepts::Pattern(regex)),
            Err(error) => {
                let span = fields.get("pattern").map_or(fields.span, |entry| entry.value.span);
                self.report_at(Code::BadPattern, span, pattern_problem(&error), None);
                None
            }
        }
    }
}

/// The last line of the compiler's report says what is wrong; the lines before draw the place.
pub(crate) fn pattern_problem(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    format!("this is no regular expression: {}", last.trim_start_matches("error: "))
}
