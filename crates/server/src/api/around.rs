//! What surrounds every request of the API: an id, metrics, a line in the log, and a net for panics.

use super::problem::{Problem, ProblemCode};
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method};
use std::time::Instant;
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken over from the caller.
const ID_CHARACTERS_MAX: usize = 128;

pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let id = id_of(&request);
    let method = request.method().clone();
    // The path itself may hold somebody's number.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "none".to_owned());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default(), %method, route);
    let begun = Instant::now();
    // A task of its own: a caller who goes away leaves nothing half done, and a panic ends this request alone.
    let answered = tokio::spawn(next.run(request).instrument(span.clone())).await;
    let mut response = answered.unwrap_or_else(|_| {
        span.in_scope(|| tracing::error!("a request made the server stumble; the message stands above"));
        Problem::new(ProblemCode::Internal, "the request made the server stumble").into_response()
    });
    let status = response.status().as_u16();
    let took = begun.elapsed();
    span.in_scope(|| tracing::debug!(status, ms = took.as_secs_f64() * 1000.0, "answered"));
    crate::metrics::answered(&method, route, status, took);
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The caller's own id where it is sane, else a new one.
fn id_of(request: &Request) -> HeaderValue {
    let sane = |id: &&HeaderValue| {
        let bytes = id.as_bytes();
        (1..=ID_CHARACTERS_MAX).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
    };
    let given = request.headers().get(REQUEST_ID).filter(sane).cloned();
    given.unwrap_or_else(|| {
        HeaderValue::from_str(&host::new_id("req_")).expect("ids are letters, digits and underscores")
    })
}

pub(super) async fn unknown_route(request: Request) -> Problem {
    let hint = match request.uri().path() {
        path if path.starts_with(super::PREFIX) || path.starts_with("/hooks") => None,
        _ => Some(format!("The API begins at {}.", super::PREFIX)),
    };
    Problem { hint, ..Problem::new(ProblemCode::UnknownRoute, "nothing answers at this path") }
}

pub(super) async fn method_not_allowed(method: Method) -> Problem {
    Problem::new(ProblemCode::MethodNotAllowed, format!("{method} has no meaning here"))
}
