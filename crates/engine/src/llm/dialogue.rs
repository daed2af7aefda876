//! A conversation that a language model holds, as a value.
//!
//! [`Dialogue::begin`] makes it; what the line tells goes in by [`Dialogue::hear`], what a model says by
//! [`Dialogue::model`], an interruption by [`Dialogue::interrupted`], and what a tool did by
//! [`Dialogue::tool_done`]. Each gives the next value and what is to be done, in order. The value is saved between
//! every two events, and whatever belongs to a question that is no longer open is refused as stale.

mod asking;
mod broken;
mod budget;
mod draft;
mod hear;
mod reply;
mod tools;

pub use asking::Asking;
pub use tools::Done;

use super::history::Line;
use super::models::Usage;
use super::persona::{Persona, Texts};
use super::phrases::{Phrase, wording};
use super::question::{Call, Failure, Question};
use super::sentence::Sentences;
use crate::agent::llm::Handover;
use crate::conversation::HIDDEN;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Failures of the model in a row after which the call is given up.
pub const FAILURES_MAX: u32 = 2;
/// Silences in a row after which the call is ended, where the author names no prompts of their own.
pub const SILENCES_MAX: u32 = 3;
/// Rounds of tools in one turn: a model that calls and calls is stopped.
pub const TOOL_ROUNDS_MAX: u32 = 5;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dialogue {
    /// Tag of the language that is spoken.
    pub language: String,
    /// Shared, for the value is copied with every word that comes.
    pub lines: Arc<Vec<Line>>,
    /// The first line that the model is still told.
    #[serde(default)]
    pub from: usize,
    /// Of the caller; 0 before the first.
    pub turn: u32,
    /// Number of the latest question to a model. What answers an earlier one is stale.
    pub asked: u32,
    pub phase: Phase,
    /// Silences, and results without words, in a row.
    #[serde(default)]
    pub silences: u32,
    /// Failures of the model in a row.
    #[serde(default)]
    pub failures: u32,
    pub usage: Usage,
    /// Billionths of a US dollar: a whole number is the same after it was saved.
    #[serde(default)]
    pub cost_nanodollars: u64,
    /// Of some of it nobody knows the price, and the dearest model's was taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_is_assumed: bool,
    /// When the call was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_at: Option<Timestamp>,
    /// Calls whose tool is at work, with the turn that they belong to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at_work: Vec<Call>,
    /// Names of the tools that succeeded since the caller's last turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub succeeded: Vec<String>,
    /// Variables that the model set.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub variables: Map<String, Value>,
    /// Names of those of them that nothing may print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Nobody has answered yet.
    Waiting,
    /// The caller has the word.
    Listening,
    /// A model is asked, and may have said something already.
    Replying {
        reply: Reply,
    },
    /// A question of a question agent is open; the model goes on once it is answered.
    Asking {
        asking: Box<Asking>,
    },
    Ended {
        by: Ending,
        at: Timestamp,
    },
}

/// An answer that is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What has come and makes up no sentence yet.
    pub sentences: Sentences,
    /// Sentences that were given to speech in this turn.
    pub given: u32,
    /// What was given to speech since the caller's last words, as one text.
    pub said: String,
    /// Rounds of tools in this turn.
    pub rounds: u32,
    /// The model was asked once already to call a tool or to say it otherwise.
    pub warned: bool,
    /// What comes of this answer is not spoken any more.
    pub muted: bool,
    /// Calls that came with this answer.
    pub calls: Vec<Call>,
    /// Sentences that were said before the answer was asked for anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    /// Words that went to speech before their sentence was whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub drafted: String,
    /// How many bytes had been given to speech when the model was asked last.
    #[serde(default)]
    pub said_before: u32,
    /// What the answer takes that is under way is counted already: it was stopped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_paid: bool,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The caller said goodbye, or the turns were used up.
    Completed,
    /// The model called the tool that ends the call.
    EndCall,
    Transfer,
    /// Nobody spoke, or the model failed again and again.
    MaxRetries,
    /// The call or its budget was over.
    Timeout,
    Hangup,
}

/// Something to be done, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Out {
    /// Say this sentence. Of its beginning, what [`Dialogue::draft`] gave is spoken already.
    Speak {
        text: String,
        language: String,
        interruptible: bool,
        secrecy: Secrecy,
    },
    /// Nothing is left to be done: these words of a sentence that broke off went to speech before.
    Said {
        text: String,
    },
    /// Ask a model; what comes back names the number.
    Think {
        asked: u32,
        question: Box<Question>,
    },
    /// Nobody wants the answer to this question any more.
    StopThinking {
        asked: u32,
    },
    /// Perform a tool. The key is the same for the same call of the same turn, whatever crashes.
    Call {
        call: Call,
        key: String,
    },
    /// The result of this call is not wanted any more.
    CancelCall {
        id: String,
    },
    /// A question is put for this call; what is said of it follows.
    Inquire {
        call: Call,
    },
    /// What follows is not to be recorded, or may be again.
    PauseRecording,
    ResumeRecording,
    /// The caller has the word.
    Listen {
        turn: u32,
        language: String,
    },
    /// Recognise and speak this language from now on.
    Switch {
        language: String,
    },
    Transfer {
        to: String,
        /// What whoever takes over is told.
        summary: Handover,
        /// The model's words for it, where there are to be some.
        about: Option<String>,
    },
    /// The conversation is over; hang up once all is said.
    End {
        by: Ending,
    },
}

/// Whether a text may be seen by others than the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    #[default]
    Open,
    /// It repeats what the caller said in confidence: neither the model nor the log has it.
    Confidential,
}

impl Secrecy {
    pub fn is_open(&self) -> bool {
        *self == Secrecy::Open
    }

    /// The text for everybody but the caller.
    pub fn shown<'a>(&self, text: &'a str) -> &'a str {
        if self.is_open() { text } else { HIDDEN }
    }
}

/// A line of the log, with what it is about. What callers say and hear stands in the lines of the dialogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A sentence was not spoken: it claims a deed of a tool that did not succeed.
    Held {
        tool: String,
    },
    /// More sentences came than a reply may have.
    Shortened,
    /// Old turns are not told to the model any more.
    Forgot {
        lines: usize,
    },
    Failed {
        failure: Failure,
    },
    /// The answer was cut at its limit, taken back or declined.
    Cut {
        why: String,
    },
    Interrupted,
    /// The caller began to speak before the latest words were over, as far as the line can tell.
    MaybeUnheard,
    InstantAnswer,
    /// The model was not asked: it answered the same before.
    AnsweredBefore,
    Switched {
        language: String,
    },
    OverBudget,
    ToolFailed {
        tool: String,
    },
    /// The answer to a question of this tool has this value.
    Understood {
        tool: String,
        value: String,
    },
    NotUnderstood {
        tool: String,
    },
}

impl Note {
    /// What happened, as a sentence without full stop.
    pub fn sentence(&self) -> String {
        match self {
            Note::Held { tool } => {
                format!("holds a sentence back that claims what {tool} has not done")
            }
            Note::Shortened => "leaves sentences out beyond the most that a reply may have".into(),
            Note::Forgot { lines } => format!("leaves {lines} old lines out of what the model is told"),
            Note::Failed { failure } => format!("the model has no answer ({})", failure.as_str()),
            Note::Cut { why } => format!("the answer was cut ({why})"),
            Note::Interrupted => "is interrupted".into(),
            Note::MaybeUnheard => "may not have been heard to the end".into(),
            Note::AnsweredBefore => "answers as before, without a model".into(),
            Note::InstantAnswer => "answers without a model".into(),
            Note::Switched { language } => format!("goes on in {language}"),
            Note::OverBudget => "has used its budget up".into(),
            Note::Understood { tool, value } => format!("understands the answer to {tool} as {value}"),
            Note::NotUnderstood { tool } => format!("does not understand the answer to {tool}"),
            Note::ToolFailed { tool } => format!("{tool} did not succeed"),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub dialogue: Dialogue,
    pub out: Vec<Out>,
    pub notes: Vec<Note>,
}

/// The event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It belongs to a turn, a question or a call that is over.
    #[error("the turn is over")]
    Stale,
    #[error("the conversation has ended")]
    Ended,
}

/// What the line tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// The call was answered.
    Connected,
    /// An answering machine took the call.
    Machine,
    /// Words, the language that the recogniser took them for, and how sure it is of them, from 0 to 1.
    Words {
        words: String,
        language: Option<String>,
        confidence: Option<f64>,
    },
    Keys {
        keys: String,
    },
    /// Nothing for as long as the caller had the word, or nothing that could be made out.
    Silence,
    Unclear,
    HungUp,
    TimedOut,
}

/// Adds to what the agent says.
fn append(lines: &mut Vec<Line>, text: &str) {
    match lines.last_mut() {
        Some(Line::Agent { text: before }) => {
            before.push(' ');
            before.push_str(text);
        }
        _ => lines.push(Line::Agent { text: text.to_owned() }),
    }
}

/// One advance.
pub(super) struct Advance<'a> {
    persona: &'a Persona,
    dialogue: Dialogue,
    now: Timestamp,
    out: Vec<Out>,
    notes: Vec<Note>,
}

impl Dialogue {
    /// A conversation before anybody has answered, in the language of that tag.
    pub fn begin(language: &str) -> Dialogue {
        Dialogue {
            language: language.to_owned(),
            lines: Arc::default(),
            from: 0,
            turn: 0,
            asked: 0,
            phase: Phase::Waiting,
            silences: 0,
            failures: 0,
            usage: Usage::default(),
            cost_nanodollars: 0,
            cost_is_assumed: false,
            connected_at: None,
            at_work: Vec::new(),
            succeeded: Vec::new(),
            variables: Map::new(),
            sensitive: Vec::new(),
        }
    }

    fn lines_mut(&mut self) -> &mut Vec<Line> {
        Arc::make_mut(&mut self.lines)
    }

    pub fn ended_by(&self) -> Option<Ending> {
        match self.phase {
            Phase::Ended { by, .. } => Some(by),
            _ => None,
        }
    }

    /// The line is gone. Nothing is said any more.
    ///
    /// # Errors
    /// [`Refused::Ended`]: it was over before.
    pub fn hung_up(mut self, now: Timestamp) -> Result<Step, Refused> {
        let mut out = Vec::new();
        match &mut self.phase {
            Phase::Ended { .. } => return Err(Refused::Ended),
            Phase::Replying { reply } => {
                let drafted = std::mem::take(&mut reply.drafted);
                out.push(Out::StopThinking { asked: self.asked });
                if !drafted.is_empty() {
                    append(self.lines_mut(), &drafted);
                    out.push(Out::Said { text: drafted });
                }
            }
            Phase::Waiting | Phase::Listening | Phase::Asking { .. } => {}
        }
        let by = Ending::Hangup;
        self.phase = Phase::Ended { by, at: now };
        out.push(Out::End { by });
        Ok(Step { dialogue: self, out, notes: Vec::new() })
    }

    fn advance<'a>(self, persona: &'a Persona, now: Timestamp) -> Result<Advance<'a>, Refused> {
        if self.ended_by().is_some() {
            return Err(Refused::Ended);
        }
        Ok(Advance { persona, dialogue: self, now, out: Vec::new(), notes: Vec::new() })
    }
}

impl Advance<'_> {
    fn into_step(self) -> Step {
        Step { dialogue: self.dialogue, out: self.out, notes: self.notes }
    }

    /// Says a text of the author, or words of ours for it. It is told to the model as what the agent said.
    fn say(&mut self, texts: &Texts, ours: Option<Phrase>) {
        let language = self.dialogue.language.clone();
        let text = texts.in_language(&language).or_else(|| ours.map(|phrase| wording(phrase, &language)));
        if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
            self.speak(text, self.persona.interruptible);
        }
    }

    /// Says a text that has to be heard.
    fn tell(&mut self, texts: &Texts) {
        let text = texts.in_language(&self.dialogue.language).map(str::trim).filter(|text| !text.is_empty());
        if let Some(text) = text {
            self.speak(text, false);
        }
    }

    fn say_phrase(&mut self, phrase: Phrase) {
        self.say(&Texts::none(), Some(phrase));
    }

    fn speak(&mut self, text: &str, interruptible: bool) {
        self.speak_among(Secrecy::Open, text, interruptible);
    }

    fn speak_among(&mut self, secrecy: Secrecy, text: &str, interruptible: bool) {
        let language = self.dialogue.language.clone();
        append(self.dialogue.lines_mut(), secrecy.shown(text));
        self.out.push(Out::Speak { text: text.to_owned(), language, interruptible, secrecy });
    }

    fn listen(&mut self) {
        self.dialogue.phase = Phase::Listening;
        let language = self.dialogue.language.clone();
        self.out.push(Out::Listen { turn: self.dialogue.turn, language });
    }

    /// The last words, and the end.
    fn close(&mut self, by: Ending) {
        let persona = self.persona;
        self.say(&persona.closing, Some(Phrase::Goodbye));
        self.end(by);
    }

    fn end(&mut self, by: Ending) {
        if let Phase::Replying { .. } = self.dialogue.phase {
            self.out.push(Out::StopThinking { asked: self.dialogue.asked });
        }
        self.dialogue.phase = Phase::Ended { by, at: self.now };
        self.out.push(Out::End { by });
    }

    fn transfer(&mut self, to: &str, summary: Handover, about: Option<String>) {
        self.out.push(Out::Transfer { to: to.to_owned(), summary, about });
        self.end(Ending::Transfer);
    }

    /// Whether the call has lasted as long as it may.
    fn is_over_time(&self) -> bool {
        let (Some(ms), Some(since)) = (self.persona.timeout_ms, self.dialogue.connected_at) else {
            return false;
        };
        self.now.duration_since(since) >= SignedDuration::from_millis(ms)
    }
}
