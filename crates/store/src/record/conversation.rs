//! Conversations, recordings and audio, as they are stored.

use engine::agent::llm::Handover;
use engine::conversation::{Conversation, TurnEntry};
use engine::id::{CallId, ConversationId, RecordingId, RunId};
use engine::llm::after::Gathering;
use engine::llm::dialogue::Secrecy;
use engine::sending::{Channel, MessageClass, Origin};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A published version of an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredAgent {
    pub name: String,
    pub version: u32,
    /// As published, comments and all.
    pub source: String,
    pub published_at: Timestamp,
}

/// Which version of which agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AgentVersion {
    pub name: String,
    pub version: u32,
}

/// A conversation with all that leads to it: who talks with whom, over what, for which step of which run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredConversation {
    pub conversation: Conversation,
    pub agent: AgentVersion,
    pub credential: String,
    pub channel: Channel,
    /// The number or service of ours.
    pub sender: String,
    /// The person's address, without a channel prefix.
    pub contact: String,
    /// The call that it is held over; nothing by text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallId>,
    /// The step that asked for it; nothing where nobody waits for its answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// By text: when the open question was put, or put once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    /// What its texts are for.
    #[serde(default, skip_serializing_if = "MessageClass::is_transactional")]
    pub class: MessageClass,
    /// How many texts it has sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub texts: u32,
    pub updated_at: Timestamp,
    /// What goes over the line, where a language model talks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineState>,
    /// What a model finds out behind it. Only the task that does so writes it, and nothing else from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Gathering>,
}

impl StoredConversation {
    /// Whether it must not lie in the open.
    pub fn keeps_secrets(&self) -> bool {
        let is_said = |line: &LineState| line.outbox.iter().any(|saying| !saying.secrecy.is_open());
        self.conversation.keeps_secrets()
            || self.line.as_ref().is_some_and(is_said)
            || self.after.as_ref().is_some_and(Gathering::keeps_secrets)
    }

    /// Billionths of a US dollar that models took, and whether nobody knows the price of some of it; nothing where none
    /// talks.
    pub fn model_nanodollars(&self) -> Option<(u64, bool)> {
        let dialogue = self.conversation.dialogue()?;
        let (after, is_assumed) =
            self.after.as_ref().map_or((0, false), |after| (after.cost_nanodollars, after.cost_is_assumed));
        Some((dialogue.cost_nanodollars.saturating_add(after), dialogue.cost_is_assumed || is_assumed))
    }
}

/// A conversation as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub enum ListedConversation {
    Open(Box<StoredConversation>),
    /// The key that it is sealed with is gone.
    Locked(LockedConversation),
}

impl ListedConversation {
    pub fn id(&self) -> &ConversationId {
        match self {
            ListedConversation::Open(stored) => &stored.conversation.id,
            ListedConversation::Locked(locked) => &locked.id,
        }
    }
}

/// What lies in the open of a conversation that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedConversation {
    pub id: ConversationId,
    /// Name of the agent.
    pub agent: String,
    /// `waiting`, `talking` or `ended`.
    pub status: String,
    /// `voice`, `sms` or `whatsapp`.
    pub channel: String,
    /// The person's address, without a channel prefix.
    pub contact: String,
    pub run: Option<RunId>,
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
    /// The key that is missing.
    pub key_id: String,
}

/// The line of a conversation that a language model holds, as far as a later process must know of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineState {
    /// Which session holds the conversation, from 1. Each new one counts on, and what an earlier one would store is
    /// refused by the guard.
    pub epoch: u32,
    /// How often the line broke off and was brought back.
    #[serde(default)]
    pub returns: u32,
    /// The number of the latest saying; they grow over the whole conversation.
    #[serde(default)]
    pub said: u32,
    /// Sayings that the line is not known to have spoken, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outbox: Vec<Saying>,
    /// What the caller could break into last, where the line tells nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenWords>,
    /// With whom the caller is to be connected, once all is spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
}

impl LineState {
    /// Whether something is left to be spoken or done, also where the conversation has ended.
    pub fn is_owing(&self) -> bool {
        !self.outbox.is_empty() || self.transfer.is_some()
    }
}

/// Words that began to be spoken, and that a caller may have broken into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenWords {
    pub words: u32,
    pub at: Timestamp,
}

/// Whom a caller is connected with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// A phone number.
    pub to: String,
    /// How whoever takes over is told what it is about.
    pub summary: Handover,
    /// What it is about, in the model's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// A sentence that was given to speech.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saying {
    pub n: u32,
    /// The turn that it was said in.
    pub turn: u32,
    pub text: String,
    /// Tag.
    pub language: String,
    pub interruptible: bool,
    #[serde(default, skip_serializing_if = "Secrecy::is_open")]
    pub secrecy: Secrecy,
}

impl Saying {
    /// The text for everybody but the caller.
    pub fn shown(&self) -> &str {
        self.secrecy.shown(&self.text)
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Which conversations by text a task ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Of {
        conversation: ConversationId,
    },
    /// Whatever this step of this run began.
    OfStep {
        run: RunId,
        step: u32,
    },
}

/// One exchange: what came in, by the turn that it answers, and what was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    pub turn: u32,
    pub part: String,
    /// Nothing where nobody waited for one.
    pub document: Option<String>,
    pub entries: Vec<TurnEntry>,
}

/// A recording of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub id: RecordingId,
    pub credential: String,
    /// The provider's own id: `RE…`.
    pub sid: String,
    /// The provider's id of the call.
    pub call_sid: String,
    /// Nothing where the call is none of ours.
    pub call: Option<CallId>,
    /// `in-progress`, `completed`, `absent`, `failed` or `deleted`.
    pub status: RecordingStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What became of a recording; later words outrank earlier ones, so that callbacks may come in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingStatus {
    InProgress,
    /// Nothing was to be heard.
    Absent,
    Failed,
    /// It can be played.
    Completed,
    /// Taken away for good, here and at the provider.
    Deleted,
}

impl RecordingStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            RecordingStatus::InProgress => "in_progress",
            RecordingStatus::Absent => "absent",
            RecordingStatus::Failed => "failed",
            RecordingStatus::Completed => "completed",
            RecordingStatus::Deleted => "deleted",
        }
    }
}

/// Uploaded audio, without its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioFile {
    /// Stands in its address; cannot be guessed.
    pub key: String,
    /// Unique; an upload under the same name replaces it.
    pub name: String,
    pub content_type: String,
    /// In bytes.
    pub length: u64,
    pub uploaded_at: Timestamp,
}
