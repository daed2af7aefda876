//! Dates with the name of a month: `the fifth of May nineteen ninety`.

use super::super::Asked;
use super::super::language::{Language, Locale};
use super::super::number::{Order, Said};
use super::super::reading::Reading;
use super::words::{Clues, Piece, Sense, Unit, numbers};
use super::written::full_year;
use super::{told, without_year};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// A date without its year that is further away is not meant by whoever names its day of the week.
const DAYS_TO_WEEKDAY_MAX: i32 = 300;
const DAYS_OF_MONTH_MAX: u32 = 31;

/// The day that a month or holiday is named for. Nothing where neither is named.
pub(super) fn day(
    pieces: &[Piece],
    asked: &Asked<'_>,
    clues: Clues,
    locale: &Locale,
) -> Result<Option<Reading>, String> {
    let months: Vec<i8> = distinct(pieces, |sense| match sense {
        Sense::Month(month) => Some(month),
        _ => None,
    });
    let holidays: Vec<(i8, i8)> = distinct(pieces, |sense| match sense {
        Sense::Holiday(month, day) => Some((month, day)),
        _ => None,
    });
    // "Last Christmas", "le 24 décembre dernier".
    let is_last = pieces.iter().any(|piece| piece.sense == Sense::Last);
    let clues = if is_last && clues == Clues::None { Clues::Past } else { clues };
    let (month, day, year) = match (months.as_slice(), holidays.as_slice()) {
        ([], []) if counted_holiday(pieces).is_some() => {
            let date = counted_holiday(pieces).and_then(|holiday| next_counted(holiday, asked));
            return date
                .map(|date| Some(told(date, asked, clues, "It is the day of that holiday.")))
                .ok_or_else(|| "The day of the holiday is not clear.".to_owned());
        }
        ([], []) => return of_month(pieces, asked.call_date, clues, locale),
        ([month], []) => {
            if let Some(date) = nth_weekday(pieces, *month, asked)? {
                return Ok(Some(told(
                    date,
                    asked,
                    clues,
                    "It is that day of the week of the month, counted.",
                )));
            }
            let (day, year) = day_and_year(pieces, asked, clues)?;
            (*month, day, year)
        }
        // "The day after Christmas, the twenty-sixth of December".
        ([month], [(of, holiday)]) if month == of => {
            let (day, year) = day_and_year(pieces, asked, clues)?;
            if day != u32::from(holiday.unsigned_abs()) {
                return Err("The answer names several days.".to_owned());
            }
            (*month, day, year)
        }
        ([], [(month, day)]) => {
            (*month, day.unsigned_abs().into(), holiday_year(pieces, day.unsigned_abs().into(), asked)?)
        }
        _ => return Err("The answer names several days.".to_owned()),
    };
    let day = i8::try_from(day).map_err(|_| "There is no such day.".to_owned())?;
    let date = match year {
        Some(year) => Date::new(year, month, day).map_err(|_| "There is no such day.".to_owned())?,
        None => without_year(day, month, asked, clues)?,
    };
    check_weekday(pieces, date)?;
    // A year away a day of the week fits by chance.
    let is_far = clues == Clues::Past && (date - asked.call_date).get_days().abs() > DAYS_TO_WEEKDAY_MAX;
    if year.is_none() && is_far && pieces.iter().any(|piece| matches!(piece.sense, Sense::Weekday(_))) {
        return Err(format!("{date} is that day of the week, but far away."));
    }
    Ok(Some(told(date, asked, clues, format!("The answer names the day {date}."))))
}

fn counted_holiday(pieces: &[Piece]) -> Option<(i8, i8, i8)> {
    match pieces {
        [Piece { sense: Sense::Counted(month, nth, weekday), .. }] => Some((*month, *nth, *weekday)),
        _ => None,
    }
}

/// The next fourth Thursday of November. Canada keeps some of these holidays on other days.
fn next_counted((month, nth, weekday): (i8, i8, i8), asked: &Asked<'_>) -> Option<Date> {
    let is_canada = asked.region == Some("CA") || asked.language.ends_with("CA");
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    let call = asked.call_date;
    let of = |year: i16| Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok();
    [call.year(), call.year() + 1].into_iter().filter_map(of).find(|date| *date >= call && !is_canada)
}

fn distinct<T: PartialEq>(pieces: &[Piece], of: impl Fn(Sense) -> Option<T>) -> Vec<T> {
    let mut found = Vec::new();
    for value in pieces.iter().filter_map(|piece| of(piece.sense)) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// A weekday that is named beside a date has to be that of the date.
fn check_weekday(pieces: &[Piece], date: Date) -> Result<(), String> {
    let is_other = |piece: &Piece| matches!(piece.sense, Sense::Weekday(weekday) if weekday != date.weekday().to_monday_one_offset());
    if pieces.iter().any(is_other) {
        return Err(format!("{date} is not that day of the week."));
    }
    Ok(())
}

/// The day of the month and the year, if it was said, among the numbers beside a month.
fn day_and_year(pieces: &[Piece], asked: &Asked<'_>, clues: Clues) -> Result<(u32, Option<i16>), String> {
    let is_distance = |piece: &Piece| {
        matches!(piece.sense, Sense::Day(_) | Sense::Ago | Sense::Unit(Unit::Day | Unit::Week | Unit::Month))
    };
    if pieces.iter().any(is_distance) {
        return Err("The answer names a date and a distance from today.".to_owned());
    }
    let said = numbers(pieces);
    let (day, rest) = match said.as_slice() {
        [] => return Err("The day of the month is missing.".to_owned()),
        [only] if only.value > 31 => return Err("The day of the month is missing.".to_owned()),
        [year, day] if year.value > 1000 && day.value <= 31 => (*day, vec![*year]),
        [century, year, day] if is_pair(*century, *year) && day.order == Order::Ordinal => {
            (*day, vec![*century, *year])
        }
        // "The eighteenth, December eighteenth" names the day twice.
        [day, rest @ ..] => {
            (*day, rest.iter().filter(|other| other.value != day.value).copied().collect::<Vec<Said>>())
        }
    };
    if !(1..=31).contains(&day.value) || day.order == Order::Oh {
        return Err("There is no such day.".to_owned());
    }
    let year = match rest.as_slice() {
        [] => named_year(pieces, asked)?,
        [year] if (1000..3000).contains(&year.value) => i16::try_from(year.value).ok(),
        [year] => Some(short_year(day, *year, pieces, asked, clues)?),
        [century, year] if is_pair(*century, *year) => i16::try_from(century.value * 100 + year.value).ok(),
        [oh, year] if oh.value == 0 && oh.to == year.from && year.value < 10 => {
            i16::try_from(year.value).ok().map(|year| full_year(year, asked, clues))
        }
        [century, oh, year] if is_century(*century) && oh.value == 0 && year.value < 10 => {
            i16::try_from(century.value * 100 + year.value).ok()
        }
        _ => return Err("The numbers beside the month make no date.".to_owned()),
    };
    Ok((day.value, year))
}

fn is_century(said: Said) -> bool {
    (18..=20).contains(&said.value) && said.order == Order::Cardinal
}

fn is_pair(century: Said, year: Said) -> bool {
    is_century(century) && (10..100).contains(&year.value) && year.order == Order::Cardinal
}

/// A year of two digits, where it stands apart from the day: `March twenty twenty six` has no day.
fn short_year(
    day: Said,
    year: Said,
    pieces: &[Piece],
    asked: &Asked<'_>,
    clues: Clues,
) -> Result<i16, String> {
    let month = pieces.iter().find(|piece| matches!(piece.sense, Sense::Month(_)));
    let is_apart = month.is_some_and(|month| (day.from < month.from) != (year.from < month.from));
    let is_after = month.is_some_and(|month| year.from > month.from);
    let is_sure = is_after
        && (is_apart || day.order == Order::Ordinal || day.digits > 0 || year.value > DAYS_OF_MONTH_MAX);
    let has_two_digits = (10..100).contains(&year.value) || year.digits == 2;
    if !is_sure || !has_two_digits || year.order != Order::Cardinal {
        return Err("The numbers beside the month make no date.".to_owned());
    }
    let two_digits = i16::try_from(year.value).unwrap_or(0);
    let full = full_year(two_digits, asked, clues);
    if clues == Clues::None && full < asked.call_date.year() && year.value <= DAYS_OF_MONTH_MAX {
        return Err("The number behind the date may be an hour or another day.".to_owned());
    }
    Ok(full)
}

/// `of next year`, `last May`.
fn named_year(pieces: &[Piece], asked: &Asked<'_>) -> Result<Option<i16>, String> {
    let has = |sense: Sense| pieces.iter().any(|piece| piece.sense == sense);
    let year = asked.call_date.year();
    let away = pieces.iter().find_map(|piece| match piece.sense {
        Sense::YearsAway(years) => Some(years),
        _ => None,
    });
    if let Some(away) = away {
        return Ok(Some(year + away));
    }
    if has(Sense::Unit(Unit::Year)) {
        return match (has(Sense::Next) || has(Sense::Coming), has(Sense::This), has(Sense::Last)) {
            (true, false, false) => Ok(Some(year + 1)),
            (false, true, false) => Ok(Some(year)),
            (false, false, true) => Ok(Some(year - 1)),
            _ => Err("The year is not clear.".to_owned()),
        };
    }
    Ok(None)
}

/// `the first Monday in May`: an ordinal that stands before a weekday counts it.
fn nth_weekday(pieces: &[Piece], month: i8, asked: &Asked<'_>) -> Result<Option<Date>, String> {
    let counted = pieces.windows(2).find_map(|pair| match (pair[0].sense, pair[1].sense) {
        (Sense::Number(said), Sense::Weekday(weekday)) if said.order == Order::Ordinal => {
            Some((said, weekday))
        }
        _ => None,
    });
    let Some((nth, weekday)) = counted else { return Ok(None) };
    let said = numbers(pieces);
    let call = asked.call_date;
    let years = match said.as_slice() {
        [_] => vec![call.year(), call.year() + 1],
        [_, rest @ ..] => year_of(rest)?.into_iter().collect(),
        [] => Vec::new(),
    };
    let nth = i8::try_from(nth.value).map_err(|_| "There is no such day.".to_owned())?;
    let weekday = Weekday::from_monday_one_offset(weekday).map_err(|_| "There is no such day.".to_owned())?;
    let of = |year: i16| Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok();
    let is_given = said.len() > 1;
    years
        .into_iter()
        .filter_map(of)
        .find(|date| is_given || *date >= call)
        .map(Some)
        .ok_or_else(|| "There is no such day.".to_owned())
}

fn year_of(said: &[Said]) -> Result<Option<i16>, String> {
    match said {
        [] => Ok(None),
        [year] if (1900..2200).contains(&year.value) => Ok(i16::try_from(year.value).ok()),
        [century, year] if is_pair(*century, *year) => {
            Ok(i16::try_from(century.value * 100 + year.value).ok())
        }
        _ => Err("The numbers make no date.".to_owned()),
    }
}

fn holiday_year(pieces: &[Piece], day: u32, asked: &Asked<'_>) -> Result<Option<i16>, String> {
    // "On Christmas Eve, the twenty-fourth".
    let said: Vec<Said> = numbers(pieces).into_iter().filter(|said| said.value != day).collect();
    match said.as_slice() {
        [] => named_year(pieces, asked),
        said => year_of(said),
    }
}

/// `the fifth of next month`; a day alone may be of any month.
fn of_month(pieces: &[Piece], call: Date, clues: Clues, locale: &Locale) -> Result<Option<Reading>, String> {
    let away = pieces.iter().find_map(|piece| match piece.sense {
        Sense::MonthsAway(months) => Some(i64::from(months)),
        _ => None,
    });
    let Some(away) = away.or_else(|| month_away_by_unit(pieces)) else {
        let has_year = pieces.iter().any(|piece| matches!(piece.sense, Sense::YearsAway(_)));
        return if has_year { Err("A year is no day.".to_owned()) } else { Ok(None) };
    };
    let said = numbers(pieces);
    let names_day = |said: &Said| {
        said.order == Order::Ordinal
            || matches!(locale.language, Language::Es | Language::Fr)
            || said.digits > 0
    };
    let others =
        pieces.iter().any(|piece| matches!(piece.sense, Sense::Weekday(_) | Sense::Day(_) | Sense::Week(_)));
    let [day] = said.as_slice() else { return Err("The day of the month is missing.".to_owned()) };
    if others || !names_day(day) {
        return Err("The answer names a month and no day of it.".to_owned());
    }
    let month = call.checked_add(away.months()).map_err(|_| "There is no such day.".to_owned())?;
    let day = i8::try_from(day.value).map_err(|_| "There is no such day.".to_owned())?;
    let date = Date::new(month.year(), month.month(), day).map_err(|_| "There is no such day.".to_owned())?;
    // "The fifth of this month" may be over, and then nobody knows what is meant.
    if away == 0 && date < call && clues != Clues::Past {
        return Err("That day of this month is over.".to_owned());
    }
    if date > call && clues == Clues::Past {
        return Err("That day is still to come.".to_owned());
    }
    Ok(Some(Reading::value(date.to_string(), "The day and which month are named.")))
}

/// `of the next month`, word by word.
fn month_away_by_unit(pieces: &[Piece]) -> Option<i64> {
    let has = |sense: Sense| pieces.iter().any(|piece| piece.sense == sense);
    if !has(Sense::Unit(Unit::Month)) || has(Sense::In) || has(Sense::Ago) {
        return None;
    }
    if has(Sense::Next) || has(Sense::Coming) { Some(1) } else { has(Sense::This).then_some(0) }
}
