//! Answers by keys.

use super::language::Locale;
use super::number;
use super::reading::Reading;
use super::{AnswerType, Asked};

/// Reads the keys that were pressed: 1 is yes and 2 is no; a number is itself.
pub(super) fn read(asked: &Asked<'_>, _locale: &Locale, pressed: &str) -> Reading {
    let digits = pressed.strip_suffix('#').unwrap_or(pressed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Reading::unclear(format!("The keys {pressed} are no answer."));
    }
    match asked.kind {
        AnswerType::YesNo => yes_no(digits),
        AnswerType::Number => number(digits),
        AnswerType::Text | AnswerType::Digits => Reading::value(digits, format!("The keys are {digits}.")),
        AnswerType::MultipleChoice
        | AnswerType::Date
        | AnswerType::Time
        | AnswerType::Phone
        | AnswerType::Email => Reading::unclear("This type of answer is not understood by keys."),
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
