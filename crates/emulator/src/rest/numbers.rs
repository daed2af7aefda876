//! `…/IncomingPhoneNumbers`: numbers that the account owns.

use http::Method;
use serde_json::{Value, json};
use twilio::HttpMethod;
use twilio::date;
use twilio::form;
use twilio::number::{ListIncomingNumbers, UpdateIncomingNumber};
use twilio::sid::{Sid, SidKind};

use super::message_checks::{given, is_callback_url};
use super::{Answer, Call, Outcome, Refusal, available_numbers, paging};
use crate::address::{self, Reading};
use crate::fixture::{AccountKind, Capabilities};
use crate::numbers::{Number, NumberKind, NumberSettings};
use crate::world::World;

pub(super) fn collection(world: &mut World, call: &Call<'_>, kind: Option<NumberKind>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call, kind),
        Method::POST => buy(world, call, kind),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    find(world, call, sid)?;
    match call.incoming.method {
        Method::GET => {}
        Method::POST => update(world, call, sid)?,
        Method::DELETE => {
            release(world, sid);
            return Ok(Answer::no_content());
        }
        _ => return Err(call.method_not_allowed()),
    }
    world
        .numbers
        .get(sid)
        .map(|number| Answer::ok(&show(number, Form::General)))
        .ok_or_else(|| call.not_found())
}

/// Takes a number from its account, and out of the service that it is in.
pub(crate) fn release(world: &mut World, sid: &Sid) {
    if let Some(number) = world.numbers.remove(sid) {
        world.services.remove_member(sid);
        world.queues.set_rate(&number.phone_number, None, world.now);
    }
}

fn find<'a>(world: &'a World, call: &Call<'_>, sid: &Sid) -> Result<&'a Number, Refusal> {
    world
        .numbers
        .get(sid)
        .filter(|number| number.account == call.account && number.kind != NumberKind::ShortCode)
        .ok_or_else(|| call.not_found())
}

fn list(world: &World, call: &Call<'_>, kind: Option<NumberKind>) -> Outcome {
    let wanted = paging::wanted(call)?;
    let asked = ListIncomingNumbers::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let pattern = asked.phone_number.as_deref().filter(|pattern| !pattern.is_empty());
    let numbers: Vec<&Number> = world
        .numbers
        .iter()
        .rev()
        .filter(|number| number.account == call.account && number.kind != NumberKind::ShortCode)
        .filter(|number| kind.is_none_or(|kind| number.kind == kind))
        .filter(|number| asked.friendly_name.as_ref().is_none_or(|name| number.friendly_name == *name))
        .filter(|number| {
            pattern.is_none_or(|pattern| available_numbers::matches(&number.phone_number, pattern))
        })
        // Every number here is the provider's own and none is new to it.
        .filter(|_| {
            asked.beta != Some(true) && asked.origin.as_deref().is_none_or(|origin| origin == "twilio")
        })
        .collect();
    let form = form_of(kind);
    let slice = paging::slice(&numbers, &wanted, |number| number.sid.as_str(), |number| show(number, form));
    Ok(Answer::ok(&paging::envelope_2010(call, "incoming_phone_numbers", &wanted, slice)))
}

fn buy(world: &mut World, call: &Call<'_>, kind: Option<NumberKind>) -> Outcome {
    let account = world.accounts.get(&call.account).ok_or_else(|| call.not_found())?;
    let owns_one = world.numbers.iter().any(|number| number.account == call.account);
    if account.kind == AccountKind::Trial && owns_one {
        return Err(Refusal::of_code(400, 21404));
    }
    let phone_number = match (given(call.pairs, "PhoneNumber"), given(call.pairs, "AreaCode")) {
        (Some(number), _) => address::normalize(number, Reading::Loose)
            .filter(|number| !address::is_whatsapp(number))
            .ok_or_else(|| Refusal::bad(21421, format!("{number} is not a valid phone number")))?,
        (None, Some(area)) if kind.is_none() => available_numbers::free_in_area(world, area)?,
        _ => return Err(Refusal::bad(21421, "A 'PhoneNumber' is required")),
    };
    if world.numbers.find(&phone_number).is_some() || world.phones.get(&phone_number).is_some() {
        return Err(Refusal::bad(21422, format!("{phone_number} is not available")));
    }
    let mut settings = NumberSettings::default();
    let friendly_name = apply(call, &mut settings)?.unwrap_or_else(|| address::friendly(&phone_number));
    let form = form_of(kind);
    let kind = kind.unwrap_or(match address::is_toll_free(&phone_number) {
        true => NumberKind::TollFree,
        false => NumberKind::Local,
    });
    let number = Number {
        sid: world.random.sid(SidKind::IncomingNumber),
        account: call.account.clone(),
        kind,
        friendly_name,
        phone_number,
        capabilities: Capabilities::default(),
        whatsapp: false,
        settings,
        created: world.now,
        updated: world.now,
    };
    let shown = show(&number, form);
    world.numbers.insert(number);
    Ok(Answer::created(&shown))
}

fn update(world: &mut World, call: &Call<'_>, sid: &Sid) -> Result<(), Refusal> {
    let mut settings = find(world, call, sid)?.settings.clone();
    let name = apply(call, &mut settings)?;
    let target = match given(call.pairs, "AccountSid").map(Sid::parse) {
        None => None,
        Some(Ok(target)) if world.accounts.may_act(&call.caller, &target) => Some(target),
        Some(_) => return Err(Refusal::of_code(400, 21470)),
    };
    let now = world.now;
    let moved = target.as_ref().is_some_and(|target| *target != call.account);
    if moved {
        world.services.remove_member(sid);
    }
    let Some(number) = world.numbers.get_mut(sid) else { return Err(call.not_found()) };
    number.settings = settings;
    if let Some(name) = name {
        number.friendly_name = name;
    }
    if let Some(target) = target {
        number.account = target;
    }
    number.updated = now;
    Ok(())
}

/// Writes what a request sets into the settings, and gives the name where it sets one.
fn apply(call: &Call<'_>, settings: &mut NumberSettings) -> Result<Option<String>, Refusal> {
    let asked = UpdateIncomingNumber::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let urls = [
        (asked.sms_url, &mut settings.sms_url),
        (asked.sms_fallback_url, &mut settings.sms_fallback_url),
        (asked.voice_url, &mut settings.voice_url),
        (asked.voice_fallback_url, &mut settings.voice_fallback_url),
        (asked.status_callback, &mut settings.status_callback),
    ];
    for (given, setting) in urls {
        if let Some(url) = given {
            if !url.is_empty() && !is_callback_url(&url) {
                return Err(Refusal::bad(20422, "A webhook's URL is not valid"));
            }
            *setting = url;
        }
    }
    let methods = [
        (asked.sms_method, &mut settings.sms_method),
        (asked.sms_fallback_method, &mut settings.sms_fallback_method),
        (asked.voice_method, &mut settings.voice_method),
        (asked.voice_fallback_method, &mut settings.voice_fallback_method),
        (asked.status_callback_method, &mut settings.status_callback_method),
    ];
    for (given, setting) in methods {
        *setting = given.unwrap_or(*setting);
    }
    let applications = [
        (asked.sms_application_sid, &mut settings.sms_application),
        (asked.voice_application_sid, &mut settings.voice_application),
    ];
    for (given, setting) in applications {
        match given.as_deref() {
            None => {}
            Some("") => *setting = None,
            Some(text) => {
                match Sid::parse(text).ok().filter(|sid| sid.kind() == Some(SidKind::Application)) {
                    Some(sid) => *setting = Some(sid),
                    None => return Err(Refusal::of_code(400, 21420)),
                }
            }
        }
    }
    settings.voice_caller_id_lookup = asked.voice_caller_id_lookup.unwrap_or(settings.voice_caller_id_lookup);
    Ok(form::get(call.pairs, "FriendlyName").map(str::to_owned))
}

/// Which resource a number is shown as: those by kind do not tell the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    General,
    ByKind,
}

fn form_of(kind: Option<NumberKind>) -> Form {
    if kind.is_some() { Form::ByKind } else { Form::General }
}

pub(super) fn show(number: &Number, form: Form) -> Value {
    let settings = &number.settings;
    let application = |sid: &Option<Sid>| sid.as_ref().map_or("", Sid::as_str).to_owned();
    let method = |method: HttpMethod| method.as_str();
    let (account, sid) = (number.account.as_str(), number.sid.as_str());
    let mut shown = json!({
        "account_sid": account,
        "address_sid": null,
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": false,
        "capabilities": {
            "fax": false,
            "mms": number.capabilities.mms,
            "sms": number.capabilities.sms,
            "voice": number.capabilities.voice,
        },
        "date_created": date::rfc2822(number.created),
        "date_updated": date::rfc2822(number.updated),
        "friendly_name": number.friendly_name,
        "identity_sid": null,
        "phone_number": number.phone_number,
        "origin": "twilio",
        "sid": sid,
        "sms_application_sid": application(&settings.sms_application),
        "sms_fallback_method": method(settings.sms_fallback_method),
        "sms_fallback_url": settings.sms_fallback_url,
        "sms_method": method(settings.sms_method),
        "sms_url": settings.sms_url,
        "status_callback": settings.status_callback,
        "status_callback_method": method(settings.status_callback_method),
        "trunk_sid": null,
        "uri": format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"),
        "voice_receive_mode": "voice",
        "voice_application_sid": application(&settings.voice_application),
        "voice_caller_id_lookup": settings.voice_caller_id_lookup,
        "voice_fallback_method": method(settings.voice_fallback_method),
        "voice_fallback_url": settings.voice_fallback_url,
        "voice_method": method(settings.voice_method),
        "voice_url": settings.voice_url,
        "emergency_status": "Inactive",
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "bundle_sid": null,
        "status": "in-use",
    });
    if form == Form::General {
        let kind = match number.kind {
            NumberKind::Local => "local",
            NumberKind::TollFree => "toll-free",
            NumberKind::Mobile => "mobile",
            NumberKind::ShortCode => "short-code",
        };
        shown["type"] = json!(kind);
    }
    shown
}
