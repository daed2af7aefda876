//! The states of a conversation, the ways between them, and which paths show them all.

use super::{PlayedPath, Step};
use crate::agent::Agent;
use crate::agent::looks::Seen;
use crate::limits::PATHS_LISTED_MAX;
use crate::rehearsal::{Reply, rehearse};
use jiff::Timestamp;
use serde_json::Map;
use std::collections::{HashSet, VecDeque};

pub(super) struct Node {
    pub(super) edges: Vec<Edge>,
    /// The edge by which it was found first.
    pub(super) parent: Option<(usize, usize)>,
}

#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) step: Step,
    pub(super) replies: Vec<Reply>,
    /// How the answer looks from outside.
    pub(super) seen: Option<Seen>,
    /// Nothing where the conversation ends.
    pub(super) to: Option<usize>,
}

/// States, each with the edge that is taken out of it.
pub(super) type Route = Vec<(usize, usize)>;

/// What can become of a conversation.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// There are more states.
    pub(super) is_cut: bool,
}

/// The paths that are shown.
pub(super) struct Listed {
    pub(super) routes: Vec<Route>,
    pub(super) total: u64,
    pub(super) has_loops: bool,
    pub(super) is_complete: bool,
}

impl Graph {
    /// Answers that do the same, and lead to the same state, are one way.
    pub(super) fn add(&mut self, from: usize, edge: Edge) {
        let is_known =
            |other: &Edge| other.to == edge.to && other.step.way == edge.step.way && other.seen == edge.seen;
        if !self.nodes[from].edges.iter().any(is_known) {
            self.nodes[from].edges.push(edge);
        }
    }

    /// All paths where there are not too many, else as few as show every edge.
    pub(super) fn list(&self) -> Listed {
        let mut counting =
            Counting { graph: self, counts: vec![None; self.nodes.len()], back: HashSet::new() };
        let total = if self.nodes.is_empty() { 0 } else { counting.count(0) };
        let back = counting.back;
        let is_complete = total <= u64::try_from(PATHS_LISTED_MAX).unwrap_or(u64::MAX) && !self.is_cut;
        let mut listed: Vec<Route> = Vec::new();
        if is_complete {
            self.walk(0, &back, &mut Vec::new(), &mut listed);
        }
        self.cover(&mut listed);
        Listed { routes: listed, total, has_loops: !back.is_empty(), is_complete }
    }

    /// Adds paths until every way out of every question is shown, and then every edge, as far as there is room.
    fn cover(&self, listed: &mut Vec<Route>) {
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
        listed: &mut Vec<Route>,
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

    pub(super) fn replies(&self, path: &[(usize, usize)]) -> Vec<Reply> {
        path.iter().flat_map(|(from, edge)| self.nodes[*from].edges[*edge].replies.clone()).collect()
    }

    pub(super) fn played(&self, agent: &Agent, now: Timestamp, path: &[(usize, usize)]) -> PlayedPath {
        let edges = path.iter().map(|(from, edge)| &self.nodes[*from].edges[*edge]);
        let steps = edges.map(|edge| edge.step.clone()).collect();
        let replies = self.replies(path);
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
