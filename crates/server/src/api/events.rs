//! Server-sent events: what happens from now on, for whoever watches.
//!
//! Events tell that something changed, not all that it is now: whoever misses one has lost nothing that a look
//! at the resource would not tell. A watcher that is too slow gets one `lost` event with the number of events
//! that it missed, and one whose connection broke reads what it shows anew. Nothing is sent twice, nothing is
//! sent later. Only what happens on the node that serves the stream is told.

use super::auth::MayRead;
use super::body::Query;
use super::problem::Problem;
use crate::app::AppState;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _};
use host::LiveEvent;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(watch))
}

/// A comment is sent when nothing happened for so long, so that a dead connection is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WatchQuery {
    /// Only what concerns this run.
    run: Option<String>,
}

/// Watch what happens
///
/// Server-sent events: `ready` at first, then `run_changed`, `message_changed`, `call_changed`, `conversation_changed`
/// and `text_received`, each with a JSON object that names the run, the message, the call or the conversation. Events are
/// hints to look: after `lost`, or a broken connection, read anew what you show. A comment comes every 15 s when nothing happens.
#[utoipa::path(get, path = "/events", tag = "events", params(WatchQuery),
    responses((status = 200, description = "The stream", content_type = "text/event-stream", body = String)))]
async fn watch(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<WatchQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let happening = BroadcastStream::new(app.host.watch());
    let told = happening.filter_map(move |event| {
        let event = match event {
            Ok(event) => concerns(&event, query.run.as_deref()).then(|| described(&event)),
            Err(BroadcastStreamRecvError::Lagged(missed)) => {
                Some(Event::default().event("lost").data(json!({ "missed": missed }).to_string()))
            }
        };
        std::future::ready(event)
    });
    // Whoever has seen this misses nothing that happens from now on.
    let ready = futures::stream::once(std::future::ready(Event::default().event("ready").data("{}")));
    let stopping = app.stopping;
    let stream = ready.chain(told).map(Ok).take_until(async move { stopping.cancelled().await });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn concerns(event: &LiveEvent, run: Option<&str>) -> bool {
    let Some(wanted) = run else { return true };
    match event {
        LiveEvent::RunChanged { run, .. } => run == wanted,
        LiveEvent::MessageChanged { run, .. }
        | LiveEvent::CallChanged { run, .. }
        | LiveEvent::ConversationChanged { run, .. } => run.as_deref() == Some(wanted),
        LiveEvent::TextReceived { .. } => false,
    }
}

fn described(event: &LiveEvent) -> Event {
    let (name, data) = match event {
        LiveEvent::RunChanged { run, workflow, status } => {
            ("run_changed", json!({ "run": run, "workflow": workflow, "status": status }))
        }
        LiveEvent::MessageChanged { message, run, state, status } => {
            ("message_changed", json!({ "message": message, "run": run, "state": state, "status": status }))
        }
        LiveEvent::CallChanged { call, run, state, status } => {
            ("call_changed", json!({ "call": call, "run": run, "state": state, "status": status }))
        }
        LiveEvent::ConversationChanged { conversation, call, run, turn, ended_by } => (
            "conversation_changed",
            json!({ "conversation": conversation, "call": call, "run": run, "turn": turn, "endedBy": ended_by }),
        ),
        LiveEvent::TextReceived { message, contact } => {
            ("text_received", json!({ "message": message, "contact": contact }))
        }
    };
    Event::default().event(name).data(data.to_string())
}
