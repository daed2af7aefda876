//! What was said and done, and how much of it the model is told again.

use super::models::estimate_tokens;
use super::question::{Call, Message};
use serde::{Deserialize, Serialize};

/// One thing that was said or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    Caller {
        text: String,
    },
    /// What the agent said, as far as it was heard.
    Agent {
        text: String,
    },
    Called {
        call: Call,
    },
    Result {
        call: String,
        text: String,
    },
    /// A word of ours to the model, about how to go on.
    Note {
        text: String,
    },
}

/// The longest result of a tool that is repeated in full at later turns, in characters.
const OLD_RESULT_CHARACTERS_MAX: usize = 300;
/// The longest result of a tool that is told at all, in characters.
const RESULT_CHARACTERS_MAX: usize = 8_000;
/// Of the room that there is, so much is used after old turns were dropped: the beginning of the prompt then stays
/// the same for some turns, and providers charge less for what they have seen.
const REFILLED: f64 = 0.7;

/// What fits into the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    pub messages: Vec<Message>,
    /// The first line that is still told.
    pub from: usize,
}

/// The messages for a prompt of at most `tokens_max` tokens: the instructions, and the lines from `from` on, less
/// the oldest turns where there is no room for them. The latest turn always stays.
pub fn fit(instructions: &str, lines: &[Line], from: usize, tokens_max: usize) -> Fitted {
    let turns: Vec<usize> =
        (from..lines.len()).filter(|at| *at == from || matches!(lines[*at], Line::Caller { .. })).collect();
    let latest = turns.last().copied().unwrap_or(from);
    let told = |from: usize| {
        let messages =
            messages(instructions, &lines[from.min(lines.len())..], latest.saturating_sub(from), from > 0);
        let tokens = tokens_of_all(&messages);
        (messages, tokens)
    };
    let (all, tokens) = told(from);
    if tokens <= tokens_max {
        return Fitted { messages: all, from };
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a whole number of tokens"
    )]
    let refilled = (tokens_max as f64 * REFILLED) as usize;
    let from = turns.iter().copied().find(|start| told(*start).1 <= refilled).unwrap_or(latest);
    Fitted { messages: told(from).0, from }
}

fn messages(instructions: &str, lines: &[Line], latest: usize, dropped: bool) -> Vec<Message> {
    let mut messages = vec![Message::Instructions { text: instructions.to_owned() }];
    if dropped {
        let text = "The beginning of this conversation is left out here.".to_owned();
        messages.push(Message::Instructions { text });
    }
    for (at, line) in lines.iter().enumerate() {
        match line {
            Line::Caller { text } => messages.push(Message::Caller { text: text.clone() }),
            Line::Note { text } => messages.push(Message::Instructions { text: text.clone() }),
            Line::Agent { text } => {
                messages.push(Message::Agent { text: Some(text.clone()), calls: Vec::new() });
            }
            Line::Called { call } => {
                push_call(&mut messages, call);
                let goes_on = matches!(lines.get(at + 1), Some(Line::Called { .. }));
                if !goes_on {
                    push_results(&mut messages, lines, at, latest);
                }
            }
            // It stands behind its call, whenever it came.
            Line::Result { .. } => {}
        }
    }
    end_with_results(&mut messages);
    messages
}

/// What was said while a tool worked belongs to its call: a model that is asked right behind results has to find them
/// at the end.
fn end_with_results(messages: &mut Vec<Message>) {
    let Some(Message::Agent { text: Some(said), calls }) = messages.last() else { return };
    let results =
        messages.iter().rev().skip(1).take_while(|message| matches!(message, Message::Tool { .. })).count();
    if !calls.is_empty() || results == 0 {
        return;
    }
    let (said, called) = (said.clone(), messages.len().saturating_sub(2 + results));
    if let Some(Message::Agent { text, .. }) = messages.get_mut(called) {
        *text = Some(text.take().map_or_else(|| said.clone(), |before| format!("{before} {said}")));
        messages.pop();
    }
}

/// Calls that follow each other, or what was said before them, are of one message.
fn push_call(messages: &mut Vec<Message>, call: &Call) {
    match messages.last_mut() {
        Some(Message::Agent { calls, .. }) => calls.push(call.clone()),
        _ => messages.push(Message::Agent { text: None, calls: vec![call.clone()] }),
    }
}

/// The results of the calls up to the line `at`. A provider refuses a prompt in which a call has none right behind
/// it, so what is not known yet is told as that.
fn push_results(messages: &mut Vec<Message>, lines: &[Line], at: usize, latest: usize) {
    let Some(Message::Agent { calls, .. }) = messages.last() else { return };
    let max = if at < latest { OLD_RESULT_CHARACTERS_MAX } else { RESULT_CHARACTERS_MAX };
    let results: Vec<Message> = calls
        .iter()
        .map(|asked| {
            let found = lines.iter().find_map(|line| match line {
                Line::Result { call, text } if *call == asked.id => Some(shortened(text, max)),
                _ => None,
            });
            let text = found.unwrap_or_else(|| "{\"error\":\"no result yet\"}".to_owned());
            Message::Tool { call: asked.id.clone(), text }
        })
        .collect();
    messages.extend(results);
}

fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}… (shortened)", &text[..at]),
    }
}

/// About how many tokens a prompt of these messages takes.
pub fn tokens_of_all(messages: &[Message]) -> usize {
    messages.iter().map(tokens_of).sum()
}

fn tokens_of(message: &Message) -> usize {
    4 + match message {
        Message::Instructions { text } | Message::Caller { text } | Message::Tool { text, .. } => {
            estimate_tokens(text)
        }
        Message::Agent { text, calls } => {
            let calls =
                calls.iter().map(|call| estimate_tokens(&call.name) + estimate_tokens(&call.arguments));
            text.as_deref().map_or(0, estimate_tokens) + calls.sum::<usize>()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(text: &str) -> Line {
        Line::Caller { text: text.to_owned() }
    }

    fn agent(text: &str) -> Line {
        Line::Agent { text: text.to_owned() }
    }

    fn called(id: &str) -> Line {
        Line::Called { call: Call { id: id.to_owned(), name: "look".to_owned(), arguments: "{}".to_owned() } }
    }

    #[test]
    fn the_oldest_turns_go_first_and_the_latest_stays() {
        let lines: Vec<Line> = (0..20)
            .flat_map(|turn| [caller(&format!("Question {turn}? {}", "x".repeat(200))), agent("Yes.")])
            .collect();
        let all = fit("Be brief.", &lines, 0, 10_000);
        assert_eq!((all.from, all.messages.len()), (0, 41));
        let some = fit("Be brief.", &lines, 0, 600);
        assert!(some.from > 0 && some.from.is_multiple_of(2), "whole turns: {}", some.from);
        assert_eq!(some.messages[0], Message::Instructions { text: "Be brief.".to_owned() });
        assert!(matches!(some.messages.last(), Some(Message::Agent { .. })));
        // With a turn more, nothing else is dropped: the beginning stays as the provider knows it.
        let mut more = lines.clone();
        more.push(caller("And now?"));
        assert_eq!(fit("Be brief.", &more, some.from, 600).from, some.from);
        let one = fit("Be brief.", &lines, 0, 1);
        assert_eq!((one.from, one.messages.len()), (38, 4));
    }

    #[test]
    fn what_is_said_while_a_tool_works_belongs_to_its_call() {
        let result = Line::Result { call: "a".to_owned(), text: "at nine".to_owned() };
        let lines = [caller("Look"), called("a"), agent("One moment."), result];
        let fitted = fit("", &lines, 0, 100_000).messages;
        let [_, _, Message::Agent { text, calls }, Message::Tool { .. }] = fitted.as_slice() else {
            panic!("{fitted:?}");
        };
        assert_eq!((text.as_deref(), calls.len()), (Some("One moment."), 1));
    }

    #[test]
    fn calls_stand_in_one_message_and_each_has_a_result() {
        let result = |call: &str, text: &str| Line::Result { call: call.to_owned(), text: text.to_owned() };
        let long = "y".repeat(1_000);
        let lines = [
            caller("Look"),
            agent("One moment."),
            called("a"),
            called("b"),
            result("b", &long),
            caller("And?"),
            called("c"),
            result("c", &long),
        ];
        let fitted = fit("", &lines, 0, 100_000).messages;
        let Message::Agent { text: Some(text), calls } = &fitted[2] else { panic!("{fitted:?}") };
        assert_eq!((text.as_str(), calls.len()), ("One moment.", 2));
        assert!(
            matches!(&fitted[3], Message::Tool { call, text } if call == "a" && text.contains("no result"))
        );
        let Message::Tool { call, text } = &fitted[4] else { panic!("{fitted:?}") };
        assert_eq!((call.as_str(), text.chars().count()), ("b", OLD_RESULT_CHARACTERS_MAX + 13));
        assert!(matches!(fitted.last(), Some(Message::Tool { text, .. }) if text.len() == 1_000));
    }
}
