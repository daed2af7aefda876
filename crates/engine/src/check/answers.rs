//! Words that people may answer by: those that carriers keep for themselves, and those that another answer takes first.

use super::Report;
use crate::diagnostic::{Code, Diagnostic};
use crate::keyword::{Keyword, RESERVED};
use crate::run::takes;
use crate::words::same_value;
use crate::workflow::{Accepts, Answer, BlockKind, Draft, Switch, Trigger, WaitForReply};

pub(super) fn check(draft: &Draft, report: &mut Report) {
    if let Trigger::IncomingMessage(trigger) = &draft.workflow.trigger {
        for (index, word) in trigger.words.iter().enumerate() {
            reserved(draft, None, &format!("trigger.words.{index}"), word, report);
        }
    }
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::WaitForReply(wait) => of_wait(draft, index, wait, report),
            BlockKind::Switch(switch) => of_switch(draft, index, switch, report),
            _ => {}
        }
    }
}

fn of_wait(draft: &Draft, block: usize, wait: &WaitForReply, report: &mut Report) {
    for (number, answer) in wait.answers.iter().enumerate() {
        for (path, word) in words(draft, block, answer) {
            reserved(draft, Some(block), &path, word, report);
            let before = wait.answers[..number].iter().find(|before| takes(&before.accepts, word));
            if let Some(Answer { outcome, .. }) = before {
                let message = format!("`{word}` is taken by the answer `{outcome}` before it");
                let hint = format!("remove it, or put it before `{outcome}`");
                shadowed(draft, block, &path, message, hint, report);
            }
        }
    }
}

/// The words of an answer, with the paths where they stand.
fn words<'a>(draft: &Draft, block: usize, answer: &'a Answer) -> Vec<(String, &'a str)> {
    let path = format!("answers.{}", answer.outcome);
    let (words, own) = match &answer.accepts {
        Accepts::Words(words) => (words, format!("{path}.words")),
        Accepts::Choice(choices) => (choices, format!("{path}.choices")),
        Accepts::Yes | Accepts::No | Accepts::Number | Accepts::Pattern(_) => return Vec::new(),
    };
    let placed = words.iter().enumerate().map(|(index, word)| {
        let long = format!("{own}.{index}");
        let is_long = draft.spots.has(Some(block), &long);
        (if is_long { long } else { format!("{path}.{index}") }, word.as_str())
    });
    placed.collect()
}

fn of_switch(draft: &Draft, block: usize, switch: &Switch, report: &mut Report) {
    let path = switch.value.expression().and_then(|expression| expression.path()).unwrap_or_default();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let is_of_reply = matches!(path.as_slice(), ["SMS reply"] | ["reply", "text"]);
    for (number, case) in switch.cases.iter().enumerate() {
        for (index, word) in case.equals.iter().enumerate() {
            let path = format!("cases.{number}.equals.{index}");
            if is_of_reply {
                reserved(draft, Some(block), &path, word, report);
            }
            let before = switch.cases[..number].iter().flat_map(|before| &before.equals);
            if let Some(same) = before.into_iter().find(|before| same_value(before, word)) {
                let message = format!("`{word}` is the same answer as `{same}` before it, which takes it");
                let hint = "case and punctuation do not tell answers apart, and numbers count by their value: remove it, or \
                            write another one";
                shadowed(draft, block, &path, message, hint.to_owned(), report);
            }
        }
    }
}

fn shadowed(draft: &Draft, block: usize, path: &str, message: String, hint: String, report: &mut Report) {
    if !report.is_full() {
        let at = draft.spots.place(Some(block), path);
        report.add(draft, Some(block), Diagnostic::new(Code::ShadowedAction, at, message).hint(hint));
    }
}

/// A word that never arrives as an answer, or does more than answer.
fn reserved(draft: &Draft, block: Option<usize>, path: &str, word: &str, report: &mut Report) {
    if report.is_full() {
        return;
    }
    let message = match Keyword::of(word) {
        Some(Keyword::Stop) => format!("`{word}` opts the person out, so it never comes as an answer"),
        Some(Keyword::Help) => format!("`{word}` is answered by the carrier, so it never comes as an answer"),
        Some(Keyword::Start) | None => return,
    };
    let hint = format!("choose a word other than {}", RESERVED.join(", "));
    let at = draft.spots.place(block, path);
    report.add(draft, block, Diagnostic::new(Code::ReservedWord, at, message).hint(hint));
}
