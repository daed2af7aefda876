//! Turns what the engine asks for into one commit.

use crate::ids::{new_id, timer_task_id};
use crate::work::{Host, Slot};
use engine::effect::{Effect, EffectKey, SendMessage};
use engine::id::{MessageId, RunId, TaskId};
use engine::message::{Direction, Message, MessageEvent, MessageEventKind, Origin, Receipt, State};
use engine::run::{Advance, ReplyRoute, Run};
use jiff::Timestamp;
use store::record::{Guarded, Held, Task, TaskKind};
use store::{Birth, Commit, Condition, MessageInsert, RunWrite};

/// A run as it was loaded, or nothing for a new one, with what became of it.
pub(crate) struct Step {
    pub advance: Advance,
    /// Nothing for a new run.
    pub loaded: Option<Loaded>,
    pub dedupe_key: Option<String>,
}

pub(crate) struct Loaded {
    pub guard: i64,
    pub routes: Vec<ReplyRoute>,
}

/// A commit together with what is to be done once it is stored.
pub(crate) struct Plan {
    pub commit: Commit,
    /// Texts that may be handed over as soon as the commit is stored.
    pub born: Vec<Born>,
    /// The run as it is stored then.
    pub run: Option<Guarded<Run>>,
    /// Some task that nobody holds may be due.
    pub wakes: bool,
}

pub(crate) struct Born {
    pub message: Message,
    pub task: Held,
    pub slot: Slot,
}

/// Whether texts may be born in the hands of this node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BirthMode {
    Direct,
    Queued,
}

impl Host {
    /// Adds a step of a run to what is to be committed anyway.
    pub(crate) fn plan(&self, base: Commit, step: Option<&Step>, mode: BirthMode, now: Timestamp) -> Plan {
        let mut plan = Plan { commit: base, born: Vec::new(), run: None, wakes: false };
        let Some(step) = step else { return plan };
        let run = &step.advance.run;
        for effect in &step.advance.effects {
            match effect {
                Effect::SendMessage { key, send } => self.plan_send(&mut plan, run, *key, send, mode, now),
                Effect::SetTimer { key, at } => {
                    let kind = TaskKind::Timer { run: run.id.clone(), key: *key };
                    let id = timer_task_id(&run.id, *key);
                    // Whatever was decided about this timer before, the last word counts.
                    plan.commit.end_tasks.retain(|ended| *ended != id);
                    plan.commit.end_held.retain(|held| held.task != id);
                    plan.commit.new_tasks.push(Task { id, kind, due_at: *at, attempts: 0 });
                    plan.wakes = true;
                }
                Effect::CancelTimer { key } => {
                    let id = timer_task_id(&run.id, *key);
                    plan.commit.new_tasks.retain(|task| task.id != id);
                    plan.commit.end_tasks.push(id);
                }
            }
        }
        plan.commit.log.extend(step.advance.log.iter().cloned());
        let routes_before = step.loaded.as_ref().map_or(&[][..], |loaded| &loaded.routes);
        let routes = (run.routes != routes_before).then(|| self.resolved_routes(run));
        plan.commit.run = Some(RunWrite {
            run: run.clone(),
            loaded_guard: step.loaded.as_ref().map(|loaded| loaded.guard),
            dedupe_key: step.dedupe_key.clone(),
            routes,
        });
        let guard = step.loaded.as_ref().map_or(store::FIRST_GUARD, |loaded| loaded.guard + 1);
        plan.run = Some(Guarded { value: run.clone(), guard });
        plan
    }

    fn plan_send(
        &self,
        plan: &mut Plan,
        run: &Run,
        key: EffectKey,
        send: &SendMessage,
        mode: BirthMode,
        now: Timestamp,
    ) {
        let (message, direct) = self.compose(Some((&run.id, key)), send, now);
        let task = TaskId::from_trusted(new_id(TaskId::PREFIX));
        let slot = (direct && mode == BirthMode::Direct).then(|| self.free_slot()).flatten();
        self.plan_birth(plan, message, task, slot, now);
    }

    /// A message for a send, queued; and whether it may be handed over without looking at more than
    /// its lane and the suppressions.
    pub(crate) fn compose(
        &self,
        origin: Option<(&RunId, EffectKey)>,
        send: &SendMessage,
        now: Timestamp,
    ) -> (Message, bool) {
        let directory = self.directory();
        let resolved = directory.resolve(send.credential.as_deref(), &send.from, send.channel);
        let unpaced =
            matches!(&resolved, Ok(r) if r.rate.is_none() && !self.is_slowed(&r.credential, &r.address));
        let direct = unpaced && send.channel == engine::message::Channel::Sms;
        let (credential, from, service) = match resolved {
            Ok(r) if r.service => (r.credential, None, Some(r.address)),
            Ok(r) => (r.credential, Some(r.address), None),
            // The dispatch asks again, and fails the message with the reason.
            Err(_) => (send.credential.clone().unwrap_or_default(), Some(send.from.clone()), None),
        };
        let message = Message {
            id: MessageId::from_trusted(new_id(MessageId::PREFIX)),
            direction: Direction::Outbound,
            channel: send.channel,
            credential,
            from,
            service,
            to: send.to.clone(),
            content: send.content.clone(),
            origin: origin.map(|(run, key)| Origin { run: run.clone(), step: key.step, n: key.n }),
            state: State::Queued,
            status: None,
            error_code: None,
            error_message: None,
            sid: None,
            sid_source: None,
            attempts: 0,
            resends: 0,
            turn_at: None,
            first_tried_at: None,
            intent_at: None,
            receipt: Receipt::default(),
            created_at: now,
            updated_at: now,
        };
        (message, direct)
    }

    /// Adds a new message: in our hands where a slot is free, else queued.
    pub(crate) fn plan_birth(
        &self,
        plan: &mut Plan,
        mut message: Message,
        task: TaskId,
        slot: Option<Slot>,
        now: Timestamp,
    ) {
        let event = |kind| MessageEvent { message: message.id.clone(), at: now, kind };
        let birth = if let Some(slot) = slot {
            plan.commit.message_events.push(event(MessageEventKind::Dispatching {
                attempt: 1,
                reasons: crate::dispatch::reasons(None),
            }));
            message.state = State::Dispatching;
            message.attempts = 1;
            message.first_tried_at = Some(now);
            message.intent_at = Some(now);
            plan.commit
                .conditions
                .push(Condition::NotSuppressed { channel: message.channel, address: message.to.clone() });
            plan.commit.conditions.push(Condition::LaneKnown { lane: message.lane() });
            plan.born.push(Born {
                message: message.clone(),
                task: Held { task: task.clone(), claim: 1 },
                slot,
            });
            Birth::Dispatching { task, due_at: now, lease_ms: self.settings().lease_ms() }
        } else {
            plan.commit.message_events.push(event(MessageEventKind::Queued));
            plan.wakes = true;
            Birth::Queued { task, due_at: now }
        };
        plan.commit.new_messages.push(MessageInsert { message, birth });
    }

    /// The run's routes with addresses instead of senders' names.
    fn resolved_routes(&self, run: &Run) -> Vec<ReplyRoute> {
        let directory = self.directory();
        let mut routes = run.routes.clone();
        for route in &mut routes {
            if let Ok(resolved) = directory.resolve(None, &route.sender, route.channel) {
                route.sender = resolved.address;
            }
        }
        routes
    }
}
