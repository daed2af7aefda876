//! Voices of `<Say>`.

use std::fmt;
use std::sync::LazyLock;

use super::language::SayLanguage;
use super::{BASIC_BYTES_MAX, ENCODED_LENGTH_MAX, TEXT_LENGTH_MAX};
use crate::parameter::WireText;
use crate::words::words;

/// A voice of `<Say>`, such as `woman`, `Polly.Joanna-Neural` or `Google.en-US-Chirp3-HD-Aoede`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Voice(String);

/// What makes the voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `man` and `woman`: few languages, no SSML.
    Basic,
    /// `alice`, an old name that stands for a voice of Polly.
    Alice,
    /// Amazon Polly.
    Polly(PollyEngine),
    /// Google.
    Google(GoogleFamily),
}

/// How Polly makes a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PollyEngine {
    /// A name without an end, `Polly.Joanna`.
    Standard,
    /// `Polly.Joanna-Neural`
    Neural,
    /// `Polly.Joanna-Generative`
    Generative,
}

words! {
    /// How Google makes a voice, as it stands in the voice's name.
    pub enum GoogleFamily {
        /// Named for stars.
        Chirp3Hd = "Chirp3-HD",
        /// Lettered.
        Standard = "Standard",
        /// Lettered.
        Wavenet = "Wavenet",
        /// Lettered.
        Neural2 = "Neural2",
    }
}

impl Voice {
    /// Reads a voice's name, which is case sensitive. Google's voices are known by the form of their names:
    /// language, family, and a letter or name.
    pub fn parse(name: &str) -> Option<Voice> {
        (row(name).is_some() || google(name).is_some()).then(|| Voice(name.to_owned()))
    }

    /// Every voice that is known by name: all but Google's.
    pub fn named() -> impl Iterator<Item = Voice> {
        TABLE.iter().map(|row| Voice(row.name.to_owned()))
    }

    /// The voice that speaks where a document and the account name none.
    pub fn man() -> Voice {
        Voice("man".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes it.
    pub fn kind(&self) -> Kind {
        match (row(&self.0), google(&self.0)) {
            (Some(row), _) => row.kind,
            (None, Some((_, family))) => Kind::Google(family),
            (None, None) => unreachable!("a voice is made from a known name alone"),
        }
    }

    /// The languages that it speaks, its own one first. Three of Google's languages have voices, but no tag
    /// that `<Say>` takes; their voices have none here.
    pub fn languages(&self) -> Vec<SayLanguage> {
        match (row(&self.0), google(&self.0)) {
            (Some(row), _) => row.languages.clone(),
            (None, google) => google.and_then(|(tag, _)| SayLanguage::parse(tag)).into_iter().collect(),
        }
    }

    /// Whether it can speak this language; where it cannot, the `<Say>` may fail.
    pub fn speaks(&self, language: SayLanguage) -> bool {
        self.languages().contains(&language)
    }

    /// Whether it understands the tags of SSML.
    pub fn takes_ssml(&self) -> bool {
        self.kind() != Kind::Basic
    }

    /// Whether a text, without tags, is short enough for one `<Say>`; a longer one is error 13521.
    pub fn can_speak(&self, text: &str) -> bool {
        let fits = match self.kind() {
            Kind::Basic => text.len() <= BASIC_BYTES_MAX,
            Kind::Alice | Kind::Polly(_) | Kind::Google(_) => text.chars().count() <= TEXT_LENGTH_MAX,
        };
        fits && encoded_length(text) <= ENCODED_LENGTH_MAX
    }
}

/// How many characters a text has once it is URL-encoded as a form's value.
fn encoded_length(text: &str) -> usize {
    form_urlencoded::byte_serialize(text.as_bytes()).map(str::len).sum()
}

/// One line of the table.
struct Row {
    name: &'static str,
    kind: Kind,
    languages: Vec<SayLanguage>,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let lines = include_str!("voices.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| parsed(line).unwrap_or_else(|| panic!("bad line in the table of voices: {line}")))
        .collect()
});

fn parsed(line: &'static str) -> Option<Row> {
    let (name, languages) = line.split_once('\t')?;
    let kind = match name {
        "man" | "woman" => Kind::Basic,
        "alice" => Kind::Alice,
        _ if name.ends_with("-Neural") => Kind::Polly(PollyEngine::Neural),
        _ if name.ends_with("-Generative") => Kind::Polly(PollyEngine::Generative),
        _ => Kind::Polly(PollyEngine::Standard),
    };
    let languages = languages.split(' ').map(SayLanguage::parse).collect::<Option<Vec<_>>>()?;
    Some(Row { name, kind, languages })
}

fn row(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// The language and family in the name of one of Google's voices.
fn google(name: &str) -> Option<(&'static str, GoogleFamily)> {
    let rest = name.strip_prefix("Google.")?;
    GoogleFamily::ALL.iter().find_map(|family| {
        let (language, voice) = rest.split_once(&format!("-{family}-"))?;
        let named = match family {
            GoogleFamily::Chirp3Hd => voice.len() > 1 && voice.bytes().all(|byte| byte.is_ascii_alphabetic()),
            GoogleFamily::Standard | GoogleFamily::Wavenet | GoogleFamily::Neural2 => {
                voice.len() == 1 && voice.bytes().all(|byte| byte.is_ascii_uppercase())
            }
        };
        // One language is written in two ways.
        let language = if language == "fil-ph" { "fil-PH" } else { language };
        let tag = GOOGLE_LANGUAGES.iter().find(|tag| **tag == language).filter(|_| named)?;
        Some((*tag, *family))
    })
}

const GOOGLE_LANGUAGES: &[&str] = &[
    "af-ZA", "am-ET", "ar-XA", "bg-BG", "bn-IN", "ca-ES", "cmn-CN", "cmn-TW", "cs-CZ", "da-DK", "de-DE",
    "el-GR", "en-AU", "en-GB", "en-IN", "en-US", "es-ES", "es-US", "eu-ES", "fi-FI", "fil-PH", "fr-CA",
    "fr-FR", "gl-ES", "gu-IN", "he-IL", "hi-IN", "hu-HU", "id-ID", "is-IS", "it-IT", "ja-JP", "kn-IN",
    "ko-KR", "lt-LT", "lv-LV", "ml-IN", "mr-IN", "ms-MY", "nb-NO", "nl-BE", "nl-NL", "pa-IN", "pl-PL",
    "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "sr-RS", "sv-SE", "ta-IN", "te-IN", "th-TH", "tr-TR",
    "uk-UA", "vi-VN", "yue-HK",
];

impl WireText for Voice {
    const EXPECTED: &'static str = "the name of a voice";

    fn to_wire(&self) -> String {
        self.0.clone()
    }

    fn from_wire(text: &str) -> Option<Voice> {
        Voice::parse(text)
    }
}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
