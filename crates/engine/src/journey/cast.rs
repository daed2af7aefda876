//! The agents that the blocks of a workflow talk by, as far as they are known here.

use crate::agent::{self, Agent, QuestionAgent};
use crate::call::AgentRef;
use crate::workflow::Workflow;
use std::collections::{BTreeSet, HashMap};

/// Who talks in which block.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    /// By block id.
    known: HashMap<String, Agent>,
    unknown: BTreeSet<String>,
}

impl Cast {
    /// Agents that stand in their blocks are known; those that blocks name are looked for among `published`.
    pub fn of(workflow: &Workflow, published: &[Agent]) -> Cast {
        let mut cast = Cast::default();
        for block in &workflow.blocks {
            let Some(named) = block.agent() else { continue };
            let found = match named {
                AgentRef::Named(name) => published.iter().find(|agent| agent.name() == name).cloned(),
                AgentRef::Inline(value) => agent::load(&value.to_string(), Some(&block.id)).agent,
            };
            match (found, named) {
                (Some(agent), _) => drop(cast.known.insert(block.id.clone(), agent)),
                (None, AgentRef::Named(name)) => drop(cast.unknown.insert(name.clone())),
                (None, AgentRef::Inline(_)) => {}
            }
        }
        cast
    }

    /// Names of agents that blocks talk by and that nobody has shown.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    pub(super) fn agent(&self, block: &str) -> Option<&Agent> {
        self.known.get(block)
    }

    /// The structured interview that a block holds. What a language model asks is not known before.
    pub(super) fn questions(&self, block: &str) -> Option<&QuestionAgent> {
        self.agent(block)?.questions()
    }
}
