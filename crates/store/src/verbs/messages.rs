//! Messages, their histories, and what is known about a person and a lane.

use super::PageRequest;
use crate::commit::DispatchFacts;
use crate::error::{Conflict, StoreError};
use crate::record::{Guarded, Suppression};
use crate::statement::{Row, Statement, Value, json, values};
use crate::{FIRST_GUARD, Store};
use engine::id::{MessageId, RunId};
use engine::message::{Direction, Message, MessageEvent, State};
use jiff::Timestamp;

/// Which messages a list shows.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    pub run: Option<RunId>,
    /// The person's address.
    pub contact: Option<String>,
    pub direction: Option<Direction>,
    pub state: Option<State>,
}

const WHAT: &str = "message";

impl Store {
    pub async fn message(&self, id: &MessageId) -> Result<Option<Guarded<Message>>, StoreError> {
        let sql = "SELECT data, guard FROM messages WHERE id = $1";
        self.read_one(Statement::rows(sql, values![id.as_str()]), guarded).await
    }

    pub async fn message_by_sid(
        &self,
        credential: &str,
        sid: &str,
    ) -> Result<Option<Guarded<Message>>, StoreError> {
        let sql = "SELECT data, guard FROM messages WHERE credential = $1 AND sid = $2";
        self.read_one(Statement::rows(sql, values![credential, sid]), guarded).await
    }

    /// Which of these SIDs are known already.
    pub async fn known_sids(&self, credential: &str, sids: &[String]) -> Result<Vec<String>, StoreError> {
        let statement = Statement::rows(self.dialect().known_sids(), values![credential, json(&sids)]);
        self.read_all(statement, |mut row| row.text(0, WHAT)).await
    }

    /// Newest first.
    pub async fn messages(
        &self,
        filter: MessageFilter,
        page: PageRequest,
    ) -> Result<Vec<Message>, StoreError> {
        self.read_all(list(&filter, &page), |mut row| row.json(0, WHAT)).await
    }

    /// What happened to the message, in order.
    pub async fn message_events(&self, id: &MessageId) -> Result<Vec<MessageEvent>, StoreError> {
        let sql = "SELECT events FROM messages WHERE id = $1";
        let lines = self
            .read_one(Statement::rows(sql, values![id.as_str()]), |mut row| row.text(0, "message history"))
            .await?;
        let event = |line| serde_json::from_str(line);
        lines
            .unwrap_or_default()
            .lines()
            .map(|line| event(line).map_err(|error| crate::statement::corrupt("message history", error)))
            .collect()
    }

    /// Messages of a lane that are dispatching or unknown, oldest first.
    pub async fn lane_open(&self, lane: &str) -> Result<Vec<Guarded<Message>>, StoreError> {
        let sql = "SELECT data, guard FROM messages
                   WHERE lane = $1 AND state IN ('dispatching', 'unknown') ORDER BY id";
        self.read_all(Statement::rows(sql, values![lane]), guarded).await
    }

    /// Accepted outbound messages without a final status that changed last between `since` and `before`, oldest
    /// change first.
    pub async fn messages_unfinished(
        &self,
        credential: &str,
        since: Timestamp,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Guarded<Message>>, StoreError> {
        let sql = "SELECT data, guard FROM messages
                   WHERE credential = $1 AND updated_at >= $2 AND updated_at < $3 AND awaits_status = 1
                   ORDER BY updated_at LIMIT $4";
        self.read_all(Statement::rows(sql, values![credential, since, before, limit]), guarded).await
    }

    /// What must be known before a queued message may be handed over, as of one moment.
    pub async fn dispatch_facts(&self, message: &Message) -> Result<DispatchFacts, StoreError> {
        let sql = "SELECT
            (SELECT reason FROM suppressions WHERE address = $1 AND channel = $2),
            (SELECT since FROM suppressions WHERE address = $1 AND channel = $2),
            (SELECT COUNT(*) FROM messages
             WHERE lane = $3 AND state = 'unknown' AND state IN ('dispatching', 'unknown')),
            (SELECT free_at_ms FROM pacing WHERE sender = $4),
            (SELECT MAX(at) FROM inbound_seen
             WHERE contact = $1 AND channel = $2 AND sender IN ($4, $5))";
        let params = values![
            message.to.as_str(),
            message.channel.as_str(),
            message.lane(),
            message.service.as_deref().or(message.from.as_deref()).unwrap_or(""),
            message.from.as_deref().unwrap_or("")
        ];
        let facts = self
            .read_one(Statement::rows(sql, params), |mut row| {
                let reason = row.text_or_null(0, "suppression")?;
                let suppression = match (reason, row.time_or_null(1, "suppression")?) {
                    (Some(reason), Some(since)) => Some(Suppression {
                        channel: message.channel,
                        address: message.to.clone(),
                        reason: super::suppressions::reason(&reason)?,
                        since,
                    }),
                    _ => None,
                };
                Ok(DispatchFacts {
                    suppression,
                    lane_unknown: row.int(2, WHAT)? > 0,
                    free_at_ms: row.int_or_null(3, "pacing")?.unwrap_or(0),
                    last_inbound_at: row.time_or_null(4, "inbound text")?,
                })
            })
            .await?;
        facts.ok_or_else(|| crate::statement::corrupt("data", "a row of facts is missing"))
    }

    /// One line a person: the latest message with each contact, newest first.
    pub async fn inbox(&self, page: PageRequest) -> Result<Vec<Message>, StoreError> {
        let sql = "SELECT data FROM messages AS latest
                   WHERE id < $1 AND NOT EXISTS (
                       SELECT 1 FROM messages AS later
                       WHERE later.contact = latest.contact AND later.id > latest.id)
                   ORDER BY id DESC LIMIT $2";
        self.read_all(Statement::rows(sql, values![page.before(), page.limit()]), |mut row| row.json(0, WHAT))
            .await
    }
}

pub(super) fn insert(message: &Message, events: &str) -> Statement {
    let outbound = message.direction == Direction::Outbound;
    Statement::must(
        Conflict::DuplicateMessage,
        "INSERT INTO messages (id, guard, credential, direction, channel, contact, lane, state, status,
             awaits_status, sid, run, created_at, updated_at, data, events)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT DO NOTHING",
        values![
            message.id.as_str(),
            FIRST_GUARD,
            message.credential.as_str(),
            direction(message.direction),
            message.channel.as_str(),
            if outbound { message.to.as_str() } else { message.from.as_deref().unwrap_or("") },
            outbound.then(|| message.lane()),
            message.state.as_str(),
            message.status.map(|status| status.as_str()),
            awaits_status(message),
            message.sid.as_deref(),
            message.origin.as_ref().map(|origin| origin.run.as_str()),
            message.created_at,
            message.updated_at,
            json(message),
            events
        ],
    )
}

pub(super) fn update(message: &Message, loaded_guard: i64, events: &str) -> Statement {
    let outbound = message.direction == Direction::Outbound;
    Statement::must(
        Conflict::Message,
        "UPDATE messages SET guard = guard + 1, lane = $3, state = $4, status = $5, awaits_status = $6,
             sid = $7, updated_at = $8, data = $9, events = events || $10
         WHERE id = $1 AND guard = $2",
        values![
            message.id.as_str(),
            loaded_guard,
            outbound.then(|| message.lane()),
            message.state.as_str(),
            message.status.map(|status| status.as_str()),
            awaits_status(message),
            message.sid.as_deref(),
            message.updated_at,
            json(message),
            events
        ],
    )
    .duplicate(Conflict::DuplicateMessage)
}

/// Lines for the history of a message that does not change.
pub(super) fn append_events(id: &MessageId, lines: &str) -> Statement {
    Statement::must(
        Conflict::Message,
        "UPDATE messages SET events = events || $2 WHERE id = $1",
        values![id.as_str(), lines],
    )
}

fn awaits_status(message: &Message) -> i64 {
    let final_status = message.status.is_some_and(|status| status.is_final());
    i64::from(message.direction == Direction::Outbound && message.state == State::Accepted && !final_status)
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

fn guarded(mut row: Row) -> Result<Guarded<Message>, StoreError> {
    Ok(Guarded { value: row.json(0, WHAT)?, guard: row.int(1, WHAT)? })
}

/// The rarest property given chooses the index that is walked; the others sort out what it finds.
fn list(filter: &MessageFilter, page: &PageRequest) -> Statement {
    const OF_RUN: &str = "SELECT data FROM messages
         WHERE id < $1 AND run = $3 AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
           AND (CAST($5 AS TEXT) IS NULL OR state = $5) AND (CAST($6 AS TEXT) IS NULL OR contact = $6)
         ORDER BY id DESC LIMIT $2";
    const OF_CONTACT: &str = "SELECT data FROM messages
         WHERE id < $1 AND contact = $3 AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
           AND (CAST($5 AS TEXT) IS NULL OR state = $5)
         ORDER BY id DESC LIMIT $2";
    const OF_RARE_STATE: &str = "SELECT data FROM messages
         WHERE id < $1 AND state = $3 AND state NOT IN ('accepted', 'received')
           AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
         ORDER BY id DESC LIMIT $2";
    const ANY: &str = "SELECT data FROM messages
         WHERE id < $1 AND (CAST($3 AS TEXT) IS NULL OR state = $3)
           AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
         ORDER BY id DESC LIMIT $2";
    let mut params: Vec<Value> = values![page.before(), page.limit()];
    let of_direction = filter.direction.map(direction);
    let of_state = filter.state.map(State::as_str);
    let (run, contact) = (filter.run.as_ref(), filter.contact.as_deref());
    let sql = if let Some(run) = run {
        params.extend(values![run.as_str(), of_direction, of_state, contact]);
        OF_RUN
    } else if let Some(contact) = contact {
        params.extend(values![contact, of_direction, of_state]);
        OF_CONTACT
    } else {
        params.extend(values![of_state, of_direction]);
        let frequent = matches!(filter.state, None | Some(State::Accepted | State::Received));
        if frequent { ANY } else { OF_RARE_STATE }
    };
    Statement::rows(sql, params)
}
