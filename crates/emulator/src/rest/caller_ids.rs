//! `…/OutgoingCallerIds`: numbers of other carriers that the account may show as its own.

use http::Method;
use twilio::caller_id::{
    CallerIdResource, CreateValidationRequest, ListCallerIds, UpdateCallerId, ValidationRequestResource,
};
use twilio::sid::{Sid, SidKind};

use super::message_checks::is_callback_url;
use super::{Answer, Call, Outcome, Refusal, paging};
use crate::accounts::Account;
use crate::address::{self, Reading};
use crate::due::Due;
use crate::verified::{CallerId, Verification};
use crate::world::World;

/// The longest delay of the call, in seconds.
const CALL_DELAY_S_MAX: u32 = 60;

pub(super) fn collection(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call),
        Method::POST => begin(world, call),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    let now = world.now;
    let account = world.accounts.get_mut(&call.account).ok_or_else(|| call.not_found())?;
    let caller_id = account.verified.get_mut(sid).ok_or_else(|| call.not_found())?;
    match call.incoming.method {
        Method::GET => {}
        Method::POST => {
            let asked = UpdateCallerId::from_pairs(call.pairs).map_err(Refusal::from)?;
            if let Some(name) = asked.friendly_name {
                caller_id.friendly_name = name;
            }
            caller_id.updated = now;
        }
        Method::DELETE => {
            account.verified.remove(sid);
            return Ok(Answer::no_content());
        }
        _ => return Err(call.method_not_allowed()),
    }
    Ok(Answer::ok(&resource(&call.account, caller_id)))
}

fn list(world: &World, call: &Call<'_>) -> Outcome {
    let wanted = paging::wanted(call)?;
    let asked = ListCallerIds::from_pairs(call.pairs).map_err(Refusal::from)?;
    let account: &Account = world.accounts.get(&call.account).ok_or_else(|| call.not_found())?;
    let caller_ids: Vec<&CallerId> = account
        .verified
        .iter()
        .rev()
        .filter(|each| asked.phone_number.as_ref().is_none_or(|number| each.phone_number == *number))
        .filter(|each| asked.friendly_name.as_ref().is_none_or(|name| each.friendly_name == *name))
        .collect();
    let slice = paging::slice(
        &caller_ids,
        &wanted,
        |each| each.sid.as_str(),
        |each| paging::json(&resource(&call.account, each)),
    );
    Ok(Answer::ok(&paging::envelope_2010(call, "outgoing_caller_ids", &wanted, slice)))
}

/// Begins a verification. The phone is called after the delay, and whoever answers there enters the code.
fn begin(world: &mut World, call: &Call<'_>) -> Outcome {
    let asked = CreateValidationRequest::from_pairs(call.pairs).map_err(Refusal::from)?;
    let phone_number = address::normalize(&asked.phone_number, Reading::Loose)
        .filter(|number| !address::is_whatsapp(number))
        .ok_or_else(|| Refusal::bad(21401, "The 'PhoneNumber' is not a valid phone number"))?;
    let delay_s = asked.call_delay_s.unwrap_or(0);
    if delay_s > CALL_DELAY_S_MAX {
        return Err(Refusal::of_code(400, 21454));
    }
    if let Some(url) = asked.status_callback.as_deref().filter(|url| !url.is_empty())
        && !is_callback_url(url)
    {
        return Err(Refusal::bad(21609, "The 'StatusCallback' is not a valid URL"));
    }
    let account = world.accounts.get(&call.account).ok_or_else(|| call.not_found())?;
    if account.verified.contains(&phone_number) {
        return Err(Refusal::of_code(400, 21450));
    }
    let code = format!("{:06}", world.random.up_to(999_999));
    let call_sid = world.random.sid(SidKind::Call);
    let shown = ValidationRequestResource {
        account_sid: call.account.clone(),
        call_sid: Some(call_sid.clone()),
        friendly_name: Some(asked.friendly_name.clone().unwrap_or_else(|| address::friendly(&phone_number))),
        phone_number: phone_number.clone(),
        validation_code: code,
    };
    let method = asked.status_callback_method.unwrap_or_default();
    let verification = Verification {
        account: call.account.clone(),
        phone_number,
        friendly_name: asked.friendly_name,
        call: call_sid,
        callback: asked.status_callback.filter(|url| !url.is_empty()).map(|url| (url, method)),
    };
    let ring_ms = u64::from(delay_s) * 1_000 + Verification::CALL_MS;
    world.enter_in(ring_ms, Due::Verify(Box::new(verification)));
    Ok(Answer::ok(&shown))
}

fn resource(account: &Sid, caller_id: &CallerId) -> CallerIdResource {
    let sid = caller_id.sid.as_str();
    CallerIdResource {
        sid: caller_id.sid.clone(),
        account_sid: account.clone(),
        date_created: Some(caller_id.created),
        date_updated: Some(caller_id.updated),
        friendly_name: Some(caller_id.friendly_name.clone()),
        phone_number: caller_id.phone_number.clone(),
        uri: Some(format!("/2010-04-01/Accounts/{}/OutgoingCallerIds/{sid}.json", account.as_str())),
    }
}
