//! What was handed to the voice, and how far it has come with it.
//!
//! The provider tells what was spoken, where it keeps to what it announces; a voice of which nothing is told takes the
//! time that people's speech takes.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// How long a voice takes for a character, slow ones too.
const PER_CHARACTER_MS: i64 = 90;
/// Until the first sound.
const LEAD: SignedDuration = SignedDuration::from_millis(500);
/// How long after it fell silent it may be told that somebody broke in.
const BREAKING_IN: SignedDuration = SignedDuration::from_secs(1);
/// How much longer than that a voice that tells is waited for.
const TELLING_PATIENCE: SignedDuration = SignedDuration::from_secs(15);

#[derive(Debug)]
pub(super) struct Speech {
    /// The latest saying that was sent.
    sent_to: u32,
    /// Sent, and not known to be spoken to its end: number and characters, blanks left out.
    queue: VecDeque<(u32, usize)>,
    /// Characters that were spoken of the first in the queue.
    spoken: usize,
    /// The voice tells what it has spoken.
    tells: bool,
    /// When everything that was sent will have been spoken, at a slow pace.
    ends_at: Timestamp,
    /// The voice has fallen silent before it told that everything was spoken: until then it may yet be told that
    /// somebody broke in.
    silent_until: Option<Timestamp>,
}

impl Speech {
    pub(super) fn new(now: Timestamp) -> Speech {
        Speech {
            sent_to: 0,
            queue: VecDeque::new(),
            spoken: 0,
            tells: false,
            ends_at: now,
            silent_until: None,
        }
    }

    pub(super) fn sent_to(&self) -> u32 {
        self.sent_to
    }

    /// This goes to the voice: a saying, or a part of one.
    pub(super) fn speaks(&mut self, text: &str, now: Timestamp) {
        self.silent_until = None;
        let characters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let takes = SignedDuration::from_millis(PER_CHARACTER_MS.saturating_mul(characters));
        let begins = if self.ends_at > now { self.ends_at } else { now + LEAD };
        self.ends_at = begins.checked_add(takes).unwrap_or(Timestamp::MAX);
    }

    /// All of this saying went to the voice. Its number, where all of it was spoken before it was whole.
    pub(super) fn send(&mut self, n: u32, text: &str) -> Option<u32> {
        self.sent_to = n;
        self.queue.push_back((n, characters(text)));
        self.come_to_their_ends()
    }

    /// This was spoken; the latest saying that came to its end with it.
    pub(super) fn spoke(&mut self, words: &str) -> Option<u32> {
        self.tells = true;
        self.spoken += characters(words);
        self.come_to_their_ends()
    }

    fn come_to_their_ends(&mut self) -> Option<u32> {
        let mut last = None;
        while let Some((n, characters)) = self.queue.front().copied().filter(|(_, it)| *it <= self.spoken) {
            self.spoken -= characters;
            self.queue.pop_front();
            last = Some(n);
        }
        last
    }

    /// The voice fell silent: because everything was spoken, or because somebody broke in, which is told later.
    pub(super) fn fell_silent(&mut self, now: Timestamp) {
        self.silent_until = now.checked_add(BREAKING_IN).ok().filter(|_| !self.queue.is_empty());
    }

    /// Everything was spoken; the latest saying that came to its end with it.
    pub(super) fn finish(&mut self, now: Timestamp) -> Option<u32> {
        let last = self.queue.back().map(|(n, _)| *n);
        self.stop(now);
        last
    }

    /// The caller answered without breaking in: where nothing is told, everything was spoken before that.
    pub(super) fn heard_out(&mut self, now: Timestamp) -> Option<u32> {
        if self.tells && !self.is_over(now) {
            return None;
        }
        self.finish(now)
    }

    /// The caller broke in: nothing of it is spoken any more.
    pub(super) fn stop(&mut self, now: Timestamp) {
        self.queue.clear();
        self.silent_until = None;
        self.spoken = 0;
        self.ends_at = now;
    }

    /// Whether everything was spoken, as far as can be known.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.queue.is_empty() || now >= self.over_by()
    }

    /// By when it will be, whatever is told.
    pub(super) fn over_by(&self) -> Timestamp {
        if let Some(until) = self.silent_until {
            return until;
        }
        if self.queue.is_empty() || !self.tells {
            return self.ends_at;
        }
        self.ends_at.checked_add(TELLING_PATIENCE).unwrap_or(Timestamp::MAX)
    }
}

/// Blanks are told in other ways than they were sent.
fn characters(text: &str) -> usize {
    text.chars().filter(|char| !char.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ms: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_millis(ms)
    }

    #[test]
    fn what_was_spoken_is_counted_however_it_is_cut() {
        let mut speech = Speech::new(after(0));
        assert!(speech.is_over(after(0)));
        let says = |speech: &mut Speech, n: u32, text: &str, now: Timestamp| {
            speech.speaks(text, now);
            assert_eq!(speech.send(n, text), None);
        };
        says(&mut speech, 1, "Hello there.", after(0));
        says(&mut speech, 2, "How are you?", after(0));
        assert_eq!(speech.sent_to(), 2);
        assert_eq!(speech.spoke("Hello"), None);
        assert_eq!(speech.spoke("there. How"), Some(1));
        assert!(!speech.is_over(after(4_000)), "a voice that tells is waited for");
        assert_eq!(speech.spoke(" are you? "), Some(2));
        assert!(speech.is_over(after(0)));
        says(&mut speech, 3, "Well?", after(10_000));
        speech.stop(after(10_100));
        assert!(speech.is_over(after(10_100)));
        assert_eq!(speech.finish(after(10_200)), None);
    }

    #[test]
    fn words_may_be_spoken_before_their_saying_is_whole() {
        let mut speech = Speech::new(after(0));
        speech.speaks("Hello", after(0));
        assert_eq!(speech.spoke("Hello"), None);
        speech.speaks("there.", after(100));
        assert_eq!(speech.send(1, "Hello there."), None);
        assert_eq!(speech.spoke("there."), Some(1));
        speech.speaks("How are", after(200));
        assert_eq!(speech.spoke("How are"), None);
        assert_eq!(speech.send(2, "How are"), Some(2), "it broke off");
    }

    #[test]
    fn a_voice_that_tells_nothing_takes_its_time() {
        let mut speech = Speech::new(after(0));
        speech.speaks("0123456789", after(1_000));
        assert_eq!(speech.send(1, "0123456789"), None);
        assert!(!speech.is_over(after(2_399)));
        assert!(speech.is_over(after(2_400)));
        assert_eq!(speech.finish(after(2_500)), Some(1));
        speech.speaks("0123456789", after(3_000));
        assert_eq!(speech.send(2, "0123456789"), None);
        speech.fell_silent(after(3_100));
        assert!(!speech.is_over(after(3_200)), "it may have been stopped");
        assert!(speech.is_over(after(4_100)));
    }
}
