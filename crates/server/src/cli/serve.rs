//! `switchboard serve`: the server for production.

use super::{CliError, say_ready, start_log, stop_on_signal};
use crate::app::{self, App};
use crate::config::Config;
use crate::keys;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::Role;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Settings, as config.default.toml documents them; the environment wins over the file
    #[arg(long, env = "SWITCHBOARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let config = Config::load(args.config.as_deref())?;
    start_log(&config.log);
    let stop = stop_on_signal()?;
    let keys = keys::load(&config.encryption)?;
    let listener = app::listen(config.listen).await?;
    let store = app::open_store(&config, keys, Role::Node).await?;
    let app = App::new(config, store, Arc::new(host::SystemClock), listener).await?;
    warn_of_local_address(&app);
    say_ready(&format!("ready url={}", app.state().public_url))?;
    app.run(stop).await?;
    Ok(ExitCode::SUCCESS)
}

/// Twilio cannot reach this machine's own addresses, and signatures would not fit.
fn warn_of_local_address(app: &App) {
    if app.state().config.public_url.is_none() {
        tracing::warn!(
            url = &*app.state().public_url,
            "publicUrl is not set: no provider but an emulator on this machine can reach the webhooks"
        );
    }
}
