//! Answers that are kept for requests with an `Idempotency-Key`.

use super::unconditional;
use crate::Store;
use crate::error::StoreError;
use crate::key::bounded;
use crate::record::IdempotencyRecord;
use crate::statement::{Row, Statement, corrupt, values};

const WHAT: &str = "kept answer";

impl Store {
    /// Reserves the key: nothing if it is ours now, else what stands there.
    pub async fn begin_idempotent(
        &self,
        record: IdempotencyRecord,
    ) -> Result<Option<IdempotencyRecord>, StoreError> {
        let insert = "INSERT INTO idempotency (key, body_hash, status, body, created_at)
                      VALUES ($1, $2, NULL, NULL, $3) ON CONFLICT (key) DO NOTHING";
        let select = "SELECT body_hash, status, body, created_at FROM idempotency WHERE key = $1";
        let key = bounded(&record.key);
        let statements = vec![
            Statement::any(insert, values![key.as_str(), record.body_hash.as_str(), record.created_at]),
            Statement::rows(select, values![key.as_str()]),
        ];
        let mut answers = unconditional(self.write(statements).await)?;
        let stands = answers.pop().and_then(|answer| answer.rows.into_iter().next());
        let reserved = answers.pop().is_some_and(|answer| answer.touched > 0);
        match stands {
            Some(_) if reserved => Ok(None),
            Some(row) => stored(record.key, row).map(Some),
            // Given back between our two statements: whoever asks again gets it.
            None => Err(StoreError::Unavailable("the key was given back at this moment".into())),
        }
    }

    pub async fn finish_idempotent(&self, key: &str, status: u16, body: &str) -> Result<(), StoreError> {
        let sql = "UPDATE idempotency SET status = $2, body = $3 WHERE key = $1";
        let params = values![bounded(key), u32::from(status), body];
        self.write_one(Statement::any(sql, params)).await.map(drop)
    }

    /// Gives a reservation back whose request failed, so that it can be repeated.
    pub async fn abandon_idempotent(&self, key: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM idempotency WHERE key = $1 AND status IS NULL";
        self.write_one(Statement::any(sql, values![bounded(key)])).await.map(drop)
    }
}

fn stored(key: String, mut row: Row) -> Result<IdempotencyRecord, StoreError> {
    let status = row.int_or_null(1, WHAT)?;
    let answer = match (status, row.text_or_null(2, WHAT)?) {
        (Some(status), Some(body)) => {
            Some((u16::try_from(status).map_err(|error| corrupt(WHAT, error))?, body))
        }
        _ => None,
    };
    Ok(IdempotencyRecord { key, body_hash: row.text(0, WHAT)?, answer, created_at: row.time(3, WHAT)? })
}
