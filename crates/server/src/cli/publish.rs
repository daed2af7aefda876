//! `switchboard publish`: files are checked here first, and then handed to the server.

use super::CliError;
use super::terminal::{Paint, print, print_json};
use crate::api::workflows::Published;
use crate::client::{Client, Connection, part};
use engine::diagnostic::render;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Workflow files, YAML or JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints one JSON object a file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let mut sources = Vec::new();
    let mut broken = 0;
    for path in &args.files {
        match read(path)? {
            Some(source) => sources.push(source),
            None => broken += 1,
        }
    }
    if broken > 0 {
        // All or nothing: files that belong together are not published in halves.
        let what = if broken == 1 { "one file has errors" } else { "some files have errors" };
        return Err(CliError::told(format!("{what}; nothing was published"), "mend what stands above"));
    }
    let client = args.connection.open()?;
    for source in &sources {
        let published = publish(&client, source).await?;
        if args.json {
            print_json(&published)?;
        } else {
            let name = Paint::for_output().bold(&published.name);
            print(&format!("published {name} version {}\n", published.version))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A workflow file that can be published.
pub(super) struct Source {
    pub(super) name: String,
    text: String,
}

/// Reads and checks a file; what is wrong with it goes to standard error. Nothing where there are errors.
pub(super) fn read(path: &Path) -> Result<Option<Source>, CliError> {
    let text = super::check::read_file(path)?;
    let shown = path.display().to_string();
    let (workflow, diagnostics) = super::check::checked(&text, &shown);
    if !diagnostics.is_empty() {
        eprint!("{}", render(&diagnostics, &text, &shown));
    }
    Ok(workflow.map(|workflow| Source { name: workflow.name, text }))
}

/// Hands a file to the server, under the name that stands in it.
pub(super) async fn publish(client: &Client, source: &Source) -> Result<Published, CliError> {
    client.put_file(&format!("/workflows/{}", part(&source.name)), &source.text).await
}
