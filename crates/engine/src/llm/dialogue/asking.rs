//! A question of a question agent in the middle of a dialogue: it is put as its author wrote it, and what the caller
//! answers is understood by rules. The model learns the value, and guesses nothing.

use super::{Advance, Dialogue, Done, Heard, Note, Out, Phase, Refused, Reply, Secrecy};
use crate::conversation::{self, AnsweredBy, Ask, Conversation, HIDDEN, Medium, Opening, What};
use crate::id::ConversationId;
use crate::llm::persona::{Action, Inquiry};
use crate::llm::question::Call;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// What the model called for it.
    pub call: Call,
    /// An interview of that one question.
    interview: Conversation,
    /// How its answer is to be taken.
    pub ask: Ask,
    /// The answer of the model that goes on behind it.
    reply: Reply,
}

impl Dialogue {
    /// The question that is open, where one is.
    pub fn asking(&self) -> Option<&Asking> {
        match &self.phase {
            Phase::Asking { asking } => Some(asking),
            _ => None,
        }
    }

    /// Whether nothing may show what the caller says next.
    pub fn is_sensitive(&self) -> bool {
        self.asking().is_some_and(|asking| asking.ask.input.sensitive)
    }

    /// Whether what is said now is not to be recorded.
    pub fn is_recording_paused(&self) -> bool {
        self.asking().is_some_and(|asking| asking.interview.is_recording_paused())
    }

    /// Whether it holds something that was said in confidence.
    pub fn keeps_secrets(&self) -> bool {
        !self.sensitive.is_empty() || self.asking().is_some_and(|asking| asking.interview.keeps_secrets())
    }
}

impl Advance<'_> {
    /// Puts the question that the model called for.
    pub(super) fn ask(&mut self, call: Call, inquiry: &Inquiry) {
        let Phase::Replying { reply } = &self.dialogue.phase else { return };
        let reply = reply.clone();
        let opening = Opening {
            id: ConversationId::from_trusted(format!("{}asked", ConversationId::PREFIX)),
            medium: Medium::Voice,
            variables: inquiry.variables.clone(),
            secrets: Vec::new(),
            time_zone: inquiry.time_zone.clone(),
            language: Some(self.dialogue.language.clone()),
            region: inquiry.region.clone(),
            resume: None,
        };
        let begun = conversation::begin(&inquiry.agent, opening, self.now);
        let connected = What::Connected { answered_by: AnsweredBy::Unknown };
        self.put(inquiry, call, reply, begun.conversation, connected);
    }

    /// Takes what was heard as the answer to the open question. Whether one is open.
    ///
    /// # Errors
    /// [`Refused::Stale`]: nothing can be made of it.
    pub(super) fn answered(&mut self, heard: &Heard) -> Result<bool, Refused> {
        let Phase::Asking { asking } = &self.dialogue.phase else { return Ok(false) };
        let Asking { call, interview, reply, .. } = (**asking).clone();
        let tool = self.persona.tool(&call.name).map(|tool| &tool.action);
        let Some(Action::Ask { inquiry }) = tool else { return Err(Refused::Stale) };
        let what = match heard {
            Heard::Words { words, confidence, .. } => {
                What::Speech { words: words.clone(), confidence: *confidence }
            }
            Heard::Keys { keys } => What::Keys { keys: keys.clone() },
            Heard::Silence => What::Nothing,
            Heard::Unclear => What::Speech { words: String::new(), confidence: Some(0.0) },
            Heard::Connected | Heard::Machine | Heard::HungUp | Heard::TimedOut => {
                return Err(Refused::Stale);
            }
        };
        if matches!(heard, Heard::Words { .. } | Heard::Keys { .. }) {
            self.dialogue.turn += 1;
        }
        let inquiry = inquiry.clone();
        self.put(&inquiry, call, reply, interview, what);
        Ok(true)
    }

    /// Lets the interview hear something: it asks again, or it is over.
    fn put(&mut self, inquiry: &Inquiry, call: Call, reply: Reply, interview: Conversation, what: What) {
        let heard = conversation::Heard { turn: interview.turn, what };
        let Ok(advance) = interview.hear(&inquiry.agent, heard, self.now) else {
            let reason = "the question could not be asked".to_owned();
            return self.question_over(&call, reply, &Done::Badly { reason });
        };
        for out in &advance.out {
            match out {
                conversation::Out::PauseRecording => self.out.push(Out::PauseRecording),
                conversation::Out::ResumeRecording => self.out.push(Out::ResumeRecording),
                _ => {}
            }
        }
        let said: Vec<_> = conversation::said(&advance.out).cloned().collect();
        let ask = advance.out.iter().find_map(|out| match out {
            conversation::Out::Ask(ask) => Some(ask.clone()),
            _ => None,
        });
        for said in said {
            let secrecy = if said.sensitive { Secrecy::Confidential } else { Secrecy::Open };
            self.speak_among(secrecy, &said.text, self.persona.interruptible);
        }
        match ask {
            Some(ask) => {
                // The prompt is said like everything else.
                let ask = Ask { prompt: Vec::new(), ..ask };
                let asking = Asking { call, interview: advance.conversation, ask, reply };
                self.dialogue.phase = Phase::Asking { asking: Box::new(asking) };
                let language = self.dialogue.language.clone();
                self.out.push(Out::Listen { turn: self.dialogue.turn, language });
            }
            None => {
                let done = self.understood(inquiry, &call, &advance.conversation);
                self.question_over(&call, reply, &done);
            }
        }
    }

    /// What the model learns of the answer, and what its variable gets.
    fn understood(&mut self, inquiry: &Inquiry, call: &Call, interview: &Conversation) -> Done {
        let results = interview.results();
        let Some((id, value)) = results.answers.iter().next().filter(|(_, value)| !value.is_null()) else {
            let heard = results.details.values().next().map(|details| &details["heard"]);
            let heard = heard.and_then(|heard| heard.as_str()).filter(|_| results.sensitive.is_empty());
            let last = heard.map(|words| format!("; last heard: {words:?}")).unwrap_or_default();
            self.notes.push(Note::NotUnderstood { tool: call.name.clone() });
            return Done::Badly {
                reason: format!("the caller gave no answer that could be understood{last}"),
            };
        };
        let is_sensitive = results.sensitive.contains(id);
        if let Some(variable) = &inquiry.variable {
            self.dialogue.variables.insert(variable.clone(), value.clone());
            if is_sensitive {
                self.dialogue.sensitive.push(variable.clone());
            }
        }
        let shown = if is_sensitive { HIDDEN.to_owned() } else { value.to_string() };
        self.notes.push(Note::Understood { tool: call.name.clone(), value: shown });
        let text = if is_sensitive {
            json!({"answered": true})
        } else {
            json!({"value": value, "heard": results.details[id]["heard"]})
        };
        Done::Well { text: text.to_string() }
    }

    /// The model goes on, once all that it called for is done.
    fn question_over(&mut self, call: &Call, reply: Reply, done: &Done) {
        self.dialogue.phase = Phase::Replying { reply };
        self.result(call, done);
        if self.dialogue.at_work.is_empty() {
            self.think_again();
        }
    }
}
