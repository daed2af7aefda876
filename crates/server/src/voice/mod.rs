//! Conversations over calls, as the provider asks for them: turns, transfers and recordings.
//!
//! The usual turn is one read and one commit, and then TwiML. A request whose signature fits is always answered
//! with something that can be spoken: where the database is away for a while it is waited for within the
//! provider's own patience, and whatever else goes wrong ends in an apology.

mod gather;
mod handover;
mod heard;
mod parts;
mod phrases;
mod recordings;
mod relay;
mod render;
mod turn;
mod voicemail;

use crate::app::AppState;
use crate::inbound::{Admitted, admit};
use crate::outbound::call::Addresses;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use engine::agent::Agent;
use engine::agent::llm::Mode;
use engine::call::{AnsweredBy, Call, LineEvent};
use engine::conversation::What;
use engine::id::CallId;
use futures::FutureExt as _;
pub(crate) use gather::Turns;
use host::HostError;
use http::header::CONTENT_TYPE;
use phrases::Phrase;
use store::record::WebhookRecord;
use twilio::call::{CallStatus, DialAction, DialCallStatus};
use twilio::form::{Pairs, get};
use twilio::voice_twiml::{Document, Hangup};

/// Routes below `/twilio/{credential}/voice/{call}` that belong to conversations.
pub fn router() -> Router<AppState> {
    let both = MethodFilter::GET.or(MethodFilter::POST);
    let at = |rest: &str| format!("/twilio/{{credential}}/voice/{{call}}/{rest}");
    Router::new()
        .route(&at("turn/{turn}"), on(both, turn_of))
        .route(&at("heard/{turn}/{part}"), on(both, heard_in_talk))
        .route(&at("more/{turn}/{part}/{holds}"), on(both, more_of_talk))
        .route(&at("handover"), on(both, handover::told))
        .route(&at("dialled"), on(both, dialled))
        .route(&at("recording"), on(both, recordings::changed))
        .merge(relay::router())
}

/// How long the author's words are looked for.
const LAST_WORDS_LIMIT: std::time::Duration = std::time::Duration::from_secs(2);

/// A request about a call, signed as it must be, with the call as its address names it.
pub(crate) struct Line<'a> {
    app: &'a AppState,
    credential: String,
    call: CallId,
    /// The provider's id of the call.
    sid: String,
    params: Pairs,
    record: WebhookRecord,
    /// The call itself, where it has just been answered.
    begins: Option<Call>,
}

/// Begins the conversation of a call that was answered.
pub(crate) async fn answered(line: Line<'_>, call: &Call) -> Response {
    either(async {
        let answered_by = get(&line.params, "AnsweredBy").and_then(AnsweredBy::parse);
        if let Some(answered_by) = answered_by {
            let event = LineEvent::AnsweredBy { answered_by };
            let told = line.app.host.report_line(&line.credential, &line.call, &event, None);
            Box::pin(told).await.map_err(|error| line.sorry(&error))?;
        }
        let agent = line.app.host.model_agent(call).await.map_err(|error| line.sorry(&error))?;
        if let Some(Agent::Llm(agent)) = agent.as_deref() {
            return match (answered_by, agent.mode) {
                (Some(machine), _) if machine.is_machine() => voicemail::left(&line).await,
                (_, Mode::Relay) => relay::answered(&line).await,
                (_, Mode::Gather) => gather::answered(&line).await,
            };
        }
        let answered_by = heard::answered_by(answered_by.or(call.course.answered_by));
        turn::hear(&line, 0, "answer", What::Connected { answered_by }).await
    })
    .await
}

/// Who answered is told while the agent talks: it leaves its message where that is a machine.
pub(crate) async fn detected(line: &Line<'_>, answered_by: AnsweredBy) -> Result<(), HostError> {
    turn::detected(line, What::Detected { answered_by: heard::answered_by(Some(answered_by)) }).await
}

impl<'a> Line<'a> {
    pub(crate) fn new(
        app: &'a AppState,
        credential: &str,
        call: &Call,
        params: Pairs,
        record: WebhookRecord,
    ) -> Line<'a> {
        Line { begins: Some(call.clone()), ..Line::of(app, credential, &call.id, params, record) }
    }

    fn of(
        app: &'a AppState,
        credential: &str,
        call: &CallId,
        params: Pairs,
        record: WebhookRecord,
    ) -> Line<'a> {
        let sid = get(&params, "CallSid").unwrap_or_default().to_owned();
        let (credential, call) = (credential.to_owned(), call.clone());
        Line { app, credential, call, sid, params, record, begins: None }
    }

    async fn open(
        app: &'a AppState,
        credential: &str,
        call: &str,
        kind: &'static str,
        request: Request,
    ) -> Result<Line<'a>, Response> {
        let admitted = admit(app, credential, kind, request).await;
        let Admitted { credential, received, record } = admitted.map_err(IntoResponse::into_response)?;
        let Some(call) = CallId::parse(call) else {
            tracing::warn!(credential = credential.name, "a webhook names no call that could be ours");
            return Err(spoken(&phrases::goodbye(Phrase::UnknownCall, None)));
        };
        Ok(Line::of(app, &credential.name, &call, received.params, record))
    }

    fn addresses(&self) -> Addresses {
        Addresses::of(&self.app.public_url, &self.credential, &self.call)
    }

    /// A polite end for a call that nobody here knows, and a warning in the log.
    fn unknown(&self) -> Response {
        tracing::warn!(
            credential = self.credential, call = %self.call, sid = self.sid,
            "a webhook asks about a conversation that is none of ours"
        );
        spoken(&phrases::goodbye(Phrase::UnknownCall, None))
    }

    /// The last words of the call, as its agent has them, else ours.
    async fn last_words(&self, phrase: Phrase) -> Document {
        let own = match phrase.of_agents() {
            Some(phrase) => {
                let asked = self.app.host.last_words(&self.call, phrase);
                tokio::time::timeout(LAST_WORDS_LIMIT, asked).await.ok().and_then(Result::ok).flatten()
            }
            None => None,
        };
        match own {
            Some(utterance) => render::last(&utterance),
            None => phrases::goodbye(phrase, None),
        }
    }

    /// What a caller hears where a turn broke.
    async fn apology(&self, error: &(dyn std::error::Error + Send + Sync + 'static)) -> Response {
        tracing::error!(call = %self.call, error = error as &dyn std::error::Error, "a call met an error, and hears an apology");
        spoken(&self.last_words(Phrase::Sorry).await)
    }

    /// What a caller hears where something broke.
    fn sorry(&self, error: &(dyn std::error::Error + 'static)) -> Response {
        tracing::error!(call = %self.call, error, "a call met an error, and hears an apology");
        spoken(&phrases::goodbye(Phrase::Sorry, None))
    }

    /// The record with what was answered.
    fn answering(&self, event: &str, document: &Document) -> WebhookRecord {
        WebhookRecord { event: event.to_owned(), answer_body: document.to_xml(), ..self.record.clone() }
    }
}

async fn turn_of(
    State(app): State<AppState>,
    Path((credential, call, turn)): Path<(String, String, u32)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "call_turn", request).await?;
        let what = heard::heard(&line.params);
        turn::hear(&line, turn, "turn", what).await
    })
    .await
}

/// Something was heard by an agent that talks by a language model, or silence.
async fn heard_in_talk(
    State(app): State<AppState>,
    Path((credential, call, turn, part)): Path<(String, String, u32, u32)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "call_heard_in_talk", request).await?;
        let heard = gather::heard(heard::heard(&line.params));
        let place = gather::Place { turn, part, holds: 0 };
        gather::answer(&line, place, gather::Brings::Heard(heard)).await
    })
    .await
}

/// A part of such an agent's answer was said, and more of it is wanted.
async fn more_of_talk(
    State(app): State<AppState>,
    Path((credential, call, turn, part, holds)): Path<(String, String, u32, u32, u32)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "call_more", request).await?;
        gather::answer(&line, gather::Place { turn, part, holds }, gather::Brings::Nothing).await
    })
    .await
}

/// Somebody else was called: the call is over where they talked, and else the caller is told.
async fn dialled(
    State(app): State<AppState>,
    Path((credential, call)): Path<(String, String)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "call_dialled", request).await?;
        let action = DialAction::from_pairs(&line.params);
        let talked = action.as_ref().is_ok_and(|action| {
            matches!(action.dial_call_status, DialCallStatus::Completed | DialCallStatus::Answered)
        });
        let is_over = action.is_ok_and(|action| action.call.status == CallStatus::Completed);
        if talked || is_over {
            let document = Document::default().then(Hangup::default());
            let record = line.answering("connected", &document);
            let told =
                app.host.report_line(&line.credential, &line.call, &LineEvent::Connected, Some(record));
            Box::pin(told).await.map_err(|error| line.sorry(&error))?;
            return Ok(spoken(&document));
        }
        let document = line.last_words(Phrase::NobodyThere).await;
        let record = line.answering("nobody took the call over", &document);
        app.store.put_webhook(record).await.map_err(|error| line.sorry(&error))?;
        Ok(spoken(&document))
    })
    .await
}

/// What is answered, be it what was hoped for or not.
fn either(answer: impl Future<Output = Result<Response, Response>>) -> impl Future<Output = Response> {
    answer.map(|answered| answered.unwrap_or_else(|instead| instead))
}

/// A document as an answer.
fn spoken(document: &Document) -> Response {
    written(document.to_xml())
}

fn written(document: String) -> Response {
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response()
}
