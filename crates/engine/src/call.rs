//! One phone call, in or out: what is said, how far it got, what became of it, and the lattice of its
//! statuses.

mod course;
mod notice;

pub use course::{AnsweredBy, Course, LineEvent};
pub use notice::{Notice, NoticeLevel};

use crate::effect::EffectKey;
use crate::event::{Event, Failure};
use crate::id::{CallId, RunId};
use crate::outcome::Outcome;
use crate::sending::{
    Channel, Direction, EventKind, HistoryEvent, Kind, Lattice, MessageClass, Origin, Outbound, Progress,
    SidSource, Told, fill, newer,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A call with everything that is known about it. Stored whole; the store indexes some of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub id: CallId,
    pub direction: Direction,
    /// Name of the credential whose account places or took it.
    pub credential: String,
    /// Who calls: a number of ours, or the person's for inbound calls.
    pub from: Option<String>,
    /// Who is called.
    pub to: String,
    /// What is done on the line; nothing for inbound calls that nothing answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "MessageClass::is_transactional")]
    pub class: MessageClass,
    /// The step that placed it; nothing for inbound calls and for those placed outside of a run.
    pub origin: Option<Origin>,
    #[serde(flatten)]
    pub progress: Progress<Status>,
    /// What happened on the line.
    #[serde(default)]
    pub course: Course,
    /// What the provider reports beside the status.
    #[serde(default)]
    pub receipt: Receipt,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is done on the line, with everything rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    #[serde(flatten)]
    pub script: Script,
    /// The provider's own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// A tag such as `en-US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub record: bool,
    /// How long it rings, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ring_timeout_s: Option<u32>,
    /// The longest that it lasts, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_max_s: Option<u32>,
    #[serde(default)]
    pub detection: Detection,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "script", rename_all = "snake_case")]
pub enum Script {
    Announcement(Announcement),
    Conversation { agent: AgentRef },
}

/// Spoken or played, and then the call is over, unless the person presses a key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    /// Address of a recording that is played first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is left on an answering machine instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voicemail: Option<String>,
    /// Says it all once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_key: Option<Key>,
    /// Confirms that it was heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_key: Option<Key>,
    /// Spoken after it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_message: Option<String>,
    /// Somebody to talk to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connect>,
    /// Whether the line tells us that everything was said, so that hanging up before can be told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tells_end: bool,
    /// It says something that was told in confidence, so nothing shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

impl Announcement {
    /// Whether what follows depends on what the person does, or on who answers.
    pub fn is_interactive(&self) -> bool {
        let connects_by_key = self.connect.as_ref().is_some_and(|connect| connect.key.is_some());
        self.repeat_key.is_some() || self.confirm_key.is_some() || connects_by_key || self.voicemail.is_some()
    }
}

/// A person who takes the call over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    /// E.164.
    pub to: String,
    /// Connects where it is pressed; where there is none, the call goes there after the announcement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
}

/// A key of a phone: a digit, `*` or `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(char);

impl Key {
    /// Nothing where the text is no single key.
    pub fn parse(text: &str) -> Option<Key> {
        let mut characters = text.trim().chars();
        let key = characters.next().filter(|key| key.is_ascii_digit() || matches!(key, '*' | '#'))?;
        characters.next().is_none().then_some(Key(key))
    }

    pub fn as_char(self) -> char {
        self.0
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.0.to_string()
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(text: String) -> Result<Key, String> {
        Key::parse(&text).ok_or_else(|| format!("{text:?} is no key of a phone"))
    }
}

/// The agent that holds a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentRef {
    /// A published one.
    Named(String),
    /// Written into the block.
    Inline(serde_json::Value),
}

/// Whether the provider finds out who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detection {
    #[default]
    Off,
    /// While the message is spoken.
    Background,
    /// Before anything is said; a machine's greeting is waited for.
    Wait,
}

/// What the provider reports beside the status; later reports fill in what earlier ones lacked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_sid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_created: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_updated: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// Seconds, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Negative decimal text; arrives after the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<String>,
    /// How the network answered, as a number of SIP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sip_code: Option<String>,
}

impl Receipt {
    fn fill_from(&mut self, other: &Receipt) {
        fill(&mut self.account_sid, &other.account_sid);
        fill(&mut self.date_created, &other.date_created);
        newer(&mut self.date_updated, &other.date_updated);
        fill(&mut self.start_time, &other.start_time);
        fill(&mut self.end_time, &other.end_time);
        fill(&mut self.duration, &other.duration);
        fill(&mut self.price, &other.price);
        fill(&mut self.price_unit, &other.price_unit);
        fill(&mut self.sip_code, &other.sip_code);
    }
}

/// A provider's status of a call. Callbacks come twice, late and out of order, so only the lattice decides
/// which one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Queued,
    Initiated,
    Ringing,
    InProgress,
    Canceled,
    Busy,
    NoAnswer,
    Failed,
    Completed,
}

impl Status {
    pub const ALL: [Status; 9] = [
        Status::Queued,
        Status::Initiated,
        Status::Ringing,
        Status::InProgress,
        Status::Canceled,
        Status::Busy,
        Status::NoAnswer,
        Status::Failed,
        Status::Completed,
    ];

    /// Reads the provider's word; nothing for a word that is not known yet.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// A final status that says that nobody was reached.
    pub fn is_failure(self) -> bool {
        self.is_final() && self != Status::Completed
    }
}

impl Lattice for Status {
    fn as_str(self) -> &'static str {
        match self {
            Status::Queued => "queued",
            Status::Initiated => "initiated",
            Status::Ringing => "ringing",
            Status::InProgress => "in-progress",
            Status::Canceled => "canceled",
            Status::Busy => "busy",
            Status::NoAnswer => "no-answer",
            Status::Failed => "failed",
            Status::Completed => "completed",
        }
    }

    fn rank(self) -> u8 {
        match self {
            Status::Queued => 1,
            Status::Initiated => 2,
            Status::Ringing => 3,
            Status::InProgress => 4,
            Status::Canceled | Status::Busy | Status::NoAnswer | Status::Failed => 5,
            Status::Completed => 6,
        }
    }

    fn is_final(self) -> bool {
        self.rank() >= 5
    }
}

/// What the provider says of one call at one time: an answer, a callback, or a fetched resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub sid: String,
    pub status: Option<Status>,
    pub error_code: Option<u32>,
    pub error_message: Option<String>,
    pub answered_by: Option<AnsweredBy>,
    #[serde(default)]
    pub receipt: Receipt,
}

impl Told<Status> for Report {
    fn sid(&self) -> &str {
        &self.sid
    }

    fn status(&self) -> Option<Status> {
        self.status
    }

    fn error_code(&self) -> Option<u32> {
        self.error_code
    }

    fn error_message(&self) -> Option<&str> {
        self.error_message.as_deref()
    }
}

/// One line of a call's history.
pub type CallEvent = HistoryEvent<CallId, CallEventKind>;

/// What happened to a call: on its way to the provider, or on the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CallEventKind {
    Way(EventKind<Status>),
    Line(LineEvent),
}

impl From<EventKind<Status>> for CallEventKind {
    fn from(kind: EventKind<Status>) -> CallEventKind {
        CallEventKind::Way(kind)
    }
}

impl Call {
    /// How it ended, as workflows name it; nothing while it may still go on.
    pub fn outcome(&self) -> Option<Outcome> {
        if let Some(ended_by) = self.course.ended_by {
            // What was said settles it; the line only follows.
            return Some(ended_by);
        }
        Some(match self.progress.status.filter(|status| status.is_final())? {
            Status::Canceled => Outcome::Canceled,
            Status::Busy => Outcome::Busy,
            Status::NoAnswer => Outcome::NoAnswer,
            Status::Completed => self.outcome_of_answered(),
            _ => Failure::of_call(self).map_or(Outcome::Failed, |failure| failure.outcome),
        })
    }

    fn outcome_of_answered(&self) -> Outcome {
        let course = &self.course;
        if course.confirmed_at.is_some() {
            return Outcome::Confirmed;
        }
        if course.connected_at.is_some() {
            return Outcome::Transferred;
        }
        if course.answered_by.is_some_and(AnsweredBy::is_machine) {
            return Outcome::Voicemail;
        }
        match self.plan.as_ref().map(|plan| &plan.script) {
            Some(Script::Announcement(said)) if said.tells_end && course.heard_at.is_none() => {
                Outcome::HungUp
            }
            Some(Script::Conversation { .. }) => Outcome::HungUp,
            _ => Outcome::Completed,
        }
    }
}

impl Outbound for Call {
    const KIND: Kind = Kind::Call;
    type Id = CallId;
    type Status = Status;
    type Report = Report;
    type EventKind = CallEventKind;

    fn id(&self) -> &CallId {
        &self.id
    }

    fn id_text(&self) -> &str {
        self.id.as_str()
    }

    fn progress(&self) -> &Progress<Status> {
        &self.progress
    }

    fn progress_mut(&mut self) -> &mut Progress<Status> {
        &mut self.progress
    }

    fn direction(&self) -> Direction {
        self.direction
    }

    fn channel(&self) -> Channel {
        Channel::Voice
    }

    fn credential(&self) -> &str {
        &self.credential
    }

    fn sender(&self) -> &str {
        self.from.as_deref().unwrap_or_default()
    }

    fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }

    fn contact(&self) -> &str {
        match self.direction {
            Direction::Outbound => &self.to,
            Direction::Inbound => self.from.as_deref().unwrap_or_default(),
        }
    }

    fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    fn keeps_secrets(&self) -> bool {
        let script = self.plan.as_ref().map(|plan| &plan.script);
        matches!(script, Some(Script::Announcement(said)) if said.sensitive)
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }

    fn updated_at(&self) -> Timestamp {
        self.updated_at
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn is_alike(&self, other: &Call) -> bool {
        self.plan == other.plan
    }

    fn absorb(&mut self, report: &Report, source: SidSource, now: Timestamp) -> bool {
        let before = self.clone();
        self.progress.absorb(report, source, self.direction);
        self.answered_by(report.answered_by);
        self.receipt.fill_from(&report.receipt);
        let changed = *self != before;
        if changed {
            self.updated_at = now;
        }
        changed
    }

    fn failure(&self) -> Option<Failure> {
        Failure::of_call(self)
    }

    fn news(self, failure: Option<Failure>) -> Option<(RunId, Event)> {
        let Origin { run, step, n } = self.origin.clone()?;
        let key = EffectKey { step, n };
        Some((run, Event::CallChanged { key, call: Box::new(self), failure }))
    }
}
