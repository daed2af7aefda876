//! What broke off: the agent's speech, because somebody broke in, or the answer, because its process died.

use super::{Advance, Dialogue, Note, Phase, Refused, Reply, Step};
use crate::llm::heard;
use crate::llm::history::Line;
use crate::llm::models::Usage;
use crate::llm::persona::Persona;
use crate::llm::sentence;
use jiff::Timestamp;

/// The model is told this where its answer broke off.
const GO_ON: &str = "The line broke off after the last words above, and is back. Go on right after them, without \
                     saying any of it again and without a word about the line.";

/// The model is told this where a caller may have missed the end of its answer.
const UNHEARD: &str = "The caller began to speak before your last words were over, and may not have heard the end of \
                       them.";

impl Dialogue {
    /// The caller broke in; `reported` is what had been spoken until then, and of what the agent said since the
    /// caller's last words everything but the last `open` bytes is known to have been heard. What was not heard is
    /// forgotten, and the model is stopped. The words themselves come by [`Dialogue::hear`].
    ///
    /// # Errors
    /// [`Refused`]: the event changes nothing. It is stale where the model thinks and nothing was said since the
    /// caller's last words: what was broken into is over, and these words are to be answered.
    pub fn interrupted(
        self,
        persona: &Persona,
        reported: &str,
        open: usize,
        now: Timestamp,
    ) -> Result<Step, Refused> {
        if self.phase == Phase::Waiting {
            return Err(Refused::Stale);
        }
        let mut advance = self.advance(persona, now)?;
        if advance.has_nothing_said() {
            return Err(Refused::Stale);
        }
        let drafted = advance.own_up_silently();
        let between = usize::from(open > 0 && drafted > 0);
        advance.cut(reported, open + between + drafted);
        advance.stop();
        advance.notes.push(Note::Interrupted);
        if matches!(advance.dialogue.phase, Phase::Replying { .. }) {
            advance.listen();
        }
        Ok(advance.into_step())
    }

    /// The caller began to speak before the latest words were over, as far as the line can tell: how much of them was
    /// heard is not known. The words themselves come by [`Dialogue::hear`].
    ///
    /// # Errors
    /// [`Refused`]: the event changes nothing.
    pub fn unheard(self, persona: &Persona, now: Timestamp) -> Result<Step, Refused> {
        let is_said = matches!(self.lines.last(), Some(Line::Agent { .. }));
        let mut advance = self.advance(persona, now)?;
        if !is_said {
            return Err(Refused::Stale);
        }
        advance.dialogue.lines_mut().push(Line::Note { text: UNHEARD.to_owned() });
        advance.notes.push(Note::MaybeUnheard);
        Ok(advance.into_step())
    }

    /// Whoever held the conversation is gone, and with it the answer that was under way: the model is asked for the
    /// rest of it. Sentences that come again are not said again.
    ///
    /// # Errors
    /// [`Refused`]: no answer was under way, or a tool is at work for it, whose result is waited for.
    pub fn resumed(self, persona: &Persona, now: Timestamp) -> Result<Step, Refused> {
        let mut advance = self.advance(persona, now)?;
        let Phase::Replying { reply } = advance.dialogue.phase.clone() else { return Err(Refused::Stale) };
        let language = advance.dialogue.language.clone();
        let again = Reply {
            given: reply.given,
            rounds: reply.rounds,
            warned: reply.warned,
            before: sentence::split(&reply.said, &language),
            ..Reply::new(&language, reply.said.clone())
        };
        if !advance.dialogue.at_work.is_empty() {
            advance.dialogue.phase = Phase::Replying { reply: again };
            return Ok(advance.into_step());
        }
        advance.spend_lost(&reply);
        if !again.said.is_empty() {
            advance.dialogue.lines_mut().push(Line::Note { text: GO_ON.to_owned() });
        }
        advance.think(again);
        Ok(advance.into_step())
    }

    /// The answer to the question of that number was stopped before its end, and took about this much.
    ///
    /// # Errors
    /// [`Refused::Ended`].
    pub fn spent(self, persona: &Persona, asked: u32, usage: Usage, now: Timestamp) -> Result<Step, Refused> {
        let is_present = asked == self.asked;
        let mut advance = self.advance(persona, now)?;
        advance.spend(usage, 0);
        if let Some(reply) = advance.reply().filter(|_| is_present) {
            reply.is_paid = true;
        }
        Ok(advance.into_step())
    }
}

impl Advance<'_> {
    /// Whether the caller waits for the first word of an answer.
    fn has_nothing_said(&self) -> bool {
        let Phase::Replying { reply } = &self.dialogue.phase else { return false };
        let said = self.dialogue.lines.iter().rev().find_map(|line| match line {
            Line::Caller { .. } => Some(false),
            Line::Agent { .. } => Some(true),
            _ => None,
        });
        reply.rounds == 0 && reply.drafted.is_empty() && said != Some(true)
    }

    /// What the agent said since the caller's last words is cut to what was heard of it.
    fn cut(&mut self, reported: &str, open: usize) {
        let lines = self.dialogue.lines_mut();
        let since = lines.iter().rposition(|line| matches!(line, Line::Caller { .. })).map_or(0, |at| at + 1);
        let given: Vec<&str> = lines[since..]
            .iter()
            .filter_map(|line| match line {
                Line::Agent { text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let given = given.join(" ");
        let known = given.floor_char_boundary(given.len().saturating_sub(open));
        let mut kept = heard::heard(&given, reported).len().max(given[..known].trim_end().len());
        for line in &mut lines[since..] {
            let Line::Agent { text } = line else { continue };
            let length = text.len();
            text.truncate(kept.min(length));
            // A blank stood between it and the next.
            kept = kept.saturating_sub(length + 1);
        }
        lines.retain(|line| !matches!(line, Line::Agent { text } if text.is_empty()));
    }
}

impl Reply {
    /// Whether the sentence was said before the answer was asked for anew. Each counts once.
    pub(super) fn was_said(&mut self, sentence: &str) -> bool {
        let found = self.before.iter().position(|before| heard::is_same(before, sentence));
        found.map(|at| self.before.remove(at)).is_some()
    }
}
