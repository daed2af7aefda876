//! `switchboard token`: the first token is made in the database itself, the others are looked after by the API.

use super::story::moment_of;
use super::terminal::{print, print_json_lines, print_table};
use super::{CliError, say_ready, start_log};
use crate::api::pages::Page;
use crate::api::tokens::TokenView;
use crate::app;
use crate::client::{Connection, part};
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
    /// Lists tokens, without what opens the door
    List(List),
    /// Takes a token's rights away for good
    Revoke(Revoke),
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

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Prints one JSON object a token
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Revoke {
    /// The token's id, as the list shows it
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Create(args) => create(args).await,
        Command::List(args) => list(args).await,
        Command::Revoke(args) => {
            args.connection.open()?.delete(&format!("/tokens/{}", part(&args.id))).await?;
            print(&format!("{} is revoked\n", args.id))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let page: Page<TokenView> = args.connection.open()?.get("/tokens").await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |token: &TokenView| {
        let revoked = token.revoked_at.map(moment_of).unwrap_or_default();
        vec![
            token.id.clone(),
            token.scopes.join(" "),
            moment_of(token.created_at),
            revoked,
            token.name.clone(),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    print_table(&["TOKEN", "SCOPES", "MADE (UTC)", "REVOKED", "NAME"], rows, "There are no tokens.")?;
    Ok(ExitCode::SUCCESS)
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
