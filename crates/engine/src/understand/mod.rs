//! What a person meant by an answer, without a model.
//!
//! [`understand`] takes what was asked and what was heard, and gives a value or says that the question has to
//! be asked again. A wrong understanding is worse than asking again, so a value is given only where the words
//! leave one reading: two numbers, a number with "more than" before it, a choice with "not" before it, or an
//! hour without morning or evening are asked again. Each result explains itself in sentences.
//!
//! The algorithm is one for all languages; what differs stands as data in one small file for each language
//! and type (`number/en.rs`, `yes_no/de.rs`, …). A language without such files is understood by digits,
//! addresses and the names of choices.
//!
//! * [`token`] cuts an answer into words, numerals, signs and pauses; [`phrase`] finds phrases in them;
//! * [`speech`] knows how people talk around an answer: fillers, corrections, not knowing;
//! * one module for each type of answer reads its value.

mod choice;
mod date;
mod digits;
mod email;
mod keys;
mod language;
mod number;
mod phone;
mod phrase;
mod reading;
mod speech;
mod text;
mod time;
mod token;
mod yes_no;

pub use choice::sound_alike;

use language::Locale;
use reading::Reading;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use speech::PlainNo;
use token::Token;

/// The longest answer that is looked at, in bytes; the rest of a longer one is not what was asked for.
pub const ANSWER_BYTES_MAX: usize = 4096;

/// The longest answer in words, signs and pauses that is looked at, but for a text: nobody says a number or a yes in so
/// many, and clauses are weighed against each other, which takes time by the square of their number.
pub const ANSWER_WORDS_MAX: usize = 200;

/// The kind of value that a question wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerType {
    Text,
    Number,
    YesNo,
    MultipleChoice,
    Date,
    Time,
    Phone,
    Email,
    Digits,
}

/// One of the answers that a question offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The name, which is also the value.
    pub value: String,
    /// The keys that choose it, where they are not its place in the list.
    #[serde(default)]
    pub key: Option<String>,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
}

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub kind: AnswerType,
    /// What may be chosen, in the order in which it is offered; only for choices.
    pub choices: &'a [Choice],
    /// The language of the answer as a tag: `en`, `en-US`, `de-AT`.
    pub language: &'a str,
    /// Where the person is, ISO 3166: the country of phone numbers without a country code. Without it the
    /// region of the language's tag counts.
    pub region: Option<&'a str>,
    /// The day of the call where the person is, to which "tomorrow" refers.
    pub call_date: jiff::civil::Date,
    /// The words of the question, which tell units ("how many years") and whether a day is past or to come.
    pub question: Option<&'a str>,
}

/// What was heard or typed.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// The words, as a recogniser wrote them or as they were typed.
    pub words: &'a str,
    /// The keys that were pressed; they count before the words.
    pub digits: Option<&'a str>,
    /// How sure the recogniser is of the words, from 0 to 1. Absent is not unsure.
    pub confidence: Option<f64>,
}

/// What an answer means, and why: each sentence of `why` is for the author of the question.
#[derive(Clone, Debug, PartialEq)]
pub enum Understanding {
    /// A number as a JSON number, yes and no as booleans, everything else as text: the choice's name,
    /// `2026-11-23`, `14:30`, E.164, an address in lower case, digits.
    Value {
        value: Value,
        why: Vec<String>,
    },
    AskAgain {
        why: Vec<String>,
    },
}

/// Reads an answer. Never fails, and takes time in proportion to the length of the answer.
pub fn understand(asked: &Asked<'_>, heard: &Heard<'_>) -> Understanding {
    let locale = Locale::of(asked.language, asked.region);
    let reading = match heard.digits.map(str::trim).filter(|keys| !keys.is_empty()) {
        Some(pressed) => keys::read(asked, &locale, pressed),
        None => read_words(asked, &locale, heard),
    };
    match reading {
        Reading::Value { value, why } => Understanding::Value { value, why },
        Reading::Unclear { why } => Understanding::AskAgain { why },
    }
}

fn read_words(asked: &Asked<'_>, locale: &Locale, heard: &Heard<'_>) -> Reading {
    if heard.words.len() > ANSWER_BYTES_MAX && asked.kind != AnswerType::Text {
        return Reading::unclear(format!("The answer is longer than {ANSWER_BYTES_MAX} bytes."));
    }
    let tokens = token::tokens(heard.words, locale.language);
    if tokens.is_empty() {
        return Reading::unclear("There are no words in the answer.");
    }
    if tokens.len() > ANSWER_WORDS_MAX && asked.kind != AnswerType::Text {
        return Reading::unclear(format!("The answer has more than {ANSWER_WORDS_MAX} words."));
    }
    let may_ask = matches!(
        asked.kind,
        AnswerType::Number
            | AnswerType::YesNo
            | AnswerType::MultipleChoice
            | AnswerType::Date
            | AnswerType::Time
    );
    if let Some(said) = speech::asks_back(&tokens, locale, asked.kind).filter(|_| may_ask) {
        return Reading::unclear(format!("\"{said}\" asks something back."));
    }
    match asked.kind {
        AnswerType::Text => text::read(heard.words, &tokens, locale),
        AnswerType::Number => {
            speech::latest(&tokens, locale, |part| number::read(part, asked, locale, heard))
        }
        AnswerType::YesNo => read_yes_no(&tokens, asked, locale),
        AnswerType::Digits => speech::latest_part(
            &tokens,
            locale,
            |part| digits::read(part, asked, locale),
            |before, after| digits::corrected(before, after, asked, locale),
        ),
        AnswerType::MultipleChoice => {
            let is_spanish = locale.language == language::Language::Es;
            let plain_no = if is_spanish { PlainNo::MayDeny } else { PlainNo::TakesBack };
            speech::latest_by(&tokens, locale, plain_no, |part| choice::read(part, asked, locale, heard))
        }
        AnswerType::Date => speech::latest_part(
            &tokens,
            locale,
            |part| date::read(part, asked, locale),
            |before, after| date::corrected(before, after, asked, locale),
        ),
        AnswerType::Time => speech::latest_part(
            &tokens,
            locale,
            |part| time::read(part, asked, locale),
            |before, after| time::corrected(before, after, asked, locale),
        ),
        AnswerType::Phone => speech::latest_part(
            &tokens,
            locale,
            |part| phone::read(part, locale),
            |before, after| phone::corrected(before, after, locale),
        ),
        AnswerType::Email => speech::latest_part(
            &tokens,
            locale,
            |part| email::read(part, heard.words, locale),
            |before, after| email::corrected(before, after, heard.words, locale),
        ),
    }
}

fn read_yes_no(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    if let Some(said) = speech::ends_waiting(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" asks for time or for the question."));
    }
    if yes_no::is_not_heard(tokens, locale) {
        return Reading::unclear("The answer says that the person hears badly.");
    }
    yes_no::without_answer(tokens, locale)
        .unwrap_or_else(|| speech::latest(tokens, locale, |part| yes_no::read(part, asked.question, locale)))
}
