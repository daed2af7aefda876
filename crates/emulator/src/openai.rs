//! A pretend OpenAI endpoint: `/v1/chat/completions` and `/v1/models`, answered by scripted models.
//!
//! A model is data: rules that are looked at in order, the first that fits answers. It keeps nothing between
//! two requests but how often its faults have struck and which prompts it has seen, so the same conversation is
//! answered alike each time. Paces and delays are in real time, as slow answers of the REST API are.

mod decide;
mod fault;
mod log;
mod models;
mod prompt;
mod refusal;
mod request;
mod script;
mod stream;
mod tokens;
mod whole;

pub use fault::FaultAction as ModelFaultAction;
pub use script::{
    Credit, DEFAULT_DESK_MODEL, DEFAULT_ECHO_MODEL, DEFAULT_MODEL, DEFAULT_MODEL_KEY,
    DEFAULT_MODEL_KEY_WITHOUT_CREDIT, Format, KeyFixture, ModelFault, ModelRule, ModelScript, OpenAiFixture,
    Pace, Parameters, Prompted, Reply, ScriptedCall, StreamEnd,
};

pub(crate) use log::Asked;
pub use models::EndpointError;
pub(crate) use models::{Endpoint, Model};

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use crate::connection::Connection;
use crate::emulation::Emulation;
use crate::world::World;
use decide::{Decision, End};
use refusal::Refusal;
use request::ChatRequest;

/// The largest body of a request.
const BODY_BYTES_MAX: usize = 8_000_000;

pub(crate) fn router(emulation: Arc<Emulation>) -> Router<Arc<Emulation>> {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/models", get(list))
        .route("/v1/models/{id}", get(show))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(emulation)
}

/// Answers one request for a completion, whole or as a stream.
async fn complete(
    State(emulation): State<Arc<Emulation>>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (request, decision) = match decided(&mut emulation.world(), &headers, &body) {
        Ok(decided) => decided,
        Err(refusal) => return refusal.into_response(),
    };
    pause(decision.first_token_ms).await;
    match decision.end {
        End::Refused(refusal) => {
            log::refused(&mut emulation.world(), &request.model, &refusal);
            refusal.into_response()
        }
        End::Dropped => {
            log::dropped(&mut emulation.world(), &request);
            connection.drop_now();
            // The connection's task drops this future, before anything is written.
            std::future::pending().await
        }
        End::Answered(answer) => match request.stream {
            Some(options) => stream::respond(emulation, *answer, options.include_usage),
            None => whole::respond(&emulation, &connection, *answer).await,
        },
    }
}

fn decided(world: &mut World, headers: &HeaderMap, body: &[u8]) -> Result<(ChatRequest, Decision), Refusal> {
    let now = world.now;
    world.openai.requests.write(now, body);
    let credit = world.openai.admit(headers);
    let read = credit.and_then(|credit| {
        let request = ChatRequest::read(body)?;
        let decision = decide::decide(world, &request, credit)?;
        Ok((request, decision))
    });
    read.inspect_err(|refusal| log::refused(world, &log::model_of(body), refusal))
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
    }
}

async fn list(State(emulation): State<Arc<Emulation>>, headers: HeaderMap) -> Response {
    let world = emulation.world();
    if let Err(refusal) = world.openai.admit(&headers) {
        return refusal.into_response();
    }
    let data: Vec<Value> = world
        .openai
        .models()
        .filter(|model| !model.script.retired)
        .map(|model| card(&model.script))
        .collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

async fn show(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let world = emulation.world();
    let found = world.openai.admit(&headers).and_then(|_| world.openai.script(&id).map(card));
    match found {
        Ok(card) => Json(card).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// A model as the list shows it.
fn card(model: &ModelScript) -> Value {
    json!({
        "id": model.id,
        "object": "model",
        // When scripted models came into being: the start of 2026.
        "created": 1_767_225_600,
        "owned_by": "emulator",
        "shutdown_date": model.shutdown_date,
    })
}

/// The headers that every answer about completions carries.
fn answer_headers(id: &str) -> [(header::HeaderName, String); 2] {
    [
        (
            header::HeaderName::from_static("x-request-id"),
            format!("req_{}", id.trim_start_matches("chatcmpl-")),
        ),
        (header::HeaderName::from_static("openai-version"), "2020-10-01".to_owned()),
    ]
}

fn json_response(status: StatusCode, id: &str, body: &Value) -> Response {
    (status, answer_headers(id), Json(body)).into_response()
}
