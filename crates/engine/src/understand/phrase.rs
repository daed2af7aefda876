//! Finding phrases in an answer.

use super::language::Language;
use super::token::{Kind, Token, fold};
use std::collections::HashMap;

/// Phrases with what they mean. A phrase is matched word by word; pauses between its words do not count.
pub(super) struct Phrases<T> {
    /// By first word; the longest phrase first.
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

/// A phrase that was found: what it means, and the tokens it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<T> {
    pub(super) sense: T,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl<T: Copy> Phrases<T> {
    /// From a list of ours with sections, each of which has one meaning. The meanings are in the order in which
    /// they hold where a phrase stands in several sections.
    pub(super) fn of_sections(language: Language, text: &'static str, senses: &[(&str, T)]) -> Phrases<T> {
        Phrases::with_sections(language, &[], text, senses)
    }

    /// From lists of phrases, each with one meaning, and a text with sections after them.
    pub(super) fn with_sections(
        language: Language,
        lists: &[(T, &[&str])],
        text: &'static str,
        senses: &[(&str, T)],
    ) -> Phrases<T> {
        let sections = sections(text);
        let named = |name: &str| sections.iter().find(|(section, _)| *section == name);
        let of_text = senses
            .iter()
            .filter_map(|(name, sense)| named(name).map(|(_, phrases)| (*sense, phrases.as_slice())));
        let all: Vec<(T, &[&str])> = lists.iter().copied().chain(of_text).collect();
        Phrases::new(language, &all)
    }

    /// From lists of phrases, each list with one meaning. Where a phrase stands twice the first meaning holds.
    fn new(language: Language, lists: &[(T, &[&str])]) -> Phrases<T> {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (sense, phrases) in lists {
            for phrase in *phrases {
                let mut words = fold(phrase, language);
                if words.is_empty() {
                    continue;
                }
                let first = words.remove(0);
                by_first.entry(first).or_default().push((words, *sense));
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Phrases { by_first }
    }

    /// The longest phrase that begins at a token.
    pub(super) fn at(&self, tokens: &[Token], from: usize) -> Option<Found<T>> {
        let first = tokens.get(from).filter(|token| token.kind != Kind::Pause)?;
        self.by_first.get(&first.text)?.iter().find_map(|(rest, sense)| {
            let to = end_of(tokens, from + 1, rest)?;
            Some(Found { sense: *sense, from, to })
        })
    }

    /// Every phrase that begins at a token, the longest first; one may have several meanings.
    pub(super) fn every<'a>(
        &'a self,
        tokens: &'a [Token],
        from: usize,
    ) -> impl Iterator<Item = Found<T>> + 'a {
        let first = tokens.get(from).filter(|token| token.kind != Kind::Pause);
        let phrases = first.and_then(|first| self.by_first.get(&first.text)).into_iter().flatten();
        phrases.filter_map(move |(rest, sense)| {
            Some(Found { sense: *sense, from, to: end_of(tokens, from + 1, rest)? })
        })
    }

    /// All phrases from left to right, none within another.
    pub(super) fn all(&self, tokens: &[Token]) -> Vec<Found<T>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match self.at(tokens, at) {
                Some(phrase) => {
                    at = phrase.to;
                    found.push(phrase);
                }
                None => at += 1,
            }
        }
        found
    }
}

/// The sections of a list: a name in square brackets, then phrases parted by commas and line ends. A line that
/// begins with `#` is a comment.
fn sections(text: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            sections.push((name, Vec::new()));
        } else if let Some((_, phrases)) = sections.last_mut() {
            phrases.extend(line.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()));
        }
    }
    sections
}

/// Where the words end that go on from a token, pauses passed over.
fn end_of(tokens: &[Token], mut at: usize, words: &[String]) -> Option<usize> {
    for word in words {
        while tokens.get(at).is_some_and(Token::is_pause) {
            at += 1;
        }
        if tokens.get(at)?.text != *word {
            return None;
        }
        at += 1;
    }
    Some(at)
}
