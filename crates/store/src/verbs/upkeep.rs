//! Keeping the database small, and asking how it is.

use crate::Store;
use crate::error::{Conflict, StoreError};
use crate::schema::TOUCH_VERSION;
use crate::statement::{Statement, values};
use jiff::Timestamp;

/// Rows that one statement deletes, so that others get their turn in between.
const PRUNE_ROWS: i64 = 2_000;

impl Store {
    /// Deletes what is older than its retention; how many rows.
    pub async fn prune(
        &self,
        webhooks_before: Timestamp,
        idempotency_before: Timestamp,
    ) -> Result<u64, StoreError> {
        // Ids sort by time, so the oldest rows are found without an index of their own.
        let webhooks = "DELETE FROM webhooks WHERE received_at < $1
                            AND id IN (SELECT id FROM webhooks ORDER BY id LIMIT $2)";
        let answers = "DELETE FROM idempotency WHERE key IN (
                           SELECT key FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
        let mut deleted = 0;
        for (sql, before) in [(webhooks, webhooks_before), (answers, idempotency_before)] {
            loop {
                let answer = self.write_one(Statement::any(sql, values![before, PRUNE_ROWS])).await?;
                deleted += answer.touched;
                if answer.touched == 0 {
                    break;
                }
            }
        }
        Ok(deleted)
    }

    /// A write that changes nothing but reaches the disk: whether the database can be written right now.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        let touch = Statement::must(Conflict::Condition, TOUCH_VERSION, Vec::new());
        self.write_one(touch).await.map(drop)
    }
}
