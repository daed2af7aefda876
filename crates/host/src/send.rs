//! Sends one text, or places one call, outside of any run.

use crate::advance::TryError;
use crate::error::HostError;
use crate::outbound::Sendable;
use crate::plan::{Born, Plan};
use crate::work::Host;
use engine::effect::{PlaceCall, SendMessage};
use engine::id::{CallId, MessageId};
use std::time::Instant;
use store::{Commit, Conflict};

impl Host {
    /// Sends a text; it is durably queued when this returns. Everything is checked at dispatch as
    /// for a run's text.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn send_message(&self, send: &SendMessage) -> Result<MessageId, HostError> {
        let (message, direct) = self.compose(None, send, self.now());
        let id = message.id.clone();
        self.give_birth(message, direct, |plan, born| plan.born.extend(born)).await?;
        Ok(id)
    }

    /// Places a call; it is durably queued when this returns, and checked at dispatch likewise.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn place_call(&self, place: &PlaceCall) -> Result<CallId, HostError> {
        let (call, direct) = self.compose_call(None, place, self.now());
        let id = call.id.clone();
        self.give_birth(call, direct, |plan, born| plan.born_calls.extend(born)).await?;
        Ok(id)
    }

    async fn give_birth<T: Sendable>(
        &self,
        item: T,
        direct: bool,
        keep: impl Fn(&mut Plan, Option<Born<T>>),
    ) -> Result<(), HostError> {
        let now = self.now();
        let mut slot = if direct { self.free_slot() } else { None };
        let asked_at = Instant::now();
        loop {
            let is_direct = slot.is_some();
            let mut plan = Plan::of(Commit::default());
            let born = self.plan_birth(&mut plan, item.clone(), slot.take(), now);
            keep(&mut plan, born);
            match self.store_plan(plan, asked_at).await.map_err(TryError::from) {
                Ok(()) => return Ok(()),
                // Somebody opted out, or the lane holds an unknown one: the queue looks closer.
                Err(TryError::Conflict(Conflict::Condition)) if is_direct => {}
                Err(TryError::Conflict(_)) => {
                    return Err(HostError::Contended { what: T::KIND.noun() });
                }
                Err(TryError::Host(error)) => return Err(error),
            }
        }
    }
}
