//! Hands a text or a call to the provider, and takes in how that ended.

use crate::advance::{Attempt, Change, until_stored};
use crate::carrier::{Refusal, SendEnd};
use crate::ending::Ending;
use crate::error::HostError;
use crate::outbound::Sendable;
use crate::plan::Born;
use crate::settings::Settings;
use crate::status::StatusReport;
use crate::work::{Host, Slot};
use engine::call::Call;
use engine::event::Failure;
use engine::id::{CallId, MessageId, TaskId};
use engine::message::Message;
use engine::outcome::{self, Outcome};
use engine::run::Run;
use engine::sending::{EventKind, HistoryEvent, ReportedVia, State, Told};
use std::time::Instant;
use store::record::{Guarded, Held, Suppression, SuppressionReason, Task};
use store::{Commit, Write};

/// A text or a call whose intent is committed under our lease.
pub(crate) struct Handover<T> {
    pub item: Guarded<T>,
    pub task: Held,
    pub slot: Slot,
    /// What goes out where the moment asks for something else than what is stored.
    pub adapted: Option<Box<T>>,
    /// The run as it was stored last, where that is known.
    pub run: Option<Guarded<Run>>,
}

impl Host {
    pub(crate) fn spawn_perform<T: Sendable>(
        &self,
        born: Born<T>,
        held_until: Instant,
        run: Option<Guarded<Run>>,
    ) {
        let host = self.clone();
        let busy = self.activity().begin();
        let item = Guarded { value: born.item, guard: store::FIRST_GUARD };
        let handover = Handover { item, task: born.task, slot: born.slot, adapted: None, run };
        self.tasks().spawn(async move {
            host.perform(handover, held_until).await;
            drop(busy);
        });
    }

    /// Hands over, and stores the end. Where the end cannot be stored, the lease runs out and it counts as
    /// unknown.
    pub(crate) async fn perform<T: Sendable>(&self, handover: Handover<T>, held_until: Instant) {
        let Handover { item, task, slot, adapted, run } = handover;
        let limit = self.settings().request_limit;
        let id = item.value.id().clone();
        let end = match item.value.objection(self).await {
            Ok(None) if Instant::now() + limit + Settings::LEASE_MARGIN > held_until => {
                SendEnd::NotConnected { reason: "the lease was about to end".into() }
            }
            Ok(None) => adapted.as_deref().unwrap_or(&item.value).hand_over(self.carrier(), limit).await,
            Ok(Some(reason)) => SendEnd::Refused(Refusal::of_ours(reason)),
            Err(error) => SendEnd::NotConnected { reason: format!("it could not be looked over: {error}") },
        };
        metrics::counter!(T::SENDS, "end" => end.name()).increment(1);
        drop(slot);
        if let Err(error) = self.store_end(item, &task, &end, run).await {
            tracing::warn!(
                %id, error = &error as &dyn std::error::Error,
                "the provider's answer could not be stored; it will be looked up"
            );
        }
    }

    async fn store_end<T: Sendable>(
        &self,
        item: Guarded<T>,
        task: &Held,
        end: &SendEnd<T::Report>,
        run: Option<Guarded<Run>>,
    ) -> Result<(), HostError> {
        let id = item.value.id().clone();
        // What we hold is what is stored, unless somebody else was faster.
        let mut known = Some((item, run));
        until_stored!("message", {
            let (item, hint) = match known.take() {
                Some((item, hint)) => (Some(item), hint),
                None => (self.store().find::<T>(&id).await?, None),
            };
            match item {
                Some(item) => self.try_store_end(item, task, end, hint).await,
                None => Ok(()),
            }
        })
    }

    async fn try_store_end<T: Sendable>(
        &self,
        item: Guarded<T>,
        task: &Held,
        end: &SendEnd<T::Report>,
        hint: Option<Guarded<Run>>,
    ) -> Attempt<()> {
        let now = self.now();
        let Guarded { mut value, guard } = item;
        let is_ours = value.progress().state == State::Dispatching;
        if is_about_another(&value, end) || (!is_accepted(end) && !is_ours) {
            // A callback or a look-up proved meanwhile what became of it.
            return self.end_superseded(task, &value, end).await;
        }
        let ending = Ending::of(&mut value, end, self.settings(), now);
        if is_accepted(end) && self.is_test(value.credential()).await {
            value.progress_mut().state = State::Test;
        }
        value.touch(now);
        let mut commit = Commit::default();
        match ending.again_at {
            Some(at) => commit.requeue_tasks.push((task.clone(), at)),
            None => commit.end_held.push(task.clone()),
        }
        if let Some(until) = ending.slowed_until {
            self.slow_down(value.credential(), &value.pacer(), until);
        }
        if ending.failure.as_ref().is_some_and(|f| f.code == Some(outcome::OPTED_OUT_CODE)) {
            commit.suppress.push(Suppression {
                channel: value.channel(),
                address: value.contact().to_owned(),
                reason: SuppressionReason::Provider,
                since: now,
            });
        }
        let settled = ending.again_at.is_none();
        let writes = T::writes(&mut commit);
        let line =
            |kind: EventKind<T::Status>| HistoryEvent { of: value.id().clone(), at: now, kind: kind.into() };
        writes.events.extend(ending.events.into_iter().map(line));
        writes.changed.push(Write { value: value.clone(), loaded_guard: guard });
        // What goes back to its queue is no news to its run.
        let tell = if settled {
            let told = T::line_ended(self, &mut commit, &mut value, ending.failure.as_ref()).await?;
            told.or_else(|| value.news(ending.failure))
        } else {
            None
        };
        self.try_change(Change { commit, tell, hint }).await?;
        if !settled {
            self.wake();
        }
        Ok(())
    }

    /// An end that comes after the row's fate was settled otherwise. What the provider says of it still counts,
    /// for the row that it belongs to.
    async fn end_superseded<T: Sendable>(
        &self,
        task: &Held,
        item: &T,
        end: &SendEnd<T::Report>,
    ) -> Attempt<()> {
        if let SendEnd::Accepted(report) = end {
            let status = StatusReport::<T> {
                credential: item.credential().to_owned(),
                of: Some(item.id().clone()),
                report: report.clone(),
                via: ReportedVia::Answer,
            };
            self.report(status, None).await?;
        }
        let mut commit = Commit::default();
        if matches!(item.progress().state, State::Queued | State::Unknown | State::Dispatching) {
            commit.requeue_tasks.push((task.clone(), self.now()));
        } else {
            commit.end_held.push(task.clone());
        }
        Ok(self.store().commit(commit).await?)
    }

    async fn is_test(&self, credential: &str) -> bool {
        self.carrier().account(credential).await.is_some_and(|account| account.test)
    }

    /// Something that somebody else was sending when they stopped.
    pub(crate) async fn mark_unknown<T: Sendable>(
        &self,
        task: &Task,
        item: Guarded<T>,
        reason: &str,
    ) -> Result<(), HostError> {
        let end = SendEnd::Unknown { reason: reason.to_owned() };
        self.store_end(item, &task.held(), &end, None).await
    }

    /// Ends a held text by a person's word: it is sent anew, or given up.
    ///
    /// # Errors
    /// Where there is no such text, it is not held, or the database refuses.
    pub async fn resolve_held(&self, id: &MessageId, by: &str, send: bool) -> Result<(), HostError> {
        self.resolve::<Message>(id, by, send).await
    }

    /// Ends a held call by a person's word: it is placed anew, or given up.
    ///
    /// # Errors
    /// Where there is no such call, it is not held, or the database refuses.
    pub async fn resolve_held_call(&self, id: &CallId, by: &str, send: bool) -> Result<(), HostError> {
        self.resolve::<Call>(id, by, send).await
    }

    async fn resolve<T: Sendable>(&self, id: &T::Id, by: &str, send: bool) -> Result<(), HostError> {
        if !send {
            let failure =
                Failure { outcome: Outcome::Failed, code: None, reason: format!("given up by {by}") };
            return self.fail::<T>(None, id, failure).await;
        }
        until_stored!("message", {
            let Some(Guarded { value, guard }) = self.store().find::<T>(id).await? else {
                break Err(HostError::NotFound { what: T::KIND.noun() });
            };
            if value.progress().state != State::Held {
                let what = format!("the {} is not held", T::KIND.noun());
                break Err(HostError::NotAllowed(what));
            }
            self.try_send_again(value, guard, format!("asked for by {by}")).await
        })
    }

    async fn try_send_again<T: Sendable>(&self, mut value: T, guard: i64, reason: String) -> Attempt<()> {
        let now = self.now();
        value.progress_mut().state = State::Queued;
        value.touch(now);
        let kind = EventKind::SentAgain { reason };
        let task = TaskId::from_trusted(crate::ids::new_id(TaskId::PREFIX));
        let mut commit = Commit {
            new_tasks: vec![Task { id: task, kind: T::task(value.id()), due_at: now, attempts: 0 }],
            ..Commit::default()
        };
        let writes = T::writes(&mut commit);
        writes.events.push(HistoryEvent { of: value.id().clone(), at: now, kind: kind.into() });
        writes.changed.push(Write { value, loaded_guard: guard });
        self.store().commit(commit).await?;
        self.wake();
        Ok(())
    }
}

fn is_accepted<R>(end: &SendEnd<R>) -> bool {
    matches!(end, SendEnd::Accepted(_))
}

/// The row was given another one's SID by a look-up, and now the answer names its own.
fn is_about_another<T: Sendable>(item: &T, end: &SendEnd<T::Report>) -> bool {
    match end {
        SendEnd::Accepted(report) => item.progress().sid.as_ref().is_some_and(|sid| *sid != report.sid()),
        _ => false,
    }
}
