//! What can happen to a run.

use crate::effect::{EffectKey, TimerKey};
use crate::id::MessageId;
use crate::message::{Channel, Content, Message, State, Status};
use crate::outcome::{self, Outcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "events are made one at a time and taken in at once")]
pub enum Event {
    /// A text of this run got further: the provider took it, its status changed, or it failed for good.
    MessageChanged {
        key: EffectKey,
        message: Box<Message>,
        /// Why it failed for good; where nothing is said, [`Failure::of`] the message decides.
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
        let plain = match message.status {
            Some(Status::Canceled) => Outcome::Canceled,
            Some(Status::Undelivered) => Outcome::Undelivered,
            Some(Status::Failed) => Outcome::Failed,
            _ if message.state == State::Failed => Outcome::Failed,
            _ => return None,
        };
        let Some(code) = message.error_code.filter(|code| *code != 0) else {
            let said = message.error_message.clone().filter(|text| !text.is_empty());
            let reason = said.unwrap_or_else(|| format!("the text ended as {}", plain.name()));
            return Some(Failure { outcome: plain, code: None, reason });
        };
        let mut failure = Failure::of_code(code);
        if matches!(failure.outcome, Outcome::Failed | Outcome::Undelivered) {
            failure.outcome = plain;
        }
        Some(failure)
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
    /// The text that started it, for `incomingMessage`.
    pub message: Option<Reply>,
}
