//! PostgreSQL: a pool of connections; the statements of one commit travel together.

mod error;
mod migrate;
mod session;
mod tls;
mod value;

use crate::error::{CommitError, StoreError};
use crate::statement::{Answer, Row, Statement, corrupt};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use error::{Failure, unavailable};
use session::Session;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::RwLock;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};

/// How long a caller waits for a connection of the pool, or for a new one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one transaction may take; the server gives up a statement a little earlier.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(12);
/// Attempts of a commit that the server asks to repeat: deadlocks, and failures to serialize.
const ATTEMPTS_MAX: u32 = 6;

/// An open PostgreSQL database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    /// Held for reading by all work, so that closing can wait for it.
    at_work: Arc<RwLock<()>>,
}

impl Postgres {
    /// Connects, and brings the schema up to date. With `sslmode=require` connections are encrypted and
    /// verified, else they are plain.
    pub(crate) async fn open(
        mut config: Config,
        connections: usize,
        roots_file: Option<&Path>,
    ) -> Result<Postgres, StoreError> {
        config.connect_timeout(CONNECT_TIMEOUT);
        if config.get_application_name().is_none() {
            config.application_name("switchboard");
        }
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = if config.get_ssl_mode() == SslMode::Require {
            Manager::from_config(config, tls::connector(roots_file)?, recycling)
        } else {
            // Otherwise a certificate that cannot be verified would keep out who asked for none.
            config.ssl_mode(SslMode::Disable);
            Manager::from_config(config, NoTls, recycling)
        };
        let pool = Pool::builder(manager)
            .max_size(connections.max(1))
            .wait_timeout(Some(CONNECT_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .post_create(session::set_up())
            .build()
            .map_err(unavailable)?;
        let postgres = Postgres { pool, at_work: Arc::default() };
        // Without a limit of time: a later schema may rewrite large tables.
        let session = Session::new(postgres.pool.get().await.map_err(unavailable)?);
        let migrated = migrate::migrate(&session).await;
        session.give_back(&migrated);
        migrated?;
        Ok(postgres)
    }

    /// Runs the statements in one transaction; the answer comes once they are durable.
    pub(crate) async fn write(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, CommitError> {
        for attempt in 0.. {
            let outcome = self.in_session(async |session| session.write(&statements).await).await;
            match outcome {
                Ok(answers) => return Ok(answers),
                Err(Failure::Again(_)) if attempt + 1 < ATTEMPTS_MAX => {
                    // Whoever won has the locks for about this long.
                    tokio::time::sleep(Duration::from_millis(1 << attempt)).await;
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Runs one statement that changes nothing.
    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let read = self.in_session(async |session| session.run(&statement).await).await;
        match read {
            Ok(answer) => Ok(answer.rows),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Waits for the work under way and closes the connections; later calls fail.
    pub(crate) async fn close(&self) {
        let _all_done = self.at_work.write().await;
        self.pool.close();
    }

    /// Gives the work a connection. One that is left in the midst of anything is not used again.
    async fn in_session<T>(
        &self,
        work: impl AsyncFnOnce(&Session) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let _at_work = self.at_work.read().await;
        let client = self.pool.get().await.map_err(|error| Failure::Store(unavailable(error)))?;
        let session = Session::new(client);
        let done = within(TRANSACTION_TIMEOUT, work(&session)).await?;
        session.give_back(&done);
        done
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::time::timeout(limit, work).await.map_err(|error| Failure::Store(unavailable(error)))
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> StoreError {
        match failure {
            Failure::Conflict(conflict) => corrupt("data", format!("a read met a conflict: {conflict}")),
            Failure::Again(error) => unavailable(error),
            Failure::Store(error) => error,
        }
    }
}

impl From<Failure> for CommitError {
    fn from(failure: Failure) -> CommitError {
        match failure {
            Failure::Conflict(conflict) => CommitError::Conflict(conflict),
            other => CommitError::Store(other.into()),
        }
    }
}
