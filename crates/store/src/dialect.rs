//! The few statements that the two databases say differently.

use engine::sending::Kind;

/// Which SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Leases due tasks that nobody holds: `$1` is the domain's time, `$2` the lease in milliseconds,
    /// `$3` how many. A task whose lease ran out is taken over whenever it is due: somebody was at it.
    ///
    /// On SQLite only one thread writes; on PostgreSQL claimers step over each other's rows.
    pub(crate) fn claim(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "UPDATE tasks SET lease_until = real_ms() + $2, attempts = attempts + 1
                 WHERE id IN (
                     SELECT id FROM (
                         SELECT id, due_at FROM (
                             SELECT id, due_at FROM tasks
                             WHERE lease_until = 0 AND due_at <= $1 ORDER BY due_at LIMIT $3)
                         UNION ALL
                         SELECT id, due_at FROM (
                             SELECT id, due_at FROM tasks
                             WHERE lease_until > 0 AND lease_until <= real_ms()
                             ORDER BY lease_until LIMIT $3)
                         ORDER BY due_at LIMIT $3))
                 RETURNING id, due_at, attempts, data, key_id"
            }
            Dialect::Postgres => {
                "WITH waiting AS (
                     SELECT id, due_at FROM tasks
                     WHERE lease_until = 0 AND due_at <= $1
                     ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED),
                 abandoned AS (
                     SELECT id, due_at FROM tasks
                     WHERE lease_until > 0 AND lease_until <= real_ms()
                     ORDER BY lease_until LIMIT $3 FOR UPDATE SKIP LOCKED),
                 chosen AS (
                     SELECT id FROM (SELECT id, due_at FROM waiting UNION ALL SELECT id, due_at FROM abandoned) due
                     ORDER BY due_at LIMIT $3)
                 UPDATE tasks SET lease_until = real_ms() + $2, attempts = attempts + 1
                 WHERE id IN (SELECT id FROM chosen)
                 RETURNING id, due_at, attempts, data, key_id"
            }
        }
    }

    /// Which SIDs of a JSON array (`$2`) a credential's texts or calls have.
    pub(crate) fn known_sids(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Dialect::Sqlite, Kind::Text) => {
                "SELECT sid FROM messages
                 WHERE credential = $1 AND sid IN (SELECT value FROM json_each($2))"
            }
            (Dialect::Sqlite, Kind::Call) => {
                "SELECT sid FROM calls
                 WHERE credential = $1 AND sid IN (SELECT value FROM json_each($2))"
            }
            (Dialect::Postgres, Kind::Text) => {
                "SELECT sid FROM messages
                 WHERE credential = $1
                   AND sid IN (SELECT value FROM json_array_elements_text(CAST($2 AS TEXT)::json))"
            }
            (Dialect::Postgres, Kind::Call) => {
                "SELECT sid FROM calls
                 WHERE credential = $1
                   AND sid IN (SELECT value FROM json_array_elements_text(CAST($2 AS TEXT)::json))"
            }
        }
    }
}
