//! What can go wrong between us and the database.

/// A read or a plain write failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is locked, gone, full or read-only: asking again later is right.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be read: a bug, or a database of another version.
    #[error("stored {what} cannot be read")]
    Corrupt {
        what: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process holds this SQLite file.
    #[error("another process uses the database {path}")]
    InUse { path: String },
    /// The encryption key does not fit what is stored, or none was given.
    #[error("{0}")]
    Key(String),
    #[error("the database was written by a newer version (schema {found}, this one knows {known})")]
    TooNew { found: i64, known: i64 },
    #[error("{0}")]
    BadUrl(String),
    /// Nobody can be trusted to say who the PostgreSQL server is.
    #[error("the authorities for TLS to PostgreSQL cannot be used: {0}")]
    Roots(String),
}

/// A commit did not happen. After a [`Conflict`] nothing of it was stored. After
/// [`StoreError::Unavailable`] usually nothing, but a database that went away while it answered may
/// have stored all of it: whoever tries again loads first, and the guards tell.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("{0}")]
    Conflict(Conflict),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody else was there first: load again and decide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    #[error("the run changed in between")]
    Run,
    #[error("the conversation changed in between")]
    Conversation,
    #[error("the message changed in between")]
    Message,
    #[error("the call changed in between")]
    Call,
    /// A run with this id or de-duplication key exists.
    #[error("this run exists already")]
    DuplicateRun,
    /// A message with this SID exists.
    #[error("this message exists already")]
    DuplicateMessage,
    /// A call with this SID exists.
    #[error("this call exists already")]
    DuplicateCall,
    /// A [`crate::Condition`] does not hold.
    #[error("what was asked for is not allowed right now")]
    Condition,
    #[error("this request was answered already")]
    DuplicateRequest,
    /// Another sender has this name.
    #[error("this name is taken")]
    DuplicateName,
}
