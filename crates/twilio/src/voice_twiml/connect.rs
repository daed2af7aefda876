//! `<Connect>`: hand the call to something that speaks for itself, and wait for its end.

use super::flow::Parameter;
use super::part::{Part, one_of, part};
use super::reading::Reading;
use super::record::{RecordingEvent, Trim};
use super::relay::ConversationRelay;
use super::start::Stream;
use super::writing::Writing;
use crate::words::{HttpMethod, words};
use crate::xml;

part! {
    /// Hand the call to something that speaks for itself, and wait for its end.
    pub struct Connect = "Connect" {
        /// Where the end is told, and the next document is; the next verb runs unless given.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method",
    }
    holds
    /// To what. One counts; which of several is not documented.
    targets: ConnectTarget
}

one_of! {
    /// What a call can be handed to.
    pub enum ConnectTarget {
        /// A video room.
        Room(Room),
        /// A bot of a product that is no more.
        Autopilot(Autopilot),
        /// A websocket that takes and gives audio.
        Stream(Stream),
        /// An agent of Dialogflow.
        VirtualAgent(VirtualAgent),
        /// A conversation of the product of this name.
        Conversation(Box<Conversation>),
        /// A websocket that takes and gives words.
        ConversationRelay(Box<ConversationRelay>),
        /// A session with an agent, by its settings' name.
        AiSession(AiSession),
        /// A session with words, by its settings' name.
        ConversationRelaySession(ConversationRelaySession),
    }
}

part! {
    /// A video room.
    pub struct Room = "Room" {
        /// The name of the participant.
        pub participant_identity: Option<String> = "participantIdentity",
    }
    text
    /// The room's name.
    name
}

part! {
    /// A bot of a product that is no more.
    pub struct Autopilot = "Autopilot" {}
    text
    /// The bot's name.
    name
}

part! {
    /// An agent of Dialogflow.
    pub struct VirtualAgent = "VirtualAgent" {
        /// The connector to it.
        pub connector_name: Option<String> = "connectorName",
        /// The language that is spoken.
        pub language: Option<String> = "language",
        /// Whether moods are found out.
        pub sentiment_analysis: Option<bool> = "sentimentAnalysis",
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
    }
    holds
    /// Settings by name.
    settings: Setting
}

one_of! {
    /// A setting of an agent or of a transcription.
    pub enum Setting {
        /// One for the provider.
        Config(Config),
        /// One that is told along.
        Parameter(Parameter),
    }
}

part! {
    /// A setting for the provider.
    pub struct Config = "Config" {
        /// The name.
        pub name: Option<String> = "name",
        /// The value.
        pub value: Option<String> = "value",
    }
}

part! {
    /// A conversation of the product of this name.
    pub struct Conversation = "Conversation" {
        /// The service that it belongs to.
        pub service_instance_sid: Option<String> = "serviceInstanceSid",
        /// Whether it is made where there is none.
        pub inbound_autocreation: Option<bool> = "inboundAutocreation",
        /// How long it may take to find somebody, in seconds.
        pub routing_assignment_timeout_s: Option<u32> = "routingAssignmentTimeout",
        /// How long the caller waits, in seconds.
        pub inbound_timeout_s: Option<u32> = "inboundTimeout",
        /// What is heard meanwhile.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method",
        /// Whether it is recorded.
        pub record: Option<super::dial::DialRecord> = "record",
        /// Whether silence at the ends of the recording is cut off.
        pub trim: Option<Trim> = "trim",
        /// Where changes of the recording are told.
        pub recording_status_callback: Option<String> = "recordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "recordingStatusCallbackMethod",
        /// Which of them.
        pub recording_status_callback_event: Vec<RecordingEvent> = "recordingStatusCallbackEvent" or 13621,
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them.
        pub status_callback_event: Vec<ConversationEvent> = "statusCallbackEvent",
    }
}

words! {
    /// A change of a call to a conversation that is told.
    pub enum ConversationEvent {
        /// Dialing began.
        Initiated = "call-initiated",
        /// It rings.
        Ringing = "call-ringing",
        /// It was answered.
        Answered = "call-answered",
        /// It ended.
        Completed = "call-completed",
    }
}

part! {
    /// A session with an agent, by its settings' name.
    pub struct AiSession = "AiSession" {
        /// The connector to it.
        pub ai_connector: Option<String> = "aiConnector",
        /// The name of its settings.
        pub ai_session_configuration: Option<String> = "aiSessionConfiguration",
    }
}

part! {
    /// A session with words, by its settings' name.
    pub struct ConversationRelaySession = "ConversationRelaySession" {
        /// The connector to it.
        pub connector: Option<String> = "connector",
        /// The name of its settings.
        pub session_configuration: Option<String> = "sessionConfiguration",
    }
}

impl Connect {
    /// Hands the call to this.
    pub fn to(target: impl Into<ConnectTarget>) -> Connect {
        Connect { targets: vec![target.into()], ..Connect::default() }
    }
}

impl From<ConversationRelay> for ConnectTarget {
    fn from(relay: ConversationRelay) -> ConnectTarget {
        ConnectTarget::ConversationRelay(Box::new(relay))
    }
}

/// The largest elements stand in boxes, so that lists of the others stay small.
impl<T: Part> Part for Box<T> {
    const TAG: &'static str = T::TAG;
    const ATTRIBUTES: &'static [&'static str] = T::ATTRIBUTES;

    fn read(element: &xml::Element, reading: &mut Reading) -> Option<Box<T>> {
        T::read(element, reading).map(Box::new)
    }

    fn write(&self, out: &mut Writing) {
        (**self).write(out);
    }
}
