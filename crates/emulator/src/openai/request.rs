//! A request for a completion, read and checked as far as no model is needed for it.

use serde_json::{Map, Value};

use super::refusal::Refusal;

pub(crate) struct ChatRequest {
    pub(super) model: String,
    pub(super) messages: Vec<Message>,
    /// Present where the answer is to be a stream.
    pub(super) stream: Option<StreamOptions>,
    pub(super) tokens_max: Option<TokensMax>,
    pub(super) temperature: Option<f64>,
    pub(super) stop: Vec<String>,
    /// Names of the tools that are offered.
    pub(super) tools: Vec<String>,
    pub(super) wants_json: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
}

/// The limit of an answer, and under which of its two names it came.
#[derive(Debug, Clone, Copy)]
pub(super) struct TokensMax {
    pub(super) tokens: usize,
    pub(super) is_old_name: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `system` or `developer`.
    Instructions,
    User,
    Assistant,
    Tool,
}

#[derive(Debug)]
pub(super) struct Message {
    pub(super) role: Role,
    pub(super) text: String,
    /// Calls that an assistant's message makes: id and name.
    pub(super) calls: Vec<(String, String)>,
    /// The call that a tool's message answers.
    pub(super) answers: Option<String>,
}

impl ChatRequest {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return Err(Refusal::not_json());
        };
        let Some(model) = fields.get("model").and_then(Value::as_str).filter(|model| !model.is_empty())
        else {
            return Err(Refusal::invalid("model", "you must provide a model parameter"));
        };
        let messages = read_messages(&fields)?;
        check_calls(&messages)?;
        if fields.get("n").and_then(Value::as_u64).is_some_and(|n| n != 1) {
            return Err(Refusal::unsupported(
                "n",
                "unsupported_value",
                "The emulator makes one choice only.",
            ));
        }
        Ok(Self {
            model: model.to_owned(),
            messages,
            stream: read_stream(&fields)?,
            tokens_max: read_tokens_max(&fields)?,
            temperature: read_temperature(&fields)?,
            stop: read_stop(&fields),
            tools: read_tools(&fields)?,
            wants_json: fields
                .get("response_format")
                .and_then(|format| format["type"].as_str())
                .is_some_and(|kind| kind.starts_with("json")),
        })
    }
}

fn read_messages(fields: &Map<String, Value>) -> Result<Vec<Message>, Refusal> {
    let list = fields.get("messages").and_then(Value::as_array).filter(|list| !list.is_empty());
    let Some(list) = list else {
        return Err(Refusal::invalid("messages", "'messages' must be an array with at least one message"));
    };
    list.iter().map(read_message).collect()
}

fn read_message(message: &Value) -> Result<Message, Refusal> {
    let role = match message["role"].as_str() {
        Some("system" | "developer") => Role::Instructions,
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("tool") => Role::Tool,
        other => {
            let said = other.unwrap_or("nothing");
            let reason = format!("a role must be system, developer, user, assistant or tool, and is {said}");
            return Err(Refusal::invalid("messages", reason));
        }
    };
    let calls: Vec<(String, String)> = message["tool_calls"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|call| (text_at(call, "id"), text_at(&call["function"], "name")))
        .collect();
    let text = match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(|part| text_at(part, "text")).collect(),
        Value::Null if !calls.is_empty() || message["refusal"].is_string() => String::new(),
        _ => return Err(Refusal::invalid("messages", "the content of a message must be text")),
    };
    let answers = message["tool_call_id"].as_str().map(str::to_owned);
    Ok(Message { role, text, calls, answers })
}

fn text_at(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// Every call of an assistant must be answered by a tool's message right behind it, and every such message must
/// answer one.
fn check_calls(messages: &[Message]) -> Result<(), Refusal> {
    let mut open: Vec<&str> = Vec::new();
    for message in messages {
        if message.role == Role::Tool {
            let id = message.answers.as_deref().unwrap_or_default();
            let Some(position) = open.iter().position(|open| *open == id) else {
                let reason = "messages with role 'tool' must be a response to a preceding message with \
                              'tool_calls'";
                return Err(Refusal::invalid("messages", reason));
            };
            open.remove(position);
            continue;
        }
        all_answered(&open)?;
        open = message.calls.iter().map(|(id, _)| id.as_str()).collect();
    }
    all_answered(&open)
}

fn all_answered(open: &[&str]) -> Result<(), Refusal> {
    if open.is_empty() {
        return Ok(());
    }
    let reason = format!(
        "an assistant message with 'tool_calls' must be followed by tool messages responding to each \
         'tool_call_id'; without answer: {}",
        open.join(", ")
    );
    Err(Refusal::invalid("messages", reason))
}

fn read_stream(fields: &Map<String, Value>) -> Result<Option<StreamOptions>, Refusal> {
    let streams = fields.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let options = fields.get("stream_options").filter(|options| !options.is_null());
    if options.is_some() && !streams {
        let reason = "'stream_options' is only allowed with 'stream' enabled";
        return Err(Refusal::invalid("stream_options", reason));
    }
    let include_usage = options.is_some_and(|options| options["include_usage"] == true);
    Ok(streams.then_some(StreamOptions { include_usage }))
}

fn read_tokens_max(fields: &Map<String, Value>) -> Result<Option<TokensMax>, Refusal> {
    for (name, is_old_name) in [("max_completion_tokens", false), ("max_tokens", true)] {
        let Some(value) = fields.get(name).filter(|value| !value.is_null()) else { continue };
        let tokens = value.as_u64().filter(|tokens| *tokens > 0).and_then(|tokens| tokens.try_into().ok());
        let Some(tokens) = tokens else {
            return Err(Refusal::invalid(name, format!("'{name}' must be a whole number of at least 1")));
        };
        return Ok(Some(TokensMax { tokens, is_old_name }));
    }
    Ok(None)
}

fn read_temperature(fields: &Map<String, Value>) -> Result<Option<f64>, Refusal> {
    let Some(value) = fields.get("temperature").filter(|value| !value.is_null()) else { return Ok(None) };
    match value.as_f64() {
        Some(temperature) if (0.0..=2.0).contains(&temperature) => Ok(Some(temperature)),
        _ => Err(Refusal::invalid("temperature", "'temperature' must be a number from 0 to 2")),
    }
}

fn read_stop(fields: &Map<String, Value>) -> Vec<String> {
    match fields.get("stop") {
        Some(Value::String(stop)) => vec![stop.clone()],
        Some(Value::Array(stops)) => {
            stops.iter().filter_map(Value::as_str).map(str::to_owned).take(4).collect()
        }
        _ => Vec::new(),
    }
}

fn read_tools(fields: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let Some(tools) = fields.get("tools").and_then(Value::as_array) else { return Ok(Vec::new()) };
    let mut names = Vec::with_capacity(tools.len());
    for tool in tools {
        let name = tool["function"]["name"].as_str().unwrap_or_default();
        let is_name_char = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || name.len() > 64 || !name.chars().all(is_name_char) {
            let reason = "a function's name must be 1 to 64 letters, digits, '_' and '-'";
            return Err(Refusal::invalid("tools", reason));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}
