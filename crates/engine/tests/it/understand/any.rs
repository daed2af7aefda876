//! Any text at all: a value of the type that was asked for, or asked again; never a panic.

use engine::understand::{ANSWER_WORDS_MAX, AnswerType, Asked, Choice, Heard, Understanding, understand};
use proptest::prelude::*;
use serde_json::Value;

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

/// Text that looks like answers, with everything in it that grammars trip over.
fn answer() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("hundred"),
        Just("and"),
        Just("a"),
        Just("half"),
        Just("point"),
        Just("double"),
        Just("oh"),
        Just("twenty"),
        Just("nineteen"),
        Just("million"),
        Just("minus"),
        Just("no"),
        Just("wait"),
        Just("at"),
        Just("dot"),
        Just("pm"),
        Just("dreiundzwanzig"),
        Just("quatre"),
        Just("vingt"),
        Just("y"),
        Just("mil"),
        Just("next"),
        Just("Friday"),
        Just("7"),
        Just("1,000.5"),
        Just("3/4"),
        Just("-"),
        Just(","),
        Just("@"),
        Just("May"),
        Just("billing"),
        Just("€week"),
        Just("é"),
        Just("\u{301}"),
        Just("\u{0}"),
        Just("٣"),
        Just("ß"),
    ];
    prop_oneof![any::<String>(), prop::collection::vec(word, 0..12).prop_map(|words| words.join(" ")),]
}

fn is_of_type(value: &Value, kind: AnswerType) -> bool {
    match kind {
        AnswerType::Number => value.as_f64().is_some_and(f64::is_finite),
        AnswerType::YesNo => value.is_boolean(),
        AnswerType::Date => value.as_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()),
        AnswerType::Time => value.as_str().is_some_and(|text| text.len() == 5 && text.as_bytes()[2] == b':'),
        AnswerType::Phone => value.as_str().is_some_and(|text| text.starts_with('+')),
        AnswerType::Email => value.as_str().is_some_and(|text| text.matches('@').count() == 1),
        AnswerType::Digits => value.as_str().is_some_and(|text| text.bytes().all(|b| b.is_ascii_digit())),
        AnswerType::MultipleChoice => value == "Sales" || value == "Technical support",
        AnswerType::Text => value.as_str().is_some_and(|text| !text.trim().is_empty()),
    }
}

proptest! {
    #[test]
    fn any_answer_is_a_value_of_its_type_or_asked_again(
        words in answer(),
        question in answer(),
        digits in proptest::option::of("[0-9*#]{0,20}"),
        language in prop_oneof![Just("en-US"), Just("es-MX"), Just("fr-FR"), Just("de-AT"), Just("it"), Just("")],
    ) {
        let choice = |value: &str| Choice { value: value.to_owned(), key: None, synonyms: vec!["x y".to_owned()] };
        let choices = [choice("Sales"), choice("Technical support")];
        for kind in TYPES {
            let asked = Asked {
                kind,
                choices: &choices,
                language,
                region: None,
                call_date: jiff::civil::date(2026, 2, 28),
                question: Some(&question),
            };
            let heard = Heard { words: &words, digits: digits.as_deref(), confidence: Some(0.5) };
            let (why, value) = match understand(&asked, &heard) {
                Understanding::Value { value, why } => (why, Some(value)),
                Understanding::AskAgain { why } => (why, None),
            };
            prop_assert!(!why.is_empty());
            if let Some(value) = value {
                prop_assert!(is_of_type(&value, kind), "{kind:?} {words:?} {digits:?}: {value}");
            }
        }
    }
}

/// How much is weighed against each other is bounded, whatever the words: a longer answer is asked again.
#[test]
fn an_answer_of_more_words_than_are_read_is_asked_again() {
    for (word, kind) in [
        ("so ", AnswerType::YesNo),
        ("no ", AnswerType::YesNo),
        ("1 ", AnswerType::Date),
        ("or so ", AnswerType::MultipleChoice),
        ("seven ", AnswerType::Number),
        ("i ", AnswerType::Email),
    ] {
        let words = word.repeat(ANSWER_WORDS_MAX + 1);
        let asked = Asked {
            kind,
            choices: &[],
            language: "en",
            region: None,
            call_date: jiff::civil::date(2026, 2, 28),
            question: None,
        };
        let heard = Heard { words: &words, digits: None, confidence: None };
        let Understanding::AskAgain { why } = understand(&asked, &heard) else {
            panic!("{word:?} is understood")
        };
        assert_eq!(why, [format!("The answer has more than {ANSWER_WORDS_MAX} words.")]);
    }
}

/// Time grows with the length of the answer: the longest that is read, of the words that branch most.
#[test]
fn the_longest_answer_ends() {
    for word in [
        "und ",
        "ein",
        "i ",
        "friday i ",
        "no wait ",
        "double ",
        "a half and ",
        "option a ",
        "at dot ",
        "1 ",
        "quatre-vingt ",
        "so ",
        "no ",
        "si ",
    ] {
        let lengths = [4096 / word.len(), ANSWER_WORDS_MAX.min(4096 / word.len())];
        for (times, kind) in lengths.into_iter().flat_map(|times| TYPES.map(|kind| (times, kind))) {
            let words = word.repeat(times);
            for language in ["en", "es", "fr", "de"] {
                let choices = [Choice { value: "no wait no".to_owned(), key: None, synonyms: Vec::new() }];
                let asked = Asked {
                    kind,
                    choices: &choices,
                    language,
                    region: None,
                    call_date: jiff::civil::date(2026, 2, 28),
                    question: None,
                };
                understand(&asked, &Heard { words: &words, digits: None, confidence: None });
            }
        }
    }
}
