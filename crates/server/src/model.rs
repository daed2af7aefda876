//! The client of language models: any endpoint that speaks OpenAI's chat completions.
//!
//! [`ModelClient`] streams an answer piece by piece. Until the first piece it may try again, where another attempt
//! can help, and then the question's next endpoint; once something was said, a failure is told and never repeated.

mod answer;
mod attempt;
mod breaker;
mod endpoint;
mod refusal;
mod request;
mod sse;
mod trial;

pub use endpoint::{DEFAULT_BASE_URL, OpenAiCredential};
pub use trial::{ModelFinding, ModelReport};

use crate::credentials::{CredentialError, Credentials};
use async_trait::async_trait;
use attempt::{Attempt, Given};
use breaker::Breakers;
use engine::llm::models::Usage;
use engine::llm::question::{Failure, ModelEvent, Question};
use host::{LanguageModel, Patience};
use request::Quirks;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Attempts at one endpoint for one question.
const ATTEMPTS_MAX: u32 = 3;
/// The pause before the second attempt; it doubles.
const PAUSE: Duration = Duration::from_millis(200);

pub struct ModelClient {
    keys: Keys,
    connect_limit: Duration,
    breakers: Breakers,
    /// What endpoints turned out not to take, by base URL and model.
    quirks: Mutex<HashMap<(String, String), Quirks>>,
    /// To this machine: never through a proxy.
    local: OnceLock<reqwest::Client>,
    outward: OnceLock<reqwest::Client>,
}

/// Where the keys of endpoints are from.
enum Keys {
    /// Kept, by name.
    Kept(Arc<Credentials>),
    /// The same for every name.
    Given(Arc<OpenAiCredential>),
}

impl Keys {
    async fn of(&self, name: &str) -> Result<Arc<OpenAiCredential>, CredentialError> {
        match self {
            Keys::Kept(credentials) => credentials.openai(name).await,
            Keys::Given(credential) => Ok(credential.clone()),
        }
    }
}

#[async_trait]
impl LanguageModel for ModelClient {
    async fn ask(&self, question: Question, patience: Patience, events: mpsc::Sender<ModelEvent>) {
        let began = Instant::now();
        let first_by = began + patience.first;
        let whole_by = began + patience.whole;
        let (mut failure, mut usage) = (Failure::Unreachable, Usage::default());
        for index in 0..question.endpoints.len() {
            // An endpoint that hangs may not take the time of those behind it.
            let left = u32::try_from(question.endpoints.len() - index).unwrap_or(u32::MAX);
            let share = Instant::now() + first_by.saturating_duration_since(Instant::now()) / left;
            match self.ask_one(&question, index, share, whole_by, &events).await {
                Given::All => return,
                Given::Nothing(why) => failure = why,
                Given::Part { why, usage: part } => {
                    usage += part;
                    failure = why;
                    break;
                }
            }
        }
        tracing::warn!(failure = failure.as_str(), "no answer of a model");
        let _ = events.send(ModelEvent::Failed { failure, usage }).await;
    }
}

impl ModelClient {
    pub fn new(credentials: Arc<Credentials>, connect_limit: Duration) -> ModelClient {
        ModelClient::with_keys(Keys::Kept(credentials), connect_limit)
    }

    /// A client without a store: one endpoint stands for every credential.
    pub(crate) fn of_endpoint(credential: OpenAiCredential, connect_limit: Duration) -> ModelClient {
        ModelClient::with_keys(Keys::Given(Arc::new(credential)), connect_limit)
    }

    fn with_keys(keys: Keys, connect_limit: Duration) -> ModelClient {
        ModelClient {
            keys,
            connect_limit,
            breakers: Breakers::default(),
            quirks: Mutex::default(),
            local: OnceLock::new(),
            outward: OnceLock::new(),
        }
    }

    /// Asks one endpoint, again where that can help and there is time.
    async fn ask_one(
        &self,
        question: &Question,
        index: usize,
        first_by: Instant,
        whole_by: Instant,
        events: &mpsc::Sender<ModelEvent>,
    ) -> Given {
        let endpoint = &question.endpoints[index];
        let credential = match self.keys.of(&endpoint.credential).await {
            Ok(credential) => credential,
            Err(error) => {
                tracing::warn!(credential = endpoint.credential, %error, "a model cannot be asked");
                return Given::Nothing(Failure::BadKey);
            }
        };
        let breaker = self.breakers.of(credential.base_url.as_str());
        let mut pause = PAUSE;
        let mut tried = 0;
        loop {
            if !breaker.lets_pass(Instant::now()) {
                return Given::Nothing(Failure::Resting);
            }
            let Ok(client) = self.transport(&credential) else {
                return Given::Nothing(Failure::Unreachable);
            };
            let quirks = self.quirks_of(&credential, &endpoint.model);
            let attempt =
                Attempt { client, credential: &credential, question, index, quirks, first_by, whole_by };
            let end = attempt.run(events).await;
            breaker.note(&end.given, Instant::now());
            if let Some(learned) = end.learned {
                self.learn(&credential, &endpoint.model, learned);
                continue;
            }
            tried += 1;
            let Given::Nothing(failure) = end.given else { return end.given };
            let wait = end.retry_after.unwrap_or(pause);
            let in_time = Instant::now() + wait < first_by;
            if !failure.may_pass() || tried == ATTEMPTS_MAX || !in_time || events.is_closed() {
                return Given::Nothing(failure);
            }
            tokio::time::sleep(wait).await;
            pause *= 2;
        }
    }

    fn quirks_of(&self, credential: &OpenAiCredential, model: &str) -> Quirks {
        let key = (credential.base_url.to_string(), model.to_owned());
        let quirks = self.quirks.lock().unwrap_or_else(PoisonError::into_inner);
        quirks.get(&key).copied().unwrap_or_else(|| Quirks::of(credential, model))
    }

    fn learn(&self, credential: &OpenAiCredential, model: &str, quirks: Quirks) {
        let key = (credential.base_url.to_string(), model.to_owned());
        self.quirks.lock().unwrap_or_else(PoisonError::into_inner).insert(key, quirks);
    }

    fn transport(&self, credential: &OpenAiCredential) -> Result<&reqwest::Client, reqwest::Error> {
        let local = credential.base_url.host().is_some_and(|host| crate::credentials::is_loopback(&host));
        let slot = if local { &self.local } else { &self.outward };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("switchboard/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_limit)
            .tcp_nodelay(true);
        if local {
            builder = builder.no_proxy();
        }
        let client = builder.build()?;
        Ok(slot.get_or_init(|| client))
    }
}
