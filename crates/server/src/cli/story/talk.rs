//! What was said in a conversation, as part of a run's story.

use super::{Key, Keys, Kind, Moment, word};
use crate::api::conversations::{ConversationDetail, TranscriptLine};
use crate::cli::terminal::harmless;

/// Who said what, and what else people want to know of it. How each answer was understood is told by
/// `conversations show`.
pub(super) fn moments(conversation: &ConversationDetail, keys: &mut Keys) -> Vec<Moment> {
    let id = &conversation.conversation.id;
    let lines = conversation.transcript.iter();
    lines.filter_map(|line| moment(id, line, keys.next(id, line.at, word(&line.event, "kind")))).collect()
}

fn moment(id: &str, line: &TranscriptLine, key: Key) -> Option<Moment> {
    let (text, kind) = match word(&line.event, "kind") {
        "began" => (format!("conversation {id} with the agent {}", word(&line.event, "agent")), Kind::Text),
        "said" | "asked" | "asked_to_confirm" => {
            (format!("agent: \u{201c}{}\u{201d}", word(&line.event, "text")), Kind::Text)
        }
        "heard" | "caller_said" | "caller_pressed" | "caller_silent" | "caller_unclear" => {
            (format!("person: {}", of_person(line)), Kind::Text)
        }
        "tool_called" | "transferred" | "reminded" => (format!("agent {}", line.sentence), Kind::Text),
        "tool_done" if word(&line.event, "failed").is_empty() => return None,
        "tool_done" | "problem" => (format!("agent: {}", line.sentence), Kind::Bad),
        "ended" => (format!("conversation {}", line.sentence), Kind::Text),
        _ => return None,
    };
    Some(Moment { key, at: line.at, text: harmless(&format!("  {text}")), kind })
}

/// Their own words; what is sensitive is not among them.
fn of_person(line: &TranscriptLine) -> String {
    match (word(&line.event, "words"), word(&line.event, "keys")) {
        ("", "") if word(&line.event, "kind") == "heard" && is_hidden(line) => "***".to_owned(),
        ("", "") if word(&line.event, "kind") == "caller_unclear" => {
            "nothing that could be made out".to_owned()
        }
        ("", "") => "silence".to_owned(),
        ("", keys) => format!("keys {keys}"),
        (words, _) => format!("\u{201c}{words}\u{201d}"),
    }
}

fn is_hidden(line: &TranscriptLine) -> bool {
    line.event.get("sensitive").is_some_and(|sensitive| sensitive == true)
}
