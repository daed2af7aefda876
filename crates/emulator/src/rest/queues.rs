//! `…/Queues` and their members: list, create, fetch, change, delete, lead out.

use http::Method;
use serde_json::{Value, json};
use twilio::date;
use twilio::sid::Sid;

use super::call_checks::{method, number};
use super::message_checks::{given, is_callback_url};
use super::route::MemberName;
use super::{Answer, Call as Request, Outcome, Refusal, paging};
use crate::call::CallId;
use crate::call_queues::{CallQueue, Member};
use crate::world::World;

const NAME_CHARS_MAX: usize = 64;
const SIZE_MAX: u32 = 5_000;

pub(super) fn collection(world: &mut World, request: &Request<'_>) -> Outcome {
    match request.incoming.method {
        Method::GET => {
            let wanted = paging::wanted(request)?;
            let queues: Vec<&CallQueue> =
                world.call_queues.iter().rev().filter(|queue| queue.account == request.account).collect();
            let show = |queue: &&CallQueue| shown(world, queue);
            let slice = paging::slice(&queues, &wanted, |queue| queue.sid.as_str(), show);
            Ok(Answer::ok(&paging::envelope_2010(request, "queues", &wanted, slice)))
        }
        Method::POST => create(world, request),
        _ => Err(request.method_not_allowed()),
    }
}

fn create(world: &mut World, request: &Request<'_>) -> Outcome {
    let wanted = name(request)?.ok_or_else(|| Refusal::bad(20422, "A 'FriendlyName' is required"))?;
    let size = number(request.pairs, "MaxSize", 1..=SIZE_MAX)?;
    if world.call_queues.named(&request.account, &wanted).is_some() {
        return Err(Refusal::bad(22003, "A queue with this name exists already"));
    }
    let sid = world.queue_named(&request.account, &wanted, size);
    answer(world, request, &sid, 201)
}

fn name(request: &Request<'_>) -> Result<Option<String>, Refusal> {
    match given(request.pairs, "FriendlyName") {
        Some(name) if name.chars().count() > NAME_CHARS_MAX => {
            Err(Refusal::bad(20422, "FriendlyName must be at most 64 characters"))
        }
        name => Ok(name.map(str::to_owned)),
    }
}

pub(super) fn instance(world: &mut World, request: &Request<'_>, sid: &Sid) -> Outcome {
    let queue = find(world, request, sid)?;
    match request.incoming.method {
        Method::GET => answer(world, request, sid, 200),
        Method::DELETE if !queue.members.is_empty() => {
            Err(Refusal::bad(22002, "The queue is not empty and cannot be deleted"))
        }
        Method::DELETE => {
            world.call_queues.remove(sid);
            Ok(Answer::no_content())
        }
        Method::POST => {
            let wanted = name(request)?;
            let size = number(request.pairs, "MaxSize", 1..=SIZE_MAX)?;
            let now = world.now;
            if let Some(queue) = world.call_queues.get_mut(sid) {
                queue.friendly_name = wanted.unwrap_or_else(|| queue.friendly_name.clone());
                queue.size_max = size.unwrap_or(queue.size_max);
                queue.updated = now;
            }
            answer(world, request, sid, 200)
        }
        _ => Err(request.method_not_allowed()),
    }
}

fn find<'a>(world: &'a World, request: &Request<'_>, sid: &Sid) -> Result<&'a CallQueue, Refusal> {
    let queue = world.call_queues.get(sid).filter(|queue| queue.account == request.account);
    queue.ok_or_else(|| request.not_found())
}

fn answer(world: &World, request: &Request<'_>, sid: &Sid, status: u16) -> Outcome {
    let queue = find(world, request, sid)?;
    Ok(Answer::json(status, &shown(world, queue)))
}

fn shown(world: &World, queue: &CallQueue) -> Value {
    let (account, sid) = (queue.account.as_str(), queue.sid.as_str());
    let uri = format!("/2010-04-01/Accounts/{account}/Queues/{sid}.json");
    json!({
        "account_sid": account,
        "average_wait_time": queue.average_wait_s(world.now),
        "current_size": queue.members.len(),
        "date_created": date::rfc2822(queue.created),
        "date_updated": date::rfc2822(queue.updated),
        "friendly_name": queue.friendly_name,
        "max_size": queue.size_max,
        "sid": sid,
        "uri": uri,
    })
}

pub(super) fn members(world: &World, request: &Request<'_>, sid: &Sid) -> Outcome {
    if request.incoming.method != Method::GET {
        return Err(request.method_not_allowed());
    }
    let queue = find(world, request, sid)?;
    let wanted = paging::wanted(request)?;
    let members: Vec<&Member> = queue.members.iter().collect();
    let show = |member: &&Member| shown_member(world, queue, member);
    let slice = paging::slice(&members, &wanted, |member| member.call_sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(request, "queue_members", &wanted, slice)))
}

/// One that waits, by its call or as the one that waits longest; a POST leads it out of the queue.
pub(super) fn member(world: &mut World, request: &Request<'_>, sid: &Sid, name: &MemberName) -> Outcome {
    let queue = find(world, request, sid)?;
    let member = match name {
        MemberName::Front => queue.members.front(),
        MemberName::Call(call) => queue.members.iter().find(|member| member.call_sid == *call),
    };
    let member = member.ok_or_else(|| request.not_found())?;
    let (call, shown): (CallId, Value) = (member.call, shown_member(world, queue, member));
    match request.incoming.method {
        Method::GET => {}
        Method::POST => {
            let url = given(request.pairs, "Url").filter(|url| is_callback_url(url));
            let url = url.ok_or_else(|| Refusal::bad(21205, "Url parameter is required."))?;
            let method = method(request.pairs, "Method")?;
            if !world.dequeue(call, url, method) {
                return Err(request.not_found());
            }
        }
        _ => return Err(request.method_not_allowed()),
    }
    Ok(Answer::ok(&shown).about_call(call))
}

fn shown_member(world: &World, queue: &CallQueue, member: &Member) -> Value {
    let (account, sid, call) = (queue.account.as_str(), queue.sid.as_str(), member.call_sid.as_str());
    json!({
        "queue_sid": sid,
        "call_sid": call,
        "date_enqueued": date::rfc2822(member.entered),
        "position": queue.position(member.call),
        "uri": format!("/2010-04-01/Accounts/{account}/Queues/{sid}/Members/{call}.json"),
        "wait_time": member.wait_s(world.now),
    })
}
