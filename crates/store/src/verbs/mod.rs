//! The verbs, one file a subject. Each is a few statements and how their rows become values.

mod audio;
mod commit;
mod conversations;
mod credentials;
mod cursors;
mod definitions;
mod idempotency;
mod messages;
mod outbound;
mod recordings;
mod runs;
mod sealed;
mod senders;
mod suppressions;
mod tasks;
mod tokens;
mod upkeep;
mod webhooks;

pub use conversations::{AsOfTurn, ConversationFilter};
pub use outbound::{Kept, OutboundFilter};
pub use runs::RunFilter;
pub use tasks::NextDue;

use crate::error::{CommitError, StoreError};
use crate::statement::{Answer, Row, Statement};

/// A page of a list: newest first, `before` is the last id of the page before.
#[derive(Clone, Debug)]
pub struct PageRequest {
    pub before: Option<String>,
    /// Rows, up to [`PAGE_MAX`].
    pub limit: u32,
}

/// The newest, as many as one looks through.
impl Default for PageRequest {
    fn default() -> PageRequest {
        PageRequest { before: None, limit: PAGE_DEFAULT }
    }
}

const PAGE_DEFAULT: u32 = 50;

/// The longest page; whoever asks for more gets this many.
pub const PAGE_MAX: u32 = 1_000;

impl PageRequest {
    /// The id below which the page begins; ids are plain ASCII and so all below the default.
    fn before(&self) -> &str {
        self.before.as_deref().unwrap_or("~")
    }

    fn limit(&self) -> i64 {
        i64::from(self.limit.min(PAGE_MAX))
    }
}

/// A write in which no condition can fail.
fn unconditional(outcome: Result<Vec<Answer>, CommitError>) -> Result<Vec<Answer>, StoreError> {
    outcome.map_err(|error| match error {
        CommitError::Store(error) => error,
        CommitError::Conflict(conflict) => {
            crate::statement::corrupt("data", format!("an unconditional write met a conflict: {conflict}"))
        }
    })
}

impl crate::Store {
    /// One statement that is a transaction of its own, and its rows or how many it touched.
    async fn write_one(&self, statement: Statement) -> Result<Answer, StoreError> {
        let mut answers = unconditional(self.write(vec![statement]).await)?;
        Ok(answers.pop().unwrap_or_default())
    }

    /// At most one row, decoded.
    async fn read_one<T>(
        &self,
        statement: Statement,
        decode: impl Fn(Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.read(statement).await?.into_iter().next().map(decode).transpose()
    }

    /// All rows, decoded.
    async fn read_all<T>(
        &self,
        statement: Statement,
        decode: impl Fn(Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.read(statement).await?.into_iter().map(decode).collect()
    }
}
