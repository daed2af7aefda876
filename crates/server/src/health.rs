//! `/healthz`: the process answers. `/readyz`: it can do its work.

use crate::app::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::json;
use std::time::Duration;

pub fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

/// Longest time that a write may take until the database counts as not writable.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// Longest time between two rounds of the loop until it counts as stuck.
const ROUND_LIMIT: Duration = Duration::from_secs(15);

async fn ready(State(app): State<AppState>) -> Response {
    let written = tokio::time::timeout(WRITE_LIMIT, app.store.check_writable()).await;
    let database = match &written {
        Ok(Ok(())) => "ok",
        Ok(Err(_)) => "not writable",
        Err(_) => "too slow",
    };
    let looping = match app.host.since_last_round() {
        Some(since) if since <= ROUND_LIMIT => "ok",
        Some(_) => "stuck",
        None => "not started",
    };
    let taking = if app.stopping.is_cancelled() { "stopping" } else { "ok" };
    let is_ready = [database, looping, taking].iter().all(|part| *part == "ok");
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({ "ready": is_ready, "database": database, "loop": looping, "requests": taking });
    (status, Json(body)).into_response()
}
