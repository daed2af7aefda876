//! What Twilio asks and tells of calls: what to say, who answered, which key was pressed, how it went on.
//!
//! Whatever goes wrong while somebody is on the line ends in words for them and not in a bare error, but for
//! what may come right: where the database is away, Twilio is told to ask again.

use super::{Admitted, Outcome, admit, failed, read};
use crate::app::AppState;
use crate::credentials::TwilioCredential;
use crate::outbound::call::{self as line, Addresses, AfterKey};
use crate::voice;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use engine::call::{Announcement, AnsweredBy, Call, LineEvent};
use engine::conversation::HIDDEN;
use engine::id::CallId;
use engine::sending::ReportedVia;
use host::{InboundCall, StatusReport};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use std::sync::Arc;
use store::record::WebhookRecord;
use twilio::form::get;
use twilio::voice_twiml::{Document, Hangup};

pub(super) fn router() -> Router<AppState> {
    let both = MethodFilter::GET.or(MethodFilter::POST);
    Router::new()
        .route("/twilio/{credential}/voice", on(both, incoming))
        .route("/twilio/{credential}/voice/status", on(both, status_of_number))
        .route("/twilio/{credential}/voice/{call}", on(both, document))
        .route("/twilio/{credential}/voice/{call}/{part}", on(both, part))
}

/// A webhook about a call, as its address says.
struct Asked {
    credential: Arc<TwilioCredential>,
    params: Vec<(String, String)>,
    record: WebhookRecord,
    call: Option<CallId>,
}

impl Asked {
    /// Reads a request; what is refused is answered at once.
    async fn of(
        app: &AppState,
        path: (&str, Option<&str>),
        kind: &str,
        request: Request,
    ) -> Result<Asked, Outcome> {
        let Admitted { credential, received, record } = admit(app, path.0, kind, request).await?;
        let call = path.1.and_then(CallId::parse);
        Ok(Asked { credential, params: received.params, record, call })
    }

    fn param(&self, name: &str) -> Option<&str> {
        get(&self.params, name)
    }

    /// The record with what was answered.
    fn answered(&self, event: &str, document: &Document) -> WebhookRecord {
        WebhookRecord { event: event.to_owned(), answer_body: document.to_xml(), ..self.record.clone() }
    }

    /// The same, without what the announcement says of something that was told in confidence.
    fn announced(&self, event: &str, said: &Announcement, document: &Document) -> WebhookRecord {
        let record = self.answered(event, document);
        if !said.sensitive {
            return record;
        }
        WebhookRecord { answer_body: HIDDEN.to_owned(), ..record }
    }

    fn addresses(&self, app: &AppState, call: &CallId) -> Addresses {
        Addresses::of(&app.public_url, &self.credential.name, call)
    }
}

/// Somebody calls one of our numbers.
async fn incoming(State(app): State<AppState>, Path(credential): Path<String>, request: Request) -> Response {
    let asked = match Asked::of(&app, (&credential, None), "voice", request).await {
        Ok(asked) => asked,
        Err(outcome) => return refused("voice", outcome),
    };
    match taken(&app, &asked).await {
        Ok(Some(call)) if line::talks(&call) => {
            let Asked { credential, params, record, .. } = asked;
            let line = voice::Line::new(&app, &credential.name, &call, params, record);
            voice::answered(line, &call).await
        }
        Ok(Some(call)) => {
            let addresses = asked.addresses(&app, &call.id);
            let said = line::said(&call).map(|(plan, said)| {
                let document = line::announcement(plan, said, &addresses);
                line::with_recording(&call, None, document, &addresses)
            });
            spoken("voice", Ok(said.unwrap_or_else(line::goodbye)))
        }
        Ok(None) => spoken("voice", Ok(line::goodbye())),
        Err(outcome) => refused("voice", outcome),
    }
}

/// Keeps a call from a person. The call, where something answers it.
async fn taken(app: &AppState, asked: &Asked) -> Result<Option<Call>, Outcome> {
    let inbound = inbound(asked)?;
    let (credential, sid) = (inbound.credential.clone(), inbound.report.sid.clone());
    let record = asked.answered("", &line::goodbye());
    Box::pin(app.host.receive_call(inbound, Some(record))).await.map_err(|error| failed(&error))?;
    let call = app.store.find_by_sid::<Call>(&credential, &sid).await;
    let call = call.map_err(|error| failed(&error.into()))?.map(|found| found.value);
    Ok(call.filter(|call| call.plan.is_some()))
}

/// The end of a call to or from one of our numbers.
async fn status_of_number(
    State(app): State<AppState>,
    Path(credential): Path<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = Asked::of(&app, (&credential, None), "call_status", request).await?;
        told_of_number(&app, &asked.credential.name, &asked.params, asked.record.clone()).await
    };
    heard("call_status", answer.await)
}

/// Takes in what a number's own address is told of a call.
pub(super) async fn told_of_number(
    app: &AppState,
    credential: &str,
    params: &[(String, String)],
    record: WebhookRecord,
) -> Result<(), Outcome> {
    let report = read::call(params).ok_or(Outcome::Unreadable)?;
    let is_inbound = get(params, "Direction") == Some("inbound");
    let told = if is_inbound {
        let inbound = InboundCall {
            credential: credential.to_owned(),
            from: get(params, "From").unwrap_or_default().to_owned(),
            to: get(params, "To").unwrap_or_default().to_owned(),
            report,
            via: ReportedVia::Callback,
        };
        Box::pin(app.host.receive_call(inbound, Some(record))).await
    } else {
        let (credential, via) = (credential.to_owned(), ReportedVia::Callback);
        let status = StatusReport::<Call> { credential, of: None, report, via };
        Box::pin(app.host.report_call(status, Some(record))).await
    };
    told.map(drop).map_err(|error| failed(&error))
}

fn inbound(asked: &Asked) -> Result<InboundCall, Outcome> {
    Ok(InboundCall {
        credential: asked.credential.name.clone(),
        from: asked.param("From").unwrap_or_default().to_owned(),
        to: asked.param("To").unwrap_or_default().to_owned(),
        report: read::call(&asked.params).ok_or(Outcome::Unreadable)?,
        via: ReportedVia::Callback,
    })
}

/// A call of ours was answered: what is it to say?
async fn document(
    State(app): State<AppState>,
    Path((credential, call)): Path<(String, String)>,
    request: Request,
) -> Response {
    let asked = match Asked::of(&app, (&credential, Some(&call)), "voice", request).await {
        Ok(asked) => asked,
        Err(outcome) => return refused("voice", outcome),
    };
    let call = match known(&app, &asked).await {
        Ok(call) => call,
        Err(outcome) => return refused("voice", outcome),
    };
    if let Some(call) = call.as_ref().filter(|call| line::talks(call)) {
        let Asked { credential, params, record, .. } = asked;
        let line = voice::Line::new(&app, &credential.name, call, params, record);
        return voice::answered(line, call).await;
    }
    let answer = async {
        let Some((call, (plan, said))) = call.as_ref().and_then(|call| Some((call, line::said(call)?)))
        else {
            return nothing_known(&app, &asked).await;
        };
        let answered_by = asked.param("AnsweredBy").and_then(AnsweredBy::parse);
        let document = match answered_by {
            Some(answered_by) if answered_by.is_machine() => line::voicemail(plan, said),
            _ => line::announcement(plan, said, &asked.addresses(&app, &call.id)),
        };
        let record = asked.announced("asked what to say", said, &document);
        match answered_by {
            Some(answered_by) => {
                note(&app, &asked, &call.id, LineEvent::AnsweredBy { answered_by }, record).await?
            }
            None => app.store.put_webhook(record).await.map_err(|error| failed(&error.into()))?,
        }
        Ok(document)
    };
    spoken("voice", answer.await)
}

/// What follows while the call goes on, or is over.
async fn part(
    State(app): State<AppState>,
    Path((credential, call, part)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let path = (credential.as_str(), Some(call.as_str()));
    match part.as_str() {
        "status" => heard("call_status", status(&app, path, request).await),
        "answered" => heard("call_answered", answered(&app, path, request).await),
        "heard" => spoken("call_heard", said_all(&app, path, request).await),
        "key" => spoken("call_key", pressed(&app, path, request).await),
        _ => Outcome::NotFound.into_response(),
    }
}

async fn status(app: &AppState, path: (&str, Option<&str>), request: Request) -> Result<(), Outcome> {
    let asked = Asked::of(app, path, "call_status", request).await?;
    let report = read::call(&asked.params).ok_or(Outcome::Unreadable)?;
    let (credential, via) = (asked.credential.name.clone(), ReportedVia::Callback);
    let status = StatusReport::<Call> { credential, of: asked.call.clone(), report, via };
    let told = Box::pin(app.host.report_call(status, Some(asked.record))).await;
    told.map(drop).map_err(|error| failed(&error))
}

async fn answered(app: &AppState, path: (&str, Option<&str>), request: Request) -> Result<(), Outcome> {
    let asked = Asked::of(app, path, "call_answered", request).await?;
    let answered_by = asked.param("AnsweredBy").and_then(AnsweredBy::parse).ok_or(Outcome::Unreadable)?;
    let Some(call) = known(app, &asked).await? else { return Ok(()) };
    let event = LineEvent::AnsweredBy { answered_by };
    if !line::talks(&call) {
        return note(app, &asked, &call.id, event, asked.record.clone()).await;
    }
    let told = app.host.report_line(&asked.credential.name, &call.id, &event, None);
    Box::pin(told).await.map_err(|error| failed(&error))?;
    let Asked { credential, params, record, .. } = asked;
    let line = voice::Line::new(app, &credential.name, &call, params, record);
    voice::detected(&line, answered_by).await.map_err(|error| failed(&error))
}

async fn said_all(app: &AppState, path: (&str, Option<&str>), request: Request) -> Result<Document, Outcome> {
    let asked = Asked::of(app, path, "call_heard", request).await?;
    let document = Document::default().then(Hangup::default());
    let Some(call) = asked.call.clone() else { return Ok(document) };
    note(app, &asked, &call, LineEvent::Heard, asked.answered("", &document)).await?;
    Ok(document)
}

async fn pressed(app: &AppState, path: (&str, Option<&str>), request: Request) -> Result<Document, Outcome> {
    let asked = Asked::of(app, path, "call_key", request).await?;
    let call = known(app, &asked).await?;
    let Some((call, (plan, said))) = call.as_ref().and_then(|call| Some((call, line::said(call)?))) else {
        return nothing_known(app, &asked).await;
    };
    let digits = asked.param("Digits").unwrap_or_default();
    let next = line::after_key(plan, said, digits, &asked.addresses(app, &call.id));
    let (event, document) = match next {
        AfterKey::Confirmed(document) => (Some(LineEvent::Confirmed), document),
        AfterKey::Connected(document) => (Some(LineEvent::Connected), document),
        AfterKey::Repeated(document) => (Some(LineEvent::Repeated), document),
        AfterKey::Nothing(document) => (None, document),
    };
    let record = asked.announced("a key without a meaning", said, &document);
    match event {
        Some(event) => note(app, &asked, &call.id, event, record).await?,
        None => app.store.put_webhook(record).await.map_err(|error| failed(&error.into()))?,
    }
    Ok(document)
}

async fn note(
    app: &AppState,
    asked: &Asked,
    call: &CallId,
    event: LineEvent,
    record: WebhookRecord,
) -> Result<(), Outcome> {
    let told = app.host.report_line(&asked.credential.name, call, &event, Some(record));
    Box::pin(told).await.map(drop).map_err(|error| failed(&error))
}

/// The call that the address names, if it is one of this credential.
async fn known(app: &AppState, asked: &Asked) -> Result<Option<Call>, Outcome> {
    let Some(id) = &asked.call else { return Ok(None) };
    let found = app.store.find::<Call>(id).await.map_err(|error| failed(&error.into()))?;
    Ok(found.map(|found| found.value).filter(|call| call.credential == asked.credential.name))
}

/// A polite goodbye for somebody of whom nothing is known.
async fn nothing_known(app: &AppState, asked: &Asked) -> Result<Document, Outcome> {
    let (credential, sid) = (&asked.credential.name, asked.param("CallSid").unwrap_or_default());
    tracing::warn!(credential, sid, "a call asks what to say, and there is nothing that it should say");
    let document = line::goodbye();
    let record = asked.answered("no call that says anything", &document);
    app.store.put_webhook(record).await.map_err(|error| failed(&error.into()))?;
    Ok(document)
}

/// Answers with a document.
fn spoken(kind: &'static str, answer: Result<Document, Outcome>) -> Response {
    match answer {
        Ok(document) => {
            count(kind, "done");
            let mut response = Response::new(Body::from(document.to_xml()));
            let xml = HeaderValue::from_static("text/xml; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, xml);
            response
        }
        Err(outcome) => refused(kind, outcome),
    }
}

/// Answers that it was heard.
fn heard(kind: &'static str, answer: Result<(), Outcome>) -> Response {
    match answer {
        Ok(()) => {
            count(kind, "done");
            http::StatusCode::NO_CONTENT.into_response()
        }
        Err(outcome) => refused(kind, outcome),
    }
}

fn refused(kind: &'static str, outcome: Outcome) -> Response {
    count(kind, outcome.name());
    outcome.into_response()
}

fn count(kind: &'static str, outcome: &'static str) {
    metrics::counter!("switchboard_webhooks_total", "kind" => kind, "outcome" => outcome).increment(1);
}
