//! Claims and their look-alikes. The tuned half was written together with the patterns; the other half by somebody
//! who had not seen them, and is never tuned on.

use engine::llm::claims::{ClaimSet, claims};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Look-alikes of which more may not be held, in percent.
const HELD_PERCENT_MAX: usize = 5;

const LANGUAGES: [&str; 4] = ["en", "es", "fr", "de"];

#[derive(Default)]
struct Score {
    claims: usize,
    missed: Vec<String>,
    look_alikes: usize,
    held: Vec<String>,
}

impl Score {
    fn of(folder: &str, language: &str) -> Score {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/claims").join(folder);
        let text = fs::read_to_string(folder.join(format!("{language}.jsonl"))).expect("the corpus");
        let mut score = Score::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let case: Value = serde_json::from_str(line).expect("one object a line");
            let field = |name: &str| case[name].as_str().expect("a text").to_owned();
            let (kind, text) = (field("kind"), field("text"));
            let set = ClaimSet::ALL.into_iter().find(|set| set.as_str() == kind).expect("a known kind");
            let found = claims(set, &text, &field("lang"));
            if case["claim"] == true {
                score.claims += 1;
                score.missed.extend((!found).then_some(text));
            } else {
                score.look_alikes += 1;
                score.held.extend(found.then_some(text));
            }
        }
        score
    }
}

#[test]
fn claims_written_with_the_patterns_are_told_apart() {
    for language in LANGUAGES {
        let score = Score::of("tuned", language);
        assert!(score.claims >= 30 && score.look_alikes >= 20, "{language}");
        assert!(score.missed.is_empty(), "{language}, missed: {:#?}", score.missed);
        assert!(score.held.is_empty(), "{language}, held: {:#?}", score.held);
    }
}

/// Says how many and not which, so that nobody tunes on them.
#[test]
fn no_claim_of_a_blind_author_is_missed_and_few_look_alikes_are_held() {
    let (mut claims, mut look_alikes) = (0, 0);
    for language in LANGUAGES {
        let score = Score::of("", language);
        claims += score.claims;
        look_alikes += score.look_alikes;
        assert_eq!(score.missed.len(), 0, "{language}: of {} claims so many are missed", score.claims);
        assert!(
            score.held.len() * 100 <= score.look_alikes * HELD_PERCENT_MAX,
            "{language}: {} of {} look-alikes are held",
            score.held.len(),
            score.look_alikes
        );
    }
    assert!(claims >= 60 && look_alikes >= 60);
}

#[test]
fn a_language_without_patterns_claims_nothing() {
    assert!(!claims(ClaimSet::Booking, "Ho prenotato il tavolo.", "it-IT"));
}
