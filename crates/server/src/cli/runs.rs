//! `switchboard runs`: what ran, and the whole story of one.

use super::CliError;
use super::story::{self, Moment, Parts, moment_of};
use super::terminal::{Paint, print, print_json, print_json_lines, print_table};
use crate::api::conversations::{ConversationDetail, ConversationView};
use crate::api::pages::Page;
use crate::api::runs::{Canceled, LogLine, RunSummary, RunView};
use crate::client::{Client, Connection, part, query};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::HashMap;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists runs, newest first
    List(List),
    /// Tells the whole story of a run, with times
    Show(Show),
    /// Ends a run before its time
    Cancel(Cancel),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Those of this workflow
    #[arg(long, value_name = "NAME")]
    workflow: Option<String>,
    /// running, completed, failed or canceled
    #[arg(long)]
    status: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Prints one JSON object a run
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The run; the newest where nothing is said
    #[arg(value_name = "ID")]
    run: Option<String>,
    /// Prints one JSON object: the run, its log, its texts, its calls and its conversations
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Cancel {
    /// The run
    #[arg(value_name = "ID")]
    run: String,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list(args).await,
        Command::Show(args) => show(args).await,
        Command::Cancel(args) => cancel(args).await,
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let filter = query(&[
        ("workflow", args.workflow),
        ("status", args.status),
        ("limit", Some(args.limit.to_string())),
    ]);
    let page: Page<RunSummary> = client.get(&format!("/runs{filter}")).await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |run: &RunSummary| {
        vec![
            run.id.clone(),
            run.workflow.clone(),
            run.version.to_string(),
            run.status.clone(),
            moment_of(run.started_at),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    print_table(&["RUN", "WORKFLOW", "VERSION", "STATUS", "STARTED (UTC)"], rows, "There are no runs.")?;
    Ok(ExitCode::SUCCESS)
}

async fn show(args: Show) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let run = match args.run {
        Some(run) => run,
        None => newest(&client).await?,
    };
    if args.json {
        let Parts { run, log, messages, calls, conversations } =
            parts_of(&client, &run, &mut Talks::default()).await?;
        print_json(&json!({
            "run": run, "log": log, "messages": messages, "calls": calls, "conversations": conversations,
        }))?;
    } else {
        let parts = parts_of(&client, &run, &mut Talks::default()).await?;
        let told = story::told(&parts.run, &story::moments(&parts), Paint::for_output());
        print(&(told + &story::waiting(&parts)))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn newest(client: &Client) -> Result<String, CliError> {
    let page: Page<RunSummary> = client.get("/runs?limit=1").await?;
    let newest = page.items.into_iter().next();
    newest
        .map(|run| run.id)
        .ok_or_else(|| CliError::told("there are no runs yet", "start one with `switchboard run NAME`"))
}

/// A run with what happened to it, in order.
pub(super) async fn story_of(
    client: &Client,
    run: &str,
    known: &mut Talks,
) -> Result<(RunView, Vec<Moment>), CliError> {
    let parts = parts_of(client, run, known).await?;
    let moments = story::moments(&parts);
    Ok((parts.run, moments))
}

/// Conversations by id, as they were last seen: those that ended are not asked for again.
#[derive(Default)]
pub(super) struct Talks(HashMap<String, ConversationDetail>);

impl Talks {
    async fn read(
        &mut self,
        client: &Client,
        listed: &ConversationView,
    ) -> Result<ConversationDetail, CliError> {
        let is_known = |seen: &&ConversationDetail| {
            listed.ended_at.is_some() && seen.conversation.updated_at == listed.updated_at
        };
        if let Some(seen) = self.0.get(&listed.id).filter(is_known) {
            return Ok(seen.clone());
        }
        let read: ConversationDetail = client.get(&format!("/conversations/{}", part(&listed.id))).await?;
        self.0.insert(listed.id.clone(), read.clone());
        Ok(read)
    }
}

async fn parts_of(client: &Client, run: &str, known: &mut Talks) -> Result<Parts, CliError> {
    let path = format!("/runs/{}", part(run));
    let talks = format!("/conversations{}", query(&[("run", Some(run.to_owned()))]));
    // The run is asked for first: what it tells of its end is in the log that is asked for afterwards.
    let run: RunView = client.get(&path).await?;
    let log: Page<LogLine> = client.get(&format!("{path}/log")).await?;
    let messages = oldest_first(client, &format!("{path}/messages")).await?;
    let calls = oldest_first(client, &format!("{path}/calls")).await?;
    let mut conversations = Vec::new();
    for view in oldest_first::<ConversationView>(client, &talks).await? {
        conversations.push(known.read(client, &view).await?);
    }
    Ok(Parts { run, log: log.items, messages, calls, conversations })
}

/// All pages of a list.
async fn oldest_first<T: DeserializeOwned>(client: &Client, path: &str) -> Result<Vec<T>, CliError> {
    let mut all: Vec<T> = Vec::new();
    let mut cursor = None;
    loop {
        let parameters = query(&[("limit", Some("200".to_owned())), ("cursor", cursor)]);
        // A path may have a filter of its own.
        let parameters = if path.contains('?') { parameters.replacen('?', "&", 1) } else { parameters };
        let page: Page<T> = client.get(&format!("{path}{parameters}")).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    all.reverse();
    Ok(all)
}

async fn cancel(args: Cancel) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let canceled: Canceled = client.post(&format!("/runs/{}/cancel", part(&args.run)), &json!({})).await?;
    if args.json {
        print_json(&canceled)?;
    } else if canceled.canceled {
        print(&format!("{} is canceled\n", canceled.run))?;
    } else {
        print(&format!("{} was {} already\n", canceled.run, canceled.status))?;
    }
    Ok(ExitCode::SUCCESS)
}
