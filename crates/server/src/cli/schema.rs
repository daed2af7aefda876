//! `switchboard schema`: what an editor needs to help with files.

use super::CliError;
use super::terminal::print;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_args: Args) -> Result<ExitCode, CliError> {
    let schema = serde_json::to_string_pretty(&engine::workflow::schema()).expect("a schema is plain data");
    print(&(schema + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
