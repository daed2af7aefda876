//! What the clock shows, from the pieces of an answer.

use super::super::language::Language;
use super::super::number::{Order, Said};
use super::words::{Part, Piece, Sense};

/// Hour and minute as they were said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    /// Noon, midnight, or `09:30`: no part of the day is needed.
    pub(super) is_exact: bool,
    /// `12 am` is midnight, but nobody knows what twelve in the morning is.
    pub(super) says_am: bool,
}

/// The one time that is shown, and the part of the day beside it.
pub(super) fn read(pieces: &[Piece], language: Language) -> Result<(Clock, Option<Part>), String> {
    let mut parts: Vec<Part> = Vec::new();
    let mut shown: Vec<Sense> = Vec::new();
    for piece in pieces {
        match piece.sense {
            Sense::Part(part) if !parts.contains(&part) => parts.push(part),
            Sense::Part(_) | Sense::In => {}
            sense => shown.push(sense),
        }
    }
    if parts.len() > 1 && !(parts.contains(&Part::Pm) && parts.len() == 2) {
        return Err("The answer names several parts of the day.".to_owned());
    }
    let part = if parts.contains(&Part::Pm) { Some(Part::Pm) } else { parts.first().copied() };
    if parts.len() == 2 && parts.contains(&Part::Am) {
        return Err("The answer names several parts of the day.".to_owned());
    }
    let clock = shape(&shown, language)?;
    // The part of the day may be said by "in the morning" as well as by "am".
    Ok((Clock { says_am: language == Language::En && clock.says_am, ..clock }, part))
}

fn number(sense: Sense) -> Option<Said> {
    match sense {
        Sense::Number(said) if said.order != Order::Ordinal => Some(said),
        _ => None,
    }
}

/// Matches the whole of what was said against the shapes that a time has.
fn shape(shown: &[Sense], language: Language) -> Result<Clock, String> {
    let plain: Vec<Sense> = without_repeats(shown);
    if let Some((at, is_noon)) = plain.iter().enumerate().find_map(|(at, sense)| match sense {
        Sense::Noon => Some((at, true)),
        Sense::Midnight => Some((at, false)),
        _ => None,
    }) {
        return beside_noon(&plain[..at], &plain[at + 1..], is_noon);
    }
    let found = before_the_hour(&plain, language)
        .or_else(|| after_the_hour(&plain, language))
        .ok_or_else(|| "There is no time in the answer.".to_owned());
    found.and_then(|clock| clock.ok_or_else(|| "The time is not clear.".to_owned()))
}

/// The same time said twice counts once.
fn without_repeats(shown: &[Sense]) -> Vec<Sense> {
    let value = |sense: &Sense| match sense {
        Sense::Number(said) => (format!("{}", said.value), 0),
        other => (format!("{other:?}"), 1),
    };
    let (first, second) = shown.split_at(shown.len() / 2);
    if shown.len().is_multiple_of(2) && first.iter().map(value).eq(second.iter().map(value)) {
        return first.to_vec();
    }
    shown.to_vec()
}

fn clock(hour: u32, minute: u32) -> Clock {
    Clock { hour, minute, is_exact: false, says_am: true }
}

/// `noon`, `midi et demi`, `a quarter to midnight`, `mediodía y media`.
fn beside_noon(before: &[Sense], after: &[Sense], is_noon: bool) -> Result<Clock, String> {
    let exact = |hour: u32, minute: u32| Ok(Clock { is_exact: true, ..clock(hour, minute) });
    let base = if is_noon { 12 } else { 0 };
    match (before, after) {
        ([], []) => exact(base, 0),
        ([], [Sense::Hour]) => exact(base, 0),
        ([Sense::Number(said)], []) | ([Sense::Number(said), Sense::Hour], []) if said.value == 12 => {
            exact(base, 0)
        }
        ([], [Sense::And, rest]) => match amount(*rest) {
            Some(minutes) => exact(base, minutes),
            None => Err("The time is not clear.".to_owned()),
        },
        // "Al mediodía, a las doce" says the hour twice.
        ([], [Sense::Number(said)] | [Sense::Number(said), Sense::Hour]) if said.value == 12 => {
            exact(base, 0)
        }
        ([], [Sense::Number(said)]) if said.value < 60 => exact(base, said.value),
        ([], [Sense::Less, rest]) => match amount(*rest) {
            Some(minutes) => exact((base + 23) % 24, 60 - minutes),
            None => Err("The time is not clear.".to_owned()),
        },
        ([Sense::HalfPast], []) => exact(base, 30),
        ([first, Sense::Past], []) => match amount(*first) {
            Some(minutes) => exact(base, minutes),
            None => Err("The time is not clear.".to_owned()),
        },
        ([first, Sense::To], []) => match amount(*first) {
            Some(minutes) => exact((base + 23) % 24, 60 - minutes),
            None => Err("The time is not clear.".to_owned()),
        },
        _ => Err("The answer names several times.".to_owned()),
    }
}

/// Minutes from 1 to 59 as a number, a quarter or a half.
fn amount(sense: Sense) -> Option<u32> {
    match sense {
        Sense::Quarter => Some(15),
        Sense::Half => Some(30),
        Sense::Number(said) if said.order == Order::Cardinal && (1..60).contains(&said.value) => {
            Some(said.value)
        }
        _ => None,
    }
}

/// Times whose minutes come first: `half past two`, `ten to five`, `Viertel vor drei`, `halb drei`. The outer
/// nothing means that the shape is another one, the inner that it is not clear.
fn before_the_hour(shown: &[Sense], language: Language) -> Option<Option<Clock>> {
    let has_minutes = shown.contains(&Sense::Minutes);
    let shown: Vec<Sense> = shown.iter().filter(|sense| !matches!(sense, Sense::Minutes)).copied().collect();
    let shown = shown.strip_suffix(&[Sense::Hour]).unwrap_or(&shown);
    let earlier = |hour: u32| if hour == 1 { 12 } else { hour.saturating_sub(1) };
    let hour_of = |sense: Sense| number(sense).map(|said| said.value).filter(|hour| (1..=24).contains(hour));
    match *shown {
        [Sense::HalfPast, hour] | [Sense::Half, Sense::Past, hour] => {
            Some(hour_of(hour).map(|hour| clock(hour, 30)))
        }
        [minutes, Sense::Past, hour] => {
            Some(amount(minutes).and_then(|minutes| Some(clock(hour_of(hour)?, minutes))))
        }
        // "Two to four pm" is a range; nobody counts minutes like this but by fives.
        [Sense::Number(said), Sense::To, hour] if says_range(said, has_minutes, hour_of(hour)) => Some(None),
        [minutes, Sense::To, hour] => {
            Some(amount(minutes).and_then(|minutes| Some(clock(earlier(hour_of(hour)?), 60 - minutes))))
        }
        [Sense::HalfBefore, hour] if language == Language::De => {
            Some(hour_of(hour).map(|hour| clock(earlier(hour), 30)))
        }
        [Sense::ThreeQuarters, hour] => Some(hour_of(hour).map(|hour| clock(earlier(hour), 45))),
        [minutes, Sense::To, Sense::HalfBefore, hour] => Some(
            amount(minutes).and_then(|minutes| Some(clock(earlier(hour_of(hour)?), 30 - minutes.min(29)))),
        ),
        [minutes, Sense::Past, Sense::HalfBefore, hour] => Some(
            amount(minutes).and_then(|minutes| Some(clock(earlier(hour_of(hour)?), 30 + minutes.min(29)))),
        ),
        // "Half eight" is half past eight to the British, and nothing to others.
        [Sense::Half, hour @ Sense::Number(_)] if language == Language::En => {
            Some(hour_of(hour).map(|hour| clock(hour, 30)))
        }
        // "Viertel drei" is a quarter past two to some, and a quarter past three to others.
        [Sense::Half | Sense::Quarter, Sense::Number(_)] => Some(None),
        _ => None,
    }
}

/// Times whose hour comes first: `two thirty`, `14:30`, `las tres y media`, `cinq heures moins le quart`.
fn after_the_hour(shown: &[Sense], language: Language) -> Option<Option<Clock>> {
    let (first, rest) = shown.split_first()?;
    let hour = number(*first)?;
    if hour.digits >= 3 {
        return Some(military(hour).filter(|_| rest.iter().all(|sense| *sense == Sense::Hour)));
    }
    if hour.value >= 100 {
        return Some(hundred_hours(hour, rest));
    }
    if hour.value > 24
        || hour.order == Order::Oh
        || hour.value == 0 && hour.digits == 0 && matches!(rest.first(), Some(Sense::Number(_)))
    {
        return oh_first(shown);
    }
    let earlier = |hour: u32| if hour == 1 { 12 } else { hour.saturating_sub(1) };
    let leads_with_zero = hour.digits == 2 && hour.value < 10;
    let at = |minute: u32| Clock { is_exact: leads_with_zero, ..clock(hour.value, minute) };
    let rest: Vec<Sense> = rest.iter().filter(|sense| !matches!(sense, Sense::Minutes)).copied().collect();
    let says_hour = rest.first() == Some(&Sense::Hour);
    let rest = rest.strip_prefix(&[Sense::Hour]).unwrap_or(&rest);
    // "Quatorze heures, quinze heures" are two.
    let says_hour = says_hour && rest.last() != Some(&Sense::Hour);
    let rest = rest.strip_suffix(&[Sense::Hour]).unwrap_or(rest);
    Some(match *rest {
        [] => (hour.value < 24).then(|| at(0)),
        [Sense::Colon, Sense::Number(minute)] if minute.digits == 2 => Some(Clock {
            is_exact: leads_with_zero || is_railway_time(hour, minute, language),
            ..clock(hour.value, minute.value)
        }),
        // "Treize heures cinq", "dreizehn Uhr fünf": after the word for the hour any number is minutes.
        [Sense::Number(minute)] if says_hour && minute.order == Order::Cardinal && minute.value < 60 => {
            Some(Clock {
                is_exact: leads_with_zero || is_railway_time(hour, minute, language),
                ..clock(hour.value, minute.value)
            })
        }
        [Sense::And, Sense::Half | Sense::Quarter] | [Sense::Half | Sense::Quarter] => {
            amount(rest[rest.len() - 1]).map(at)
        }
        [Sense::And, minutes] => amount(minutes).map(at),
        [Sense::Less, minutes] => amount(minutes).map(|minutes| clock(earlier(hour.value), 60 - minutes)),
        // "Nine, ten" is a choice between two hours.
        [Sense::Number(minute)] if says_minutes(minute) && minute.value != hour.value + 1 => {
            Some(at(minute.value))
        }
        [Sense::Number(oh), Sense::Number(minute)] if oh.value == 0 && minute.value < 10 => {
            Some(at(minute.value))
        }
        _ => None,
    })
}

/// `9h45`, `9:45 Uhr`, `zwölf Uhr dreißig`: written with its minutes, a time is of 24 hours in French and German; so is
/// twelve with minutes where it is said. Early hours are left open, for nobody is sure to mean the night.
fn is_railway_time(hour: Said, minute: Said, language: Language) -> bool {
    let is_written = hour.digits > 0 && minute.digits > 0 && minute.value > 0;
    let has_minutes = minute.value >= 10;
    matches!(language, Language::De | Language::Fr)
        && (is_written && (6..=12).contains(&hour.value) || has_minutes && hour.value == 12)
}

fn says_range(said: Said, has_minutes: bool, hour: Option<u32>) -> bool {
    !has_minutes && (!said.value.is_multiple_of(5) || hour == Some(said.value + 1))
}

/// `two five` is no time, `two oh five` and `two ten` are.
fn says_minutes(minute: Said) -> bool {
    minute.order == Order::Cardinal && (10..60).contains(&minute.value)
        || minute.digits == 2 && minute.value < 60
        || minute.value == 0 && minute.order == Order::Cardinal
}

/// `oh nine thirty`: a 24-hour clock said with its zero.
fn oh_first(shown: &[Sense]) -> Option<Option<Clock>> {
    let [zero, hour, rest @ ..] = shown else { return None };
    let (zero, hour) = (number(*zero)?, number(*hour)?);
    // "Oh nine hundred".
    if zero.value == 0 && hour.value % 100 == 0 && (100..1000).contains(&hour.value) {
        return Some(hundred_hours(hour, &[Sense::Hour]));
    }
    if zero.value != 0 || !(1..10).contains(&hour.value) {
        return None;
    }
    let exact = |minute: u32| Some(Clock { is_exact: true, ..clock(hour.value, minute) });
    Some(match *rest {
        [Sense::Hour] => exact(0),
        [Sense::Number(minute)] | [Sense::Number(minute), Sense::Hour] if says_minutes(minute) => {
            exact(minute.value)
        }
        [Sense::Hour, Sense::Number(minute)] if minute.value < 60 => exact(minute.value),
        _ => None,
    })
}

/// `seventeen hundred hours`.
fn hundred_hours(said: Said, rest: &[Sense]) -> Option<Clock> {
    let (hour, minute) = (said.value / 100, said.value % 100);
    let says_hours = minute == 0
        && (said.value >= 1_000 || !rest.is_empty())
        && rest.iter().all(|sense| *sense == Sense::Hour);
    (says_hours && hour < 24 && minute < 60).then(|| Clock { is_exact: true, ..clock(hour, minute) })
}

/// `1430`, `930`.
fn military(said: Said) -> Option<Clock> {
    let (hour, minute) = (said.value / 100, said.value % 100);
    let is_exact = said.digits == 4;
    (said.digits <= 4 && hour < 24 && minute < 60).then(|| Clock { is_exact, ..clock(hour, minute) })
}
