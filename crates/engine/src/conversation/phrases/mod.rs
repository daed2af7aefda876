//! What an agent says by itself, in four languages: one file each. In any other language it says
//! nothing of its own but what cannot be left out.

mod english;
mod french;
mod german;
mod neutral;
mod spanish;

use crate::agent::same_language;
use crate::words::fold;

macro_rules! phrases {
    ($($(#[$doc:meta])* $phrase:ident $name:literal $field:ident)*) => {
        /// Something that an agent says by itself. An author may put it in other words, by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Phrase { $($(#[$doc])* $phrase,)* }

        impl Phrase {
            /// The name under `phrases`.
            pub fn name(self) -> &'static str {
                match self { $(Phrase::$phrase => $name,)* }
            }
        }

        #[cfg(test)]
        const ALL: &[Phrase] = &[$(Phrase::$phrase,)*];

        /// All names.
        pub fn phrase_names() -> Vec<&'static str> {
            vec![$($name,)*]
        }

        /// The wordings of one language: for each phrase those for the first time, the second and so on.
        /// The last one is repeated; where there is none, nothing is said.
        struct Wordings {
            /// Between the last two of a list.
            or: &'static str,
            /// How people ask to hear the question again.
            repeat_requests: &'static [&'static str],
            $($field: &'static [&'static str],)*
        }

        impl Wordings {
            fn of(&self, phrase: Phrase) -> &'static [&'static str] {
                match phrase { $(Phrase::$phrase => self.$field,)* }
            }
        }
    };
}

phrases! {
    /// The answer means nothing that was asked for.
    NotUnderstood "notUnderstood" not_understood
    /// Silence.
    NoAnswer "noAnswer" no_answer
    /// Noise, or a very unsure result.
    Unclear "unclear" unclear
    /// Not between `{{min}}` and `{{max}}`.
    OutOfRange "outOfRange" out_of_range
    /// Less than `{{min}}`.
    AtLeast "atLeast" at_least
    /// More than `{{max}}`.
    AtMost "atMost" at_most
    /// Too few digits, or too many.
    WrongLength "wrongLength" wrong_length
    /// The question cannot be skipped.
    Required "required" required
    /// Reads `{{answer}}` back.
    Confirm "confirm" confirm
    /// What was read back is not right.
    NotConfirmed "notConfirmed" not_confirmed
    /// Names the `{{options}}`.
    Options "options" options
    /// How to say yes or no.
    YesOrNo "yesOrNo" yes_or_no
    /// Gives `{{examples}}`.
    Examples "examples" examples
    /// The keys for yes and no.
    PressYesNo "pressYesNo" press_yes_no
    /// The `{{key}}` for one `{{choice}}`.
    PressChoice "pressChoice" press_choice
    /// All of those, as `{{presses}}`.
    PressChoices "pressChoices" press_choices
    /// That the answer may be typed.
    TypeIt "typeIt" type_it
    /// The keys that repeat, go back and skip.
    Navigation "navigation" navigation
    /// A question is given up.
    MoveOn "moveOn" move_on
    /// Something does not work.
    Sorry "sorry" sorry
    /// Before somebody else takes over.
    Transferring "transferring" transferring
    /// The call has lasted as long as it may.
    TimeUp "timeUp" time_up
    /// A conversation that broke off goes on.
    WelcomeBack "welcomeBack" welcome_back
    /// Nobody answered by text.
    Reminder "reminder" reminder
    Goodbye "goodbye" goodbye
    /// Something broke while the call was under way: the last words.
    Apology "apology" apology
    /// Nobody took the call over that was to be connected: the last words.
    NobodyThere "nobodyThere" nobody_there
    /// The word, as it is read back.
    Yes "yes" yes
    No "no" no
}

fn wordings(language: &str) -> &'static Wordings {
    let known = [
        ("en", &english::ENGLISH),
        ("es", &spanish::SPANISH),
        ("fr", &french::FRENCH),
        ("de", &german::GERMAN),
    ];
    let found = known.into_iter().find(|(tag, _)| same_language(tag, language));
    found.map_or(&neutral::NEUTRAL, |(_, wordings)| wordings)
}

/// Whether there are wordings in a language.
pub(crate) fn speaks(language: &str) -> bool {
    ["en", "es", "fr", "de"].iter().any(|tag| same_language(tag, language))
}

/// Whether somebody asks to hear the question again, and says nothing else.
pub(super) fn asks_to_repeat(words: &str, language: &str) -> bool {
    let said = fold(words);
    wordings(language).repeat_requests.iter().any(|request| fold(request) == said)
}

/// The wording for that time, from 0.
pub(crate) fn wording(phrase: Phrase, language: &str, time: u32) -> Option<&'static str> {
    let all = wordings(language).of(phrase);
    let time = usize::try_from(time).unwrap_or(usize::MAX);
    all.get(time.min(all.len().saturating_sub(1))).copied()
}

/// What a caller hears whom nothing else can be said to; in English where the language has no words for it.
pub fn apology(language: &str) -> Apology<'_> {
    let in_english = || wording(Phrase::Apology, "en", 0).unwrap_or_default();
    match wording(Phrase::Apology, language, 0) {
        Some(words) => Apology { words, language },
        None => Apology { words: in_english(), language: "en-US" },
    }
}

/// Last words, and the tag of their language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apology<'t> {
    pub words: &'static str,
    pub language: &'t str,
}

/// The word between the last two of a list.
pub(super) fn or(language: &str) -> &'static str {
    wordings(language).or
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_there_in_every_language_and_says_what_it_is_about() {
        let about = |wording: &str| -> Vec<String> {
            let template = template::Template::parse(wording).expect("well formed");
            let mut names: Vec<String> =
                template.variables().into_iter().map(|used| used.path.join(".")).collect();
            names.sort();
            names
        };
        for language in ["es", "fr", "de"] {
            let (english, other) = (wordings("en"), wordings(language));
            for phrase in ALL {
                let (ours, theirs) = (english.of(*phrase), other.of(*phrase));
                assert_eq!(ours.len(), theirs.len(), "{} in {language}", phrase.name());
                assert!(!ours.is_empty(), "{}", phrase.name());
                for (ours, theirs) in ours.iter().zip(theirs) {
                    assert_eq!(about(ours), about(theirs), "{} in {language}", phrase.name());
                }
            }
        }
    }

    #[test]
    fn no_language_is_answered_in_another_one() {
        assert_eq!(wording(Phrase::NotUnderstood, "it-IT", 0), None);
        assert_eq!(wording(Phrase::Confirm, "it-IT", 3), Some("{{answer}}?"));
        assert!(speaks("de-AT") && !speaks("it-IT"));
        assert!(asks_to_repeat("Pardon?", "en-GB") && asks_to_repeat("Wie bitte?", "de-DE"));
        assert!(!asks_to_repeat("pardon my French, seven", "en-US") && !asks_to_repeat("", "en-US"));
    }
}
