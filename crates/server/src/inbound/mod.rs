//! What Twilio tells us: texts and calls from people, and what became of ours.
//!
//! Each request is read within a limit, its signature is checked against the credential of its address, and
//! the host takes it in and keeps it in one transaction. Only then it is answered. A request that is not
//! signed has no effect but an entry among the webhooks, and a flood of them has few. Nothing here is ever
//! throttled.

mod read;
mod signed;
mod unsigned;
mod voice;

pub(crate) use unsigned::Unsigned;

use crate::app::AppState;
use crate::body::BodyError;
use crate::credentials::{CredentialError, TwilioCredential};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use axum::routing::on;
use engine::id::{MessageId, WebhookId};
use engine::message::ReportedVia;
use host::{HostError, InboundText, StatusReport};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
pub(crate) use signed::Received;
use signed::Verdict;
use std::sync::Arc;
use std::time::Instant;
use store::record::{SignatureResult, WebhookRecord};
use twilio::callback::{InboundMessage, MessageStatusCallback};
use twilio::parameter::ParameterError;

/// Routes below `/twilio`.
pub fn router() -> Router<AppState> {
    let both = MethodFilter::GET.or(MethodFilter::POST);
    Router::new()
        .route("/twilio/{credential}/message", on(both, message))
        .route("/twilio/{credential}/fallback", on(both, fallback))
        .route("/twilio/{credential}/status", on(both, status))
        .route("/twilio/{credential}/status/{message}", on(both, status_of))
        .merge(voice::router())
}

/// What a webhook is about, as its address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text from a person.
    Message,
    /// The same, because the first address did not answer.
    Fallback,
    Status,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Message => "message",
            Kind::Fallback => "fallback",
            Kind::Status => "status",
        }
    }
}

async fn message(State(app): State<AppState>, Path(credential): Path<String>, request: Request) -> Response {
    answer(&app, &credential, Kind::Message, None, request).await
}

async fn fallback(State(app): State<AppState>, Path(credential): Path<String>, request: Request) -> Response {
    answer(&app, &credential, Kind::Fallback, None, request).await
}

async fn status(State(app): State<AppState>, Path(credential): Path<String>, request: Request) -> Response {
    answer(&app, &credential, Kind::Status, None, request).await
}

async fn status_of(
    State(app): State<AppState>,
    Path((credential, message)): Path<(String, String)>,
    request: Request,
) -> Response {
    // An address with an id that is none of ours was never given out; the SID still says which text it is.
    let message = MessageId::parse(&message);
    answer(&app, &credential, Kind::Status, message, request).await
}

/// What is answered, and why.
pub(crate) enum Outcome {
    Done(Kind),
    NotFound,
    TooLarge,
    Incomplete,
    Unsigned,
    /// A parameter is missing or wrong.
    Unreadable,
    /// The provider is to ask again.
    Unavailable,
    Broken,
}

impl Outcome {
    fn name(&self) -> &'static str {
        match self {
            Outcome::Done(_) => "done",
            Outcome::NotFound => "not_found",
            Outcome::TooLarge => "too_large",
            Outcome::Incomplete => "incomplete",
            Outcome::Unsigned => "unsigned",
            Outcome::Unreadable => "unreadable",
            Outcome::Unavailable => "unavailable",
            Outcome::Broken => "broken",
        }
    }
}

async fn answer(
    app: &AppState,
    credential: &str,
    kind: Kind,
    message: Option<MessageId>,
    request: Request,
) -> Response {
    let outcome = handle(app, credential, kind, message, request).await;
    metrics::counter!("switchboard_webhooks_total", "kind" => kind.as_str(), "outcome" => outcome.name())
        .increment(1);
    outcome.into_response()
}

async fn handle(
    app: &AppState,
    credential: &str,
    kind: Kind,
    message: Option<MessageId>,
    request: Request,
) -> Outcome {
    let admitted = admit(app, credential, kind.as_str(), request).await;
    let Admitted { credential, received, record } = match admitted {
        Ok(admitted) => admitted,
        Err(outcome) => return outcome,
    };
    // A number has one address for the ends of its calls and of its texts.
    if kind == Kind::Status && twilio::form::get(&received.params, "CallSid").is_some() {
        let told = voice::told_of_number(app, &credential.name, &received.params, record).await;
        return told.map_or_else(|outcome| outcome, |()| Outcome::Done(kind));
    }
    let (status, body) = Outcome::Done(kind).parts();
    let record = WebhookRecord { answer_status: status.as_u16(), answer_body: body.to_owned(), ..record };
    let news = match News::read(&credential, kind, message, &received) {
        Ok(news) => news,
        Err(error) => {
            tracing::warn!(
                credential = credential.name,
                parameter = error.name(),
                "a webhook cannot be read"
            );
            return refuse(app, record, Outcome::Unreadable, &format!("refused: {error}")).await;
        }
    };
    match take(app, news, record).await {
        Ok(()) => Outcome::Done(kind),
        Err(error) => failed(&error),
    }
}

/// A webhook that is signed, and about the account of its address.
pub(crate) struct Admitted {
    pub(crate) credential: Arc<TwilioCredential>,
    pub(crate) received: Received,
    /// As it will be kept, once it is known what came of it.
    pub(crate) record: WebhookRecord,
}

/// Reads a request and checks its signature; what is refused is kept as far as strangers are let.
pub(crate) async fn admit(
    app: &AppState,
    credential: &str,
    kind: &str,
    request: Request,
) -> Result<Admitted, Outcome> {
    let credential = match app.credentials.twilio(credential).await {
        Ok(credential) => credential,
        Err(CredentialError::Store(error)) => return Err(failed(&HostError::from(error))),
        Err(_) => return Err(Outcome::NotFound),
    };
    let received = match signed::receive(app, request).await {
        Ok(received) => received,
        Err(BodyError::TooLarge) => return Err(Outcome::TooLarge),
        Err(BodyError::Incomplete) => return Err(Outcome::Incomplete),
    };
    let verdict = signed::verify(&credential, &received);
    let record = record(app, &credential, kind, &received, &verdict);
    if verdict.signature != SignatureResult::Valid {
        return Err(refuse_unsigned(app, record).await);
    }
    if twilio::form::get(&received.params, "AccountSid") != Some(&credential.account_sid) {
        return Err(refuse(app, record, Outcome::Unsigned, "refused: it is about another account").await);
    }
    Ok(Admitted { credential, received, record })
}

/// Lets the handshake of a websocket in, likewise.
pub(crate) async fn admit_socket(
    app: &AppState,
    credential: &str,
    kind: &str,
    parts: &http::request::Parts,
) -> Result<Admitted, Outcome> {
    let credential = match app.credentials.twilio(credential).await {
        Ok(credential) => credential,
        Err(CredentialError::Store(error)) => return Err(failed(&HostError::from(error))),
        Err(_) => return Err(Outcome::NotFound),
    };
    let received = signed::handshake(app, parts);
    let verdict = signed::verify(&credential, &received);
    let record = record(app, &credential, kind, &received, &verdict);
    if verdict.signature != SignatureResult::Valid {
        return Err(refuse_unsigned(app, record).await);
    }
    Ok(Admitted { credential, received, record })
}

/// What a webhook says.
enum News {
    Text(Box<InboundText>),
    Status(Box<StatusReport>),
}

impl News {
    fn read(
        credential: &TwilioCredential,
        kind: Kind,
        message: Option<MessageId>,
        received: &Received,
    ) -> Result<News, ParameterError> {
        match kind {
            Kind::Message | Kind::Fallback => {
                let text = read::text(&credential.name, InboundMessage::from_pairs(&received.params)?);
                Ok(News::Text(Box::new(text)))
            }
            Kind::Status => Ok(News::Status(Box::new(StatusReport {
                credential: credential.name.clone(),
                of: message,
                report: read::status(MessageStatusCallback::from_pairs(&received.params)?),
                via: ReportedVia::Callback,
            }))),
        }
    }
}

async fn take(app: &AppState, news: News, record: WebhookRecord) -> Result<(), HostError> {
    match news {
        News::Text(text) => {
            Box::pin(app.host.receive_text(*text, Some(record))).await?;
        }
        News::Status(status) => {
            Box::pin(app.host.report_status(*status, Some(record))).await?;
        }
    }
    Ok(())
}

fn record(
    app: &AppState,
    credential: &Arc<TwilioCredential>,
    kind: &str,
    received: &Received,
    verdict: &Verdict,
) -> WebhookRecord {
    WebhookRecord {
        id: WebhookId::from_trusted(host::new_id(WebhookId::PREFIX)),
        received_at: app.host.now(),
        credential: credential.name.clone(),
        kind: kind.to_owned(),
        url: verdict.url.clone(),
        params: received.params.clone(),
        signature: verdict.signature,
        event: String::new(),
        answer_status: StatusCode::OK.as_u16(),
        answer_body: String::new(),
    }
}

/// Keeps that it came, unless too many did. All of them are counted by their outcome.
async fn refuse_unsigned(app: &AppState, record: WebhookRecord) -> Outcome {
    let Some(left_out) = app.unsigned.admit(Instant::now()) else { return Outcome::Unsigned };
    tracing::warn!(credential = record.credential, kind = record.kind, signature = ?record.signature, left_out, "a webhook was refused");
    let record = unsigned::without_content(record);
    refuse(app, record, Outcome::Unsigned, "refused: the signature does not fit").await
}

/// Keeps a webhook that had no effect, where the database lets us.
async fn refuse(app: &AppState, record: WebhookRecord, outcome: Outcome, event: &str) -> Outcome {
    let (status, body) = outcome.parts();
    let record = WebhookRecord {
        event: event.to_owned(),
        answer_status: status.as_u16(),
        answer_body: body.to_owned(),
        ..record
    };
    if let Err(error) = app.store.put_webhook(record).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a refused webhook was not kept");
    }
    outcome
}

fn failed(error: &HostError) -> Outcome {
    if error.is_temporary() {
        tracing::warn!(error = error as &dyn std::error::Error, "a webhook is to come again");
        Outcome::Unavailable
    } else {
        tracing::error!(error = error as &dyn std::error::Error, "a webhook could not be taken in");
        Outcome::Broken
    }
}

/// Nothing to say to the person: what is to be said, a workflow sends.
const EMPTY_RESPONSE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

impl Outcome {
    fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Outcome::Done(Kind::Message | Kind::Fallback) => (StatusCode::OK, EMPTY_RESPONSE),
            Outcome::Done(Kind::Status) => (StatusCode::NO_CONTENT, ""),
            Outcome::NotFound => (StatusCode::NOT_FOUND, "no such credential\n"),
            Outcome::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n"),
            Outcome::Incomplete => (StatusCode::REQUEST_TIMEOUT, "the body did not come whole\n"),
            Outcome::Unsigned => (StatusCode::FORBIDDEN, "the signature is missing or wrong\n"),
            Outcome::Unreadable => (StatusCode::BAD_REQUEST, "a parameter is missing or wrong\n"),
            Outcome::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "ask again\n"),
            Outcome::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "it could not be taken in\n"),
        }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let (status, body) = self.parts();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let is_xml = matches!(self, Outcome::Done(Kind::Message | Kind::Fallback));
        let content_type = if is_xml { "text/xml; charset=utf-8" } else { "text/plain; charset=utf-8" };
        if !body.is_empty() {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if matches!(self, Outcome::Unavailable) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
