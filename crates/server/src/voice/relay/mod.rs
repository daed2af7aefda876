//! Language models on the line by ConversationRelay: words over a websocket, in both directions.
//!
//! 1. [`document`] hands a call to the websocket;
//! 2. [`door`] lets the websocket in, where its handshake is signed;
//! 3. [`socket`] carries words: what the caller says goes to the session, and what the session has on disk goes out;
//! 4. [`line`] knows what was sent, and [`speech`] how far the voice has come with it;
//! 5. [`back`] brings a call back whose websocket broke, or does what is to be done at its end.

mod back;
mod document;
mod door;
mod keys;
mod line;
mod socket;
mod speech;

use super::Line;
use crate::app::AppState;
use crate::outbound::call::with_recording;
use axum::Router;
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use host::{LineBack, Offer, Offered};

/// The routes of websockets, and of what follows on their end.
pub(super) fn router() -> Router<AppState> {
    let both = MethodFilter::GET.or(MethodFilter::POST);
    Router::new()
        .route("/twilio/{credential}/relay/{call}", get(door::open))
        .route("/twilio/{credential}/voice/{call}/relayed", on(both, back::relayed))
}

/// A call that was answered: the document that hands it to the websocket.
pub(super) async fn answered(line: &Line<'_>) -> Result<Response, Response> {
    match offered(line, "answer", LineBack::First).await? {
        Offered::Document(document) => Ok(super::written(document)),
        Offered::CallOver | Offered::Ended { .. } => Ok(super::spoken(&super::phrases::silence())),
        Offered::TooOften | Offered::Unknown => Err(line.unknown()),
    }
}

/// Asks the host for the document of a part.
async fn offered(line: &Line<'_>, part: &str, back: LineBack) -> Result<Offered, Response> {
    let here = line.addresses();
    let address = door::address(&line.app.public_url, &line.credential, &line.call);
    let scribe = |stored: &store::record::StoredConversation, agent: &engine::agent::LlmAgent| {
        let document = document::document(stored, agent, &address, &here);
        match &line.begins {
            Some(call) => with_recording(call, Some(agent), document, &here).to_xml(),
            None => document.to_xml(),
        }
    };
    let offer = Offer {
        credential: line.credential.clone(),
        call: line.call.clone(),
        part: part.to_owned(),
        back,
        scribe: &scribe,
        webhook: line.record.clone(),
    };
    Box::pin(line.app.host.offer_line(&offer)).await.map_err(|error| line.sorry(&error))
}
