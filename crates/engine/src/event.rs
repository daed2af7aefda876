//! What can happen to a run.

use crate::call::{self, Call};
use crate::conversation::Results;
use crate::effect::{EffectKey, TimerKey};
use crate::id::{CallId, MessageId};
use crate::message::{Channel, Content, Message, State, Status};
use crate::outcome::{self, Outcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A text of this run got further: the provider took it, its status changed, or it failed for good.
    MessageChanged {
        key: EffectKey,
        message: Box<Message>,
        /// Why it failed for good; where nothing is said, [`Failure::of`] the message decides.
        failure: Option<Failure>,
    },
    /// A call of this run got further: the provider took it, its status changed, something happened on the
    /// line, or it failed for good.
    CallChanged {
        key: EffectKey,
        call: Box<Call>,
        /// Why it failed for good; where nothing is said, [`Failure::of_call`] decides.
        failure: Option<Failure>,
    },
    /// The call that started the run cannot be answered as a block wants to. It rings on, so that another block may
    /// answer it.
    AnswerRefused {
        key: EffectKey,
        call: Box<Call>,
        failure: Failure,
    },
    /// The conversation over a call of this run ended, which says how the call ends as well.
    ConversationEnded {
        key: EffectKey,
        call: Box<Call>,
        answers: Interviewed,
        /// The person is to be called once more at this time: the conversation broke off.
        call_back_at: Option<Timestamp>,
    },
    /// A conversation by text of this run ended.
    TextConversationEnded {
        key: EffectKey,
        outcome: Outcome,
        /// Why it could not go on.
        failure: Option<Failure>,
        answers: Interviewed,
    },
    ReplyReceived {
        reply: Reply,
    },
    /// The person said STOP (or the provider told us so).
    OptedOut {
        channel: Channel,
        contact: String,
    },
    TimerFired {
        key: TimerKey,
    },
    RunCanceled {
        by: String,
    },
}

/// What a conversation brought to light.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interviewed {
    /// Values by question id; null where a question was left without one.
    pub answers: serde_json::Map<String, serde_json::Value>,
    /// By question id: the value with what was heard, how sure, and after how many attempts.
    pub details: serde_json::Map<String, serde_json::Value>,
    /// Ids of questions whose answers nothing may print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<String>,
}

impl From<Results> for Interviewed {
    fn from(results: Results) -> Interviewed {
        Interviewed { answers: results.answers, details: results.details, sensitive: results.sensitive }
    }
}

/// Why a text or a call did not get through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub outcome: Outcome,
    pub code: Option<u32>,
    /// A sentence for people, without the person's data.
    pub reason: String,
}

impl Failure {
    /// What a code of the provider means.
    pub fn of_code(code: u32) -> Failure {
        let info = outcome::of_code(code);
        Failure { outcome: info.outcome, code: Some(code), reason: info.title.to_owned() }
    }

    /// The failure that a message's state tells of; nothing where it did not fail for good.
    pub fn of(message: &Message) -> Option<Failure> {
        let progress = &message.progress;
        let plain = match progress.status {
            Some(Status::Canceled) => Outcome::Canceled,
            Some(Status::Undelivered) => Outcome::Undelivered,
            Some(Status::Failed) => Outcome::Failed,
            _ if progress.state == State::Failed => Outcome::Failed,
            _ => return None,
        };
        Some(Failure::told("text", plain, progress.error_code, progress.error_message.as_deref()))
    }

    /// The failure that a call's state tells of; nothing where it did not fail for good.
    pub fn of_call(call: &Call) -> Option<Failure> {
        let progress = &call.progress;
        let plain = match progress.status {
            Some(call::Status::Canceled) => Outcome::Canceled,
            Some(call::Status::Busy) => Outcome::Busy,
            Some(call::Status::NoAnswer) => Outcome::NoAnswer,
            Some(call::Status::Failed) => Outcome::Failed,
            _ if progress.state == State::Failed => Outcome::Failed,
            _ => return None,
        };
        let mut failure =
            Failure::told("call", plain, progress.error_code, progress.error_message.as_deref());
        if let (Outcome::Failed, Some(sip)) = (failure.outcome, &call.receipt.sip_code) {
            failure.reason = format!("{}; the network answered {sip}", failure.reason);
        }
        Some(failure)
    }

    fn told(noun: &str, plain: Outcome, code: Option<u32>, said: Option<&str>) -> Failure {
        let Some(code) = code.filter(|code| *code != 0) else {
            let said = said.filter(|text| !text.is_empty()).map(str::to_owned);
            let reason = said.unwrap_or_else(|| format!("the {noun} ended as {}", plain.name()));
            return Failure { outcome: plain, code: None, reason };
        };
        let mut failure = Failure::of_code(code);
        if matches!(failure.outcome, Outcome::Failed | Outcome::Undelivered) {
            failure.outcome = plain;
        }
        failure
    }
}

/// A text from a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub message: MessageId,
    pub channel: Channel,
    /// The person's address, without a channel prefix.
    pub contact: String,
    /// The number of ours that it came to.
    pub sender: String,
    /// The messaging service of that number.
    pub service: Option<String>,
    #[serde(flatten)]
    pub content: Content,
    /// WhatsApp's display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    pub received_at: Timestamp,
}

impl Reply {
    /// What the person said: the text, else the label of the button that was pressed, else nothing.
    pub fn text(&self) -> &str {
        let button = self.content.button.as_ref().map(|button| button.text.as_str());
        self.content.body.as_deref().filter(|body| !body.is_empty()).or(button).unwrap_or("")
    }
}

/// What starts a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub input: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub by: StartedBy,
    /// The text that started it, for `incomingMessage`.
    pub message: Option<Reply>,
    /// The call that started it, for `incomingCall`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<IncomingCall>,
}

/// What a run was started by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartedBy {
    /// What its workflow waits for: a webhook, a text, a call.
    #[default]
    Trigger,
    /// A person or a program that named the workflow, whatever its trigger.
    Hand,
}

/// A call from a person that has not been answered yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncomingCall {
    pub call: CallId,
    /// The person's number; empty where it is withheld.
    pub from: String,
    /// The number of ours.
    pub to: String,
    pub credential: String,
    pub at: Timestamp,
}
