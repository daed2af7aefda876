//! What was asked of the models: a line in the log for each request, and the latest requests word by word.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::decide::Answer;
use super::refusal::Refusal;
use super::request::ChatRequest;
use crate::journal::Event;
use crate::world::World;

/// How many requests are kept word by word; the oldest go first.
const KEPT_MAX: usize = 1_000;
/// The largest request that is kept word by word, in bytes.
const KEPT_BYTES_MAX: usize = 262_144;

/// A request as it came.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ModelRequest)]
pub(crate) struct Asked {
    /// Counts from 1 without gaps.
    pub(crate) number: u64,
    /// In domain time.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: jiff::Timestamp,
    /// Null where it was no JSON, or too large to be kept.
    #[schema(value_type = Object)]
    pub(crate) body: Value,
}

#[derive(Default)]
pub(crate) struct RequestLog {
    kept: VecDeque<Asked>,
    written: u64,
}

impl RequestLog {
    pub(super) fn write(&mut self, at: jiff::Timestamp, body: &[u8]) {
        let body = if body.len() > KEPT_BYTES_MAX {
            Value::Null
        } else {
            serde_json::from_slice(body).unwrap_or(Value::Null)
        };
        if self.kept.len() == KEPT_MAX {
            self.kept.pop_front();
        }
        self.written += 1;
        self.kept.push_back(Asked { number: self.written, at, body });
    }

    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = &Asked> {
        self.kept.iter().filter(move |asked| asked.number > number)
    }
}

/// The model that a request names, as far as it can be read.
pub(super) fn model_of(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    body["model"].as_str().unwrap_or_default().to_owned()
}

/// How a stream or a whole answer ended, as far as it was written.
pub(super) struct Given {
    /// Text that was given, which is less than the answer's where it broke off.
    pub(super) text: String,
    pub(super) complete: bool,
}

pub(super) fn answered(world: &mut World, answer: &Answer, given: Given, streamed: bool) {
    world.write(Event::ModelAnswered {
        model: answer.model.clone(),
        streamed,
        status: Some(200),
        code: None,
        text: Some(given.text).filter(|text| !text.is_empty()),
        tool_calls: answer.calls.iter().map(|(_, name, _)| name.clone()).collect(),
        finish_reason: given.complete.then(|| answer.finish_reason.clone()),
        prompt_tokens: answer.usage.prompt,
        cached_tokens: answer.usage.cached,
        completion_tokens: answer.usage.completion,
        complete: given.complete,
        faults: answer.faults.iter().map(|word| (*word).to_owned()).collect(),
    });
}

pub(super) fn refused(world: &mut World, model: &str, refusal: &Refusal) {
    unanswered(world, model, Some(refusal.status), refusal.code);
}

pub(super) fn dropped(world: &mut World, request: &ChatRequest) {
    unanswered(world, &request.model, None, None);
}

fn unanswered(world: &mut World, model: &str, status: Option<u16>, code: Option<&str>) {
    world.write(Event::ModelAnswered {
        model: model.to_owned(),
        streamed: false,
        status,
        code: code.map(str::to_owned),
        text: None,
        tool_calls: Vec::new(),
        finish_reason: None,
        prompt_tokens: 0,
        cached_tokens: 0,
        completion_tokens: 0,
        complete: false,
        faults: Vec::new(),
    });
}
