//! Webhooks about calls: read, and written with the same pairs.

use twilio::call::{
    AmdCallback, AnsweredBy, CallRequest, CallStatus, CallStatusCallback, ConferenceCallback,
    ConferenceChange, DialAction, DialCallStatus, Direction, EnqueueAction, GatherAction, GatherPartial,
    LiveTranscriptionCallback, QueueResult, QueueWait, RecordAction, RecordEnd, RecordingCallback,
    RelayAction, SessionStatus, SmsAction, StreamCallback, StreamEvent, TranscriptionCallback,
    TranscriptionEvent,
};
use twilio::callback::{DebuggerCallback, DebuggerLevel, Place};
use twilio::form::Pairs;
use twilio::parameter::ParameterError;
use twilio::recording::{RecordingStatus, TranscriptionStatus};
use twilio::sid::{Sid, SidKind};

use crate::pairs;

const CALL: &str = "CA00000000000000000000000000000001";
const ACCOUNT: &str = "AC00000000000000000000000000000001";
const RECORDING: &str = "RE00000000000000000000000000000001";

/// What every request about a call has, and more.
fn about_a_call(more: &[(&str, &str)]) -> Pairs {
    let mut all = pairs(&[
        ("CallSid", CALL),
        ("AccountSid", ACCOUNT),
        ("From", "+15559876543"),
        ("Caller", "+15559876543"),
        ("To", "+15551234567"),
        ("Called", "+15551234567"),
        ("CallStatus", "in-progress"),
        ("ApiVersion", "2010-04-01"),
        ("Direction", "outbound-api"),
    ]);
    all.extend(pairs(more));
    all
}

fn sorted(mut pairs: Pairs) -> Pairs {
    pairs.sort();
    pairs
}

/// Reads pairs as a webhook, and sees that the same ones are written.
fn keeps<T: Clone>(
    pairs: &Pairs,
    read: impl Fn(&[(String, String)]) -> Result<T, ParameterError>,
    write: impl Fn(&T) -> Pairs,
) -> T {
    let webhook = read(pairs).unwrap();
    assert_eq!(sorted(write(&webhook)), sorted(pairs.clone()));
    webhook
}

#[test]
fn an_incoming_call() {
    let places = |name: &'static str| ["City", "State", "Zip", "Country"].map(|part| format!("{name}{part}"));
    let mut request = about_a_call(&[
        ("CallToken", "{}"),
        ("StirVerstat", "TN-Validation-Passed-A"),
        ("ForwardedFrom", "+15550100200"),
        ("SipHeader_X-Account", "42"),
        ("NewParameter", "new"),
        ("MachineDetectionDuration", "soon"),
    ]);
    for name in ["From", "Caller", "To", "Called"].map(places).concat() {
        request.push((name, "X".to_owned()));
    }
    let call = keeps(&request, CallRequest::from_pairs, CallRequest::to_pairs);
    assert_eq!(call.status, CallStatus::InProgress);
    assert_eq!(call.direction, Some(Direction::OutboundApi));
    let place = |text: &str| Place {
        city: text.to_owned(),
        state: text.to_owned(),
        zip: text.to_owned(),
        country: text.to_owned(),
    };
    assert_eq!((call.from_place, call.to_place), (Some(place("X")), Some(place("X"))));
    assert_eq!(
        call.rest,
        pairs(&[
            ("SipHeader_X-Account", "42"),
            ("NewParameter", "new"),
            ("MachineDetectionDuration", "soon")
        ])
    );
}

#[test]
fn a_call_that_is_built_reads_the_same() {
    let sid = |kind| Sid::from_parts(kind, [7; 16]);
    let mut call = CallRequest::new(
        sid(SidKind::Call),
        sid(SidKind::Account),
        "client:ann",
        "+15551234567",
        CallStatus::Ringing,
        Direction::Inbound,
    );
    call.answered_by = Some(AnsweredBy::Human);
    call.error_code = Some(11200);
    call.error_url = Some("https://example.com/voice".to_owned());
    assert_eq!(CallRequest::from_pairs(&call.to_pairs()), Ok(call));
}

#[test]
fn what_must_be_there_and_is_not() {
    for name in ["CallSid", "AccountSid", "CallStatus"] {
        let mut request = about_a_call(&[]);
        request.retain(|(key, _)| key != name);
        assert_eq!(CallRequest::from_pairs(&request).unwrap_err().name(), name);
    }
    // The old name alone is enough.
    let mut request = about_a_call(&[]);
    request.retain(|(key, _)| key != "From");
    assert_eq!(CallRequest::from_pairs(&request).unwrap().from, "+15559876543");
    assert!(DialAction::from_pairs(&about_a_call(&[])).is_err());
}

#[test]
fn ends_of_verbs() {
    let speech = about_a_call(&[("SpeechResult", "yes please"), ("Confidence", "0.9281841")]);
    let gather = keeps(&speech, GatherAction::from_pairs, GatherAction::to_pairs);
    assert_eq!((gather.speech_result.as_deref(), gather.confidence), (Some("yes please"), Some(0.928_184_1)));
    let nothing = about_a_call(&[("Digits", "")]);
    let gather = keeps(&nothing, GatherAction::from_pairs, GatherAction::to_pairs);
    assert_eq!((gather.digits.as_deref(), gather.speech_result), (Some(""), None));
    let partial =
        about_a_call(&[("UnstableSpeechResult", "yes pl"), ("Stability", "0.8"), ("SequenceNumber", "2")]);
    let partial = keeps(&partial, GatherPartial::from_pairs, GatherPartial::to_pairs);
    assert_eq!((partial.sequence_number, partial.stability), (Some(2), Some(0.8)));
    for (digits, end) in [("hangup", RecordEnd::Hangup), ("#", RecordEnd::Key("#".to_owned()))] {
        let record = about_a_call(&[
            ("RecordingUrl", "https://example.com/RE1"),
            ("RecordingSid", RECORDING),
            ("RecordingDuration", "12"),
            ("Digits", digits),
        ]);
        let record = keeps(&record, RecordAction::from_pairs, RecordAction::to_pairs);
        assert_eq!((record.recording_duration_s, record.ended_by), (Some(12), Some(end)));
    }
    let dial = about_a_call(&[
        ("DialCallStatus", "no-answer"),
        ("DialCallSid", CALL),
        ("DialCallDuration", "0"),
        ("DialBridged", "false"),
    ]);
    let dial = keeps(&dial, DialAction::from_pairs, DialAction::to_pairs);
    assert_eq!((dial.dial_call_status, dial.dial_bridged), (DialCallStatus::NoAnswer, Some(false)));
    let queue = "QU00000000000000000000000000000001";
    let enqueue = about_a_call(&[("QueueSid", queue), ("QueueResult", "queue-full"), ("QueueTime", "3")]);
    let enqueue = keeps(&enqueue, EnqueueAction::from_pairs, EnqueueAction::to_pairs);
    assert_eq!((enqueue.queue_result, enqueue.queue_time_s), (QueueResult::QueueFull, Some(3)));
    let wait = about_a_call(&[("QueueSid", queue), ("QueuePosition", "1"), ("QueueTime", "3")]);
    assert_eq!(keeps(&wait, QueueWait::from_pairs, QueueWait::to_pairs).queue_position, Some(1));
    let sms = about_a_call(&[("SmsSid", "SM00000000000000000000000000000001"), ("SmsStatus", "queued")]);
    assert!(SmsAction::from_pairs(&sms).unwrap().sms_sid.is_some());
}

#[test]
fn ends_of_sessions() {
    let session = "VX00000000000000000000000000000001";
    let ended = about_a_call(&[
        ("SessionId", session),
        ("SessionStatus", "ended"),
        ("SessionDuration", "23"),
        ("HandoffData", "{\"reason\":\"agent\"}"),
    ]);
    let ended = keeps(&ended, RelayAction::from_pairs, RelayAction::to_pairs);
    assert_eq!((ended.session_status, ended.session_duration_s), (Some(SessionStatus::Ended), Some(23)));
    let failed = about_a_call(&[("SessionId", session), ("SessionStatus", "failed"), ("ErrorCode", "39001")]);
    let failed = keeps(&failed, RelayAction::from_pairs, RelayAction::to_pairs);
    assert_eq!((failed.session_error_code, failed.call.error_code), (Some(39001), None));
}

#[test]
fn changes_of_status() {
    let status = about_a_call(&[
        ("Timestamp", "Mon, 23 Nov 2026 07:30:00 +0000"),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", "3"),
        ("CallDuration", "61"),
        ("Duration", "2"),
        ("SipResponseCode", "200"),
        ("AnsweredBy", "machine_end_beep"),
    ]);
    let status = keeps(&status, CallStatusCallback::from_pairs, CallStatusCallback::to_pairs);
    assert_eq!(
        (status.sequence_number, status.call_duration_s, status.duration_min),
        (Some(3), Some(61), Some(2))
    );
    assert!(status.call.answered_by.unwrap().is_machine());
    let amd = pairs(&[
        ("CallSid", CALL),
        ("AccountSid", ACCOUNT),
        ("AnsweredBy", "human"),
        ("MachineDetectionDuration", "2800"),
    ]);
    let amd = keeps(&amd, AmdCallback::from_pairs, AmdCallback::to_pairs);
    assert_eq!((amd.answered_by, amd.machine_detection_duration_ms), (AnsweredBy::Human, Some(2800)));
}

#[test]
fn recordings_and_transcriptions() {
    let recording = pairs(&[
        ("AccountSid", ACCOUNT),
        ("CallSid", CALL),
        ("RecordingSid", RECORDING),
        ("RecordingUrl", "https://example.com/RE1"),
        ("RecordingStatus", "completed"),
        ("RecordingDuration", "12"),
        ("RecordingChannels", "2"),
        ("RecordingStartTime", "Mon, 23 Nov 2026 07:30:00 +0000"),
        ("RecordingSource", "RecordVerb"),
        ("RecordingTrack", "both"),
        ("ErrorCode", "0"),
    ]);
    let recording = keeps(&recording, RecordingCallback::from_pairs, RecordingCallback::to_pairs);
    assert_eq!((recording.status, recording.recording_channels), (RecordingStatus::Completed, Some(2)));
    let transcription = pairs(&[
        ("TranscriptionSid", "TR00000000000000000000000000000001"),
        ("TranscriptionStatus", "completed"),
        ("TranscriptionText", "Hello there."),
        ("RecordingSid", RECORDING),
        ("CallSid", CALL),
        ("AccountSid", ACCOUNT),
    ]);
    let transcription =
        keeps(&transcription, TranscriptionCallback::from_pairs, TranscriptionCallback::to_pairs);
    assert_eq!(transcription.status, TranscriptionStatus::Completed);
    let live = pairs(&[
        ("AccountSid", ACCOUNT),
        ("CallSid", CALL),
        ("TranscriptionSid", "GT00000000000000000000000000000001"),
        ("Timestamp", "2026-11-23T07:30:00.125000Z"),
        ("SequenceId", "2"),
        ("TranscriptionEvent", "transcription-content"),
        ("LanguageCode", "en-US"),
        ("Track", "inbound_track"),
        ("TranscriptionData", "{\"transcript\":\"Hello\",\"confidence\":0.99}"),
        ("Final", "true"),
    ]);
    let live = keeps(&live, LiveTranscriptionCallback::from_pairs, LiveTranscriptionCallback::to_pairs);
    assert_eq!((live.event, live.is_final), (TranscriptionEvent::Content, Some(true)));
}

#[test]
fn streams_conferences_and_the_debugger() {
    let stream = pairs(&[
        ("AccountSid", ACCOUNT),
        ("CallSid", CALL),
        ("StreamSid", "MZ00000000000000000000000000000001"),
        ("StreamEvent", "stream-started"),
        ("Timestamp", "2026-11-23T07:30:00Z"),
    ]);
    assert_eq!(
        keeps(&stream, StreamCallback::from_pairs, StreamCallback::to_pairs).event,
        StreamEvent::Started
    );
    let conference = pairs(&[
        ("AccountSid", ACCOUNT),
        ("ConferenceSid", "CF00000000000000000000000000000001"),
        ("FriendlyName", "support"),
        ("StatusCallbackEvent", "participant-join"),
        ("SequenceNumber", "2"),
        ("CallSid", CALL),
        ("Muted", "false"),
    ]);
    let conference = keeps(&conference, ConferenceCallback::from_pairs, ConferenceCallback::to_pairs);
    assert_eq!((conference.event, conference.muted), (ConferenceChange::Join, Some(false)));
    let note = pairs(&[
        ("Sid", "NO00000000000000000000000000000001"),
        ("AccountSid", ACCOUNT),
        ("Timestamp", "2026-11-23T07:30:00.000000Z"),
        ("Level", "Error"),
        ("PayloadType", "application/json"),
        ("Payload", "{\"error_code\":\"11200\"}"),
    ]);
    let note = keeps(&note, DebuggerCallback::from_pairs, DebuggerCallback::to_pairs);
    assert_eq!(note.level, DebuggerLevel::Error);
}
