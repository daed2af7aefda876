//! A question agent at work: what is asked next, and what becomes of an answer.

mod answer;
mod ask;
mod follow;

pub(crate) use answer::is_within;

use super::event::{AnsweredBy, Heard, Medium, Opening, Refused, Timer, What};
use super::log::{TurnEntry, TurnKind};
use super::out::{EndedBy, Out};
use super::phrases::Phrase;
use super::results::Answer;
use super::talk::language;
use super::{Advance, Conversation, Course, Status};
use crate::agent::{ByLanguage, Question, QuestionAgent};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How far an interview has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    /// The open question; nothing before the first and once all were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<Asking>,
    /// By question, in the order in which they were left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Ids of the questions that led to the open one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recording_paused: bool,
    /// A call that broke off was followed by one of ours already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub called_back: bool,
}

/// The question at hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// Its id.
    pub question: String,
    /// From 1.
    pub attempt: u32,
    /// Noise was forgiven once: the next costs an attempt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noise_forgiven: bool,
    /// It was put once more because the person pressed `*`: another `*` goes back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
    /// An answer that has to be confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirming: Option<Pending>,
    /// Reminders sent by text.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reminders: u32,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// An answer that was read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    pub value: Value,
    #[serde(flatten)]
    pub spoken: Spoken,
    /// How often it was read back, from 1.
    pub attempt: u32,
    /// Nothing may print what it says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// What a person said, typed or pressed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spoken {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// One advance of an interview.
pub(super) struct Talk<'a> {
    pub(super) agent: &'a QuestionAgent,
    pub(super) conversation: Conversation,
    pub(super) interview: Interview,
    pub(super) now: Timestamp,
    out: Vec<Out>,
    log: Vec<TurnEntry>,
}

impl<'a> Talk<'a> {
    pub(super) fn begin(agent: &'a QuestionAgent, opening: Opening, now: Timestamp) -> Advance {
        let mut variables = opening.variables;
        let used = agent.variables();
        variables.retain(|name, _| used.contains(name));
        let conversation = Conversation {
            id: opening.id,
            agent: agent.name.clone(),
            medium: opening.medium,
            language: language(&agent.languages, opening.language.as_deref()),
            region: opening.region.or_else(|| agent.region.clone()),
            time_zone: opening.time_zone.or_else(|| agent.time_zone.clone()),
            variables,
            secrets: opening.secrets,
            turn: 0,
            status: Status::Waiting,
            answered_by: None,
            started_at: now,
            connected_at: None,
            course: Course::Questions(Interview::default()),
        };
        let mut talk = Talk::go_on(agent, conversation, Interview::default(), now);
        let language = talk.conversation.language.clone();
        talk.note(TurnKind::Began { agent: agent.name.clone(), language });
        if let Some(resumption) = opening.resume.filter(|resumption| resumption.fits(agent, now)) {
            talk.interview.answers = resumption.answers;
            talk.interview.path = resumption.path;
            talk.interview.called_back = resumption.called_back;
            talk.interview.asking = Some(Asking::first(&resumption.question));
        }
        if talk.conversation.medium == Medium::Text {
            talk.open();
        }
        talk.into_advance()
    }

    pub(super) fn go_on(
        agent: &'a QuestionAgent,
        conversation: Conversation,
        interview: Interview,
        now: Timestamp,
    ) -> Talk<'a> {
        Talk { agent, conversation, interview, now, out: Vec::new(), log: Vec::new() }
    }

    fn into_advance(mut self) -> Advance {
        self.conversation.course = Course::Questions(self.interview);
        Advance { conversation: self.conversation, out: self.out, log: self.log }
    }

    pub(super) fn hear(mut self, heard: Heard) -> Result<Advance, Refused> {
        let is_current = heard.turn == self.conversation.turn;
        match heard.what {
            What::HungUp => self.break_off(None),
            What::LineFailed { reason } => self.break_off(Some(reason)),
            What::TimedOut => self.time_up(),
            What::Connected { answered_by } => {
                if self.conversation.status != Status::Waiting {
                    return Err(Refused::Stale);
                }
                self.connected(answered_by);
            }
            What::Detected { answered_by } => self.detected(answered_by)?,
            _ if self.conversation.status == Status::Waiting || !is_current => return Err(Refused::Stale),
            What::TimerFired { timer: Timer::Reminder } => self.remind(),
            What::TimerFired { timer: Timer::Expiry } => self.end(EndedBy::Timeout, Some("nobody answered")),
            what => self.answered(what),
        }
        Ok(self.into_advance())
    }

    /// Somebody, or something, took the call.
    fn connected(&mut self, answered_by: AnsweredBy) {
        self.conversation.answered_by = Some(answered_by);
        self.note(TurnKind::Connected { answered_by });
        if answered_by == AnsweredBy::Machine { self.voicemail() } else { self.open() }
    }

    /// A machine that was taken for a person, as long as nothing was answered.
    fn detected(&mut self, answered_by: AnsweredBy) -> Result<(), Refused> {
        let is_new = self.conversation.answered_by != Some(answered_by);
        let is_fresh = self.interview.answers.iter().all(|answer| answer.value.is_null());
        if !is_new || !is_fresh || answered_by == AnsweredBy::Unknown {
            return Err(Refused::Stale);
        }
        self.conversation.answered_by = Some(answered_by);
        self.note(TurnKind::Connected { answered_by });
        if answered_by == AnsweredBy::Machine && self.conversation.status == Status::Talking {
            self.voicemail();
        }
        Ok(())
    }

    fn voicemail(&mut self) {
        self.interview.asking = None;
        if let Some(message) = &self.agent.voicemail_message {
            self.speak(message);
        }
        self.end(EndedBy::Hangup, Some("an answering machine took the call"));
    }

    /// Greets, and puts the first question, or the one that was open.
    fn open(&mut self) {
        self.conversation.status = Status::Talking;
        self.conversation.connected_at = Some(self.now);
        let open = self.interview.asking.take();
        match &open {
            Some(_) => self.speak_phrase(Phrase::WelcomeBack),
            None => {
                if let Some(greeting) = &self.agent.greeting {
                    self.speak(greeting);
                }
            }
        }
        if let (Some(notice), Medium::Voice) = (&self.agent.recording_notice, self.conversation.medium) {
            self.speak(notice);
        }
        let first = open.and_then(|asking| self.agent.question(&asking.question));
        self.ask_first(first.map_or(0, |(index, _)| index));
    }

    /// The person or the line is gone: the conversation ends with what it has.
    fn break_off(&mut self, reason: Option<String>) {
        let call_back_ms = self.agent.resume.and_then(|resume| resume.call_back_ms);
        if let (Some(ms), Some(_), false) = (call_back_ms, &self.interview.asking, self.interview.called_back)
            && let Ok(at) = self.now.checked_add(SignedDuration::from_millis(ms))
        {
            self.out.push(Out::CallBack { at });
        }
        self.conversation.status = Status::Ended { by: EndedBy::Hangup, at: self.now };
        self.note(TurnKind::Ended { by: EndedBy::Hangup, reason });
        self.out.push(Out::End { by: EndedBy::Hangup });
    }

    fn time_up(&mut self) {
        self.interview.asking = None;
        self.speak_phrase(Phrase::TimeUp);
        self.say_goodbye();
        self.end(EndedBy::Timeout, None);
    }

    /// Whether the call has lasted as long as it may.
    fn is_over_time(&self) -> bool {
        let (Some(ms), Some(since), Medium::Voice) =
            (self.agent.conversation_timeout_ms, self.conversation.connected_at, self.conversation.medium)
        else {
            return false;
        };
        self.now.duration_since(since) >= SignedDuration::from_millis(ms)
    }

    pub(super) fn note(&mut self, kind: TurnKind) {
        self.log.push(TurnEntry { at: self.now, turn: self.conversation.turn, kind });
    }

    pub(super) fn push(&mut self, out: Out) {
        self.out.push(out);
    }

    /// The open question, with its index.
    fn open_question(&self) -> Option<(usize, &'a Question)> {
        self.agent.question(&self.interview.asking.as_ref()?.question)
    }

    /// The latest answer to a question.
    pub(super) fn answer(&self, id: &str) -> Option<&Answer> {
        self.interview.answers.iter().find(|answer| answer.question == id)
    }
}

impl Asking {
    fn first(question: &str) -> Asking {
        Asking {
            question: question.to_owned(),
            attempt: 1,
            noise_forgiven: false,
            repeated: false,
            confirming: None,
            reminders: 0,
        }
    }
}

/// The voice for a language, where the agent names one.
pub(super) fn voice(agent: &QuestionAgent, language: &str) -> Option<String> {
    agent.voice.as_ref().and_then(|voices: &ByLanguage<String>| voices.exactly(language)).cloned()
}
