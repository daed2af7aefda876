//! Variables that an agent cannot talk without, and that a run may not have when it comes to the agent.
//!
//! Nobody is rung up to hear half a sentence: such a call is not placed at all. It is an error where no run can have
//! the variable.

use super::{Analysis, EARLY, MAYBE, States, UNSET};
use crate::agent::Agent;
use crate::check::flow::in_words;
use crate::check::{Report, Surroundings};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, did_you_mean};
use crate::run::ANSWERS_VARIABLE;
use std::collections::BTreeSet;

/// A block in which an agent talks.
struct Talk<'a> {
    block: usize,
    /// Nothing where nobody knows it.
    agent: Option<&'a Agent>,
}

impl Talk<'_> {
    /// Whether a variable may come from this conversation.
    fn may_leave(&self, name: &str) -> bool {
        name == ANSWERS_VARIABLE || self.agent.is_none_or(|agent| agent.leaves().contains(name))
    }
}

pub(super) fn check(analysis: &Analysis<'_>, surroundings: &Surroundings, report: &mut Report) {
    let (draft, flow) = (analysis.draft, analysis.flow);
    // What is broken may be the very block that sets a variable.
    if draft.is_broken.contains(&true) {
        return;
    }
    let blocks = draft.workflow.blocks.iter().enumerate();
    let talking = blocks.filter(|(_, block)| super::talks(block));
    let talks: Vec<Talk<'_>> = talking
        .map(|(index, block)| Talk { block: index, agent: surroundings.agent(draft, index, block) })
        .collect();
    for talk in talks.iter().filter(|talk| flow.reachable[talk.block]) {
        let mut told = BTreeSet::new();
        for (name, at) in needs(analysis, talk) {
            if report.is_full() {
                return;
            }
            let may_leave = |other: &Talk<'_>| other.may_leave(&name) && flow.leads(other.block, talk.block);
            if told.contains(&name) || talks.iter().any(may_leave) {
                continue;
            }
            if let Some(diagnostic) = finding(analysis, talk, &name, at) {
                report.add(draft, Some(talk.block), diagnostic);
            }
            told.insert(name);
        }
    }
}

/// What the agent needs, and where: in its own text where that stands in this file, else where it is named.
fn needs(analysis: &Analysis<'_>, talk: &Talk<'_>) -> Vec<(String, Place)> {
    let draft = analysis.draft;
    let named = draft.spots.place(Some(talk.block), "agent");
    if let Some(inline) = draft.agents.get(&talk.block) {
        let needs = inline.placed_needs().into_iter();
        return needs.map(|(name, at)| (name, at.unwrap_or(named))).collect();
    }
    let needs = talk.agent.map(Agent::needs).unwrap_or_default();
    needs.into_iter().map(|need| (need.name, named)).collect()
}

fn finding(analysis: &Analysis<'_>, talk: &Talk<'_>, name: &str, at: Place) -> Option<Diagnostic> {
    let agent = match &talk.agent {
        Some(agent) if !analysis.draft.agents.contains_key(&talk.block) => {
            format!("the agent `{}`", agent.name())
        }
        _ => "the agent".to_owned(),
    };
    let instead = format!("let it say something else instead: `{{{{{name} ?? \"…\"}}}}`");
    let Some(number) = analysis.names.get(name) else {
        let message = format!("{agent} needs the variable `{name}`, which nothing ever sets");
        let hint = did_you_mean(name, analysis.names.keys().map(String::as_str)).unwrap_or_else(|| {
            format!("declare it under `input`, set it before the agent talks, or {instead}")
        });
        return Some(Diagnostic::new(Code::UnknownVariable, at, message).hint(hint));
    };
    let states: States = analysis.on_entry[talk.block][*number];
    let (code, state, why) = if states & EARLY != 0 {
        (Code::ResultTooEarly, EARLY, "is not known yet here")
    } else if states == UNSET {
        (Code::MissingVariable, UNSET, "is never set before it talks")
    } else if states & UNSET != 0 {
        (Code::MissingVariable, UNSET, "is missing on some way to here")
    } else if states & MAYBE != 0 {
        (Code::MissingVariable, MAYBE, "may be null here")
    } else {
        return None;
    };
    let message = format!("{agent} needs the variable `{name}`, which {why}");
    let hint = format!("set it on every way to here, or {instead}");
    let diagnostic = Diagnostic::new(code, at, message).hint(hint);
    let diagnostic = if states == UNSET { diagnostic.severity(Severity::Error) } else { diagnostic };
    Some(match analysis.way(talk.block, name, state) {
        Some(way) if !way.is_empty() => {
            diagnostic.counter_example(in_words(&analysis.draft.workflow, 0, &way))
        }
        _ => diagnostic,
    })
}
