//! `switchboard schema`: what an editor needs to help with files.

use super::CliError;
use super::terminal::print;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the files are of
    #[arg(value_enum, default_value = "workflow")]
    of: Of,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Of {
    Workflow,
    Agent,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let schema = match args.of {
        Of::Workflow => engine::workflow::schema(),
        Of::Agent => engine::agent::schema(),
    };
    let schema = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    print(&(schema + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
