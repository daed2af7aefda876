//! `switchboard paths`: every path through an agent, with the shortest answers that take it, or through a workflow.

use super::CliError;
use super::check::{loaded_agent, loaded_workflow, read_file};
use super::journeys;
use super::script::{Call, Outcome};
use super::terminal::{Paint, print, print_json};
use engine::agent::paths::{Paths, PlayedPath, paths};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file of an agent or a workflow, YAML or JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Prints one JSON object a path
    #[arg(long)]
    json: bool,
    /// Writes the paths as a suite of calls, which `simulate --script` plays and holds against what is written
    #[arg(long, value_name = "CALLS.jsonl")]
    suite: Option<PathBuf>,
    /// File of an agent that the workflow names, so that people answer it; may be given several times
    #[arg(long = "agent", value_name = "FILE")]
    agents: Vec<PathBuf>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let text = read_file(&args.file)?;
    if let Some(workflow) = loaded_workflow(&text, &args.file)? {
        return journeys::list(&workflow, &args.agents, args.suite.as_deref(), args.json);
    }
    let agent = loaded_agent(&text, &args.file)?;
    let Some(found) = paths(&agent, jiff::Timestamp::now()) else {
        let hint = "only the paths of question agents are known before they are talked to";
        return Err(CliError::misused("a language model decides where this conversation goes", hint));
    };
    if let Some(suite) = &args.suite {
        let lines: String = found.paths.iter().enumerate().map(|(index, path)| line(index, path)).collect();
        std::fs::write(suite, lines)
            .map_err(CliError::io(format!("{} cannot be written", suite.display())))?;
    }
    if args.json {
        found.paths.iter().enumerate().try_for_each(|(index, path)| print_json(&object(index, path)))?;
    } else {
        print(&told(&found, Paint::for_output()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A path as a call of a suite, with what has to come of it.
fn line(index: usize, path: &PlayedPath) -> String {
    let call = Call {
        id: name(index),
        answers: path.replies.clone(),
        tools: serde_json::Map::new(),
        expected: Outcome::of(&path.played).into(),
    };
    serde_json::to_string(&call).expect("a call is plain data") + "\n"
}

fn object(index: usize, path: &PlayedPath) -> Value {
    let steps: Vec<Value> = path
        .steps
        .iter()
        .map(|step| json!({"question": step.question, "answer": step.given, "way": step.way}))
        .collect();
    let mut object = json!({"id": name(index), "steps": steps});
    if let (Some(object), Ok(Value::Object(outcome))) =
        (object.as_object_mut(), serde_json::to_value(Outcome::of(&path.played)))
    {
        object.extend(outcome);
    }
    object
}

fn name(index: usize) -> String {
    format!("path {}", index + 1)
}

fn told(found: &Paths, paint: Paint) -> String {
    let plural = |count: u64| if count == 1 { "1 path".to_owned() } else { format!("{count} paths") };
    let mut out = plural(found.total);
    if found.is_cut {
        out = format!("more than {out}");
    }
    if found.has_loops {
        out.push_str(", and ways back to questions that were asked before");
    }
    if !found.is_complete {
        let shown = u64::try_from(found.paths.len()).unwrap_or(u64::MAX);
        out.push_str(&format!("; {} show every way out of every question", plural(shown)));
    }
    out.push('\n');
    for (index, path) in found.paths.iter().enumerate() {
        let ended = path.played.ended_by.map_or("open", |by| by.as_str());
        out.push_str(&format!("\n{}, {ended}\n", paint.bold(&name(index))));
        for step in &path.steps {
            let way = paint.faint(&step.way);
            out.push_str(&format!("  {}: {}  {way}\n", step.question, step.given));
        }
    }
    out
}
