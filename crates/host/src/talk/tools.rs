//! What a model may do outside, as a session sees it.

use async_trait::async_trait;
use engine::agent::Agent;
use engine::llm::dialogue::Done;
use engine::llm::question::Call;
use std::sync::Arc;
use store::record::StoredConversation;

/// Performs the tools of agents. What is told to the model of it is stored before the model learns it.
#[async_trait]
pub trait Tools: Send + Sync + 'static {
    /// Performs a call. Dropped, it is cancelled.
    async fn perform(&self, job: Job) -> Done;
}

/// A call of a tool, and for whom.
#[derive(Clone, Debug)]
pub struct Job {
    /// The same for the same call of the same turn, in whatever process.
    pub key: String,
    pub call: Call,
    /// The conversation as it was when the call began.
    pub stored: Arc<StoredConversation>,
    pub agent: Arc<Agent>,
    pub tries: Tries,
}

/// Whether a call may have been begun before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    First,
    /// An earlier process may have begun it, and nobody knows how far it got: what cannot be repeated must be looked
    /// up, or be told as unknown.
    Again,
}

/// Where nothing can be done outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTools;

#[async_trait]
impl Tools for NoTools {
    async fn perform(&self, job: Job) -> Done {
        Done::Badly { reason: format!("{} cannot be used here", job.call.name) }
    }
}
