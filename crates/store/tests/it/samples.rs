//! Made-up values for cases.

use engine::id::TaskId;
use engine::message::*;
use engine::run::{LogEntry, LogKind, Run, RunStatus};
use jiff::Timestamp;
use store::record::{Guarded, Task, TaskKind};
use store::{Birth, Commit, Insert, RunWrite, Write, Writes};

pub(crate) const PERSON: &str = "+15550100001";
pub(crate) const SENDER: &str = "+15551234567";
pub(crate) const ACCOUNT: &str = "main";

/// So many seconds into the day of the cases.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

/// Read from JSON, as from the database: fields that the engine adds later have their defaults.
pub(crate) fn run(n: u32) -> Run {
    serde_json::from_value(serde_json::json!({
        "id": format!("run_{n:06}"),
        "workflow": "reminder",
        "version": 1,
        "status": RunStatus::Running,
        "variables": {"name": "Zoë", "nothing": "\0", "list": [1, 2.5]},
        "steps": 1,
        "started_at": at(i64::from(n)),
    }))
    .unwrap()
}

pub(crate) fn new_run(run: Run) -> RunWrite {
    RunWrite { run, loaded_guard: None, dedupe_key: None, routes: None }
}

pub(crate) fn next_run(run: Run, loaded_guard: i64) -> RunWrite {
    RunWrite { run, loaded_guard: Some(loaded_guard), dedupe_key: None, routes: None }
}

pub(crate) fn entry(second: i64, name: &str) -> LogEntry {
    let kind = LogKind::VariableSet { name: name.into(), value: serde_json::json!({"a": [null]}) };
    LogEntry { at: at(second), step: Some(1), block: None, kind }
}

/// An outbound text that is queued.
pub(crate) fn message(n: u32) -> Message {
    serde_json::from_value(serde_json::json!({
        "id": format!("msg_{n:06}"),
        "direction": Direction::Outbound,
        "channel": Channel::Sms,
        "credential": ACCOUNT,
        "from": SENDER,
        "to": PERSON,
        "body": "Hi",
        "state": State::Queued,
        "attempts": 0,
        "created_at": at(i64::from(n)),
        "updated_at": at(i64::from(n)),
    }))
    .unwrap()
}

pub(crate) fn in_state(n: u32, state: State) -> Message {
    let mut message = message(n);
    message.progress.state = state;
    message
}

pub(crate) fn task_id(n: u32) -> TaskId {
    TaskId::from_trusted(format!("tsk_{n:06}"))
}

/// A task of no message, due at this second.
pub(crate) fn task(n: u32, due: i64) -> Task {
    Task { id: task_id(n), kind: TaskKind::Prune, due_at: at(due), attempts: 0 }
}

pub(crate) fn born(message: Message, birth: Birth) -> Commit {
    Commit {
        messages: Writes { new: vec![Insert { value: message, birth }], ..Writes::default() },
        ..Commit::default()
    }
}

pub(crate) fn changed(loaded: Guarded<Message>, change: impl FnOnce(&mut Message)) -> Commit {
    let mut value = loaded.value;
    change(&mut value);
    Commit {
        messages: Writes { changed: vec![Write { value, loaded_guard: loaded.guard }], ..Writes::default() },
        ..Commit::default()
    }
}

pub(crate) fn tasks(new_tasks: Vec<Task>) -> Commit {
    Commit { new_tasks, ..Commit::default() }
}

pub(crate) fn event(message: &Message, kind: MessageEventKind) -> MessageEvent {
    MessageEvent { of: message.id.clone(), at: at(0), kind }
}
