//! `…/Conferences/{Sid}/Participants`: list, call in, fetch, change, take out.

use http::Method;
use serde_json::{Value, json};
use twilio::date;
use twilio::form::Pairs;
use twilio::participant::CreateParticipant;
use twilio::sid::{Sid, SidKind};
use twilio::voice_twiml::{self, Dial, DialTarget, Document};

use super::call_checks::{self, flag};
use super::conferences::{document, find};
use super::message_checks::{given, is_callback_url};
use super::route::ParticipantName;
use super::{Answer, Call as Request, Outcome, Refusal, paging};
use crate::call::CallId;
use crate::conferences::{Conference, ConferenceCallback, ConferenceStatus, Participant};
use crate::emulation::Strictness;
use crate::world::World;

/// What of a request would lead its call elsewhere than into the conference, or means something else there.
const OF_CALLS_ALONE: [&str; 6] =
    ["Url", "Twiml", "ApplicationSid", "FallbackUrl", "AsyncAmd", "AsyncAmdStatusCallback"];

/// The participants of a conference, which is named by its SID, or, to call somebody in, by its name.
pub(super) fn collection(world: &mut World, request: &Request<'_>, conference: &str) -> Outcome {
    match request.incoming.method {
        Method::GET => {}
        Method::POST => return call_in(world, request, conference),
        _ => return Err(request.method_not_allowed()),
    }
    let sid = Sid::parse(conference).map_err(|_| request.not_found())?;
    let conference = find(world, request, &sid)?;
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
    let show = |participant: &&Participant| shown(world, conference, participant);
    let slice = paging::slice(&fitting, &wanted, |participant| participant.call_sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(request, "participants", &wanted, slice)))
}

/// Calls somebody into a conference: a call whose document is a dial into it.
fn call_in(world: &mut World, request: &Request<'_>, conference: &str) -> Outcome {
    let name = name_of(world, request, conference)?;
    let asked = CreateParticipant::from_pairs(request.pairs).map_err(Refusal::from)?;
    check(&asked)?;
    let noun = asked.noun(name);
    let dial = Dial { targets: vec![DialTarget::Conference(noun.clone())], ..Dial::default() };
    let pairs = as_call(request.pairs, &Document::of([voice_twiml::Verb::Dial(dial)]).to_xml());
    let checked = call_checks::create(world, &request.account, &pairs, Strictness::Lenient, request.plan)?;
    let callback = ConferenceCallback {
        url: noun.status_callback.clone(),
        method: noun.status_callback_method.unwrap_or_default(),
        events: noun.status_callback_event.clone(),
        told: 0,
    };
    let region = noun.region.map_or("us1", |region| region.as_str());
    let sid = world.conference_named(&request.account, &noun.name, region, callback);
    let id = world.create_call(checked.draft);
    let Some(call) = world.calls.get(id) else { return Err(request.not_found()) };
    let now = world.now;
    // Nobody is in yet; it is shown as somebody who is being called.
    let coming = Participant {
        call: id,
        call_sid: call.sid.clone(),
        label: noun.participant_label,
        muted: noun.muted == Some(true),
        hold: false,
        coaches: noun.coach.and_then(|sid| Sid::parse(&sid).ok()),
        starts: noun.start_conference_on_enter != Some(false),
        ends: noun.end_conference_on_exit == Some(true),
        joined: now,
        updated: now,
    };
    let mut shown = shown(world, find(world, request, &sid)?, &coming);
    shown["status"] = json!("queued");
    Ok(Answer::created(&shown).about_call(id))
}

/// The name of the conference that a SID or a name means. A SID must be one that goes on.
fn name_of(world: &World, request: &Request<'_>, conference: &str) -> Result<String, Refusal> {
    match Sid::parse(conference).ok().filter(|sid| sid.kind() == Some(SidKind::Conference)) {
        Some(sid) => match find(world, request, &sid)? {
            conference if conference.status == ConferenceStatus::Completed => Err(request.not_found()),
            conference => Ok(conference.friendly_name.clone()),
        },
        None => Ok(conference.to_owned()),
    }
}

/// What is wrong whatever the rest says.
fn check(asked: &CreateParticipant) -> Result<(), Refusal> {
    if asked.coaching == Some(true) && asked.call_sid_to_coach.is_none() {
        return Err(Refusal::bad(20422, "Coaching needs a CallSidToCoach"));
    }
    for (name, url) in [
        ("ConferenceStatusCallback", &asked.conference_status_callback),
        ("ConferenceRecordingStatusCallback", &asked.conference_recording_status_callback),
        ("AmdStatusCallback", &asked.amd_status_callback),
    ] {
        if url.as_deref().is_some_and(|url| !url.is_empty() && !is_callback_url(url)) {
            return Err(Refusal::bad(21609, format!("The '{name}' URL is not valid")));
        }
    }
    Ok(())
}

/// The request as one that creates a call. Detection always goes on beside it.
fn as_call(pairs: &[(String, String)], twiml: &str) -> Pairs {
    let mut call: Pairs =
        pairs.iter().filter(|(name, _)| !OF_CALLS_ALONE.contains(&name.as_str())).cloned().collect();
    let mut add = |name: &str, value: &str| call.push((name.to_owned(), value.to_owned()));
    add("Twiml", twiml);
    if given(pairs, "MachineDetection").is_some() {
        add("AsyncAmd", "true");
        for (name, as_call) in [
            ("AmdStatusCallback", "AsyncAmdStatusCallback"),
            ("AmdStatusCallbackMethod", "AsyncAmdStatusCallbackMethod"),
        ] {
            given(pairs, name).into_iter().for_each(|value| add(as_call, value));
        }
    }
    call
}

pub(super) fn instance(
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
    Ok(Answer::ok(&shown(world, conference, participant)).about_call(call))
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

fn shown(world: &World, conference: &Conference, participant: &Participant) -> Value {
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
        "queue_time": world.calls.get(participant.call).map(|call| call.queue_ms.to_string()),
        "uri": format!("/2010-04-01/Accounts/{account}/Conferences/{sid}/Participants/{call}.json"),
    })
}
