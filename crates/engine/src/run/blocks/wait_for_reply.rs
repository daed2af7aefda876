//! `waitForReply`: stands until somebody answers.

use crate::event::Reply;
use crate::outcome::Outcome;
use crate::run::answers;
use crate::run::fault::{Fault, FaultCode};
use crate::run::log::LogKind;
use crate::run::machine::{Exit, Machine, Turn, later};
use crate::workflow::{Block, WaitForReply};
use serde_json::Value;

pub(in crate::run) const TIMEOUT: &str = "timeout";
const REPLY: &str = "reply";
const OTHER: &str = "other";

pub(in crate::run) fn run(machine: &mut Machine<'_>, block: &Block, wait: &WaitForReply) -> Turn {
    if !machine.run.replies.is_empty() {
        machine.run.visits.clear();
        let reply = machine.run.replies.remove(0);
        return taken(machine, block, wait, reply);
    }
    if machine.run.routes.is_empty() {
        if !machine.run.opted_out.is_empty() {
            return Turn::Fail(nobody_left());
        }
        let message = "nobody was sent a text on the way here, so nobody can answer";
        if wait.timeout_ms.is_none() {
            return Turn::Fail(Fault::new(FaultCode::NobodyToAnswer, message));
        }
        let code = FaultCode::NobodyToAnswer.name().to_owned();
        machine.note(LogKind::Problem { code, message: message.into() });
    }
    let until = wait.timeout_ms.map(|ms| later(machine.now, ms));
    // A wait that outlasts the run is ended by the run's age.
    machine.stand(until.filter(|until| *until < machine.age_limit()))
}

/// A reply for this wait: the first answer that fits names the outcome.
pub(in crate::run) fn taken(
    machine: &mut Machine<'_>,
    block: &Block,
    wait: &WaitForReply,
    reply: Reply,
) -> Turn {
    let (message, text) = (reply.message.to_string(), reply.text().to_owned());
    machine.note(LogKind::ReplyTaken { message, text });
    let matched = answers::first_match(&wait.answers, &reply);
    let (outcome, value) = match matched {
        Some((answer, value)) => (answer.outcome.as_str(), value),
        None if !wait.answers.is_empty() && block.on.contains_key(OTHER) => (OTHER, Value::Null),
        None => (REPLY, Value::Null),
    };
    machine.record_reply(&reply, Some(value));
    Turn::Leave(Exit::by(block, &[outcome, REPLY]))
}

/// Everybody who could answer said STOP.
pub(in crate::run) fn nobody_left() -> Fault {
    Fault::of_outcome(Outcome::OptedOut, "nobody is left to answer: the person said stop")
}
