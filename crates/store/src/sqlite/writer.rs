//! The one thread that writes: it takes whatever waits and commits it together, so that many callers
//! share one wait for the disk.

use super::connection::{LeaseClock, Texts, open_for_writing, run};
use super::error::{closed, failed, unavailable};
use super::lock::NodeLock;
use crate::error::{CommitError, StoreError};
use crate::open::Role;
use crate::statement::{Answer, Statement};
use rusqlite::Connection;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Commits that wait for the thread; more callers wait for room.
const QUEUE_MAX: usize = 1_024;
/// Commits that share one transaction. Beyond this the wait of the first outweighs the disk's.
const BATCH_MAX: usize = 256;

type Outcome = Result<Vec<Answer>, CommitError>;

#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Order>,
}

enum Order {
    Write(Job),
    Close(oneshot::Sender<()>),
}

struct Job {
    statements: Vec<Statement>,
    reply: oneshot::Sender<Outcome>,
}

impl Writer {
    /// Starts the thread, which opens the file and brings it up to date.
    pub(super) async fn start(path: PathBuf, role: Role) -> Result<(Writer, LeaseClock), StoreError> {
        let (queue, orders) = mpsc::channel(QUEUE_MAX);
        let (ready, opened) = oneshot::channel();
        let work = move || match Desk::open(path, role) {
            Ok((desk, clock)) => {
                // Nobody waits any more: then nobody sends orders either, and the desk closes.
                let _ = ready.send(Ok(clock));
                desk.serve(orders);
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        };
        std::thread::Builder::new().name("store-writer".into()).spawn(work).map_err(unavailable)?;
        let clock = opened.await.map_err(unavailable)??;
        Ok((Writer { queue }, clock))
    }

    pub(super) async fn write(&self, statements: Vec<Statement>) -> Outcome {
        let (reply, answer) = oneshot::channel();
        self.queue.send(Order::Write(Job { statements, reply })).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Comes back when the file is closed and its lock is free.
    pub(super) async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.queue.send(Order::Close(reply)).await.is_ok() {
            // Dropped without a word where another close was faster; the file is closed then too.
            let _ = closed.await;
        }
    }
}

/// What the thread works with.
struct Desk {
    connection: Connection,
    texts: Texts,
    /// Let go after the connection is closed.
    _lock: Option<NodeLock>,
}

impl Desk {
    fn open(path: PathBuf, role: Role) -> Result<(Desk, LeaseClock), StoreError> {
        let lock = match role {
            Role::Node => Some(NodeLock::take(&path)?),
            Role::Tool => None,
        };
        let connection = open_for_writing(&path)?;
        super::migrate::migrate(&connection)?;
        let clock = LeaseClock::of(&connection).map_err(|error| failed(error, "leases"))?;
        clock.register(&connection).map_err(unavailable)?;
        Ok((Desk { connection, texts: Texts::default(), _lock: lock }, clock))
    }

    fn serve(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        while let Some(order) = orders.blocking_recv() {
            let mut next = Some(order);
            let mut close = None;
            while let Some(order) = next {
                match order {
                    Order::Write(job) => batch.push(job),
                    Order::Close(reply) => close = Some(reply),
                }
                let full = batch.len() >= BATCH_MAX || close.is_some();
                next = if full { None } else { orders.try_recv().ok() };
            }
            self.commit(&mut batch);
            if let Some(reply) = close {
                self.finish(orders, batch);
                let _ = reply.send(());
                return;
            }
        }
    }

    /// Takes no more orders, but does those that were handed over.
    fn finish(mut self, mut orders: mpsc::Receiver<Order>, mut batch: Vec<Job>) {
        orders.close();
        while let Some(order) = orders.blocking_recv() {
            if let Order::Write(job) = order {
                batch.push(job);
            }
        }
        self.commit(&mut batch);
    }

    /// Commits the batch in one transaction and then answers everybody.
    fn commit(&mut self, batch: &mut Vec<Job>) {
        if batch.is_empty() {
            return;
        }
        match self.transaction(batch) {
            Ok(outcomes) => {
                for (job, outcome) in batch.drain(..).zip(outcomes) {
                    // Whoever asked may have given up; what was stored stays stored.
                    let _ = job.reply.send(outcome);
                }
            }
            Err(cause) => {
                tracing::warn!(error = &*cause, "a batch was not committed");
                self.roll_back();
                let cause: Arc<dyn Error + Send + Sync> = cause.into();
                for job in batch.drain(..) {
                    let error = unavailable(SharedCause(Arc::clone(&cause)));
                    let _ = job.reply.send(Err(error.into()));
                }
            }
        }
    }

    /// An error here concerns everybody in the batch; what concerns one commit is in its outcome.
    fn transaction(&mut self, batch: &[Job]) -> Result<Vec<Outcome>, BatchCause> {
        self.plain("BEGIN IMMEDIATE")?;
        let outcomes =
            batch.iter().map(|job| self.one(&job.statements)).collect::<Result<_, BatchCause>>()?;
        self.plain("COMMIT")?;
        Ok(outcomes)
    }

    /// One commit under a savepoint, so that it cannot spoil the others.
    fn one(&mut self, statements: &[Statement]) -> Result<Outcome, BatchCause> {
        self.plain("SAVEPOINT one")?;
        let outcome: Outcome =
            statements.iter().map(|statement| run(&self.connection, &mut self.texts, statement)).collect();
        if let Err(error) = outcome {
            // A full or failing disk makes SQLite give up the whole transaction.
            if self.connection.is_autocommit() {
                return Err(error.into());
            }
            self.plain("ROLLBACK TO one")?;
            self.plain("RELEASE one")?;
            return Ok(Err(error));
        }
        self.plain("RELEASE one")?;
        Ok(outcome)
    }

    fn plain(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.raw_execute().map(drop)
    }

    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.plain("ROLLBACK")
        {
            tracing::error!(error = &error as &dyn Error, "a transaction could not be rolled back");
        }
    }
}

/// Why nobody in a batch got anything.
type BatchCause = Box<dyn Error + Send + Sync>;

/// One cause that many callers are told.
#[derive(Debug)]
struct SharedCause(Arc<dyn Error + Send + Sync>);

impl std::fmt::Display for SharedCause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for SharedCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
