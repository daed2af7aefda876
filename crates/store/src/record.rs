//! What is stored beside runs and messages, as plain values.

mod conversation;

pub use conversation::{
    AgentVersion, AudioFile, Ending, Exchange, LineState, ListedConversation, LockedConversation, OpenWords,
    Recording, RecordingStatus, Saying, StoredAgent, StoredConversation, Transfer,
};

use engine::conversation::Timer;
use engine::effect::{BeginConversation, EffectKey, TimerKey};
use engine::event::Failure;
use engine::id::{
    CallId, ConversationId, CredentialId, MessageId, RunId, SenderId, TaskId, TokenId, WebhookId,
};
use engine::message::Channel;
use engine::pacing::{CallRate, Rate};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A value together with the version number that guards it.
#[derive(Clone, Debug, PartialEq)]
pub struct Guarded<T> {
    pub value: T,
    pub guard: i64,
}

/// A stored effect that is due at a time (domain time), claimed under a lease (real time).
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: TaskId,
    pub kind: TaskKind,
    pub due_at: Timestamp,
    /// How often it was claimed before.
    pub attempts: u32,
}

impl Task {
    /// Our hold on a task that we claimed.
    pub fn held(&self) -> Held {
        Held { task: self.id.clone(), claim: self.attempts + 1 }
    }
}

/// A hold on a task: by its number, a claimer whose lease ran out cannot touch what others claimed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub task: TaskId,
    /// The how-manieth claim of the task it is, from 1; one that is born leased counts as claimed once.
    pub claim: u32,
}

/// How many tasks of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCount {
    /// One of [`TaskKind::NAMES`].
    pub kind: &'static str,
    /// Not due yet.
    pub waiting: u64,
    /// Due, and nobody holds them.
    pub due: u64,
    /// Somebody holds, or held, them.
    pub leased: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaskKind {
    /// Works on an outbound message until its fate is known: hands it over, and looks it up.
    Send { message: MessageId },
    /// Works on an outbound call until its fate is known, likewise.
    Place { call: CallId },
    /// A timer of a run.
    Timer { run: RunId, key: TimerKey },
    /// Lists what a credential's provider has, and feeds in what never came.
    Reconcile { credential: String },
    /// Hands an event to runs that could not take it when it came.
    Deliver { run: RunId, event: Box<engine::event::Event> },
    /// Begins a conversation by text for a step of a run.
    BeginConversation { run: RunId, key: EffectKey, begin: Box<BeginConversation> },
    /// A timer of a conversation by text, as of a turn.
    ConversationTimer { conversation: ConversationId, turn: u32, timer: Timer },
    /// Ends conversations by text that cannot go on.
    EndConversation { which: Ending, failure: Failure },
    /// Asks a model what came of a conversation over a call that has ended, and tells the run.
    Gather { conversation: ConversationId },
    /// Deletes what is older than its retention.
    Prune,
}

impl TaskKind {
    /// The names of all kinds.
    pub const NAMES: [&str; 10] = [
        "send",
        "place",
        "timer",
        "reconcile",
        "deliver",
        "begin_conversation",
        "conversation_timer",
        "end_conversation",
        "gather",
        "prune",
    ];

    pub fn name(&self) -> &'static str {
        match self {
            TaskKind::Send { .. } => "send",
            TaskKind::Place { .. } => "place",
            TaskKind::Timer { .. } => "timer",
            TaskKind::Reconcile { .. } => "reconcile",
            TaskKind::Deliver { .. } => "deliver",
            TaskKind::BeginConversation { .. } => "begin_conversation",
            TaskKind::ConversationTimer { .. } => "conversation_timer",
            TaskKind::EndConversation { .. } => "end_conversation",
            TaskKind::Gather { .. } => "gather",
            TaskKind::Prune => "prune",
        }
    }
}

/// A published workflow version.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredWorkflow {
    pub name: String,
    pub version: u32,
    /// As published, comments and all.
    pub source: String,
    pub published_at: Timestamp,
}

/// A run as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    pub id: RunId,
    pub workflow: String,
    pub version: u32,
    pub status: String,
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
}

/// "Do not contact": by channel and address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    pub channel: Channel,
    /// The person's address, without a channel prefix.
    pub address: String,
    pub reason: SuppressionReason,
    pub since: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// The person wrote a stop word.
    Stop,
    /// The provider told us (21610).
    Provider,
}

/// A request that a provider made to us, with what we made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookRecord {
    pub id: WebhookId,
    pub received_at: Timestamp,
    pub credential: String,
    /// `message`, `status`, …
    pub kind: String,
    /// As we reconstructed it for the signature.
    pub url: String,
    pub params: Vec<(String, String)>,
    pub signature: SignatureResult,
    /// What happened because of it, in a few words.
    pub event: String,
    pub answer_status: u16,
    pub answer_body: String,
}

impl WebhookRecord {
    /// The same without what these parameters say; `mask` stands in their place.
    pub fn hiding(mut self, names: &[&str], mask: &str) -> WebhookRecord {
        for (name, value) in &mut self.params {
            if names.contains(&name.as_str()) && !value.is_empty() {
                mask.clone_into(value);
            }
        }
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureResult {
    Valid,
    Missing,
    Wrong,
}

/// A credential as lists show it; its secrets stay sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CredentialSummary {
    pub id: CredentialId,
    pub name: String,
    /// `twilio`, `openai`, …
    pub kind: String,
    /// What may be shown: account SID, API base, …
    pub public: serde_json::Value,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A number, short code, WhatsApp sender or messaging service of a credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    pub id: SenderId,
    pub credential: String,
    /// Unique; what workflows may write instead of the address.
    pub name: String,
    /// E.164, short code, alphanumeric, or `MG…`.
    pub address: String,
    pub kind: SenderKind,
    pub capabilities: Capabilities,
    /// The provider's own id of it: `PN…`, `MG…`.
    pub sid: Option<String>,
    /// Addresses of the numbers in a messaging service; a number's own service is found by these.
    #[serde(default)]
    pub members: Vec<String>,
    /// For texts; unpaced where there is none.
    pub rate: Option<Rate>,
    /// For calls; unpaced where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_rate: Option<CallRate>,
    /// The provider may change texts on their way (smart encoding).
    #[serde(default)]
    pub rewrites_text: bool,
    pub updated_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderKind {
    Number,
    ShortCode,
    Alphanumeric,
    WhatsApp,
    Service,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    pub sms: bool,
    pub mms: bool,
    pub voice: bool,
    pub whatsapp: bool,
}

/// A token of the REST API. Only a hash of it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    /// Lower-case hex SHA-256 of the token.
    #[serde(skip)]
    pub hash: String,
    /// `admin`, `read`, `run`, …
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// An answer kept for an `Idempotency-Key`, per token and path, 24 hours.
#[derive(Clone, Debug, PartialEq)]
pub struct IdempotencyRecord {
    /// Token, path and key in one text.
    pub key: String,
    /// Lower-case hex SHA-256 of the body.
    pub body_hash: String,
    /// Nothing while the first request is under way.
    pub answer: Option<(u16, String)>,
    pub created_at: Timestamp,
}
