//! Hints at how a word of an address is written: `Schmitt mit doppel t`, `Anna with two n's`, `Dupont avec un t`.

use super::parts::Part;

/// Letters that are said as one word.
pub(super) const PAIRS: &[&str] =
    &["dt", "ai", "ei", "ay", "ey", "ie", "ck", "th", "ph", "tz", "ss", "tt", "nn", "mm"];
/// Pairs that sound alike.
const ALIKE: &[&[&str]] = &[&["ei", "ai", "ey", "ay"]];
/// Letters that end a word in the same sound.
const ALIKE_AT_END: &[(char, char)] = &[('t', 'd'), ('s', 'z'), ('c', 'k'), ('i', 'y')];

/// What follows a "with".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// Leads to a number that is part of the address.
    Nothing,
    Letters {
        letters: String,
        is_twice: bool,
        is_at_end: bool,
    },
}

impl Hint {
    /// Writes the word as the hint says.
    ///
    /// # Errors
    /// Where the hint does not fit the word in exactly one way.
    pub(super) fn apply(&self, part: Option<&mut Part>) -> Result<(), String> {
        let Hint::Letters { letters, is_twice, is_at_end } = self else { return Ok(()) };
        let unclear = || "Nobody can tell how the word before the hint is written.".to_owned();
        let Some(Part::Text(word)) = part else { return Err(unclear()) };
        let wanted = if *is_twice { letters.repeat(2) } else { letters.clone() };
        *word = match (*is_twice, *is_at_end) {
            (_, true) => ended(word, letters, &wanted),
            (true, false) => doubled(word, letters, &wanted).ok_or_else(unclear)?,
            (false, false) => with(word, letters).ok_or_else(unclear)?,
        };
        Ok(())
    }
}

/// The word with the letters at its end.
fn ended(word: &str, letters: &str, wanted: &str) -> String {
    if word.ends_with(wanted) {
        return word.to_owned();
    }
    if wanted != letters && word.ends_with(letters) {
        return format!("{word}{letters}");
    }
    let last = word.chars().last().unwrap_or(' ');
    let new = letters.chars().next().unwrap_or(' ');
    let is_alike = ALIKE_AT_END.iter().any(|(a, b)| (*a, *b) == (last, new) || (*b, *a) == (last, new));
    if is_alike && letters.chars().count() == 1 {
        return format!("{}{wanted}", &word[..word.len() - last.len_utf8()]);
    }
    format!("{word}{wanted}")
}

/// The word with its one such letter twice.
fn doubled(word: &str, letter: &str, wanted: &str) -> Option<String> {
    match (word.contains(wanted), word.matches(letter).count()) {
        (true, _) => Some(word.to_owned()),
        (false, 1) => Some(word.replacen(letter, wanted, 1)),
        _ => None,
    }
}

/// The word with these letters: it has them, or others that sound like them.
fn with(word: &str, letters: &str) -> Option<String> {
    if word.contains(letters) {
        return Some(word.to_owned());
    }
    let alike = ALIKE.iter().find(|alike| alike.contains(&letters))?;
    let mut found = alike.iter().filter(|other| word.matches(**other).count() == 1);
    let (other, None) = (found.next()?, found.next()) else { return None };
    Some(word.replacen(other, letters, 1))
}
