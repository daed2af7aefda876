//! A question as the body of a request.

use super::endpoint::OpenAiCredential;
use engine::llm::models::{self, Limit, Temperature};
use engine::llm::question::{Call, Message, Question};
use serde_json::{Value, json};

/// What an endpoint takes and what not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quirks {
    pub(super) limit: Limit,
    pub(super) temperature: bool,
    pub(super) usage: bool,
    /// It takes a schema for its answer.
    pub(super) schema: bool,
}

impl Quirks {
    /// As the table of models says. A model that nobody knows takes the newer name at OpenAI, and the older one at
    /// servers that followed it.
    pub(super) fn of(credential: &OpenAiCredential, model: &str) -> Quirks {
        let known = models::find(model);
        let unknown = if credential.is_openai() { Limit::MaxCompletionTokens } else { Limit::MaxTokens };
        Quirks {
            limit: known.map_or(unknown, |known| known.limit),
            temperature: known.is_none_or(|known| known.temperature == Temperature::Free),
            usage: true,
            schema: true,
        }
    }

    /// What to leave out after a refusal that names the parameter; nothing where it is none of ours to change.
    pub(super) fn without(self, parameter: &str) -> Option<Quirks> {
        let changed = match parameter {
            "max_tokens" if self.limit == Limit::MaxTokens => {
                Quirks { limit: Limit::MaxCompletionTokens, ..self }
            }
            "max_completion_tokens" if self.limit == Limit::MaxCompletionTokens => {
                Quirks { limit: Limit::MaxTokens, ..self }
            }
            "temperature" if self.temperature => Quirks { temperature: false, ..self },
            "stream_options" if self.usage => Quirks { usage: false, ..self },
            // What is wanted stands in the instructions too.
            "response_format" if self.schema => Quirks { schema: false, ..self },
            _ => return None,
        };
        Some(changed)
    }
}

pub(super) fn body(question: &Question, model: &str, quirks: Quirks) -> Value {
    let mut body = json!({
        "model": model,
        "messages": question.messages.iter().map(message).collect::<Vec<_>>(),
        "stream": true,
    });
    let limit = match quirks.limit {
        Limit::MaxTokens => "max_tokens",
        Limit::MaxCompletionTokens => "max_completion_tokens",
    };
    body[limit] = question.answer_tokens_max.into();
    if quirks.usage {
        body["stream_options"] = json!({"include_usage": true});
    }
    if let Some(temperature) = question.temperature.filter(|_| quirks.temperature) {
        body["temperature"] = temperature.into();
    }
    if !question.tools.is_empty() {
        let tools = question.tools.iter().map(|tool| {
            json!({"type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.parameters,
            }})
        });
        body["tools"] = tools.collect();
    }
    if let Some(schema) = question.schema.as_ref().filter(|_| quirks.schema) {
        body["response_format"] = json!({
            "type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": false},
        });
    }
    body
}

fn message(message: &Message) -> Value {
    match message {
        Message::Instructions { text } => json!({"role": "system", "content": text}),
        Message::Caller { text } => json!({"role": "user", "content": text}),
        Message::Agent { text, calls } if calls.is_empty() => json!({"role": "assistant", "content": text}),
        Message::Agent { text, calls } => {
            json!({"role": "assistant", "content": text, "tool_calls": calls.iter().map(call).collect::<Vec<_>>()})
        }
        Message::Tool { call, text } => json!({"role": "tool", "tool_call_id": call, "content": text}),
    }
}

fn call(call: &Call) -> Value {
    json!({
        "id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments},
    })
}
