//! `switchboard calls`: calls, one with its history, placing one, and a word on held ones.

use super::CliError;
use super::story::moment_of;
use super::terminal::{
    COLUMNS, Paint, harmless, print, print_json, print_json_lines, print_table, shortened, wrapped,
};
use crate::api::calls::{CallBody, CallDetail, CallView};
use crate::api::messages::{Decision, ResolveBody};
use crate::api::pages::Page;
use crate::client::{Connection, part, query};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists calls, newest first
    List(List),
    /// Shows a call with all that happened to it
    Show(Show),
    /// Places a call outside of any run
    Place(Place),
    /// Decides about a call of which nothing proves that it was placed or not
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
    /// Prints one JSON object a call
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The call
    #[arg(value_name = "ID")]
    call: String,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// Who is called
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// What is spoken
    #[arg(long, value_name = "TEXT", required_unless_present = "audio")]
    message: Option<String>,
    /// Address of a recording that is played first
    #[arg(long, value_name = "URL")]
    audio: Option<String>,
    /// A number of ours, or a sender's name; needed where there are several
    #[arg(long)]
    from: Option<String>,
    /// Needed where several credentials could call
    #[arg(long, value_name = "NAME")]
    credential: Option<String>,
    /// Who speaks: `switchboard voices` lists them
    #[arg(long)]
    voice: Option<String>,
    /// Such as en-US
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// What it is for: transactional, marketing or emergency
    #[arg(long, value_name = "CLASS")]
    message_class: Option<String>,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Resolve {
    /// The held call
    #[arg(value_name = "ID")]
    call: String,
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
        Command::Place(args) => place(args).await,
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
    let page: Page<CallView> = client.get(&format!("/calls{filter}")).await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |call: &CallView| {
        vec![
            call.id.clone(),
            moment_of(call.created_at),
            format!("{} {}", arrow(call), person(call)),
            stand(call),
            shortened(call.message.as_deref().unwrap_or_default(), 40),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    print_table(&["CALL", "TIME (UTC)", "PERSON", "STATUS", "WORDS"], rows, "There are no calls.")?;
    Ok(ExitCode::SUCCESS)
}

fn arrow(call: &CallView) -> &'static str {
    if call.direction == "inbound" { "from" } else { "to" }
}

fn person(call: &CallView) -> &str {
    if call.direction == "inbound" { call.from.as_deref().unwrap_or_default() } else { &call.to }
}

/// What came of it, else the provider's status where it has the call, else how far we are.
fn stand(call: &CallView) -> String {
    let status = call.status.as_ref().filter(|_| matches!(call.state.as_str(), "accepted" | "received"));
    call.outcome.as_ref().or(status).unwrap_or(&call.state).clone()
}

async fn show(args: Show) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let detail: CallDetail = client.get(&format!("/calls/{}", part(&args.call))).await?;
    if args.json {
        print_json(&detail)?;
    } else {
        print(&told(&detail, Paint::for_output()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(detail: &CallDetail, paint: Paint) -> String {
    let call = &detail.call;
    let head = paint.bold(&call.id);
    let mut out = format!("{head} call {} {}: {}\n", arrow(call), person(call), paint.status(&stand(call)));
    let ours = if call.direction == "inbound" { Some(call.to.clone()) } else { call.from.clone() };
    let facts = [
        ("our number", ours),
        ("sid", call.sid.clone()),
        ("run", call.run.clone()),
        ("status", call.status.clone()),
        ("answered by", call.answered_by.clone()),
        ("seconds", call.duration.clone()),
        ("error", call.error_code.map(|code| code.to_string())),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            out.push_str(&format!("{name}: {value}\n"));
        }
    }
    out.push_str(&super::messages::waiting(detail.waiting.as_ref()));
    for line in wrapped(&harmless(call.message.as_deref().unwrap_or_default()), COLUMNS - 2) {
        out.push_str(&format!("| {line}\n"));
    }
    for line in &detail.history {
        let time = moment_of(line.at);
        for (number, words) in wrapped(&harmless(&line.sentence), COLUMNS - 21).iter().enumerate() {
            let start = if number == 0 { time.clone() } else { " ".repeat(time.len()) };
            out.push_str(&format!("{}  {words}\n", paint.faint(&start)));
        }
    }
    out
}

async fn place(args: Place) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let body = CallBody {
        credential: args.credential,
        from: args.from,
        to: args.to,
        message: args.message,
        audio: args.audio,
        voice: args.voice,
        language: args.language,
        message_class: args.message_class,
    };
    let call: CallView = client.post("/calls", &body).await?;
    if args.json {
        print_json(&call)?;
    } else {
        print(&format!("{} to {} is {}\n", call.id, call.to, call.state))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn resolve(args: Resolve) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let path = format!("/calls/{}/resolve", part(&args.call));
    let call: CallView = client.post(&path, &ResolveBody { decision: args.decision }).await?;
    if args.json {
        print_json(&call)?;
    } else {
        print(&format!("{} is {}\n", call.id, call.state))?;
    }
    Ok(ExitCode::SUCCESS)
}
