//! From a file to an [`Agent`]: everything that is wrong with it is told at once.

mod actions;
mod choices;
mod llm;
mod operands;
mod question;
mod speech;
mod tools;
mod top;

use super::keys::{LLM_AGENT, QUESTION_AGENT};
use super::{Agent, LlmAgent, QuestionAgent};
use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean, has_errors};
use crate::document::{self, FileKind, Node, Source, Span, Value, fold_key};
use crate::workflow::load::{Findings, Loader, START, Spots};

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Nothing where there is any error among the diagnostics.
    pub agent: Option<Agent>,
    /// In the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The agent as far as it could be read, for checks that make sense all the same.
    pub(crate) draft: Option<Draft>,
    /// The same, of an agent that talks by a language model.
    pub(crate) llm_draft: Option<LlmDraft>,
}

/// An agent that talks by a language model, and that may have holes. Its tools take the place of questions.
#[derive(Clone, Debug)]
pub(crate) struct LlmDraft {
    pub(crate) agent: LlmAgent,
    pub(crate) spots: Spots,
}

/// A question agent that may have holes.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) agent: QuestionAgent,
    /// By question: something in it could not be read, so nothing should be concluded from what it lacks.
    pub(crate) is_broken: Vec<bool>,
    pub(crate) spots: Spots,
}

/// Whether a file is an agent's, by what stands in it. `name` is the file's name or path.
pub fn is_agent(text: &str, name: Option<&str>) -> bool {
    let document = document::read(text, name);
    document::kind_of(document.as_ref().ok().map(|document| &document.root), text) == FileKind::Agent
}

/// Reads an agent: a map with `questions`, a bare list of questions, or a single one. `name` is the
/// file's name or path: its ending tells YAML from JSON, and without its ending it names an agent
/// that has no `name` of its own.
pub fn load(text: &str, name: Option<&str>) -> Loaded {
    match document::read(text, name) {
        Err(problems) => refused(problems),
        Ok(document) => match document::kind_of(Some(&document.root), text) {
            FileKind::Agent => load_node(&document.source, &document.root, name),
            FileKind::Workflow => refused(vec![not_an_agent("this is a workflow, not an agent", START)]),
            FileKind::Send => {
                refused(vec![not_an_agent("this is a single text to send, not an agent", START)])
            }
            FileKind::Unknown => {
                let at = document.source.place(Span { end: document.root.span.start, ..document.root.span });
                let message = format!("this is {}, not an agent", document.root.noun());
                refused(vec![not_an_agent(&message, at)])
            }
        },
    }
}

/// Reads an agent that stands somewhere in a document, such as inside a workflow.
pub(crate) fn load_node(source: &Source, root: &Node, name: Option<&str>) -> Loaded {
    match kind_of(root) {
        Kind::Questions => {}
        Kind::Llm => return load_llm(source, root, name),
        Kind::Unknown { word, span } => {
            let known = || QUESTION_AGENT.iter().chain(LLM_AGENT).copied();
            let hint = did_you_mean(&word, known())
                .unwrap_or_else(|| format!("it is `{}` or `{}`", QUESTION_AGENT[0], LLM_AGENT[0]));
            let message = format!("`agentType` cannot be `{word}`");
            return refused(vec![Diagnostic::new(Code::BadValue, source.place(span), message).hint(hint)]);
        }
    }
    let mut loader = Loader::new(source);
    let agent = loader.question_agent(root, crate::workflow::load::stem(name));
    let Findings { problems, is_broken, spots } = loader.finish();
    let draft = agent.map(|agent| Draft { agent, is_broken, spots });
    let whole = draft.as_ref().filter(|_| !has_errors(&problems));
    let agent = whole.map(|draft| Agent::Questions(Box::new(draft.agent.clone())));
    Loaded { agent, diagnostics: problems, draft, llm_draft: None }
}

fn load_llm(source: &Source, root: &Node, name: Option<&str>) -> Loaded {
    let mut loader = Loader::new(source);
    let agent = loader.llm_agent(root, crate::workflow::load::stem(name));
    let Findings { problems, spots, .. } = loader.finish();
    let llm_draft = agent.map(|agent| LlmDraft { agent, spots });
    let whole = llm_draft.as_ref().filter(|_| !has_errors(&problems));
    let agent = whole.map(|draft| Agent::Llm(Box::new(draft.agent.clone())));
    Loaded { agent, diagnostics: problems, draft: None, llm_draft }
}

fn refused(diagnostics: Vec<Diagnostic>) -> Loaded {
    Loaded { agent: None, diagnostics, draft: None, llm_draft: None }
}

fn not_an_agent(message: &str, at: Place) -> Diagnostic {
    let hint = "an agent has the key `questions`, or is a list of questions";
    Diagnostic::new(Code::NotAnAgent, at, message).hint(hint)
}

/// Which kind of agent a file is of.
enum Kind {
    Questions,
    Llm,
    Unknown { word: String, span: Span },
}

fn kind_of(root: &Node) -> Kind {
    let Value::Map(entries) = &root.value else { return Kind::Questions };
    let entry = entries.iter().find(|entry| fold_key(&entry.key) == "agenttype");
    let Some((entry, scalar)) = entry.and_then(|entry| Some((entry, entry.value.scalar()?))) else {
        return Kind::Questions;
    };
    let is_one_of = |names: &[&str]| names.iter().any(|name| fold_key(name) == fold_key(&scalar.text));
    let span = entry.value.span;
    if is_one_of(QUESTION_AGENT) {
        Kind::Questions
    } else if is_one_of(LLM_AGENT) {
        Kind::Llm
    } else {
        Kind::Unknown { word: scalar.text.trim().to_owned(), span }
    }
}
