//! Hands a text to the provider, and takes in how that ended.

use crate::advance::{Attempt, Change, until_stored};
use crate::carrier::SendEnd;
use crate::ending::Ending;
use crate::error::HostError;
use crate::plan::Born;
use crate::settings::Settings;
use crate::status::StatusReport;
use crate::work::{Host, Slot};
use engine::event::Failure;
use engine::id::{MessageId, TaskId};
use engine::message::{Content, Message, MessageEvent, MessageEventKind, ReportedVia, State};
use engine::outcome::{self, Outcome};
use engine::run::Run;
use std::time::Instant;
use store::record::{Guarded, Held, Suppression, SuppressionReason, Task};
use store::{Commit, MessageWrite};

/// A text whose intent is committed under our lease.
pub(crate) struct Handover {
    pub message: Guarded<Message>,
    pub task: Held,
    pub slot: Slot,
    /// What is said where the moment asks for something else than what is stored.
    pub adapted: Option<Content>,
    /// The run as it was stored last, where that is known.
    pub run: Option<Guarded<Run>>,
}

impl Host {
    pub(crate) fn spawn_perform(&self, born: Born, held_until: Instant, run: Option<Guarded<Run>>) {
        let host = self.clone();
        let busy = self.activity().begin();
        let message = Guarded { value: born.message, guard: store::FIRST_GUARD };
        let handover = Handover { message, task: born.task, slot: born.slot, adapted: None, run };
        self.tasks().spawn(async move {
            host.perform(handover, held_until).await;
            drop(busy);
        });
    }

    /// Hands over, and stores the end. Where the end cannot be stored, the lease runs out and the
    /// text counts as unknown.
    pub(crate) async fn perform(&self, handover: Handover, held_until: Instant) {
        let Handover { message, task, slot, adapted, run } = handover;
        let limit = self.settings().request_limit;
        let id = message.value.id.clone();
        let end = if Instant::now() + limit + Settings::LEASE_MARGIN > held_until {
            SendEnd::NotConnected { reason: "the lease was about to end".into() }
        } else {
            let mut outgoing = message.value.clone();
            outgoing.content = adapted.unwrap_or(outgoing.content);
            self.carrier().send(&outgoing, limit).await
        };
        metrics::counter!("switchboard_sends_total", "end" => end.name()).increment(1);
        drop(slot);
        if let Err(error) = self.store_end(message, &task, &end, run).await {
            tracing::warn!(
                message = %id, error = &error as &dyn std::error::Error,
                "the provider's answer could not be stored; it will be looked up"
            );
        }
    }

    async fn store_end(
        &self,
        message: Guarded<Message>,
        task: &Held,
        end: &SendEnd,
        run: Option<Guarded<Run>>,
    ) -> Result<(), HostError> {
        let id = message.value.id.clone();
        // What we hold is what is stored, unless somebody else was faster.
        let mut known = Some((message, run));
        until_stored!("message", {
            let (message, hint) = match known.take() {
                Some((message, hint)) => (Some(message), hint),
                None => (self.store().message(&id).await?, None),
            };
            match message {
                Some(message) => self.try_store_end(message, task, end, hint).await,
                None => Ok(()),
            }
        })
    }

    async fn try_store_end(
        &self,
        message: Guarded<Message>,
        task: &Held,
        end: &SendEnd,
        hint: Option<Guarded<Run>>,
    ) -> Attempt<()> {
        let now = self.now();
        let Guarded { value: mut message, guard } = message;
        if is_about_another(&message, end) || (!is_accepted(end) && message.state != State::Dispatching) {
            // A callback or a look-up proved meanwhile what became of it.
            return self.end_superseded(task, &message, end).await;
        }
        let ending = Ending::of(&mut message, end, self.settings(), now);
        if is_accepted(end) && self.is_test(&message.credential).await {
            message.state = State::Test;
        }
        message.updated_at = now;
        let mut commit = Commit::default();
        let line = |kind| MessageEvent { message: message.id.clone(), at: now, kind };
        commit.message_events.extend(ending.events.into_iter().map(line));
        match ending.again_at {
            Some(at) => commit.requeue_tasks.push((task.clone(), at)),
            None => commit.end_held.push(task.clone()),
        }
        if let Some(until) = ending.slowed_until {
            let sender = message.service.as_deref().or(message.from.as_deref()).unwrap_or_default();
            self.slow_down(&message.credential, sender, until);
        }
        if ending.failure.as_ref().is_some_and(|f| f.code == Some(outcome::OPTED_OUT_CODE)) {
            commit.suppress.push(Suppression {
                channel: message.channel,
                address: message.to.clone(),
                reason: SuppressionReason::Provider,
                since: now,
            });
        }
        let settled = ending.again_at.is_none();
        commit.messages.push(MessageWrite { message: message.clone(), loaded_guard: guard });
        // A text that goes back to its queue is no news to its run.
        let tell = if settled { Self::news(message, ending.failure) } else { None };
        self.try_change(Change { commit, tell, hint }).await?;
        if !settled {
            self.wake();
        }
        Ok(())
    }

    /// An end that comes after the row's fate was settled otherwise. What the provider says of the text
    /// still counts, for the row that it belongs to.
    async fn end_superseded(&self, task: &Held, message: &Message, end: &SendEnd) -> Attempt<()> {
        if let SendEnd::Accepted(report) = end {
            let status = StatusReport {
                credential: message.credential.clone(),
                message: Some(message.id.clone()),
                report: report.clone(),
                via: ReportedVia::Answer,
            };
            self.report_status(status, None).await?;
        }
        let mut commit = Commit::default();
        if matches!(message.state, State::Queued | State::Unknown | State::Dispatching) {
            commit.requeue_tasks.push((task.clone(), self.now()));
        } else {
            commit.end_held.push(task.clone());
        }
        Ok(self.store().commit(commit).await?)
    }

    async fn is_test(&self, credential: &str) -> bool {
        self.carrier().account(credential).await.is_some_and(|account| account.test)
    }

    /// A text that somebody else was sending when they stopped.
    pub(crate) async fn mark_unknown(
        &self,
        task: &Task,
        message: Guarded<Message>,
        reason: &str,
    ) -> Result<(), HostError> {
        let end = SendEnd::Unknown { reason: reason.to_owned() };
        self.store_end(message, &task.held(), &end, None).await
    }

    /// Ends a held text by a person's word: it is sent anew, or given up.
    ///
    /// # Errors
    /// Where there is no such text, it is not held, or the database refuses.
    pub async fn resolve_held(&self, id: &MessageId, by: &str, send: bool) -> Result<(), HostError> {
        if !send {
            let failure =
                Failure { outcome: Outcome::Failed, code: None, reason: format!("given up by {by}") };
            return self.fail_message(None, id, failure).await;
        }
        until_stored!("message", {
            let Some(Guarded { value: mut message, guard }) = self.store().message(id).await? else {
                break Err(HostError::NotFound { what: "message" });
            };
            if message.state != State::Held {
                break Err(HostError::NotAllowed("the message is not held".into()));
            }
            self.try_send_again(&mut message, guard, format!("asked for by {by}")).await
        })
    }

    async fn try_send_again(&self, message: &mut Message, guard: i64, reason: String) -> Attempt<()> {
        let now = self.now();
        message.state = State::Queued;
        message.updated_at = now;
        let kind = MessageEventKind::SentAgain { reason };
        let task = TaskId::from_trusted(crate::ids::new_id(TaskId::PREFIX));
        let send = store::record::TaskKind::Send { message: message.id.clone() };
        let commit = Commit {
            messages: vec![MessageWrite { message: message.clone(), loaded_guard: guard }],
            message_events: vec![MessageEvent { message: message.id.clone(), at: now, kind }],
            new_tasks: vec![Task { id: task, kind: send, due_at: now, attempts: 0 }],
            ..Commit::default()
        };
        self.store().commit(commit).await?;
        self.wake();
        Ok(())
    }
}

fn is_accepted(end: &SendEnd) -> bool {
    matches!(end, SendEnd::Accepted(_))
}

/// The row was given an alike text's SID by a look-up, and now the answer names another.
fn is_about_another(message: &Message, end: &SendEnd) -> bool {
    match end {
        SendEnd::Accepted(report) => message.sid.as_ref().is_some_and(|sid| *sid != report.sid),
        _ => false,
    }
}
