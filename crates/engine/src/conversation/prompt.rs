//! How a question is put: its words, what is added when it is put again, and how the answer is to be taken.

use super::Conversation;
use super::event::Medium;
use super::interview::Talk;
use super::out::{Input, Keys, Profanity, SpeechModel, Stage, Utterance};
use super::phrases::{Phrase, or};
use super::say::Rendered;
use crate::agent::{Question, SayOptions, Speech};
use crate::limits::{HINT_CHARACTERS_MAX, HINTS_MAX};
use crate::understand::AnswerType;
use serde_json::{Map, Value};

/// How long a pause ends a short answer, and one of sentences.
const SHORT_PAUSE_MS: i64 = 1_000;
const LONG_PAUSE_MS: i64 = 2_000;
/// Most choices that are told by their keys, and that one key can tell apart.
pub(super) const ONE_KEY_CHOICES_MAX: usize = 9;

/// How a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    First,
    /// As it was, because the person wants to hear it again.
    Repeated,
    Again {
        why: Why,
        /// From 0.
        retry: u32,
    },
}

/// Why a question is put again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Silence,
    NotUnderstood,
    Noise,
    OutOfRange,
    /// It cannot be skipped.
    Required,
    /// The answer that was read back is not the right one.
    NotConfirmed,
    /// An action of the author's asks for it, and said so.
    Demanded,
}

impl Why {
    fn phrase(self) -> Option<Phrase> {
        Some(match self {
            Why::Silence => Phrase::NoAnswer,
            Why::NotUnderstood => Phrase::NotUnderstood,
            Why::Noise => Phrase::Unclear,
            Why::OutOfRange => Phrase::OutOfRange,
            Why::Required => Phrase::Required,
            Why::NotConfirmed => Phrase::NotConfirmed,
            Why::Demanded => return None,
        })
    }
}

/// Gathers what is said of one question.
struct Prompt<'p, 'a> {
    talk: &'p mut Talk<'a>,
    question: &'p Question,
    said: Vec<Utterance>,
}

impl Talk<'_> {
    pub(super) fn prompt(&mut self, question: &Question, manner: Manner) -> Vec<Utterance> {
        let announces = self.agent.announce_keys && self.conversation.medium == Medium::Voice;
        let is_opening = self.interview.path.is_empty() && self.interview.answers.is_empty();
        let mut prompt = Prompt { talk: self, question, said: Vec::new() };
        match manner {
            Manner::First | Manner::Repeated => {
                prompt.words();
                if question.say_options == SayOptions::First {
                    prompt.options();
                }
                if announces {
                    prompt.keys();
                    if is_opening && manner == Manner::First {
                        prompt.add_phrase(Phrase::Navigation, 0, &[]);
                    }
                }
            }
            Manner::Again { why, retry } => {
                prompt.again(why, retry);
                if announces || why == Why::Noise && prompt.talk.conversation.medium == Medium::Voice {
                    prompt.keys();
                }
            }
        }
        prompt.said
    }

    /// The read-back of the answer that has to be confirmed.
    pub(super) fn confirmation(&mut self, question: &Question) -> Vec<Utterance> {
        let pending = self.interview.asking.as_ref().and_then(|asking| asking.confirming.as_ref());
        let (value, attempt) =
            pending.map_or((Value::Null, 1), |pending| (pending.value.clone(), pending.attempt));
        let announces = self.agent.announce_keys && self.conversation.medium == Medium::Voice;
        let answer = self.read_out(question, &value);
        let extra = Map::from_iter([("answer".to_owned(), Value::String(answer.text))]);
        let mut said = Vec::new();
        if let Some(mut rendered) = self.phrase(Phrase::Confirm, attempt - 1, &extra) {
            rendered.sensitive |= question.sensitive;
            said.push(self.utterance(rendered, question.interruptible));
        }
        if announces || attempt > 1 {
            let how = if announces { Phrase::PressYesNo } else { Phrase::YesOrNo };
            let rendered = self.phrase(how, 0, &Map::new());
            said.extend(rendered.map(|rendered| self.utterance(rendered, question.interruptible)));
        }
        said
    }
}

impl Prompt<'_, '_> {
    /// The question itself, or its recording.
    fn words(&mut self) {
        let text = self.question.text.in_language(&self.talk.conversation.language);
        let rendered = self.talk.rendered(text);
        let mut utterance = self.talk.utterance(rendered, self.question.interruptible);
        if let Some(audio) = &self.question.audio {
            let address = self.talk.rendered(audio).text.trim().to_owned();
            utterance.audio = (!address.is_empty()).then_some(address);
        }
        if !utterance.text.is_empty() || utterance.audio.is_some() {
            self.said.push(utterance);
        }
    }

    fn again(&mut self, why: Why, retry: u32) {
        let prompts = &self.question.retry_prompts;
        let index = usize::try_from(retry).unwrap_or(usize::MAX).min(prompts.len().saturating_sub(1));
        // What is special about this time is said in any case; the author's words tell the rest.
        let is_special = matches!(why, Why::OutOfRange | Why::Required | Why::NotConfirmed | Why::Noise);
        match prompts.get(index) {
            Some(own) => {
                if is_special {
                    self.reason(why, retry);
                }
                self.speech(own);
            }
            None => {
                self.reason(why, retry);
                self.words();
            }
        }
        match self.question.kind {
            AnswerType::YesNo if prompts.is_empty() => self.add_phrase(Phrase::YesOrNo, 0, &[]),
            AnswerType::MultipleChoice if self.question.say_options != SayOptions::Never => self.options(),
            _ => {}
        }
        self.examples();
    }

    fn reason(&mut self, why: Why, retry: u32) {
        let Some(phrase) = why.phrase() else { return };
        let bound = |bound: Option<f64>| bound.map_or(String::new(), |bound| bound.to_string());
        let (min, max) = (bound(self.question.min), bound(self.question.max));
        let phrase = match (phrase, min.is_empty(), max.is_empty(), self.question.kind) {
            (Phrase::OutOfRange, _, _, AnswerType::Digits) => Phrase::WrongLength,
            (Phrase::OutOfRange, true, _, _) => Phrase::AtMost,
            (Phrase::OutOfRange, _, true, _) => Phrase::AtLeast,
            _ => phrase,
        };
        self.add_phrase(phrase, retry, &[("min", min), ("max", max)]);
    }

    fn options(&mut self) {
        let names: Vec<&str> = self.question.choices.iter().map(|choice| choice.value.as_str()).collect();
        if !names.is_empty() {
            let options = listed(&names, or(&self.talk.conversation.language));
            self.add_phrase(Phrase::Options, 0, &[("options", options)]);
        }
    }

    fn examples(&mut self) {
        let language = self.talk.conversation.language.clone();
        let rendered: Vec<Rendered> = self
            .question
            .examples
            .iter()
            .map(|example| self.talk.rendered(example.in_language(&language)))
            .collect();
        if !rendered.is_empty() {
            let texts: Vec<&str> = rendered.iter().map(|example| example.text.trim()).collect();
            let examples = listed(&texts, or(&language));
            self.add_phrase(Phrase::Examples, 0, &[("examples", examples)]);
        }
    }

    /// Which keys answer.
    fn keys(&mut self) {
        match self.question.kind {
            AnswerType::YesNo => self.add_phrase(Phrase::PressYesNo, 0, &[]),
            AnswerType::MultipleChoice if self.question.choices.len() <= ONE_KEY_CHOICES_MAX => {
                self.choice_keys()
            }
            AnswerType::Number
            | AnswerType::Date
            | AnswerType::Time
            | AnswerType::Phone
            | AnswerType::Digits => {
                self.add_phrase(Phrase::TypeIt, 0, &[]);
            }
            AnswerType::MultipleChoice | AnswerType::Text | AnswerType::Email => {}
        }
    }

    fn choice_keys(&mut self) {
        let pressed: Vec<String> = self
            .question
            .choices
            .iter()
            .enumerate()
            .filter_map(|(index, choice)| {
                let key = choice.key.clone().unwrap_or_else(|| (index + 1).to_string());
                let extra = [("key", key), ("choice", choice.value.clone())];
                self.talk.phrase(Phrase::PressChoice, 0, &variables(&extra)).map(|rendered| rendered.text)
            })
            .collect();
        if !pressed.is_empty() {
            self.add_phrase(Phrase::PressChoices, 0, &[("presses", pressed.join(", "))]);
        }
    }

    fn speech(&mut self, speech: &Speech) {
        let rendered = self.talk.rendered(speech.in_language(&self.talk.conversation.language));
        let utterance = self.talk.utterance(rendered, self.question.interruptible);
        if !utterance.text.is_empty() {
            self.said.push(utterance);
        }
    }

    fn add_phrase(&mut self, phrase: Phrase, time: u32, extra: &[(&str, String)]) {
        if let Some(rendered) = self.talk.phrase(phrase, time, &variables(extra)) {
            let utterance = self.talk.utterance(rendered, self.question.interruptible);
            self.said.push(utterance);
        }
    }
}

fn variables(extra: &[(&str, String)]) -> Map<String, Value> {
    extra.iter().map(|(name, value)| ((*name).to_owned(), Value::String(value.clone()))).collect()
}

/// `a, b or c`
fn listed(names: &[&str], or: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} {or} {last}", rest.join(", ")),
    }
}

/// How the answer is taken by voice.
pub(super) fn input(question: &Question, stage: Stage, conversation: &Conversation) -> Input {
    let kind = match stage {
        Stage::Answer => question.kind,
        Stage::Confirmation => AnswerType::YesNo,
    };
    let speaks_long = matches!(kind, AnswerType::Text | AnswerType::Email);
    Input {
        kind,
        keys: keys(question, stage),
        hints: if stage == Stage::Answer { hints(question) } else { Vec::new() },
        model: if speaks_long { SpeechModel::Conversation } else { SpeechModel::ShortAnswers },
        timeout_ms: question.timeout_ms,
        speech_timeout_ms: pause_ms(kind),
        language: conversation.language.clone(),
        interruptible: question.interruptible,
        profanity: Profanity::Unmasked,
        sensitive: question.sensitive,
    }
}

/// People pause inside of sentences, and between the groups of a long number.
fn pause_ms(kind: AnswerType) -> i64 {
    match kind {
        AnswerType::YesNo | AnswerType::MultipleChoice | AnswerType::Number | AnswerType::Time => {
            SHORT_PAUSE_MS
        }
        AnswerType::Text | AnswerType::Date | AnswerType::Phone | AnswerType::Email | AnswerType::Digits => {
            LONG_PAUSE_MS
        }
    }
}

fn keys(question: &Question, stage: Stage) -> Keys {
    let is_single = |key: &Option<String>| key.as_ref().is_none_or(|key| key.chars().count() == 1);
    match question.kind {
        _ if stage == Stage::Confirmation => Keys::One,
        // Sentences cannot be typed: of the keys only `*` and `#` mean something, and act at once.
        AnswerType::YesNo | AnswerType::Text | AnswerType::Email => Keys::One,
        AnswerType::MultipleChoice
            if question.choices.len() <= ONE_KEY_CHOICES_MAX
                && question.choices.iter().all(|choice| is_single(&choice.key)) =>
        {
            Keys::One
        }
        AnswerType::Digits => Keys::Several { max: digits_max(question) },
        _ => Keys::Several { max: None },
    }
}

/// Where the number of digits is known, the last of them finishes.
fn digits_max(question: &Question) -> Option<u32> {
    let max = question.max.filter(|max| question.min == Some(*max))?;
    (1..=64).find(|count| f64::from(*count) == max)
}

/// The author's hints, then the choices and their other words.
fn hints(question: &Question) -> Vec<String> {
    let choices =
        question.choices.iter().flat_map(|choice| std::iter::once(&choice.value).chain(&choice.synonyms));
    let mut hints: Vec<String> = Vec::new();
    for hint in question.hints.iter().chain(choices) {
        // A comma would part it into two.
        let hint = hint.replace(',', " ");
        let fits = !hint.trim().is_empty() && hint.chars().count() <= HINT_CHARACTERS_MAX;
        if fits && hints.len() < HINTS_MAX && !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    hints
}
