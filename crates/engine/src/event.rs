//! What can happen to a run.

use crate::effect::{EffectKey, TimerKey};
use crate::id::MessageId;
use crate::message::{Channel, Content, Message};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A text of this run got further: the provider took it, its status changed, or it failed for good.
    MessageChanged {
        key: EffectKey,
        message: Box<Message>,
        failure: Option<Failure>,
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

/// Why a text did not get through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Name of an outcome of the table in [`crate::outcome`].
    pub outcome: String,
    pub code: Option<u32>,
    pub reason: String,
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

/// What starts a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub input: serde_json::Map<String, serde_json::Value>,
    /// The text that started it, for `incomingMessage`.
    pub message: Option<Reply>,
}
