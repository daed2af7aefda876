//! Opening a database.

use crate::error::StoreError;
use secrecy::SecretString;

/// The database, whichever it is. Cheap to clone.
#[derive(Clone)]
pub struct Store {}

/// How to open a database.
pub struct OpenOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
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

impl Store {
    pub async fn open(options: OpenOptions) -> Result<Store, StoreError> {
        let _ = options;
        todo!("being written")
    }
}
