//! The words of a time with what they mean.

use super::super::language::{Language, Locale, word_list};
use super::super::number::{self, Order, Said};
use super::super::phrase::Phrases;
use super::super::token::{self, Kind, Token};
use std::sync::LazyLock;

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Am,
    /// The hours between night and noon, of which twelve is none.
    Morning,
    /// The hours after midnight.
    Early,
    Pm,
    Day,
    Afternoon,
    Evening,
    Night,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Part(Part),
    Noon,
    Midnight,
    Hour,
    Minutes,
    HalfPast,
    Half,
    /// Half an hour before the hour that follows: `halb drei`.
    HalfBefore,
    ThreeQuarters,
    Quarter,
    Past,
    To,
    And,
    Less,
    In,
    Open,
    Neutral,
    /// The mark in `14:30`.
    Colon,
    Number(Said),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) sense: Sense,
    pub(super) from: usize,
    pub(super) to: usize,
}

const SENSES: &[(&str, Sense)] = &[
    ("am", Sense::Part(Part::Am)),
    ("morning", Sense::Part(Part::Morning)),
    ("early", Sense::Part(Part::Early)),
    ("pm", Sense::Part(Part::Pm)),
    ("day", Sense::Part(Part::Day)),
    ("afternoon", Sense::Part(Part::Afternoon)),
    ("evening", Sense::Part(Part::Evening)),
    ("night", Sense::Part(Part::Night)),
    ("noon", Sense::Noon),
    ("midnight", Sense::Midnight),
    ("hour", Sense::Hour),
    ("minutes", Sense::Minutes),
    ("half past", Sense::HalfPast),
    ("half", Sense::Half),
    ("half before", Sense::HalfBefore),
    ("three quarters", Sense::ThreeQuarters),
    ("quarter", Sense::Quarter),
    ("past", Sense::Past),
    ("to", Sense::To),
    ("and", Sense::And),
    ("less", Sense::Less),
    ("in", Sense::In),
    ("open", Sense::Open),
    ("neutral", Sense::Neutral),
];

static TABLES: LazyLock<[Phrases<Sense>; 5]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let list = word_list!(language);
        Phrases::of_sections(language, list, SENSES)
    })
});

/// The part of the day that a question names: "What time in the afternoon suits you?"
pub(super) fn part_of_question(question: Option<&str>, locale: &Locale) -> Option<Part> {
    let tokens = token::tokens(question.unwrap_or(""), locale.language);
    let found = TABLES[locale.language.index()].all(&tokens);
    let mut parts = found.iter().filter_map(|phrase| match phrase.sense {
        Sense::Part(part) => Some(part),
        _ => None,
    });
    let first = parts.next()?;
    parts.all(|part| part == first).then_some(first)
}

/// The phrases of an answer and the numbers between them, from left to right; other words are left out.
pub(super) fn pieces(tokens: &[Token], locale: &Locale) -> Vec<Piece> {
    let found = TABLES[locale.language.index()].all(tokens);
    // What may also stand inside a number is given to the number first: "treinta y cinco".
    let claims = |sense: Sense| !matches!(sense, Sense::And | Sense::Less | Sense::Hour);
    let is_free = |at: usize| {
        !found.iter().any(|phrase| claims(phrase.sense) && (phrase.from..phrase.to).contains(&at))
    };
    let numbers: Vec<Said> = split_clocks(tokens, &number::whole_numbers(tokens, locale, is_free));
    let numbers: Vec<Said> = numbers.into_iter().filter(|said| !counts_people(tokens, said)).collect();
    let is_number = |at: usize| numbers.iter().any(|said| (said.from..said.to).contains(&at));
    let mut pieces: Vec<Piece> = found
        .iter()
        .filter(|phrase| phrase.sense != Sense::Neutral && !is_number(phrase.from))
        .map(|phrase| Piece { sense: phrase.sense, from: phrase.from, to: phrase.to })
        .collect();
    pieces.extend(numbers.iter().map(|said| Piece {
        sense: Sense::Number(*said),
        from: said.from,
        to: said.to,
    }));
    pieces.extend(colons(tokens));
    pieces.extend(dotted(tokens));
    pieces.extend(ranges(tokens, &numbers));
    pieces.sort_by_key(|piece| piece.from);
    pieces
}

/// `twenty thirty for four people`: who comes, not when.
fn counts_people(tokens: &[Token], said: &Said) -> bool {
    const PEOPLE: &[&str] = &[
        "people",
        "persons",
        "guests",
        "personen",
        "leute",
        "personnes",
        "personas",
        "adultos",
        "erwachsene",
    ];
    tokens.get(said.to).is_some_and(|token| PEOPLE.contains(&token.text.as_str()))
}

/// An article counts no hours but one: `la una`, `une heure`, `ein Uhr`.
fn split_clocks(tokens: &[Token], numbers: &[Said]) -> Vec<Said> {
    let is_hour = |said: &&Said| {
        said.order != Order::Article
            || tokens[said.from].is_word("una")
            || tokens[said.from].is_word("une")
            || tokens[said.from].is_word("ein")
    };
    numbers.iter().filter(is_hour).copied().collect()
}

fn colons(tokens: &[Token]) -> impl Iterator<Item = Piece> + '_ {
    tokens.iter().enumerate().filter(|(_, token)| token.is_sign(':')).map(|(at, _)| Piece {
        sense: Sense::Colon,
        from: at,
        to: at + 1,
    })
}

/// `14-16 Uhr`, `de dix à onze heures`, `ten, eleven`: no single time.
fn ranges(tokens: &[Token], numbers: &[Said]) -> Vec<Piece> {
    let parts = |token: &Token| token.is_sign('-') || token.is_pause() || token.is_word("a");
    let pairs = numbers
        .windows(2)
        .filter(|pair| pair[1].from == pair[0].to + 1 && tokens.get(pair[0].to).is_some_and(parts));
    pairs.map(|pair| Piece { sense: Sense::Open, from: pair[0].to, to: pair[0].to + 1 }).collect()
}

/// `14.30` is one numeral to the tokens: its two halves are hour and minute.
fn dotted(tokens: &[Token]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Numeral) {
        let Some((hour, minute)) = token.text.split_once('.') else { continue };
        let (Ok(hour_value), Ok(minute_value)) = (hour.parse(), minute.parse()) else { continue };
        if hour.len() > 2 || minute.len() != 2 {
            continue;
        }
        let said = |value, digits| {
            Sense::Number(Said { value, order: Order::Cardinal, digits, from: at, to: at + 1 })
        };
        let digits = if hour.len() == 2 { 2 } else { 1 };
        pieces.push(Piece { sense: said(hour_value, digits), from: at, to: at });
        pieces.push(Piece { sense: Sense::Colon, from: at, to: at });
        pieces.push(Piece { sense: said(minute_value, 2), from: at, to: at + 1 });
    }
    pieces
}
