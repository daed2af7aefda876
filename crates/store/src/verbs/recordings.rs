//! Recordings of calls.

use super::PageRequest;
use crate::Store;
use crate::error::StoreError;
use crate::record::Recording;
use crate::statement::{Statement, json, values};
use engine::id::{CallId, RecordingId};

const WHAT: &str = "recording";

impl Store {
    pub async fn recording(&self, id: &RecordingId) -> Result<Option<Recording>, StoreError> {
        let sql = "SELECT data FROM recordings WHERE id = $1";
        self.read_one(Statement::rows(sql, values![id.as_str()]), |mut row| row.json(0, WHAT)).await
    }

    /// By the provider's own id.
    pub async fn recording_by_sid(
        &self,
        credential: &str,
        sid: &str,
    ) -> Result<Option<Recording>, StoreError> {
        let sql = "SELECT data FROM recordings WHERE credential = $1 AND sid = $2";
        self.read_one(Statement::rows(sql, values![credential, sid]), |mut row| row.json(0, WHAT)).await
    }

    /// Newest first; of one call where one is named.
    pub async fn recordings(
        &self,
        call: Option<&CallId>,
        page: PageRequest,
    ) -> Result<Vec<Recording>, StoreError> {
        let statement = match call {
            Some(call) => Statement::rows(
                "SELECT data FROM recordings WHERE id < $1 AND call = $3 ORDER BY id DESC LIMIT $2",
                values![page.before(), page.limit(), call.as_str()],
            ),
            None => Statement::rows(
                "SELECT data FROM recordings WHERE id < $1 ORDER BY id DESC LIMIT $2",
                values![page.before(), page.limit()],
            ),
        };
        self.read_all(statement, |mut row| row.json(0, WHAT)).await
    }
}

/// Inserts it, or replaces what is known of the same one.
pub(super) fn put(recording: &Recording) -> Statement {
    Statement::any(
        "INSERT INTO recordings (id, credential, sid, call, data) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (credential, sid) DO UPDATE SET call = excluded.call, data = excluded.data",
        values![
            recording.id.as_str(),
            recording.credential.as_str(),
            recording.sid.as_str(),
            recording.call.as_ref().map(CallId::as_str),
            json(recording)
        ],
    )
}
