//! `POST /hooks/{path}`: starts a run of the workflow whose webhook trigger has this path.
//!
//! The path is the secret: whoever knows it may start the run, so authors choose one that cannot be guessed
//! where that matters. A request is answered once its run is durably stored, or with the run's result, as the
//! trigger says. Only an `Idempotency-Key`, or the field that the trigger names, makes two requests one.

use crate::app::AppState;
use crate::body::BodyError;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use engine::event::StartedBy;
use engine::run::{Run, RunStatus};
use engine::workflow::{Respond, Trigger, WebhookTrigger, Workflow};
use host::{StartError, StartRequest, Started};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub fn router() -> Router<AppState> {
    Router::new().route("/hooks/{path}", post(start))
}

/// Characters of an `Idempotency-Key`, at most.
const KEY_CHARACTERS_MAX: usize = 255;

async fn start(State(app): State<AppState>, Path(path): Path<String>, request: Request) -> Response {
    match try_start(&app, &path, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn try_start(app: &AppState, path: &str, request: Request) -> Result<Response, HookProblem> {
    let Ok(_slot) = app.hook_slots.try_acquire() else { return Err(HookProblem::Busy) };
    let Some((workflow, _, definition)) = find(app, path).await else { return Err(HookProblem::UnknownPath) };
    let Trigger::Webhook(trigger) = &definition.trigger else { return Err(HookProblem::UnknownPath) };
    let (parts, body) = request.into_parts();
    let bytes_max = app.config.limits.hook_body_bytes;
    let body = crate::body::read(body, bytes_max).await.map_err(|error| match error {
        BodyError::TooLarge => HookProblem::TooLarge { bytes_max },
        BodyError::Incomplete => HookProblem::Incomplete,
    })?;
    let input = read_input(&parts.headers, &body)?;
    let input = if essence(&parts.headers) == FORM { definition.read_texts(input) } else { input };
    let dedupe_key = dedupe_key(trigger, &parts.headers, &input)?;
    let request = StartRequest { workflow, input, by: StartedBy::Trigger, dedupe_key };
    match trigger.respond {
        Respond::Stored => {
            let workflow = request.workflow.clone();
            let started = Box::pin(app.host.start_run(request)).await?;
            Ok(answer(StatusCode::ACCEPTED, &described(&started, &workflow)))
        }
        Respond::Result { timeout_ms } => {
            let workflow = request.workflow.clone();
            let asked = Duration::from_millis(u64::try_from(timeout_ms).unwrap_or(0));
            let limit = asked.min(app.config.limits.hook_wait_max);
            let (started, ended) = Box::pin(app.host.start_and_wait(request, limit)).await?;
            Ok(with_result(&started, &workflow, ended))
        }
    }
}

/// The workflow of this path, also one that another node published a moment ago.
async fn find(app: &AppState, path: &str) -> Option<(String, u32, Arc<Workflow>)> {
    let catalogue = app.host.catalogue();
    if let Some(known) = catalogue.by_hook(path) {
        return Some(known);
    }
    if !app.hook_misses.may_look() {
        return None;
    }
    if let Err(error) = catalogue.refresh().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "cannot see what other nodes published");
    }
    catalogue.by_hook(path)
}

/// Keeps requests to paths that do not exist from asking the database each time.
#[derive(Debug, Default)]
pub(crate) struct Misses(Mutex<Option<Instant>>);

/// How often such a path may ask.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Misses {
    fn may_look(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|last| last.elapsed() >= LOOK_EVERY);
        if may {
            *last = Some(Instant::now());
        }
        may
    }
}

/// The run's id and what it came to; `running` where it did not end in time.
fn with_result(started: &Started, workflow: &str, ended: Option<Run>) -> Response {
    let mut body = described(started, workflow);
    let Some(run) = ended else {
        body.insert("status".to_owned(), "running".into());
        return answer(StatusCode::ACCEPTED, &body);
    };
    body.insert("status".to_owned(), run.status.as_str().into());
    if let RunStatus::Failed { cause } = &run.status {
        body.insert("cause".to_owned(), json!({ "code": cause.code, "message": cause.message }));
    }
    if let Some(result) = run.result {
        body.insert("result".to_owned(), result);
    }
    answer(StatusCode::OK, &body)
}

fn described(started: &Started, workflow: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("run".to_owned(), started.run.as_str().into());
    body.insert("workflow".to_owned(), workflow.into());
    body.insert("version".to_owned(), started.version.into());
    body
}

fn answer(status: StatusCode, body: &Map<String, Value>) -> Response {
    let bytes = serde_json::to_vec(body).expect("a map of JSON values is JSON");
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response()
}

/// What a browser sends a form as.
const FORM: &str = "application/x-www-form-urlencoded";

/// The type of a body, without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn read_input(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, HookProblem> {
    match essence(headers).as_str() {
        FORM => read_form(body),
        // Many senders of JSON do not say so.
        "" | "application/json" | "text/plain" => read_json(body),
        json if json.ends_with("+json") => read_json(body),
        _ => Err(HookProblem::OtherType),
    }
}

fn read_json(body: &[u8]) -> Result<Map<String, Value>, HookProblem> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(input)) => Ok(input),
        Ok(_) => Err(HookProblem::NotReadable("the body must be a JSON object".to_owned())),
        Err(error) => Err(HookProblem::NotReadable(format!("the body is not JSON: {error}"))),
    }
}

/// Fields that come more than once are lists.
fn read_form(body: &[u8]) -> Result<Map<String, Value>, HookProblem> {
    let pairs = twilio::form::decode(body).map_err(|error| HookProblem::NotReadable(error.to_string()))?;
    let mut input = Map::new();
    for (name, value) in pairs {
        match input.get_mut(&name) {
            None => {
                input.insert(name, Value::String(value));
            }
            Some(Value::Array(values)) => values.push(Value::String(value)),
            Some(first) => {
                let earlier = first.take();
                *first = Value::Array(vec![earlier, Value::String(value)]);
            }
        }
    }
    Ok(input)
}

/// What makes a second request the same as the first, within one trigger.
fn dedupe_key(
    trigger: &WebhookTrigger,
    headers: &HeaderMap,
    input: &Map<String, Value>,
) -> Result<Option<String>, HookProblem> {
    if let Some(key) = headers.get("idempotency-key") {
        let key =
            key.to_str().ok().map(str::trim).filter(|key| !key.is_empty() && key.len() <= KEY_CHARACTERS_MAX);
        let key = key.ok_or(HookProblem::BadKey)?;
        return Ok(Some(format!("hook|{}|key|{key}", trigger.path)));
    }
    let value = trigger.dedupe_by.as_ref().and_then(|field| input.get(field));
    Ok(value.filter(|value| !value.is_null()).map(|value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("hook|{}|field|{text}", trigger.path)
    }))
}

/// Why no run was started, in words for the caller.
#[derive(Debug)]
enum HookProblem {
    UnknownPath,
    TooLarge { bytes_max: usize },
    Incomplete,
    OtherType,
    NotReadable(String),
    BadKey,
    BadInput(Vec<String>),
    Busy,
    Unavailable,
    Broken,
}

impl From<StartError> for HookProblem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::UnknownWorkflow(_) => HookProblem::UnknownPath,
            StartError::BadInput(problems) => HookProblem::BadInput(problems),
            StartError::Host(error) if error.is_temporary() => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a run cannot be started now");
                HookProblem::Unavailable
            }
            StartError::Host(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a run could not be started");
                HookProblem::Broken
            }
        }
    }
}

impl HookProblem {
    fn parts(&self) -> (StatusCode, &'static str, &'static str, String) {
        match self {
            HookProblem::UnknownPath => (
                StatusCode::NOT_FOUND,
                "not_found",
                "No workflow has this path",
                "the trigger of a published workflow names the path; publish it first".to_owned(),
            ),
            HookProblem::TooLarge { bytes_max } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "The body is too large",
                format!("at most {bytes_max} bytes are taken"),
            ),
            HookProblem::Incomplete => (
                StatusCode::BAD_REQUEST,
                "unreadable_body",
                "The body cannot be read",
                "it did not come whole: send it again, with all that Content-Length announces".to_owned(),
            ),
            HookProblem::OtherType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body has another type",
                "send application/json or application/x-www-form-urlencoded".to_owned(),
            ),
            HookProblem::NotReadable(detail) => {
                (StatusCode::BAD_REQUEST, "unreadable_body", "The body cannot be read", detail.clone())
            }
            HookProblem::BadKey => (
                StatusCode::BAD_REQUEST,
                "bad_idempotency_key",
                "The Idempotency-Key cannot be used",
                format!("it must have 1 to {KEY_CHARACTERS_MAX} plain characters"),
            ),
            HookProblem::BadInput(problems) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad_input",
                "The input does not fit the workflow",
                problems.join("; "),
            ),
            HookProblem::Busy => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_requests",
                "Too many requests are under way",
                "ask again after the time in Retry-After".to_owned(),
            ),
            HookProblem::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The run cannot be stored now",
                "nothing was started; ask again after the time in Retry-After".to_owned(),
            ),
            HookProblem::Broken => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong here",
                "the log of the server says what".to_owned(),
            ),
        }
    }
}

impl IntoResponse for HookProblem {
    fn into_response(self) -> Response {
        let (status, code, title, detail) = self.parts();
        let mut body = json!({ "type": format!("/docs/errors/{code}"), "title": title, "status": status.as_u16(), "code": code, "detail": detail });
        if let HookProblem::BadInput(problems) = &self {
            body["errors"] = json!(problems);
        }
        let content_type = [(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let mut response = (status, content_type, body.to_string()).into_response();
        if matches!(self, HookProblem::Busy | HookProblem::Unavailable) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(content_type: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        headers
    }

    #[test]
    fn bodies_are_objects_of_json_or_forms() {
        let read = |content_type: &str, body: &str| match read_input(&typed(content_type), body.as_bytes()) {
            Ok(input) => Value::Object(input).to_string(),
            Err(problem) => problem.parts().3,
        };
        for (content_type, body, expected) in [
            ("application/json; charset=utf-8", r#"{"a":1}"#, r#"{"a":1}"#),
            ("application/cloudevents+json", r#"{"a":1}"#, r#"{"a":1}"#),
            ("application/json", " ", "{}"),
            ("application/x-www-form-urlencoded", "a=1&b=x+y&a=2", r#"{"a":["1","2"],"b":"x y"}"#),
            ("application/json", "[1]", "the body must be a JSON object"),
            ("application/json", "{", "the body is not JSON: EOF while parsing an object at line 1 column 1"),
            ("application/xml", "<a/>", "send application/json or application/x-www-form-urlencoded"),
        ] {
            assert_eq!(read(content_type, body), expected, "{content_type} {body}");
        }
        assert!(read_input(&HeaderMap::new(), b"{}").is_ok());
    }

    #[test]
    fn two_requests_are_one_by_header_or_by_the_named_field_alone() {
        let trigger = |dedupe_by: Option<&str>| WebhookTrigger {
            path: "orders".into(),
            respond: Respond::Stored,
            dedupe_by: dedupe_by.map(str::to_owned),
        };
        let input = json!({ "order": 7, "empty": null });
        let input = input.as_object().unwrap();
        let mut keyed = HeaderMap::new();
        keyed.insert("idempotency-key", "k1".parse().unwrap());
        let plain = HeaderMap::new();
        let key = |dedupe_by, headers| dedupe_key(&trigger(dedupe_by), headers, input).unwrap();
        assert_eq!(key(None, &plain), None);
        assert_eq!(key(Some("order"), &plain).as_deref(), Some("hook|orders|field|7"));
        assert_eq!(key(Some("empty"), &plain), None);
        assert_eq!(key(Some("order"), &keyed).as_deref(), Some("hook|orders|key|k1"));
        keyed.insert("idempotency-key", "x".repeat(300).parse().unwrap());
        assert!(dedupe_key(&trigger(None), &keyed, input).is_err());
    }
}
