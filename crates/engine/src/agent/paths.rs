//! Every path through an agent, with the shortest answers that take it.
//!
//! The engine itself is asked where each answer leads: from a conversation that stands at a question, every
//! answer that makes a difference is heard, and what comes of it is a conversation again. Conversations that
//! stand at the same question, and differ in nothing that a later condition looks at, are one state. The graph
//! of states is small where the number of paths is not, so paths are counted on it, and listed as far as there
//! are not too many: then as few as show every way out of every state.

mod graph;

use super::looks::{Looks, Seen};
use super::probe::{Given, Probe, holds_for, probes_against};
use super::{ActionKind, Agent, OnMaxRetries, QuestionAgent};
use crate::conversation::{EndedBy, Medium, Opening, TurnKind};
use crate::id::ConversationId;
use crate::limits::PATH_STATES_MAX;
use crate::rehearsal::{Played, Rehearsal, Reply};
use graph::{Edge, Graph, Listed, Node};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashSet, VecDeque};

/// The paths through an agent.
#[derive(Clone, Debug)]
pub struct Paths {
    /// How many there are, ways back not counted.
    pub total: u64,
    /// Some way leads back to a question that was asked before.
    pub has_loops: bool,
    /// All of them are listed; else as few as show every way out of every question.
    pub is_complete: bool,
    /// There are more states than were looked at.
    pub is_cut: bool,
    /// Each was played by the engine from its beginning.
    pub paths: Vec<PlayedPath>,
}

/// One path.
#[derive(Clone, Debug)]
pub struct PlayedPath {
    pub steps: Vec<Step>,
    pub replies: Vec<Reply>,
    pub played: Played,
}

/// One question of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub question: String,
    /// What is answered: `“10”`, `the key #`, `silence`.
    pub given: String,
    /// What that does: `action 2: end_call`, `in sequence`.
    pub way: String,
}

/// Lists the paths of an agent. Every variable that its texts use is taken to be empty. Nothing where a language
/// model decides where the conversation goes.
pub fn paths(agent: &Agent, now: Timestamp) -> Option<Paths> {
    let looks = Looks::default();
    let outside = Outside { looks: &looks, medium: Medium::Voice };
    let graph = Explorer::of(agent, agent.questions()?, outside, now).explore(PATH_STATES_MAX);
    let Listed { routes, total, has_loops, is_complete } = graph.list();
    let paths = routes.iter().map(|route| graph.played(agent, now, route)).collect();
    Some(Paths { total, has_loops, is_complete, is_cut: graph.is_cut, paths })
}

/// What an agent is talked to for.
#[derive(Clone, Copy)]
pub(crate) struct Outside<'a> {
    pub(crate) looks: &'a Looks,
    pub(crate) medium: Medium,
}

/// What somebody who is talked to can do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scripts {
    /// The shortest first.
    pub(crate) replies: Vec<Vec<Reply>>,
    /// They show every way out of every question, and every difference that one answer makes outside, but not all
    /// differences together.
    pub(crate) is_cut: bool,
}

/// Whole conversations, so that everything that is looked at from outside comes about.
pub(crate) fn scripts(agent: &Agent, outside: Outside<'_>, now: Timestamp) -> Scripts {
    let Some(questions) = agent.questions() else { return Scripts::default() };
    let mut explorer = Explorer::of(agent, questions, outside, now);
    let mut graph = explorer.explore(SCRIPT_STATES_MAX);
    let is_too_much = graph.is_cut;
    if is_too_much {
        // Answers that only matter outside are tried one at a time.
        explorer.is_looked_at = explorer.is_looked_at_inside();
        graph = explorer.explore(PATH_STATES_MAX);
    }
    let listed = graph.list();
    let mut replies: Vec<Vec<Reply>> = listed.routes.iter().map(|route| graph.replies(route)).collect();
    replies.sort_by_key(Vec::len);
    Scripts { replies, is_cut: is_too_much || !listed.is_complete }
}

/// States of a conversation with which a workflow is gone through.
const SCRIPT_STATES_MAX: usize = 1_000;

/// A state's name: the open question, and what later conditions will make of the answers so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    question: usize,
    /// By question that others look at: which kind of answer it got.
    classes: BTreeMap<usize, usize>,
    /// Where `go_back` would lead, in agents that have it.
    before: Option<String>,
}

/// Answers that make a difference at one question.
struct Class {
    probe: Probe,
    replies: Vec<Reply>,
    seen: Option<Seen>,
}

struct Explorer<'a> {
    agent: &'a Agent,
    questions: &'a QuestionAgent,
    medium: Medium,
    now: Timestamp,
    /// By question.
    classes: Vec<Vec<Class>>,
    /// By question: whether conditions of other questions, or somebody outside, look at it.
    is_looked_at: Vec<bool>,
    goes_back: bool,
}

impl<'a> Explorer<'a> {
    fn of(
        agent: &'a Agent,
        questions: &'a QuestionAgent,
        outside: Outside<'_>,
        now: Timestamp,
    ) -> Explorer<'a> {
        let mut actions = questions.questions.iter().flat_map(|question| &question.actions);
        let goes_back = actions.any(|action| action.does == ActionKind::GoBack);
        let all = 0..questions.questions.len();
        let classes = all.map(|index| classes(questions, index, outside)).collect();
        let medium = outside.medium;
        let mut explorer =
            Explorer { agent, questions, medium, now, classes, is_looked_at: Vec::new(), goes_back };
        explorer.is_looked_at = explorer.is_looked_at_inside();
        for (question, is) in questions.questions.iter().zip(&mut explorer.is_looked_at) {
            *is |= outside.looks.at(&question.id).is_some();
        }
        explorer
    }

    /// By question: whether conditions of other questions look at it.
    fn is_looked_at_inside(&self) -> Vec<bool> {
        let all = || self.questions.questions.iter().enumerate();
        let looks_at = |index: usize| {
            all().any(|(at, question)| {
                at != index && question.actions.iter().any(|action| action.condition.field == index)
            })
        };
        all().map(|(index, _)| looks_at(index)).collect()
    }

    /// A conversation of this medium, with no variables.
    fn begin(&self) -> Rehearsal<'a> {
        let opening = Opening::of(ConversationId::from_trusted("cnv_path"), self.medium);
        Rehearsal::open(self.agent, opening, self.now)
    }

    fn explore(&self, states_max: usize) -> Graph {
        let mut graph = Graph::default();
        let mut known: IndexMap<Key, usize> = IndexMap::new();
        let first = self.begin();
        let Some(key) = self.key(&first, BTreeMap::new()) else { return graph };
        known.insert(key.clone(), 0);
        graph.nodes.push(Node { edges: Vec::new(), parent: None });
        let mut open = VecDeque::from([(key, first)]);
        while let Some((key, standing)) = open.pop_front() {
            let from = known[&key];
            for (number, class) in self.classes[key.question].iter().enumerate() {
                let mut next = standing.clone();
                next.take_log();
                class.replies.iter().for_each(|reply| next.reply(reply));
                let step = self.step(key.question, class, &next.take_log());
                let mut classes = key.classes.clone();
                if self.is_looked_at[key.question] {
                    classes.insert(key.question, number);
                }
                let to = match self.key(&next, classes) {
                    None => None,
                    Some(key) => match known.get(&key) {
                        Some(to) => Some(*to),
                        None if graph.nodes.len() >= states_max => {
                            graph.is_cut = true;
                            continue;
                        }
                        None => {
                            let to = graph.nodes.len();
                            known.insert(key.clone(), to);
                            let parent = Some((from, graph.nodes[from].edges.len()));
                            graph.nodes.push(Node { edges: Vec::new(), parent });
                            open.push_back((key, next));
                            Some(to)
                        }
                    },
                };
                let (replies, seen) = (class.replies.clone(), class.seen.clone());
                graph.add(from, Edge { step, replies, seen, to });
            }
        }
        graph
    }

    /// Nothing where the conversation has ended.
    fn key(&self, standing: &Rehearsal<'_>, mut classes: BTreeMap<usize, usize>) -> Option<Key> {
        let interview = standing.conversation.interview()?;
        let asking = interview.asking.as_ref().filter(|_| standing.conversation.ended_by().is_none())?;
        let (question, _) = self.questions.question(&asking.question)?;
        // Answers that were forgotten on the way back decide nothing any more.
        classes.retain(|index, _| {
            interview.answers.iter().any(|answer| answer.question == self.questions.questions[*index].id)
        });
        let before = self.goes_back.then(|| interview.path.last().cloned().unwrap_or_default());
        Some(Key { question, classes, before })
    }

    fn step(&self, question: usize, class: &Class, log: &[crate::conversation::TurnEntry]) -> Step {
        let id = &self.questions.questions[question].id;
        let way = log.iter().find_map(|entry| match &entry.kind {
            TurnKind::ActionTaken { question, action, does, .. } if question == id => {
                Some(format!("action {action}: {does}"))
            }
            TurnKind::Ended { by: EndedBy::MaxRetries, .. } => Some("max_retries".into()),
            TurnKind::Ended { by: EndedBy::Transfer, .. } => Some("transfer".into()),
            _ => None,
        });
        Step {
            question: id.clone(),
            given: class.probe.given.shown(),
            way: way.unwrap_or_else(|| "in sequence".into()),
        }
    }
}

/// What an answer can make a difference to.
#[derive(PartialEq, Eq, Hash)]
struct Difference {
    /// Conditions of other questions.
    verdicts: Vec<bool>,
    /// Which action of its own question it takes.
    taken: Option<usize>,
    /// It ends the conversation.
    is_end: bool,
    seen: Option<Seen>,
}

/// For each difference that an answer can make, the shortest one that makes it.
fn classes(agent: &QuestionAgent, index: usize, outside: Outside<'_>) -> Vec<Class> {
    let question = &agent.questions[index];
    let look = outside.looks.at(&question.id);
    let conditions: Vec<(usize, &super::Action)> = agent
        .questions
        .iter()
        .enumerate()
        .flat_map(|(at, question)| question.actions.iter().map(move |action| (at, action)))
        .filter(|(_, action)| action.condition.field == index)
        .collect();
    let compared = look.map(|look| look.operands(question)).unwrap_or_default();
    let mut probes = probes_against(agent, index, &compared);
    probes.extend(look.map(|look| look.ways_out(question)).unwrap_or_default());
    if question.on_max_retries != OnMaxRetries::Continue {
        probes.push(Probe { given: Given::Silence, value: serde_json::Value::Null });
    }
    let is_own_alone = question.actions.iter().all(|action| {
        action.condition.field == index || matches!(action.condition.operator, super::Operator::AnyOther)
    });
    let mut found: HashSet<Difference> = HashSet::new();
    let mut classes = Vec::new();
    for probe in probes {
        let replies = replies(question, &probe.given, outside.medium);
        let verdict = |action: &super::Action| holds_for(agent, question, &action.condition.operator, &probe);
        // Words that nothing is understood of lead nowhere unless an action of the question takes them.
        let by_words = !probe.is_understood() && matches!(probe.given, Given::Said(_));
        let taken =
            question.actions.iter().position(|action| action.condition.field == index && verdict(action));
        if by_words && taken.is_none() {
            continue;
        }
        let foreign = conditions.iter().filter(|(at, _)| *at != index || !is_own_alone);
        let verdicts: Vec<bool> = foreign.map(|(_, action)| verdict(action)).collect();
        let is_end = probe.given == Given::Silence && question.on_max_retries != OnMaxRetries::Continue;
        let taken = if is_own_alone { taken } else { None };
        let seen = look.map(|look| look.seen(&probe));
        if found.insert(Difference { verdicts, taken, is_end, seen: seen.clone() }) {
            classes.push(Class { probe, replies, seen });
        }
    }
    classes
}

/// What a person does to give that answer.
fn replies(question: &super::Question, given: &Given, medium: Medium) -> Vec<Reply> {
    match given {
        // What is secret is not read back in a text.
        Given::Said(words) if question.confirm && !(question.sensitive && medium == Medium::Text) => {
            vec![Reply::Said { words: words.clone(), confidence: None }, Reply::Keys("1".into())]
        }
        Given::Said(words) => vec![Reply::Said { words: words.clone(), confidence: None }],
        Given::Skip => vec![Reply::Keys("#".into())],
        Given::Silence => {
            let nothing = match medium {
                Medium::Voice => Reply::Silence,
                // Silence by text is no answer at all: the question stays open.
                Medium::Text => Reply::Said { words: MEANINGLESS.into(), confidence: None },
            };
            vec![nothing; question.retries_max as usize + 1]
        }
    }
}

/// A text that is an answer to no question but one for any words.
const MEANINGLESS: &str = "?";
