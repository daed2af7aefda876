//! What a conversation asks for: things to be said, questions to be put, and its end.

use super::event::Timer;
use crate::limits::BODY_CHARACTERS_MAX;
use crate::outcome::Outcome;
use crate::understand::AnswerType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something to be done, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Out {
    /// Say it; nobody can break in.
    Speak(Utterance),
    /// Say its prompt, and wait for an answer to it. The last one of an advance, but for timers.
    Ask(Ask),
    /// What follows is not recorded.
    PauseRecording,
    ResumeRecording,
    /// Connect the person with somebody else.
    Transfer {
        /// A phone number, as it was rendered.
        to: String,
    },
    /// Wake the conversation at that time, as of `turn`.
    SetTimer {
        timer: Timer,
        turn: u32,
        at: Timestamp,
    },
    /// Call the person back at that time, with the conversation's [`resumption`](super::Conversation::resumption).
    CallBack {
        at: Timestamp,
    },
    /// The conversation is over; by voice, hang up.
    End {
        by: EndedBy,
    },
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// All questions that were to be asked were asked.
    Completed,
    EndCall,
    Transfer,
    /// A question that ends the conversation got no answer, or the person went round in circles.
    MaxRetries,
    Timeout,
    /// The person, or the line; also an answering machine that was left a message.
    Hangup,
}

impl EndedBy {
    pub fn as_str(self) -> &'static str {
        match self {
            EndedBy::Completed => "completed",
            EndedBy::EndCall => "end_call",
            EndedBy::Transfer => "transfer",
            EndedBy::MaxRetries => "max_retries",
            EndedBy::Timeout => "timeout",
            EndedBy::Hangup => "hangup",
        }
    }

    /// How the block of a workflow ends whose agent ended so.
    pub fn outcome(self) -> Outcome {
        match self {
            EndedBy::Completed => Outcome::Completed,
            EndedBy::EndCall => Outcome::Ended,
            EndedBy::Transfer => Outcome::Transferred,
            EndedBy::MaxRetries => Outcome::MaxRetries,
            EndedBy::Timeout => Outcome::Timeout,
            EndedBy::Hangup => Outcome::HungUp,
        }
    }
}

/// A text that is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    pub text: String,
    /// Address of a recording that is played instead of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// Tag.
    pub language: String,
    /// As the agent names it; the account's where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// Whether an answer may break in.
    pub interruptible: bool,
    /// It says something that nothing may print.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

impl Utterance {
    /// The text for logs and screens.
    pub fn shown(&self) -> &str {
        if self.sensitive { super::HIDDEN } else { &self.text }
    }
}

/// A question that is put, and how its answer is to be taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The answer names it again. Turns of one conversation grow.
    pub turn: u32,
    /// Id of the question.
    pub question: String,
    pub stage: Stage,
    pub prompt: Vec<Utterance>,
    pub input: Input,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The question itself.
    Answer,
    /// Whether the answer was understood: yes or no.
    Confirmation,
}

/// How an answer is taken by voice. By text none of it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub kind: AnswerType,
    pub keys: Keys,
    /// Words that the recogniser should expect.
    pub hints: Vec<String>,
    pub model: SpeechModel,
    /// How long it may be silent before speech or keys begin.
    pub timeout_ms: i64,
    /// How long a pause ends what is said.
    pub speech_timeout_ms: i64,
    /// Tag of the recogniser's language.
    pub language: String,
    pub interruptible: bool,
    /// Answers arrive as they were said, without asterisks. Always so.
    pub profanity: Profanity,
    pub sensitive: bool,
}

/// Which keys are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "take", rename_all = "snake_case")]
pub enum Keys {
    /// The first key is the answer, `*` and `#` included.
    One,
    /// Until `#`, or as many as there can be.
    Several {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
}

/// What kind of speech the recogniser should be good at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeechModel {
    /// Numbers, choices, yes and no: a few words.
    ShortAnswers,
    /// Sentences.
    Conversation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profanity {
    Unmasked,
}

/// Everything that is said in these outs, as the texts of a conversation by text: one, or several where it is longer
/// than a message may be. What nothing may print stands for itself as [`HIDDEN`](super::HIDDEN): a text stays where it
/// was sent.
pub fn message_texts(out: &[Out]) -> Vec<String> {
    let said: Vec<&str> = said(out).map(Utterance::shown).collect();
    let mut texts = Vec::new();
    let mut text = String::new();
    let mut length = 0;
    for word in said.join(" ").split_inclusive(char::is_whitespace) {
        // A word alone may be too long as well.
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(BODY_CHARACTERS_MAX) {
            if length + piece.len() > BODY_CHARACTERS_MAX {
                texts.push(std::mem::take(&mut text));
                length = 0;
            }
            text.extend(piece);
            length += piece.len();
        }
    }
    texts.push(text);
    let trimmed = texts.iter().map(|text| text.trim().to_owned());
    trimmed.filter(|text| !text.is_empty()).collect()
}

/// Everything that is said in these outs, prompts included, in order.
pub fn said(out: &[Out]) -> impl Iterator<Item = &Utterance> {
    out.iter().flat_map(|out| match out {
        Out::Speak(utterance) => std::slice::from_ref(utterance),
        Out::Ask(ask) => &ask.prompt,
        _ => &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str, sensitive: bool) -> Out {
        Out::Speak(Utterance {
            text: text.to_owned(),
            audio: None,
            language: "en-US".into(),
            voice: None,
            interruptible: false,
            sensitive,
        })
    }

    #[test]
    fn what_is_said_becomes_one_text_or_as_many_as_it_needs() {
        assert_eq!(message_texts(&[]), Vec::<String>::new());
        let out = [spoken("Hello.", false), spoken("It is 4711.", true), spoken("Bye.", false)];
        assert_eq!(message_texts(&out), ["Hello. *** Bye."]);
        let long = "word ".repeat(700);
        let texts = message_texts(&[spoken(long.trim(), false)]);
        assert_eq!(texts.len(), 3);
        assert!(texts.iter().all(|text| text.chars().count() <= BODY_CHARACTERS_MAX));
        assert_eq!(texts.join(" "), long.trim());
        let endless = "\u{1F600}".repeat(BODY_CHARACTERS_MAX + 1);
        assert_eq!(message_texts(&[spoken(&endless, false)]).len(), 2);
    }
}
