//! What somebody outside of an agent, such as a workflow, makes of its answers: which of them it looks at, and what it
//! compares them with. Answers that are alike in that need not be tried one by one.

use super::probe::{Given, Probe};
use super::{Operand, Question};
use crate::understand::AnswerType;
use crate::words::{Decimal, same_value};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// By question id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looks(BTreeMap<String, Look>);

/// How one answer is looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    depth: Depth,
    /// What its value is compared with, as written.
    literals: Vec<String>,
}

/// How closely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// Whether there is one.
    #[default]
    Presence,
    Value,
    /// How the question was left, too.
    Manner,
}

/// How an answer looks from outside; equal for answers that make no difference there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    value: Kind,
    against: Vec<Against>,
    how: Option<How>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    None,
    Falsy,
    Truthy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Against {
    Differs,
    Same,
    Less,
    Greater,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum How {
    Answered,
    Skipped,
    GivenUp,
}

impl Looks {
    /// Notes that an answer is looked at, and what it is compared with there.
    pub(crate) fn add(&mut self, question: &str, depth: Depth, literals: &[String]) {
        let look = self.0.entry(question.to_owned()).or_default();
        look.depth = look.depth.max(depth);
        if depth != Depth::Presence {
            look.literals.extend_from_slice(literals);
            look.literals.sort();
            look.literals.dedup();
        }
    }

    pub(crate) fn at(&self, question: &str) -> Option<&Look> {
        self.0.get(question)
    }
}

impl Look {
    /// What it is compared with, as operands of a condition would be.
    pub(crate) fn operands(&self, question: &Question) -> Vec<Operand> {
        let value = |text: &str| match Decimal::parse(text).and_then(|number| number.to_json()) {
            Some(number) if question.kind != AnswerType::Digits => Value::Number(number),
            _ => Value::from(text),
        };
        let operand = |text: &String| Operand { text: text.clone(), value: Some(value(text)) };
        self.literals.iter().map(operand).collect()
    }

    /// Further ways to leave the question that make a difference.
    pub(crate) fn ways_out(&self, question: &Question) -> Vec<Probe> {
        let mut ways = Vec::new();
        if self.depth == Depth::Manner {
            ways.push(Given::Silence);
            ways.extend((!question.required).then_some(Given::Skip));
        }
        ways.into_iter().map(|given| Probe { given, value: Value::Null }).collect()
    }

    pub(crate) fn seen(&self, probe: &Probe) -> Seen {
        let value = match &probe.value {
            Value::Null => Kind::None,
            _ if self.depth == Depth::Presence => Kind::Truthy,
            Value::Bool(false) => Kind::Falsy,
            Value::String(text) if text.is_empty() => Kind::Falsy,
            Value::Number(number) if number.as_f64() == Some(0.0) => Kind::Falsy,
            _ => Kind::Truthy,
        };
        let how = match probe.given {
            Given::Said(_) => How::Answered,
            Given::Skip => How::Skipped,
            Given::Silence => How::GivenUp,
        };
        Seen {
            value,
            against: self.literals.iter().map(|literal| against(&probe.value, literal)).collect(),
            how: (self.depth == Depth::Manner).then_some(how),
        }
    }
}

fn against(value: &Value, literal: &str) -> Against {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return Against::Differs,
        other => other.to_string(),
    };
    if same_value(&text, literal) {
        return Against::Same;
    }
    let both = text.parse::<f64>().ok().zip(literal.parse::<f64>().ok());
    match both.and_then(|(value, literal)| value.partial_cmp(&literal)).or_else(|| by_date(&text, literal)) {
        Some(Ordering::Less) => Against::Less,
        Some(Ordering::Greater) => Against::Greater,
        _ => Against::Differs,
    }
}

/// Dates and times of a day follow each other as their texts do.
fn by_date(value: &str, literal: &str) -> Option<Ordering> {
    let shape =
        |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    let is_dated = matches!(shape(value).as_str(), "0000-00-00" | "00:00");
    (is_dated && shape(value) == shape(literal)).then(|| value.cmp(literal))
}
