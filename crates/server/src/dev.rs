//! Everything to play with in one process: a server, the emulator, one clock for both, and an example.
//!
//! The server is the one of `serve`, down to its signature checks: it knows the emulator by its address alone.

mod demo;
mod winding;

pub use demo::{Demo, DemoModel};

use crate::app::{self, App, AppError, AppState};
use crate::clock::WindableClock;
use crate::config::Config;
use crate::credentials::{CredentialError, Draft, TwilioDraft};
use crate::keys;
use crate::outbound::senders::{self, SyncError};
use crate::tokens::{self, Scope};
use emulator::{DEFAULT_ACCOUNT, DEFAULT_NUMBER, DEFAULT_TOKEN, Emulator, Fixture, Running};
use engine::pacing::Rate;
use host::HostError;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::record::{Sender, SenderKind};
use store::{Commit, CommitError, Role, StoreError};
use tokio_util::sync::CancellationToken;

/// What there is to play with, by name.
pub const EXAMPLES: [Example; 3] = [
    Example {
        name: "appointment-reminder",
        workflows: &[("appointment-reminder", include_str!("../../../examples/appointment-reminder.yaml"))],
    },
    Example {
        name: "appointment-call",
        workflows: &[("appointment-call", include_str!("../../../examples/appointment-call.yaml"))],
    },
    Example {
        name: demo::NAME,
        workflows: &[
            ("clinic-call", include_str!("../../../examples/clinic-call.yaml")),
            ("clinic-line", include_str!("../../../examples/clinic-line.yaml")),
        ],
    },
];

/// Workflows that belong together; those of `clinic-desk` have an agent.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    pub name: &'static str,
    /// Name and file of each.
    workflows: &'static [(&'static str, &'static str)],
}

/// The name of the credential that leads to the emulator.
pub const CREDENTIAL: &str = "dev";

/// What the emulated number may send, so that pacing is seen at work.
const RATE: Rate = Rate { segments_per_second: 1.0 };

/// How to start.
pub struct Options {
    pub config: Config,
    pub listen: SocketAddr,
    pub emulator_listen: SocketAddr,
    /// Database, key and token live here.
    pub folder: PathBuf,
    /// Made where none is given.
    pub token: Option<SecretString>,
    /// The only example to publish; all of them where none is named.
    pub example: Option<String>,
    /// What the agent of the example `clinic-desk` talks by.
    pub model: DemoModel,
    pub fixture: Fixture,
    /// How fast the emulated number may send; nothing: as fast as it can.
    pub rate: Option<Rate>,
}

impl Options {
    /// The documented ones, with data in `folder`.
    pub fn new(config: Config, folder: PathBuf) -> Options {
        Options {
            config,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            emulator_listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            folder,
            token: None,
            example: None,
            model: DemoModel::default(),
            fixture: Fixture::default(),
            rate: Some(RATE),
        }
    }
}

/// A server and an emulator that are ready.
pub struct Dev {
    app: App,
    emulator: Running,
    emulator_stop: CancellationToken,
    pub url: String,
    pub emulator_url: String,
    pub token: SecretString,
    pub clock: Arc<WindableClock>,
    /// The names of the examples that were published.
    pub examples: Vec<&'static str>,
    /// The agent with a language model, where its example was published.
    pub demo: Option<Demo>,
}

#[derive(Debug, thiserror::Error)]
pub enum DevError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error("the emulator cannot start")]
    Emulator(#[from] emulator::StartError),
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
    #[error("{} cannot be used", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error("the emulator's number cannot be taken over")]
    Senders(#[from] SyncError),
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("the senders cannot be stored")]
    Commit(#[from] CommitError),
    #[error("the model of the agent to play with cannot be asked: {0}")]
    Model(String),
    #[error("there is no example {0:?}")]
    UnknownExample(String),
}

impl Dev {
    /// Starts both, connects them, and publishes what there is to play with.
    ///
    /// # Errors
    /// Where an address is taken, or the folder cannot be used.
    pub async fn start(options: Options) -> Result<Dev, DevError> {
        let examples = chosen(options.example.as_deref())?;
        let clock = Arc::new(WindableClock::default());
        let listener = app::listen(options.listen).await?;
        let emulator_listener = app::listen(options.emulator_listen).await?;
        let emulator_stop = CancellationToken::new();
        let mut fixture = options.fixture;
        let has_demo = examples.iter().any(|example| example.name == demo::NAME);
        if has_demo {
            demo::people(&mut fixture);
        }
        let emulator_options =
            emulator::Options { fixture, clock: clock.clone(), ..emulator::Options::new(emulator_listener) };
        let emulator = Emulator::start(emulator_options, emulator_stop.clone())?;
        let emulator_url = emulator.url().to_owned();

        let mut config = options.config;
        config.database.url = format!("sqlite:{}", options.folder.join("switchboard.db").display()).into();
        config.public_url = None;
        let key = kept(&options.folder.join("encryption.key"), keys::generate)?;
        let store = app::open_store(&config, vec![key], Role::Node).await?;
        let app = App::new(config, store, clock.clone(), listener)
            .await?
            .with_routes(winding::router(clock.clone()));
        clock.attach_host(app.state().host.clone());

        let state = app.state();
        connect(state, &emulator_url).await?;
        take_over_number(state, options.rate).await?;
        let demo = match has_demo {
            true => Some(demo::publish(state, &emulator_url, &options.model, &options.folder).await?),
            false => None,
        };
        for (name, source) in examples.iter().flat_map(|example| example.workflows) {
            state.store.publish_workflow(name, source, state.host.now()).await?;
        }
        let token = match options.token {
            Some(token) => token,
            None => kept(&options.folder.join("token"), tokens::generate)?,
        };
        admit(state, &token).await?;
        state.host.refresh().await?;
        let url = state.public_url.to_string();
        let examples = examples.iter().map(|example| example.name).collect();
        Ok(Dev { app, emulator, emulator_stop, url, emulator_url, token, clock, examples, demo })
    }

    pub fn state(&self) -> &AppState {
        self.app.state()
    }

    /// What the emulator has under way.
    pub fn emulator_activity(&self) -> emulator::Activity {
        self.emulator.activity().clone()
    }

    /// Serves until `stop`; the server ends first, so that the emulator still takes its last requests.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn run(self, stop: CancellationToken) -> Result<(), DevError> {
        let served = self.app.run(stop).await;
        self.emulator_stop.cancel();
        self.emulator.stopped().await;
        Ok(served?)
    }
}

fn chosen(name: Option<&str>) -> Result<Vec<Example>, DevError> {
    let Some(name) = name else { return Ok(EXAMPLES.to_vec()) };
    let found = EXAMPLES.iter().find(|example| example.name == name);
    Ok(vec![*found.ok_or_else(|| DevError::UnknownExample(name.to_owned()))?])
}

/// Keeps the emulator's account as a credential, checked as any other.
async fn connect(state: &AppState, emulator_url: &str) -> Result<(), DevError> {
    let draft = Draft::Twilio(TwilioDraft {
        name: CREDENTIAL.to_owned(),
        account_sid: DEFAULT_ACCOUNT.to_owned(),
        auth_token: DEFAULT_TOKEN.into(),
        auth_token_next: None,
        api_key_sid: None,
        api_key_secret: None,
        api_base: Some(emulator_url.to_owned()),
        test: false,
    });
    state.credentials.put(&draft, state.host.now()).await?;
    Ok(state.host.refresh().await?)
}

/// Imports the number as `senders sync --apply` does, and paces it.
async fn take_over_number(state: &AppState, rate: Option<Rate>) -> Result<(), DevError> {
    let plan = senders::plan(&state.carrier, &state.host, CREDENTIAL).await?;
    senders::apply(&state.carrier, &state.host, &plan).await?;
    let is_number = |sender: &Sender| sender.kind == SenderKind::Number && sender.address == DEFAULT_NUMBER;
    let number = state.store.senders().await?.into_iter().find(is_number);
    if let Some(number) = number {
        let paced = Sender { rate, ..number };
        state.store.commit(Commit { senders: vec![paced], ..Commit::default() }).await?;
    }
    Ok(())
}

/// Makes the token one that is let in.
async fn admit(state: &AppState, token: &SecretString) -> Result<(), StoreError> {
    let record = tokens::record(token, "dev", &[Scope::Admin], state.host.now());
    if state.store.token_by_hash(&record.hash).await?.is_none() {
        state.store.put_token(record).await?;
    }
    Ok(())
}

/// A secret that stays the same from one start to the next.
fn kept(path: &Path, make: impl FnOnce() -> SecretString) -> Result<SecretString, DevError> {
    use secrecy::ExposeSecret as _;
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let folder = |source| DevError::Folder { path: path.to_owned(), source };
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(SecretString::from(text.trim())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(folder(error)),
    }
    let secret = make();
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(folder)?;
    }
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(folder)?;
    file.write_all(secret.expose_secret().as_bytes()).map_err(folder)?;
    Ok(secret)
}
