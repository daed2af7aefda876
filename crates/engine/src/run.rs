//! Execution: a run is a value, and an event turns it into the next one.

use crate::effect::{Effect, EffectKey, TimerKey};
use crate::event::{Event, Reply, Start};
use crate::id::RunId;
use crate::message::Channel;
use crate::workflow::Workflow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One execution of one workflow version. Saved whole after every advance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub id: RunId,
    pub workflow: String,
    pub version: u32,
    pub status: RunStatus,
    pub variables: Map<String, Value>,
    /// Where it stands; nothing once it ended.
    pub position: Option<Position>,
    /// Steps taken so far; the next one has this number plus one.
    pub steps: u32,
    /// Visits by block since the run last waited.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub visits: BTreeMap<String, u32>,
    /// Texts sent, by step: their results stay live while the run lives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
    /// Replies that came before a `waitForReply` asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
    /// Whose replies belong to this run. Whoever stores the run keeps an index of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<ReplyRoute>,
    /// What the run answers, where somebody waits for its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    Completed,
    Failed { cause: Cause },
    Canceled { by: String },
}

impl RunStatus {
    pub fn as_str(&self) -> &'static str {
        match self {
            RunStatus::Running => "running",
            RunStatus::Completed => "completed",
            RunStatus::Failed { .. } => "failed",
            RunStatus::Canceled { .. } => "canceled",
        }
    }
}

/// Why a run failed, in words for its author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// An outcome's name, or a code of the engine's own such as `missing_variable`.
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
}

/// The step that a run stands at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    pub block: String,
    pub step: u32,
    /// Since when it waits there.
    pub since: Timestamp,
}

/// A text that a step sent; `n` counts its attempts from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub block: String,
    pub step: u32,
    pub n: u32,
    /// The block is done; later changes only touch the results.
    pub done: bool,
    /// The results under their documented names.
    pub results: Map<String, Value>,
}

/// Texts from `contact` to `sender` belong to the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplyRoute {
    pub channel: Channel,
    /// The person's address, without a channel prefix.
    pub contact: String,
    /// What the text was sent from: an address, `MG…`, or a sender's name, as the block says.
    pub sender: String,
    /// When the text was sent.
    pub since: Timestamp,
    /// When the run came to its `waitForReply`; the latest one takes a reply.
    pub waiting_since: Option<Timestamp>,
}

/// What one event made of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    pub run: Run,
    pub effects: Vec<Effect>,
    pub log: Vec<LogEntry>,
}

/// One line of a run's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    #[serde(flatten)]
    pub kind: LogKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogKind {
    RunStarted {
        trigger: String,
    },
    BlockEntered {
        block_type: String,
    },
    MessageRequested {
        key: EffectKey,
        to: String,
    },
    MessageChanged {
        key: EffectKey,
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error_code: Option<u32>,
    },
    WaitStarted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    ReplyTaken {
        message: String,
        text: String,
    },
    ReplyKept {
        message: String,
    },
    TimerFired {
        key: TimerKey,
    },
    VariableSet {
        name: String,
        value: Value,
    },
    BlockLeft {
        outcome: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// An author's mistake that did not stop the run.
    Problem {
        code: String,
        message: String,
    },
    RunEnded {
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
    },
}

/// The event does not concern this run any more, or never did; nothing changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the run has ended")]
    Ended,
    #[error("the run does not wait for this")]
    NotAwaited,
    #[error("input is not acceptable")]
    BadInput(Vec<String>),
}

/// Begins a run with the workflow's first block.
///
/// # Errors
/// [`Refused::BadInput`] where the input does not fit the workflow's `input`, one line a problem.
pub fn start(
    workflow: &Workflow,
    version: u32,
    id: RunId,
    start: Start,
    now: Timestamp,
) -> Result<Advance, Refused> {
    let _ = (workflow, version, id, start, now);
    todo!("being written")
}

/// Takes an event in.
///
/// # Errors
/// [`Refused::Ended`] and [`Refused::NotAwaited`]: the event changes nothing.
pub fn resume(workflow: &Workflow, run: Run, event: Event, now: Timestamp) -> Result<Advance, Refused> {
    let _ = (workflow, run, event, now);
    todo!("being written")
}
