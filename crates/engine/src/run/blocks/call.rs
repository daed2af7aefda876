//! `twilio` with a call: asks for a call, and goes on once it is over, or taken by the provider where the
//! block says so.
//!
//! The run may be anywhere when a call's later reports come: they update the results that the block
//! saved. The branch that was taken stays.

mod compose;
mod interviewed;

pub(in crate::run) use interviewed::conversation_ended;

use super::attempts::{self, drop_retry, exit, save, settle, stop_end_timer};
use crate::call::{Call, Status};
use crate::effect::{Effect, EffectKey, PlaceCall, TimerKey, TimerPurpose};
use crate::event::{Failure, IncomingCall};
use crate::outcome::Outcome;
use crate::run::fault::{Fault, FaultCode};
use crate::run::log::LogKind;
use crate::run::machine::{Machine, Turn, later};
use crate::run::results::{self, Change};
use crate::run::{Attempt, Refused, Sent, Stage};
use crate::sending::{Lattice, State};
use crate::workflow::{BlockKind, CallBlock, CallUntil, Line};

pub(in crate::run) fn run(machine: &mut Machine<'_>, call: &CallBlock) -> Turn {
    if call.line == Line::Answers {
        return answer(machine, call);
    }
    let place = match compose::compose(machine, call) {
        Ok(place) => place,
        Err(fault) => return Turn::Fail(fault),
    };
    let results = results::of_placing(&call.save, &place);
    let (key, block) = attempts::first(machine, results, &call.save);
    request(machine, &block, key, place);
    Turn::Stay
}

/// Takes the call that started the run, which is only there as long as nothing was waited for.
fn answer(machine: &mut Machine<'_>, call: &CallBlock) -> Turn {
    let Some(ringing) = machine.ringing.take() else {
        let message = "the call that started the run was answered before, or is over";
        return Turn::Fail(Fault::new(FaultCode::NoCallToAnswer, message));
    };
    let plan = match compose::plan(machine, call) {
        Ok(plan) => plan,
        Err(fault) => {
            machine.ringing = Some(ringing);
            return Turn::Fail(fault);
        }
    };
    let taken = PlaceCall {
        credential: Some(ringing.credential),
        from: ringing.from,
        to: ringing.to,
        plan: plan.clone(),
        class: machine.workflow.defaults.message_class,
        retry_of: None,
    };
    let results = results::of_placing(&call.save, &taken);
    let (key, block) = attempts::first(machine, results, &call.save);
    let said = LogKind::CallAnswered { key, from: taken.from, to: taken.to };
    machine.note_of(key.step, &block, said);
    machine.perform(Effect::AnswerCall { key, plan });
    machine.bound_age();
    Turn::Stay
}

/// The block cannot answer the call, which rings on.
pub(in crate::run) fn answer_refused(
    machine: &mut Machine<'_>,
    key: EffectKey,
    call: &Call,
    failure: Failure,
) -> Result<(), Refused> {
    machine.ringing = Some(IncomingCall {
        call: call.id.clone(),
        from: call.from.clone().unwrap_or_default(),
        to: call.to.clone(),
        credential: call.credential.clone(),
        at: call.created_at,
    });
    call_changed(machine, key, call, Some(failure))
}

/// Asks for a call, the first or a further one.
pub(super) fn request(machine: &mut Machine<'_>, block: &str, key: EffectKey, place: PlaceCall) {
    let said = LogKind::CallRequested { key, from: place.from.clone(), to: place.to.clone() };
    machine.note_of(key.step, block, said);
    machine.perform(Effect::PlaceCall { key, place });
}

/// Something became of a call of this run.
pub(in crate::run) fn call_changed(
    machine: &mut Machine<'_>,
    key: EffectKey,
    call: &Call,
    failure: Option<Failure>,
) -> Result<(), Refused> {
    let (at, index, block) = find(machine, key.step)?;
    if key.n != machine.run.sent[at].n {
        return Err(Refused::NotAwaited);
    }
    let failure = failure.or_else(|| Failure::of_call(call));
    let sent = &mut machine.run.sent[at];
    // Nothing but another call may follow before it is known what came of the conversation.
    let end =
        end_of(call, failure.as_ref()).filter(|end| !call.course.gathers || may_follow(block, sent, *end));
    let change = results::absorb_call(&mut sent.results, &block.save, call, failure.as_ref());
    // A call that had failed turns out to have been answered. Who hung up and is called again stays so.
    let is_revived = sent.failed && end.is_some_and(|end| !end.is_failure() && end != Outcome::HungUp);
    let end = end.filter(|_| !sent.failed || is_revived);
    if change == Change::Some {
        note_change(machine, at, call, end);
        save(machine, at, &block.save);
    }
    if is_revived {
        machine.run.sent[at].failed = false;
        drop_retry(machine, at);
    }
    match end {
        Some(end) => ended(machine, (at, index, block), call, end, failure),
        None if call.course.gathers => gathers(machine, at),
        None => got_further(machine, (at, index, block), call),
    }
    if machine.is_untouched() { Err(Refused::NotAwaited) } else { Ok(()) }
}

/// The call of a step: where it is kept, the block's index, the block.
type Place<'a> = (usize, usize, &'a CallBlock);

fn find<'a>(machine: &Machine<'a>, step: u32) -> Result<Place<'a>, Refused> {
    let at = machine.run.sent.iter().position(|sent| sent.step == step).ok_or(Refused::NotAwaited)?;
    let (index, block) = machine.workflow.block(&machine.run.sent[at].block).ok_or(Refused::NotAwaited)?;
    match &block.kind {
        BlockKind::Call(call) => Ok((at, index, call)),
        _ => Err(Refused::NotAwaited),
    }
}

/// What came of the call; nothing while it goes on.
fn end_of(call: &Call, failure: Option<&Failure>) -> Option<Outcome> {
    match call.progress.state {
        // What was said settles it, whatever becomes of the line.
        _ if call.course.gathers => call.outcome(),
        // Test credentials create nothing, so nothing more is to be waited for.
        State::Test => Some(Outcome::Completed),
        _ => failure.map(|failure| failure.outcome).or_else(|| call.outcome()),
    }
}

/// Whether the author wants another call behind one that ended so.
fn may_follow(block: &CallBlock, sent: &Sent, end: Outcome) -> bool {
    block.retry.outcomes.contains(&end) && sent.n + 1 < block.retry.attempts_max
}

/// The call is over: another one is planned, or the block is done.
fn ended(
    machine: &mut Machine<'_>,
    (at, index, block): Place<'_>,
    call: &Call,
    end: Outcome,
    failure: Option<Failure>,
) {
    stop_end_timer(machine, at);
    let sent = &mut machine.run.sent[at];
    if may_follow(block, sent, end) {
        if !sent.failed {
            sent.failed = true;
            let again_at = later(machine.now, block.retry.delay_ms);
            let again_at = match block.retry.within {
                Some(hours) => hours.at_or_after(again_at, &machine.context.time_zone),
                None => again_at,
            };
            if let Some(place) = next_call(call, EffectKey { step: sent.step, n: sent.n }) {
                attempts::plan(machine, at, again_at, Attempt::Place(place));
                return;
            }
        } else {
            return;
        }
    }
    let sent = &mut machine.run.sent[at];
    sent.failed |= end.is_failure();
    if sent.stage == Stage::Done {
        return;
    }
    settle(machine, at);
    let turn = match failure {
        Some(failure) => Turn::Fail(Fault::of_call(&failure)),
        None => {
            let until_accepted = block.until == CallUntil::Accepted;
            let outcomes: Vec<Outcome> = if until_accepted {
                vec![Outcome::Accepted]
            } else {
                std::iter::once(end).chain(end.group()).collect()
            };
            Turn::Leave(exit(machine, index, &outcomes))
        }
    };
    machine.go_on(index, turn);
}

fn next_call(call: &Call, earlier: EffectKey) -> Option<PlaceCall> {
    Some(PlaceCall {
        credential: Some(call.credential.clone()),
        from: call.from.clone()?,
        to: call.to.clone(),
        plan: call.plan.clone()?,
        class: call.class,
        retry_of: Some(earlier),
    })
}

/// A report of a call that goes on: the block is done where it waits for no more, or its end is waited for.
fn got_further(machine: &mut Machine<'_>, (at, index, block): Place<'_>, call: &Call) {
    let sent = &machine.run.sent[at];
    if sent.stage == Stage::Done || sent.failed {
        return;
    }
    if call.progress.state == State::Held {
        note_change(machine, at, call, None);
        machine.bound_age();
    }
    if call.progress.state != State::Accepted {
        return;
    }
    if block.until == CallUntil::Accepted {
        settle(machine, at);
        let exit = exit(machine, index, &[Outcome::Accepted]);
        machine.go_on(index, Turn::Leave(exit));
    } else if machine.run.sent[at].receipt_due.is_none() {
        let sent = &mut machine.run.sent[at];
        let due = later(machine.now, block.end_timeout_ms);
        sent.receipt_due = Some(due);
        let key = TimerKey { step: sent.step, purpose: TimerPurpose::DeliveryTimeout };
        machine.set_timer(key, due);
    }
}

/// The conversation is over, so its end is not waited for any more. What came of it is being asked for, which has an
/// end of its own.
fn gathers(machine: &mut Machine<'_>, at: usize) {
    if machine.run.sent[at].receipt_due.is_some() {
        stop_end_timer(machine, at);
        machine.bound_age();
    }
}

/// Nobody ever told how the call ended.
pub(super) fn without_end() -> Fault {
    Fault::new(FaultCode::CallWithoutEnd, "no end of the call was reported in time")
}

fn note_change(machine: &mut Machine<'_>, at: usize, call: &Call, end: Option<Outcome>) {
    let sent = &machine.run.sent[at];
    let (step, block) = (sent.step, sent.block.clone());
    let progress = &call.progress;
    let kind = LogKind::CallChanged {
        key: EffectKey { step, n: sent.n },
        status: progress.status.map_or(progress.state.as_str(), Lattice::as_str).to_owned(),
        error_code: progress.error_code,
        outcome: end,
    };
    machine.note_of(step, &block, kind);
}

impl Sent {
    /// Whether this call could still bring another one.
    pub(super) fn call_may_be_retried(&self, call: &CallBlock) -> bool {
        let is_over = results::call_status(&self.results).is_some_and(Status::is_final);
        self.retry.is_some() || (!self.failed && !is_over && self.n + 1 < call.retry.attempts_max)
    }
}
