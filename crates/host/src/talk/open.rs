//! Takes a conversation over: from nobody, from a session of this process, or from one that is no more.

use super::handle::Session;
use super::session::{self, Begin};
use super::write::Next;
use crate::advance::{Attempt, TryError, until_stored};
use crate::error::HostError;
use crate::language_model::Patience;
use crate::work::Host;
use engine::agent::{Agent, LlmAgent};
use engine::call::{Call, Plan, Script};
use engine::conversation::{self, EndedBy};
use engine::id::{CallId, ConversationId};
use engine::llm::persona::{Delivery, Persona};
use engine::sending::{Channel, Lattice, Outbound};
use std::sync::Arc;
use std::time::Duration;
use store::record::{AgentVersion, Exchange, Guarded, LineState, StoredConversation};

/// Whose conversation a line wants to hold.
#[derive(Clone, Debug)]
pub struct TalkOf {
    pub credential: String,
    pub call: CallId,
    pub take: Take,
}

/// What becomes of a session that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// It is used.
    Share,
    /// It ends, and a new one goes on.
    Anew,
}

/// Why nobody can talk.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// No call of this credential is held by a language model.
    #[error("no such call is held by a language model")]
    Unknown,
    #[error("the conversation ended by {}", .0.as_str())]
    Over(EndedBy),
    /// The call ended before anything was said.
    #[error("the call is over")]
    CallOver,
    #[error(transparent)]
    Host(#[from] HostError),
}

/// A conversation that can be taken over, and who is to talk.
pub(super) struct Found {
    pub(super) stored: StoredConversation,
    pub(super) agent: Arc<Agent>,
    /// Nothing where it has just begun.
    pub(super) guard: Option<i64>,
    pub(super) entries: Vec<conversation::TurnEntry>,
}

impl Found {
    pub(super) fn llm(&self) -> Result<&LlmAgent, TalkError> {
        match &*self.agent {
            Agent::Llm(agent) => Ok(agent),
            Agent::Questions(_) => Err(TalkError::Unknown),
        }
    }
}

impl Host {
    /// Holds the conversation of a call, from its beginning or from where it broke off; one that has ended too, as
    /// long as something is left to be said. That it is ours is stored when this returns.
    ///
    /// # Errors
    /// Where there is nothing to hold, or the database refuses.
    pub async fn talk(&self, of: &TalkOf) -> Result<Session, TalkError> {
        let _busy = self.activity().begin();
        let id = ConversationId::of_call(&of.call);
        if let Some(here) = self.session(&id).filter(|here| here.credential == of.credential) {
            match of.take {
                Take::Share => return Ok(here),
                Take::Anew => here.leave().await,
            }
        }
        until_stored!("conversation", self.try_talk(of, &id).await)?
    }

    /// The session that holds a conversation in this process.
    pub fn session(&self, id: &ConversationId) -> Option<Session> {
        self.sessions().find(id)
    }

    /// The agent that is to talk on a call, where a language model is.
    ///
    /// # Errors
    /// Where the database or what is stored cannot be read.
    pub async fn model_agent(&self, call: &Call) -> Result<Option<Arc<Agent>>, HostError> {
        let Some(Plan { script: Script::Conversation { agent }, .. }) = &call.plan else { return Ok(None) };
        let found = self.agents().of_block(agent, self.now()).await?;
        Ok(found.map(|(_, agent)| agent).filter(|agent| matches!(**agent, Agent::Llm(_))))
    }

    async fn try_talk(&self, of: &TalkOf, id: &ConversationId) -> Attempt<Result<Session, TalkError>> {
        let found = match self.find_talk(&of.credential, &of.call, id).await? {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let (persona, patience) = match found.llm() {
            Ok(agent) => (agent.persona(&found.stored.conversation), patience(agent)),
            Err(why) => return Ok(Err(why)),
        };
        let persona = match persona {
            // Webhooks take whole sentences, whatever the agent would rather do.
            Ok(persona) if of.take == Take::Share => {
                Arc::new(Persona { delivery: Delivery::Sentences, ..persona })
            }
            Ok(persona) => Arc::new(persona),
            Err(unfilled) => return Ok(Err(HostError::NotAllowed(unfilled.to_string()).into())),
        };
        let Found { mut stored, agent, guard, entries } = found;
        let line = stored.line.get_or_insert_default();
        line.epoch += 1;
        let part = format!("session{}", line.epoch);
        stored.updated_at = self.now();
        let exchange = Exchange { turn: stored.conversation.turn, part, document: None, entries };
        let (loaded_guard, value) = (guard, stored.clone());
        let next =
            Next { stored: value, loaded_guard, exchange, webhook: None, steering: None, ending: None };
        self.try_write_talk(&next).await?;
        let guard = guard.map_or(store::FIRST_GUARD, |guard| guard + 1);
        Ok(Ok(session::begin(self, Begin { agent, persona, patience, stored, guard })))
    }

    /// The stored conversation of a call, or a new one.
    pub(super) async fn find_talk(
        &self,
        credential: &str,
        call: &CallId,
        id: &ConversationId,
    ) -> Attempt<Result<Found, TalkError>> {
        if let Some(Guarded { value: stored, guard }) = self.store().conversation(id).await? {
            if stored.credential != credential {
                return Ok(Err(TalkError::Unknown));
            }
            let is_owing = stored.line.as_ref().is_some_and(LineState::is_owing);
            if let Some(by) = stored.conversation.ended_by().filter(|_| !is_owing) {
                return Ok(Err(TalkError::Over(by)));
            }
            let agent = self.agents().version(&stored.agent).await?;
            return Ok(Ok(Found { stored, agent, guard: Some(guard), entries: Vec::new() }));
        }
        let found = self.store().find::<Call>(call).await?.map(|row| row.value);
        let Some(call) = found.filter(|call| call.credential == credential) else {
            return Ok(Err(TalkError::Unknown));
        };
        self.begin_talk(&call, id).await.map_err(TryError::Host)
    }

    async fn begin_talk(
        &self,
        call: &Call,
        id: &ConversationId,
    ) -> Result<Result<Found, TalkError>, HostError> {
        let Some(Plan { script: Script::Conversation { agent: named }, .. }) = &call.plan else {
            return Ok(Err(TalkError::Unknown));
        };
        if call.progress.status.is_some_and(|status| status.is_final()) {
            return Ok(Err(TalkError::CallOver));
        }
        let now = self.now();
        let Some((of, agent)) = self.agents().of_block(named, now).await? else {
            return Err(HostError::NotFound { what: "agent" });
        };
        let opening = self.opening(call, id.clone(), &of, &agent).await?;
        let begun = conversation::begin(&agent, opening, now);
        let stored = self.held_over(call, of, begun.conversation);
        Ok(Ok(Found { stored, agent, guard: None, entries: begun.log }))
    }

    /// A conversation over a call, as it is stored.
    pub(crate) fn held_over(
        &self,
        call: &Call,
        agent: AgentVersion,
        conversation: conversation::Conversation,
    ) -> StoredConversation {
        StoredConversation {
            conversation,
            agent,
            credential: call.credential.clone(),
            channel: Channel::Voice,
            sender: crate::converse::our_number(call).to_owned(),
            contact: call.contact().to_owned(),
            call: Some(call.id.clone()),
            origin: call.origin.clone(),
            asked_at: None,
            class: call.class,
            texts: 0,
            updated_at: self.now(),
            line: None,
            after: None,
        }
    }
}

pub(super) fn patience(agent: &LlmAgent) -> Patience {
    let time = |ms: i64| Duration::from_millis(u64::try_from(ms).unwrap_or_default());
    Patience { first: time(agent.patience.first_ms), whole: time(agent.patience.whole_ms) }
}
