//! Sends one text, or places one call, outside of any run.

use crate::advance::TryError;
use crate::error::HostError;
use crate::outbound::Sendable;
use crate::plan::{Born, Plan};
use crate::work::Host;
use engine::effect::{PlaceCall, SendMessage};
use engine::id::{CallId, MessageId};
use engine::message::{Message, State};
use jiff::Timestamp;
use std::time::Instant;
use store::{Commit, Conflict};

/// What makes a text the same as one before.
#[derive(Clone, Copy, Debug)]
pub struct Once<'a> {
    pub key: &'a str,
    /// When the thing began that it belongs to.
    pub since: Timestamp,
}

impl Once<'_> {
    /// The id that the text has, sent or not.
    pub fn message_id(&self) -> MessageId {
        MessageId::from_trusted(crate::ids::id_of_key(MessageId::PREFIX, self.since, self.key))
    }
}

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

    /// Sends a text once for its key, as [`Host::send_message`] does; the same key and time again find the text of
    /// before. Comes back when it is known what became of it, so whoever does not want to wait that long drops this
    /// and looks at the id.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn send_once(&self, once: &Once<'_>, send: &SendMessage) -> Result<Message, HostError> {
        let mut events = self.watch();
        let id = once.message_id();
        if self.store().find::<Message>(&id).await?.is_none() {
            let (message, direct) = self.compose(None, send, self.now());
            let message = Message { id: id.clone(), ..message };
            self.give_birth(message, direct, |plan, born| plan.born.extend(born)).await?;
        }
        loop {
            let found = self.store().find::<Message>(&id).await?;
            let message = found.ok_or(HostError::NotFound { what: "message" })?.value;
            if !matches!(message.progress.state, State::Queued | State::Dispatching | State::Unknown) {
                return Ok(message);
            }
            // Another node may be the one that sends it, and a watcher may miss what happens.
            let _ = tokio::time::timeout(self.settings().poll_every, events.recv()).await;
        }
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
