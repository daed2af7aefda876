//! `end`: the run is over, with what it answers, or with a failure of the author's own.

use crate::conversation::HIDDEN;
use crate::run::blocks::set;
use crate::run::fault::{Fault, FaultCode};
use crate::run::machine::{Machine, Turn};
use crate::run::{ANSWERS_VARIABLE, Cause, RunStatus, WORDS_OF_ANSWERS};
use crate::workflow::End;
use serde_json::{Map, Value};

pub(in crate::run) fn run(machine: &mut Machine<'_>, end: &End) -> Turn {
    let mut result = Map::new();
    for (name, value) in &end.result {
        if value.uses().iter().any(|used| machine.run.sensitive.contains(used)) {
            machine.run.sensitive_results.push(name.clone());
        }
        match set::evaluate(machine, &format!("result.{name}"), value) {
            Ok(value) => result.insert(name.clone(), value),
            Err(fault) => return Turn::Fail(fault),
        };
    }
    let status = match &end.fail {
        None => RunStatus::Completed,
        Some(fail) => match fail.render(&printable(machine), &machine.context) {
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

/// The variables with a mask over what was told in confidence: why a run failed stands in its log.
fn printable(machine: &Machine<'_>) -> Map<String, Value> {
    let mut variables = machine.run.variables.clone();
    for name in &machine.run.sensitive {
        hide(variables.get_mut(name));
        let answer = variables.get_mut(ANSWERS_VARIABLE).and_then(|answers| answers.get_mut(name));
        let Some(answer) = answer else { continue };
        for field in WORDS_OF_ANSWERS {
            hide(answer.get_mut(field));
        }
    }
    variables
}

fn hide(value: Option<&mut Value>) {
    if let Some(value) = value.filter(|value| !value.is_null()) {
        *value = HIDDEN.into();
    }
}
