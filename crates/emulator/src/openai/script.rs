//! What a scripted model is, as the fixture and the control API write it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The endpoint at the start: who may ask, and which models answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OpenAiFixture)]
pub struct OpenAiFixture {
    #[serde(default = "default_keys")]
    pub keys: Vec<KeyFixture>,
    #[serde(default = "default_models")]
    pub models: Vec<ModelScript>,
}

/// A key that the endpoint knows.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ModelKeyFixture)]
pub struct KeyFixture {
    pub key: String,
    #[serde(default)]
    pub credit: Credit,
}

/// Whether whoever has a key can pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Credit {
    #[default]
    Enough,
    /// Completions are refused with 429 `insufficient_quota`; models can still be listed.
    Exhausted,
}

/// A model. Its rules are looked at in order, and the first that fits answers; where none fits, it says that
/// it has no answer for that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelScript {
    pub id: String,
    #[serde(default)]
    pub pace: Pace,
    #[serde(default)]
    pub parameters: Parameters,
    #[serde(default)]
    pub format: Format,
    /// How many tokens the prompt and the answer may have together.
    #[serde(default = "default_context_tokens")]
    pub context_tokens: u32,
    /// `YYYY-MM-DD`, as the list of models shows it.
    #[serde(default)]
    pub shutdown_date: Option<String>,
    /// The model is gone: 404 `model_not_found`.
    #[serde(default)]
    pub retired: bool,
    #[serde(default)]
    pub rules: Vec<ModelRule>,
    /// What goes wrong before any rule is asked.
    #[serde(default)]
    pub faults: Vec<ModelFault>,
}

/// How fast a model answers, in real time. Without `tokensPerSecond` everything comes at once.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Pace {
    pub first_token_ms: u64,
    pub tokens_per_second: Option<f64>,
}

/// Which parameters a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Parameters {
    /// `max_tokens`, any temperature, stop sequences.
    #[default]
    Classic,
    /// As reasoning models: no `max_tokens`, no temperature but 1, no stop sequences (400).
    Reasoning,
}

/// How a model writes its streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// As OpenAI does.
    #[default]
    Exact,
    /// As some compatible servers do: comment lines, CRLF, `"finish_reason": ""`, tool calls without `index`,
    /// no usage and no `[DONE]`.
    Loose,
}

/// When the prompt is like this, the model answers like that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelRule {
    #[serde(default)]
    pub when: Prompted,
    pub then: Reply,
}

/// Which prompts a rule is for; what is left out fits every prompt. Texts are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Prompted {
    /// What the user said last is this.
    pub equals: Option<String>,
    /// What the user said last has this in it.
    pub contains: Option<String>,
    /// What the user said last has one of these in it.
    pub contains_any: Vec<String>,
    /// The instructions (`system` or `developer`) have this in them.
    pub instructions_contain: Option<String>,
    /// Any message before the last one has this in it.
    pub history_contains: Option<String>,
    /// How many messages of the user there are, this one included.
    pub turn: Option<usize>,
    /// The last message is the result of this tool.
    pub result_of: Option<String>,
    /// With `resultOf`: the result has this in it.
    pub result_contains: Option<String>,
    /// A tool of this name is offered.
    pub offered: Option<String>,
    /// Whether a JSON answer is asked for by `response_format`.
    pub wants_json: Option<bool>,
}

/// What a model answers. In texts and in texts of arguments, `{said}` stands for the user's last words,
/// `{after}` for what came after the words that `contains` found, `{turn}` for the number of the turn, and
/// `{result}` for the last tool's result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Reply {
    pub text: Option<String>,
    pub refusal: Option<String>,
    pub tool_calls: Vec<ScriptedCall>,
    /// Instead of the one that follows from the answer.
    pub finish_reason: Option<String>,
    /// Instead of the model's own.
    pub pace: Option<Pace>,
    /// Where and how a stream breaks; without it, it ends well.
    pub ends: Option<StreamEnd>,
}

/// A tool that the model calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScriptedCall {
    pub name: String,
    /// An object, or a text that is sent as it stands, valid JSON or not.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub arguments: serde_json::Value,
}

/// How a stream ends too early, after so many tokens of it. A whole answer is not given at all then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum StreamEnd {
    /// The connection breaks.
    Cut { after_tokens: usize },
    /// A chunk that is not JSON, and then it goes on.
    Malformed { after_tokens: usize },
    /// An error in place of a chunk.
    Error { after_tokens: usize },
    /// Nothing more comes, and the connection stays open.
    Stall { after_tokens: usize },
}

/// Something that goes wrong with requests to one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelFault {
    #[serde(default)]
    pub when: Prompted,
    pub then: crate::openai::fault::FaultAction,
    /// How many requests that fit are passed over first.
    #[serde(default)]
    pub skip: u64,
    /// How many are struck: one where it is missing, all with `null`.
    #[serde(default = "once")]
    pub times: Option<u64>,
    /// How probable it is for each, drawn from the emulator's seed.
    #[serde(default = "certain")]
    pub chance: f64,
}

impl Default for OpenAiFixture {
    fn default() -> Self {
        Self { keys: default_keys(), models: default_models() }
    }
}

/// The key of the default fixture.
pub const DEFAULT_MODEL_KEY: &str = "sk-emulated";
/// The key of the default fixture that has no credit.
pub const DEFAULT_MODEL_KEY_WITHOUT_CREDIT: &str = "sk-emulated-without-credit";
/// The model of the default fixture that says what it heard.
pub const DEFAULT_ECHO_MODEL: &str = "scripted-echo";
/// The model of the default fixture that holds a small conversation.
pub const DEFAULT_MODEL: &str = "scripted-assistant";
/// The model of the default fixture that keeps the telephone desk of a clinic, with the tools `ask_day`, `text_way` and
/// `hang_up`.
pub const DEFAULT_DESK_MODEL: &str = "scripted-desk";

fn default_keys() -> Vec<KeyFixture> {
    vec![
        KeyFixture { key: DEFAULT_MODEL_KEY.to_owned(), credit: Credit::Enough },
        KeyFixture { key: DEFAULT_MODEL_KEY_WITHOUT_CREDIT.to_owned(), credit: Credit::Exhausted },
    ]
}

/// The models that exist where the fixture names none.
fn default_models() -> Vec<ModelScript> {
    serde_json::from_str(include_str!("default_models.json"))
        .expect("the models that come with the emulator are valid")
}

fn default_context_tokens() -> u32 {
    128_000
}

fn once() -> Option<u64> {
    Some(1)
}

fn certain() -> f64 {
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_endpoint_has_the_models_that_its_constants_name() {
        let models = OpenAiFixture::default().models;
        for id in [DEFAULT_MODEL, DEFAULT_ECHO_MODEL, DEFAULT_DESK_MODEL] {
            assert!(models.iter().any(|model| model.id == id), "{id}");
        }
    }
}
