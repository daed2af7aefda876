//! Verbs that make a sound or none: `<Say>`, `<Play>`, `<Pause>`.

use super::key::Tones;
use super::part::{UNKNOWN, part};
use super::reading::Reading;
use super::ssml::Spoken;
use crate::voice::{SayLanguage, Voice};
use crate::xml;

/// The most times that a `<Say>` or `<Play>` is repeated, and what 0 stands for.
pub const LOOPS_MAX: u32 = 1000;

part! {
    /// Speak.
    pub struct Say = "Say" {
        /// The voice; that of the account unless given.
        pub voice: Option<Voice> = "voice" or_by voice_code,
        /// The language; that of the voice unless given.
        pub language: Option<SayLanguage> = "language" or 13512,
        /// How often, 1 unless given; 0 stands for 1000 times, or until the call ends.
        pub loop_count: Option<u32> = "loop" in 0..=1000 or_by say_loop_code,
    }
    mixed
    /// What is said.
    content
    check check_say
}

part! {
    /// Play audio, or tones.
    pub struct Play = "Play" {
        /// Tones to play instead of audio.
        pub digits: Option<Tones> = "digits",
        /// How often, 1 unless given; 0 stands for 1000 times.
        pub loop_count: Option<u32> = "loop" in 0..=1000 or 13410,
    }
    text
    /// The address of the audio, relative to the document's; empty where there are tones.
    url
    check check_play
}

part! {
    /// Wait.
    pub struct Pause = "Pause" {
        /// How long, 1 second unless given.
        pub length_s: Option<u32> = "length" or 13910,
    }
}

impl Say {
    /// Says a text in the account's voice.
    pub fn text(text: impl Into<String>) -> Say {
        Say { content: vec![Spoken::Text(text.into())], ..Say::default() }
    }

    /// The text without its tags, as the limits count it.
    pub fn plain_text(&self) -> String {
        let mut text = String::new();
        Spoken::push_plain(&self.content, &mut text);
        text
    }

    /// What a person hears: abbreviations as what they stand for, and one blank between words.
    pub fn heard_text(&self) -> String {
        let mut text = String::new();
        Spoken::push_heard(&self.content, &mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether anything in it is a tag of SSML.
    pub fn has_ssml(&self) -> bool {
        self.content.iter().any(|piece| matches!(piece, Spoken::Tag(_)))
    }

    /// How often it is said.
    pub fn times(&self) -> u32 {
        times(self.loop_count)
    }

    /// The same, if it can be said at all; what is wrong is noted.
    pub(super) fn checked(self, reading: &mut Reading) -> Option<Say> {
        let text = self.plain_text();
        if text.trim().is_empty() && !self.has_ssml() {
            reading.warn(13520, "<Say> has no text".to_owned());
            return None;
        }
        let voice = self.voice.clone().unwrap_or_else(Voice::man);
        if !voice.can_speak(&text) {
            let length = text.chars().count();
            reading.warn(13521, format!("<Say> has {length} characters, more than its voice speaks"));
            return None;
        }
        if let (Some(voice), Some(language)) = (&self.voice, self.language)
            && !voice.speaks(language)
        {
            reading.warn(13512, format!("<Say> has a voice, {voice}, that does not speak {language}"));
        }
        Some(self)
    }
}

impl Play {
    /// Plays the audio at an address.
    pub fn url(url: impl Into<String>) -> Play {
        Play { url: url.into(), ..Play::default() }
    }

    /// How often it is played.
    pub fn times(&self) -> u32 {
        times(self.loop_count)
    }
}

impl Pause {
    /// Waits for so many seconds.
    pub fn seconds(length_s: u32) -> Pause {
        Pause { length_s: Some(length_s) }
    }
}

fn times(loop_count: Option<u32>) -> u32 {
    match loop_count {
        None => 1,
        Some(0) => LOOPS_MAX,
        Some(count) => count,
    }
}

fn check_say(say: Say, _: &xml::Element, reading: &mut Reading) -> Option<Say> {
    say.checked(reading)
}

fn check_play(play: Play, _: &xml::Element, reading: &mut Reading) -> Option<Play> {
    if play.url.is_empty() && play.digits.is_none() {
        reading.warn(UNKNOWN, "<Play> has neither an address nor digits".to_owned());
        return None;
    }
    Some(play)
}

fn voice_code(_: &str, reading: &Reading) -> u32 {
    if reading.parent() == Some("Gather") { 13321 } else { 13511 }
}

fn say_loop_code(_: &str, reading: &Reading) -> u32 {
    if reading.parent() == Some("Gather") { 13322 } else { 13510 }
}
