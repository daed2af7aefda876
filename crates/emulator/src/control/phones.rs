//! Phones: what they got, what they send, how they answer by themselves.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::messages::{MessageView, view};
use super::state::phone_number;
use super::{Input, Problem};
use crate::address::{self, WHATSAPP};
use crate::emulation::Emulation;
use crate::inbound::ReceiveError;
use crate::message::Message;
use crate::phones::{Phone, PhoneState};
use crate::scripts::{PhoneText, ScriptRule};
use crate::world::World;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhoneView {
    number: String,
    profile_name: Option<String>,
    state: PhoneState,
    /// How many messages it got, and how many it sent.
    received: usize,
    sent: usize,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewPhone {
    /// E.164; of no account.
    number: String,
    profile_name: Option<String>,
    state: Option<PhoneState>,
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PhoneChange {
    profile_name: Option<String>,
    state: Option<PhoneState>,
}

/// A text that a phone sends.
#[derive(Deserialize, ToSchema)]
#[serde(try_from = "serde_json::Map<String, serde_json::Value>")]
pub(crate) struct Outgoing {
    /// An owned number, with `whatsapp:` before it for WhatsApp.
    to: String,
    #[serde(flatten)]
    text: PhoneText,
}

/// Written out because serde would pass over a misspelt key beside a flattened struct.
impl TryFrom<serde_json::Map<String, serde_json::Value>> for Outgoing {
    type Error = String;

    fn try_from(mut keys: serde_json::Map<String, serde_json::Value>) -> Result<Self, String> {
        let Some(serde_json::Value::String(to)) = keys.remove("to") else {
            return Err("`to` must be an owned number".to_owned());
        };
        let text = serde_json::from_value(keys.into()).map_err(|error| error.to_string())?;
        Ok(Self { to, text })
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScriptView {
    id: u64,
    rule: ScriptRule,
    used: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Created {
    pub(crate) id: u64,
}

/// All phones that were used or set up.
#[utoipa::path(get, path = "/emulator/v1/phones", tag = "phones", responses((status = OK, body = Vec<PhoneView>)))]
pub(crate) async fn list(State(emulation): State<Arc<Emulation>>) -> Json<Vec<PhoneView>> {
    let world = emulation.world();
    Json(world.phones.iter().map(|(number, phone)| phone_view(&world, number, phone)).collect())
}

/// Sets up a phone. It is not needed: any number that no account owns is a phone.
#[utoipa::path(
    post,
    path = "/emulator/v1/phones",
    tag = "phones",
    request_body = NewPhone,
    responses(
        (status = CREATED, body = PhoneView),
        (status = CONFLICT, body = Problem, description = "An account owns the number"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn add(
    State(emulation): State<Arc<Emulation>>,
    Input(new): Input<NewPhone>,
) -> Result<(StatusCode, Json<PhoneView>), Problem> {
    let number = phone_number(&new.number)?;
    let mut world = emulation.world();
    expect_phone(&world, &number)?;
    let change = PhoneChange { profile_name: new.profile_name, state: new.state };
    apply(&mut world, &number, change);
    Ok((StatusCode::CREATED, Json(shown(&world, &number)?)))
}

/// One phone.
#[utoipa::path(
    get,
    path = "/emulator/v1/phones/{number}",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    responses((status = OK, body = PhoneView), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn show(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<Json<PhoneView>, Problem> {
    let number = phone_number(&number)?;
    shown(&emulation.world(), &number).map(Json)
}

/// Changes a phone's name or state.
#[utoipa::path(
    patch,
    path = "/emulator/v1/phones/{number}",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    request_body = PhoneChange,
    responses((status = OK, body = PhoneView), (status = CONFLICT, body = Problem))
)]
pub(crate) async fn change(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
    Input(change): Input<PhoneChange>,
) -> Result<Json<PhoneView>, Problem> {
    let number = phone_number(&number)?;
    let mut world = emulation.world();
    expect_phone(&world, &number)?;
    apply(&mut world, &number, change);
    shown(&world, &number).map(Json)
}

/// Forgets a phone's name, state and scripts. Its messages stay.
#[utoipa::path(
    delete,
    path = "/emulator/v1/phones/{number}",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn remove(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<StatusCode, Problem> {
    let number = phone_number(&number)?;
    match emulation.world().phones.remove(&number) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("no such phone is known")),
    }
}

/// What a phone got, oldest first, by SMS and WhatsApp.
#[utoipa::path(
    get,
    path = "/emulator/v1/phones/{number}/inbox",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    responses((status = OK, body = Vec<MessageView>))
)]
pub(crate) async fn inbox(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<Json<Vec<MessageView>>, Problem> {
    let number = phone_number(&number)?;
    let world = emulation.world();
    let got = |message: &Message| message.arrived.is_some() && address::bare(&message.to) == number;
    Ok(Json(of_phone(&world, &number, got)))
}

/// What a phone sent, oldest first.
#[utoipa::path(
    get,
    path = "/emulator/v1/phones/{number}/outbox",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    responses((status = OK, body = Vec<MessageView>))
)]
pub(crate) async fn outbox(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<Json<Vec<MessageView>>, Problem> {
    let number = phone_number(&number)?;
    let world = emulation.world();
    let sent = |message: &Message| message.from.as_deref().map(address::bare) == Some(&number);
    Ok(Json(of_phone(&world, &number, sent)))
}

/// A phone sends a text to an owned number.
#[utoipa::path(
    post,
    path = "/emulator/v1/phones/{number}/messages",
    tag = "phones",
    params(("number" = String, Path, description = "E.164; becomes a phone if it is none yet")),
    request_body = Outgoing,
    responses(
        (status = CREATED, body = MessageView),
        (status = NOT_FOUND, body = Problem, description = "No account owns the number it goes to"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn send(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
    Input(outgoing): Input<Outgoing>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let number = phone_number(&number)?;
    let (channel, to) = match outgoing.to.strip_prefix(WHATSAPP) {
        Some(to) => (WHATSAPP, to),
        None => ("", outgoing.to.as_str()),
    };
    let to = if address::is_short_code(to) { to.to_owned() } else { phone_number(to)? };
    let mut world = emulation.world();
    expect_phone(&world, &number)?;
    let id =
        world.receive(&number, &format!("{channel}{to}"), &outgoing.text).map_err(|error| match error {
            ReceiveError::NotOwned(_) => Problem::not_found(error.to_string()),
            _ => Problem::invalid(error.to_string()),
        })?;
    let message = world.messages.get(id).ok_or_else(|| Problem::not_found("the message was forgotten"))?;
    Ok((StatusCode::CREATED, Json(view(&world, message))))
}

/// How a phone answers by itself.
#[utoipa::path(
    get,
    path = "/emulator/v1/phones/{number}/scripts",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    responses((status = OK, body = Vec<ScriptView>))
)]
pub(crate) async fn scripts(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<Json<Vec<ScriptView>>, Problem> {
    let number = phone_number(&number)?;
    let world = emulation.world();
    let scripts = world.phones.get(&number).map(|phone| phone.scripts.as_slice()).unwrap_or_default();
    let views = scripts.iter().map(|script| ScriptView {
        id: script.id,
        rule: script.rule.clone(),
        used: script.used,
    });
    Ok(Json(views.collect()))
}

/// Makes a phone answer by itself. Of several rules the first that fits is used.
#[utoipa::path(
    post,
    path = "/emulator/v1/phones/{number}/scripts",
    tag = "phones",
    params(("number" = String, Path, description = "E.164")),
    request_body = ScriptRule,
    responses((status = CREATED, body = Created), (status = CONFLICT, body = Problem))
)]
pub(crate) async fn add_script(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
    Input(rule): Input<ScriptRule>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let number = phone_number(&number)?;
    let mut world = emulation.world();
    expect_phone(&world, &number)?;
    let id = world.phones.add_script(&number, rule);
    Ok((StatusCode::CREATED, Json(Created { id })))
}

/// Takes a rule away.
#[utoipa::path(
    delete,
    path = "/emulator/v1/phones/{number}/scripts/{id}",
    tag = "phones",
    params(("number" = String, Path, description = "E.164"), ("id" = u64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn remove_script(
    State(emulation): State<Arc<Emulation>>,
    Path((number, id)): Path<(String, u64)>,
) -> Result<StatusCode, Problem> {
    let number = phone_number(&number)?;
    let mut world = emulation.world();
    let phone = world.phones.get_mut(&number).ok_or_else(|| Problem::not_found("no such phone is known"))?;
    let before = phone.scripts.len();
    phone.scripts.retain(|script| script.id != id);
    match phone.scripts.len() < before {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("the phone has no such script")),
    }
}

pub(super) fn expect_phone(world: &World, number: &str) -> Result<(), Problem> {
    match world.numbers.find(number) {
        Some(_) => Err(Problem::new(StatusCode::CONFLICT, format!("an account owns {number}"))),
        None => Ok(()),
    }
}

fn apply(world: &mut World, number: &str, change: PhoneChange) {
    let phone = world.phones.entry(number);
    if let Some(name) = change.profile_name {
        phone.profile_name = Some(name);
    }
    if let Some(state) = change.state {
        phone.state = state;
    }
}

fn shown(world: &World, number: &str) -> Result<PhoneView, Problem> {
    let phone = world.phones.get(number).ok_or_else(|| Problem::not_found("no such phone is known"))?;
    Ok(phone_view(world, number, phone))
}

fn phone_view(world: &World, number: &str, phone: &Phone) -> PhoneView {
    let (sent, received): (Vec<&Message>, Vec<&Message>) = both_channels(world, number)
        .filter(|message| message.arrived.is_some())
        .partition(|message| message.from.as_deref().map(address::bare) == Some(number));
    PhoneView {
        number: number.to_owned(),
        profile_name: phone.profile_name.clone(),
        state: phone.state,
        received: received.len(),
        sent: sent.len(),
    }
}

fn of_phone(world: &World, number: &str, fits: impl Fn(&Message) -> bool) -> Vec<MessageView> {
    let mut messages: Vec<&Message> = both_channels(world, number).filter(|message| fits(message)).collect();
    messages.sort_by_key(|message| message.arrived.unwrap_or(message.created));
    messages.into_iter().map(|message| view(world, message)).collect()
}

fn both_channels<'a>(world: &'a World, number: &str) -> impl Iterator<Item = &'a Message> {
    let on_whatsapp = format!("{WHATSAPP}{number}");
    let messages: Vec<&Message> = [number, &on_whatsapp]
        .into_iter()
        .flat_map(|address| world.messages.with_address(address).map(|(_, message)| message))
        .collect();
    messages.into_iter()
}
