//! `…/Calls/{Sid}/Transcriptions`: transcriptions while a call goes on, begun and ended by request.

use http::Method;
use twilio::recording::{
    LiveTranscriptionResource, LiveTranscriptionStatus, StartTranscription, UpdateTranscription,
};
use twilio::sid::Sid;
use twilio::voice_twiml::Transcription;

use super::{Answer, Call as Request, Outcome, Refusal, calls};
use crate::call::{CallStatus, Source};
use crate::world::World;

pub(super) fn collection(world: &mut World, request: &Request<'_>, call: &Sid) -> Outcome {
    if request.incoming.method != Method::POST {
        return Err(request.method_not_allowed());
    }
    let id = calls::find(world, request, call)?;
    let asked = StartTranscription::from_pairs(request.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    if world.calls.get(id).is_none_or(|call| call.status != CallStatus::InProgress) {
        return Err(Refusal::bad(21220, "The call is not in progress"));
    }
    let name = asked.name.clone();
    let settings = Transcription {
        name: asked.name,
        track: asked.track,
        status_callback_url: asked.status_callback_url,
        status_callback_method: asked.status_callback_method,
        inbound_track_label: asked.inbound_track_label,
        outbound_track_label: asked.outbound_track_label,
        partial_results: asked.partial_results,
        language_code: asked.language_code,
        transcription_engine: asked.transcription_engine,
        speech_model: asked.speech_model,
        profanity_filter: asked.profanity_filter,
        hints: asked.hints,
        ..Transcription::default()
    };
    let sid = world.start_transcription(id, settings, &Source::default());
    let shown = shown(world, request, call, sid, name, LiveTranscriptionStatus::InProgress);
    Ok(Answer::ok(&shown).about_call(id))
}

pub(super) fn instance(world: &mut World, request: &Request<'_>, call: &Sid, sid: &Sid) -> Outcome {
    if request.incoming.method != Method::POST {
        return Err(request.method_not_allowed());
    }
    let id = calls::find(world, request, call)?;
    UpdateTranscription::from_pairs(request.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let running =
        world.calls.live(id).and_then(|live| live.transcriptions.iter().find(|one| one.sid == *sid));
    let name = running.ok_or_else(|| request.not_found())?.settings.name.clone();
    world.stop_transcription(id, sid);
    let shown = shown(world, request, call, sid.clone(), name, LiveTranscriptionStatus::Stopped);
    Ok(Answer::ok(&shown).about_call(id))
}

fn shown(
    world: &World,
    request: &Request<'_>,
    call: &Sid,
    sid: Sid,
    name: Option<String>,
    status: LiveTranscriptionStatus,
) -> LiveTranscriptionResource {
    let (account, call_sid) = (request.account.as_str(), call.as_str());
    let uri = format!("/2010-04-01/Accounts/{account}/Calls/{call_sid}/Transcriptions/{}.json", sid.as_str());
    LiveTranscriptionResource {
        account_sid: request.account.clone(),
        call_sid: call.clone(),
        date_updated: Some(world.now),
        name,
        sid,
        status,
        uri: Some(uri),
    }
}
