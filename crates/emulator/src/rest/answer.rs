//! Answers of the REST API: good ones, refusals, and the headers that stand on both.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;
use twilio::error::ApiError;
use twilio::parameter::ParameterError;

use crate::calls::CallId;
use crate::message::MessageId;
use crate::sound::Sound;

/// What a request gets.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Content,
    /// The message that the request was about.
    pub(crate) message: Option<MessageId>,
    /// The call that the request was about.
    pub(crate) call: Option<CallId>,
    pub(crate) code: Option<u32>,
    pub(crate) retry_after_s: Option<u32>,
}

#[derive(Debug)]
pub(crate) enum Content {
    Json(Vec<u8>),
    Empty,
    Bytes {
        content_type: String,
        bytes: Bytes,
    },
    Location(String),
    /// A recording, made as it is read.
    Sound(Sound),
}

/// An error answer: nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: u32,
    pub(crate) message: String,
    pub(crate) retry_after_s: Option<u32>,
}

pub(crate) type Outcome = Result<Answer, Refusal>;

impl Answer {
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        let json = serde_json::to_vec(value).expect("answers have text keys and no failing serializers");
        Self::new(status, Content::Json(json))
    }

    pub(crate) fn ok(value: &impl Serialize) -> Self {
        Self::json(200, value)
    }

    pub(crate) fn created(value: &impl Serialize) -> Self {
        Self::json(201, value)
    }

    pub(crate) fn no_content() -> Self {
        Self::new(204, Content::Empty)
    }

    pub(crate) fn new(status: u16, content: Content) -> Self {
        Self { status, content, message: None, call: None, code: None, retry_after_s: None }
    }

    pub(crate) fn about(mut self, message: MessageId) -> Self {
        self.message = Some(message);
        self
    }

    /// The beginning of a JSON answer.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.content {
            Content::Json(json) => {
                Some(String::from_utf8_lossy(json).chars().take(crate::journal::ANSWER_CHARS_MAX).collect())
            }
            _ => None,
        }
    }

    pub(crate) fn about_call(mut self, call: CallId) -> Self {
        self.call = Some(call);
        self
    }
}

impl Refusal {
    pub(crate) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after_s: None }
    }

    /// A parameter or a state that does not allow the request.
    pub(crate) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// An error with the words of the table.
    pub(crate) fn of_code(status: u16, code: u32) -> Self {
        let meaning = twilio::error::lookup(code).map_or("request refused", |info| info.meaning);
        Self::new(status, code, meaning)
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(404, 20404, format!("The requested resource {path} was not found"))
    }

    pub(crate) fn into_answer(self) -> Answer {
        let error = ApiError::new(self.code, self.status, self.message);
        let mut answer = Answer::json(self.status, &error);
        answer.code = Some(self.code);
        answer.retry_after_s = self.retry_after_s;
        answer
    }
}

impl From<ParameterError> for Refusal {
    fn from(error: ParameterError) -> Self {
        Self::bad(error.code(), error.to_string())
    }
}

/// What the headers of an answer say about the request.
pub(crate) struct About {
    pub(crate) now: Timestamp,
    pub(crate) request_sid: String,
    pub(crate) duration: std::time::Duration,
    /// How many requests of the account were in progress.
    pub(crate) concurrent: u32,
}

pub(crate) fn to_response(answer: Answer, about: &About) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::DATE, &about.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    set(HeaderName::from_static("twilio-request-id"), &about.request_sid);
    set(HeaderName::from_static("twilio-request-duration"), &format!("{:.3}", about.duration.as_secs_f64()));
    set(HeaderName::from_static("twilio-concurrent-requests"), &about.concurrent.to_string());
    set(HeaderName::from_static("x-home-region"), "us1");
    set(HeaderName::from_static("x-api-domain"), "api.twilio.com");
    set(HeaderName::from_static("x-powered-by"), "AT-5000");
    set(HeaderName::from_static("x-shenanigans"), "none");
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(header::ACCESS_CONTROL_EXPOSE_HEADERS, "ETag");
    if answer.status == 401 {
        set(header::WWW_AUTHENTICATE, "Basic realm=\"Twilio API\"");
    }
    if let Some(seconds) = answer.retry_after_s {
        set(header::RETRY_AFTER, &seconds.to_string());
    }
    let body = match answer.content {
        Content::Json(json) => {
            set(header::CONTENT_TYPE, "application/json;charset=utf-8");
            Body::from(json)
        }
        Content::Bytes { content_type, bytes } => {
            set(header::CONTENT_TYPE, &content_type);
            set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
            Body::from(bytes)
        }
        Content::Location(url) => {
            set(header::LOCATION, &url);
            Body::empty()
        }
        Content::Sound(sound) => {
            set(header::CONTENT_TYPE, sound.content_type);
            set(header::CONTENT_LENGTH, &sound.bytes.to_string());
            Body::from_stream(futures::stream::iter(sound.pieces.map(Ok::<_, std::convert::Infallible>)))
        }
        Content::Empty => Body::empty(),
    };
    *response.body_mut() = body;
    response
}
