//! `…/Messages/{Sid}/Media`: list, fetch, delete, and the bytes themselves.

use http::Method;
use serde_json::{Value, json};
use twilio::date;
use twilio::media::ListMedia;
use twilio::sid::Sid;

use super::route::{Resource, Route};
use super::{Answer, Call, Content, Incoming, Outcome, Refusal, messages, paging};
use crate::medium::{Medium, MediumContent};
use crate::message::Message;
use crate::world::World;

pub(super) fn list(world: &World, call: &Call<'_>, message: &Sid) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    let id = messages::find(world, call, message)?;
    let wanted = paging::wanted(call)?;
    let asked =
        ListMedia::from_pairs(call.pairs).map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let day = asked.date_created.map(messages::day_of);
    let since = asked.date_created_since.map(|filter| messages::bounds(filter).0);
    let until = asked.date_created_until.map(|filter| messages::bounds(filter).1);
    let since = [day.map(|day| day.0), since].into_iter().flatten().max();
    let until = [day.map(|day| day.1), until].into_iter().flatten().min();
    let Some(message) = world.messages.get(id) else { return Err(call.not_found()) };
    let fitting: Vec<&Medium> = message
        .media
        .iter()
        .filter(|medium| since.is_none_or(|since| medium.created >= since))
        .filter(|medium| until.is_none_or(|until| medium.created <= until))
        .collect();
    let slice =
        paging::slice(&fitting, &wanted, |medium| medium.sid.as_str(), |medium| show(message, medium));
    Ok(Answer::ok(&paging::envelope_2010(call, "media_list", &wanted, slice)))
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, message: &Sid, sid: &Sid) -> Outcome {
    let id = messages::find(world, call, message)?;
    let Some(message) = world.messages.get_mut(id) else { return Err(call.not_found()) };
    let index = message.media.iter().position(|medium| medium.sid == *sid).ok_or_else(|| call.not_found())?;
    match call.incoming.method {
        Method::GET => Ok(Answer::ok(&show(message, &message.media[index]))),
        Method::DELETE => {
            message.media.remove(index);
            Ok(Answer::no_content())
        }
        _ => Err(call.method_not_allowed()),
    }
}

/// The bytes of a medium, or the way to them. Whoever knows the address may have it, as it is by default on
/// the real thing.
pub(super) fn bytes(world: &World, route: &Route, incoming: &Incoming) -> Answer {
    let medium = match &route.resource {
        Resource::MediumBytes(message, sid) => world
            .messages
            .find(message)
            .and_then(|id| world.messages.get(id))
            .filter(|message| Some(&message.account) == route.account.as_ref())
            .and_then(|message| message.media.iter().find(|medium| medium.sid == *sid)),
        _ => None,
    };
    match (medium, &incoming.method) {
        (Some(medium), &Method::GET | &Method::HEAD) => match &medium.content {
            MediumContent::Bytes(bytes) => {
                let content_type = medium.content_type.clone();
                Answer::new(200, Content::Bytes { content_type, bytes: bytes.clone() })
            }
            MediumContent::Url(url) => Answer::new(307, Content::Location(url.clone())),
        },
        (Some(_), _) => Refusal::of_code(405, 20004).into_answer(),
        (None, _) => Refusal::not_found(&incoming.path).into_answer(),
    }
}

fn show(message: &Message, medium: &Medium) -> Value {
    let (account, parent, sid) = (message.account.as_str(), message.sid.as_str(), medium.sid.as_str());
    json!({
        "account_sid": account,
        "content_type": medium.content_type,
        "date_created": date::rfc2822(medium.created),
        "date_updated": date::rfc2822(medium.created),
        "parent_sid": parent,
        "sid": sid,
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{parent}/Media/{sid}.json"),
    })
}
