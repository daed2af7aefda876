//! The turn of a text or a call: everything that must hold is asked again at the moment of sending.

mod waiting;

pub use waiting::WaitsFor;

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::outbound::Sendable;
use crate::perform::Handover;
use crate::senders::NotResolved;
use crate::work::Host;
use engine::event::Failure;
use engine::outcome::Outcome;
use engine::pacing::{Rate, Turn};
use engine::run::RunStatus;
use engine::sending::{EventKind, HistoryEvent, State};
use jiff::{SignedDuration, Timestamp};
use store::record::{Guarded, Task};
use store::{Claimed, Commit, CommitError, Condition, Conflict, DispatchFacts, Write};

/// When one is asked for again that waits for its lane; the lane wakes it earlier.
const LANE_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// When a task is looked at again after others were in the way.
const CONTENDED_AGAIN_AFTER: SignedDuration = SignedDuration::from_millis(250);

/// What is queued may do now.
#[derive(Clone, Debug, PartialEq)]
enum Decision<T> {
    Send {
        adapted: Option<Box<T>>,
        pace: Option<Pace>,
    },
    /// Its turn was reserved; it waits for it.
    Reserve {
        at: Timestamp,
        pace: Pace,
    },
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

impl Pace {
    fn condition(self) -> Condition {
        let Pace { sender, seen_ms, free_at_ms } = self;
        Condition::PaceTaken { sender, seen_ms, free_at_ms }
    }
}

/// Why something may go out, for its history.
pub(crate) fn reasons<T: Sendable>(paced: Option<&str>) -> Vec<String> {
    let mut reasons: Vec<String> = T::reasons().into_iter().map(str::to_owned).collect();
    reasons.extend(paced.map(|sender| format!("{sender} may send under its rate")));
    reasons
}

/// What must hold inside the transaction that commits an intent.
pub(crate) fn conditions<T: Sendable>(item: &T) -> Vec<Condition> {
    let (channel, address) = (item.channel(), item.contact().to_owned());
    vec![
        Condition::NotSuppressed { channel, address },
        Condition::LaneKnown { kind: T::KIND, lane: item.lane() },
    ]
}

impl Host {
    /// Works on a task, whatever the text or the call needs.
    pub(crate) async fn work_on<T: Sendable>(&self, claimed: Claimed, id: &T::Id) -> Result<(), HostError> {
        let Some(item) = self.store().find::<T>(id).await? else {
            return self.end_task(&claimed.task).await;
        };
        match item.value.progress().state {
            State::Queued => self.dispatch(claimed, item).await,
            // Whoever handed it over is gone, and its lease with it.
            State::Dispatching => {
                self.mark_unknown(&claimed.task, item, "the node that sent it stopped").await
            }
            State::Unknown => self.settle(&claimed.task, item).await,
            State::Accepted | State::Failed | State::Held | State::Received | State::Test => {
                self.end_task(&claimed.task).await
            }
        }
    }

    async fn dispatch<T: Sendable>(&self, claimed: Claimed, item: Guarded<T>) -> Result<(), HostError> {
        let Some(slot) = self.slot().await else { return Ok(()) };
        let task = &claimed.task;
        let id = item.value.id().clone();
        let mut known = Some(item);
        // Whatever changed between the look and the commit is looked at again.
        let turned = until_stored!("message", {
            let item = match known.take() {
                Some(item) => Some(item),
                None => self.store().find::<T>(&id).await?,
            };
            match item.as_ref().map(|item| item.value.progress().state) {
                Some(State::Queued) => self.try_dispatch(task, item.as_ref().expect("it is there")).await,
                // Somebody else hands it over, and its task is theirs.
                Some(State::Dispatching) => return Ok(()),
                _ => Ok(Turned::Later(self.now())),
            }
        });
        match turned {
            Ok(Turned::Granted(granted)) => {
                let Granted { item, adapted } = *granted;
                let handover = Handover { item, task: task.held(), slot, adapted, run: None };
                self.perform(handover, claimed.held_until).await;
                Ok(())
            }
            Ok(Turned::Later(at)) => self.requeue(task, at).await,
            Ok(Turned::Reserved) => Ok(()),
            Ok(Turned::Refused(failure)) => self.fail::<T>(Some(task), &id, failure).await,
            // Others are in the way all the time: they make progress, and this waits.
            Err(HostError::Contended { .. }) => self.requeue(task, self.now() + CONTENDED_AGAIN_AFTER).await,
            Err(error) => Err(error),
        }
    }

    async fn try_dispatch<T: Sendable>(&self, task: &Task, item: &Guarded<T>) -> Attempt<Turned<T>> {
        let now = self.now();
        let mut wanted = item.value.clone();
        if let Err(error) = wanted.resolve(&self.directory()) {
            return Ok(Turned::Refused(unresolved(&error)));
        }
        let facts = self.store().dispatch_facts(&wanted).await?;
        let rate = wanted.rate(&self.directory());
        if let Some(until) = self.slowed_until(wanted.credential(), &wanted.pacer()) {
            return Ok(Turned::Later(until));
        }
        if self.is_canceled(&wanted).await? {
            let reason = "its run was canceled".to_owned();
            return Ok(Turned::Refused(Failure { outcome: Outcome::Canceled, code: None, reason }));
        }
        let give_up_after = self.settings().give_up_after;
        let (adapted, pace) = match decide(&wanted, &facts, rate, give_up_after, now) {
            Decision::Send { adapted, pace } => (adapted, pace),
            Decision::Reserve { at, pace } => return self.reserve(task, item.guard, wanted, at, pace).await,
            Decision::NotBefore(at) => return Ok(Turned::Later(at)),
            Decision::LaneUnknown => return Ok(Turned::Later(now + LANE_AGAIN_AFTER)),
            Decision::Refuse(failure) => return Ok(Turned::Refused(failure)),
        };
        let mut next = wanted;
        next.progress_mut().begin(now);
        next.touch(now);
        let attempt = next.progress().attempts;
        let sender = next.sender().to_owned();
        let mut reasons = reasons::<T>(rate.map(|_| sender.as_str()));
        reasons.extend(next.goes_as(adapted.as_deref()).map(str::to_owned));
        let kind = EventKind::Dispatching { attempt, reasons };
        let mut conditions = conditions(&next);
        conditions.extend(pace.map(Pace::condition));
        let mut commit = Commit { conditions, ..Commit::default() };
        let writes = T::writes(&mut commit);
        writes.events.push(HistoryEvent { of: next.id().clone(), at: now, kind: kind.into() });
        writes.changed.push(Write { value: next.clone(), loaded_guard: item.guard });
        self.store().commit(commit).await?;
        let item = Guarded { value: next, guard: item.guard + 1 };
        Ok(Turned::Granted(Box::new(Granted { item, adapted })))
    }

    /// Takes the sender's next free turn, so that a backlog wakes one by one and in order.
    async fn reserve<T: Sendable>(
        &self,
        task: &Task,
        loaded_guard: i64,
        mut value: T,
        at: Timestamp,
        pace: Pace,
    ) -> Attempt<Turned<T>> {
        value.progress_mut().turn_at = Some(at);
        let mut commit = Commit {
            conditions: vec![pace.condition()],
            requeue_tasks: vec![(task.held(), at)],
            ..Commit::default()
        };
        T::writes(&mut commit).changed.push(Write { value, loaded_guard });
        self.store().commit(commit).await?;
        Ok(Turned::Reserved)
    }

    /// A person ended the run before this was handed over.
    async fn is_canceled<T: Sendable>(&self, item: &T) -> Result<bool, HostError> {
        let Some(origin) = item.origin() else { return Ok(false) };
        let run = self.store().run(&origin.run).await?;
        Ok(run.is_some_and(|run| matches!(run.value.status, RunStatus::Canceled { .. })))
    }

    /// Fails what was not handed over, and tells its run.
    pub(crate) async fn fail<T: Sendable>(
        &self,
        task: Option<&Task>,
        id: &T::Id,
        failure: Failure,
    ) -> Result<(), HostError> {
        until_stored!("message", self.try_fail::<T>(task, id, &failure).await)
    }

    async fn try_fail<T: Sendable>(&self, task: Option<&Task>, id: &T::Id, failure: &Failure) -> Attempt<()> {
        let now = self.now();
        let end_held: Vec<_> = task.iter().map(|task| task.held()).collect();
        let Some(Guarded { mut value, guard }) = self.store().find::<T>(id).await? else {
            return Ok(());
        };
        let progress = value.progress_mut();
        match progress.state {
            State::Queued | State::Unknown | State::Held => {}
            // Somebody hands it over, and its task is theirs.
            State::Dispatching => return Ok(()),
            _ => return Ok(self.store().commit(Commit { end_held, ..Commit::default() }).await?),
        }
        progress.state = State::Failed;
        progress.error_code = failure.code;
        progress.error_message = Some(failure.reason.clone());
        value.touch(now);
        let Failure { outcome, code, reason } = failure.clone();
        let kind = EventKind::Failed { outcome, code, reason };
        let mut commit = Commit { end_held, ..Commit::default() };
        let writes = T::writes(&mut commit);
        writes.events.push(HistoryEvent { of: id.clone(), at: now, kind: kind.into() });
        writes.changed.push(Write { value: value.clone(), loaded_guard: guard });
        let told = T::line_ended(self, &mut commit, &mut value, Some(failure)).await?;
        let tell = told.or_else(|| value.news(Some(failure.clone())));
        self.try_change(Change { commit, tell, hint: None }).await?;
        Ok(())
    }

    pub(crate) async fn end_task(&self, task: &Task) -> Result<(), HostError> {
        match self.store().commit(Commit { end_held: vec![task.held()], ..Commit::default() }).await {
            Ok(()) => Ok(()),
            Err(CommitError::Store(error)) => Err(error.into()),
            Err(CommitError::Conflict(Conflict::Condition | _)) => Err(HostError::Contended { what: "task" }),
        }
    }
}

enum Turned<T> {
    Granted(Box<Granted<T>>),
    Later(Timestamp),
    /// Its turn is stored, and its task waits for it.
    Reserved,
    Refused(Failure),
}

/// Something whose intent is committed, and what goes out if that differs from what is stored.
struct Granted<T> {
    item: Guarded<T>,
    adapted: Option<Box<T>>,
}

/// Why there is no sender.
pub(crate) fn unresolved(error: &NotResolved) -> Failure {
    let outcome = match error {
        NotResolved::UnknownSender(_) => Outcome::FromNumberNotOwned,
        _ => Outcome::AuthenticationFailed,
    };
    Failure { outcome, code: None, reason: error.to_string() }
}

/// The rules of dispatch, in their order.
fn decide<T: Sendable>(
    item: &T,
    facts: &DispatchFacts,
    rate: Option<Rate>,
    give_up_after: std::time::Duration,
    now: Timestamp,
) -> Decision<T> {
    let refuse = |outcome: Outcome, reason: String| Decision::Refuse(Failure { outcome, code: None, reason });
    if let Some(suppression) = &facts.suppression {
        return refuse(Outcome::OptedOut, format!("the recipient opted out at {}", suppression.since));
    }
    let progress = item.progress();
    let patience = SignedDuration::try_from(give_up_after).unwrap_or(SignedDuration::MAX);
    if progress.first_tried_at.is_some_and(|tried_at| now.duration_since(tried_at) > patience) {
        return refuse(Outcome::Failed, "it could not be handed over in time".into());
    }
    if facts.lane_unknown {
        return Decision::LaneUnknown;
    }
    let adapted = match item.adapted(facts, now) {
        Ok(adapted) => adapted.map(Box::new),
        Err(reason) => return refuse(Outcome::WindowClosed, reason),
    };
    match (rate, progress.turn_at) {
        (None, _) => Decision::Send { adapted, pace: None },
        (Some(_), Some(turn_at)) if turn_at > now => Decision::NotBefore(turn_at),
        (Some(_), Some(_)) => Decision::Send { adapted, pace: None },
        (Some(rate), None) => paced(item, facts, rate, adapted, now),
    }
}

fn paced<T: Sendable>(
    item: &T,
    facts: &DispatchFacts,
    rate: Rate,
    adapted: Option<Box<T>>,
    now: Timestamp,
) -> Decision<T> {
    let sender = item.pacer();
    let weight = adapted.as_deref().unwrap_or(item).weight();
    let (now_ms, seen_ms) = (now.as_millisecond(), facts.free_at_ms);
    let turn_ms = match rate.turn(seen_ms, now_ms, weight) {
        Turn::Now { free_at_ms } => {
            return Decision::Send { adapted, pace: Some(Pace { sender, seen_ms, free_at_ms }) };
        }
        Turn::Later { at_ms } => at_ms,
    };
    let at = Timestamp::from_millisecond(turn_ms).unwrap_or(now + LANE_AGAIN_AFTER);
    match rate.turn(seen_ms, turn_ms, weight) {
        Turn::Now { free_at_ms } => Decision::Reserve { at, pace: Pace { sender, seen_ms, free_at_ms } },
        Turn::Later { .. } => Decision::NotBefore(at),
    }
}
