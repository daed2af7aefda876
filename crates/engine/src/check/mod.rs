//! What is wrong with a workflow beyond its spelling: where it leads, what its texts lack, whom it
//! writes to.

mod answers;
mod confidence;
mod flow;
mod loops;
pub(crate) mod speech;
mod texts;
pub(crate) mod uses;
mod variables;
mod world;

use crate::agent::Agent;
use crate::call::AgentRef;
use crate::diagnostic::{Code, Diagnostic, Place, sort};
use crate::limits::PROBLEMS_MAX;
use crate::workflow::{Block, Draft, Loaded};
use flow::Flow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of the world around a file. What is not known is not judged.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Names of the credentials that can send texts.
    pub credentials: Option<Vec<String>>,
    /// Our senders.
    pub senders: Option<Vec<KnownSender>>,
    /// Names of the agents that are published.
    pub agents: Option<Vec<String>>,
    /// By name: agents whose definition is known too.
    pub definitions: BTreeMap<String, Arc<Agent>>,
    /// Which voices there are, and what they speak.
    pub voices: Option<Voices>,
}

impl Surroundings {
    /// The agent that talks in a block, where its definition is known.
    fn agent<'a>(&'a self, draft: &'a Draft, index: usize, block: &Block) -> Option<&'a Agent> {
        match block.agent()? {
            AgentRef::Named(name) => self.definitions.get(name).map(Arc::as_ref),
            AgentRef::Inline(_) => draft.agents.get(&index)?.agent.as_ref(),
        }
    }
}

/// Judges whether a voice and a language, as far as they are said, exist and go together.
#[derive(Clone, Copy)]
pub struct Voices(pub fn(Option<&str>, Option<&str>) -> Result<(), ImpossibleVoice>);

impl std::fmt::Debug for Voices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voices")
    }
}

/// Why a voice cannot speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpossibleVoice {
    /// Whose fault it is: `voice` or `language`.
    pub key: &'static str,
    pub message: String,
}

/// A number, short code or messaging service of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSender {
    /// E.164, a short code, or `MG…`.
    pub address: String,
    pub name: Option<String>,
}

/// Everything that is to be said of a file: what loading found, and what only shows in the whole.
/// In the order of the file, without repetitions.
pub fn check(loaded: &Loaded, surroundings: &Surroundings) -> Vec<Diagnostic> {
    let mut report = Report { diagnostics: loaded.diagnostics.clone() };
    if let Some(draft) = &loaded.draft {
        let flow = Flow::of(&draft.workflow);
        unreachable_blocks(draft, &flow, &mut report);
        loops::check(draft, &flow, &mut report);
        variables::check(draft, &flow, surroundings, &mut report);
        texts::check(draft, surroundings, &mut report);
        answers::check(draft, &mut report);
        speech::check(draft, surroundings, &mut report);
        world::check(draft, surroundings, &mut report);
        confidence::check(draft, surroundings, &mut report);
    }
    sort(&mut report.diagnostics);
    report.diagnostics
}

/// What an agent needs and a workflow that names it does not have. `surroundings` know the agent, and the others that
/// talk in the workflow.
pub fn lacks(loaded: &Loaded, surroundings: &Surroundings, agent: &str) -> Vec<Diagnostic> {
    let mut report = Report { diagnostics: Vec::new() };
    if let Some(draft) = &loaded.draft {
        variables::check_needs(draft, &Flow::of(&draft.workflow), surroundings, &mut report);
        let names = |block: &Block| matches!(block.agent(), Some(AgentRef::Named(name)) if name == agent);
        let of_agent = draft.workflow.blocks.iter().filter(|block| names(block));
        let of_agent: Vec<&str> = of_agent.map(|block| block.id.as_str()).collect();
        report.diagnostics.retain(|d| d.block.as_deref().is_some_and(|block| of_agent.contains(&block)));
    }
    sort(&mut report.diagnostics);
    report.diagnostics
}

/// Where findings are gathered.
struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// So much is said that no more is looked for: every finding costs a search for what shows it.
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= PROBLEMS_MAX
    }

    /// Adds a finding in a block (nothing: in the workflow itself).
    fn add(&mut self, draft: &Draft, block: Option<usize>, diagnostic: Diagnostic) {
        self.diagnostics.push(match block {
            Some(index) => diagnostic.in_block(&draft.workflow.blocks[index].id),
            None => diagnostic,
        });
    }
}

fn unreachable_blocks(draft: &Draft, flow: &Flow, report: &mut Report) {
    // A target that is misspelt may be the very way that is lacking.
    if report.diagnostics.iter().any(|d| d.code == Code::MissingBlock || d.code == Code::DuplicateId) {
        return;
    }
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        if !flow.reachable[index] {
            let message = format!("no way leads to the block `{}`", block.id);
            let hint = "point to it by `next` or `on`, or remove it";
            let at: Place = draft.spots.place(Some(index), "id");
            report.add(draft, Some(index), Diagnostic::new(Code::UnreachableBlock, at, message).hint(hint));
        }
    }
}
