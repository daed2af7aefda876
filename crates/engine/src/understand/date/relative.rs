//! Days relative to the day of the call: `tomorrow`, `in three weeks`, `next Friday`.

use super::super::number::{Order, Said};
use super::words::{Clues, Piece, Sense, Unit, numbers};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

/// How far away a day is looked for that is given by weekday and day of the month.
const DAYS_AHEAD_MAX: i64 = 62;

/// Numbers beside each other that are no further apart are a guess: `ten, twelve days ago`.
const NUMBERS_APART_MAX: u32 = 5;

/// The day, and why.
pub(super) fn day(pieces: &[Piece], call: Date, clues: Clues) -> Result<(Date, String), String> {
    let mut weekdays: Vec<i8> = Vec::new();
    let mut days: Vec<i16> = Vec::new();
    for piece in pieces {
        match piece.sense {
            Sense::Weekday(weekday) if !weekdays.contains(&weekday) => weekdays.push(weekday),
            Sense::Day(day) if !days.contains(&day) => days.push(day),
            _ => {}
        }
    }
    // "De hoy en una semana": from today.
    if days.len() == 2 && days[0] == 0 && days[1] > 2 {
        days.remove(0);
    }
    let distance = distance(pieces)?;
    if let Some(found) = in_week(&weekdays, &days, pieces, call)? {
        return Ok((found, format!("It is that day of a week that is counted from {call}.")));
    }
    if has_bare_direction(pieces) {
        return Err("The word before the day makes a bound of it.".to_owned());
    }
    let add = |date: Date, span: Span| date.checked_add(span).map_err(|_| "There is no such day.".to_owned());
    match (weekdays.as_slice(), days.as_slice(), distance) {
        ([], [day], None) => {
            let date = add(call, i64::from(*day).days())?;
            fits_numbers(pieces, date)?;
            Ok((date, format!("It is counted from the call's day, {call}.")))
        }
        ([], [], Some(span)) => Ok((add(call, span)?, format!("It is counted from the call's day, {call}."))),
        // "Tomorrow in two weeks", "heute in vierzehn Tagen".
        ([], [day], Some(span)) => {
            let from = add(call, i64::from(*day).days())?;
            Ok((add(from, span)?, format!("It is counted from the call's day, {call}.")))
        }
        ([weekday], [], None) => {
            if let Some(date) = with_day(*weekday, pieces, call, clues)? {
                return Ok((date, "It is the next such day of the week and month.".to_owned()));
            }
            if is_any(*weekday, pieces) {
                return Err("Nobody can tell which one of these days is meant.".to_owned());
            }
            let date = weekday_of(*weekday, pieces, call, clues)?;
            Ok((date, format!("It is the day of the week that was named, from {call} on.")))
        }
        // "Three days ago, on Friday".
        ([weekday], [], Some(span)) if span.is_negative() => both(*weekday, add(call, span)?),
        // "Friday in two weeks": from the Friday that comes.
        ([weekday], [], Some(_)) if *weekday == call.weekday().to_monday_one_offset() => {
            Err("It may be counted from today or from the next such day.".to_owned())
        }
        ([weekday], [], Some(span)) => {
            let date = coming(*weekday, call);
            Ok((add(date, span)?, format!("It is counted from the named day after {call}.")))
        }
        // "Donnerstag in einer Woche": a week after the Thursday that comes.
        ([weekday], [7], None) if *weekday != call.weekday().to_monday_one_offset() => {
            let date = add(coming(*weekday, call), 7.days())?;
            Ok((date, format!("It is counted from the named day after {call}.")))
        }
        ([_], [7], None) => Err("It may be counted from today or from the next such day.".to_owned()),
        ([weekday], [day], None) => both(*weekday, add(call, i64::from(*day).days())?),
        ([], [], None) => Err("There is no day in the answer.".to_owned()),
        _ => Err("The answer names several days.".to_owned()),
    }
}

/// `a Saturday`: any one of them.
fn is_any(weekday: i8, pieces: &[Piece]) -> bool {
    pieces.windows(2).any(|pair| {
        let is_article = matches!(pair[0].sense, Sense::Number(said) if said.order == Order::Article);
        is_article && pair[1].sense == Sense::Weekday(weekday) && pair[0].to == pair[1].from
    })
}

/// The day that is named by its distance and by its day of the week.
fn both(weekday: i8, date: Date) -> Result<(Date, String), String> {
    if date.weekday().to_monday_one_offset() == weekday {
        Ok((date, "Both words name the same day.".to_owned()))
    } else {
        Err("The words name different days.".to_owned())
    }
}

/// `Tuesday of next week`. A week alone is no day.
fn in_week(weekdays: &[i8], days: &[i16], pieces: &[Piece], call: Date) -> Result<Option<Date>, String> {
    let weeks = pieces.iter().find_map(|piece| match piece.sense {
        Sense::Week(weeks) => Some(weeks),
        _ => None,
    });
    let Some(weeks) = weeks else { return Ok(None) };
    let [weekday] = weekdays else { return Err("The answer names a week and no day of it.".to_owned()) };
    if !days.is_empty() {
        return Err("The answer names several days.".to_owned());
    }
    let monday = 1 - call.weekday().to_monday_one_offset();
    let ahead = i64::from(monday) + i64::from(weeks) * 7 + i64::from(*weekday) - 1;
    Ok(Some(call.saturating_add(ahead.days())))
}

/// `ab Freitag`, `from Monday`, `vor Freitag`: a direction without a distance.
fn has_bare_direction(pieces: &[Piece]) -> bool {
    let has = |sense: Sense| pieces.iter().any(|piece| piece.sense == sense);
    let is_unit = |piece: &Piece| matches!(piece.sense, Sense::Unit(_));
    (has(Sense::FromToday) || has(Sense::Ago)) && !pieces.iter().any(is_unit)
}

/// `Friday the 27th`: the next day that is both, if it is near, or the last one where the question asks about the past.
fn with_day(weekday: i8, pieces: &[Piece], call: Date, clues: Clues) -> Result<Option<Date>, String> {
    let said = numbers(pieces);
    let start = pieces.iter().find(|piece| piece.sense == Sense::Weekday(weekday)).map(|piece| piece.from);
    if said.iter().any(|said| said.order == Order::Ordinal && Some(said.to) == start && said.value < 6) {
        return Err("Nobody can tell of which month the day of the week is counted.".to_owned());
    }
    let end = pieces.iter().find(|piece| piece.sense == Sense::Weekday(weekday)).map(|piece| piece.to);
    // "Friday at nine" has an hour; only an ordinal or what follows the weekday at once is a day.
    let is_day = |said: &&Said| said.order == Order::Ordinal || Some(said.from) == end;
    let Some(day) = said.iter().find(is_day) else { return Ok(None) };
    let is_it = |date: &Date| {
        date.weekday().to_monday_one_offset() == weekday && i64::from(date.day()) == i64::from(day.value)
    };
    let direction = if clues == Clues::None { 1 } else { -1 };
    let days = (0..DAYS_AHEAD_MAX).map(|away| call.saturating_add((away * direction).days()));
    days.into_iter().find(is_it).map(Some).ok_or_else(|| "No such day is near.".to_owned())
}

/// A day of the month beside "tomorrow" has to be that of the day.
fn fits_numbers(pieces: &[Piece], date: Date) -> Result<(), String> {
    let is_other = |piece: &Piece| matches!(piece.sense, Sense::Number(said) if said.order == Order::Ordinal && said.value != u32::from(date.day().unsigned_abs()));
    if pieces.iter().any(is_other) {
        return Err("The day of the month has no month.".to_owned());
    }
    Ok(())
}

/// `in three weeks`, `two days ago`, `a month from now`.
fn distance(pieces: &[Piece]) -> Result<Option<Span>, String> {
    let unit = pieces.iter().enumerate().find_map(|(at, piece)| match piece.sense {
        Sense::Unit(unit) => Some((at, unit)),
        _ => None,
    });
    let Some((at, unit)) = unit else { return Ok(None) };
    let has = |sense: Sense| pieces.iter().any(|piece| piece.sense == sense);
    let is_back = has(Sense::Ago);
    let is_ahead = has(Sense::In) || has(Sense::FromToday);
    if has(Sense::Half) {
        return Err("Half of it is no number of days.".to_owned());
    }
    let count = at.checked_sub(1).and_then(|before| match pieces[before].sense {
        // "Une dizaine de jours" has a word between that counts.
        Sense::Number(said) if said.order != Order::Ordinal && said.to == pieces[at].from => {
            Some(i64::from(said.value))
        }
        _ => None,
    });
    // "Il y a trois quatre semaines".
    let is_range = at.checked_sub(2).is_some_and(|before| {
        matches!((pieces[before].sense, pieces[before + 1].sense), (Sense::Number(low), Sense::Number(high))
            if low.to + 1 >= high.from && low.value < high.value && high.value - low.value <= NUMBERS_APART_MAX)
    });
    if is_range {
        return Err("Two numbers beside each other leave open which it is.".to_owned());
    }
    match (count, is_ahead, is_back) {
        (Some(count), true, false) => Ok(Some(span(unit, count))),
        (Some(count), false, true) => Ok(Some(span(unit, -count))),
        (None, false, false) if has(Sense::Next) || has(Sense::This) || has(Sense::Last) => Ok(None),
        _ => Err("The distance from today is not clear.".to_owned()),
    }
}

fn span(unit: Unit, count: i64) -> Span {
    match unit {
        Unit::Day => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Year => count.years(),
    }
}

/// The first such day after the call.
fn coming(weekday: i8, call: Date) -> Date {
    let ahead = (weekday - call.weekday().to_monday_one_offset()).rem_euclid(7);
    let ahead = if ahead == 0 { 7 } else { ahead };
    call.saturating_add(i64::from(ahead).days())
}

/// A weekday with "this", "next" or "last" before it. "Next Friday" on a Monday is this week's for some and
/// next week's for others; from Saturday on it is one day.
fn weekday_of(weekday: i8, pieces: &[Piece], call: Date, clues: Clues) -> Result<Date, String> {
    let today = call.weekday().to_monday_one_offset();
    let has = |sense: Sense| pieces.iter().any(|piece| piece.sense == sense);
    let week = |days: i64, date: Date| date.saturating_add(days.days());
    let later =
        [(Sense::WeekLater, 7), (Sense::FortnightLater, 14)].into_iter().find(|(sense, _)| has(*sense));
    if later.is_some() && weekday == today {
        return Err("It may be counted from today or from the next such day.".to_owned());
    }
    if let Some((_, days)) = later {
        return Ok(week(days, coming(weekday, call)));
    }
    if has(Sense::AfterNext) {
        if weekday > today {
            return Err("The next such day may be of this week or of the one after.".to_owned());
        }
        return Ok(week(7, coming(weekday, call)));
    }
    if has(Sense::Last) {
        if weekday < today {
            return Err("The last such day may be of this week or of the one before.".to_owned());
        }
        return Ok(week(-7, coming_or_today(weekday, call)));
    }
    // What happened on Friday happened on the last one.
    if clues != Clues::None && weekday != today && !has(Sense::Next) && !has(Sense::Coming) {
        return Ok(week(-7, coming_or_today(weekday, call)));
    }
    if has(Sense::Next) {
        if weekday > today {
            return Err("The next such day may be of this week or of the one after.".to_owned());
        }
        return Ok(coming(weekday, call));
    }
    if weekday == today && !has(Sense::Coming) {
        return Err("It is that day of the week today.".to_owned());
    }
    if has(Sense::This) && weekday < today && !has(Sense::Coming) {
        return Err("That day of this week is over.".to_owned());
    }
    Ok(coming(weekday, call))
}

fn coming_or_today(weekday: i8, call: Date) -> Date {
    let ahead = (weekday - call.weekday().to_monday_one_offset()).rem_euclid(7);
    call.saturating_add(i64::from(ahead).days())
}
