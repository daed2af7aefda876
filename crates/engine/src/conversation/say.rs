//! Texts with their tags filled in, in the language of the conversation.

use super::HIDDEN;
use super::interview::{Talk, voice};
use super::log::TurnKind;
use super::out::{Out, Utterance};
use super::phrases::{Phrase, wording};
use crate::agent::{Question, Speech};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use template::{Context, Scope, Template};

/// A text that was rendered.
pub(super) struct Rendered {
    pub(super) text: String,
    /// It repeats a sensitive answer, of this conversation or of one before it.
    pub(super) sensitive: bool,
}

impl Talk<'_> {
    /// Says a text that is no question.
    pub(super) fn speak(&mut self, speech: &Speech) {
        let rendered = self.rendered(speech.in_language(&self.conversation.language));
        self.speak_rendered(rendered);
    }

    pub(super) fn speak_phrase(&mut self, phrase: Phrase) {
        if let Some(rendered) = self.phrase(phrase, 0, &Map::new()) {
            self.speak_rendered(rendered);
        }
    }

    pub(super) fn says(mut self, phrase: Phrase) -> Option<Utterance> {
        let rendered = self.phrase(phrase, 0, &Map::new())?;
        Some(self.utterance(rendered, false)).filter(|utterance| !utterance.text.is_empty())
    }

    fn speak_rendered(&mut self, rendered: Rendered) {
        if rendered.text.trim().is_empty() {
            return;
        }
        let utterance = self.utterance(rendered, false);
        if utterance.sensitive {
            self.record(true);
        }
        self.note(TurnKind::Said { text: utterance.shown().to_owned() });
        self.push(Out::Speak(utterance));
    }

    pub(super) fn utterance(&self, rendered: Rendered, interruptible: bool) -> Utterance {
        let language = self.conversation.language.clone();
        let voice = voice(self.agent, &language);
        let text = rendered.text.trim().to_owned();
        Utterance { text, audio: None, language, voice, interruptible, sensitive: rendered.sensitive }
    }

    /// A system phrase: the author's words for it, else ours, of which the later ones are for later times.
    /// Nothing where the language has none.
    pub(super) fn phrase(
        &mut self,
        phrase: Phrase,
        time: u32,
        extra: &Map<String, Value>,
    ) -> Option<Rendered> {
        let own = self.agent.phrases.iter().find(|(name, _)| name == phrase.name());
        let own = own.and_then(|(_, speech)| speech.exactly(&self.conversation.language));
        match own {
            Some(template) => Some(self.rendered_with(template, extra)),
            None => {
                let template = Template::parse(wording(phrase, &self.conversation.language, time)?);
                Some(self.rendered_with(&template.ok()?, extra))
            }
        }
    }

    pub(super) fn rendered(&mut self, template: &Template) -> Rendered {
        self.rendered_with(template, &Map::new())
    }

    /// Renders a text. What is missing leaves a gap and a line in the log: a caller who hears a gap is better
    /// served than one who hears nothing.
    pub(super) fn rendered_with(&mut self, template: &Template, extra: &Map<String, Value>) -> Rendered {
        if let Some(text) = template.literal() {
            return Rendered { text: text.to_owned(), sensitive: false };
        }
        let sensitive = template.variables().iter().any(|used| self.is_sensitive(used));
        let known = Known { talk: self, extra, gap: None };
        let context = self.context();
        let problem = match template.render(&known, &context) {
            Ok(text) => return Rendered { text, sensitive },
            Err(error) => error.message(),
        };
        let gap = Value::String(String::new());
        let lenient = Known { talk: self, extra, gap: Some(&gap) };
        let text = template.render(&lenient, &context).unwrap_or_else(|_| without_tags(template.source()));
        self.note(TurnKind::Problem { code: "render_failed".into(), message: problem });
        Rendered { text, sensitive }
    }

    /// Of an answer of its own, or of what the run was told in confidence before.
    fn is_sensitive(&self, used: &template::Use) -> bool {
        let is_own = self.agent.question(&used.path[0]).is_some_and(|(_, question)| question.sensitive);
        is_own || crate::run::says_secret(&self.conversation.secrets, used)
    }

    pub(super) fn context(&self) -> Context {
        Context {
            now: self.now,
            time_zone: self.time_zone(),
            language: self.conversation.language.clone(),
            region: self.conversation.region.clone(),
            ..Context::default()
        }
    }

    fn time_zone(&self) -> TimeZone {
        let zone = self.conversation.time_zone.as_deref().map(TimeZone::get);
        zone.and_then(Result::ok).unwrap_or(TimeZone::UTC)
    }

    /// The day that it is where the person is.
    pub(super) fn call_date(&self) -> Date {
        self.now.to_zoned(self.time_zone()).date()
    }

    /// A value as it is read out, such as the day of a date.
    pub(super) fn read_out(&mut self, question: &Question, value: &Value) -> Rendered {
        use crate::understand::AnswerType;
        let tag = match (question.kind, value) {
            (AnswerType::Date, _) => "{{spokenDate(answer)}}",
            (AnswerType::Digits, _) => "{{spokenDigits(answer)}}",
            (AnswerType::Phone, _) => "{{spokenPhone(answer)}}",
            (AnswerType::Time, _) => "{{formatTime(answer)}}",
            (AnswerType::YesNo, Value::Bool(_)) => {
                let phrase = if *value == Value::Bool(true) { Phrase::Yes } else { Phrase::No };
                return self
                    .phrase(phrase, 0, &Map::new())
                    .unwrap_or(Rendered { text: value.to_string(), sensitive: false });
            }
            _ => "{{answer}}",
        };
        let extra = Map::from_iter([("answer".to_owned(), value.clone())]);
        let mut rendered = match Template::parse(tag) {
            Ok(template) => self.rendered_with(&template, &extra),
            Err(_) => Rendered { text: HIDDEN.to_owned(), sensitive: false },
        };
        rendered.sensitive = question.sensitive;
        rendered
    }
}

/// What is left of a text that cannot be rendered at all.
fn without_tags(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some((before, tag)) = rest.split_once("{{") {
        text.push_str(before);
        rest = tag.split_once("}}").map_or("", |(_, after)| after);
    }
    text + rest
}

/// What a text may name: answers, variables of the run, and what the phrase itself is about.
struct Known<'k, 'a> {
    talk: &'k Talk<'a>,
    extra: &'k Map<String, Value>,
    /// Stands for whatever is missing or null.
    gap: Option<&'k Value>,
}

impl Scope for Known<'_, '_> {
    fn get(&self, name: &str) -> Option<&Value> {
        let found = self
            .extra
            .get(name)
            .or_else(|| self.talk.answer(name).map(|answer| &answer.value))
            .or_else(|| self.talk.conversation.variables.get(name));
        match (found, self.gap) {
            (Some(value), None) => Some(value),
            (Some(value), Some(_)) if !value.is_null() => Some(value),
            (_, gap) => gap,
        }
    }
}
