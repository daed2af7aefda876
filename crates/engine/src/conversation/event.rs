//! What begins a conversation, and what happens to it.

use super::results::Resumption;
use crate::id::ConversationId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a conversation begins with.
#[derive(Clone, Debug)]
pub struct Opening {
    pub id: ConversationId,
    pub medium: Medium,
    /// Of the run. Only those that the agent's texts use are kept.
    pub variables: Map<String, Value>,
    /// Names of those that nothing may print: they reach no model either.
    pub secrets: Vec<String>,
    /// IANA name of the zone that the person is in; the agent's, else UTC, where nothing is said.
    pub time_zone: Option<String>,
    /// Tag of the person's language; taken if the agent has texts in it.
    pub language: Option<String>,
    /// ISO 3166 code of where the person is; the agent's where nothing is said.
    pub region: Option<String>,
    /// An earlier conversation with the same person that broke off.
    pub resume: Option<Resumption>,
}

impl Opening {
    /// With nothing known but who talks by what.
    pub fn of(id: ConversationId, medium: Medium) -> Opening {
        Opening {
            id,
            medium,
            variables: Map::new(),
            secrets: Vec::new(),
            time_zone: None,
            language: None,
            region: None,
            resume: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    Voice,
    /// SMS or WhatsApp: one question a message.
    Text,
}

/// Something that happened, as of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The turn that it answers: that of the [`Ask`](super::Ask). The end of the line, of the time and a late
    /// detection belong to no turn; whatever stands here counts.
    pub turn: u32,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The call was answered: the conversation begins. Of turn 0.
    Connected { answered_by: AnsweredBy },
    /// Who answered, told while the conversation is under way.
    Detected { answered_by: AnsweredBy },
    /// What the recogniser understood; `confidence` from 0 to 1, where it says one.
    Speech { words: String, confidence: Option<f64> },
    /// Keys that were pressed, without the one that finished them; `#` alone is a lone finishing key.
    Keys { keys: String },
    /// Silence for as long as the question waits.
    Nothing,
    /// A text message, or the label of a button.
    Text { text: String },
    /// A timer that [`Out::SetTimer`](super::Out) asked for. Late ones are stale by their turn.
    TimerFired { timer: Timer },
    /// The person hung up.
    HungUp,
    /// The call is over its time.
    TimedOut,
    /// The line or the call broke, for whatever reason.
    LineFailed { reason: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    Human,
    /// An answering machine or a fax.
    Machine,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// Nobody answered by text: the question is put once more.
    Reminder,
    /// Nobody answered by text: the conversation is given up.
    Expiry,
}

/// The event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It belongs to a turn that was answered already, or comes before the conversation began.
    #[error("the turn is over")]
    Stale,
    #[error("the conversation has ended")]
    Ended,
}
