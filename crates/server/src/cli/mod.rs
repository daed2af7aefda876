//! The command line: what there is, and how it ends.

mod audio;
mod backup;
mod calls;
mod check;
mod conversations;
mod credentials;
mod dev;
mod emulator;
mod endpoint;
mod inbox;
mod journeys;
mod left;
mod messages;
mod migrate;
mod paths;
mod publish;
mod recordings;
mod render;
mod run;
mod runs;
mod schema;
mod script;
mod segments;
mod send;
mod senders;
mod serve;
mod simulate;
mod story;
mod terminal;
mod token;
mod understand;
mod voices;
mod webhooks;
mod workflows;

pub use left::{Left, LeftError};

use crate::api::problem::ProblemBody;
use crate::app::AppError;
use crate::config::ConfigError;
use crate::keys::KeyError;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use store::StoreError;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Parser)]
#[command(
    name = "switchboard",
    version,
    about = "Runs communication workflows over Twilio.",
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// One variant for each command, in the order in which people meet them.
#[derive(Debug, Subcommand)]
enum Command {
    /// Starts everything to play with: a server, an emulator of Twilio, and examples
    ///
    /// The agent among the examples talks by fixed rules, or by a language model where there is a key or an address.
    /// Settings from the environment hold, but for addresses, database and encryption key: these it chooses itself.
    Dev(dev::Args),
    /// Starts the server for production
    Serve(serve::Args),
    /// Starts the emulator of Twilio alone, for programs in any language
    Emulator(emulator::Args),
    /// Publishes workflows and agents
    Publish(publish::Args),
    /// Lists the workflows that are published, and takes them back
    Workflows(workflows::Args),
    /// Starts a run of a workflow, or of a file that is published first
    Run(run::Args),
    /// Lists, shows and ends runs
    #[command(subcommand)]
    Runs(runs::Command),
    /// Sends one text outside of any run
    Send(send::Args),
    /// Lists and shows texts, and decides about held ones
    #[command(subcommand)]
    Messages(messages::Command),
    /// Lists, shows and places calls, and decides about held ones
    #[command(subcommand)]
    Calls(calls::Command),
    /// Lists and shows what agents talked about, and with whom
    #[command(subcommand)]
    Conversations(conversations::Command),
    /// Lists, shows, fetches and deletes recordings of calls
    #[command(subcommand)]
    Recordings(recordings::Command),
    /// Uploads, lists and deletes audio that calls play
    #[command(subcommand)]
    Audio(audio::Command),
    /// Shows people and what was said with them
    Inbox(inbox::Args),
    /// Lists, changes and imports what texts are sent from
    #[command(subcommand)]
    Senders(senders::Command),
    /// Adds, tries out and deletes credentials
    #[command(subcommand)]
    Credentials(credentials::Command),
    /// Shows what the provider asked of us
    #[command(subcommand)]
    Webhooks(webhooks::Command),
    /// Makes, lists and revokes tokens for the REST API
    #[command(subcommand)]
    Token(token::Command),
    /// Brings the database's schema up to date, as a start of the server would
    Migrate(migrate::Args),
    /// Copies an SQLite database, also while the server runs
    Backup(backup::Args),
    /// Checks files: what is wrong with them, and where
    Check(check::Args),
    /// Talks with an agent in the terminal, or plays scripted calls
    Simulate(simulate::Args),
    /// Lists every path through an agent or a workflow, with the shortest answers or input and events that take it
    Paths(paths::Args),
    /// Prints the JSON Schema of workflow files, or of agents' files
    Schema(schema::Args),
    /// Renders a message template
    Render(render::Args),
    /// Lists the voices that speak in calls, with their languages
    Voices(voices::Args),
    /// Counts the segments of a text, and names the characters that make it dear
    Segments(segments::Args),
    /// Says what an answer means to a question, and why
    Understand(understand::Args),
}

/// Why a command failed: what went wrong, what to do about it, and the exit code.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Backup(#[from] store::BackupError),
    #[error("{what}")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Left(#[from] LeftError),
    #[error(transparent)]
    Dev(crate::dev::DevError),
    /// The server says no.
    #[error("{}", refusal(.0))]
    Refused(Box<ProblemBody>),
    /// Anything that a command explains in its own words.
    #[error("{message}")]
    Told { message: String, hint: Option<String>, exit_code: u8 },
}

impl CliError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> CliError {
        let what = what.into();
        move |source| CliError::Io { what, source }
    }

    /// What went wrong in its own words, and what to do about it.
    pub(crate) fn told(message: impl Into<String>, hint: impl Into<String>) -> CliError {
        CliError::Told { message: message.into(), hint: Some(hint.into()), exit_code: 1 }
    }

    /// A command that was written in a way that makes no sense.
    pub(crate) fn misused(message: impl Into<String>, hint: impl Into<String>) -> CliError {
        CliError::Told { message: message.into(), hint: Some(hint.into()), exit_code: 2 }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            CliError::Key(error) => Some(error.hint().to_owned()),
            CliError::App(AppError::Listen { address, .. }) => Some(format!(
                "another program may have port {}; choose another address with `listen` of the settings \
                 (SWITCHBOARD_LISTEN)",
                address.port()
            )),
            CliError::App(AppError::Locked(_)) => Some(
                "set the key that sealed them (`encryption.keyFile`), or name it under `encryption.previousKeyFiles` \
                 beside a newer one"
                    .to_owned(),
            ),
            CliError::Store(StoreError::InUse { .. }) => {
                Some("one server at a time works on an SQLite file; stop the other one first".to_owned())
            }
            CliError::Backup(error) => backup::hint(error),
            CliError::Refused(problem) => problem.hint.clone(),
            CliError::Told { hint, .. } => hint.clone(),
            _ => None,
        }
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::Told { exit_code, .. } => *exit_code,
            _ => 1,
        }
    }
}

/// The problem in words: its title, and what is wrong with this very request.
fn refusal(problem: &ProblemBody) -> String {
    let mut text = format!("{}: {}", problem.title, problem.detail);
    if problem.errors.len() > 1 {
        text = problem
            .errors
            .iter()
            .fold(format!("{}:", problem.title), |text, error| format!("{text}\n  {error}"));
    }
    text
}

/// Runs the command of this process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.run()) {
        Ok(code) => code,
        Err(error) => {
            report(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

impl Cli {
    async fn run(self) -> Result<ExitCode, CliError> {
        match self.command {
            Command::Dev(args) => dev::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Emulator(args) => emulator::run(args).await,
            Command::Publish(args) => publish::run(args).await,
            Command::Workflows(args) => workflows::run(args).await,
            Command::Run(args) => run::run(args).await,
            Command::Runs(command) => runs::run(command).await,
            Command::Send(args) => send::run(args).await,
            Command::Messages(command) => messages::run(command).await,
            Command::Calls(command) => calls::run(command).await,
            Command::Conversations(command) => conversations::run(command).await,
            Command::Recordings(command) => recordings::run(command).await,
            Command::Audio(command) => audio::run(command).await,
            Command::Inbox(args) => inbox::run(args).await,
            Command::Senders(command) => senders::run(command).await,
            Command::Credentials(command) => credentials::run(command).await,
            Command::Webhooks(command) => webhooks::run(command).await,
            Command::Token(command) => token::run(command).await,
            Command::Migrate(args) => migrate::run(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Check(args) => check::run(args).await,
            Command::Simulate(args) => simulate::run(args).await,
            Command::Paths(args) => paths::run(args).await,
            Command::Schema(args) => schema::run(args).await,
            Command::Render(args) => render::run(args).await,
            Command::Voices(args) => voices::run(&args),
            Command::Segments(args) => segments::run(args).await,
            Command::Understand(args) => understand::run(args).await,
        }
    }
}

/// The error with all its causes, and what to do.
fn report(error: &CliError) {
    eprintln!("error: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
    if let Some(hint) = error.hint() {
        eprintln!("  hint: {hint}");
    }
}

/// Sends what is logged to standard error. A second call changes nothing.
pub(crate) fn start_log(log: &crate::config::Log) {
    let filter = tracing_subscriber::EnvFilter::try_new(&log.filter);
    let filter = filter.unwrap_or_else(|error| {
        eprintln!("warning: log.filter cannot be used, logging at info: {error}");
        tracing_subscriber::EnvFilter::new("info")
    });
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    let started = match log.format {
        crate::config::LogFormat::Text => builder.try_init(),
        crate::config::LogFormat::Json => builder.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
}

/// Cancelled by the first SIGTERM or SIGINT; the second one ends the process at once.
pub(crate) fn stop_on_signal() -> Result<CancellationToken, CliError> {
    use tokio::signal::unix::{SignalKind, signal};
    let what = "signals cannot be received";
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::io(what))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(CliError::io(what))?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => 143,
                _ = interrupt.recv() => 130,
            }
        };
        next().await;
        tracing::info!("stopping; once more ends at once");
        stopping.cancel();
        std::process::exit(next().await);
    });
    Ok(stop)
}

/// Prints one line on standard output, which programs wait for.
pub(crate) fn say_ready(line: &str) -> Result<(), CliError> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(CliError::io("standard output is closed"))
}
