//! Tasks and their leases.

use super::outbound::Kept;
use super::sealed::{self, Secrecy};
use crate::Store;
use crate::commit::Claimed;
use crate::error::StoreError;
use crate::record::{Held, Task, TaskCount, TaskKind};
use crate::seal::Keyring;
use crate::statement::{Row, Statement, due_ms, json, values};
use engine::id::TaskId;
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// When the loop has to look again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NextDue {
    /// Domain time.
    pub due_at: Option<Timestamp>,
    /// Real time from now until its holder lets go, at most a millisecond before others may claim the task; 0 where a
    /// lease ran out already.
    pub lease_ends_in_ms: Option<i64>,
}

const WHAT: &str = "task";

/// What the database is told of a lease of so long, in milliseconds. Its clock counts whole ones: without one more, a
/// lease would be over up to a millisecond before its holder lets go.
fn lease(lease_ms: i64) -> i64 {
    if lease_ms > 0 { lease_ms.saturating_add(1) } else { 0 }
}

/// Until when a lease of so long, in milliseconds, is surely ours.
fn held_until(asked: Instant, lease_ms: i64) -> Instant {
    asked + Duration::from_millis(lease_ms.max(0).unsigned_abs())
}

impl Store {
    /// Claims up to `limit` tasks that are due at `now` (domain time) and nobody holds, and tasks whose
    /// lease ran out; the longest due first. The lease is in real time. One whose key is gone is held, and not given.
    pub async fn claim(&self, now: Timestamp, lease_ms: i64, limit: u32) -> Result<Vec<Claimed>, StoreError> {
        let asked = Instant::now();
        let held_until = held_until(asked, lease_ms);
        let sql = self.dialect().claim();
        let answer = self.write_one(Statement::rows(sql, values![now, lease(lease_ms), limit])).await?;
        let tasks = answer.rows.into_iter().map(|row| sealed::unless_locked(WHAT, self.claimed(row)));
        let mut tasks: Vec<Task> = tasks.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        tasks.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
        Ok(tasks.into_iter().map(|task| Claimed { task, held_until }).collect())
    }

    /// Holds a claimed task for so long (real time) from now on; until when it is surely ours then, and nothing where
    /// somebody else claimed it meanwhile or it is done.
    pub async fn renew(&self, held: &Held, lease_ms: i64) -> Result<Option<Instant>, StoreError> {
        let asked = Instant::now();
        let sql = "UPDATE tasks SET lease_until = real_ms() + $3
                   WHERE id = $1 AND attempts = $2 AND lease_until > 0";
        let renewed = Statement::any(sql, values![held.task.as_str(), held.claim, lease(lease_ms)]);
        let touched = self.write_one(renewed).await?.touched;
        Ok((touched > 0).then(|| held_until(asked, lease_ms)))
    }

    /// When the next task that nobody holds is due, and when the next lease of anybody runs out.
    pub async fn next_due(&self) -> Result<NextDue, StoreError> {
        let sql = "SELECT (SELECT MIN(due_at) FROM tasks WHERE lease_until = 0),
                          (SELECT MIN(lease_until) FROM tasks WHERE lease_until > 0) - 1 - real_ms()";
        let next = self
            .read_one(Statement::rows(sql, Vec::new()), |row| {
                Ok(NextDue {
                    due_at: row.time_or_null(0, WHAT)?,
                    lease_ends_in_ms: row.int_or_null(1, WHAT)?.map(|ms| ms.max(0)),
                })
            })
            .await?;
        Ok(next.unwrap_or_default())
    }

    /// Puts a task in if none of this id is there: recurring tasks such as reconciliation.
    pub async fn ensure_task(&self, task: Task) -> Result<(), StoreError> {
        let sql = "INSERT INTO tasks (id, due_at, lease_until, attempts, lane, data)
                   VALUES ($1, $2, 0, $3, NULL, $4) ON CONFLICT (id) DO NOTHING";
        let params = values![task.id.as_str(), due_ms(task.due_at), task.attempts, json(&task.kind)];
        self.write_one(Statement::any(sql, params)).await.map(drop)
    }

    /// When the work on a text or a call is due, where nobody is at it.
    pub async fn sleeps_until<T: Kept>(&self, item: &T) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT id, due_at, attempts, data, key_id FROM tasks WHERE lane = $1 AND lane IS NOT NULL AND lease_until = 0";
        let of_lane = self.read_all(Statement::rows(sql, values![item.lane()]), |row| self.task(row)).await?;
        let kind = T::task(item.id());
        Ok(of_lane.into_iter().find(|task| task.kind == kind).map(|task| task.due_at))
    }

    /// Tasks in the order in which they are due, whoever holds them.
    pub async fn tasks(&self, limit: u32) -> Result<Vec<Task>, StoreError> {
        let sql = "SELECT id, due_at, attempts, data, key_id FROM tasks ORDER BY due_at, id LIMIT $1";
        let rows = self.read_all(Statement::rows(sql, values![limit]), |row| self.task(row)).await?;
        Ok(rows)
    }

    /// Tasks by state, `queued` and `leased`, for metrics and for tests that nothing is left over.
    pub async fn count_tasks(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM tasks WHERE lease_until = 0)
                              + (SELECT COUNT(*) FROM tasks WHERE lease_until > 0 AND lease_until <= real_ms()),
                          (SELECT COUNT(*) FROM tasks WHERE lease_until > 0 AND lease_until > real_ms())";
        let counts = self
            .read_one(Statement::rows(sql, Vec::new()), |row| {
                let count = |column| Ok::<u64, StoreError>(row.int(column, WHAT)?.max(0).unsigned_abs());
                Ok(vec![("queued".to_owned(), count(0)?), ("leased".to_owned(), count(1)?)])
            })
            .await?;
        Ok(counts.unwrap_or_default())
    }

    /// Tasks by kind, all kinds in the order of [`TaskKind::NAMES`]. Reads every task: for metrics, now and then.
    pub async fn count_tasks_by_kind(&self, now: Timestamp) -> Result<Vec<TaskCount>, StoreError> {
        // The tag comes first in what is stored; see the test that holds it there.
        let sql = "SELECT COALESCE(SUM(CASE WHEN lease_until = 0 AND due_at > $2 THEN 1 ELSE 0 END), 0),
                          COALESCE(SUM(CASE WHEN lease_until = 0 AND due_at <= $2 THEN 1 ELSE 0 END), 0),
                          COALESCE(SUM(CASE WHEN lease_until > 0 THEN 1 ELSE 0 END), 0)
                   FROM tasks WHERE data LIKE $1 OR (key_id IS NOT NULL AND CAST($3 AS BIGINT) = 1)";
        let mut counts = Vec::new();
        for kind in TaskKind::NAMES {
            let beginning = format!("{{\"kind\":\"{kind}\"%");
            let is_sealed = i64::from(kind == SEALED);
            let statement = Statement::rows(sql, values![beginning, now.as_millisecond(), is_sealed]);
            let count = self.read_one(statement, |row| {
                let column = |n| Ok::<u64, StoreError>(row.int(n, WHAT)?.max(0).unsigned_abs());
                Ok(TaskCount { kind, waiting: column(0)?, due: column(1)?, leased: column(2)? })
            });
            counts.extend(count.await?);
        }
        Ok(counts)
    }

    fn claimed(&self, row: Row) -> Result<Task, StoreError> {
        let task = self.task(row)?;
        // The claim itself was counted already.
        Ok(Task { attempts: task.attempts.saturating_sub(1), ..task })
    }

    /// A task by its columns `id`, `due_at`, `attempts`, `data` and `key_id`.
    fn task(&self, mut row: Row) -> Result<Task, StoreError> {
        let id = row.text(0, WHAT)?;
        let kind = sealed::opened(self.keys(), sealed::of_task(&id), &mut row, (3, 4), WHAT)?;
        Ok(Task {
            id: TaskId::from_trusted(id),
            due_at: row.time(1, WHAT)?,
            attempts: row.small(2, WHAT)?,
            kind,
        })
    }
}

/// The one kind of task that may say something in confidence.
const SEALED: &str = "begin_conversation";

fn keeps_secrets(kind: &TaskKind) -> bool {
    matches!(kind, TaskKind::BeginConversation { begin, .. } if begin.sensitive)
}

/// Puts a task into the queue; one of the same id is replaced.
///
/// # Errors
/// [`StoreError::Key`] where it says something in confidence, and there is no key to seal it with.
pub(super) fn put(keys: &Keyring, task: &Task) -> Result<Statement, StoreError> {
    let (sql, of) = match &task.kind {
        TaskKind::Place { call } => (PUT_PLACE, Some(call.as_str())),
        TaskKind::Send { message } => (PUT_SEND, Some(message.as_str())),
        _ => (PUT_SEND, None),
    };
    let secrecy = Secrecy::of(keeps_secrets(&task.kind));
    let data = sealed::written(keys, sealed::of_task(task.id.as_str()), &task.kind, secrecy)?;
    let params = values![task.id.as_str(), due_ms(task.due_at), task.attempts, of, data.text, data.key_id];
    Ok(Statement::any(sql, params))
}

/// Work on a text is found by the text's lane; other tasks have none.
const PUT_SEND: &str = "INSERT INTO tasks (id, due_at, lease_until, attempts, lane, data, key_id)
     VALUES ($1, $2, 0, $3, (SELECT lane FROM messages WHERE id = $4), $5, $6)
     ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, lease_until = 0,
         attempts = excluded.attempts, lane = excluded.lane, data = excluded.data, key_id = excluded.key_id";
const PUT_PLACE: &str = "INSERT INTO tasks (id, due_at, lease_until, attempts, lane, data, key_id)
     VALUES ($1, $2, 0, $3, (SELECT lane FROM calls WHERE id = $4), $5, $6)
     ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, lease_until = 0,
         attempts = excluded.attempts, lane = excluded.lane, data = excluded.data, key_id = excluded.key_id";

pub(super) fn born_queued<T: Kept>(id: &TaskId, due_at: Timestamp, item: &T) -> Statement {
    Statement::any(
        "INSERT INTO tasks (id, due_at, lease_until, attempts, lane, data) VALUES ($1, $2, 0, 0, $3, $4)",
        values![id.as_str(), due_ms(due_at), item.lane(), json(&T::task(item.id()))],
    )
}

/// Counts as claimed once, by whoever commits it.
pub(super) fn born_leased<T: Kept>(id: &TaskId, due_at: Timestamp, lease_ms: i64, item: &T) -> Statement {
    Statement::any(
        "INSERT INTO tasks (id, due_at, lease_until, attempts, lane, data)
         VALUES ($1, $2, real_ms() + $3, 1, $4, $5)",
        values![id.as_str(), due_ms(due_at), lease(lease_ms), item.lane(), json(&T::task(item.id()))],
    )
}

pub(super) fn end(id: &TaskId) -> Statement {
    Statement::any("DELETE FROM tasks WHERE id = $1", values![id.as_str()])
}

pub(super) fn end_held(held: &Held) -> Statement {
    Statement::any(
        "DELETE FROM tasks WHERE id = $1 AND attempts = $2",
        values![held.task.as_str(), held.claim],
    )
}

pub(super) fn requeue(held: &Held, due_at: Timestamp) -> Statement {
    Statement::any(
        "UPDATE tasks SET due_at = $3, lease_until = 0 WHERE id = $1 AND attempts = $2",
        values![held.task.as_str(), held.claim, due_ms(due_at)],
    )
}

/// Nothing becomes due later by it.
pub(super) fn wake_lane(lane: &str, due_at: Timestamp) -> Statement {
    Statement::any(
        "UPDATE tasks SET due_at = $2
         WHERE lane = $1 AND lane IS NOT NULL AND lease_until = 0 AND due_at > $2",
        values![lane, due_ms(due_at)],
    )
}
