//! One question.

use super::top::silence;
use crate::agent::keys::{ANSWER_TYPES, QUESTION};
use crate::agent::{OnMaxRetries, Question, SayOptions, Target};
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Node, Span};
use crate::limits::{QUESTION_RETRIES_MAX, QUESTION_TIMEOUT_MS_MAX};
use crate::understand::AnswerType;
use crate::workflow::load::Loader;
use crate::workflow::load::fields::Fields;
use crate::workflow::load::values::is_variable_name;

/// What `next` and `nextQuestionId` say to come to the end.
pub(super) const END: &str = "end";

const RETRIES: u32 = 2;
const TIMEOUT_MS: i64 = 5_000;

impl Loader<'_> {
    /// The question and what its `next` says.
    pub(super) fn question(&mut self, node: &Node) -> (Question, Option<Target>) {
        let index = self.at_block.unwrap_or_default();
        let mut question = unread(self.block_ids.get(index).cloned().unwrap_or_default());
        question.line = self.source.line(node.span.start);
        self.remember("id", node.span, None);
        let Some(fields) = self.fields(node, &[&QUESTION], "") else { return (question, None) };
        self.question_id(&fields, &question.id);
        question.text = self.speech(&fields, "question").unwrap_or_else(silence);
        question.kind = self.answer_type(&fields);
        question.choices = self.choices(&fields, question.kind);
        question.retries_max =
            self.small_count(&fields, "maxRetries", QUESTION_RETRIES_MAX).unwrap_or(question.retries_max);
        question.on_max_retries = match self.one_of(&fields, "onMaxRetries") {
            Some("end_call") => OnMaxRetries::EndCall,
            Some("transfer") => OnMaxRetries::Transfer,
            _ => OnMaxRetries::Continue,
        };
        self.patience(&fields, &mut question);
        question.required = self.flag(&fields, "required").unwrap_or(false);
        question.retry_prompts = self.speeches(&fields, "retryPrompt");
        question.examples = self.speeches(&fields, "examples");
        question.say_options = match self.one_of(&fields, "sayOptions") {
            Some("first") => SayOptions::First,
            Some("never") => SayOptions::Never,
            _ => SayOptions::Retry,
        };
        question.confirm = self.flag(&fields, "confirm").unwrap_or(false);
        question.confidence_min = self.confidence(&fields);
        question.interruptible = self.flag(&fields, "interruptible").unwrap_or(true);
        question.hints = self.plains(&fields, "hints");
        question.sensitive = self.flag(&fields, "sensitive").unwrap_or(false);
        question.audio = self.template(&fields, "audio");
        self.bounds(&fields, &mut question);
        question.actions = self.actions(&fields);
        let next = self.question_target(&fields, "next");
        (question, next)
    }

    fn question_id(&mut self, fields: &Fields<'_>, id: &str) {
        let Some(entry) = fields.get("id") else { return };
        let Some(scalar) = self.scalar(entry) else { return };
        self.remember("id", entry.value.span, Some(scalar));
        let span = entry.value.span;
        if id == END {
            let message = "no question can be called `end`: that word ends the conversation".to_owned();
            self.report_at(Code::BadName, span, message, None);
        } else if !is_variable_name(id) {
            let hint = "take letters, digits, `_` and `-`, beginning with a letter".to_owned();
            let message = format!("`{id}` cannot name a question, whose answer goes to a variable");
            self.report_at(Code::BadName, span, message, Some(hint));
        }
        if let Some(first) = self.ids.get(id).filter(|first| Some(**first) != self.at_block) {
            let message = format!("the id `{id}` is taken by question {} of the list", first + 1);
            self.report_at(Code::DuplicateId, span, message, None);
        }
    }

    fn answer_type(&mut self, fields: &Fields<'_>) -> AnswerType {
        match self.one_of(fields, "expectedAnswerType") {
            Some(word) => answer_type(word),
            None => AnswerType::Text,
        }
    }

    fn patience(&mut self, fields: &Fields<'_>, question: &mut Question) {
        let Some(ms) = self.positive_duration_ms(fields, "timeout") else { return };
        if !(1_000..=QUESTION_TIMEOUT_MS_MAX).contains(&ms) {
            let span = fields.get("timeout").map_or(fields.span, |entry| entry.value.span);
            let message = format!("`timeout` is from 1 to {} s", QUESTION_TIMEOUT_MS_MAX / 1_000);
            self.report_at(Code::BadDuration, span, message, None);
        }
        question.timeout_ms = ms;
    }

    fn confidence(&mut self, fields: &Fields<'_>) -> f64 {
        let Some(confidence) = self.real(fields, "minConfidence") else { return 0.0 };
        if !(0.0..=1.0).contains(&confidence) {
            let span = fields.get("minConfidence").map_or(fields.span, |entry| entry.value.span);
            self.report_at(Code::BadValue, span, "`minConfidence` is from 0 to 1".into(), None);
        }
        confidence
    }

    fn bounds(&mut self, fields: &Fields<'_>, question: &mut Question) {
        question.min = self.real(fields, "min");
        question.max = self.real(fields, "max");
        let counts = question.kind == AnswerType::Digits;
        for (name, bound) in [("min", question.min), ("max", question.max)] {
            let Some(entry) = fields.get(name) else { continue };
            if !counts && question.kind != AnswerType::Number {
                let message = format!("`{name}` goes with `number` and `digits` alone");
                self.report_at(Code::BadValue, entry.key_span, message, Some("remove it".into()));
            } else if counts && bound.is_some_and(|bound| bound < 1.0 || bound.fract() != 0.0) {
                let message = format!("`{name}` says how many digits there are: a whole number from 1");
                self.report_at(Code::BadValue, entry.value.span, message, None);
            }
        }
        if let (Some(min), Some(max), Some(entry)) = (question.min, question.max, fields.get("max"))
            && min > max
        {
            self.report_at(Code::BadValue, entry.value.span, "`max` is less than `min`".into(), None);
        }
    }

    pub(super) fn question_target(&mut self, fields: &Fields<'_>, name: &str) -> Option<Target> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        self.remember(&fields.path(name), entry.value.span, Some(scalar));
        let id = scalar.text.trim();
        if let Some(index) = self.ids.get(id) {
            return Some(Target::Question(*index));
        }
        if id == END {
            return Some(Target::End);
        }
        let hint = "add a question of that id, or write `end`";
        self.missing_question(id, entry.value.span, hint);
        None
    }

    pub(super) fn missing_question(&mut self, id: &str, span: Span, otherwise: &str) {
        if self.is_full() {
            return;
        }
        let known = self.ids.keys().map(String::as_str).chain([END]);
        let hint = did_you_mean(id, known).unwrap_or_else(|| otherwise.to_owned());
        self.report_at(Code::MissingQuestion, span, format!("there is no question `{id}`"), Some(hint));
    }

    pub(super) fn flag(&mut self, fields: &Fields<'_>, name: &str) -> Option<bool> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        self.remember(&fields.path(name), entry.value.span, Some(scalar));
        match scalar.text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            other => {
                let message = format!("`{name}` cannot be `{other}`");
                self.report_at(
                    Code::BadValue,
                    entry.value.span,
                    message,
                    Some("it is `true` or `false`".into()),
                );
                None
            }
        }
    }

    /// A whole number from 0 to `most`.
    pub(super) fn small_count(&mut self, fields: &Fields<'_>, name: &str, most: u32) -> Option<u32> {
        let entry = fields.get(name)?;
        let text = self.scalar(entry)?.text.trim().to_owned();
        let span = entry.value.span;
        self.remember(&fields.path(name), span, None);
        match text.parse::<u64>() {
            Ok(count) if count <= u64::from(most) => u32::try_from(count).ok(),
            Ok(_) => {
                let message = format!("`{name}` is {text}; it is at most {most}");
                self.report_at(Code::LimitReached, span, message, None);
                None
            }
            Err(_) => {
                let message = format!("`{name}` is a whole number from 0, not `{text}`");
                self.report_at(Code::BadValue, span, message, None);
                None
            }
        }
    }

    pub(super) fn real(&mut self, fields: &Fields<'_>, name: &str) -> Option<f64> {
        let entry = fields.get(name)?;
        let text = self.scalar(entry)?.text.trim().to_owned();
        self.remember(&fields.path(name), entry.value.span, None);
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            let message = format!("`{name}` is a number, not `{text}`");
            self.report_at(Code::BadValue, entry.value.span, message, None);
        }
        number
    }

    pub(super) fn positive_duration_ms(&mut self, fields: &Fields<'_>, name: &str) -> Option<i64> {
        let ms = self.duration_ms(fields, name)?;
        let entry = fields.get(name)?;
        self.remember(&fields.path(name), entry.value.span, None);
        if ms == 0 {
            self.report_at(Code::BadDuration, entry.value.span, format!("`{name}` cannot be nothing"), None);
            return None;
        }
        Some(ms)
    }
}

/// A question with all defaults.
fn unread(id: String) -> Question {
    Question {
        id,
        text: silence(),
        kind: AnswerType::Text,
        choices: Vec::new(),
        retries_max: RETRIES,
        on_max_retries: OnMaxRetries::default(),
        timeout_ms: TIMEOUT_MS,
        required: false,
        retry_prompts: Vec::new(),
        examples: Vec::new(),
        say_options: SayOptions::default(),
        confirm: false,
        confidence_min: 0.0,
        interruptible: true,
        hints: Vec::new(),
        sensitive: false,
        audio: None,
        min: None,
        max: None,
        actions: Vec::new(),
        next: Target::End,
        line: 0,
    }
}

/// By its spelling under `expectedAnswerType`.
fn answer_type(word: &str) -> AnswerType {
    const TYPES: [AnswerType; 9] = [
        AnswerType::Text,
        AnswerType::Number,
        AnswerType::YesNo,
        AnswerType::MultipleChoice,
        AnswerType::Date,
        AnswerType::Time,
        AnswerType::Phone,
        AnswerType::Email,
        AnswerType::Digits,
    ];
    let index = ANSWER_TYPES.iter().position(|known| *known == word);
    index.map_or(AnswerType::Text, |index| TYPES[index])
}
