//! `switchboard audio`: recordings of one's own that calls play.

use super::CliError;
use super::story::moment_of;
use super::terminal::{print, print_json, print_json_lines, print_table};
use crate::api::audio::AudioView;
use crate::api::pages::Page;
use crate::client::{Connection, part};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Uploads a file: MP3, WAV, AIFF, GSM or µ-law, up to 10 MiB
    Put(Put),
    /// Lists what was uploaded
    List(List),
    /// Deletes an upload, and its address with it
    Delete(Delete),
}

#[derive(Debug, clap::Args)]
pub(super) struct Put {
    /// What it is called; an upload under the same name replaces it
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Prints one JSON object a file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Delete {
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Put(args) => put(args).await,
        Command::List(args) => list(args).await,
        Command::Delete(args) => {
            args.connection.open()?.delete(&format!("/audio/{}", part(&args.name))).await?;
            print(&format!("{} is deleted\n", args.name))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn put(args: Put) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let unreadable = CliError::io(format!("{} cannot be read", args.file.display()));
    let bytes = std::fs::read(&args.file).map_err(unreadable)?;
    // What the ending does not tell the server sees in the file.
    let ending = args.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let content_type = match ending.to_ascii_lowercase().as_str() {
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "aif" | "aiff" => "audio/aiff",
        "gsm" => "audio/x-gsm",
        "ul" | "ulaw" | "au" => "audio/ulaw",
        _ => "application/octet-stream",
    };
    let view: AudioView =
        client.put_bytes(&format!("/audio/{}", part(&args.name)), content_type, bytes).await?;
    if args.json {
        print_json(&view)?;
    } else {
        print(&format!("{} is at {}\n", view.name, view.url))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let page: Page<AudioView> = args.connection.open()?.get("/audio").await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |view: &AudioView| {
        vec![view.name.clone(), moment_of(view.uploaded_at), view.length.to_string(), view.url.clone()]
    };
    let rows = page.items.iter().map(row).collect();
    print_table(&["NAME", "TIME (UTC)", "BYTES", "ADDRESS"], rows, "Nothing was uploaded.")?;
    Ok(ExitCode::SUCCESS)
}
