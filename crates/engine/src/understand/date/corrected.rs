//! Corrections of a part of a date: `the ninth of December, no, the tenth`, `in 1968, no, 1969`.

use super::super::language::Locale;
use super::super::number::Said;
use super::super::token::{Kind, Token};
use super::words::{self, Piece, Sense, numbers};

/// The greatest number that may be a day of a month.
const DAYS_MAX: u32 = 31;

/// The words of the date with those of the correction in their place. Nothing where the correction is not a part of
/// the date that stands before it.
pub(super) fn splice(before: &[Token], after: &[Token], locale: &Locale) -> Option<Vec<Token>> {
    let (was, is) = (words::pieces(before, locale), words::pieces(after, locale));
    let has_open = is.iter().chain(&was).any(|piece| matches!(piece.sense, Sense::Open | Sense::About));
    if has_open || is.is_empty() {
        return None;
    }
    let part = |from: usize, to: usize| after[from..to].to_vec();
    let replaced = |old: (usize, usize), new: Vec<Token>| {
        Some([&before[..old.0], new.as_slice(), &before[old.1..]].concat())
    };
    // "December fifth actually sixth" may be a slip of the tongue.
    let is_slip = || {
        after.len() == 1 && after[0].kind == Kind::Word && before.last().is_none_or(|last| !last.is_pause())
    };
    let (old_year, new_year) = (year(&was), year(&is));
    let (old_month, new_month) = (month(&was), month(&is));
    let (old_day, new_day) = (day(&was), day(&is));
    match (new_day, new_month, new_year) {
        (None, None, Some(new)) => replaced(old_year?, part(new.0, new.1)),
        (Some(new), None, None) if old_month.is_some() && !is_slip() => {
            replaced(old_day?, part(new.0, new.1))
        }
        (None, Some(new), None) => replaced(old_month?, part(new.0, new.1)),
        (Some(_), Some(_), None) => {
            let year = old_year?;
            Some([after, &before[year.0..year.1]].concat())
        }
        _ => None,
    }
}

fn month(pieces: &[Piece]) -> Option<(usize, usize)> {
    let month = pieces.iter().find(|piece| matches!(piece.sense, Sense::Month(_)))?;
    Some((month.from, month.to))
}

fn is_century(said: &Said) -> bool {
    (18..=20).contains(&said.value)
}

/// Where the year stands: a number over that of any day, or a century and two digits.
fn year(pieces: &[Piece]) -> Option<(usize, usize)> {
    let said = numbers(pieces);
    let pair =
        said.windows(2).find(|pair| is_century(&pair[0]) && pair[0].to == pair[1].from && pair[1].value > 9);
    match pair {
        Some(pair) => Some((pair[0].from, pair[1].to)),
        None => said.iter().find(|said| said.value > DAYS_MAX).map(|said| (said.from, said.to)),
    }
}

/// Where the day of the month stands.
fn day(pieces: &[Piece]) -> Option<(usize, usize)> {
    let year = year(pieces);
    let is_of_year = |said: &Said| year.is_some_and(|(from, to)| said.from >= from && said.to <= to);
    let said = numbers(pieces);
    said.iter()
        .find(|said| (1..=DAYS_MAX).contains(&said.value) && !is_of_year(said))
        .map(|said| (said.from, said.to))
}
