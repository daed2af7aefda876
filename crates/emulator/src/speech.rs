//! Speech in time: words that take as long as they take, so that whoever interrupts does it at a real word.

/// How fast somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) words_per_minute: u32,
}

/// What is spoken, word by word, with the silences between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Utterance(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Empty for a silence.
    word: Box<str>,
    ms: u32,
    /// Whether it belongs to the word before it, as in languages without blanks.
    is_joined: bool,
}

impl Pace {
    fn word_ms(self) -> u32 {
        60_000 / self.words_per_minute.max(1)
    }
}

impl Utterance {
    pub(crate) fn of(text: &str, pace: Pace) -> Self {
        let mut utterance = Self::default();
        utterance.say(text, pace);
        utterance
    }

    /// Adds a text at the end.
    pub(crate) fn say(&mut self, text: &str, pace: Pace) {
        for word in text.split_whitespace() {
            if word.chars().any(is_ideograph) {
                // A character is about half a word there.
                for (index, char) in word.chars().enumerate() {
                    self.add(char.encode_utf8(&mut [0; 4]), pace.word_ms() / 2, index > 0);
                }
            } else {
                self.add(word, pace.word_ms(), false);
            }
        }
    }

    pub(crate) fn pause(&mut self, ms: u32) {
        if ms > 0 {
            self.add("", ms, false);
        }
    }

    fn add(&mut self, word: &str, ms: u32, is_joined: bool) {
        self.0.push(Piece { word: word.into(), ms: ms.max(1), is_joined });
    }

    /// How long it takes.
    pub(crate) fn ms(&self) -> u64 {
        self.0.iter().map(|piece| u64::from(piece.ms)).sum()
    }

    /// Makes it take so long altogether, every word in proportion.
    pub(crate) fn lasting(mut self, ms: u64) -> Self {
        let present = self.ms().max(1);
        for piece in &mut self.0 {
            let stretched = u64::from(piece.ms) * ms / present;
            piece.ms = u32::try_from(stretched).unwrap_or(u32::MAX).max(1);
        }
        self
    }

    /// All of it.
    pub(crate) fn words(&self) -> String {
        self.between(0, u64::MAX)
    }

    /// The words that were finished by then.
    pub(crate) fn until(&self, ms: u64) -> String {
        self.between(0, ms)
    }

    /// The words that began at or after `from` and were finished by `until`, in milliseconds from the start.
    pub(crate) fn between(&self, from: u64, until: u64) -> String {
        let mut text = String::new();
        let mut at = 0;
        for piece in &self.0 {
            let end = at + u64::from(piece.ms);
            if !piece.word.is_empty() && at >= from && end <= until {
                if !text.is_empty() && !piece.is_joined {
                    text.push(' ');
                }
                text.push_str(&piece.word);
            }
            at = end;
        }
        text
    }

    /// When each word is finished, in milliseconds from the start.
    pub(crate) fn ends(&self) -> Vec<u64> {
        let mut at = 0;
        let mut ends = Vec::new();
        for piece in &self.0 {
            at += u64::from(piece.ms);
            if !piece.word.is_empty() {
                ends.push(at);
            }
        }
        ends
    }

    /// Turns into silence every word for which `lost` says so.
    pub(crate) fn losing(mut self, mut lost: impl FnMut(&str) -> bool) -> Self {
        for piece in &mut self.0 {
            if !piece.word.is_empty() && lost(&piece.word) {
                piece.word = "".into();
            }
        }
        self
    }
}

/// Whether a character is of a script that is written without blanks.
fn is_ideograph(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{0e00}'..='\u{0e7f}' | '\u{20000}'..='\u{3ffff}')
}

/// A text as it is compared: only letters and digits, in lower case, one blank between words.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for char in text.chars() {
        // An apostrophe stands inside a word, so that "what's" is one.
        if matches!(char, '\'' | '’') {
            continue;
        }
        if char.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.extend(char.to_lowercase());
        } else {
            gap = true;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { words_per_minute: 120 };

    #[test]
    fn an_interruption_falls_between_words() {
        let utterance = Utterance::of("one two three four", PACE);
        assert_eq!(utterance.ms(), 2_000);
        for (ms, heard) in
            [(0, ""), (499, ""), (500, "one"), (1_700, "one two three"), (9_000, "one two three four")]
        {
            assert_eq!(utterance.until(ms), heard, "{ms}");
        }
        assert_eq!(utterance.between(600, 2_000), "three four");
        assert_eq!(utterance.ends(), [500, 1_000, 1_500, 2_000]);
    }

    #[test]
    fn silences_take_time_and_say_nothing() {
        let mut utterance = Utterance::of("one", PACE);
        utterance.pause(1_000);
        utterance.say("two", PACE);
        assert_eq!((utterance.ms(), utterance.words().as_str()), (2_000, "one two"));
        assert_eq!(utterance.until(1_600), "one");
        assert_eq!(utterance.clone().losing(|word| word == "one").words(), "two");
        assert_eq!(utterance.lasting(4_000).ms(), 4_000);
    }

    #[test]
    fn scripts_without_blanks_are_spoken_by_character() {
        let utterance = Utterance::of("你好 ok", PACE);
        assert_eq!((utterance.ms(), utterance.words().as_str()), (1_000, "你好 ok"));
        assert_eq!(utterance.until(250), "你");
    }

    #[test]
    fn texts_are_compared_by_their_words() {
        assert_eq!(folded("  What's YOUR name?! "), "whats your name");
        assert_eq!(folded("…"), "");
    }
}
