//! `switchboard token create`: the first token, made in the database itself.

use super::{CliError, say_ready, start_log};
use crate::app;
use crate::config::Config;
use crate::keys;
use crate::tokens::{self, Scope};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Role;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Makes a token and prints it once; opens the database itself, also while the server runs
    Create(Create),
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// What it is for, as lists show it
    #[arg(long, default_value = "first token")]
    name: String,
    /// What it may do; once for each
    #[arg(long = "scope", value_enum, default_values_t = [Scope::Admin])]
    scopes: Vec<Scope>,
    /// Settings of the server whose database it is
    #[arg(long, env = "SWITCHBOARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Prints a JSON object instead of the token alone
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Create(args) => create(args).await,
    }
}

async fn create(args: Create) -> Result<ExitCode, CliError> {
    let config = Config::load(args.config.as_deref())?;
    start_log(&config.log);
    let keys = keys::load(&config.encryption)?;
    let store = app::open_store(&config, keys, Role::Tool).await?;
    let token = tokens::generate();
    let record = tokens::record(&token, &args.name, &args.scopes, Timestamp::now());
    let (id, scopes) = (record.id.clone(), record.scopes.clone());
    store.put_token(record).await?;
    store.close().await;
    let token = token.expose_secret();
    if args.json {
        let line =
            serde_json::json!({ "id": id.as_str(), "name": args.name, "scopes": scopes, "token": token });
        say_ready(&line.to_string())?;
    } else {
        say_ready(token)?;
    }
    Ok(ExitCode::SUCCESS)
}
