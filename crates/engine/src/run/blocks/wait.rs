//! `wait`: stands for a while, or until a moment.

use crate::limits::RUN_AGE_DAYS_MAX;
use crate::run::fault::{Fault, FaultCode, quoted};
use crate::run::log::LogKind;
use crate::run::machine::{Exit, Machine, Turn, later};
use crate::run::moment;
use crate::workflow::{Block, IfPast, Wait, WaitUntil};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use template::Template;

/// The wait is over.
pub(in crate::run) const WAITED: &str = "done";
/// The moment had passed, and the run goes on at once.
const PAST: &str = "past";
/// The moment had passed, and `ifPast: skip` says so.
const SKIPPED: &str = "skipped";

pub(in crate::run) fn run(machine: &mut Machine<'_>, block: &Block, wait: &Wait) -> Turn {
    let until = match &wait.until {
        WaitUntil::Duration { ms } => later(machine.now, *ms),
        WaitUntil::Moment { at, offset_ms } => match moment_of(machine, wait, at) {
            Ok(moment) => later(moment, *offset_ms),
            Err(fault) => return Turn::Fail(fault),
        },
    };
    if until <= machine.now {
        return passed(machine, block, wait, until);
    }
    if until >= machine.age_limit() {
        let message = format!(
            "the wait would last until {until}, past the {RUN_AGE_DAYS_MAX} days that a run may live"
        );
        return Turn::Fail(Fault::new(FaultCode::WaitTooLong, message));
    }
    machine.stand(Some(until))
}

fn passed(machine: &mut Machine<'_>, block: &Block, wait: &Wait, until: Timestamp) -> Turn {
    if matches!(wait.until, WaitUntil::Duration { .. }) {
        return Turn::Leave(Exit::by(block, &[WAITED]));
    }
    let message = format!("the moment to wait for, {until}, has passed");
    match wait.if_past {
        IfPast::Fail => Turn::Fail(Fault::new(FaultCode::MomentPassed, message)),
        IfPast::Now | IfPast::Skip => {
            let outcome = if wait.if_past == IfPast::Now { PAST } else { SKIPPED };
            machine.note(LogKind::Problem { code: FaultCode::MomentPassed.name().into(), message });
            Turn::Leave(Exit::by(block, &[outcome]))
        }
    }
}

fn moment_of(machine: &Machine<'_>, wait: &Wait, at: &Template) -> Result<Timestamp, Fault> {
    let zone = match &wait.time_zone {
        Some(name) => TimeZone::get(name).map_err(|_| {
            Fault::new(FaultCode::BadMoment, format!("`{name}` is no time zone"))
                .hint("name one as in the tz database, such as Europe/Berlin")
        })?,
        None => machine.context.time_zone.clone(),
    };
    let text = at
        .render(&machine.run.variables, &machine.context)
        .map_err(|error| Fault::of_render("until", &error))?;
    moment::resolve(&text, machine.now, &zone).map_err(|problem| {
        let source = if at.is_literal() { String::new() } else { format!(" (from {})", quoted(at)) };
        Fault::new(FaultCode::BadMoment, format!("`{text}`{source}: {problem}")).hint(moment::HINT)
    })
}
