//! `…/Conferences`: list, fetch, announce to, end.

use http::Method;
use serde_json::{Value, json};
use twilio::date;
use twilio::sid::Sid;

use super::call_checks::method;
use super::message_checks::{given, is_callback_url};
use super::{Answer, Call as Request, Outcome, Refusal, calls, paging};
use crate::call::Source;
use crate::conferences::{Conference, ConferenceStatus};
use crate::world::World;

pub(super) fn list(world: &World, request: &Request<'_>) -> Outcome {
    if request.incoming.method != Method::GET {
        return Err(request.method_not_allowed());
    }
    let wanted = paging::wanted(request)?;
    let name = given(request.pairs, "FriendlyName");
    let status = given(request.pairs, "Status");
    let created = calls::Span::read(request.pairs, "DateCreated")?;
    let updated = calls::Span::read(request.pairs, "DateUpdated")?;
    let fitting: Vec<&Conference> = world
        .conferences
        .iter()
        .rev()
        .filter(|conference| conference.account == request.account)
        .filter(|conference| name.is_none_or(|name| conference.friendly_name == name))
        .filter(|conference| status.is_none_or(|status| conference.status.as_str() == status))
        .filter(|conference| created.fits(Some(conference.created)) && updated.fits(Some(conference.updated)))
        .collect();
    let slice = paging::slice(
        &fitting,
        &wanted,
        |conference| conference.sid.as_str(),
        |conference| shown(conference),
    );
    Ok(Answer::ok(&paging::envelope_2010(request, "conferences", &wanted, slice)))
}

pub(super) fn instance(world: &mut World, request: &Request<'_>, sid: &Sid) -> Outcome {
    find(world, request, sid)?;
    match request.incoming.method {
        Method::GET => {}
        Method::POST => update(world, request, sid)?,
        _ => return Err(request.method_not_allowed()),
    }
    Ok(Answer::ok(&shown(find(world, request, sid)?)))
}

fn update(world: &mut World, request: &Request<'_>, sid: &Sid) -> Result<(), Refusal> {
    let is_over = find(world, request, sid)?.status == ConferenceStatus::Completed;
    let announcement = document(request, "AnnounceUrl", "AnnounceMethod")?;
    match given(request.pairs, "Status") {
        None => {}
        Some("completed") => {
            let by = world.participants_of(sid).first().and_then(|call| world.calls.get(*call));
            let by = by.map_or_else(|| sid.clone(), |call| call.sid.clone());
            world.end_conference(sid, "conference-ended-via-api", &by);
        }
        Some(_) => return Err(Refusal::bad(20422, "Status must be completed")),
    }
    if let Some(announcement) = announcement {
        if is_over {
            return Err(request.not_found());
        }
        for call in world.participants_of(sid) {
            world.announce(call, announcement.clone());
        }
    }
    Ok(())
}

pub(super) fn find<'a>(
    world: &'a World,
    request: &Request<'_>,
    sid: &Sid,
) -> Result<&'a Conference, Refusal> {
    let conference = world.conferences.get(sid).filter(|conference| conference.account == request.account);
    conference.ok_or_else(|| request.not_found())
}

pub(super) fn document(
    request: &Request<'_>,
    url: &str,
    method_name: &str,
) -> Result<Option<Source>, Refusal> {
    match given(request.pairs, url) {
        None => Ok(None),
        Some(text) if !is_callback_url(text) => Err(Refusal::bad(21205, format!("{url} is not a valid URL"))),
        Some(text) => Ok(Some(Source::of(text, method(request.pairs, method_name)?))),
    }
}

fn shown(conference: &Conference) -> Value {
    let (account, sid) = (conference.account.as_str(), conference.sid.as_str());
    let uri = format!("/2010-04-01/Accounts/{account}/Conferences/{sid}");
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "date_created": date::rfc2822(conference.created),
        "date_updated": date::rfc2822(conference.updated),
        "friendly_name": conference.friendly_name,
        "sid": sid,
        "region": conference.region,
        "status": conference.status.as_str(),
        "subresource_uris": {
            "participants": format!("{uri}/Participants.json"),
            "recordings": format!("{uri}/Recordings.json"),
        },
        "uri": format!("{uri}.json"),
        "reason_conference_ended": conference.ended_by.as_ref().map(|(reason, _)| *reason),
        "call_sid_ending_conference": conference.ended_by.as_ref().map(|(_, call)| call.as_str()),
    })
}
