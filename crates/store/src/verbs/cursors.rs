//! Named places where a walk through a provider's list goes on.

use crate::Store;
use crate::error::StoreError;
use crate::statement::{Statement, values};

impl Store {
    pub async fn cursor(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM cursors WHERE name = $1";
        self.read_one(Statement::rows(sql, values![name]), |mut row| row.text(0, "cursor")).await
    }
}

pub(super) fn put(name: &str, value: &str) -> Statement {
    Statement::any(
        "INSERT INTO cursors (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        values![name, value],
    )
}
