//! Answers that people may give to a question, chosen so that every condition that can hold holds for one of them.
//!
//! Checks show them as counter-examples, and paths are walked with them.

use super::{Condition, Operand, Operator, Question, QuestionAgent};
use crate::conversation::{Compared, Phrase, holds, is_within, wording};
use crate::understand::{AnswerType, Asked, Heard, Understanding, understand};
use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan};
use serde_json::Value;

/// The day on which answers are supposed to be given.
pub(crate) const SUPPOSED_DAY: Date = Date::constant(2026, 1, 14);

/// A possible answer, with what is understood of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Probe {
    pub(crate) given: Given,
    /// Null where only the words count, or nothing was said.
    pub(crate) value: Value,
}

/// What the person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    Said(String),
    /// Skips the question.
    Skip,
    /// Says nothing until the question is given up.
    Silence,
}

impl Given {
    /// In words, for a counter-example.
    pub(crate) fn shown(&self) -> String {
        match self {
            Given::Said(words) => format!("\u{201c}{words}\u{201d}"),
            Given::Skip => "the key #".into(),
            Given::Silence => "silence".into(),
        }
    }
}

impl Probe {
    /// There is a value.
    pub(crate) fn is_understood(&self) -> bool {
        !self.value.is_null()
    }

    fn words(&self) -> Option<&str> {
        match &self.given {
            Given::Said(words) => Some(words),
            Given::Skip | Given::Silence => None,
        }
    }
}

/// The possible answers to one question, the plainest first; the last one is no answer at all.
pub(crate) fn probes(agent: &QuestionAgent, index: usize) -> Vec<Probe> {
    probes_against(agent, index, &[])
}

/// The same for somebody outside who compares the answer with more than the agent does.
pub(crate) fn probes_against(agent: &QuestionAgent, index: usize, outside: &[Operand]) -> Vec<Probe> {
    let question = &agent.questions[index];
    let mut probing = Probing { agent, question, probes: Vec::new() };
    let conditions: Vec<&Condition> = agent
        .questions
        .iter()
        .flat_map(|question| &question.actions)
        .map(|action| &action.condition)
        .filter(|condition| condition.field == index)
        .collect();
    let mut operands: Vec<&Operand> =
        conditions.iter().flat_map(|condition| condition.operator.operands()).collect();
    let own = operands.len();
    operands.extend(outside);
    probing.of_kind(&operands);
    for (place, operand) in operands.iter().enumerate() {
        let otherwise = if place < own { Otherwise::ByWords } else { Otherwise::Dropped };
        probing.say(operand.text.trim(), otherwise);
    }
    if conditions.iter().any(|condition| matches!(condition.operator, Operator::Matches(_))) {
        for sample in ["a", "1", "abc", "123", "AB12", "ann@example.com", "10001"] {
            probing.say(sample, Otherwise::ByWords);
        }
    }
    let given = if question.required { Given::Silence } else { Given::Skip };
    let mut probes = probing.probes;
    probes.push(Probe { given, value: Value::Null });
    probes
}

/// Whether an operator holds for an answer to a question.
pub(crate) fn holds_for(
    agent: &QuestionAgent,
    question: &Question,
    operator: &Operator,
    probe: &Probe,
) -> bool {
    let words = probe.words();
    let compared = match (&probe.value, words) {
        (Value::Null, Some(words)) => Compared::words_alone(question, Some(words)),
        (value, words) => {
            let reader = (agent.languages[0].as_str(), agent.region.as_deref(), SUPPOSED_DAY);
            Compared::supposed(question, value, words, reader)
        }
    };
    holds(operator, &compared)
}

/// What becomes of an answer that nothing is understood of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Otherwise {
    /// It is of no use.
    Dropped,
    /// Its words are what is tested.
    ByWords,
}

struct Probing<'a> {
    agent: &'a QuestionAgent,
    question: &'a Question,
    probes: Vec<Probe>,
}

impl Probing<'_> {
    fn of_kind(&mut self, operands: &[&Operand]) {
        match self.question.kind {
            AnswerType::YesNo => {
                for (phrase, neutral) in [(Phrase::Yes, "yes"), (Phrase::No, "no")] {
                    let word = wording(phrase, &self.agent.languages[0], 0).unwrap_or(neutral);
                    self.say(word, Otherwise::Dropped);
                }
            }
            AnswerType::MultipleChoice => {
                for choice in &self.question.choices {
                    self.say(&choice.value, Otherwise::Dropped);
                }
            }
            AnswerType::Number => self.numbers(operands),
            AnswerType::Date => self.days(operands),
            AnswerType::Time => self.times(operands),
            AnswerType::Digits => self.digit_runs(operands),
            AnswerType::Phone => self.say_all(&["+442079460958", "+15551234567"]),
            AnswerType::Email => self.say_all(&["ann@example.com", "bob@example.org"]),
            AnswerType::Text => {
                self.say_all(&["words", "other words"]);
                self.numbers(operands);
            }
        }
    }

    fn say_all(&mut self, samples: &[&str]) {
        samples.iter().for_each(|sample| self.say(sample, Otherwise::Dropped));
    }

    /// Numbers at, below, above and between those that are compared with.
    fn numbers(&mut self, operands: &[&Operand]) {
        let is_text = self.question.kind == AnswerType::Text;
        let number = |operand: &&Operand| match &operand.value {
            Some(Value::Number(number)) => number.as_f64(),
            _ if is_text => operand.text.trim().parse().ok(),
            _ => None,
        };
        let bounds = [self.question.min, self.question.max].into_iter().flatten().filter(|_| !is_text);
        let mut known: Vec<f64> = operands.iter().filter_map(number).chain(bounds).collect();
        known.sort_by(f64::total_cmp);
        known.dedup();
        let mut numbers: Vec<f64> = Vec::new();
        for number in &known {
            numbers.extend([*number, number + 1.0, number - 1.0, number + 0.5, number - 0.5]);
        }
        numbers.extend(known.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0));
        if !is_text {
            numbers.extend([7.0, 0.0, 3.0, 12.0, 100.0, 1_000.0]);
        }
        // Whole numbers are the plainest, then short ones.
        numbers.sort_by(|a, b| {
            let rank = |number: &f64| (number.fract() != 0.0, *number < 0.0, number.to_string().len());
            rank(a).cmp(&rank(b)).then(a.total_cmp(b))
        });
        for number in numbers {
            self.say(&number.to_string(), Otherwise::Dropped);
        }
    }

    fn days(&mut self, operands: &[&Operand]) {
        let mut days: Vec<Date> = Vec::new();
        for operand in operands {
            let day = operand.value.as_ref().and_then(Value::as_str).and_then(|day| day.parse::<Date>().ok());
            for span in [Span::new(), 1.day(), -1.day()] {
                days.extend(day.and_then(|day| day.checked_add(span).ok()));
            }
        }
        days.extend([30, 400, -30].iter().filter_map(|after| SUPPOSED_DAY.checked_add((*after).days()).ok()));
        for day in days {
            self.say(&day.to_string(), Otherwise::Dropped);
        }
    }

    fn times(&mut self, operands: &[&Operand]) {
        let mut times: Vec<Time> = Vec::new();
        for operand in operands {
            let time = operand.value.as_ref().and_then(Value::as_str);
            let time = time.and_then(|time| format!("{time}:00").parse::<Time>().ok());
            for span in [Span::new(), 1.minute(), -1.minute()] {
                times.extend(time.and_then(|time| time.checked_add(span).ok()));
            }
        }
        times.extend([
            Time::constant(14, 30, 0, 0),
            Time::constant(9, 15, 0, 0),
            Time::constant(21, 0, 0, 0),
        ]);
        for time in times {
            self.say(&format!("{:02}:{:02}", time.hour(), time.minute()), Otherwise::Dropped);
        }
    }

    /// As many digits as there may be.
    fn digit_runs(&mut self, operands: &[&Operand]) {
        for operand in operands {
            if let Some(Value::String(digits)) = &operand.value {
                self.say(digits, Otherwise::Dropped);
            }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept between 1 and 30")]
        let lengths = [self.question.min, self.question.max, Some(4.0)]
            .into_iter()
            .flatten()
            .map(|length| length.clamp(1.0, 30.0) as usize);
        for length in lengths.collect::<Vec<_>>() {
            for first in ["1234567890", "9876543210"] {
                self.say(&first.repeat(3)[..length], Otherwise::Dropped);
            }
        }
    }

    fn say(&mut self, words: &str, otherwise: Otherwise) {
        let is_known = |probe: &Probe| matches!(&probe.given, Given::Said(said) if said == words);
        if words.is_empty() || self.probes.iter().any(is_known) {
            return;
        }
        let asked = Asked {
            kind: self.question.kind,
            choices: &self.question.choices,
            language: &self.agent.languages[0],
            region: self.agent.region.as_deref(),
            call_date: SUPPOSED_DAY,
            question: self.question.text.in_language(&self.agent.languages[0]).literal(),
        };
        let value = match understand(&asked, &Heard { words, digits: None, confidence: None }) {
            Understanding::Value { value, .. } if is_within(self.question, &value) => value,
            Understanding::Value { .. } => return,
            Understanding::AskAgain { .. } if otherwise == Otherwise::ByWords => Value::Null,
            Understanding::AskAgain { .. } => return,
        };
        self.probes.push(Probe { given: Given::Said(words.to_owned()), value });
    }
}
