//! `<Start>` and `<Stop>`: what runs beside the call.

use super::connect::Setting;
use super::flow::{Parameter, ParameterOnly};
use super::part::{one_of, part};
use super::record::{RecordingChannels, RecordingEvent, RecordingTrack, Trim};
use crate::words::{HttpMethod, words};

part! {
    /// Begin something that runs beside the call, and go on at once.
    pub struct Start = "Start" {
        /// In the libraries, but not documented.
        pub action: Option<String> = "action",
        /// In the libraries, but not documented.
        pub method: Option<HttpMethod> = "method",
    }
    holds
    /// What begins.
    beginning: StartTarget
}

one_of! {
    /// What can run beside a call.
    pub enum StartTarget {
        /// A websocket that takes audio.
        Stream(Stream),
        /// A SIP server that records.
        Siprec(Siprec),
        /// A transcription.
        Transcription(Transcription),
        /// A recording.
        Recording(Recording),
    }
}

part! {
    /// End something that runs beside the call.
    pub struct Stop = "Stop" {}
    holds
    /// What ends, by its name.
    ending: StopTarget
}

one_of! {
    /// What can be ended.
    pub enum StopTarget {
        /// A websocket that takes audio.
        Stream(Stream),
        /// A SIP server that records.
        Siprec(Siprec),
        /// A transcription.
        Transcription(Transcription),
    }
}

part! {
    /// A websocket that takes audio, and in `<Connect>` gives it too.
    pub struct Stream = "Stream" {
        /// Its address, `wss://…` without a query.
        pub url: Option<String> = "url",
        /// A name to end it by.
        pub name: Option<String> = "name",
        /// Which voices it takes, the caller's unless given; the only one in `<Connect>`.
        pub track: Option<Track> = "track",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// The connector to it.
        pub connector_name: Option<String> = "connectorName",
        /// In the libraries, but not documented.
        pub audio_format: Option<String> = "audioFormat",
        /// In the libraries, but not documented.
        pub sample_rate: Option<String> = "sampleRate",
    }
    holds
    /// What the program is told at first.
    parameters: ParameterOnly
}

words! {
    /// Which voices of a call.
    pub enum Track {
        /// The caller's.
        Inbound = "inbound_track",
        /// The one that the caller hears.
        Outbound = "outbound_track",
        /// Both of them.
        Both = "both_tracks",
    }
}

part! {
    /// A SIP server that records.
    pub struct Siprec = "Siprec" {
        /// A name to end it by.
        pub name: Option<String> = "name",
        /// The connector to it.
        pub connector_name: Option<String> = "connectorName",
        /// Which voices it takes.
        pub track: Option<Track> = "track",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
    }
    holds
    /// What it is told.
    parameters: ParameterOnly
}

part! {
    /// A transcription while the call goes on.
    pub struct Transcription = "Transcription" {
        /// A name to end it by.
        pub name: Option<String> = "name",
        /// Which voices are transcribed, both unless given.
        pub track: Option<Track> = "track",
        /// Where words are told.
        pub status_callback_url: Option<String> = "statusCallbackUrl",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// What the caller's voice is called.
        pub inbound_track_label: Option<String> = "inboundTrackLabel",
        /// What the other voice is called.
        pub outbound_track_label: Option<String> = "outboundTrackLabel",
        /// Whether words are told that may still change.
        pub partial_results: Option<bool> = "partialResults",
        /// The language, `en-US` unless given.
        pub language_code: Option<String> = "languageCode",
        /// Who transcribes, `google` unless given.
        pub transcription_engine: Option<String> = "transcriptionEngine",
        /// The model, `telephony` unless given.
        pub speech_model: Option<String> = "speechModel",
        /// Whether swear words are hidden, which they are unless this says otherwise.
        pub profanity_filter: Option<bool> = "profanityFilter",
        /// Words that may be said, parted by commas.
        pub hints: Option<String> = "hints",
        /// Whether marks are put in, which they are unless this says otherwise.
        pub enable_automatic_punctuation: Option<bool> = "enableAutomaticPunctuation",
        /// A service that reads along.
        pub intelligence_service: Option<String> = "intelligenceService",
        /// Whether what the provider itself said is told.
        pub enable_provider_data: Option<bool> = "enableProviderData",
        /// How the conversation is kept.
        pub conversation_configuration: Option<String> = "conversationConfiguration",
        /// The conversation that it belongs to.
        pub conversation_id: Option<String> = "conversationId",
    }
    holds
    /// Settings by name.
    settings: Setting
}

part! {
    /// A recording while the call goes on.
    pub struct Recording = "Recording" {
        /// Where changes of the recording are told; a whole address.
        pub recording_status_callback: Option<String> = "recordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "recordingStatusCallbackMethod",
        /// Which of them.
        pub recording_status_callback_event: Vec<RecordingEvent> = "recordingStatusCallbackEvent" or 13621,
        /// Which voices are recorded.
        pub track: Option<RecordingTrack> = "track",
        /// How many channels it has.
        pub channels: Option<RecordingChannels> = "channels",
        /// Whether silence at its ends is cut off.
        pub trim: Option<Trim> = "trim",
        /// A set of settings for recordings.
        pub recording_configuration_id: Option<String> = "recordingConfigurationId",
    }
}

impl Stream {
    /// A stream to the program at this address.
    pub fn at(url: impl Into<String>) -> Stream {
        Stream { url: Some(url.into()), ..Stream::default() }
    }

    /// What the program is told at first, by name.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().map(|ParameterOnly::Parameter(parameter)| parameter)
    }
}
