//! All SQL, for SQLite and PostgreSQL, behind one type: [`Store`].
//!
//! Every verb is written once, as a list of statements with `$n` parameters and the number of rows
//! that each must touch; two small executors run it. On SQLite one thread writes and commits many
//! callers' work together; on PostgreSQL the statements of one commit are pipelined. Nothing here
//! keeps a transaction open across anything but SQL.

mod backup;
mod commit;
mod dialect;
mod error;
mod key;
mod open;
mod postgres;
pub mod record;
mod schema;
mod seal;
mod sqlite;
mod statement;
mod verbs;

pub use backup::{BackupError, back_up};
pub use commit::{
    Birth, Claimed, Commit, Condition, ConversationWrite, DispatchFacts, Insert, RunWrite, Write, Writes,
};
pub use error::{CommitError, Conflict, StoreError};
pub use open::{OpenOptions, Role, Store};
pub use verbs::{
    AsOfTurn, ConversationFilter, Kept, NextDue, OutboundFilter, PAGE_MAX, PageRequest, RunFilter,
};

/// Which messages a list shows.
pub type MessageFilter = OutboundFilter;
/// Which calls a list shows.
pub type CallFilter = OutboundFilter;

/// Guard of a row that was just inserted; each write of it adds one.
pub const FIRST_GUARD: i64 = 1;
