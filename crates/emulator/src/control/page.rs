//! The page for people: phones with their calls and conversations, faults, clock and accounts.

use axum::response::{IntoResponse, Response};
use http::header;

/// One file without anything from outside. It builds everything from text nodes, so that a message's text
/// is never read as HTML; the policy forbids everything else.
const PAGE: &str = include_str!("page.html");

const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      connect-src 'self'; img-src 'self' http: https: data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn show() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, PAGE).into_response()
}
