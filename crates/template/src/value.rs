//! What values mean: truth, equality, order, text.

use crate::context::STEP_BYTES;
use crate::decimal::Decimal;
use crate::syntax::Comparison;
use serde_json::{Number, Value};
use std::cmp::Ordering;
use std::fmt::Write;

/// False, 0, empty text, empty lists and null are false; everything else is true.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

/// Goes into an object by name and into a list by position, from 0.
pub(crate) fn into<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Whether a comparison holds. What cannot be ordered, such as null or a list, is neither less
/// nor greater than anything.
pub(crate) fn holds(operator: Comparison, left: &Value, right: &Value) -> bool {
    match operator {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => !equal(left, right),
        Comparison::Less => order(left, right) == Some(Ordering::Less),
        Comparison::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
        Comparison::Greater => order(left, right) == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
    }
}

/// Texts are equal as they stand, numbers and numeric texts by value; null equals null and, since
/// it counts as empty, the empty text.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right) == Ordering::Equal,
        (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
            Decimal::parse(text).is_some_and(|text| text == Decimal::of(number))
        }
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}

/// Numbers and numeric texts by value, other texts by their characters' code points.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(compare_numbers(left, right)),
        (Value::Number(left), Value::String(right)) => Some(Decimal::of(left).cmp(&Decimal::parse(right)?)),
        (Value::String(left), Value::Number(right)) => Some(Decimal::parse(left)?.cmp(&Decimal::of(right))),
        (Value::String(left), Value::String(right)) => {
            Some(match (Decimal::parse(left), Decimal::parse(right)) {
                (Some(left), Some(right)) => left.cmp(&right),
                _ => left.cmp(right),
            })
        }
        _ => None,
    }
}

fn compare_numbers(left: &Number, right: &Number) -> Ordering {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => Decimal::of(left).cmp(&Decimal::of(right)),
    }
}

/// What comparing two values costs. A list or object costs its whole content, counted until
/// `enough` is passed.
pub(crate) fn comparison_steps(left: &Value, right: &Value, enough: usize) -> usize {
    fn content(value: &Value, counted: usize, enough: usize) -> usize {
        if counted > enough {
            return counted;
        }
        match value {
            Value::String(text) => counted + 1 + text.len() / STEP_BYTES,
            Value::Array(items) => items.iter().fold(counted + 1, |sum, item| content(item, sum, enough)),
            Value::Object(fields) => {
                fields.values().fold(counted + 1, |sum, field| content(field, sum, enough))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => counted + 1,
        }
    }
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.len().min(right.len()) / STEP_BYTES,
        (Value::Array(_), Value::Array(_)) | (Value::Object(_), Value::Object(_)) => content(left, 0, enough),
        (Value::String(text), _) | (_, Value::String(text)) => text.len() / STEP_BYTES,
        _ => 0,
    }
}

/// How much there is to read in a value, about in bytes; a list counts its items.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.len() * STEP_BYTES,
        Value::Object(fields) => fields.len() * STEP_BYTES,
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Appends the text of a number: the shortest that reads back as the same, without exponent.
pub(crate) fn write_number(number: &Number, text: &mut String) {
    let written = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(integer), _, _) => write!(text, "{integer}"),
        (None, Some(integer), _) => write!(text, "{integer}"),
        // Adding zero turns a negative zero into a plain one.
        (None, None, Some(real)) => write!(text, "{}", real + 0.0),
        (None, None, None) => write!(text, "{number}"),
    };
    written.expect("writing to a string cannot fail");
}

/// The text of what is not a list, an object or null.
pub(crate) fn scalar_text(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => {
            let mut text = String::new();
            write_number(number, &mut text);
            Some(text.into())
        }
        Value::Bool(truth) => Some(if *truth { "true" } else { "false" }.into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
