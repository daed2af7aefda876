//! A text's history in words for people.

use engine::message::{MessageEventKind, ReportedVia, SidSource};
use engine::outcome;

/// What happened to the text, as a sentence without subject or full stop.
pub(super) fn sentence(kind: &MessageEventKind) -> String {
    match kind {
        MessageEventKind::Queued => "queued".to_owned(),
        MessageEventKind::Dispatching { attempt: 1, .. } => "handed to the provider".to_owned(),
        MessageEventKind::Dispatching { attempt, .. } => {
            format!("handed to the provider, attempt {attempt}")
        }
        MessageEventKind::Accepted { sid, source } => match source {
            SidSource::Answer => format!("taken as {sid}"),
            SidSource::Callback => format!("known as {sid} by a callback"),
            SidSource::Matched => format!("found in the provider's list as {sid}"),
        },
        MessageEventKind::StatusReported { status, error_code, via } => {
            let said = match via {
                ReportedVia::Answer => "answer",
                ReportedVia::Callback => "callback",
                ReportedVia::Reconciliation => "look-up",
            };
            format!("{} ({said}{})", status.as_str(), of_code(*error_code))
        }
        MessageEventKind::Refused { code, reason, again_at } => {
            let again = again_at.map(|at| format!("; tried again at {at}")).unwrap_or_default();
            format!("refused: {reason}{}{again}", in_brackets(*code))
        }
        MessageEventKind::Unknown { reason } => format!("unknown whether it was sent: {reason}"),
        MessageEventKind::LookedUp { found: true, .. } => "looked up: the provider has it".to_owned(),
        MessageEventKind::LookedUp { found: false, .. } => "looked up: no trace of it".to_owned(),
        MessageEventKind::SentAgain { reason } => format!("queued once more: {reason}"),
        MessageEventKind::Held { reason } => format!("held for a person to decide: {reason}"),
        MessageEventKind::Failed { outcome, code, reason } => {
            format!("failed as {}: {reason}{}", outcome.name(), in_brackets(*code))
        }
        MessageEventKind::Received => "received".to_owned(),
    }
}

fn of_code(code: Option<u32>) -> String {
    let code = code.filter(|code| *code != 0);
    code.map(|code| format!(", {code}: {}", outcome::of_code(code).title)).unwrap_or_default()
}

fn in_brackets(code: Option<u32>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}
