//! One text, in or out: what it says, how far it got, and the lattice of its statuses.

use crate::id::{MessageId, RunId};
use crate::outcome::Outcome;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A text with everything that is known about it. Stored whole; the store indexes some of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub direction: Direction,
    pub channel: Channel,
    /// Name of the credential whose account sends or received it.
    pub credential: String,
    /// Sender: E.164, short code or alphanumeric. Nothing while a messaging service has not picked one.
    pub from: Option<String>,
    /// `MG…` where it goes through, or came to, a messaging service.
    pub service: Option<String>,
    /// Recipient, without a channel prefix.
    pub to: String,
    #[serde(flatten)]
    pub content: Content,
    /// The step that sent it; nothing for inbound texts and for those sent outside of a run.
    pub origin: Option<Origin>,
    pub state: State,
    /// The provider's status, upwards only; nothing before the provider took it.
    pub status: Option<Status>,
    /// The provider's code of a failure; goes with the status that it came with.
    pub error_code: Option<u32>,
    /// What the provider said of the failure.
    pub error_message: Option<String>,
    pub sid: Option<String>,
    /// How `sid` became known.
    pub sid_source: Option<SidSource>,
    /// How often it was handed to the provider's client.
    pub attempts: u32,
    /// How often it was sent anew because nothing showed that it had been created.
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
    /// What the provider reports beside the status.
    #[serde(default)]
    pub receipt: Receipt,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Up to ten addresses of media.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// An approved template; with a body beside it, the template is for outside the 24-hour window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ContentTemplate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// A quick reply that was pressed (inbound).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Button>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub url: String,
    /// MIME type; known for inbound media alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentTemplate {
    /// `HX…`
    pub sid: String,
    #[serde(default)]
    pub variables: indexmap::IndexMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Sms,
    WhatsApp,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::WhatsApp => "whatsapp",
        }
    }
}

/// The step that sent a message. `n` counts the messages of that step from 0: a retry after a final
/// failure is a new message with the next `n`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub run: RunId,
    pub step: u32,
    pub n: u32,
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
    /// A callback whose address carries our message id.
    Callback,
    /// Assigned from the provider's list: alike rows may have been interchanged.
    Matched,
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
    pub date_sent: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_segments: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_media: Option<String>,
    /// Negative decimal text; arrives after sending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<String>,
    /// The text as the provider has it, where it differs from ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// A provider's status of a text. Callbacks come twice, late and out of order, so only the lattice
/// of [`Status::rank`] decides which one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Accepted,
    Scheduled,
    Queued,
    Sending,
    Sent,
    Failed,
    Canceled,
    Undelivered,
    PartiallyDelivered,
    Delivered,
    Read,
    Receiving,
    Received,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Scheduled => "scheduled",
            Status::Queued => "queued",
            Status::Sending => "sending",
            Status::Sent => "sent",
            Status::Failed => "failed",
            Status::Canceled => "canceled",
            Status::Undelivered => "undelivered",
            Status::PartiallyDelivered => "partially_delivered",
            Status::Delivered => "delivered",
            Status::Read => "read",
            Status::Receiving => "receiving",
            Status::Received => "received",
        }
    }

    /// Reads the provider's word; nothing for a word that is not known yet.
    pub fn parse(word: &str) -> Option<Status> {
        use Status::*;
        [
            Accepted,
            Scheduled,
            Queued,
            Sending,
            Sent,
            Failed,
            Canceled,
            Undelivered,
            PartiallyDelivered,
            Delivered,
            Read,
            Receiving,
            Received,
        ]
        .into_iter()
        .find(|status| status.as_str() == word)
    }

    /// Place in the lattice: the higher rank wins.
    pub fn rank(self) -> u8 {
        match self {
            Status::Accepted | Status::Scheduled | Status::Receiving => 1,
            Status::Queued | Status::Received => 2,
            Status::Sending => 3,
            Status::Sent => 4,
            Status::Failed | Status::Canceled => 5,
            Status::Undelivered | Status::PartiallyDelivered => 6,
            Status::Delivered => 7,
            Status::Read => 8,
        }
    }

    /// No later status is to be expected, but for `read` after `delivered`.
    pub fn is_final(self) -> bool {
        self.rank() >= 5
    }

    /// A final status that says the text did not arrive.
    pub fn is_failure(self) -> bool {
        matches!(self, Status::Failed | Status::Canceled | Status::Undelivered)
    }

    /// Whether a report of `self` replaces a standing `other`: any order of reports ends alike.
    pub fn beats(self, other: Option<Status>) -> bool {
        match other {
            None => true,
            Some(other) => {
                (self.rank(), std::cmp::Reverse(self.as_str()))
                    > (other.rank(), std::cmp::Reverse(other.as_str()))
            }
        }
    }
}

/// What the provider says of one text at one time: an answer, a callback, or a fetched resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub sid: String,
    pub status: Option<Status>,
    pub error_code: Option<u32>,
    pub error_message: Option<String>,
    pub from: Option<String>,
    pub service: Option<String>,
    #[serde(default)]
    pub receipt: Receipt,
}

impl Message {
    /// Takes in a report about this text; whether anything changed.
    ///
    /// The status moves upwards only, the error code goes with the status that wins, and facts that
    /// are missing are filled in. The report must be about this message: its `sid` is taken where
    /// none was known.
    pub fn absorb(&mut self, report: &Report, source: SidSource, now: Timestamp) -> bool {
        let before = self.clone();
        if self.sid.is_none() {
            self.sid = Some(report.sid.clone());
            self.sid_source = Some(source);
        } else if self.sid_source == Some(SidSource::Matched) && source != SidSource::Matched {
            self.sid_source = Some(source);
        }
        if self.direction == Direction::Outbound {
            self.state = State::Accepted;
        }
        if let Some(status) = report.status
            && status.beats(self.status)
        {
            self.status = Some(status);
            self.error_code = report.error_code;
            self.error_message.clone_from(&report.error_message);
        } else if report.status == self.status && self.error_code.is_none() {
            self.error_code = report.error_code;
            self.error_message.clone_from(&report.error_message);
        }
        fill(&mut self.from, &report.from);
        fill(&mut self.service, &report.service);
        self.receipt.fill_from(&report.receipt);
        let changed = *self != before;
        if changed {
            self.updated_at = now;
        }
        changed
    }

    /// The lane of an outbound text: sends of one lane that are alike cannot be told apart at the
    /// provider, so an unknown one holds the lane.
    pub fn lane(&self) -> String {
        let sender = self.service.as_deref().or(self.from.as_deref()).unwrap_or("");
        format!("{}|{}|{}|{}", self.credential, sender, self.to, self.channel.as_str())
    }
}

impl Receipt {
    fn fill_from(&mut self, other: &Receipt) {
        fill(&mut self.account_sid, &other.account_sid);
        fill(&mut self.date_created, &other.date_created);
        newer(&mut self.date_updated, &other.date_updated);
        fill(&mut self.date_sent, &other.date_sent);
        // A service reports "0" until it has picked a sender.
        if self.num_segments.as_deref().is_none_or(|known| known == "0") && other.num_segments.is_some() {
            self.num_segments.clone_from(&other.num_segments);
        }
        fill(&mut self.num_media, &other.num_media);
        fill(&mut self.price, &other.price);
        fill(&mut self.price_unit, &other.price_unit);
        fill(&mut self.body, &other.body);
    }
}

fn fill<T: Clone>(slot: &mut Option<T>, other: &Option<T>) {
    if slot.is_none() {
        slot.clone_from(other);
    }
}

fn newer(slot: &mut Option<Timestamp>, other: &Option<Timestamp>) {
    if other.is_some() && *other > *slot {
        *slot = *other;
    }
}

/// One line of a message's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageEvent {
    pub message: MessageId,
    pub at: Timestamp,
    #[serde(flatten)]
    pub kind: MessageEventKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MessageEventKind {
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
        status: Status,
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

/// Segments that a text takes.
pub fn segments(body: &str) -> usize {
    segments::measure(body).segments as usize
}
