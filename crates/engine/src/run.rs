//! Execution: a run is a value, and an event turns it into the next one.

mod answers;
mod blocks;
mod fault;
mod log;
mod machine;
pub(crate) mod moment;
pub mod replies;
mod results;

pub(crate) use answers::takes;
pub use fault::FaultCode;
pub use log::{LogEntry, LogKind};
pub(crate) use machine::{INCOMING_CALL_VARIABLE, context};

use crate::effect::{Effect, PlaceCall, SendMessage};
use crate::event::{Event, Reply, Start};
use crate::id::{MessageId, RunId};
use crate::message::Channel;
use crate::workflow::Workflow;
use jiff::Timestamp;
use machine::Machine;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Begins a run with the workflow's first block, and goes on until it waits or ends.
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
    let variables = workflow.accept_input(start.input).map_err(Refused::BadInput)?;
    let run = Run {
        id,
        workflow: workflow.name.clone(),
        version,
        status: RunStatus::Running,
        variables,
        position: None,
        steps: 0,
        visits: BTreeMap::new(),
        sent: Vec::new(),
        live: BTreeMap::new(),
        replies: Vec::new(),
        taken: Vec::new(),
        routes: Vec::new(),
        opted_out: Vec::new(),
        age_timer: None,
        caught: None,
        result: None,
        sensitive: Vec::new(),
        sensitive_results: Vec::new(),
        started_at: now,
        ended_at: None,
    };
    let mut machine = Machine::new(workflow, run, now);
    machine.begin(start.by, start.message, start.call);
    Ok(machine.into_advance())
}

/// Takes an event in, and goes on until the run waits again or ends.
///
/// Events may come twice, late and in any order: what was decided stays decided, and an event that
/// has nothing to say is refused.
///
/// # Errors
/// [`Refused::Ended`] and [`Refused::NotAwaited`]: the event changes nothing.
pub fn resume(workflow: &Workflow, run: Run, event: Event, now: Timestamp) -> Result<Advance, Refused> {
    if run.status != RunStatus::Running {
        return Err(Refused::Ended);
    }
    let mut machine = Machine::new(workflow, run, now);
    machine.take(event)?;
    Ok(machine.into_advance())
}

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
    /// Texts and calls, by step: their results stay live while the run lives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
    /// Variables that later reports of a text or a call still update, each with the step that owns it: the
    /// latest one that saved to it. Whatever else writes the variable ends that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub live: BTreeMap<String, u32>,
    /// Replies that came before a `waitForReply` asked for them, in order of arrival.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
    /// The latest replies that were consumed, so that none counts twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<MessageId>,
    /// Whose replies belong to this run. Whoever stores the run keeps an index of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<ReplyRoute>,
    /// Who said STOP while their replies belonged to this run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opted_out: Vec<Person>,
    /// When the run is ended for its age, where a timer for that is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_timer: Option<Timestamp>,
    /// The failure that sent the run to `onError`; a second one ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caught: Option<Cause>,
    /// What the run answers, where somebody waits for its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// Names of variables that nothing may print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<String>,
    /// Names of those fields of the result that nothing may print but whoever waits for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive_results: Vec<String>,
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Run {
    /// Whether a template that uses this says something that was told in confidence. What is only asked about is not
    /// said; of what is known about an answer, how it was given is no secret.
    pub(crate) fn is_secret(&self, used: &template::Use) -> bool {
        says_secret(&self.sensitive, used)
    }
}

/// As [`Run::is_secret`], of the names of what was told in confidence.
pub(crate) fn says_secret(secrets: &[String], used: &template::Use) -> bool {
    let is_said = used.guard != template::Guard::Tested;
    is_said
        && match used.path.as_slice() {
            [answers, _, field, ..]
                if answers == ANSWERS_VARIABLE && !WORDS_OF_ANSWERS.contains(&field.as_str()) =>
            {
                false
            }
            [answers, question, ..] if answers == ANSWERS_VARIABLE => secrets.contains(question),
            [name, ..] => secrets.contains(name),
            [] => false,
        }
}

/// The variable that holds what is known of every answer, and the fields of one that say the answer itself.
pub(crate) const ANSWERS_VARIABLE: &str = "answers";
pub(crate) const WORDS_OF_ANSWERS: [&str; 3] = ["value", "heard", "keys"];

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
    /// Until when, where a timer ends the wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The text or the call that a step asked for, with its latest attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub block: String,
    pub step: u32,
    /// Attempts count from 0; a retry after a final failure is the next one.
    pub n: u32,
    /// Whether the run still stands at the block for it; later changes only touch the results.
    pub stage: Stage,
    /// The results that matter later, under their documented names.
    pub results: Map<String, Value>,
    /// When the block gives up waiting for a receipt, or for the call's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_due: Option<Timestamp>,
    /// The next attempt, where one is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<PlannedRetry>,
    /// This attempt failed for good, and what follows from it was done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The run stands at the block until the text or the call got as far as the block asks for.
    Awaited,
    /// The branch was taken.
    Done,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedRetry {
    pub at: Timestamp,
    #[serde(flatten)]
    pub next: Attempt,
}

/// What is asked for once more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    Send(SendMessage),
    Place(PlaceCall),
}

/// Somebody on a channel, by the address without a prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub channel: Channel,
    pub contact: String,
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
