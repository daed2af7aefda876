//! Where blocks lead: targets by id, and the sequence of the list.

use super::Loader;
use super::fields::Fields;
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Node, Span, Value};
use crate::workflow::{Target, Workflow};
use indexmap::IndexMap;

/// What `next` and `on` say to end the run.
pub(super) const END: &str = "end";

impl Loader<'_> {
    pub(super) fn target(&mut self, fields: &Fields<'_>, name: &str) -> Option<Target> {
        let entry = fields.get(name)?;
        self.target_of(&entry.value, name, entry.key_span)
    }

    pub(super) fn target_of(&mut self, node: &Node, name: &str, key_span: Span) -> Option<Target> {
        let id = self.scalar_of(node, name, key_span)?.text.trim().to_owned();
        if let Some(index) = self.ids.get(&id) {
            return Some(Target::Block(*index));
        }
        if id == END {
            return Some(Target::End);
        }
        if self.is_full() {
            return None;
        }
        let known = self.ids.keys().map(String::as_str).chain([END]);
        let hint =
            did_you_mean(&id, known).unwrap_or_else(|| "add a block of that id, or write `end`".into());
        self.report_at(Code::MissingBlock, node.span, format!("there is no block `{id}`"), Some(hint));
        None
    }

    /// The outcomes under `on`, as far as the block can have them.
    pub(super) fn outcomes(&mut self, fields: &Fields<'_>, possible: &[String]) -> IndexMap<String, Target> {
        let mut on = IndexMap::new();
        let Some(entry) = fields.get("on") else { return on };
        let Value::Map(entries) = &entry.value.value else {
            let message = format!("`on` is a map of outcomes and blocks, not {}", entry.value.noun());
            self.wrong_type(entry.value.span, &message);
            return on;
        };
        for outcome in entries {
            let name = outcome.key.trim();
            if !possible.iter().any(|possible| possible == name) {
                let hint = did_you_mean(name, possible.iter().map(String::as_str)).unwrap_or_else(|| {
                    let words: Vec<&str> = possible.iter().map(String::as_str).collect();
                    if words.is_empty() {
                        "it has no outcomes".into()
                    } else {
                        format!("it can have {}", super::fields::listed(&words))
                    }
                });
                let message = format!("this block cannot have the outcome `{name}`");
                self.report_at(Code::UnknownOutcome, outcome.key_span, message, Some(hint));
            }
            self.remember(&format!("on.{name}"), outcome.key_span, None);
            if let Some(target) = self.target_of(&outcome.value, name, outcome.key_span) {
                on.insert(name.to_owned(), target);
            }
        }
        on
    }
}

/// Fills in where blocks go that say nothing: on in sequence, past whatever is only reached by a
/// branch, so that a branch never runs into its sibling.
pub(super) fn resolve_sequence(workflow: &mut Workflow, explicit: &[Option<Target>]) {
    let stops: Vec<Stop> = workflow
        .blocks
        .iter()
        .zip(explicit)
        .map(|(block, explicit)| Stop {
            named: block.branches().chain(*explicit).filter_map(Target::index).collect(),
            falls_through: explicit.is_none() && !block.is_end(),
        })
        .collect();
    let caught = workflow.on_error.and_then(Target::index);
    let is_branch: Vec<bool> = branches(&stops)
        .into_iter()
        .enumerate()
        .map(|(index, is_branch)| is_branch || caught == Some(index))
        .collect();
    let count = is_branch.len();
    for (index, block) in workflow.blocks.iter_mut().enumerate() {
        let in_sequence = (index + 1..count).find(|next| !is_branch[*next]);
        block.next = explicit[index].unwrap_or(in_sequence.map_or(Target::End, Target::Block));
    }
}

/// Something in a list that names where it leads.
pub(crate) struct Stop {
    /// Indices of the list.
    pub(crate) named: Vec<usize>,
    /// Whether it also goes on in sequence.
    pub(crate) falls_through: bool,
}

/// Which of the stops count as branches: those that some other names as its target.
///
/// The one exception is a way back: where every way to the naming stop leads through the one that
/// it names, that is a loop, and the stop stays in sequence.
pub(crate) fn branches(stops: &[Stop]) -> Vec<bool> {
    let count = stops.len();
    let mut named_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, stop) in stops.iter().enumerate() {
        stop.named.iter().for_each(|to| named_by[*to].push(from));
    }
    let ways: Vec<Vec<usize>> = stops
        .iter()
        .enumerate()
        .map(|(from, stop)| {
            let on = (stop.falls_through && from + 1 < count).then_some(from + 1);
            stop.named.iter().copied().chain(on).collect()
        })
        .collect();
    let is_way_back = |to: usize| {
        let without = reachable(&ways, to);
        named_by[to].iter().all(|from| *from >= to && !without[*from])
    };
    (0..count).map(|to| !named_by[to].is_empty() && !is_way_back(to)).collect()
}

/// What can be reached from the first block without going through one of them.
fn reachable(ways: &[Vec<usize>], without: usize) -> Vec<bool> {
    let mut seen = vec![false; ways.len()];
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        if at == without || std::mem::replace(&mut seen[at], true) {
            continue;
        }
        open.extend(&ways[at]);
    }
    seen
}
