//! What the program says over the websocket.

use twilio::relay::{
    FromTwilio, MALFORMED_CLOSE_CODE, MALFORMED_CLOSE_REASON, MALFORMED_MAX, Play, RelayError, Text, ToTwilio,
};

use super::end::SessionEnd;
use super::{Speech, interruption};
use crate::call::{CallId, Told};
use crate::socket::Reaction;
use crate::world::World;

/// How often `loop="0"` stands for.
const LOOPS_MAX: u32 = 1_000;

impl World {
    /// A message of the program.
    pub(crate) fn relay_told(&mut self, id: CallId, text: &str) {
        self.note(id, Told::SocketGot { text: text.to_owned() });
        match ToTwilio::parse(text) {
            Ok(message) => {
                if let Some(relaying) = self.relaying_mut(id) {
                    relaying.malformed = 0;
                }
                self.relay_obeys(id, message);
            }
            Err(error) => self.relay_is_puzzled(id, text, &error),
        }
    }

    /// A message that cannot be taken is dropped; too many in a row end the session.
    fn relay_is_puzzled(&mut self, id: CallId, text: &str, error: &RelayError) {
        let Some(relaying) = self.relaying_mut(id) else { return };
        relaying.malformed = if error.is_malformed() { relaying.malformed + 1 } else { 0 };
        let is_enough = relaying.malformed >= MALFORMED_MAX;
        self.debug_call(id, RelayError::CODE, error.to_string());
        let told: FromTwilio = RelayError::told(text);
        self.relay_tells(id, &told, Reaction::Possible);
        if is_enough && let Some(relaying) = self.relaying(id) {
            relaying.socket.close(MALFORMED_CLOSE_CODE, MALFORMED_CLOSE_REASON);
            let message = MALFORMED_CLOSE_REASON.to_owned();
            self.debug_call(id, 64105, message.clone());
            self.relay_ends(id, &SessionEnd::Failed { code: 64105, message });
        }
    }

    fn relay_obeys(&mut self, id: CallId, message: ToTwilio) {
        match message {
            ToTwilio::Text(text) => self.relay_takes_token(id, text),
            ToTwilio::Play(play) => self.relay_plays(id, play),
            ToTwilio::SendDigits { digits } => {
                self.relay_queues(id, Speech::keys(digits));
                self.relay_speaks(id);
            }
            ToTwilio::Language { transcription_language, .. } => {
                // What is spoken sounds the same in every language here.
                if let (Some(language), Some(relaying)) = (transcription_language, self.relaying_mut(id)) {
                    relaying.language = language;
                }
            }
            ToTwilio::End { handoff_data } => self.relay_ends(id, &SessionEnd::Ended { handoff_data }),
        }
    }

    /// Puts tokens together, and speaks each sentence once it is whole.
    fn relay_takes_token(&mut self, id: CallId, text: Text) {
        let Some(relaying) = self.relaying_mut(id) else { return };
        relaying.is_talking = !text.last;
        relaying.token.text.push_str(&text.token);
        relaying.token.interruptible = text.interruptible.or(relaying.token.interruptible);
        relaying.token.preemptible = text.preemptible.or(relaying.token.preemptible);
        let rule = interruption(relaying.token.interruptible, relaying.interruptible());
        let preemptible = relaying.token.preemptible.unwrap_or(relaying.relay.preemptible.unwrap_or(false));
        let whole = match text.last {
            true => relaying.token.text.len(),
            false => sentences_end(&relaying.token.text),
        };
        let rest = relaying.token.text.split_off(whole);
        let words = std::mem::replace(&mut relaying.token.text, rest);
        if text.last {
            relaying.token = super::Tokens::default();
        }
        if !words.trim().is_empty() {
            self.relay_queues(id, Speech::words(words, rule, preemptible));
        }
        self.relay_speaks(id);
    }

    fn relay_plays(&mut self, id: CallId, play: Play) {
        let Some(relaying) = self.relaying(id) else { return };
        let rule = interruption(play.interruptible, relaying.interruptible());
        let loops = match play.loop_count {
            None => 1,
            Some(0) => LOOPS_MAX,
            Some(loops) => loops.min(LOOPS_MAX),
        };
        let speech = Speech::audio(play.source, loops, rule, play.preemptible.unwrap_or(false));
        self.relay_queues(id, speech);
        self.relay_speaks(id);
    }
}

/// Where the last whole sentence ends: after its mark and the blank behind it.
fn sentences_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        let is_mark = matches!(char, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '\n');
        if let Some((at, next)) = chars.peek()
            && is_mark
            && next.is_whitespace()
        {
            end = at + next.len_utf8();
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_spoken_once_they_are_whole() {
        for (text, whole) in [
            ("Hello", ""),
            ("Hello. ", "Hello. "),
            ("It costs 3.50 today", ""),
            ("Yes! And no? May", "Yes! And no? "),
            ("Wait.", ""),
        ] {
            assert_eq!(&text[..sentences_end(text)], whole, "{text}");
        }
    }
}
