//! Senders: numbers, short codes, WhatsApp senders and messaging services.

use crate::Store;
use crate::error::{Conflict, StoreError};
use crate::record::Sender;
use crate::statement::{Statement, json, values};

impl Store {
    /// All of them, by name.
    pub async fn senders(&self) -> Result<Vec<Sender>, StoreError> {
        let sql = "SELECT data FROM senders ORDER BY name";
        self.read_all(Statement::rows(sql, Vec::new()), |mut row| row.json(0, "sender")).await
    }

    /// Whether there was one of this name.
    pub async fn delete_sender(&self, name: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM senders WHERE name = $1";
        Ok(self.write_one(Statement::any(sql, values![name])).await?.touched > 0)
    }
}

/// Inserts or replaces by id.
pub(super) fn put(sender: &Sender) -> Statement {
    Statement::any(
        "INSERT INTO senders (id, name, data) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, data = excluded.data",
        values![sender.id.as_str(), sender.name.as_str(), json(sender)],
    )
    .duplicate(Conflict::DuplicateName)
}
