//! `/api/v1/dev/clock`: the clock of `dev`, shown and wound. `serve` has no such route.

use crate::app::AppState;
use crate::clock::WindableClock;
use crate::tokens::{self, Scope};
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use std::sync::Arc;

/// At most this far at once: every due moment on the way is stepped through.
const ADVANCE_MAX: SignedDuration = SignedDuration::from_hours(24 * 400);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// `90s`, `24h`, `7d`
    advance: String,
}

pub(super) fn router(clock: Arc<WindableClock>) -> Router<AppState> {
    let wound = clock.clone();
    let show = move |State(app): State<AppState>, headers: HeaderMap| async move {
        match admitted(&app, &headers).await {
            Ok(()) => shown(host::Clock::now(&*clock)),
            Err(refusal) => refusal,
        }
    };
    let wind = move |State(app): State<AppState>, headers: HeaderMap, body: Json<Advance>| async move {
        match admitted(&app, &headers).await {
            Ok(()) => advance(&wound, &body.0).await,
            Err(refusal) => refusal,
        }
    };
    Router::new().route("/api/v1/dev/clock", get(show).post(wind))
}

async fn advance(clock: &WindableClock, body: &Advance) -> Response {
    let by = crate::config::parse_duration(&body.advance);
    match by.and_then(|by| SignedDuration::try_from(by).ok()).filter(|by| *by <= ADVANCE_MAX) {
        Some(by) => shown(clock.advance(by).await),
        None => {
            problem(StatusCode::UNPROCESSABLE_ENTITY, "advance must be a duration such as 90s, 24h or 7d")
        }
    }
}

fn shown(now: jiff::Timestamp) -> Response {
    Json(json!({ "now": now })).into_response()
}

async fn admitted(app: &AppState, headers: &HeaderMap) -> Result<(), Response> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    match app.store.token_by_hash(&tokens::hash(token)).await {
        Ok(Some(known)) if known.revoked_at.is_none() => {
            let admin = known.scopes.iter().any(|scope| scope == Scope::Admin.as_str());
            if admin { Ok(()) } else { Err(problem(StatusCode::FORBIDDEN, "the token may not do this")) }
        }
        Ok(_) => Err(problem(StatusCode::UNAUTHORIZED, "a bearer token is missing or wrong")),
        Err(_) => Err(problem(StatusCode::SERVICE_UNAVAILABLE, "the database is not available")),
    }
}

fn problem(status: StatusCode, title: &str) -> Response {
    let content_type = [(http::header::CONTENT_TYPE, "application/problem+json")];
    let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16() });
    (status, content_type, body.to_string()).into_response()
}
