//! From a file to a [`Workflow`]: everything that is wrong with it is told at once.

pub(crate) mod answers;
mod blocks;
mod call;
pub(crate) mod fields;
pub(crate) mod graph;
pub(crate) mod inputs;
pub(crate) mod top;
mod twilio;
pub(crate) mod values;

pub(super) use inputs::KEYWORDS;

use super::Workflow;
use crate::agent;
use crate::diagnostic::{Code, Diagnostic, Place, Severity, has_errors, sort};
use crate::document::{self, Document, FileKind, Node, Scalar, Source, Span, Value, fold_key};
use crate::limits::PROBLEMS_MAX;
use indexmap::IndexMap;
use std::collections::HashMap;
use template::Template;

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Nothing where there is any error among the diagnostics.
    pub workflow: Option<Workflow>,
    /// In the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The workflow as far as it could be read, for checks that make sense all the same.
    pub(crate) draft: Option<Draft>,
}

/// A workflow that may have holes.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) workflow: Workflow,
    /// By block: something in it could not be read, so nothing should be concluded from what it lacks.
    pub(crate) is_broken: Vec<bool>,
    pub(crate) spots: Spots,
    /// By block: the agents that stand in this very file.
    pub(crate) agents: HashMap<usize, agent::Loaded>,
}

/// Where the fields of a workflow stand in its file.
#[derive(Clone, Debug)]
pub(crate) struct Spots {
    source: Source,
    /// By block (nothing: the workflow itself) and by the field's path, such as `media.0`.
    fields: HashMap<(Option<usize>, String), (Span, Option<Scalar>)>,
}

impl Spots {
    /// The field as a whole. What a block takes over from the workflow stands there; where the
    /// field is not known at all, the block's id stands for it.
    pub(crate) fn place(&self, block: Option<usize>, path: &str) -> Place {
        let spot = self.spot(block, path).or_else(|| self.spot(block, "id"));
        self.source.place(spot.map_or(Span::default(), |(span, _)| *span))
    }

    pub(crate) fn has(&self, block: Option<usize>, path: &str) -> bool {
        self.fields.contains_key(&(block, path.to_owned()))
    }

    /// Inputs that are declared, well or badly.
    pub(crate) fn input_names(&self) -> impl Iterator<Item = String> {
        let mut names: Vec<String> = self
            .fields
            .keys()
            .filter_map(|(block, path)| path.strip_prefix("input.").filter(|_| block.is_none()))
            .map(str::to_owned)
            .collect();
        names.sort();
        names.into_iter()
    }

    pub(crate) fn has_input(&self, name: &str) -> bool {
        self.has(None, &format!("input.{name}"))
    }

    fn spot(&self, block: Option<usize>, path: &str) -> Option<&(Span, Option<Scalar>)> {
        let own = self.fields.get(&(block, path.to_owned()));
        own.or_else(|| (path != "id").then(|| self.fields.get(&(None, path.to_owned())))?)
    }

    /// A piece of the field's text, `offset` and `length` in bytes of it.
    pub(crate) fn place_within(
        &self,
        block: Option<usize>,
        path: &str,
        offset: usize,
        length: usize,
    ) -> Place {
        match self.spot(block, path) {
            Some((span, Some(scalar))) => {
                self.source.place(self.source.within(scalar, *span, offset, length))
            }
            _ => self.place(block, path),
        }
    }
}

pub(crate) const START: Place = Place { line: 1, column: 1, length: 0 };

/// Reads a workflow. `name` is the file's name or path: its ending tells YAML from JSON, and
/// without its ending it names a workflow that has no `name` of its own.
pub fn load(text: &str, name: Option<&str>) -> Loaded {
    let refused = |diagnostics| Loaded { workflow: None, diagnostics, draft: None };
    let document = document::read(text, name);
    let kind = document::kind_of(document.as_ref().ok().map(|document| &document.root), text);
    match (kind, document) {
        (FileKind::Send, _) => refused(vec![not_a_workflow(
            "this is a single text to send, not a workflow",
            "send it with `switchboard send --file`",
        )]),
        (FileKind::Agent, Ok(_)) => refused(vec![not_a_workflow(
            "this is an agent, not a workflow",
            "publish it under its own name, and call with it from a workflow (`messageType: voiceAgent`)",
        )]),
        (_, Err(problems)) => refused(problems),
        (FileKind::Workflow | FileKind::Unknown, Ok(document)) => load_document(&document, name),
    }
}

/// Whether a file is a workflow's, by what is in it.
pub fn is_workflow(text: &str, name: Option<&str>) -> bool {
    let document = document::read(text, name);
    document::kind_of(document.as_ref().ok().map(|document| &document.root), text) == FileKind::Workflow
}

fn not_a_workflow(message: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(Code::NotAWorkflow, START, message).hint(hint)
}

fn load_document(document: &Document, name: Option<&str>) -> Loaded {
    let mut loader = Loader::new(&document.source);
    let workflow = match &document.root.value {
        Value::Map(_) => loader.workflow(&document.root, stem(name)),
        _ => {
            let hint = "a workflow is a map with the key `blocks`";
            loader
                .problems
                .push(not_a_workflow(&format!("this is {}, not a workflow", document.root.noun()), hint));
            None
        }
    };
    let agents = std::mem::take(&mut loader.agents);
    let Findings { problems, is_broken, spots } = loader.finish();
    let draft = workflow.map(|workflow| Draft { workflow, is_broken, spots, agents });
    let workflow = draft.as_ref().filter(|_| !has_errors(&problems)).map(|draft| draft.workflow.clone());
    Loaded { workflow, diagnostics: problems, draft }
}

/// The name of a file without its folders and its ending.
pub(crate) fn stem(name: Option<&str>) -> Option<&str> {
    let file = name?.rsplit(['/', '\\']).next()?;
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    (!stem.is_empty()).then_some(stem)
}

/// What is gathered while a file is gone through. The questions of an agent take the place of a
/// workflow's blocks.
pub(crate) struct Loader<'s> {
    pub(crate) source: &'s Source,
    pub(crate) problems: Vec<Diagnostic>,
    fields: HashMap<(Option<usize>, String), (Span, Option<Scalar>)>,
    /// Index of the block at hand.
    pub(crate) at_block: Option<usize>,
    /// By index; blocks without a usable id have a made-up one.
    pub(crate) block_ids: Vec<String>,
    /// Block by id.
    pub(crate) ids: IndexMap<String, usize>,
    /// A call starts the run, so that blocks may answer it.
    pub(super) is_called: bool,
    /// By block: the agents that stand in it.
    agents: HashMap<usize, agent::Loaded>,
}

/// What is known once a file was gone through.
pub(crate) struct Findings {
    /// In the order of the file.
    pub(crate) problems: Vec<Diagnostic>,
    /// By block.
    pub(crate) is_broken: Vec<bool>,
    pub(crate) spots: Spots,
}

impl<'s> Loader<'s> {
    pub(crate) fn new(source: &'s Source) -> Loader<'s> {
        Loader {
            source,
            problems: Vec::new(),
            fields: HashMap::new(),
            at_block: None,
            block_ids: Vec::new(),
            ids: IndexMap::new(),
            is_called: false,
            agents: HashMap::new(),
        }
    }

    pub(crate) fn finish(self) -> Findings {
        let Loader { source, mut problems, fields, block_ids, .. } = self;
        let is_broken = |id: &String| {
            problems.iter().any(|p| p.severity == Severity::Error && p.block.as_ref() == Some(id))
        };
        let is_broken = block_ids.iter().map(is_broken).collect();
        sort(&mut problems);
        if problems.len() >= PROBLEMS_MAX {
            let message = format!("there are more than {PROBLEMS_MAX} problems; no more are told");
            problems.push(Diagnostic::new(Code::LimitReached, START, message));
        }
        Findings { problems, is_broken, spots: Spots { source: source.clone(), fields } }
    }
}

impl Loader<'_> {
    /// Tells of a problem, in the block at hand.
    pub(crate) fn report(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.block = self.at_block.and_then(|index| self.block_ids.get(index).cloned());
        self.problems.push(diagnostic);
    }

    /// So much is wrong that no more is told. There are errors by then, so nothing is let through.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    /// Keeps a field's place for the checks that come later.
    pub(crate) fn remember(&mut self, path: &str, span: Span, scalar: Option<&Scalar>) {
        self.fields.insert((self.at_block, path.to_owned()), (span, scalar.cloned()));
    }

    /// The first entry under a key, before anything is checked.
    pub(crate) fn peek<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
        let Value::Map(entries) = &node.value else { return None };
        entries.iter().find(|entry| fold_key(&entry.key) == fold_key(name)).map(|entry| &entry.value)
    }
}

/// One text to send, ready to be rendered.
#[derive(Clone, Debug)]
pub struct Send {
    pub from: Option<Template>,
    pub to: Template,
    pub message: Template,
}

/// Reads a text of `From:`, `To:` and `Message:` lines.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_send(text: &str) -> Result<Send, Vec<Diagnostic>> {
    let send = document::read_send_text(text)?;
    let source = Source::new(text);
    let mut problems = Vec::new();
    let mut parse = |(text, span): &(String, Span)| match template::Field::parse(text) {
        Ok(template::Field::Template(template)) => Some(template),
        Ok(template::Field::Script(_)) => {
            let message = "texts in JavaScript (between back-ticks) are not built yet";
            problems.push(Diagnostic::new(Code::NotAvailableYet, source.place(*span), message));
            None
        }
        Err(error) => {
            let start = (span.start + error.at.offset).min(span.end);
            let at = source.place(Span { start, end: (start + error.length).min(span.end) });
            problems.push(Diagnostic::new(Code::TemplateSyntax, at, error.message).maybe_hint(error.hint));
            None
        }
    };
    let (from, to, message) = (send.from.as_ref().map(&mut parse), parse(&send.to), parse(&send.message));
    match (from, to, message) {
        (None, Some(to), Some(message)) => Ok(Send { from: None, to, message }),
        (Some(Some(from)), Some(to), Some(message)) => Ok(Send { from: Some(from), to, message }),
        _ => Err(problems),
    }
}
