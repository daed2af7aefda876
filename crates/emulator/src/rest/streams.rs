//! `…/Calls/{Sid}/Streams`: streams of a call's audio, begun and ended by request.

use http::Method;
use twilio::sid::Sid;
use twilio::stream::{StartStream, StreamResource, StreamStatus, UpdateStream, parameters};
use twilio::voice_twiml::Stream;

use super::{Answer, Call as Request, Outcome, Refusal, calls};
use crate::call::{CallStatus, Source};
use crate::stream::Streaming;
use crate::world::World;

pub(super) fn collection(world: &mut World, request: &Request<'_>, call: &Sid) -> Outcome {
    if request.incoming.method != Method::POST {
        return Err(request.method_not_allowed());
    }
    let id = calls::find(world, request, call)?;
    let asked = StartStream::from_pairs(request.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    if world.calls.get(id).is_none_or(|call| call.status != CallStatus::InProgress) {
        return Err(Refusal::bad(21220, "The call is not in progress"));
    }
    let told = parameters(&request.pairs.to_vec());
    let stream = Stream {
        url: Some(asked.url),
        name: asked.name,
        track: asked.track,
        status_callback: asked.status_callback,
        status_callback_method: asked.status_callback_method,
        ..Stream::default()
    };
    let serial = world
        .open_stream(id, &stream, &Source::default(), told, false)
        .map_err(|(code, detail)| Refusal::bad(code, detail))?;
    let live = world.calls.live(id).ok_or_else(|| request.not_found())?;
    let stream = live.streams.iter().find(|stream| stream.socket.serial == serial);
    let stream = stream.ok_or_else(|| request.not_found())?;
    let shown = shown(world, request, call, stream, StreamStatus::InProgress);
    Ok(Answer::ok(&shown).about_call(id))
}

/// One stream that only listens, by its SID or its name.
pub(super) fn instance(world: &mut World, request: &Request<'_>, call: &Sid, name: &str) -> Outcome {
    if request.incoming.method != Method::POST {
        return Err(request.method_not_allowed());
    }
    let id = calls::find(world, request, call)?;
    UpdateStream::from_pairs(request.pairs).map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let live = world.calls.live(id).ok_or_else(|| request.not_found())?;
    let stream = live
        .streams
        .iter()
        .filter(|stream| !stream.is_two_way)
        .find(|stream| stream.sid.as_str() == name || stream.name.as_deref() == Some(name))
        .ok_or_else(|| request.not_found())?;
    let shown = shown(world, request, call, stream, StreamStatus::Stopped);
    world.stop_stream(id, stream.socket.serial);
    Ok(Answer::ok(&shown).about_call(id))
}

fn shown(
    world: &World,
    request: &Request<'_>,
    call: &Sid,
    stream: &Streaming,
    status: StreamStatus,
) -> StreamResource {
    let (account, call_sid) = (request.account.as_str(), call.as_str());
    StreamResource {
        account_sid: request.account.clone(),
        call_sid: call.clone(),
        date_updated: Some(world.now),
        name: stream.name.clone(),
        sid: stream.sid.clone(),
        status,
        uri: Some(format!(
            "/2010-04-01/Accounts/{account}/Calls/{call_sid}/Streams/{}.json",
            stream.sid.as_str()
        )),
    }
}
