//! TwiML that answers a webhook about a call: every verb and noun of it as a type, written, and read as Twilio
//! reads it.
//!
//! A document is a list of [`Verb`]s. Each element is a struct whose fields are its attributes (`None` where one
//! is not given), its text and what stands inside. Only what can be written can be built, and nothing is
//! escaped by hand. [`read`] is the other way, with a warning for each part that Twilio would pass over;
//! [`ELEMENTS`] and [`NESTING`] are the whole vocabulary.

pub use self::conference::*;
pub use self::connect::*;
pub use self::dial::*;
pub use self::enqueue::*;
pub use self::flow::*;
pub use self::gather::*;
pub use self::key::*;
use self::part::{Part, one_of};
pub use self::pay::*;
pub use self::reading::{Answer, Read, read, read_answer};
pub use self::record::*;
pub use self::relay::*;
pub use self::ring_tone::*;
pub use self::role::Role;
pub use self::say::*;
pub use self::ssml::*;
pub use self::start::*;
pub use crate::twiml_document::{DOCUMENT_BYTES_MAX, TwimlError as ReadError, Warning};

mod conference;
mod connect;
mod dial;
mod enqueue;
mod flow;
mod gather;
mod key;
mod part;
mod pay;
mod reading;
mod record;
mod relay;
mod ring_tone;
mod role;
mod say;
mod split;
mod ssml;
mod start;
mod writing;

/// What to do with a call, in order. At its end the call is hung up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What to do.
    pub verbs: Vec<Verb>,
}

one_of! {
    /// One thing to do.
    pub enum Verb {
        /// Hand the call to something that speaks for itself.
        Connect(Connect),
        /// Call somebody.
        Dial(Dial),
        /// Play the caller's own voice back.
        Echo(Echo),
        /// Wait in a queue.
        Enqueue(Enqueue),
        /// Listen for keys and speech.
        Gather(Gather),
        /// End the call.
        Hangup(Hangup),
        /// Leave a queue.
        Leave(Leave),
        /// Wait.
        Pause(Pause),
        /// Take a payment.
        Pay(Pay),
        /// Play audio.
        Play(Play),
        /// Ask at a step of a payment.
        Prompt(Prompt),
        /// Take whoever waits longest.
        Queue(Queue),
        /// Record what the caller says.
        Record(Record),
        /// Go on with another document.
        Redirect(Redirect),
        /// Hand a SIP call over.
        Refer(Refer),
        /// Turn the call away.
        Reject(Reject),
        /// Speak.
        Say(Say),
        /// Send a text.
        Sms(Sms),
        /// Begin something beside the call.
        Start(Start),
        /// End something beside the call.
        Stop(Stop),
    }
}

impl Document {
    /// A document that does these things.
    pub fn of(verbs: impl IntoIterator<Item = Verb>) -> Document {
        Document { verbs: verbs.into_iter().collect() }
    }

    /// Adds something to do.
    #[must_use]
    pub fn then(mut self, verb: impl Into<Verb>) -> Document {
        self.verbs.push(verb.into());
        self
    }

    /// The document as text. Characters that XML does not allow become `U+FFFD`.
    pub fn to_xml(&self) -> String {
        writing::document(self)
    }
}

/// Which elements may stand in which. Elements that are not here hold no others.
pub const NESTING: &[(&str, &[&str])] = &[
    ("Response", Verb::TAGS),
    (Gather::TAG, Prompting::TAGS),
    (Prompt::TAG, Prompting::TAGS),
    (Pay::TAG, PayDetail::TAGS),
    (Dial::TAG, DialTarget::TAGS),
    (Client::TAG, ClientDetail::TAGS),
    (Sip::TAG, SipDetail::TAGS),
    (Headers::TAG, HeaderOnly::TAGS),
    (Application::TAG, ApplicationDetail::TAGS),
    (Enqueue::TAG, TaskOnly::TAGS),
    (Reject::TAG, ParameterOnly::TAGS),
    (Hangup::TAG, ParameterOnly::TAGS),
    (Refer::TAG, ReferTarget::TAGS),
    (Connect::TAG, ConnectTarget::TAGS),
    (VirtualAgent::TAG, Setting::TAGS),
    (ConversationRelay::TAG, RelayDetail::TAGS),
    (Start::TAG, StartTarget::TAGS),
    (Stop::TAG, StopTarget::TAGS),
    (Stream::TAG, ParameterOnly::TAGS),
    (Siprec::TAG, ParameterOnly::TAGS),
    (Transcription::TAG, Setting::TAGS),
    (Say::TAG, Ssml::TAGS),
    (Prosody::TAG, ssml::IN_PROSODY_OR_LANG),
    (Lang::TAG, ssml::IN_PROSODY_OR_LANG),
    (Paragraph::TAG, ssml::IN_P),
    (Sentence::TAG, ssml::IN_S),
    (Emphasis::TAG, ssml::IN_EMPHASIS),
    (Word::TAG, ssml::IN_W),
];

/// Every element with its attributes.
pub const ELEMENTS: &[(&str, &[&str])] = &[
    (AiSession::TAG, AiSession::ATTRIBUTES),
    (Application::TAG, Application::ATTRIBUTES),
    (ApplicationSid::TAG, ApplicationSid::ATTRIBUTES),
    (Autopilot::TAG, Autopilot::ATTRIBUTES),
    (Break::TAG, Break::ATTRIBUTES),
    (Client::TAG, Client::ATTRIBUTES),
    (Conference::TAG, Conference::ATTRIBUTES),
    (Config::TAG, Config::ATTRIBUTES),
    (Connect::TAG, Connect::ATTRIBUTES),
    (Conversation::TAG, Conversation::ATTRIBUTES),
    (ConversationRelay::TAG, ConversationRelay::ATTRIBUTES),
    (ConversationRelaySession::TAG, ConversationRelaySession::ATTRIBUTES),
    (Dial::TAG, Dial::ATTRIBUTES),
    (Echo::TAG, Echo::ATTRIBUTES),
    (Emphasis::TAG, Emphasis::ATTRIBUTES),
    (Enqueue::TAG, Enqueue::ATTRIBUTES),
    (Gather::TAG, Gather::ATTRIBUTES),
    (Hangup::TAG, Hangup::ATTRIBUTES),
    (Header::TAG, Header::ATTRIBUTES),
    (Headers::TAG, Headers::ATTRIBUTES),
    (Identity::TAG, Identity::ATTRIBUTES),
    (Lang::TAG, Lang::ATTRIBUTES),
    (Language::TAG, Language::ATTRIBUTES),
    (Leave::TAG, Leave::ATTRIBUTES),
    (Number::TAG, Number::ATTRIBUTES),
    (Paragraph::TAG, Paragraph::ATTRIBUTES),
    (Parameter::TAG, Parameter::ATTRIBUTES),
    (Pause::TAG, Pause::ATTRIBUTES),
    (Pay::TAG, Pay::ATTRIBUTES),
    (Phoneme::TAG, Phoneme::ATTRIBUTES),
    (Play::TAG, Play::ATTRIBUTES),
    (Prompt::TAG, Prompt::ATTRIBUTES),
    (Prosody::TAG, Prosody::ATTRIBUTES),
    (Queue::TAG, Queue::ATTRIBUTES),
    (Record::TAG, Record::ATTRIBUTES),
    (Recording::TAG, Recording::ATTRIBUTES),
    (Redirect::TAG, Redirect::ATTRIBUTES),
    (Refer::TAG, Refer::ATTRIBUTES),
    (Reject::TAG, Reject::ATTRIBUTES),
    (Room::TAG, Room::ATTRIBUTES),
    (Say::TAG, Say::ATTRIBUTES),
    (SayAs::TAG, SayAs::ATTRIBUTES),
    (Sentence::TAG, Sentence::ATTRIBUTES),
    (Sim::TAG, Sim::ATTRIBUTES),
    (Sip::TAG, Sip::ATTRIBUTES),
    (Siprec::TAG, Siprec::ATTRIBUTES),
    (Sms::TAG, Sms::ATTRIBUTES),
    (Start::TAG, Start::ATTRIBUTES),
    (Stop::TAG, Stop::ATTRIBUTES),
    (Stream::TAG, Stream::ATTRIBUTES),
    (Sub::TAG, Sub::ATTRIBUTES),
    (Task::TAG, Task::ATTRIBUTES),
    (Transcription::TAG, Transcription::ATTRIBUTES),
    (Uri::TAG, Uri::ATTRIBUTES),
    (VirtualAgent::TAG, VirtualAgent::ATTRIBUTES),
    (WhatsApp::TAG, WhatsApp::ATTRIBUTES),
    (Word::TAG, Word::ATTRIBUTES),
];
