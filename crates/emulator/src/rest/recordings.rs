//! `…/Recordings` and `…/Transcriptions`, also those of one call, and the sound itself.

use http::Method;
use serde_json::{Value, json};
use twilio::form;
use twilio::recording::{
    ListRecordings, PauseBehavior as PauseWish, RecordingCommand, RecordingResource, RecordingSource,
    RecordingStatus as ShownStatus, RecordingTrack, TranscriptionResource, TranscriptionStatus,
    UpdateRecording,
};
use twilio::sid::{Sid, SidKind};

use super::messages::{bounds, day_of};
use super::route::{RecordingName, Resource, Route};
use super::{Answer, Call as Request, Content, Incoming, Outcome, Refusal, call_checks, calls, paging};
use crate::accounts::micros_text;
use crate::call::{CallId, CallStatus};
use crate::recordings::{NewRecording, PauseBehavior, Recording, RecordingStatus, Track, Transcription};
use crate::sound;
use crate::world::World;

/// The price of a minute of recording, in millionths.
const PRICE_MICROS: i64 = 2_500;

/// Recordings of the account, or of one call.
pub(super) fn collection(world: &mut World, request: &Request<'_>, call: Option<&Sid>) -> Outcome {
    match (request.incoming.method.clone(), call) {
        (Method::GET, None) => list(world, request, &Place::Account),
        (Method::GET, Some(call)) => {
            calls::find(world, request, call)?;
            list(world, request, &Place::Call(call.clone()))
        }
        (Method::POST, Some(call)) => start(world, request, call),
        _ => Err(request.method_not_allowed()),
    }
}

/// The price of so many minutes of recording, in millionths.
pub(super) fn price_micros(minutes: u64) -> i64 {
    PRICE_MICROS * i64::try_from(minutes).unwrap_or(0)
}

/// Where recordings are looked at, which decides what is shown of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Account,
    Call(Sid),
    Conference(Sid),
}

impl Place {
    fn has(&self, recording: &Recording) -> bool {
        match self {
            Place::Account => true,
            Place::Call(call) => recording.call_sid == *call,
            Place::Conference(conference) => recording.conference.as_ref() == Some(conference),
        }
    }
}

/// Recordings of one conference.
pub(super) fn of_conference(world: &World, request: &Request<'_>, conference: &Sid) -> Outcome {
    if request.incoming.method != Method::GET {
        return Err(request.method_not_allowed());
    }
    list(world, request, &Place::Conference(conference.clone()))
}

fn list(world: &World, request: &Request<'_>, place: &Place) -> Outcome {
    let wanted = paging::wanted(request)?;
    let asked = ListRecordings::from_pairs(request.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let day = asked.date_created.map(day_of);
    let since = asked.date_created_since.map(|filter| bounds(filter).0);
    let until = asked.date_created_until.map(|filter| bounds(filter).1);
    let since = [day.map(|day| day.0), since].into_iter().flatten().max();
    let until = [day.map(|day| day.1), until].into_iter().flatten().min();
    let fitting: Vec<&Recording> = world
        .recordings
        .iter()
        .rev()
        .filter(|recording| recording.account == request.account)
        .filter(|recording| place.has(recording))
        .filter(|recording| asked.call_sid.as_ref().is_none_or(|call| recording.call_sid == *call))
        .filter(|recording| asked.conference_sid.is_none() || asked.conference_sid == recording.conference)
        .filter(|recording| since.is_none_or(|since| recording.created >= since))
        .filter(|recording| until.is_none_or(|until| recording.created <= until))
        .collect();
    let show = |recording: &&Recording| shown(world, recording, place);
    let slice = paging::slice(&fitting, &wanted, |recording| recording.sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(request, "recordings", &wanted, slice)))
}

fn start(world: &mut World, request: &Request<'_>, call: &Sid) -> Outcome {
    let id = calls::find(world, request, call)?;
    expect_in_progress(world, id)?;
    let wish = call_checks::recording(request.pairs)?;
    let new = NewRecording {
        source: "StartCallRecordingAPI",
        channels: wish.channels,
        track: wish.track,
        trims: wish.trims,
        callback: wish.callback,
        transcribe: None,
    };
    let sid = world.start_recording(id, new).ok_or_else(|| request.not_found())?;
    answer(world, request, &sid, &Place::Call(call.clone()), 201)
}

fn expect_in_progress(world: &World, id: CallId) -> Result<(), Refusal> {
    match world.calls.get(id).map(|call| call.status) {
        Some(CallStatus::InProgress) => Ok(()),
        _ => Err(Refusal::bad(21220, "Requested resource is not eligible for recording")),
    }
}

/// One recording, by its SID or as the one that a call or a conference makes now.
pub(super) fn instance(
    world: &mut World,
    request: &Request<'_>,
    place: &Place,
    name: &RecordingName,
) -> Outcome {
    let sid = match (name, place) {
        (RecordingName::Sid(sid), _) => Some(sid.clone()),
        (RecordingName::Current, Place::Call(call)) => {
            let id = calls::find(world, request, call)?;
            expect_in_progress(world, id)?;
            world.calls.live(id).and_then(|live| live.recordings.last().cloned())
        }
        (RecordingName::Current, Place::Conference(conference)) => {
            world.conferences.get(conference).and_then(|conference| conference.recording.clone())
        }
        (RecordingName::Current, Place::Account) => None,
    };
    let sid = sid.ok_or_else(|| request.not_found())?;
    let recording = world.recordings.get(&sid).ok_or_else(|| request.not_found())?;
    if recording.account != request.account || !place.has(recording) {
        return Err(request.not_found());
    }
    match request.incoming.method {
        Method::GET => answer(world, request, &sid, place, 200),
        Method::POST if *place != Place::Account => update(world, request, &sid, place),
        Method::DELETE => {
            world.stop_recording(&sid);
            world.recordings.remove(&sid);
            Ok(Answer::no_content())
        }
        _ => Err(request.method_not_allowed()),
    }
}

fn update(world: &mut World, request: &Request<'_>, sid: &Sid, place: &Place) -> Outcome {
    let wanted = UpdateRecording::from_pairs(request.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    if !world.recordings.get(sid).is_some_and(Recording::is_running) {
        return Err(Refusal::bad(21220, "The recording has ended already"));
    }
    match wanted.status {
        RecordingCommand::InProgress => world.pause_recording(sid, None),
        RecordingCommand::Stopped => world.stop_recording(sid),
        RecordingCommand::Paused => {
            let behavior = match wanted.pause_behavior {
                Some(PauseWish::Skip) => PauseBehavior::Skip,
                Some(PauseWish::Silence) | None => PauseBehavior::Silence,
            };
            world.pause_recording(sid, Some(behavior));
        }
    }
    answer(world, request, sid, place, 200)
}

fn answer(world: &World, request: &Request<'_>, sid: &Sid, place: &Place, status: u16) -> Outcome {
    let recording = world.recordings.get(sid).ok_or_else(|| request.not_found())?;
    Ok(Answer::json(status, &shown(world, recording, place)).about_call(recording.call))
}

/// A recording as it is shown at one place: its bytes and what belongs to it are named by the account's list
/// alone, and its voices by that of the call.
fn shown(world: &World, recording: &Recording, place: &Place) -> Value {
    let (account, sid) = (recording.account.as_str(), recording.sid.as_str());
    let is_ready = recording.status == RecordingStatus::Completed;
    let minutes = recording.duration_s().div_ceil(60);
    let base = format!("/2010-04-01/Accounts/{account}");
    let uri = match place {
        Place::Account => format!("{base}/Recordings/{sid}.json"),
        Place::Call(call) => format!("{base}/Calls/{}/Recordings/{sid}.json", call.as_str()),
        Place::Conference(conference) => {
            format!("{base}/Conferences/{}/Recordings/{sid}.json", conference.as_str())
        }
    };
    let is_whole = *place == Place::Account;
    let below = |name: &str| format!("{base}/Recordings/{sid}/{name}.json");
    let currency = world.accounts.get(&recording.account).map(|account| account.currency.clone());
    let resource = RecordingResource {
        account_sid: recording.account.clone(),
        api_version: Some("2010-04-01".to_owned()),
        call_sid: Some(recording.call_sid.clone()),
        conference_sid: recording.conference.clone(),
        channels: Some(u32::from(recording.channels)),
        date_created: Some(recording.created),
        date_updated: Some(recording.updated),
        duration: recording.ended.map(|_| u32::try_from(recording.duration_s()).unwrap_or(u32::MAX)),
        encryption_details: None,
        error_code: None,
        media_url: is_whole.then(|| world.recording_url(recording)),
        price: is_ready.then(|| micros_text(-price_micros(minutes))),
        price_unit: currency,
        sid: recording.sid.clone(),
        source: source(recording.source),
        start_time: Some(recording.started),
        status: match recording.status {
            RecordingStatus::InProgress => ShownStatus::InProgress,
            RecordingStatus::Paused => ShownStatus::Paused,
            RecordingStatus::Processing => ShownStatus::Processing,
            RecordingStatus::Completed => ShownStatus::Completed,
        },
        subresource_uris: is_whole.then(|| {
            let uris = [("transcriptions", "Transcriptions"), ("add_on_results", "AddOnResults")];
            uris.map(|(name, path)| (name.to_owned(), below(path))).into()
        }),
        track: matches!(place, Place::Call(_)).then_some(match recording.track {
            Track::Inbound => RecordingTrack::Inbound,
            Track::Outbound => RecordingTrack::Outbound,
            Track::Both => RecordingTrack::Both,
        }),
        uri: Some(uri),
    };
    serde_json::to_value(resource).expect("resources have text keys and no failing serializers")
}

fn source(word: &str) -> Option<RecordingSource> {
    serde_json::from_value(json!(word)).ok()
}

/// The sound of a recording: WAV, or MP3 where the address says so. Whoever knows the address may have it.
pub(super) fn sound(world: &World, route: &Route, incoming: &Incoming) -> Answer {
    let Resource::RecordingSound(sid, format) = &route.resource else {
        return Refusal::not_found(&incoming.path).into_answer();
    };
    let recording = world
        .recordings
        .get(sid)
        .filter(|recording| Some(&recording.account) == route.account.as_ref())
        .filter(|recording| recording.status == RecordingStatus::Completed);
    let Some(recording) = recording else { return Refusal::not_found(&incoming.path).into_answer() };
    if !matches!(incoming.method, Method::GET | Method::HEAD) {
        return Refusal::of_code(405, 20004).into_answer();
    }
    let sound = match format {
        super::route::SoundFormat::Wav => {
            let channels = match form::get(&incoming.pairs, "RequestedChannels") {
                Some("1") => 1,
                Some("2") if recording.channels == 2 => 2,
                Some("2") => return Refusal::not_found(&incoming.path).into_answer(),
                _ => recording.channels,
            };
            sound::wav(recording, channels)
        }
        super::route::SoundFormat::Mp3 => sound::mp3(recording),
    };
    Answer::new(200, Content::Sound(sound))
}

/// Transcriptions of the account, or of one recording.
pub(super) fn transcriptions(world: &World, request: &Request<'_>, recording: Option<&Sid>) -> Outcome {
    if request.incoming.method != Method::GET {
        return Err(request.method_not_allowed());
    }
    let wanted = paging::wanted(request)?;
    let fitting: Vec<&Transcription> = world
        .recordings
        .transcriptions
        .values()
        .rev()
        .filter(|transcription| transcription.account == request.account)
        .filter(|transcription| recording.is_none_or(|recording| transcription.recording == *recording))
        .collect();
    let show = |transcription: &&Transcription| shown_transcription(world, transcription, recording);
    let slice = paging::slice(&fitting, &wanted, |transcription| transcription.sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(request, "transcriptions", &wanted, slice)))
}

/// One transcription, also as that of a recording.
pub(super) fn transcription(
    world: &mut World,
    request: &Request<'_>,
    recording: Option<&Sid>,
    sid: &Sid,
) -> Outcome {
    let found = world.recordings.transcriptions.get(sid).filter(|found| {
        found.account == request.account && recording.is_none_or(|recording| found.recording == *recording)
    });
    let found = found.ok_or_else(|| request.not_found())?;
    match request.incoming.method {
        Method::GET => Ok(Answer::ok(&shown_transcription(world, found, recording))),
        Method::DELETE => {
            world.recordings.transcriptions.shift_remove(sid);
            Ok(Answer::no_content())
        }
        _ => Err(request.method_not_allowed()),
    }
}

fn shown_transcription(world: &World, transcription: &Transcription, recording: Option<&Sid>) -> Value {
    let (account, sid) = (transcription.account.as_str(), transcription.sid.as_str());
    let above = recording.map(|recording| format!("/Recordings/{}", recording.as_str())).unwrap_or_default();
    let currency = world.accounts.get(&transcription.account).map(|account| account.currency.clone());
    let resource = TranscriptionResource {
        account_sid: transcription.account.clone(),
        api_version: Some("2010-04-01".to_owned()),
        date_created: Some(transcription.created),
        date_updated: Some(transcription.updated),
        duration: Some(u32::try_from(transcription.duration_s).unwrap_or(u32::MAX)),
        price: Some("-0.05000".to_owned()),
        price_unit: currency,
        recording_sid: Some(transcription.recording.clone()),
        sid: transcription.sid.clone(),
        status: TranscriptionStatus::Completed,
        transcription_text: Some(transcription.text.clone()),
        kind: Some("fast".to_owned()),
        uri: Some(format!("/2010-04-01/Accounts/{account}{above}/Transcriptions/{sid}.json")),
    };
    serde_json::to_value(resource).expect("resources have text keys and no failing serializers")
}

/// A recording's SID, or the word for the one that a call makes now.
pub(super) fn name(text: &str) -> Option<RecordingName> {
    if text == twilio::recording::CURRENT {
        return Some(RecordingName::Current);
    }
    let sid = Sid::parse(text).ok().filter(|sid| sid.kind() == Some(SidKind::Recording))?;
    Some(RecordingName::Sid(sid))
}
