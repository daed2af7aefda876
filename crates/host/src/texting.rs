//! Holds conversations by text: one question a message, and what is heard, what is stored and what is sent are one
//! commit.
//!
//! A conversation begins by a task that the run's step leaves behind, and is named like it, so that it begins once.
//! Texts from the person come from [`inbound`](crate::inbound), timers and ends by tasks. What is said goes into the
//! queue as any other text does, under the key of the step.

mod inbound;

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::ids::conversation_timer_id;
use crate::live::LiveEvent;
use crate::plan::Plan;
use crate::work::Host;
use engine::agent::Agent;
use engine::conversation::{self, Advance, EndedBy, Heard, Medium, Opening, Out, Timer, What, message_texts};
use engine::effect::{BeginConversation, EffectKey, SendMessage};
use engine::event::{Event, Failure};
use engine::id::{ConversationId, RunId, TaskId};
use engine::message::{Content, ContentTemplate, Message};
use engine::outcome::Outcome;
use engine::run::{Run, RunStatus};
use engine::sending::Origin;
use jiff::Timestamp;
use store::record::{AgentVersion, Ending, Exchange, Guarded, StoredConversation, Task, TaskKind};
use store::{Commit, ConversationFilter, ConversationWrite, PageRequest};

/// A conversation's next value, with what it made of what it heard.
pub(crate) struct Next {
    pub stored: StoredConversation,
    /// Nothing for a new one.
    pub loaded_guard: Option<i64>,
    pub advance: Advance,
    /// Of the turn that was answered.
    pub turn: u32,
    /// Why it could not go on, where that is so.
    pub failure: Option<Failure>,
    /// Goes out in the place of what is said outside of WhatsApp's window.
    pub opener: Option<Opener>,
}

/// A template that opens a conversation.
#[derive(Clone)]
pub(crate) struct Opener {
    pub template: ContentTemplate,
    /// What fills it was told in confidence.
    pub sensitive: bool,
}

impl Host {
    /// A step of a run wants an agent to talk with somebody: the first question is stored, and queued.
    pub(crate) async fn begin_by_text(
        &self,
        task: &Task,
        run: &RunId,
        key: EffectKey,
        begin: &BeginConversation,
    ) -> Result<(), HostError> {
        until_stored!("conversation", self.try_begin_by_text(task, run, key, begin).await)
    }

    async fn try_begin_by_text(
        &self,
        task: &Task,
        run: &RunId,
        key: EffectKey,
        begin: &BeginConversation,
    ) -> Attempt<()> {
        let commit = Commit { end_held: vec![task.held()], ..Commit::default() };
        let id = ConversationId::of_task(&task.id);
        let waits = |run: &Run| {
            let step = run.position.as_ref().map(|position| position.step);
            run.status == RunStatus::Running && step == Some(key.step)
        };
        let run = self.store().run(run).await?.map(|row| row.value).filter(waits);
        let Some(run) = run else {
            return Ok(self.store().commit(commit).await?);
        };
        if self.store().conversation(&id).await?.is_some() {
            return Ok(self.store().commit(commit).await?);
        }
        let (of, agent) = match self.agent_by_text(begin, &run).await? {
            Ok(found) => found,
            Err(failure) => return self.not_begun(commit, run, key, failure).await,
        };
        let credential = begin.credential.as_deref();
        let resolved = match self.directory().resolve(credential, &begin.from, begin.channel) {
            Ok(resolved) => resolved,
            Err(error) => {
                let failure = crate::dispatch::unresolved(&error);
                return self.not_begun(commit, run, key, failure).await;
            }
        };
        let now = self.now();
        let workflow = self.catalogue().version(&run.workflow, run.version).await?;
        let opening = Opening {
            id,
            medium: Medium::Text,
            time_zone: workflow.defaults.time_zone.clone(),
            language: begin.language.clone(),
            region: workflow.defaults.region.clone(),
            variables: run.variables.clone(),
            secrets: run.sensitive.clone(),
            resume: None,
        };
        let advance = conversation::begin(&agent, opening, now);
        let stored = StoredConversation {
            conversation: advance.conversation.clone(),
            agent: of,
            credential: resolved.credential,
            channel: begin.channel,
            sender: resolved.address,
            contact: begin.to.clone(),
            call: None,
            origin: Some(Origin { run: run.id, step: key.step, n: key.n }),
            asked_at: None,
            class: begin.class,
            texts: 0,
            updated_at: now,
            line: None,
            after: None,
        };
        let sensitive = begin.sensitive;
        let opener = begin.template.clone().map(|template| Opener { template, sensitive });
        let next = Next { stored, loaded_guard: None, advance, turn: 0, failure: None, opener };
        self.store_texted(commit, next).await
    }

    /// The agent that is to talk, or why it cannot.
    async fn agent_by_text(
        &self,
        begin: &BeginConversation,
        run: &Run,
    ) -> Result<Result<(AgentVersion, std::sync::Arc<Agent>), Failure>, HostError> {
        let failed = |reason: String| Failure { outcome: Outcome::Failed, code: None, reason };
        let Some((of, agent)) = self.agents().of_block(&begin.agent, self.now()).await? else {
            return Ok(Err(failed("no agent of this name is published".to_owned())));
        };
        if agent.questions().is_none() {
            return Ok(Err(failed("an agent that talks by a language model cannot talk by text".to_owned())));
        }
        if let Some(name) = agent.missing_variable(&run.variables) {
            let reason = format!("the agent's texts need `{name}`, which the run does not have");
            return Ok(Err(failed(reason)));
        }
        Ok(Ok((of, agent)))
    }

    async fn not_begun(&self, commit: Commit, run: Run, key: EffectKey, failure: Failure) -> Attempt<()> {
        let event = Event::TextConversationEnded {
            key,
            outcome: failure.outcome,
            failure: Some(failure),
            answers: engine::event::Interviewed::default(),
        };
        self.try_change(Change { commit, tell: Some((run.id, event)), hint: None }).await?;
        Ok(())
    }

    /// A reminder, or the end of all patience, is due.
    pub(crate) async fn time_by_text(
        &self,
        task: &Task,
        id: &ConversationId,
        turn: u32,
        timer: Timer,
    ) -> Result<(), HostError> {
        until_stored!("conversation", {
            let commit = Commit { end_held: vec![task.held()], ..Commit::default() };
            let heard = Heard { turn, what: What::TimerFired { timer } };
            self.try_tell_by_text(commit, id, heard, None).await
        })
    }

    /// Conversations cannot go on: they end with what they have.
    pub(crate) async fn end_by_text(
        &self,
        task: &Task,
        which: &Ending,
        failure: &Failure,
    ) -> Result<(), HostError> {
        let ids = match which {
            Ending::Of { conversation } => vec![conversation.clone()],
            Ending::OfStep { run, step } => {
                let filter = ConversationFilter { run: Some(run.clone()), ..ConversationFilter::default() };
                let all = self
                    .store()
                    .conversations(filter, PageRequest { before: None, limit: CONVERSATIONS_MAX })
                    .await?;
                let of_step = |stored: &StoredConversation| {
                    stored.call.is_none() && stored.origin.as_ref().is_some_and(|of| of.step == *step)
                };
                all.into_iter().filter(of_step).map(|stored| stored.conversation.id).collect()
            }
        };
        for id in &ids {
            let what = What::LineFailed { reason: failure.reason.clone() };
            let heard = Heard { turn: 0, what };
            until_stored!("conversation", {
                let failure = Some(failure.clone());
                self.try_tell_by_text(Commit::default(), id, heard.clone(), failure).await
            })?;
        }
        self.end_task(task).await
    }

    async fn try_tell_by_text(
        &self,
        commit: Commit,
        id: &ConversationId,
        heard: Heard,
        failure: Option<Failure>,
    ) -> Attempt<()> {
        let Some(loaded) = self.store().conversation(id).await? else {
            return Ok(self.store().commit(commit).await?);
        };
        match self.heard_by_text(loaded, heard, failure).await? {
            Some(next) => self.store_texted(commit, next).await,
            None => Ok(self.store().commit(commit).await?),
        }
    }

    /// What a conversation makes of something; nothing where it does not concern it any more.
    pub(crate) async fn heard_by_text(
        &self,
        loaded: Guarded<StoredConversation>,
        heard: Heard,
        failure: Option<Failure>,
    ) -> Result<Option<Next>, HostError> {
        let Guarded { value: mut stored, guard } = loaded;
        let agent = self.agents().version(&stored.agent).await?;
        let turn = heard.turn;
        let Ok(advance) = stored.conversation.hear(&agent, heard, self.now()) else { return Ok(None) };
        stored.conversation = advance.conversation.clone();
        Ok(Some(Next { stored, loaded_guard: Some(guard), advance, turn, failure, opener: None }))
    }

    /// Commits what became of a conversation with what it says, and acts on it.
    pub(crate) async fn store_texted(&self, commit: Commit, next: Next) -> Attempt<()> {
        let changed = LiveEvent::conversation(&next.stored);
        let Texted { commit, tell } = self.texted(commit, next);
        self.try_change(Change { commit, tell, hint: None }).await?;
        self.wake();
        self.live().tell(|| changed);
        Ok(())
    }

    /// Adds a conversation's next value, its texts and its timers to a commit; and what the run is to hear.
    pub(crate) fn texted(&self, commit: Commit, next: Next) -> Texted {
        let Next { mut stored, loaded_guard, advance, turn, failure, mut opener } = next;
        let now = self.now();
        let id = stored.conversation.id.clone();
        stored.updated_at = now;
        let mut plan = Plan::of(commit);
        for text in message_texts(&advance.out) {
            let message = self.said_by_text(&mut stored, text, opener.take());
            self.plan_birth(&mut plan, message, None, now);
        }
        let mut commit = plan.commit;
        if advance.out.iter().any(|out| matches!(out, Out::Ask(_))) {
            stored.asked_at = Some(now);
        }
        self.set_timers(&mut commit, &stored, &advance);
        let tell = advance.conversation.ended_by().and_then(|by| over(&stored, by, failure));
        let guard = loaded_guard.unwrap_or_default();
        let part = format!("text{guard}");
        let exchange = Exchange { turn, part, document: None, entries: advance.log };
        commit.conversations.push(ConversationWrite {
            value: stored,
            loaded_guard,
            exchange: Some(exchange),
        });
        tracing::trace!(conversation = %id, "a conversation by text went on");
        Texted { commit, tell }
    }

    fn said_by_text(&self, stored: &mut StoredConversation, text: String, opener: Option<Opener>) -> Message {
        let origin = stored.origin.clone();
        let key =
            origin.as_ref().map(|origin| (&origin.run, EffectKey { step: origin.step, n: stored.texts }));
        stored.texts += 1;
        let sensitive = opener.as_ref().is_some_and(|opener| opener.sensitive);
        let template = opener.map(|opener| opener.template);
        let send = SendMessage {
            channel: stored.channel,
            credential: Some(stored.credential.clone()),
            from: stored.sender.clone(),
            to: stored.contact.clone(),
            content: Content { body: Some(text), template, sensitive, ..Content::default() },
            class: stored.class,
            retry_of: None,
        };
        let (mut message, _) = self.compose(key, &send, self.now());
        message.conversation = Some(stored.conversation.id.clone());
        message
    }

    /// The latest word on each timer counts; once all is over there is none.
    fn set_timers(&self, commit: &mut Commit, stored: &StoredConversation, advance: &Advance) {
        let conversation = &stored.conversation.id;
        if advance.conversation.ended_by().is_some() {
            let timers = [Timer::Reminder, Timer::Expiry];
            commit.end_tasks.extend(timers.map(|timer| conversation_timer_id(conversation, timer)));
            return;
        }
        for out in &advance.out {
            let Out::SetTimer { timer, turn, at } = out else { continue };
            let id = conversation_timer_id(conversation, *timer);
            commit.end_held.retain(|held| held.task != id);
            let (conversation, turn, timer) = (conversation.clone(), *turn, *timer);
            let kind = TaskKind::ConversationTimer { conversation, turn, timer };
            commit.new_tasks.push(Task { id, kind, due_at: *at, attempts: 0 });
        }
    }

    /// A text of a conversation failed for good: the conversation ends in the same commit. What the run is then to
    /// hear.
    pub(crate) async fn text_failed(
        &self,
        commit: &mut Commit,
        message: &Message,
        failure: Option<&Failure>,
    ) -> Attempt<Option<(RunId, Event)>> {
        let (Some(id), Some(failure)) = (&message.conversation, failure) else { return Ok(None) };
        let Some(loaded) = self.store().conversation(id).await? else { return Ok(None) };
        // What was asked before stays open where a reminder may not be written any more, or not yet.
        let is_reminder = loaded.value.asked_at.is_some_and(|asked_at| message.created_at > asked_at);
        if is_reminder && failure.outcome == Outcome::WindowClosed {
            return Ok(None);
        }
        let heard = Heard { turn: 0, what: What::LineFailed { reason: failure.reason.clone() } };
        let Some(next) = self.heard_by_text(loaded, heard, Some(failure.clone())).await? else {
            return Ok(None);
        };
        let Texted { commit: with_end, tell } = self.texted(std::mem::take(commit), next);
        *commit = with_end;
        Ok(tell)
    }
}

/// A commit that a conversation has joined.
pub(crate) struct Texted {
    pub commit: Commit,
    /// What the run is to hear in the same transaction.
    pub tell: Option<(RunId, Event)>,
}

/// Conversations of one run that are looked at.
const CONVERSATIONS_MAX: u32 = 1_000;

/// What the run hears of the end.
fn over(stored: &StoredConversation, by: EndedBy, failure: Option<Failure>) -> Option<(RunId, Event)> {
    let origin = stored.origin.clone()?;
    let key = EffectKey { step: origin.step, n: origin.n };
    let outcome = match (by, &failure) {
        (_, Some(failure)) => failure.outcome,
        (EndedBy::Hangup, None) => Outcome::Failed,
        (by, None) => by.outcome(),
    };
    let answers = crate::converse::answers_of(&stored.conversation);
    Some((origin.run, Event::TextConversationEnded { key, outcome, failure, answers }))
}

/// The task that begins a conversation by text.
pub(crate) fn begin_task(run: &RunId, key: EffectKey, begin: &BeginConversation) -> (TaskId, TaskKind) {
    let id = TaskId::from_trusted(crate::ids::new_id(TaskId::PREFIX));
    (id, TaskKind::BeginConversation { run: run.clone(), key, begin: Box::new(begin.clone()) })
}

/// The task that ends a conversation by text whose run is over.
pub(crate) fn abandon_task(run: &RunId, step: u32, due_at: Timestamp) -> Task {
    let reason = "its run is over".to_owned();
    let failure = Failure { outcome: Outcome::Canceled, code: None, reason };
    inbound::end_task(Ending::OfStep { run: run.clone(), step }, failure, due_at)
}
