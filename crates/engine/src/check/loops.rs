//! Loops that never wait: they would run, and write to people, until a limit stops them.

use super::Report;
use super::flow::{Edge, Flow, in_words};
use crate::diagnostic::{Code, Diagnostic};
use crate::workflow::{BlockKind, Draft};
use std::collections::VecDeque;

pub(super) fn check(draft: &Draft, flow: &Flow, report: &mut Report) {
    let blocks = &draft.workflow.blocks;
    let waits: Vec<bool> = blocks
        .iter()
        .map(|block| {
            let kind = &block.kind;
            matches!(kind, BlockKind::Wait(_) | BlockKind::WaitForReply(_) | BlockKind::TextAgent(_))
        })
        .collect();
    let mut told = vec![false; blocks.len()];
    for start in 0..blocks.len() {
        if told[start] || waits[start] || !flow.reachable[start] || report.is_full() {
            continue;
        }
        let Some(way) = way_back(flow, &waits, start) else { continue };
        way.iter().for_each(|edge| told[edge.to] = true);
        let message = format!("the block `{}` can come round to itself without waiting", blocks[start].id);
        let hint = "put a `wait` or `waitForReply` into the loop, or lead one way out of it";
        let diagnostic =
            Diagnostic::new(Code::LoopWithoutWait, draft.spots.place(Some(start), "id"), message)
                .hint(hint)
                .counter_example(in_words(&draft.workflow, start, &way));
        report.add(draft, Some(start), diagnostic);
    }
}

/// The shortest way from a block back to itself, past no block that waits.
fn way_back(flow: &Flow, waits: &[bool], start: usize) -> Option<Vec<Edge>> {
    let mut came_by: Vec<Option<(usize, &Edge)>> = vec![None; waits.len()];
    let mut open = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        for edge in &flow.edges[at] {
            if waits[edge.to] || came_by[edge.to].is_some() {
                continue;
            }
            came_by[edge.to] = Some((at, edge));
            if edge.to == start {
                return Some(trace(&came_by, start));
            }
            open.push_back(edge.to);
        }
    }
    None
}

fn trace(came_by: &[Option<(usize, &Edge)>], start: usize) -> Vec<Edge> {
    let mut way = Vec::new();
    let mut at = start;
    while let Some((from, edge)) = came_by[at] {
        way.push(edge.clone());
        at = from;
        if at == start {
            break;
        }
    }
    way.reverse();
    way
}
