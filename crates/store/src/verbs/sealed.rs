//! Rows that hold what somebody said in confidence: sealed as a whole, and opened where they are read.

use super::unconditional;
use crate::Store;
use crate::error::StoreError;
use crate::seal::{Keyring, Place, Sealed};
use crate::statement::{Row, Statement, corrupt, json, values};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use engine::sending::Kind;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Whether a value may lie in the open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrecy {
    Open,
    Sealed,
}

impl Secrecy {
    pub(super) fn of(keeps_secrets: bool) -> Secrecy {
        if keeps_secrets { Secrecy::Sealed } else { Secrecy::Open }
    }
}

/// A column's text, and the id of the key that it needs, if any.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) key_id: Option<String>,
}

/// A value as JSON, sealed where it has to be.
///
/// # Errors
/// [`StoreError::Key`] where no key is set.
pub(super) fn written(
    keys: &Keyring,
    place: Place<'_>,
    value: &impl Serialize,
    secrecy: Secrecy,
) -> Result<Written, StoreError> {
    written_text(keys, place, json(value), secrecy)
}

/// The same of a text.
pub(super) fn written_text(
    keys: &Keyring,
    place: Place<'_>,
    text: String,
    secrecy: Secrecy,
) -> Result<Written, StoreError> {
    if secrecy == Secrecy::Open {
        return Ok(Written { text, key_id: None });
    }
    let sealed = keys.seal(place, &SecretString::from(text))?;
    Ok(Written { text: STANDARD_NO_PAD.encode(&sealed.bytes), key_id: Some(sealed.key_id) })
}

/// The text of a column as it was before it was sealed.
pub(super) fn opened_text(
    keys: &Keyring,
    place: Place<'_>,
    text: String,
    key_id: Option<String>,
) -> Result<String, StoreError> {
    let Some(key_id) = key_id else { return Ok(text) };
    Ok(keys.open(place, &sealed(place, &text, key_id)?)?.expose_secret().to_owned())
}

/// Reads the value of a column; `key_id` stands in another.
pub(super) fn opened<T: DeserializeOwned>(
    keys: &Keyring,
    place: Place<'_>,
    row: &mut Row,
    (text, key_id): (usize, usize),
    what: &'static str,
) -> Result<T, StoreError> {
    let (text, key_id) = (row.text(text, what)?, row.text_or_null(key_id, what)?);
    opened_value(keys, place, text, key_id, what)
}

/// The value of a column that was read already.
pub(super) fn opened_value<T: DeserializeOwned>(
    keys: &Keyring,
    place: Place<'_>,
    text: String,
    key_id: Option<String>,
    what: &'static str,
) -> Result<T, StoreError> {
    let text = opened_text(keys, place, text, key_id)?;
    serde_json::from_str(&text).map_err(|error| corrupt(what, error))
}

/// Nothing where the key is gone that it is sealed with: it stays as it is, and keeps nobody from the rest.
pub(super) fn unless_locked<T>(
    what: &'static str,
    read: Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    match read {
        Ok(open) => Ok(Some(open)),
        Err(StoreError::Key(missing)) => {
            tracing::warn!(what, missing, "something that is sealed cannot be read");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn sealed(place: Place<'_>, text: &str, key_id: String) -> Result<Sealed, StoreError> {
    let bytes = STANDARD_NO_PAD.decode(text).map_err(|error| corrupt(place.table, error))?;
    Ok(Sealed { key_id, bytes })
}

pub(super) fn of_run(id: &str) -> Place<'_> {
    Place { table: "runs", column: "data", row: id }
}

pub(super) fn of_conversation(id: &str) -> Place<'_> {
    Place { table: "conversations", column: "data", row: id }
}

/// A text or a call.
pub(super) fn of_item(kind: Kind, id: &str) -> Place<'_> {
    let table = match kind {
        Kind::Text => "messages",
        Kind::Call => "calls",
    };
    Place { table, column: "data", row: id }
}

pub(super) fn of_task(id: &str) -> Place<'_> {
    Place { table: "tasks", column: "data", row: id }
}

/// Turns of one conversation may change their places among each other: each says of itself what it answers.
pub(super) fn of_turn(conversation: &str) -> Place<'_> {
    Place { table: "turns", column: "document", row: conversation }
}

/// What is read of one table to seal it anew, and what is written.
struct Table {
    place: fn(&str) -> Place<'_>,
    select: &'static str,
    update: &'static str,
}

/// A row that was written in between is under the newest key already.
const TABLES: [Table; 6] = [
    Table {
        place: of_run,
        select: "SELECT id, key_id, data FROM runs WHERE key_id IS NOT NULL AND key_id <> $1 LIMIT 500",
        update: "UPDATE runs SET key_id = $2, data = $3 WHERE id = $1 AND data = $4",
    },
    Table {
        place: of_conversation,
        select: "SELECT id, key_id, data FROM conversations
                 WHERE key_id IS NOT NULL AND key_id <> $1 LIMIT 500",
        update: "UPDATE conversations SET key_id = $2, data = $3 WHERE id = $1 AND data = $4",
    },
    Table {
        place: of_turn,
        select: "SELECT conversation, key_id, document FROM turns
                 WHERE key_id IS NOT NULL AND key_id <> $1 LIMIT 500",
        update: "UPDATE turns SET key_id = $2, document = $3 WHERE conversation = $1 AND document = $4",
    },
    Table {
        place: of_task,
        select: "SELECT id, key_id, data FROM tasks WHERE key_id IS NOT NULL AND key_id <> $1 LIMIT 500",
        update: "UPDATE tasks SET key_id = $2, data = $3 WHERE id = $1 AND data = $4",
    },
    Table {
        place: |id| of_item(Kind::Text, id),
        select: "SELECT id, key_id, data FROM messages WHERE key_id IS NOT NULL AND key_id <> $1 LIMIT 500",
        update: "UPDATE messages SET key_id = $2, data = $3 WHERE id = $1 AND data = $4",
    },
    Table {
        place: |id| of_item(Kind::Call, id),
        select: "SELECT id, key_id, data FROM calls WHERE key_id IS NOT NULL AND key_id <> $1 LIMIT 500",
        update: "UPDATE calls SET key_id = $2, data = $3 WHERE id = $1 AND data = $4",
    },
];

impl Store {
    /// Seals anew what people said in confidence, some rows at a time; how many rows changed.
    pub(super) async fn rotate_answers(&self) -> Result<u64, StoreError> {
        let Some(newest) = self.keys().newest() else { return Ok(0) };
        let mut changed = 0;
        for table in &TABLES {
            loop {
                let updates = self.resealed(table, newest).await?;
                if updates.is_empty() {
                    break;
                }
                let answers = unconditional(self.write(updates).await)?;
                changed += answers.iter().map(|answer| answer.touched).sum::<u64>();
            }
        }
        Ok(changed)
    }

    async fn resealed(&self, table: &Table, newest: &str) -> Result<Vec<Statement>, StoreError> {
        const WHAT: &str = "sealed answer";
        let old = self
            .read_all(Statement::rows(table.select, values![newest]), |mut row| {
                Ok((row.text(0, WHAT)?, row.text(1, WHAT)?, row.text(2, WHAT)?))
            })
            .await?;
        let mut updates = Vec::with_capacity(old.len());
        for (id, key_id, text) in old {
            let place = (table.place)(&id);
            let plain = opened_text(self.keys(), place, text.clone(), Some(key_id))?;
            let new = written_text(self.keys(), place, plain, Secrecy::Sealed)?;
            updates.push(Statement::any(table.update, values![id.as_str(), new.key_id, new.text, text]));
        }
        Ok(updates)
    }
}
