//! What a model is asked, and what comes back.

use super::history::tokens_of_all;
use super::models::{Usage, estimate_tokens};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One request to a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Where it is asked: the next one where one before it fails without having said anything. Never empty.
    pub endpoints: Vec<Endpoint>,
    pub messages: Vec<Message>,
    pub tools: Vec<Offer>,
    /// Tokens of the answer.
    pub answer_tokens_max: u32,
    /// From 0 to 2; the model's own where nothing is said.
    pub temperature: Option<f64>,
    /// JSON Schema of the answer, where it is to be JSON.
    pub schema: Option<Value>,
}

impl Question {
    /// About how many tokens it takes to ask it.
    pub fn tokens(&self) -> usize {
        let tools =
            self.tools.iter().map(|tool| offer_tokens(&tool.name, &tool.description, &tool.parameters));
        tokens_of_all(&self.messages) + tools.sum::<usize>()
    }
}

/// A model at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// Name of the credential.
    pub credential: String,
    pub model: String,
}

/// One message of a conversation, as a model sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Message {
    /// Of the author. What a caller says never gets here.
    Instructions {
        text: String,
    },
    Caller {
        text: String,
    },
    Agent {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<Call>,
    },
    /// What a tool answered to the call of this id.
    Tool {
        call: String,
        text: String,
    },
}

/// A tool that the model calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub id: String,
    pub name: String,
    /// JSON as the model wrote it, valid or not.
    pub arguments: String,
}

/// A tool that the model may call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub name: String,
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
}

/// About how many tokens it takes to offer a tool.
pub(super) fn offer_tokens(name: &str, description: &str, parameters: &Value) -> usize {
    estimate_tokens(name) + estimate_tokens(description) + estimate_tokens(&parameters.to_string())
}

/// What comes back, in order. The last one is `Finished` or `Failed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ModelEvent {
    Text {
        text: String,
    },
    /// A whole call; all of them come right before the end.
    Called {
        call: Call,
    },
    Finished {
        how: Finish,
        usage: Usage,
        /// Which of the question's endpoints answered.
        endpoint: usize,
    },
    /// There is no answer, or no more of it.
    Failed {
        failure: Failure,
        /// What it may have cost all the same.
        usage: Usage,
    },
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    Stop,
    /// It is cut at its limit.
    Length,
    Calls,
    /// The provider took it back.
    Filtered,
    /// The model declined.
    Declined,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The credential is unknown, or the provider does not take its key.
    BadKey,
    /// Nobody pays for it.
    NoCredit,
    /// The provider has no such model (any more).
    UnknownModel,
    RateLimited,
    Overloaded,
    /// The conversation is longer than the model's window.
    TooLong,
    /// The provider takes the request for wrong.
    Rejected,
    Unreachable,
    TimedOut,
    /// The answer broke off, or was none.
    Broken,
    /// It failed so often lately that it is not asked for a while.
    Resting,
}

impl Failure {
    pub fn as_str(self) -> &'static str {
        match self {
            Failure::BadKey => "bad_key",
            Failure::NoCredit => "no_credit",
            Failure::UnknownModel => "unknown_model",
            Failure::RateLimited => "rate_limited",
            Failure::Overloaded => "overloaded",
            Failure::TooLong => "too_long",
            Failure::Rejected => "rejected",
            Failure::Unreachable => "unreachable",
            Failure::TimedOut => "timed_out",
            Failure::Broken => "broken",
            Failure::Resting => "resting",
        }
    }

    /// Whether the same request may well be answered a moment later.
    pub fn may_pass(self) -> bool {
        matches!(self, Failure::RateLimited | Failure::Overloaded | Failure::Unreachable | Failure::Broken)
    }
}
