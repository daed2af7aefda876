//! Recordings of calls and their transcriptions in the 2010 API.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::transcription::{
    LiveTranscriptionResource, LiveTranscriptionStatus, StartTranscription, StopStatus,
    TranscriptionResource, TranscriptionStatus, UpdateTranscription,
};
use crate::json;
use crate::message::DateFilter;
use crate::parameter::parameters;
use crate::sid::Sid;
pub use crate::voice_twiml::{RecordingChannels, RecordingEvent, RecordingTrack, Trim};
use crate::words::{HttpMethod, words};

mod transcription;

/// The SID in the path of a recording that stands for the one that runs.
pub const CURRENT: &str = "Twilio.CURRENT";

/// A recording in an answer of the 2010 API. Its bytes are found at `media_url`, as WAV, or as MP3 under
/// `.mp3`.
///
/// The account's list and the call's list differ: the first has `media_url` and `subresource_uris`, the second
/// has `track`. What is `None` of these is left out, and not null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordingResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// The call; the first one of two.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub call_sid: Option<Sid>,
    /// The conference.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub conference_sid: Option<Sid>,
    /// How many channels it has.
    #[serde(default)]
    pub channels: Option<u32>,
    /// When it was made.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// How many seconds it has, null until it is ready.
    #[serde(default, with = "json::optional_count")]
    pub duration: Option<u32>,
    /// How it is encrypted, where the account has a key.
    #[serde(default)]
    pub encryption_details: Option<serde_json::Value>,
    /// Why it failed, by Twilio's code.
    #[serde(default)]
    pub error_code: Option<u32>,
    /// Where its bytes are, a whole address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    /// Decimal text; null until billed.
    #[serde(default, deserialize_with = "json::text_or_number")]
    pub price: Option<String>,
    /// ISO 4217, such as `USD`.
    #[serde(default)]
    pub price_unit: Option<String>,
    /// `RE…`
    pub sid: Sid,
    /// What made it.
    #[serde(default)]
    pub source: Option<RecordingSource>,
    /// When it began.
    #[serde(default, with = "json::rfc2822")]
    pub start_time: Option<Timestamp>,
    /// How far it has come.
    pub status: RecordingStatus,
    /// Paths of what belongs to it, by name: `transcriptions`, `add_on_results`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subresource_uris: Option<BTreeMap<String, String>>,
    /// Which voices it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<RecordingTrack>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

words! {
    open
    /// How far a recording has come.
    pub enum RecordingStatus {
        /// It runs.
        InProgress = "in-progress",
        /// It rests.
        Paused = "paused",
        /// It has ended.
        Stopped = "stopped",
        /// It is made ready.
        Processing = "processing",
        /// It can be fetched.
        Completed = "completed",
        /// Nothing was recorded.
        Absent = "absent",
        /// It was deleted.
        Deleted = "deleted",
        /// It broke.
        Failed = "failed",
    }
}

words! {
    open
    /// What made a recording.
    pub enum RecordingSource {
        /// A `<Dial>`.
        DialVerb = "DialVerb",
        /// A conference.
        Conference = "Conference",
        /// A call that was made with `Record`.
        OutboundApi = "OutboundAPI",
        /// A trunk.
        Trunking = "Trunking",
        /// A `<Record>`.
        RecordVerb = "RecordVerb",
        /// A request about a call, or a `<Recording>` beside it.
        StartCallRecordingApi = "StartCallRecordingAPI",
        /// A request about a conference.
        StartConferenceRecordingApi = "StartConferenceRecordingAPI",
    }
}

parameters! {
    /// `GET …/Recordings.json` and `GET …/Calls/{CallSid}/Recordings.json`: list recordings, newest first.
    #[derive(Default)]
    pub struct ListRecordings {
        /// Only recordings made on this day, or at this moment.
        pub date_created: Option<DateFilter> = "DateCreated",
        /// Only recordings made at or before this; the operator is part of the name.
        pub date_created_until: Option<DateFilter> = "DateCreated<",
        /// Only recordings made at or after this; the operator is part of the name.
        pub date_created_since: Option<DateFilter> = "DateCreated>",
        /// Only recordings of this call.
        pub call_sid: Option<Sid> = "CallSid",
        /// Only recordings of this conference.
        pub conference_sid: Option<Sid> = "ConferenceSid",
        /// Whether those are listed, too, whose bytes were deleted.
        pub include_soft_deleted: Option<bool> = "IncludeSoftDeleted",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0; only counts together with the token.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}

parameters! {
    /// `POST …/Calls/{CallSid}/Recordings.json`: record a call that goes on.
    #[derive(Default)]
    pub struct StartRecording {
        /// Where changes of the recording are told.
        pub recording_status_callback: Option<String> = "RecordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "RecordingStatusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub recording_status_callback_event: Vec<RecordingEvent> = "RecordingStatusCallbackEvent",
        /// How many channels it has.
        pub recording_channels: Option<RecordingChannels> = "RecordingChannels",
        /// Which voices it has.
        pub recording_track: Option<RecordingTrack> = "RecordingTrack",
        /// Whether silence at its ends is cut off.
        pub trim: Option<Trim> = "Trim",
    }
}

parameters! {
    /// `POST …/Calls/{CallSid}/Recordings/{Sid}.json`: let a recording rest, go on, or end.
    pub struct UpdateRecording {
        /// What it does from now on.
        pub status: RecordingCommand = "Status",
        /// What stands in it for the time that it rests, silence unless given.
        pub pause_behavior: Option<PauseBehavior> = "PauseBehavior",
    }
}

words! {
    /// What a recording is told to do.
    pub enum RecordingCommand {
        /// Go on.
        InProgress = "in-progress",
        /// Rest.
        Paused = "paused",
        /// End.
        Stopped = "stopped",
    }
}

words! {
    /// What stands in a recording for the time that it rested.
    pub enum PauseBehavior {
        /// Nothing at all: it is shorter.
        Skip = "skip",
        /// Silence.
        Silence = "silence",
    }
}
