//! `Idempotency-Key`: the same request twice has one effect and one answer.
//!
//! A key counts for one token and one path, at least 24 hours. The key is reserved before the request has any
//! effect, and the answer is kept under it; a request that failed for want of a database or for its rate gives
//! the key back. What a stopped server left reserved is done again where that can do no harm.

use super::Asking;
use super::auth::Caller;
use super::body::unread;
use super::problem::{PROBLEM_JSON, Problem, ProblemCode};
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::time::Duration;
use store::record::IdempotencyRecord;

/// Tells handlers under which name the request's effect is to be remembered.
#[derive(Clone, Debug)]
pub(super) struct RememberedAs(pub(super) String);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_CHARACTERS_MAX: usize = 255;

/// A request takes at most the time that it may wait for a run, and this. A reservation that is older belongs
/// to a server that was stopped.
const BESIDE_WAITING: Duration = Duration::from_secs(30);

/// Largest answer that is kept.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(super) async fn keep_answers(State(asking): State<Asking>, request: Request, next: Next) -> Response {
    if request.method() == Method::GET || !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return next.run(request).await;
    }
    match once(&asking, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(asking: &Asking, request: Request, next: Next) -> Result<Response, Problem> {
    let path = request.uri().path().to_owned();
    if path.ends_with("/tokens") {
        return Err(Problem::new(ProblemCode::KeyNotTaken, "a new token is shown once"));
    }
    let caller = request.extensions().get::<Caller>();
    let caller =
        caller.ok_or_else(|| Problem::new(ProblemCode::Unauthenticated, "the request has no token"))?;
    let name = format!("{}|{} {path}|{}", caller.token, request.method(), key(request.headers())?);
    let (mut parts, body) = request.into_parts();
    let limited = Request::from_parts(parts.clone(), body);
    let body = Bytes::from_request(limited, &()).await.map_err(unread)?;
    let query = parts.uri.query().unwrap_or_default();
    let record = IdempotencyRecord {
        key: name.clone(),
        body_hash: hash(query, &body),
        answer: None,
        created_at: asking.app.host.now(),
    };
    if let Some(kept) = reserve(asking, &record, repeatable(&parts.method, &path)).await? {
        return replay(&record, kept);
    }
    parts.extensions.insert(RememberedAs(format!("api|{name}")));
    // Nothing breaks off here but the whole process: requests are tasks of their own.
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(asking, &name, response).await
}

/// Nothing where the key is ours now, else what stands under it.
async fn reserve(
    asking: &Asking,
    record: &IdempotencyRecord,
    repeatable: bool,
) -> Result<Option<IdempotencyRecord>, Problem> {
    let store = &asking.app.store;
    let kept = store.begin_idempotent(record.clone()).await?;
    match &kept {
        Some(kept) if kept.answer.is_none() && repeatable && is_abandoned(asking, kept) => {
            store.abandon_idempotent(&record.key).await?;
            Ok(store.begin_idempotent(record.clone()).await?)
        }
        _ => Ok(kept),
    }
}

fn is_abandoned(asking: &Asking, kept: &IdempotencyRecord) -> bool {
    let age = asking.app.host.now().duration_since(kept.created_at);
    age > SignedDuration::try_from(asking.app.config.limits.hook_wait_max + BESIDE_WAITING)
        .unwrap_or(SignedDuration::MAX)
}

/// Whether doing it again after a stop of the server does no harm. Runs are remembered by their key; a text
/// that is sent outside of any run is not.
fn repeatable(method: &Method, path: &str) -> bool {
    *method != Method::POST || !path.ends_with("/messages")
}

fn replay(asked: &IdempotencyRecord, kept: IdempotencyRecord) -> Result<Response, Problem> {
    if kept.body_hash != asked.body_hash {
        let detail = "another body came with this key before";
        return Err(Problem::new(ProblemCode::IdempotencyKeyReused, detail));
    }
    let Some((status, body)) = kept.answer else {
        let detail = "the first request with this key is under way, or was cut off";
        return Err(Problem::new(ProblemCode::RequestInProgress, detail).retry_after_s(1));
    };
    let mut response = (StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body).into_response();
    let content_type = if response.status().is_success() { "application/json" } else { PROBLEM_JSON };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Keeps the answer under its key, or gives the key back where the answer says to ask again.
async fn keep(asking: &Asking, key: &str, response: Response) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await;
    let body = body.map_err(|error| Problem::internal(&error))?;
    let store = &asking.app.store;
    let kept = match std::str::from_utf8(&body) {
        Ok(text) if is_lasting(parts.status) => {
            store.finish_idempotent(key, parts.status.as_u16(), text).await
        }
        _ => store.abandon_idempotent(key).await,
    };
    if let Err(error) = kept {
        tracing::warn!(error = &error as &dyn std::error::Error, "an answer could not be kept under its key");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Whether asking again would be answered alike.
fn is_lasting(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

fn key(headers: &HeaderMap) -> Result<&str, Problem> {
    let key = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok()).map(str::trim);
    let fits = |key: &&str| {
        (1..=KEY_CHARACTERS_MAX).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
    };
    key.filter(fits)
        .ok_or_else(|| Problem::new(ProblemCode::BadIdempotencyKey, "the key has no fitting form"))
}

fn hash(query: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(query.as_bytes()).chain_update([0]).chain_update(body).finalize();
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
