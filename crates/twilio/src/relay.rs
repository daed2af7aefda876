//! Messages of ConversationRelay: JSON texts over a websocket, in both directions.
//!
//! What Twilio tells is read with patience, because real traffic differs from the pages about it. What a
//! program says is read as strictly as Twilio does.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json;

/// How many messages in a row may be ones that are not known, before the websocket is closed.
pub const MALFORMED_MAX: usize = 10;

/// The code with which the websocket is closed then.
pub const MALFORMED_CLOSE_CODE: u16 = 1007;

/// The words with which the websocket is closed then.
pub const MALFORMED_CLOSE_REASON: &str = "Too many consecutive malformed messages";

/// What Twilio tells a program.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum FromTwilio {
    /// The session begins. Always the first message.
    Setup(Box<Setup>),
    /// The caller said something.
    Prompt(Prompt),
    /// The caller pressed a key.
    Dtmf {
        /// The key.
        digit: String,
    },
    /// The caller interrupted what was spoken.
    Interrupt(Interrupt),
    /// A message of the program was not taken, or something else went wrong.
    Error {
        /// What, in words.
        description: String,
    },
    /// Something else that was asked for by `events` or `debug`.
    Info(Info),
    /// A message of a type that is not known here, as it came.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// Who talks with whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Setup {
    /// The session, `VX…`.
    #[serde(deserialize_with = "json::null_as_default")]
    pub session_id: String,
    /// The account.
    #[serde(deserialize_with = "json::null_as_default")]
    pub account_sid: String,
    /// The call that made the call; empty where none did.
    #[serde(deserialize_with = "json::null_as_default")]
    pub parent_call_sid: String,
    /// The call.
    #[serde(deserialize_with = "json::null_as_default")]
    pub call_sid: String,
    /// The caller.
    #[serde(deserialize_with = "json::null_as_default")]
    pub from: String,
    /// Who was called.
    #[serde(deserialize_with = "json::null_as_default")]
    pub to: String,
    /// The number that forwarded the call; empty where none did.
    #[serde(deserialize_with = "json::null_as_default")]
    pub forwarded_from: String,
    /// `PSTN`, …
    #[serde(deserialize_with = "json::null_as_default")]
    pub call_type: String,
    /// The caller's name; empty where it was not looked up.
    #[serde(deserialize_with = "json::null_as_default")]
    pub caller_name: String,
    /// `inbound`, …
    #[serde(deserialize_with = "json::null_as_default")]
    pub direction: String,
    /// `RINGING`, …, in capital letters.
    #[serde(deserialize_with = "json::null_as_default")]
    pub call_status: String,
    /// The `<Parameter>`s of the document.
    #[serde(deserialize_with = "json::texts")]
    pub custom_parameters: BTreeMap<String, String>,
}

/// What the caller said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prompt {
    /// The words.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub voice_prompt: String,
    /// The language, `en-US`, or `en` where several are heard.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub lang: String,
    /// Whether the words stay; only with partial prompts they may not.
    #[serde(default = "yes")]
    pub last: bool,
}

fn yes() -> bool {
    true
}

/// What the caller interrupted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interrupt {
    /// The words that were spoken until then.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub utterance_until_interrupt: String,
    /// How long they were spoken, in milliseconds. Older traffic has it as a text.
    #[serde(default, deserialize_with = "json::count_of_any_form")]
    pub duration_until_interrupt_ms: u64,
}

/// Something else that happened. Its form is not documented; what is not known is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Info {
    /// `agentSpeaking`, `clientSpeaking`, `tokensPlayed`, `roundTripDelayMs`, …
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub name: String,
    /// `on`, `off`, or the words that were spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// When it happened, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ts: Option<Value>,
    /// What else there is.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What a program tells Twilio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ToTwilio {
    /// Speak.
    Text(Text),
    /// Play audio.
    Play(Play),
    /// Play tones.
    SendDigits {
        /// The tones: `0-9`, `w`, `#`, `*`.
        digits: String,
    },
    /// Speak or hear another language from now on.
    #[serde(rename_all = "camelCase")]
    Language {
        /// The language that is spoken.
        #[serde(skip_serializing_if = "Option::is_none")]
        tts_language: Option<String>,
        /// The language that is heard.
        #[serde(skip_serializing_if = "Option::is_none")]
        transcription_language: Option<String>,
    },
    /// End the session; the call goes on.
    #[serde(rename_all = "camelCase")]
    End {
        /// What the `action` of the `<Connect>` is told, usually JSON.
        #[serde(skip_serializing_if = "Option::is_none")]
        handoff_data: Option<String>,
    },
}

/// Words to speak.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// The words, with the blanks around them: they are put together as they come.
    pub token: String,
    /// Whether they are the last of what is said for now.
    #[serde(default)]
    pub last: bool,
    /// The language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Whether the caller can interrupt them; as the document says unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interruptible: Option<bool>,
    /// Whether newer words replace them; as the document says unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preemptible: Option<bool>,
}

/// Audio to play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Play {
    /// Its address.
    pub source: String,
    /// How often, 1 unless given; 0 stands for 1000 times.
    #[serde(default, rename = "loop", skip_serializing_if = "Option::is_none")]
    pub loop_count: Option<u32>,
    /// Whether newer words replace it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preemptible: Option<bool>,
    /// Whether the caller can interrupt it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interruptible: Option<bool>,
}

/// Why a message was not taken. The session goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Not a JSON object.
    #[error("the message is not a JSON object")]
    Malformed(#[source] serde_json::Error),
    /// A field is missing or of another type.
    #[error("the message is not of the documented form")]
    Field(#[source] serde_json::Error),
    /// There is no such type of message.
    #[error("there is no message of this type")]
    Type,
    /// A field has a value that is not taken.
    #[error("{field} is not what is taken: expected {expected}")]
    Value {
        /// The field.
        field: &'static str,
        /// What would have been taken.
        expected: &'static str,
    },
}

impl RelayError {
    /// Twilio's error code.
    pub const CODE: u32 = 64107;

    /// Whether it could not even be told what message it was; [`MALFORMED_MAX`] of these in a row close the
    /// websocket.
    pub fn is_malformed(&self) -> bool {
        matches!(self, RelayError::Malformed(_) | RelayError::Type)
    }

    /// What Twilio tells the program about a message that it did not take.
    pub fn told(message: &str) -> FromTwilio {
        FromTwilio::Error { description: format!("Invalid message received: {message}") }
    }
}

impl FromTwilio {
    /// Reads a message. One of an unknown type is kept as it came.
    pub fn parse(message: &str) -> Result<FromTwilio, serde_json::Error> {
        #[derive(Deserialize)]
        struct Dtmf {
            #[serde(default, deserialize_with = "json::text_of_any_form")]
            digit: String,
        }
        #[derive(Deserialize)]
        struct Error {
            #[serde(default, deserialize_with = "json::null_as_default")]
            description: String,
        }
        let fields: Map<String, Value> = serde_json::from_str(message)?;
        let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut known = fields.clone();
        known.remove("type");
        let known = Value::Object(known);
        Ok(match kind.as_str() {
            "setup" => FromTwilio::Setup(serde_json::from_value(known)?),
            "prompt" => FromTwilio::Prompt(serde_json::from_value(known)?),
            "dtmf" => FromTwilio::Dtmf { digit: serde_json::from_value::<Dtmf>(known)?.digit },
            "interrupt" => FromTwilio::Interrupt(serde_json::from_value(known)?),
            "error" => FromTwilio::Error { description: serde_json::from_value::<Error>(known)?.description },
            "info" => FromTwilio::Info(serde_json::from_value(known)?),
            _ => FromTwilio::Other(fields),
        })
    }

    /// The message as text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message has texts for keys")
    }
}

impl ToTwilio {
    /// A piece of what is said.
    pub fn text(token: impl Into<String>) -> ToTwilio {
        ToTwilio::Text(Text { token: token.into(), ..Text::default() })
    }

    /// The end of what is said, or the whole of it.
    pub fn last_text(token: impl Into<String>) -> ToTwilio {
        ToTwilio::Text(Text { token: token.into(), last: true, ..Text::default() })
    }

    /// Reads a message as strictly as Twilio does. Fields that are not known are passed over.
    pub fn parse(message: &str) -> Result<ToTwilio, RelayError> {
        let fields: Map<String, Value> = serde_json::from_str(message).map_err(RelayError::Malformed)?;
        let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let fields = Value::Object(fields);
        match kind.as_str() {
            "text" => typed(fields).map(ToTwilio::Text),
            "play" => play(typed(fields)?),
            "sendDigits" => send_digits(typed(fields)?),
            "language" => language(typed(fields)?),
            "end" => typed(fields).map(|End { handoff_data }| ToTwilio::End { handoff_data }),
            _ => Err(RelayError::Type),
        }
    }

    /// The message as text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message has texts for keys")
    }
}

fn typed<T: DeserializeOwned>(fields: Value) -> Result<T, RelayError> {
    serde_json::from_value(fields).map_err(RelayError::Field)
}

#[derive(Deserialize)]
struct Digits {
    digits: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Languages {
    tts_language: Option<String>,
    transcription_language: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    #[serde(default)]
    handoff_data: Option<String>,
}

fn play(play: Play) -> Result<ToTwilio, RelayError> {
    if play.source.starts_with("http://") || play.source.starts_with("https://") {
        return Ok(ToTwilio::Play(play));
    }
    Err(RelayError::Value { field: "source", expected: "a web address" })
}

fn send_digits(Digits { digits }: Digits) -> Result<ToTwilio, RelayError> {
    if !digits.is_empty() && digits.chars().all(|char| matches!(char, '0'..='9' | 'w' | '#' | '*')) {
        return Ok(ToTwilio::SendDigits { digits });
    }
    Err(RelayError::Value { field: "digits", expected: "0 to 9, w, # and *" })
}

fn language(languages: Languages) -> Result<ToTwilio, RelayError> {
    let Languages { tts_language, transcription_language } = languages;
    if tts_language.is_none() && transcription_language.is_none() {
        return Err(RelayError::Value { field: "ttsLanguage", expected: "at least one language" });
    }
    Ok(ToTwilio::Language { tts_language, transcription_language })
}
