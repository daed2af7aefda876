//! One text, in or out: what it says, how far it got, and the lattice of its statuses.

pub use crate::sending::{
    Channel, Direction, Lattice, MessageClass, Origin, Outbound, Progress, ReportedVia, SidSource, State,
};

use crate::effect::EffectKey;
use crate::event::{Event, Failure};
use crate::id::{ConversationId, MessageId, RunId};
use crate::sending::{EventKind, HistoryEvent, Kind, Told, fill, newer};
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
    /// What of it was handed over last, where it has a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_as: Option<GoesAs>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "MessageClass::is_transactional")]
    pub class: MessageClass,
    /// The step that sent it; nothing for inbound texts and for those sent outside of a run.
    pub origin: Option<Origin>,
    /// The conversation by text that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    #[serde(flatten)]
    pub progress: Progress<Status>,
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
    /// It says something that was told in confidence, so nothing shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// What was handed over, where there is a template: itself, or the text beside it within WhatsApp's 24-hour window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoesAs {
    Text,
    Template,
}

impl GoesAs {
    pub fn as_str(self) -> &'static str {
        match self {
            GoesAs::Text => "text",
            GoesAs::Template => "template",
        }
    }
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

    /// A final status that says the text did not arrive.
    pub fn is_failure(self) -> bool {
        matches!(self, Status::Failed | Status::Canceled | Status::Undelivered)
    }
}

impl Lattice for Status {
    fn as_str(self) -> &'static str {
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

    fn rank(self) -> u8 {
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

    /// But for `read` after `delivered`.
    fn is_final(self) -> bool {
        self.rank() >= 5
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

impl Outbound for Message {
    const KIND: Kind = Kind::Text;
    type Id = MessageId;
    type Status = Status;
    type Report = Report;
    type EventKind = MessageEventKind;

    fn id(&self) -> &MessageId {
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
        self.channel
    }

    fn credential(&self) -> &str {
        &self.credential
    }

    fn sender(&self) -> &str {
        self.service.as_deref().or(self.from.as_deref()).unwrap_or_default()
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
        self.content.sensitive
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

    fn is_alike(&self, other: &Message) -> bool {
        self.content == other.content
    }

    fn absorb(&mut self, report: &Report, source: SidSource, now: Timestamp) -> bool {
        let before = self.clone();
        self.progress.absorb(report, source, self.direction);
        fill(&mut self.from, &report.from);
        fill(&mut self.service, &report.service);
        self.receipt.fill_from(&report.receipt);
        let changed = *self != before;
        if changed {
            self.updated_at = now;
        }
        changed
    }

    fn failure(&self) -> Option<Failure> {
        Failure::of(self)
    }

    fn news(self, failure: Option<Failure>) -> Option<(RunId, Event)> {
        let Origin { run, step, n } = self.origin.clone()?;
        let key = EffectKey { step, n };
        Some((run, Event::MessageChanged { key, message: Box::new(self), failure }))
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

/// One line of a message's history.
pub type MessageEvent = HistoryEvent<MessageId, MessageEventKind>;

/// What happened to a message.
pub type MessageEventKind = EventKind<Status>;

/// Segments that a text takes.
pub fn segments(body: &str) -> usize {
    segments::measure(body).segments as usize
}
