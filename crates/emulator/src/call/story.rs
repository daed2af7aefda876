//! What happened in a call, line by line, for people and assertions.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::CallId;
use crate::world::World;

/// How many lines of one call are kept; then only its end is added.
const LINES_MAX: usize = 5_000;

/// One thing that happened in a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// In domain time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[serde(flatten)]
    pub told: Told,
}

/// What a line of a call tells.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Told {
    /// The call reached a status; `initiated` when it began to be dialled.
    Status {
        status: String,
    },
    /// A document began to be executed; without a URL it came with a request.
    Document {
        url: Option<String>,
        verbs: usize,
    },
    /// A step of a document: the verb as TwiML.
    Verb {
        twiml: String,
    },
    /// The far end heard these words, all of them or until it interrupted or the call went on.
    Said {
        words: String,
        interrupted: bool,
    },
    /// The far end heard a file.
    Played {
        url: String,
        interrupted: bool,
    },
    /// The far end heard keys.
    PlayedKeys {
        keys: String,
    },
    /// The far end heard music while it waited.
    Music,
    Beep,
    /// The person said this, whether anything listened or not.
    Spoke {
        words: String,
        confidence: f64,
    },
    /// Speech recognition understood this.
    Understood {
        words: String,
        confidence: f64,
    },
    /// The person pressed a key.
    Pressed {
        key: String,
    },
    /// A gather, a record or a dial ended in this way.
    Ended {
        verb: String,
        how: String,
    },
    /// The call was joined with another one, or parted from it.
    Joined {
        call: String,
    },
    Parted {
        call: String,
    },
    /// Answering-machine detection.
    Detected {
        answered_by: String,
    },
    Recording {
        recording: String,
        status: String,
    },
    /// The call entered or left a queue or a conference.
    Entered {
        place: String,
    },
    Left {
        place: String,
    },
    /// What Twilio would show in its debugger.
    Debugger {
        code: u32,
        detail: String,
    },
    /// A websocket to the account's own server was opened.
    SocketOpened {
        url: String,
    },
    /// Twilio said this over it.
    SocketSent {
        text: String,
    },
    /// The account's server said this over it.
    SocketGot {
        text: String,
    },
    SocketClosed,
    HungUp {
        by: HungUpBy,
    },
}

/// Who ended a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum HungUpBy {
    /// The person at the far end.
    Person,
    /// TwiML: a verb, or the end of a document.
    Twiml,
    /// A request to the REST API.
    Request,
    /// A time limit.
    Limit,
    /// The call that dialled this one, or the conference that it was in.
    Other,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Story(Vec<Line>);

impl Story {
    pub(crate) fn lines(&self) -> &[Line] {
        &self.0
    }
}

impl World {
    /// Adds a line to the story of a call.
    pub(crate) fn note(&mut self, id: CallId, told: Told) {
        let at = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        let is_ending = matches!(told, Told::Status { .. } | Told::HungUp { .. });
        if call.story.0.len() < LINES_MAX || is_ending {
            call.story.0.push(Line { at, told });
        }
    }

    /// Writes what Twilio would show in its debugger, also into the story of the call.
    pub(crate) fn debug_call(&mut self, id: CallId, code: u32, detail: impl Into<String>) {
        let detail = detail.into();
        let Some(sid) = self.calls.get(id).map(|call| call.sid.clone()) else { return };
        self.note(id, Told::Debugger { code, detail: detail.clone() });
        self.debug(code, Some(&sid), detail);
    }
}
