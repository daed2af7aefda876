//! The readers: a few connections, opened when they are first needed, on threads that may block.

use super::connection::{LeaseClock, Texts, open_for_reading, run};
use super::error::{failed, unavailable};
use crate::error::{CommitError, StoreError};
use crate::statement::{Row, Statement};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

pub(super) struct Readers {
    path: PathBuf,
    clock: LeaseClock,
    /// One permit for each connection that may be in use.
    permits: Arc<Semaphore>,
    connections: u32,
    idle: Arc<Mutex<Vec<Reader>>>,
}

struct Reader {
    connection: Connection,
    texts: Texts,
}

impl Readers {
    pub(super) fn new(path: PathBuf, clock: LeaseClock, connections: usize) -> Readers {
        let connections = u32::try_from(connections.clamp(1, 64)).expect("it was clamped");
        Readers {
            path,
            clock,
            permits: Arc::new(Semaphore::new(connections as usize)),
            connections,
            idle: Arc::default(),
        }
    }

    pub(super) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        // The permit goes with the work: whoever asked may be gone before it is done.
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(unavailable)?;
        let idle = Arc::clone(&self.idle);
        let (path, clock) = (self.path.clone(), self.clock);
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let reader = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut reader = match reader {
                Some(reader) => reader,
                None => Reader {
                    connection: open_for_reading(&path, clock)
                        .map_err(|error| failed(error, "database file"))?,
                    texts: Texts::default(),
                },
            };
            let answer = run(&reader.connection, &mut reader.texts, &statement);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            match answer {
                Ok(answer) => Ok(answer.rows),
                Err(CommitError::Store(error)) => Err(error),
                Err(CommitError::Conflict(conflict)) => {
                    Err(crate::statement::corrupt("data", format!("a read met a conflict: {conflict}")))
                }
            }
        });
        work.await.map_err(unavailable)?
    }

    /// Waits for the reads under way and closes the connections; later reads fail.
    pub(super) async fn close(&self) {
        let all = self.permits.acquire_many(self.connections).await;
        self.permits.close();
        drop(all);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
