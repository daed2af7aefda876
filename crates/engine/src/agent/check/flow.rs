//! Where an agent leads: questions that nothing reaches, loops that nothing leaves, branches that run into each other.

use super::Report;
use super::answers::Answers;
use crate::agent::load::Draft;
use crate::agent::{ActionKind, OnMaxRetries, Question, QuestionAgent, Sequence, Target};
use crate::diagnostic::{Code, Diagnostic};
use std::collections::VecDeque;

/// Questions and the ways between them.
struct Flow {
    /// By question: where it may lead.
    ways: Vec<Vec<usize>>,
    /// By question: whether the conversation may end there.
    exits: Vec<bool>,
}

pub(super) fn check(draft: &Draft, answers: &[Answers<'_>], report: &mut Report) {
    transfers(draft, report);
    siblings(draft, report);
    // A target that is misspelt may be the very way that is lacking.
    let is_whole = !report
        .diagnostics
        .iter()
        .any(|d| matches!(d.code, Code::MissingQuestion | Code::DuplicateId) || d.code == Code::MissingKey);
    if !is_whole || draft.is_broken.contains(&true) {
        return;
    }
    let flow = Flow::of(&draft.agent, answers);
    let reached = flow.reachable(0);
    unreachable(draft, &reached, report);
    no_way_out(draft, &flow, &reached, report);
    asked_too_late(draft, &flow, &reached, report);
}

impl Flow {
    fn of(agent: &QuestionAgent, answers: &[Answers<'_>]) -> Flow {
        let mut ways = Vec::new();
        let mut exits = Vec::new();
        for (question, answers) in agent.questions.iter().zip(answers) {
            let mut exit = question.on_max_retries != OnMaxRetries::Continue;
            let mut to: Vec<usize> = Vec::new();
            let mut go = |target: Target| match target {
                Target::Question(index) => to.push(index),
                Target::End => exit = true,
            };
            let mut ends = false;
            if answers.can_pass() {
                go(question.next);
            }
            for (number, action) in question.actions.iter().enumerate() {
                if !answers.can_take(number) {
                    continue;
                }
                match action.does {
                    ActionKind::Continue(target) => go(target.unwrap_or(question.next)),
                    ActionKind::Repeat => go(question.next),
                    ActionKind::EndCall | ActionKind::Transfer => ends = true,
                    ActionKind::GoBack => {}
                }
            }
            to.sort_unstable();
            to.dedup();
            ways.push(to);
            exits.push(exit || ends);
        }
        Flow { ways, exits }
    }

    fn reachable(&self, from: usize) -> Vec<bool> {
        let mut seen = vec![false; self.ways.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(&self.ways[at]);
            }
        }
        seen
    }

    /// The shortest way from one question to another, both included.
    fn way(&self, from: usize, fits: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let mut came_from: Vec<Option<usize>> = vec![None; self.ways.len()];
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front() {
            for next in &self.ways[at] {
                if fits(*next) {
                    let mut way = vec![*next, at];
                    let mut step = at;
                    while let Some(before) = came_from[step].filter(|_| step != from) {
                        way.push(before);
                        step = before;
                    }
                    way.reverse();
                    return Some(way);
                }
                if came_from[*next].is_none() && *next != from {
                    came_from[*next] = Some(at);
                    open.push_back(*next);
                }
            }
        }
        None
    }
}

fn unreachable(draft: &Draft, reached: &[bool], report: &mut Report) {
    for (index, question) in draft.agent.questions.iter().enumerate() {
        if !reached[index] {
            let message = format!("no way leads to the question `{}`", question.id);
            let hint = "point to it by `nextQuestionId` or `next`, or remove it";
            let at = draft.spots.place(Some(index), "id");
            report.add(
                draft,
                Some(index),
                Diagnostic::new(Code::UnreachableQuestion, at, message).hint(hint),
            );
        }
    }
}

/// Questions that go round for ever: no answer, and no silence, ever leads to an end.
fn no_way_out(draft: &Draft, flow: &Flow, reached: &[bool], report: &mut Report) {
    let mut told = vec![false; reached.len()];
    for index in 0..reached.len() {
        if !reached[index] || told[index] {
            continue;
        }
        let from_here = flow.reachable(index);
        if from_here.iter().zip(&flow.exits).any(|(reached, exits)| *reached && *exits) {
            continue;
        }
        from_here.iter().enumerate().filter(|(_, reached)| **reached).for_each(|(at, _)| told[at] = true);
        let question = &draft.agent.questions[index];
        let message = format!("from the question `{}` no way leads to the end", question.id);
        let hint = "let some answer lead to `end`, or to `end_call`";
        let at = draft.spots.place(Some(index), "id");
        let diagnostic = Diagnostic::new(Code::NoWayOut, at, message).hint(hint);
        let way = flow.way(index, |next| next == index).or_else(|| flow.way(index, |next| from_here[next]));
        let diagnostic = match way {
            Some(way) => diagnostic.counter_example(in_words(&draft.agent, &way)),
            None => diagnostic,
        };
        report.add(draft, Some(index), diagnostic);
    }
}

fn in_words(agent: &QuestionAgent, way: &[usize]) -> String {
    way.iter().map(|index| agent.questions[*index].id.as_str()).collect::<Vec<_>>().join(" -> ")
}

/// Answers that are looked at, or said, before anybody was asked for them.
fn asked_too_late(draft: &Draft, flow: &Flow, reached: &[bool], report: &mut Report) {
    let questions = &draft.agent.questions;
    let can_be_known = |of: usize, at: usize| of == at || flow.reachable(of)[at] && reached[of];
    for (index, question) in questions.iter().enumerate() {
        if !reached[index] || report.is_full() {
            continue;
        }
        for (number, action) in question.actions.iter().enumerate() {
            let field = action.condition.field;
            if !can_be_known(field, index) {
                let path = format!("conditionalActions.{number}.condition.field");
                let at = draft.spots.place(Some(index), &path);
                add_too_late(draft, index, &questions[field], at, report);
            }
        }
        let speeches = std::iter::once(("question", &question.text));
        for (path, speech) in speeches {
            for (tag, template) in speech.iter() {
                let path = if tag.is_empty() { path.to_owned() } else { format!("{path}.{tag}") };
                for used in template.variables() {
                    let Some((of, field)) = draft.agent.question(&used.path[0]) else { continue };
                    if used.guard.is_required() && (of == index || !can_be_known(of, index)) {
                        let at = draft.spots.place_within(Some(index), &path, used.at.offset, used.length);
                        add_too_late(draft, index, field, at, report);
                    }
                }
            }
        }
    }
}

fn add_too_late(
    draft: &Draft,
    index: usize,
    field: &Question,
    at: crate::diagnostic::Place,
    report: &mut Report,
) {
    let message = format!("`{}` is not answered yet when this is looked at", field.id);
    let hint = "ask it before, on some way that leads here";
    let start = &draft.agent.questions[0].id;
    let example = format!("{start} -> … -> {}", draft.agent.questions[index].id);
    let example = if index == 0 { start.clone() } else { example };
    let diagnostic = Diagnostic::new(Code::AskedTooLate, at, message).hint(hint).counter_example(example);
    report.add(draft, Some(index), diagnostic);
}

/// With the list's plain order, the end of one branch runs into the branch beside it.
fn siblings(draft: &Draft, report: &mut Report) {
    if draft.agent.sequence != Sequence::Literal {
        return;
    }
    let questions = &draft.agent.questions;
    for question in questions {
        let named: Vec<usize> = question.branches().filter_map(Target::index).collect();
        for branch in &named {
            let is_written = draft.spots.has(Some(*branch), "next");
            let next = questions[*branch].next.index();
            let Some(sibling) = next.filter(|next| named.contains(next) && next != branch && !is_written)
            else {
                continue;
            };
            let message = format!(
                "`{}` runs into `{}`, which is another branch of `{}`",
                questions[*branch].id, questions[sibling].id, question.id
            );
            let hint = "give it a `next`, or leave `sequence: literal` out";
            let at = draft.spots.place(Some(*branch), "id");
            let example =
                format!("{} -> {} -> {}", question.id, questions[*branch].id, questions[sibling].id);
            let diagnostic =
                Diagnostic::new(Code::SiblingFallThrough, at, message).hint(hint).counter_example(example);
            report.add(draft, Some(*branch), diagnostic);
        }
    }
}

/// A transfer has to go somewhere.
fn transfers(draft: &Draft, report: &mut Report) {
    if draft.agent.transfer_to.is_some() {
        return;
    }
    for (index, question) in draft.agent.questions.iter().enumerate() {
        let mut missing = |path: &str| {
            let message = "there is no number to transfer to".to_owned();
            let hint = "give the agent or the action a `transferTo`";
            let at = draft.spots.place(Some(index), path);
            report.add(draft, Some(index), Diagnostic::new(Code::MissingKey, at, message).hint(hint));
        };
        if question.on_max_retries == OnMaxRetries::Transfer {
            missing("onMaxRetries");
        }
        for (number, action) in question.actions.iter().enumerate() {
            if action.does == ActionKind::Transfer && action.transfer_to.is_none() {
                missing(&format!("conditionalActions.{number}.action"));
            }
        }
    }
}
