//! `condition`: two ways, by an expression.

use crate::run::fault::Fault;
use crate::run::machine::{Exit, Machine, Turn};
use crate::workflow::{Block, Condition};

pub(in crate::run) fn run(machine: &mut Machine<'_>, block: &Block, condition: &Condition) -> Turn {
    match condition.test.is_true(&machine.run.variables, &machine.context) {
        Ok(true) => Turn::Leave(Exit::by(block, &["true"])),
        Ok(false) => Turn::Leave(Exit::by(block, &["false"])),
        Err(error) => Turn::Fail(Fault::of_render("if", &error)),
    }
}
