//! The words of a date with what they mean.

use super::super::language::{Language, Locale, word_list};
use super::super::number::{self, Order, Said};
use super::super::phrase::Phrases;
use super::super::token::{self, Token};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Month(i8),
    /// From 1, Monday.
    Weekday(i8),
    /// So many days from the call.
    Day(i16),
    Holiday(i8, i8),
    /// A holiday by month, how many-th, and day of the week.
    Counted(i8, i8, i8),
    Next,
    Coming,
    This,
    Last,
    /// So many weeks from that of the call, for a weekday in it.
    Week(i16),
    /// Seven days after what stands beside it.
    WeekLater,
    /// So many months from that of the call, for a day in it.
    MonthsAway(i16),
    /// So many years from that of the call, for a date in it.
    YearsAway(i16),
    In,
    FromToday,
    Ago,
    Half,
    Unit(Unit),
    /// Between two days, where it is not inside a number.
    And,
    /// Leaves open which day.
    Open,
    Neutral,
    Number(Said),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) sense: Sense,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What the question tells about the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clues {
    None,
    Birth,
    Past,
}

/// The day is the first of several.
#[derive(Clone, Copy)]
struct Begins;

struct Table {
    answer: Phrases<Sense>,
    question: Phrases<Clues>,
    /// Asks from when on something is: `ab wann`.
    start: Phrases<Begins>,
    /// Says that a day is the first one: `ab dem`.
    since: Phrases<Begins>,
    /// What tells of the past in the answer itself: `it was`.
    said: Phrases<Clues>,
}

static TABLES: LazyLock<[Table; 5]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let list = word_list!(language);
        let senses = senses(list);
        let named: Vec<(&str, Sense)> = senses.iter().map(|(name, sense)| (name.as_str(), *sense)).collect();
        Table {
            answer: Phrases::of_sections(language, list, &named),
            question: Phrases::of_sections(language, list, &[("birth", Clues::Birth), ("past", Clues::Past)]),
            start: Phrases::of_sections(language, list, &[("start", Begins)]),
            since: Phrases::of_sections(language, list, &[("since", Begins)]),
            said: Phrases::of_sections(language, list, &[("said past", Clues::Past)]),
        }
    })
});

/// What the sections of a list mean, by their names: `month 3`, `day -1`, `holiday 12 25`, `next`.
fn senses(list: &str) -> Vec<(String, Sense)> {
    let names = list.lines().filter_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
    let of = |name: &str| {
        let mut parts = name.split(' ');
        let kind = parts.next()?;
        let numbers: Vec<i16> = parts.clone().filter_map(|part| part.parse().ok()).collect();
        let small = |at: usize| numbers.get(at).and_then(|number| i8::try_from(*number).ok());
        Some(match (kind, parts.next()) {
            ("month", _) => Sense::Month(small(0)?),
            ("weekday", _) => Sense::Weekday(small(0)?),
            ("day", _) => Sense::Day(*numbers.first()?),
            ("counted", _) => Sense::Counted(small(0)?, small(1)?, small(2)?),
            ("holiday", _) => Sense::Holiday(small(0)?, small(1)?),
            ("months", _) => Sense::MonthsAway(*numbers.first()?),
            ("years", _) => Sense::YearsAway(*numbers.first()?),
            ("unit", Some("day")) => Sense::Unit(Unit::Day),
            ("unit", Some("week")) => Sense::Unit(Unit::Week),
            ("unit", Some("month")) => Sense::Unit(Unit::Month),
            ("unit", Some("year")) => Sense::Unit(Unit::Year),
            ("next", _) => Sense::Next,
            ("coming", _) => Sense::Coming,
            ("this", _) => Sense::This,
            ("last", _) => Sense::Last,
            ("week", Some("later")) => Sense::WeekLater,
            ("week", _) => Sense::Week(*numbers.first()?),
            ("in", _) => Sense::In,
            ("from", Some("today")) => Sense::FromToday,
            ("ago", _) => Sense::Ago,
            ("half", _) => Sense::Half,
            ("and", _) => Sense::And,
            ("open", _) => Sense::Open,
            ("neutral", _) => Sense::Neutral,
            _ => return None,
        })
    };
    names.filter_map(|name| Some((name.to_owned(), of(name)?))).collect()
}

/// What the question says about the year that is meant, or else the answer.
pub(super) fn clues(question: Option<&str>, answer: &[Token], locale: &Locale) -> Clues {
    let tokens = token::tokens(question.unwrap_or(""), locale.language);
    let found = TABLES[locale.language.index()].question.all(&tokens);
    let has = |clue: Clues| found.iter().any(|phrase| phrase.sense == clue);
    if has(Clues::Birth) {
        Clues::Birth
    } else if has(Clues::Past) || !TABLES[locale.language.index()].said.all(answer).is_empty() {
        Clues::Past
    } else {
        Clues::None
    }
}

/// Whether a phrase says that a day is the first one, where the question asks for just that: `ab dem ersten April`.
pub(super) fn begins(question: Option<&str>, phrase: &[Token], locale: &Locale) -> bool {
    let table = &TABLES[locale.language.index()];
    let asked = token::tokens(question.unwrap_or(""), locale.language);
    table.since.at(phrase, 0).is_some() && !table.start.all(&asked).is_empty()
}

/// The phrases of an answer and the numbers between them, from left to right; other words are left out.
pub(super) fn pieces(tokens: &[Token], locale: &Locale) -> Vec<Piece> {
    let found = TABLES[locale.language.index()].answer.all(tokens);
    // "And" may also stand inside a number: "two thousand and one".
    let claims = |sense: Sense| sense != Sense::And;
    let is_free = |at: usize| {
        !found.iter().any(|phrase| claims(phrase.sense) && (phrase.from..phrase.to).contains(&at))
    };
    let numbers = number::whole_numbers(tokens, locale, is_free);
    let is_number = |at: usize| numbers.iter().any(|said| (said.from..said.to).contains(&at));
    let mut pieces: Vec<Piece> = found
        .iter()
        .filter(|phrase| phrase.sense != Sense::Neutral && !is_number(phrase.from))
        .map(|phrase| Piece { sense: phrase.sense, from: phrase.from, to: phrase.to })
        .collect();
    let days = numbers.iter().filter(|said| !counts_hours(tokens, said)).map(|said| {
        let said = Said { from: begin_of(tokens, said.from), ..*said };
        Piece { sense: Sense::Number(said), from: said.from, to: said.to }
    });
    pieces.extend(days);
    pieces.sort_by_key(|piece| piece.from);
    last_not_day_after_tomorrow(&mut pieces, tokens);
    pieces
}

/// Where a day of the month begins: at its article, as in `mercredi le deux`.
fn begin_of(tokens: &[Token], from: usize) -> usize {
    const ARTICLES: &[&str] = &["le", "el", "den", "der", "dem", "the"];
    let article = from.checked_sub(1).filter(|before| ARTICLES.contains(&tokens[*before].text.as_str()));
    article.unwrap_or(from)
}

/// `Donnerstag drei Uhr`: the number is no day.
fn counts_hours(tokens: &[Token], said: &Said) -> bool {
    const HOURS: &[&str] = &["uhr", "heures", "heure", "horas", "hora", "oclock", "am", "pm", "h"];
    said.order != Order::Ordinal
        && tokens.get(said.to).is_some_and(|token| HOURS.contains(&token.text.as_str()))
}

/// The Spanish `pasado` is the day after tomorrow, but `el viernes pasado` is over.
fn last_not_day_after_tomorrow(pieces: &mut [Piece], tokens: &[Token]) {
    for at in 1..pieces.len() {
        let is_after_weekday =
            matches!(pieces[at - 1].sense, Sense::Weekday(_)) && pieces[at - 1].to == pieces[at].from;
        let is_bare = pieces[at].to - pieces[at].from == 1 && tokens[pieces[at].from].is_word("pasado");
        if is_after_weekday && is_bare {
            pieces[at].sense = Sense::Last;
        }
    }
}

/// The numbers among some pieces, without articles.
pub(super) fn numbers(pieces: &[Piece]) -> Vec<Said> {
    pieces
        .iter()
        .filter_map(|piece| match piece.sense {
            Sense::Number(said) if !matches!(said.order, Order::Article) => Some(said),
            _ => None,
        })
        .collect()
}
