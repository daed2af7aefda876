//! The endpoint's state: its keys, its models, how often faults have struck, and which prompts were seen.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

use http::{HeaderMap, header};
use indexmap::IndexMap;

use super::fault::Struck;
use super::log::RequestLog;
use super::prompt::Facts;
use super::refusal::Refusal;
use super::request::ChatRequest;
use super::script::{Credit, KeyFixture, ModelFault, ModelScript, OpenAiFixture};
use super::tokens;
use crate::random::Random;

/// Models that may exist.
pub(crate) const MODELS_MAX: usize = 200;
/// Faults that one model may have.
pub(crate) const FAULTS_MAX: usize = 1_000;
/// Beginnings of prompts that are remembered; above it all are forgotten.
const PREFIXES_MAX: usize = 100_000;
/// The shortest beginning of a prompt that is cached, in tokens.
const CACHED_TOKENS_MIN: usize = 1_024;
/// Beginnings are cached in steps of so many tokens.
const CACHED_TOKENS_STEP: usize = 128;

pub(crate) struct Endpoint {
    keys: Vec<KeyFixture>,
    models: IndexMap<String, Model>,
    /// Hashes of beginnings of prompts, by model.
    prefixes: HashSet<u64>,
    pub(crate) requests: RequestLog,
}

pub(crate) struct Model {
    pub(crate) script: ModelScript,
    faults: Vec<Active>,
    /// How many completions it was asked for.
    pub(crate) asked: u64,
}

struct Active {
    fault: ModelFault,
    /// Requests that fitted.
    met: u64,
    strikes: u64,
}

/// Why a model's script is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    #[error("a model needs an id")]
    NoId,
    #[error("two models have the id {0}")]
    Twice(String),
    #[error("tokensPerSecond must be more than 0 and at most 100,000")]
    Pace,
    #[error("a chance must be between 0 and 1")]
    Chance,
    #[error("status {0} is not an HTTP error")]
    Status(u16),
    #[error("at most {MODELS_MAX} models may exist")]
    TooManyModels,
    #[error("at most {FAULTS_MAX} faults may stand")]
    TooManyFaults,
}

impl Endpoint {
    pub(crate) fn new(fixture: &OpenAiFixture) -> Result<Self, EndpointError> {
        let mut endpoint = Self {
            keys: fixture.keys.clone(),
            models: IndexMap::new(),
            prefixes: HashSet::new(),
            requests: RequestLog::default(),
        };
        for script in &fixture.models {
            if endpoint.models.contains_key(&script.id) {
                return Err(EndpointError::Twice(script.id.clone()));
            }
            endpoint.put(script.clone())?;
        }
        Ok(endpoint)
    }

    /// Adds a model, or replaces the one of that id. Tells whether it is new.
    pub(crate) fn put(&mut self, script: ModelScript) -> Result<bool, EndpointError> {
        check(&script)?;
        if self.models.len() >= MODELS_MAX && !self.models.contains_key(&script.id) {
            return Err(EndpointError::TooManyModels);
        }
        let faults = script.faults.iter().cloned().map(Active::new).collect();
        Ok(self.models.insert(script.id.clone(), Model { script, faults, asked: 0 }).is_none())
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.models.shift_remove(id).is_some()
    }

    /// Adds a fault behind the others; `None` where there is no such model.
    pub(crate) fn add_fault(&mut self, id: &str, fault: ModelFault) -> Option<Result<(), EndpointError>> {
        let model = self.models.get_mut(id)?;
        Some(check_fault(&fault).and_then(|()| {
            if model.faults.len() >= FAULTS_MAX {
                return Err(EndpointError::TooManyFaults);
            }
            model.faults.push(Active::new(fault));
            Ok(())
        }))
    }

    pub(crate) fn clear_faults(&mut self, id: &str) -> bool {
        let model = self.models.get_mut(id);
        model.map(|model| model.faults.clear()).is_some()
    }

    /// Whether the caller's key is one that can be used at all. Credit is asked for by completions alone.
    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<Credit, Refusal> {
        let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = header.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
        let Some(key) = key.filter(|key| !key.is_empty()) else { return Err(Refusal::no_key()) };
        let known = self.keys.iter().find(|known| known.key == key);
        known.map(|known| known.credit).ok_or_else(|| Refusal::wrong_key(key))
    }

    pub(crate) fn models(&self) -> impl Iterator<Item = &Model> {
        self.models.values()
    }

    pub(crate) fn model(&self, id: &str) -> Option<&Model> {
        self.models.get(id)
    }

    /// The script of a model that can answer.
    pub(super) fn script(&self, id: &str) -> Result<&ModelScript, Refusal> {
        let model = self.models.get(id).filter(|model| !model.script.retired);
        model.map(|model| &model.script).ok_or_else(|| Refusal::no_model(id))
    }

    /// Counts a request, and what its model's faults do to it.
    pub(super) fn strike(
        &mut self,
        id: &str,
        facts: &Facts<'_>,
        random: &mut Random,
    ) -> (Struck, Vec<&'static str>) {
        let mut struck = Struck::default();
        let mut words = Vec::new();
        let Some(model) = self.models.get_mut(id) else { return (struck, words) };
        model.asked += 1;
        for active in &mut model.faults {
            if active.strikes_at(facts, random) {
                active.fault.then.strike(&mut struck);
                words.push(active.fault.then.word());
            }
        }
        (struck, words)
    }

    /// How many tokens of the prompt's beginning were in a prompt before it. From then on this one counts as seen.
    pub(super) fn cached_tokens(&mut self, request: &ChatRequest) -> usize {
        if self.prefixes.len() > PREFIXES_MAX {
            self.prefixes.clear();
        }
        let mut hasher = DefaultHasher::new();
        hasher.write(request.model.as_bytes());
        let (mut tokens, mut cached) = (0, 0);
        for message in &request.messages {
            hasher.write_u8(message.role as u8);
            for piece in tokens::split(&message.text) {
                hasher.write(piece.as_bytes());
                tokens += 1;
                if tokens >= CACHED_TOKENS_MIN
                    && tokens.is_multiple_of(CACHED_TOKENS_STEP)
                    && !self.prefixes.insert(hasher.finish())
                {
                    cached = tokens;
                }
            }
        }
        cached
    }
}

impl Active {
    fn new(fault: ModelFault) -> Self {
        Self { fault, met: 0, strikes: 0 }
    }

    fn strikes_at(&mut self, facts: &Facts<'_>, random: &mut Random) -> bool {
        let spent = self.fault.times.is_some_and(|times| self.strikes >= times);
        if spent || !facts.fit(&self.fault.when) {
            return false;
        }
        self.met += 1;
        let strikes = self.met > self.fault.skip && random.happens(self.fault.chance);
        self.strikes += u64::from(strikes);
        strikes
    }
}

fn check(script: &ModelScript) -> Result<(), EndpointError> {
    if script.id.trim().is_empty() {
        return Err(EndpointError::NoId);
    }
    let paces = script.rules.iter().filter_map(|rule| rule.then.pace).chain([script.pace]);
    for rate in paces.filter_map(|pace| pace.tokens_per_second) {
        if !(rate > 0.0 && rate <= 100_000.0) {
            return Err(EndpointError::Pace);
        }
    }
    if script.faults.len() > FAULTS_MAX {
        return Err(EndpointError::TooManyFaults);
    }
    script.faults.iter().try_for_each(check_fault)
}

fn check_fault(fault: &ModelFault) -> Result<(), EndpointError> {
    if !(0.0..=1.0).contains(&fault.chance) {
        return Err(EndpointError::Chance);
    }
    match fault.then {
        super::fault::FaultAction::Error { status } if !(400..600).contains(&status) => {
            Err(EndpointError::Status(status))
        }
        _ => Ok(()),
    }
}
