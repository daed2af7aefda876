//! The schema's versions, as numbered SQL files, one set for each database.

use crate::dialect::Dialect;
use crate::error::StoreError;

/// One step from a version of the schema to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// The version that the database has afterwards, counted from 1.
    pub(crate) version: i64,
    pub(crate) sql: &'static str,
}

/// All of them, in order. A landed file is never changed: what is wrong with it is mended by the next.
fn migrations(dialect: Dialect) -> &'static [Migration] {
    match dialect {
        Dialect::Sqlite => &[
            Migration { version: 1, sql: include_str!("../migrations/sqlite/0001_spine.sql") },
            Migration { version: 2, sql: include_str!("../migrations/sqlite/0002_calls.sql") },
            Migration { version: 3, sql: include_str!("../migrations/sqlite/0003_conversations.sql") },
            Migration { version: 4, sql: include_str!("../migrations/sqlite/0004_secrets.sql") },
            Migration { version: 5, sql: include_str!("../migrations/sqlite/0005_sealed_texts.sql") },
        ],
        Dialect::Postgres => &[
            Migration { version: 1, sql: include_str!("../migrations/postgres/0001_spine.sql") },
            Migration { version: 2, sql: include_str!("../migrations/postgres/0002_calls.sql") },
            Migration { version: 3, sql: include_str!("../migrations/postgres/0003_conversations.sql") },
            Migration { version: 4, sql: include_str!("../migrations/postgres/0004_secrets.sql") },
            Migration { version: 5, sql: include_str!("../migrations/postgres/0005_sealed_texts.sql") },
        ],
    }
}

/// Makes the table that holds the version; harmless where it is there already.
pub(crate) const CREATE_VERSION: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (id BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
/// Makes its one row. Two nodes that start together meet here, and the second waits for the first.
pub(crate) const INSERT_VERSION: &str =
    "INSERT INTO schema_version (id, version) VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET id = 1";
pub(crate) const SELECT_VERSION: &str = "SELECT version FROM schema_version WHERE id = 1";
pub(crate) const UPDATE_VERSION: &str = "UPDATE schema_version SET version = $1 WHERE id = 1";
/// A write that changes nothing but reaches the disk.
pub(crate) const TOUCH_VERSION: &str = "UPDATE schema_version SET version = version WHERE id = 1";

/// The version that a database has once everything is done.
pub(crate) fn newest(dialect: Dialect) -> i64 {
    migrations(dialect).last().map_or(0, |last| last.version)
}

/// What is still to be done to a database of version `found`.
///
/// # Errors
/// [`StoreError::TooNew`] where this program knows fewer versions.
pub(crate) fn pending(dialect: Dialect, found: i64) -> Result<&'static [Migration], StoreError> {
    let all = migrations(dialect);
    let known = newest(dialect);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    Ok(all.split_at(all.partition_point(|migration| migration.version <= found)).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_up_from_one_and_alike_on_both_databases() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let versions: Vec<i64> = migrations(dialect).iter().map(|migration| migration.version).collect();
            assert_eq!(versions, (1..=versions.len() as i64).collect::<Vec<_>>());
        }
        assert_eq!(migrations(Dialect::Sqlite).len(), migrations(Dialect::Postgres).len());
    }

    #[test]
    fn a_newer_database_is_refused() {
        let known = migrations(Dialect::Sqlite).len() as i64;
        assert!(pending(Dialect::Sqlite, known).unwrap().is_empty());
        assert!(matches!(
            pending(Dialect::Sqlite, known + 1),
            Err(StoreError::TooNew { found, known: k }) if found == known + 1 && k == known
        ));
    }
}
