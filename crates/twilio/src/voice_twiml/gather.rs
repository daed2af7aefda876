//! `<Gather>`: listen for keys and speech.

use super::key::FinishOnKey;
use super::part::{one_of, part};
use super::reading::Reading;
use super::say::{Pause, Play, Say};
use crate::parameter::WireText;
use crate::voice::{GatherLanguage, SpeechModel};
use crate::words::{HttpMethod, words};
use crate::xml;

/// The most hints, which are parted by commas.
pub const HINTS_MAX: usize = 500;

/// The most characters of one hint.
pub const HINT_LENGTH_MAX: usize = 100;

part! {
    /// Listen for keys and speech, while what stands inside is played.
    pub struct Gather = "Gather" {
        /// What to listen for, keys unless given.
        pub input: Vec<Input> = "input" or 13326,
        /// Where the result is told; the document's own address unless given.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method" or 13312,
        /// How long to wait for the next key, or for speech to begin; 5 seconds unless given.
        pub timeout_s: Option<u32> = "timeout" or 13313,
        /// How long a silence ends speech; `timeout` unless given.
        pub speech_timeout: Option<SpeechTimeout> = "speechTimeout" or 13327,
        /// How long speech may be, at most 60 seconds.
        pub max_speech_time_s: Option<u32> = "maxSpeechTime" in 1..=60 or 13328,
        /// The key that ends the keys, `#` unless given.
        pub finish_on_key: Option<FinishOnKey> = "finishOnKey" or_by finish_on_key_code,
        /// How many keys end the keys.
        pub num_digits: Option<u32> = "numDigits" in 1..=4_294_967_295 or 13314,
        /// Where what was heard so far is told.
        pub partial_result_callback: Option<String> = "partialResultCallback",
        /// How it is told.
        pub partial_result_callback_method: Option<HttpMethod> = "partialResultCallbackMethod" or 13329,
        /// The language that is heard, `en-US` unless given.
        pub language: Option<GatherLanguage> = "language" or 13331,
        /// Words that may be said, parted by commas: at most 500 of at most 100 characters.
        pub hints: Option<String> = "hints",
        /// Whether input stops what is played, which it does unless this says otherwise.
        pub barge_in: Option<bool> = "bargeIn" or 13332,
        /// Whether swear words are hidden, which they are unless this says otherwise.
        pub profanity_filter: Option<bool> = "profanityFilter" or 13333,
        /// What hears.
        pub speech_model: Option<SpeechModel> = "speechModel" or 13334,
        /// An old way to ask for a better model.
        pub enhanced: Option<bool> = "enhanced",
        /// Whether `action` is asked for where nothing came in, too.
        pub action_on_empty_result: Option<bool> = "actionOnEmptyResult",
        /// Not documented.
        pub debug: Option<bool> = "debug",
    }
    holds
    /// What is played meanwhile.
    prompts: Prompting
    check check
}

one_of! {
    /// What may be played while a call listens, or by a prompt.
    pub enum Prompting {
        /// Speak.
        Say(Say),
        /// Play audio.
        Play(Play),
        /// Wait.
        Pause(Pause),
    }
}

words! {
    /// What to listen for.
    pub enum Input {
        /// Keys.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
    }
}

/// How long a silence ends speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpeechTimeout {
    /// The first pause does.
    Auto,
    /// So many seconds do, at least 1.
    Seconds(u32),
}

impl WireText for SpeechTimeout {
    const EXPECTED: &'static str = "auto, or a whole number of seconds from 1";

    fn to_wire(&self) -> String {
        match self {
            SpeechTimeout::Auto => "auto".to_owned(),
            SpeechTimeout::Seconds(seconds) => seconds.to_string(),
        }
    }

    fn from_wire(text: &str) -> Option<SpeechTimeout> {
        match text {
            "auto" => Some(SpeechTimeout::Auto),
            _ => u32::from_wire(text).filter(|seconds| *seconds > 0).map(SpeechTimeout::Seconds),
        }
    }
}

impl Gather {
    /// Whether keys are listened for.
    pub fn takes_keys(&self) -> bool {
        self.input.is_empty() || self.input.contains(&Input::Dtmf)
    }

    /// Whether speech is listened for.
    pub fn takes_speech(&self) -> bool {
        self.input.contains(&Input::Speech)
    }

    /// Hints from words and phrases, as many and as long as are taken, the first ones first. A comma within a
    /// phrase becomes a blank. `None` where nothing is left.
    pub fn hints_of<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Option<String> {
        let hints = phrases.into_iter().map(|phrase| {
            let words = phrase.split(|char: char| char == ',' || char.is_whitespace());
            words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        });
        let hints: Vec<String> = hints
            .filter(|hint| !hint.is_empty() && hint.chars().count() <= HINT_LENGTH_MAX)
            .take(HINTS_MAX)
            .collect();
        (!hints.is_empty()).then(|| hints.join(","))
    }

    /// The hints one by one, without blanks around them.
    pub fn hint_list(&self) -> impl Iterator<Item = &str> {
        let hints = self.hints.as_deref().unwrap_or_default();
        hints.split(',').map(str::trim).filter(|hint| !hint.is_empty())
    }
}

/// What attributes say together.
fn check(mut gather: Gather, _: &xml::Element, reading: &mut Reading) -> Option<Gather> {
    if gather.hint_list().count() > HINTS_MAX
        || gather.hint_list().any(|hint| hint.chars().count() > HINT_LENGTH_MAX)
    {
        reading.warn(13330, "<Gather> has too many hints, or too long ones".to_owned());
        gather.hints = None;
    }
    let is_multilingual = gather.speech_model.as_ref().is_some_and(SpeechModel::is_multilingual);
    if gather.language.is_some_and(|language| language.as_str() == "multi") && !is_multilingual {
        reading.warn(13331, "<Gather> hears several languages with deepgram_nova-3 alone".to_owned());
        gather.language = None;
    }
    if gather.speech_model.is_some() && gather.speech_timeout == Some(SpeechTimeout::Auto) {
        reading.warn(13335, "<Gather> needs a number for speechTimeout where it names a model".to_owned());
        gather.speech_timeout = None;
    }
    Some(gather)
}

fn finish_on_key_code(value: &str, _: &Reading) -> u32 {
    if value.chars().count() > 1 { 13311 } else { 13310 }
}
