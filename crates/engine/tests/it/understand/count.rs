//! How many answers are understood, by language and type.

use super::case::{Case, Verdict};
use std::collections::BTreeMap;

/// A language without its region, and a type of answer.
pub(super) type Group = (String, String);

#[derive(Default)]
pub(super) struct Count {
    pub(super) all: usize,
    /// Those that have a value.
    pub(super) valued: usize,
    /// Those of them that were given it.
    pub(super) understood: usize,
    pub(super) wrong: usize,
    pub(super) missed: usize,
}

impl Count {
    /// One line about a group, without anything of its cases.
    pub(super) fn told(&self, (language, kind): &Group) -> String {
        format!(
            "{language} {kind}: of {} answers {} wrong; of {} with a value {} understood; {} missed",
            self.all, self.wrong, self.valued, self.understood, self.missed
        )
    }
}

pub(super) fn counts(cases: &[Case]) -> BTreeMap<Group, Count> {
    let mut counts: BTreeMap<Group, Count> = BTreeMap::new();
    for case in cases {
        let count = counts.entry((case.language(), case.kind())).or_default();
        count.all += 1;
        count.valued += usize::from(case.has_value());
        match case.verdict() {
            Verdict::Right => count.understood += usize::from(case.has_value()),
            Verdict::Wrong => count.wrong += 1,
            Verdict::Missed => count.missed += 1,
        }
    }
    counts
}
