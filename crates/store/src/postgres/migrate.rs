//! Bringing a database's schema up to date, also when several nodes start at once.

use super::error::{Failure, failed, is_duplicate};
use super::session::Session;
use crate::dialect::Dialect;
use crate::schema;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Nodes that make the first table at the same moment: all but one are told off and look again.
const ATTEMPTS_MAX: u32 = 5;

/// Applies what is missing, all of it or nothing. Where nothing is, nothing is written, so that a node
/// needs no right to change the schema.
pub(super) async fn migrate(session: &Session) -> Result<(), Failure> {
    for attempt in 1.. {
        if let Some(found) = version(session).await?
            && schema::pending(Dialect::Postgres, found).map_err(Failure::Store)?.is_empty()
        {
            return Ok(());
        }
        match apply(session).await {
            Err(Trouble::Sql(error)) if attempt < ATTEMPTS_MAX && lost_a_race(&error) => {}
            Err(Trouble::Sql(error)) => return Err(failed(error, "schema")),
            Err(Trouble::Failure(failure)) => return Err(failure),
            Ok(()) => return Ok(()),
        }
    }
    unreachable!("the last attempt returns")
}

/// The version that is there; nothing in a database that has none of our tables.
async fn version(session: &Session) -> Result<Option<i64>, Failure> {
    match session.client().query_opt(schema::SELECT_VERSION, &[]).await {
        Ok(row) => Ok(Some(row.map_or(0, |row| row.get(0)))),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(None),
        Err(error) => Err(failed(error, "schema")),
    }
}

enum Trouble {
    Sql(Error),
    Failure(Failure),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Sql(error)
    }
}

/// Also large tables are rewritten, and other nodes waited for, as long as it takes.
const BEGIN: &str = "BEGIN;
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0";

async fn apply(session: &Session) -> Result<(), Trouble> {
    let client = session.client();
    client.batch_execute(BEGIN).await?;
    let outcome = apply_pending(session).await;
    client.batch_execute(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    outcome
}

async fn apply_pending(session: &Session) -> Result<(), Trouble> {
    let client = session.client();
    client.batch_execute(schema::CREATE_VERSION).await?;
    client.batch_execute(schema::INSERT_VERSION).await?;
    let found: i64 = client.query_one(schema::SELECT_VERSION, &[]).await?.try_get(0)?;
    let pending = schema::pending(Dialect::Postgres, found);
    for migration in pending.map_err(|error| Trouble::Failure(Failure::Store(error)))? {
        client.batch_execute(migration.sql).await?;
        client.execute(schema::UPDATE_VERSION, &[&migration.version]).await?;
    }
    Ok(())
}

fn lost_a_race(error: &Error) -> bool {
    let codes = [
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    is_duplicate(error) || error.code().is_some_and(|code| codes.contains(code))
}
