//! Paths through workflows: told, written as a suite, and played again.

use super::CliError;
use super::check::{loaded_agent, read_file};
use super::terminal::{Paint, harmless, print, print_json};
use engine::journey::{Came, Cast, Happening, Journey, Way, go, journeys};
use engine::rehearsal::Reply;
use engine::workflow::Workflow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// One line of a suite: a way, and what has to come of it.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    id: String,
    #[serde(flatten)]
    way: Way,
    #[serde(flatten)]
    came: Came,
}

/// Lists every path, or writes them as a suite too.
pub(super) fn list(
    workflow: &Workflow,
    agents: &[PathBuf],
    suite: Option<&Path>,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let cast = cast(workflow, agents)?;
    let all = journeys(workflow, &cast, Timestamp::now());
    let lines: Vec<Line> =
        all.found.iter().enumerate().map(|(index, journey)| line(index, journey)).collect();
    if let Some(suite) = suite {
        let text: String = lines
            .iter()
            .map(|line| serde_json::to_string(line).expect("a line is plain data") + "\n")
            .collect();
        std::fs::write(suite, text)
            .map_err(CliError::io(format!("{} cannot be written", suite.display())))?;
    }
    if as_json {
        lines.iter().try_for_each(print_json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let paint = Paint::for_output();
    let count = if lines.len() == 1 { "1 path".to_owned() } else { format!("{} paths", lines.len()) };
    let cut = if all.is_cut { ", and more that were not gone" } else { "" };
    let mut out = format!("{count}{cut}\n");
    for line in &lines {
        out += &told(line, paint);
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

fn line(index: usize, journey: &Journey) -> Line {
    Line { id: format!("path {}", index + 1), way: journey.way.clone(), came: journey.came.clone() }
}

fn told(line: &Line, paint: Paint) -> String {
    let cause = line.came.cause.as_deref().map(|cause| format!(" as {cause}")).unwrap_or_default();
    let mut out = format!("\n{}, {}{cause}\n", paint.bold(&line.id), line.came.status);
    if !line.way.input.is_empty() {
        out += &format!("  input {}\n", harmless(&json!(line.way.input).to_string()));
    }
    let happens: Vec<String> = line.way.happenings.iter().map(words).collect();
    if !happens.is_empty() {
        out += &format!("  then  {}\n", happens.join(", "));
    }
    let steps: Vec<String> = line
        .came
        .path
        .iter()
        .map(|passed| match &passed.outcome {
            Some(outcome) => format!("{} ({outcome})", passed.block),
            None => passed.block.clone(),
        })
        .collect();
    out += &format!("  {}\n", paint.faint(&steps.join(" > ")));
    out
}

/// Who talks in the workflow's blocks. Those of whom nothing is known are named.
fn cast(workflow: &Workflow, files: &[PathBuf]) -> Result<Cast, CliError> {
    let load = |file: &PathBuf| loaded_agent(&read_file(file)?, file);
    let agents = files.iter().map(load).collect::<Result<Vec<_>, _>>()?;
    let cast = Cast::of(workflow, &agents);
    for name in cast.unknown() {
        eprintln!(
            "warning: what people answer to the agent `{name}` is left out; name its file: --agent FILE"
        );
    }
    Ok(cast)
}

fn words(happening: &Happening) -> String {
    match happening {
        Happening::Answers(replies) if replies.is_empty() => "no answers".to_owned(),
        Happening::Answers(replies) => {
            let said: Vec<String> = replies.iter().map(answer).collect();
            format!("answers {}", said.join(" "))
        }
        Happening::Reply(text) => format!("\u{201c}{}\u{201d}", harmless(text)),
        Happening::Stop => "STOP".to_owned(),
        Happening::Time => "time passes".to_owned(),
        Happening::Comes(outcome) => outcome.name().to_owned(),
    }
}

fn answer(reply: &Reply) -> String {
    match reply {
        Reply::Said { words, .. } => format!("\u{201c}{}\u{201d}", harmless(words)),
        Reply::Keys(keys) => format!("[{}]", harmless(keys)),
        Reply::Silence => "[silence]".to_owned(),
    }
}

/// Plays a suite. Ends with 1 where a line is none, or something else comes of it than it says.
pub(super) fn play(
    workflow: &Workflow,
    agents: &[PathBuf],
    suite: &Path,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let cast = cast(workflow, agents)?;
    let text = read_file(suite)?;
    let mut code = ExitCode::SUCCESS;
    for (index, text) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = index + 1;
        let line: Line = match serde_json::from_str(text) {
            Ok(line) => line,
            Err(error) => {
                code = ExitCode::FAILURE;
                eprintln!("error: line {number} is no path: {error}");
                continue;
            }
        };
        let came = go(workflow, &cast, &line.way, Timestamp::now());
        if as_json {
            print_json(&json!({"id": line.id, "came": came}))?;
        }
        if came.as_ref() == Some(&line.came) {
            if !as_json {
                print(&format!("{}: as before\n", harmless(&line.id)))?;
            }
            continue;
        }
        code = ExitCode::FAILURE;
        let now = came.map_or_else(|| "the input does not fit".to_owned(), |came| json!(came).to_string());
        eprintln!("error: {} (line {number}): {} came, and not {}", line.id, now, json!(line.came));
    }
    Ok(code)
}
