//! `…/Messages`: list, fetch, redact, cancel, delete, feedback.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use twilio::date;
use twilio::message::{DateFilter, ListMessages, MessageStatus, UpdateMessage, UpdateStatus};
use twilio::sid::Sid;

use super::paging::{self, Slice};
use super::{Answer, Call, Outcome, Refusal};
use crate::address::{self, Reading};
use crate::message::{Feedback, Message, MessageId};
use crate::messages::{Filter, Start};
use crate::world::World;

pub(super) fn list(world: &World, call: &Call<'_>) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    let wanted = paging::wanted(call)?;
    let asked = ListMessages::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let (to, from) = (asked.to.map(|to| as_stored(&to)), asked.from.map(|from| as_stored(&from)));
    let day = asked.date_sent.map(day_of);
    let since = asked.date_sent_since.map(|filter| bounds(filter).0);
    let until = asked.date_sent_until.map(|filter| bounds(filter).1);
    let filter = Filter {
        account: Some(&call.account),
        to: to.as_deref(),
        from: from.as_deref(),
        sent_since: [day.map(|day| day.0), since].into_iter().flatten().max(),
        sent_until: [day.map(|day| day.1), until].into_iter().flatten().min(),
        listed_at: Some(world.now),
    };
    let start = start(world, &wanted)?;
    let page = world.messages.page(&filter, start, wanted.size);
    let begins_later = !matches!(start, Start::Skip(0));
    let next = page.items.last().filter(|_| page.has_more);
    let previous = page.items.first().filter(|_| begins_later);
    let currency = currency(world, &call.account);
    let slice = Slice {
        next_token: next.map(|message| format!("PA{}", message.sid.as_str())),
        previous_token: previous.map(|message| format!("PB{}", message.sid.as_str())),
        items: page.items.iter().map(|message| show(message, &currency)).collect(),
    };
    Ok(Answer::ok(&paging::envelope_2010(call, "messages", &wanted, slice)))
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    let id = find(world, call, sid)?;
    match call.incoming.method {
        Method::GET => Ok(answer(world, call, id, 200)),
        Method::POST => update(world, call, id),
        Method::DELETE => delete(world, id),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn feedback(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    if call.incoming.method != Method::POST {
        return Err(call.method_not_allowed());
    }
    let id = find(world, call, sid)?;
    let outcome = match call.get("Outcome") {
        Some("confirmed") => "confirmed",
        Some("unconfirmed") | None => "unconfirmed",
        Some(_) => return Err(Refusal::bad(20422, "Outcome must be confirmed or unconfirmed")),
    };
    let now = world.now;
    let Some(message) = world.messages.get_mut(id) else { return Err(call.not_found()) };
    let created = message.feedback.as_ref().map_or(now, |feedback| feedback.created);
    message.feedback = Some(Feedback { outcome, created });
    let shown = json!({
        "account_sid": message.account.as_str(),
        "message_sid": message.sid.as_str(),
        "outcome": outcome,
        "date_created": date::rfc2822(created),
        "date_updated": date::rfc2822(now),
        "uri": call.incoming.path,
    });
    Ok(Answer::ok(&shown).about(id))
}

/// A message of the account that lists show.
pub(super) fn find(world: &World, call: &Call<'_>, sid: &Sid) -> Result<MessageId, Refusal> {
    let id = world.messages.find(sid).ok_or_else(|| call.not_found())?;
    let is_theirs =
        world.messages.get(id).is_some_and(|message| message.account == call.account && message.is_listed());
    if is_theirs { Ok(id) } else { Err(call.not_found()) }
}

/// The message as the body of an answer.
pub(super) fn answer(world: &World, call: &Call<'_>, id: MessageId, status: u16) -> Answer {
    let currency = currency(world, &call.account);
    match world.messages.get(id) {
        Some(message) => Answer::json(status, &message.to_resource(&currency)).about(id),
        None => call.not_found().into_answer(),
    }
}

fn update(world: &mut World, call: &Call<'_>, id: MessageId) -> Outcome {
    let wanted = UpdateMessage::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let Some(message) = world.messages.get(id) else { return Err(call.not_found()) };
    if wanted.status == Some(UpdateStatus::Canceled) {
        if message.status != MessageStatus::Scheduled {
            return Err(Refusal::bad(30409, "The message is not scheduled any more and cannot be cancelled"));
        }
        world.set_status(id, MessageStatus::Canceled, None);
    }
    if let Some(body) = wanted.body {
        redact(world, call, id, &body)?;
    }
    Ok(answer(world, call, id, 200))
}

fn redact(world: &mut World, call: &Call<'_>, id: MessageId, body: &str) -> Result<(), Refusal> {
    let now = world.now;
    let Some(message) = world.messages.get_mut(id) else { return Err(call.not_found()) };
    if !body.is_empty() {
        return Err(Refusal::bad(20422, "Body can only be set to the empty text, which redacts it"));
    }
    if !is_over(message) {
        return Err(Refusal::bad(20009, "The message is not finished yet and cannot be redacted"));
    }
    message.retention.is_redacted = true;
    message.updated = now;
    Ok(())
}

fn delete(world: &mut World, id: MessageId) -> Outcome {
    if world.messages.get(id).is_some_and(|message| !is_over(message)) {
        return Err(Refusal::bad(20009, "The message is not finished yet and cannot be deleted"));
    }
    world.messages.delete(id);
    Ok(Answer::no_content())
}

/// Whether a message may be redacted or deleted. One that is sent may never get a receipt.
fn is_over(message: &Message) -> bool {
    message.is_finished() || message.status == MessageStatus::Sent
}

fn currency(world: &World, account: &Sid) -> String {
    world.accounts.get(account).map_or_else(|| "USD".to_owned(), |account| account.currency.clone())
}

fn show(message: &Message, currency: &str) -> Value {
    serde_json::to_value(message.to_resource(currency))
        .expect("resources have text keys and no failing serializers")
}

/// An address in a filter as messages store it; what cannot be a number is compared as it stands.
fn as_stored(text: &str) -> String {
    address::normalize(text, Reading::Loose).unwrap_or_else(|| text.to_owned())
}

/// The first and the last instant that a filter means.
pub(super) fn bounds(filter: DateFilter) -> (Timestamp, Timestamp) {
    match filter {
        DateFilter::Moment(at) => {
            // Dates are kept to the second, and so is what is compared with them.
            let second = Timestamp::from_second(at.as_second()).unwrap_or(at);
            (second, end_of(second, SignedDuration::from_secs(1)))
        }
        DateFilter::Day(day) => {
            let start =
                day.to_zoned(jiff::tz::TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp());
            (start, end_of(start, SignedDuration::from_hours(24)))
        }
    }
}

/// The first and the last instant of the day that an equality means. It is the day even where a time is given:
/// libraries write a plain date as its midnight.
pub(super) fn day_of(filter: DateFilter) -> (Timestamp, Timestamp) {
    let day = match filter {
        DateFilter::Day(day) => day,
        DateFilter::Moment(at) => at.to_zoned(jiff::tz::TimeZone::UTC).date(),
    };
    bounds(DateFilter::Day(day))
}

fn end_of(start: Timestamp, length: SignedDuration) -> Timestamp {
    start.checked_add(length - SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX)
}

fn start(world: &World, wanted: &paging::Wanted<'_>) -> Result<Start, Refusal> {
    let Some(token) = wanted.token else {
        return Ok(Start::Skip(wanted.number.saturating_mul(wanted.size)));
    };
    let id = token.get(2..).and_then(|sid| Sid::parse(sid).ok()).and_then(|sid| world.messages.find(&sid));
    match (token.get(..2), id) {
        (Some("PA"), Some(id)) => Ok(Start::After(id)),
        (Some("PB"), Some(id)) => Ok(Start::Before(id)),
        _ => Err(Refusal::bad(20422, "PageToken is not one that a list gave out")),
    }
}
