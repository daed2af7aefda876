//! Conversations and their turns.

use super::PageRequest;
use super::sealed::{self, Secrecy, Written};
use crate::commit::ConversationWrite;
use crate::error::{Conflict, StoreError};
use crate::record::{Exchange, Guarded, ListedConversation, LockedConversation, StoredConversation};
use crate::seal::Keyring;
use crate::statement::{Row, Statement, Value, json, values};
use crate::{FIRST_GUARD, Store};
use engine::conversation::{Status, TurnEntry};
use engine::id::{ConversationId, RunId};
use jiff::Timestamp;

const WHAT: &str = "conversation";

/// The columns of a list, and which rows.
macro_rules! listed {
    ($rows:literal) => {
        concat!(
            "SELECT data, guard, key_id, id, agent, status, channel, contact, run, started_at, updated_at
             FROM conversations ",
            $rows
        )
    };
}

/// Which conversations a list shows.
#[derive(Clone, Debug, Default)]
pub struct ConversationFilter {
    pub run: Option<RunId>,
    pub agent: Option<String>,
    /// The person's address.
    pub contact: Option<String>,
    /// `waiting`, `talking` or `ended`.
    pub status: Option<String>,
}

/// A conversation, and what it answered to one part of one turn, where it did.
#[derive(Clone, Debug)]
pub struct AsOfTurn {
    pub conversation: Guarded<StoredConversation>,
    /// Nothing where nothing was answered yet.
    pub document: Option<String>,
}

impl Store {
    pub async fn conversation(
        &self,
        id: &ConversationId,
    ) -> Result<Option<Guarded<StoredConversation>>, StoreError> {
        let sql = "SELECT data, guard, key_id, id FROM conversations WHERE id = $1";
        self.read_one(Statement::rows(sql, values![id.as_str()]), |row| self.guarded(row)).await
    }

    /// A conversation with the document that answered this part of this turn.
    pub async fn conversation_at(
        &self,
        id: &ConversationId,
        turn: u32,
        part: &str,
    ) -> Result<Option<AsOfTurn>, StoreError> {
        let sql = "SELECT conversations.data, conversations.guard, conversations.key_id, conversations.id,
                       turns.document, turns.key_id
                   FROM conversations LEFT JOIN turns ON turns.conversation = conversations.id
                       AND turns.turn = $2 AND turns.part = $3
                   WHERE conversations.id = $1";
        self.read_one(Statement::rows(sql, values![id.as_str(), turn, part]), |mut row| {
            let (document, key_id) = (row.text_or_null(4, WHAT)?, row.text_or_null(5, WHAT)?);
            let open = |text| sealed::opened_text(self.keys(), sealed::of_turn(id.as_str()), text, key_id);
            let document = document.map(open).transpose()?;
            Ok(AsOfTurn { conversation: self.guarded(row)?, document })
        })
        .await
    }

    /// What was answered last, whatever it answered.
    pub async fn present_document(&self, id: &ConversationId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT document, key_id FROM turns WHERE conversation = $1 AND document IS NOT NULL
                   ORDER BY guard DESC LIMIT 1";
        self.read_one(Statement::rows(sql, values![id.as_str()]), |mut row| {
            let (text, key_id) = (row.text(0, "turn")?, row.text_or_null(1, "turn")?);
            sealed::opened_text(self.keys(), sealed::of_turn(id.as_str()), text, key_id)
        })
        .await
    }

    /// The transcript, in order.
    pub async fn transcript(&self, id: &ConversationId) -> Result<Vec<TurnEntry>, StoreError> {
        let sql = "SELECT entries FROM turns WHERE conversation = $1 ORDER BY guard";
        let statement = Statement::rows(sql, values![id.as_str()]);
        let commits: Vec<Vec<TurnEntry>> = self.read_all(statement, |mut row| row.json(0, "turn")).await?;
        Ok(commits.into_iter().flatten().collect())
    }

    /// Those that can be read, newest first.
    pub async fn conversations(
        &self,
        filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<Vec<StoredConversation>, StoreError> {
        let found = self.listed_conversations(filter, page).await?;
        let open = found.into_iter().filter_map(|listed| match listed {
            ListedConversation::Open(stored) => Some(*stored),
            ListedConversation::Locked(_) => None,
        });
        Ok(open.collect())
    }

    /// Newest first. One whose key is gone is listed with what lies in the open.
    pub async fn listed_conversations(
        &self,
        filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<Vec<ListedConversation>, StoreError> {
        self.read_all(list(&filter, &page), |row| self.listed(row)).await
    }

    /// One conversation, as the list would show it.
    pub async fn listed_conversation(
        &self,
        id: &ConversationId,
    ) -> Result<Option<ListedConversation>, StoreError> {
        let sql = listed!("WHERE id = $1");
        self.read_one(Statement::rows(sql, values![id.as_str()]), |row| self.listed(row)).await
    }

    /// Conversations by text that are open with a person on a channel, newest first. One whose key is gone can hear
    /// nothing any more.
    pub async fn open_by_text(
        &self,
        channel: engine::sending::Channel,
        contact: &str,
    ) -> Result<Vec<Guarded<StoredConversation>>, StoreError> {
        let sql = "SELECT data, guard, key_id, id FROM conversations
                   WHERE contact = $1 AND channel = $2 AND status <> 'ended' ORDER BY id DESC";
        let statement = Statement::rows(sql, values![contact, channel.as_str()]);
        let found = self.read_all(statement, |row| sealed::unless_locked(WHAT, self.guarded(row))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The latest conversation of an agent with a person, over a call, that began since then. Nothing where its key is
    /// gone.
    pub async fn latest_conversation(
        &self,
        agent: Option<&str>,
        contact: &str,
        since: Timestamp,
    ) -> Result<Option<Guarded<StoredConversation>>, StoreError> {
        let sql = "SELECT data, guard, key_id, id FROM conversations
                   WHERE contact = $1 AND channel = 'voice' AND (CAST($2 AS TEXT) IS NULL OR agent = $2) AND started_at >= $3
                   ORDER BY id DESC LIMIT 1";
        let statement = Statement::rows(sql, values![contact, agent, since]);
        Ok(self.read_one(statement, |row| sealed::unless_locked(WHAT, self.guarded(row))).await?.flatten())
    }

    /// A conversation by the columns of a list.
    fn listed(&self, mut row: Row) -> Result<ListedConversation, StoreError> {
        let (id, key_id) = (row.text(3, WHAT)?, row.text_or_null(2, WHAT)?);
        match key_id {
            Some(key_id) if !self.keys().knows(&key_id) => {
                Ok(ListedConversation::Locked(LockedConversation {
                    id: ConversationId::from_trusted(id),
                    agent: row.text(4, WHAT)?,
                    status: row.text(5, WHAT)?,
                    channel: row.text(6, WHAT)?,
                    contact: row.text(7, WHAT)?,
                    run: row.text_or_null(8, WHAT)?.map(RunId::from_trusted),
                    started_at: row.time(9, WHAT)?,
                    updated_at: row.time(10, WHAT)?,
                    key_id,
                }))
            }
            key_id => {
                let text = row.text(0, WHAT)?;
                let value =
                    sealed::opened_value(self.keys(), sealed::of_conversation(&id), text, key_id, WHAT)?;
                Ok(ListedConversation::Open(Box::new(value)))
            }
        }
    }

    /// A conversation by its columns `data`, `guard`, `key_id` and `id`.
    fn guarded(&self, mut row: Row) -> Result<Guarded<StoredConversation>, StoreError> {
        let id = row.text(3, WHAT)?;
        let value = sealed::opened(self.keys(), sealed::of_conversation(&id), &mut row, (0, 2), WHAT)?;
        Ok(Guarded { value, guard: row.int(1, WHAT)? })
    }
}

/// Everything that a commit stores of a conversation; what is said in confidence is sealed, with all that is said
/// from then on.
///
/// # Errors
/// [`StoreError::Key`] where there is no key to seal with.
pub(super) fn write(
    keys: &Keyring,
    write: &ConversationWrite,
    all: &mut Vec<Statement>,
) -> Result<(), StoreError> {
    let id = write.value.conversation.id.as_str();
    let secrecy = Secrecy::of(write.value.keeps_secrets());
    let data = sealed::written(keys, sealed::of_conversation(id), &write.value, secrecy)?;
    all.push(match write.loaded_guard {
        None => insert(&write.value, data),
        Some(guard) => update(&write.value, guard, data),
    });
    let guard = write.loaded_guard.map_or(FIRST_GUARD, |guard| guard + 1);
    if let Some(exchange) = &write.exchange {
        let document = exchange.document.clone();
        let document = document
            .map(|document| sealed::written_text(keys, sealed::of_turn(id), document, secrecy))
            .transpose()?;
        all.push(exchanged(id, guard, exchange, document));
    }
    Ok(())
}

fn insert(stored: &StoredConversation, data: Written) -> Statement {
    Statement::must(
        Conflict::Conversation,
        "INSERT INTO conversations (id, guard, agent, status, channel, contact, run, started_at, updated_at, data,
             key_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        values![
            stored.conversation.id.as_str(),
            FIRST_GUARD,
            stored.agent.name.as_str(),
            status(stored),
            stored.channel.as_str(),
            stored.contact.as_str(),
            stored.origin.as_ref().map(|origin| origin.run.as_str()),
            stored.conversation.started_at,
            stored.updated_at,
            data.text,
            data.key_id
        ],
    )
}

fn update(stored: &StoredConversation, loaded_guard: i64, data: Written) -> Statement {
    Statement::must(
        Conflict::Conversation,
        "UPDATE conversations SET guard = guard + 1, status = $3, updated_at = $4, data = $5, key_id = $6
         WHERE id = $1 AND guard = $2",
        values![
            stored.conversation.id.as_str(),
            loaded_guard,
            status(stored),
            stored.updated_at,
            data.text,
            data.key_id
        ],
    )
}

/// A part of a turn is answered once.
fn exchanged(id: &str, guard: i64, exchange: &Exchange, document: Option<Written>) -> Statement {
    let (document, key_id) = document.map_or((None, None), |document| (Some(document.text), document.key_id));
    Statement::any(
        "INSERT INTO turns (conversation, turn, part, guard, document, entries, key_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![id, exchange.turn, exchange.part.as_str(), guard, document, json(&exchange.entries), key_id],
    )
    .duplicate(Conflict::Conversation)
}

fn status(stored: &StoredConversation) -> &'static str {
    match stored.conversation.status {
        Status::Waiting => "waiting",
        Status::Talking => "talking",
        Status::Ended { .. } => "ended",
    }
}

/// The rarest property given chooses the index that is walked; the others sort out what it finds.
fn list(filter: &ConversationFilter, page: &PageRequest) -> Statement {
    const OF_RUN: &str = listed!(
        "WHERE id < $1 AND run = $3 AND (CAST($4 AS TEXT) IS NULL OR status = $4)
           AND (CAST($5 AS TEXT) IS NULL OR contact = $5) AND (CAST($6 AS TEXT) IS NULL OR agent = $6)
         ORDER BY id DESC LIMIT $2"
    );
    const OF_CONTACT: &str = listed!(
        "WHERE id < $1 AND contact = $3 AND (CAST($4 AS TEXT) IS NULL OR status = $4)
           AND (CAST($5 AS TEXT) IS NULL OR agent = $5)
         ORDER BY id DESC LIMIT $2"
    );
    const OF_AGENT: &str = listed!(
        "WHERE id < $1 AND agent = $3 AND (CAST($4 AS TEXT) IS NULL OR status = $4)
         ORDER BY id DESC LIMIT $2"
    );
    const OPEN: &str =
        listed!("WHERE id < $1 AND status = $3 AND status <> 'ended' ORDER BY id DESC LIMIT $2");
    const ANY: &str =
        listed!("WHERE id < $1 AND (CAST($3 AS TEXT) IS NULL OR status = $3) ORDER BY id DESC LIMIT $2");
    let mut params: Vec<Value> = values![page.before(), page.limit()];
    let (status, contact, agent) =
        (filter.status.as_deref(), filter.contact.as_deref(), filter.agent.as_deref());
    let sql = if let Some(run) = &filter.run {
        params.extend(values![run.as_str(), status, contact, agent]);
        OF_RUN
    } else if let Some(contact) = contact {
        params.extend(values![contact, status, agent]);
        OF_CONTACT
    } else if let Some(agent) = agent {
        params.extend(values![agent, status]);
        OF_AGENT
    } else {
        params.extend(values![status]);
        if status.is_some_and(|status| status != "ended") { OPEN } else { ANY }
    };
    Statement::rows(sql, params)
}
