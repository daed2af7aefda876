//! Errors of the endpoint, in the form and with the codes of the real one.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

/// An error answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: Option<&'static str>,
    kind: &'static str,
    message: String,
    param: Option<&'static str>,
    retry_after_s: Option<u32>,
}

const INVALID: &str = "invalid_request_error";

impl Refusal {
    fn new(status: u16, kind: &'static str, code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self { status, code, kind, message: message.into(), param: None, retry_after_s: None }
    }

    /// A request that cannot be, and the parameter that is to blame.
    pub(super) fn invalid(param: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(param), ..Self::new(400, INVALID, None, message) }
    }

    pub(super) fn unsupported(param: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(param), ..Self::new(400, INVALID, Some(code), message) }
    }

    pub(super) fn not_json() -> Self {
        let message = "We could not parse the JSON body of your request.";
        Self::new(400, INVALID, None, message)
    }

    pub(super) fn no_key() -> Self {
        let message =
            "You didn't provide an API key. Send it in the header `Authorization: Bearer YOUR_KEY`.";
        Self::new(401, INVALID, None, message)
    }

    pub(super) fn wrong_key(key: &str) -> Self {
        let message = format!("Incorrect API key provided: {}.", masked(key));
        Self::new(401, INVALID, Some("invalid_api_key"), message)
    }

    pub(super) fn no_model(model: &str) -> Self {
        let message = format!("The model `{model}` does not exist or you do not have access to it.");
        Self { param: Some("model"), ..Self::new(404, INVALID, Some("model_not_found"), message) }
    }

    pub(super) fn too_long(max: u32, had: usize) -> Self {
        let message = format!(
            "This model's maximum context length is {max} tokens. However, your request has {had} tokens."
        );
        let code = Some("context_length_exceeded");
        Self { param: Some("messages"), ..Self::new(400, INVALID, code, message) }
    }

    pub(super) fn rate_limited(retry_after_s: Option<u32>) -> Self {
        let message = "Rate limit reached for requests. Please try again later.";
        Self { retry_after_s, ..Self::new(429, "requests", Some("rate_limit_exceeded"), message) }
    }

    pub(super) fn no_credit() -> Self {
        let message = "You exceeded your current quota, please check your plan and billing details.";
        Self::new(429, "insufficient_quota", Some("insufficient_quota"), message)
    }

    pub(super) fn overloaded(retry_after_s: Option<u32>) -> Self {
        let message = "The server is currently overloaded. Please try again later.";
        Self { retry_after_s, ..Self::new(503, "server_error", Some("server_is_overloaded"), message) }
    }

    pub(super) fn server_error(status: u16) -> Self {
        Self::new(status, "server_error", None, "The server had an error while processing your request.")
    }

    /// The body of the answer, which is also what stands in a stream in place of a chunk.
    pub(super) fn body(&self) -> Value {
        json!({"error": {
            "message": self.message, "type": self.kind, "param": self.param, "code": self.code,
        }})
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body())).into_response();
        if let Some(seconds) = self.retry_after_s {
            let headers = response.headers_mut();
            headers.insert(http::header::RETRY_AFTER, HeaderValue::from(seconds));
            if self.status == 429
                && let Ok(reset) = HeaderValue::from_str(&format!("{seconds}s"))
            {
                headers.insert(HeaderName::from_static("x-ratelimit-remaining-requests"), 0.into());
                headers.insert(HeaderName::from_static("x-ratelimit-reset-requests"), reset);
            }
        }
        response
    }
}

/// A key as errors show it: its beginning and its end.
fn masked(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    if chars.len() < 12 {
        return "*".repeat(chars.len());
    }
    let (head, tail) = (&chars[..8], &chars[chars.len() - 4..]);
    format!("{}{}{}", String::from_iter(head), "*".repeat(chars.len() - 12), String::from_iter(tail))
}
