//! Paths of what calls lead to: recordings and their transcriptions, queues, conferences.

use percent_encoding::percent_decode_str;
use twilio::sid::SidKind;

use super::{MemberName, ParticipantName, RecordingName, Resource, sid};
use crate::rest::recordings;

/// Reads what follows the account in a path.
pub(super) fn parse(segments: &[&str]) -> Option<Resource> {
    Some(match *segments {
        ["Calls", call, "Recordings"] => Resource::Recordings(Some(sid(call, SidKind::Call)?)),
        ["Calls", call, "Recordings", name] => {
            Resource::Recording(Some(sid(call, SidKind::Call)?), recordings::name(name)?)
        }
        ["Calls", call, "Transcriptions"] => Resource::LiveTranscriptions(sid(call, SidKind::Call)?),
        ["Calls", call, "Transcriptions", transcription] => {
            let transcription = sid(transcription, SidKind::LiveTranscription)?;
            Resource::LiveTranscription(sid(call, SidKind::Call)?, transcription)
        }
        ["Calls", call, "Streams"] => Resource::Streams(sid(call, SidKind::Call)?),
        ["Calls", call, "Streams", name] => Resource::Stream(sid(call, SidKind::Call)?, written(name)?),
        ["Calls", call, "Events"] => Resource::CallEvents(sid(call, SidKind::Call)?),
        ["Calls", call, "Siprec"] => Resource::Siprec(sid(call, SidKind::Call)?),
        ["Queues"] => Resource::Queues,
        ["Queues", queue] => Resource::Queue(sid(queue, SidKind::Queue)?),
        ["Queues", queue, "Members"] => Resource::QueueMembers(sid(queue, SidKind::Queue)?),
        ["Queues", queue, "Members", member] => {
            let name = match member {
                "Front" => MemberName::Front,
                call => MemberName::Call(sid(call, SidKind::Call)?),
            };
            Resource::QueueMember(sid(queue, SidKind::Queue)?, name)
        }
        ["Conferences"] => Resource::Conferences,
        ["Conferences", conference] => Resource::Conference(sid(conference, SidKind::Conference)?),
        ["Conferences", conference, "Participants"] => Resource::Participants(written(conference)?),
        ["Conferences", conference, "Recordings"] => {
            Resource::ConferenceRecordings(sid(conference, SidKind::Conference)?)
        }
        ["Conferences", conference, "Recordings", name] => {
            Resource::ConferenceRecording(sid(conference, SidKind::Conference)?, recordings::name(name)?)
        }
        ["Conferences", conference, "Participants", name] => {
            let name = match sid(name, SidKind::Call) {
                Some(call) => ParticipantName::Call(call),
                None => ParticipantName::Label(written(name)?),
            };
            Resource::Participant(sid(conference, SidKind::Conference)?, name)
        }
        ["Recordings"] => Resource::Recordings(None),
        ["Recordings", name] => Resource::Recording(None, RecordingName::Sid(sid(name, SidKind::Recording)?)),
        ["Recordings", recording, "Transcriptions"] => {
            Resource::Transcriptions(Some(sid(recording, SidKind::Recording)?))
        }
        ["Recordings", recording, "Transcriptions", transcription] => {
            let recording = sid(recording, SidKind::Recording)?;
            Resource::Transcription(Some(recording), sid(transcription, SidKind::Transcription)?)
        }
        ["Transcriptions"] => Resource::Transcriptions(None),
        ["Transcriptions", transcription] => {
            Resource::Transcription(None, sid(transcription, SidKind::Transcription)?)
        }
        _ => return None,
    })
}

/// A name as it was written before it went into a path.
fn written(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(Into::into)
}
