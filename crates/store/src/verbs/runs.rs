//! Runs, their logs and their routes for replies.

use super::PageRequest;
use super::sealed::{self, Secrecy, Written};
use crate::commit::RunWrite;
use crate::error::{Conflict, StoreError};
use crate::record::{Guarded, RunSummary};
use crate::seal::Keyring;
use crate::statement::{Row, Statement, Value, json, values};
use crate::{FIRST_GUARD, Store};
use engine::id::RunId;
use engine::message::Channel;
use engine::run::{LogEntry, ReplyRoute, Run, RunStatus};

/// Which runs a list shows.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    pub workflow: Option<String>,
    /// `running`, `completed`, `failed` or `canceled`.
    pub status: Option<String>,
}

impl Store {
    pub async fn run(&self, id: &RunId) -> Result<Option<Guarded<Run>>, StoreError> {
        let sql = "SELECT data, guard, key_id FROM runs WHERE id = $1";
        self.read_one(Statement::rows(sql, values![id.as_str()]), |mut row| {
            let value = sealed::opened(self.keys(), sealed::of_run(id.as_str()), &mut row, (0, 2), "run")?;
            Ok(Guarded { value, guard: row.int(1, "run")? })
        })
        .await
    }

    pub async fn run_by_dedupe_key(&self, key: &str) -> Result<Option<RunId>, StoreError> {
        let sql = "SELECT id FROM runs WHERE dedupe_key = $1";
        let key = crate::key::bounded(key);
        self.read_one(Statement::rows(sql, values![key]), |mut row| {
            Ok(RunId::from_trusted(row.text(0, "run")?))
        })
        .await
    }

    /// Newest first.
    pub async fn runs(&self, filter: RunFilter, page: PageRequest) -> Result<Vec<RunSummary>, StoreError> {
        self.read_all(list(&filter, &page), summary).await
    }

    /// What happened in the run, in order.
    pub async fn run_log(&self, id: &RunId) -> Result<Vec<LogEntry>, StoreError> {
        let sql = "SELECT entries FROM run_log WHERE run = $1 ORDER BY guard";
        let statement = Statement::rows(sql, values![id.as_str()]);
        let commits: Vec<Vec<LogEntry>> = self.read_all(statement, |mut row| row.json(0, "run log")).await?;
        Ok(commits.into_iter().flatten().collect())
    }

    /// Routes of live runs for texts of this person, whichever sender.
    pub async fn reply_routes(
        &self,
        channel: Channel,
        contact: &str,
    ) -> Result<Vec<(RunId, ReplyRoute)>, StoreError> {
        let sql = "SELECT reply_routes.run, reply_routes.data FROM reply_routes
                   JOIN runs ON runs.id = reply_routes.run
                   WHERE reply_routes.contact = $1 AND reply_routes.channel = $2 AND runs.status = 'running'
                   ORDER BY reply_routes.run, reply_routes.n";
        self.read_all(Statement::rows(sql, values![contact, channel.as_str()]), |mut row| {
            Ok((RunId::from_trusted(row.text(0, "reply route")?), row.json(1, "reply route")?))
        })
        .await
    }
}

/// Everything that a commit stores of its run; what somebody told it in confidence is sealed.
///
/// # Errors
/// [`StoreError::Key`] where there is no key to seal with.
pub(super) fn write(
    keys: &Keyring,
    write: &RunWrite,
    log: &[LogEntry],
    all: &mut Vec<Statement>,
) -> Result<(), StoreError> {
    let run = &write.run;
    let secrecy = Secrecy::of(!run.sensitive.is_empty());
    let data = sealed::written(keys, sealed::of_run(run.id.as_str()), run, secrecy)?;
    all.push(match write.loaded_guard {
        None => insert(write, log, data),
        Some(guard) => update(run, guard, log, data),
    });
    if !log.is_empty() {
        let guard = write.loaded_guard.map_or(FIRST_GUARD, |guard| guard + 1);
        all.push(Statement::any(
            "INSERT INTO run_log (run, guard, entries) VALUES ($1, $2, $3)",
            values![run.id.as_str(), guard, json(&log)],
        ));
    }
    let ended = run.status != RunStatus::Running;
    if write.loaded_guard.is_some() && (write.routes.is_some() || (ended && !run.routes.is_empty())) {
        all.push(Statement::any("DELETE FROM reply_routes WHERE run = $1", values![run.id.as_str()]));
    }
    let routes = if ended { None } else { write.routes.as_deref() };
    for (route, n) in routes.unwrap_or_default().iter().zip(0_i64..) {
        all.push(Statement::any(
            "INSERT INTO reply_routes (run, n, channel, contact, data) VALUES ($1, $2, $3, $4, $5)",
            values![run.id.as_str(), n, route.channel.as_str(), route.contact.as_str(), json(route)],
        ));
    }
    Ok(())
}

fn insert(write: &RunWrite, log: &[LogEntry], data: Written) -> Statement {
    let run = &write.run;
    Statement::must(
        Conflict::DuplicateRun,
        "INSERT INTO runs (id, guard, workflow, version, status, dedupe_key, started_at, updated_at, data, key_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        values![
            run.id.as_str(),
            FIRST_GUARD,
            run.workflow.as_str(),
            run.version,
            run.status.as_str(),
            write.dedupe_key.as_deref().map(crate::key::bounded),
            run.started_at,
            log.last().map_or(run.started_at, |entry| entry.at),
            data.text,
            data.key_id
        ],
    )
}

fn update(run: &Run, loaded_guard: i64, log: &[LogEntry], data: Written) -> Statement {
    Statement::must(
        Conflict::Run,
        "UPDATE runs SET guard = guard + 1, status = $3, updated_at = COALESCE($4, updated_at), data = $5,
             key_id = $6
         WHERE id = $1 AND guard = $2",
        values![
            run.id.as_str(),
            loaded_guard,
            run.status.as_str(),
            log.last().map(|entry| entry.at).or(run.ended_at),
            data.text,
            data.key_id
        ],
    )
}

/// Each kind of filter walks an index of its own.
fn list(filter: &RunFilter, page: &PageRequest) -> Statement {
    const OF_WORKFLOW: &str = "SELECT id, workflow, version, status, started_at, updated_at FROM runs
         WHERE id < $1 AND workflow = $3 AND (CAST($4 AS TEXT) IS NULL OR status = $4)
         ORDER BY id DESC LIMIT $2";
    const OF_RARE_STATUS: &str = "SELECT id, workflow, version, status, started_at, updated_at FROM runs
         WHERE id < $1 AND status = $3 AND status <> 'completed' ORDER BY id DESC LIMIT $2";
    const OF_STATUS: &str = "SELECT id, workflow, version, status, started_at, updated_at FROM runs
         WHERE id < $1 AND status = $3 ORDER BY id DESC LIMIT $2";
    const ALL: &str = "SELECT id, workflow, version, status, started_at, updated_at FROM runs
         WHERE id < $1 ORDER BY id DESC LIMIT $2";
    let mut params: Vec<Value> = values![page.before(), page.limit()];
    let sql = match (filter.workflow.as_deref(), filter.status.as_deref()) {
        (Some(workflow), status) => {
            params.extend(values![workflow, status]);
            OF_WORKFLOW
        }
        (None, Some(status)) => {
            params.extend(values![status]);
            if status == RunStatus::Completed.as_str() { OF_STATUS } else { OF_RARE_STATUS }
        }
        (None, None) => ALL,
    };
    Statement::rows(sql, params)
}

fn summary(mut row: Row) -> Result<RunSummary, StoreError> {
    const WHAT: &str = "run";
    Ok(RunSummary {
        id: RunId::from_trusted(row.text(0, WHAT)?),
        workflow: row.text(1, WHAT)?,
        version: row.small(2, WHAT)?,
        status: row.text(3, WHAT)?,
        started_at: row.time(4, WHAT)?,
        updated_at: row.time(5, WHAT)?,
    })
}
