//! The page for people: phones with their calls and conversations, faults, clock and accounts.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header;

use super::Problem;

/// Everything it needs comes from here. It builds what it shows from text nodes, so that a message's text is never
/// read as HTML; the policy forbids everything else.
const PAGE: &str = include_str!("page/page.html");

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' http: https: data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files that the page is made of, by name.
const FILES: &[(&str, &str, &str)] = &[
    ("page.css", STYLE, include_str!("page/page.css")),
    ("page.js", SCRIPT, include_str!("page/page.js")),
    ("calls.js", SCRIPT, include_str!("page/calls.js")),
    ("control.js", SCRIPT, include_str!("page/control.js")),
    ("dialogue.js", SCRIPT, include_str!("page/dialogue.js")),
    ("elements.js", SCRIPT, include_str!("page/elements.js")),
    ("phones.js", SCRIPT, include_str!("page/phones.js")),
    ("story.js", SCRIPT, include_str!("page/story.js")),
    ("texts.js", SCRIPT, include_str!("page/texts.js")),
    ("world.js", SCRIPT, include_str!("page/world.js")),
];

pub(crate) async fn show() -> Response {
    served(HTML, PAGE)
}

/// One of its files.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => served(kind, text),
        None => Problem::not_found("the page has no such file").into_response(),
    }
}

fn served(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
