//! A message's turn: everything that must hold is asked again at the moment of sending.

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::perform::Handover;
use crate::work::Host;
use engine::event::{Event, Failure};
use engine::id::MessageId;
use engine::message::{Channel, Content, Message, MessageEvent, MessageEventKind, State};
use engine::outcome::Outcome;
use engine::pacing::{Rate, Turn};
use engine::run::RunStatus;
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
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is nearly always to send")]
enum Decision {
    Send {
        adapted: Option<Content>,
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
                // Somebody else hands it over, and its task is theirs.
                Some(message) if message.value.state == State::Dispatching => return Ok(()),
                _ => Ok(Turned::Later(self.now())),
            }
        });
        match turned {
            Ok(Turned::Granted(granted)) => {
                let Granted { message, adapted } = *granted;
                let handover = Handover { message, task: task.held(), slot, adapted, run: None };
                self.perform(handover, claimed.held_until).await;
                Ok(())
            }
            Ok(Turned::Later(at)) => self.requeue(task, at).await,
            Ok(Turned::Reserved) => Ok(()),
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
        if self.is_canceled(&wanted).await? {
            let reason = "its run was canceled".to_owned();
            return Ok(Turned::Refused(Failure { outcome: Outcome::Canceled, code: None, reason }));
        }
        let give_up_after = self.settings().give_up_after;
        let (adapted, pace) = match decide(&wanted, &facts, rate, give_up_after, now) {
            Decision::Send { adapted, pace } => (adapted, pace),
            Decision::Reserve { at, pace } => {
                return self.reserve(task, message.guard, wanted, at, pace).await;
            }
            Decision::NotBefore(at) => return Ok(Turned::Later(at)),
            Decision::LaneUnknown => return Ok(Turned::Later(now + LANE_AGAIN_AFTER)),
            Decision::Refuse(failure) => return Ok(Turned::Refused(failure)),
        };
        let mut next = wanted;
        next.state = State::Dispatching;
        next.attempts += 1;
        next.turn_at = None;
        next.first_tried_at = next.first_tried_at.or(Some(now));
        next.intent_at = Some(now);
        next.updated_at = now;
        let kind = MessageEventKind::Dispatching {
            attempt: next.attempts,
            reasons: reasons(rate.map(|_| sender.as_str())),
        };
        let mut conditions = vec![
            Condition::NotSuppressed { channel: next.channel, address: next.to.clone() },
            Condition::LaneKnown { lane: next.lane() },
        ];
        conditions.extend(pace.map(Pace::condition));
        let commit = Commit {
            conditions,
            messages: vec![MessageWrite { message: next.clone(), loaded_guard: message.guard }],
            message_events: vec![MessageEvent { message: next.id.clone(), at: now, kind }],
            ..Commit::default()
        };
        self.store().commit(commit).await?;
        let message = Guarded { value: next, guard: message.guard + 1 };
        Ok(Turned::Granted(Box::new(Granted { message, adapted })))
    }

    /// Takes the sender's next free turn for a message, so that a backlog wakes one by one and in order.
    async fn reserve(
        &self,
        task: &Task,
        loaded_guard: i64,
        mut message: Message,
        at: Timestamp,
        pace: Pace,
    ) -> Attempt<Turned> {
        message.turn_at = Some(at);
        let commit = Commit {
            conditions: vec![pace.condition()],
            messages: vec![MessageWrite { message, loaded_guard }],
            requeue_tasks: vec![(task.held(), at)],
            ..Commit::default()
        };
        self.store().commit(commit).await?;
        Ok(Turned::Reserved)
    }

    /// A person ended the run before this text was handed over.
    async fn is_canceled(&self, message: &Message) -> Result<bool, HostError> {
        let Some(origin) = &message.origin else { return Ok(false) };
        let run = self.store().run(&origin.run).await?;
        Ok(run.is_some_and(|run| matches!(run.value.status, RunStatus::Canceled { .. })))
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
        let end_held: Vec<_> = task.iter().map(|task| task.held()).collect();
        let Some(Guarded { value: mut message, guard }) = self.store().message(id).await? else {
            return Ok(());
        };
        match message.state {
            State::Queued | State::Unknown | State::Held => {}
            // Somebody hands it over, and its task is theirs.
            State::Dispatching => return Ok(()),
            _ => return Ok(self.store().commit(Commit { end_held, ..Commit::default() }).await?),
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
            end_held,
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
        match self.store().commit(Commit { end_held: vec![task.held()], ..Commit::default() }).await {
            Ok(()) => Ok(()),
            Err(CommitError::Store(error)) => Err(error.into()),
            Err(CommitError::Conflict(Conflict::Condition | _)) => Err(HostError::Contended { what: "task" }),
        }
    }
}

enum Turned {
    Granted(Box<Granted>),
    Later(Timestamp),
    /// Its turn is stored, and its task waits for it.
    Reserved,
    Refused(Failure),
}

/// A message whose intent is committed, and what it is to say if that differs from what is stored.
struct Granted {
    message: Guarded<Message>,
    adapted: Option<Content>,
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
    if message.first_tried_at.is_some_and(|tried_at| now.duration_since(tried_at) > patience) {
        return refuse(Outcome::Failed, "it could not be handed over in time".into());
    }
    if facts.lane_unknown {
        return Decision::LaneUnknown;
    }
    let adapted = match adapt(message, facts, now) {
        Ok(adapted) => adapted,
        Err(reason) => return refuse(Outcome::WindowClosed, reason),
    };
    match (rate, message.turn_at) {
        (None, _) => Decision::Send { adapted, pace: None },
        (Some(_), Some(turn_at)) if turn_at > now => Decision::NotBefore(turn_at),
        (Some(_), Some(_)) => Decision::Send { adapted, pace: None },
        (Some(rate), None) => paced(message, facts, rate, adapted, now),
    }
}

fn paced(
    message: &Message,
    facts: &DispatchFacts,
    rate: Rate,
    adapted: Option<Content>,
    now: Timestamp,
) -> Decision {
    let sender = message.service.clone().or_else(|| message.from.clone()).unwrap_or_default();
    let content = adapted.as_ref().unwrap_or(&message.content);
    let segments = content.body.as_deref().map_or(1, segments_of);
    let (now_ms, seen_ms) = (now.as_millisecond(), facts.free_at_ms);
    let turn_ms = match rate.turn(seen_ms, now_ms, segments) {
        Turn::Now { free_at_ms } => {
            return Decision::Send { adapted, pace: Some(Pace { sender, seen_ms, free_at_ms }) };
        }
        Turn::Later { at_ms } => at_ms,
    };
    let at = Timestamp::from_millisecond(turn_ms).unwrap_or(now + LANE_AGAIN_AFTER);
    match rate.turn(seen_ms, turn_ms, segments) {
        Turn::Now { free_at_ms } => Decision::Reserve { at, pace: Pace { sender, seen_ms, free_at_ms } },
        Turn::Later { .. } => Decision::NotBefore(at),
    }
}

/// What WhatsApp's window makes of a text: free form inside, the template outside, or a reason why neither
/// goes. Nothing where it goes as it is.
fn adapt(message: &Message, facts: &DispatchFacts, now: Timestamp) -> Result<Option<Content>, String> {
    let content = &message.content;
    let free_form = content.body.is_some() || !content.media.is_empty() || content.location.is_some();
    if message.channel != Channel::WhatsApp || !free_form {
        return Ok(None);
    }
    let open = facts.last_inbound_at.is_some_and(|at| now.duration_since(at) < WINDOW);
    match (&content.template, open) {
        (None, true) => Ok(None),
        (None, false) => Err("the person has not written within 24 hours".into()),
        (Some(_), true) => Ok(Some(Content { template: None, ..content.clone() })),
        (Some(template), false) => {
            Ok(Some(Content { template: Some(template.clone()), ..Content::default() }))
        }
    }
}

fn segments_of(body: &str) -> u32 {
    u32::try_from(engine::message::segments(body)).unwrap_or(u32::MAX)
}
