//! What follows an address that is complete, and tells how a word of it is written: `lee at example dot org, lee is l e e`.

use super::super::token::{Kind, Token};
use super::hints::Hint;
use super::parts::{Part, Sense};

/// Ends of addresses after which nothing else belongs to them.
const TOPS: &[&str] = &[
    "com", "org", "net", "de", "fr", "es", "uk", "edu", "gov", "info", "ch", "eu", "mx", "ar", "us", "ca",
    "be", "io", "biz", "cl", "pe", "it", "nl",
];
/// Fewer letters spell no word.
const LETTERS_MIN: usize = 2;

/// The address and what is said behind it.
pub(super) fn cut(tokens: &[Token], sense: impl Fn(usize) -> Option<Sense>) -> (&[Token], &[Token]) {
    let sign = (0..tokens.len()).find(|at| is_sign(tokens, *at, &sense)).unwrap_or(tokens.len());
    let ends = |at: &usize| {
        let is_top = TOPS.contains(&tokens[*at].text.as_str());
        let is_dot = |at: usize| sense(at) == Some(Sense::Dot) || tokens[at].text == ".";
        let next = tokens.get(at + 1);
        let goes_on =
            next.is_some_and(|next| sense(at + 1) == Some(Sense::Dot) || next.text == "." && next.joined);
        is_top && is_dot(at - 1) && !goes_on
    };
    match (sign + 1..tokens.len()).find(ends) {
        Some(top) => tokens.split_at(top + 1),
        None => (tokens, &[]),
    }
}

fn is_sign(tokens: &[Token], at: usize, sense: &impl Fn(usize) -> Option<Sense>) -> bool {
    sense(at) == Some(Sense::At) || tokens[at].is_sign('@')
}

/// The address as what follows it says that it is written.
///
/// # Errors
/// Where that says anything else.
pub(super) fn explained(
    mut parts: Vec<Part>,
    behind: &[Token],
    hint: impl Fn(usize) -> Option<(Hint, usize)>,
    sense: impl Fn(usize) -> Option<(Sense, usize)>,
) -> Result<Vec<Part>, String> {
    const IS: &[&str] =
        &["is", "thats", "its", "that", "ist", "das", "also", "c", "est", "es", "spelled", "as", "so"];
    let other = || "Words after the address are no part of it.".to_owned();
    let mut named: Option<usize> = None;
    let mut letters = String::new();
    let mut at = 0;
    while at < behind.len() {
        let token = &behind[at];
        let text = |part: &Part| matches!(part, Part::Text(text) if *text == token.text && text.len() > 1);
        if token.is_pause() || IS.contains(&token.text.as_str()) {
            at += 1;
            continue;
        }
        match sense(at) {
            Some((Sense::With, to)) => {
                let (hint, to) = hint(to).ok_or_else(other)?;
                let part = named.unwrap_or(0);
                hint.apply(parts.get_mut(part))?;
                at = to;
            }
            Some((Sense::Letter(letter), to)) => {
                letters.push(letter);
                at = to;
            }
            Some((Sense::Case | Sense::Article, to)) => at = to,
            _ if token.kind == Kind::Word && token.text.chars().count() == 1 => {
                letters.push_str(&token.text);
                at += 1;
            }
            _ => {
                named = Some(parts.iter().position(text).ok_or_else(other)?);
                at += 1;
            }
        }
    }
    if letters.is_empty() {
        return if named.is_some() || behind.is_empty() {
            Ok(parts)
        } else {
            with_pauses(parts, behind, other)
        };
    }
    let is_like = |part: &Part| matches!(part, Part::Text(text) if text.len() > 1 && text.chars().next() == letters.chars().next());
    let place = named.or_else(|| parts.iter().position(is_like)).filter(|_| letters.len() >= LETTERS_MIN);
    let Some(Part::Text(word)) = place.and_then(|place| parts.get_mut(place)) else { return Err(other()) };
    if strsim::levenshtein(word, &letters) > super::spelling::LETTERS_APART_MAX {
        return Err("What is spelled behind the address is no word of it.".to_owned());
    }
    *word = letters;
    Ok(parts)
}

/// Nothing but pauses and small words say nothing new.
fn with_pauses(parts: Vec<Part>, behind: &[Token], other: impl Fn() -> String) -> Result<Vec<Part>, String> {
    if behind.iter().any(|token| token.kind == Kind::Word) && parts.is_empty() {
        Err(other())
    } else {
        Ok(parts)
    }
}
