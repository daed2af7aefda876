//! What texts and calls of a run share: results that stay live, the wait for an end, and the next attempt.

use super::{call, twilio};
use crate::effect::{EffectKey, TimerKey, TimerPurpose};
use crate::outcome::Outcome;
use crate::run::log::LogKind;
use crate::run::machine::{Exit, Machine, Turn};
use crate::run::results;
use crate::run::{Attempt, PlannedRetry, Refused, Sent, Stage};
use crate::workflow::{BlockKind, Save, Workflow};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Begins to follow what the block at hand asks for; gives its key and the block.
pub(super) fn first(
    machine: &mut Machine<'_>,
    results: Map<String, Value>,
    saves: &[Save],
) -> (EffectKey, String) {
    let position = machine.run.position.as_ref().expect("entering a block sets the position");
    let sent = Sent {
        block: position.block.clone(),
        step: position.step,
        n: 0,
        stage: Stage::Awaited,
        results,
        receipt_due: None,
        retry: None,
        failed: false,
    };
    let (key, block) = (EffectKey { step: sent.step, n: 0 }, sent.block.clone());
    for save in saves {
        machine.set(&save.variable, sent.results.get(&save.result).cloned().unwrap_or(Value::Null));
        machine.run.live.insert(save.variable.clone(), sent.step);
    }
    machine.run.sent.push(sent);
    (key, block)
}

/// Writes the results into the variables that no later step or `set` has taken over.
pub(super) fn save(machine: &mut Machine<'_>, at: usize, saves: &[Save]) {
    let run = &mut machine.run;
    let sent = &run.sent[at];
    for save in saves {
        if run.live.get(&save.variable) == Some(&sent.step) {
            let value = sent.results.get(&save.result).cloned().unwrap_or(Value::Null);
            run.variables.insert(save.variable.clone(), value);
        }
    }
}

/// The way out by the first of these outcomes that the block names.
pub(super) fn exit(machine: &Machine<'_>, index: usize, outcomes: &[Outcome]) -> Exit {
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name()).collect();
    Exit::by(&machine.workflow.blocks[index], &names)
}

/// The block is done with it.
pub(super) fn settle(machine: &mut Machine<'_>, at: usize) {
    machine.run.sent[at].stage = Stage::Done;
    stop_end_timer(machine, at);
}

pub(super) fn stop_end_timer(machine: &mut Machine<'_>, at: usize) {
    let sent = &mut machine.run.sent[at];
    let key = TimerKey { step: sent.step, purpose: TimerPurpose::DeliveryTimeout };
    if sent.receipt_due.take().is_some() {
        machine.cancel_timer(key);
    }
}

/// Another attempt is to follow.
pub(super) fn plan(machine: &mut Machine<'_>, at: usize, again_at: Timestamp, next: Attempt) {
    let sent = &mut machine.run.sent[at];
    let (step, block) = (sent.step, sent.block.clone());
    let key = EffectKey { step, n: sent.n };
    sent.retry = Some(PlannedRetry { at: again_at, next });
    machine.note_of(step, &block, LogKind::RetryPlanned { key, again_at });
    machine.set_timer(TimerKey { step, purpose: TimerPurpose::Retry }, again_at);
}

pub(super) fn drop_retry(machine: &mut Machine<'_>, at: usize) {
    let sent = &mut machine.run.sent[at];
    if sent.retry.take().is_some() {
        let (key, block) = (EffectKey { step: sent.step, n: sent.n }, sent.block.clone());
        machine.note_of(key.step, &block, LogKind::RetryDropped { key });
        machine.cancel_timer(TimerKey { step: key.step, purpose: TimerPurpose::Retry });
    }
}

/// The time for a receipt, or for a call's end, is over.
pub(in crate::run) fn overdue(machine: &mut Machine<'_>, key: TimerKey) -> Result<(), Refused> {
    let (at, index) = find(machine, key.step)?;
    let due = machine.run.sent[at].receipt_due.ok_or(Refused::NotAwaited)?;
    if machine.now < due {
        machine.set_timer(key, due);
        return Ok(());
    }
    machine.run.sent[at].receipt_due = None;
    machine.note(LogKind::TimerFired { key });
    settle(machine, at);
    let turn = match &machine.workflow.blocks[index].kind {
        BlockKind::Call(_) => Turn::Fail(call::without_end()),
        // No receipt came: the text counts as sent.
        _ => Turn::Leave(exit(machine, index, &[Outcome::Sent])),
    };
    machine.go_on(index, turn);
    Ok(())
}

/// The next attempt is due.
pub(in crate::run) fn retry_due(machine: &mut Machine<'_>, key: TimerKey) -> Result<(), Refused> {
    let (at, index) = find(machine, key.step)?;
    let now = machine.now;
    let kind = &machine.workflow.blocks[index].kind;
    let sent = &mut machine.run.sent[at];
    let retry = sent.retry.take().ok_or(Refused::NotAwaited)?;
    if now < retry.at {
        let due = retry.at;
        sent.retry = Some(retry);
        machine.set_timer(key, due);
        return Ok(());
    }
    sent.n += 1;
    sent.failed = false;
    let (next, block) = (EffectKey { step: sent.step, n: sent.n }, sent.block.clone());
    let (results, saves) = match (kind, &retry.next) {
        (BlockKind::Twilio(text), Attempt::Send(send)) => {
            (results::of_request(&text.save, send), text.save.as_slice())
        }
        (BlockKind::Call(call), Attempt::Place(place)) => {
            (results::of_placing(&call.save, place), call.save.as_slice())
        }
        _ => return Err(Refused::NotAwaited),
    };
    sent.results = results;
    machine.note_of(key.step, &block, LogKind::TimerFired { key });
    save(machine, at, saves);
    match retry.next {
        Attempt::Send(send) => twilio::request(machine, &block, next, send),
        Attempt::Place(place) => call::request(machine, &block, next, place),
    }
    Ok(())
}

/// Where a step's text or call is kept, and the block's index.
fn find(machine: &Machine<'_>, step: u32) -> Result<(usize, usize), Refused> {
    let at = machine.run.sent.iter().position(|sent| sent.step == step).ok_or(Refused::NotAwaited)?;
    let (index, _) = machine.workflow.block(&machine.run.sent[at].block).ok_or(Refused::NotAwaited)?;
    Ok((at, index))
}

impl Sent {
    /// Whether this attempt could still bring another one.
    pub(in crate::run) fn may_be_retried(&self, workflow: &Workflow) -> bool {
        match workflow.block(&self.block).map(|(_, block)| &block.kind) {
            Some(BlockKind::Twilio(text)) => self.text_may_be_retried(text),
            Some(BlockKind::Call(call)) => self.call_may_be_retried(call),
            _ => self.retry.is_some(),
        }
    }
}
