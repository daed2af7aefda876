//! Variables that are missing, or come too early, on some way to where they are used.
//!
//! For every variable and block it is worked out in which states the variable can be when a run
//! comes there, over all ways. A use that cannot stand one of those states is told, with a way that
//! leads to it.

mod needs;

use super::flow::{Edge, Flow, Way, in_words};
use super::uses::{Asked, FieldUses, of_block};
use super::{Report, Surroundings};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, did_you_mean};
use crate::run::INCOMING_CALL_VARIABLE;
use crate::workflow::{Block, BlockKind, CallBlock, Draft, Says, SetValue, Trigger, TwilioBlock, Type};
use indexmap::IndexMap;
use std::collections::VecDeque;
use template::Use;

/// States in which a variable may be, as bits.
type States = u8;

/// It was never set.
const UNSET: States = 1;
/// A result that cannot be there yet.
const EARLY: States = 2;
/// It is set, but may be null.
const MAYBE: States = 4;
/// It has a value.
const SET: States = 8;

/// The fields of `reply`, and whether each may be null.
const REPLY_FIELDS: &[(&str, bool)] = &[
    ("text", false),
    ("value", true),
    ("media", false),
    ("button", true),
    ("location", true),
    ("from", false),
    ("to", false),
    ("channel", false),
    ("name", true),
    ("at", false),
];
const CALL_FIELDS: &[(&str, bool)] = &[("from", false), ("to", false), ("at", false)];
const ERROR_FIELDS: &[(&str, bool)] = &[("code", false), ("message", false), ("hint", true), ("block", true)];

const REPLY_TEXT: &str = "SMS reply";
const REPLY: &str = "reply";
const ERROR: &str = "error";

pub(super) fn check(draft: &Draft, flow: &Flow, surroundings: &Surroundings, report: &mut Report) {
    let analysis = Analysis::of(draft, flow);
    needs::check(&analysis, surroundings, report);
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        if !flow.reachable[index] || draft.is_broken[index] || report.is_full() {
            continue;
        }
        let mut set_here: Vec<String> = Vec::new();
        for field in of_block(block) {
            for used in &field.uses {
                if report.is_full() {
                    return;
                }
                if let Some(diagnostic) = analysis.finding(index, &field, used, &set_here) {
                    report.add(draft, Some(index), diagnostic);
                }
            }
            set_here.extend(field.sets);
        }
    }
}

/// What agents need alone.
pub(super) fn check_needs(draft: &Draft, flow: &Flow, surroundings: &Surroundings, report: &mut Report) {
    needs::check(&Analysis::of(draft, flow), surroundings, report);
}

fn talks(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Call(call) => matches!(call.says, Says::Agent(_)),
        BlockKind::TextAgent(_) => true,
        _ => false,
    }
}

struct Analysis<'a> {
    draft: &'a Draft,
    flow: &'a Flow,
    /// Variables that anything sets, each with its number.
    names: IndexMap<String, usize>,
    /// By block and variable.
    on_entry: Vec<Vec<States>>,
}

impl<'a> Analysis<'a> {
    fn of(draft: &'a Draft, flow: &'a Flow) -> Analysis<'a> {
        let names = names(draft);
        let none = vec![0; names.len()];
        let mut analysis = Analysis { draft, flow, names, on_entry: vec![none; draft.workflow.blocks.len()] };
        analysis.on_entry[0] = analysis.names.keys().map(|name| at_start(draft, name)).collect();
        let mut open = VecDeque::from([0]);
        while let Some(at) = open.pop_front() {
            for edge in &flow.edges[at] {
                let mut grew = false;
                for (name, number) in &analysis.names {
                    let after = after(draft, at, edge.way, name, analysis.on_entry[at][*number]);
                    let entry = &mut analysis.on_entry[edge.to][*number];
                    grew |= *entry | after != *entry;
                    *entry |= after;
                }
                if grew {
                    open.push_back(edge.to);
                }
            }
        }
        analysis
    }

    /// What is wrong with one use.
    fn finding(
        &self,
        block: usize,
        field: &FieldUses,
        used: &Use,
        set_here: &[String],
    ) -> Option<Diagnostic> {
        let name = used.path[0].as_str();
        let is_required = used.guard.is_required() && field.asked == Asked::Value;
        let at = self.draft.spots.place_within(Some(block), &field.path, used.at.offset, used.length);
        let Some(number) = self.names.get(name) else {
            // The answers of an agent are variables too, and a published agent stands elsewhere.
            if self.draft.is_broken.contains(&true) || self.draft.workflow.blocks.iter().any(talks) {
                return None;
            }
            let severity = if is_required { Severity::Error } else { Severity::Warning };
            let hint = did_you_mean(name, self.names.keys().map(String::as_str))
                .unwrap_or_else(|| "declare it under `input`, or set it before".into());
            let message = format!("nothing ever sets the variable `{name}`");
            return Some(Diagnostic::new(Code::UnknownVariable, at, message).severity(severity).hint(hint));
        };
        let may_be_null = match self.field(name, used) {
            Ok(may_be_null) => may_be_null,
            Err(diagnostic) => return Some(Diagnostic { at, ..*diagnostic }),
        };
        if !is_required || set_here.iter().any(|set| set == name) {
            return None;
        }
        let is_tested = |other: &Use| !other.guard.is_required() && used.path.starts_with(&other.path);
        let may_be_null = may_be_null && !field.uses.iter().any(is_tested);
        let states = self.on_entry[block][*number];
        self.lack(block, &used.path, states, may_be_null, at)
    }

    /// Whether the field of a variable whose fields are known may be null.
    fn field(&self, name: &str, used: &Use) -> Result<bool, Box<Diagnostic>> {
        let is_ours = !self.draft.workflow.input.iter().any(|input| input.name == name);
        let fields = match name {
            REPLY if is_ours => REPLY_FIELDS,
            ERROR if is_ours => ERROR_FIELDS,
            INCOMING_CALL_VARIABLE if is_ours => CALL_FIELDS,
            _ => return Ok(false),
        };
        let Some(field) = used.path.get(1) else { return Ok(false) };
        if let Some((_, may_be_null)) = fields.iter().find(|(known, _)| known == field) {
            return Ok(*may_be_null);
        }
        let known: Vec<&str> = fields.iter().map(|(known, _)| *known).collect();
        let hint = did_you_mean(field, known.iter().copied())
            .unwrap_or_else(|| format!("its fields are `{}`", known.join("`, `")));
        let message = format!("`{name}` has no field `{field}`");
        Err(Box::new(Diagnostic::new(Code::UnknownField, Default::default(), message).hint(hint)))
    }

    /// What is to be said of a variable that is needed in these states.
    fn lack(
        &self,
        block: usize,
        path: &[String],
        states: States,
        may_be_null: bool,
        at: Place,
    ) -> Option<Diagnostic> {
        let (name, path) = (path[0].as_str(), path.join("."));
        let (code, state, message) = if states & EARLY != 0 {
            let message = format!(
                "`{path}` is not known yet here: the provider tells it some time after it took the text"
            );
            (Code::ResultTooEarly, EARLY, message)
        } else if states & UNSET != 0 {
            (Code::MissingVariable, UNSET, format!("`{name}` is missing on some way to here"))
        } else if states & MAYBE != 0 {
            (Code::MissingVariable, MAYBE, format!("`{path}` may be null here"))
        } else if may_be_null {
            (Code::MissingVariable, SET, format!("`{path}` may be null here"))
        } else {
            return None;
        };
        let hint = format!(
            "say what to print instead, `{{{{{path} ?? \"…\"}}}}`, or print it inside `{{{{#if {path}}}}}`"
        );
        let diagnostic = Diagnostic::new(code, at, message).hint(hint);
        Some(match self.way(block, name, state) {
            Some(way) if !way.is_empty() && state != SET => {
                diagnostic.counter_example(in_words(&self.draft.workflow, 0, &way))
            }
            _ => diagnostic,
        })
    }

    /// The shortest way to a block on which the variable comes there in that state.
    fn way(&self, block: usize, name: &str, state: States) -> Option<Vec<Edge>> {
        type Stop = (usize, States);
        let start: Vec<Stop> = bits(at_start(self.draft, name)).map(|bit| (0, bit)).collect();
        let mut came_by: IndexMap<Stop, Option<(Stop, &Edge)>> =
            start.iter().map(|stop| (*stop, None)).collect();
        let mut open: VecDeque<Stop> = start.into();
        while let Some(stop) = open.pop_front() {
            if stop == (block, state) {
                let mut way = Vec::new();
                let mut at = stop;
                while let Some(Some((from, edge))) = came_by.get(&at) {
                    way.push((*edge).clone());
                    at = *from;
                }
                way.reverse();
                return Some(way);
            }
            for edge in &self.flow.edges[stop.0] {
                for bit in bits(after(self.draft, stop.0, edge.way, name, stop.1)) {
                    let next = (edge.to, bit);
                    if !came_by.contains_key(&next) {
                        came_by.insert(next, Some((stop, edge)));
                        open.push_back(next);
                    }
                }
            }
        }
        None
    }
}

fn bits(states: States) -> impl Iterator<Item = States> {
    [UNSET, EARLY, MAYBE, SET].into_iter().filter(move |bit| states & bit != 0)
}

/// Every variable that anything sets.
fn names(draft: &Draft) -> IndexMap<String, usize> {
    let workflow = &draft.workflow;
    let mut names: Vec<String> = workflow.variables().map(str::to_owned).collect();
    names.extend(draft.spots.input_names());
    let waits = |block: &Block| matches!(block.kind, BlockKind::WaitForReply(_));
    let may_reply =
        matches!(workflow.trigger, Trigger::IncomingMessage(_)) || workflow.blocks.iter().any(waits);
    if may_reply {
        names.extend([REPLY_TEXT.to_owned(), REPLY.to_owned()]);
    }
    if matches!(workflow.trigger, Trigger::IncomingCall(_)) {
        names.push(INCOMING_CALL_VARIABLE.to_owned());
    }
    names.push(ERROR.to_owned());
    let mut numbered = IndexMap::new();
    for name in names {
        let number = numbered.len();
        numbered.entry(name).or_insert(number);
    }
    numbered
}

fn at_start(draft: &Draft, name: &str) -> States {
    let workflow = &draft.workflow;
    if let Some(input) = workflow.input.iter().find(|input| input.name == name) {
        let is_null = input.default.as_ref().is_some_and(serde_json::Value::is_null);
        return if is_null || input.shape.types.contains(&Type::Null) { MAYBE } else { SET };
    }
    let is_reply = name == REPLY_TEXT || name == REPLY;
    if is_reply && matches!(workflow.trigger, Trigger::IncomingMessage(_)) || draft.spots.has_input(name) {
        return SET;
    }
    let is_call = name == INCOMING_CALL_VARIABLE && matches!(workflow.trigger, Trigger::IncomingCall(_));
    if is_call { SET } else { UNSET }
}

/// The states of a variable once a block was left that way.
fn after(draft: &Draft, block: usize, way: Way, name: &str, before: States) -> States {
    if draft.is_broken[block] {
        return SET;
    }
    let kind = &draft.workflow.blocks[block].kind;
    // Later reports come while the run waits.
    let passed = if matches!(kind, BlockKind::Wait(_) | BlockKind::WaitForReply(_) | BlockKind::TextAgent(_))
        && before & EARLY != 0
    {
        before & !EARLY | MAYBE
    } else {
        before
    };
    match kind {
        _ if way == Way::Failed && name == ERROR => SET,
        BlockKind::Twilio(text) => match text.save.iter().find(|save| save.variable == name) {
            Some(save) => result(text, &save.result, way, before),
            None => passed,
        },
        BlockKind::Call(call) => match call.save.iter().find(|save| save.variable == name) {
            Some(save) => call_result(call, &save.result, way, before),
            None => passed,
        },
        BlockKind::Condition(condition) if way == Way::Holds => {
            let is_tested = condition.test.path().is_some_and(|path| path == [name]);
            if is_tested { SET } else { passed }
        }
        BlockKind::WaitForReply(_) if way == Way::Reply && (name == REPLY || name == REPLY_TEXT) => SET,
        BlockKind::Set(set) if way != Way::Failed => match set.values.get(name) {
            Some(SetValue::Literal(value)) if value.is_null() => MAYBE,
            Some(_) => SET,
            None => passed,
        },
        _ => passed,
    }
}

/// The states of a result of a text.
fn result(text: &TwilioBlock, name: &str, way: Way, before: States) -> States {
    if way == Way::Failed {
        // The text may have failed before there was any result, or after.
        return before | MAYBE;
    }
    match name {
        "sid" | "account_sid" | "date_created" | "date_updated" | "status" | "num_segments" | "to"
        | "direction" | "num_media" => SET,
        "body" if text.message.is_some() => SET,
        "from" if text.from.source().starts_with('+') => SET,
        "price" | "currency" | "price_unit" | "date_sent" if way == Way::Accepted => EARLY,
        _ => MAYBE,
    }
}

/// The states of a result of a call.
fn call_result(call: &CallBlock, name: &str, way: Way, before: States) -> States {
    if way == Way::Failed {
        // The call may have failed before there was any result, or after.
        return before | MAYBE;
    }
    match name {
        "sid" | "account_sid" | "date_created" | "date_updated" | "status" | "to" | "direction" => SET,
        "from" if call.from.source().starts_with('+') => SET,
        "duration" | "date_sent" | "start_time" | "end_time" | "outcome" if way == Way::Receipt => SET,
        "price" | "currency" | "price_unit" | "duration" | "date_sent" | "start_time" | "end_time"
        | "answered_by" | "outcome" | "cost"
            if way == Way::Accepted =>
        {
            EARLY
        }
        // The price is told some time after the end.
        "price" | "currency" | "price_unit" => EARLY,
        _ => MAYBE,
    }
}
