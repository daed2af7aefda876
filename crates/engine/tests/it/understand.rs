//! Answers and what they mean, as data: one JSON object a line, with `value` or `ask_again`.
//!
//! `tuned/` was written beside the rules, and every case of it has to be understood as labelled. `held_out/`
//! was written by somebody who had not seen the rules; it is never looked at, only counted. `former/` has the halves
//! that were held out before the present one. `spoken/` makes answers out of values, ways to say them and sentences.

mod any;
mod case;
mod count;
mod former;
mod held_out;
mod spoken;

use case::{Case, Verdict, read_folder};
use engine::understand::{Understanding, sound_alike, understand};

#[test]
fn the_tuned_answers_are_understood_as_labelled() {
    let cases = read_folder("tuned");
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| case.verdict() != Verdict::Right)
        .map(|case| format!("{}\n  got {:?}", case.line, case.understood()))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_result_explains_itself_in_sentences() {
    for case in read_folder("tuned") {
        let (Understanding::Value { why, .. } | Understanding::AskAgain { why }) = case.understood();
        assert!(!why.is_empty(), "{}", case.line);
        for sentence in why {
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}

#[test]
fn understanding_twice_is_the_same() {
    let case = Case::read(r#"{"lang":"en-US","type":"number","said":"twenty three","value":23}"#);
    assert_eq!(understand(&case.asked(), &case.heard()), case.understood());
}

/// "Billing" and "building" are spelled alike, "sales" and "souls" sound alike: neither alone is enough.
#[test]
fn words_sound_alike_by_spelling_and_pronunciation_together() {
    let alike = [("sales", "sails", "en-US"), ("weekly", "weakly", "en"), ("Vertrieb", "Fertrieb", "de-DE")];
    for (a, b, language) in alike {
        assert!(sound_alike(a, b, language), "{a} {b}");
    }
    let different =
        [("billing", "building", "en-US"), ("sales", "souls", "en"), ("pedido", "perdido", "es-ES")];
    for (a, b, language) in different {
        assert!(!sound_alike(a, b, language), "{a} {b}");
    }
}
