//! Reading requests: what cannot be read is a problem with its reason.

use super::parameter;
use super::problem::{Problem, ProblemCode};
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A JSON body, in or out. An empty body counts as an empty object.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

/// The text of a file, whatever its type is said to be.
#[derive(Debug)]
pub(super) struct Text(pub(super) String);

/// The parameters behind the question mark.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

/// The variable parts of a path.
#[derive(Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !may_be_json(request.headers()) {
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, "only JSON is read here"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        let bytes = if bytes.iter().all(u8::is_ascii_whitespace) { b"{}" } else { &*bytes };
        let value = serde_json::from_slice(bytes);
        value.map(Json).map_err(|error| Problem::new(ProblemCode::UnreadableBody, error.to_string()))
    }
}

/// Many senders of JSON do not say so.
fn may_be_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return true;
    };
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty() || essence == "application/json" || essence.ends_with("+json")
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        let text = String::from_utf8(bytes.into());
        text.map(Text).map_err(|_| Problem::new(ProblemCode::UnreadableBody, "the file is not UTF-8"))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query
            .map(|query| Query(query.0))
            .map_err(|rejection: QueryRejection| parameter::explained(&cause(&rejection)))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|path| Path(path.0)).map_err(|rejection| unfit(&rejection))
    }
}

/// A part of a path that is something else than it must be; all that are no texts are numbers.
fn unfit(rejection: &PathRejection) -> Problem {
    let PathRejection::FailedToDeserializePathParams(failed) = rejection else {
        return Problem::new(ProblemCode::BadParameter, cause(rejection));
    };
    match failed.kind() {
        ErrorKind::ParseErrorAtKey { key, .. } => parameter::unusable(key, "a whole number"),
        ErrorKind::ParseErrorAtIndex { value, .. } | ErrorKind::ParseError { value, .. } => {
            let detail = format!("`{value}` in the path is no whole number");
            Problem::new(ProblemCode::BadParameter, detail)
        }
        _ => Problem::new(ProblemCode::BadParameter, cause(rejection)),
    }
}

/// The innermost reason, which says what is wrong rather than what was tried.
fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

pub(super) fn unread(rejection: BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(ProblemCode::BodyTooLarge, "the body is larger than the settings allow");
    }
    Problem::new(ProblemCode::UnreadableBody, cause(&rejection))
}
