//! What follows on the end of a websocket: the end of the call, somebody else, another websocket, or webhooks.

use super::super::phrases::{self, Phrase};
use super::super::render::said;
use super::super::{Line, either, gather, handover, spoken, written};
use super::offered;
use crate::app::AppState;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use host::{LineBack, Offered};
use serde_json::Value;
use store::record::LineState;
use twilio::call::{CallStatus, RelayAction, SessionStatus};
use twilio::voice_twiml::{Document, Hangup, Verb};

/// The websocket of a call is closed.
pub(in super::super) async fn relayed(
    State(app): State<AppState>,
    Path((credential, call)): Path<(String, String)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "call_relayed", request).await?;
        let Ok(action) = RelayAction::from_pairs(&line.params) else {
            tracing::warn!(call = %line.call, "the end of a websocket cannot be read");
            return Err(spoken(&phrases::goodbye(Phrase::Sorry, None)));
        };
        let hung_up = action.session_status == Some(SessionStatus::Completed)
            || action.call.status == CallStatus::Completed;
        if hung_up {
            // The call's own status ends the conversation; nobody hears the answer.
            return keep(&line, "the caller hung up", &Document::default()).await;
        }
        let handoff = action.handoff_data.as_deref().and_then(|data| serde_json::from_str(data).ok());
        let handoff: Value = handoff.unwrap_or_default();
        if handoff["reason"] == "broken" {
            let document = phrases::goodbye(Phrase::Sorry, language(&line).await.as_deref());
            return keep(&line, "nobody could talk", &document).await;
        }
        let session = action.session_id.as_ref().map(|sid| sid.as_str()).unwrap_or_default();
        if action.session_status == Some(SessionStatus::Failed) {
            let (code, call) = (action.session_error_code, &line.call);
            tracing::warn!(%call, session, code, "the websocket of a call broke off");
        }
        match offered(&line, &format!("relayed{session}"), LineBack::Again).await? {
            Offered::Document(document) => Ok(written(document)),
            Offered::Ended { line: left, .. } => {
                if let Some(transfer) = &left.transfer {
                    handover::text(&line, transfer).await;
                }
                Ok(spoken(&rest(&left, &line)))
            }
            Offered::CallOver => Ok(spoken(&Document::default().then(Hangup::default()))),
            Offered::TooOften => {
                tracing::error!(call = %line.call, "the websocket of a call broke off too often: on by webhooks");
                gather::taken_up(&line).await
            }
            Offered::Unknown => Err(line.unknown()),
        }
    })
    .await
}

/// What the websocket did not come to say, and what follows on it.
fn rest(left: &LineState, line: &Line<'_>) -> Document {
    let texts = left.outbox.iter().flat_map(|saying| said(&saying.text, None, Some(&saying.language)));
    let document = Document { verbs: texts.map(Verb::from).collect() };
    match &left.transfer {
        Some(transfer) => document.then(handover::dial(transfer, &line.addresses())),
        None => document.then(Hangup::default()),
    }
}

/// Keeps the webhook with its answer.
async fn keep(line: &Line<'_>, event: &str, document: &Document) -> Result<Response, Response> {
    let record = line.answering(event, document);
    line.app.store.put_webhook(record).await.map_err(|error| line.sorry(&error))?;
    Ok(spoken(document))
}

/// The language that was spoken last.
async fn language(line: &Line<'_>) -> Option<String> {
    let id = engine::id::ConversationId::of_call(&line.call);
    let stored = line.app.store.conversation(&id).await.ok().flatten();
    stored.map(|stored| stored.value.conversation.language)
}
