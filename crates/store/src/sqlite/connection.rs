//! Connections: how they are set up, and how a [`Statement`] runs on one.

use super::error::{failed, unavailable};
use crate::error::{CommitError, StoreError};
use crate::statement::{Answer, Expect, Row, Statement, Value};
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long another process may hold the write lock before ours is reported as unavailable. Only
/// tools do that, for one small transaction.
const BUSY_TIMEOUT: Duration = Duration::from_millis(2_000);
/// Between two tries to get a lock that SQLite does not wait for.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// Page caches; each grows only with use, and behind them stands the cache of the operating system. What a reader keeps is
/// good until somebody writes.
const WRITER_CACHE_KIB: i64 = 2 * 1024;
const READER_CACHE_KIB: i64 = 128;
/// Pages in the log before they are copied into the file: fewer, larger copies than by default.
const CHECKPOINT_PAGES: i64 = 4_000;
/// The log is cut back to this after it grew under a long reader.
const LOG_SIZE_MAX: i64 = 64 * 1024 * 1024;
/// More than there are statements, so that each is prepared once.
const PREPARED_MAX: usize = 160;

/// Real time of one opening of the file, in milliseconds. It begins after every lease that earlier
/// openings gave, so those have all run out, and it never goes back.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeaseClock {
    begin: Instant,
    begin_ms: i64,
}

impl LeaseClock {
    /// The clock whose first reading comes after `last_lease_ms`.
    fn after(last_lease_ms: i64) -> LeaseClock {
        LeaseClock { begin: Instant::now(), begin_ms: last_lease_ms.max(0).saturating_add(1) }
    }

    fn now_ms(&self) -> i64 {
        let elapsed = i64::try_from(self.begin.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.begin_ms.saturating_add(elapsed)
    }

    /// Makes it known to SQL as `real_ms()`.
    pub(super) fn register(self, connection: &Connection) -> rusqlite::Result<()> {
        connection.create_scalar_function(
            "real_ms",
            0,
            FunctionFlags::SQLITE_UTF8,
            move |_| Ok(self.now_ms()),
        )
    }

    /// The clock of this opening, with its first reading after all leases that are stored.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<LeaseClock> {
        let sql = "SELECT COALESCE(MAX(lease_until), 0) FROM tasks WHERE lease_until > 0";
        connection.query_row(sql, [], |row| row.get(0)).map(LeaseClock::after)
    }
}

/// Makes the file where there is none, for this user alone: it holds what people wrote and said. The files that SQLite
/// puts beside it get its mode.
fn make(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(not_made(path, &error)),
    }
}

/// Why a file of the database cannot be made: where its folder is missing the address is wrong, and everything else may
/// be better later.
pub(super) fn not_made(path: &Path, error: &std::io::Error) -> StoreError {
    let what = format!("the file {} cannot be made: {error}", path.display());
    match path.parent() {
        Some(folder) if error.kind() == ErrorKind::NotFound => {
            StoreError::BadUrl(format!("{what}; make the folder {} first", folder.display()))
        }
        _ => StoreError::Unavailable(what.into()),
    }
}

/// Opens the file for writing, durable at every commit.
pub(super) fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    make(path)?;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        prepare_once(&connection)?;
        keep_log(&connection)?;
        // What was promised must outlast a power cut, and so every commit waits for the disk.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_SIZE_MAX)?;
        Ok(connection)
    };
    let connection = open().map_err(|error| failed(error, "database file"))?;
    check_durable(&connection)?;
    Ok(connection)
}

/// Has commits written to a log. The first opener changes the file's mode, and for that lock SQLite lets nobody wait who
/// holds another: so whoever comes at the same time asks again, as long as for any other lock.
fn keep_log(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY_TIMEOUT;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if is_busy(&error) && Instant::now() < until => std::thread::sleep(BUSY_PAUSE),
            done => return done,
        }
    }
}

/// Has each statement prepared once. SQLite would plan many of them anew whenever something else is bound (all that have a
/// bound `LIMIT`, for one); that took longer than most of them run, and our indexes do not depend on what is bound.
fn prepare_once(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

/// Pragmas that were not understood change nothing and say nothing, so they are asked back.
fn check_durable(connection: &Connection) -> Result<(), StoreError> {
    let mode: String =
        connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(unavailable)?;
    let synchronous: i64 =
        connection.pragma_query_value(None, "synchronous", |row| row.get(0)).map_err(unavailable)?;
    if mode.eq_ignore_ascii_case("wal") && synchronous == 2 {
        return Ok(());
    }
    let found = format!("journal_mode is {mode} and synchronous is {synchronous}, not wal and 2");
    Err(StoreError::Unavailable(found.into()))
}

/// Opens the file, which exists, for reading.
pub(super) fn open_for_reading(path: &Path, clock: LeaseClock) -> rusqlite::Result<Connection> {
    // The log's index is shared memory that readers write to, so the file cannot be opened read-only.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    prepare_once(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    clock.register(&connection)?;
    Ok(connection)
}

/// The texts as SQLite wants them: it numbers `?1`, while `$1` would be a name to it.
#[derive(Default)]
pub(super) struct Texts(HashMap<&'static str, String>);

impl Texts {
    fn of(&mut self, sql: &'static str) -> &str {
        self.0.entry(sql).or_insert_with(|| sql.replace('$', "?"))
    }
}

/// Runs one statement, and checks that it did what it must.
pub(super) fn run(
    connection: &Connection,
    texts: &mut Texts,
    statement: &Statement,
) -> Result<Answer, CommitError> {
    let answer = step(connection, texts, statement).map_err(|error| {
        match (statement.duplicate, super::error::is_duplicate(&error)) {
            (Some(conflict), true) => CommitError::Conflict(conflict),
            _ => CommitError::Store(failed(error, "data")),
        }
    })?;
    match statement.expect {
        Expect::AtLeastOne(conflict) if answer.touched == 0 => Err(CommitError::Conflict(conflict)),
        _ => Ok(answer),
    }
}

fn step(connection: &Connection, texts: &mut Texts, statement: &Statement) -> rusqlite::Result<Answer> {
    let mut prepared = connection.prepare_cached(texts.of(statement.sql))?;
    for (index, value) in statement.params.iter().enumerate() {
        prepared.raw_bind_parameter(index + 1, value)?;
    }
    let columns = prepared.column_count();
    if columns == 0 {
        return Ok(Answer { touched: prepared.raw_execute()? as u64, rows: Vec::new() });
    }
    let mut answer = Answer::default();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        answer.touched += 1;
        if statement.expect == Expect::Rows {
            let values = (0..columns).map(|column| Ok(Value::from(row.get_ref(column)?)));
            answer.rows.push(Row(values.collect::<rusqlite::Result<_>>()?));
        }
    }
    Ok(answer)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<ValueRef<'_>> for Value {
    fn from(value: ValueRef<'_>) -> Value {
        match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(int) => Value::Int(int),
            // No column holds fractions; what is none of the other kinds is misread as bytes.
            ValueRef::Real(real) => Value::Blob(real.to_be_bytes().to_vec()),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Value::Text(text.to_owned()),
                Err(_) => Value::Blob(bytes.to_vec()),
            },
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::statement::values;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_for_writing(&folder.path().join("a.db")).unwrap();
        super::super::migrate::migrate(&connection).unwrap();
        LeaseClock::of(&connection).unwrap().register(&connection).unwrap();
        let mut texts = Texts::default();
        let claim = Dialect::Sqlite.claim();
        for limit in 1..=3_i64 {
            run(&connection, &mut texts, &Statement::rows(claim, values![1_000 * limit, 100_i64, limit]))
                .unwrap();
        }
        let prepared = connection.prepare_cached(texts.of(claim)).unwrap();
        assert_eq!(prepared.get_status(StatementStatus::Run), 3);
        assert_eq!(prepared.get_status(StatementStatus::RePrepare), 0);
    }
}
