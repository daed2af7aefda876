//! Every path through an agent, with the shortest answers that take it.
//!
//! The engine itself is asked where each answer leads: from a conversation that stands at a question, every
//! answer that makes a difference is heard, and what comes of it is a conversation again. Conversations that
//! stand at the same question, and differ in nothing that a later condition looks at, are one state. The graph
//! of states is small where the number of paths is not, so paths are counted on it, and listed as far as there
//! are not too many: then as few as show every way out of every state.

use super::probe::{Given, Probe, holds_for, probes};
use super::{ActionKind, Agent, OnMaxRetries, QuestionAgent};
use crate::conversation::{EndedBy, TurnKind};
use crate::limits::{PATH_STATES_MAX, PATHS_LISTED_MAX};
use crate::rehearsal::{Played, Rehearsal, Reply, rehearse};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Map;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

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
    let explorer = Explorer::of(agent, agent.questions()?, now);
    let graph = explorer.explore();
    Some(graph.paths(agent, now))
}

/// A state's name: the open question, and what later conditions will make of the answers so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    question: usize,
    /// By question that others look at: which kind of answer it got.
    classes: BTreeMap<usize, usize>,
    /// Where `go_back` would lead, in agents that have it.
    before: Option<String>,
}

struct Node {
    edges: Vec<Edge>,
    /// The edge by which it was found first.
    parent: Option<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct Edge {
    step: Step,
    replies: Vec<Reply>,
    /// Nothing where the conversation ends.
    to: Option<usize>,
}

/// Answers that make a difference at one question.
struct Class {
    probe: Probe,
    replies: Vec<Reply>,
}

struct Explorer<'a> {
    agent: &'a Agent,
    questions: &'a QuestionAgent,
    now: Timestamp,
    /// By question.
    classes: Vec<Vec<Class>>,
    /// By question: whether conditions of other questions look at it.
    is_looked_at: Vec<bool>,
    goes_back: bool,
}

impl<'a> Explorer<'a> {
    fn of(agent: &'a Agent, questions: &'a QuestionAgent, now: Timestamp) -> Explorer<'a> {
        let conditions = || {
            let all = questions.questions.iter().enumerate();
            all.flat_map(|(at, question)| question.actions.iter().map(move |action| (at, action)))
        };
        let is_looked_at = (0..questions.questions.len())
            .map(|index| conditions().any(|(at, action)| at != index && action.condition.field == index))
            .collect();
        let goes_back = conditions().any(|(_, action)| action.does == ActionKind::GoBack);
        let classes = (0..questions.questions.len()).map(|index| classes(questions, index)).collect();
        Explorer { agent, questions, now, classes, is_looked_at, goes_back }
    }

    fn explore(&self) -> Graph {
        let mut graph = Graph { nodes: Vec::new(), is_cut: false };
        let mut known: IndexMap<Key, usize> = IndexMap::new();
        let first = Rehearsal::begin(self.agent, Map::new(), self.now);
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
                        None if graph.nodes.len() >= PATH_STATES_MAX => {
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
                graph.add(from, Edge { step, replies: class.replies.clone(), to });
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

/// For each difference that an answer can make, the shortest one that makes it.
fn classes(agent: &QuestionAgent, index: usize) -> Vec<Class> {
    let question = &agent.questions[index];
    let conditions: Vec<(usize, &super::Action)> = agent
        .questions
        .iter()
        .enumerate()
        .flat_map(|(at, question)| question.actions.iter().map(move |action| (at, action)))
        .filter(|(_, action)| action.condition.field == index)
        .collect();
    let mut probes = probes(agent, index);
    if question.on_max_retries != OnMaxRetries::Continue {
        probes.push(Probe { given: Given::Silence, value: serde_json::Value::Null });
    }
    let is_own_alone = question.actions.iter().all(|action| {
        action.condition.field == index || matches!(action.condition.operator, super::Operator::AnyOther)
    });
    let mut found: HashMap<(Vec<bool>, Option<usize>, bool), ()> = HashMap::new();
    let mut classes = Vec::new();
    for probe in probes {
        let replies = replies(question, &probe.given);
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
        if found.insert((verdicts, taken, is_end), ()).is_none() {
            classes.push(Class { probe, replies });
        }
    }
    classes
}

/// What a person does to give that answer.
fn replies(question: &super::Question, given: &Given) -> Vec<Reply> {
    match given {
        Given::Said(words) if question.confirm => {
            vec![Reply::Said { words: words.clone(), confidence: None }, Reply::Keys("1".into())]
        }
        Given::Said(words) => vec![Reply::Said { words: words.clone(), confidence: None }],
        Given::Skip => vec![Reply::Keys("#".into())],
        Given::Silence => (0..=question.retries_max).map(|_| Reply::Silence).collect(),
    }
}

struct Graph {
    nodes: Vec<Node>,
    is_cut: bool,
}

impl Graph {
    /// Answers that do the same, and lead to the same state, are one way.
    fn add(&mut self, from: usize, edge: Edge) {
        let is_known = |other: &Edge| other.to == edge.to && other.step.way == edge.step.way;
        if !self.nodes[from].edges.iter().any(is_known) {
            self.nodes[from].edges.push(edge);
        }
    }

    fn paths(&self, agent: &Agent, now: Timestamp) -> Paths {
        let mut counting =
            Counting { graph: self, counts: vec![None; self.nodes.len()], back: HashSet::new() };
        let total = if self.nodes.is_empty() { 0 } else { counting.count(0) };
        let back = counting.back;
        let is_complete = total <= u64::try_from(PATHS_LISTED_MAX).unwrap_or(u64::MAX) && !self.is_cut;
        let mut listed: Vec<Vec<(usize, usize)>> = Vec::new();
        if is_complete {
            self.walk(0, &back, &mut Vec::new(), &mut listed);
        }
        self.cover(&mut listed);
        let paths = listed.into_iter().map(|path| self.played(agent, now, &path)).collect();
        Paths { total, has_loops: !back.is_empty(), is_complete, is_cut: self.is_cut, paths }
    }

    /// Adds paths until every way out of every question is shown, and then every edge, as far as there is room.
    fn cover(&self, listed: &mut Vec<Vec<(usize, usize)>>) {
        let ends = self.shortest_ends();
        let mut shown: HashSet<(usize, usize)> = listed.iter().flatten().copied().collect();
        let step = |(from, edge): &(usize, usize)| &self.nodes[*from].edges[*edge].step;
        let way = |at: &(usize, usize)| (step(at).question.as_str(), step(at).way.as_str());
        let mut ways: HashSet<(&str, &str)> = shown.iter().map(way).collect();
        let nodes = self.nodes.iter().enumerate();
        let all: Vec<(usize, usize)> =
            nodes.flat_map(|(from, node)| (0..node.edges.len()).map(move |edge| (from, edge))).collect();
        for round in [Round::Ways, Round::Edges] {
            for at in &all {
                let is_shown = match round {
                    Round::Ways => ways.contains(&way(at)),
                    Round::Edges => shown.contains(at),
                };
                if !is_shown && listed.len() < 2 * PATHS_LISTED_MAX {
                    let path = self.through(at.0, at.1, &ends);
                    ways.extend(path.iter().map(way));
                    shown.extend(path.iter().copied());
                    listed.push(path);
                }
            }
        }
    }

    fn walk(
        &self,
        at: usize,
        back: &HashSet<(usize, usize)>,
        path: &mut Vec<(usize, usize)>,
        listed: &mut Vec<Vec<(usize, usize)>>,
    ) {
        let Some(node) = self.nodes.get(at) else { return };
        for (number, edge) in node.edges.iter().enumerate() {
            if back.contains(&(at, number)) {
                continue;
            }
            path.push((at, number));
            match edge.to {
                None => listed.push(path.clone()),
                Some(to) => self.walk(to, back, path, listed),
            }
            path.pop();
        }
    }

    /// By state: the edge that begins the shortest way to an end.
    fn shortest_ends(&self) -> Vec<Option<usize>> {
        let mut into: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.nodes.len()];
        let mut first: Vec<Option<usize>> = vec![None; self.nodes.len()];
        let mut open = VecDeque::new();
        for (from, node) in self.nodes.iter().enumerate() {
            for (number, edge) in node.edges.iter().enumerate() {
                match edge.to {
                    None if first[from].is_none() => {
                        first[from] = Some(number);
                        open.push_back(from);
                    }
                    None => {}
                    Some(to) => into[to].push((from, number)),
                }
            }
        }
        while let Some(at) = open.pop_front() {
            for (from, number) in &into[at] {
                if first[*from].is_none() {
                    first[*from] = Some(*number);
                    open.push_back(*from);
                }
            }
        }
        first
    }

    /// The way by which a state was found, one of its edges, and the shortest way to an end from there.
    fn through(&self, from: usize, edge: usize, ends: &[Option<usize>]) -> Vec<(usize, usize)> {
        let mut path = vec![(from, edge)];
        let mut at = from;
        while let Some(parent) = self.nodes[at].parent {
            path.push(parent);
            at = parent.0;
        }
        path.reverse();
        let mut at = self.nodes[from].edges[edge].to;
        while let Some(state) = at {
            let Some(number) = ends[state] else { break };
            path.push((state, number));
            at = self.nodes[state].edges[number].to;
        }
        path
    }

    fn played(&self, agent: &Agent, now: Timestamp, path: &[(usize, usize)]) -> PlayedPath {
        let edges = path.iter().map(|(from, edge)| &self.nodes[*from].edges[*edge]);
        let steps = edges.clone().map(|edge| edge.step.clone()).collect();
        let replies: Vec<Reply> = edges.flat_map(|edge| edge.replies.clone()).collect();
        let played = rehearse(agent, Map::new(), &replies, now);
        PlayedPath { steps, replies, played }
    }
}

/// What is covered first, and what then.
#[derive(Clone, Copy)]
enum Round {
    Ways,
    Edges,
}

/// Counts the paths from each state to an end, ways back left out.
struct Counting<'g> {
    graph: &'g Graph,
    /// Zero while a state's own count is under way.
    counts: Vec<Option<u64>>,
    /// Edges that lead back to a state on the way to theirs.
    back: HashSet<(usize, usize)>,
}

impl Counting<'_> {
    /// Goes down without recursion: an agent may be as deep as it has questions, and states are more.
    fn count(&mut self, start: usize) -> u64 {
        let mut on_way = vec![false; self.graph.nodes.len()];
        let mut stack = vec![(start, 0)];
        on_way[start] = true;
        while let Some((at, next)) = stack.last_mut() {
            let (at, number) = (*at, *next);
            let Some(edge) = self.graph.nodes[at].edges.get(number) else {
                let total = self.total(at);
                self.counts[at] = Some(total);
                on_way[at] = false;
                stack.pop();
                continue;
            };
            *next += 1;
            match edge.to {
                Some(to) if on_way[to] => {
                    self.back.insert((at, number));
                }
                Some(to) if self.counts[to].is_none() => {
                    on_way[to] = true;
                    stack.push((to, 0));
                }
                _ => {}
            }
        }
        self.counts[start].unwrap_or_default()
    }

    fn total(&self, at: usize) -> u64 {
        let edges = self.graph.nodes[at].edges.iter().enumerate();
        let counted = edges.filter(|(number, _)| !self.back.contains(&(at, *number)));
        counted.fold(0, |sum: u64, (_, edge)| {
            let further = edge.to.map_or(1, |to| self.counts[to].unwrap_or_default());
            sum.saturating_add(further)
        })
    }
}
