//! What people tell an agent in confidence, and a workflow writes where it lies in the open.

use super::uses::of_block;
use super::{Report, Surroundings};
use crate::agent::Agent;
use crate::diagnostic::{Code, Diagnostic};
use crate::run::{ANSWERS_VARIABLE, WORDS_OF_ANSWERS};
use crate::workflow::{BlockKind, Draft};
use std::collections::{BTreeMap, BTreeSet};
use template::{Guard, Use};

pub(super) fn check(draft: &Draft, surroundings: &Surroundings, report: &mut Report) {
    let secrets = secrets(draft, surroundings);
    if secrets.is_empty() {
        return;
    }
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        if draft.is_broken[index] {
            continue;
        }
        for field in of_block(block) {
            let Some(whither) = whither(&block.kind, &field.path) else { continue };
            for used in field.uses.iter().filter(|used| used.guard != Guard::Tested) {
                if report.is_full() {
                    return;
                }
                let Some(question) = secrets.get(named(used)) else { continue };
                let at = draft.spots.place_within(Some(index), &field.path, used.at.offset, used.length);
                let message = format!("the answer to `{question}` is sensitive, and {whither}");
                let hint = "leave it out, or say only whether there is one: `{{#if NAME}}…{{/if}}`"
                    .replace("NAME", &used.path.join("."));
                let found = Diagnostic::new(Code::SensitiveInText, at, message).hint(hint);
                report.add(draft, Some(index), found);
            }
        }
    }
}

/// What becomes of a field that would say it; nothing where it stays with us and is sealed there.
fn whither(kind: &BlockKind, path: &str) -> Option<&'static str> {
    match kind {
        BlockKind::Twilio(_) | BlockKind::TextAgent(_) => Some("the provider keeps the text that says it"),
        BlockKind::Call(_) => Some("the provider learns what a call says"),
        BlockKind::End(_) if path == "fail" => Some("`***` stands for it in the reason of a failure"),
        _ => None,
    }
}

/// The variable that says an answer; of `answers`, the question.
fn named(used: &Use) -> &str {
    match used.path.as_slice() {
        [answers, question, field, ..]
            if answers == ANSWERS_VARIABLE && WORDS_OF_ANSWERS.contains(&field.as_str()) =>
        {
            question
        }
        [name, ..] if name != ANSWERS_VARIABLE => name,
        _ => "",
    }
}

/// By variable: the question that its value was told to. What a `set` makes of such a value is one too.
fn secrets(draft: &Draft, surroundings: &Surroundings) -> BTreeMap<String, String> {
    let blocks = &draft.workflow.blocks;
    let agents = blocks.iter().enumerate();
    let agents = agents.filter_map(|(index, block)| surroundings.agent(draft, index, block));
    let told = agents.flat_map(Agent::sensitive_questions);
    let mut secrets: BTreeMap<String, String> = told.map(|id| (id.clone(), id)).collect();
    loop {
        let before = secrets.len();
        for block in blocks {
            let BlockKind::Set(set) = &block.kind else { continue };
            for (name, value) in &set.values {
                let question = value.uses().iter().find_map(|used| secrets.get(used).cloned());
                if let Some(question) = question
                    && !secrets.contains_key(name)
                {
                    secrets.insert(name.clone(), question);
                }
            }
        }
        if secrets.len() == before {
            return secrets;
        }
    }
}

impl Agent {
    /// Ids of the questions whose answers nothing may print.
    pub(crate) fn sensitive_questions(&self) -> BTreeSet<String> {
        let Agent::Questions(agent) = self else { return BTreeSet::new() };
        let sensitive = agent.questions.iter().filter(|question| question.sensitive);
        sensitive.map(|question| question.id.clone()).collect()
    }
}
