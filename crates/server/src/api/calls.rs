//! Calls: lists, one with its history, placing one outside of any run, and deciding about a held one.

use super::auth::{Caller, MayAdminister, MayRead, MayRun};
use super::body::{Json, Path, Query};
use super::messages::{Decision, HistoryLine, ResolveBody, contact, message_class, run_id};
use super::pages::{Cut, Page};
use super::parameter::word_of;
use super::problem::{Problem, ProblemCode};
use super::waiting::WaitingView;
use crate::app::AppState;
use axum::Extension;
use axum::extract::State;
use engine::address::PhoneNumber;
use engine::call::{Announcement, Call, CallEvent, CallEventKind, Detection, Plan, Script};
use engine::conversation::HIDDEN;
use engine::effect::PlaceCall;
use engine::id::CallId;
use engine::limits::SPEECH_CHARACTERS_MAX;
use engine::sending::{Direction, Lattice, Outbound, State as CallState};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::CallFilter;
use store::record::SenderKind;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, place)).routes(routes!(show)).routes(routes!(resolve))
}

/// A call, in or out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    pub id: String,
    /// `inbound` or `outbound`.
    pub direction: String,
    pub credential: String,
    /// Who calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Who is called.
    pub to: String,
    /// What is spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Address of a recording that is played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// What it is for: `transactional`, `marketing` or `emergency`; nothing where it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_class: Option<String>,
    /// The run whose step placed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// Counts the calls of that step, from 0; later ones are retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// How far we are with handing it over: `queued`, `dispatching`, `unknown`, `accepted`, `failed`, `held`,
    /// `test` or `received`.
    pub state: String,
    /// The provider's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What came of it, once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Who answered, as a detection found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// How often it was handed to the provider's client.
    pub attempts: u32,
    /// In seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Negative decimal text; known some time after the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A call with all that happened to it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CallDetail {
    #[serde(flatten)]
    pub call: CallView,
    /// Why it is queued still; nothing where it waits for nothing but a free hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingView>,
    /// Oldest first.
    pub history: Vec<HistoryLine>,
}

/// A call to place.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallBody {
    /// The only one there is, or the sender's, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// A number, or the name of a sender; the only number there is where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// A phone number with its country code.
    pub to: String,
    /// What is spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Address of a recording that is played first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// A tag such as `en-US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What it is for: `transactional` where nothing is said, `marketing` or `emergency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_class: Option<String>,
}

/// Which calls to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CallQuery {
    /// Those of this run.
    run: Option<String>,
    /// Those to and from this person.
    contact: Option<String>,
    /// `inbound` or `outbound`.
    direction: Option<String>,
    /// Such as `unknown` or `held`.
    state: Option<String>,
    /// Items of a page, 1 to 500; 50 where nothing is said.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List calls, newest first
#[utoipa::path(get, path = "/calls", tag = "calls", operation_id = "list_calls", params(CallQuery),
    responses((status = 200, body = Page<CallView>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<CallQuery>,
) -> Result<Json<Page<CallView>>, Problem> {
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let filter = CallFilter {
        run: query.run.as_deref().map(run_id).transpose()?,
        contact: query.contact.as_deref().map(contact),
        direction: query.direction.as_deref().map(|word| word_of(word, "direction")).transpose()?,
        state: query.state.as_deref().map(|word| word_of(word, "state")).transpose()?,
    };
    let found: Vec<Call> = app.store.list(filter, cut.request()).await?;
    Ok(Json(cut.page(found, |call| call.id.as_str(), CallView::from)))
}

/// Show a call with its history
#[utoipa::path(get, path = "/calls/{id}", tag = "calls", operation_id = "show_call", params(("id" = String, Path)),
    responses((status = 200, body = CallDetail)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
) -> Result<Json<CallDetail>, Problem> {
    let call = stored(&app, &id).await?;
    detail(&app, call).await.map(Json)
}

async fn stored(app: &AppState, id: &str) -> Result<Call, Problem> {
    let id = CallId::parse(id).ok_or_else(|| Problem::not_found("call"))?;
    let stored = app.store.find::<Call>(&id).await?;
    Ok(stored.ok_or_else(|| Problem::not_found("call"))?.value)
}

/// A call with its history.
pub(super) async fn detail(app: &AppState, call: Call) -> Result<CallDetail, Problem> {
    let events = app.store.history::<Call>(&call.id).await?;
    let waits_for = app.host.call_waits_for(&call).await?;
    let last = events.last().filter(|_| call.progress.state == CallState::Queued);
    let last = last.and_then(|event| match &event.kind {
        CallEventKind::Way(kind) => Some(kind),
        CallEventKind::Line(_) => None,
    });
    let waiting = WaitingView::of(last, waits_for, call.sender(), app.host.now());
    let line = |event: CallEvent| HistoryLine {
        at: event.at,
        sentence: super::history::of_call(&event.kind),
        event: serde_json::to_value(event.kind).expect("an event is plain data"),
    };
    Ok(CallDetail { call: call.into(), waiting, history: events.into_iter().map(line).collect() })
}

/// Place a call outside of any run
///
/// The call is durably queued when this answers; whether it may be placed is checked when its turn comes.
#[utoipa::path(post, path = "/calls", tag = "calls", operation_id = "place_call", request_body = CallBody,
    responses((status = 202, body = CallView)))]
async fn place(
    State(app): State<AppState>,
    _: MayRun,
    Json(body): Json<CallBody>,
) -> Result<(StatusCode, Json<CallView>), Problem> {
    let place = checked(&app, body).map_err(Problem::bad_input)?;
    let id = app.host.place_call(&place).await?;
    Ok((StatusCode::ACCEPTED, Json(stored(&app, id.as_str()).await?.into())))
}

/// What can be known to be wrong before the call is queued, all at once.
fn checked(app: &AppState, body: CallBody) -> Result<PlaceCall, Vec<String>> {
    let mut errors = Vec::new();
    let to = PhoneNumber::parse(&body.to, None).map_err(|error| errors.push(format!("to: {error}"))).ok();
    let from = body.from.filter(|from| !from.trim().is_empty()).or_else(|| only_number(app));
    if from.is_none() {
        errors.push("from: is missing, and there is not exactly one number to take".to_owned());
    }
    let class = message_class(body.message_class.as_deref(), &mut errors);
    let text = body.message.filter(|text| !text.trim().is_empty());
    if text.is_none() && body.audio.is_none() {
        errors.push("message: is missing, and there is no audio either".to_owned());
    }
    if text.as_ref().is_some_and(|text| text.chars().count() > SPEECH_CHARACTERS_MAX) {
        errors.push(format!("message: has more than {SPEECH_CHARACTERS_MAX} characters"));
    }
    let is_address = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    if !body.audio.iter().all(is_address) {
        errors.push("audio: must be an address that begins with https:// or http://".to_owned());
    }
    if let Err(problem) = crate::voices::possible(body.voice.as_deref(), body.language.as_deref()) {
        errors.push(format!("{}: {}", problem.key, problem.message));
    }
    let (Some(to), Some(from), true) = (to, from, errors.is_empty()) else { return Err(errors) };
    let said = Announcement { audio: body.audio, text, ..Announcement::default() };
    Ok(PlaceCall {
        credential: body.credential,
        from,
        to: to.to_string(),
        plan: Plan {
            script: Script::Announcement(said),
            voice: body.voice,
            language: body.language,
            record: false,
            ring_timeout_s: None,
            duration_max_s: None,
            detection: Detection::Off,
        },
        class,
        retry_of: None,
    })
}

/// The name of the only number that there is.
fn only_number(app: &AppState) -> Option<String> {
    let directory = app.host.directory();
    let mut numbers = directory.senders().iter().filter(|sender| sender.kind == SenderKind::Number);
    match (numbers.next(), numbers.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    }
}

/// Decide about a held call
///
/// Nothing proves that a held call was placed or not; the provider's console may tell.
#[utoipa::path(post, path = "/calls/{id}/resolve", tag = "calls", operation_id = "resolve_call",
    params(("id" = String, Path)), request_body = ResolveBody, responses((status = 200, body = CallView)))]
async fn resolve(
    State(app): State<AppState>,
    _: MayAdminister,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<ResolveBody>,
) -> Result<Json<CallView>, Problem> {
    let call = stored(&app, &id).await?;
    let state = call.progress.state;
    if state != CallState::Held {
        let detail = format!("the call is {}, not held", state.as_str());
        return Err(Problem::new(ProblemCode::NotAllowed, detail));
    }
    let again = body.decision == Decision::SendAgain;
    Box::pin(app.host.resolve_held_call(&call.id, &caller.name, again)).await?;
    Ok(Json(stored(&app, &id).await?.into()))
}

impl From<Call> for CallView {
    fn from(call: Call) -> CallView {
        let outcome = call.outcome().map(|outcome| outcome.name().to_owned());
        let is_outbound = call.direction == Direction::Outbound;
        let origin = call.origin();
        let (run, step, n) = (
            origin.map(|origin| origin.run.to_string()),
            origin.map(|origin| origin.step),
            origin.map(|origin| origin.n),
        );
        let (message, audio) = match call.plan.map(|plan| plan.script) {
            Some(Script::Announcement(said)) if said.sensitive => (Some(HIDDEN.to_owned()), None),
            Some(Script::Announcement(said)) => (said.text, said.audio),
            _ => (None, None),
        };
        CallView {
            id: call.id.to_string(),
            direction: call.direction.as_str().to_owned(),
            credential: call.credential,
            from: call.from,
            to: call.to,
            message,
            audio,
            message_class: Some(call.class.as_str().to_owned()).filter(|_| is_outbound),
            run,
            step,
            n,
            state: call.progress.state.as_str().to_owned(),
            status: call.progress.status.map(|status| status.as_str().to_owned()),
            outcome,
            answered_by: call.course.answered_by.map(|answered| answered.as_str().to_owned()),
            error_code: call.progress.error_code,
            error_message: call.progress.error_message,
            sid: call.progress.sid,
            attempts: call.progress.attempts,
            duration: call.receipt.duration,
            price: call.receipt.price,
            price_unit: call.receipt.price_unit,
            created_at: call.created_at,
            updated_at: call.updated_at,
        }
    }
}
