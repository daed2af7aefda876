//! Fresh databases for cases.

use secrecy::SecretString;
use store::{OpenOptions, Role, Store, StoreError};

/// Runs each case on SQLite and on PostgreSQL, as tests of their own.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::database::on_sqlite(super::$case).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::database::on_postgres(super::$case).await;
            })*
        }
    };
}
pub(crate) use on_both;

/// Thirty-two bytes in hex.
pub(crate) const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// A database that nobody else uses.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) url: String,
}

impl Database {
    pub(crate) async fn open(&self) -> Store {
        self.try_open(Role::Node, &[KEY]).await.expect("the database opens")
    }

    pub(crate) async fn try_open(&self, role: Role, keys: &[&str]) -> Result<Store, StoreError> {
        Store::open(OpenOptions {
            postgres_roots_file: None,
            url: self.url.clone(),
            encryption_keys: keys.iter().map(|key| SecretString::from(*key)).collect(),
            connections: 4,
            role,
        })
        .await
    }

    /// Runs statements past the store, as an operator or an accident would.
    pub(crate) async fn tamper(&self, sql: &str) {
        match self.url.strip_prefix("sqlite:") {
            Some(path) => rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap(),
            None => connect(&self.url).await.batch_execute(sql).await.unwrap(),
        }
    }
}

pub(crate) async fn on_sqlite<F: AsyncFnOnce(Database)>(case: F) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("switchboard.db");
    case(Database { url: format!("sqlite:{}", path.display()) }).await;
}

/// Each case has a schema of its own, which goes when the case went well.
pub(crate) async fn on_postgres<F: AsyncFnOnce(Database)>(case: F) {
    let server = std::env::var("TEST_POSTGRES_URL").expect(
        "these cases need PostgreSQL: run `scripts/with-postgres cargo test -p store`, \
         or set TEST_POSTGRES_URL to a server whose user may create schemas",
    );
    let schema = format!("case_{:016x}", rand::random::<u64>());
    let admin = connect(&server).await;
    admin.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}&application_name={schema}");
    case(Database { url }).await;
    admin.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).await.unwrap();
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("the server for tests answers");
    tokio::spawn(connection);
    client
}

/// Everything is locked against writing until it is released.
pub(crate) enum Lock {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Database {
    pub(crate) async fn lock(&self) -> Lock {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            return Lock::Sqlite(connection);
        }
        let client = connect(&self.url).await;
        client.batch_execute("BEGIN; LOCK TABLE runs, tasks, schema_version").await.unwrap();
        Lock::Postgres(client)
    }
}

impl Lock {
    pub(crate) async fn release(self) {
        match self {
            Lock::Sqlite(connection) => connection.execute_batch("ROLLBACK").unwrap(),
            Lock::Postgres(client) => client.batch_execute("ROLLBACK").await.unwrap(),
        }
    }
}

/// Ends all connections of one case's store, as a restart of the server does.
pub(crate) async fn end_connections(database: &Database) {
    let (_, name) = database.url.rsplit_once('=').unwrap();
    let admin = connect(&std::env::var("TEST_POSTGRES_URL").unwrap()).await;
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    let ended = admin.query(sql, &[&name]).await.unwrap();
    assert!(!ended.is_empty(), "there was none");
}
