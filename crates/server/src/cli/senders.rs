//! `switchboard senders`: what texts are sent from.

use super::CliError;
use super::terminal::{Paint, harmless, print, print_json, print_json_lines, print_table};
use crate::api::pages::Page;
use crate::api::senders::{SenderBody, SenderView, SyncBody, SyncView};
use crate::client::{Connection, part};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists senders
    List(List),
    /// Names or paces a sender, or adds one by hand
    Set(Set),
    /// Forgets a sender; nothing changes at the provider
    Delete(Delete),
    /// Shows how senders and webhooks differ from what the provider has, and takes the difference over
    Sync(Sync),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Prints one JSON object a sender
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Set {
    /// The sender's name or address
    #[arg(value_name = "SENDER")]
    sender: String,
    /// Another name for it
    #[arg(long)]
    name: Option<String>,
    /// Segments a second that it may send; `none` takes the limit away
    #[arg(long, value_name = "RATE")]
    rate: Option<String>,
    /// Calls a second that it may place, or none for no limit
    #[arg(long, value_name = "N")]
    calls: Option<String>,
    /// For a new sender: number, short code, `whatsapp:` and a number, alphanumeric, or MG…
    #[arg(long, requires = "credential")]
    address: Option<String>,
    /// For a new sender: the credential that it belongs to
    #[arg(long, value_name = "NAME", requires = "address")]
    credential: Option<String>,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Delete {
    /// The sender's name or address
    #[arg(value_name = "SENDER")]
    sender: String,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Sync {
    /// Takes the difference over: stores the senders and sets their webhooks at the provider
    #[arg(long)]
    apply: bool,
    /// The credential whose senders to compare; the only one where nothing is said
    #[arg(long, value_name = "NAME")]
    credential: Option<String>,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list(args).await,
        Command::Set(args) => set(args).await,
        Command::Delete(args) => {
            args.connection.open()?.delete(&format!("/senders/{}", part(&args.sender))).await?;
            print(&format!("{} is forgotten\n", args.sender))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Sync(args) => sync(args).await,
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let page: Page<SenderView> = args.connection.open()?.get("/senders").await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |sender: &SenderView| {
        let rate = sender.segments_per_second.map_or_else(|| "-".to_owned(), |rate| format!("{rate}/s"));
        vec![
            sender.name.clone(),
            sender.address.clone(),
            sender.kind.clone(),
            sender.capabilities.join(" "),
            rate,
            sender.credential.clone(),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    let none = "There are no senders. Import them with `switchboard senders sync --apply`.";
    print_table(&["NAME", "ADDRESS", "KIND", "CAN", "RATE", "CREDENTIAL"], rows, none)?;
    Ok(ExitCode::SUCCESS)
}

async fn set(args: Set) -> Result<ExitCode, CliError> {
    let body = SenderBody {
        name: args.name,
        segments_per_second: rate(args.rate.as_deref(), "segments")?,
        calls_per_second: rate(args.calls.as_deref(), "calls")?,
        credential: args.credential,
        address: args.address,
        rewrites_text: None,
    };
    let sender: SenderView =
        args.connection.open()?.put(&format!("/senders/{}", part(&args.sender)), &body).await?;
    if args.json {
        print_json(&sender)?;
    } else {
        let pace = match sender.segments_per_second {
            Some(rate) => format!("sends at most {rate} segments a second"),
            None => "sends as fast as it can".to_owned(),
        };
        print(&format!("{} ({}) {pace}\n", harmless(&sender.name), sender.address))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A rate, or `none` for no limit.
fn rate(text: Option<&str>, unit: &str) -> Result<Option<Option<f64>>, CliError> {
    match text {
        None => Ok(None),
        Some("none") => Ok(Some(None)),
        Some(text) => {
            let hint = format!("write {unit} a second, such as 1 or 0.5");
            let rate = text.parse().map_err(|_| CliError::misused(format!("{text:?} is no rate"), hint))?;
            Ok(Some(Some(rate)))
        }
    }
}

async fn sync(args: Sync) -> Result<ExitCode, CliError> {
    let body = SyncBody { credential: args.credential, apply: args.apply };
    let view: SyncView = args.connection.open()?.post("/senders/sync", &body).await?;
    if args.json {
        print_json(&view)?;
    } else {
        print(&difference(&view, Paint::for_output()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn difference(view: &SyncView, paint: Paint) -> String {
    let mut out = String::new();
    for change in view.senders.iter().filter(|change| change.change != "same") {
        let sign = match change.change.as_str() {
            "new" => paint.green("+ new"),
            "gone" => paint.red("- gone"),
            _ => paint.yellow("~ changed"),
        };
        let sender = &change.sender;
        let name = if sender.name == sender.address {
            String::new()
        } else {
            format!(" {}", harmless(&sender.name))
        };
        out.push_str(&format!("{sign} {} {}{name}\n", sender.kind, sender.address));
    }
    for change in &view.webhooks {
        let before = change.before.as_deref().unwrap_or("nothing");
        let after = if change.after.is_empty() { "nothing" } else { &change.after };
        let head = paint.yellow("~ webhook");
        out.push_str(&format!(
            "{head} {} {}\n    is  {before}\n    be  {after}\n",
            change.owner, change.setting
        ));
    }
    let same = view.senders.iter().filter(|change| change.change == "same").count();
    out.push_str(&match (out.is_empty(), view.applied) {
        (true, _) => format!("{}: nothing differs ({same} senders)\n", view.credential),
        (false, true) => format!("{}: taken over\n", view.credential),
        (false, false) => format!("{}: nothing was changed; take it over with --apply\n", view.credential),
    });
    out
}
