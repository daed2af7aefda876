//! A message's turn: everything that must hold is asked again at the moment of sending.

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::perform::Handover;
use crate::work::Host;
use engine::event::{Event, Failure};
use engine::id::MessageId;
use engine::message::{Channel, Message, MessageEvent, MessageEventKind, State};
use engine::outcome::Outcome;
use engine::pacing::{Rate, Turn};
use jiff::{SignedDuration, Timestamp};
use store::record::{Guarded, Task};
use store::{Claimed, Commit, CommitError, Condition, Conflict, DispatchFacts, MessageWrite};

/// WhatsApp takes free-form texts for this long after the person's last one.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// When a text is asked for again that waits for its lane; the lane wakes it earlier.
const LANE_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// When a message's task is looked at again after others were in the way.
const CONTENDED_AGAIN_AFTER: SignedDuration = SignedDuration::from_millis(250);

/// What a queued message may do now.
#[derive(Clone, Debug, PartialEq)]
enum Decision {
    Send { message: Box<Message>, pace: Option<Pace> },
    NotBefore(Timestamp),
    LaneUnknown,
    Refuse(Failure),
}

#[derive(Clone, Debug, PartialEq)]
struct Pace {
    sender: String,
    seen_ms: i64,
    free_at_ms: i64,
}

/// Why a text may go out, for its history.
pub(crate) fn reasons(paced: Option<&str>) -> Vec<String> {
    let mut reasons =
        vec!["the recipient has not opted out".to_owned(), "no text of its lane is unknown".to_owned()];
    reasons.extend(paced.map(|sender| format!("{sender} may send under its rate")));
    reasons
}

impl Host {
    /// Works on a message's task, whatever the message needs.
    pub(crate) async fn work_on_message(&self, claimed: Claimed, id: &MessageId) -> Result<(), HostError> {
        let Some(message) = self.store().message(id).await? else {
            return self.end_task(&claimed.task).await;
        };
        match message.value.state {
            State::Queued => self.dispatch(claimed, message).await,
            // Whoever handed it over is gone, and its lease with it.
            State::Dispatching => {
                self.mark_unknown(&claimed.task, message, "the node that sent it stopped").await
            }
            State::Unknown => self.settle(&claimed.task, message).await,
            State::Accepted | State::Failed | State::Held | State::Received | State::Test => {
                self.end_task(&claimed.task).await
            }
        }
    }

    async fn dispatch(&self, claimed: Claimed, message: Guarded<Message>) -> Result<(), HostError> {
        let Some(slot) = self.slot().await else { return Ok(()) };
        let task = &claimed.task;
        let id = message.value.id.clone();
        let mut known = Some(message);
        // Whatever changed between the look and the commit is looked at again.
        let turned = until_stored!("message", {
            let message = match known.take() {
                Some(message) => Some(message),
                None => self.store().message(&id).await?,
            };
            match message {
                Some(message) if message.value.state == State::Queued => {
                    self.try_dispatch(task, &message).await
                }
                _ => Ok(Turned::Later(self.now())),
            }
        });
        match turned {
            Ok(Turned::Granted(granted)) => {
                let handover = Handover { message: *granted, task: task.id.clone(), slot, run: None };
                self.perform(handover, claimed.held_until).await;
                Ok(())
            }
            Ok(Turned::Later(at)) => self.requeue(task, at).await,
            Ok(Turned::Refused(failure)) => self.fail_message(Some(task), &id, failure).await,
            // Others are in the way all the time: they make progress, and this waits.
            Err(HostError::Contended { .. }) => self.requeue(task, self.now() + CONTENDED_AGAIN_AFTER).await,
            Err(error) => Err(error),
        }
    }

    async fn try_dispatch(&self, task: &Task, message: &Guarded<Message>) -> Attempt<Turned> {
        let now = self.now();
        let mut wanted = message.value.clone();
        if let Err(failure) = self.resolve_sender(&mut wanted) {
            return Ok(Turned::Refused(failure));
        }
        let facts = self.store().dispatch_facts(&wanted).await?;
        let sender = wanted.service.clone().or_else(|| wanted.from.clone()).unwrap_or_default();
        let rate = self.directory().rate(&wanted.credential, &sender);
        if let Some(until) = self.slowed_until(&wanted.credential, &sender) {
            return Ok(Turned::Later(until));
        }
        let give_up_after = self.settings().give_up_after;
        let (mut next, pace) = match decide(&wanted, &facts, rate, give_up_after, now) {
            Decision::Send { message, pace } => (*message, pace),
            Decision::NotBefore(at) => return Ok(Turned::Later(at)),
            Decision::LaneUnknown => return Ok(Turned::Later(now + LANE_AGAIN_AFTER)),
            Decision::Refuse(failure) => return Ok(Turned::Refused(failure)),
        };
        next.state = State::Dispatching;
        next.attempts += 1;
        next.intent_at = Some(now);
        next.updated_at = now;
        let kind = MessageEventKind::Dispatching {
            attempt: next.attempts,
            reasons: reasons(pace.as_ref().map(|pace| pace.sender.as_str())),
        };
        let mut conditions = vec![
            Condition::NotSuppressed { channel: next.channel, address: next.to.clone() },
            Condition::LaneKnown { lane: next.lane() },
        ];
        conditions.extend(pace.map(|Pace { sender, seen_ms, free_at_ms }| Condition::PaceTaken {
            sender,
            seen_ms,
            free_at_ms,
        }));
        let commit = Commit {
            conditions,
            messages: vec![MessageWrite { message: next.clone(), loaded_guard: message.guard }],
            message_events: vec![MessageEvent { message: next.id.clone(), at: now, kind }],
            ..Commit::default()
        };
        tracing::trace!(task = %task.id, message = %next.id, "intent");
        self.store().commit(commit).await?;
        Ok(Turned::Granted(Box::new(Guarded { value: next, guard: message.guard + 1 })))
    }

    /// Fills in the sender's address where only its name is known, or says why there is none.
    fn resolve_sender(&self, message: &mut Message) -> Result<(), Failure> {
        let directory = self.directory();
        let from = message.service.clone().or_else(|| message.from.clone()).unwrap_or_default();
        let credential = Some(message.credential.as_str()).filter(|name| !name.is_empty());
        match directory.resolve(credential, &from, message.channel) {
            Ok(resolved) => {
                message.credential = resolved.credential;
                (message.from, message.service) = if resolved.service {
                    (None, Some(resolved.address))
                } else {
                    (Some(resolved.address), message.service.take())
                };
                Ok(())
            }
            Err(error) => {
                let outcome = match &error {
                    crate::senders::NotResolved::UnknownSender(_) => Outcome::FromNumberNotOwned,
                    _ => Outcome::AuthenticationFailed,
                };
                Err(Failure { outcome, code: None, reason: error.to_string() })
            }
        }
    }

    /// Fails a message that was not handed over, and tells its run.
    pub(crate) async fn fail_message(
        &self,
        task: Option<&Task>,
        id: &MessageId,
        failure: Failure,
    ) -> Result<(), HostError> {
        until_stored!("message", self.try_fail(task, id, &failure).await)
    }

    async fn try_fail(&self, task: Option<&Task>, id: &MessageId, failure: &Failure) -> Attempt<()> {
        let now = self.now();
        let end_tasks: Vec<_> = task.iter().map(|task| task.id.clone()).collect();
        let Some(Guarded { value: mut message, guard }) = self.store().message(id).await? else {
            return Ok(());
        };
        if !matches!(message.state, State::Queued | State::Unknown | State::Held) {
            return Ok(self.store().commit(Commit { end_tasks, ..Commit::default() }).await?);
        }
        message.state = State::Failed;
        message.error_code = failure.code;
        message.error_message = Some(failure.reason.clone());
        message.updated_at = now;
        let kind = MessageEventKind::Failed {
            outcome: failure.outcome,
            code: failure.code,
            reason: failure.reason.clone(),
        };
        let commit = Commit {
            message_events: vec![MessageEvent { message: message.id.clone(), at: now, kind }],
            messages: vec![MessageWrite { message: message.clone(), loaded_guard: guard }],
            end_tasks,
            ..Commit::default()
        };
        let tell = Self::news(message, Some(failure.clone()));
        self.try_change(Change { commit, tell, hint: None }).await?;
        Ok(())
    }

    /// What a message's run must hear.
    pub(crate) fn news(message: Message, failure: Option<Failure>) -> Option<(engine::id::RunId, Event)> {
        let origin = message.origin.clone()?;
        let key = engine::effect::EffectKey { step: origin.step, n: origin.n };
        Some((origin.run, Event::MessageChanged { key, message: Box::new(message), failure }))
    }

    pub(crate) async fn end_task(&self, task: &Task) -> Result<(), HostError> {
        match self.store().commit(Commit { end_tasks: vec![task.id.clone()], ..Commit::default() }).await {
            Ok(()) => Ok(()),
            Err(CommitError::Store(error)) => Err(error.into()),
            Err(CommitError::Conflict(Conflict::Condition | _)) => Err(HostError::Contended { what: "task" }),
        }
    }
}

enum Turned {
    Granted(Box<Guarded<Message>>),
    Later(Timestamp),
    Refused(Failure),
}

/// The rules of dispatch, in their order.
fn decide(
    message: &Message,
    facts: &DispatchFacts,
    rate: Option<Rate>,
    give_up_after: std::time::Duration,
    now: Timestamp,
) -> Decision {
    let refuse = |outcome: Outcome, reason: String| Decision::Refuse(Failure { outcome, code: None, reason });
    if let Some(suppression) = &facts.suppression {
        return refuse(Outcome::OptedOut, format!("the recipient opted out at {}", suppression.since));
    }
    let patience = SignedDuration::try_from(give_up_after).unwrap_or(SignedDuration::MAX);
    if now.duration_since(message.created_at) > patience {
        return refuse(Outcome::Failed, "it could not be handed over in time".into());
    }
    if facts.lane_unknown {
        return Decision::LaneUnknown;
    }
    let mut next = message.clone();
    if message.channel == Channel::WhatsApp {
        let open = facts.last_inbound_at.is_some_and(|at| now.duration_since(at) < WINDOW);
        let free_form = message.content.body.is_some() || !message.content.media.is_empty();
        match (&message.content.template, free_form, open) {
            // The template is for outside of the window.
            (Some(_), true, true) => next.content.template = None,
            (Some(_), true, false) => {
                next.content.body = None;
                next.content.media.clear();
            }
            (None, true, false) => {
                return refuse(Outcome::WindowClosed, "the person has not written within 24 hours".into());
            }
            (Some(_), false, _) | (None, _, _) => {}
        }
    }
    let Some(rate) = rate else { return Decision::Send { message: Box::new(next), pace: None } };
    let sender = message.service.clone().or_else(|| message.from.clone()).unwrap_or_default();
    let segments = next.content.body.as_deref().map_or(1, |body| segments_of(body));
    match rate.turn(facts.free_at_ms, now.as_millisecond(), segments) {
        Turn::Now { free_at_ms } => {
            let pace = Pace { sender, seen_ms: facts.free_at_ms, free_at_ms };
            Decision::Send { message: Box::new(next), pace: Some(pace) }
        }
        Turn::Later { at_ms } => {
            Decision::NotBefore(Timestamp::from_millisecond(at_ms).unwrap_or(now + LANE_AGAIN_AFTER))
        }
    }
}

fn segments_of(body: &str) -> u32 {
    u32::try_from(engine::message::segments(body)).unwrap_or(u32::MAX)
}
