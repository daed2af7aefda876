//! `switchboard simulate`: a conversation with an agent in the terminal, or scripted ones.

mod endpoint;
mod llm;
mod report;
mod talk;

use super::CliError;
use super::check::{loaded_agent, loaded_workflow, read_file};
use super::journeys;
use super::script::{Call, Outcome};
use super::terminal::{COLUMNS, Paint, harmless, print, print_json, wrapped};
use engine::agent::Agent;
use engine::conversation::{Medium, Opening, TurnEntry, TurnKind};
use engine::id::ConversationId;
use engine::rehearsal::{Rehearsal, Reply, rehearse};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// An agent's file, YAML or JSON; with --script also a workflow's
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Plays scripted calls, one JSON object a line: `{"id","answers":[{"said" | "digits" | "silence":true}]}`
    #[arg(long, value_name = "CALLS.jsonl")]
    script: Option<PathBuf>,
    /// File of an agent that the workflow names; may be given several times
    #[arg(long = "agent", value_name = "FILE", requires = "script")]
    agents: Vec<PathBuf>,
    /// Prints one JSON object a call
    #[arg(long, requires = "script")]
    json: bool,
    /// Variables that the agent's texts use, as a JSON object
    #[arg(long, value_name = "JSON")]
    vars: Option<String>,
    /// Shows why each answer was taken as it was
    #[arg(long, conflicts_with = "script")]
    why: bool,
    /// By text instead of by voice
    #[arg(long, conflicts_with = "script")]
    text: bool,
    /// The person's language, such as es-MX
    #[arg(long, conflicts_with = "script")]
    language: Option<String>,
    #[command(flatten)]
    model: endpoint::ModelArgs,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let text = read_file(&args.file)?;
    if let Some(script) = &args.script
        && let Some(workflow) = loaded_workflow(&text, &args.file)?
    {
        return journeys::play(&workflow, &args.agents, script, args.json);
    }
    let agent = loaded_agent(&text, &args.file)?;
    let variables = variables(args.vars.as_deref())?;
    if let Agent::Llm(agent) = agent {
        return llm::run(*agent, &args, variables).await;
    }
    if args.model.conversations.is_some() {
        let hint = "its answers are always the same: play the script once, without --conversations";
        return Err(CliError::misused("a question agent asks no model", hint));
    }
    match &args.script {
        Some(script) => {
            if let Err(missing) = complete(&agent, &variables) {
                // What is missing leaves a gap, alike in every call.
                eprintln!("warning: {missing}; {}", missing.hint().unwrap_or_default());
            }
            play(&agent, script, &variables, args.json)
        }
        None => {
            let variables = asked_for(&agent, variables)?;
            talk(&agent, &args, variables)
        }
    }
}

fn variables(text: Option<&str>) -> Result<Map<String, Value>, CliError> {
    match text.map(serde_json::from_str) {
        None => Ok(Map::new()),
        Some(Ok(Value::Object(variables))) => Ok(variables),
        Some(_) => {
            let hint = r#"write it as --vars '{"name": "Ann"}', in single quotes"#;
            Err(CliError::misused("--vars is no JSON object", hint))
        }
    }
}

/// Variables without which somebody would hear half a sentence are named.
fn complete(agent: &Agent, variables: &Map<String, Value>) -> Result<(), CliError> {
    let (mut known, mut missing) = (variables.clone(), Vec::new());
    while let Some(name) = agent.missing_variable(&known) {
        known.insert(name.clone(), Value::from("?"));
        missing.push(name);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let hint = format!("give them: --vars '{}'", json!(known));
    Err(CliError::misused(format!("the agent's texts need `{}`", missing.join("`, `")), hint))
}

/// In the terminal they are asked for.
fn asked_for(agent: &Agent, mut variables: Map<String, Value>) -> Result<Map<String, Value>, CliError> {
    let mut lines = std::io::stdin().lines();
    while let Some(name) = agent.missing_variable(&variables) {
        print(&format!("{name}? "))?;
        let Some(line) = lines.next() else {
            complete(agent, &variables)?;
            break;
        };
        let line = line.map_err(CliError::io("standard input cannot be read"))?;
        variables.insert(name, Value::from(line.trim()));
    }
    Ok(variables)
}

/// Plays every line of a script. Ends with 1 where a line is no call, or where something else came of a call than
/// its line says.
fn play(
    agent: &Agent,
    script: &Path,
    variables: &Map<String, Value>,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let mut code = ExitCode::SUCCESS;
    for (number, line) in lines_of(&read_file(script)?) {
        let (call, replies) = match line {
            Ok(line) => line,
            Err(problem) => {
                code = ExitCode::FAILURE;
                let problem = format!("line {number} is no call: {problem}");
                if as_json {
                    print_json(&json!({ "error": problem }))?
                } else {
                    eprintln!("error: {problem}")
                }
                continue;
            }
        };
        let played = rehearse(agent, variables.clone(), &replies, Timestamp::now());
        let outcome = Outcome::of(&played);
        if as_json {
            print_json(&json!({
                "id": call.id,
                "asked": outcome.asked,
                "said": outcome.said,
                "values": outcome.values,
                "ended_by": outcome.ended_by,
            }))?;
        } else {
            print(&told(&call.id, &outcome))?;
        }
        for difference in call.expected.differences(&outcome) {
            code = ExitCode::FAILURE;
            eprintln!("error: {} (line {number}): {difference}", call.id);
        }
    }
    Ok(code)
}

/// A call of a script with what the caller says, or what is wrong with its line.
type Scripted = Result<(Call, Vec<Reply>), String>;

/// The calls of a script by the numbers of their lines.
fn lines_of(script: &str) -> Vec<(usize, Scripted)> {
    let numbered = script.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |line: &str| {
        let mut call = serde_json::from_str::<Call>(line).map_err(|error| error.to_string())?;
        let replies = std::mem::take(&mut call.answers);
        Ok((call, replies))
    };
    numbered.map(|(index, line)| (index + 1, read(line))).collect()
}

fn told(id: &str, outcome: &Outcome) -> String {
    let values: Vec<String> =
        outcome.values.iter().map(|(id, value)| format!("{id} = {}", harmless(&value.to_string()))).collect();
    format!(
        "{}: {} after {} questions\n    {}\n",
        harmless(id),
        outcome.ended_by,
        outcome.asked.len(),
        values.join(", ")
    )
}

/// How to answer, for whoever sits at the terminal.
const HELP: &str = "Type what you would say. An empty line is silence, /1 presses key 1, /why shows reasons, /bye hangs up.\n";

/// Holds one conversation with whoever types.
fn talk(agent: &Agent, args: &Args, variables: Map<String, Value>) -> Result<ExitCode, CliError> {
    let paint = Paint::for_output();
    let medium = if args.text { Medium::Text } else { Medium::Voice };
    let opening = Opening {
        variables,
        language: args.language.clone(),
        ..Opening::of(ConversationId::from_trusted("cnv_terminal"), medium)
    };
    print(&paint.faint(HELP))?;
    let mut shows_why = args.why;
    let mut rehearsal = Rehearsal::open(agent, opening, Timestamp::now());
    show(&rehearsal.take_log(), shows_why, paint)?;
    let mut lines = std::io::stdin().lock().lines();
    while rehearsal.conversation.ended_by().is_none() {
        print("> ")?;
        let Some(line) = lines.next() else {
            rehearsal.hang_up();
            break;
        };
        let line = line.map_err(CliError::io("standard input cannot be read"))?;
        match line.trim() {
            "/why" => {
                shows_why = !shows_why;
                continue;
            }
            "/bye" => rehearsal.hang_up(),
            typed => rehearsal.reply(&reply(typed)),
        }
        show(&rehearsal.take_log(), shows_why, paint)?;
    }
    conclude(rehearsal, paint)
}

fn reply(typed: &str) -> Reply {
    match typed.strip_prefix('/') {
        Some(keys) => Reply::Keys(keys.to_owned()),
        None if typed.is_empty() => Reply::Silence,
        None => Reply::Said { words: typed.to_owned(), confidence: None },
    }
}

/// What was said; with reasons, everything that is in the log.
fn show(log: &[TurnEntry], with_why: bool, paint: Paint) -> Result<(), CliError> {
    let mut out = String::new();
    for entry in log {
        match &entry.kind {
            TurnKind::Said { text }
            | TurnKind::Asked { text, .. }
            | TurnKind::AskedToConfirm { text, .. } => {
                for line in wrapped(&harmless(text), COLUMNS) {
                    out.push_str(&format!("{}\n", paint.bold(&line)));
                }
            }
            kind if with_why => {
                for line in wrapped(&harmless(&kind.sentence()), COLUMNS - 4) {
                    out.push_str(&format!("    {}\n", paint.faint(&line)));
                }
            }
            _ => {}
        }
    }
    print(&out)
}

fn conclude(rehearsal: Rehearsal<'_>, paint: Paint) -> Result<ExitCode, CliError> {
    let played = rehearsal.played();
    let by = played.ended_by.map_or("hangup", |by| by.as_str());
    let mut out = format!("\nended by {}\n", paint.bold(by));
    for (id, value) in &played.values {
        out.push_str(&format!("  {id} = {}\n", harmless(&value.to_string())));
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}
