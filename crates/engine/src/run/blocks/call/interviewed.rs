//! The end of a conversation over a call: its answers become variables, and the block is done.

use super::{call_changed, drop_retry, find};
use crate::call::Call;
use crate::effect::EffectKey;
use crate::event::Interviewed;
use crate::run::blocks::attempts;
use crate::run::blocks::interviewed::take_answers;
use crate::run::machine::Machine;
use crate::run::{Attempt, Refused, Stage};
use jiff::Timestamp;

/// Takes the answers, and goes on; where the person is called back, it waits for that call instead. What came of a call
/// may be known only when the next one has followed: it counts as long as that one goes on.
pub(in crate::run) fn conversation_ended(
    machine: &mut Machine<'_>,
    key: EffectKey,
    call: &Call,
    interviewed: Interviewed,
    call_back_at: Option<Timestamp>,
) -> Result<(), Refused> {
    let (at, _, of) = find(machine, key.step)?;
    let sent = &machine.run.sent[at];
    let is_open = sent.stage != Stage::Done;
    let is_earlier = key.n + 1 == sent.n && is_open && !sent.failed;
    if key.n != sent.n && !is_earlier {
        return Err(Refused::NotAwaited);
    }
    let block = sent.block.clone();
    take_answers(machine, &block, key, interviewed);
    if is_earlier {
        return Ok(());
    }
    if let Some(again_at) = call_back_at.filter(|_| is_open)
        && let Some(place) = super::next_call(call, key)
    {
        // Nobody is called back at an hour at which nobody would be called.
        let again_at = match of.retry.within {
            Some(hours) => hours.at_or_after(again_at, &machine.context.time_zone),
            None => again_at,
        };
        // This call is over, and its end is not waited for any more.
        attempts::stop_end_timer(machine, at);
        drop_retry(machine, at);
        machine.run.sent[at].failed = true;
        attempts::plan(machine, at, again_at, Attempt::Place(place));
        return Ok(());
    }
    match call_changed(machine, key, call, None) {
        // The answers alone are news enough.
        Ok(()) | Err(Refused::NotAwaited) => Ok(()),
        Err(refused) => Err(refused),
    }
}
