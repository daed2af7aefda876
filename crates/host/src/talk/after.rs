//! What follows on the end of a call's conversation. Where its agent has a form to be filled in, a model is asked first,
//! and only then its run goes on.
//!
//! A stored task does so, so that it survives this process. It owns [`StoredConversation::after`]: the value between two
//! answers, and at last the findings. A session that still sees the last words out leaves that alone, as the task leaves
//! alone the rest. Whatever the model does, there is an end: a number of answers, a number of failures, and a time by
//! which the run goes on with what is known.

use super::open::patience;
use super::thinking::Thinking;
use crate::advance::{Attempt, Change, TryError, until_stored};
use crate::converse::{interviewed, note};
use crate::error::HostError;
use crate::language_model::Patience;
use crate::live::LiveEvent;
use crate::work::Host;
use engine::agent::{Agent, LlmAgent};
use engine::call::{Call, LineEvent};
use engine::conversation::{Status, TurnEntry, TurnKind};
use engine::event::Interviewed;
use engine::id::ConversationId;
use engine::llm::after::{self, Findings, Gathering, Next, PATIENCE_MS, Progress};
use engine::llm::models::Usage;
use engine::llm::question::{Failure, ModelEvent, Question};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::record::{Exchange, Guarded, StoredConversation, Task, TaskKind};
use store::{Commit, ConversationWrite, Write};

/// How long an answer is waited for beyond its time.
const ANSWER_MARGIN: Duration = Duration::from_secs(5);
/// Before an agent that cannot be read is looked for once more.
const UNREAD_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// A whole answer.
struct Answer {
    text: String,
    usage: Usage,
    endpoint: usize,
}

/// A step of the work that is to be stored.
struct Done {
    gathering: Gathering,
    next: Next,
    progress: Progress,
    /// By then it is given up.
    until: Timestamp,
}

/// The task that asks what came of a conversation; one for each.
pub(crate) fn task(conversation: &ConversationId, now: Timestamp) -> Task {
    let id = crate::ids::gather_task_id(conversation);
    Task { id, kind: TaskKind::Gather { conversation: conversation.clone() }, due_at: now, attempts: 0 }
}

/// What was found out joins what a run gets to know. What is not known does not take the place of what a tool set.
pub(crate) fn add_findings(answers: &mut Interviewed, agent: &LlmAgent, stored: &StoredConversation) {
    if agent.after.is_nothing() {
        return;
    }
    let found = stored.after.as_ref().and_then(|after| after.findings.as_ref());
    let variables = match found {
        Some(findings) => findings.variables(agent),
        None => Findings::nothing(agent, "").variables(agent),
    };
    for (name, value) in variables {
        if !value.is_null() || !answers.answers.contains_key(&name) {
            answers.answers.insert(name, value);
        }
    }
    let sensitive = stored.after.iter().flat_map(|after| &after.sensitive);
    answers.sensitive.extend(sensitive.cloned());
}

impl Host {
    /// Begins with the work beside all other tasks: a slow model holds up nobody else.
    pub(crate) fn begin_gathering(&self, task: Task, conversation: ConversationId) {
        let host = self.clone();
        let busy = self.activity().begin();
        self.sessions().tasks.spawn(async move {
            if let Err(error) = host.gather(&task, &conversation).await {
                // The lease runs out, and the task is claimed again.
                let error = &error as &dyn std::error::Error;
                tracing::warn!(%conversation, error, "what came of a conversation is asked for once more");
            }
            drop(busy);
            host.wake();
        });
    }

    async fn gather(&self, task: &Task, id: &ConversationId) -> Result<(), HostError> {
        loop {
            let found = self.store().conversation(id).await?.map(|found| found.value);
            let Some((stored, ended_at)) = found.and_then(|stored| {
                let Status::Ended { at, .. } = stored.conversation.status else { return None };
                Some((stored, at))
            }) else {
                return self.end_task(task).await;
            };
            let before = stored.after.clone();
            if before.as_ref().is_some_and(|before| before.findings.is_some()) {
                return self.end_task(task).await;
            }
            let until = ended_at + SignedDuration::from_millis(PATIENCE_MS);
            let agent = match self.agents().version(&stored.agent).await {
                Ok(agent) => Some(agent),
                Err(error) if error.is_temporary() => return Err(error),
                Err(error) => {
                    let (agent, error) = (&stored.agent.name, &error as &dyn std::error::Error);
                    tracing::error!(conversation = %id, agent, error, "an agent cannot be read");
                    None
                }
            };
            let step = match agent.as_deref() {
                Some(Agent::Llm(llm)) => self.step_of_gathering(task, llm, &stored, until).await?,
                Some(Agent::Questions(_)) => return self.end_task(task).await,
                None => self.step_without_agent(task, &stored, until).await?,
            };
            let Some(done) = step else { return Ok(()) };
            let is_kept = until_stored!("conversation", {
                self.try_keep_gathering(task, agent.as_deref(), id, before.as_ref(), &done).await
            })?;
            // Where another node went further, it is looked at anew: the task may be done.
            if is_kept && done.next != Next::Ask {
                return Ok(());
            }
        }
    }

    /// Asks the model once; nothing where somebody else holds the task now.
    async fn step_of_gathering(
        &self,
        task: &Task,
        agent: &LlmAgent,
        stored: &StoredConversation,
        until: Timestamp,
    ) -> Result<Option<Done>, HostError> {
        let conversation = &stored.conversation;
        let begin = || Gathering::begin(agent, conversation);
        let mut gathering = stored.after.clone().unwrap_or_else(begin);
        gathering.begun(agent, conversation, task.attempts);
        let mut failed = None;
        let next = if self.now() >= until {
            gathering.give_up(agent, "no model answered in time")
        } else if let Some(question) = gathering.question(agent, conversation) {
            let answer = self.whole_answer(question, patience(agent));
            let Some(answer) = self.holding(task, answer).await? else { return Ok(None) };
            match answer {
                Ok(Answer { text, usage, endpoint }) => gathering.answered(agent, &text, usage, endpoint),
                Err((failure, usage)) => {
                    failed = Some(failure);
                    gathering.failed(agent, failure, usage)
                }
            }
        } else {
            gathering.give_up(agent, "the budget does not allow to ask a model")
        };
        let progress = gathering.progress(failed);
        count(&progress);
        if let Progress::Unknown { problems } = &progress {
            let (conversation, problems) = (&conversation.id, problems.join("; "));
            tracing::warn!(%conversation, problems, "not all is known of what came of a conversation");
        }
        Ok(Some(Done { gathering, next, progress, until }))
    }

    /// Nobody can be asked what only the agent knows. It may be read later, by a program that knows its version; once
    /// the time is over, it is given up. Nothing as long as it is waited for.
    async fn step_without_agent(
        &self,
        task: &Task,
        stored: &StoredConversation,
        until: Timestamp,
    ) -> Result<Option<Done>, HostError> {
        let now = self.now();
        if now < until {
            self.requeue(task, until.min(now + UNREAD_AGAIN_AFTER)).await?;
            return Ok(None);
        }
        let mut gathering = stored.after.clone().unwrap_or_default();
        let next = gathering.give_up_unread("its agent cannot be read");
        let progress = gathering.progress(None);
        count(&progress);
        Ok(Some(Done { gathering, next, progress, until }))
    }

    /// Keeps hold of a task while something goes on that may take longer than a lease. Nothing where somebody else
    /// holds it now; a process that stops gives it back.
    async fn holding<T>(&self, task: &Task, work: impl Future<Output = T>) -> Result<Option<T>, HostError> {
        let mut work = std::pin::pin!(work);
        let lease = self.settings().lease();
        loop {
            if self.store().renew(&task.held(), self.settings().lease_ms()).await?.is_none() {
                return Ok(None);
            }
            tokio::select! {
                done = &mut work => return Ok(Some(done)),
                () = self.sessions().leaving.cancelled() => {
                    self.requeue(task, self.now()).await?;
                    return Ok(None);
                }
                () = tokio::time::sleep(lease / 3) => {}
            }
        }
    }

    async fn whole_answer(&self, question: Question, patience: Patience) -> Result<Answer, (Failure, Usage)> {
        let models = self.models().clone();
        let mut thinking = Thinking::begin(models, &self.sessions().tasks, 0, question, patience);
        let answer = async {
            let mut text = String::new();
            loop {
                match thinking.next().await {
                    ModelEvent::Text { text: more } => text.push_str(&more),
                    ModelEvent::Called { .. } => {}
                    ModelEvent::Finished { usage, endpoint, .. } => {
                        return Ok(Answer { text, usage, endpoint });
                    }
                    ModelEvent::Failed { failure, usage } => return Err((failure, usage)),
                }
            }
        };
        // Whoever asks keeps to the time; the run must not depend on it.
        match tokio::time::timeout(patience.whole + ANSWER_MARGIN, answer).await {
            Ok(answer) => answer,
            Err(_) => Err((Failure::TimedOut, thinking.spent().unwrap_or_default())),
        }
    }

    /// Stores a step, and at the end tells the run in the same commit. Whether it was stored: not where another node
    /// went further meanwhile.
    async fn try_keep_gathering(
        &self,
        task: &Task,
        agent: Option<&Agent>,
        id: &ConversationId,
        before: Option<&Gathering>,
        done: &Done,
    ) -> Attempt<bool> {
        let now = self.now();
        let Some(Guarded { value: mut stored, guard }) = self.store().conversation(id).await? else {
            return Ok(false);
        };
        if stored.after.as_ref() != before {
            return Ok(false);
        }
        stored.after = Some(done.gathering.clone());
        stored.updated_at = now;
        let mut commit = Commit::default();
        let tell = match done.next {
            Next::Ask => None,
            Next::Wait { ms } => {
                let due_at = done.until.min(now + SignedDuration::from_millis(ms));
                commit.requeue_tasks.push((task.held(), due_at));
                None
            }
            Next::Over => {
                commit.end_held.push(task.held());
                self.conclude_gathering(&mut commit, agent, &stored).await?
            }
        };
        let turn = stored.conversation.turn;
        let entry = TurnEntry { at: now, turn, kind: TurnKind::Gathered { progress: done.progress.clone() } };
        let exchange = Exchange { turn, part: format!("after{guard}"), document: None, entries: vec![entry] };
        let live = LiveEvent::conversation(&stored);
        commit.conversations.push(ConversationWrite {
            value: stored,
            loaded_guard: Some(guard),
            exchange: Some(exchange),
        });
        self.try_change(Change { commit, tell, hint: None }).await?;
        self.live().tell(|| live);
        Ok(true)
    }

    /// The call waits for nothing any more; what its run is to hear.
    async fn conclude_gathering(
        &self,
        commit: &mut Commit,
        agent: Option<&Agent>,
        stored: &StoredConversation,
    ) -> Result<Option<(engine::id::RunId, engine::event::Event)>, TryError> {
        let Some(id) = &stored.call else { return Ok(None) };
        let Some(Guarded { mut value, guard }) = self.store().find::<Call>(id).await? else {
            return Ok(None);
        };
        let (model_nanodollars, _) = stored.model_nanodollars().unwrap_or_default();
        note(commit, &mut value, LineEvent::Gathered { model_nanodollars }, self.now());
        commit.calls.changed.push(Write { value: value.clone(), loaded_guard: guard });
        Ok(interviewed(value, stored, agent, None))
    }
}

fn count(progress: &Progress) {
    let step = match progress {
        Progress::Refused { .. } => "refused",
        Progress::Failed { .. } => "failed",
        Progress::Known => "known",
        Progress::Unknown { .. } => "unknown",
    };
    metrics::counter!("switchboard_gathered_total", "step" => step).increment(1);
}

/// Whether there is something to be asked behind this conversation.
pub(crate) fn is_wanted(agent: &Agent, stored: &StoredConversation) -> bool {
    match agent {
        Agent::Llm(agent) => after::is_wanted(agent, &stored.conversation),
        Agent::Questions(_) => false,
    }
}
