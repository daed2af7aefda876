//! One advance under way: walks from block to block until the run waits or ends.

use super::fault::{Fault, FaultCode};
use super::log::{LogEntry, LogKind};
use super::{Advance, Cause, Position, Refused, Run, RunStatus, Stage, blocks};
use crate::effect::{Effect, TimerKey, TimerPurpose};
use crate::event::{Event, IncomingCall, Reply, StartedBy};
use crate::limits::{BLOCK_VISITS_WITHOUT_WAIT_MAX, RUN_AGE_DAYS_MAX, RUN_STEPS_MAX, SENT_LIVE_MAX};
use crate::workflow::{Block, BlockKind, Target, Trigger, Workflow};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use template::Template;

pub(super) struct Machine<'a> {
    pub(super) workflow: &'a Workflow,
    pub(super) run: Run,
    pub(super) now: Timestamp,
    pub(super) context: template::Context,
    /// The call that starts the run, until it is answered. Nothing may be waited for before.
    pub(super) ringing: Option<IncomingCall>,
    effects: Vec<Effect>,
    log: Vec<LogEntry>,
}

/// What became of a block's turn.
pub(super) enum Turn {
    /// The run stands here until an event says more.
    Stay,
    Leave(Exit),
    Fail(Fault),
    End(RunStatus),
}

/// The way out of a block.
pub(super) struct Exit {
    outcome: String,
    target: Target,
}

impl Exit {
    /// By the first of these outcomes that the block names, else on as the block says.
    pub(super) fn by(block: &Block, outcomes: &[&str]) -> Exit {
        let named = outcomes.iter().find_map(|outcome| block.on.get(*outcome));
        let outcome = outcomes.first().copied().unwrap_or_default().to_owned();
        Exit { outcome, target: named.copied().unwrap_or(block.next) }
    }

    /// To a target that the outcome settled by itself.
    pub(super) fn to(target: Target, outcome: impl Into<String>) -> Exit {
        Exit { outcome: outcome.into(), target }
    }
}

impl<'a> Machine<'a> {
    pub(super) fn new(workflow: &'a Workflow, run: Run, now: Timestamp) -> Machine<'a> {
        let context = context(workflow, now);
        Machine { workflow, run, now, context, ringing: None, effects: Vec::new(), log: Vec::new() }
    }

    /// The first advance.
    pub(super) fn begin(&mut self, by: StartedBy, message: Option<Reply>, call: Option<IncomingCall>) {
        let trigger = match (by, &self.workflow.trigger) {
            (StartedBy::Hand, _) | (_, Trigger::Manual) => "manual",
            (_, Trigger::Webhook(_)) => "webhook",
            (_, Trigger::IncomingMessage(_)) => "incomingMessage",
            (_, Trigger::IncomingCall(_)) => "incomingCall",
        };
        self.note_run(LogKind::RunStarted { trigger: trigger.into() });
        if let Some(message) = message {
            self.open_route(message.channel, &message.contact, &message.sender);
            self.record_reply(&message, None);
        }
        if let Some(call) = &call {
            let of = json!({"from": call.from, "to": call.to, "at": call.at});
            self.set(INCOMING_CALL_VARIABLE, of);
        }
        self.ringing = call;
        let first = if self.workflow.blocks.is_empty() { Target::End } else { Target::Block(0) };
        self.walk(first);
    }

    /// A later advance.
    pub(super) fn take(&mut self, event: Event) -> Result<(), Refused> {
        if let Event::RunCanceled { by } = event {
            blocks::text_agent::abandon(self);
            self.finish(RunStatus::Canceled { by });
            return Ok(());
        }
        if self.now >= self.age_limit() {
            self.run.age_timer = self.run.age_timer.filter(|_| event != Event::TimerFired { key: AGE_TIMER });
            blocks::text_agent::abandon(self);
            let message = format!("the run is older than {RUN_AGE_DAYS_MAX} days");
            self.finish(RunStatus::Failed { cause: Cause::of_run(FaultCode::RunTooOld, message) });
            return Ok(());
        }
        if let Some(position) = &self.run.position
            && self.standing().is_none()
        {
            let message =
                format!("version {} of the workflow has no block `{}`", self.run.version, position.block);
            self.finish(RunStatus::Failed { cause: Cause::of_run(FaultCode::UnknownBlock, message) });
            return Ok(());
        }
        match event {
            Event::MessageChanged { key, message, failure } => {
                blocks::twilio::message_changed(self, key, &message, failure)
            }
            Event::CallChanged { key, call, failure } => {
                blocks::call::call_changed(self, key, &call, failure)
            }
            Event::AnswerRefused { key, call, failure } => {
                blocks::call::answer_refused(self, key, &call, failure)
            }
            Event::ConversationEnded { key, call, answers, call_back_at } => {
                blocks::call::conversation_ended(self, key, &call, answers, call_back_at)
            }
            Event::TextConversationEnded { key, outcome, failure, answers } => {
                blocks::text_agent::ended(self, key, outcome, failure, answers)
            }
            Event::ReplyReceived { reply } => self.reply_received(reply),
            Event::OptedOut { channel, contact } => self.opted_out(channel, &contact),
            Event::TimerFired { key } => self.timer_fired(key),
            Event::RunCanceled { .. } => Ok(()),
        }
    }

    fn timer_fired(&mut self, key: TimerKey) -> Result<(), Refused> {
        match key.purpose {
            TimerPurpose::RunAge => {
                // The age itself was judged before; a timer that fired early is set anew.
                let at = self.run.age_timer.ok_or(Refused::NotAwaited)?;
                self.set_timer(key, at);
                Ok(())
            }
            TimerPurpose::DeliveryTimeout => blocks::overdue(self, key),
            TimerPurpose::Retry => blocks::retry_due(self, key),
            TimerPurpose::Wait | TimerPurpose::ReplyTimeout => self.wait_over(key),
        }
    }

    fn wait_over(&mut self, key: TimerKey) -> Result<(), Refused> {
        let (index, block) = self.standing().ok_or(Refused::NotAwaited)?;
        let position = self.run.position.as_ref().ok_or(Refused::NotAwaited)?;
        let until = position.until.filter(|_| position.step == key.step).ok_or(Refused::NotAwaited)?;
        let outcome = match (&block.kind, key.purpose) {
            (BlockKind::Wait(_), TimerPurpose::Wait) => blocks::wait::WAITED,
            (BlockKind::WaitForReply(_), TimerPurpose::ReplyTimeout) => blocks::wait_for_reply::TIMEOUT,
            _ => return Err(Refused::NotAwaited),
        };
        if self.now < until {
            self.set_timer(key, until);
            return Ok(());
        }
        self.note(LogKind::TimerFired { key });
        // The timer is gone, so there is none to cancel should the run end now.
        self.run.position.iter_mut().for_each(|position| position.until = None);
        self.go_on(index, Turn::Leave(Exit::by(block, &[outcome])));
        Ok(())
    }

    /// Where the run stands.
    pub(super) fn standing(&self) -> Option<(usize, &'a Block)> {
        let position = self.run.position.as_ref()?;
        self.workflow.block(&position.block)
    }

    /// Goes on from a block whose turn came to something.
    pub(super) fn go_on(&mut self, index: usize, turn: Turn) {
        if let Some(target) = self.leave(index, turn) {
            self.walk(target);
        }
    }

    fn walk(&mut self, mut target: Target) {
        loop {
            let index = match target {
                Target::Block(index) if index < self.workflow.blocks.len() => index,
                _ => return self.finish(RunStatus::Completed),
            };
            let turn = match self.enter(index) {
                Ok(()) => blocks::run(self, index),
                Err(cause) => return self.finish(RunStatus::Failed { cause }),
            };
            match self.leave(index, turn) {
                Some(next) => target = next,
                None => return,
            }
        }
    }

    fn enter(&mut self, index: usize) -> Result<(), Cause> {
        let block = &self.workflow.blocks[index];
        let limit =
            |code, message: String| Cause { block: Some(block.id.clone()), ..Cause::of_run(code, message) };
        if self.run.steps >= RUN_STEPS_MAX {
            let message = format!("the run took {RUN_STEPS_MAX} steps, which is the limit");
            return Err(limit(FaultCode::TooManySteps, message));
        }
        let visits = self.run.visits.entry(block.id.clone()).or_default();
        if *visits >= BLOCK_VISITS_WITHOUT_WAIT_MAX {
            let message = format!(
                "the block was visited {BLOCK_VISITS_WITHOUT_WAIT_MAX} times without a wait between, which is the limit"
            );
            return Err(limit(FaultCode::LoopWithoutWait, message));
        }
        *visits += 1;
        self.run.steps += 1;
        let (block_id, step, since) = (block.id.clone(), self.run.steps, self.now);
        self.run.position = Some(Position { block: block_id, step, since, until: None });
        self.note(LogKind::BlockEntered { block_type: blocks::type_name(&block.kind).into() });
        Ok(())
    }

    /// Settles a turn; gives where to go, or nothing where the run waits or ended.
    fn leave(&mut self, index: usize, turn: Turn) -> Option<Target> {
        let block = &self.workflow.blocks[index];
        match turn {
            Turn::Stay => None,
            Turn::Leave(exit) => {
                self.note_left(exit.outcome, exit.target);
                Some(exit.target)
            }
            Turn::Fail(fault) => self.fail(block, fault),
            Turn::End(status) => {
                self.finish(status);
                None
            }
        }
    }

    fn fail(&mut self, block: &Block, fault: Fault) -> Option<Target> {
        let named = fault.branches.iter().find_map(|name| block.on.get_key_value(*name));
        let cause = fault.into_cause(&block.id);
        self.note(LogKind::BlockFailed { cause: cause.clone() });
        self.set("error", error_value(&cause));
        if let Some((outcome, target)) = named {
            self.note_left(outcome.clone(), *target);
            return Some(*target);
        }
        // A failure on the way that `onError` leads must not lead there again.
        if let (Some(target), None) = (self.workflow.on_error, &self.run.caught) {
            self.run.caught = Some(cause);
            self.note_left("onError".into(), target);
            return Some(target);
        }
        self.finish(RunStatus::Failed { cause });
        None
    }

    fn finish(&mut self, status: RunStatus) {
        self.cancel_timers();
        self.note_run(LogKind::ended(&status));
        self.run.status = status;
        self.run.ended_at = Some(self.now);
        self.run.position = None;
        self.run.visits.clear();
        self.run.sent.clear();
        self.run.live.clear();
        self.run.replies.clear();
        self.run.taken.clear();
        self.run.routes.clear();
        self.run.opted_out.clear();
        self.run.age_timer = None;
    }

    fn cancel_timers(&mut self) {
        if let Some(timer) = self.standing_timer() {
            self.cancel_timer(timer);
        }
        let mut of_texts = Vec::new();
        for sent in &self.run.sent {
            let of_text = |purpose| TimerKey { step: sent.step, purpose };
            of_texts.extend(sent.receipt_due.map(|_| of_text(TimerPurpose::DeliveryTimeout)));
            of_texts.extend(sent.retry.as_ref().map(|_| of_text(TimerPurpose::Retry)));
        }
        of_texts.into_iter().for_each(|timer| self.cancel_timer(timer));
        if self.run.age_timer.is_some() {
            self.cancel_timer(AGE_TIMER);
        }
    }

    /// The timer that ends the wait at which the run stands.
    pub(super) fn standing_timer(&self) -> Option<TimerKey> {
        let position = self.run.position.as_ref().filter(|position| position.until.is_some())?;
        let purpose = match self.standing()?.1.kind {
            BlockKind::WaitForReply(_) => TimerPurpose::ReplyTimeout,
            _ => TimerPurpose::Wait,
        };
        Some(TimerKey { step: position.step, purpose })
    }

    /// Stands at the present block until the moment, or until an event where there is none.
    pub(super) fn stand(&mut self, until: Option<Timestamp>) -> Turn {
        if let Some(position) = &mut self.run.position {
            position.until = until;
        }
        self.run.visits.clear();
        self.note(LogKind::WaitStarted { until });
        match (self.standing_timer(), until) {
            (Some(timer), Some(at)) => self.set_timer(timer, at),
            _ => self.bound_age(),
        }
        Turn::Stay
    }

    /// Whatever waits without a bound of its own is ended by the run's greatest age.
    pub(super) fn bound_age(&mut self) {
        if self.run.age_timer.is_none() {
            let at = self.age_limit();
            self.run.age_timer = Some(at);
            self.set_timer(AGE_TIMER, at);
        }
    }

    pub(super) fn age_limit(&self) -> Timestamp {
        later(self.run.started_at, RUN_AGE_DAYS_MAX * 24 * 60 * 60 * 1000)
    }

    /// Writes a variable; no later report of a text or a call touches it any more.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.run.live.remove(name);
        self.run.variables.insert(name.to_owned(), value);
    }

    /// Whether a template says something that was told in confidence.
    pub(super) fn says_secrets(&self, template: &Template) -> bool {
        !self.run.sensitive.is_empty() && template.variables().iter().any(|used| self.run.is_secret(used))
    }

    pub(super) fn set_timer(&mut self, key: TimerKey, at: Timestamp) {
        self.effects.push(Effect::SetTimer { key, at });
    }

    pub(super) fn cancel_timer(&mut self, key: TimerKey) {
        self.effects.push(Effect::CancelTimer { key });
    }

    pub(super) fn perform(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Notes something of the step at which the run stands.
    pub(super) fn note(&mut self, kind: LogKind) {
        let position = self.run.position.as_ref();
        let (step, block) = (position.map(|p| p.step), position.map(|p| p.block.clone()));
        self.log.push(LogEntry { at: self.now, step, block, kind });
    }

    /// Notes something of an earlier step.
    pub(super) fn note_of(&mut self, step: u32, block: &str, kind: LogKind) {
        self.log.push(LogEntry { at: self.now, step: Some(step), block: Some(block.to_owned()), kind });
    }

    /// Whether this advance has nothing to show for itself.
    pub(super) fn is_untouched(&self) -> bool {
        self.effects.is_empty() && self.log.is_empty()
    }

    fn note_run(&mut self, kind: LogKind) {
        self.log.push(LogEntry { at: self.now, step: None, block: None, kind });
    }

    fn note_left(&mut self, outcome: String, target: Target) {
        let to =
            target.index().and_then(|index| self.workflow.blocks.get(index)).map(|block| block.id.clone());
        self.note(LogKind::BlockLeft { outcome, to });
    }

    pub(super) fn into_advance(mut self) -> Advance {
        self.keep_routes();
        self.forget_what_is_settled();
        Advance { run: self.run, effects: self.effects, log: self.log }
    }

    /// Forgets texts and calls that no event can make a difference to any more, and the oldest ones past a limit.
    fn forget_what_is_settled(&mut self) {
        let run = &mut self.run;
        let live = &run.live;
        run.sent.retain(|sent| {
            sent.stage == Stage::Awaited
                || sent.may_be_retried(self.workflow)
                || live.values().any(|step| *step == sent.step)
        });
        let surplus = run.sent.len().saturating_sub(SENT_LIVE_MAX);
        let mut dropped = 0;
        run.sent.retain(|sent| {
            let drop = dropped < surplus && sent.stage == Stage::Done && sent.retry.is_none();
            dropped += usize::from(drop);
            !drop
        });
    }
}

/// What the templates of a workflow are rendered with at that time.
pub(crate) fn context(workflow: &Workflow, now: Timestamp) -> template::Context {
    let defaults = &workflow.defaults;
    let zone = defaults.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let mut context = template::Context { now, region: defaults.region.clone(), ..Default::default() };
    context.time_zone = zone.unwrap_or(TimeZone::UTC);
    if let Some(language) = &defaults.language {
        context.language.clone_from(language);
    }
    context
}

/// The variable that holds who called which number when.
pub(crate) const INCOMING_CALL_VARIABLE: &str = "call";

pub(super) const AGE_TIMER: TimerKey = TimerKey { step: 0, purpose: TimerPurpose::RunAge };

/// A moment so many milliseconds later, or the end of time.
pub(super) fn later(from: Timestamp, ms: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_millis(ms)).unwrap_or(if ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

fn error_value(cause: &Cause) -> Value {
    json!({"code": cause.code, "message": cause.message, "hint": cause.hint, "block": cause.block})
}
