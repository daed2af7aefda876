//! Problems (RFC 9457): every refusal of the API, with a code for programs and a hint for people.

use axum::response::{IntoResponse, Response};
use engine::diagnostic::Diagnostic;
use host::{HostError, StartError};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::StoreError;
use utoipa::ToSchema;

/// A refusal on its way to the caller.
#[derive(Clone, Debug)]
pub struct Problem {
    pub code: ProblemCode,
    /// What is wrong with this request.
    pub detail: String,
    /// What to do about it; the code's own advice where nothing better is known.
    pub hint: Option<String>,
    /// One line for each thing that is wrong with an input.
    pub errors: Vec<String>,
    /// What is wrong with a file, as `check --json` prints it.
    pub diagnostics: Vec<Value>,
    /// When asking again makes sense.
    pub retry_after_s: Option<u64>,
}

/// The body of a refusal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Path of the page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// For programs; it never changes its meaning.
    pub code: String,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// One line for each thing that is wrong with an input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What is wrong with a file, with its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::api::checks::DiagnosticView>)]
    pub diagnostics: Vec<Value>,
}

macro_rules! codes {
    ($($code:ident $name:literal $status:ident $title:literal $hint:literal)*) => {
        /// What kind of refusal it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemCode { $(#[doc = $title] $code,)* }

        /// All codes, in the order of [`ProblemCode`].
        pub const PROBLEMS: &[ProblemInfo] = &[$(ProblemInfo {
            code: ProblemCode::$code, name: $name, status: StatusCode::$status, title: $title, hint: $hint,
        },)*];
    };
}

/// What the documentation says of a code.
#[derive(Debug)]
pub struct ProblemInfo {
    pub code: ProblemCode,
    pub name: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
    /// What to do, as sentences.
    pub hint: &'static str,
}

codes! {
    Unauthenticated "unauthenticated" UNAUTHORIZED
        "A token is needed"
        "Send the header `Authorization: Bearer TOKEN`. `switchboard token create` makes the first token."
    BadToken "bad_token" UNAUTHORIZED
        "The token is not accepted"
        "It is misspelt, was revoked, or belongs to another server. Make a new one with `switchboard token create`."
    Forbidden "forbidden" FORBIDDEN
        "The token may not do this"
        "Use a token with the scope that is named, or with the scope admin."
    UnknownRoute "unknown_route" NOT_FOUND
        "There is nothing at this path"
        "The paths stand in /api/v1/openapi.json."
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED
        "The path does not take this method"
        "The header Allow names those that it takes."
    NotFound "not_found" NOT_FOUND
        "There is no such thing"
        "List what there is, and mind the spelling."
    BodyTooLarge "body_too_large" PAYLOAD_TOO_LARGE
        "The body is too large"
        "Send less, or raise limits.apiBodyBytes in the settings."
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE
        "The body has another type"
        "Send application/json."
    UnreadableBody "unreadable_body" BAD_REQUEST
        "The body cannot be read"
        "The shape of each body stands in /api/v1/openapi.json."
    BadParameter "bad_parameter" BAD_REQUEST
        "A parameter cannot be used"
        "The parameters stand in /api/v1/openapi.json."
    InvalidFile "invalid_file" UNPROCESSABLE_ENTITY
        "The file has errors"
        "Mend what the diagnostics name; `switchboard check FILE` shows them in their lines."
    NameMismatch "name_mismatch" UNPROCESSABLE_ENTITY
        "The path names another thing than the body"
        "Make both the same, or leave the name out of the body."
    AgentNotReady "agent_not_ready" UNPROCESSABLE_ENTITY
        "What the agent talks with does not work"
        "Mend what the errors name; `switchboard credentials test NAME --model MODEL` asks once more."
    BadInput "bad_input" UNPROCESSABLE_ENTITY
        "The input does not fit"
        "Mend what the errors name."
    Conflict "conflict" CONFLICT
        "Something else has that already"
        "Choose another, or change what has it."
    NotAllowed "not_allowed" CONFLICT
        "The state of things does not allow this"
        "Look at what it came to meanwhile."
    RequestInProgress "request_in_progress" CONFLICT
        "The first request with this key has no answer yet"
        "Ask again after a moment. If the server was stopped in between, look at what was done, and use another key."
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY
        "The Idempotency-Key came with another body before"
        "Use a new key for a new request."
    BadIdempotencyKey "bad_idempotency_key" BAD_REQUEST
        "The Idempotency-Key cannot be used"
        "It must have 1 to 255 visible ASCII characters."
    KeyNotTaken "key_not_taken" BAD_REQUEST
        "This path takes no Idempotency-Key"
        "Leave the header out: the answer holds a secret that is not kept."
    TooManyRequests "too_many_requests" TOO_MANY_REQUESTS
        "Too many requests"
        "Ask again after the time in Retry-After. The limits stand under rateLimits in the settings."
    ProviderFailed "provider_failed" BAD_GATEWAY
        "The provider did not do what was asked"
        "`switchboard credentials test NAME` says what is wrong with a credential."
    Unavailable "unavailable" SERVICE_UNAVAILABLE
        "The database is not available"
        "Ask again after the time in Retry-After."
    Internal "internal" INTERNAL_SERVER_ERROR
        "Something went wrong here"
        "The log of the server says what, under the id in the header X-Request-Id."
}

impl ProblemCode {
    pub fn info(self) -> &'static ProblemInfo {
        &PROBLEMS[self as usize]
    }
}

impl Problem {
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Problem {
        Problem {
            code,
            detail: detail.into(),
            hint: None,
            errors: Vec::new(),
            diagnostics: Vec::new(),
            retry_after_s: None,
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn retry_after_s(mut self, seconds: u64) -> Problem {
        self.retry_after_s = Some(seconds);
        self
    }

    /// There is no `what` of that name or id.
    pub fn not_found(what: &str) -> Problem {
        Problem::new(ProblemCode::NotFound, format!("no {what} has this name or id"))
    }

    /// A file that is refused, with all that is wrong with it.
    pub fn invalid_file(diagnostics: &[Diagnostic], file: &str) -> Problem {
        let errors = diagnostics.iter().filter(|d| d.severity == engine::diagnostic::Severity::Error).count();
        let detail = format!("{errors} {} to be mended", if errors == 1 { "error is" } else { "errors are" });
        let objects = diagnostics.iter().map(|d| engine::diagnostic::json_object(d, file)).collect();
        Problem { diagnostics: objects, ..Problem::new(ProblemCode::InvalidFile, detail) }
    }

    pub fn bad_input(errors: Vec<String>) -> Problem {
        Problem { errors: errors.clone(), ..Problem::new(ProblemCode::BadInput, errors.join("; ")) }
    }

    fn body(&self) -> ProblemBody {
        let info = self.code.info();
        ProblemBody {
            kind: format!("/docs/errors/{}", info.name),
            title: info.title.to_owned(),
            status: info.status.as_u16(),
            code: info.name.to_owned(),
            detail: self.detail.clone(),
            hint: Some(self.hint.clone().unwrap_or_else(|| info.hint.to_owned())),
            errors: self.errors.clone(),
            diagnostics: self.diagnostics.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.body()).expect("texts and JSON values are JSON");
        let content_type = [(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))];
        let mut response = (self.code.info().status, content_type, body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code.info().status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// How long to wait for a database that is away, or for a race to be over.
const AGAIN_AFTER_S: u64 = 1;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match &error {
            StoreError::Unavailable(_) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a request met no database");
                let detail = "the database cannot be used right now";
                Problem::new(ProblemCode::Unavailable, detail).retry_after_s(AGAIN_AFTER_S)
            }
            StoreError::Key(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "no fitting encryption key");
                let hint =
                    "Set encryption.keyFile to the key that this database was used with, and start anew.";
                Problem::new(ProblemCode::Internal, "the server has no key that fits what is stored")
                    .hint(hint)
            }
            _ => Problem::internal(&error),
        }
    }
}

impl From<HostError> for Problem {
    fn from(error: HostError) -> Problem {
        match error {
            HostError::Store(error) => error.into(),
            HostError::Contended { what } => {
                Problem::new(ProblemCode::Unavailable, format!("the {what} kept changing"))
                    .retry_after_s(AGAIN_AFTER_S)
            }
            HostError::NotFound { what } => Problem::not_found(what),
            HostError::NotAllowed(reason) => Problem::new(ProblemCode::NotAllowed, reason),
        }
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Problem {
        match error {
            StartError::UnknownWorkflow(_) => Problem::not_found("workflow"),
            StartError::BadInput(errors) => Problem::bad_input(errors),
            StartError::Host(error) => error.into(),
        }
    }
}

impl Problem {
    /// Something that no caller can mend: the log keeps what, the caller learns that it happened.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Problem {
        tracing::error!(error, "a request failed");
        Problem::new(ProblemCode::Internal, "the request failed; nothing that was asked for is certain")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_enum_and_speaks_in_sentences() {
        for (index, info) in PROBLEMS.iter().enumerate() {
            assert_eq!(info.code as usize, index);
            assert_eq!(PROBLEMS.iter().filter(|other| other.name == info.name).count(), 1, "{}", info.name);
            assert!(info.hint.ends_with('.') && !info.title.ends_with('.'), "{}", info.name);
            assert!(info.status.is_client_error() || info.status.is_server_error(), "{}", info.name);
        }
    }
}
