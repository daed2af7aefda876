//! `switchboard backup`: a copy of an SQLite database, also while the server runs.

use super::terminal::print;
use super::{CliError, start_log};
use crate::config::Config;
use secrecy::ExposeSecret as _;
use std::path::PathBuf;
use std::process::ExitCode;
use store::BackupError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the copy goes; nothing may be there yet
    #[arg(value_name = "FILE")]
    to: PathBuf,
    /// Settings of the server whose database it is
    #[arg(long, env = "SWITCHBOARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let config = Config::load(args.config.as_deref())?;
    start_log(&config.log);
    store::back_up(config.database.url.expose_secret(), &args.to).await?;
    print(&format!(
        "{} holds the database as it is now; keep it apart from the encryption key\n",
        args.to.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// What to do where there is no copy.
pub(super) fn hint(error: &BackupError) -> Option<String> {
    let hint = match error {
        BackupError::Postgres => "use pg_dump, or continuous archiving where no minute may be lost",
        BackupError::Exists(_) => "name a file that is not there yet; a backup is never written over",
        BackupError::Copy(_) => "check `database.url`, and that this user may read the file",
        _ => return None,
    };
    Some(hint.to_owned())
}
