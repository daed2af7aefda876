//! What is told of recordings, transcriptions and streams of a call.

use jiff::Timestamp;

use super::resource::{CallStatus, Direction};
use crate::callback::carried::webhook;
use crate::date::{Precise, Rfc2822};
use crate::recording::{RecordingSource, RecordingStatus};
use crate::sid::Sid;
use crate::voice_twiml::RecordingTrack;
use crate::words::words;

webhook! {
    /// A change of a recording, as Twilio posts it to a `recordingStatusCallback`. It can be fetched once its
    /// status is `completed`.
    pub struct RecordingCallback {
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// The call, the first one of two; not for conferences.
        pub call_sid: Option<Sid> = "CallSid",
        /// The conference.
        pub conference_sid: Option<Sid> = "ConferenceSid",
        /// The recording.
        pub recording_sid: Sid = "RecordingSid",
        /// Where it can be fetched.
        pub recording_url: Option<String> = "RecordingUrl",
        /// How far it has come.
        pub status: RecordingStatus = "RecordingStatus",
        /// How long it is.
        pub recording_duration_s: Option<u32> = "RecordingDuration",
        /// How many channels it has.
        pub recording_channels: Option<u32> = "RecordingChannels",
        /// When it began.
        pub recording_start_time: Option<Rfc2822> = "RecordingStartTime",
        /// What made it.
        pub recording_source: Option<RecordingSource> = "RecordingSource",
        /// Which voices it has.
        pub recording_track: Option<RecordingTrack> = "RecordingTrack",
        /// Why it failed, by Twilio's code; 0 where it did not.
        pub error_code: Option<u32> = "ErrorCode",
    }
}

webhook! {
    /// The transcription of a `<Record>`, as Twilio posts it to its `transcribeCallback`.
    pub struct TranscriptionCallback {
        /// The transcription.
        pub transcription_sid: Sid = "TranscriptionSid",
        /// Whether there is one.
        pub status: crate::recording::TranscriptionStatus = "TranscriptionStatus",
        /// The words.
        pub transcription_text: Option<String> = "TranscriptionText",
        /// Where it can be fetched.
        pub transcription_url: Option<String> = "TranscriptionUrl",
        /// The recording.
        pub recording_sid: Sid = "RecordingSid",
        /// Where that can be fetched.
        pub recording_url: Option<String> = "RecordingUrl",
        /// The call.
        pub call_sid: Sid = "CallSid",
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// The caller.
        pub from: Option<String> = "From" | "Caller",
        /// Who was called.
        pub to: Option<String> = "To" | "Called",
        /// How far the call has come.
        pub call_status: Option<CallStatus> = "CallStatus",
        /// `2010-04-01`
        pub api_version: Option<String> = "ApiVersion",
        /// Who called whom.
        pub direction: Option<Direction> = "Direction",
        /// The number that forwarded it.
        pub forwarded_from: Option<String> = "ForwardedFrom",
    }
}

webhook! {
    /// What a `<Transcription>` beside a call tells.
    pub struct LiveTranscriptionCallback {
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// The call.
        pub call_sid: Sid = "CallSid",
        /// The transcription.
        pub transcription_sid: Sid = "TranscriptionSid",
        /// When it happened.
        pub timestamp: Option<Precise> = "Timestamp",
        /// Which of those that are told this is, from 1; in order for each voice.
        pub sequence_id: Option<u32> = "SequenceId",
        /// What happened.
        pub event: TranscriptionEvent = "TranscriptionEvent",
        /// The provider's settings as JSON; at the start.
        pub provider_configuration: Option<String> = "ProviderConfiguration",
        /// Who transcribes; at the start.
        pub transcription_engine: Option<String> = "TranscriptionEngine",
        /// Its name; at the start.
        pub name: Option<String> = "Name",
        /// Which voices; with content the one that spoke.
        pub track: Option<TranscribedTrack> = "Track",
        /// What the caller's voice is called; at the start.
        pub inbound_track_label: Option<String> = "InboundTrackLabel",
        /// What the other voice is called; at the start.
        pub outbound_track_label: Option<String> = "OutboundTrackLabel",
        /// Whether words are told that may still change; at the start.
        pub partial_results: Option<bool> = "PartialResults",
        /// The language; at the start and with content.
        pub language_code: Option<String> = "LanguageCode",
        /// The words as JSON: `transcript`, and `confidence` where they are final.
        pub transcription_data: Option<String> = "TranscriptionData",
        /// Whether the words stay.
        pub is_final: Option<bool> = "Final",
        /// How sure it is that they stay.
        pub stability: Option<f64> = "Stability",
        /// What the provider itself said, as JSON.
        pub provider_data: Option<String> = "TranscriptionProviderData",
        /// What went wrong, by its code.
        pub error_code: Option<u32> = "TranscriptionErrorCode",
        /// What went wrong, in words.
        pub error: Option<String> = "TranscriptionError",
    }
}

words! {
    open
    /// What a transcription beside a call tells.
    pub enum TranscriptionEvent {
        /// It began.
        Started = "transcription-started",
        /// Words were said.
        Content = "transcription-content",
        /// It ended.
        Stopped = "transcription-stopped",
        /// Something went wrong.
        Error = "transcription-error",
    }
}

words! {
    open
    /// Which voices of a call are transcribed.
    pub enum TranscribedTrack {
        /// The caller's.
        Inbound = "inbound_track",
        /// The one that the caller hears.
        Outbound = "outbound_track",
        /// Both of them.
        Both = "both_tracks",
    }
}

webhook! {
    /// A change of a stream, as Twilio posts it to its `statusCallback`.
    pub struct StreamCallback {
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// The call.
        pub call_sid: Sid = "CallSid",
        /// The stream.
        pub stream_sid: Sid = "StreamSid",
        /// Its name.
        pub stream_name: Option<String> = "StreamName",
        /// What happened.
        pub event: StreamEvent = "StreamEvent",
        /// What went wrong.
        pub stream_error: Option<String> = "StreamError",
        /// When it happened.
        pub timestamp: Option<Timestamp> = "Timestamp",
    }
}

words! {
    open
    /// A change of a stream.
    pub enum StreamEvent {
        /// It began.
        Started = "stream-started",
        /// It ended.
        Stopped = "stream-stopped",
        /// Something went wrong.
        Error = "stream-error",
    }
}
