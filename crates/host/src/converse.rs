//! Holds conversations over calls: what came in, what the agent makes of it, and what is answered are one commit.
//!
//! Every answer is kept under (call, turn, part). What was answered already is answered alike, whatever happened
//! since; what comes for an older turn is answered with the present document. Of two results for one turn the
//! first that is stored wins, by the guard of the conversation.

use crate::advance::{Attempt, Change, until_stored};
use crate::carrier::Steering;
use crate::error::HostError;
use crate::live::LiveEvent;
use crate::work::Host;
use engine::agent::Agent;
use engine::call::{Call, CallEvent, CallEventKind, LineEvent, Plan, Script};
use engine::conversation::{
    self, Advance, Conversation, EndedBy, HIDDEN, Heard, Medium, Opening, Out, Resumption, TurnEntry,
    TurnKind,
};
use engine::effect::EffectKey;
use engine::event::{Event, Interviewed};
use engine::id::{CallId, ConversationId, RunId};
use engine::outcome::Outcome;
use engine::run::Run;
use engine::sending::{Lattice, Outbound};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use store::record::{AgentVersion, Exchange, Guarded, StoredConversation, WebhookRecord};
use store::{AsOfTurn, Commit, ConversationWrite, Write};

/// What a call asks: what happened on it, and what to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub credential: String,
    pub call: CallId,
    /// The provider's id of the call.
    pub sid: String,
    /// Which part of the turn it asks for.
    pub part: &'static str,
    pub heard: Heard,
    /// Parameters of the webhook that hold what the person said: they are not kept where it is sensitive.
    pub said_in: &'static [&'static str],
}

impl Asked {
    /// The webhook without what the person said.
    fn without_words(&self, webhook: WebhookRecord) -> WebhookRecord {
        webhook.hiding(self.said_in, HIDDEN)
    }
}

/// What a call is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The document, as it was written when this was asked first.
    Document(String),
    /// No such call of this credential holds a conversation.
    Unknown,
    /// The call is over, and nothing was ever said.
    Over,
}

/// Writes what is said as the provider's document. The same arguments give the same document.
pub type Scribe<'a> = &'a (dyn Fn(&[Out]) -> String + Send + Sync);

/// How long a caller waits for the recording to be paused.
const STEERING_LIMIT: std::time::Duration = std::time::Duration::from_secs(4);

/// How far back a conversation may lie that a new one goes on with.
pub(crate) const RESUMED_AFTER_MAX: SignedDuration = SignedDuration::from_hours(24 * 90);

impl Host {
    /// Lets a conversation hear something, and gives what it says to it. Everything is stored before this
    /// returns, the webhook included.
    ///
    /// # Errors
    /// Where the database refuses, or what is stored cannot be read.
    pub async fn converse(
        &self,
        asked: &Asked,
        scribe: Scribe<'_>,
        webhook: WebhookRecord,
    ) -> Result<Told, HostError> {
        let _busy = self.activity().begin();
        until_stored!("conversation", self.try_converse(asked, scribe, webhook.clone()).await)
    }

    async fn try_converse(&self, asked: &Asked, scribe: Scribe<'_>, webhook: WebhookRecord) -> Attempt<Told> {
        let id = ConversationId::of_call(&asked.call);
        match self.store().conversation_at(&id, asked.heard.turn, asked.part).await? {
            Some(AsOfTurn { conversation, .. }) if conversation.value.credential != asked.credential => {
                self.keep(webhook, "a call of another credential", "").await?;
                Ok(Told::Unknown)
            }
            Some(AsOfTurn { document: Some(document), conversation }) => {
                // What was said is kept with the first one, where it may be kept.
                let shown = shown(&conversation.value.conversation, &document);
                self.keep(asked.without_words(webhook), &format!("{id} again"), shown).await?;
                // The first answer may have been lost before the recording was paused.
                let is_paused = conversation.value.conversation.is_recording_paused();
                self.steer(asked, is_paused.then_some(Steering::Pause)).await;
                Ok(Told::Document(document))
            }
            Some(AsOfTurn { conversation, document: None }) => {
                self.go_on(asked, conversation, scribe, webhook).await
            }
            None => self.open(asked, id, scribe, webhook).await,
        }
    }

    /// The usual turn: one read before it, and one commit.
    async fn go_on(
        &self,
        asked: &Asked,
        loaded: Guarded<StoredConversation>,
        scribe: Scribe<'_>,
        webhook: WebhookRecord,
    ) -> Attempt<Told> {
        let Guarded { value: mut stored, guard } = loaded;
        let agent = self.agents().version(&stored.agent).await?;
        let id = stored.conversation.id.clone();
        let before = stored.conversation.clone();
        let advance = match stored.conversation.hear(&agent, asked.heard.clone(), self.now()) {
            Ok(advance) => advance,
            Err(refused) => {
                let document = self.store().present_document(&id).await?;
                let Some(document) = document else { return Ok(Told::Over) };
                let webhook = asked.without_words(webhook);
                self.keep(webhook, &format!("{id}: {refused}"), shown(&before, &document)).await?;
                return Ok(Told::Document(document));
            }
        };
        let webhook = if is_sensitive(&advance.log) { asked.without_words(webhook) } else { webhook };
        stored.conversation = advance.conversation.clone();
        let document = scribe(&advance.out);
        let exchange = Exchange {
            turn: asked.heard.turn,
            part: asked.part.to_owned(),
            document: Some(document.clone()),
            entries: advance.log.clone(),
        };
        let next = Next { stored, loaded_guard: Some(guard), advance, exchange };
        let steering = steering(&next.advance.out);
        let webhook = answered(webhook, &id, shown(&next.stored.conversation, &document));
        self.store_next(next, webhook).await?;
        self.steer(asked, steering).await;
        Ok(Told::Document(document))
    }

    /// Somebody, or something, took a call that no conversation is held over yet.
    async fn open(
        &self,
        asked: &Asked,
        id: ConversationId,
        scribe: Scribe<'_>,
        webhook: WebhookRecord,
    ) -> Attempt<Told> {
        let call = self.store().find::<Call>(&asked.call).await?;
        let call = call.map(|row| row.value).filter(|call| call.credential == asked.credential);
        let planned = call.as_ref().and_then(|call| call.plan.as_ref());
        let (Some(call), Some(Plan { script: Script::Conversation { agent }, .. })) = (&call, planned) else {
            self.keep(webhook, "no conversation of ours", "").await?;
            return Ok(Told::Unknown);
        };
        if call.progress.status.is_some_and(|status| status.is_final()) {
            self.keep(webhook, &format!("{} is over", call.id), "").await?;
            return Ok(Told::Over);
        }
        let now = self.now();
        let Some((of, agent)) = self.agents().of_block(agent, now).await? else {
            return Err(HostError::NotFound { what: "agent" }.into());
        };
        let opening = self.opening(call, id.clone(), &of, &agent).await?;
        let begun = conversation::begin(&agent, opening, now);
        let mut log = begun.log;
        let Ok(heard) = begun.conversation.hear(&agent, asked.heard.clone(), now) else {
            self.keep(webhook, &format!("{id} has not begun"), "").await?;
            return Ok(Told::Over);
        };
        log.extend(heard.log.iter().cloned());
        let document = scribe(&heard.out);
        let stored = self.held_over(call, of, heard.conversation.clone());
        let exchange = Exchange {
            turn: asked.heard.turn,
            part: asked.part.to_owned(),
            document: Some(document.clone()),
            entries: log,
        };
        let next = Next { stored, loaded_guard: None, advance: heard, exchange };
        let webhook = answered(webhook, &id, shown(&next.stored.conversation, &document));
        self.store_next(next, webhook).await?;
        Ok(Told::Document(document))
    }

    /// Why a call with an agent must not be placed: nobody is rung up to hear an apology, or half a sentence.
    pub(crate) async fn objection_to(&self, call: &Call) -> Result<Option<String>, HostError> {
        let run = match &call.origin {
            Some(origin) => self.store().run(&origin.run).await?.map(|row| row.value),
            None => None,
        };
        self.objection_of(call, run.as_ref()).await
    }

    /// Why a call with an agent cannot be held for a run as it stands.
    pub(crate) async fn objection_of(
        &self,
        call: &Call,
        run: Option<&Run>,
    ) -> Result<Option<String>, HostError> {
        let Some(Plan { script: Script::Conversation { agent: named }, .. }) = &call.plan else {
            return Ok(None);
        };
        let Some((_, agent)) = self.agents().of_block(named, self.now()).await? else {
            return Ok(Some("no agent of this name is published".to_owned()));
        };
        let variables = run.map(|run| run.variables.clone()).unwrap_or_default();
        let missing = agent.missing_variable(&variables);
        Ok(missing.map(|name| format!("the agent's texts need `{name}`, which the run does not have")))
    }

    /// What is known when a call is answered: the run's variables, the person's language, and where an earlier
    /// call broke off.
    pub(crate) async fn opening(
        &self,
        call: &Call,
        id: ConversationId,
        of: &AgentVersion,
        agent: &Agent,
    ) -> Result<Opening, HostError> {
        let run = match &call.origin {
            Some(origin) => self.store().run(&origin.run).await?.map(|row| row.value),
            None => None,
        };
        let workflow = match &run {
            Some(run) => Some(self.catalogue().version(&run.workflow, run.version).await?),
            None => None,
        };
        let defaults = workflow.as_ref().map(|workflow| &workflow.defaults);
        let language = call.plan.as_ref().and_then(|plan| plan.language.clone());
        let (variables, secrets) = run.map(|run: Run| (run.variables, run.sensitive)).unwrap_or_default();
        Ok(Opening {
            id,
            medium: Medium::Voice,
            variables,
            secrets,
            time_zone: defaults.and_then(|defaults| defaults.time_zone.clone()),
            language: language.or_else(|| defaults.and_then(|defaults| defaults.language.clone())),
            region: defaults.and_then(|defaults| defaults.region.clone()),
            resume: self.resumption(call.contact(), of, agent).await?,
        })
    }

    /// Where the latest conversation of this agent with this person broke off, if it can be gone on with.
    pub(crate) async fn resumption(
        &self,
        contact: &str,
        of: &AgentVersion,
        agent: &Agent,
    ) -> Result<Option<Resumption>, HostError> {
        if !agent.resumes() || contact.is_empty() {
            return Ok(None);
        }
        let since = self.now().checked_sub(RESUMED_AFTER_MAX).unwrap_or(Timestamp::MIN);
        let latest = self.store().latest_conversation(Some(&of.name), contact, since).await?;
        Ok(latest.and_then(|latest| latest.value.conversation.resumption(agent)))
    }

    /// Commits what became of a conversation, with all that follows from it.
    pub(crate) async fn store_next(&self, next: Next, webhook: Option<WebhookRecord>) -> Attempt<()> {
        let Next { mut stored, loaded_guard, advance, exchange } = next;
        stored.updated_at = self.now();
        let mut commit = Commit { webhook, ..Commit::default() };
        let tell = match advance.conversation.ended_by() {
            Some(by) => {
                let call_back_at = call_back_at(&advance.out);
                self.end_of_call(&mut commit, &stored, by, call_back_at).await?
            }
            None => None,
        };
        let changed = LiveEvent::conversation(&stored);
        commit.conversations.push(ConversationWrite {
            value: stored,
            loaded_guard,
            exchange: Some(exchange),
        });
        if tell.is_none() && commit.new_tasks.is_empty() {
            // The usual turn concerns no run.
            self.store().commit(commit).await?;
        } else {
            self.try_change(Change { commit, tell, hint: None }).await?;
        }
        self.live().tell(|| changed);
        Ok(())
    }

    /// A conversation over a call ended: the call says how, and its run gets what was answered.
    pub(crate) async fn end_of_call(
        &self,
        commit: &mut Commit,
        stored: &StoredConversation,
        by: EndedBy,
        call_back_at: Option<Timestamp>,
    ) -> Attempt<Option<(RunId, Event)>> {
        let Some(id) = &stored.call else { return Ok(None) };
        let Some(Guarded { mut value, guard }) = self.store().find::<Call>(id).await? else {
            return Ok(None);
        };
        let agent = self.agents().version(&stored.agent).await?;
        let tell = self.concluded(commit, &mut value, stored, &agent, (by, call_back_at));
        commit.calls.changed.push(Write { value, loaded_guard: guard });
        Ok(tell)
    }

    /// The conversation of a call has ended: the call says how. Its run hears what was answered, or at first only that
    /// there is more to come.
    fn concluded(
        &self,
        commit: &mut Commit,
        call: &mut Call,
        stored: &StoredConversation,
        agent: &Agent,
        (by, call_back_at): (EndedBy, Option<Timestamp>),
    ) -> Option<(RunId, Event)> {
        let now = self.now();
        let model_nanodollars = stored.model_nanodollars().map(|(cost, _)| cost);
        let ended = LineEvent::ConversationEnded { by: outcome(call, by), model_nanodollars };
        note(commit, call, ended, now);
        if crate::talk::is_wanted(agent, stored) {
            note(commit, call, LineEvent::Gathering, now);
            commit.new_tasks.push(crate::talk::gather_task(&stored.conversation.id, now));
            return call.clone().news(None);
        }
        interviewed(call.clone(), stored, Some(agent), call_back_at)
    }

    /// Pauses or resumes the recording before the document is answered, so that what follows is not recorded. A
    /// caller does not wait for it any longer than a moment.
    async fn steer(&self, asked: &Asked, steering: Option<Steering>) {
        let Some(steering) = steering else { return };
        self.steer_recording(&asked.credential, (&asked.call, &asked.sid), steering).await;
    }

    pub(crate) async fn steer_recording(
        &self,
        credential: &str,
        (call, sid): (&CallId, &str),
        steering: Steering,
    ) {
        let steered = self.carrier().steer_recording(credential, sid, steering, STEERING_LIMIT);
        if let Err(error) = steered.await {
            tracing::warn!(%call, ?steering, error, "the recording of a call was not steered");
        }
    }

    /// Keeps a webhook that changes nothing.
    pub(crate) async fn keep(
        &self,
        webhook: WebhookRecord,
        event: &str,
        answer: &str,
    ) -> Result<(), HostError> {
        let webhook = WebhookRecord { event: event.to_owned(), answer_body: answer.to_owned(), ..webhook };
        Ok(self.store().put_webhook(webhook).await?)
    }

    /// The line of a call is gone: what that makes of its conversation joins the commit that stores the call's
    /// end. What the run is then to hear; nothing where no conversation was under way.
    pub(crate) async fn line_ended(
        &self,
        commit: &mut Commit,
        call: &mut Call,
    ) -> Attempt<Option<(RunId, Event)>> {
        let is_over = call.progress.status.is_some_and(|status| status.is_final());
        let talks = matches!(call.plan, Some(Plan { script: Script::Conversation { .. }, .. }));
        if !is_over || !talks || call.course.ended_by.is_some() {
            return Ok(None);
        }
        let id = ConversationId::of_call(&call.id);
        let Some(Guarded { value: mut stored, guard }) = self.store().conversation(&id).await? else {
            return Ok(None);
        };
        let agent: Arc<Agent> = self.agents().version(&stored.agent).await?;
        let now = self.now();
        let what = conversation::What::HungUp;
        let heard = Heard { turn: stored.conversation.turn, what };
        let Ok(advance) = stored.conversation.clone().hear(&agent, heard, now) else { return Ok(None) };
        let Some(by) = advance.conversation.ended_by() else { return Ok(None) };
        stored.conversation = advance.conversation;
        stored.updated_at = now;
        let told = self.concluded(commit, call, &stored, &agent, (by, call_back_at(&advance.out)));
        let exchange = Exchange {
            turn: stored.conversation.turn,
            part: format!("end{guard}"),
            document: None,
            entries: advance.log,
        };
        commit.conversations.push(ConversationWrite {
            value: stored,
            loaded_guard: Some(guard),
            exchange: Some(exchange),
        });
        Ok(told)
    }
}

/// A conversation's next value, and what it answers.
pub(crate) struct Next {
    pub stored: StoredConversation,
    pub loaded_guard: Option<i64>,
    pub advance: Advance,
    pub exchange: Exchange,
}

/// What is to become of the recording; the last word counts.
fn steering(out: &[Out]) -> Option<Steering> {
    out.iter().rev().find_map(|out| match out {
        Out::PauseRecording => Some(Steering::Pause),
        Out::ResumeRecording => Some(Steering::Resume),
        _ => None,
    })
}

fn call_back_at(out: &[Out]) -> Option<Timestamp> {
    out.iter().find_map(|out| match out {
        Out::CallBack { at } => Some(*at),
        _ => None,
    })
}

pub(crate) fn answered(webhook: WebhookRecord, id: &ConversationId, document: &str) -> Option<WebhookRecord> {
    Some(WebhookRecord { event: format!("heard by {id}"), answer_body: document.to_owned(), ..webhook })
}

/// A document for the records: what may say something that was said in confidence is not kept there.
fn shown<'a>(conversation: &Conversation, document: &'a str) -> &'a str {
    if conversation.keeps_secrets() { HIDDEN } else { document }
}

/// Whether something was said that nothing may show.
fn is_sensitive(log: &[TurnEntry]) -> bool {
    log.iter().any(|entry| matches!(entry.kind, TurnKind::Heard { sensitive: true, .. }))
}

pub(crate) fn our_number(call: &Call) -> &str {
    match call.direction {
        engine::sending::Direction::Inbound => &call.to,
        engine::sending::Direction::Outbound => call.sender(),
    }
}

/// The call says what happened, if that is new.
pub(crate) fn note(commit: &mut Commit, call: &mut Call, event: LineEvent, now: Timestamp) {
    if call.happened(&event, now) {
        let kind = CallEventKind::Line(event);
        commit.calls.events.push(CallEvent { of: call.id.clone(), at: now, kind });
    }
}

fn outcome(call: &Call, by: EndedBy) -> Outcome {
    let machine = call.course.answered_by.is_some_and(|answered| answered.is_machine());
    match by {
        EndedBy::Hangup if machine => Outcome::Voicemail,
        by => by.outcome(),
    }
}

/// What the run of a call hears of its conversation.
pub(crate) fn interviewed(
    call: Call,
    stored: &StoredConversation,
    agent: Option<&Agent>,
    call_back_at: Option<Timestamp>,
) -> Option<(RunId, Event)> {
    let origin = call.origin.clone()?;
    let key = EffectKey { step: origin.step, n: origin.n };
    let mut answers = answers_of(&stored.conversation);
    if let Some(Agent::Llm(agent)) = agent {
        crate::talk::add_findings(&mut answers, agent, stored);
    }
    Some((origin.run, Event::ConversationEnded { key, call: Box::new(call), answers, call_back_at }))
}

/// What a conversation has brought to light so far, for its run.
pub(crate) fn answers_of(conversation: &Conversation) -> Interviewed {
    conversation.results().into()
}
