//! Dates said as numbers alone: `am fünften dritten vierundachtzig`, `cinco del tres del ochenta y cuatro`, eight
//! digits one by one.

use super::super::Asked;
use super::super::language::{Language, Locale};
use super::super::number::{self, Order, Said};
use super::super::reading::Reading;
use super::super::token::Token;
use super::words::{Clues, Piece, Sense};
use super::{told, without_year, written};
use jiff::civil::Date;

/// The day that numbers alone name. Nothing where they do not, or where anything else is named.
pub(super) fn day(
    pieces: &[Piece],
    tokens: &[Token],
    asked: &Asked<'_>,
    locale: &Locale,
    clues: Clues,
) -> Option<Reading> {
    if !pieces.iter().all(|piece| matches!(piece.sense, Sense::Number(_))) {
        return None;
    }
    if let Some(reading) = digit_by_digit(tokens, asked, locale, clues) {
        return Some(reading);
    }
    let said = with_zeros(&with_ones(pieces, locale));
    let [first, second, rest @ ..] = said.as_slice() else { return None };
    let is_date = [first, second].iter().all(|said| (1..=31).contains(&said.value));
    if !is_date || !says_day_and_month(first, second, rest, tokens, locale, clues) {
        return None;
    }
    let year = year(rest, asked, clues)?;
    let (first, second) = (i8::try_from(first.value).ok()?, i8::try_from(second.value).ok()?);
    let (day, month) = match written::day_and_month(first, second, locale) {
        // "The fifth of the twelfth" is in that order everywhere.
        _ if said[0].order == Order::Ordinal && said[1].order == Order::Ordinal => (first, second),
        Ok(found) => found,
        Err(why) => return Some(Reading::unclear(why)),
    };
    let date = match year {
        Some(year) => Date::new(year, month, day).map_err(|_| "There is no such day.".to_owned()),
        None => without_year(day, month, asked, clues),
    };
    Some(match date {
        Ok(date) => told(date, asked, clues, "The numbers are day and month."),
        Err(why) => Reading::unclear(why),
    })
}

/// Two ordinals, numbers with "of" between them, or three numbers where a birthday was asked for. English orders
/// them in two ways.
fn says_day_and_month(
    day: &Said,
    month: &Said,
    rest: &[Said],
    tokens: &[Token],
    locale: &Locale,
    clues: Clues,
) -> bool {
    let are_ordinals = day.order == Order::Ordinal && month.order == Order::Ordinal;
    let joins = |a: &Said, b: &Said| {
        let between = tokens.get(a.to..b.from).unwrap_or_default();
        !between.is_empty() && between.iter().all(|token| ["del", "de"].contains(&token.text.as_str()))
    };
    let has_article = ["el", "le"].contains(&tokens[day.from].text.as_str());
    let is_joined = locale.language == Language::Es && joins(day, month) && (has_article || !rest.is_empty());
    // "Le cinq douze", "el cinco doce veintiséis".
    let is_pair = has_article && month.value <= 12 && day.to == month.from;
    let is_french = locale.language == Language::Fr && is_pair && day.value != month.value;
    let is_birthday = clues == Clues::Birth && !rest.is_empty();
    are_ordinals || is_joined || is_french || is_pair && !rest.is_empty() || is_birthday
}

/// The numbers, among which the French article is a one: `le quinze un vingt-sept`.
fn with_ones(pieces: &[Piece], locale: &Locale) -> Vec<Said> {
    let is_one = |at: usize| {
        let follows = |next: &Piece| next.from == pieces[at].to && matches!(next.sense, Sense::Number(_));
        let precedes = |before: &Piece| before.to == pieces[at].from;
        locale.language == Language::Fr
            && at.checked_sub(1).is_some_and(|before| precedes(&pieces[before]))
            && pieces.get(at + 1).is_some_and(follows)
    };
    let number = |(at, piece): (usize, &Piece)| match piece.sense {
        Sense::Number(said) if said.order != Order::Article || is_one(at) => Some(said),
        _ => None,
    };
    pieces.iter().enumerate().filter_map(number).collect()
}

/// `null drei null drei`: a zero and the digit after it are one number.
fn with_zeros(said: &[Said]) -> Vec<Said> {
    let mut joined: Vec<Said> = Vec::with_capacity(said.len());
    for next in said {
        match joined.last_mut() {
            Some(zero) if zero.value == 0 && zero.to == next.from && next.value < 10 => {
                *zero = Said { to: next.to, from: zero.from, digits: 2, ..*next };
            }
            _ => joined.push(*next),
        }
    }
    joined
}

/// The year after day and month: in full, in two halves, or by its last two digits. The outer nothing means that the
/// numbers are none.
fn year(rest: &[Said], asked: &Asked<'_>, clues: Clues) -> Option<Option<i16>> {
    Some(match rest {
        [] => None,
        [year] if (1900..2200).contains(&year.value) => i16::try_from(year.value).ok(),
        [year] if (10..100).contains(&year.value) || year.digits == 2 => {
            Some(written::full_year(i16::try_from(year.value).ok()?, asked, clues))
        }
        [century, year] if (18..=20).contains(&century.value) && (10..100).contains(&year.value) => {
            i16::try_from(century.value * 100 + year.value).ok()
        }
        _ => return None,
    })
}

/// Eight digits and nothing else: `null fünf null drei neunzehnhundertvierundachtzig`, `03051984`.
fn digit_by_digit(tokens: &[Token], asked: &Asked<'_>, locale: &Locale, clues: Clues) -> Option<Reading> {
    match number::digit_runs(tokens, locale).as_slice() {
        [run] if run.digits.len() == 8 && run.others == 0 && !run.has_doubt => {
            let reading = written::of_digits(&run.digits, asked, locale);
            let is_future = |text: &str| text.parse::<Date>().is_ok_and(|date| date > asked.call_date);
            match &reading {
                Reading::Value { value, .. }
                    if clues == Clues::Birth && value.as_str().is_some_and(is_future) =>
                {
                    None
                }
                Reading::Value { .. } => Some(reading),
                Reading::Unclear { .. } => None,
            }
        }
        _ => None,
    }
}
