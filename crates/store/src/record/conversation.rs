//! Conversations, recordings and audio, as they are stored.

use engine::conversation::{Conversation, TurnEntry};
use engine::id::{CallId, ConversationId, RecordingId, RunId};
use engine::sending::{Channel, Origin};
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
    /// How many texts it has sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub texts: u32,
    pub updated_at: Timestamp,
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
