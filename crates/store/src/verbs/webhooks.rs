//! Webhooks that providers made, as they came.

use crate::Store;
use crate::error::StoreError;
use crate::record::WebhookRecord;
use crate::statement::{Statement, json, values};

impl Store {
    /// Keeps a webhook that led to no other commit.
    pub async fn put_webhook(&self, webhook: WebhookRecord) -> Result<(), StoreError> {
        self.write_one(insert(&webhook)).await.map(drop)
    }

    /// Oldest first after this id, for following; or the newest, newest first, where `after` is nothing.
    pub async fn webhooks(&self, after: Option<&str>, limit: u32) -> Result<Vec<WebhookRecord>, StoreError> {
        let limit = limit.min(super::PAGE_MAX);
        let statement = match after {
            Some(after) => Statement::rows(
                "SELECT data FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2",
                values![after, limit],
            ),
            None => Statement::rows("SELECT data FROM webhooks ORDER BY id DESC LIMIT $1", values![limit]),
        };
        self.read_all(statement, |mut row| row.json(0, "webhook")).await
    }
}

pub(super) fn insert(webhook: &WebhookRecord) -> Statement {
    Statement::any(
        "INSERT INTO webhooks (id, received_at, data) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        values![webhook.id.as_str(), webhook.received_at, json(webhook)],
    )
}
