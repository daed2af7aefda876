//! What PostgreSQL's errors mean.

use crate::error::{Conflict, StoreError};
use crate::statement::corrupt;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Why a statement or a transaction came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    Conflict(Conflict),
    /// The server took everything back and asks to do it again.
    Again(Error),
    Store(StoreError),
}

/// The database is not there to be used right now.
pub(super) fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Unavailable(source.into())
}

/// Classes of SQLSTATE that come and go: connections, resources, operators, the machine, limits of
/// time and locks, a standby that takes no writes.
const PASSING: [&str; 7] = ["08", "25", "28", "53", "55", "57", "58"];

/// Sorts an error; what does not pass is a bug or damage, found in `what`.
pub(super) fn failed(error: Error, what: &'static str) -> Failure {
    let Some(code) = error.code() else {
        // No answer of the server's: the connection is gone, or an answer could not be read.
        return Failure::Store(unavailable(error));
    };
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) {
        return Failure::Again(error);
    }
    let passing = PASSING.iter().any(|class| code.code().starts_with(class));
    Failure::Store(if passing { unavailable(error) } else { corrupt(what, error) })
}

/// Whether a unique key exists already.
pub(super) fn is_duplicate(error: &Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
}
