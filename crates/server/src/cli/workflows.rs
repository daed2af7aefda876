//! `switchboard workflows`: what is published, and taking it back.

use super::CliError;
use super::story::moment_of;
use super::terminal::{print, print_json_lines, print_table};
use crate::api::pages::Page;
use crate::api::workflows::WorkflowSummary;
use crate::client::{Connection, part};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Lists what is published, as the command by itself does
    List(List),
    /// Takes a workflow back: nothing starts it any more, and runs that are under way go on
    Retire(Retire),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Prints one JSON object a workflow
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
struct Retire {
    /// The workflow; publishing it again brings it back
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    match args.command {
        None => list(args.list).await,
        Some(Command::List(list_args)) => list(list_args).await,
        Some(Command::Retire(args)) => {
            args.connection.open()?.delete(&format!("/workflows/{}", part(&args.name))).await?;
            print(&format!("{} is retired: nothing starts it any more\n", args.name))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let page: Page<WorkflowSummary> = args.connection.open()?.get("/workflows").await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |workflow: &WorkflowSummary| {
        let started_by = [Some(workflow.trigger.as_str()), workflow.hook.as_deref()];
        vec![
            workflow.name.clone(),
            workflow.version.to_string(),
            moment_of(workflow.published_at),
            started_by.into_iter().flatten().collect::<Vec<_>>().join(" "),
        ]
    };
    let rows = page.items.iter().map(row).collect();
    print_table(&["WORKFLOW", "VERSION", "PUBLISHED (UTC)", "TRIGGER"], rows, "No workflow is published.")?;
    Ok(ExitCode::SUCCESS)
}
