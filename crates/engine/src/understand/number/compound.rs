//! Cutting words that are written together: `dreiundzwanzigtausend`.

use super::super::language::Language;
use super::super::token::fold;
use super::word::{Grammar, Word};

/// No number that people say is longer; a longer word is none.
const WORD_BYTES_MAX: usize = 80;

/// The words that others are made of, the longest first.
pub(super) fn segments(grammar: &Grammar, language: Language) -> Vec<(String, Word)> {
    let mut segments = Vec::new();
    for (word, spellings) in grammar.words {
        let makes = matches!(
            word,
            Word::Small(_)
                | Word::Tens(_)
                | Word::Hundred
                | Word::Scale(_)
                | Word::And
                | Word::AndHalf
                | Word::Tenths(15)
                | Word::Repeat(_)
        );
        for spelling in spellings.iter().filter(|spelling| makes && !spelling.contains(' ')) {
            segments.push((fold(spelling, language).concat(), *word));
        }
    }
    // Within a compound the article is the number.
    segments.push(("ein".to_owned(), Word::Small(1)));
    segments.push(("eine".to_owned(), Word::Small(1)));
    segments.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    segments
}

/// The parts of a compound of at least two; an ending of order makes its last part an ordinal.
pub(super) fn split(word: &str, segments: &[(String, Word)]) -> Option<Vec<Word>> {
    if segments.is_empty() || word.len() > WORD_BYTES_MAX {
        return None;
    }
    if let Some(words) = cut(word, segments).filter(|words| words.len() > 1) {
        return Some(words);
    }
    ["ste", "sten", "ster", "stes", "stem"].iter().find_map(|ending| {
        let mut words = cut(word.strip_suffix(ending)?, segments)?;
        let last = words.last_mut()?;
        *last = match *last {
            Word::Tens(n) => Word::Ordinal(n.into()),
            Word::Hundred => Word::Ordinal(100),
            _ => return None,
        };
        Some(words)
    })
}

/// Fills, from the end, how each rest of the word can be cut; so the time is the length times the list.
fn cut(word: &str, segments: &[(String, Word)]) -> Option<Vec<Word>> {
    let mut from: Vec<Option<usize>> = vec![None; word.len() + 1];
    let mut is_reached = vec![false; word.len() + 1];
    is_reached[word.len()] = true;
    for at in (0..word.len()).rev().filter(|at| word.is_char_boundary(*at)) {
        from[at] = segments
            .iter()
            .position(|(text, _)| word[at..].starts_with(text.as_str()) && is_reached[at + text.len()]);
        is_reached[at] = from[at].is_some();
    }
    let mut words = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let (text, part) = &segments[from[at]?];
        words.push(*part);
        at += text.len();
    }
    Some(words)
}
