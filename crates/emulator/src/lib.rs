//! A pretend Twilio: REST, phones, callbacks, faults; and a pretend OpenAI endpoint with scripted models.
//!
//! [`Emulator::start`] serves on a listener: Twilio's REST API (the 2010 API and the messaging product,
//! told apart by path), OpenAI's chat completions under `/v1/chat`, a control API under `/emulator/v1`, and a
//! page for people under `/emulator`. What exists at the start stands in a [`Fixture`]. Everything that waits in domain time asks a [`Clock`];
//! whoever winds that clock waits for [`Activity::quiet`] between steps.
//!
//! All state is in memory, behind one lock that is never held across an await, and bounded: the oldest
//! finished messages are forgotten above 1,000,000, the oldest entries of the log above 50,000.
//!
//! What is decided under the lock never waits: it only changes the world, enters what is due later into the
//! agenda, and hands webhooks to the courier. One task works the agenda, one carries webhooks.

mod accounts;
mod activity;
mod address;
mod agenda;
mod applications;
mod call;
mod call_queues;
mod call_scripts;
mod calls;
mod clock;
mod conferences;
mod connection;
mod contents;
mod control;
mod cookies;
mod courier;
mod draft;
mod due;
mod emulation;
mod faults;
mod fixture;
mod genesis;
mod holds;
mod inbound;
mod journal;
mod lookups;
mod medium;
mod message;
mod messages;
mod notices;
mod numbers;
mod openai;
mod optout;
mod phones;
mod pool;
mod queue;
mod random;
mod recordings;
mod relay;
mod replies;
mod rest;
mod scripts;
mod sending;
mod services;
mod socket;
mod sound;
mod sound_file;
mod speech;
mod status;
mod stream;
mod swearing;
mod text_cookies;
mod verified;
mod webhook;
mod world;
mod yaml;

pub use accounts::AccountStatus;
pub use activity::Activity;
pub use call::{HungUpBy, Line, Told};
pub use call_scripts::{Act, Beep, CallScript, CallScriptError, HearRule, Hears, PickUp, TextAct};
pub use clock::{Clock, SystemClock, Wait, WindableClock, Winding};
pub use control::openapi;
pub use emulation::Strictness;
pub use faults::{Action, Chances, Condition, FaultError, FaultSettings, Operation, Rule, When};
pub use fixture::{
    AccountFixture, AccountKind, ApplicationFixture, Approval, ButtonFixture, CallTimings, Capabilities,
    CarrierOutcome, CarrierRule, ContentFixture, DEFAULT_ACCOUNT, DEFAULT_NUMBER, DEFAULT_TEST_ACCOUNT,
    DEFAULT_TEST_TOKEN, DEFAULT_TOKEN, Fixture, FixtureError, KeyFixture, LookupFixture, MediaFetch,
    NumberFixture, PhoneFixture, ServiceFixture, TestCredentials, Timings,
};
pub use holds::Held;
pub use journal::{Attempt, Entry, Event, Purpose};
pub use message::Origin;
pub use openai::{
    Credit, DEFAULT_DESK_MODEL, DEFAULT_ECHO_MODEL, DEFAULT_MODEL, DEFAULT_MODEL_KEY,
    DEFAULT_MODEL_KEY_WITHOUT_CREDIT, EndpointError, Format, KeyFixture as ModelKeyFixture, ModelFault,
    ModelFaultAction, ModelRule, ModelScript, OpenAiFixture, Pace, Parameters, Prompted, Reply, ScriptedCall,
    StreamEnd,
};
pub use phones::PhoneState;
pub use scripts::{Button, ListChoice, Location, Moment, PhoneMedium, PhoneText, ScriptRule, TextMatch};

pub use connection::{Identity, IdentityError};
pub use yaml::YamlError;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::agenda::Agenda;
use crate::emulation::{Emulation, Setting};
use crate::webhook::Outbox;

/// What an emulator is started with.
pub struct Options {
    /// Where it serves.
    pub listener: TcpListener,
    pub fixture: Fixture,
    /// The same seed and the same order of requests give the same SIDs and faults. A program that keeps SIDs
    /// for longer than the emulator lives needs another seed each time, or it meets its old SIDs again.
    pub seed: u64,
    pub strictness: Strictness,
    pub clock: Arc<dyn Clock>,
    /// How it is reached from outside, for URLs of media; `http://` or `https://` and the listener's address
    /// without it.
    pub public_url: Option<String>,
    /// With it, the emulator serves TLS alone.
    pub identity: Option<Identity>,
    /// How many webhooks may be on their way at once; the others wait in order.
    pub webhooks_in_flight_max: usize,
}

impl Options {
    /// The default world on the machine's clock, with a seed that nobody has had before.
    pub fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            fixture: Fixture::default(),
            seed: rand::random(),
            strictness: Strictness::default(),
            clock: Arc::new(SystemClock),
            public_url: None,
            identity: None,
            webhooks_in_flight_max: 128,
        }
    }
}

/// Why an emulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the listener has no address")]
    Listener(#[source] std::io::Error),
    #[error("the fixture cannot be used")]
    Fixture(#[from] FixtureError),
}

/// A pretend Twilio.
pub struct Emulator;

/// An emulator that runs.
pub struct Running {
    address: SocketAddr,
    url: String,
    activity: Activity,
    tasks: Vec<JoinHandle<()>>,
}

impl Emulator {
    /// Starts to serve and returns at once; ends when `shutdown` is cancelled.
    ///
    /// # Errors
    ///
    /// A fixture whose values cannot be, and a listener without an address.
    pub fn start(options: Options, shutdown: CancellationToken) -> Result<Running, StartError> {
        let address = options.listener.local_addr().map_err(StartError::Listener)?;
        let scheme = if options.identity.is_some() { "https" } else { "http" };
        let url = options.public_url.unwrap_or_else(|| format!("{scheme}://{address}"));
        let agenda = Arc::new(Agenda::default());
        let activity = Activity::new(Arc::clone(&agenda), Arc::clone(&options.clock));
        options.clock.attach(activity.clone());
        let (outbox, parcels) = Outbox::new(activity.clone());
        let emulation = Arc::new(Emulation::new(Setting {
            fixture: options.fixture,
            seed: options.seed,
            strictness: options.strictness,
            clock: options.clock,
            agenda,
            activity: activity.clone(),
            outbox,
            base_url: url.trim_end_matches('/').to_owned(),
        })?);
        let router = Router::new()
            .merge(control::router(Arc::clone(&emulation)))
            .merge(openai::router(Arc::clone(&emulation)))
            .fallback(rest::handle)
            .with_state(Arc::clone(&emulation));
        let tasks = vec![
            tokio::spawn(connection::serve(options.listener, options.identity, router, shutdown.clone())),
            tokio::spawn(courier::run(
                Arc::clone(&emulation),
                parcels,
                options.webhooks_in_flight_max.max(1),
                shutdown.clone(),
            )),
            tokio::spawn(work_agenda(emulation, shutdown)),
        ];
        Ok(Running { address, url, activity, tasks })
    }
}

impl Running {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How it is reached, without a slash at the end unless it was given one.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What is in flight, for whoever winds the clock or waits for the end of a test.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Resolves after shutdown, when everything has ended.
    pub async fn stopped(self) {
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the emulator did not end well");
            }
        }
    }
}

/// Performs what is due, in order, as the clock reaches it.
async fn work_agenda(emulation: Arc<Emulation>, shutdown: CancellationToken) {
    loop {
        {
            let _in_flight = emulation.activity.begin();
            let mut done = 0_u32;
            while let Some(due) = emulation.agenda.take_due(emulation.clock.now()) {
                emulation.world().perform(due);
                done += 1;
                if done.is_multiple_of(128) {
                    // A long list of due things must not keep requests from being answered.
                    tokio::task::yield_now().await;
                }
            }
        }
        let next = async {
            match emulation.agenda.first() {
                Some(first) => emulation.clock.wait_until(first).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = next => {}
            () = emulation.agenda.earlier() => {}
            () = shutdown.cancelled() => return,
        }
    }
}
