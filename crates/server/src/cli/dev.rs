//! `switchboard dev`: everything to play with, and what to type next.

use super::endpoint::EndpointArgs;
use super::{CliError, Left, say_ready, start_log, stop_on_signal};
use crate::app::AppError;
use crate::config::Config;
use crate::dev::{Demo, DemoModel, Dev, DevError, Options};
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address and port of the server; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: SocketAddr,
    /// Address and port of the pretend Twilio
    #[arg(long, default_value = "127.0.0.1:8081", value_name = "ADDR")]
    emulator_listen: SocketAddr,
    /// Keeps database, key and token here; without it, in a temporary folder that is removed at the end
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The token of the REST API; made where none is given
    #[arg(long, env = "SWITCHBOARD_TOKEN", hide_env_values = true)]
    token: Option<SecretString>,
    /// The only example to publish
    #[arg(long, value_name = "NAME")]
    example: Option<String>,
    #[command(flatten)]
    endpoint: EndpointArgs,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let config = Config::load(None)?;
    start_log(&config.log);
    let stop = stop_on_signal()?;
    let (folder, temporary) = folder(args.data)?;
    let options = Options {
        listen: args.listen,
        emulator_listen: args.emulator_listen,
        token: args.token,
        example: args.example,
        model: model(&args.endpoint),
        ..Options::new(config, folder)
    };
    let dev = Dev::start(options).await.map_err(told)?;
    let left = Left { url: dev.url.clone(), token: dev.token.clone() };
    let left = match left.write() {
        Ok(file) => file,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "commands need --server and --token");
            None
        }
    };
    let token = dev.token.expose_secret();
    say_ready(&format!("ready url={} emulator={} token={token}", dev.url, dev.emulator_url))?;
    say_what_next(&dev);
    let served = dev.run(stop).await.map_err(told);
    drop(left);
    drop(temporary);
    served.map(|()| ExitCode::SUCCESS)
}

/// The folder of the data, and what removes it at the end where it is a temporary one.
fn folder(data: Option<PathBuf>) -> Result<(PathBuf, Option<TemporaryFolder>), CliError> {
    match data {
        Some(folder) => {
            let what = format!("the folder {} cannot be made", folder.display());
            std::fs::create_dir_all(&folder).map_err(CliError::io(what))?;
            Ok((folder, None))
        }
        None => {
            let temporary =
                TemporaryFolder::make().map_err(CliError::io("no temporary folder can be made"))?;
            Ok((temporary.0.clone(), Some(temporary)))
        }
    }
}

/// A folder of this user alone, removed with all that is in it when dropped.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn make() -> std::io::Result<TemporaryFolder> {
        use std::os::unix::fs::DirBuilderExt as _;
        let path = std::env::temp_dir().join(host::new_id("switchboard-dev-"));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(TemporaryFolder(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), error = &error as &dyn std::error::Error, "left behind");
        }
    }
}

/// What the agent to play with talks by: what is given, else the emulator's rules.
fn model(endpoint: &EndpointArgs) -> DemoModel {
    match (endpoint.key(), endpoint.url()) {
        (None, None) => DemoModel::Scripted,
        (key, url) => DemoModel::Real {
            api_key: key.unwrap_or_default().into(),
            base_url: url.map(str::to_owned),
            model: endpoint.model.clone(),
        },
    }
}

/// To standard error, so that standard output has its one line.
fn say_what_next(dev: &Dev) {
    let typed = std::env::args().next().unwrap_or_else(|| "switchboard".to_owned());
    let switchboard = from_anywhere(&typed);
    let emulator_url = &dev.emulator_url;
    eprintln!(
        "\nOpen {emulator_url}/emulator to see the phones. Then, in another terminal, in any folder:\n"
    );
    if dev.examples.contains(&"appointment-reminder") {
        eprintln!("{}", about_texts(&switchboard, emulator_url));
    }
    if let Some(demo) = &dev.demo {
        eprintln!("{}", about_talks(&switchboard, demo));
    }
    eprintln!("Ctrl-C ends Switchboard.\n");
}

/// What to type for this program in whatever folder: its name where the shell finds it by that, else its whole path.
fn from_anywhere(typed: &str) -> String {
    if !typed.contains('/') {
        return typed.to_owned();
    }
    let path =
        std::path::absolute(typed).map_or_else(|_| typed.to_owned(), |path| path.display().to_string());
    let is_plain = |char: char| char.is_alphanumeric() || "/._-+".contains(char);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

fn about_texts(switchboard: &str, emulator_url: &str) -> String {
    format!(
        r#"Texts:

  {switchboard} run appointment-reminder --input '{{"patientPhone": "+15557654321", "patientName": "Ann"}}'
  curl -s {emulator_url}/emulator/v1/phones/+15557654321/messages -H 'content-type: application/json' -d '{{"to": "+15551234567", "body": "YES"}}'
  {switchboard} runs show

The first sends a reminder to a made-up phone, the second answers from it, the third prints the whole story.
"#
    )
}

fn about_talks(switchboard: &str, demo: &Demo) -> String {
    let Demo { talks_by, trouble, file, environment } = demo;
    let file = file.display();
    let trouble = trouble.as_ref().map(|trouble| format!("It does not answer yet: {trouble}.\n"));
    let trouble = trouble.unwrap_or_default();
    format!(
        r#"Calls:

  {switchboard} run clinic-call --input '{{"phone": "+15557654322"}}' --follow
  {switchboard} conversations show
  {environment}{switchboard} simulate {file}

With the first, an agent calls somebody who plays a script; the second prints what was said and how long it took; with
the third you talk to the agent here. It also answers +15551234567: pick +15557654321 on the page, press Call, and type.
The agent talks by {talks_by}.
{trouble}"#
    )
}

fn told(error: DevError) -> CliError {
    match error {
        DevError::App(AppError::Listen { address, .. }) => {
            let hint = "another program may have it; choose another with --listen";
            CliError::told(format!("cannot listen on {address}"), hint)
        }
        DevError::App(error) => CliError::App(error),
        DevError::Store(error) => CliError::Store(error),
        DevError::UnknownExample(_) => {
            let names: Vec<&str> = crate::dev::EXAMPLES.iter().map(|example| example.name).collect();
            let hint = Some(format!("there are: {}", names.join(", ")));
            CliError::Told { message: error.to_string(), hint, exit_code: 2 }
        }
        DevError::Model(_) => {
            let hint = "mend OPENAI_API_KEY or OPENAI_BASE_URL, or leave both empty: then fixed rules answer";
            CliError::misused(error.to_string(), hint)
        }
        DevError::Emulator(error) => super::emulator::told(error),
        error => CliError::Dev(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_works_in_any_folder() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(from_anywhere("switchboard"), "switchboard");
        assert_eq!(from_anywhere("/opt/switchboard"), "/opt/switchboard");
        assert_eq!(from_anywhere("target/sb"), here.join("target/sb").display().to_string());
        assert_eq!(from_anywhere("/opt/Ann's/sb"), r"'/opt/Ann'\''s/sb'");
    }
}
