//! The world at a glance, its reset, and waiting for quiet.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use crate::accounts::{AccountStatus, micros_text};
use crate::address;
use crate::emulation::Emulation;
use crate::fixture::AccountKind;
use crate::journal::Event;

/// The world at a glance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    #[schema(value_type = String, format = DateTime)]
    now: jiff::Timestamp,
    can_wind: bool,
    /// Webhooks and media in flight.
    busy: usize,
    /// Steps that wait for their time.
    waiting: usize,
    messages: usize,
    scheduled: usize,
    carrier_outage: bool,
    accounts: Vec<AccountView>,
    services: Vec<ServiceView>,
    /// The number of the newest entry of the log.
    log_written: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    pub(crate) sid: String,
    friendly_name: String,
    #[serde(rename = "type")]
    kind: AccountKind,
    status: AccountStatus,
    out_of_funds: bool,
    balance: String,
    currency: String,
    owner: String,
    debugger_url: Option<String>,
    numbers: Vec<NumberView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NumberView {
    sid: String,
    phone_number: String,
    friendly_name: String,
    sms_url: String,
    whatsapp: bool,
    /// Segments a second; without it the number is not paced.
    rate: Option<f64>,
    service: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceView {
    sid: String,
    account: String,
    friendly_name: String,
    inbound_request_url: Option<String>,
    senders: Vec<String>,
}

/// The world at a glance.
#[utoipa::path(get, path = "/emulator/v1/state", tag = "world", responses((status = OK, body = Summary)))]
pub(crate) async fn show(State(emulation): State<Arc<Emulation>>) -> Json<Summary> {
    let world = emulation.world();
    let services = world.services.iter().map(|service| ServiceView {
        sid: service.sid.as_str().to_owned(),
        account: service.account.as_str().to_owned(),
        friendly_name: service.settings.friendly_name.clone(),
        inbound_request_url: service.settings.inbound_request_url.clone(),
        senders: service.pool.iter().map(|member| member.address.clone()).collect(),
    });
    Json(Summary {
        now: world.now,
        can_wind: emulation.clock.winding().is_some(),
        busy: emulation.activity.busy(),
        waiting: emulation.agenda.len(),
        messages: world.messages.len(),
        scheduled: world.scheduled,
        carrier_outage: world.faults.carrier_outage(),
        accounts: world.accounts.iter().map(|account| account_view(&world, account)).collect(),
        services: services.collect(),
        log_written: world.journal.written(),
    })
}

pub(crate) fn account_view(world: &crate::world::World, account: &crate::accounts::Account) -> AccountView {
    let numbers = world.numbers.iter().filter(|number| number.account == account.sid);
    AccountView {
        sid: account.sid.as_str().to_owned(),
        friendly_name: account.friendly_name.clone(),
        kind: account.kind,
        status: account.status,
        out_of_funds: account.out_of_funds,
        balance: micros_text(account.balance_micros),
        currency: account.currency.clone(),
        owner: account.owner.as_str().to_owned(),
        debugger_url: account.debugger_url.clone(),
        numbers: numbers.map(|number| number_view(world, number)).collect(),
    }
}

pub(crate) fn number_view(world: &crate::world::World, number: &crate::numbers::Number) -> NumberView {
    NumberView {
        sid: number.sid.as_str().to_owned(),
        phone_number: number.phone_number.clone(),
        friendly_name: number.friendly_name.clone(),
        sms_url: number.settings.sms_url.clone(),
        whatsapp: number.whatsapp,
        rate: world.queues.rate(&number.phone_number),
        service: world.services.of_member(&number.sid).map(|service| service.sid.as_str().to_owned()),
    }
}

/// Makes everything as it was at the start. The clock goes on.
#[utoipa::path(post, path = "/emulator/v1/reset", tag = "world", responses((status = NO_CONTENT)))]
pub(crate) async fn reset(State(emulation): State<Arc<Emulation>>) -> Result<StatusCode, Problem> {
    emulation.reset().map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    emulation.world().write(Event::Control { what: "reset".to_owned() });
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Patience {
    /// How long to wait at most, in real time; 10 seconds unless it says otherwise, 60 at most.
    timeout_ms: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Quiet {
    quiet: bool,
    busy: usize,
}

/// Waits until nothing is in flight and nothing that is due is undone.
#[utoipa::path(
    get,
    path = "/emulator/v1/quiet",
    tag = "world",
    params(Patience),
    responses((status = OK, body = Quiet))
)]
pub(crate) async fn quiet(
    State(emulation): State<Arc<Emulation>>,
    Query(patience): Query<Patience>,
) -> Json<Quiet> {
    let limit = Duration::from_millis(patience.timeout_ms.unwrap_or(10_000).min(60_000));
    let quiet = tokio::time::timeout(limit, emulation.activity.quiet()).await.is_ok();
    Json(Quiet { quiet, busy: emulation.activity.busy() })
}

/// A number of a path or body: E.164, with or without its plus sign.
pub(crate) fn phone_number(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let with_plus = if text.starts_with('+') { text.to_owned() } else { format!("+{text}") };
    address::normalize(&with_plus, address::Reading::Exact)
        .ok_or_else(|| Problem::invalid(format!("{text} is not a number in E.164 form")))
}
