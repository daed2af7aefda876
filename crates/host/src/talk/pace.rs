//! How long people and voices speak: where a line does not tell whether somebody broke in, the clock has to.

use jiff::{SignedDuration, Timestamp};
use store::record::{OpenWords, Saying};

/// A word, of a voice or of a person.
const WORD: SignedDuration = SignedDuration::from_millis(400);
/// A word of a voice in a hurry.
const QUICK_WORD: SignedDuration = SignedDuration::from_millis(200);
/// From a person's last word to its being told: the pause that ends it, and the way.
const AFTER: SignedDuration = SignedDuration::from_millis(1_000);

/// What is spoken from now on, where it can be broken into from this saying on. Whoever does has heard out what stands
/// before.
pub(super) fn words_from(outbox: &[Saying], from: u32, at: Timestamp) -> Option<OpenWords> {
    let is_open = outbox.iter().any(|saying| saying.n >= from);
    let words: usize = outbox.iter().filter(|_| is_open).map(|saying| count(&saying.text)).sum();
    let words = u32::try_from(words).unwrap_or(u32::MAX);
    (words > 0).then_some(OpenWords { words, at })
}

/// Whether who said this, and was heard now, began while they were being spoken.
pub(super) fn began_within(open: &OpenWords, said: &str, now: Timestamp) -> bool {
    let took = WORD.saturating_mul(i32::try_from(count(said)).unwrap_or(i32::MAX));
    let since = now.duration_since(open.at) - took - AFTER;
    since < WORD.saturating_mul(i32::try_from(open.words).unwrap_or(i32::MAX))
}

/// Whether a silence of this length, told now, began before they can have been spoken: a noise cut them off, or words
/// that nobody made out.
pub(super) fn was_cut(open: &OpenWords, silence: SignedDuration, now: Timestamp) -> bool {
    let spoken = QUICK_WORD.saturating_mul(i32::try_from(open.words).unwrap_or(i32::MAX));
    now.duration_since(open.at) < spoken + silence
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_early_may_have_missed_the_end() {
        let at = Timestamp::UNIX_EPOCH;
        let saying = |n: u32, text: &str| Saying {
            n,
            turn: 1,
            text: text.to_owned(),
            language: "en-US".to_owned(),
            interruptible: true,
            secrecy: engine::llm::dialogue::Secrecy::Open,
        };
        let outbox = [saying(3, "Good morning."), saying(4, "What can I do for you today?")];
        assert_eq!(words_from(&outbox, 4, at).map(|open| open.words), Some(9));
        assert_eq!(words_from(&outbox, 5, at), None);
        let open = words_from(&outbox, 3, at).unwrap();
        for (said, ms, early) in [
            // Nine words take 3.6 s; three more and the pause behind them, 2.2 s.
            ("I need help", 3_000, true),
            ("I need help", 5_700, true),
            ("I need help", 5_900, false),
            ("I need help", 60_000, false),
            ("", 4_500, true),
        ] {
            let now = at + SignedDuration::from_millis(ms);
            assert_eq!(began_within(&open, said, now), early, "{said} after {ms} ms");
        }
    }

    #[test]
    fn a_silence_that_comes_too_early_was_none() {
        let open = OpenWords { words: 10, at: Timestamp::UNIX_EPOCH };
        let after = |ms: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_millis(ms);
        // Two seconds at least, and five of silence behind them.
        assert!(was_cut(&open, SignedDuration::from_secs(5), after(6_900)));
        assert!(!was_cut(&open, SignedDuration::from_secs(5), after(7_100)));
    }
}
