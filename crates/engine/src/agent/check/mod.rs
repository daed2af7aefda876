//! What is wrong with an agent beyond its spelling: where it leads, what its conditions make of answers, and how
//! it sounds.
//!
//! Errors are kept for what is impossible. What is merely odd is a warning, with an answer that shows it.

mod answers;
mod flow;
mod llm;
mod speech;

use super::load::{Draft, Loaded};
use crate::diagnostic::{Diagnostic, sort};
use crate::limits::PROBLEMS_MAX;
use answers::Answers;

/// Everything that is to be said of an agent's file: what loading found, and what only shows in the whole.
/// In the order of the file, without repetitions.
pub fn check(loaded: &Loaded) -> Vec<Diagnostic> {
    let mut report = Report { diagnostics: loaded.diagnostics.clone() };
    if let Some(draft) = &loaded.draft {
        let answers: Vec<Answers<'_>> =
            (0..draft.agent.questions.len()).map(|index| Answers::of(&draft.agent, index)).collect();
        flow::check(draft, &answers, &mut report);
        for (index, answers) in answers.iter().enumerate() {
            if !draft.is_broken[index] && !report.is_full() {
                answers::check(draft, index, answers, &mut report);
            }
        }
        speech::check(draft, &mut report);
    }
    if let Some(draft) = &loaded.llm_draft {
        llm::check(draft, &mut report.diagnostics);
    }
    sort(&mut report.diagnostics);
    report.diagnostics
}

/// Where findings are gathered.
struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= PROBLEMS_MAX
    }

    /// Adds a finding in a question (nothing: in the agent itself).
    fn add(&mut self, draft: &Draft, question: Option<usize>, diagnostic: Diagnostic) {
        self.diagnostics.push(match question {
            Some(index) => diagnostic.in_block(&draft.agent.questions[index].id),
            None => diagnostic,
        });
    }
}
