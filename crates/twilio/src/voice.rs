//! Voices that speak, languages that are spoken and heard, and models that hear: which there are, and which
//! go together.

pub use self::language::{GatherLanguage, SayLanguage};
pub use self::speaker::{GoogleFamily, Kind, PollyEngine, Voice};
use crate::parameter::WireText;

mod language;
mod speaker;

/// The most bytes of a text that a basic voice speaks.
pub const BASIC_BYTES_MAX: usize = 4096;

/// The most characters of a text that every other voice speaks, tags of SSML not counted.
pub const TEXT_LENGTH_MAX: usize = 3000;

/// The most characters of a text once it is URL-encoded, whatever the voice.
pub const ENCODED_LENGTH_MAX: usize = 4500;

/// What hears the speech of a `<Gather>`, such as `phone_call` or `deepgram_nova-3`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpeechModel(String);

impl SpeechModel {
    /// The models that have a name of their own. The generic ones come first: behind them Twilio may change
    /// the provider.
    pub const NAMED: &'static [&'static str] = &[
        "default",
        "numbers_and_commands",
        "phone_call",
        "experimental_conversations",
        "experimental_utterances",
        "googlev2_long",
        "googlev2_short",
        "googlev2_telephony",
        "googlev2_telephony_short",
        "deepgram_nova-2",
        "deepgram_nova-3",
    ];

    /// Reads a model's name; Deepgram's second has variants, such as `deepgram_nova-2-medical`.
    pub fn parse(text: &str) -> Option<SpeechModel> {
        let variant = text.strip_prefix("deepgram_nova-2-").is_some_and(|variant| {
            !variant.is_empty() && variant.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        (variant || SpeechModel::NAMED.contains(&text)).then(|| SpeechModel(text.to_owned()))
    }

    /// The model's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it can hear several languages in one speech.
    pub fn is_multilingual(&self) -> bool {
        self.0 == "deepgram_nova-3"
    }
}

impl WireText for SpeechModel {
    const EXPECTED: &'static str = "the name of a speech model";

    fn to_wire(&self) -> String {
        self.0.clone()
    }

    fn from_wire(text: &str) -> Option<SpeechModel> {
        SpeechModel::parse(text)
    }
}
