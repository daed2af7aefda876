//! Numbers, days, times, addresses and choices said in many ways: each is understood as itself or asked again, and never
//! as anything else.
//!
//! A value is written in the ways in which people say it ([`forms`]), and put into the sentences in which they answer
//! ([`frames`]): plain ones, corrections of another value, and such that refuse it or leave it open.

mod forms;
mod frames;
mod words;

use engine::understand::{AnswerType, Asked, Choice, Heard, Understanding, understand};
use forms::{CALL_DATE, Form, Spoken};
use frames::Frames;
use serde_json::Value;

const LANGUAGES: [&str; 4] = ["en-US", "es-ES", "fr-FR", "de-DE"];
/// Of a hundred values in plain sentences so many are understood.
const UNDERSTOOD_PERCENT_MIN: usize = 95;

/// What became of many answers of one type in one language.
#[derive(Default)]
struct Tally {
    plain: usize,
    understood: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

fn heard(kind: AnswerType, language: &str, question: &str, choices: &[Choice], said: &str) -> Option<Value> {
    let asked =
        Asked { kind, choices, language, region: None, call_date: CALL_DATE, question: Some(question) };
    match understand(&asked, &Heard { words: said, digits: None, confidence: None }) {
        Understanding::Value { value, .. } => Some(value),
        Understanding::AskAgain { .. } => None,
    }
}

fn tally(spoken: &Spoken, frames: &Frames, language: &str) -> Tally {
    let mut tally = Tally::default();
    let ask = |said: &str| heard(spoken.kind, language, spoken.question, &spoken.choices, said);
    let mut others = spoken.forms.iter().cycle().skip(spoken.forms.len() / 2 + 1);
    for Form { value, text } in &spoken.forms {
        for frame in &frames.plain {
            let said = frame.replace("{}", text);
            tally.plain += 1;
            match ask(&said) {
                Some(got) if got == *value => tally.understood += 1,
                Some(got) => tally.wrong.push(format!("{language} {said:?}: {got}")),
                None => tally.missed.push(format!("{language} {said:?}")),
            }
        }
        let Some(other) = others.next().filter(|other| other.value != *value) else { continue };
        for frame in &frames.corrected {
            let said = frame.replace("{}", text).replace("[]", &other.text);
            if let Some(got) = ask(&said).filter(|got| got != value) {
                tally.wrong.push(format!("{language} {said:?}: {got}"));
            }
        }
        for frame in &frames.open {
            let said = frame.replace("{}", text).replace("[]", &other.text);
            if let Some(got) = ask(&said) {
                tally.wrong.push(format!("{language} {said:?}: {got}"));
            }
        }
    }
    tally
}

fn check(spoken: impl Fn(&str) -> Vec<Spoken>, name: &str) {
    for language in LANGUAGES {
        for spoken in spoken(language) {
            let tally = tally(&spoken, &frames::of(language, name), language);
            assert!(
                tally.wrong.is_empty(),
                "{} of {language} {:?} are understood wrongly:\n{}",
                tally.wrong.len(),
                spoken.kind,
                first(&tally.wrong)
            );
            assert!(
                tally.understood * 100 >= UNDERSTOOD_PERCENT_MIN * tally.plain,
                "{} of {} {language} {:?} are asked again:\n{}",
                tally.missed.len(),
                tally.plain,
                spoken.kind,
                first(&tally.missed)
            );
        }
    }
}

fn first(lines: &[String]) -> String {
    lines.iter().take(30).cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn a_number_is_itself_in_whatever_words() {
    check(forms::numbers, "numbers");
}

#[test]
fn a_day_is_itself_in_whatever_words() {
    check(forms::days, "days");
}

#[test]
fn a_time_is_itself_in_whatever_words() {
    check(forms::times, "times");
}

#[test]
fn an_address_is_itself_however_it_is_spelled() {
    check(forms::addresses, "addresses");
}

#[test]
fn a_choice_is_itself_in_whatever_sentence() {
    check(forms::choices, "choices");
}

#[test]
fn a_yes_is_no_no_in_whatever_sentence() {
    check(forms::yes_and_no, "yes and no");
}
