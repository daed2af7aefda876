//! `switchboard segments`: what a text costs, and which characters make it dear.

use super::CliError;
use super::terminal::{print, print_json};
use ::segments::{Encoding, Measure, measure, suggest};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::BufRead as _;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The text
    #[arg(required_unless_present = "json", conflicts_with = "json")]
    text: Option<String>,
    /// Reads one JSON object a line, `{"text"}`, and prints one a line
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    text: String,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    match args.text {
        Some(text) => {
            print(&told(&text, &measure(&text)))?;
            Ok(ExitCode::SUCCESS)
        }
        None => answer_lines(|question: Question| described(&measure(&question.text))),
    }
}

/// Reads questions from standard input, one a line, and prints an answer for each. A line that is no question is
/// answered with what is wrong with it, and makes the exit code 1.
pub(super) fn answer_lines<Q: serde::de::DeserializeOwned>(
    answer: impl Fn(Q) -> Value,
) -> Result<ExitCode, CliError> {
    let mut code = ExitCode::SUCCESS;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(CliError::io("standard input cannot be read"))?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(&line) {
            Ok(question) => print_json(&answer(question))?,
            Err(error) => {
                code = ExitCode::FAILURE;
                print_json(&json!({ "error": format!("the line is no question: {error}") }))?;
            }
        }
    }
    Ok(code)
}

fn described(measure: &Measure) -> Value {
    let culprits: Vec<Value> = measure
        .culprits
        .iter()
        .map(|culprit| {
            let mut object = json!({ "char": culprit.char, "index": culprit.index });
            if let Some(other) = suggest(culprit.char) {
                object["suggestion"] = other.into();
            }
            object
        })
        .collect();
    json!({
        "encoding": name(measure.encoding),
        "units": measure.units,
        "segments": measure.segments,
        "culprits": culprits,
    })
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Gsm7 => "GSM-7",
        Encoding::Ucs2 => "UCS-2",
    }
}

fn told(text: &str, measure: &Measure) -> String {
    let segments =
        if measure.segments == 1 { "1 segment".to_owned() } else { format!("{} segments", measure.segments) };
    let mut out = format!("{segments} of {}, {} units\n", name(measure.encoding), measure.units);
    for culprit in &measure.culprits {
        out.push_str(&format!(
            "{:?} (U+{:04X}) at character {} forces UCS-2",
            culprit.char,
            u32::from(culprit.char),
            culprit.index + 1
        ));
        if let Some(other) = suggest(culprit.char) {
            out.push_str(&format!("; {other:?} would not"));
        }
        out.push('\n');
    }
    let encoded = ::segments::smart_encode(text);
    let shorter = measure_of(&encoded);
    if shorter < measure.segments {
        out.push_str(&format!("with plain characters instead: {shorter} of GSM-7\n"));
    }
    out
}

fn measure_of(text: &str) -> usize {
    measure(text).segments
}
