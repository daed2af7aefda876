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
}

impl Store {
    pub async fn open(options: OpenOptions) -> Result<Store, StoreError> {
        let _ = options;
        todo!("being written")
    }
}
