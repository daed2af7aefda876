//! Hearing that somebody would rather speak another language: by their wish, or by the words that they use.

use super::Tongue;
use crate::words::fold;

/// Names of languages as people say them, in the languages that have rules here, with what they stand for.
const NAMES: &[(&str, &[&str])] = &[
    ("en", &["english", "inglés", "ingles", "anglais", "englisch"]),
    ("es", &["spanish", "español", "espanol", "castellano", "espagnol", "spanisch"]),
    ("fr", &["french", "français", "francais", "francés", "frances", "französisch", "franzoesisch"]),
    ("de", &["german", "deutsch", "alemán", "aleman", "allemand"]),
    ("it", &["italian", "italiano", "italien", "italienisch"]),
    ("pt", &["portuguese", "português", "portugués", "portugais", "portugiesisch"]),
    ("nl", &["dutch", "nederlands", "holandés", "néerlandais", "niederländisch"]),
    ("pl", &["polish", "polski", "polaco", "polonais", "polnisch"]),
];

/// What makes a name a wish: it stands right before the name, but for small words.
const ASKS: &[&str] = &[
    "speak",
    "talk",
    "in",
    "switch",
    "change",
    "prefer",
    "use",
    "habla",
    "hablar",
    "hable",
    "hablas",
    "en",
    "prefiero",
    "cambiar",
    "parlez",
    "parler",
    "parle",
    "préfère",
    "sprechen",
    "spreche",
    "sprich",
    "auf",
    "reden",
    "lieber",
];
const SMALL: &[&str] = &[
    "to", "a", "please", "by", "vous", "usted", "sie", "wir", "ich", "du", "por", "favor", "lieber", "bitte",
    "mi", "the",
];

/// Words that take a wish back, or make the name a topic.
const DENIES: &[&str] =
    &["not", "dont", "no", "ne", "pas", "nicht", "kein", "learn", "learning", "book", "course", "lesson"];

/// Longest wish, in words; a longer sentence is about something.
const WISH_WORDS_MAX: usize = 14;

/// The language among those offered that somebody asks for; nothing where it is the current one.
pub fn wished<'a>(words: &str, offered: &'a [String], current: &str) -> Option<&'a str> {
    let folded = fold(words);
    let said: Vec<&str> = folded.split(' ').collect();
    if said.len() > WISH_WORDS_MAX || said.iter().any(|word| DENIES.contains(word)) {
        return None;
    }
    let (at, language) = said.iter().enumerate().find_map(|(at, word)| {
        let known = NAMES.iter().find(|(_, names)| names.contains(word));
        known.map(|(language, _)| (at, *language))
    })?;
    let before = said[..at].iter().rev().find(|word| !SMALL.contains(word));
    let asked = before.is_some_and(|word| ASKS.contains(word));
    let alone = said.iter().all(|word| {
        SMALL.contains(word) || ASKS.contains(word) || NAMES.iter().any(|(_, names)| names.contains(word))
    });
    if !asked && !alone {
        return None;
    }
    other(offered, language, current)
}

/// The language among those offered that the words are of, where that is plain and not the current one.
pub fn detected<'a>(words: &str, offered: &'a [String], current: &str) -> Option<&'a str> {
    let folded = fold(words);
    let said: Vec<&str> = folded.split(' ').collect();
    if said.len() < 4 {
        return None;
    }
    let score = |tongue: Tongue| said.iter().filter(|word| small_words(tongue).contains(word)).count();
    let of_current = Tongue::of(current).map_or(0, score);
    let best = offered
        .iter()
        .filter_map(|tag| Some((score(Tongue::of(tag)?), tag)))
        .max_by_key(|(score, _)| *score)?;
    let (best, tag) = best;
    if best < 3 || best < of_current * 2 + 1 {
        return None;
    }
    let language = tag.split('-').next().unwrap_or_default();
    other(offered, language, current)
}

/// The offered tag of a language, unless it is the language that is spoken.
fn other<'a>(offered: &'a [String], language: &str, current: &str) -> Option<&'a str> {
    let of = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if of(current) == language {
        return None;
    }
    offered.iter().find(|tag| of(tag) == language).map(String::as_str)
}

/// The commonest words of a language that no other of these has in common use.
fn small_words(tongue: Tongue) -> &'static [&'static str] {
    match tongue {
        Tongue::English => &[
            "the", "and", "is", "are", "you", "i", "my", "to", "of", "have", "would", "like", "please",
            "with", "for", "it", "that", "this", "what", "how", "can", "do", "want", "need", "im", "id",
            "your",
        ],
        Tongue::Spanish => &[
            "el", "los", "las", "y", "que", "por", "para", "con", "una", "mi", "quiero", "quisiera",
            "necesito", "está", "cómo", "hola", "puede", "tengo", "gracias", "yo", "del", "al", "muy",
            "pero", "cita", "hablo",
        ],
        Tongue::French => &[
            "je", "vous", "le", "les", "et", "est", "pour", "avec", "une", "mon", "voudrais", "besoin",
            "bonjour", "pas", "jai", "cest", "des", "du", "suis", "mais", "merci", "pouvez", "au", "ce",
            "dans",
        ],
        Tongue::German => &[
            "ich", "der", "die", "das", "und", "ist", "sie", "mein", "meine", "möchte", "brauche", "mit",
            "für", "bitte", "nicht", "ein", "eine", "einen", "habe", "wie", "guten", "zu", "den", "auf",
            "hätte", "gern",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Vec<String> {
        ["en-US", "es-MX", "fr-FR", "de-DE"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_wish_for_another_language_is_heard() {
        for (said, current, tag) in [
            ("Can we speak Spanish please?", "en-US", Some("es-MX")),
            ("Spanish, please", "en-US", Some("es-MX")),
            ("¿Habla usted español?", "en-US", Some("es-MX")),
            ("En inglés por favor", "es-MX", Some("en-US")),
            ("Parlez-vous français ?", "en-US", Some("fr-FR")),
            ("Können wir auf Deutsch sprechen?", "en-US", Some("de-DE")),
            ("I would prefer German", "en-US", Some("de-DE")),
            ("Do you speak English?", "en-US", None),
            ("I don't speak Spanish", "en-US", None),
            ("I want to learn Spanish", "en-US", None),
            ("My husband is German", "en-US", None),
            ("Do you speak Italian?", "en-US", None),
        ] {
            assert_eq!(wished(said, &offered(), current), tag, "{said}");
        }
    }

    #[test]
    fn a_language_is_detected_where_it_is_plain() {
        for (said, current, tag) in [
            ("Hola, quiero una cita para el martes", "en-US", Some("es-MX")),
            ("Guten Tag, ich möchte einen Termin", "en-US", Some("de-DE")),
            ("Bonjour, je voudrais prendre rendez-vous avec vous", "en-US", Some("fr-FR")),
            ("I would like to book a table for two", "de-DE", Some("en-US")),
            ("I would like a table at Das Haus", "en-US", None),
            ("die hard", "en-US", None),
            ("Paris", "en-US", None),
        ] {
            assert_eq!(detected(said, &offered(), current), tag, "{said}");
        }
    }
}
