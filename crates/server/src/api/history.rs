//! The history of a text or a call in words for people.

use engine::call::{CallEventKind, LineEvent, Status};
use engine::outcome;
use engine::sending::{EventKind, Lattice, ReportedVia, SidSource};

/// What happened to a call, as a sentence without subject or full stop.
pub(super) fn of_call(kind: &CallEventKind) -> String {
    match kind {
        CallEventKind::Way(EventKind::StatusReported { status, error_code, via }) => {
            // What people call it; programs have the provider's word.
            let status = match status {
                Status::InProgress => "answered",
                Status::Completed => "ended",
                other => other.as_str(),
            };
            reported(status, *error_code, *via)
        }
        CallEventKind::Way(kind) => sentence(kind),
        CallEventKind::Line(LineEvent::AnsweredBy { answered_by }) => {
            format!("answered by {}", answered_by.as_str().replace('_', " "))
        }
        CallEventKind::Line(LineEvent::Heard) => "heard to its end".to_owned(),
        CallEventKind::Line(LineEvent::Confirmed) => "confirmed by a key".to_owned(),
        CallEventKind::Line(LineEvent::Connected) => "connected to a person".to_owned(),
        CallEventKind::Line(LineEvent::Repeated) => "said once more, as a key asked for".to_owned(),
        CallEventKind::Line(LineEvent::ConversationEnded { by, .. }) => {
            format!("the conversation ended as {}", by.name())
        }
        CallEventKind::Line(LineEvent::Gathering) => {
            "a model is asked what came of the conversation".to_owned()
        }
        CallEventKind::Line(LineEvent::Gathered { .. }) => {
            "it is settled what came of the conversation".to_owned()
        }
        CallEventKind::Line(LineEvent::Noticed { notice }) => notice.sentence(),
    }
}

/// What happened on the way to the provider and after, likewise.
pub(super) fn sentence<S: Lattice>(kind: &EventKind<S>) -> String {
    match kind {
        EventKind::Queued => "queued".to_owned(),
        EventKind::Dispatching { attempt: 1, .. } => "handed to the provider".to_owned(),
        EventKind::Dispatching { attempt, .. } => {
            format!("handed to the provider, attempt {attempt}")
        }
        EventKind::Accepted { sid, source } => match source {
            SidSource::Answer => format!("taken as {sid}"),
            SidSource::Callback => format!("known as {sid} by a callback"),
            SidSource::Matched => format!("found in the provider's list as {sid}"),
        },
        EventKind::StatusReported { status, error_code, via } => reported(status.as_str(), *error_code, *via),
        EventKind::Refused { code, reason, again_at } => {
            let again = again_at.map(|at| format!("; tried again at {at}")).unwrap_or_default();
            format!("refused: {reason}{}{again}", in_brackets(*code))
        }
        EventKind::NotConnected { reason, again_at } => {
            format!("no connection was made: {reason}; tried again at {again_at}")
        }
        EventKind::Unknown { reason } => format!("unknown whether it was sent: {reason}"),
        EventKind::LookedUp { found: true, .. } => "looked up: the provider has it".to_owned(),
        EventKind::LookedUp { found: false, .. } => "looked up: no trace of it".to_owned(),
        EventKind::SentAgain { reason } => format!("queued once more: {reason}"),
        EventKind::Held { reason } => format!("held for a person to decide: {reason}"),
        EventKind::Failed { outcome, code, reason } => {
            format!("failed as {}: {reason}{}", outcome.name(), in_brackets(*code))
        }
        EventKind::Received => "received".to_owned(),
    }
}

fn reported(status: &str, error_code: Option<u32>, via: ReportedVia) -> String {
    let said = match via {
        ReportedVia::Answer => "answer",
        ReportedVia::Callback => "callback",
        ReportedVia::Reconciliation => "look-up",
    };
    format!("{status} ({said}{})", of_code(error_code))
}

fn of_code(code: Option<u32>) -> String {
    let code = code.filter(|code| *code != 0);
    code.map(|code| format!(", {code}: {}", outcome::of_code(code).title)).unwrap_or_default()
}

fn in_brackets(code: Option<u32>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}
