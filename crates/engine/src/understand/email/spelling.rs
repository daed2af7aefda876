//! Words that are spelled out beside being said: `net, n, e, t`.

use super::parts::Part;

/// A word that is spelled in another way than it was heard may differ by so many letters.
pub(super) const LETTERS_APART_MAX: usize = 2;
/// Fewer single letters after a word are letters of the address.
const LETTERS_MIN: usize = 3;

/// The parts with what was said and spelled standing once, as it was spelled.
pub(super) fn once(parts: Vec<Part>) -> Vec<Part> {
    let mut once: Vec<Part> = Vec::with_capacity(parts.len());
    let mut at = 0;
    while at < parts.len() {
        let spelled = letters(&parts[at..]);
        let before = once.last().and_then(word).map(str::to_owned);
        let after = parts.get(at + spelled.chars().count()).and_then(word);
        let is_before = before.as_deref().is_some_and(|word| spells(word, &spelled));
        let is_after = after.is_some_and(|word| word == spelled);
        match (is_before, is_after) {
            (true, _) => {
                once.pop();
                once.push(Part::Text(spelled.clone()));
                at += spelled.chars().count();
            }
            (false, true) if spelled.chars().count() >= LETTERS_MIN => at += spelled.chars().count(),
            _ => {
                once.push(parts[at].clone());
                at += 1;
            }
        }
    }
    once
}

fn word(part: &Part) -> Option<&str> {
    match part {
        Part::Text(text) if text.chars().count() > 1 => Some(text),
        _ => None,
    }
}

/// The single letters that begin here, together.
fn letters(parts: &[Part]) -> String {
    let letter = |part: &Part| match part {
        Part::Text(text) if text.chars().count() == 1 && text.chars().all(char::is_alphabetic) => {
            Some(text.clone())
        }
        _ => None,
    };
    parts.iter().map_while(letter).collect()
}

/// Whether letters spell a word, perhaps in another way than it was written down: `smith, s, m, y, t, h`.
fn spells(word: &str, letters: &str) -> bool {
    let count = letters.chars().count();
    let is_like = count >= LETTERS_MIN
        && word.chars().next() == letters.chars().next()
        && word.chars().count().abs_diff(count) <= LETTERS_APART_MAX
        && strsim::levenshtein(word, letters) <= LETTERS_APART_MAX;
    count > 1 && word == letters || is_like
}
