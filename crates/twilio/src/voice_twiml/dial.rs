//! `<Dial>` and whom it calls.

use super::conference::Conference;
use super::enqueue::Queue;
use super::flow::Parameter;
use super::key::Tones;
use super::part::{UNKNOWN, one_of, part};
use super::reading::Reading;
use super::record::{RecordingEvent, RecordingTrack, Trim};
use super::ring_tone::RingTone;
use crate::words::{HttpMethod, words};
use crate::xml;

/// The most numbers, clients and SIP addresses that ring at once.
pub const DIALED_MAX: usize = 10;

/// The most characters of the reason for a call.
pub const CALL_REASON_LENGTH_MAX: usize = 50;

part! {
    /// Call somebody, and connect the caller with them.
    pub struct Dial = "Dial" {
        /// Where the result is told, and the next document is; the next verb runs unless given.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method" or 13210,
        /// How long it may ring, 30 seconds unless given.
        pub timeout_s: Option<u32> = "timeout" or 13212,
        /// How long they may talk, 14400 seconds unless given.
        pub time_limit_s: Option<u32> = "timeLimit" in 1..=4_294_967_295 or 13216,
        /// The number that is shown; the caller's unless given.
        pub caller_id: Option<String> = "callerId",
        /// Whether the caller ends the other call with `*`.
        pub hangup_on_star: Option<bool> = "hangupOnStar" or 13213,
        /// Whether the caller's own call is answered no sooner than the other one is.
        pub answer_on_bridge: Option<bool> = "answerOnBridge",
        /// Whether it is recorded.
        pub record: Option<DialRecord> = "record" or 13217,
        /// Which voices are recorded, both unless given.
        pub recording_track: Option<RecordingTrack> = "recordingTrack",
        /// Whether silence at the ends of the recording is cut off.
        pub trim: Option<Trim> = "trim",
        /// Where changes of the recording are told.
        pub recording_status_callback: Option<String> = "recordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "recordingStatusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub recording_status_callback_event: Vec<RecordingEvent> = "recordingStatusCallbackEvent" or 13621,
        /// A set of settings for recordings.
        pub recording_configuration_id: Option<String> = "recordingConfigurationId",
        /// The tone that the caller hears meanwhile; the carrier's unless given.
        pub ring_tone: Option<RingTone> = "ringTone",
        /// Whether numbers ring one after the other.
        pub sequential: Option<bool> = "sequential",
        /// Where a SIP side is asked that wants to hand the call over.
        pub refer_url: Option<String> = "referUrl",
        /// How it is asked.
        pub refer_method: Option<HttpMethod> = "referMethod",
        /// Why the call is made, at most 50 characters.
        pub call_reason: Option<String> = "callReason",
        /// Not documented.
        pub events: Option<DialEvent> = "events",
        /// Not documented.
        pub passports: Option<String> = "passports",
    }
    text
    /// A number, where nothing stands inside.
    number
    holds
    /// Whom it calls.
    targets: DialTarget
    check check_dial
}

one_of! {
    /// Whom `<Dial>` calls.
    pub enum DialTarget {
        /// A phone number.
        Number(Number),
        /// A program that speaks, in a browser or on a phone.
        Client(Client),
        /// A room for many.
        Conference(Conference),
        /// Whoever waits longest in a queue.
        Queue(Queue),
        /// A SIM card.
        Sim(Sim),
        /// A SIP address.
        Sip(Sip),
        /// Another application.
        Application(Application),
        /// A person on WhatsApp.
        WhatsApp(WhatsApp),
    }
}

part! {
    /// A phone number to call.
    pub struct Number = "Number" {
        /// A document for who is called, before they are connected.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method" or 13221,
        /// Tones to play once it is answered.
        pub send_digits: Option<Tones> = "sendDigits" or 13222,
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub status_callback_event: Vec<DialedEvent> = "statusCallbackEvent",
        /// The trunk of one's own carrier.
        pub byoc: Option<String> = "byoc",
        /// Whether to find out who answers.
        pub machine_detection: Option<MachineDetection> = "machineDetection",
        /// How long to try, 30 seconds unless given.
        pub machine_detection_timeout_s: Option<u32> = "machineDetectionTimeout" in 3..=60,
        /// How long a greeting makes a machine, 2400 ms unless given.
        pub machine_detection_speech_threshold_ms: Option<u32>
            = "machineDetectionSpeechThreshold" in 1000..=6000,
        /// How long a silence ends a greeting, 1200 ms unless given.
        pub machine_detection_speech_end_threshold_ms: Option<u32>
            = "machineDetectionSpeechEndThreshold" in 500..=5000,
        /// How long a silence at the start leaves it unknown, 5000 ms unless given.
        pub machine_detection_silence_timeout_ms: Option<u32>
            = "machineDetectionSilenceTimeout" in 2000..=10000,
        /// Where it is told who answered.
        pub amd_status_callback: Option<String> = "amdStatusCallback",
        /// How it is told.
        pub amd_status_callback_method: Option<HttpMethod> = "amdStatusCallbackMethod",
    }
    text
    /// The number: E.164, or as people write numbers in the United States.
    number
    check check_number
}

part! {
    /// A program to call that speaks.
    pub struct Client = "Client" {
        /// A document for who is called, before they are connected.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub status_callback_event: Vec<DialedEvent> = "statusCallbackEvent",
    }
    text
    /// Its name, where it does not stand inside.
    name
    holds
    /// Its name and settings.
    details: ClientDetail
}

one_of! {
    /// What stands in `<Client>`.
    pub enum ClientDetail {
        /// Its name.
        Identity(Identity),
        /// A setting that it is told.
        Parameter(Parameter),
    }
}

part! {
    /// The name of a client.
    pub struct Identity = "Identity" {}
    text
    /// The name.
    name
}

part! {
    /// A SIM card to call.
    pub struct Sim = "Sim" {}
    text
    /// Its SID.
    sid
}

part! {
    /// A SIP address to call.
    pub struct Sip = "Sip" {
        /// The user to log in as.
        pub username: Option<String> = "username",
        /// The user's password.
        pub password: Option<String> = "password",
        /// A document for who is called, before they are connected.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them, `completed` unless given.
        pub status_callback_event: Vec<DialedEvent> = "statusCallbackEvent",
        /// Whether to find out who answers.
        pub machine_detection: Option<MachineDetection> = "machineDetection",
        /// How long to try.
        pub machine_detection_timeout_s: Option<u32> = "machineDetectionTimeout" in 3..=60,
        /// How long a greeting makes a machine.
        pub machine_detection_speech_threshold_ms: Option<u32>
            = "machineDetectionSpeechThreshold" in 1000..=6000,
        /// How long a silence ends a greeting.
        pub machine_detection_speech_end_threshold_ms: Option<u32>
            = "machineDetectionSpeechEndThreshold" in 500..=5000,
        /// How long a silence at the start leaves it unknown.
        pub machine_detection_silence_timeout_ms: Option<u32>
            = "machineDetectionSilenceTimeout" in 2000..=10000,
        /// Where it is told who answered.
        pub amd_status_callback: Option<String> = "amdStatusCallback",
        /// How it is told.
        pub amd_status_callback_method: Option<HttpMethod> = "amdStatusCallbackMethod",
    }
    text
    /// The address, where it does not stand inside.
    address
    holds
    /// The address, and headers.
    details: SipDetail
}

one_of! {
    /// What stands in `<Sip>`.
    pub enum SipDetail {
        /// The address.
        Uri(Uri),
        /// Headers of one's own.
        Headers(Headers),
    }
}

part! {
    /// A SIP address.
    pub struct Uri = "Uri" {}
    text
    /// The address.
    address
}

part! {
    /// Headers of one's own.
    pub struct Headers = "Headers" {}
    holds
    /// The headers.
    headers: HeaderOnly
}

one_of! {
    /// What stands in `<Headers>`.
    pub enum HeaderOnly {
        /// A header.
        Header(Header),
    }
}

part! {
    /// A header.
    pub struct Header = "Header" {
        /// Its name.
        pub name: Option<String> = "name",
        /// Its value.
        pub value: Option<String> = "value",
    }
}

part! {
    /// Another application to call.
    pub struct Application = "Application" {
        /// A document for who is called, before they are connected.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them.
        pub status_callback_event: Vec<DialedEvent> = "statusCallbackEvent",
        /// The customer, for the bill; at most 256 characters.
        pub customer_id: Option<String> = "customerId",
        /// Whether the other application is told the number that this call went to.
        pub copy_parent_to: Option<bool> = "copyParentTo",
    }
    text
    /// Its SID, where it does not stand inside.
    sid
    holds
    /// Its SID and settings.
    details: ApplicationDetail
}

one_of! {
    /// What stands in `<Application>`.
    pub enum ApplicationDetail {
        /// Its SID.
        ApplicationSid(ApplicationSid),
        /// A setting that it is told.
        Parameter(Parameter),
    }
}

part! {
    /// The SID of an application.
    pub struct ApplicationSid = "ApplicationSid" {}
    text
    /// The SID.
    sid
}

part! {
    /// A person on WhatsApp to call.
    pub struct WhatsApp = "WhatsApp" {
        /// A document for who is called, before they are connected.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them.
        pub status_callback_event: Vec<DialedEvent> = "statusCallbackEvent",
    }
    text
    /// The number.
    number
}

words! {
    /// Whether a dialed call is recorded, and how.
    pub enum DialRecord {
        /// It is not.
        DoNot = "do-not-record" | "false",
        /// From when it is answered, in one channel.
        FromAnswer = "record-from-answer" | "true",
        /// From when it rings, in one channel.
        FromRinging = "record-from-ringing",
        /// From when it is answered, each side in a channel.
        FromAnswerDual = "record-from-answer-dual",
        /// From when it rings, each side in a channel.
        FromRingingDual = "record-from-ringing-dual",
    }
}

words! {
    /// A change of status of who is called that is told.
    pub enum DialedEvent {
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
    /// Whether to find out who answers, and how.
    pub enum MachineDetection {
        /// As soon as it is known.
        Enable = "Enable",
        /// For a machine, at the end of its greeting.
        DetectMessageEnd = "DetectMessageEnd",
    }
}

words! {
    /// Not documented.
    pub enum DialEvent {
        /// The only word.
        CallProgress = "call-progress-event",
    }
}

impl Dial {
    /// Calls one number.
    pub fn number(number: impl Into<String>) -> Dial {
        Dial { targets: vec![DialTarget::Number(Number::of(number))], ..Dial::default() }
    }
}

impl Number {
    /// Calls this number.
    pub fn of(number: impl Into<String>) -> Number {
        Number { number: number.into(), ..Number::default() }
    }
}

fn check_dial(mut dial: Dial, _: &xml::Element, reading: &mut Reading) -> Option<Dial> {
    if dial.call_reason.as_ref().is_some_and(|reason| reason.chars().count() > CALL_REASON_LENGTH_MAX) {
        reading.warn(
            UNKNOWN,
            format!("<Dial> has a callReason of more than {CALL_REASON_LENGTH_MAX} characters"),
        );
        dial.call_reason = None;
    }
    if !dial.targets.is_empty() && !dial.number.is_empty() {
        reading.warn(13215, "<Dial> has a number beside what stands inside".to_owned());
        dial.number.clear();
    }
    if !dial.number.is_empty() && !is_number(&dial.number) {
        reading.warn(13223, "<Dial> does not have the form of a number".to_owned());
        dial.number.clear();
    }
    if dial.targets.len() > DIALED_MAX {
        reading.warn(13215, format!("<Dial> calls more than {DIALED_MAX} at once"));
        dial.targets.truncate(DIALED_MAX);
    }
    Some(dial)
}

fn check_number(number: Number, _: &xml::Element, reading: &mut Reading) -> Option<Number> {
    if is_number(&number.number) {
        return Some(number);
    }
    reading.warn(13223, "<Number> does not have the form of a number".to_owned());
    None
}

/// Whether a text could be a phone number: digits, and what people write between and around them.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (1..=20).contains(&digits)
        && text.chars().all(|char| char.is_ascii_digit() || matches!(char, ' ' | '-' | '.' | '(' | ')' | '/'))
}
