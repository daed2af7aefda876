//! Hands a text to the provider, and takes in how that ended.

use crate::advance::{Attempt, Change, until_stored};
use crate::carrier::{Refusal, SendEnd};
use crate::error::HostError;
use crate::plan::Born;
use crate::settings::Settings;
use crate::work::{Host, Slot};
use engine::event::Failure;
use engine::id::{MessageId, TaskId};
use engine::message::{Message, MessageEvent, MessageEventKind, ReportedVia, SidSource, State};
use engine::outcome::{self, Outcome};
use engine::run::Run;
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};
use store::record::{Guarded, Suppression, SuppressionReason, Task};
use store::{Commit, MessageWrite};

/// A text whose intent is committed under our lease.
pub(crate) struct Handover {
    pub message: Guarded<Message>,
    pub task: TaskId,
    pub slot: Slot,
    /// The run as it was stored last, where that is known.
    pub run: Option<Guarded<Run>>,
}

impl Host {
    pub(crate) fn spawn_perform(&self, born: Born, held_until: Instant, run: Option<Guarded<Run>>) {
        let host = self.clone();
        let busy = self.activity().begin();
        let message = Guarded { value: born.message, guard: store::FIRST_GUARD };
        let handover = Handover { message, task: born.task, slot: born.slot, run };
        self.tasks().spawn(async move {
            host.perform(handover, held_until).await;
            drop(busy);
        });
    }

    /// Hands over, and stores the end. Where the end cannot be stored, the lease runs out and the
    /// text counts as unknown.
    pub(crate) async fn perform(&self, handover: Handover, held_until: Instant) {
        let Handover { message, task, slot, run } = handover;
        let limit = self.settings().request_limit;
        let id = message.value.id.clone();
        let end = if Instant::now() + limit + Settings::LEASE_MARGIN > held_until {
            SendEnd::NotConnected { reason: "the lease was about to end".into() }
        } else {
            self.carrier().send(&message.value, limit).await
        };
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
        task: &TaskId,
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
        task: &TaskId,
        end: &SendEnd,
        hint: Option<Guarded<Run>>,
    ) -> Attempt<()> {
        let now = self.now();
        let Guarded { value: mut message, guard } = message;
        let mut commit = Commit::default();
        let mut event =
            |kind| commit.message_events.push(MessageEvent { message: message.id.clone(), at: now, kind });
        let mut failure = None;
        let mut requeue_at = None;
        match end {
            SendEnd::Accepted(report) => {
                event(MessageEventKind::Accepted { sid: report.sid.clone(), source: SidSource::Answer });
                if let Some(status) = report.status {
                    let error_code = report.error_code;
                    event(MessageEventKind::StatusReported { status, error_code, via: ReportedVia::Answer });
                }
                message.absorb(report, SidSource::Answer, now);
                if self.is_test(&message.credential).await {
                    message.state = State::Test;
                }
                failure = Failure::of(&message);
            }
            // A callback or a look-up proved meanwhile that the provider has it.
            _ if message.state != State::Dispatching => return Ok(()),
            SendEnd::Refused(refusal) => match consequence(refusal, message.attempts) {
                Consequence::Again { after } => {
                    let again_at = now + after;
                    event(refused(refusal, Some(again_at)));
                    message.state = State::Queued;
                    requeue_at = Some(again_at);
                    self.note_slowed(&message, refusal, again_at);
                }
                Consequence::Final(final_failure) => {
                    event(refused(refusal, None));
                    event(MessageEventKind::Failed {
                        outcome: final_failure.outcome,
                        code: final_failure.code,
                        reason: final_failure.reason.clone(),
                    });
                    message.state = State::Failed;
                    message.error_code = refusal.code;
                    message.error_message = Some(refusal.message.clone());
                    failure = Some(final_failure);
                }
            },
            SendEnd::NotConnected { reason } => {
                let again_at = now + backoff(message.attempts, CONNECT_AGAIN_AFTER);
                event(MessageEventKind::Refused {
                    code: None,
                    reason: reason.clone(),
                    again_at: Some(again_at),
                });
                message.state = State::Queued;
                requeue_at = Some(again_at);
            }
            SendEnd::Unknown { reason } => {
                event(MessageEventKind::Unknown { reason: reason.clone() });
                message.state = State::Unknown;
                requeue_at = Some(now + first_look(self.settings()));
            }
        }
        message.updated_at = now;
        match requeue_at {
            Some(at) => commit.requeue_tasks.push((task.clone(), at)),
            None => commit.end_tasks.push(task.clone()),
        }
        if failure.as_ref().is_some_and(|f| f.code == Some(outcome::OPTED_OUT_CODE)) {
            commit.suppress.push(Suppression {
                channel: message.channel,
                address: message.to.clone(),
                reason: SuppressionReason::Provider,
                since: now,
            });
        }
        let settled = requeue_at.is_none();
        commit.messages.push(MessageWrite { message: message.clone(), loaded_guard: guard });
        // A text that goes back to its queue is no news to its run.
        let tell = if settled { Self::news(message, failure) } else { None };
        self.try_change(Change { commit, tell, hint }).await?;
        if !settled {
            self.wake();
        }
        Ok(())
    }

    async fn is_test(&self, credential: &str) -> bool {
        self.carrier().account(credential).await.is_some_and(|account| account.test)
    }

    fn note_slowed(&self, message: &Message, refusal: &Refusal, until: Timestamp) {
        if refusal.http_status == 429 || refusal.code.is_some_and(outcome::is_sender_overload) {
            let sender = message.service.as_deref().or(message.from.as_deref()).unwrap_or_default();
            self.slow_down(&message.credential, sender, until);
        }
    }

    /// A text that somebody else was sending when they stopped.
    pub(crate) async fn mark_unknown(
        &self,
        task: &Task,
        message: Guarded<Message>,
        reason: &str,
    ) -> Result<(), HostError> {
        let end = SendEnd::Unknown { reason: reason.to_owned() };
        self.store_end(message, &task.id, &end, None).await
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

/// Pause before the first new try after a connection that was never made.
const CONNECT_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Pause before the first new try after the provider asked for patience without saying how much.
const REFUSED_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Longest pause between two tries.
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(60);

/// What a refusal leads to.
enum Consequence {
    Again { after: SignedDuration },
    Final(Failure),
}

fn consequence(refusal: &Refusal, attempts: u32) -> Consequence {
    let repeatable = match refusal.code {
        Some(code) => outcome::of_code(code).request_may_be_repeated(),
        None => refusal.http_status == 429,
    };
    if repeatable || refusal.http_status == 429 {
        let own = backoff(attempts, REFUSED_AGAIN_AFTER);
        let hinted = refusal.retry_after.and_then(|hint| SignedDuration::try_from(hint).ok());
        return Consequence::Again { after: hinted.map_or(own, |hint| hint.max(own)) };
    }
    let outcome = refusal.code.map_or(Outcome::Failed, |code| outcome::of_code(code).outcome);
    Consequence::Final(Failure { outcome, code: refusal.code, reason: refusal.message.clone() })
}

/// Doubles with each attempt, with jitter so that many do not come back at once.
fn backoff(attempts: u32, first: Duration) -> SignedDuration {
    let doubled = first.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(AGAIN_AFTER_MAX);
    let jittered = doubled.mul_f64(rand::random_range(0.8..1.2));
    SignedDuration::try_from(jittered).unwrap_or(SignedDuration::from_secs(60))
}

fn refused(refusal: &Refusal, again_at: Option<Timestamp>) -> MessageEventKind {
    MessageEventKind::Refused { code: refusal.code, reason: refusal.message.clone(), again_at }
}

fn first_look(settings: &Settings) -> SignedDuration {
    SignedDuration::try_from(settings.settle_every.min(Duration::from_secs(1)))
        .unwrap_or(SignedDuration::from_secs(1))
}
