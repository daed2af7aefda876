//! What a model answers to a request: by its faults, by its limits, by its rules.

use serde_json::Value;

use super::fault::Struck;
use super::prompt::Facts;
use super::refusal::Refusal;
use super::request::{ChatRequest, Role};
use super::script::{Credit, Format, ModelRule, ModelScript, Pace, Parameters, Prompted, Reply, StreamEnd};
use super::tokens;
use crate::world::World;

/// What a model says where no rule fits.
const NO_ANSWER: &str = "I have no answer for that.";

pub(super) struct Decision {
    pub(super) first_token_ms: u64,
    pub(super) end: End,
}

pub(super) enum End {
    Refused(Refusal),
    /// The connection is dropped before anything is answered.
    Dropped,
    Answered(Box<Answer>),
}

/// An answer, before it is written whole or as a stream.
pub(super) struct Answer {
    /// `chatcmpl-…`.
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) created: i64,
    pub(super) model: String,
    pub(super) text: Option<String>,
    pub(super) refusal: Option<String>,
    /// Id, name and arguments as text.
    pub(super) calls: Vec<(String, String, String)>,
    pub(super) finish_reason: String,
    pub(super) pace: Pace,
    pub(super) format: Format,
    pub(super) ends: Option<StreamEnd>,
    pub(super) usage: Usage,
    /// Words of the faults that had a hand in it.
    pub(super) faults: Vec<&'static str>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) prompt: usize,
    pub(super) cached: usize,
    pub(super) completion: usize,
}

pub(super) fn decide(world: &mut World, request: &ChatRequest, credit: Credit) -> Result<Decision, Refusal> {
    let script = world.openai.script(&request.model)?.clone();
    check_parameters(&script, request)?;
    let prompt = count_prompt(request);
    let room =
        (script.context_tokens as usize).saturating_sub(request.tokens_max.map_or(0, |max| max.tokens));
    if prompt > room {
        return Err(Refusal::too_long(script.context_tokens, prompt));
    }
    if credit == Credit::Exhausted {
        return Err(Refusal::no_credit());
    }
    let facts = Facts::of(request);
    let (struck, faults) = world.openai.strike(&request.model, &facts, &mut world.random);
    if struck.dropped || struck.refusal.is_some() {
        let end = struck.refusal.map_or(End::Dropped, End::Refused);
        return Ok(Decision { first_token_ms: struck.slow_ms, end });
    }
    let cached = world.openai.cached_tokens(request);
    let nothing = ModelRule {
        when: Prompted::default(),
        then: Reply { text: Some(NO_ANSWER.to_owned()), ..Reply::default() },
    };
    let rule = script.rules.iter().find(|rule| facts.fit(&rule.when)).unwrap_or(&nothing);
    let mut answer = Answer {
        id: format!("chatcmpl-{}", world.random.token()),
        created: world.now.as_second(),
        model: request.model.clone(),
        text: rule.then.text.as_ref().map(|text| facts.fill(text, &rule.when)),
        refusal: rule.then.refusal.as_ref().map(|text| facts.fill(text, &rule.when)),
        calls: calls(world, rule, &facts),
        finish_reason: String::new(),
        pace: rule.then.pace.unwrap_or(script.pace),
        format: script.format,
        ends: struck.ends.or(rule.then.ends),
        usage: Usage { prompt, cached, completion: 0 },
        faults,
    };
    let first_token_ms = answer.pace.first_token_ms + struck.slow_ms;
    finish(&mut answer, request, rule.then.finish_reason.as_deref(), &struck);
    Ok(Decision { first_token_ms, end: End::Answered(Box::new(answer)) })
}

fn check_parameters(script: &ModelScript, request: &ChatRequest) -> Result<(), Refusal> {
    if script.parameters == Parameters::Classic {
        return Ok(());
    }
    if request.tokens_max.is_some_and(|max| max.is_old_name) {
        return Err(Refusal::unsupported(
            "max_tokens",
            "unsupported_parameter",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
             'max_completion_tokens' instead.",
        ));
    }
    if request.temperature.is_some_and(|temperature| (temperature - 1.0).abs() > f64::EPSILON) {
        let message = "Unsupported value: 'temperature' supports only the default (1) with this model.";
        return Err(Refusal::unsupported("temperature", "unsupported_value", message));
    }
    if !request.stop.is_empty() {
        let message = "Unsupported parameter: 'stop' is not supported with this model.";
        return Err(Refusal::unsupported("stop", "unsupported_parameter", message));
    }
    Ok(())
}

/// Tokens of all messages, with a few for each as the real count has them.
fn count_prompt(request: &ChatRequest) -> usize {
    let of_messages: usize = request.messages.iter().map(|message| 4 + tokens::count(&message.text)).sum();
    let instructions = request.messages.iter().any(|message| message.role == Role::Instructions);
    of_messages + request.tools.len() * 20 + usize::from(instructions) + 2
}

fn calls(world: &mut World, rule: &ModelRule, facts: &Facts<'_>) -> Vec<(String, String, String)> {
    let scripted = rule.then.tool_calls.iter();
    scripted
        .map(|call| {
            let id = format!("call_{}", &world.random.token()[..24]);
            let arguments = match &call.arguments {
                Value::String(text) => facts.fill(text, &rule.when),
                Value::Null => "{}".to_owned(),
                object => filled(object, facts, &rule.when).to_string(),
            };
            (id, call.name.clone(), arguments)
        })
        .collect()
}

/// A value with its texts filled from the prompt.
fn filled(value: &Value, facts: &Facts<'_>, when: &Prompted) -> Value {
    match value {
        Value::String(text) => Value::String(facts.fill(text, when)),
        Value::Array(items) => Value::Array(items.iter().map(|item| filled(item, facts, when)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, item)| (key.clone(), filled(item, facts, when))).collect())
        }
        other => other.clone(),
    }
}

/// Cuts the answer where it must be cut, says why it ends, and counts it.
fn finish(answer: &mut Answer, request: &ChatRequest, reason: Option<&str>, struck: &Struck) {
    let mut ended = if answer.calls.is_empty() { "stop" } else { "tool_calls" }.to_owned();
    if let Some(text) = &mut answer.text {
        let first_stop = request.stop.iter().filter_map(|stop| text.find(stop.as_str())).min();
        if let Some(at) = first_stop {
            text.truncate(at);
        }
        if let Some(max) = request.tokens_max
            && cut(text, max.tokens)
        {
            answer.calls.clear();
            ended = "length".to_owned();
        }
    }
    if let Some(reason) = reason {
        ended = reason.to_owned();
    }
    if let Some((reason, after_tokens)) = &struck.finish {
        if let Some(text) = &mut answer.text {
            cut(text, *after_tokens);
        }
        answer.calls.clear();
        ended.clone_from(reason);
    }
    answer.finish_reason = ended;
    let spoken = answer.text.iter().chain(&answer.refusal).map(|text| tokens::count(text)).sum::<usize>();
    let called =
        answer.calls.iter().map(|(_, name, arguments)| tokens::count(name) + tokens::count(arguments));
    answer.usage.completion = spoken + called.sum::<usize>();
}

/// Cuts a text after so many tokens. Tells whether there was something to cut.
fn cut(text: &mut String, tokens_max: usize) -> bool {
    let kept: usize = tokens::split(text).iter().take(tokens_max).map(|piece| piece.len()).sum();
    let is_cut = kept < text.len();
    text.truncate(kept);
    is_cut
}
