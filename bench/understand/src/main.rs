//! Prints how many of the tests' answers are understood a second, by type, and how long the longest answer that is
//! read takes: the fastest of some rounds, since whatever else the machine does can only make a round slower.

use engine::understand::{ANSWER_BYTES_MAX, AnswerType, Asked, Choice, Heard, understand};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: u32 = 30;

/// What long answers are made of: each word begins something that may go on.
const LONG_WORDS: &[&str] = &["twenty ", "no wait ", "at dot ", "one two ", "sales ", "um ", "next "];

/// An answer of the tests: what was asked and what was said or pressed.
struct Answer {
    kind: AnswerType,
    choices: Vec<Choice>,
    language: String,
    region: Option<String>,
    call_date: Date,
    question: Option<String>,
    words: String,
    digits: Option<String>,
    confidence: Option<f64>,
}

fn main() {
    let answers = read_answers();
    println!("type              answers   answers a second   an answer      4,096 bytes");
    for (kind, answers) in &answers {
        let all = fastest(|| answers.iter().for_each(understood));
        let each = all / u32::try_from(answers.len()).unwrap_or(1);
        let long = LONG_WORDS.iter().map(|word| long_answer(&answers[0], word)).map(|answer| {
            let time = fastest(|| understood(&answer));
            time.as_secs_f64() * 1e3
        });
        println!(
            "{kind:<16} {:>8} {:>18.0} {:>8.2} µs {:>13.2} ms",
            answers.len(),
            1.0 / each.as_secs_f64(),
            each.as_secs_f64() * 1e6,
            long.fold(0.0, f64::max)
        );
    }
}

fn understood(answer: &Answer) {
    let asked = Asked {
        kind: answer.kind,
        choices: &answer.choices,
        language: &answer.language,
        region: answer.region.as_deref(),
        call_date: answer.call_date,
        question: answer.question.as_deref(),
    };
    let heard =
        Heard { words: &answer.words, digits: answer.digits.as_deref(), confidence: answer.confidence };
    black_box(understand(black_box(&asked), black_box(&heard)));
}

/// The same question with an answer of one word, as often as fits.
fn long_answer(like: &Answer, word: &str) -> Answer {
    Answer {
        kind: like.kind,
        choices: like.choices.clone(),
        language: "en-US".to_owned(),
        region: None,
        call_date: like.call_date,
        question: None,
        words: word.repeat(ANSWER_BYTES_MAX / word.len()),
        digits: None,
        confidence: None,
    }
}

/// The labelled answers beside the rules, by type.
fn read_answers() -> BTreeMap<String, Vec<Answer>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/engine/tests/it/understand/tuned");
    let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the tests' answers are there") {
        let text = std::fs::read_to_string(entry.expect("it can be listed").path()).expect("it can be read");
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line: Value = serde_json::from_str(line).expect("a labelled answer");
            answers.entry(text_of(&line, "type").unwrap_or_default()).or_default().push(read_answer(&line));
        }
    }
    answers
}

fn read_answer(line: &Value) -> Answer {
    let choices = line["choices"].as_array().cloned().unwrap_or_default();
    let date = text_of(line, "call_date").unwrap_or_else(|| "2026-11-23".to_owned());
    Answer {
        kind: serde_json::from_value(line["type"].clone()).expect("a type"),
        choices: choices.into_iter().map(choice).collect(),
        language: text_of(line, "lang").unwrap_or_default(),
        region: text_of(line, "region"),
        call_date: date.parse().expect("a date"),
        question: text_of(line, "question"),
        words: text_of(line, "said").unwrap_or_default(),
        digits: text_of(line, "digits"),
        confidence: line["confidence"].as_f64(),
    }
}

/// A choice is a text or an object.
fn choice(value: Value) -> Choice {
    match value {
        Value::String(value) => Choice { value, key: None, synonyms: Vec::new() },
        object => serde_json::from_value(object).expect("a choice"),
    }
}

fn text_of(line: &Value, key: &str) -> Option<String> {
    line[key].as_str().map(str::to_owned)
}

fn fastest(mut call: impl FnMut()) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        call();
        start.elapsed()
    });
    rounds.min().unwrap_or_default()
}
