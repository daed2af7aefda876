//! Transcriptions: of recordings, and beside calls.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::voice_twiml::Track;
use crate::words::{HttpMethod, words};

/// The transcription of a recording in an answer of the 2010 API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptionResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// When it was asked for.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// How many seconds the recording has.
    #[serde(default, with = "json::optional_count")]
    pub duration: Option<u32>,
    /// Decimal text; null until billed.
    #[serde(default, deserialize_with = "json::text_or_number")]
    pub price: Option<String>,
    /// ISO 4217, such as `USD`.
    #[serde(default)]
    pub price_unit: Option<String>,
    /// The recording.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub recording_sid: Option<Sid>,
    /// `TR…`
    pub sid: Sid,
    /// How far it has come.
    pub status: TranscriptionStatus,
    /// The words.
    #[serde(default)]
    pub transcription_text: Option<String>,
    /// `fast`
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

words! {
    open
    /// How far a transcription has come.
    pub enum TranscriptionStatus {
        /// It is made.
        InProgress = "in-progress",
        /// It is ready.
        Completed = "completed",
        /// There is none.
        Failed = "failed",
    }
}

parameters! {
    /// `POST …/Calls/{CallSid}/Transcriptions.json`: transcribe a call while it goes on.
    #[derive(Default)]
    pub struct StartTranscription {
        /// A name to end it by.
        pub name: Option<String> = "Name",
        /// Which voices are transcribed, both unless given.
        pub track: Option<Track> = "Track",
        /// Where words are told.
        pub status_callback_url: Option<String> = "StatusCallbackUrl",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
        /// What the caller's voice is called.
        pub inbound_track_label: Option<String> = "InboundTrackLabel",
        /// What the other voice is called.
        pub outbound_track_label: Option<String> = "OutboundTrackLabel",
        /// Whether words are told that may still change.
        pub partial_results: Option<bool> = "PartialResults",
        /// The language, `en-US` unless given.
        pub language_code: Option<String> = "LanguageCode",
        /// Who transcribes, `google` unless given.
        pub transcription_engine: Option<String> = "TranscriptionEngine",
        /// Whether swear words are hidden, which they are unless this says otherwise.
        pub profanity_filter: Option<bool> = "ProfanityFilter",
        /// The model, `telephony` unless given.
        pub speech_model: Option<String> = "SpeechModel",
        /// Words that may be said, parted by commas.
        pub hints: Option<String> = "Hints",
        /// Whether marks are put in, which they are unless this says otherwise.
        pub enable_automatic_punctuation: Option<bool> = "EnableAutomaticPunctuation",
        /// A service that reads along.
        pub intelligence_service: Option<String> = "IntelligenceService",
        /// How the conversation is kept.
        pub conversation_configuration: Option<String> = "ConversationConfiguration",
        /// The conversation that it belongs to.
        pub conversation_id: Option<String> = "ConversationId",
        /// A set of settings.
        pub configuration_id: Option<String> = "ConfigurationId",
        /// Whether what the provider itself said is told.
        pub enable_provider_data: Option<bool> = "EnableProviderData",
    }
}

parameters! {
    /// `POST …/Calls/{CallSid}/Transcriptions/{Sid}.json`: end a transcription. In the place of the SID may
    /// stand its name.
    pub struct UpdateTranscription {
        /// Only `stopped`.
        pub status: StopStatus = "Status",
    }
}

words! {
    /// What something beside a call can be told to do.
    pub enum StopStatus {
        /// End.
        Stopped = "stopped",
    }
}

/// A transcription beside a call in an answer of the 2010 API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveTranscriptionResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// The call.
    pub call_sid: Sid,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// `GT…`
    pub sid: Sid,
    /// Whether it runs.
    pub status: LiveTranscriptionStatus,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

words! {
    open
    /// Whether something beside a call runs.
    pub enum LiveTranscriptionStatus {
        /// It runs.
        InProgress = "in-progress",
        /// It has ended.
        Stopped = "stopped",
    }
}
