//! `<ConversationRelay>`: a websocket that takes what was heard as words, and gives words to speak.

use super::flow::Parameter;
use super::part::{one_of, part};
use crate::parameter::WireText;
use crate::words::words;

part! {
    /// A websocket that takes what was heard as words, and gives words to speak. Providers, voices and models
    /// are checked by whoever opens the session; a combination that does not exist ends it.
    pub struct ConversationRelay = "ConversationRelay" {
        /// Its address, `wss://…`.
        pub url: Option<String> = "url",
        /// What is said first.
        pub welcome_greeting: Option<String> = "welcomeGreeting",
        /// What interrupts the greeting, anything unless given.
        pub welcome_greeting_interruptible: Option<Interruption> = "welcomeGreetingInterruptible" or 64101,
        /// The language that is spoken and heard, `en-US` unless given.
        pub language: Option<String> = "language",
        /// The language that is spoken.
        pub tts_language: Option<String> = "ttsLanguage",
        /// Who speaks.
        pub tts_provider: Option<TtsProvider> = "ttsProvider" or 64101,
        /// The voice, as the provider calls it.
        pub voice: Option<String> = "voice",
        /// The language that is heard.
        pub transcription_language: Option<String> = "transcriptionLanguage",
        /// Who hears.
        pub transcription_provider: Option<TranscriptionProvider> = "transcriptionProvider" or 64101,
        /// The model that hears, as the provider calls it.
        pub speech_model: Option<String> = "speechModel",
        /// What interrupts speech, anything unless given.
        pub interruptible: Option<Interruption> = "interruptible" or 64101,
        /// How easily speech is interrupted.
        pub interrupt_sensitivity: Option<Sensitivity> = "interruptSensitivity" or 64101,
        /// Whether keys are told.
        pub dtmf_detection: Option<bool> = "dtmfDetection" or 64101,
        /// What input is told while the agent speaks, none unless given.
        pub report_input_during_agent_speech: Option<Interruption> = "reportInputDuringAgentSpeech" or 64101,
        /// Whether new words replace those that were not spoken yet.
        pub preemptible: Option<bool> = "preemptible" or 64101,
        /// Whether words such as "uh-huh" interrupt nothing.
        pub ignore_backchannel: Option<bool> = "ignoreBackchannel" or 64101,
        /// How long a silence ends speech.
        pub speech_timeout: Option<RelaySpeechTimeout> = "speechTimeout" or 64101,
        /// Whether words are told before speech ended.
        pub partial_prompts: Option<bool> = "partialPrompts" or 64101,
        /// How sure the model must be that speech ended, 0.8 unless given.
        pub eot_threshold: Option<f64> = "eotThreshold" in 0.5..=0.9 or 64101,
        /// How sure it must be to tell early that speech may have ended.
        pub eager_eot_threshold: Option<f64> = "eagerEotThreshold" in 0.3..=0.9 or 64101,
        /// Words that may be said, parted by commas.
        pub hints: Option<String> = "hints",
        /// What else is told.
        pub events: Vec<RelayEvent> = "events" or 64101,
        /// What else is told, to find mistakes.
        pub debug: Vec<RelayDebug> = "debug" or 64101,
        /// Whether ElevenLabs writes numbers out.
        pub elevenlabs_text_normalization: Option<Normalization> = "elevenlabsTextNormalization" or 64101,
        /// Whether Deepgram writes numbers and dates as such.
        pub deepgram_smart_format: Option<bool> = "deepgramSmartFormat" or 64101,
        /// Whether swear words are hidden.
        pub profanity_filter: Option<bool> = "profanityFilter" or 64101,
        /// A service that reads along.
        pub intelligence_service: Option<String> = "intelligenceService",
        /// How the conversation is kept.
        pub conversation_configuration: Option<String> = "conversationConfiguration",
        /// The conversation that it belongs to.
        pub conversation_id: Option<String> = "conversationId",
        /// Whether words are told that were heard when the caller hung up.
        pub partial_prompt_on_hangup: Option<bool> = "partialPromptOnHangup" or 64101,
        /// Whether numbers and dates are written as such, whoever hears.
        pub asr_smart_format: Option<bool> = "asrSmartFormat" or 64101,
        /// Whether numbers are written out, whoever speaks.
        pub tts_text_normalization: Option<String> = "ttsTextNormalization",
        /// The language of which numbers are written out.
        pub tts_language_text_normalization: Option<String> = "ttsLanguageTextNormalization",
        /// The same for ElevenLabs.
        pub elevenlabs_language_text_normalization: Option<String> = "elevenlabsLanguageTextNormalization",
        /// What a prompt tells besides its words.
        pub include_in_prompt: Vec<PromptPart> = "includeInPrompt" or 64101,
        /// The customer's name.
        pub customer_name: Option<String> = "customerName",
        /// Whether the websocket is opened again after it broke.
        pub application_reconnect: Option<bool> = "applicationReconnect" or 64101,
        /// Whether the agent's own words are kept out of what is heard.
        pub echo_prompt_filtering: Option<bool> = "echoPromptFiltering" or 64101,
        /// Whether the end of speech is found by its meaning.
        pub turn_detection: Option<bool> = "turnDetection" or 64101,
        /// Whether noise is taken out.
        pub background_noise_reduction: Option<bool> = "backgroundNoiseReduction" or 64101,
    }
    any case
    holds
    /// Settings of languages, and what the program is told at first.
    details: RelayDetail
}

one_of! {
    /// What stands in `<ConversationRelay>`.
    pub enum RelayDetail {
        /// Settings of one language.
        Language(Language),
        /// Something that the program is told at first.
        Parameter(Parameter),
    }
}

part! {
    /// Settings of one language, should it come to be used; what is not given is as outside.
    pub struct Language = "Language" {
        /// Its tag.
        pub code: Option<String> = "code",
        /// Who speaks it.
        pub tts_provider: Option<TtsProvider> = "ttsProvider" or 64101,
        /// The voice.
        pub voice: Option<String> = "voice",
        /// Who hears it.
        pub transcription_provider: Option<TranscriptionProvider> = "transcriptionProvider" or 64101,
        /// The model that hears.
        pub speech_model: Option<String> = "speechModel",
        /// Words that may be said, parted by commas.
        pub hints: Option<String> = "hints",
        /// Whether numbers and dates are written as such.
        pub asr_smart_format: Option<bool> = "asrSmartFormat" or 64101,
        /// Whether numbers are written out.
        pub tts_text_normalization: Option<String> = "ttsTextNormalization",
        /// The language of which numbers are written out.
        pub tts_language_text_normalization: Option<String> = "ttsLanguageTextNormalization",
    }
    any case
}

words! {
    /// What interrupts, or is told.
    pub enum Interruption {
        /// Nothing.
        None = "none" | "false",
        /// Keys.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
        /// Keys and speech.
        Any = "any" | "true",
    }
}

words! {
    /// How easily speech is interrupted.
    pub enum Sensitivity {
        /// By clear speech alone.
        Low = "low",
        /// By speech.
        Medium = "medium",
        /// By the first sound of speech.
        High = "high",
    }
}

words! {
    /// Who turns words into speech; read in any case.
    pub enum TtsProvider {
        /// Google.
        Google = "Google" | "google",
        /// Amazon.
        Amazon = "Amazon" | "amazon",
        /// ElevenLabs, unless another one is given.
        ElevenLabs = "ElevenLabs" | "elevenlabs" | "Elevenlabs" | "elevenLabs",
    }
}

words! {
    /// Who turns speech into words; read in any case.
    pub enum TranscriptionProvider {
        /// Google.
        Google = "Google" | "google",
        /// Deepgram, unless another one is given.
        Deepgram = "Deepgram" | "deepgram",
    }
}

words! {
    /// What is told besides words.
    pub enum RelayEvent {
        /// Who begins and stops to speak.
        Speaker = "speaker-events",
        /// Which words were spoken.
        TokensPlayed = "tokens-played",
    }
}

words! {
    /// What is told to find mistakes.
    pub enum RelayDebug {
        /// How long things took.
        Debugging = "debugging",
        /// Who begins and stops to speak; has moved to the events.
        Speaker = "speaker-events",
        /// Which words were spoken; has moved to the events.
        TokensPlayed = "tokens-played",
    }
}

words! {
    /// Whether numbers are written out before they are spoken.
    pub enum Normalization {
        /// They are.
        On = "on",
        /// As the provider thinks; in calls as if off.
        Auto = "auto",
        /// They are not.
        Off = "off",
    }
}

words! {
    /// What a prompt tells besides its words.
    pub enum PromptPart {
        /// How far the turn has come.
        TurnState = "turn-state",
        /// The pieces that it was heard in.
        PromptSegments = "prompt-segments",
    }
}

/// How long a silence ends speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelaySpeechTimeout {
    /// As the provider thinks.
    Auto,
    /// So many milliseconds, 600 to 5000.
    Milliseconds(u32),
}

impl WireText for RelaySpeechTimeout {
    const EXPECTED: &'static str = "auto, or 600 to 5000 milliseconds";

    fn to_wire(&self) -> String {
        match self {
            RelaySpeechTimeout::Auto => "auto".to_owned(),
            RelaySpeechTimeout::Milliseconds(time) => time.to_string(),
        }
    }

    fn from_wire(text: &str) -> Option<RelaySpeechTimeout> {
        match text {
            "auto" => Some(RelaySpeechTimeout::Auto),
            _ => {
                let time = u32::from_wire(text).filter(|time| (600..=5000).contains(time))?;
                Some(RelaySpeechTimeout::Milliseconds(time))
            }
        }
    }
}

impl ConversationRelay {
    /// A session with the program at this address.
    pub fn at(url: impl Into<String>) -> ConversationRelay {
        ConversationRelay { url: Some(url.into()), ..ConversationRelay::default() }
    }

    /// What the program is told at first, by name.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.details.iter().filter_map(|detail| match detail {
            RelayDetail::Parameter(parameter) => Some(parameter),
            RelayDetail::Language(_) => None,
        })
    }

    /// The settings of languages.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.details.iter().filter_map(|detail| match detail {
            RelayDetail::Language(language) => Some(language),
            RelayDetail::Parameter(_) => None,
        })
    }
}
