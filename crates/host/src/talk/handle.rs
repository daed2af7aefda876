//! What lines hold of a session.

use super::Standing;
use engine::agent::Agent;
use engine::id::ConversationId;
use engine::llm::dialogue::Heard;
use engine::llm::persona::Persona;
use std::sync::Arc;
use std::time::Instant;
use store::record::WebhookRecord;
use tokio::sync::{mpsc, oneshot, watch};

/// A session's handle. Dropping it ends nothing.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) of: ConversationId,
    pub(super) credential: String,
    pub(super) agent: Arc<Agent>,
    pub(super) persona: Arc<Persona>,
    pub(super) tells: mpsc::Sender<Told>,
    pub(super) standing: watch::Receiver<Standing>,
}

/// What a session is told.
pub(super) enum Told {
    Heard {
        turn: Option<u32>,
        heard: Heard,
        came: Came,
        reply: oneshot::Sender<Result<u32, NotHeard>>,
    },
    Interrupted {
        reported: String,
        reply: oneshot::Sender<Result<(), NotHeard>>,
    },
    Took {
        n: u32,
    },
    Keep {
        keep: Keep,
        reply: oneshot::Sender<Result<(), NotKept>>,
    },
    /// The line is gone.
    Leave,
    /// The call is over, and whoever stored that has ended the conversation with it.
    CallOver,
}

/// When something came in, for the times of its turn.
#[derive(Clone, Copy, Debug)]
pub struct Came {
    pub at: Instant,
    /// When the caller fell silent, where the line tells.
    pub speech_ended: Option<Instant>,
}

impl Came {
    /// Now, and nobody knows when the caller fell silent.
    pub fn now() -> Came {
        Came { at: Instant::now(), speech_ended: None }
    }
}

/// A document to be stored as the answer to a part of a turn.
#[derive(Clone, Debug)]
pub struct Keep {
    pub turn: u32,
    pub part: String,
    pub document: String,
    /// Sayings up to this one stand in it.
    pub took: Option<u32>,
    /// Sayings from this one on may be broken into, and nothing will tell how far they were heard.
    pub open_from: Option<u32>,
    pub webhook: Option<WebhookRecord>,
}

/// What was told changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHeard {
    /// It belongs to a turn that is over.
    #[error("the turn is over")]
    Stale,
    #[error("the conversation has ended")]
    Ended,
    /// Another session holds the conversation now, or none does.
    #[error("the session is over")]
    Lost,
}

/// A document was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Another session holds the conversation now, or none does. It may have answered the same already.
    #[error("the session is over")]
    Lost,
    #[error("nothing could be stored for too long")]
    Broken,
}

impl Session {
    /// The conversation that it holds.
    pub fn of(&self) -> &ConversationId {
        &self.of
    }

    /// Who talks, as the author defined it.
    pub fn agent(&self) -> &Arc<Agent> {
        &self.agent
    }

    /// Who talks, in this conversation.
    pub fn persona(&self) -> &Arc<Persona> {
        &self.persona
    }

    /// How it stands, now and after each change.
    pub fn watch(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Tells what the line heard, as of a turn, or of whatever turn it is. The turn that it is then. Whatever is
    /// stored later, a sentence or a document, stands behind it on disk.
    ///
    /// # Errors
    /// [`NotHeard`]: it changes nothing.
    pub async fn hear(&self, turn: Option<u32>, heard: Heard, came: Came) -> Result<u32, NotHeard> {
        let (reply, answer) = oneshot::channel();
        self.tell(Told::Heard { turn, heard, came, reply }).await.map_err(|()| NotHeard::Lost)?;
        answer.await.unwrap_or(Err(NotHeard::Lost))
    }

    /// Tells that the caller broke in, and what had been spoken until then. Nothing of the outbox is said any more.
    ///
    /// # Errors
    /// [`NotHeard`]: it changes nothing.
    pub async fn interrupted(&self, reported: String) -> Result<(), NotHeard> {
        let (reply, answer) = oneshot::channel();
        self.tell(Told::Interrupted { reported, reply }).await.map_err(|()| NotHeard::Lost)?;
        answer.await.unwrap_or(Err(NotHeard::Lost))
    }

    /// Tells that the sayings up to this one were spoken.
    pub async fn took(&self, n: u32) {
        // A session that is over has nothing to take.
        let _ = self.tell(Told::Took { n }).await;
    }

    /// Stores a document, in one commit with what it took from the outbox.
    ///
    /// # Errors
    /// [`NotKept`]: it is not stored, and must not be answered.
    pub async fn keep(&self, keep: Keep) -> Result<(), NotKept> {
        let (reply, answer) = oneshot::channel();
        self.tell(Told::Keep { keep, reply }).await.map_err(|()| NotKept::Lost)?;
        answer.await.unwrap_or(Err(NotKept::Lost))
    }

    /// The line is gone: the model is stopped, what is known is stored, and the session is over. The conversation
    /// is not. Comes back when that is done.
    pub async fn leave(&self) {
        // Nobody there any more is what is wanted.
        let _ = self.tell(Told::Leave).await;
        // It hears nothing any more long before its last commit is through. How it stands is shown as long as it lives.
        let mut standing = self.watch();
        while standing.changed().await.is_ok() {}
    }

    async fn tell(&self, told: Told) -> Result<(), ()> {
        self.tells.send(told).await.map_err(|_| ())
    }
}
