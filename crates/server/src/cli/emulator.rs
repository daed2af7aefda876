//! `switchboard emulator`: the pretend Twilio alone.

use super::{CliError, say_ready, start_log, stop_on_signal};
use crate::app;
use crate::config::{Log, LogFormat};
use emulator::{Emulator, Fixture, Identity, Options, StartError, Strictness};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address and port of all that it serves; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8081", value_name = "ADDR")]
    listen: SocketAddr,
    /// The world at the start: accounts, numbers, phones, faults (JSON, or YAML by the name's ending)
    #[arg(long, value_name = "FILE")]
    fixture: Option<PathBuf>,
    /// Serves TLS with this certificate, PEM; for libraries that speak https alone
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// The certificate's key, PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// The same seed and the same requests give the same SIDs and faults
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// Refuses what the real thing refuses and the emulator would otherwise let pass with a warning
    #[arg(long)]
    strict: bool,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    start_log(&Log { filter: "info".to_owned(), format: LogFormat::Text });
    let stop = stop_on_signal()?;
    let listener = app::listen(args.listen).await?;
    let fixture = match &args.fixture {
        Some(path) => read_fixture(path)?,
        None => Fixture::default(),
    };
    let strictness = if args.strict { Strictness::Strict } else { Strictness::Lenient };
    let identity = match (&args.certificate, &args.key) {
        (Some(certificate), Some(key)) => Some(read_identity(certificate, key)?),
        _ => None,
    };
    let options = Options { fixture, seed: args.seed, strictness, identity, ..Options::new(listener) };
    let running = Emulator::start(options, stop).map_err(told)?;
    say_ready(&format!("ready url={}", running.url()))?;
    running.stopped().await;
    Ok(ExitCode::SUCCESS)
}

fn read_fixture(path: &Path) -> Result<Fixture, CliError> {
    let what = format!("the fixture {} cannot be read", path.display());
    let text = std::fs::read_to_string(path).map_err(CliError::io(what))?;
    let is_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let fixture = if is_yaml { Fixture::from_yaml(&text) } else { Fixture::from_json(&text) };
    fixture.map_err(|error| told(error.into()))
}

fn read_identity(certificate: &Path, key: &Path) -> Result<Identity, CliError> {
    let read = |path: &Path| {
        let what = format!("{} cannot be read", path.display());
        std::fs::read(path).map_err(CliError::io(what))
    };
    Identity::from_pem(&read(certificate)?, &read(key)?).map_err(|error| CliError::Told {
        message: with_causes(&error),
        hint: Some("both files must be PEM, and belong to each other".to_owned()),
        exit_code: 2,
    })
}

pub(super) fn told(error: StartError) -> CliError {
    let hint = Some("the shape of a fixture stands in /emulator/v1/openapi.json".to_owned());
    CliError::Told { message: with_causes(&error), hint, exit_code: 2 }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    message
}
