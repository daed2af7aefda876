//! The sessions of this process.

use super::answers::Answers;
use super::handle::{Session, Told};
use engine::id::ConversationId;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Which sessions there are, and their tasks.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<ConversationId, Session>>,
    pub(super) tasks: TaskTracker,
    /// What models answered before.
    pub(super) answers: Answers,
    /// This process stops: what can be done by another one is left to it.
    pub(super) leaving: CancellationToken,
}

impl Sessions {
    pub(super) fn find(&self, id: &ConversationId) -> Option<Session> {
        self.open().get(id).filter(|session| !session.tells.is_closed()).cloned()
    }

    pub(super) fn add(&self, session: Session) {
        self.open().insert(session.of.clone(), session);
    }

    /// Forgets a session that is over, unless a later one took its place.
    pub(super) fn forget(&self, session: &Session) {
        let mut open = self.open();
        if open.get(&session.of).is_some_and(|known| known.tells.same_channel(&session.tells)) {
            open.remove(&session.of);
        }
    }

    /// Tells the session of a call that the call is over.
    pub(crate) fn call_over(&self, id: &ConversationId) {
        if let Some(session) = self.find(id) {
            // A session whose desk is full learns it by the guard of its next commit.
            let _ = session.tells.try_send(Told::CallOver);
        }
    }

    /// Ends all sessions, each with what it knows on disk. Their conversations go on in another process.
    pub(crate) async fn leave(&self) {
        self.leaving.cancel();
        self.tasks.close();
        let open: Vec<Session> = self.open().values().cloned().collect();
        futures::future::join_all(open.iter().map(Session::leave)).await;
        self.tasks.wait().await;
    }

    fn open(&self) -> MutexGuard<'_, HashMap<ConversationId, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
