//! `switchboard webhooks`: what the provider asked of us, and what we made of it.

use super::CliError;
use super::story::moment_of;
use super::terminal::{Paint, harmless, print, print_json, shortened};
use crate::api::pages::Page;
use crate::api::webhooks::WebhookView;
use crate::client::{Client, Connection, query};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Shows the latest webhooks, with signature, event and answer
    Tail(Tail),
}

#[derive(Debug, clap::Args)]
pub(super) struct Tail {
    /// Goes on showing what comes
    #[arg(long, short)]
    follow: bool,
    /// Begins with so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Shows all parameters too
    #[arg(long, conflicts_with = "json")]
    params: bool,
    /// Prints one JSON object a webhook
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

/// Between two questions for what is new.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// A webhook is listed under the time it came at, once it was worked on: so long it may take to show up.
const MAY_LAG: SignedDuration = SignedDuration::from_secs(30);

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    let Command::Tail(args) = command;
    let client = args.connection.open()?;
    let first = query(&[("limit", Some(args.limit.to_string()))]);
    let mut page: Page<WebhookView> = client.get(&format!("/webhooks{first}")).await?;
    page.items.reverse();
    for webhook in &page.items {
        show(&args, webhook)?;
    }
    if args.follow {
        follow(&args, &client, page.items).await?;
    } else if page.items.is_empty() && !args.json {
        print("No webhook has come yet.\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for what is new, over and over. What came within the last seconds is asked for again, because it may have
/// been overtaken.
async fn follow(args: &Tail, client: &Client, shown: Vec<WebhookView>) -> Result<(), CliError> {
    let mut recent: Vec<(Timestamp, String)> = shown.into_iter().map(|w| (w.received_at, w.id)).collect();
    let mut after: Option<String> = None;
    loop {
        tokio::time::sleep(ASK_EVERY).await;
        if let Some(newest) = recent.iter().map(|(at, _)| *at).max() {
            let settled = recent.iter().filter(|(at, _)| newest.duration_since(*at) > MAY_LAG);
            after = settled.map(|(_, id)| id.clone()).max().max(after);
            recent.retain(|(_, id)| after.as_ref().is_none_or(|after| id > after));
        }
        let known: HashSet<&str> = recent.iter().map(|(_, id)| id.as_str()).collect();
        let parameters = query(&[("after", after.clone()), ("limit", Some("500".to_owned()))]);
        let mut page: Page<WebhookView> = client.get(&format!("/webhooks{parameters}")).await?;
        page.items.retain(|webhook| !known.contains(webhook.id.as_str()));
        page.items.sort_by(|a, b| a.id.cmp(&b.id));
        for webhook in page.items {
            show(args, &webhook)?;
            recent.push((webhook.received_at, webhook.id));
        }
    }
}

fn show(args: &Tail, webhook: &WebhookView) -> Result<(), CliError> {
    if args.json {
        return print_json(webhook);
    }
    let mut out = told(webhook, Paint::for_output());
    if args.params {
        for param in &webhook.params {
            out.push_str(&format!("    {} = {}\n", harmless(&param.name), harmless(&param.value)));
        }
    }
    print(&out)
}

/// The webhook in two lines, and a third where its signature is wrong.
fn told(webhook: &WebhookView, paint: Paint) -> String {
    let mut out = format!(
        "{}  {} {} signature {} -> {}\n  {}\n",
        paint.faint(&moment_of(webhook.received_at)),
        webhook.credential,
        webhook.kind,
        paint.status(&webhook.signature),
        webhook.answer_status,
        harmless(&shortened(&webhook.event, 76)),
    );
    if webhook.signature == "wrong" {
        out.push_str(&format!("  a signature of {} was expected\n", harmless(&webhook.url)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_signature_is_told_with_the_address_that_was_expected() {
        let mut webhook = WebhookView {
            id: "wh_1".to_owned(),
            received_at: Timestamp::UNIX_EPOCH,
            credential: "main".to_owned(),
            kind: "message".to_owned(),
            url: "https://example.com/twilio/main/message".to_owned(),
            params: Vec::new(),
            signature: "wrong".to_owned(),
            event: "refused: the signature does not fit".to_owned(),
            answer_status: 403,
            answer_body: String::new(),
        };
        let expected = "a signature of https://example.com/twilio/main/message was expected\n";
        assert!(told(&webhook, Paint::off()).ends_with(expected));
        webhook.signature = "valid".to_owned();
        assert!(!told(&webhook, Paint::off()).contains(&webhook.url));
    }
}
