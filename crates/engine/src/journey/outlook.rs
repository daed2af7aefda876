//! What a workflow makes of the answers that its agents bring: which of them decide where it goes, and how it decides.

use super::inputs::literals_of;
use crate::agent::looks::{Depth, Looks};
use crate::check::uses;
use crate::run::ANSWERS_VARIABLE;
use crate::words::same_value;
use crate::workflow::{Block, BlockKind, SetValue, Workflow};
use serde_json::{Map, Value};
use std::collections::HashSet;
use template::{Context, Use};

/// Everything in a workflow that looks at variables.
pub(super) fn looks(workflow: &Workflow) -> Looks {
    let mut looks = Looks::default();
    for block in &workflow.blocks {
        for Test { uses, literals } in tests(block) {
            for path in sources(workflow, uses) {
                let (question, depth) = named(&path);
                looks.add(question, depth, &literals);
            }
        }
        for used in uses::of_block(block).into_iter().flat_map(|field| field.uses) {
            if used.guard.is_required() {
                looks.add(named(&used.path).0, Depth::Presence, &[]);
            }
        }
    }
    looks
}

/// Something that decides, or is made of what decides.
struct Test {
    uses: Vec<Use>,
    /// What is compared with.
    literals: Vec<String>,
}

fn tests(block: &Block) -> Vec<Test> {
    match &block.kind {
        BlockKind::Condition(condition) => {
            let (uses, literals) = (condition.test.variables(), literals_of(condition.test.source()));
            vec![Test { uses, literals }]
        }
        BlockKind::Switch(switch) => {
            let literals = switch.cases.iter().flat_map(|case| case.equals.clone()).collect();
            vec![Test { uses: switch.value.variables(), literals }]
        }
        BlockKind::Set(set) => {
            let of_value = |value: &SetValue| match value {
                SetValue::Value(made) => {
                    Some(Test { uses: made.variables(), literals: literals_of(made.source()) })
                }
                _ => None,
            };
            set.values.values().filter_map(of_value).collect()
        }
        _ => Vec::new(),
    }
}

/// The paths themselves, and those that some `set` makes their variables of.
fn sources(workflow: &Workflow, uses: Vec<Use>) -> Vec<Vec<String>> {
    let mut open: Vec<Vec<String>> = uses.into_iter().map(|used| used.path).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        for block in &workflow.blocks {
            if let BlockKind::Set(set) = &block.kind
                && let Some(made) = set.values.get(&path[0])
            {
                open.extend(made.uses().into_iter().map(|name| vec![name]));
            }
        }
        found.push(path);
    }
    found
}

/// The question that a path would name, and how closely it looks.
fn named(path: &[String]) -> (&str, Depth) {
    match path {
        [answers, question, field, ..] if answers == ANSWERS_VARIABLE && field == "value" => {
            (question, Depth::Value)
        }
        [answers, question, ..] if answers == ANSWERS_VARIABLE => (question, Depth::Manner),
        _ => (&path[0], Depth::Value),
    }
}

/// How each decision of the workflow would fall if it came now: alike for answers that make no difference to it.
pub(super) fn verdicts(
    workflow: &Workflow,
    variables: &Map<String, Value>,
    context: &Context,
) -> Vec<Verdict> {
    let mut made = variables.clone();
    for block in &workflow.blocks {
        let BlockKind::Set(set) = &block.kind else { continue };
        for (name, value) in &set.values {
            if let Ok(value) = value.evaluate(&made, context) {
                made.insert(name.clone(), value);
            }
        }
    }
    let mut verdicts = Vec::new();
    for block in &workflow.blocks {
        verdicts.push(verdict(block, variables, context));
        verdicts.push(verdict(block, &made, context));
        verdicts.extend(uses::of_block(block).into_iter().map(|field| {
            let is_missing = |used: &Use| {
                used.guard.is_required() && variables.get(&used.path[0]).is_none_or(Value::is_null)
            };
            if field.uses.iter().any(is_missing) { Verdict::Lacks } else { Verdict::None }
        }));
    }
    verdicts
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Verdict {
    /// There is nothing to decide.
    None,
    /// It would fail.
    Lacks,
    Holds,
    HoldsNot,
    Case(usize),
}

fn verdict(block: &Block, variables: &Map<String, Value>, context: &Context) -> Verdict {
    match &block.kind {
        BlockKind::Condition(condition) => match condition.test.is_true(variables, context) {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::HoldsNot,
            Err(_) => Verdict::Lacks,
        },
        BlockKind::Switch(switch) => match switch.value.render(variables, context) {
            Ok(value) => {
                let mut cases = switch.cases.iter();
                let case = cases.position(|case| case.equals.iter().any(|text| same_value(text, &value)));
                case.map_or(Verdict::HoldsNot, Verdict::Case)
            }
            Err(_) => Verdict::Lacks,
        },
        _ => Verdict::None,
    }
}
