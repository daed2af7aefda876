//! Words that speak to the carrier rather than to a workflow.

/// What a whole text means, where it is one of the reserved words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No means no: nothing more is sent to this person.
    Stop,
    /// Opt-in, but only for an address that is suppressed; otherwise plain text.
    Start,
    /// Answered by the provider; consumes no wait.
    Help,
}

const STOP: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];
const HELP: [&str; 2] = ["HELP", "INFO"];

/// The reserved words that no answer should be, in capitals.
pub const RESERVED: [&str; 10] =
    ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "HELP", "INFO"];

impl Keyword {
    /// A text is a keyword where the whole of it is, whatever its case and the blanks around it.
    pub fn of(text: &str) -> Option<Keyword> {
        let text = text.trim();
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        if is(&STOP) {
            Some(Keyword::Stop)
        } else if is(&START) {
            Some(Keyword::Start)
        } else if is(&HELP) {
            Some(Keyword::Help)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_text_is_a_keyword() {
        assert_eq!(Keyword::of(" stop\n"), Some(Keyword::Stop));
        assert_eq!(Keyword::of("Yes"), Some(Keyword::Start));
        assert_eq!(Keyword::of("info"), Some(Keyword::Help));
        assert_eq!(Keyword::of("STOP please"), None);
        assert_eq!(Keyword::of(""), None);
    }
}
