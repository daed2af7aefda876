//! The parts of a spelled address.

use super::super::language::{Language, Locale, word_list};
use super::super::number::{self, Order, Said};
use super::super::phrase::Phrases;
use super::super::token::{Kind, Token};
use super::spelling;
use std::sync::LazyLock;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    At,
    Dot,
    /// A dash, an underscore or a plus.
    Sign(char),
    /// Letters or digits.
    Text(String),
}

impl Part {
    pub(super) fn written(&self) -> String {
        match self {
            Part::At => "@".to_owned(),
            Part::Dot => ".".to_owned(),
            Part::Sign(sign) => sign.to_string(),
            Part::Text(text) => text.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sense {
    At,
    Dot,
    Sign(char),
    Repeat,
    AsIn,
    Lead,
    Case,
    Tail,
    Open,
    /// Open between words, a letter between letters: the Spanish "o".
    Loose,
    Letter(char),
}

/// The phrases inside an address, and those around it, which may have the same words.
struct Table {
    inside: Phrases<Sense>,
    lead: Phrases<Sense>,
    is: Phrases<Sense>,
    tail: Phrases<Sense>,
    /// Names that stand for letters: `Anton, Berta`.
    alphabet: Phrases<Sense>,
}

static TABLES: LazyLock<[Table; 5]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let list = word_list!(language);
        let mut senses = vec![
            ("at".to_owned(), Sense::At),
            ("dot".to_owned(), Sense::Dot),
            ("dash".to_owned(), Sense::Sign('-')),
            ("underscore".to_owned(), Sense::Sign('_')),
            ("plus".to_owned(), Sense::Sign('+')),
            ("repeat".to_owned(), Sense::Repeat),
            ("as in".to_owned(), Sense::AsIn),
            ("case".to_owned(), Sense::Case),
            ("open".to_owned(), Sense::Open),
            ("loose".to_owned(), Sense::Loose),
        ];
        senses.extend(('a'..='z').map(|letter| (format!("letter {letter}"), Sense::Letter(letter))));
        let senses: Vec<(&str, Sense)> = senses.iter().map(|(name, sense)| (name.as_str(), *sense)).collect();
        Table {
            inside: Phrases::of_sections(language, list, &senses),
            lead: Phrases::of_sections(language, list, &[("lead", Sense::Lead)]),
            is: Phrases::of_sections(language, list, &[("is", Sense::Lead)]),
            alphabet: Phrases::of_sections(language, list, &[("alphabet", Sense::Case)]),
            tail: Phrases::of_sections(language, list, &[("tail", Sense::Tail)]),
        }
    })
});

/// The parts of the address in an answer, without the words around it.
pub(super) fn parts(tokens: &[Token], locale: &Locale) -> Result<Vec<Part>, String> {
    let table = &TABLES[locale.language.index()];
    let tokens = without_tail(after_is(without_lead(tokens, table), table), table);
    if spells_by_names(tokens, table) {
        return Err("Nobody can tell whether the names stand for letters.".to_owned());
    }
    let is_letter = |at: usize| is_letter(tokens, at);
    let numbers = numbers_of(tokens, locale);
    let mut parts: Vec<Part> = Vec::new();
    let mut repeat = false;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(to) = umlaut_in_letters(tokens, at, &mut parts) {
            at = to;
            continue;
        }
        let found = table.inside.at(tokens, at);
        // Two single letters, but the number two before anything else: "deux".
        let found = found.filter(|found| found.sense != Sense::Repeat || is_letter(found.to));
        if let Some(found) = found {
            at = found.to;
            match found.sense {
                Sense::At => parts.push(Part::At),
                Sense::Dot => parts.push(Part::Dot),
                Sense::Sign(sign) => parts.push(Part::Sign(sign)),
                Sense::Repeat
                    if tokens[at].is_word("o") && numbers.iter().any(|said| said.from == at + 1) =>
                {
                    return Err("Nobody can tell whether it is a letter or a zero.".to_owned());
                }
                Sense::Repeat => repeat = true,
                Sense::AsIn => at = after_example(tokens, found.from, found.to, &mut parts)?,
                Sense::Loose if is_letter(at) || is_after_letter(&parts) => {
                    push(&mut parts, tokens[found.from].text.clone(), &mut repeat)?;
                }
                Sense::Open | Sense::Loose => return Err("The answer names no single address.".to_owned()),
                Sense::Letter(letter) => push(&mut parts, letter.to_string(), &mut repeat)?,
                Sense::Lead | Sense::Case | Sense::Tail => {}
            }
            continue;
        }
        let token = &tokens[at];
        let is_one = |said: &&Said| said.order == Order::Article && locale.language != Language::En && at > 0;
        let number =
            numbers.iter().find(|said| said.from == at && (said.order == Order::Cardinal || is_one(said)));
        if token.kind == Kind::Numeral {
            push(&mut parts, token.text.clone(), &mut repeat)?;
        } else if let Some(said) = number {
            push(&mut parts, said.value.to_string(), &mut repeat)?;
            at = said.to - 1;
        } else if token.kind == Kind::Word {
            if is_hyphenated(tokens, at) {
                return Err("Nobody can tell whether the hyphen is part of the address.".to_owned());
            }
            if token.text == "oh" {
                return Err("Nobody can tell whether it is a letter or a zero.".to_owned());
            }
            push(&mut parts, token.text.clone(), &mut repeat)?;
        } else if token.is_pause() && token.joined && token.text == "." && is_joined(tokens, at + 1) {
            parts.push(Part::Dot);
        } else if token.kind == Kind::Sign {
            sign(token, &mut parts)?;
        }
        at += 1;
    }
    Ok(spelling::once(whole_letter_name(parts, tokens)))
}

fn is_letter(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.text.chars().count() == 1)
}

/// The numbers of an address. The Spanish "y" is a letter, but for "setenta y dos".
fn numbers_of(tokens: &[Token], locale: &Locale) -> Vec<Said> {
    let joins = |at: usize| locale.language == Language::Es && tokens[at].is_word("y");
    number::whole_numbers(tokens, locale, |at| {
        !is_letter(tokens, at) || joins(at) || tokens[at].kind == Kind::Numeral
    })
}

/// `müller mit u e`: how the letter is written that has two ways.
fn umlaut_in_letters(tokens: &[Token], at: usize, parts: &mut [Part]) -> Option<usize> {
    let is_word = |ahead: usize, word: &str| tokens.get(at + ahead).is_some_and(|token| token.is_word(word));
    let Some(Part::Text(name)) = parts.last_mut() else { return None };
    let vowel = ["a", "o", "u"].into_iter().find(|vowel| {
        is_word(0, "mit")
            && (is_word(1, vowel) && is_word(2, "e") || is_word(1, &format!("{vowel}e")))
            && name.contains(vowel)
    })?;
    *name = name.replacen(vowel, &format!("{vowel}e"), 1);
    Some(at + if is_word(2, "e") && is_word(1, vowel) { 3 } else { 2 })
}

/// Nobody has an address of one letter: `zed at example dot com` is the name Zed.
fn whole_letter_name(mut parts: Vec<Part>, tokens: &[Token]) -> Vec<Part> {
    let first = tokens.iter().find(|token| !token.is_pause());
    if let ([Part::Text(letter), Part::At, ..], Some(first)) = (parts.as_slice(), first)
        && letter.len() == 1
        && first.kind == Kind::Word
        && first.text.len() > 2
    {
        parts[0] = Part::Text(first.text.clone());
    }
    parts
}

/// `Anton Berta`, one after the other: a name, or the letters A and B.
fn spells_by_names(tokens: &[Token], table: &Table) -> bool {
    let names = table.alphabet.all(tokens);
    names.windows(2).any(|pair| pair[0].to == pair[1].from)
}

fn is_after_letter(parts: &[Part]) -> bool {
    matches!(parts.last(), Some(Part::Text(text)) if text.chars().count() == 1)
}

/// `Jean-Paul`: the hyphen was dropped from between two words, which shows in that they are joined.
fn is_hyphenated(tokens: &[Token], at: usize) -> bool {
    at > 0 && tokens[at].joined && tokens[at - 1].kind == Kind::Word
}

fn is_joined(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.joined && token.kind == Kind::Word)
}

fn sign(token: &Token, parts: &mut Vec<Part>) -> Result<(), String> {
    match token.text.as_str() {
        "@" => parts.push(Part::At),
        "-" => parts.push(Part::Sign('-')),
        "_" => parts.push(Part::Sign('_')),
        "+" => parts.push(Part::Sign('+')),
        ":" => {}
        _ => return Err("A sign of the answer is in no address.".to_owned()),
    }
    Ok(())
}

/// Adds letters or digits, twice after "double".
fn push(parts: &mut Vec<Part>, text: String, repeat: &mut bool) -> Result<(), String> {
    if std::mem::take(repeat) {
        if text.chars().count() != 1 {
            return Err("Only a single letter or digit can be doubled.".to_owned());
        }
        parts.push(Part::Text(text.clone()));
    }
    parts.push(Part::Text(text));
    Ok(())
}

/// `b as in boy` is the letter; where nothing single stands before, the words are part of the address.
fn after_example(tokens: &[Token], from: usize, to: usize, parts: &mut Vec<Part>) -> Result<usize, String> {
    let letter = match parts.last() {
        Some(Part::Text(text)) if text.chars().count() == 1 => text.chars().next(),
        _ => None,
    };
    let example = tokens.get(to).filter(|token| token.kind == Kind::Word && token.text.len() > 1);
    match (letter, example) {
        (Some(letter), Some(example)) if example.text.starts_with(letter) => Ok(to + 1),
        (Some(_), Some(_)) if to - from > 1 => Err("The example begins with another letter.".to_owned()),
        _ => {
            let words = &tokens[from..to];
            if words.len() == 1 && words[0].text == "for" {
                return Err("\"for\" may be a word or a digit.".to_owned());
            }
            // The Spanish letter D is said like the word in "b de Barcelona".
            if words.len() == 1 && words[0].text == "de" && letter.is_some() {
                parts.push(Part::Text("d".to_owned()));
                return Ok(to);
            }
            parts.extend(words.iter().map(|token| Part::Text(token.text.clone())));
            Ok(to)
        }
    }
}

/// Without what leads to the address: everything up to the last "is" or the like, and fillers.
fn without_lead<'a>(tokens: &'a [Token], table: &Table) -> &'a [Token] {
    let mut at = 0;
    loop {
        while tokens.get(at).is_some_and(Token::is_pause) {
            at += 1;
        }
        match table.lead.at(tokens, at) {
            Some(found) => at = found.to,
            None => return &tokens[at.min(tokens.len())..],
        }
    }
}

/// Only what follows the last "is" before the sign: `the best one for work is …`.
fn after_is<'a>(tokens: &'a [Token], table: &Table) -> &'a [Token] {
    let sign = (0..tokens.len())
        .find(|at| table.inside.at(tokens, *at).is_some_and(|found| found.sense == Sense::At));
    let sign = sign.unwrap_or(0);
    let last = table.is.all(&tokens[..sign]).last().map(|found| found.to);
    match last {
        Some(after) => without_lead(&tokens[after..], table),
        None => tokens,
    }
}

/// Without thanks and remarks at the end.
fn without_tail<'a>(tokens: &'a [Token], table: &Table) -> &'a [Token] {
    let mut end = tokens.len();
    loop {
        while end > 0 && tokens[end - 1].is_pause() {
            end -= 1;
        }
        let start =
            (0..end).find(|at| table.tail.at(&tokens[..end], *at).is_some_and(|found| found.to == end));
        match start {
            Some(start) => end = start,
            None => return &tokens[..end],
        }
    }
}
