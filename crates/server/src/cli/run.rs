//! `switchboard run`: starts a run, and where wanted tells its story as it happens.

use super::CliError;
use super::runs::Talks;
use super::story::{self, Key, Moment};
use super::terminal::{Paint, harmless, print, print_json};
use crate::api::runs::RunView;
use crate::api::workflows::{StartBody, StartedRun};
use crate::client::{Client, Connection, part};
use futures::{FutureExt as _, StreamExt as _};
use http::StatusCode;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A published workflow, or a file that is published first
    #[arg(value_name = "NAME|FILE")]
    workflow: String,
    /// What the workflow declares under `input`, as a JSON object; `-` reads standard input
    #[arg(long, value_name = "JSON")]
    input: Option<String>,
    /// Tells what happens until the run ends; the exit code is 1 where it fails
    #[arg(long)]
    follow: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let input = input(args.input.as_deref())?;
    let client = args.connection.open()?;
    let name = workflow(&client, &args.workflow).await?;
    let body = StartBody { input, wait: None };
    let started: StartedRun = client.post(&format!("/workflows/{}/runs", part(&name)), &body).await?;
    if args.json {
        print_json(&started)?;
    } else {
        let id = Paint::for_output().bold(&started.run);
        print(&format!("started {id} of {} version {}\n", started.workflow, started.version))?;
    }
    if !args.follow {
        return Ok(ExitCode::SUCCESS);
    }
    let ended = follow(&client, &started.run, args.json).await?;
    if let Some(result) = ended.result.as_ref().filter(|_| !args.json) {
        print(&format!("result {}\n", harmless(&result.to_string())))?;
    }
    Ok(if ended.status == "completed" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn input(text: Option<&str>) -> Result<Map<String, Value>, CliError> {
    let read = match text {
        None => return Ok(Map::new()),
        Some("-") => {
            let read = std::io::read_to_string(std::io::stdin());
            read.map_err(CliError::io("standard input cannot be read"))?
        }
        Some(text) => text.to_owned(),
    };
    match serde_json::from_str(&read) {
        Ok(Value::Object(input)) => Ok(input),
        Ok(_) => Err(CliError::misused("--input is no JSON object", EXAMPLE)),
        Err(error) => Err(CliError::misused(format!("--input is no JSON: {error}"), EXAMPLE)),
    }
}

const EXAMPLE: &str = r#"write it as --input '{"name": "Ann"}', in single quotes"#;

/// The workflow's name; a file is published.
async fn workflow(client: &Client, text: &str) -> Result<String, CliError> {
    let path = Path::new(text);
    let looks_like_file = text.contains('/')
        || path
            .extension()
            .is_some_and(|end| ["yaml", "yml", "json", "json5"].iter().any(|known| end == *known));
    if !looks_like_file {
        return Ok(text.to_owned());
    }
    let source = super::publish::read(path)?.ok_or_else(|| {
        CliError::told("the file has errors; nothing was started", "mend what stands above")
    })?;
    if source.is_agent() {
        let hint = "publish it, and run a workflow that calls with it; or try it with `switchboard simulate`";
        return Err(CliError::told("an agent cannot be run by itself", hint));
    }
    Ok(super::publish::publish(client, &source).await?.name)
}

/// Looks again after so long, whatever the events say: another node may have done something.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Events that come within so long are one occasion to look: a look is a handful of requests, of which a token has so
/// many a second.
const LOOK_TOGETHER: Duration = Duration::from_millis(250);

/// Tells the story as it happens; the run as it ended.
async fn follow(client: &Client, run: &str, json: bool) -> Result<RunView, CliError> {
    let mut events = client.watch(&format!("/events?run={run}")).await?.boxed();
    let paint = Paint::for_output();
    let mut told: HashSet<Key> = HashSet::new();
    let mut known = Talks::default();
    let mut is_watching = true;
    loop {
        match super::runs::story_of(client, run, &mut known).await {
            Ok((view, moments)) => {
                tell_new(&moments, &mut told, paint, json)?;
                if view.status != "running" {
                    return Ok(view);
                }
            }
            Err(CliError::Refused(problem)) if problem.status == StatusCode::TOO_MANY_REQUESTS => {
                // Others with the same token ask too: what happened meanwhile is seen later.
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
                continue;
            }
            Err(error) => return Err(error),
        }
        tokio::select! {
            event = events.next(), if is_watching => is_watching = matches!(event, Some(Ok(_))),
            () = tokio::time::sleep(LOOK_AGAIN_AFTER) => {}
        }
        // While somebody talks there are many events, and one look sees what all of them tell of.
        tokio::time::sleep(LOOK_TOGETHER).await;
        while is_watching && let Some(event) = events.next().now_or_never() {
            is_watching = matches!(event, Some(Ok(_)));
        }
    }
}

fn tell_new(moments: &[Moment], told: &mut HashSet<Key>, paint: Paint, json: bool) -> Result<(), CliError> {
    for moment in moments {
        if !told.insert(moment.key.clone()) {
            continue;
        }
        if json {
            print_json(&serde_json::json!({ "at": moment.at, "text": moment.text.trim_start() }))?;
        } else {
            print(&story::lines(moment, paint))?;
        }
    }
    Ok(())
}
