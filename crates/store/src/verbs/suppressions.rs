//! Who must not be contacted, and who wrote to us.

use crate::Store;
use crate::error::StoreError;
use crate::record::{Suppression, SuppressionReason};
use crate::statement::{Statement, corrupt, values};
use engine::message::Channel;
use jiff::Timestamp;

impl Store {
    pub async fn suppression(
        &self,
        channel: Channel,
        address: &str,
    ) -> Result<Option<Suppression>, StoreError> {
        let sql = "SELECT reason, since FROM suppressions WHERE address = $1 AND channel = $2";
        self.read_one(Statement::rows(sql, values![address, channel.as_str()]), |mut row| {
            Ok(Suppression {
                channel,
                address: address.to_owned(),
                reason: reason(&row.text(0, "suppression")?)?,
                since: row.time(1, "suppression")?,
            })
        })
        .await
    }
}

/// The latest "no" stands, so that a "yes" from between two of them, found late, takes neither back.
pub(super) fn put(suppression: &Suppression) -> Statement {
    Statement::any(
        "INSERT INTO suppressions (channel, address, reason, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT (address, channel) DO UPDATE SET reason = excluded.reason, since = excluded.since
         WHERE suppressions.since < excluded.since",
        values![
            suppression.channel.as_str(),
            suppression.address.as_str(),
            word(suppression.reason),
            suppression.since
        ],
    )
}

pub(super) fn delete(channel: Channel, address: &str, said_at: Timestamp) -> Statement {
    Statement::any(
        "DELETE FROM suppressions WHERE address = $1 AND channel = $2 AND since <= $3",
        values![address, channel.as_str(), said_at],
    )
}

/// Remembers when a person last wrote; texts that come late never set it back.
pub(super) fn see_inbound(channel: Channel, contact: &str, sender: &str, at: Timestamp) -> Statement {
    Statement::any(
        "INSERT INTO inbound_seen (channel, contact, sender, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (contact, channel, sender) DO UPDATE SET at = excluded.at
         WHERE inbound_seen.at < excluded.at",
        values![channel.as_str(), contact, sender, at],
    )
}

fn word(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::Stop => "stop",
        SuppressionReason::Provider => "provider",
    }
}

pub(super) fn reason(stored: &str) -> Result<SuppressionReason, StoreError> {
    [SuppressionReason::Stop, SuppressionReason::Provider]
        .into_iter()
        .find(|reason| word(*reason) == stored)
        .ok_or_else(|| corrupt("suppression", format!("unknown reason {stored:?}")))
}
