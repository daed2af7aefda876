//! What a model says, sentence by sentence.

use super::{Advance, Dialogue, Ending, FAILURES_MAX, Note, Phase, Refused, Reply, Step};
use crate::agent::llm::Handover;
use crate::llm::history::Line;
use crate::llm::models::Usage;
use crate::llm::persona::Persona;
use crate::llm::phrases::Phrase;
use crate::llm::question::{Call, Failure, Finish, ModelEvent};
use crate::llm::spoken::spoken;
use jiff::Timestamp;

/// Whether a sentence may be spoken.
enum Verdict {
    Speak(String),
    /// It is all layout, or more than a reply may have.
    Drop,
    /// It claims a deed of this tool, which did not succeed.
    Hold(String),
}

impl Dialogue {
    /// Takes in what comes of the question of that number.
    ///
    /// # Errors
    /// [`Refused`]: nobody waits for it any more.
    pub fn model(
        self,
        persona: &Persona,
        asked: u32,
        event: ModelEvent,
        now: Timestamp,
    ) -> Result<Step, Refused> {
        let is_open = asked == self.asked && matches!(self.phase, Phase::Replying { .. });
        let mut advance = self.advance(persona, now)?;
        match event {
            // What a stopped answer took still counts.
            ModelEvent::Finished { usage, endpoint, .. } if !is_open => advance.spend(usage, endpoint),
            ModelEvent::Failed { usage, .. } if !is_open => advance.spend(usage, 0),
            _ if !is_open => return Err(Refused::Stale),
            ModelEvent::Text { text } => advance.text(&text),
            ModelEvent::Called { call } => advance.called(call),
            ModelEvent::Finished { how, usage, endpoint } => {
                advance.spend(usage, endpoint);
                advance.finished(how);
            }
            ModelEvent::Failed { failure, usage } => advance.failed(failure, usage),
        }
        Ok(advance.into_step())
    }
}

impl Advance<'_> {
    pub(super) fn reply(&mut self) -> Option<&mut Reply> {
        match &mut self.dialogue.phase {
            Phase::Replying { reply } => Some(reply),
            _ => None,
        }
    }

    /// Keeps a call for the end of the answer. Some servers number their calls anew in each answer, so a name that
    /// was used before gets the number of the question behind it.
    fn called(&mut self, mut call: Call) {
        let asked = self.dialogue.asked;
        let is_used = |line: &Line| matches!(line, Line::Called { call: known } if known.id == call.id);
        if self.dialogue.lines.iter().any(is_used) {
            call.id = format!("{}_{asked}", call.id);
        }
        if let Some(reply) = self.reply() {
            reply.calls.push(call);
        }
    }

    fn text(&mut self, text: &str) {
        let sentences = self.reply().map(|reply| reply.sentences.push(text)).unwrap_or_default();
        for sentence in sentences {
            self.sentence(&sentence);
        }
    }

    fn sentence(&mut self, sentence: &str) {
        match self.judge(sentence) {
            Verdict::Drop => {}
            Verdict::Speak(text) => {
                if let Some(reply) = self.reply() {
                    reply.given += 1;
                    if !reply.said.is_empty() {
                        reply.said.push(' ');
                    }
                    reply.said.push_str(&text);
                }
                self.overtake_draft(&text);
                self.speak(&text, self.persona.interruptible);
            }
            Verdict::Hold(tool) => {
                self.notes.push(Note::Held { tool: tool.clone() });
                self.held(&tool);
            }
        }
    }

    fn judge(&mut self, sentence: &str) -> Verdict {
        let persona = self.persona;
        let language = self.dialogue.language.clone();
        let (muted, given) = self.reply().map_or((true, 0), |reply| (reply.muted, reply.given));
        if muted {
            return Verdict::Drop;
        }
        let text = spoken(sentence, &language);
        if text.is_empty() || self.reply().is_some_and(|reply| reply.was_said(&text)) {
            return Verdict::Drop;
        }
        if persona.reply_sentences_max.is_some_and(|max| given >= max) {
            if let Some(reply) = self.reply() {
                reply.muted = true;
            }
            self.notes.push(Note::Shortened);
            return Verdict::Drop;
        }
        let claimed = persona.tools.iter().find(|tool| {
            !self.dialogue.succeeded.contains(&tool.name) && tool.is_claimed_by(sentence, &language)
        });
        // Of two tools with the same claims, the success of one is enough.
        let is_earned = persona.tools.iter().any(|tool| {
            self.dialogue.succeeded.contains(&tool.name) && tool.is_claimed_by(sentence, &language)
        });
        match claimed {
            Some(tool) if !is_earned => Verdict::Hold(tool.name.clone()),
            _ => Verdict::Speak(text),
        }
    }

    /// The model is asked once to call the tool, or to say it otherwise; then the fallback is said.
    fn held(&mut self, tool: &str) {
        let Some(reply) = self.reply() else { return };
        let (warned, said) = (reply.warned, reply.said.clone());
        let (given, rounds) = (reply.given, reply.rounds);
        self.out.push(super::Out::StopThinking { asked: self.dialogue.asked });
        if warned {
            return self.no_answer();
        }
        // Without the sentence: it may repeat what the caller said, and this is told as the author's word.
        let text = format!(
            "What you were about to say next claims what {tool} does, but {tool} was not called, or did not \
             succeed, since the caller last spoke, so it was not said. Call {tool} now if that is what the caller \
             wants, or say something that is true."
        );
        self.dialogue.lines_mut().push(Line::Note { text });
        let again = Reply { warned: true, given, rounds, ..Reply::new(&self.dialogue.language, said) };
        self.think(again);
    }

    /// The answer is over.
    fn finished(&mut self, how: Finish) {
        let (is_open, rest) = match self.reply() {
            Some(reply) => (reply.sentences.is_open(), reply.sentences.finish()),
            None => return,
        };
        if matches!(how, Finish::Filtered | Finish::Declined) {
            let why = if how == Finish::Filtered { "filtered" } else { "declined" };
            self.notes.push(Note::Cut { why: why.to_owned() });
            self.own_up();
            return self.no_answer();
        }
        let given = self.reply().map_or(0, |reply| reply.given);
        if how == Finish::Length {
            self.notes.push(Note::Cut { why: "length".to_owned() });
        }
        // An answer that was cut ends with its last whole sentence, unless there is none, or with the words that went
        // out already.
        if let Some(rest) = rest.filter(|_| how != Finish::Length || !is_open || given == 0) {
            let asked = self.dialogue.asked;
            self.sentence(&rest);
            if self.dialogue.asked != asked || !matches!(self.dialogue.phase, Phase::Replying { .. }) {
                return;
            }
        }
        self.own_up();
        let calls = self.reply().map(|reply| std::mem::take(&mut reply.calls)).unwrap_or_default();
        if !calls.is_empty() {
            return self.call_tools(calls);
        }
        self.dialogue.failures = 0;
        let nothing_said = self.reply().is_none_or(|reply| reply.said.is_empty());
        if nothing_said { self.no_answer() } else { self.turn_over() }
    }

    fn failed(&mut self, failure: Failure, usage: Usage) {
        self.notes.push(Note::Failed { failure });
        self.spend(usage, 0);
        if failure == Failure::TooLong && self.forget_half() {
            let Some(reply) = self.reply().cloned() else { return };
            return self.think(reply);
        }
        self.own_up();
        self.no_answer();
    }

    /// The model has nothing to say that can be said. Once that is bridged; then the call is handed over or ended.
    pub(super) fn no_answer(&mut self) {
        let persona = self.persona;
        self.dialogue.failures += 1;
        if self.dialogue.failures < FAILURES_MAX {
            self.say(&persona.fallback, Some(Phrase::Fallback));
            return self.turn_over();
        }
        self.say_phrase(Phrase::Trouble);
        match &persona.fallback_transfer {
            Some(to) => {
                self.say_phrase(Phrase::Transferring);
                self.dialogue.phase = Phase::Listening;
                self.transfer(to, Handover::None, None);
            }
            None => {
                self.dialogue.phase = Phase::Listening;
                self.close(Ending::MaxRetries);
            }
        }
    }

    /// The agent has said what it had to say.
    pub(super) fn turn_over(&mut self) {
        self.dialogue.phase = Phase::Listening;
        if self.dialogue.turn >= self.persona.turns_max {
            return self.close(Ending::Completed);
        }
        self.listen();
    }
}
