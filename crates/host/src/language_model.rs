//! A language model as the host sees it.

use async_trait::async_trait;
use engine::llm::question::{ModelEvent, Question};
use std::time::Duration;
use tokio::sync::mpsc;

/// Asks models. An implementation owns the connection; what a sentence is, and whether it may be spoken, is
/// decided by the engine, piece by piece.
#[async_trait]
pub trait LanguageModel: Send + Sync + 'static {
    /// Asks, and hands on what comes back as it comes, up to and with `Finished` or `Failed`. It stops asking
    /// once nobody takes `events` any more, which is how an answer is interrupted.
    async fn ask(&self, question: Question, patience: Patience, events: mpsc::Sender<ModelEvent>);
}

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until its first piece, other attempts and endpoints included.
    pub first: Duration,
    /// Until its end.
    pub whole: Duration,
}

impl Default for Patience {
    /// 8 and 60 seconds.
    fn default() -> Patience {
        Patience { first: Duration::from_secs(8), whole: Duration::from_secs(60) }
    }
}
