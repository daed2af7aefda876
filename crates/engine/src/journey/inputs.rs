//! What a run is begun with, so that every condition is met and missed.

use crate::event::{IncomingCall, Reply, Start, StartedBy};
use crate::id::{CallId, MessageId};
use crate::message::{Channel, Content};
use crate::workflow::{BlockKind, Format, Input, Trigger, Type, Workflow};
use jiff::Timestamp;
use regex::Regex;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Inputs that are tried; more combinations are not.
const SAMPLES_MAX: usize = 128;

/// A made-up person and a made-up number of ours.
pub(super) const PERSON: &str = "+15559876543";
pub(super) const OURS: &str = "+15551234567";

/// Inputs with every value that a condition asks for, and whether some combinations were left out.
pub(super) fn samples(workflow: &Workflow) -> (Vec<Map<String, Value>>, bool) {
    let literals = literals(workflow);
    let mut all = vec![Map::new()];
    let mut is_cut = false;
    for input in &workflow.input {
        let values = values(input, &literals);
        let mut next = Vec::new();
        for map in &all {
            for value in &values {
                if next.len() >= SAMPLES_MAX {
                    is_cut = true;
                    break;
                }
                let mut map: Map<String, Value> = map.clone();
                map.insert(input.name.clone(), value.clone());
                next.push(map);
            }
        }
        all = next;
    }
    (all, is_cut)
}

/// What the trigger brings along.
pub(super) fn start(workflow: &Workflow, now: Timestamp) -> Start {
    let input = Map::new();
    match &workflow.trigger {
        Trigger::IncomingMessage(trigger) => {
            let text = trigger.words.first().map_or("Hello", String::as_str);
            Start {
                input,
                by: StartedBy::Trigger,
                message: Some(reply(0, text, Channel::Sms, now)),
                call: None,
            }
        }
        Trigger::IncomingCall(_) => {
            let call = IncomingCall {
                call: CallId::from_trusted("call_path"),
                from: PERSON.into(),
                to: OURS.into(),
                credential: "main".into(),
                at: now,
            };
            Start { input, by: StartedBy::Trigger, message: None, call: Some(call) }
        }
        Trigger::Manual | Trigger::Webhook(_) => {
            Start { input, by: StartedBy::Trigger, message: None, call: None }
        }
    }
}

pub(super) fn reply(number: usize, text: &str, channel: Channel, at: Timestamp) -> Reply {
    Reply {
        message: MessageId::from_trusted(format!("msg_path{number}")),
        channel,
        contact: PERSON.into(),
        sender: OURS.into(),
        service: None,
        content: Content { body: Some(text.to_owned()), ..Content::default() },
        profile_name: None,
        received_at: at,
    }
}

/// Everything that conditions and cases compare with.
pub(super) fn literals(workflow: &Workflow) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for block in &workflow.blocks {
        match &block.kind {
            BlockKind::Condition(condition) => found.extend(literals_of(condition.test.source())),
            BlockKind::Switch(switch) => {
                found.extend(switch.cases.iter().flat_map(|case| case.equals.clone()));
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The texts and numbers that stand in an expression.
pub(super) fn literals_of(source: &str) -> Vec<String> {
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#""([^"\\]*)"|'([^'\\]*)'|(\d+(?:\.\d+)?)"#).expect("a fixed pattern"));
    let literal = |of: regex::Captures<'_>| {
        [1, 2, 3].into_iter().find_map(|group| Some(of.get(group)?.as_str().to_owned()))
    };
    QUOTED.captures_iter(source).filter_map(literal).collect()
}

fn values(input: &Input, literals: &[String]) -> Vec<Value> {
    let shape = &input.shape;
    if !shape.one_of.is_empty() {
        return shape.one_of.clone();
    }
    let is = |kind: Type| shape.types.contains(&kind);
    if is(Type::Boolean) {
        return vec![json!(true), json!(false)];
    }
    if is(Type::Number) || is(Type::Integer) {
        let numbers = literals.iter().filter_map(|literal| literal.parse::<f64>().ok());
        let mut around: Vec<f64> = numbers.flat_map(|number| [number - 1.0, number, number + 1.0]).collect();
        around.push(shape.minimum.unwrap_or(1.0).max(1.0));
        around.retain(|number| {
            shape.minimum.is_none_or(|low| *number >= low) && shape.maximum.is_none_or(|high| *number <= high)
        });
        around.dedup();
        return around.into_iter().map(whole).collect();
    }
    if is(Type::Array) {
        return vec![json!([])];
    }
    if is(Type::Object) {
        return vec![json!({})];
    }
    let sample = match shape.format {
        Some(Format::Email) => "ann@example.com",
        Some(Format::Date) => "2026-11-23",
        Some(_) => "2026-11-23T09:00:00Z",
        None => "Ann",
    };
    let looks_like_phone = ["phone", "number", "to", "mobile", "tel"]
        .iter()
        .any(|word| input.name.to_ascii_lowercase().contains(word));
    let sample = if shape.format == Some(Format::Phone) || (shape.format.is_none() && looks_like_phone) {
        PERSON
    } else {
        sample
    };
    let mut values = vec![Value::from(sample)];
    if shape.format.is_none() && !looks_like_phone {
        values.extend(literals.iter().map(|literal| Value::from(literal.as_str())));
    }
    values.extend(input.default.clone());
    values
}

/// A whole number is written without a point.
fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[expect(clippy::cast_possible_truncation, reason = "the size was looked at")]
        let number = number as i64;
        return Value::from(number);
    }
    Value::from(number)
}
