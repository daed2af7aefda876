//! Days: by date, by weekday, and relative to the day of the call.
//!
//! Where a date can be read in two ways, as `3/4/2026` where nobody knows whether the month comes first, or
//! "next Friday" on a Monday, the question is asked again.

mod numbered;
mod relative;
mod spoken;
mod words;
mod written;

use super::Asked;
use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Token};
use jiff::civil::Date;
use words::{Clues, Piece, Sense};

/// How far from the call a day may be that was said without a doubt; further away it is a mistake.
const YEARS_AWAY_MAX: i16 = 130;

/// Reads a day; the value is text like `2026-11-23`.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    let clues = words::clues(asked.question, tokens, locale);
    if let Some(reading) = written::read(tokens, asked, locale, clues) {
        return reading;
    }
    // "Around the fifteenth" is open, though "around" is no more than a filler to a number.
    let raw = words::pieces(tokens, locale);
    let keeps = |piece: &Piece| {
        is_open(piece, &raw) || matches!(piece.sense, Sense::MonthsAway(_) | Sense::YearsAway(_))
    };
    let tokens =
        if raw.iter().any(keeps) { tokens.to_vec() } else { speech::without_fillers(tokens, locale) };
    let mut pieces = without_denied(words::pieces(&tokens, locale), &tokens);
    pieces.retain(|piece| {
        piece.sense != Sense::Open || !words::begins(asked.question, &tokens[piece.from..piece.to], locale)
    });
    if let Some(open) = pieces.iter().find(|piece| is_open(piece, &pieces)) {
        let said = token::spelled(&tokens[open.from..open.to]);
        return Reading::unclear(format!("\"{said}\" names no single day."));
    }
    if let Some(reading) = numbered::day(&pieces, &tokens, asked, locale, clues) {
        return reading;
    }
    match spoken::day(&pieces, asked, clues, locale) {
        Ok(Some(found)) => return found,
        Ok(None) => {}
        Err(why) => return Reading::unclear(why),
    }
    match relative::day(&pieces, asked.call_date, clues) {
        Ok((date, why)) => told(date, asked, clues, why),
        Err(why) => Reading::unclear(why),
    }
}

/// `not Friday but Thursday`: the day after a "not" is taken away where another one follows.
fn without_denied(pieces: Vec<Piece>, tokens: &[Token]) -> Vec<Piece> {
    const NOT: &[&str] = &["not", "nicht", "pas", "no"];
    let is_day = |piece: &Piece| matches!(piece.sense, Sense::Weekday(_) | Sense::Day(_));
    let denies = |at: usize| {
        let piece = &pieces[at];
        let is_not = piece.to - piece.from == 1 && NOT.contains(&tokens[piece.from].text.as_str());
        let next = pieces.get(at + 1).is_some_and(|next| is_day(next) && next.from <= piece.to + 1);
        piece.sense == Sense::Open && is_not && next && pieces.get(at + 2).is_some_and(is_day)
    };
    match (0..pieces.len()).find(|at| denies(*at)) {
        Some(not) => [&pieces[..not], &pieces[not + 2..]].concat(),
        None => pieces,
    }
}

/// Reads keys: eight digits, in the order of the language, or year first.
pub(super) fn of_keys(digits: &str, asked: &Asked<'_>, locale: &Locale) -> Reading {
    written::of_digits(digits, asked, locale)
}

/// What leaves open which day is meant; "and" does so between two days.
fn is_open(piece: &Piece, pieces: &[Piece]) -> bool {
    let is_day = |piece: &Piece| !matches!(piece.sense, Sense::And | Sense::Number(_));
    let joins = piece.sense == Sense::And
        && pieces.iter().any(|other| other.from < piece.from && is_day(other))
        && pieces.iter().any(|other| other.from > piece.from && is_day(other));
    piece.sense == Sense::Open || joins
}

fn told(date: Date, asked: &Asked<'_>, clues: Clues, why: impl Into<String>) -> Reading {
    if clues == Clues::Birth && date > asked.call_date {
        return Reading::unclear(format!("Nobody was born on {date} yet."));
    }
    if (date.year() - asked.call_date.year()).abs() > YEARS_AWAY_MAX {
        return Reading::unclear(format!("{date} is too far away to be meant."));
    }
    Reading::value(date.to_string(), why)
}

/// A day and month without a year: the next one from the call on, or the last one where the question asks
/// about the past. A birthday without its year is asked for again.
fn without_year(day: i8, month: i8, asked: &Asked<'_>, clues: Clues) -> Result<Date, String> {
    if clues == Clues::Birth {
        return Err("The year is missing.".to_owned());
    }
    let call = asked.call_date;
    let of = |year: i16| Date::new(year, month, day).ok();
    let years = match clues {
        Clues::Past => [call.year(), call.year() - 1, call.year() - 2, call.year() - 4],
        _ => [call.year(), call.year() + 1, call.year() + 2, call.year() + 4],
    };
    let fits = |date: &Date| if clues == Clues::Past { *date <= call } else { *date >= call };
    years.into_iter().filter_map(of).find(fits).ok_or_else(|| "There is no such day.".to_owned())
}
