//! Everything that happened, in order.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;
use twilio::sid::{Sid, SidKind};
use utoipa::ToSchema;

/// How many entries are kept; the oldest go first.
pub(crate) const ENTRIES_MAX: usize = 50_000;
/// How much of an answer's body an entry keeps, and how many of its headers.
pub(crate) const ANSWER_CHARS_MAX: usize = 4_096;
pub(crate) const HEADERS_MAX: usize = 40;

/// One thing that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts from 1 without gaps, so that a reader can go on from where it stopped.
    pub number: u64,
    /// In domain time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A REST request was answered, or its connection was dropped.
    Request {
        method: String,
        path: String,
        parameters: Vec<(String, String)>,
        /// Missing where no answer was given.
        status: Option<u16>,
        code: Option<u32>,
        message_sid: Option<String>,
        call_sid: Option<String>,
        duration_us: u64,
        /// The first 4,096 characters of the answer, where it is about a call.
        #[serde(skip_serializing_if = "Option::is_none")]
        answer: Option<String>,
    },
    MessageCreated {
        message_sid: String,
        direction: String,
        from: Option<String>,
        to: String,
    },
    StatusChanged {
        message_sid: String,
        status: String,
        code: Option<u32>,
    },
    CallCreated {
        call_sid: String,
        direction: String,
        from: String,
        to: String,
    },
    CallStatusChanged {
        call_sid: String,
        /// As callbacks name it: `initiated` too, which the REST API shows as `queued`.
        status: String,
    },
    /// A webhook was sent, with all its attempts.
    Webhook {
        message_sid: Option<String>,
        call_sid: Option<String>,
        purpose: Purpose,
        method: String,
        /// As configured, with its fragment.
        url: String,
        parameters: Vec<(String, String)>,
        attempts: Vec<Attempt>,
    },
    /// What Twilio would show in its debugger.
    Debugger {
        code: u32,
        message_sid: Option<String>,
        call_sid: Option<String>,
        detail: String,
    },
    /// A fault was worked.
    Fault {
        what: String,
        message_sid: Option<String>,
        call_sid: Option<String>,
    },
    /// A scripted model was asked.
    ModelAnswered {
        model: String,
        streamed: bool,
        /// Missing where no answer was given.
        status: Option<u16>,
        /// The endpoint's code of a refusal.
        code: Option<String>,
        /// The text that was given, which is less than the whole where the answer broke off.
        text: Option<String>,
        /// Names of the tools that were called.
        tool_calls: Vec<String>,
        /// Missing where the answer did not come to its end.
        finish_reason: Option<String>,
        prompt_tokens: usize,
        cached_tokens: usize,
        completion_tokens: usize,
        /// Whether the client got all of it.
        complete: bool,
        /// Words of the faults that struck.
        faults: Vec<String>,
    },
    /// The control API changed the world.
    Control {
        what: String,
    },
}

/// Why a webhook is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    InboundMessage,
    /// The fallback URL of an inbound message, after its own URL failed.
    Fallback,
    /// A TwiML redirect.
    Redirect,
    MessageStatus,
    /// What a call does next is asked for: at its beginning, by a verb's action, by a redirect.
    CallDocument,
    /// The fallback URL of a call, after a document of it failed.
    CallFallback,
    /// What a call is told while it waits in a queue or for a conference to begin.
    WaitDocument,
    /// What somebody who was dialled is told before they are joined to the caller.
    WhisperDocument,
    CallStatus,
    PartialResult,
    AnsweringMachine,
    RecordingStatus,
    Transcription,
    ConferenceStatus,
    /// A file that a call plays.
    CallMedia,
    /// The websocket of a ConversationRelay.
    RelaySocket,
    /// The websocket of a media stream.
    StreamSocket,
    StreamStatus,
    /// A notice of the debugger.
    Debugger,
    /// How the verification of a number ended.
    Verification,
}

/// One HTTP request of a webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// As requested: without fragment, with the query that was signed.
    pub url: String,
    pub signature: String,
    /// Missing where no answer came.
    pub status: Option<u16>,
    /// The headers of the answer, the first 40 of them.
    pub headers: Vec<(String, String)>,
    /// The first 4,096 characters of the answer's body.
    pub answer: Option<String>,
    /// The debugger's code for what went wrong.
    pub code: Option<u32>,
    pub detail: Option<String>,
    /// Real time.
    pub duration_ms: u64,
}

impl Attempt {
    /// A header of the answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    written: u64,
}

impl Journal {
    pub(crate) fn write(&mut self, at: Timestamp, event: Event) {
        if self.entries.len() == ENTRIES_MAX {
            self.entries.pop_front();
        }
        self.written += 1;
        self.entries.push_back(Entry { number: self.written, at, event });
    }

    /// The number of the newest entry; 0 before the first.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Entries after the one with the given number, oldest first.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = &Entry> {
        let dropped = self.written - self.entries.len() as u64;
        self.entries.iter().skip(usize::try_from(number.saturating_sub(dropped)).unwrap_or(usize::MAX))
    }
}

impl Event {
    /// The word that names the kind of this event, as it stands in JSON.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Event::Request { .. } => "request",
            Event::MessageCreated { .. } => "messageCreated",
            Event::StatusChanged { .. } => "statusChanged",
            Event::CallCreated { .. } => "callCreated",
            Event::CallStatusChanged { .. } => "callStatusChanged",
            Event::Webhook { .. } => "webhook",
            Event::Debugger { .. } => "debugger",
            Event::Fault { .. } => "fault",
            Event::ModelAnswered { .. } => "modelAnswered",
            Event::Control { .. } => "control",
        }
    }

    /// The message that it is about, where it is about one.
    pub(crate) fn message_sid(&self) -> Option<&str> {
        match self {
            Event::Request { message_sid, .. }
            | Event::Debugger { message_sid, .. }
            | Event::Webhook { message_sid, .. }
            | Event::Fault { message_sid, .. } => message_sid.as_deref(),
            Event::MessageCreated { message_sid, .. } | Event::StatusChanged { message_sid, .. } => {
                Some(message_sid)
            }
            Event::CallCreated { .. }
            | Event::CallStatusChanged { .. }
            | Event::ModelAnswered { .. }
            | Event::Control { .. } => None,
        }
    }

    /// The call that it is about, where it is about one.
    pub(crate) fn call_sid(&self) -> Option<&str> {
        match self {
            Event::Request { call_sid, .. }
            | Event::Debugger { call_sid, .. }
            | Event::Webhook { call_sid, .. }
            | Event::Fault { call_sid, .. } => call_sid.as_deref(),
            Event::CallCreated { call_sid, .. } | Event::CallStatusChanged { call_sid, .. } => Some(call_sid),
            Event::MessageCreated { .. }
            | Event::StatusChanged { .. }
            | Event::ModelAnswered { .. }
            | Event::Control { .. } => None,
        }
    }
}

/// Which message or call an entry is about, as the entry keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) message_sid: Option<String>,
    pub(crate) call_sid: Option<String>,
}

impl Subject {
    /// By the kind of the SID.
    pub(crate) fn of(sid: Option<&Sid>) -> Self {
        let text = sid.map(|sid| sid.as_str().to_owned());
        match sid.and_then(Sid::kind) {
            Some(SidKind::Call) => Self { message_sid: None, call_sid: text },
            _ => Self { message_sid: text, call_sid: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_goes_on_from_where_it_stopped_even_after_old_entries_went() {
        let mut journal = Journal::default();
        for number in 0..ENTRIES_MAX + 3 {
            journal.write(Timestamp::UNIX_EPOCH, Event::Control { what: number.to_string() });
        }
        let newest = journal.written();
        assert_eq!(
            journal.after(newest - 2).map(|entry| entry.number).collect::<Vec<_>>(),
            [newest - 1, newest]
        );
        assert_eq!(journal.after(0).next().map(|entry| entry.number), Some(4));
    }
}
