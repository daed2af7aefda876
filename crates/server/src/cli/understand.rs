//! `switchboard understand`: what an answer means to a question, and why.

use super::CliError;
use super::segments::answer_lines;
use super::terminal::print;
use engine::understand::{AnswerType, Asked, Choice, Heard, Understanding, understand};
use serde::Deserialize;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What was said or typed
    #[arg(required_unless_present_any = ["json", "digits"], conflicts_with = "json")]
    said: Option<String>,
    /// The type of the answer: text, number, yes_no, multiple_choice, date, time, phone, email or digits
    #[arg(long = "type", value_name = "TYPE", value_parser = answer_type, conflicts_with = "json")]
    kind: Option<AnswerType>,
    /// A choice, once for each, in their order; with these the type is multiple_choice
    #[arg(long = "choice", value_name = "TEXT", conflicts_with = "json")]
    choices: Vec<String>,
    /// The words of the question, which tell units and whether a day is past
    #[arg(long, conflicts_with = "json")]
    question: Option<String>,
    /// The language of the answer
    #[arg(long, default_value = "en-US", conflicts_with = "json")]
    language: String,
    /// A country such as US, for phone numbers without a country code
    #[arg(long, conflicts_with = "json")]
    region: Option<String>,
    /// The keys that were pressed
    #[arg(long, conflicts_with = "json")]
    digits: Option<String>,
    /// How sure the recogniser is, from 0 to 1
    #[arg(long, conflicts_with = "json")]
    confidence: Option<f64>,
    /// The day from which "tomorrow" is counted; today where it is not given
    #[arg(long, value_name = "DATE", conflicts_with = "json")]
    call_date: Option<jiff::civil::Date>,
    /// Reads one JSON object a line, `{"lang","type","said"}` and more, and prints `{"value"}` or `{"ask_again"}`
    /// with `why` for each
    #[arg(long)]
    json: bool,
}

/// One line of `--json`. `choices` are texts or objects.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    lang: String,
    r#type: AnswerType,
    question: Option<String>,
    #[serde(default)]
    choices: Vec<Offered>,
    region: Option<String>,
    said: Option<String>,
    digits: Option<String>,
    confidence: Option<f64>,
    call_date: Option<jiff::civil::Date>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Offered {
    Text(String),
    Choice(Choice),
}

impl Offered {
    fn into_choice(self) -> Choice {
        match self {
            Offered::Text(value) => Choice { value, key: None, synonyms: Vec::new() },
            Offered::Choice(choice) => choice,
        }
    }
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    if args.json {
        return answer_lines(|question: Question| described(understood(question)));
    }
    let Some(kind) = args.kind.or((!args.choices.is_empty()).then_some(AnswerType::MultipleChoice)) else {
        return Err(CliError::misused(
            "the type of the answer is missing",
            "name it with --type, such as --type number",
        ));
    };
    if kind == AnswerType::MultipleChoice && args.choices.is_empty() {
        return Err(CliError::misused("there is nothing to choose from", "name each choice with --choice"));
    }
    let understanding = understood(Question {
        lang: args.language,
        r#type: kind,
        question: args.question,
        choices: args.choices.into_iter().map(Offered::Text).collect(),
        region: args.region,
        said: args.said,
        digits: args.digits,
        confidence: args.confidence,
        call_date: args.call_date,
    });
    print(&told(&understanding))?;
    Ok(ExitCode::SUCCESS)
}

fn answer_type(text: &str) -> Result<AnswerType, String> {
    serde_json::from_value(Value::from(text)).map_err(|_| {
        "known are text, number, yes_no, multiple_choice, date, time, phone, email and digits".to_owned()
    })
}

fn understood(question: Question) -> Understanding {
    let choices: Vec<Choice> = question.choices.into_iter().map(Offered::into_choice).collect();
    let asked = Asked {
        kind: question.r#type,
        choices: &choices,
        language: &question.lang,
        region: question.region.as_deref(),
        call_date: question.call_date.unwrap_or_else(|| jiff::Zoned::now().date()),
        question: question.question.as_deref(),
    };
    let heard = Heard {
        words: question.said.as_deref().unwrap_or(""),
        digits: question.digits.as_deref(),
        confidence: question.confidence,
    };
    understand(&asked, &heard)
}

fn described(understanding: Understanding) -> Value {
    match understanding {
        Understanding::Value { value, why } => json!({ "value": value, "why": why }),
        Understanding::AskAgain { why } => json!({ "ask_again": true, "why": why }),
    }
}

fn told(understanding: &Understanding) -> String {
    let (first, why) = match understanding {
        Understanding::Value { value: Value::String(text), why } => (text.clone(), why),
        Understanding::Value { value: Value::Bool(true), why } => ("yes".to_owned(), why),
        Understanding::Value { value: Value::Bool(false), why } => ("no".to_owned(), why),
        Understanding::Value { value, why } => (value.to_string(), why),
        Understanding::AskAgain { why } => ("ask again".to_owned(), why),
    };
    let mut out = format!("{first}\n");
    for sentence in why {
        out.push_str(&format!("  {sentence}\n"));
    }
    out
}
