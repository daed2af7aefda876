//! The senders of a service: `/PhoneNumbers`, `/AlphaSenders`, `/ShortCodes`.

use http::Method;
use serde_json::{Map, Value, json};
use twilio::date;
use twilio::sid::{Sid, SidKind};

use super::message_checks::given;
use super::route::Resource;
use super::{Answer, Call, Outcome, Refusal, paging, services};
use crate::address;
use crate::numbers::NumberKind;
use crate::services::{MemberKind, POOL_MAX, PoolMember, Service};
use crate::world::World;

pub(super) fn collection(world: &mut World, call: &Call<'_>, service: &Sid, resource: &Resource) -> Outcome {
    services::find(world, call, service)?;
    let kind = kind(resource);
    match call.incoming.method {
        Method::GET => list(world, call, service, kind),
        Method::POST => add(world, call, service, kind),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(
    world: &mut World,
    call: &Call<'_>,
    service: &Sid,
    member: &Sid,
    resource: &Resource,
) -> Outcome {
    let service = services::find(world, call, service)?;
    let kind = kind(resource);
    let found = service.pool.iter().find(|other| other.sid == *member && other.kind == kind);
    let found = found.ok_or_else(|| call.not_found())?;
    match call.incoming.method {
        Method::GET => Ok(Answer::ok(&show(world, call, service, found))),
        Method::DELETE => {
            world.services.remove_member(member);
            Ok(Answer::no_content())
        }
        _ => Err(call.method_not_allowed()),
    }
}

fn kind(resource: &Resource) -> MemberKind {
    match resource {
        Resource::AlphaSenders(_) | Resource::AlphaSender(..) => MemberKind::AlphaSender,
        Resource::ShortCodes(_) | Resource::ShortCode(..) => MemberKind::ShortCode,
        _ => MemberKind::PhoneNumber,
    }
}

fn list(world: &World, call: &Call<'_>, service: &Sid, kind: MemberKind) -> Outcome {
    let wanted = paging::wanted(call)?;
    let service = services::find(world, call, service)?;
    let members: Vec<&PoolMember> = service.pool.iter().rev().filter(|member| member.kind == kind).collect();
    let slice = paging::slice(
        &members,
        &wanted,
        |member| member.sid.as_str(),
        |member| show(world, call, service, member),
    );
    let key = match kind {
        MemberKind::PhoneNumber => "phone_numbers",
        MemberKind::ShortCode => "short_codes",
        MemberKind::AlphaSender => "alpha_senders",
    };
    Ok(Answer::ok(&paging::envelope_product(call, key, &wanted, slice)))
}

fn add(world: &mut World, call: &Call<'_>, service: &Sid, kind: MemberKind) -> Outcome {
    if services::find(world, call, service)?.pool.len() >= POOL_MAX {
        return Err(Refusal::of_code(400, 21714));
    }
    let (sid, address) = match kind {
        MemberKind::PhoneNumber => owned(world, call, "PhoneNumberSid", SidKind::IncomingNumber)?,
        MemberKind::ShortCode => owned(world, call, "ShortCodeSid", SidKind::ShortCode)?,
        MemberKind::AlphaSender => {
            let name = given(call.pairs, "AlphaSender")
                .filter(|name| address::is_alphanumeric_sender(name))
                .ok_or_else(|| Refusal::bad(20422, "AlphaSender must be up to eleven letters and digits"))?
                .to_owned();
            (world.random.sid(SidKind::AlphaSender), name)
        }
    };
    let member = PoolMember { sid, kind, address, created: world.now };
    let shown = show(world, call, services::find(world, call, service)?, &member);
    world.services.add_member(service, member);
    Ok(Answer::created(&shown))
}

/// The account's number or short code that a parameter names, where it is in no pool yet.
fn owned(world: &World, call: &Call<'_>, name: &str, kind: SidKind) -> Result<(Sid, String), Refusal> {
    let text = given(call.pairs, name).ok_or_else(|| Refusal::bad(20001, format!("{name} is required")))?;
    let sid = Sid::parse(text).ok().filter(|sid| sid.kind() == Some(kind));
    let number = sid
        .as_ref()
        .and_then(|sid| world.numbers.get(sid))
        .filter(|number| number.account == call.account)
        .ok_or_else(|| Refusal::new(404, 20404, format!("{text} was not found")))?;
    if world.services.of_member(&number.sid).is_some() {
        return Err(Refusal::of_code(400, 21712));
    }
    Ok((number.sid.clone(), number.phone_number.clone()))
}

fn show(world: &World, call: &Call<'_>, service: &Service, member: &PoolMember) -> Value {
    let number = world.numbers.get(&member.sid);
    let mut capabilities = vec!["SMS"];
    if let Some(number) = number {
        if number.capabilities.mms {
            capabilities.push("MMS");
        }
        if number.capabilities.voice && number.kind != NumberKind::ShortCode {
            capabilities.push("Voice");
        }
    }
    let country = match member.kind {
        MemberKind::PhoneNumber => address::country(&member.address),
        _ => "US",
    };
    let (own, segment) = match member.kind {
        MemberKind::PhoneNumber => ("phone_number", "PhoneNumbers"),
        MemberKind::ShortCode => ("short_code", "ShortCodes"),
        MemberKind::AlphaSender => ("alpha_sender", "AlphaSenders"),
    };
    let (service_sid, sid) = (service.sid.as_str(), member.sid.as_str());
    let mut shown = Map::new();
    shown.insert("sid".to_owned(), json!(sid));
    shown.insert("account_sid".to_owned(), json!(service.account.as_str()));
    shown.insert("service_sid".to_owned(), json!(service_sid));
    shown.insert("date_created".to_owned(), json!(date::iso8601(member.created)));
    shown.insert("date_updated".to_owned(), json!(date::iso8601(member.created)));
    shown.insert(own.to_owned(), json!(member.address));
    if member.kind != MemberKind::AlphaSender {
        shown.insert("country_code".to_owned(), json!(country));
    }
    shown.insert("capabilities".to_owned(), json!(capabilities));
    let url = format!("{}/v1/Services/{service_sid}/{segment}/{sid}", call.product_base());
    shown.insert("url".to_owned(), json!(url));
    Value::Object(shown)
}
