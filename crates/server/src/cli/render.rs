//! `switchboard render`: a message template with its variables filled in.

use super::CliError;
use super::segments::answer_lines;
use super::terminal::print;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::process::ExitCode;
use template::{Context, Template};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The template
    #[arg(required_unless_present = "json", conflicts_with = "json")]
    template: Option<String>,
    /// Its variables, as a JSON object
    #[arg(long, value_name = "JSON", conflicts_with = "json")]
    vars: Option<String>,
    /// Sets one variable to a text, as NAME=VALUE; once for each
    #[arg(long = "var", value_name = "NAME=VALUE", conflicts_with = "json")]
    texts: Vec<String>,
    /// A language such as en-US, for dates, numbers and words
    #[arg(long, default_value = "en")]
    language: String,
    /// A country such as US, for phone numbers without a country code
    #[arg(long)]
    region: Option<String>,
    /// Reads one JSON object a line, `{"template","vars"}`, and prints `{"text"}` or `{"error"}` for each
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    template: String,
    #[serde(default)]
    vars: Map<String, Value>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let context = Context {
        now: jiff::Timestamp::now(),
        language: args.language,
        region: args.region,
        ..Context::default()
    };
    let Some(source) = args.template else {
        return answer_lines(|question: Question| {
            match rendered(&question.template, &question.vars, &context) {
                Ok(text) => json!({ "text": text }),
                Err(problem) => json!({ "error": problem.message }),
            }
        });
    };
    let vars = variables(args.vars.as_deref(), &args.texts)?;
    let text = rendered(&source, &vars, &context).map_err(|problem| CliError::Told {
        message: problem.message,
        hint: problem.hint,
        exit_code: 1,
    })?;
    print(&(text + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

struct Unrendered {
    message: String,
    hint: Option<String>,
}

fn rendered(source: &str, vars: &Map<String, Value>, context: &Context) -> Result<String, Unrendered> {
    if source.starts_with('`') {
        let message = "texts in JavaScript (between back-ticks) are not built yet".to_owned();
        return Err(Unrendered { message, hint: None });
    }
    let template = Template::parse(source)
        .map_err(|error| Unrendered { message: error.to_string(), hint: error.hint })?;
    template
        .render(vars, context)
        .map_err(|error| Unrendered { message: error.to_string(), hint: error.hint() })
}

fn variables(object: Option<&str>, texts: &[String]) -> Result<Map<String, Value>, CliError> {
    let mut vars = match object.map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(vars))) => vars,
        Some(_) => {
            let hint = r#"write it as --vars '{"name": "Ann"}', in single quotes"#;
            return Err(CliError::misused("--vars is no JSON object", hint));
        }
    };
    for pair in texts {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(CliError::misused(format!("{pair:?} has no `=`"), "write it as --var name=Ann"));
        };
        vars.insert(name.to_owned(), value.into());
    }
    Ok(vars)
}
