//! Texts and calls, which are kept alike: their values, their histories, and what is known about a lane.

/// The condition that a row lies open, or under one of the keys that [`Keyring::known`] names.
macro_rules! readable {
    ($key_id:literal, $known:literal) => {
        concat!("(", $key_id, " IS NULL OR CAST(", $known, " AS TEXT) LIKE '%' || ", $key_id, " || '%')")
    };
}
pub(super) use readable;

mod statements;

use super::PageRequest;
use super::sealed::{self, Secrecy, Written};
use crate::commit::{Commit, DispatchFacts, Writes};
use crate::error::{Conflict, StoreError};
use crate::record::{Guarded, Suppression, TaskKind};
use crate::seal::Keyring;
use crate::statement::{Row, Statement, Value, json, values};
use crate::{FIRST_GUARD, Store};
use engine::call::Call;
use engine::id::{CallId, MessageId, RunId};
use engine::message::Message;
use engine::sending::{Direction, EventOf, Kind, Lattice, Outbound, State};
use jiff::Timestamp;
use statements::Statements;

/// What the store keeps and hands over: a text or a call.
pub trait Kept: Outbound {
    /// Its part of a commit.
    fn writes(commit: &mut Commit) -> &mut Writes<Self>;

    /// The work on it until its fate is known.
    fn task(id: &Self::Id) -> TaskKind;
}

impl Kept for Message {
    fn writes(commit: &mut Commit) -> &mut Writes<Message> {
        &mut commit.messages
    }

    fn task(id: &MessageId) -> TaskKind {
        TaskKind::Send { message: id.clone() }
    }
}

impl Kept for Call {
    fn writes(commit: &mut Commit) -> &mut Writes<Call> {
        &mut commit.calls
    }

    fn task(id: &CallId) -> TaskKind {
        TaskKind::Place { call: id.clone() }
    }
}

/// Which texts or calls a list shows.
#[derive(Clone, Debug, Default)]
pub struct OutboundFilter {
    pub run: Option<RunId>,
    /// The person's address.
    pub contact: Option<String>,
    pub direction: Option<Direction>,
    pub state: Option<State>,
}

impl Store {
    pub async fn find<T: Kept>(&self, id: &T::Id) -> Result<Option<Guarded<T>>, StoreError> {
        let sql = Statements::of(T::KIND).by_id;
        self.read_one(Statement::rows(sql, values![id.to_string()]), |row| self.guarded_item(row)).await
    }

    pub async fn find_by_sid<T: Kept>(
        &self,
        credential: &str,
        sid: &str,
    ) -> Result<Option<Guarded<T>>, StoreError> {
        let sql = Statements::of(T::KIND).by_sid;
        self.read_one(Statement::rows(sql, values![credential, sid]), |row| self.guarded_item(row)).await
    }

    /// Which of these SIDs are known already.
    pub async fn known_sids<T: Kept>(
        &self,
        credential: &str,
        sids: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let sql = self.dialect().known_sids(T::KIND);
        let statement = Statement::rows(sql, values![credential, json(&sids)]);
        self.read_all(statement, |mut row| row.text(0, what(T::KIND))).await
    }

    /// Newest first, of those whose keys are there.
    pub async fn list<T: Kept>(
        &self,
        filter: OutboundFilter,
        page: PageRequest,
    ) -> Result<Vec<T>, StoreError> {
        let statement = list(T::KIND, &filter, &page, self.keys());
        self.read_all(statement, |mut row| self.item(&mut row)).await
    }

    /// What happened to it, in order.
    pub async fn history<T: Kept>(&self, id: &T::Id) -> Result<Vec<EventOf<T>>, StoreError> {
        let (sql, what) = match T::KIND {
            Kind::Text => (statements::TEXTS.history, "message history"),
            Kind::Call => (statements::CALLS.history, "call history"),
        };
        let statement = Statement::rows(sql, values![id.to_string()]);
        let lines = self.read_one(statement, |mut row| row.text(0, what)).await?;
        let event = |line| serde_json::from_str(line);
        lines
            .unwrap_or_default()
            .lines()
            .map(|line| event(line).map_err(|error| crate::statement::corrupt(what, error)))
            .collect()
    }

    /// What of a lane is dispatching or unknown, oldest first.
    pub async fn lane_open<T: Kept>(&self, lane: &str) -> Result<Vec<Guarded<T>>, StoreError> {
        let sql = Statements::of(T::KIND).lane_open;
        let statement = Statement::rows(sql, values![lane]);
        self.read_all(statement, |row| self.guarded_item(row)).await
    }

    /// What the provider accepted, without a final status, and that changed last between `since` and `before`;
    /// oldest change first. Of those whose keys are there.
    pub async fn unfinished<T: Kept>(
        &self,
        credential: &str,
        since: Timestamp,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Guarded<T>>, StoreError> {
        let sql = Statements::of(T::KIND).unfinished;
        let statement = Statement::rows(sql, values![credential, since, before, limit, self.keys().known()]);
        self.read_all(statement, |row| self.guarded_item(row)).await
    }

    /// What must be known before something queued may be handed over, as of one moment.
    pub async fn dispatch_facts<T: Kept>(&self, item: &T) -> Result<DispatchFacts, StoreError> {
        let (what, channel) = (what(T::KIND), item.channel());
        let params = values![
            item.contact(),
            channel.as_str(),
            item.lane(),
            item.pacer(),
            item.sender(),
            item.from().unwrap_or("")
        ];
        let facts = self
            .read_one(Statement::rows(Statements::of(T::KIND).facts, params), |mut row| {
                let reason = row.text_or_null(0, "suppression")?;
                let suppression = match (reason, row.time_or_null(1, "suppression")?) {
                    (Some(reason), Some(since)) => Some(Suppression {
                        channel,
                        address: item.contact().to_owned(),
                        reason: super::suppressions::reason(&reason)?,
                        since,
                    }),
                    _ => None,
                };
                Ok(DispatchFacts {
                    suppression,
                    lane_unknown: row.int(2, what)? > 0,
                    free_at_ms: row.int_or_null(3, "pacing")?.unwrap_or(0),
                    last_inbound_at: row.time_or_null(4, "inbound text")?,
                })
            })
            .await?;
        facts.ok_or_else(|| crate::statement::corrupt("data", "a row of facts is missing"))
    }

    /// One by its columns `data`, `key_id` and `id`.
    pub(super) fn item<T: Kept>(&self, row: &mut Row) -> Result<T, StoreError> {
        let what = what(T::KIND);
        let id = row.text(2, what)?;
        sealed::opened(self.keys(), sealed::of_item(T::KIND, &id), row, (0, 1), what)
    }

    /// One by its columns `data`, `key_id`, `id` and `guard`.
    fn guarded_item<T: Kept>(&self, mut row: Row) -> Result<Guarded<T>, StoreError> {
        Ok(Guarded { value: self.item(&mut row)?, guard: row.int(3, what(T::KIND))? })
    }
}

/// In errors.
fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "message",
        Kind::Call => "call",
    }
}

/// # Errors
/// [`StoreError::Key`] where it says something in confidence, and there is no key to seal it with.
pub(super) fn insert<T: Kept>(keys: &Keyring, item: &T, events: &str) -> Result<Statement, StoreError> {
    let data = written(keys, item)?;
    let outbound = item.direction() == Direction::Outbound;
    let progress = item.progress();
    let mut params = values![
        item.id_text(),
        FIRST_GUARD,
        item.credential(),
        item.direction().as_str(),
        item.contact(),
        outbound.then(|| item.lane()),
        progress.state.as_str(),
        progress.status.map(Lattice::as_str),
        awaits_status(item),
        progress.sid.as_deref(),
        item.origin().map(|origin| origin.run.as_str()),
        item.created_at(),
        item.updated_at(),
        data.text,
        data.key_id,
        events
    ];
    let duplicate = match T::KIND {
        Kind::Text => {
            params.push(item.channel().as_str().into());
            Conflict::DuplicateMessage
        }
        Kind::Call => Conflict::DuplicateCall,
    };
    Ok(Statement::must(duplicate, Statements::of(T::KIND).insert, params))
}

/// # Errors
/// As for [`insert`].
pub(super) fn update<T: Kept>(
    keys: &Keyring,
    item: &T,
    loaded_guard: i64,
    events: &str,
) -> Result<Statement, StoreError> {
    let data = written(keys, item)?;
    let outbound = item.direction() == Direction::Outbound;
    let progress = item.progress();
    let (changed, duplicate) = match T::KIND {
        Kind::Text => (Conflict::Message, Conflict::DuplicateMessage),
        Kind::Call => (Conflict::Call, Conflict::DuplicateCall),
    };
    let params = values![
        item.id_text(),
        loaded_guard,
        outbound.then(|| item.lane()),
        progress.state.as_str(),
        progress.status.map(Lattice::as_str),
        awaits_status(item),
        progress.sid.as_deref(),
        item.updated_at(),
        data.text,
        data.key_id,
        events
    ];
    Ok(Statement::must(changed, Statements::of(T::KIND).update, params).duplicate(duplicate))
}

fn written<T: Kept>(keys: &Keyring, item: &T) -> Result<Written, StoreError> {
    sealed::written(keys, sealed::of_item(T::KIND, item.id_text()), item, Secrecy::of(item.keeps_secrets()))
}

/// Lines for the history of something that does not change.
pub(super) fn append_events(kind: Kind, id: &str, lines: &str) -> Statement {
    let conflict = match kind {
        Kind::Text => Conflict::Message,
        Kind::Call => Conflict::Call,
    };
    Statement::must(conflict, Statements::of(kind).append_events, values![id, lines])
}

/// Nothing of the lane is unknown.
pub(super) fn lane_known(kind: Kind, lane: &str) -> Statement {
    Statement::must(Conflict::Condition, Statements::of(kind).lane_known, values![lane])
}

fn awaits_status<T: Kept>(item: &T) -> i64 {
    i64::from(item.direction() == Direction::Outbound && item.progress().awaits_status())
}

/// The rarest property given chooses the index that is walked; the others sort out what it finds.
fn list(kind: Kind, filter: &OutboundFilter, page: &PageRequest, keys: &Keyring) -> Statement {
    let statements = Statements::of(kind);
    let mut params: Vec<Value> = values![page.before(), page.limit()];
    let of_direction = filter.direction.map(Direction::as_str);
    let of_state = filter.state.map(State::as_str);
    let (run, contact) = (filter.run.as_ref(), filter.contact.as_deref());
    let sql = if let Some(run) = run {
        params.extend(values![run.as_str(), of_direction, of_state, contact]);
        statements.of_run
    } else if let Some(contact) = contact {
        params.extend(values![contact, of_direction, of_state]);
        statements.of_contact
    } else {
        params.extend(values![of_state, of_direction]);
        let frequent = matches!(filter.state, None | Some(State::Accepted | State::Received));
        if frequent { statements.any } else { statements.of_rare_state }
    };
    params.push(keys.known().into());
    Statement::rows(sql, params)
}
