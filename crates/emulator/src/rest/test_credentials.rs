//! Test credentials: magic numbers decide, nothing is kept, nobody is called back.

use http::Method;
use jiff::Timestamp;
use twilio::form;
use twilio::message::{Direction, MessageResource, MessageStatus};
use twilio::sid::{Sid, SidKind};

use super::message_checks::{given, is_possible_number};
use super::route::{Resource, Route};
use super::{Answer, Incoming, Outcome, Refusal, numbers};
use crate::address::{self, Reading};
use crate::call::{Call, CallDirection, CallDraft, Callbacks, Instructions, Settings};
use crate::draft::count_segments;
use crate::fixture::Capabilities;
use crate::numbers::{Number, NumberKind, NumberSettings};
use crate::world::World;

/// What a magic number does.
type Magic = [(&'static str, u32)];

const MESSAGE_FROM: &Magic =
    &[("+15005550001", 21212), ("+15005550007", 21606), ("+15005550008", 21611), ("+15005550006", 0)];
const MESSAGE_TO: &Magic = &[
    ("+15005550001", 21211),
    ("+15005550002", 21612),
    ("+15005550003", 21408),
    ("+15005550004", 21610),
    ("+15005550009", 21614),
];
const CALL_FROM: &Magic = &[("+15005550001", 21212), ("+15005550006", 0)];
const CALL_TO: &Magic =
    &[("+15005550001", 21217), ("+15005550002", 21214), ("+15005550003", 21215), ("+15005550004", 21216)];
const NUMBER: &Magic = &[("+15005550000", 21422), ("+15005550001", 21421), ("+15005550006", 0)];

pub(super) fn answer(world: &mut World, account: &Sid, route: &Route, incoming: &Incoming) -> Outcome {
    match (&route.resource, &incoming.method) {
        (Resource::Messages, &Method::POST) => message(world, account, &incoming.pairs),
        (Resource::Calls, &Method::POST) => call(world, account, &incoming.pairs),
        (Resource::Numbers(_), &Method::POST) => number(world, account, &incoming.pairs),
        _ => Err(Refusal::new(403, 20008, "This resource cannot be used with test credentials")),
    }
}

fn message(world: &mut World, account: &Sid, pairs: &[(String, String)]) -> Outcome {
    let to = given(pairs, "To").ok_or_else(|| Refusal::bad(21604, "A 'To' number is required"))?;
    let from = given(pairs, "From").ok_or_else(|| Refusal::bad(21603, "A 'From' number is required"))?;
    let media = u32::try_from(form::all(pairs, "MediaUrl").count()).unwrap_or(u32::MAX);
    let body = given(pairs, "Body").unwrap_or_default();
    if body.is_empty() && media == 0 {
        return Err(Refusal::bad(21602, "The message has no content"));
    }
    if body.encode_utf16().count() > 1_600 {
        return Err(Refusal::bad(21617, "The text is longer than 1600 characters"));
    }
    match MESSAGE_FROM.iter().find(|(number, _)| *number == from) {
        Some((_, 0)) => {}
        Some((_, code)) => return Err(Refusal::of_code(400, *code)),
        None => return Err(Refusal::of_code(400, 21606)),
    }
    if let Some((_, code)) = MESSAGE_TO.iter().find(|(number, _)| *number == to) {
        return Err(Refusal::of_code(400, *code));
    }
    if !is_possible_number(to) {
        return Err(Refusal::of_code(400, 21211));
    }
    let kind = if media == 0 { SidKind::Sms } else { SidKind::Mms };
    let sid = world.random.sid(kind);
    Ok(Answer::created(&resource(world.now, account, sid, from, to, body, media)))
}

fn resource(
    now: Timestamp,
    account: &Sid,
    sid: Sid,
    from: &str,
    to: &str,
    body: &str,
    num_media: u32,
) -> MessageResource {
    let uri = format!("/2010-04-01/Accounts/{}/Messages/{}", account.as_str(), sid.as_str());
    MessageResource {
        account_sid: account.clone(),
        api_version: Some("2010-04-01".to_owned()),
        body: Some(body.to_owned()),
        date_created: Some(now),
        date_sent: None,
        date_updated: Some(now),
        direction: Direction::OutboundApi,
        error_code: None,
        error_message: None,
        from: Some(from.to_owned()),
        messaging_service_sid: None,
        num_media,
        num_segments: count_segments(body, usize::from(num_media > 0)),
        price: None,
        price_unit: Some("USD".to_owned()),
        sid,
        status: MessageStatus::Queued,
        subresource_uris: [("media".to_owned(), format!("{uri}/Media.json"))].into(),
        to: Some(to.to_owned()),
        uri: Some(format!("{uri}.json")),
    }
}

/// A call that nobody is rung up by.
fn call(world: &mut World, account: &Sid, pairs: &[(String, String)]) -> Outcome {
    let to = given(pairs, "To").ok_or_else(|| Refusal::bad(21201, "No 'To' number is specified"))?;
    let from = given(pairs, "From").ok_or_else(|| Refusal::bad(21213, "No 'From' number is specified"))?;
    match CALL_FROM.iter().find(|(number, _)| *number == from) {
        Some((_, 0)) => {}
        Some((_, code)) => return Err(Refusal::of_code(400, *code)),
        None => return Err(Refusal::of_code(400, 21210)),
    }
    if let Some((_, code)) = CALL_TO.iter().find(|(number, _)| *number == to) {
        return Err(Refusal::of_code(400, *code));
    }
    let to = address::callable(to, Reading::Loose).ok_or_else(|| Refusal::of_code(400, 21211))?;
    if !["Url", "Twiml", "ApplicationSid"].into_iter().any(|name| given(pairs, name).is_some()) {
        return Err(Refusal::bad(21205, "Url parameter is required."));
    }
    let sid = world.random.sid(SidKind::Call);
    let draft = CallDraft {
        account: account.clone(),
        direction: CallDirection::OutboundApi,
        from: from.to_owned(),
        to,
        parent: None,
        begin: Instructions::Join,
        callbacks: Callbacks::default(),
        settings: Settings::default(),
        whisper: None,
        list_lag_ms: 0,
    };
    let call = Call::drafted(draft, sid, world.now);
    Ok(Answer::created(&call.to_resource("USD")))
}

fn number(world: &mut World, account: &Sid, pairs: &[(String, String)]) -> Outcome {
    let phone_number = match (given(pairs, "PhoneNumber"), given(pairs, "AreaCode")) {
        (Some(number), _) => match NUMBER.iter().find(|(magic, _)| *magic == number) {
            Some((_, 0)) => number.to_owned(),
            Some((_, code)) => return Err(Refusal::of_code(400, *code)),
            None => return Err(Refusal::of_code(400, 21421)),
        },
        (None, Some("500")) => "+15005550006".to_owned(),
        (None, Some("533")) => return Err(Refusal::of_code(400, 21452)),
        (None, Some(_)) => return Err(Refusal::of_code(400, 21451)),
        (None, None) => return Err(Refusal::bad(21421, "A 'PhoneNumber' or an 'AreaCode' is required")),
    };
    let number = Number {
        sid: world.random.sid(SidKind::IncomingNumber),
        account: account.clone(),
        kind: NumberKind::Local,
        friendly_name: given(pairs, "FriendlyName").unwrap_or(&phone_number).to_owned(),
        phone_number,
        capabilities: Capabilities::default(),
        whatsapp: false,
        settings: NumberSettings::default(),
        created: world.now,
        updated: world.now,
    };
    Ok(Answer::created(&numbers::show(&number, numbers::Form::General)))
}
