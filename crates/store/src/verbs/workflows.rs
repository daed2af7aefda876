//! Published workflow versions; none ever changes.

use crate::Store;
use crate::error::{CommitError, Conflict, StoreError};
use crate::record::StoredWorkflow;
use crate::statement::{Row, Statement, values};
use jiff::Timestamp;

const WHAT: &str = "workflow";
/// Two nodes that publish the same workflow at once meet in its next number; the loser asks again.
const PUBLISH_ATTEMPTS: u32 = 8;

impl Store {
    /// Publishes a version and gives its number; the same source as the latest gives that one again.
    pub async fn publish_workflow(
        &self,
        name: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let insert = "INSERT INTO workflow_versions (name, version, source, published_at)
            SELECT $1, latest.version + 1, $2, CAST($3 AS BIGINT)
            FROM (SELECT COALESCE(MAX(version), 0) AS version FROM workflow_versions WHERE name = $1) latest
            WHERE NOT EXISTS (SELECT 1 FROM workflow_versions same
                WHERE same.name = $1 AND same.version = latest.version AND same.source = $2)";
        let latest = "SELECT MAX(version) FROM workflow_versions WHERE name = $1";
        for _ in 0..PUBLISH_ATTEMPTS {
            let statements = vec![
                Statement::any(insert, values![name, source, now]).duplicate(Conflict::DuplicateName),
                Statement::rows(latest, values![name]),
            ];
            match self.write(statements).await {
                Ok(mut answers) => {
                    let row = answers.pop().and_then(|answer| answer.rows.into_iter().next());
                    return row.unwrap_or(Row(Vec::new())).small(0, WHAT);
                }
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Err(StoreError::Unavailable(format!("{name} is being published by others all the time").into()))
    }

    /// The latest where no version is named.
    pub async fn workflow(
        &self,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<StoredWorkflow>, StoreError> {
        let statement = match version {
            Some(version) => Statement::rows(
                "SELECT name, version, source, published_at FROM workflow_versions
                 WHERE name = $1 AND version = $2",
                values![name, version],
            ),
            None => Statement::rows(
                "SELECT name, version, source, published_at FROM workflow_versions
                 WHERE name = $1 ORDER BY version DESC LIMIT 1",
                values![name],
            ),
        };
        self.read_one(statement, stored).await
    }

    /// The latest of each, by name.
    pub async fn workflows(&self) -> Result<Vec<StoredWorkflow>, StoreError> {
        let sql = "SELECT name, version, source, published_at FROM workflow_versions latest
                   WHERE NOT EXISTS (SELECT 1 FROM workflow_versions later
                       WHERE later.name = latest.name AND later.version > latest.version)
                   ORDER BY name";
        self.read_all(Statement::rows(sql, Vec::new()), stored).await
    }
}

fn stored(mut row: Row) -> Result<StoredWorkflow, StoreError> {
    Ok(StoredWorkflow {
        name: row.text(0, WHAT)?,
        version: row.small(1, WHAT)?,
        source: row.text(2, WHAT)?,
        published_at: row.time(3, WHAT)?,
    })
}
