//! How a conversation stands, and the part for it.

use super::*;
use engine::llm::dialogue::Secrecy;
use std::sync::Arc;

pub(in crate::voice) fn saying(n: u32, text: &str, interruptible: bool) -> Saying {
    Saying {
        n,
        turn: 1,
        text: text.to_owned(),
        language: "en-US".to_owned(),
        interruptible,
        secrecy: Secrecy::Open,
    }
}

pub(in crate::voice) fn standing(stage: Stage, outbox: Vec<Saying>) -> Standing {
    Standing {
        done: false,
        draft: String::new(),
        epoch: 1,
        turn: 1,
        language: "en-US".to_owned(),
        outbox: Arc::new(outbox),
        interruptions: 0,
        confidential: false,
        stage,
    }
}

/// A part in short: what is said alone, what may be broken into, and what follows.
fn short(part: &Part) -> String {
    let texts = |said: &[Utterance]| said.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join(" ");
    let (then, prompt) = match &part.then {
        Then::More => ("more".to_owned(), String::new()),
        Then::Hold { phrase } => (format!("hold {phrase}"), String::new()),
        Then::Pause => ("pause".to_owned(), String::new()),
        Then::Listen { prompt } => ("listen".to_owned(), texts(prompt)),
        Then::Ask { prompt, .. } => ("ask".to_owned(), texts(prompt)),
        Then::Transfer(transfer) => (format!("to {}", transfer.to), String::new()),
        Then::HangUp { .. } => ("hang up".to_owned(), String::new()),
    };
    format!("{} | {prompt} | {then} | {:?}", texts(&part.said), part.took)
}

#[test]
fn a_part_says_what_there_is_and_what_follows_depends_on_the_model() {
    let two = || vec![saying(4, "One.", true), saying(5, "Two.", true)];
    let notice = || vec![saying(1, "Hello.", true), saying(2, "Recorded.", false), saying(3, "Well?", true)];
    let ended = Stage::Ended { by: EndedBy::Completed };
    for (stage, outbox, holds, expected) in [
        (Stage::Writing, two(), 0, "One. Two. |  | more | Some(5)"),
        (Stage::AtWork, two(), 1, "One. Two. |  | more | Some(5)"),
        (Stage::Writing, vec![], 0, " |  | hold 0 | None"),
        (Stage::Writing, vec![], 1, " |  | hold 1 | None"),
        (Stage::AtWork, vec![], 2, " |  | pause | None"),
        (Stage::Writing, vec![], 40, " |  | pause | None"),
        (Stage::Listening, two(), 0, " | One. Two. | listen | Some(5)"),
        (Stage::Listening, vec![], 3, " |  | listen | None"),
        (Stage::Listening, notice(), 0, "Hello. Recorded. | Well? | listen | Some(3)"),
        (ended, two(), 0, "One. Two. |  | hang up | Some(5)"),
    ] {
        let part = part(&standing(stage.clone(), outbox), holds, &|_| None);
        assert_eq!(short(&part), expected, "{stage:?}");
    }
}

#[test]
fn what_can_be_broken_into_begins_behind_what_must_be_heard() {
    let outbox = vec![saying(1, "Hello.", true), saying(2, "Recorded.", false), saying(3, "Well?", true)];
    let part = part(&standing(Stage::Listening, outbox), 0, &|tag| Some(format!("voice of {tag}")));
    assert_eq!(part.open_from, Some(3));
    assert!(part.said.iter().all(|said| said.voice.as_deref() == Some("voice of en-US")));
}

#[test]
fn a_part_waits_for_its_turn_and_for_words() {
    let words = || vec![saying(1, "One.", true)];
    let is =
        |stage: Stage, outbox: Vec<Saying>, turn, speaks| is_ready(&standing(stage, outbox), turn, speaks);
    assert!(is(Stage::Writing, words(), 1, Speaks::Maybe));
    assert!(!is(Stage::Writing, vec![], 1, Speaks::Maybe));
    assert!(!is(Stage::Writing, words(), 2, Speaks::Maybe), "what is there belongs to the turn before");
    assert!(is(Stage::Listening, vec![], 1, Speaks::Maybe));
    assert!(!is(Stage::Listening, vec![], 1, Speaks::Surely), "the answer to silence is not stored yet");
    assert!(!is(Stage::Listening, vec![], 2, Speaks::Maybe));
    assert!(!is(Stage::Waiting, words(), 0, Speaks::Maybe));
    assert!(is(Stage::Lost, vec![], 9, Speaks::Surely));
}
