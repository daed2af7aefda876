//! Opening a database.

use crate::dialect::Dialect;
use crate::error::{CommitError, StoreError};
use crate::postgres::Postgres;
use crate::seal::Keyring;
use crate::sqlite::Sqlite;
use crate::statement::{Answer, Row, Statement};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;

/// The database, whichever it is. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Database,
    keys: Arc<Keyring>,
}

/// How to open a database.
pub struct OpenOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// PEM file with the authorities that a PostgreSQL server's certificate is verified by; the machine's own
    /// list where none is named. Of meaning with `sslmode=require` alone.
    pub postgres_roots_file: Option<PathBuf>,
    /// 32-byte keys in base64 or hex, newest first; the first one seals, all of them open.
    pub encryption_keys: Vec<SecretString>,
    /// Readers beside the writer (SQLite), or connections (PostgreSQL).
    pub connections: usize,
    pub role: Role,
}

/// What the opener is to the other users of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A node that works on tasks. An SQLite file has one at a time, and it takes over every lease
    /// of those before it; on PostgreSQL there may be many.
    Node,
    /// A tool that reads and writes a few rows, also while a node runs, and never claims tasks.
    Tool,
}

#[derive(Clone)]
enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database, makes it where it does not exist, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another node has the SQLite file, [`StoreError::TooNew`],
    /// [`StoreError::BadUrl`], [`StoreError::Key`] for keys of a wrong form,
    /// [`StoreError::Roots`] for authorities that cannot be read, and [`StoreError::Unavailable`] where it cannot be reached.
    pub async fn open(options: OpenOptions) -> Result<Store, StoreError> {
        let keys = Arc::new(Keyring::new(&options.encryption_keys)?);
        let database = match Address::parse(&options.url)? {
            Address::Sqlite(path) => {
                Database::Sqlite(Sqlite::open(path, options.connections, options.role).await?)
            }
            Address::Postgres(config) => {
                let roots_file = options.postgres_roots_file.as_deref();
                Database::Postgres(Postgres::open(*config, options.connections, roots_file).await?)
            }
        };
        Ok(Store { database, keys })
    }

    /// Finishes what was handed over and closes; later calls fail as unavailable.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.close().await,
            Database::Postgres(postgres) => postgres.close().await,
        }
    }

    /// Runs the statements in one durable transaction; an answer for each.
    pub(crate) async fn write(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, CommitError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.write(statements).await,
            // On the heap: it is large, and lies in whatever waits for a database, also where that is SQLite.
            Database::Postgres(postgres) => Box::pin(postgres.write(statements)).await,
        }
    }

    /// Runs one statement that changes nothing.
    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.read(statement).await,
            Database::Postgres(postgres) => Box::pin(postgres.read(statement)).await,
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match &self.database {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The version of the schema, counted from 1: the newest that this program knows.
    pub fn schema_version(&self) -> i64 {
        crate::schema::newest(self.dialect())
    }

    pub(crate) fn keys(&self) -> &Keyring {
        &self.keys
    }
}

/// A database's URL, taken apart.
#[derive(Debug, PartialEq)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Address, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') {
                return Err(StoreError::BadUrl("sqlite: needs the path of a file behind it".into()));
            }
            return Ok(Address::Sqlite(PathBuf::from(path)));
        }
        // The rest of a URL may hold a password, and so is never shown.
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let config: tokio_postgres::Config = url
                .parse()
                .map_err(|_| StoreError::BadUrl("the postgres:// URL cannot be understood".into()))?;
            return Ok(Address::Postgres(Box::new(config)));
        }
        Err(StoreError::BadUrl("a database URL begins with sqlite: or postgres://".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_file_or_a_server() {
        for (url, path) in [
            ("sqlite:data/switchboard.db", Some("data/switchboard.db")),
            ("sqlite:/var/lib/s.db", Some("/var/lib/s.db")),
            ("sqlite:///var/lib/s.db", Some("/var/lib/s.db")),
            ("sqlite:", None),
            ("sqlite::memory:", None),
            ("mysql://secret@example.com", None),
            ("postgres://a:secret@example.com:port/b", None),
            ("postgres://a:secret@example.com/b?sslmode=perhaps", None),
            ("", None),
        ] {
            match (Address::parse(url), path) {
                (Ok(address), Some(path)) => assert_eq!(address, Address::Sqlite(path.into())),
                (Err(StoreError::BadUrl(text)), None) => assert!(!text.contains("secret"), "{text}"),
                (other, _) => panic!("{url}: {other:?}"),
            }
        }
    }
}
