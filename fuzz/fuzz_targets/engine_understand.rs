//! Any text as an answer of any type: it has a value of that type or is asked for again, and says why.
#![no_main]

use engine::understand::{AnswerType, Asked, Choice, Heard, Understanding, understand};
use libfuzzer_sys::fuzz_target;

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

fuzz_target!(|input: (&str, &str, Option<&str>)| {
    let (words, question, digits) = input;
    let choices =
        ["Sales", "Billing", "Ventas", "Rechnung"].map(|value| Choice { value: value.to_owned(), key: None, synonyms: Vec::new() });
    for language in ["en-US", "es-MX", "fr-FR", "de-AT", "it-IT"] {
        for kind in TYPES {
            let asked = Asked {
                kind,
                choices: &choices,
                language,
                region: None,
                call_date: jiff::civil::date(2026, 11, 23),
                question: Some(question),
            };
            let heard = Heard { words, digits, confidence: None };
            let (Understanding::Value { why, .. } | Understanding::AskAgain { why }) = understand(&asked, &heard);
            assert!(!why.is_empty());
        }
    }
});
