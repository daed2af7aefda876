//! Media Streams: messages over a websocket in both directions, and streams in the 2010 API.
//!
//! Audio is µ-law of 8000 samples a second in one channel: 8 bytes a millisecond.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::form::{Pairs, get};
use crate::json;
use crate::parameter::parameters;
use crate::recording::StopStatus;
use crate::sid::Sid;
use crate::voice_twiml::Track;
use crate::words::{HttpMethod, words};

/// How many bytes of audio a millisecond takes.
pub const BYTES_A_MS: usize = 8;

/// How long the audio of one message from Twilio is.
pub const FRAME_MS: usize = 20;

/// The most parameters that a stream is started with by request.
pub const PARAMETERS_MAX: usize = 99;

/// What Twilio tells a program.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum FromTwilio {
    /// The websocket is open. Always the first message.
    Connected {
        /// `Call`
        protocol: String,
        /// `1.0.0`
        version: String,
    },
    /// The stream begins. Always the second message.
    #[serde(rename_all = "camelCase")]
    Start {
        /// Which message of the stream this is, from 1.
        #[serde(serialize_with = "json::as_text")]
        sequence_number: u64,
        /// What streams.
        start: Start,
        /// The stream.
        stream_sid: String,
    },
    /// Audio.
    #[serde(rename_all = "camelCase")]
    Media {
        /// Which message of the stream this is.
        #[serde(serialize_with = "json::as_text")]
        sequence_number: u64,
        /// The audio.
        media: Media,
        /// The stream.
        stream_sid: String,
    },
    /// The caller pressed a key; only where the program speaks, too.
    #[serde(rename_all = "camelCase")]
    Dtmf {
        /// The stream.
        stream_sid: String,
        /// Which message of the stream this is.
        #[serde(serialize_with = "json::as_text")]
        sequence_number: u64,
        /// The key.
        dtmf: Dtmf,
    },
    /// The audio before a mark was played, or thrown away.
    #[serde(rename_all = "camelCase")]
    Mark {
        /// Which message of the stream this is.
        #[serde(serialize_with = "json::as_text")]
        sequence_number: u64,
        /// The stream.
        stream_sid: String,
        /// The mark.
        mark: Mark,
    },
    /// The stream has ended.
    #[serde(rename_all = "camelCase")]
    Stop {
        /// Which message of the stream this is.
        #[serde(serialize_with = "json::as_text")]
        sequence_number: u64,
        /// What streamed.
        stop: Stop,
        /// The stream.
        stream_sid: String,
    },
    /// A message that is not known here, as it came.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// What streams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Start {
    /// The account.
    pub account_sid: String,
    /// The stream.
    pub stream_sid: String,
    /// The call.
    pub call_sid: String,
    /// Which voices: `inbound`, `outbound`.
    pub tracks: Vec<String>,
    /// The `<Parameter>`s of the document.
    #[serde(deserialize_with = "json::texts")]
    pub custom_parameters: BTreeMap<String, String>,
    /// What the audio is.
    pub media_format: MediaFormat,
}

/// What audio is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaFormat {
    /// `audio/x-mulaw`
    pub encoding: String,
    /// How many samples a second has.
    #[serde(deserialize_with = "json::count_of_any_form")]
    pub sample_rate: u64,
    /// How many channels there are.
    #[serde(deserialize_with = "json::count_of_any_form")]
    pub channels: u64,
}

impl Default for MediaFormat {
    fn default() -> MediaFormat {
        MediaFormat { encoding: "audio/x-mulaw".to_owned(), sample_rate: 8000, channels: 1 }
    }
}

/// Audio of one voice. Twilio's numbers are texts; numbers are read too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// `inbound` or `outbound`.
    #[serde(default)]
    pub track: String,
    /// Which piece of the voice this is, from 1.
    #[serde(default, serialize_with = "json::as_text", deserialize_with = "json::count_of_any_form")]
    pub chunk: u64,
    /// When it was heard, in milliseconds since the stream began.
    #[serde(
        default,
        rename = "timestamp",
        serialize_with = "json::as_text",
        deserialize_with = "json::count_of_any_form"
    )]
    pub timestamp_ms: u64,
    /// The audio; Base64 on the wire.
    #[serde(with = "json::base64")]
    pub payload: Vec<u8>,
}

/// A key that was pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dtmf {
    /// `inbound_track`
    #[serde(default)]
    pub track: String,
    /// The key.
    #[serde(deserialize_with = "json::text_of_any_form")]
    pub digit: String,
}

/// A place in the audio that a program sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its name.
    pub name: String,
}

/// What streamed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Stop {
    /// The account.
    pub account_sid: String,
    /// The call.
    pub call_sid: String,
}

/// What a program tells Twilio; only where it speaks, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum ToTwilio {
    /// Play this after what waits to be played.
    #[serde(rename_all = "camelCase")]
    Media {
        /// The stream.
        stream_sid: String,
        /// The audio.
        media: Payload,
    },
    /// Tell when what was sent so far has been played.
    #[serde(rename_all = "camelCase")]
    Mark {
        /// The stream.
        stream_sid: String,
        /// The mark.
        mark: Mark,
    },
    /// Throw away what waits to be played.
    #[serde(rename_all = "camelCase")]
    Clear {
        /// The stream.
        stream_sid: String,
    },
}

/// Audio to play, of any length, without a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The audio; Base64 on the wire.
    #[serde(with = "json::base64")]
    pub payload: Vec<u8>,
}

/// Why a message was not taken. The stream goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Not a JSON object.
    #[error("the message is not a JSON object")]
    Malformed(#[source] serde_json::Error),
    /// A field is missing or of another type.
    #[error("the message is not of the documented form")]
    Field(#[source] serde_json::Error),
    /// There is no such message.
    #[error("there is no message of this kind")]
    Event,
}

impl StreamError {
    /// Twilio's code.
    pub fn code(&self) -> u32 {
        match self {
            StreamError::Malformed(_) => 31950,
            StreamError::Field(_) | StreamError::Event => 31951,
        }
    }
}

impl FromTwilio {
    /// The first message of every stream.
    pub fn connected() -> FromTwilio {
        FromTwilio::Connected { protocol: "Call".to_owned(), version: "1.0.0".to_owned() }
    }

    /// Reads a message. One that is not known is kept as it came.
    pub fn parse(message: &str) -> Result<FromTwilio, serde_json::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            #[serde(default, deserialize_with = "json::count_of_any_form")]
            sequence_number: u64,
            #[serde(default)]
            stream_sid: String,
            #[serde(default)]
            protocol: String,
            #[serde(default)]
            version: String,
            start: Option<Start>,
            media: Option<Media>,
            dtmf: Option<Dtmf>,
            mark: Option<Mark>,
            stop: Option<Stop>,
        }
        let map: Map<String, Value> = serde_json::from_str(message)?;
        let event = map.get("event").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !["connected", "start", "media", "dtmf", "mark", "stop"].contains(&event.as_str()) {
            return Ok(FromTwilio::Other(map));
        }
        let fields: Fields = serde_json::from_value(Value::Object(map.clone()))?;
        let Fields { sequence_number, stream_sid, protocol, version, .. } = fields;
        Ok(match (event.as_str(), fields.start, fields.media, fields.dtmf, fields.mark, fields.stop) {
            ("connected", ..) => FromTwilio::Connected { protocol, version },
            ("start", Some(start), ..) => FromTwilio::Start { sequence_number, start, stream_sid },
            ("media", _, Some(media), ..) => FromTwilio::Media { sequence_number, media, stream_sid },
            ("dtmf", _, _, Some(dtmf), ..) => FromTwilio::Dtmf { stream_sid, sequence_number, dtmf },
            ("mark", _, _, _, Some(mark), _) => FromTwilio::Mark { sequence_number, stream_sid, mark },
            ("stop", .., stop) => {
                FromTwilio::Stop { sequence_number, stop: stop.unwrap_or_default(), stream_sid }
            }
            _ => FromTwilio::Other(map),
        })
    }

    /// The message as text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message has texts for keys")
    }
}

impl ToTwilio {
    /// Plays audio.
    pub fn audio(stream_sid: impl Into<String>, payload: Vec<u8>) -> ToTwilio {
        ToTwilio::Media { stream_sid: stream_sid.into(), media: Payload { payload } }
    }

    /// Reads a message as strictly as Twilio does. Fields that are not known are passed over.
    pub fn parse(message: &str) -> Result<ToTwilio, StreamError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct WithMedia {
            stream_sid: String,
            media: Payload,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct WithMark {
            stream_sid: String,
            mark: Mark,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Bare {
            stream_sid: String,
        }
        let fields: Map<String, Value> = serde_json::from_str(message).map_err(StreamError::Malformed)?;
        let event = fields.get("event").and_then(Value::as_str).unwrap_or_default().to_owned();
        let fields = Value::Object(fields);
        match event.as_str() {
            "media" => serde_json::from_value(fields)
                .map(|WithMedia { stream_sid, media }| ToTwilio::Media { stream_sid, media }),
            "mark" => serde_json::from_value(fields)
                .map(|WithMark { stream_sid, mark }| ToTwilio::Mark { stream_sid, mark }),
            "clear" => {
                serde_json::from_value(fields).map(|Bare { stream_sid }| ToTwilio::Clear { stream_sid })
            }
            _ => return Err(StreamError::Event),
        }
        .map_err(StreamError::Field)
    }

    /// The message as text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message has texts for keys")
    }
}

parameters! {
    /// `POST …/Calls/{CallSid}/Streams.json`: stream a call that goes on. Its `Parameter1.Name`,
    /// `Parameter1.Value` and so on are read by [`parameters`].
    pub struct StartStream {
        /// The program's address, `wss://…`.
        pub url: String = "Url",
        /// A name to end it by.
        pub name: Option<String> = "Name",
        /// Which voices, the caller's unless given.
        pub track: Option<Track> = "Track",
        /// Where changes of the stream are told.
        pub status_callback: Option<String> = "StatusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
    }
}

parameters! {
    /// `POST …/Calls/{CallSid}/Streams/{Sid}.json`: end a stream. In the place of the SID may stand its name.
    pub struct UpdateStream {
        /// Only `stopped`.
        pub status: StopStatus = "Status",
    }
}

/// What a stream's program is told at first, from the pairs of the request that starts it.
pub fn parameters(pairs: &Pairs) -> BTreeMap<String, String> {
    let numbered = (1..=PARAMETERS_MAX).filter_map(|number| {
        let name = get(pairs, &format!("Parameter{number}.Name"))?;
        let value = get(pairs, &format!("Parameter{number}.Value")).unwrap_or_default();
        Some((name.to_owned(), value.to_owned()))
    });
    numbered.collect()
}

/// A stream in an answer of the 2010 API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// The call.
    pub call_sid: Sid,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// `MZ…`
    pub sid: Sid,
    /// Whether it runs.
    pub status: StreamStatus,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

words! {
    open
    /// Whether a stream runs.
    pub enum StreamStatus {
        /// It runs.
        InProgress = "in-progress",
        /// It has ended.
        Stopped = "stopped",
    }
}
