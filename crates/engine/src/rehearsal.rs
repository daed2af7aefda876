//! A call that follows a script: what an agent asks and says, and what comes of it, without a line.

use crate::agent::Agent;
use crate::conversation::{
    Advance, AnsweredBy, Conversation, EndedBy, Heard, Keys, Medium, Opening, Out, Stage, Timer, TurnEntry,
    What, begin, said,
};
use crate::id::ConversationId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How long a scripted person takes for an answer, in seconds.
const ANSWER_SECONDS: i64 = 5;

/// What a scripted person does when something is asked. Written as `{"said": "ten", "confidence": 0.9}`,
/// `{"digits": "1"}` or `{"silence": true}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Reply {
    Said { words: String, confidence: Option<f64> },
    Keys(String),
    Silence,
}

/// A reply as it stands in a script.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digits: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    silence: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
}

impl TryFrom<Written> for Reply {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Reply, &'static str> {
        match (written.said, written.digits, written.silence) {
            (Some(words), None, false) => Ok(Reply::Said { words, confidence: written.confidence }),
            (None, Some(digits), false) => Ok(Reply::Keys(digits)),
            (None, None, true) => Ok(Reply::Silence),
            _ => Err("an answer has one of `said`, `digits` and `silence: true`"),
        }
    }
}

impl From<Reply> for Written {
    fn from(reply: Reply) -> Written {
        let nothing = Written::default();
        match reply {
            Reply::Said { words, confidence } => Written { said: Some(words), confidence, ..nothing },
            Reply::Keys(keys) => Written { digits: Some(keys), ..nothing },
            Reply::Silence => Written { silence: true, ..nothing },
        }
    }
}

/// What came of a scripted call.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// Ids of the questions, in the order in which they were put, repeats included. Read-backs are not.
    pub asked: Vec<String>,
    /// Everything that the agent said.
    pub said: Vec<String>,
    /// Answers by question id. Sensitive ones are hidden.
    pub values: Map<String, Value>,
    pub ended_by: Option<EndedBy>,
    pub log: Vec<TurnEntry>,
    /// Replies that the call took; there may have been more.
    pub used: usize,
}

/// A conversation under way with somebody who is not there.
#[derive(Clone, Debug)]
pub struct Rehearsal<'a> {
    agent: &'a Agent,
    pub conversation: Conversation,
    pub now: Timestamp,
    played: Played,
    keys: Keys,
    call_back_at: Option<Timestamp>,
}

impl<'a> Rehearsal<'a> {
    /// A call that is answered by a person at once, with these variables of a run.
    pub fn begin(agent: &'a Agent, variables: Map<String, Value>, now: Timestamp) -> Rehearsal<'a> {
        let opening = Opening {
            variables,
            ..Opening::of(ConversationId::from_trusted("cnv_rehearsal"), Medium::Voice)
        };
        Rehearsal::open(agent, opening, now)
    }

    /// A conversation with a person who is there.
    pub fn open(agent: &'a Agent, opening: Opening, now: Timestamp) -> Rehearsal<'a> {
        let medium = opening.medium;
        let first = begin(agent, opening, now);
        let played = Played {
            asked: Vec::new(),
            said: Vec::new(),
            values: Map::new(),
            ended_by: None,
            log: Vec::new(),
            used: 0,
        };
        let conversation = first.conversation.clone();
        let mut rehearsal =
            Rehearsal { agent, conversation, now, played, keys: Keys::One, call_back_at: None };
        rehearsal.keep(first);
        if medium == Medium::Voice {
            rehearsal.happen(What::Connected { answered_by: AnsweredBy::Human });
        }
        rehearsal
    }

    /// What the person does next. Nothing happens once the conversation has ended.
    pub fn reply(&mut self, reply: &Reply) {
        if self.conversation.ended_by().is_some() {
            return;
        }
        self.now += SignedDuration::from_secs(ANSWER_SECONDS);
        self.played.used += 1;
        let medium = self.conversation.medium;
        self.happen(match reply {
            Reply::Said { words, .. } if medium == Medium::Text => What::Text { text: words.clone() },
            Reply::Said { words, confidence } => {
                What::Speech { words: words.clone(), confidence: *confidence }
            }
            Reply::Keys(keys) if medium == Medium::Text => What::Text { text: keys.clone() },
            Reply::Keys(keys) => What::Keys { keys: self.taken(keys) },
            Reply::Silence => What::Nothing,
        });
    }

    pub fn hang_up(&mut self) {
        if self.conversation.ended_by().is_none() {
            self.happen(What::HungUp);
        }
    }

    /// The person does nothing more: hangs up, or lets all the time pass that there is for a text.
    pub fn leave(&mut self) {
        match self.conversation.medium {
            Medium::Voice => self.hang_up(),
            Medium::Text => self.happen(What::TimerFired { timer: Timer::Expiry }),
        }
    }

    /// When the person is to be called back, where the conversation broke off.
    pub fn call_back_at(&self) -> Option<Timestamp> {
        self.call_back_at
    }

    /// What came of it so far.
    pub fn played(mut self) -> Played {
        let results = self.conversation.results();
        self.played.values = results.answers;
        for id in results.sensitive {
            if let Some(value) = self.played.values.get_mut(&id).filter(|value| !value.is_null()) {
                *value = Value::String(crate::conversation::HIDDEN.into());
            }
        }
        self.played.ended_by = self.conversation.ended_by();
        self.played
    }

    /// Lines of the log, and what was said, since the last time they were taken.
    pub fn take_log(&mut self) -> Vec<TurnEntry> {
        std::mem::take(&mut self.played.log)
    }

    /// Of several keys, those that the open question takes.
    fn taken(&self, keys: &str) -> String {
        match self.keys {
            Keys::One => keys.chars().take(1).collect(),
            Keys::Several { max } => {
                let finished = keys.split_once('#').map_or(keys, |(before, _)| before);
                let most = max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
                let taken: String = finished.chars().take(most).collect();
                if taken.is_empty() { "#".into() } else { taken }
            }
        }
    }

    fn happen(&mut self, what: What) {
        let heard = Heard { turn: self.conversation.turn, what };
        if let Ok(advance) = self.conversation.clone().hear(self.agent, heard, self.now) {
            self.keep(advance);
        }
    }

    fn keep(&mut self, advance: Advance) {
        let shown = said(&advance.out).filter(|utterance| !utterance.text.is_empty());
        self.played.said.extend(shown.map(|utterance| utterance.shown().to_owned()));
        for out in &advance.out {
            match out {
                Out::Ask(ask) => {
                    self.keys = ask.input.keys;
                    if ask.stage == Stage::Answer {
                        self.played.asked.push(ask.question.clone());
                    }
                }
                Out::CallBack { at } => self.call_back_at = Some(*at),
                _ => {}
            }
        }
        self.played.log.extend(advance.log);
        self.conversation = advance.conversation;
    }
}

/// Plays a whole call. A script that runs out hangs up.
pub fn rehearse(agent: &Agent, variables: Map<String, Value>, replies: &[Reply], now: Timestamp) -> Played {
    let mut rehearsal = Rehearsal::begin(agent, variables, now);
    for reply in replies {
        rehearsal.reply(reply);
    }
    rehearsal.hang_up();
    rehearsal.played()
}
