//! Words that go to speech before their sentence is whole, where answers are delivered so.
//!
//! What went out is said, whatever becomes of the sentence: a model that fails, is cut or is broken in on leaves the
//! words in what the agent said, and the next answer is not asked for as if nobody had heard them.

use super::{Advance, Dialogue, Out, Phase, append};
use crate::llm::persona::{Delivery, Persona};
use crate::llm::spoken::settled;

impl Dialogue {
    /// The words of the sentence under way that may be spoken before it is whole, from its beginning. They count as
    /// said from now on, so whoever asks for them hands them to speech. Nothing where answers go out by sentence, or
    /// where the sentence may yet be left out.
    pub fn draft(&mut self, persona: &Persona) -> Option<&str> {
        let Phase::Replying { reply } = &mut self.phase else { return None };
        let is_sure = !reply.muted
            && reply.before.is_empty()
            && persona.reply_sentences_max.is_none_or(|max| reply.given < max);
        if persona.delivery != Delivery::Words || !is_sure {
            return None;
        }
        let words = settled(reply.sentences.pending());
        // What went out is never taken back: of a sentence that was too long, it may reach beyond the present one.
        if words.len() > reply.drafted.len() && words.starts_with(&reply.drafted) {
            words.clone_into(&mut reply.drafted);
        }
        Some(reply.drafted.as_str()).filter(|words| !words.is_empty())
    }
}

impl Advance<'_> {
    /// A sentence is said: of what went out before, only what belongs to the next one is left.
    pub(super) fn overtake_draft(&mut self, sentence: &str) {
        let Some(reply) = self.reply() else { return };
        let left = reply.drafted.strip_prefix(sentence).unwrap_or_default().trim_start().to_owned();
        reply.drafted = left;
    }

    /// The sentence under way comes to no end: what went out of it is said, and the rest is not.
    pub(super) fn own_up(&mut self) {
        let interruptible = self.persona.interruptible;
        if let Some(words) = self.take_draft() {
            self.speak(&words, interruptible);
        }
    }

    /// As [`Advance::own_up`], where nothing is spoken any more. How many bytes went out.
    pub(super) fn own_up_silently(&mut self) -> usize {
        let Some(words) = self.take_draft() else { return 0 };
        let length = words.len();
        append(self.dialogue.lines_mut(), &words);
        self.out.push(Out::Said { text: words });
        length
    }

    fn take_draft(&mut self) -> Option<String> {
        let reply = self.reply()?;
        let words = std::mem::take(&mut reply.drafted);
        if words.is_empty() {
            return None;
        }
        // The rest of it.
        reply.sentences.finish();
        reply.given += 1;
        if !reply.said.is_empty() {
            reply.said.push(' ');
        }
        reply.said.push_str(&words);
        Some(words)
    }
}
