//! `switchboard messages`: texts, one with its history, and a word on held ones.

use super::CliError;
use super::story::moment_of;
use super::terminal::{
    COLUMNS, Paint, harmless, print, print_json, print_json_lines, print_table, shortened, wrapped,
};
use crate::api::messages::{Decision, MessageDetail, MessageView, ResolveBody};
use crate::api::pages::Page;
use crate::api::waiting::WaitingView;
use crate::client::{Connection, part, query};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists texts, newest first
    List(List),
    /// Shows a text with all that happened to it
    Show(Show),
    /// Decides about a text of which nothing proves that it was sent or not
    Resolve(Resolve),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Those of this run
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Those to and from this person
    #[arg(long, value_name = "NUMBER")]
    contact: Option<String>,
    /// inbound or outbound
    #[arg(long)]
    direction: Option<String>,
    /// queued, dispatching, unknown, accepted, failed, held, test or received
    #[arg(long)]
    state: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Prints one JSON object a text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The text
    #[arg(value_name = "ID")]
    message: String,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Resolve {
    /// The held text
    #[arg(value_name = "ID")]
    message: String,
    /// What is to become of it
    #[arg(value_enum)]
    decision: Decision,
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
        Command::Resolve(args) => resolve(args).await,
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let filter = query(&[
        ("run", args.run),
        ("contact", args.contact),
        ("direction", args.direction),
        ("state", args.state),
        ("limit", Some(args.limit.to_string())),
    ]);
    let page: Page<MessageView> = client.get(&format!("/messages{filter}")).await?;
    if args.json {
        print_json_lines(&page.items)?;
    } else {
        print_messages(&page.items)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One line a text.
pub(super) fn print_messages(messages: &[MessageView]) -> Result<(), CliError> {
    let row = |message: &MessageView| {
        vec![
            message.id.clone(),
            moment_of(message.created_at),
            format!("{} {}", arrow(message), person(message)),
            stand(message),
            shortened(&words(message), 40),
        ]
    };
    let rows = messages.iter().map(row).collect();
    print_table(&["TEXT", "TIME (UTC)", "PERSON", "STATUS", "WORDS"], rows, "There are no texts.")
}

/// What it says: its words, else its template.
pub(super) fn words(message: &MessageView) -> String {
    message.body.clone().or_else(|| template(message)).unwrap_or_default()
}

/// The template that went out, or that does where the text beside it may not: its SID, and what fills it.
pub(super) fn template(message: &MessageView) -> Option<String> {
    let sid = message.content_sid.as_ref()?;
    let variables = message.content_variables.iter().map(|(name, value)| format!("{name}: {value}"));
    let variables = variables.collect::<Vec<_>>().join(", ");
    let filled = if variables.is_empty() { String::new() } else { format!(" ({variables})") };
    // By WhatsApp free words go out in its place where they may.
    let has_words = message.body.is_some() || !message.media.is_empty();
    let is_open = message.sent_as.is_none() && message.channel == "whatsapp" && has_words;
    let when = if is_open { ", where the person has not written within 24 hours" } else { "" };
    Some(format!("template {sid}{filled}{when}"))
}

fn arrow(message: &MessageView) -> &'static str {
    if message.direction == "inbound" { "from" } else { "to" }
}

/// The person's address.
fn person(message: &MessageView) -> &str {
    if message.direction == "inbound" { message.from.as_deref().unwrap_or_default() } else { &message.to }
}

/// The provider's status where it has the text, else how far we are.
fn stand(message: &MessageView) -> String {
    message.status.as_ref().filter(|_| message.state == "accepted").unwrap_or(&message.state).clone()
}

async fn show(args: Show) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let detail: MessageDetail = client.get(&format!("/messages/{}", part(&args.message))).await?;
    if args.json {
        print_json(&detail)?;
    } else {
        print(&told(&detail, Paint::for_output()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(detail: &MessageDetail, paint: Paint) -> String {
    let message = &detail.message;
    let mut out = format!(
        "{} {} {} {}: {}\n",
        paint.bold(&message.id),
        message.channel,
        arrow(message),
        person(message),
        paint.status(&stand(message))
    );
    let ours = if message.direction == "inbound" { Some(&message.to) } else { message.from.as_ref() };
    let facts = [
        ("our sender", ours.or(message.service.as_ref()).cloned()),
        ("sid", message.sid.clone()),
        ("run", message.run.clone()),
        ("error", message.error_code.map(|code| code.to_string())),
        ("segments", message.segments.clone()),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            out.push_str(&format!("{name}: {value}\n"));
        }
    }
    out.push_str(&waiting(detail.waiting.as_ref()));
    if let Some(template) = template(message) {
        wrapped(&harmless(&template), COLUMNS).iter().for_each(|line| out.push_str(&(line.clone() + "\n")));
    }
    for line in wrapped(&harmless(message.body.as_deref().unwrap_or_default()), COLUMNS - 2) {
        out.push_str(&format!("| {line}\n"));
    }
    for line in &detail.history {
        let time = moment_of(line.at);
        for (number, words) in wrapped(&harmless(&line.sentence), COLUMNS - 21).iter().enumerate() {
            let start = if number == 0 { time.clone() } else { " ".repeat(time.len()) };
            out.push_str(&format!("{}  {words}\n", paint.faint(&start)));
        }
        let reasons = line.event.get("reasons").and_then(|reasons| reasons.as_array());
        for reason in reasons.into_iter().flatten().filter_map(|reason| reason.as_str()) {
            out.push_str(&format!("{}  allowed because {reason}\n", " ".repeat(time.len())));
        }
    }
    out
}

/// Why something is queued still; nothing where it is not.
pub(super) fn waiting(waiting: Option<&WaitingView>) -> String {
    let Some(WaitingView { sentence, until, .. }) = waiting else { return String::new() };
    let until = until.map(|until| format!(" until {}", moment_of(until))).unwrap_or_default();
    let lines = wrapped(&harmless(&format!("waits{until}: {sentence}")), COLUMNS);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

async fn resolve(args: Resolve) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let path = format!("/messages/{}/resolve", part(&args.message));
    let message: MessageView = client.post(&path, &ResolveBody { decision: args.decision }).await?;
    if args.json {
        print_json(&message)?;
    } else {
        print(&format!("{} is {}\n", message.id, message.state))?;
    }
    Ok(ExitCode::SUCCESS)
}
