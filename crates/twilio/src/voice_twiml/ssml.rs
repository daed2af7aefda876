//! What stands in a `<Say>`: words, and tags of SSML that say how to speak them.

use super::part::{OneOf, one_of, part};
use super::reading::Reading;
use super::writing::Writing;
use crate::words::words;
use crate::xml;

/// A piece of what is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Spoken {
    /// Words.
    Text(String),
    /// A tag, with what it stands around.
    Tag(Ssml),
}

one_of! {
    /// A tag of SSML.
    pub enum Ssml {
        /// A pause.
        Break(Break),
        /// Words that matter more or less.
        Emphasis(Emphasis),
        /// Words of another language.
        Lang(Lang),
        /// A paragraph.
        P(Paragraph),
        /// A word by its sounds.
        Phoneme(Phoneme),
        /// Words louder, faster or higher.
        Prosody(Prosody),
        /// A sentence.
        S(Sentence),
        /// A number, date or other thing by its kind.
        SayAs(SayAs),
        /// An abbreviation and what it stands for.
        Sub(Sub),
        /// A word by what it is in the sentence.
        W(Word),
    }
}

part! {
    /// A pause.
    pub struct Break = "break" {
        /// How long, in words.
        pub strength: Option<Strength> = "strength",
        /// How long, such as `500ms` or `2s`.
        pub time: Option<String> = "time",
    }
}

part! {
    /// Words that matter more or less.
    pub struct Emphasis = "emphasis" {
        /// How much.
        pub level: Option<EmphasisLevel> = "level",
    }
    mixed
    /// What is said so.
    content
}

part! {
    /// Words of another language.
    pub struct Lang = "lang" {
        /// The tag of the language.
        pub language: Option<String> = "xml:lang",
    }
    mixed
    /// What is said so.
    content
}

part! {
    /// A paragraph.
    pub struct Paragraph = "p" {}
    mixed
    /// What is said.
    content
}

part! {
    /// A word by its sounds.
    pub struct Phoneme = "phoneme" {
        /// How the sounds are written.
        pub alphabet: Option<Alphabet> = "alphabet",
        /// The sounds.
        pub sounds: Option<String> = "ph",
    }
    text
    /// The word as it is written.
    word
}

part! {
    /// Words louder, faster or higher.
    pub struct Prosody = "prosody" {
        /// How loud, such as `loud` or `+6dB`.
        pub volume: Option<String> = "volume",
        /// How fast, such as `slow` or `80%`.
        pub rate: Option<String> = "rate",
        /// How high, such as `low` or `+10%`.
        pub pitch: Option<String> = "pitch",
    }
    mixed
    /// What is said so.
    content
}

part! {
    /// A sentence.
    pub struct Sentence = "s" {}
    mixed
    /// What is said.
    content
}

part! {
    /// A number, date or other thing by its kind.
    pub struct SayAs = "say-as" {
        /// The kind.
        pub interpret_as: Option<InterpretAs> = "interpret-as",
        /// The order of a date's parts.
        pub format: Option<DateFormat> = "format",
    }
    text
    /// The thing as it is written.
    words
}

part! {
    /// An abbreviation and what it stands for.
    pub struct Sub = "sub" {
        /// What is said instead.
        pub alias: Option<String> = "alias",
    }
    text
    /// The abbreviation.
    words
}

part! {
    /// A word by what it is in the sentence.
    pub struct Word = "w" {
        /// What it is, such as `amazon:VB` for a verb.
        pub role: Option<String> = "role",
    }
    mixed
    /// The word.
    content
}

words! {
    /// How long a pause is.
    pub enum Strength {
        /// Not at all.
        None = "none",
        /// As after no mark.
        ExtraWeak = "x-weak",
        /// As after a comma.
        Weak = "weak",
        /// As after a comma, a little longer.
        Medium = "medium",
        /// As after a sentence.
        Strong = "strong",
        /// As after a paragraph.
        ExtraStrong = "x-strong",
    }
}

words! {
    /// How much words matter.
    pub enum EmphasisLevel {
        /// Louder and slower.
        Strong = "strong",
        /// A little louder and slower.
        Moderate = "moderate",
        /// Quieter and faster.
        Reduced = "reduced",
    }
}

words! {
    /// How sounds are written.
    pub enum Alphabet {
        /// The International Phonetic Alphabet.
        Ipa = "ipa",
        /// X-SAMPA.
        XSampa = "x-sampa",
        /// Jyutping, for Cantonese.
        Jyutping = "x-amazon-jyutping",
        /// Pinyin, for Mandarin.
        Pinyin = "x-amazon-pinyin",
        /// Katakana with accents, for Japanese.
        PronKana = "x-amazon-pron-kana",
        /// Readings, for Japanese.
        Yomigana = "x-amazon-yomigana",
    }
}

words! {
    /// The kind of a thing that is said.
    pub enum InterpretAs {
        /// One letter after the other.
        Characters = "characters",
        /// One letter after the other.
        SpellOut = "spell-out",
        /// A count.
        Cardinal = "cardinal",
        /// A number.
        Number = "number",
        /// A place in an order.
        Ordinal = "ordinal",
        /// One digit after the other.
        Digits = "digits",
        /// A fraction.
        Fraction = "fraction",
        /// A measurement.
        Unit = "unit",
        /// A date.
        Date = "date",
        /// A duration.
        Time = "time",
        /// A street address.
        Address = "address",
        /// A word that is hidden by a tone.
        Expletive = "expletive",
        /// A phone number.
        Telephone = "telephone",
    }
}

words! {
    /// The order of a date's parts.
    pub enum DateFormat {
        /// Month, day, year.
        Mdy = "mdy",
        /// Day, month, year.
        Dmy = "dmy",
        /// Year, month, day.
        Ymd = "ymd",
        /// Month, day.
        Md = "md",
        /// Day, month.
        Dm = "dm",
        /// Year, month.
        Ym = "ym",
        /// Month, year.
        My = "my",
        /// Day.
        D = "d",
        /// Month.
        M = "m",
        /// Year.
        Y = "y",
        /// Year, month and day without marks; `?` stands for what is left out.
        Yyyymmdd = "yyyymmdd",
    }
}

impl Spoken {
    /// Adds the text without the tags, as the limits count it.
    pub(super) fn push_plain(pieces: &[Spoken], out: &mut String) {
        for piece in pieces {
            match piece {
                Spoken::Text(text) => out.push_str(text),
                Spoken::Tag(tag) => match tag {
                    Ssml::Break(_) => {}
                    Ssml::Phoneme(Phoneme { word, .. }) => out.push_str(word),
                    Ssml::SayAs(SayAs { words, .. }) | Ssml::Sub(Sub { words, .. }) => out.push_str(words),
                    tag => Spoken::push_plain(tag.content(), out),
                },
            }
        }
    }

    /// Adds what a person hears: like the plain text, but with what abbreviations stand for, and with a blank
    /// where a tag parts what stands beside it.
    pub(super) fn push_heard(pieces: &[Spoken], out: &mut String) {
        for piece in pieces {
            match piece {
                Spoken::Text(text) => out.push_str(text),
                Spoken::Tag(Ssml::Break(_)) => out.push(' '),
                Spoken::Tag(Ssml::Sub(Sub { alias: Some(alias), .. })) => out.push_str(alias),
                Spoken::Tag(tag @ (Ssml::P(_) | Ssml::S(_))) => {
                    out.push(' ');
                    Spoken::push_heard(tag.content(), out);
                    out.push(' ');
                }
                Spoken::Tag(Ssml::Phoneme(_) | Ssml::SayAs(_) | Ssml::Sub(_)) => {
                    Spoken::push_plain(std::slice::from_ref(piece), out);
                }
                Spoken::Tag(tag) => Spoken::push_heard(tag.content(), out),
            }
        }
    }
}

impl Ssml {
    /// What stands in the tag, where that may be words and tags.
    fn content(&self) -> &[Spoken] {
        match self {
            Ssml::Emphasis(Emphasis { content, .. })
            | Ssml::Lang(Lang { content, .. })
            | Ssml::P(Paragraph { content })
            | Ssml::Prosody(Prosody { content, .. })
            | Ssml::S(Sentence { content })
            | Ssml::W(Word { content, .. }) => content,
            Ssml::Break(_) | Ssml::Phoneme(_) | Ssml::SayAs(_) | Ssml::Sub(_) => &[],
        }
    }
}

impl<T: Into<Ssml>> From<T> for Spoken {
    fn from(tag: T) -> Spoken {
        Spoken::Tag(tag.into())
    }
}

impl Reading {
    /// Reads words and tags in their order. A tag that may not stand there is passed over with its words.
    pub(super) fn spoken(&mut self, element: &xml::Element) -> Vec<Spoken> {
        let allowed = nesting(&element.name);
        let mut pieces = Vec::new();
        for node in &element.children {
            match node {
                // Two texts stand side by side where a tag between them was passed over.
                xml::Node::Text(text) => match pieces.last_mut() {
                    Some(Spoken::Text(before)) => before.push_str(text),
                    _ => pieces.push(Spoken::Text(text.clone())),
                },
                xml::Node::Element(child) if allowed.contains(&child.name.as_str()) => {
                    pieces.extend(Ssml::read(child, self).map(Spoken::Tag));
                }
                xml::Node::Element(child) => self.misplaced(element, child),
            }
        }
        pieces
    }
}

pub(super) fn write(pieces: &[Spoken], out: &mut Writing) {
    for piece in pieces {
        match piece {
            Spoken::Text(text) => out.text(text),
            Spoken::Tag(tag) => tag.write(out),
        }
    }
}

/// Which tags may stand in an element that holds words.
fn nesting(tag: &str) -> &'static [&'static str] {
    match tag {
        "Say" => Ssml::TAGS,
        "prosody" | "lang" => IN_PROSODY_OR_LANG,
        "p" => IN_P,
        "s" => IN_S,
        "emphasis" => IN_EMPHASIS,
        _ => IN_W,
    }
}

pub(super) const IN_PROSODY_OR_LANG: &[&str] = Ssml::TAGS;
pub(super) const IN_P: &[&str] =
    &["break", "emphasis", "lang", "phoneme", "prosody", "s", "say-as", "sub", "w"];
pub(super) const IN_S: &[&str] = &["break", "emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"];
pub(super) const IN_EMPHASIS: &[&str] = IN_S;
pub(super) const IN_W: &[&str] = &["break", "emphasis", "phoneme", "prosody", "say-as", "sub"];
