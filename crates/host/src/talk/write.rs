//! One commit of a conversation, with what follows from its end.

use crate::Steering;
use crate::advance::{Attempt, Change, RACES_MAX, TryError};
use crate::error::HostError;
use crate::live::LiveEvent;
use crate::work::Host;
use engine::call::Call;
use engine::conversation::EndedBy;
use std::time::Duration;
use store::record::{Exchange, Guarded, StoredConversation, WebhookRecord};
use store::{Commit, Conflict, ConversationWrite};
use tokio::time::Instant;

/// How long a database that is away is waited for, before the caller hears an apology.
const PATIENCE: Duration = Duration::from_secs(9);
/// Between two tries.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// A conversation's next value, and what goes with it.
#[derive(Clone)]
pub(super) struct Next {
    pub(super) stored: StoredConversation,
    pub(super) loaded_guard: Option<i64>,
    pub(super) exchange: Exchange,
    pub(super) webhook: Option<WebhookRecord>,
    /// What becomes of the recording before anything of it is stored, and so before it is said.
    pub(super) steering: Option<Steering>,
    /// The conversation ends with this commit.
    pub(super) ending: Option<EndedBy>,
}

impl Next {
    /// The end of the conversation was stored before.
    fn is_behind_end(&self) -> bool {
        self.ending.is_none() && self.stored.conversation.ended_by().is_some()
    }
}

/// Who holds a conversation.
enum Held {
    Here,
    Elsewhere,
}

/// Why it is not stored.
#[derive(Debug)]
pub(super) enum NotStored {
    /// Somebody else wrote the conversation.
    Lost,
    Broken(HostError),
}

impl Host {
    /// Pauses the recording of the call, or lets it go on.
    async fn steer_line(&self, stored: &StoredConversation, steering: Steering) {
        let Some(id) = &stored.call else { return };
        let call = match self.store().find::<Call>(id).await {
            Ok(call) => call,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(call = %id, error, "the recording of a call was not steered");
                return;
            }
        };
        let sid = call.and_then(|call| call.value.progress.sid);
        if let Some(sid) = sid {
            self.steer_recording(&stored.credential, (id, &sid), steering).await;
        }
    }

    /// Stores the next value, and asks again while the database is away. The guard that it has then.
    pub(super) async fn write_talk(self, mut next: Next) -> Result<i64, NotStored> {
        if let Some(steering) = next.steering.take() {
            self.steer_line(&next.stored, steering).await;
        }
        let give_up = Instant::now() + PATIENCE;
        let mut was_unsure = false;
        let mut races = 0;
        loop {
            let stored = match self.catch_up(&mut next).await {
                Ok(Held::Here) => Box::pin(self.try_write_talk(&next)).await,
                Ok(Held::Elsewhere) => return Err(NotStored::Lost),
                Err(error) => Err(error),
            };
            let guard = next.loaded_guard.map_or(store::FIRST_GUARD, |guard| guard + 1);
            match stored {
                Ok(()) => return Ok(guard),
                Err(TryError::Conflict(Conflict::Conversation)) if !next.is_behind_end() => {
                    // The answer to a commit may have been lost, and not the commit.
                    let is_ours = was_unsure && self.is_stored(&next, guard).await;
                    return if is_ours { Ok(guard) } else { Err(NotStored::Lost) };
                }
                Err(TryError::Conflict(_)) if races < RACES_MAX => {
                    races += 1;
                    tokio::task::yield_now().await;
                }
                Err(TryError::Conflict(_)) => {
                    return Err(NotStored::Broken(HostError::Contended { what: "conversation" }));
                }
                Err(TryError::Host(error)) if error.is_temporary() && Instant::now() < give_up => {
                    waits(&next, &error);
                    was_unsure = true;
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
                Err(TryError::Host(error)) => return Err(NotStored::Broken(error)),
            }
        }
    }

    /// Behind the end of a conversation, its last words are still seen out while it is found out what came of it. What
    /// the other of the two wrote is taken over, and is no reason to stop.
    async fn catch_up(&self, next: &mut Next) -> Result<Held, TryError> {
        if !next.is_behind_end() {
            return Ok(Held::Here);
        }
        let found = self.store().conversation(&next.stored.conversation.id).await?;
        let Some(Guarded { value, guard }) = found else { return Ok(Held::Elsewhere) };
        let epoch = |stored: &StoredConversation| stored.line.as_ref().map(|line| line.epoch);
        if value.conversation.ended_by().is_none() || epoch(&value) != epoch(&next.stored) {
            return Ok(Held::Elsewhere);
        }
        next.loaded_guard = Some(guard);
        next.stored.after = value.after;
        Ok(Held::Here)
    }

    async fn is_stored(&self, next: &Next, guard: i64) -> bool {
        let found = self.store().conversation(&next.stored.conversation.id).await;
        matches!(found, Ok(Some(Guarded { value, guard: found })) if found == guard && value == next.stored)
    }

    pub(super) async fn try_write_talk(&self, next: &Next) -> Attempt<()> {
        let Next { stored, loaded_guard, exchange, webhook, ending, .. } = next.clone();
        let mut commit = Commit { webhook, ..Commit::default() };
        let tell = match ending {
            Some(by) => self.end_of_call(&mut commit, &stored, by, None).await?,
            None => None,
        };
        // Nobody may be watching, and then nothing needs to be told.
        let live = self.live().is_watched().then(|| LiveEvent::conversation(&stored));
        let exchange = Some(exchange);
        commit.conversations.push(ConversationWrite { value: stored, loaded_guard, exchange });
        if tell.is_none() && commit.new_tasks.is_empty() {
            self.store().commit(commit).await?;
        } else {
            self.try_change(Change { commit, tell, hint: None }).await?;
        }
        if let Some(live) = live {
            self.live().tell(|| live);
        }
        Ok(())
    }
}

fn waits(next: &Next, error: &HostError) {
    let (id, error) = (&next.stored.conversation.id, error as &dyn std::error::Error);
    tracing::warn!(conversation = %id, error, "a conversation waits for the database");
}
