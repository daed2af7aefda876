//! Long texts, cut into as many `<Say>` as their voice needs.

use super::say::Say;
use super::ssml::Spoken;
use crate::voice::{SayLanguage, TEXT_LENGTH_MAX, Voice};

impl Say {
    /// Says a text of any length: cut where a sentence ends, so that each piece is short enough for the voice.
    ///
    /// A sentence that is too long itself is cut at a comma or alike, and then between words. Only what has no
    /// blank at all for thousands of characters is cut within. Where no voice is given the pieces are short
    /// enough for every voice that the account may have. A blank text gives nothing.
    pub fn in_pieces(text: &str, voice: Option<&Voice>, language: Option<SayLanguage>) -> Vec<Say> {
        let mut pieces = Vec::new();
        pack(text, Cut::Sentences, voice, &mut pieces);
        let pieces = pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty());
        pieces
            .map(|piece| Say {
                voice: voice.cloned(),
                language,
                content: vec![Spoken::Text(piece.to_owned())],
                ..Say::default()
            })
            .collect()
    }
}

/// Where a text may be cut, the best places first.
#[derive(Clone, Copy)]
enum Cut {
    Sentences,
    Clauses,
    Words,
}

impl Cut {
    /// Whether the text may be cut between these two characters.
    fn is_between(self, before: char, after: char) -> bool {
        // Western marks are followed by a blank, or are a part of something such as 3.5; the others are not.
        match self {
            Cut::Sentences => {
                before == '\n'
                    || matches!(before, '。' | '！' | '？' | '।')
                    || matches!(before, '.' | '!' | '?' | '…') && after.is_whitespace()
            }
            Cut::Clauses => {
                matches!(before, '、' | '，' | '；')
                    || matches!(before, ',' | ';' | ':' | ')' | '–' | '—') && after.is_whitespace()
            }
            Cut::Words => before.is_whitespace() && !after.is_whitespace(),
        }
    }
}

/// Fills pieces with as much as each can hold, beginning with a new one.
fn pack(text: &str, cut: Cut, voice: Option<&Voice>, pieces: &mut Vec<String>) {
    pieces.push(String::new());
    for part in parts(text, cut) {
        let joined = format!("{}{part}", pieces.last().map_or("", String::as_str));
        if can_speak(voice, &joined) {
            pieces.pop();
            pieces.push(joined);
        } else if can_speak(voice, part) {
            pieces.push(part.to_owned());
        } else {
            match cut {
                Cut::Sentences => pack(part, Cut::Clauses, voice, pieces),
                Cut::Clauses => pack(part, Cut::Words, voice, pieces),
                Cut::Words => cut_within(part, voice, pieces),
            }
        }
    }
}

/// Cuts what has no blank, each piece as long as it can be.
fn cut_within(mut text: &str, voice: Option<&Voice>, pieces: &mut Vec<String>) {
    while !text.is_empty() {
        let ends: Vec<usize> = text.char_indices().map(|(at, char)| at + char.len_utf8()).collect();
        // Every voice speaks a single character.
        let spoken = ends.partition_point(|end| can_speak(voice, &text[..*end])).max(1);
        let (piece, rest) = text.split_at(ends[spoken - 1]);
        pieces.push(piece.to_owned());
        text = rest;
    }
}

fn parts(text: &str, cut: Cut) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, char) in text.char_indices() {
        if before.is_some_and(|before| cut.is_between(before, char)) {
            parts.push(&text[start..at]);
            start = at;
        }
        before = Some(char);
    }
    parts.push(&text[start..]);
    parts
}

fn can_speak(voice: Option<&Voice>, text: &str) -> bool {
    // Blanks at the ends are cut off in the end.
    let text = text.trim();
    match voice {
        Some(voice) => voice.can_speak(text),
        None => Voice::man().can_speak(text) && text.chars().count() <= TEXT_LENGTH_MAX,
    }
}
