//! Dates in digits: `2026-11-23`, `11/23/2026`, `23.11.26`, or eight keys.

use super::super::Asked;
use super::super::language::Locale;
use super::super::number::Order;
use super::super::reading::Reading;
use super::super::token::{self, Token};
use super::words::{self, Clues, Piece, Sense};
use super::{is_open, told, without_year};
use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static YEAR_FIRST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})\b").ok());
static YEAR_LAST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})(?: ?[-/.] ?| )(\d{1,2})(?: ?[-/.] ?| )(\d{4}|\d{2})\b").ok());
static NO_YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\D*\b(\d{1,2}) ?[-/.] ?(\d{1,2})\b\D*$").ok());

/// A date in digits, if there is one. Two of them, one that is no day, and one beside words that name another day or
/// leave it open are asked again.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale, clues: Clues) -> Option<Reading> {
    let text = token::spelled(tokens);
    let (reading, place) = found(&text, asked, locale, clues)?;
    let rest = format!("{} , {}", &text[..place.start], &text[place.end..]);
    match (&reading, beside(&rest, &reading, locale)) {
        (Reading::Value { .. }, Some(why)) => Some(Reading::unclear(why)),
        _ => Some(reading),
    }
}

/// What keeps the words beside a date from leaving it alone.
fn beside(rest: &str, reading: &Reading, locale: &Locale) -> Option<String> {
    let tokens = token::tokens(rest, locale.language);
    let pieces = words::pieces(&tokens, locale);
    if let Some(open) = pieces.iter().find(|piece| is_open(piece, &pieces)) {
        let said = token::spelled(&tokens[open.from..open.to]);
        return Some(format!("\"{said}\" names no single day."));
    }
    let date = match reading {
        Reading::Value { value, .. } => value.as_str().and_then(|text| text.parse::<Date>().ok())?,
        Reading::Unclear { .. } => return None,
    };
    let is_other = |piece: &Piece| match piece.sense {
        Sense::Weekday(weekday) => weekday != date.weekday().to_monday_one_offset(),
        Sense::Number(said) => said.order != Order::Article,
        Sense::Month(_) | Sense::Day(_) | Sense::Week(_) | Sense::Holiday(..) => true,
        Sense::Ago | Sense::FromToday => true,
        _ => false,
    };
    pieces.iter().any(is_other).then(|| "The answer names several days.".to_owned())
}

/// The date in digits, and where it stands in the text.
fn found(text: &str, asked: &Asked<'_>, locale: &Locale, clues: Clues) -> Option<(Reading, Range<usize>)> {
    if let Some(found) = YEAR_FIRST.as_ref()?.captures(text) {
        let part = |at: usize| found[at].parse().unwrap_or(0);
        let reading = dated(part(1), number(&found[2]), number(&found[3]), asked, clues);
        return Some((reading, found.get(0)?.range()));
    }
    if let Some(found) = YEAR_LAST.as_ref()?.captures(text) {
        let year = if found[3].len() == 2 {
            full_year(found[3].parse().ok()?, asked, clues)
        } else {
            found[3].parse().ok()?
        };
        let reading = match day_and_month(number(&found[1]), number(&found[2]), locale) {
            Ok((day, month)) => dated(year, month, day, asked, clues),
            Err(why) => Reading::unclear(why),
        };
        return Some((reading, found.get(0)?.range()));
    }
    let found = NO_YEAR.as_ref()?.captures(text)?;
    let date = day_and_month(number(&found[1]), number(&found[2]), locale)
        .and_then(|(day, month)| without_year(day, month, asked, clues));
    let reading = match date {
        Ok(date) => told(date, asked, clues, "The date is written in digits, without a year."),
        Err(why) => Reading::unclear(why),
    };
    Some((reading, found.get(1)?.start()..found.get(2)?.end()))
}

/// Keys: the order of the language, or the year first where only that makes a date.
pub(super) fn of_digits(digits: &str, asked: &Asked<'_>, locale: &Locale) -> Reading {
    if digits.len() != 8 {
        return Reading::unclear("A date by keys has eight digits.");
    }
    let part = |from: usize, to: usize| digits[from..to].parse::<i16>().unwrap_or(0);
    let year = part(4, 8);
    let is_year = |year: i16| (1900..2100).contains(&year);
    if is_year(year) {
        return match day_and_month(number(&digits[..2]), number(&digits[2..4]), locale) {
            Ok((day, month)) => dated(year, month, day, asked, Clues::None),
            Err(why) => Reading::unclear(why),
        };
    }
    if is_year(part(0, 4)) {
        return dated(part(0, 4), number(&digits[4..6]), number(&digits[6..]), asked, Clues::None);
    }
    Reading::unclear("The keys are no date.")
}

fn number(text: &str) -> i8 {
    text.parse().unwrap_or(0)
}

fn dated(year: i16, month: i8, day: i8, asked: &Asked<'_>, clues: Clues) -> Reading {
    match Date::new(year, month, day) {
        Ok(date) => told(date, asked, clues, "The date is written in digits."),
        Err(_) => Reading::unclear("There is no such day."),
    }
}

/// Which of two numbers is the day: the one over twelve, else as the language orders them.
pub(super) fn day_and_month(first: i8, second: i8, locale: &Locale) -> Result<(i8, i8), String> {
    match (first > 12, second > 12, locale.month_first()) {
        (true, true, _) => Err("There is no such month.".to_owned()),
        (true, false, _) => Ok((first, second)),
        (false, true, _) => Ok((second, first)),
        (false, false, _) if first == second => Ok((first, second)),
        (false, false, Some(true)) => Ok((second, first)),
        (false, false, Some(false)) => Ok((first, second)),
        (false, false, None) => Err("Nobody can tell which number is the month.".to_owned()),
    }
}

/// A year of two digits: of this century where that is not far ahead, and never after the call for a birth.
pub(super) fn full_year(two_digits: i16, asked: &Asked<'_>, clues: Clues) -> i16 {
    let now = asked.call_date.year();
    let this_century = now - now.rem_euclid(100) + two_digits;
    let latest = if clues == Clues::None { now + 20 } else { now };
    if this_century > latest { this_century - 100 } else { this_century }
}
