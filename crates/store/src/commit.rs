//! What one transaction writes.

use crate::record::{
    Exchange, Held, Recording, Sender, StoredConversation, Suppression, Task, WebhookRecord,
};
use engine::call::Call;
use engine::id::TaskId;
use engine::message::Message;
use engine::run::{LogEntry, ReplyRoute, Run};
use engine::sending::{Channel, EventOf, Kind, Outbound};
use jiff::Timestamp;

/// A run's next value with everything that goes with it. All of it is stored, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    pub conditions: Vec<Condition>,
    pub run: Option<RunWrite>,
    /// The run's; there is none without a run.
    pub log: Vec<LogEntry>,
    pub messages: Writes<Message>,
    pub calls: Writes<Call>,
    pub conversations: Vec<ConversationWrite>,
    /// Recordings to insert or replace, by the provider's id.
    pub recordings: Vec<Recording>,
    pub new_tasks: Vec<Task>,
    /// Tasks that are done, whoever holds them; missing ones are no conflict.
    pub end_tasks: Vec<TaskId>,
    /// Tasks that go back to the queue with a new due time and without a lease, unless somebody else claimed them
    /// meanwhile.
    pub requeue_tasks: Vec<(Held, Timestamp)>,
    /// Tasks that are done; nothing happens to one that somebody else claimed meanwhile.
    pub end_held: Vec<Held>,
    /// Queued texts and calls of these lanes become due at this time: the lane is known again.
    pub wake_lanes: Vec<(String, Timestamp)>,
    pub suppress: Vec<Suppression>,
    /// Takes back what a person said until then; a later no stands.
    pub unsuppress: Vec<(Channel, String, Timestamp)>,
    /// (channel, contact, our sender, when): opens the 24-hour window.
    pub inbound_seen: Vec<(Channel, String, String, Timestamp)>,
    pub webhook: Option<WebhookRecord>,
    /// Cursors by name.
    pub cursors: Vec<(String, String)>,
    /// Senders to insert or replace, by id.
    pub senders: Vec<Sender>,
}

#[derive(Clone, Debug)]
pub struct RunWrite {
    pub run: Run,
    /// The guard that was loaded; nothing for a new run.
    pub loaded_guard: Option<i64>,
    /// A second new run with the same key is a conflict.
    pub dedupe_key: Option<String>,
    /// The run's routes for replies; they replace the stored ones. Nothing: unchanged. Senders are
    /// addresses here, resolved from names.
    pub routes: Option<Vec<ReplyRoute>>,
}

/// A conversation's next value, with what it heard and answered.
#[derive(Clone, Debug)]
pub struct ConversationWrite {
    pub value: StoredConversation,
    /// The guard that was loaded; nothing for a new one.
    pub loaded_guard: Option<i64>,
    pub exchange: Option<Exchange>,
}

/// What is written of texts, or of calls.
#[derive(Clone, Debug)]
pub struct Writes<T: Outbound> {
    pub new: Vec<Insert<T>>,
    pub changed: Vec<Write<T>>,
    /// New lines of histories.
    pub events: Vec<EventOf<T>>,
}

impl<T: Outbound> Default for Writes<T> {
    fn default() -> Self {
        Writes { new: Vec::new(), changed: Vec::new(), events: Vec::new() }
    }
}

/// A text or a call that did not exist.
#[derive(Clone, Debug)]
pub struct Insert<T> {
    pub value: T,
    pub birth: Birth,
}

/// How a text or a call comes to life.
#[derive(Clone, Debug, PartialEq)]
pub enum Birth {
    /// Waits in the queue for `due_at`.
    Queued { task: TaskId, due_at: Timestamp },
    /// Its intent is committed and its task is leased to the committing node for `lease_ms` of real
    /// time. Whoever commits this adds the [`Condition`]s under which it may be sent.
    Dispatching { task: TaskId, due_at: Timestamp, lease_ms: i64 },
    /// Inbound, or known to the provider already: no task.
    Settled,
}

/// The next value of a text or a call.
#[derive(Clone, Debug)]
pub struct Write<T> {
    pub value: T,
    pub loaded_guard: i64,
}

/// What must hold inside the transaction; else nothing is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Nobody with this address said no on this channel.
    NotSuppressed { channel: Channel, address: String },
    /// Nothing of the lane is unknown.
    LaneKnown { kind: Kind, lane: String },
    /// The sender's pacing row still holds `seen_ms` (0: no row); it is set to `free_at_ms`. The row is
    /// named by [`Outbound::pacer`], as [`DispatchFacts::free_at_ms`] reads it.
    PaceTaken { sender: String, seen_ms: i64, free_at_ms: i64 },
}

/// A task that was claimed, and until when it is surely ours.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub task: Task,
    /// Measured from before the claim was asked for, so it ends early rather than late.
    pub held_until: std::time::Instant,
}

/// What must be known before a queued text or call may be handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct DispatchFacts {
    pub suppression: Option<Suppression>,
    pub lane_unknown: bool,
    /// When the sender is free again, in milliseconds since 1970; 0 where it never sent under a rate.
    pub free_at_ms: i64,
    /// When this person last wrote to this sender; opens WhatsApp's 24-hour window.
    pub last_inbound_at: Option<Timestamp>,
}
