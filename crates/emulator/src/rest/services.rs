//! `messaging.twilio.com/v1/Services`.

use http::Method;
use serde_json::{Value, json};
use twilio::date;
use twilio::service::{ScanMessageContent, UpdateService};
use twilio::sid::{Sid, SidKind};

use super::message_checks::{given, is_callback_url};
use super::{Answer, Call, Outcome, Refusal, paging};
use crate::message::VALIDITY_S_MAX;
use crate::services::{ScanContent, Service, ServiceSettings};
use crate::world::World;

pub(super) fn collection(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call),
        Method::POST => create(world, call),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    find(world, call, sid)?;
    match call.incoming.method {
        Method::GET => {}
        Method::POST => update(world, call, sid)?,
        Method::DELETE => {
            world.services.remove(sid);
            return Ok(Answer::no_content());
        }
        _ => return Err(call.method_not_allowed()),
    }
    Ok(Answer::ok(&show(call, find(world, call, sid)?)))
}

/// A service of the caller.
pub(super) fn find<'a>(world: &'a World, call: &Call<'_>, sid: &Sid) -> Result<&'a Service, Refusal> {
    world.services.get(sid).filter(|service| service.account == call.account).ok_or_else(|| call.not_found())
}

fn list(world: &World, call: &Call<'_>) -> Outcome {
    let wanted = paging::wanted(call)?;
    let services: Vec<&Service> =
        world.services.iter().rev().filter(|service| service.account == call.account).collect();
    let slice =
        paging::slice(&services, &wanted, |service| service.sid.as_str(), |service| show(call, service));
    Ok(Answer::ok(&paging::envelope_product(call, "services", &wanted, slice)))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    if given(call.pairs, "FriendlyName").is_none() {
        return Err(Refusal::bad(20001, "FriendlyName is required"));
    }
    let settings = apply(call, ServiceSettings::default())?;
    let service = Service {
        sid: world.random.sid(SidKind::MessagingService),
        account: call.account.clone(),
        settings,
        advanced_opt_out: false,
        pool: Vec::new(),
        created: world.now,
        updated: world.now,
    };
    let shown = show(call, &service);
    world.services.insert(service);
    Ok(Answer::created(&shown))
}

fn update(world: &mut World, call: &Call<'_>, sid: &Sid) -> Result<(), Refusal> {
    let settings = apply(call, find(world, call, sid)?.settings.clone())?;
    let now = world.now;
    let service = world.services.get_mut(sid).ok_or_else(|| call.not_found())?;
    service.settings = settings;
    service.updated = now;
    Ok(())
}

/// The settings with what a request sets written into them. An empty URL clears it.
fn apply(call: &Call<'_>, mut settings: ServiceSettings) -> Result<ServiceSettings, Refusal> {
    let asked = UpdateService::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let urls = [
        (asked.inbound_request_url, &mut settings.inbound_request_url),
        (asked.fallback_url, &mut settings.fallback_url),
        (asked.status_callback, &mut settings.status_callback),
    ];
    for (given, setting) in urls {
        match given {
            None => {}
            Some(url) if url.is_empty() => *setting = None,
            Some(url) if is_callback_url(&url) => *setting = Some(url),
            Some(_) => return Err(Refusal::bad(20422, "A webhook's URL is not valid")),
        }
    }
    let switches = [
        (asked.sticky_sender, &mut settings.sticky_sender),
        (asked.mms_converter, &mut settings.mms_converter),
        (asked.smart_encoding, &mut settings.smart_encoding),
        (asked.fallback_to_long_code, &mut settings.fallback_to_long_code),
        (asked.area_code_geomatch, &mut settings.area_code_geomatch),
        (asked.synchronous_validation, &mut settings.synchronous_validation),
        (asked.use_inbound_webhook_on_number, &mut settings.use_inbound_webhook_on_number),
    ];
    for (given, setting) in switches {
        *setting = given.unwrap_or(*setting);
    }
    if let Some(name) = asked.friendly_name.filter(|name| !name.is_empty()) {
        settings.friendly_name = name;
    }
    if let Some(usecase) = asked.usecase {
        settings.usecase = usecase;
    }
    if let Some(seconds) = asked.validity_period_s {
        if !(1..=VALIDITY_S_MAX).contains(&seconds) {
            return Err(Refusal::bad(21624, "The 'ValidityPeriod' must be 1 to 36000 seconds"));
        }
        settings.validity_s = seconds;
    }
    settings.inbound_method = asked.inbound_method.unwrap_or(settings.inbound_method);
    settings.fallback_method = asked.fallback_method.unwrap_or(settings.fallback_method);
    settings.scan_message_content = match asked.scan_message_content {
        None => settings.scan_message_content,
        Some(ScanMessageContent::Inherit) => ScanContent::Inherit,
        Some(ScanMessageContent::Enable) => ScanContent::Enable,
        Some(ScanMessageContent::Disable) => ScanContent::Disable,
    };
    Ok(settings)
}

fn show(call: &Call<'_>, service: &Service) -> Value {
    let settings = &service.settings;
    let url = format!("{}/v1/Services/{}", call.product_base(), service.sid.as_str());
    json!({
        "sid": service.sid.as_str(),
        "account_sid": service.account.as_str(),
        "friendly_name": settings.friendly_name,
        "date_created": date::iso8601(service.created),
        "date_updated": date::iso8601(service.updated),
        "inbound_request_url": settings.inbound_request_url,
        "inbound_method": settings.inbound_method.as_str(),
        "fallback_url": settings.fallback_url,
        "fallback_method": settings.fallback_method.as_str(),
        "status_callback": settings.status_callback,
        "sticky_sender": settings.sticky_sender,
        "mms_converter": settings.mms_converter,
        "smart_encoding": settings.smart_encoding,
        "scan_message_content": settings.scan_message_content.as_str(),
        "fallback_to_long_code": settings.fallback_to_long_code,
        "area_code_geomatch": settings.area_code_geomatch,
        "synchronous_validation": settings.synchronous_validation,
        "validity_period": settings.validity_s,
        "url": url,
        "links": {
            "phone_numbers": format!("{url}/PhoneNumbers"),
            "short_codes": format!("{url}/ShortCodes"),
            "alpha_senders": format!("{url}/AlphaSenders"),
        },
        "usecase": settings.usecase,
        "us_app_to_person_registered": false,
        "use_inbound_webhook_on_number": settings.use_inbound_webhook_on_number,
    })
}
