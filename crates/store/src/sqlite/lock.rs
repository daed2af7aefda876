//! The lock that keeps a second node away from the file.

use super::connection::not_made;
use crate::error::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// Held for as long as it lives; a process that dies lets go of it.
pub(super) struct NodeLock {
    _file: File,
}

impl NodeLock {
    /// Locks `PATH.lock` beside the database. The database itself cannot be locked this way: SQLite
    /// uses its own locks on it, and tools may share it.
    pub(super) fn take(database: &Path) -> Result<NodeLock, StoreError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(|error| not_made(Path::new(&path), &error))?;
        match file.try_lock() {
            Ok(()) => Ok(NodeLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: database.display().to_string() }),
            Err(TryLockError::Error(error)) => Err(StoreError::Unavailable(error.into())),
        }
    }
}
