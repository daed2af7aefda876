//! `switchboard recordings`: what was recorded of calls.

use super::CliError;
use super::story::moment_of;
use super::terminal::{print, print_json, print_json_lines, print_table};
use crate::api::pages::Page;
use crate::api::recordings::RecordingView;
use crate::client::{Connection, part, query};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists recordings, newest first
    List(List),
    /// Shows one recording
    Show(One),
    /// Writes the sound of a recording into a file, as WAV
    Download(Download),
    /// Takes a recording away for good, at the provider and here
    Delete(Delete),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Those of this call
    #[arg(long, value_name = "ID")]
    call: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Prints one JSON object a recording
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The recording
    #[arg(value_name = "ID")]
    recording: String,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Download {
    /// The recording
    #[arg(value_name = "ID")]
    recording: String,
    /// Where it is written; without it, the recording's id with .wav in this folder
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Delete {
    /// The recording
    #[arg(value_name = "ID")]
    recording: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list(args).await,
        Command::Show(args) => show(args).await,
        Command::Download(args) => download(args).await,
        Command::Delete(args) => delete(args).await,
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let filter = query(&[("call", args.call), ("limit", Some(args.limit.to_string()))]);
    let page: Page<RecordingView> = client.get(&format!("/recordings{filter}")).await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |view: &RecordingView| {
        vec![
            view.id.clone(),
            moment_of(view.created_at),
            view.call.clone().unwrap_or_default(),
            view.duration.map(|seconds| format!("{seconds} s")).unwrap_or_default(),
            view.status.clone(),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    let heads = ["RECORDING", "TIME (UTC)", "CALL", "LENGTH", "STATUS"];
    print_table(&heads, rows, "There are no recordings.")?;
    Ok(ExitCode::SUCCESS)
}

async fn show(args: One) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let view: RecordingView = client.get(&path(&args.recording)).await?;
    if args.json {
        print_json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!("{}  {}\n  sid {}\n", view.id, view.status, view.sid);
    let facts = [
        ("call", view.call),
        ("seconds", view.duration.map(|seconds| seconds.to_string())),
        ("channels", view.channels.map(|channels| channels.to_string())),
        ("recorded", Some(moment_of(view.created_at))),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            text += &format!("  {name} {value}\n");
        }
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

async fn download(args: Download) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let bytes = client.get_bytes(&format!("{}/audio", path(&args.recording))).await?;
    let file = args.output.unwrap_or_else(|| PathBuf::from(format!("{}.wav", args.recording)));
    std::fs::write(&file, &bytes).map_err(CliError::io(format!("{} cannot be written", file.display())))?;
    print(&format!("{} has {} bytes\n", file.display(), bytes.len()))?;
    Ok(ExitCode::SUCCESS)
}

async fn delete(args: Delete) -> Result<ExitCode, CliError> {
    args.connection.open()?.delete(&path(&args.recording)).await?;
    print(&format!("{} is deleted\n", args.recording))?;
    Ok(ExitCode::SUCCESS)
}

fn path(recording: &str) -> String {
    format!("/recordings/{}", part(recording))
}
