//! `switchboard migrate`: brings the database's schema up to date without starting a server.

use super::terminal::print;
use super::{CliError, start_log};
use crate::app;
use crate::config::Config;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Role;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Settings of the server whose database it is
    #[arg(long, env = "SWITCHBOARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let config = Config::load(args.config.as_deref())?;
    start_log(&config.log);
    // A schema holds no secret, so no key is asked for.
    let store = app::open_store(&config, Vec::new(), Role::Tool).await?;
    let version = store.schema_version();
    store.close().await;
    print(&format!("the database has schema {version}, the newest that this version knows\n"))?;
    Ok(ExitCode::SUCCESS)
}
