//! Making a model's text one that can be spoken: without marks of layout, and with codes, numbers of telephones and
//! addresses said in a way that people can follow.

use super::Tongue;
use regex::{Captures, Regex};
use std::sync::LazyLock;

static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[([^\]]+)\]\([^)\s]+\)"));
static MARKS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^\s*(?:#{1,6}|[-*+•>]|\d{1,2}[.)])\s+|[*_`~]{1,3}|\|"));
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b([A-Za-z0-9._%+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\b"));
static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:https?://)?(?:www\.)?((?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|de|es|fr|co\.uk|uk|mx|eu|info|app|dev|shop))((?:/[A-Za-z0-9._~-]*[A-Za-z0-9])*)/?",
    )
});
static DIGITS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\+?\d[\d ()-]{4,}\d|\b[A-Z0-9]{5,}\b"));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// The words for `@`, `.`, `/`, `-` and `_` in addresses.
fn words(language: &str) -> [&'static str; 5] {
    match Tongue::of(language) {
        Some(Tongue::Spanish) => ["arroba", "punto", "barra", "guion", "guion bajo"],
        Some(Tongue::French) => ["arobase", "point", "slash", "tiret", "tiret bas"],
        Some(Tongue::German) => ["at", "Punkt", "Schrägstrich", "Bindestrich", "Unterstrich"],
        Some(Tongue::English) | None => ["at", "dot", "slash", "dash", "underscore"],
    }
}

/// The text as it is handed to speech. Nothing is left of one that was all layout.
pub fn spoken(text: &str, language: &str) -> String {
    let text = LINK.replace_all(text, "$1");
    let marked = EMAIL.replace_all(&text, |found: &Captures<'_>| {
        let [at, ..] = words(language);
        format!("{} {at} {}", address(&found[1], language), address(&found[2], language))
    });
    let plain = URL.replace_all(&marked, |found: &Captures<'_>| {
        let [.., slash, _, _] = words(language);
        let path: Vec<String> =
            found[2].split('/').filter(|part| !part.is_empty()).map(|part| address(part, language)).collect();
        let mut said = address(&found[1], language);
        for part in path {
            said = format!("{said} {slash} {part}");
        }
        said
    });
    let plain = MARKS.replace_all(&plain, "");
    let plain = DIGITS.replace_all(&plain, |found: &Captures<'_>| digits(&found[0]));
    let said: String = plain.chars().filter(|c| !is_emoji(*c)).collect();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The whole words at the beginning of a text that are spoken as they stand, whatever follows them.
pub fn settled(text: &str) -> &str {
    let text = text.trim_start();
    let plain = text.split_inclusive(' ').take_while(|word| word.strip_suffix(' ').is_some_and(is_plain));
    text[..plain.map(str::len).sum()].trim_end()
}

/// A word that is no part of a layout, an address or a number, and ends no sentence.
fn is_plain(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', ':']);
    word.starts_with(char::is_alphabetic)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

/// Part of an address, word for word.
fn address(part: &str, language: &str) -> String {
    let [_, dot, slash, dash, underscore] = words(language);
    let mut said = String::with_capacity(part.len() * 2);
    for c in part.chars() {
        match c {
            '.' => said.push_str(&format!(" {dot} ")),
            '/' => said.push_str(&format!(" {slash} ")),
            '-' => said.push_str(&format!(" {dash} ")),
            '_' => said.push_str(&format!(" {underscore} ")),
            c => said.push(c),
        }
    }
    said
}

/// A code or a telephone number, character by character in its groups as written, else in groups of three or four,
/// with a pause between groups.
/// What counts something, such as a year or an amount, stays.
fn digits(text: &str) -> String {
    let characters: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits = characters.iter().filter(|c| c.is_ascii_digit()).count();
    let is_word = digits == 0;
    let is_code = digits < characters.len();
    if is_word || (digits < 5 && !is_code) {
        return text.to_owned();
    }
    let plus = if text.starts_with('+') { "+ " } else { "" };
    let trailing = if text.ends_with(char::is_whitespace) { " " } else { "" };
    let mut groups: Vec<Vec<char>> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|group| !group.is_empty())
        .map(|group| group.chars().collect())
        .collect();
    if groups.len() == 1 {
        groups = characters.chunks(group_of(characters.len())).map(<[char]>::to_vec).collect();
    }
    let groups: Vec<String> =
        groups.iter().map(|group| group.iter().map(char::to_string).collect::<Vec<_>>().join(" ")).collect();
    format!("{plus}{}{trailing}", groups.join(", "))
}

/// The size of groups that leaves no character alone.
fn group_of(length: usize) -> usize {
    if length.is_multiple_of(3) || length % 3 == 2 { 3 } else { 4 }
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1f000..=0x1faff | 0x2600..=0x27bf | 0x2b00..=0x2bff | 0xfe0f | 0x200d | 0x2190..=0x21ff)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However far a text has come, what is settled of it is the beginning of what is spoken in the end.
    #[test]
    fn what_is_settled_stays() {
        for (text, settled_of_it) in [
            ("It is half past nine. Is there anything else?", "It is half past"),
            (" Well, let me see: the shop-window isn't", "Well, let me see: the shop-window"),
            ("Write to ann.lee@example.com now", "Write to"),
            ("Your code is 482913 today", "Your code is"),
            ("**Great** news for you", ""),
            ("See [our page](https://example.com/help) for more", "See"),
            ("- first point of all", ""),
            ("Two steps:\n1. Open the door", "Two"),
            ("Two  blanks here", "Two"),
            ("Ça va très bien, n’est-ce pas ?", "Ça va très bien, n’est-ce pas"),
            ("Wait… what is", ""),
        ] {
            assert_eq!(settled(text), settled_of_it, "{text}");
            for (at, _) in text.char_indices() {
                let settled = settled(&text[..at]);
                assert!(spoken(text, "en-US").starts_with(settled), "{settled:?} of {text}");
            }
        }
    }

    #[test]
    fn a_text_becomes_one_that_can_be_spoken() {
        for (language, text, said) in [
            ("en-US", "**Great!** Your table is set 🎉.", "Great! Your table is set ."),
            ("en-US", "# Hours\n- Monday: 9 to 5\n- Tuesday", "Hours Monday: 9 to 5 Tuesday"),
            ("en-US", "See [our page](https://example.com/help).", "See our page."),
            ("en-US", "Write to ann.lee@example.com.", "Write to ann dot lee at example dot com."),
            ("de-DE", "Mail an ann-lee@example.com", "Mail an ann Bindestrich lee at example Punkt com"),
            ("es-MX", "Visite https://www.example.com/ayuda.", "Visite example punto com barra ayuda."),
            ("en-US", "Your code is 482913.", "Your code is 4 8 2, 9 1 3."),
            ("en-US", "Call +1 555 123 4567 now.", "Call + 1, 5 5 5, 1 2 3, 4 5 6 7 now."),
            ("en-US", "Order AB12345 is ready.", "Order A B 1 2, 3 4 5 is ready."),
            ("en-US", "It costs 1500 dollars in 2026.", "It costs 1500 dollars in 2026."),
            ("en-US", "HELLO there", "HELLO there"),
            ("en-US", "🎉", ""),
        ] {
            assert_eq!(spoken(text, language), said, "{text}");
        }
    }
}
