//! `<Record>`, and what recordings have in common wherever they are made.

use super::key::KeySet;
use super::part::part;
use crate::words::{HttpMethod, words};

part! {
    /// Record what the caller says.
    pub struct Record = "Record" {
        /// Where the recording is told, and the next document is; the document's own address unless given.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method" or 13610,
        /// How long a silence ends it, 5 seconds unless given; 0 for no silence at all.
        pub timeout_s: Option<u32> = "timeout" or 13611,
        /// The keys that end it, all of them unless given.
        pub finish_on_key: Option<KeySet> = "finishOnKey" or 13613,
        /// How long it may be: 3600 seconds unless given, 120 where it is transcribed, at most a day.
        pub max_length_s: Option<u32> = "maxLength" in 1..=86400 or 13612,
        /// Whether a beep comes first, which it does unless this says otherwise.
        pub play_beep: Option<bool> = "playBeep" or 13616,
        /// Whether silence at its ends is cut off, which it is unless this says otherwise.
        pub trim: Option<Trim> = "trim",
        /// Where changes of the recording are told.
        pub recording_status_callback: Option<String> = "recordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "recordingStatusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub recording_status_callback_event: Vec<RecordingEvent> = "recordingStatusCallbackEvent" or 13621,
        /// Whether it is transcribed.
        pub transcribe: Option<bool> = "transcribe" or 13614,
        /// Where the transcription is told.
        pub transcribe_callback: Option<String> = "transcribeCallback",
        /// A set of settings for recordings.
        pub recording_configuration_id: Option<String> = "recordingConfigurationId",
    }
}

words! {
    /// Whether silence at the ends of a recording is cut off.
    pub enum Trim {
        /// It is.
        Silence = "trim-silence",
        /// It is not.
        DoNot = "do-not-trim",
    }
}

words! {
    /// A change of a recording that is told.
    pub enum RecordingEvent {
        /// It began.
        InProgress = "in-progress",
        /// It can be fetched.
        Completed = "completed",
        /// Nothing was recorded.
        Absent = "absent",
    }
}

words! {
    /// Which voices are recorded.
    pub enum RecordingTrack {
        /// The caller's.
        Inbound = "inbound",
        /// The one that the caller hears.
        Outbound = "outbound",
        /// Both of them.
        Both = "both",
    }
}

words! {
    /// How many channels a recording has.
    pub enum RecordingChannels {
        /// All voices in one.
        Mono = "mono",
        /// Each side of the call in one of its own.
        Dual = "dual",
    }
}
