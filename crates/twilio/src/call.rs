//! Calls of the 2010 API: the parameters of creating, updating and listing them, the resource, and the
//! webhooks about them.

pub use self::action::{
    DialAction, DialCallStatus, EnqueueAction, GatherAction, GatherPartial, QueueResult, QueueWait,
    RecordAction, RecordEnd, RelayAction, SessionStatus, SmsAction,
};
pub use self::conference::{ConferenceCallback, ConferenceChange};
pub use self::media::{
    LiveTranscriptionCallback, RecordingCallback, StreamCallback, StreamEvent, TranscribedTrack,
    TranscriptionCallback, TranscriptionEvent,
};
pub use self::resource::{AnsweredBy, CallResource, CallStatus, Direction};
pub use self::status::{AmdCallback, CallStatusCallback};
pub use self::webhook::CallRequest;
use crate::message::DateFilter;
use crate::parameter::{ParameterError, WireText, parameters};
use crate::sid::Sid;
use crate::voice_twiml::Tones;
pub use crate::voice_twiml::{MachineDetection, RecordingChannels, RecordingEvent, RecordingTrack, Trim};
use crate::words::{HttpMethod, words};

mod action;
mod conference;
mod media;
mod resource;
mod status;
mod webhook;

/// The most characters of a document in a request; a longer one is error 32018.
pub const TWIML_LENGTH_MAX: usize = 4000;

/// The most tones that are played once a call is answered; more are error 21206.
pub const SEND_DIGITS_MAX: usize = 32;

/// The most characters of a SIP user or password; more are errors 21221 and 21223.
pub const SIP_AUTH_LENGTH_MAX: usize = 255;

/// The most characters of the reason for a call.
pub const REASON_LENGTH_MAX: usize = 50;

parameters! {
    /// `POST …/Calls.json`: call somebody.
    ///
    /// [`from_pairs`](CreateCall::from_pairs) checks each value's form, and
    /// [`instructions`](CreateCall::instructions) what must stand together. Whether this account may use the
    /// values is for whoever answers the request.
    #[derive(Default)]
    pub struct CreateCall {
        /// E.164, `client:` and a name, or `sip:` and an address.
        pub to: String = "To" or 21201,
        /// A number of the account, one that was verified for it, `client:` and a name, or a SIP user.
        pub from: String = "From" or 21213,
        /// Where the document is that the call runs once it is answered.
        pub url: Option<String> = "Url",
        /// The document itself, at most 4000 characters.
        pub twiml: Option<String> = "Twiml",
        /// The application whose addresses are used in the place of those given here.
        pub application_sid: Option<Sid> = "ApplicationSid" or 21218,
        /// How the document is asked for, POST unless given.
        pub method: Option<HttpMethod> = "Method",
        /// Where another document is, should the first one fail.
        pub fallback_url: Option<String> = "FallbackUrl",
        /// How it is asked for.
        pub fallback_method: Option<HttpMethod> = "FallbackMethod",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "StatusCallback",
        /// Which of them, `completed` unless given.
        pub status_callback_event: Vec<CallEvent> = "StatusCallbackEvent" or 21626,
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
        /// Tones to play once it is answered, at most 32.
        pub send_digits: Option<SendDigits> = "SendDigits" or 21206,
        /// How long it may ring: 60 seconds unless given, at most 600.
        pub timeout_s: Option<u32> = "Timeout" in 0..=600,
        /// How long it may last, in seconds.
        pub time_limit_s: Option<u32> = "TimeLimit" in 1..=86400,
        /// Whether it is recorded.
        pub record: Option<bool> = "Record",
        /// How many channels the recording has, one unless given.
        pub recording_channels: Option<RecordingChannels> = "RecordingChannels",
        /// Which voices are recorded, both unless given.
        pub recording_track: Option<RecordingTrack> = "RecordingTrack",
        /// Where changes of the recording are told.
        pub recording_status_callback: Option<String> = "RecordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "RecordingStatusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub recording_status_callback_event: Vec<RecordingEvent> = "RecordingStatusCallbackEvent",
        /// Whether silence at the ends of the recording is cut off, which it is unless this says otherwise.
        pub trim: Option<Trim> = "Trim",
        /// The user to log in as where the call goes to a SIP address.
        pub sip_auth_username: Option<String> = "SipAuthUsername",
        /// The user's password.
        pub sip_auth_password: Option<String> = "SipAuthPassword",
        /// Whether to find out who answers.
        pub machine_detection: Option<MachineDetection> = "MachineDetection",
        /// How long to try, 30 seconds unless given.
        pub machine_detection_timeout_s: Option<u32> = "MachineDetectionTimeout" in 3..=60,
        /// How long a greeting makes a machine, 2400 ms unless given.
        pub machine_detection_speech_threshold_ms: Option<u32>
            = "MachineDetectionSpeechThreshold" in 1000..=6000,
        /// How long a silence ends a greeting, 1200 ms unless given.
        pub machine_detection_speech_end_threshold_ms: Option<u32>
            = "MachineDetectionSpeechEndThreshold" in 500..=5000,
        /// How long a silence at the start leaves it unknown, 5000 ms unless given.
        pub machine_detection_silence_timeout_ms: Option<u32>
            = "MachineDetectionSilenceTimeout" in 2000..=10000,
        /// Whether the call goes on before it is known who answered.
        pub async_amd: Option<bool> = "AsyncAmd",
        /// Where it is then told.
        pub async_amd_status_callback: Option<String> = "AsyncAmdStatusCallback",
        /// How it is told.
        pub async_amd_status_callback_method: Option<HttpMethod> = "AsyncAmdStatusCallbackMethod",
        /// The number that is shown at a SIP address.
        pub caller_id: Option<String> = "CallerId",
        /// The trunk of one's own carrier.
        pub byoc: Option<Sid> = "Byoc",
        /// Why the call is made, at most 50 characters.
        pub call_reason: Option<String> = "CallReason",
        /// What lets the number of an incoming call be shown in this one.
        pub call_token: Option<String> = "CallToken",
        /// Where an app on a phone is woken up.
        pub client_notification_url: Option<String> = "ClientNotificationUrl",
    }
}

parameters! {
    /// `POST …/Calls/{Sid}.json`: send a call elsewhere, or end it.
    #[derive(Default)]
    pub struct UpdateCall {
        /// Where the document is that the call goes on with.
        pub url: Option<String> = "Url",
        /// The document itself.
        pub twiml: Option<String> = "Twiml",
        /// How the document is asked for.
        pub method: Option<HttpMethod> = "Method",
        /// Ends the call.
        pub status: Option<UpdateCallStatus> = "Status",
        /// Where another document is, should the first one fail.
        pub fallback_url: Option<String> = "FallbackUrl",
        /// How it is asked for.
        pub fallback_method: Option<HttpMethod> = "FallbackMethod",
        /// Where changes of status are told from now on.
        pub status_callback: Option<String> = "StatusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
        /// How long the call may last, in seconds.
        pub time_limit_s: Option<u32> = "TimeLimit" in 1..=86400,
    }
}

parameters! {
    /// `GET …/Calls.json`: list calls, newest first.
    #[derive(Default)]
    pub struct ListCalls {
        /// Only calls to this address.
        pub to: Option<String> = "To",
        /// Only calls from this address.
        pub from: Option<String> = "From",
        /// Only calls that this call made.
        pub parent_call_sid: Option<Sid> = "ParentCallSid",
        /// Only calls with this status.
        pub status: Option<CallStatus> = "Status",
        /// Only calls that began on this day, or at this moment.
        pub start_time: Option<DateFilter> = "StartTime",
        /// Only calls that began at or before this; the operator is part of the name.
        pub start_time_until: Option<DateFilter> = "StartTime<",
        /// Only calls that began at or after this; the operator is part of the name.
        pub start_time_since: Option<DateFilter> = "StartTime>",
        /// Only calls that ended on this day, or at this moment.
        pub end_time: Option<DateFilter> = "EndTime",
        /// Only calls that ended at or before this.
        pub end_time_until: Option<DateFilter> = "EndTime<",
        /// Only calls that ended at or after this.
        pub end_time_since: Option<DateFilter> = "EndTime>",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0; only counts together with the token.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}

words! {
    /// A change of status of a call that is told.
    pub enum CallEvent {
        /// Dialing began.
        Initiated = "initiated",
        /// It rings.
        Ringing = "ringing",
        /// It was answered.
        Answered = "answered",
        /// It ended, however.
        Completed = "completed",
    }
}

words! {
    /// How a call is ended from outside.
    pub enum UpdateCallStatus {
        /// Only while it waits or rings.
        Canceled = "canceled",
        /// However far it has come.
        Completed = "completed",
    }
}

/// Tones to play once a call is answered, at most [`SEND_DIGITS_MAX`] of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendDigits(Tones);

impl SendDigits {
    /// Reads tones.
    pub fn parse(text: &str) -> Option<SendDigits> {
        Tones::parse(text).filter(|_| text.len() <= SEND_DIGITS_MAX).map(SendDigits)
    }

    /// The tones as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl WireText for SendDigits {
    const EXPECTED: &'static str = "at most 32 tones: 0 to 9, *, #, A to D, w and W";

    fn to_wire(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_wire(text: &str) -> Option<SendDigits> {
        SendDigits::parse(text)
    }
}

/// Where the document is that a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions<'a> {
    /// At this address.
    Url(&'a str),
    /// In the request itself.
    Twiml(&'a str),
    /// Where the application says; its other addresses count as well, in the place of those of the request.
    Application(&'a Sid),
}

impl CreateCall {
    /// Where the document is, once it is sure that the parameters can stand together and are not too long.
    pub fn instructions(&self) -> Result<Instructions<'_>, ParameterError> {
        longest("SipAuthUsername", self.sip_auth_username.as_deref(), SIP_AUTH_LENGTH_MAX, 21221)?;
        longest("SipAuthPassword", self.sip_auth_password.as_deref(), SIP_AUTH_LENGTH_MAX, 21223)?;
        longest("CallReason", self.call_reason.as_deref(), REASON_LENGTH_MAX, 20422)?;
        if let Some(application) = &self.application_sid {
            return Ok(Instructions::Application(application));
        }
        let found = instructions(self.url.as_deref(), self.twiml.as_deref())?;
        found.ok_or(ParameterError::Missing { name: "Url", code: 21205 })
    }

    /// Codes of what is odd about the request and does not stop it.
    pub fn warnings(&self) -> Vec<u32> {
        let is_async = self.async_amd == Some(true) && self.machine_detection.is_some();
        let both =
            self.application_sid.is_none() && given(self.url.as_deref()) && given(self.twiml.as_deref());
        let unheard = is_async && !given(self.async_amd_status_callback.as_deref());
        [(both, 32019), (unheard, 21262)].into_iter().filter(|(is, _)| *is).map(|(_, code)| code).collect()
    }

    /// Whether to find out who answers. Tones rule it out.
    pub fn detects_machines(&self) -> Option<MachineDetection> {
        self.machine_detection.filter(|_| self.send_digits.is_none())
    }

    /// The changes of status that are told.
    pub fn events(&self) -> &[CallEvent] {
        if self.status_callback_event.is_empty() {
            &[CallEvent::Completed]
        } else {
            &self.status_callback_event
        }
    }
}

impl UpdateCall {
    /// Where the document is that the call goes on with, if it goes on with another one.
    pub fn instructions(&self) -> Result<Option<Instructions<'_>>, ParameterError> {
        instructions(self.url.as_deref(), self.twiml.as_deref())
    }
}

/// Of an address and a document the address counts.
fn instructions<'a>(
    url: Option<&'a str>,
    twiml: Option<&'a str>,
) -> Result<Option<Instructions<'a>>, ParameterError> {
    match (url.filter(|url| !url.is_empty()), twiml.filter(|twiml| !twiml.is_empty())) {
        (Some(url), _) if is_web_address(url) => Ok(Some(Instructions::Url(url))),
        (Some(url), _) => {
            let (value, expected) = (url.to_owned(), "an address that begins with http:// or https://");
            Err(ParameterError::Invalid { name: "Url", value, expected, code: 21205 })
        }
        (None, Some(twiml)) => {
            longest("Twiml", Some(twiml), TWIML_LENGTH_MAX, 32018)?;
            Ok(Some(Instructions::Twiml(twiml)))
        }
        (None, None) => Ok(None),
    }
}

fn is_web_address(url: &str) -> bool {
    let rest = url
        .split_once("://")
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"));
    rest.is_some_and(|(_, rest)| {
        !rest.is_empty() && !rest.starts_with(['/', '?', '#']) && !rest.contains(char::is_whitespace)
    })
}

fn given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

fn longest(
    name: &'static str,
    text: Option<&str>,
    length_max: usize,
    code: u32,
) -> Result<(), ParameterError> {
    match text {
        Some(text) if text.chars().count() > length_max => {
            let expected = "a shorter text";
            Err(ParameterError::Invalid { name, value: text.to_owned(), expected, code })
        }
        _ => Ok(()),
    }
}
