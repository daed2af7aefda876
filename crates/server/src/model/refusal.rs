//! Error answers, told apart by what can be done about them.

use engine::llm::question::Failure;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// An error answer, understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) failure: Failure,
    /// The parameter that the provider does not take.
    pub(super) parameter: Option<String>,
    pub(super) retry_after: Option<Duration>,
    /// The provider's words, for people.
    pub(super) message: String,
}

/// The longest message that is repeated to people, in characters.
const MESSAGE_CHARACTERS_MAX: usize = 300;

impl Refusal {
    pub(super) fn of(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refusal {
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        // Some servers leave the wrapping out, or write the error as a text.
        let error = if body["error"].is_null() { &body } else { &body["error"] };
        let message = error["message"].as_str().or(error.as_str()).unwrap_or_default();
        Refusal {
            failure: failure_of(status, error),
            parameter: parameter_of(error, message),
            retry_after: retry_after(headers),
            message: message.chars().take(MESSAGE_CHARACTERS_MAX).collect(),
        }
    }
}

/// An error that stands in a stream, where no status says what kind it is.
pub(super) fn of_error(error: &Value) -> Failure {
    match failure_of(StatusCode::OK, error) {
        Failure::Rejected => Failure::Overloaded,
        failure => failure,
    }
}

fn failure_of(status: StatusCode, error: &Value) -> Failure {
    let word = |key: &str| error[key].as_str().unwrap_or_default();
    let is = |names: &[&str]| names.contains(&word("code")) || names.contains(&word("type"));
    if is(&["insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached"]) {
        return Failure::NoCredit;
    }
    if is(&["invalid_api_key"]) {
        return Failure::BadKey;
    }
    if is(&["model_not_found"]) {
        return Failure::UnknownModel;
    }
    if is(&["context_length_exceeded"]) {
        return Failure::TooLong;
    }
    if is(&["rate_limit_exceeded", "slow_down"]) {
        return Failure::RateLimited;
    }
    match status.as_u16() {
        401 | 403 => Failure::BadKey,
        402 => Failure::NoCredit,
        404 => Failure::UnknownModel,
        408 | 409 => Failure::Broken,
        429 => Failure::RateLimited,
        500.. => Failure::Overloaded,
        _ if is(&["server_error", "server_is_overloaded"]) => Failure::Overloaded,
        _ => Failure::Rejected,
    }
}

/// Parameters that are ours to leave out.
const PARAMETERS: [&str; 5] =
    ["max_completion_tokens", "max_tokens", "temperature", "stream_options", "response_format"];

/// The parameter to blame: as the error names it, else the first that its message names.
fn parameter_of(error: &Value, message: &str) -> Option<String> {
    // A part of it may be named: `response_format.json_schema`.
    let named = error["param"].as_str().and_then(|param| param.split('.').next());
    let named = named.filter(|named| PARAMETERS.contains(named));
    let told = || {
        let places = PARAMETERS.iter().filter_map(|name| Some((message.find(name)?, *name)));
        places.min().map(|(_, name)| name)
    };
    named.or_else(told).map(str::to_owned)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(ms / 1_000.0).ok();
    }
    text("retry-after").and_then(|s| s.parse::<f64>().ok()).and_then(|s| Duration::try_from_secs_f64(s).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_are_told_apart() {
        let cases = [
            (401, json!({"code": "invalid_api_key"}), Failure::BadKey),
            (403, json!({"code": "unsupported_country_region_territory"}), Failure::BadKey),
            (429, json!({"type": "insufficient_quota", "code": "insufficient_quota"}), Failure::NoCredit),
            (429, json!({"code": "credit_balance_exhausted"}), Failure::NoCredit),
            (429, json!({"type": "requests", "code": "rate_limit_exceeded"}), Failure::RateLimited),
            (429, json!({}), Failure::RateLimited),
            (404, json!({"code": "model_not_found"}), Failure::UnknownModel),
            (400, json!({"code": "context_length_exceeded"}), Failure::TooLong),
            (400, json!({"code": "unsupported_parameter"}), Failure::Rejected),
            (500, json!({"type": "server_error"}), Failure::Overloaded),
            (503, json!({"code": "slow_down"}), Failure::RateLimited),
            (502, json!({}), Failure::Overloaded),
        ];
        for (status, error, failure) in cases {
            let body = json!({"error": error}).to_string();
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                Refusal::of(status, &HeaderMap::new(), body.as_bytes()).failure,
                failure,
                "{status} {error}"
            );
        }
        let html = Refusal::of(StatusCode::BAD_GATEWAY, &HeaderMap::new(), b"<html>");
        assert_eq!((html.failure, html.message.as_str()), (Failure::Overloaded, ""));
    }

    #[test]
    fn the_parameter_to_blame_and_the_pause_are_found() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "2".parse().unwrap());
        let body =
            json!({"error": {"message": "Use 'max_completion_tokens' instead.", "param": "max_tokens"}});
        let refusal = Refusal::of(StatusCode::BAD_REQUEST, &headers, body.to_string().as_bytes());
        assert_eq!(refusal.parameter.as_deref(), Some("max_tokens"));
        assert_eq!(refusal.retry_after, Some(Duration::from_secs(2)));
        let told = json!({"detail": "x", "message": "stream_options: extra fields not permitted"});
        let refusal = Refusal::of(StatusCode::BAD_REQUEST, &headers, told.to_string().as_bytes());
        assert_eq!(refusal.parameter.as_deref(), Some("stream_options"));
    }
}
