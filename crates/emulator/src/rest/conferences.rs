//! `…/Conferences` and their participants: list, fetch, change, end, call in, take out.

use http::Method;
use serde_json::{Value, json};
use twilio::date;
use twilio::sid::Sid;
use twilio::voice_twiml::{self, Conference as Noun, Dial, DialTarget, Document};

use super::call_checks::{self, flag, method};
use super::message_checks::{given, is_callback_url};
use super::route::ParticipantName;
use super::{Answer, Call as Request, Outcome, Refusal, calls, paging};
use crate::call::{CallDraft, CallId, Source};
use crate::conferences::{Conference, ConferenceStatus, Participant};
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

fn find<'a>(world: &'a World, request: &Request<'_>, sid: &Sid) -> Result<&'a Conference, Refusal> {
    let conference = world.conferences.get(sid).filter(|conference| conference.account == request.account);
    conference.ok_or_else(|| request.not_found())
}

fn document(request: &Request<'_>, url: &str, method_name: &str) -> Result<Option<Source>, Refusal> {
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

pub(super) fn participants(world: &mut World, request: &Request<'_>, sid: &Sid) -> Outcome {
    match request.incoming.method {
        Method::GET => {}
        Method::POST => return call_in(world, request, sid),
        _ => return Err(request.method_not_allowed()),
    }
    let conference = find(world, request, sid)?;
    let wanted = paging::wanted(request)?;
    let wish = |name| given(request.pairs, name).map(|text| text == "true");
    let (muted, hold, coaching) = (wish("Muted"), wish("Hold"), wish("Coaching"));
    let fitting: Vec<&Participant> = conference
        .participants
        .iter()
        .filter(|participant| muted.is_none_or(|muted| participant.muted == muted))
        .filter(|participant| hold.is_none_or(|hold| participant.hold == hold))
        .filter(|participant| coaching.is_none_or(|coaching| participant.coaches.is_some() == coaching))
        .collect();
    let show = |participant: &&Participant| shown_participant(conference, participant);
    let slice = paging::slice(&fitting, &wanted, |participant| participant.call_sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(request, "participants", &wanted, slice)))
}

/// Calls somebody into a conference: a call whose document is a dial into it.
fn call_in(world: &mut World, request: &Request<'_>, sid: &Sid) -> Outcome {
    let conference = find(world, request, sid)?;
    if conference.status == ConferenceStatus::Completed {
        return Err(request.not_found());
    }
    let yes = |name: &str| given(request.pairs, name).map(|text| text.eq_ignore_ascii_case("true"));
    let noun = Noun {
        muted: yes("Muted"),
        start_conference_on_enter: yes("StartConferenceOnEnter"),
        end_conference_on_exit: yes("EndConferenceOnExit"),
        participant_label: given(request.pairs, "Label").map(str::to_owned),
        wait_url: given(request.pairs, "WaitUrl").map(str::to_owned),
        wait_method: Some(method(request.pairs, "WaitMethod")?),
        coach: given(request.pairs, "CallSidToCoach").map(str::to_owned),
        ..Noun::named(conference.friendly_name.clone())
    };
    let conference_sid = conference.sid.clone();
    let dial = Dial { targets: vec![DialTarget::Conference(noun)], ..Dial::default() };
    let twiml = Document::of([voice_twiml::Verb::Dial(dial)]).to_xml();
    let mut pairs = request.pairs.to_vec();
    pairs.retain(|(name, _)| !matches!(name.as_str(), "Url" | "Twiml" | "ApplicationSid"));
    pairs.push(("Twiml".to_owned(), twiml));
    let checked = call_checks::create(
        world,
        &request.account,
        &pairs,
        crate::emulation::Strictness::Lenient,
        request.plan,
    )?;
    let draft: CallDraft = checked.draft;
    let id = world.create_call(draft);
    let Some(call) = world.calls.get(id) else { return Err(request.not_found()) };
    let now = world.now;
    // Nobody is in yet; it is shown as somebody who is being called.
    let coming = Participant {
        call: id,
        call_sid: call.sid.clone(),
        label: given(request.pairs, "Label").map(str::to_owned),
        muted: yes("Muted") == Some(true),
        hold: false,
        coaches: given(request.pairs, "CallSidToCoach").and_then(|sid| Sid::parse(sid).ok()),
        starts: yes("StartConferenceOnEnter") != Some(false),
        ends: yes("EndConferenceOnExit") == Some(true),
        joined: now,
        updated: now,
    };
    let mut shown = shown_participant(find(world, request, &conference_sid)?, &coming);
    shown["status"] = json!("queued");
    Ok(Answer::created(&shown).about_call(id))
}

pub(super) fn participant(
    world: &mut World,
    request: &Request<'_>,
    sid: &Sid,
    name: &ParticipantName,
) -> Outcome {
    let conference = find(world, request, sid)?;
    let participant = conference.participants.iter().find(|participant| match name {
        ParticipantName::Call(call) => participant.call_sid == *call,
        ParticipantName::Label(label) => participant.label.as_deref() == Some(label),
    });
    let call = participant.ok_or_else(|| request.not_found())?.call;
    match request.incoming.method {
        Method::GET => {}
        Method::POST => change(world, request, sid, call)?,
        Method::DELETE => {
            // Whoever is taken out goes on with what follows in the call's own document.
            world.leave_conference(call, "participant_removed_via_api");
            return Ok(Answer::no_content());
        }
        _ => return Err(request.method_not_allowed()),
    }
    let conference = find(world, request, sid)?;
    let participant = conference.participant(call).ok_or_else(|| request.not_found())?;
    Ok(Answer::ok(&shown_participant(conference, participant)).about_call(call))
}

fn change(world: &mut World, request: &Request<'_>, sid: &Sid, call: CallId) -> Result<(), Refusal> {
    let given_flag = |name| match given(request.pairs, name) {
        None => Ok(None),
        Some(_) => flag(request.pairs, name).map(Some),
    };
    let (muted, hold) = (given_flag("Muted")?, given_flag("Hold")?);
    let (ends, coaching) = (given_flag("EndConferenceOnExit")?, given_flag("Coaching")?);
    let coached = given(request.pairs, "CallSidToCoach").and_then(|sid| Sid::parse(sid).ok());
    let heard = document(request, "HoldUrl", "HoldMethod")?;
    let announcement = document(request, "AnnounceUrl", "AnnounceMethod")?;
    let conference = world.conferences.get_mut(sid).ok_or_else(|| request.not_found())?;
    if let Some(participant) = conference.participant_mut(call) {
        participant.ends = ends.unwrap_or(participant.ends);
        match coaching {
            Some(true) => participant.coaches = coached.or(participant.coaches.take()),
            Some(false) => participant.coaches = None,
            None => {}
        }
    }
    world.change_participant(call, muted, hold, heard);
    if let Some(announcement) = announcement {
        world.announce(call, announcement);
    }
    Ok(())
}

fn shown_participant(conference: &Conference, participant: &Participant) -> Value {
    let (account, sid) = (conference.account.as_str(), conference.sid.as_str());
    let call = participant.call_sid.as_str();
    json!({
        "account_sid": account,
        "call_sid": call,
        "label": participant.label,
        "conference_sid": sid,
        "date_created": date::rfc2822(participant.joined),
        "date_updated": date::rfc2822(participant.updated),
        "end_conference_on_exit": participant.ends,
        "muted": participant.muted,
        "hold": participant.hold,
        "status": "connected",
        "start_conference_on_enter": participant.starts,
        "coaching": participant.coaches.is_some(),
        "call_sid_to_coach": participant.coaches.as_ref().map(|sid| sid.as_str()),
        "queue_time": null,
        "uri": format!("/2010-04-01/Accounts/{account}/Conferences/{sid}/Participants/{call}.json"),
    })
}
