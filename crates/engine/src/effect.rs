//! What an advance asks to be done. Effects are stored with the run before anything is performed.

use crate::call::{AgentRef, Plan};
use crate::message::{Channel, Content, ContentTemplate};
use crate::sending::MessageClass;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    SendMessage {
        key: EffectKey,
        send: SendMessage,
    },
    PlaceCall {
        key: EffectKey,
        place: PlaceCall,
    },
    /// The call that started the run is answered.
    AnswerCall {
        key: EffectKey,
        plan: Plan,
    },
    /// An agent begins to talk with somebody by text.
    BeginConversation {
        key: EffectKey,
        begin: BeginConversation,
    },
    /// Nobody waits for the conversation's answers any more: it ends where it stands.
    EndConversation {
        key: EffectKey,
    },
    SetTimer {
        key: TimerKey,
        at: Timestamp,
    },
    /// The timer is not needed any more; harmless where it fired already.
    CancelTimer {
        key: TimerKey,
    },
}

/// Idempotency key of an effect within its run: the step, and the how-manieth of that step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectKey {
    pub step: u32,
    pub n: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimerKey {
    pub step: u32,
    pub purpose: TimerPurpose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerPurpose {
    /// A `wait` is over.
    Wait,
    /// Nobody answered a `waitForReply`.
    ReplyTimeout,
    /// No receipt came for a text whose delivery is awaited, or no end of a call.
    DeliveryTimeout,
    /// The next attempt of a text or a call that failed finally is due.
    Retry,
    /// The run grew too old.
    RunAge,
}

impl TimerPurpose {
    pub fn as_str(self) -> &'static str {
        match self {
            TimerPurpose::Wait => "wait",
            TimerPurpose::ReplyTimeout => "reply_timeout",
            TimerPurpose::DeliveryTimeout => "delivery_timeout",
            TimerPurpose::Retry => "retry",
            TimerPurpose::RunAge => "run_age",
        }
    }
}

/// A text to send, with everything rendered. The recipient is E.164 without a channel prefix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendMessage {
    pub channel: Channel,
    /// Name of the credential; the only one there is where nothing is said.
    pub credential: Option<String>,
    /// A sender's address, `MG…`, or the name of a sender.
    pub from: String,
    pub to: String,
    pub content: Content,
    /// What it is for.
    #[serde(default, skip_serializing_if = "MessageClass::is_transactional")]
    pub class: MessageClass,
    /// Earlier message of the same step that failed finally.
    pub retry_of: Option<EffectKey>,
}

/// A call to place, with everything rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceCall {
    /// Name of the credential; the only one there is where nothing is said.
    pub credential: Option<String>,
    /// A number of ours, or the name of a sender.
    pub from: String,
    /// E.164.
    pub to: String,
    pub plan: Plan,
    /// What it is for.
    #[serde(default, skip_serializing_if = "MessageClass::is_transactional")]
    pub class: MessageClass,
    /// Earlier call of the same step that did not reach the person.
    pub retry_of: Option<EffectKey>,
}

/// A conversation by text to begin, with everything rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeginConversation {
    pub channel: Channel,
    /// Name of the credential; the only one there is where nothing is said.
    pub credential: Option<String>,
    /// A sender's address, `MG…`, or the name of a sender.
    pub from: String,
    /// E.164.
    pub to: String,
    pub agent: AgentRef,
    /// Tag of the person's language, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Goes out in the place of the first question outside of WhatsApp's 24-hour window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ContentTemplate>,
    /// What fills the template was told in confidence, so nothing shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// What its texts are for.
    #[serde(default, skip_serializing_if = "MessageClass::is_transactional")]
    pub class: MessageClass,
}
