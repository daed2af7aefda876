//! A conversation that a language model holds: the shell around its dialogue, and its log.

use super::event::{AnsweredBy, Heard, Opening, Refused, What};
use super::log::{TurnEntry, TurnKind};
use super::out::{EndedBy, Out};
use super::{Advance, Conversation, Course, HIDDEN, Status};
use crate::agent::{LlmAgent, same_language};
use crate::llm::dialogue::{self, Dialogue, Done, Ending, Note, Step};
use crate::llm::models::Usage;
use crate::llm::persona::Persona;
use crate::llm::question::ModelEvent;
use jiff::Timestamp;

/// Something that happened to a conversation that a language model holds.
#[derive(Clone, Debug, PartialEq)]
pub enum TalkEvent {
    /// What the line tells, as of a turn.
    Heard { turn: u32, heard: dialogue::Heard },
    /// The caller broke in; `reported` is what had been spoken until then, as the line tells it, and `open` how many
    /// bytes of what was said are not known to have been spoken.
    Interrupted { reported: String, open: usize },
    /// The caller began to speak before the latest words were over, as far as the line can tell.
    Unheard,
    /// What came of the question to the model of that number.
    Model { asked: u32, event: ModelEvent },
    /// What the tool of the call of that id did.
    ToolDone { id: String, done: Done },
    /// Whoever held the conversation is gone, and with it the answer that was under way.
    Resumed,
    /// The answer to the question of that number was stopped before its end, and took about this much.
    Spent { asked: u32, usage: Usage },
}

/// What one event made of such a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Talked {
    pub conversation: Conversation,
    /// To be done in order. What is spoken waits until all is saved.
    pub out: Vec<dialogue::Out>,
    /// For the transcript.
    pub log: Vec<TurnEntry>,
    pub notes: Vec<Note>,
}

pub(super) fn begin(agent: &LlmAgent, opening: Opening, now: Timestamp) -> Advance {
    let mut variables = opening.variables;
    let used = agent.variables();
    variables.retain(|name, _| used.contains(name));
    let language = language(&agent.languages, opening.language.as_deref());
    let conversation = Conversation {
        id: opening.id,
        agent: agent.name.clone(),
        medium: opening.medium,
        language: language.clone(),
        region: opening.region.or_else(|| agent.region.clone()),
        time_zone: opening.time_zone.or_else(|| agent.time_zone.clone()),
        variables,
        secrets: opening.secrets,
        turn: 0,
        status: Status::Waiting,
        answered_by: None,
        started_at: now,
        connected_at: None,
        course: Course::Llm(Dialogue::begin(&language)),
    };
    let kind = TurnKind::Began { agent: agent.name.clone(), language };
    Advance { conversation, out: Vec::new(), log: vec![TurnEntry { at: now, turn: 0, kind }] }
}

/// The language that is nearest to the person's; the usual one where there is none.
pub(crate) fn language(languages: &[String], wanted: Option<&str>) -> String {
    let by = |fits: &dyn Fn(&str) -> bool| languages.iter().find(|tag| fits(tag));
    let found = wanted.and_then(|wanted| {
        by(&|tag| tag.eq_ignore_ascii_case(wanted)).or_else(|| by(&|tag| same_language(tag, wanted)))
    });
    found.unwrap_or(&languages[0]).clone()
}

impl Conversation {
    /// Takes an event in, of a conversation that a language model holds. `persona` is the agent's, for this
    /// conversation.
    ///
    /// # Errors
    /// [`Refused`]: the event changes nothing. So it is with every event of an interview.
    pub fn talk(mut self, persona: &Persona, event: TalkEvent, now: Timestamp) -> Result<Talked, Refused> {
        let Some(dialogue) = self.take_dialogue() else { return Err(Refused::Stale) };
        let heard = told(&event, dialogue.is_sensitive());
        let step = match event {
            TalkEvent::Heard { turn, heard } => dialogue.hear(persona, turn, heard, now),
            TalkEvent::Interrupted { reported, open } => dialogue.interrupted(persona, &reported, open, now),
            TalkEvent::Unheard => dialogue.unheard(persona, now),
            TalkEvent::Model { asked, event } => dialogue.model(persona, asked, event, now),
            TalkEvent::ToolDone { id, done } => dialogue.tool_done(persona, &id, &done, now),
            TalkEvent::Resumed => dialogue.resumed(persona, now),
            TalkEvent::Spent { asked, usage } => dialogue.spent(persona, asked, usage, now),
        };
        let step = step.map_err(refused)?;
        Ok(self.talked(step, heard, now))
    }

    /// The line of such a conversation is gone, which needs no persona.
    pub(super) fn talk_ends(mut self, heard: &Heard, now: Timestamp) -> Result<Advance, Refused> {
        let reason = match &heard.what {
            What::HungUp => None,
            What::LineFailed { reason } => Some(reason.clone()),
            // Everything else needs to know who talks: see `talk`.
            _ => return Err(Refused::Stale),
        };
        let Some(dialogue) = self.take_dialogue() else { return Err(Refused::Stale) };
        let step = dialogue.hung_up(now).map_err(refused)?;
        let mut talked = self.talked(step, None, now);
        for entry in &mut talked.log {
            if let TurnKind::Ended { reason: told, .. } = &mut entry.kind {
                told.clone_from(&reason);
            }
        }
        let out = vec![Out::End { by: EndedBy::Hangup }];
        Ok(Advance { conversation: talked.conversation, out, log: talked.log })
    }

    /// The dialogue, where a language model holds the conversation.
    pub fn dialogue(&self) -> Option<&Dialogue> {
        match &self.course {
            Course::Llm(dialogue) => Some(dialogue),
            Course::Questions(_) => None,
        }
    }

    fn take_dialogue(&mut self) -> Option<Dialogue> {
        match &mut self.course {
            Course::Llm(dialogue) => Some(std::mem::replace(dialogue, Dialogue::begin(""))),
            Course::Questions(_) => None,
        }
    }

    /// Keeps the shell in step with the dialogue.
    fn talked(mut self, step: Step, heard: Option<TurnKind>, now: Timestamp) -> Talked {
        let Step { dialogue, out, notes } = step;
        if self.status == Status::Waiting && dialogue.connected_at.is_some() {
            self.status = Status::Talking;
            self.answered_by.get_or_insert(AnsweredBy::Unknown);
        }
        if let Some(TurnKind::Connected { answered_by: AnsweredBy::Machine }) = &heard {
            self.answered_by = Some(AnsweredBy::Machine);
        }
        self.connected_at = dialogue.connected_at;
        self.turn = dialogue.turn;
        self.language.clone_from(&dialogue.language);
        if let dialogue::Phase::Ended { by, at } = dialogue.phase {
            self.status = Status::Ended { by: by.into(), at };
        }
        let kinds = heard.into_iter().chain(notes.iter().cloned().map(|note| TurnKind::Noted { note }));
        let kinds = kinds.chain(out.iter().filter_map(done));
        let log = kinds.map(|kind| TurnEntry { at: now, turn: dialogue.turn, kind }).collect();
        self.course = Course::Llm(dialogue);
        Talked { conversation: self, out, log, notes }
    }
}

/// What the log says of an event.
fn told(event: &TalkEvent, is_sensitive: bool) -> Option<TurnKind> {
    let shown = |text: &str| if is_sensitive { HIDDEN.to_owned() } else { text.trim().to_owned() };
    Some(match event {
        TalkEvent::Heard { heard, .. } => match heard {
            dialogue::Heard::Connected => TurnKind::Connected { answered_by: AnsweredBy::Unknown },
            dialogue::Heard::Machine => TurnKind::Connected { answered_by: AnsweredBy::Machine },
            dialogue::Heard::Words { words, .. } => TurnKind::CallerSaid { words: shown(words) },
            dialogue::Heard::Keys { keys } => TurnKind::CallerPressed { keys: shown(keys) },
            dialogue::Heard::Silence => TurnKind::CallerSilent,
            dialogue::Heard::Unclear => TurnKind::CallerUnclear,
            dialogue::Heard::HungUp | dialogue::Heard::TimedOut => return None,
        },
        TalkEvent::ToolDone { id, done } => {
            let failed = match done {
                Done::Well { .. } => None,
                Done::Badly { reason } => Some(reason.clone()),
            };
            TurnKind::ToolDone { call: id.clone(), failed }
        }
        TalkEvent::Interrupted { .. }
        | TalkEvent::Unheard
        | TalkEvent::Model { .. }
        | TalkEvent::Resumed
        | TalkEvent::Spent { .. } => return None,
    })
}

/// What the log says of something that is to be done.
fn done(out: &dialogue::Out) -> Option<TurnKind> {
    Some(match out {
        dialogue::Out::Speak { text, secrecy, .. } => TurnKind::Said { text: secrecy.shown(text).to_owned() },
        dialogue::Out::Said { text } => TurnKind::Said { text: text.clone() },
        dialogue::Out::Call { call, .. } | dialogue::Out::Inquire { call } => {
            TurnKind::ToolCalled { call: call.id.clone(), tool: call.name.clone() }
        }
        dialogue::Out::Transfer { .. } => TurnKind::Transferred,
        dialogue::Out::End { by } => TurnKind::Ended { by: (*by).into(), reason: None },
        _ => return None,
    })
}

fn refused(refused: dialogue::Refused) -> Refused {
    match refused {
        dialogue::Refused::Stale => Refused::Stale,
        dialogue::Refused::Ended => Refused::Ended,
    }
}

impl From<Ending> for EndedBy {
    fn from(ending: Ending) -> EndedBy {
        match ending {
            Ending::Completed => EndedBy::Completed,
            Ending::EndCall => EndedBy::EndCall,
            Ending::Transfer => EndedBy::Transfer,
            Ending::MaxRetries => EndedBy::MaxRetries,
            Ending::Timeout => EndedBy::Timeout,
            Ending::Hangup => EndedBy::Hangup,
        }
    }
}
