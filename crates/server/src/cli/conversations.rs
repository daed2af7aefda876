//! `switchboard conversations`: what agents talked about, and with whom.

use super::CliError;
use super::story::moment_of;
use super::terminal::{Paint, harmless, print, print_json, print_json_lines, print_table};
use crate::api::conversations::{ConversationDetail, ConversationView, FindingsView, TranscriptLine};
use crate::api::pages::Page;
use crate::client::{Client, Connection, part, query};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists conversations, newest first
    List(List),
    /// Shows a conversation with its answers and its transcript
    Show(Show),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Those of this run
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Those of this agent
    #[arg(long, value_name = "NAME")]
    agent: Option<String>,
    /// Those with this person
    #[arg(long, value_name = "NUMBER")]
    contact: Option<String>,
    /// waiting, talking or ended
    #[arg(long)]
    status: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Prints one JSON object a conversation
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The conversation; the newest where none is named
    #[arg(value_name = "ID")]
    conversation: Option<String>,
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
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let filter = query(&[
        ("run", args.run),
        ("agent", args.agent),
        ("contact", args.contact),
        ("status", args.status),
        ("limit", Some(args.limit.to_string())),
    ]);
    let page: Page<ConversationView> = client.get(&format!("/conversations{filter}")).await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |view: &ConversationView| {
        vec![
            view.id.clone(),
            moment_of(view.started_at),
            view.agent.clone(),
            format!("{} {}", view.channel, view.contact),
            stand(view),
            cost(view).unwrap_or_default(),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    let heads = ["CONVERSATION", "TIME (UTC)", "AGENT", "PERSON", "STATUS", "COST"];
    print_table(&heads, rows, "There are no conversations.")?;
    Ok(ExitCode::SUCCESS)
}

fn stand(view: &ConversationView) -> String {
    match (&view.ended_by, &view.unavailable) {
        (Some(by), _) => format!("ended by {by}"),
        (None, Some(_)) => format!("{}, sealed", view.status),
        (None, None) => view.status.clone(),
    }
}

/// In US dollars; marked where it is rather too much than too little.
fn cost(view: &ConversationView) -> Option<String> {
    let most = if view.cost_is_assumed { "at most " } else { "" };
    view.cost.map(|cost| format!("{most}${cost:.6}"))
}

async fn show(args: Show) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let id = match args.conversation {
        Some(id) => id,
        None => newest(&client).await?,
    };
    let path = format!("/conversations/{}", part(&id));
    let detail: ConversationDetail = client.get(&path).await?;
    if args.json {
        print_json(&detail)?;
    } else {
        print(&story(&detail, Paint::for_output()))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn newest(client: &Client) -> Result<String, CliError> {
    let page: Page<ConversationView> = client.get("/conversations?limit=1").await?;
    let newest = page.items.into_iter().next();
    newest.map(|conversation| conversation.id).ok_or_else(|| {
        CliError::told(
            "there are no conversations yet",
            "let an agent talk, as by a block of type voiceAgent",
        )
    })
}

fn story(detail: &ConversationDetail, paint: Paint) -> String {
    let view = &detail.conversation;
    let version = view.agent_version.map(|version| format!(" version {version}")).unwrap_or_default();
    let mut text = format!(
        "{}  {}{version}, {} with {}, {}\n",
        paint.bold(&view.id),
        view.agent,
        view.channel,
        view.contact,
        stand(view)
    );
    for (label, value) in [("call", &view.call), ("run", &view.run)] {
        if let Some(value) = value {
            text += &format!("  {label} {value}\n");
        }
    }
    if let Some(cost) = cost(view) {
        text += &format!("  cost {cost}\n");
    }
    if let Some(why) = &view.unavailable {
        text += &format!("  nothing more is known: {why}\n");
    }
    if !detail.answers.is_empty() {
        text += "answers\n";
    }
    for (question, answer) in &detail.answers {
        text += &format!("  {question}: {}\n", harmless(&answer["value"].to_string()));
    }
    if let Some(findings) = &detail.findings {
        text += &found(findings);
    }
    text += "transcript\n";
    for line in &detail.transcript {
        text += &format!("  {}  {}\n", moment_of(line.at), said(line));
    }
    text
}

/// What was found out behind the call.
fn found(findings: &FindingsView) -> String {
    let mut text = "found out\n".to_owned();
    for (name, value) in &findings.fields {
        text += &format!("  {name}: {}\n", harmless(&value.to_string()));
    }
    for (name, words) in [("summary", &findings.summary), ("outcome", &findings.outcome)] {
        if let Some(words) = words {
            text += &format!("  {name}: {}\n", harmless(words));
        }
    }
    for problem in &findings.problems {
        text += &format!("  not all of it: {}\n", harmless(problem));
    }
    text
}

fn said(line: &TranscriptLine) -> String {
    format!("{:<6} {}", line.who, harmless(&line.sentence))
}
