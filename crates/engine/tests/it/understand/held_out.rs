//! The half of the corpus that nobody tunes on: only counted, by language and type.
//!
//! What fails here is mended by knowing the languages better, never by looking at the cases. So nothing of a
//! case is printed.

use super::case::{Case, Verdict, read_folder};
use std::collections::BTreeMap;

/// Of a hundred answers, at most so many may be understood wrongly.
const WRONG_PERCENT_MAX: usize = 1;

/// What is understood of a hundred answers that have a value.
fn understood_percent_min(language: &str) -> usize {
    if language == "en" { 90 } else { 85 }
}

/// Groups that do not meet this yet, with the wrong ones they have and the missed ones. May only shrink.
const SHORTFALLS: &[(&str, &str, usize, usize)] = &[
    ("de", "email", 1, 2),
    ("de", "yes_no", 1, 4),
    ("en", "date", 1, 1),
    ("en", "multiple_choice", 0, 4),
    ("en", "number", 6, 8),
    ("en", "yes_no", 2, 6),
    ("es", "multiple_choice", 1, 5),
    ("es", "number", 1, 5),
    ("es", "text", 1, 0),
    ("es", "yes_no", 1, 9),
    ("fr", "number", 1, 8),
    ("fr", "yes_no", 1, 7),
];

#[derive(Default)]
struct Count {
    all: usize,
    valued: usize,
    understood: usize,
    wrong: usize,
    missed: usize,
}

impl Count {
    fn meets(&self, language: &str) -> bool {
        let understood = self.understood * 100 >= understood_percent_min(language) * self.valued;
        self.wrong * 100 <= WRONG_PERCENT_MAX * self.all && understood
    }
}

#[test]
fn answers_that_nobody_tuned_on_are_understood_and_not_wrongly() {
    let mut counts: BTreeMap<(String, String), Count> = BTreeMap::new();
    for case in read_folder("held_out") {
        let count = counts.entry((case.language(), case.kind())).or_default();
        count.all += 1;
        count.valued += usize::from(case.has_value());
        match case.verdict() {
            Verdict::Right => count.understood += usize::from(case.has_value()),
            Verdict::Wrong => count.wrong += 1,
            Verdict::Missed => count.missed += 1,
        }
    }
    let all: usize = counts.values().map(|count| count.all).sum();
    assert!(all >= 750, "{all} cases are left");
    let lines: Vec<String> = counts
        .iter()
        .filter(|((language, kind), count)| !count.meets(language) && !is_known(language, kind, count))
        .map(|((language, kind), count)| {
            format!(
                "{language} {kind}: of {} answers {} wrong; of {} with a value {} understood; {} missed",
                count.all, count.wrong, count.valued, count.understood, count.missed
            )
        })
        .collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

fn is_known(language: &str, kind: &str, count: &Count) -> bool {
    SHORTFALLS.iter().any(|(known_language, known_kind, wrong, missed)| {
        (*known_language, *known_kind) == (language, kind) && count.wrong <= *wrong && count.missed <= *missed
    })
}

/// A group that meets its aims is no shortfall any more.
#[test]
fn no_group_is_excused_that_needs_no_excuse() {
    for (language, kind, ..) in SHORTFALLS {
        let mut count = Count::default();
        for case in
            read_folder("held_out").iter().filter(|case| case.language() == *language && case.kind() == *kind)
        {
            count.all += 1;
            count.valued += usize::from(case.has_value());
            count.understood += usize::from(case.has_value() && case.verdict() == Verdict::Right);
            count.wrong += usize::from(case.verdict() == Verdict::Wrong);
            count.missed += usize::from(case.verdict() == Verdict::Missed);
        }
        assert!(!count.meets(language), "{language} {kind} meets its aims: take it off the list");
    }
}

#[test]
fn at_least_a_quarter_of_each_half_is_asked_again() {
    for folder in ["tuned", "held_out"] {
        let cases = read_folder(folder);
        let again = cases.iter().filter(|case| !Case::has_value(case)).count();
        assert!(again * 4 >= cases.len(), "{folder}: {again} of {}", cases.len());
    }
}
