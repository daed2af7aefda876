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
/// In a longer answer a single word that sounds like one of a name proves nothing.
const WORDS_AROUND_SOUND_MAX: usize = 5;
/// What may be left out of a word without making another of it: so many letters, …
const LETTERS_DROPPED_MAX: usize = 2;
/// … from a word of so many times as many, …
const LETTERS_A_DROPPED_ONE: usize = 4;
/// … where so many are left.
const LETTERS_LEFT_MIN: usize = 5;
/// A consonant may only be left out of a word of so many letters.
const LETTERS_FOR_CONSONANT: usize = 8;
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
    if drops_letters(a, b) {
        return true;
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

/// One is the other without a letter or two, as in `wensday`: nothing else was said instead of them.
fn drops_letters(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let (short_letters, long_letters) = (short.chars().count(), long.chars().count());
    let dropped = long_letters - short_letters.min(long_letters);
    let mut rest = long.chars();
    let is_within = short.chars().all(|letter| rest.any(|other| other == letter));
    let fits = dropped > 0
        && dropped <= LETTERS_DROPPED_MAX
        && short_letters >= LETTERS_LEFT_MIN
        && long_letters >= dropped * LETTERS_A_DROPPED_ONE;
    // In a shorter word a consonant makes another word: "pedido", "perdido".
    let is_sure = long_letters >= LETTERS_FOR_CONSONANT || skeleton(short) == skeleton(long);
    fits && is_within && is_sure && short.chars().next() == long.chars().next()
}

/// The consonants of a word, doubled ones once.
fn skeleton(word: &str) -> String {
    let mut consonants: Vec<char> = word.chars().filter(|c| !"aeiouyh".contains(*c)).collect();
    consonants.dedup();
    consonants.into_iter().collect()
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
    if found.is_empty() {
        found = by_word(words, offers, locale);
    }
    match found.as_slice() {
        [] => Reading::unclear("No choice was named."),
        [(offer, heard)] => chosen(offer.choice, format!("\"{heard}\" sounds like its name.")),
        _ => Reading::unclear("The words sound like several choices."),
    }
}

/// Choices by one word that sounds like a long one of their names and like none of another choice's: `domisilio`
/// for "A domicilio".
fn by_word<'a, 'b>(
    words: &[Token],
    offers: &'a [Offer<'b>],
    locale: &Locale,
) -> Vec<(&'a Offer<'b>, String)> {
    let language = locale.language;
    let is_long = |word: &&String| word.chars().count() > LETTERS_LEFT_MIN;
    let has_like = |offer: &Offer<'_>, heard: &str| {
        offer.names.iter().flatten().filter(is_long).any(|word| alike(heard, word, language))
    };
    let is_short_answer = words.len() <= WORDS_AROUND_SOUND_MAX;
    let mut found: Vec<(&Offer<'_>, String)> = Vec::new();
    for token in words.iter().filter(|_| is_short_answer) {
        for offer in offers.iter().filter(|offer| has_like(offer, &token.text)) {
            if !found.iter().any(|(other, _)| std::ptr::eq(*other, offer)) {
                found.push((offer, token.text.clone()));
            }
        }
    }
    found
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
