//! The words of a time with what they mean.

use super::super::language::{ByLanguage, Locale, word_list};
use super::super::number::{self, Order, Said};
use super::super::phrase::{Found, Phrases};
use super::super::token::{self, Kind, Token};
use super::beside;

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
    /// Other words between two numbers, which are no hour and minutes then.
    Gap,
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

static TABLES: ByLanguage<Phrases<Sense>> = ByLanguage::new(|language| {
    let list = word_list!(language);
    Phrases::of_sections(language, list, SENSES)
});

/// The part of the day that a question names: "What time in the afternoon suits you?"
pub(super) fn part_of_question(question: Option<&str>, locale: &Locale) -> Option<Part> {
    let tokens = token::tokens(question.unwrap_or(""), locale.language);
    let found = TABLES.of(locale.language).all(&tokens);
    let mut parts = found.iter().filter_map(|phrase| match phrase.sense {
        Sense::Part(part) => Some(part),
        _ => None,
    });
    let first = parts.next()?;
    parts.all(|part| part == first).then_some(first)
}

/// The phrases of an answer and the numbers between them, from left to right; other words are left out.
pub(super) fn pieces(tokens: &[Token], locale: &Locale) -> Vec<Piece> {
    let found = TABLES.of(locale.language).all(tokens);
    // What may also stand inside a number is given to the number first: "treinta y cinco".
    let claims = |sense: Sense| !matches!(sense, Sense::And | Sense::Less | Sense::Hour);
    let is_free = |at: usize| {
        !found.iter().any(|phrase| claims(phrase.sense) && (phrase.from..phrase.to).contains(&at))
    };
    let all: Vec<Said> = split_clocks(tokens, &number::whole_numbers(tokens, locale, is_free), &found);
    let (others, numbers) = beside::part(tokens, &all, &found, locale);
    let is_number = |at: usize| all.iter().any(|said| (said.from..said.to).contains(&at));
    // "Para cuatro personas" has no "to" before an hour.
    let leads_to_other = |phrase: &Found<Sense>| {
        matches!(phrase.sense, Sense::To | Sense::And | Sense::In)
            && others.iter().any(|other| other.from == phrase.to || other.to == phrase.from)
    };
    let mut pieces: Vec<Piece> = found
        .iter()
        .filter(|phrase| phrase.sense != Sense::Neutral && !is_number(phrase.from) && !leads_to_other(phrase))
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
    pieces.extend(gaps(tokens, &numbers, &found, &others));
    pieces.sort_by_key(|piece| piece.from);
    joining_nothing(&mut pieces, tokens);
    pieces
}

/// `ten am for my train at eleven`: words between two numbers make two times of them.
fn gaps(tokens: &[Token], numbers: &[Said], found: &[Found<Sense>], others: &[Said]) -> Vec<Piece> {
    let is_known = |at: usize| {
        let is_other = || others.iter().any(|other| (other.from..other.to).contains(&at));
        found.iter().any(|phrase| (phrase.from..phrase.to).contains(&at)) || is_other()
    };
    /// Words that lead to an hour of its own, where no phrase of the clock begins with them.
    const LEADING: &[&str] = &["um", "at", "las"];
    let is_neutral = |at: usize| {
        found.iter().any(|phrase| phrase.sense == Sense::Neutral && (phrase.from..phrase.to).contains(&at))
    };
    let leads = |at: usize| LEADING.contains(&tokens[at].text.as_str()) && is_neutral(at);
    let is_gap = |at: &usize| tokens[*at].kind == Kind::Word && (!is_known(*at) || leads(*at));
    let gap = |pair: &[Said]| (pair[0].to..pair[1].from).find(is_gap);
    numbers.windows(2).filter_map(gap).map(|at| Piece { sense: Sense::Gap, from: at, to: at + 1 }).collect()
}

/// An "and" leaves open which time is meant where one stands on each of its sides: `wir sind vier und kommen um acht`.
fn joining_nothing(pieces: &mut Vec<Piece>, tokens: &[Token]) {
    let is_value = |piece: &Piece| matches!(piece.sense, Sense::Number(_) | Sense::Noon | Sense::Midnight);
    let (first, last) = (
        pieces.iter().find(|piece| is_value(piece)).map(|piece| piece.from),
        pieces.iter().rfind(|piece| is_value(piece)).map(|piece| piece.from),
    );
    pieces.retain(|piece| {
        let is_and = piece.to == piece.from + 1
            && (tokens[piece.from].is_word("and") || tokens[piece.from].is_word("und"));
        let joins =
            first.is_some_and(|first| first < piece.from) && last.is_some_and(|last| last > piece.from);
        !is_and || piece.sense != Sense::Open || joins
    });
}

/// An article counts no hours but one: `la una`, `une heure`, `ein Uhr`; but not in `una mesa`.
fn split_clocks(tokens: &[Token], numbers: &[Said], found: &[Found<Sense>]) -> Vec<Said> {
    let counts = |said: &Said| {
        let article = tokens[said.from].text.as_str();
        let next = tokens.get(said.to);
        let is_hour = found.iter().any(|phrase| phrase.from == said.to && phrase.sense == Sense::Hour);
        let goes_on = next.is_none_or(Token::is_pause)
            || found.iter().any(|phrase| phrase.from == said.to)
            || numbers.iter().any(|other| other.from == said.to);
        article == "una" && goes_on || matches!(article, "une" | "ein") && is_hour
    };
    numbers.iter().filter(|said| said.order != Order::Article || counts(said)).copied().collect()
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
