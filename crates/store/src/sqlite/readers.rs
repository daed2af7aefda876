//! The readers: a few threads, each with a connection that it opens when its first read comes.
//!
//! They are the store's own, and few: what is read lies in memory nearly always, so many of them would only wait for a
//! processor, each with a cache and a stack.

use super::connection::{LeaseClock, Texts, open_for_reading, run};
use super::error::{closed, failed, unavailable};
use crate::error::{CommitError, StoreError};
use crate::statement::{Row, Statement};
use rusqlite::Connection;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// Reads that wait for a thread; more callers wait for room.
const QUEUE_MAX: usize = 1_024;

type Outcome = Result<Vec<Row>, StoreError>;

pub(super) struct Readers {
    /// Gone once they are closed.
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    /// Ends when the last thread has.
    ended: tokio::sync::Mutex<mpsc::Receiver<Infallible>>,
}

struct Job {
    statement: Statement,
    reply: oneshot::Sender<Outcome>,
}

impl Readers {
    /// Starts `count` threads.
    pub(super) fn start(path: &Path, clock: LeaseClock, count: usize) -> Result<Readers, StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let (alive, ended) = mpsc::channel(1);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count.max(1) {
            let reader = Reader { path: path.to_owned(), clock, open: None };
            let (jobs, alive) = (Arc::clone(&jobs), alive.clone());
            let work = move || {
                let _alive: mpsc::Sender<Infallible> = alive;
                reader.serve(&jobs);
            };
            std::thread::Builder::new().name("store-reader".into()).spawn(work).map_err(unavailable)?;
        }
        Ok(Readers { queue: Mutex::new(Some(queue)), ended: tokio::sync::Mutex::new(ended) })
    }

    pub(super) async fn read(&self, statement: Statement) -> Outcome {
        let (reply, answer) = oneshot::channel();
        let queue = self.queue().clone().ok_or_else(closed)?;
        queue.send(Job { statement, reply }).await.map_err(|_| closed())?;
        drop(queue);
        answer.await.map_err(|_| closed())?
    }

    /// Waits for the reads that were handed over and closes the connections; later reads fail.
    pub(super) async fn close(&self) {
        drop(self.queue().take());
        let _ = self.ended.lock().await.recv().await;
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Job>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a thread works with.
struct Reader {
    path: PathBuf,
    clock: LeaseClock,
    open: Option<Open>,
}

struct Open {
    connection: Connection,
    texts: Texts,
}

impl Reader {
    fn serve(mut self, jobs: &Mutex<mpsc::Receiver<Job>>) {
        loop {
            // The lock is let go before the read begins: the next thread waits for the next one.
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
            let Some(Job { statement, reply }) = job else { return };
            // Whoever asked may have given up, before the read or during it.
            if !reply.is_closed() {
                let _ = reply.send(self.guarded(|reader| reader.read(&statement)));
            }
        }
    }

    /// A read that panics fails alone: the thread and its like go on, with a new connection.
    fn guarded(&mut self, read: impl FnOnce(&mut Reader) -> Outcome) -> Outcome {
        let read = AssertUnwindSafe(|| read(self));
        catch_unwind(read).unwrap_or_else(|_| {
            self.open = None;
            Err(StoreError::Unavailable("a read broke off".into()))
        })
    }

    fn read(&mut self, statement: &Statement) -> Outcome {
        let open = match &mut self.open {
            Some(open) => open,
            closed => {
                let connection = open_for_reading(&self.path, self.clock)
                    .map_err(|error| failed(error, "database file"))?;
                closed.insert(Open { connection, texts: Texts::default() })
            }
        };
        match run(&open.connection, &mut open.texts, statement) {
            Ok(answer) => Ok(answer.rows),
            Err(CommitError::Store(error)) => Err(error),
            Err(CommitError::Conflict(conflict)) => {
                Err(crate::statement::corrupt("data", format!("a read met a conflict: {conflict}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::Role;
    use crate::sqlite::writer::Writer;
    use crate::statement::values;

    #[tokio::test]
    async fn a_read_that_panics_fails_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (writer, clock) = Writer::start(path.clone(), Role::Tool).await.unwrap();
        let mut reader = Reader { path, clock, open: None };
        let one = || Statement::rows("SELECT 1", values![]);
        assert_eq!(reader.guarded(|reader| reader.read(&one())).unwrap().len(), 1);
        let broken = reader.guarded(|_| panic!("a bug"));
        assert!(matches!(broken, Err(StoreError::Unavailable(_))), "{broken:?}");
        assert!(reader.open.is_none());
        assert_eq!(reader.guarded(|reader| reader.read(&one())).unwrap().len(), 1);
        writer.close().await;
    }
}
