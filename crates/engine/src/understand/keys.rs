//! Answers by keys.

use super::choice;
use super::date;
use super::language::Locale;
use super::number;
use super::phone;
use super::reading::Reading;
use super::time;
use super::{AnswerType, Asked};

/// Reads the keys that were pressed: 1 is yes and 2 is no; a choice has its key or its place; a number, a code
/// and a phone number are themselves; a date has eight digits and a time four.
pub(super) fn read(asked: &Asked<'_>, locale: &Locale, pressed: &str) -> Reading {
    let digits = pressed.strip_suffix('#').unwrap_or(pressed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Reading::unclear(format!("The keys {pressed} are no answer."));
    }
    match asked.kind {
        AnswerType::YesNo => yes_no(digits),
        AnswerType::Number => number(digits),
        AnswerType::Text | AnswerType::Digits => Reading::value(digits, format!("The keys are {digits}.")),
        AnswerType::MultipleChoice => choice::by_key(digits, asked.choices),
        AnswerType::Date => date::of_keys(digits, asked, locale),
        AnswerType::Time => time::of_keys(digits),
        AnswerType::Phone => phone::of_keys(digits, locale),
        AnswerType::Email => Reading::unclear("An address has letters, which keys do not."),
    }
}

fn yes_no(digits: &str) -> Reading {
    match digits {
        "1" => Reading::value(true, "Key 1 means yes."),
        "2" => Reading::value(false, "Key 2 means no."),
        _ => Reading::unclear(format!("Key 1 means yes and key 2 no; {digits} is neither.")),
    }
}

fn number(digits: &str) -> Reading {
    match digits.parse::<f64>() {
        Ok(value) if digits.len() <= 15 => {
            Reading::value(number::json(value), format!("The keys are the number {digits}."))
        }
        _ => Reading::unclear("The keys are more digits than a number has."),
    }
}
