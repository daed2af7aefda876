//! Answers that were held out once and may be learned from now: what of them is not understood is counted exactly.

use super::case::{Case, Verdict, read_folder};
use super::count::counts;

/// Answers of the first half that are not understood as labelled, and why that is left so. May only shrink.
const FIRST_EXCEPTIONS: &[(&str, &str)] = &[(
    "can we do it later no this is bad",
    "the no stands inside a question that puts the answer off, so it is asked again",
)];

/// A group that is not wholly understood, with the wrong ones and the missed ones.
type Left = (&'static str, &'static str, usize, usize);

/// Groups of the second half that are not wholly understood. May only shrink.
const SECOND_LEFT: &[Left] = &[
    ("de", "time", 0, 1),
    ("en", "multiple_choice", 0, 1),
    ("en", "yes_no", 0, 1),
    ("es", "yes_no", 0, 1),
    ("fr", "multiple_choice", 0, 1),
];

#[test]
fn the_first_half_that_was_held_out_is_understood_as_labelled() {
    let cases = read_folder("former/first");
    let is_known = |case: &Case| FIRST_EXCEPTIONS.iter().any(|(said, _)| *said == case.heard().words);
    let failed: Vec<&Case> = cases.iter().filter(|case| case.verdict() != Verdict::Right).collect();
    let new: Vec<String> = failed
        .iter()
        .filter(|case| !is_known(case))
        .map(|case| format!("{}\n  got {:?}", case.line, case.understood()))
        .collect();
    assert!(new.is_empty(), "{} of {}:\n{}", new.len(), cases.len(), new.join("\n"));
    assert_eq!(
        failed.len(),
        FIRST_EXCEPTIONS.len(),
        "an exception is understood by now: take it off the list"
    );
    assert!(failed.iter().all(|case| case.verdict() == Verdict::Missed), "none is understood wrongly");
}

/// The same of the third half.
const THIRD_LEFT: &[Left] = &[("en", "digits", 0, 1), ("en", "yes_no", 0, 1)];

/// The same of the fourth half.
const FOURTH_LEFT: &[Left] = &[
    ("de", "phone", 0, 1),
    ("de", "time", 0, 1),
    ("en", "email", 0, 1),
    ("en", "number", 0, 1),
    ("en", "yes_no", 0, 2),
    ("es", "time", 0, 1),
    ("fr", "digits", 0, 1),
    ("fr", "email", 0, 1),
    ("fr", "yes_no", 0, 1),
];

#[test]
fn the_later_halves_that_were_held_out_are_understood_but_for_what_is_counted() {
    let halves =
        [("former/second", SECOND_LEFT), ("former/third", THIRD_LEFT), ("former/fourth", FOURTH_LEFT)];
    for (folder, left) in halves {
        assert_left(folder, left);
    }
}

fn assert_left(folder: &str, known: &[Left]) {
    let left: Vec<(String, String, usize, usize)> = counts(&read_folder(folder))
        .into_iter()
        .filter(|(_, count)| count.wrong + count.missed > 0)
        .map(|((language, kind), count)| (language, kind, count.wrong, count.missed))
        .collect();
    let known: Vec<(String, String, usize, usize)> = known
        .iter()
        .map(|(language, kind, wrong, missed)| ((*language).into(), (*kind).into(), *wrong, *missed))
        .collect();
    assert_eq!(left, known, "{folder}");
}
