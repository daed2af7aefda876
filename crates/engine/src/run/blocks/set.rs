//! `set`: writes variables, in order, so that a later one sees the earlier ones.

use crate::conversation::HIDDEN;
use crate::run::fault::Fault;
use crate::run::log::LogKind;
use crate::run::machine::{Exit, Machine, Turn};
use crate::workflow::{Block, Set, SetValue};
use serde_json::Value;

/// The outcome of blocks that have but one.
pub(in crate::run) const DONE: &str = "done";

pub(in crate::run) fn run(machine: &mut Machine<'_>, block: &Block, set: &Set) -> Turn {
    for (name, value) in &set.values {
        let is_secret = value.uses().iter().any(|used| machine.run.sensitive.iter().any(|name| name == used));
        let value = match evaluate(machine, name, value) {
            Ok(value) => value,
            Err(fault) => return Turn::Fail(fault),
        };
        let shown = if is_secret { HIDDEN.into() } else { value.clone() };
        machine.note(LogKind::VariableSet { name: name.clone(), value: shown });
        machine.set(name, value);
        // What is made of something secret is secret too.
        if is_secret && !machine.run.sensitive.contains(name) {
            machine.run.sensitive.push(name.clone());
        }
    }
    Turn::Leave(Exit::by(block, &[DONE]))
}

pub(in crate::run) fn evaluate(machine: &Machine<'_>, name: &str, value: &SetValue) -> Result<Value, Fault> {
    let (variables, context) = (&machine.run.variables, &machine.context);
    value.evaluate(variables, context).map_err(|error| Fault::of_render(name, &error))
}
