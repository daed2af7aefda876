//! A conversation as a value: an agent talking with one person, by voice or by text.
//!
//! [`begin`] makes the value, and [`Conversation::hear`] turns what happened and the time into the next value,
//! a list of things to do and lines for the log. Like runs, conversations are saved between every two events,
//! and an event that comes twice is refused the second time: every answer names the turn that it answers.

mod condition;
mod event;
mod interview;
mod log;
mod out;
mod phrases;
mod prompt;
mod results;
mod say;
mod talk;

pub use condition::{Compared, holds};
pub use event::{AnsweredBy, Heard, Medium, Opening, Refused, Timer, What};
pub(crate) use interview::is_within;
pub use interview::{Asking, Interview, Pending};
pub use log::{TurnEntry, TurnKind};
pub use out::{
    Ask, EndedBy, Input, Keys, Out, Profanity, SpeechModel, Stage, Utterance, message_texts, said,
};
pub use phrases::{Apology, Phrase, apology, phrase_names};
pub(crate) use phrases::{speaks, wording};
pub use results::{Answer, How, Results, Resumption};
pub(crate) use talk::language;
pub use talk::{TalkEvent, Talked};

use crate::agent::Agent;
use crate::id::ConversationId;
use crate::llm::dialogue::Dialogue;
use crate::llm::persona::Persona;
use interview::Talk;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What stands where something may not be shown.
pub const HIDDEN: &str = "***";

/// An agent talking with one person. Saved whole after every advance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    /// Name of the agent.
    pub agent: String,
    pub medium: Medium,
    /// Tag of the language that is spoken.
    pub language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Those of the run that the agent's texts use.
    pub variables: Map<String, Value>,
    /// Names of those that reach neither a model nor a log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Of the question that was asked last, or of what the caller said last; 0 before the first.
    pub turn: u32,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<AnsweredBy>,
    pub started_at: Timestamp,
    /// When the call was answered, or the first text was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_at: Option<Timestamp>,
    pub course: Course,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Nobody has answered yet.
    Waiting,
    Talking,
    Ended {
        by: EndedBy,
        at: Timestamp,
    },
}

/// How far it has come, by the kind of its agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    Questions(Interview),
    Llm(Dialogue),
}

/// What one event made of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    pub conversation: Conversation,
    /// To be done in order, once all is saved.
    pub out: Vec<Out>,
    pub log: Vec<TurnEntry>,
}

/// Makes a conversation. By text it begins at once; by voice nothing is said until
/// [`What::Connected`] tells that somebody answered.
pub fn begin(agent: &Agent, opening: Opening, now: Timestamp) -> Advance {
    match agent {
        Agent::Questions(questions) => Talk::begin(questions, opening, now),
        Agent::Llm(agent) => talk::begin(agent, opening, now),
    }
}

impl Conversation {
    /// Takes an event in, and goes on until the next question or the end. Of a conversation that a language model
    /// holds, only the end of the line is told here; everything else goes to [`Conversation::talk`].
    ///
    /// # Errors
    /// [`Refused::Stale`] and [`Refused::Ended`]: the event changes nothing.
    pub fn hear(self, agent: &Agent, heard: Heard, now: Timestamp) -> Result<Advance, Refused> {
        if let Status::Ended { .. } = self.status {
            return Err(Refused::Ended);
        }
        match agent {
            Agent::Questions(questions) => {
                let mut conversation = self;
                // An agent of another kind may have taken the name: nothing of the old one can go on.
                let Course::Questions(interview) = &mut conversation.course else {
                    return Err(Refused::Stale);
                };
                let interview = std::mem::take(interview);
                Talk::go_on(questions, conversation, interview, now).hear(heard)
            }
            Agent::Llm(_) => self.talk_ends(&heard, now),
        }
    }

    /// Words that a language model is saying and that may be spoken before their sentence is whole: see
    /// [`Dialogue::draft`].
    pub fn draft(&mut self, persona: &Persona) -> Option<&str> {
        match &mut self.course {
            Course::Llm(dialogue) => dialogue.draft(persona),
            Course::Questions(_) => None,
        }
    }

    /// How it ended, where it did.
    pub fn ended_by(&self) -> Option<EndedBy> {
        match self.status {
            Status::Ended { by, .. } => Some(by),
            Status::Waiting | Status::Talking => None,
        }
    }

    /// Whether what is said now is not to be recorded.
    pub fn is_recording_paused(&self) -> bool {
        match &self.course {
            Course::Questions(interview) => interview.recording_paused,
            Course::Llm(dialogue) => dialogue.is_recording_paused(),
        }
    }

    /// What the run gets: answers, or the variables that a model set.
    pub fn results(&self) -> Results {
        match &self.course {
            Course::Questions(interview) => Results::of(&interview.answers),
            Course::Llm(dialogue) => Results::of_dialogue(dialogue),
        }
    }

    /// What it says by itself at the end of a call that went another way, in its author's words where there are some;
    /// nothing in a language that has none.
    pub fn last_words(&self, agent: &Agent, phrase: Phrase, now: Timestamp) -> Option<Utterance> {
        let (questions, interview) = (agent.questions()?, self.interview()?.clone());
        Talk::go_on(questions, self.clone(), interview, now).says(phrase)
    }

    /// Whether it holds something that was said in confidence, or is read back to be confirmed: it must not lie in the
    /// open.
    pub fn keeps_secrets(&self) -> bool {
        let is_told = self.secrets.iter().any(|name| self.variables.contains_key(name));
        is_told
            || match &self.course {
                Course::Questions(interview) => {
                    let confirming = interview.asking.as_ref().and_then(|asking| asking.confirming.as_ref());
                    confirming.is_some_and(|pending| pending.sensitive)
                        || interview.answers.iter().any(|answer| answer.sensitive)
                }
                Course::Llm(dialogue) => dialogue.keeps_secrets(),
            }
    }

    pub(crate) fn interview(&self) -> Option<&Interview> {
        match &self.course {
            Course::Questions(interview) => Some(interview),
            Course::Llm(_) => None,
        }
    }
}
