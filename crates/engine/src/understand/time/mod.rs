//! Times of day: `half past two in the afternoon`, `quatorze heures trente`, `halb drei nachmittags`.
//!
//! An hour from one to twelve without morning or evening is asked again, in every language: of "at three"
//! nobody knows which half of the day is meant. What says it is the answer, or else the question.

mod clock;
mod words;

use super::Asked;
use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Token};
use clock::Clock;
use words::{Part, Sense};

/// Reads a time; the value is text like `14:30`.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    let tokens = speech::without_fillers(tokens, locale);
    let pieces = words::pieces(&tokens, locale);
    if let Some(open) = pieces.iter().find(|piece| piece.sense == Sense::Open) {
        let said = token::spelled(&tokens[open.from..open.to]);
        return Reading::unclear(format!("\"{said}\" names no single time."));
    }
    if pieces.iter().any(|piece| piece.sense == Sense::In)
        && pieces.iter().any(|piece| piece.sense == Sense::Minutes)
    {
        return Reading::unclear("A time from now on is no time of day.");
    }
    let (clock, part) = match clock::read(&pieces, locale.language) {
        Ok(found) => found,
        Err(why) => return Reading::unclear(why),
    };
    let part = part.or_else(|| words::part_of_question(asked.question, locale));
    match resolve(clock, part) {
        Ok((hour, minute)) => Reading::value(
            format!("{hour:02}:{minute:02}"),
            format!("\"{}\" is {hour:02}:{minute:02}.", token::spelled(&tokens)),
        ),
        Err(why) => Reading::unclear(why),
    }
}

/// Reads keys: four digits of a 24-hour clock.
pub(super) fn of_keys(digits: &str) -> Reading {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    match (digits.len(), part(0, 2), part(2, 4)) {
        (4, Some(hour @ 0..=23), Some(minute @ 0..=59)) => {
            Reading::value(format!("{hour:02}:{minute:02}"), "The keys are hours and minutes.")
        }
        _ => Reading::unclear("A time by keys has four digits, from 0000 to 2359."),
    }
}

/// The hour of the day from what the clock shows and the part of the day.
fn resolve(clock: Clock, part: Option<Part>) -> Result<(u32, u32), String> {
    let Clock { hour, minute, .. } = clock;
    if hour > 23 || minute > 59 {
        return Err("There is no such time.".to_owned());
    }
    if clock.is_exact || hour == 0 || hour > 12 {
        return match part {
            Some(Part::Am) if hour > 12 => Err("The hour is none of the morning.".to_owned()),
            _ => Ok((hour, minute)),
        };
    }
    let hour = match (part, hour) {
        (None, _) => return Err("Nobody can tell whether it is in the morning or later.".to_owned()),
        (Some(Part::Am), 12) if clock.says_am => 0,
        (Some(Part::Am | Part::Early), 1..=11) => hour,
        (Some(Part::Early), 12) => 0,
        (Some(Part::Pm), 12) => 12,
        (Some(Part::Pm), _) => hour + 12,
        (Some(Part::Afternoon), 12) => 12,
        (Some(Part::Afternoon), 1..=8) => hour + 12,
        (Some(Part::Day), 12 | 11) => hour,
        (Some(Part::Day), 1..=3) => hour + 12,
        (Some(Part::Evening), 4..=11) => hour + 12,
        (Some(Part::Night), 12) => 0,
        (Some(Part::Night), 7..=11) => hour + 12,
        (Some(Part::Night), 1..=5) => hour,
        _ => return Err("The hour does not fit the part of the day.".to_owned()),
    };
    Ok((hour, minute))
}
