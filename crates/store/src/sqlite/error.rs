//! What SQLite's errors mean.

use crate::error::StoreError;
use rusqlite::{Error, ErrorCode};

/// The database is not there to be used right now.
pub(super) fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Unavailable(source.into())
}

/// Whoever asks comes too late.
pub(super) fn closed() -> StoreError {
    StoreError::Unavailable("the store was closed".into())
}

/// Sorts an error: most come and go with the machine; the rest is damage or a bug, found in `what`.
pub(super) fn failed(error: Error, what: &'static str) -> StoreError {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::OutOfMemory
            | ErrorCode::OperationInterrupted
            | ErrorCode::OperationAborted
            | ErrorCode::PermissionDenied
            | ErrorCode::NoLargeFileSupport,
        ) => unavailable(error),
        _ => crate::statement::corrupt(what, error),
    }
}

/// Whether a unique key exists already.
pub(super) fn is_duplicate(error: &Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY))
}
