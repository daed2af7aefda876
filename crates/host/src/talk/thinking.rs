//! The open stream of a model.

use crate::language_model::{LanguageModel, Patience};
use engine::llm::models::Usage;
use engine::llm::question::{Failure, Finish, ModelEvent, Question};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// Pieces that may wait for the session; a model that is faster waits.
const PIECES_MAX: usize = 256;

/// An answer that comes in. Dropped, the model is stopped.
pub(super) struct Thinking {
    pub(super) asked: u32,
    events: mpsc::Receiver<ModelEvent>,
    /// Taken from the stream together with pieces before it.
    behind: VecDeque<ModelEvent>,
    prompt_tokens: u64,
    pieces: u64,
    is_over: bool,
}

impl Thinking {
    /// Asks the model, in a task of its own.
    pub(super) fn begin(
        models: Arc<dyn LanguageModel>,
        tasks: &TaskTracker,
        asked: u32,
        question: Question,
        patience: Patience,
    ) -> Thinking {
        let (sender, events) = mpsc::channel(PIECES_MAX);
        let prompt_tokens = u64::try_from(question.tokens()).unwrap_or(u64::MAX);
        tasks.spawn(async move { models.ask(question, patience, sender).await });
        Thinking { asked, events, behind: VecDeque::new(), prompt_tokens, pieces: 0, is_over: false }
    }

    /// An answer that was given before.
    pub(super) fn given(asked: u32, text: String) -> Thinking {
        let (_, events) = mpsc::channel(1);
        let end = ModelEvent::Finished { how: Finish::Stop, usage: Usage::default(), endpoint: 0 };
        let behind = VecDeque::from([ModelEvent::Text { text }, end]);
        Thinking { asked, events, behind, prompt_tokens: 0, pieces: 0, is_over: false }
    }

    /// The next of what comes; pieces of text that wait come as one. A stream that ends without a word has broken.
    pub(super) async fn next(&mut self) -> ModelEvent {
        let next = match self.behind.pop_front() {
            Some(event) => Some(event),
            None => self.events.recv().await,
        };
        let event = match next {
            Some(ModelEvent::Text { text }) => ModelEvent::Text { text: self.joined(text) },
            Some(event) => event,
            None => ModelEvent::Failed { failure: Failure::Broken, usage: self.estimate() },
        };
        self.is_over |= matches!(event, ModelEvent::Finished { .. } | ModelEvent::Failed { .. });
        event
    }

    fn joined(&mut self, mut text: String) -> String {
        self.pieces += 1;
        while let Ok(event) = self.events.try_recv() {
            match event {
                ModelEvent::Text { text: more } => {
                    self.pieces += 1;
                    text.push_str(&more);
                }
                other => {
                    self.behind.push_back(other);
                    break;
                }
            }
        }
        text
    }

    /// About what an answer took that is not wanted any more; nothing where its end told.
    pub(super) fn spent(&self) -> Option<Usage> {
        (!self.is_over).then(|| self.estimate())
    }

    fn estimate(&self) -> Usage {
        Usage { prompt: self.prompt_tokens, cached: 0, answer: self.pieces }
    }
}
