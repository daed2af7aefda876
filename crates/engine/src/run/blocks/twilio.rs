//! `twilio` with a text: asks for a text, and goes on once it got as far as the block says.
//!
//! The run may be anywhere when a text's later reports come: they update the results that the block
//! saved, and a final failure may still bring the next attempt. The branch that was taken stays.

pub(super) mod compose;

use super::attempts::{self, drop_retry, exit, save, settle, stop_end_timer};
use crate::effect::{Effect, EffectKey, SendMessage, TimerKey, TimerPurpose};
use crate::event::Failure;
use crate::message::{Lattice, Message, State, Status};
use crate::outcome::{self, Outcome};
use crate::run::fault::{Fault, HandedOver};
use crate::run::log::LogKind;
use crate::run::machine::{Exit, Machine, Turn, later};
use crate::run::results::{self, Change};
use crate::run::{Attempt, Refused, Sent, Stage};
use crate::workflow::{BlockKind, Retry, TwilioBlock, Until, Workflow};

pub(in crate::run) fn run(machine: &mut Machine<'_>, index: usize, text: &TwilioBlock) -> Turn {
    let send = match compose::compose(machine, text) {
        Ok(send) => send,
        Err(fault) => return Turn::Fail(fault),
    };
    if machine.workflow.reaches_reply(index) {
        machine.open_route(send.channel, &send.to, &send.from);
    }
    let results = results::of_request(&text.save, &send);
    let (key, block) = attempts::first(machine, results, &text.save);
    request(machine, &block, key, send);
    Turn::Stay
}

/// Asks for a text, the first or a further one.
pub(super) fn request(machine: &mut Machine<'_>, block: &str, key: EffectKey, send: SendMessage) {
    let said = LogKind::MessageRequested { key, from: send.from.clone(), to: send.to.clone() };
    machine.note_of(key.step, block, said);
    machine.perform(Effect::SendMessage { key, send });
}

/// Something became of a text of this run.
pub(in crate::run) fn message_changed(
    machine: &mut Machine<'_>,
    key: EffectKey,
    message: &Message,
    failure: Option<Failure>,
) -> Result<(), Refused> {
    let (at, index, text) = find(machine, key.step)?;
    if key.n != machine.run.sent[at].n {
        return earlier_attempt_arrived(machine, (at, index, text), key, message);
    }
    let failure = failure.or_else(|| Failure::of(message));
    let sent = &mut machine.run.sent[at];
    let change = results::absorb(&mut sent.results, &text.save, message, failure.as_ref());
    let failure = failure.filter(|_| !sent.failed && !sent.has_arrived());
    if change == Change::Some || failure.is_some() {
        note_change(machine, at, message, failure.as_ref());
        save(machine, at, &text.save);
    }
    if machine.run.sent[at].has_arrived() {
        // Whatever failure was told of before is history.
        machine.run.sent[at].failed = false;
        drop_retry(machine, at);
    }
    // The branch is settled before the failure is looked at: what the block waited for was reached,
    // whichever report came first.
    let exit = reached(machine, at, index, text, message);
    match failure {
        Some(failure) => failed(machine, (at, index, text), message, &failure),
        None => got_further(machine, at, text, message),
    }
    if let Some(exit) = exit {
        machine.go_on(index, Turn::Leave(exit));
    }
    if machine.is_untouched() { Err(Refused::NotAwaited) } else { Ok(()) }
}

/// The text of a step: where it is kept, the block's index, the block.
type Place<'a> = (usize, usize, &'a TwilioBlock);

fn find<'a>(machine: &Machine<'a>, step: u32) -> Result<Place<'a>, Refused> {
    let at = machine.run.sent.iter().position(|sent| sent.step == step).ok_or(Refused::NotAwaited)?;
    let (index, text) = block_of(machine.workflow, &machine.run.sent[at]).ok_or(Refused::NotAwaited)?;
    Ok((at, index, text))
}

pub(super) fn block_of<'a>(workflow: &'a Workflow, sent: &Sent) -> Option<(usize, &'a TwilioBlock)> {
    let (index, block) = workflow.block(&sent.block)?;
    match &block.kind {
        BlockKind::Twilio(text) => Some((index, text)),
        _ => None,
    }
}

/// Ends the block where the text got as far as it asks for.
fn reached(
    machine: &mut Machine<'_>,
    at: usize,
    index: usize,
    text: &TwilioBlock,
    message: &Message,
) -> Option<Exit> {
    let sent = &machine.run.sent[at];
    if sent.stage == Stage::Done || sent.failed {
        return None;
    }
    let outcomes: &[Outcome] = match (text.until, results::status(&sent.results)) {
        // Test credentials create nothing, so nothing more is to be waited for.
        _ if message.progress.state == State::Test => &[Outcome::Accepted],
        (Until::Accepted, _) if message.progress.state == State::Accepted => &[Outcome::Accepted],
        (Until::Sent, Some(Status::Sent | Status::PartiallyDelivered | Status::Delivered | Status::Read)) => {
            &[Outcome::Sent]
        }
        (Until::Delivered, Some(Status::Delivered)) => &[Outcome::Delivered],
        (Until::Delivered, Some(Status::Read)) => &[Outcome::Read, Outcome::Delivered],
        _ => return None,
    };
    settle(machine, at);
    Some(exit(machine, index, outcomes))
}

/// The attempt failed for good: the next one is planned, or the block fails.
fn failed(machine: &mut Machine<'_>, (at, index, text): Place<'_>, message: &Message, failure: &Failure) {
    stop_end_timer(machine, at);
    let sent = &mut machine.run.sent[at];
    sent.failed = true;
    if let Some(send) = next_attempt(&text.retry, sent, message, failure) {
        let retry_at = later(machine.now, text.retry.delay_ms);
        attempts::plan(machine, at, retry_at, Attempt::Send(send));
    } else if sent.stage == Stage::Awaited {
        let was_taken = if message.progress.sid.is_some() { HandedOver::Yes } else { HandedOver::No };
        settle(machine, at);
        machine.go_on(index, Turn::Fail(Fault::of_text(failure, was_taken)));
    }
}

/// What the next attempt sends, where the block and the failure's code allow for one.
fn next_attempt(retry: &Retry, sent: &Sent, message: &Message, failure: &Failure) -> Option<SendMessage> {
    if sent.n + 1 >= retry.attempts_max {
        return None;
    }
    let info = outcome::of_code(failure.code?);
    let is_covered = match &retry.codes {
        Some(codes) => failure.code.is_some_and(|code| codes.contains(&code)) && info.may_be_redelivered(),
        None => info.is_redelivered_by_default(),
    };
    let from = message.service.clone().or_else(|| message.from.clone()).filter(|_| is_covered)?;
    Some(SendMessage {
        channel: message.channel,
        credential: Some(message.credential.clone()),
        from,
        to: message.to.clone(),
        content: message.content.clone(),
        class: message.class,
        retry_of: Some(EffectKey { step: sent.step, n: sent.n }),
    })
}

/// A report without a new failure, of a text that is still awaited: the time for its receipt begins.
fn got_further(machine: &mut Machine<'_>, at: usize, text: &TwilioBlock, message: &Message) {
    let sent = &mut machine.run.sent[at];
    if sent.stage == Stage::Done || sent.failed {
        return;
    }
    if message.progress.state == State::Accepted && sent.receipt_due.is_none() {
        let due = later(machine.now, text.delivery_timeout_ms);
        sent.receipt_due = Some(due);
        let key = TimerKey { step: sent.step, purpose: TimerPurpose::DeliveryTimeout };
        machine.set_timer(key, due);
    } else if message.progress.state == State::Held {
        note_change(machine, at, message, None);
        machine.bound_age();
    }
}

/// An attempt that had failed turns out to have arrived after all.
fn earlier_attempt_arrived(
    machine: &mut Machine<'_>,
    (at, index, _): Place<'_>,
    key: EffectKey,
    message: &Message,
) -> Result<(), Refused> {
    let sent = &machine.run.sent[at];
    let outcomes: &[Outcome] = match message.progress.status {
        Some(Status::Delivered) => &[Outcome::Delivered],
        Some(Status::Read) => &[Outcome::Read, Outcome::Delivered],
        _ => return Err(Refused::NotAwaited),
    };
    if key.n > sent.n || sent.stage == Stage::Done {
        return Err(Refused::NotAwaited);
    }
    let said = changed(key, message, None);
    machine.note(said);
    drop_retry(machine, at);
    settle(machine, at);
    let exit = exit(machine, index, outcomes);
    machine.go_on(index, Turn::Leave(exit));
    Ok(())
}

fn note_change(machine: &mut Machine<'_>, at: usize, message: &Message, failure: Option<&Failure>) {
    let sent = &machine.run.sent[at];
    let (step, block) = (sent.step, sent.block.clone());
    let kind = changed(EffectKey { step, n: sent.n }, message, failure);
    machine.note_of(step, &block, kind);
}

fn changed(key: EffectKey, message: &Message, failure: Option<&Failure>) -> LogKind {
    let progress = &message.progress;
    let status = progress.status.map_or(progress.state.as_str(), Lattice::as_str).to_owned();
    let code = failure.and_then(|failure| failure.code);
    LogKind::MessageChanged {
        key,
        status,
        error_code: progress.error_code.or(code),
        failure: failure.map(|failure| failure.outcome),
    }
}

impl Sent {
    /// Whether a receipt says that it came through, whole or in part.
    fn has_arrived(&self) -> bool {
        results::status(&self.results).is_some_and(|status| status.is_final() && !status.is_failure())
    }

    /// Whether a failure of this text could still bring another one.
    pub(super) fn text_may_be_retried(&self, text: &TwilioBlock) -> bool {
        self.retry.is_some() || (!self.failed && !self.has_arrived() && self.n + 1 < text.retry.attempts_max)
    }
}
