//! The words by which people opt out, opt in and ask for help.

/// What a keyword asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// Send me nothing more.
    Stop,
    /// Send me messages again.
    Start,
    /// Tell me who you are.
    Help,
}

impl Keyword {
    /// The words that stand for it by default, in capital letters.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Keyword::Stop => &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"],
            Keyword::Start => &["START", "YES", "UNSTOP"],
            Keyword::Help => &["HELP", "INFO"],
        }
    }

    /// The words that toll-free networks act on by themselves.
    pub fn toll_free_words(self) -> &'static [&'static str] {
        match self {
            Keyword::Stop => &["STOP"],
            Keyword::Start => &["START", "UNSTOP"],
            Keyword::Help => &[],
        }
    }
}

/// The keyword that a message is, if it is one: the whole message, whatever its case, blanks around it aside.
/// "STOP please" is none.
///
/// `YES` opts in only who has opted out, and is an ordinary answer otherwise; that is for the caller to know.
pub fn classify(text: &str) -> Option<Keyword> {
    matching(text, Keyword::words)
}

/// [`classify`] by the words that toll-free networks act on.
pub fn classify_toll_free(text: &str) -> Option<Keyword> {
    matching(text, Keyword::toll_free_words)
}

fn matching(text: &str, words: fn(Keyword) -> &'static [&'static str]) -> Option<Keyword> {
    let text = text.trim();
    [Keyword::Stop, Keyword::Start, Keyword::Help]
        .into_iter()
        .find(|keyword| words(*keyword).iter().any(|word| word.eq_ignore_ascii_case(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_message_counts_and_nothing_else() {
        for (text, expected) in [
            ("STOP", Some(Keyword::Stop)),
            (" stop\n", Some(Keyword::Stop)),
            ("StopAll", Some(Keyword::Stop)),
            ("unsubscribe", Some(Keyword::Stop)),
            ("cancel", Some(Keyword::Stop)),
            ("End", Some(Keyword::Stop)),
            ("quit", Some(Keyword::Stop)),
            ("revoke", Some(Keyword::Stop)),
            ("optout", Some(Keyword::Stop)),
            ("start", Some(Keyword::Start)),
            ("Yes", Some(Keyword::Start)),
            ("unstop", Some(Keyword::Start)),
            ("help", Some(Keyword::Help)),
            ("INFO", Some(Keyword::Help)),
            ("STOP please", None),
            ("don't stop", None),
            ("STOP.", None),
            ("", None),
            ("ST OP", None),
        ] {
            assert_eq!(classify(text), expected, "{text:?}");
        }
    }

    #[test]
    fn toll_free_networks_know_fewer() {
        assert_eq!(classify_toll_free("Stop"), Some(Keyword::Stop));
        assert_eq!(classify_toll_free("unstop"), Some(Keyword::Start));
        for text in ["quit", "yes", "help"] {
            assert_eq!(classify_toll_free(text), None, "{text}");
        }
    }

    #[test]
    fn no_word_stands_for_two_things() {
        let mut words: Vec<_> = [Keyword::Stop, Keyword::Start, Keyword::Help].map(Keyword::words).concat();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
