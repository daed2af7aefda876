//! Choices by their sound: two words are alike where both their pronunciation and their spelling say so.
//!
//! "Billing" and "building" are spelled alike but sound different; "sales" and "souls" sound alike to an
//! algorithm that drops vowels. Where the language's pronunciation is not known, only the spelling can tell,
//! and has to be closer.

use super::super::language::{Language, Locale};
use super::super::reading::Reading;
use super::super::token::{self, Token};
use super::{Offer, chosen};
use rphonetic::{Cologne, DoubleMetaphone, Encoder as _};

/// Jaro-Winkler, where pronunciation agrees.
const SPELLING_WITH_SOUND_MIN: f64 = 0.85;
/// Damerau-Levenshtein over the length, where there is no pronunciation to ask.
const SPELLING_ALONE_MIN: f64 = 0.82;
/// The same where the consonants agree: one letter of seven may differ.
const SPELLING_BY_EAR_MIN: f64 = 0.85;
/// Shorter words are too close to too many others.
const LETTERS_MIN: usize = 4;

/// Whether a listener could take one text for the other.
pub fn sound_alike(a: &str, b: &str, language: &str) -> bool {
    let language = Language::of_tag(language);
    let (a, b) = (token::fold(a, language), token::fold(b, language));
    a == b || alike(&a.concat(), &b.concat(), language)
}

fn alike(a: &str, b: &str, language: Language) -> bool {
    if a.chars().count() < LETTERS_MIN || b.chars().count() < LETTERS_MIN {
        return false;
    }
    // The phonetic algorithms are for Latin letters, and panic inside others.
    let is_latin = [a, b].iter().all(|word| word.bytes().all(|b| b.is_ascii_alphabetic()));
    match language {
        Language::En | Language::De if !is_latin => false,
        Language::En => {
            let metaphone = DoubleMetaphone::new(Some(12));
            let (a_sound, b_sound) = (metaphone.encode(a), metaphone.encode(b));
            !a_sound.is_empty() && a_sound == b_sound && strsim::jaro_winkler(a, b) >= SPELLING_WITH_SOUND_MIN
        }
        Language::De => {
            let (a_sound, b_sound) = (Cologne.encode(a), Cologne.encode(b));
            !a_sound.is_empty() && a_sound == b_sound && strsim::jaro_winkler(a, b) >= SPELLING_WITH_SOUND_MIN
        }
        Language::Es => is_alike_by(&spanish(a), &spanish(b)),
        Language::Fr => is_alike_by(&french(a), &french(b)),
        Language::Other => is_spelled_alike(a, b),
    }
}

fn is_spelled_alike(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next() && strsim::normalized_damerau_levenshtein(a, b) >= SPELLING_ALONE_MIN
}

/// Spelled by ear, with the same consonants: "pedido" and "perdido" are a letter apart, and two words.
fn is_alike_by(a: &str, b: &str) -> bool {
    let consonants = |word: &str| word.chars().filter(|c| !"aeiouy".contains(*c)).collect::<String>();
    let is_close = strsim::normalized_damerau_levenshtein(a, b) >= SPELLING_BY_EAR_MIN;
    a == b || consonants(a) == consonants(b) && is_spelled_alike(a, b) && is_close
}

/// Spanish as it is spoken in most of America: `b` and `v`, `s` and `z`, `ll` and `y` are one, `h` is silent.
fn spanish(word: &str) -> String {
    let mut sound = word.replace("ch", "x").replace("qu", "k").replace("ll", "y").replace('h', "");
    for (pair, one) in [("ce", "se"), ("ci", "si"), ("ge", "je"), ("gi", "ji"), ("gue", "ge"), ("gui", "gi")]
    {
        sound = sound.replace(pair, one);
    }
    sound.replace('v', "b").replace('z', "s").replace('c', "k")
}

/// French by ear, roughly: what ends a word is silent, `tion` is said like `sion`, `au` like `o`.
fn french(word: &str) -> String {
    let mut sound = word.to_owned();
    let pairs = [
        ("tion", "sion"),
        ("ph", "f"),
        ("qu", "k"),
        ("eau", "o"),
        ("au", "o"),
        ("ce", "se"),
        ("ci", "si"),
        ("ch", "x"),
        ("th", "t"),
        ("ge", "je"),
        ("gi", "ji"),
        ("ss", "s"),
        ("nn", "n"),
        ("mm", "m"),
        ("ll", "l"),
        ("tt", "t"),
        ("ai", "e"),
        ("ei", "e"),
        ("en", "an"),
        ("em", "am"),
        ("h", ""),
        ("c", "k"),
        ("z", "s"),
    ];
    for (letters, one) in pairs {
        sound = sound.replace(letters, one);
    }
    sound.trim_end_matches(['s', 't', 'd', 'x', 'e']).to_owned()
}

/// The one choice whose name sounds like as many words of the answer.
pub(super) fn read(words: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Reading {
    let mut found: Vec<(&Offer<'_>, String)> = Vec::new();
    for offer in offers {
        let heard = offer.names.iter().find_map(|name| like_name(words, name, locale.language));
        if let Some(heard) = heard {
            found.push((offer, heard));
        }
    }
    match found.as_slice() {
        [] => Reading::unclear("No choice was named."),
        [(offer, heard)] => chosen(offer.choice, format!("\"{heard}\" sounds like its name.")),
        _ => Reading::unclear("The words sound like several choices."),
    }
}

/// Words that sound like a name: as many as it has, or one more or less (`tech nickel`, `technical`).
fn like_name(words: &[Token], name: &[String], language: Language) -> Option<String> {
    let wanted = name.concat();
    let lengths = name.len().saturating_sub(1).max(1)..=name.len() + 1;
    lengths.into_iter().find_map(|length| {
        words.windows(length).find_map(|window| {
            let heard: String = window.iter().map(|token| token.text.as_str()).collect();
            alike(&heard, &wanted, language).then(|| token::spelled(window))
        })
    })
}
