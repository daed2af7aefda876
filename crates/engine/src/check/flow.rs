//! The ways through a workflow: which block leads where, by which outcome.

use crate::outcome::Outcome;
use crate::workflow::{
    Block, BlockKind, CallBlock, CallUntil, IfPast, Says, Target, TwilioBlock, Until, WaitUntil, Workflow,
};

/// Blocks and the ways between them.
pub(super) struct Flow {
    /// By block.
    pub(super) edges: Vec<Vec<Edge>>,
    /// By block: whether any way leads to it from the start.
    pub(super) reachable: Vec<bool>,
}

/// One way out of a block that leads to another one.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) outcome: String,
    pub(super) to: usize,
    pub(super) way: Way,
}

/// How a block was left, as far as its results differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The provider took the text.
    Accepted,
    /// The provider told more than that.
    Receipt,
    /// Somebody answered.
    Reply,
    /// What it tested is there.
    Holds,
    /// It did what it should, in any other way.
    Done,
    Failed,
}

impl Flow {
    pub(super) fn of(workflow: &Workflow) -> Flow {
        let edges: Vec<Vec<Edge>> = workflow.blocks.iter().map(|block| edges(workflow, block)).collect();
        let mut reachable = vec![false; edges.len()];
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reachable[at], true) {
                open.extend(edges[at].iter().map(|edge| edge.to));
            }
        }
        Flow { edges, reachable }
    }

    /// Whether some way leads from a block to another one, or back to itself.
    pub(super) fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = vec![false; self.edges.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            for edge in &self.edges[at] {
                if edge.to == to {
                    return true;
                }
                if !std::mem::replace(&mut seen[edge.to], true) {
                    open.push(edge.to);
                }
            }
        }
        false
    }
}

/// A way in words: `remind -failed-> tell_staff`.
pub(super) fn in_words(workflow: &Workflow, start: usize, way: &[Edge]) -> String {
    let mut words = workflow.blocks[start].id.clone();
    for edge in way {
        words.push_str(&format!(" -{}-> {}", edge.outcome, workflow.blocks[edge.to].id));
    }
    words
}

/// Gathers the ways out of one block.
struct Exits<'a> {
    workflow: &'a Workflow,
    block: &'a Block,
    edges: Vec<Edge>,
}

impl Exits<'_> {
    fn to(&mut self, outcome: &str, target: Target, way: Way) {
        if let Target::Block(to) = target {
            self.edges.push(Edge { outcome: outcome.to_owned(), to, way });
        }
    }

    /// Where the first of these outcomes leads that `on` names; else on by `next`.
    fn by(&mut self, outcomes: &[&str], way: Way) {
        let named = outcomes.iter().find_map(|name| self.block.on.get(*name));
        self.to(outcomes[0], named.copied().unwrap_or(self.block.next), way);
    }

    /// Failures that `on` names, and where all others go.
    fn failures(&mut self, named: &[&str]) {
        for outcome in named {
            if let Some(target) = self.block.on.get(*outcome) {
                self.to(outcome, *target, Way::Failed);
            }
        }
        match self.block.on.get("failed") {
            Some(target) => self.to("failed", *target, Way::Failed),
            None => {
                if let Some(target) = self.workflow.on_error {
                    self.to("failed", target, Way::Failed);
                }
            }
        }
    }
}

fn edges(workflow: &Workflow, block: &Block) -> Vec<Edge> {
    let mut exits = Exits { workflow, block, edges: Vec::new() };
    match &block.kind {
        BlockKind::Twilio(text) => text_exits(&mut exits, text),
        BlockKind::Call(call) => call_exits(&mut exits, call),
        BlockKind::TextAgent(_) => {
            exits.by(&["completed"], Way::Receipt);
            let others = [Outcome::Ended, Outcome::Transferred, Outcome::MaxRetries, Outcome::Timeout];
            for outcome in others.iter().filter(|outcome| block.on.contains_key(outcome.name())) {
                exits.by(&[outcome.name(), "completed"], Way::Receipt);
            }
            exits.failures(&causes());
        }
        BlockKind::WaitForReply(wait) => {
            for answer in &wait.answers {
                exits.by(&[&answer.outcome, "reply"], Way::Reply);
            }
            let any_text: &[&str] = if wait.answers.is_empty() { &["reply"] } else { &["other", "reply"] };
            exits.by(any_text, Way::Reply);
            if wait.timeout_ms.is_some() {
                exits.by(&["timeout"], Way::Done);
            }
            exits.failures(&["opted_out"]);
        }
        BlockKind::Wait(wait) => {
            exits.by(&["done"], Way::Done);
            match (&wait.until, wait.if_past) {
                (WaitUntil::Moment { .. }, IfPast::Now) => exits.by(&["past"], Way::Done),
                (WaitUntil::Moment { .. }, IfPast::Skip) => exits.by(&["skipped"], Way::Done),
                _ => {}
            }
            exits.failures(&[]);
        }
        BlockKind::Condition(_) => {
            exits.by(&["true"], Way::Holds);
            exits.by(&["false"], Way::Done);
            exits.failures(&[]);
        }
        BlockKind::Switch(switch) => {
            for case in &switch.cases {
                exits.to(case.equals.first().map_or("", String::as_str), case.next, Way::Done);
            }
            match switch.otherwise {
                Some(target) => exits.to("else", target, Way::Done),
                None => exits.by(&["else"], Way::Done),
            }
            exits.failures(&[]);
        }
        BlockKind::Set(_) => {
            exits.by(&["done"], Way::Done);
            exits.failures(&[]);
        }
        BlockKind::End(_) => {}
    }
    exits.edges
}

fn text_exits(exits: &mut Exits<'_>, text: &TwilioBlock) {
    match text.until {
        Until::Accepted => exits.by(&["accepted"], Way::Accepted),
        Until::Sent => exits.by(&["sent"], Way::Receipt),
        Until::Delivered => {
            exits.by(&["delivered"], Way::Receipt);
            if exits.block.on.contains_key("read") {
                exits.by(&["read", "delivered"], Way::Receipt);
            }
            exits.by(&["sent"], Way::Accepted);
        }
    }
    exits.failures(&causes());
}

/// Every way in which a call may end leads somewhere; what `on` does not name goes with its group.
fn call_exits(exits: &mut Exits<'_>, call: &CallBlock) {
    if call.until == CallUntil::Accepted {
        exits.by(&["accepted"], Way::Accepted);
    } else {
        exits.by(&["completed"], Way::Receipt);
        let others = match call.says {
            Says::Announcement(_) => {
                [Outcome::Confirmed, Outcome::Transferred, Outcome::Voicemail, Outcome::HungUp].as_slice()
            }
            Says::Agent(_) => &[
                Outcome::Ended,
                Outcome::Transferred,
                Outcome::MaxRetries,
                Outcome::Timeout,
                Outcome::Voicemail,
                Outcome::HungUp,
            ],
        };
        for outcome in others.iter().filter(|outcome| exits.block.on.contains_key(outcome.name())) {
            exits.by(&[outcome.name(), "completed"], Way::Receipt);
        }
    }
    exits.failures(&causes());
}

/// The names of all causes of failure.
fn causes() -> Vec<&'static str> {
    let is_cause = |outcome: &Outcome| outcome.is_failure() && *outcome != Outcome::Failed;
    Outcome::ALL.into_iter().filter(is_cause).map(Outcome::name).collect()
}
