//! SQLite: one thread that writes, a few that read.

mod connection;
mod error;
mod lock;
mod migrate;
mod readers;
mod writer;

use crate::error::{CommitError, StoreError};
use crate::open::Role;
use crate::statement::{Answer, Row, Statement};
use readers::Readers;
use std::path::PathBuf;
use std::sync::Arc;
use writer::Writer;

/// An open SQLite database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Writer,
    readers: Arc<Readers>,
}

impl Sqlite {
    /// Opens, and brings the schema up to date.
    pub(crate) async fn open(path: PathBuf, readers: usize, role: Role) -> Result<Sqlite, StoreError> {
        let (writer, clock) = Writer::start(path.clone(), role).await?;
        let readers = Readers::start(&path, clock, readers)?;
        Ok(Sqlite { writer, readers: Arc::new(readers) })
    }

    /// Runs the statements in one transaction; the answer comes once they are on disk.
    pub(crate) async fn write(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, CommitError> {
        self.writer.write(statements).await
    }

    /// Reads what was committed before this call.
    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.readers.read(statement).await
    }

    /// Finishes what was handed over, then closes the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
