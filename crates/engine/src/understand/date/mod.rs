//! Days: by date, by weekday, and relative to the day of the call.
//!
//! Where a date can be read in two ways, as `3/4/2026` where nobody knows whether the month comes first, or
//! "next Friday" on a Monday, the question is asked again.

mod corrected;
mod numbered;
mod relative;
mod spoken;
mod words;
mod written;

use super::Asked;
use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Kind, Token};
use jiff::civil::Date;
use words::{Clues, Piece, Sense};

/// How far from the call a day may be that was said without a doubt; further away it is a mistake.
const YEARS_AWAY_MAX: i16 = 130;

/// Reads a day; the value is text like `2026-11-23`.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    let tokens = &speech::without_easy(tokens, locale);
    if let Some((from, to)) = speech::person_at_start(tokens, locale) {
        let said = token::spelled(&tokens[from..to]);
        return Reading::unclear(format!("\"{said}\" tells of somebody else."));
    }
    let reading = read_once(tokens, asked, locale);
    if reading.is_value() || speech::unsure(tokens, locale).is_some() {
        return reading;
    }
    if let Some(reading) = speech::what_counts(tokens, locale, |part| read_once(part, asked, locale)) {
        return reading;
    }
    if let Some(agreed) = agreed(tokens, asked, locale) {
        return agreed;
    }
    let names_day = |rest: &[Token]| has_digits(rest) || !words::pieces(rest, locale).iter().all(is_beside);
    speech::explained(tokens, locale, |head| read_once(head, asked, locale), names_day).unwrap_or(reading)
}

fn read_once(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    if let Some(said) = speech::tells_of_other(tokens, asked.question, locale) {
        return Reading::unclear(format!("\"{said}\" tells of something else."));
    }
    let clues = words::clues(asked.question, tokens, locale);
    let other = speech::is_about_other(tokens, asked.question, locale);
    if let Some(said) = other.filter(|_| clues == Clues::Birth) {
        return Reading::unclear(format!("\"{said}\" tells of somebody else."));
    }
    if let Some(said) = speech::refuses(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" may say that this day does not suit."));
    }
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
    settle_ends(&mut pieces, &tokens, asked, locale);
    if let Some(open) = pieces.iter().find(|piece| is_open(piece, &pieces)) {
        let said = token::spelled(&tokens[open.from..open.to]);
        return Reading::unclear(format!("\"{said}\" names no single day."));
    }
    if let Some(said) = corrects_by_no(&pieces, &tokens) {
        return Reading::unclear(format!("\"{said}\" takes back what stands before it."));
    }
    pieces.retain(|piece| !matches!(piece.sense, Sense::About | Sense::Range));
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

/// Where the question asks for the first day or the last, a word that says so changes nothing: `ab heute`.
fn settle_ends(pieces: &mut Vec<Piece>, tokens: &[Token], asked: &Asked<'_>, locale: &Locale) {
    let is_asked = |piece: &Piece| words::is_asked_end(asked.question, &tokens[piece.from..piece.to], locale);
    pieces.retain(|piece| piece.sense != Sense::Open || !is_asked(piece));
    for piece in pieces.iter_mut() {
        if piece.sense == Sense::FromToday && piece.to > piece.from + 1 && is_asked(piece) {
            piece.sense = Sense::Day(0);
        }
    }
}

/// What may stand in an explanation without naming another day.
fn is_beside(piece: &Piece) -> bool {
    !matches!(
        piece.sense,
        Sense::Month(_)
            | Sense::Weekday(_)
            | Sense::Day(_)
            | Sense::Holiday(..)
            | Sense::Counted(..)
            | Sense::Week(_)
            | Sense::Number(_)
            | Sense::Unit(_)
    )
}

/// A day that is named in several ways with pauses between: `in two weeks exactly, Monday the seventh of December`.
fn agreed(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Option<Reading> {
    let mut found: Option<(Date, Reading)> = None;
    let mut parts: Vec<Vec<Piece>> = Vec::new();
    for part in speech::restated(tokens, locale) {
        let pieces = words::pieces(part, locale);
        if pieces.is_empty() && !has_digits(part) && speech::refuses(part, locale).is_none() {
            continue;
        }
        let reading = read_once(part, asked, locale);
        match (&reading, &found) {
            (Reading::Value { value, .. }, None) => {
                found = Some((value.as_str()?.parse().ok()?, reading));
            }
            (Reading::Value { value, .. }, Some((date, _))) if value.as_str()? == date.to_string() => {}
            (Reading::Value { .. }, Some(_)) => return None,
            (Reading::Unclear { .. }, _) if pieces.is_empty() => return None,
            (Reading::Unclear { .. }, _) => parts.push(pieces),
        }
    }
    let (date, reading) = found?;
    let fits = |piece: &Piece| match piece.sense {
        Sense::Number(said) => said.value == u32::from(date.day().unsigned_abs()),
        Sense::Weekday(weekday) => weekday == date.weekday().to_monday_one_offset(),
        Sense::Open => words::is_asked_end(asked.question, &tokens[piece.from..piece.to], locale),
        _ => false,
    };
    let all_fit = parts.iter().flatten().all(fits);
    all_fit.then(|| reading.because("The answer names the day in several ways that agree."))
}

fn has_digits(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| token.kind == Kind::Numeral)
}

/// A plain no between two days takes the first one back; whoever reads corrections reads on behind it.
fn corrects_by_no(pieces: &[Piece], tokens: &[Token]) -> Option<String> {
    const NO: &[&str] = &["no", "non", "nein", "nee"];
    let is_between =
        |at: usize| pieces.iter().any(|piece| piece.to <= at) && pieces.iter().any(|piece| piece.from > at);
    let no = (0..tokens.len()).find(|at| NO.contains(&tokens[*at].text.as_str()) && is_between(*at))?;
    Some(tokens[no].text.clone())
}

/// What a correction of a part of a date makes of it: `the ninth of December, no, the tenth`.
pub(super) fn corrected(
    before: &[Token],
    after: &[Token],
    asked: &Asked<'_>,
    locale: &Locale,
) -> Option<Reading> {
    let spliced = corrected::splice(before, after, locale)?;
    Some(read_once(&spliced, asked, locale)).filter(Reading::is_value)
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

/// Where days of months stand in an answer of another type: `on the fifth of December at four`.
pub(super) fn days_of_months(tokens: &[Token], locale: &Locale) -> Vec<(usize, usize)> {
    /// What may stand between a day and its month.
    const BETWEEN: &[&str] = &["de", "of", "the", "le"];
    let pieces = words::pieces(tokens, locale);
    let is_near = |from: usize, to: usize| {
        from <= to && tokens[from..to].iter().all(|token| BETWEEN.contains(&token.text.as_str()))
    };
    let has_month = |number: &Piece| {
        pieces
            .iter()
            .filter(|piece| matches!(piece.sense, Sense::Month(_)))
            .any(|month| is_near(number.to, month.from) || is_near(month.to, number.from))
    };
    let days = pieces.iter().filter(|piece| matches!(piece.sense, Sense::Number(_)) && has_month(piece));
    days.map(|piece| (piece.from, piece.to)).collect()
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
    let follows = |other: &Piece| (piece.to..=piece.to + 1).contains(&other.from) && other.from != other.to;
    let is_followed = pieces.iter().any(|other| other.sense != Sense::About && follows(other));
    let is_preceded = pieces.iter().any(|other| other.to <= piece.from);
    match piece.sense {
        Sense::Open | Sense::Weekdays(_) => true,
        Sense::About => is_followed,
        Sense::Range => is_followed && is_preceded,
        _ => joins,
    }
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
