//! Turns what the engine asks for into one commit.

use crate::ids::{new_id, timer_task_id};
use crate::outbound::Sendable;
use crate::work::{Host, Slot};
use engine::call::{self, Call, Course};
use engine::effect::{Effect, EffectKey, PlaceCall, SendMessage};
use engine::id::{CallId, MessageId, RunId, TaskId};
use engine::message::{Direction, Message, Origin, Progress, Receipt, State};
use engine::run::{Advance, ReplyRoute, Run};
use engine::sending::{Channel, EventKind, HistoryEvent, Outbound};
use jiff::Timestamp;
use store::record::{Guarded, Held, Task, TaskKind};
use store::{Birth, Commit, Insert, RunWrite};

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
    pub born: Vec<Born<Message>>,
    /// Calls, likewise.
    pub born_calls: Vec<Born<Call>>,
    /// The run as it is stored then.
    pub run: Option<Guarded<Run>>,
    /// Some task that nobody holds may be due.
    pub wakes: bool,
}

impl Plan {
    /// A commit, and nothing to be done after it.
    pub(crate) fn of(commit: Commit) -> Plan {
        let wakes = !commit.new_tasks.is_empty();
        Plan { commit, born: Vec::new(), born_calls: Vec::new(), run: None, wakes }
    }

    pub(crate) fn is_direct(&self) -> bool {
        !self.born.is_empty() || !self.born_calls.is_empty()
    }
}

pub(crate) struct Born<T> {
    pub item: T,
    pub task: Held,
    pub slot: Slot,
}

/// Whether texts and calls may be born in the hands of this node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BirthMode {
    Direct,
    Queued,
}

impl Host {
    /// Adds a step of a run to what is to be committed anyway.
    pub(crate) fn plan(&self, base: Commit, step: Option<&Step>, mode: BirthMode, now: Timestamp) -> Plan {
        let mut plan = Plan::of(base);
        let Some(step) = step else { return plan };
        let run = &step.advance.run;
        for effect in &step.advance.effects {
            match effect {
                Effect::SendMessage { key, send } => self.plan_send(&mut plan, run, *key, send, mode, now),
                Effect::PlaceCall { key, place } => {
                    let (call, direct) = self.compose_call(Some((&run.id, *key)), place, now);
                    let slot = (direct && mode == BirthMode::Direct).then(|| self.free_slot()).flatten();
                    let born = self.plan_birth(&mut plan, call, slot, now);
                    plan.born_calls.extend(born);
                }
                // Whoever takes the call in stores it with its plan.
                Effect::AnswerCall { .. } => {}
                Effect::BeginConversation { key, begin } => {
                    let (id, kind) = crate::texting::begin_task(&run.id, *key, begin);
                    plan.commit.new_tasks.push(Task { id, kind, due_at: now, attempts: 0 });
                    plan.wakes = true;
                }
                Effect::EndConversation { key } => {
                    plan.commit.new_tasks.push(crate::texting::abandon_task(&run.id, key.step, now));
                    plan.wakes = true;
                }
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
        let slot = (direct && mode == BirthMode::Direct).then(|| self.free_slot()).flatten();
        let born = self.plan_birth(plan, message, slot, now);
        plan.born.extend(born);
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
        let direct = unpaced && send.channel == Channel::Sms;
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
            goes_as: None,
            class: send.class,
            origin: origin.map(|(run, key)| Origin { run: run.clone(), step: key.step, n: key.n }),
            conversation: None,
            progress: Progress::new(State::Queued),
            receipt: Receipt::default(),
            created_at: now,
            updated_at: now,
        };
        (message, direct)
    }

    /// A call to place, queued; and whether it may be handed over likewise.
    pub(crate) fn compose_call(
        &self,
        origin: Option<(&RunId, EffectKey)>,
        place: &PlaceCall,
        now: Timestamp,
    ) -> (Call, bool) {
        let directory = self.directory();
        let resolved = directory.resolve(place.credential.as_deref(), &place.from, Channel::Voice);
        let is_unpaced = resolved.as_ref().is_ok_and(|resolved| resolved.rate.is_none());
        let (credential, from) = match resolved {
            Ok(resolved) => (resolved.credential, resolved.address),
            // The dispatch asks again, and fails the call with the reason.
            Err(_) => (place.credential.clone().unwrap_or_default(), place.from.clone()),
        };
        let call = Call {
            id: CallId::from_trusted(new_id(CallId::PREFIX)),
            direction: Direction::Outbound,
            credential,
            from: Some(from),
            to: place.to.clone(),
            plan: Some(place.plan.clone()),
            class: place.class,
            origin: origin.map(|(run, key)| Origin { run: run.clone(), step: key.step, n: key.n }),
            progress: Progress::new(State::Queued),
            course: Course::default(),
            receipt: call::Receipt::default(),
            created_at: now,
            updated_at: now,
        };
        let direct = is_unpaced && !self.is_slowed(&call.credential, &call.pacer());
        (call, direct)
    }

    /// Adds a new text or call: in our hands where a slot is free, else queued.
    pub(crate) fn plan_birth<T: Sendable>(
        &self,
        plan: &mut Plan,
        mut item: T,
        slot: Option<Slot>,
        now: Timestamp,
    ) -> Option<Born<T>> {
        let task = TaskId::from_trusted(new_id(TaskId::PREFIX));
        let (kind, birth, born) = if let Some(slot) = slot {
            item.progress_mut().begin(now);
            plan.commit.conditions.extend(crate::dispatch::conditions(&item));
            let held = Held { task: task.clone(), claim: 1 };
            let mut reasons = crate::dispatch::reasons::<T>(None);
            reasons.extend(item.goes_as(None).map(str::to_owned));
            let kind = EventKind::Dispatching { attempt: 1, reasons };
            let birth = Birth::Dispatching { task, due_at: now, lease_ms: self.settings().lease_ms() };
            (kind, birth, Some(Born { item: item.clone(), task: held, slot }))
        } else {
            plan.wakes = true;
            (EventKind::Queued, Birth::Queued { task, due_at: now }, None)
        };
        let writes = T::writes(&mut plan.commit);
        writes.events.push(HistoryEvent { of: item.id().clone(), at: now, kind: kind.into() });
        writes.new.push(Insert { value: item, birth });
        born
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
