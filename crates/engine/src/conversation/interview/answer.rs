//! What becomes of what a person said.

use super::ask::Wish;
use super::{Asking, Pending, Spoken, Talk};
use crate::agent::{Question, QuestionAgent};
use crate::conversation::condition::Compared;
use crate::conversation::event::{Medium, What};
use crate::conversation::log::TurnKind;
use crate::conversation::phrases::asks_to_repeat;
use crate::conversation::prompt::Why;
use crate::conversation::results::{Answer, How};
use crate::understand::{AnswerType, Asked, Heard, Understanding, understand};
use crate::words::same_words;
use serde_json::Value;

/// A result below this part of the confidence that is asked for is taken for noise.
const NOISE_PART: f64 = 0.5;

impl Talk<'_> {
    /// Takes speech, keys, a text or silence as an answer to the open question.
    pub(super) fn answered(&mut self, what: What) {
        let Some((_, question)) = self.open_question() else { return };
        let spoken = Spoken::of(what);
        self.note(TurnKind::Heard {
            question: question.id.clone(),
            words: spoken.words.clone().filter(|_| !question.sensitive),
            keys: spoken.keys.clone().filter(|_| !question.sensitive),
            confidence: spoken.confidence,
            sensitive: question.sensitive && (spoken.words.is_some() || spoken.keys.is_some()),
        });
        match spoken.keys.as_deref() {
            Some("#") => return self.skip(question),
            Some(keys) if keys.starts_with('*') => return self.star(question),
            _ => {}
        }
        let pending = self.interview.asking.as_mut().and_then(|asking| asking.confirming.take());
        match pending {
            Some(pending) => self.confirmed(question, pending, spoken),
            None => self.take(question, spoken),
        }
    }

    fn take(&mut self, question: &Question, spoken: Spoken) {
        if spoken.is_silence() {
            return self.failed(question, Why::Silence, &spoken);
        }
        if self.is_noise(question, &spoken) {
            return self.noise(question, &spoken);
        }
        if self.wants_repeat(question, &spoken) {
            return self.repeat(question, Wish::InWords);
        }
        match self.understand(question, question.kind, &spoken) {
            Understanding::Value { value, why } => {
                self.note_understood(question, &value, &why);
                if !is_within(question, &value) {
                    return self.failed(question, Why::OutOfRange, &spoken);
                }
                let is_unsure = spoken.confidence.is_some_and(|sure| sure < question.confidence_min);
                // What is secret is not written into a text to be confirmed.
                let is_read_back = !(question.sensitive && self.conversation.medium == Medium::Text);
                if is_read_back && (question.confirm || is_unsure) {
                    self.confirm(question, Pending::of(question, value, spoken));
                } else {
                    self.accept(question, value, spoken);
                }
            }
            Understanding::AskAgain { why } => {
                let by_words = Compared::words_alone(question, spoken.words.as_deref());
                if let Some(action) = self.first_action(question, &by_words) {
                    self.leave(question, Value::Null, spoken, How::ByWords);
                    return self.act(question, action);
                }
                let why = if question.sensitive { Vec::new() } else { why };
                self.note(TurnKind::NotUnderstood { question: question.id.clone(), why });
                self.failed(question, Why::NotUnderstood, &spoken);
            }
        }
    }

    /// No words, or hardly any certainty of them. What is written has no noise: an emoji is an answer to be read.
    fn is_noise(&self, question: &Question, spoken: &Spoken) -> bool {
        if spoken.keys.is_some() || self.conversation.medium == Medium::Text {
            return false;
        }
        let is_wordless =
            spoken.words.as_ref().is_some_and(|words| !words.chars().any(char::is_alphanumeric));
        let is_unsure = spoken.confidence.is_some_and(|sure| sure < question.confidence_min * NOISE_PART);
        is_wordless || is_unsure
    }

    /// The person asks to hear the question again, by voice, in words that are no answer to it.
    fn wants_repeat(&self, question: &Question, spoken: &Spoken) -> bool {
        let is_named = |words: &str| question.choices.iter().any(|choice| same_words(&choice.value, words));
        self.conversation.medium == Medium::Voice
            && spoken
                .words
                .as_deref()
                .is_some_and(|words| asks_to_repeat(words, &self.conversation.language) && !is_named(words))
    }

    pub(super) fn understand(&self, question: &Question, kind: AnswerType, spoken: &Spoken) -> Understanding {
        let text = question.text.in_language(&self.conversation.language);
        let asked = Asked {
            kind,
            choices: &question.choices,
            language: &self.conversation.language,
            region: self.conversation.region.as_deref(),
            call_date: self.call_date(),
            question: text.literal(),
        };
        let heard = Heard {
            words: spoken.words.as_deref().unwrap_or_default(),
            digits: spoken.keys.as_deref(),
            confidence: spoken.confidence,
        };
        understand(&asked, &heard)
    }

    fn note_understood(&mut self, question: &Question, value: &Value, why: &[String]) {
        let sensitive = question.sensitive;
        let (value, why) = if sensitive { (Value::Null, Vec::new()) } else { (value.clone(), why.to_vec()) };
        self.note(TurnKind::Understood { question: question.id.clone(), value, why, sensitive });
    }

    fn confirm(&mut self, question: &Question, pending: Pending) {
        if let Some(asking) = &mut self.interview.asking {
            asking.confirming = Some(pending);
            asking.repeated = false;
        }
        self.ask_to_confirm(question);
    }

    /// Takes what was said to an answer that was read back.
    fn confirmed(&mut self, question: &Question, pending: Pending, spoken: Spoken) {
        let yes_no = self.understand(question, AnswerType::YesNo, &spoken);
        match yes_no {
            Understanding::Value { value: Value::Bool(true), .. } => {
                let Pending { value, spoken, .. } = pending;
                self.accept(question, value, spoken)
            }
            understanding => {
                if let Some(value) = self.corrected(question, &pending, &spoken) {
                    self.note_understood(question, &value, &[]);
                    return self.confirm(question, Pending::of(question, value, spoken));
                }
                if matches!(understanding, Understanding::Value { .. }) {
                    return self.failed(question, Why::NotConfirmed, &spoken);
                }
                if pending.attempt > question.retries_max {
                    return self.failed(question, Why::NotConfirmed, &spoken);
                }
                let attempt = pending.attempt + 1;
                self.confirm(question, Pending { attempt, ..pending });
            }
        }
    }

    /// Another value that was given instead: `no, fifteen`. A text cannot be told from a yes or no.
    fn corrected(&self, question: &Question, pending: &Pending, spoken: &Spoken) -> Option<Value> {
        if matches!(question.kind, AnswerType::Text | AnswerType::YesNo) || spoken.keys.is_some() {
            return None;
        }
        if spoken.is_silence() || self.is_noise(question, spoken) {
            return None;
        }
        match self.understand(question, question.kind, spoken) {
            Understanding::Value { value, .. } if value != pending.value && is_within(question, &value) => {
                Some(value)
            }
            _ => None,
        }
    }

    fn accept(&mut self, question: &Question, value: Value, spoken: Spoken) {
        self.leave(question, value, spoken, How::Answered);
        self.follow(question);
    }

    /// Keeps what is known of a question.
    fn leave(&mut self, question: &Question, value: Value, spoken: Spoken, how: How) {
        let attempts = self.interview.asking.as_ref().map_or(1, |asking| asking.attempt);
        let id = question.id.clone();
        let kind = match how {
            How::Answered | How::ByWords => {
                let sensitive = question.sensitive;
                let value = if sensitive { Value::Null } else { value.clone() };
                TurnKind::Answered { question: id.clone(), value, attempts, sensitive }
            }
            How::Skipped => TurnKind::Skipped { question: id.clone() },
            How::GivenUp => TurnKind::GivenUp { question: id.clone(), attempts },
        };
        self.note(kind);
        self.interview.answers.retain(|answer| answer.question != id);
        let Spoken { words, keys, confidence } = spoken;
        let sensitive = question.sensitive;
        self.interview.answers.push(Answer {
            question: id,
            value,
            heard: words,
            keys,
            confidence,
            attempts,
            how,
            sensitive,
        });
    }

    /// `*`: the question once more; pressed again, the question before it.
    fn star(&mut self, question: &Question) {
        let was_repeated = self.interview.asking.as_ref().is_some_and(|asking| asking.repeated);
        if was_repeated && self.interview.path.last().is_some() {
            self.go_back()
        } else {
            self.repeat(question, Wish::ByKey)
        }
    }

    /// `#` alone.
    fn skip(&mut self, question: &Question) {
        if question.required {
            let spoken = Spoken { keys: Some("#".into()), ..Spoken::default() };
            return self.failed(question, Why::Required, &spoken);
        }
        let keys = Some("#".to_owned());
        self.leave(question, Value::Null, Spoken { keys, ..Spoken::default() }, How::Skipped);
        self.follow(question);
    }

    /// No words, or hardly any certainty: asked again in other words, the first time at no cost.
    fn noise(&mut self, question: &Question, spoken: &Spoken) {
        let why = vec!["There were no words, or the recogniser was very unsure of them.".to_owned()];
        self.note(TurnKind::NotUnderstood { question: question.id.clone(), why });
        match &mut self.interview.asking {
            Some(asking) if !asking.noise_forgiven => {
                asking.noise_forgiven = true;
                self.ask_again(question, Why::Noise);
            }
            _ => self.failed(question, Why::Noise, spoken),
        }
    }

    /// An attempt brought nothing. There is another one, or the question is given up.
    pub(super) fn failed(&mut self, question: &Question, why: Why, spoken: &Spoken) {
        let Some(asking) = &mut self.interview.asking else { return };
        if asking.attempt <= question.retries_max {
            asking.attempt += 1;
            return self.ask_again(question, why);
        }
        self.leave(question, Value::Null, spoken.clone(), How::GivenUp);
        self.give_up(question);
    }
}

impl Pending {
    fn of(question: &Question, value: Value, spoken: Spoken) -> Pending {
        Pending { value, spoken, attempt: 1, sensitive: question.sensitive }
    }
}

impl Spoken {
    fn of(what: What) -> Spoken {
        match what {
            What::Speech { words, confidence } => {
                // More digits mean nothing, and would not be the same once they were saved and read.
                let confidence = confidence.map(|sure| (sure * 1e4).round() / 1e4);
                Spoken { words: Some(words), keys: None, confidence }
            }
            What::Keys { keys } if keys.is_empty() => Spoken { keys: Some("#".into()), ..Spoken::default() },
            What::Keys { keys } => Spoken { keys: Some(keys), ..Spoken::default() },
            // By text the signs of the keys are typed.
            What::Text { text } if matches!(text.trim(), "*" | "#") => {
                Spoken { keys: Some(text.trim().into()), ..Spoken::default() }
            }
            What::Text { text } => Spoken { words: Some(text), ..Spoken::default() },
            _ => Spoken::default(),
        }
    }

    fn is_silence(&self) -> bool {
        self.keys.is_none() && self.words.is_none()
    }
}

/// Whether a value keeps the bounds that the question sets.
pub(crate) fn is_within(question: &Question, value: &Value) -> bool {
    let measure = match (question.kind, value) {
        (AnswerType::Number, Value::Number(number)) => number.as_f64(),
        (AnswerType::Digits, Value::String(digits)) => {
            u32::try_from(digits.chars().count()).ok().map(f64::from)
        }
        _ => None,
    };
    measure.is_none_or(|measure| {
        question.min.is_none_or(|min| measure >= min) && question.max.is_none_or(|max| measure <= max)
    })
}

impl Asking {
    /// Attempts that are left after this one.
    pub fn attempts_left(&self, agent: &QuestionAgent) -> u32 {
        let retries = agent.question(&self.question).map_or(0, |(_, question)| question.retries_max);
        (retries + 1).saturating_sub(self.attempt)
    }
}
