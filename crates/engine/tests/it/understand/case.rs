//! One labelled answer.

use engine::understand::{AnswerType, Asked, Choice, Heard, Understanding, understand};
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// A line of the corpus. `value` is what the answer means; with `ask_again` nobody can tell.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    lang: String,
    r#type: AnswerType,
    #[serde(default)]
    said: String,
    value: Option<Value>,
    ask_again: Option<bool>,
    question: Option<String>,
    #[serde(default)]
    choices: Vec<Offered>,
    region: Option<String>,
    digits: Option<String>,
    confidence: Option<f64>,
    call_date: Option<jiff::civil::Date>,
}

/// A choice as authors write it: a text, or an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Offered {
    Text(String),
    Choice(Choice),
}

pub(super) struct Case {
    pub(super) line: String,
    labelled: Labelled,
    choices: Vec<Choice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// A value was given that is not the labelled one, or where there is none.
    Wrong,
    /// Asked again although there is a value.
    Missed,
}

impl Case {
    pub(super) fn read(line: &str) -> Case {
        let mut labelled: Labelled =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("no case: {error}"));
        let choices = labelled
            .choices
            .drain(..)
            .map(|offered| match offered {
                Offered::Text(value) => Choice { value, key: None, synonyms: Vec::new() },
                Offered::Choice(choice) => choice,
            })
            .collect();
        let has_label = labelled.value.is_some() != labelled.ask_again.is_some();
        assert!(has_label, "a case has either a value or ask_again");
        Case { line: line.to_owned(), labelled, choices }
    }

    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            kind: self.labelled.r#type,
            choices: &self.choices,
            language: &self.labelled.lang,
            region: self.labelled.region.as_deref(),
            call_date: self.labelled.call_date.unwrap_or(jiff::civil::date(2026, 11, 23)),
            question: self.labelled.question.as_deref(),
        }
    }

    pub(super) fn heard(&self) -> Heard<'_> {
        Heard {
            words: &self.labelled.said,
            digits: self.labelled.digits.as_deref(),
            confidence: self.labelled.confidence,
        }
    }

    /// The language without its region.
    pub(super) fn language(&self) -> String {
        self.labelled.lang.split('-').next().unwrap_or("").to_owned()
    }

    /// The type of the answer as the corpus writes it.
    pub(super) fn kind(&self) -> String {
        let kind = serde_json::to_value(self.labelled.r#type).expect("a name");
        kind.as_str().expect("a text").to_owned()
    }

    pub(super) fn has_value(&self) -> bool {
        self.labelled.value.is_some()
    }

    pub(super) fn understood(&self) -> Understanding {
        understand(&self.asked(), &self.heard())
    }

    pub(super) fn verdict(&self) -> Verdict {
        match (self.understood(), &self.labelled.value) {
            (Understanding::Value { value, .. }, Some(labelled)) if is_same(&value, labelled) => {
                Verdict::Right
            }
            (Understanding::Value { .. }, _) => Verdict::Wrong,
            (Understanding::AskAgain { .. }, Some(_)) => Verdict::Missed,
            (Understanding::AskAgain { .. }, None) => Verdict::Right,
        }
    }
}

/// Numbers by value, so that 5 and 5.0 are one; everything else as it is. What has no end as a decimal, as two thirds,
/// is the label where it is rounded to as many decimals.
fn is_same(got: &Value, labelled: &Value) -> bool {
    match (got.as_f64(), labelled.as_f64()) {
        (Some(got), Some(label)) if is_endless(got) => {
            let decimals = labelled.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let decimals = decimals.min(DECIMALS_COMPARED_MAX);
            format!("{got:.decimals$}") == format!("{label:.decimals$}") && decimals >= 2
        }
        (Some(got), Some(labelled)) => got == labelled,
        _ => got == labelled,
    }
}

/// Values have no more decimals than these.
const DECIMALS_COMPARED_MAX: usize = 8;

/// Whether a number has more decimals than anybody says.
fn is_endless(number: f64) -> bool {
    (number * 1e6).round() / 1e6 != number
}

/// The cases of all files of a folder beside this one.
pub(super) fn read_folder(name: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/understand").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    paths.sort();
    let text = |path: &Path| std::fs::read_to_string(path).expect("it can be read");
    let lines = paths.iter().map(|path| text(path)).collect::<Vec<_>>().concat();
    lines.lines().filter(|line| !line.trim().is_empty()).map(Case::read).collect()
}
