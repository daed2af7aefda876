//! States that no request of an account sets: suspended, out of funds, a number released or paced, who
//! opted out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use twilio::sid::Sid;
use utoipa::ToSchema;

use super::state::{AccountView, NumberView, account_view, number_view, phone_number};
use super::{Input, Problem};
use crate::accounts::{AccountStatus, parse_micros};
use crate::address;
use crate::emulation::Emulation;
use crate::fixture::AccountKind;
use crate::journal::Event;
use crate::rest::{self, message_checks::is_callback_url};
use crate::verified::CallerId;
use crate::world::World;

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccountChange {
    status: Option<AccountStatus>,
    /// Nothing can be sent until money is there again.
    out_of_funds: Option<bool>,
    /// Decimal text.
    balance: Option<String>,
    #[serde(rename = "type")]
    kind: Option<AccountKind>,
    /// The numbers that were verified, and no others.
    verified: Option<Vec<String>>,
    /// 0 lifts the limit.
    concurrent_requests_max: Option<u32>,
    /// How many calls are begun in a second; 0 lifts the limit.
    calls_per_second: Option<f64>,
    /// Where the account is told of every notice of the debugger; empty for nowhere.
    debugger_url: Option<String>,
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NumberChange {
    /// Segments a second; 0 lifts the pace.
    rate: Option<f64>,
    whatsapp: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OptOutView {
    /// The sender, or the service whose pool it is in.
    scope: String,
    recipient: String,
}

/// Changes an account.
#[utoipa::path(
    patch,
    path = "/emulator/v1/accounts/{sid}",
    tag = "accounts",
    params(("sid" = String, Path)),
    request_body = AccountChange,
    responses(
        (status = OK, body = AccountView),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn change(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
    Input(change): Input<AccountChange>,
) -> Result<Json<AccountView>, Problem> {
    let unknown = || Problem::not_found("no such account");
    let sid = Sid::parse(&sid).map_err(|_| unknown())?;
    let balance = match &change.balance {
        None => None,
        Some(text) => {
            let micros = parse_micros(text);
            Some(micros.ok_or_else(|| Problem::invalid("balance must be decimal text such as 100.00"))?)
        }
    };
    let verified: Option<Vec<String>> = match &change.verified {
        None => None,
        Some(numbers) => Some(numbers.iter().map(|number| phone_number(number)).collect::<Result<_, _>>()?),
    };
    if change.calls_per_second.is_some_and(|rate| !(rate.is_finite() && rate >= 0.0)) {
        return Err(Problem::invalid("callsPerSecond must be a number from 0"));
    }
    if change.debugger_url.as_deref().is_some_and(|url| !url.is_empty() && !is_callback_url(url)) {
        return Err(Problem::invalid("debuggerUrl must be an address that begins with http:// or https://"));
    }
    let mut world = emulation.world();
    if let Some(numbers) = verified {
        set_verified(&mut world, &sid, numbers);
    }
    let account = world.accounts.get_mut(&sid).ok_or_else(unknown)?;
    account.status = change.status.unwrap_or(account.status);
    account.out_of_funds = change.out_of_funds.unwrap_or(account.out_of_funds);
    account.balance_micros = balance.unwrap_or(account.balance_micros);
    account.kind = change.kind.unwrap_or(account.kind);
    if let Some(url) = change.debugger_url {
        account.debugger_url = Some(url).filter(|url| !url.is_empty());
    }
    if let Some(limit) = change.concurrent_requests_max {
        account.concurrent_requests_max = (limit > 0).then_some(limit);
    }
    if let Some(rate) = change.calls_per_second {
        let now = world.now;
        world.call_turns.set_rate(sid.as_str(), (rate > 0.0).then_some(rate), now);
    }
    world.write(Event::Control { what: format!("account {} changed", sid.as_str()) });
    let account = world.accounts.get(&sid).ok_or_else(unknown)?;
    Ok(Json(account_view(&world, account)))
}

/// Verifies what was not verified yet, and forgets what is not among the numbers.
fn set_verified(world: &mut World, account: &Sid, numbers: Vec<String>) {
    for number in &numbers {
        if world.accounts.get(account).is_some_and(|account| !account.verified.contains(number)) {
            let caller_id = CallerId::new(world, number.clone(), None);
            if let Some(account) = world.accounts.get_mut(account) {
                account.verified.insert(caller_id);
            }
        }
    }
    if let Some(account) = world.accounts.get_mut(account) {
        account.verified.retain(|verified| numbers.iter().any(|number| number == verified));
    }
}

/// Paces a number, or makes it a WhatsApp sender.
#[utoipa::path(
    patch,
    path = "/emulator/v1/numbers/{number}",
    tag = "accounts",
    params(("number" = String, Path, description = "E.164, or a short code")),
    request_body = NumberChange,
    responses(
        (status = OK, body = NumberView),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn change_number(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
    Input(change): Input<NumberChange>,
) -> Result<Json<NumberView>, Problem> {
    if change.rate.is_some_and(|rate| !rate.is_finite() || rate < 0.0) {
        return Err(Problem::invalid("rate must be 0 or above"));
    }
    let mut world = emulation.world();
    let (sid, address) = owned(&world, &number)?;
    if let Some(rate) = change.rate {
        let now = world.now;
        world.queues.set_rate(&address, (rate > 0.0).then_some(rate), now);
    }
    if let (Some(whatsapp), Some(number)) = (change.whatsapp, world.numbers.get_mut(&sid)) {
        number.whatsapp = whatsapp;
    }
    world.write(Event::Control { what: format!("number {address} changed") });
    let number = world.numbers.get(&sid).ok_or_else(|| Problem::not_found("no account owns the number"))?;
    Ok(Json(number_view(&world, number)))
}

/// Takes a number away from its account, as when it is given up or lost.
#[utoipa::path(
    delete,
    path = "/emulator/v1/numbers/{number}",
    tag = "accounts",
    params(("number" = String, Path, description = "E.164, or a short code")),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn release_number(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut world = emulation.world();
    let (sid, address) = owned(&world, &number)?;
    rest::release_number(&mut world, &sid);
    world.write(Event::Control { what: format!("number {address} released") });
    Ok(StatusCode::NO_CONTENT)
}

/// Who opted out of whom.
#[utoipa::path(
    get,
    path = "/emulator/v1/opt-outs",
    tag = "accounts",
    responses((status = OK, body = Vec<OptOutView>))
)]
pub(crate) async fn opt_outs(State(emulation): State<Arc<Emulation>>) -> Json<Vec<OptOutView>> {
    let world = emulation.world();
    let mut views: Vec<OptOutView> = world
        .opt_outs
        .iter()
        .map(|(scope, recipient)| OptOutView { scope: scope.to_owned(), recipient: recipient.to_owned() })
        .collect();
    views.sort_by(|a, b| (&a.scope, &a.recipient).cmp(&(&b.scope, &b.recipient)));
    Json(views)
}

fn owned(world: &World, number: &str) -> Result<(Sid, String), Problem> {
    let address = if address::is_short_code(number) { number.to_owned() } else { phone_number(number)? };
    let number = world.numbers.find(&address);
    let number = number.ok_or_else(|| Problem::not_found(format!("no account owns {address}")))?;
    Ok((number.sid.clone(), address))
}
