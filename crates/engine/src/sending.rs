//! What texts and calls have in common: each is handed to the provider once, and followed from there.
//!
//! A [`Progress`] says how far one of them got. It moves by what we do (the intent is committed, the
//! request ended) and by what the provider reports, whose statuses form a [`Lattice`]: reports may
//! come twice, late and in any order, and the same stands at the end.

use crate::event::{Event, Failure};
use crate::id::RunId;
use crate::outcome::Outcome;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::{Debug, Display};
use std::hash::Hash;

/// A text or a call, as whoever hands it over sees it.
pub trait Outbound: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    const KIND: Kind;
    type Id: Clone + Debug + Display + Ord + Hash + Serialize + DeserializeOwned + Send + Sync + 'static;
    type Status: Lattice;
    type Report: Told<Self::Status>;
    /// What its history is made of: what all have, and what only it has.
    type EventKind: From<EventKind<Self::Status>> + Clone + Debug + Serialize + DeserializeOwned + Send + Sync;

    fn id(&self) -> &Self::Id;
    fn id_text(&self) -> &str;
    fn progress(&self) -> &Progress<Self::Status>;
    fn progress_mut(&mut self) -> &mut Progress<Self::Status>;
    fn direction(&self) -> Direction;
    fn channel(&self) -> Channel;
    fn credential(&self) -> &str;
    /// Number or service of ours; empty where nothing is known yet.
    fn sender(&self) -> &str;
    /// The number of ours, where one is known.
    fn from(&self) -> Option<&str>;
    /// Under which name its sender's pace is kept.
    fn pacer(&self) -> String {
        match Self::KIND {
            Kind::Text => self.sender().to_owned(),
            Kind::Call => format!("call|{}", self.sender()),
        }
    }
    /// The person's address, without a channel prefix.
    fn contact(&self) -> &str;
    fn origin(&self) -> Option<&Origin>;
    /// It says something that was told in confidence.
    fn keeps_secrets(&self) -> bool;
    fn created_at(&self) -> Timestamp;
    fn updated_at(&self) -> Timestamp;
    /// Notes when it changed.
    fn touch(&mut self, now: Timestamp);

    /// Things of one lane that are alike cannot be told apart at the provider, so an unknown one holds the
    /// lane.
    fn lane(&self) -> String {
        format!("{}|{}|{}|{}", self.credential(), self.sender(), self.contact(), self.channel().as_str())
    }

    /// Whether a look-up may take one for the other.
    fn is_alike(&self, other: &Self) -> bool;

    /// Takes in a report about it; whether anything changed. Its `sid` is taken where none was known.
    fn absorb(&mut self, report: &Self::Report, source: SidSource, now: Timestamp) -> bool;

    /// The failure that its state tells of; nothing where it did not fail for good.
    fn failure(&self) -> Option<Failure>;

    /// What its run must hear, where it has one.
    fn news(self, failure: Option<Failure>) -> Option<(RunId, Event)>;
}

/// What a text or a call is for. Rules on consent and hours go by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageClass {
    /// About something that the person asked for, bought or booked.
    #[default]
    Transactional,
    Marketing,
    /// A danger to people or property.
    Emergency,
}

impl MessageClass {
    pub const NAMES: &[&str] = &["transactional", "marketing", "emergency"];

    pub fn as_str(self) -> &'static str {
        MessageClass::NAMES[self as usize]
    }

    pub fn parse(name: &str) -> Option<MessageClass> {
        let all = [MessageClass::Transactional, MessageClass::Marketing, MessageClass::Emergency];
        all.into_iter().find(|class| class.as_str() == name)
    }

    /// Nearly everything is of this class, and what is stored says nothing of it then.
    pub fn is_transactional(&self) -> bool {
        *self == MessageClass::Transactional
    }
}

/// A line of the history of a text or a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEvent<I, K> {
    /// The text or the call.
    #[serde(alias = "message")]
    pub of: I,
    pub at: Timestamp,
    #[serde(flatten)]
    pub kind: K,
}

/// The history line of one of them.
pub type EventOf<T> = HistoryEvent<<T as Outbound>::Id, <T as Outbound>::EventKind>;

/// What is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Call,
}

impl Kind {
    /// In messages for people.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Call => "call",
        }
    }
}

/// How far we got with handing something over, and what the provider reports of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress<S> {
    pub state: State,
    /// The provider's status, upwards only; nothing before the provider took it.
    pub status: Option<S>,
    /// The provider's code of a failure; goes with the status that it came with.
    pub error_code: Option<u32>,
    /// What the provider said of the failure.
    pub error_message: Option<String>,
    pub sid: Option<String>,
    /// How `sid` became known.
    pub sid_source: Option<SidSource>,
    /// How often it was handed to the provider's client.
    pub attempts: u32,
    /// How often it was handed over anew because nothing showed that it had been created.
    #[serde(default)]
    pub resends: u32,
    /// Its turn at a paced sender, once that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_at: Option<Timestamp>,
    /// When the intent of the first attempt was committed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_tried_at: Option<Timestamp>,
    /// When the intent of the latest attempt was committed.
    pub intent_at: Option<Timestamp>,
}

impl<S> Progress<S> {
    /// Nothing was done yet.
    pub fn new(state: State) -> Progress<S> {
        Progress {
            state,
            status: None,
            error_code: None,
            error_message: None,
            sid: None,
            sid_source: None,
            attempts: 0,
            resends: 0,
            turn_at: None,
            first_tried_at: None,
            intent_at: None,
        }
    }
}

impl<S: Lattice> Progress<S> {
    /// The intent of one more attempt, as it is committed before anything is handed over.
    pub fn begin(&mut self, now: Timestamp) {
        self.state = State::Dispatching;
        self.attempts += 1;
        self.turn_at = None;
        self.first_tried_at = self.first_tried_at.or(Some(now));
        self.intent_at = Some(now);
    }

    /// Forgets what a look-up had found: it belongs to another.
    pub fn forget_sid(&mut self) {
        (self.sid, self.sid_source, self.status) = (None, None, None);
        (self.error_code, self.error_message) = (None, None);
    }

    /// Takes a report in: the status moves upwards only, and the error goes with the status that wins.
    pub(crate) fn absorb(&mut self, report: &impl Told<S>, source: SidSource, direction: Direction) {
        if self.sid.is_none() {
            self.sid = Some(report.sid().to_owned());
            self.sid_source = Some(source);
        } else if self.sid_source == Some(SidSource::Matched) && source != SidSource::Matched {
            self.sid_source = Some(source);
        }
        if direction == Direction::Outbound {
            self.state = State::Accepted;
        }
        let wins = report.status().is_some_and(|status| status.beats(self.status));
        if wins {
            self.status = report.status();
        }
        if wins || (report.status() == self.status && self.error_code.is_none()) {
            self.error_code = report.error_code();
            self.error_message = report.error_message().map(str::to_owned);
        }
    }

    /// Whether a report of the provider is still to come.
    pub fn awaits_status(&self) -> bool {
        self.state == State::Accepted && !self.status.is_some_and(Lattice::is_final)
    }
}

/// How far we got with handing it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for its turn; nothing was handed to the provider's client since it was last queued.
    Queued,
    /// The intent is committed; the request may be under way.
    Dispatching,
    /// The request ended without proof of what it did.
    Unknown,
    /// The provider has it: `sid` is known.
    Accepted,
    /// It will not be sent.
    Failed,
    /// Nothing proves that it was sent or not, and a person must decide.
    Held,
    /// Taken by test credentials, which create nothing: nothing more will be heard of it.
    Test,
    /// Inbound.
    Received,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Dispatching => "dispatching",
            State::Unknown => "unknown",
            State::Accepted => "accepted",
            State::Failed => "failed",
            State::Held => "held",
            State::Test => "test",
            State::Received => "received",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SidSource {
    /// The provider's answer to our request.
    Answer,
    /// A callback whose address carries our id.
    Callback,
    /// Assigned from the provider's list: alike rows may have been interchanged.
    Matched,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Inbound,
    Outbound,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        }
    }
}

/// How a person is reached. Who says no on one of them is not contacted on that one again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Sms,
    WhatsApp,
    /// Calls; no text goes this way.
    Voice,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::WhatsApp => "whatsapp",
            Channel::Voice => "voice",
        }
    }
}

/// The step that asked for it. `n` counts the attempts of that step from 0: a retry after a final failure is
/// a new text or call with the next `n`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub run: RunId,
    pub step: u32,
    pub n: u32,
}

/// Statuses of the provider. Only the lattice decides which one stands: the higher rank wins, among equals
/// the alphabetically first.
pub trait Lattice:
    Copy + Debug + PartialEq + Eq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    fn as_str(self) -> &'static str;

    /// Place in the lattice.
    fn rank(self) -> u8;

    /// No later status is to be expected.
    fn is_final(self) -> bool;

    /// Whether a report of `self` replaces a standing `other`: any order of reports ends alike.
    fn beats(self, other: Option<Self>) -> bool {
        let place = |status: Self| (status.rank(), std::cmp::Reverse(status.as_str()));
        other.is_none_or(|other| place(self) > place(other))
    }
}

/// What every report of the provider says: an answer, a callback, or a fetched resource.
pub trait Told<S>: Clone + Debug + PartialEq + Send + Sync + 'static {
    fn sid(&self) -> &str;
    fn status(&self) -> Option<S>;
    fn error_code(&self) -> Option<u32>;
    fn error_message(&self) -> Option<&str>;
}

/// What happened to a text or a call on its way, `S` being the statuses of its provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind<S> {
    Queued,
    /// The intent to send was committed; `reasons` say why sending was allowed.
    Dispatching {
        attempt: u32,
        reasons: Vec<String>,
    },
    Accepted {
        sid: String,
        source: SidSource,
    },
    StatusReported {
        status: S,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error_code: Option<u32>,
        via: ReportedVia,
    },
    /// An answer that proves that nothing was created.
    Refused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again_at: Option<Timestamp>,
    },
    /// No connection was made, so nothing was asked for.
    NotConnected {
        reason: String,
        again_at: Timestamp,
    },
    Unknown {
        reason: String,
    },
    LookedUp {
        found: bool,
        candidates: u32,
    },
    SentAgain {
        reason: String,
    },
    Held {
        reason: String,
    },
    Failed {
        outcome: Outcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
        reason: String,
    },
    Received,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedVia {
    Answer,
    Callback,
    Reconciliation,
}

/// A fact that is filled in once.
pub(crate) fn fill<T: Clone>(slot: &mut Option<T>, other: &Option<T>) {
    if slot.is_none() {
        slot.clone_from(other);
    }
}

/// A moment that only moves on.
pub(crate) fn newer(slot: &mut Option<Timestamp>, other: &Option<Timestamp>) {
    if other.is_some() && *other > *slot {
        *slot = *other;
    }
}
