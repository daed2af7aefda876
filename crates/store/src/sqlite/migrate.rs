//! Bringing a file's schema up to date.

use super::error::failed;
use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::schema;
use rusqlite::Connection;

/// Applies what is missing, all of it or nothing.
pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let sql = |result: rusqlite::Result<()>| result.map_err(|error| failed(error, "schema"));
    sql(connection.execute_batch("BEGIN IMMEDIATE"))?;
    let outcome = apply(connection);
    match &outcome {
        Ok(()) => sql(connection.execute_batch("COMMIT"))?,
        // The first error says what is wrong; that nothing could be taken back adds nothing to it.
        Err(_) => drop(connection.execute_batch("ROLLBACK")),
    }
    outcome
}

fn apply(connection: &Connection) -> Result<(), StoreError> {
    let sql = |error| failed(error, "schema");
    connection.execute_batch(schema::CREATE_VERSION).map_err(sql)?;
    let found: Option<i64> = match connection.query_row(schema::SELECT_VERSION, [], |row| row.get(0)) {
        Ok(found) => Some(found),
        Err(rusqlite::Error::QueryReturnedNoRows) => None,
        Err(error) => return Err(sql(error)),
    };
    if found.is_none() {
        connection.execute(schema::INSERT_VERSION, []).map_err(sql)?;
    }
    for migration in schema::pending(Dialect::Sqlite, found.unwrap_or(0))? {
        connection.execute_batch(migration.sql).map_err(sql)?;
        let update = schema::UPDATE_VERSION.replace('$', "?");
        connection.execute(&update, [migration.version]).map_err(sql)?;
    }
    Ok(())
}
