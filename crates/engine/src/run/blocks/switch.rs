//! `switch`: many ways, by what a text says.

use crate::run::fault::Fault;
use crate::run::machine::{Exit, Machine, Turn};
use crate::words::same_value;
use crate::workflow::{Block, Switch};

/// The outcome where no case fits.
const OTHERWISE: &str = "else";

pub(in crate::run) fn run(machine: &mut Machine<'_>, block: &Block, switch: &Switch) -> Turn {
    let value = match switch.value.render(&machine.run.variables, &machine.context) {
        Ok(value) => value,
        Err(error) => return Turn::Fail(Fault::of_render("value", &error)),
    };
    for case in &switch.cases {
        if let Some(equal) = case.equals.iter().find(|text| same_value(text, &value)) {
            return Turn::Leave(Exit::to(case.next, equal.as_str()));
        }
    }
    Turn::Leave(match switch.otherwise {
        Some(target) => Exit::to(target, OTHERWISE),
        None => Exit::by(block, &[OTHERWISE]),
    })
}
