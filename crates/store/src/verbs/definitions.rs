//! Published versions of workflows and agents; none ever changes.
//!
//! A version without a source says that the definition was taken back: it counts as a version, so that whoever publishes
//! at the same moment meets it, and is shown to nobody.

use crate::Store;
use crate::error::{CommitError, Conflict, StoreError};
use crate::record::{StoredAgent, StoredWorkflow};
use crate::statement::{Row, Statement, values};
use jiff::Timestamp;

/// Two nodes that publish the same name at once meet in its next number; the loser asks again.
const PUBLISH_ATTEMPTS: u32 = 8;

/// The statements for one kind of definition.
struct Definitions {
    what: &'static str,
    insert: &'static str,
    retire: &'static str,
    latest_number: &'static str,
    version: &'static str,
    latest: &'static str,
    all: &'static str,
}

macro_rules! definitions {
    ($what:literal, $table:literal) => {
        Definitions {
            what: $what,
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (name, version, source, published_at)
                 SELECT $1, latest.version + 1, $2, CAST($3 AS BIGINT)
                 FROM (SELECT COALESCE(MAX(version), 0) AS version FROM ",
                $table,
                " WHERE name = $1) latest WHERE NOT EXISTS (SELECT 1 FROM ",
                $table,
                " same WHERE same.name = $1 AND same.version = latest.version AND same.source = $2)"
            ),
            retire: concat!(
                "INSERT INTO ",
                $table,
                " (name, version, source, published_at)
                 SELECT $1, latest.version + 1, '', CAST($2 AS BIGINT) FROM ",
                $table,
                " latest WHERE latest.name = $1 AND latest.source <> '' AND NOT EXISTS (SELECT 1 FROM ",
                $table,
                " later WHERE later.name = $1 AND later.version > latest.version)"
            ),
            latest_number: concat!("SELECT MAX(version) FROM ", $table, " WHERE name = $1"),
            version: concat!(
                "SELECT name, version, source, published_at FROM ",
                $table,
                " WHERE name = $1 AND version = $2"
            ),
            latest: concat!(
                "SELECT name, version, source, published_at FROM ",
                $table,
                " WHERE name = $1 ORDER BY version DESC LIMIT 1"
            ),
            all: concat!(
                "SELECT name, version, source, published_at FROM ",
                $table,
                " latest WHERE NOT EXISTS (SELECT 1 FROM ",
                $table,
                " later WHERE later.name = latest.name AND later.version > latest.version)
                 AND latest.source <> '' ORDER BY name"
            ),
        }
    };
}

const WORKFLOWS: Definitions = definitions!("workflow", "workflow_versions");
const AGENTS: Definitions = definitions!("agent", "agent_versions");

/// A row of either table.
struct Stored {
    name: String,
    version: u32,
    source: String,
    published_at: Timestamp,
}

impl Store {
    /// Publishes a version and gives its number; the same source as the latest gives that one again.
    pub async fn publish_workflow(
        &self,
        name: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.publish(&WORKFLOWS, name, source, now).await
    }

    /// Publishes a version and gives its number; the same source as the latest gives that one again.
    pub async fn publish_agent(&self, name: &str, source: &str, now: Timestamp) -> Result<u32, StoreError> {
        self.publish(&AGENTS, name, source, now).await
    }

    /// Takes a workflow back: it has no latest version any more, until it is published again. Whether there was one.
    pub async fn retire_workflow(&self, name: &str, now: Timestamp) -> Result<bool, StoreError> {
        for _ in 0..PUBLISH_ATTEMPTS {
            let retire = Statement::any(WORKFLOWS.retire, values![name, now]);
            match self.write(vec![retire.duplicate(Conflict::DuplicateName)]).await {
                Ok(answers) => return Ok(answers.iter().any(|answer| answer.touched > 0)),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Err(contended(name))
    }

    /// The latest where no version is named; nothing where that is retired.
    pub async fn workflow(
        &self,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<StoredWorkflow>, StoreError> {
        Ok(self.definition(&WORKFLOWS, name, version).await?.map(StoredWorkflow::from))
    }

    /// The latest where no version is named.
    pub async fn agent(&self, name: &str, version: Option<u32>) -> Result<Option<StoredAgent>, StoreError> {
        Ok(self.definition(&AGENTS, name, version).await?.map(StoredAgent::from))
    }

    /// The latest of each that is not retired, by name.
    pub async fn workflows(&self) -> Result<Vec<StoredWorkflow>, StoreError> {
        self.definitions(&WORKFLOWS).await
    }

    /// The latest of each, by name.
    pub async fn agents(&self) -> Result<Vec<StoredAgent>, StoreError> {
        self.definitions(&AGENTS).await
    }

    async fn publish(
        &self,
        of: &Definitions,
        name: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        for _ in 0..PUBLISH_ATTEMPTS {
            let statements = vec![
                Statement::any(of.insert, values![name, source, now]).duplicate(Conflict::DuplicateName),
                Statement::rows(of.latest_number, values![name]),
            ];
            match self.write(statements).await {
                Ok(mut answers) => {
                    let row = answers.pop().and_then(|answer| answer.rows.into_iter().next());
                    return row.unwrap_or(Row(Vec::new())).small(0, of.what);
                }
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Err(contended(name))
    }

    async fn definition(
        &self,
        of: &Definitions,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Stored>, StoreError> {
        let statement = match version {
            Some(version) => Statement::rows(of.version, values![name, version]),
            None => Statement::rows(of.latest, values![name]),
        };
        let found = self.read_one(statement, |row| stored(row, of.what)).await?;
        Ok(found.filter(|stored| !stored.source.is_empty()))
    }

    async fn definitions<T: From<Stored>>(&self, of: &Definitions) -> Result<Vec<T>, StoreError> {
        self.read_all(Statement::rows(of.all, Vec::new()), |row| stored(row, of.what).map(T::from)).await
    }
}

fn contended(name: &str) -> StoreError {
    StoreError::Unavailable(format!("{name} is being published by others all the time").into())
}

fn stored(mut row: Row, what: &'static str) -> Result<Stored, StoreError> {
    Ok(Stored {
        name: row.text(0, what)?,
        version: row.small(1, what)?,
        source: row.text(2, what)?,
        published_at: row.time(3, what)?,
    })
}

impl From<Stored> for StoredWorkflow {
    fn from(row: Stored) -> StoredWorkflow {
        StoredWorkflow {
            name: row.name,
            version: row.version,
            source: row.source,
            published_at: row.published_at,
        }
    }
}

impl From<Stored> for StoredAgent {
    fn from(row: Stored) -> StoredAgent {
        StoredAgent {
            name: row.name,
            version: row.version,
            source: row.source,
            published_at: row.published_at,
        }
    }
}
