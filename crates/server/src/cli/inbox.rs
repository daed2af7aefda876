//! `switchboard inbox`: people, and what was said with one of them.

use super::CliError;
use super::messages::{print_messages, words};
use super::story::moment_of;
use super::terminal::{print_json_lines, print_table, shortened};
use crate::api::inbox::InboxLine;
use crate::api::messages::MessageView;
use crate::api::pages::Page;
use crate::client::{Client, Connection, part, query};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Shows the texts to and from this person
    #[arg(value_name = "NUMBER")]
    contact: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Prints one JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let filter = query(&[("limit", Some(args.limit.to_string()))]);
    match &args.contact {
        Some(contact) => {
            let page: Page<MessageView> = client.get(&format!("/inbox/{}{filter}", part(contact))).await?;
            if args.json { print_json_lines(&page.items)? } else { print_messages(&page.items)? }
        }
        None => people(&client, &filter, args.json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn people(client: &Client, filter: &str, as_json: bool) -> Result<(), CliError> {
    let page: Page<InboxLine> = client.get(&format!("/inbox{filter}")).await?;
    if as_json {
        return print_json_lines(&page.items);
    }
    let row = |line: &InboxLine| {
        let latest = &line.latest;
        let who = if latest.direction == "inbound" { "they" } else { "we" };
        let words = shortened(&words(latest), 36);
        vec![line.contact.clone(), moment_of(latest.created_at), who.to_owned(), words]
    };
    let rows = page.items.iter().map(row).collect();
    print_table(&["PERSON", "LATEST (UTC)", "WHO", "WORDS"], rows, "Nobody wrote or was written to yet.")
}
