//! The two commits of a run with one text.

use engine::id::{MessageId, RunId, TaskId};
use engine::message::*;
use engine::run::{LogEntry, LogKind, Run, RunStatus};
use engine::sending::Kind;
use jiff::Timestamp;
use std::sync::LazyLock;
use store::{Birth, Commit, Condition, FIRST_GUARD, Insert, RunWrite, Write, Writes};

pub fn birth(n: u64) -> Commit {
    let message = message(n);
    let now = message.created_at;
    let dispatching = MessageEventKind::Dispatching { attempt: 1, reasons: vec!["no suppression".into()] };
    let birth = Birth::Dispatching { task: task(n), due_at: now, lease_ms: 60_000 };
    Commit {
        conditions: vec![
            Condition::NotSuppressed { channel: message.channel, address: message.to.clone() },
            Condition::LaneKnown { kind: Kind::Text, lane: message.lane() },
        ],
        run: Some(RunWrite { run: run(n), loaded_guard: None, dedupe_key: None, routes: None }),
        log: vec![
            entry(now, LogKind::RunStarted { trigger: "webhook".into() }),
            entry(now, LogKind::BlockEntered { block_type: "twilio".into() }),
            entry(
                now,
                LogKind::VariableSet { name: "recipientNumber".into(), value: message.to.clone().into() },
            ),
        ],
        messages: Writes {
            events: vec![MessageEvent { of: message.id.clone(), at: now, kind: dispatching }],
            new: vec![Insert { value: message, birth }],
            ..Writes::default()
        },
        ..Commit::default()
    }
}

pub fn settle(n: u64) -> Commit {
    let sid = format!("SM{:032x}", rand::random::<u128>());
    let mut message = message(n);
    let now = message.created_at;
    let report = Report {
        sid: sid.clone(),
        status: Some(Status::Queued),
        error_code: None,
        error_message: None,
        from: None,
        service: None,
        receipt: Receipt { num_segments: Some("1".into()), ..Receipt::default() },
    };
    message.absorb(&report, SidSource::Answer, now);
    let accepted = MessageEventKind::Accepted { sid, source: SidSource::Answer };
    let run = Run { status: RunStatus::Completed, ended_at: Some(now), ..run(n) };
    Commit {
        run: Some(RunWrite { run, loaded_guard: Some(FIRST_GUARD), dedupe_key: None, routes: None }),
        log: vec![
            entry(now, LogKind::VariableSet { name: "messageStatus".into(), value: "queued".into() }),
            entry(now, LogKind::BlockLeft { outcome: "accepted".into(), to: None }),
            entry(now, LogKind::VariableSet { name: "segments".into(), value: 1.into() }),
        ],
        messages: Writes {
            events: vec![MessageEvent { of: message.id.clone(), at: now, kind: accepted }],
            changed: vec![Write { value: message, loaded_guard: FIRST_GUARD }],
            ..Writes::default()
        },
        end_tasks: vec![task(n)],
        ..Commit::default()
    }
}

fn run_id(n: u64) -> RunId {
    RunId::from_trusted(format!("run_{n:026x}"))
}

fn task(n: u64) -> TaskId {
    TaskId::from_trusted(format!("tsk_{n:026x}"))
}

fn entry(at: Timestamp, kind: LogKind) -> LogEntry {
    LogEntry { at, step: Some(1), block: Some("remind".into()), kind }
}

fn run(n: u64) -> Run {
    /// Read from JSON, as from the database: fields that the engine adds later have their defaults.
    static SAMPLE: LazyLock<Run> = LazyLock::new(|| {
        serde_json::from_value(serde_json::json!({
            "id": "run_",
            "workflow": "reminder",
            "version": 1,
            "status": RunStatus::Running,
            "variables": {"patientPhone": "+15550100001", "patientName": "Ada", "order": 71_345},
            "steps": 1,
            "started_at": Timestamp::now(),
        }))
        .expect("a run as the engine stores it")
    });
    Run { id: run_id(n), started_at: Timestamp::now(), ..SAMPLE.clone() }
}

fn message(n: u64) -> Message {
    static SAMPLE: LazyLock<Message> = LazyLock::new(|| {
        serde_json::from_value(serde_json::json!({
            "id": "msg_",
            "direction": Direction::Outbound,
            "channel": Channel::Sms,
            "credential": "main",
            "from": "+15551234567",
            "to": "+15550100001",
            "body": "Hi Ada, your order 71345 is ready. Reply YES to confirm.",
            "state": State::Dispatching,
            "attempts": 1,
            "created_at": Timestamp::now(),
            "updated_at": Timestamp::now(),
        }))
        .expect("a message as the engine stores it")
    });
    let now = Timestamp::now();
    Message {
        id: MessageId::from_trusted(format!("msg_{n:026x}")),
        origin: Some(Origin { run: run_id(n), step: 1, n: 0 }),
        progress: Progress { intent_at: Some(now), ..SAMPLE.progress.clone() },
        created_at: now,
        updated_at: now,
        ..SAMPLE.clone()
    }
}
