//! `end`: the run is over, with what it answers, or with a failure of the author's own.

use crate::run::blocks::set;
use crate::run::fault::{Fault, FaultCode};
use crate::run::machine::{Machine, Turn};
use crate::run::{Cause, RunStatus};
use crate::workflow::End;
use serde_json::{Map, Value};

pub(in crate::run) fn run(machine: &mut Machine<'_>, end: &End) -> Turn {
    let mut result = Map::new();
    for (name, value) in &end.result {
        match set::evaluate(machine, &format!("result.{name}"), value) {
            Ok(value) => result.insert(name.clone(), value),
            Err(fault) => return Turn::Fail(fault),
        };
    }
    let status = match &end.fail {
        None => RunStatus::Completed,
        Some(fail) => match fail.render(&machine.run.variables, &machine.context) {
            Ok(message) => {
                let block = machine.run.position.as_ref().map(|position| position.block.clone());
                let fault = Fault::new(FaultCode::EndedByWorkflow, message);
                let cause = fault.into_cause(block.as_deref().unwrap_or_default());
                // The author's own words need no advice of ours.
                RunStatus::Failed { cause: Cause { hint: None, ..cause } }
            }
            Err(error) => return Turn::Fail(Fault::of_render("fail", &error)),
        },
    };
    if !result.is_empty() {
        machine.run.result = Some(Value::Object(result));
    }
    Turn::End(status)
}
