//! Every call there is, with what happened in it, and the people at its far end.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use twilio::sid::Sid;
use utoipa::{IntoParams, ToSchema};

use super::call_scripts::phone;
use super::phones::expect_phone;
use super::state::phone_number;
use super::{Input, Problem};
use crate::call::{Call, CallId, CallStatus, Ending, HungUpBy, InboundError, Line};
use crate::call_scripts::{Act, CallScript};
use crate::emulation::Emulation;
use crate::world::World;

/// A call at a glance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallView {
    sid: String,
    account: String,
    /// `inbound`, `outbound-api` or `outbound-dial`.
    direction: String,
    from: String,
    to: String,
    /// The call that dialled this one.
    parent: Option<String>,
    status: String,
    answered_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    answered: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Timestamp>,
    /// What happened in it, oldest first; left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<Vec<Line>>,
    /// What is being said to the far end at this moment, as far as it was heard; left out of lists and silences.
    #[serde(skip_serializing_if = "Option::is_none")]
    saying: Option<String>,
}

/// What is left out fits every call.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wish {
    account: Option<String>,
    to: Option<String>,
    from: Option<String>,
    status: Option<String>,
    direction: Option<String>,
    /// How many are passed over.
    skip: Option<usize>,
    /// How many are shown; all unless it says otherwise.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CallList {
    /// How many fit, shown or not.
    total: usize,
    calls: Vec<CallView>,
}

/// A call that a phone makes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutgoingCall {
    /// An owned number.
    to: String,
    /// What its owner does; the phone's own scripts without it.
    #[serde(default)]
    script: Option<CallScript>,
}

/// All calls, oldest first: nothing is hidden, delayed or paged as in the REST API.
#[utoipa::path(
    get,
    path = "/emulator/v1/calls",
    tag = "calls",
    params(Wish),
    responses((status = OK, body = CallList))
)]
pub(crate) async fn list(
    State(emulation): State<Arc<Emulation>>,
    Query(wish): Query<Wish>,
) -> Json<CallList> {
    let world = emulation.world();
    let fitting: Vec<&Call> =
        world.calls.iter().map(|(_, call)| call).filter(|call| wish.fits(call)).collect();
    let shown = fitting.iter().skip(wish.skip.unwrap_or(0)).take(wish.limit.unwrap_or(usize::MAX));
    Json(CallList { total: fitting.len(), calls: shown.map(|call| view(call)).collect() })
}

/// A call, with what happened in it: each document and verb, what was said and heard, each key.
#[utoipa::path(
    get,
    path = "/emulator/v1/calls/{sid}",
    tag = "calls",
    params(("sid" = String, Path)),
    responses((status = OK, body = CallView), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn show(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
) -> Result<Json<CallView>, Problem> {
    let world = emulation.world();
    let id = find(&world, &sid)?;
    shown(&world, id).map(Json)
}

/// A phone calls an owned number.
#[utoipa::path(
    post,
    path = "/emulator/v1/phones/{number}/calls",
    tag = "calls",
    params(("number" = String, Path, description = "E.164, or a client as client:NAME")),
    request_body = OutgoingCall,
    responses(
        (status = CREATED, body = CallView),
        (status = NOT_FOUND, body = Problem, description = "No account owns the number that is called"),
        (status = CONFLICT, body = Problem, description = "An account owns the number that calls"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn call(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
    Input(outgoing): Input<OutgoingCall>,
) -> Result<(StatusCode, Json<CallView>), Problem> {
    let number = phone(&number)?;
    let to = phone_number(&outgoing.to)?;
    if let Some(script) = &outgoing.script {
        script.check().map_err(|error| Problem::invalid(error.to_string()))?;
    }
    let mut world = emulation.world();
    expect_phone(&world, &number)?;
    let id = world.call_in(&number, &to, outgoing.script.map(Arc::new)).map_err(|error| match error {
        InboundError::NotOwned(_) => Problem::not_found(error.to_string()),
        InboundError::NoVoice(_) => Problem::invalid(error.to_string()),
    })?;
    Ok((StatusCode::CREATED, Json(shown(&world, id)?)))
}

/// Somebody answers a phone that rings.
#[utoipa::path(
    post,
    path = "/emulator/v1/calls/{sid}/answer",
    tag = "calls",
    params(("sid" = String, Path)),
    responses(
        (status = OK, body = CallView),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem, description = "The call does not ring at a phone"),
    )
)]
pub(crate) async fn answer(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
) -> Result<Json<CallView>, Problem> {
    let mut world = emulation.world();
    let id = ringing(&world, &sid)?;
    world.answered(id);
    shown(&world, id).map(Json)
}

/// Somebody declines a call that rings at a phone.
#[utoipa::path(
    post,
    path = "/emulator/v1/calls/{sid}/decline",
    tag = "calls",
    params(("sid" = String, Path)),
    responses(
        (status = OK, body = CallView),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem, description = "The call does not ring at a phone"),
    )
)]
pub(crate) async fn decline(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
) -> Result<Json<CallView>, Problem> {
    let mut world = emulation.world();
    let id = ringing(&world, &sid)?;
    world.end_call(id, Ending::DECLINED, HungUpBy::Person);
    shown(&world, id).map(Json)
}

/// The person at the far end says something, presses keys, sends a text or hangs up, after whatever else the
/// person is about to do.
#[utoipa::path(
    post,
    path = "/emulator/v1/calls/{sid}/acts",
    tag = "calls",
    params(("sid" = String, Path)),
    request_body = Act,
    responses(
        (status = OK, body = CallView),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem, description = "The call was not answered, is over, or has nobody at its far end"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn act(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
    Input(act): Input<Act>,
) -> Result<Json<CallView>, Problem> {
    act.check().map_err(|error| Problem::invalid(error.to_string()))?;
    let mut world = emulation.world();
    let id = find(&world, &sid)?;
    let is_there = world.person_mut(id).is_some()
        && world.calls.get(id).is_some_and(|call| call.status == CallStatus::InProgress);
    if !is_there {
        return Err(conflict("nobody is in this call who could do that"));
    }
    // Driven by hand, a person does not think unless told to.
    let act = Act { after_ms: act.after_ms.or(Some(0)), ..act };
    world.person_shall(id, act);
    shown(&world, id).map(Json)
}

/// The far end hangs up at once.
#[utoipa::path(
    post,
    path = "/emulator/v1/calls/{sid}/hangUp",
    tag = "calls",
    params(("sid" = String, Path)),
    responses((status = OK, body = CallView), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem))
)]
pub(crate) async fn hang_up(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
) -> Result<Json<CallView>, Problem> {
    let mut world = emulation.world();
    let id = find(&world, &sid)?;
    let is_queued = world.calls.get(id).is_some_and(|call| call.status == CallStatus::Queued);
    if is_queued || world.calls.live(id).is_none() {
        return Err(conflict("nobody is in this call who could hang up"));
    }
    world.far_hangs_up(id);
    shown(&world, id).map(Json)
}

fn conflict(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, detail)
}

fn find(world: &World, sid: &str) -> Result<CallId, Problem> {
    let id = Sid::parse(sid).ok().and_then(|sid| world.calls.find(&sid));
    id.filter(|id| world.calls.get(*id).is_some()).ok_or_else(|| Problem::not_found("there is no such call"))
}

/// A call that rings at a phone.
fn ringing(world: &World, sid: &str) -> Result<CallId, Problem> {
    let id = find(world, sid)?;
    let rings = world.calls.get(id).is_some_and(|call| {
        call.is_outbound()
            && call.status == CallStatus::Ringing
            && call.live.as_ref().is_some_and(|live| live.far.person().is_some())
    });
    if rings { Ok(id) } else { Err(conflict("this call does not ring at a phone")) }
}

fn shown(world: &World, id: CallId) -> Result<CallView, Problem> {
    let call = world.calls.get(id).ok_or_else(|| Problem::not_found("the call was forgotten"))?;
    let saying = Some(world.words_so_far(id)).filter(|words| !words.is_empty());
    Ok(CallView { story: Some(call.story.lines().to_vec()), saying, ..view(call) })
}

fn view(call: &Call) -> CallView {
    CallView {
        sid: call.sid.as_str().to_owned(),
        account: call.account.as_str().to_owned(),
        direction: call.direction.as_str().to_owned(),
        from: call.from.clone(),
        to: call.to.clone(),
        parent: call.parent.as_ref().map(|(_, sid)| sid.as_str().to_owned()),
        status: call.status.as_str().to_owned(),
        answered_by: call.answered_by.map(str::to_owned),
        created: call.created,
        answered: call.started,
        ended: call.ended,
        story: None,
        saying: None,
    }
}

impl Wish {
    fn fits(&self, call: &Call) -> bool {
        let same = |wish: &Option<String>, is: &str| wish.as_deref().is_none_or(|wish| wish == is);
        same(&self.account, call.account.as_str())
            && same(&self.to, &call.to)
            && same(&self.from, &call.from)
            && same(&self.status, call.status.as_str())
            && same(&self.direction, call.direction.as_str())
    }
}
