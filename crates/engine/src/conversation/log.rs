//! A conversation's log: every turn, with times, and why what was heard was taken as it was.
//!
//! Nothing of a sensitive answer is in it.

use super::event::AnsweredBy;
use super::out::EndedBy;
use crate::llm::after::Progress;
use crate::llm::dialogue::Note;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line of a conversation's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnEntry {
    pub at: Timestamp,
    /// Of the question that was asked last.
    pub turn: u32,
    #[serde(flatten)]
    pub kind: TurnKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TurnKind {
    Began {
        agent: String,
        language: String,
    },
    Connected {
        answered_by: AnsweredBy,
    },
    /// The agent said something that is no question.
    Said {
        text: String,
    },
    Asked {
        question: String,
        /// From 1.
        attempt: u32,
        text: String,
    },
    /// An answer was read back, to be confirmed.
    AskedToConfirm {
        question: String,
        text: String,
    },
    /// The person said or typed something; nothing of both is silence.
    Heard {
        question: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keys: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f64>,
        /// It was said, but is kept out of here.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sensitive: bool,
    },
    Understood {
        question: String,
        /// Null where it is kept out of here.
        value: Value,
        why: Vec<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sensitive: bool,
    },
    NotUnderstood {
        question: String,
        why: Vec<String>,
    },
    Answered {
        question: String,
        /// Null where it is kept out of here, or where only words were heard.
        value: Value,
        attempts: u32,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sensitive: bool,
    },
    Skipped {
        question: String,
    },
    GivenUp {
        question: String,
        attempts: u32,
    },
    WentBack {
        question: String,
    },
    ActionTaken {
        question: String,
        /// Of the list, from 1.
        action: usize,
        does: String,
        why: String,
    },
    Reminded {
        question: String,
    },
    /// The caller said something to an agent that talks by a language model.
    CallerSaid {
        words: String,
    },
    CallerPressed {
        keys: String,
    },
    CallerSilent,
    /// Nothing of what was said could be made out.
    CallerUnclear,
    /// A tool was begun, at the call of a model.
    ToolCalled {
        call: String,
        tool: String,
    },
    ToolDone {
        call: String,
        /// Why it did not succeed, where it did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// The person was connected with somebody else.
    Transferred,
    /// How an answer of a model came to be what it is.
    Noted {
        note: Note,
    },
    /// A model was asked what came of it, once it was over.
    Gathered {
        #[serde(flatten)]
        progress: Progress,
    },
    /// How long the parts of a turn took, in milliseconds since what the caller said came in.
    Timed {
        /// How long before that the caller had fallen silent, where the line tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        speech_ended_before_ms: Option<f64>,
        /// Until the model's first word; nothing where none was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_token_ms: Option<f64>,
        /// Until the first sentence was handed to the line.
        first_sentence_ms: f64,
        /// Until the whole answer was there.
        complete_ms: f64,
    },
    /// An author's mistake that did not stop the conversation.
    Problem {
        code: String,
        message: String,
    },
    Ended {
        by: EndedBy,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl TurnKind {
    /// What happened, as a sentence without full stop.
    pub fn sentence(&self) -> String {
        match self {
            TurnKind::Began { agent, language } => format!("conversation of {agent} in {language}"),
            TurnKind::Connected { answered_by: AnsweredBy::Machine } => {
                "an answering machine answered".into()
            }
            TurnKind::Connected { .. } => "somebody answered".into(),
            TurnKind::Said { text } => format!("said \u{201c}{text}\u{201d}"),
            TurnKind::Asked { question, attempt: 1, text } => {
                format!("asked {question}: \u{201c}{text}\u{201d}")
            }
            TurnKind::Asked { question, attempt, text } => {
                format!("asked {question}, attempt {attempt}: \u{201c}{text}\u{201d}")
            }
            TurnKind::AskedToConfirm { question, text } => {
                format!("read {question} back: \u{201c}{text}\u{201d}")
            }
            TurnKind::Heard { words, keys, confidence, sensitive, .. } => {
                heard(words.as_deref(), keys.as_deref(), *confidence, *sensitive)
            }
            TurnKind::Understood { question, value, why, sensitive } => {
                format!("understood {question} as {}{}", shown(value, *sensitive), because(why))
            }
            TurnKind::NotUnderstood { question, why } => {
                format!("did not understand {question}{}", because(why))
            }
            TurnKind::Answered { question, value: Value::Null, attempts, sensitive: false } => {
                format!("{question} is settled by the words alone, on attempt {attempts}")
            }
            TurnKind::Answered { question, value, attempts, sensitive } => {
                format!("{question} is {} on attempt {attempts}", shown(value, *sensitive))
            }
            TurnKind::Skipped { question } => format!("{question} is skipped"),
            TurnKind::GivenUp { question, attempts } => {
                format!("{question} is given up after {attempts} attempts")
            }
            TurnKind::WentBack { question } => format!("goes back to {question}"),
            TurnKind::ActionTaken { question, action, does, why } => {
                format!("action {action} of {question} holds, {why}: {does}")
            }
            TurnKind::Reminded { question } => format!("reminded of {question}"),
            TurnKind::CallerSaid { words } => heard(Some(words), None, None, false),
            TurnKind::CallerPressed { keys } => heard(None, Some(keys), None, false),
            TurnKind::CallerSilent => heard(None, None, None, false),
            TurnKind::CallerUnclear => "heard something that could not be made out".into(),
            TurnKind::ToolCalled { tool, .. } => format!("calls {tool}"),
            TurnKind::ToolDone { failed: None, .. } => "it is done".into(),
            TurnKind::ToolDone { failed: Some(reason), .. } => format!("it is not done: {reason}"),
            TurnKind::Transferred => "connects the caller with somebody else".into(),
            TurnKind::Noted { note } => note.sentence(),
            TurnKind::Gathered { progress } => progress.sentence(),
            TurnKind::Timed { speech_ended_before_ms, first_token_ms, first_sentence_ms, complete_ms } => {
                timed(*speech_ended_before_ms, *first_token_ms, *first_sentence_ms, *complete_ms)
            }
            TurnKind::Problem { code, message } => format!("problem: {message} ({code})"),
            TurnKind::Ended { by, reason: Some(reason) } => format!("ended by {}: {reason}", by.as_str()),
            TurnKind::Ended { by, reason: None } => format!("ended by {}", by.as_str()),
        }
    }
}

fn timed(silent: Option<f64>, token: Option<f64>, sentence: f64, complete: f64) -> String {
    let silent = silent.map(|ms| format!("heard {ms} ms after the end of speech, ")).unwrap_or_default();
    let token = token.map(|ms| format!("first word after {ms} ms, ")).unwrap_or_default();
    format!("{silent}{token}first sentence after {sentence} ms, all of it after {complete} ms")
}

fn heard(words: Option<&str>, keys: Option<&str>, confidence: Option<f64>, sensitive: bool) -> String {
    let sure = confidence.map(|sure| format!(" (confidence {sure})")).unwrap_or_default();
    match (words, keys) {
        _ if sensitive => format!("heard {}", super::HIDDEN),
        (_, Some(keys)) => format!("keys {keys}"),
        (Some(words), None) => format!("heard \u{201c}{words}\u{201d}{sure}"),
        (None, None) => "heard nothing".into(),
    }
}

fn shown(value: &Value, sensitive: bool) -> String {
    if sensitive { super::HIDDEN.to_owned() } else { value.to_string() }
}

fn because(why: &[String]) -> String {
    if why.is_empty() { String::new() } else { format!(": {}", why.join(" ")) }
}
