//! Sends one text outside of any run.

use crate::advance::TryError;
use crate::error::HostError;
use crate::ids::new_id;
use crate::plan::Plan;
use crate::work::Host;
use engine::effect::SendMessage;
use engine::id::{MessageId, TaskId};
use std::time::Instant;
use store::{Commit, CommitError, Conflict};

impl Host {
    /// Sends a text; it is durably queued when this returns. Everything is checked at dispatch as
    /// for a run's text.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn send_message(&self, send: &SendMessage) -> Result<MessageId, HostError> {
        let now = self.now();
        let (message, direct) = self.compose(None, send, now);
        let id = message.id.clone();
        let slot = if direct { self.free_slot() } else { None };
        let fresh = || Plan { commit: Commit::default(), born: Vec::new(), run: None, wakes: false };
        let task = || TaskId::from_trusted(new_id(TaskId::PREFIX));
        let mut plan = fresh();
        let asked_at = Instant::now();
        self.plan_birth(&mut plan, message.clone(), task(), slot, now);
        match self.store_plan(plan, asked_at).await {
            Ok(()) => Ok(id),
            Err(CommitError::Conflict(Conflict::Condition)) => {
                let mut plan = fresh();
                self.plan_birth(&mut plan, message, task(), None, now);
                match self.store_plan(plan, asked_at).await.map_err(TryError::from) {
                    Ok(()) => Ok(id),
                    Err(TryError::Host(error)) => Err(error),
                    Err(TryError::Conflict(_)) => Err(HostError::Contended { what: "message" }),
                }
            }
            Err(CommitError::Conflict(_)) => Err(HostError::Contended { what: "message" }),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }
}
