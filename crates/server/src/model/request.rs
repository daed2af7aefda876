//! A question as the body of a request.

use super::endpoint::OpenAiCredential;
use engine::llm::models::{self, Limit, Temperature};
use engine::llm::question::{Call, Message, Offer, Question};
use serde::Serialize;
use serde_json::Value;

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

/// The one type of tool there is.
const FUNCTION: &str = "function";

/// The body of a request. It is made for every turn of every conversation, so nothing of the question is copied.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<Turn<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

/// One message, by the provider's names.
#[derive(Serialize)]
#[serde(tag = "role", rename_all = "snake_case")]
enum Turn<'a> {
    System {
        content: &'a str,
    },
    User {
        content: &'a str,
    },
    Assistant {
        content: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<ToolCall<'a>>,
    },
    Tool {
        tool_call_id: &'a str,
        content: &'a str,
    },
}

#[derive(Serialize)]
struct ToolCall<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Called<'a>,
}

#[derive(Serialize)]
struct Called<'a> {
    name: &'a str,
    arguments: &'a str,
}

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    json_schema: AnswerSchema<'a>,
}

#[derive(Serialize)]
struct AnswerSchema<'a> {
    name: &'static str,
    schema: &'a Value,
    strict: bool,
}

impl<'a> Body<'a> {
    pub(super) fn of(question: &'a Question, model: &'a str, quirks: Quirks) -> Body<'a> {
        let limit = |by: Limit| (quirks.limit == by).then_some(question.answer_tokens_max);
        let schema = question.schema.as_ref().filter(|_| quirks.schema);
        Body {
            model,
            messages: question.messages.iter().map(turn).collect(),
            stream: true,
            max_tokens: limit(Limit::MaxTokens),
            max_completion_tokens: limit(Limit::MaxCompletionTokens),
            stream_options: quirks.usage.then_some(StreamOptions { include_usage: true }),
            temperature: question.temperature.filter(|_| quirks.temperature),
            tools: question.tools.iter().map(tool).collect(),
            response_format: schema.map(|schema| ResponseFormat {
                kind: "json_schema",
                json_schema: AnswerSchema { name: "answer", schema, strict: false },
            }),
        }
    }

    /// The same for an answer in one piece.
    pub(super) fn whole(self) -> Body<'a> {
        Body { stream: false, ..self }
    }
}

fn turn(message: &Message) -> Turn<'_> {
    match message {
        Message::Instructions { text } => Turn::System { content: text },
        Message::Caller { text } => Turn::User { content: text },
        Message::Agent { text, calls } => {
            Turn::Assistant { content: text.as_deref(), tool_calls: calls.iter().map(tool_call).collect() }
        }
        Message::Tool { call, text } => Turn::Tool { tool_call_id: call, content: text },
    }
}

fn tool_call(call: &Call) -> ToolCall<'_> {
    let function = Called { name: &call.name, arguments: &call.arguments };
    ToolCall { id: &call.id, kind: FUNCTION, function }
}

fn tool(offer: &Offer) -> Tool<'_> {
    let Offer { name, description, parameters } = offer;
    Tool { kind: FUNCTION, function: Function { name, description, parameters } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::llm::question::Endpoint;
    use serde_json::json;

    const QUIRKS: Quirks =
        Quirks { limit: Limit::MaxCompletionTokens, temperature: true, usage: true, schema: true };

    fn question(messages: Vec<Message>) -> Question {
        let endpoint = Endpoint { credential: "model".to_owned(), model: "small".to_owned() };
        let (tools, answer_tokens_max) = (Vec::new(), 150);
        Question {
            endpoints: vec![endpoint],
            messages,
            tools,
            answer_tokens_max,
            temperature: None,
            schema: None,
        }
    }

    fn sent(question: &Question, quirks: Quirks) -> Value {
        serde_json::to_value(Body::of(question, "small", quirks)).unwrap()
    }

    #[test]
    fn every_message_has_the_providers_shape() {
        let text = |text: &str| text.to_owned();
        let call = Call { id: text("a"), name: text("book"), arguments: text("{\"x\":1}") };
        let body = sent(
            &question(vec![
                Message::Instructions { text: text("Be brief.") },
                Message::Caller { text: text("Hello?") },
                Message::Agent { text: Some(text("Hello.")), calls: Vec::new() },
                Message::Agent { text: None, calls: vec![call] },
                Message::Tool { call: text("a"), text: text("done") },
            ]),
            QUIRKS,
        );
        let expected = json!({
            "model": "small",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hello?"},
                {"role": "assistant", "content": "Hello."},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "a", "type": "function", "function": {"name": "book", "arguments": "{\"x\":1}"}},
                ]},
                {"role": "tool", "tool_call_id": "a", "content": "done"},
            ],
            "stream": true,
            "max_completion_tokens": 150,
            "stream_options": {"include_usage": true},
        });
        assert_eq!(body, expected);
    }

    #[test]
    fn what_an_endpoint_does_not_take_is_left_out() {
        let schema = json!({"type": "object"});
        let offer =
            Offer { name: "book".to_owned(), description: "Books.".to_owned(), parameters: schema.clone() };
        let question = Question {
            tools: vec![offer],
            temperature: Some(0.5),
            schema: Some(schema.clone()),
            ..question(Vec::new())
        };
        let body = sent(&question, QUIRKS);
        assert_eq!(body["temperature"], 0.5);
        let function = json!({"name": "book", "description": "Books.", "parameters": schema});
        assert_eq!(body["tools"], json!([{"type": "function", "function": function}]));
        let answer = json!({"name": "answer", "schema": schema, "strict": false});
        assert_eq!(body["response_format"], json!({"type": "json_schema", "json_schema": answer}));
        let bare = Quirks { limit: Limit::MaxTokens, temperature: false, usage: false, schema: false };
        let keys: Vec<String> = sent(&question, bare).as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["model", "messages", "stream", "max_tokens", "tools"]);
    }
}
