//! Times of day: `half past two in the afternoon`, `quatorze heures trente`, `halb drei nachmittags`.
//!
//! An hour from one to twelve without morning or evening is asked again, in every language: of "at three"
//! nobody knows which half of the day is meant. What says it is the answer, or else the question.

mod beside;
mod clock;
mod words;

use super::Asked;
use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Token};
use clock::Clock;
use words::{Part, Piece, Sense};

/// Reads a time; the value is text like `14:30`.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    let tokens = &speech::without_easy(tokens, locale);
    if let Some(said) = speech::is_about_other(tokens, asked.question, locale) {
        let read = |(_, after): (String, &[Token])| read_once(after, asked, locale);
        let concluded = speech::conclusion(tokens, locale).map(read).filter(Reading::is_value);
        let why = format!("\"{said}\" may have a time of its own.");
        return concluded
            .map_or_else(|| Reading::unclear(why.clone()), |reading| reading.because(why.clone()));
    }
    let reading = read_once(tokens, asked, locale);
    if reading.is_value() || speech::unsure(tokens, locale).is_some() {
        return reading;
    }
    if let Some(reading) = speech::what_counts(tokens, locale, |part| read_once(part, asked, locale)) {
        return reading;
    }
    let names_time = |rest: &[Token]| words::pieces(rest, locale).iter().any(is_value);
    speech::explained(tokens, locale, |head| read_once(head, asked, locale), names_time).unwrap_or(reading)
}

fn read_once(tokens: &[Token], asked: &Asked<'_>, locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    if let Some(said) = speech::tells_of_other(tokens, asked.question, locale) {
        return Reading::unclear(format!("\"{said}\" tells of something else."));
    }
    if let Some(said) = speech::refuses(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" may say that this time does not suit."));
    }
    // "Gegen Mittag" is open, though "gegen drei" is taken for three.
    let raw = words::pieces(tokens, locale);
    let tokens = if raw.iter().any(|piece| piece.sense == Sense::Open) {
        tokens.to_vec()
    } else {
        speech::without_fillers(tokens, locale)
    };
    let pieces = words::pieces(&tokens, locale);
    if let Some(open) = pieces.iter().find(|piece| piece.sense == Sense::Open) {
        let said = token::spelled(&tokens[open.from..open.to]);
        return Reading::unclear(format!("\"{said}\" names no single time."));
    }
    if is_distance(&pieces) {
        return Reading::unclear("A time from now on is no time of day.");
    }
    if let [piece] = pieces.as_slice()
        && matches!(piece.sense, Sense::Number(_))
        && is_alone(piece, &tokens)
        && words::part_of_question(asked.question, locale).is_none()
    {
        return Reading::unclear("A number alone may be anything.");
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

fn is_value(piece: &Piece) -> bool {
    matches!(piece.sense, Sense::Number(_) | Sense::Noon | Sense::Midnight)
}

/// Further away than so many minutes a corrected time may be of another part of the day.
const CORRECTION_MINUTES_MAX: i32 = 180;

/// A correction without a part of the day is of that which was said before: `ten in the morning, no, eleven`.
pub(super) fn corrected(
    before: &[Token],
    after: &[Token],
    asked: &Asked<'_>,
    locale: &Locale,
) -> Option<Reading> {
    let is_part = |piece: &&Piece| matches!(piece.sense, Sense::Part(_));
    let (was, is) = (words::pieces(before, locale), words::pieces(after, locale));
    let part = was.iter().rfind(is_part).filter(|_| !is.iter().any(|piece| is_part(&piece)))?;
    let numbers = |pieces: &[Piece]| pieces.iter().filter(|piece| is_value(piece)).count();
    // "Nine thirty, no, ten" may be ten minutes past nine.
    if numbers(&was) > numbers(&is) {
        return None;
    }
    let spliced = [after, &before[part.from..part.to]].concat();
    let minutes = |reading: &Reading| match reading {
        Reading::Value { value, .. } => {
            let (hour, minute) = value.as_str()?.split_once(':')?;
            Some(hour.parse::<i32>().ok()? * 60 + minute.parse::<i32>().ok()?)
        }
        Reading::Unclear { .. } => None,
    };
    let reading = read_once(&spliced, asked, locale);
    let first = minutes(&read_once(before, asked, locale))?;
    let is_near = minutes(&reading).is_some_and(|latest| (latest - first).abs() <= CORRECTION_MINUTES_MAX);
    is_near.then_some(reading)
}

/// A number of one or two digits, and no other word.
fn is_alone(piece: &Piece, tokens: &[Token]) -> bool {
    let Sense::Number(said) = piece.sense else { return false };
    let others =
        tokens.len() - (piece.to - piece.from) - tokens.iter().filter(|token| token.is_pause()).count();
    others == 0 && said.value < 100 && said.digits < 3
}

/// `in two hours`, `twenty minutes`: from now on, or how long.
fn is_distance(pieces: &[Piece]) -> bool {
    let is_number = |piece: &Piece| matches!(piece.sense, Sense::Number(_) | Sense::Half);
    let first = pieces.iter().find(|piece| !matches!(piece.sense, Sense::Part(_)));
    let after_in = pieces
        .windows(2)
        .any(|pair| pair[0].sense == Sense::In && is_number(&pair[1]) && pair[0].to == pair[1].from);
    let counts_minutes =
        first.is_some_and(is_number) && pieces.get(1).is_some_and(|piece| piece.sense == Sense::Minutes);
    let says_hour = pieces.iter().any(|piece| matches!(piece.sense, Sense::Past | Sense::To));
    after_in || counts_minutes && !says_hour
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

/// Whether an hour after noon, on a clock of 24 hours, belongs to a part of the day.
fn fits_late(part: Part, hour: u32) -> bool {
    match part {
        Part::Am | Part::Morning | Part::Early => false,
        Part::Pm => true,
        Part::Day => hour <= 15,
        Part::Afternoon => hour <= 19,
        Part::Evening => hour >= 16,
        Part::Night => hour >= 18,
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
            Some(part) if hour > 12 && !fits_late(part, hour) => {
                Err("The hour does not fit the part of the day.".to_owned())
            }
            _ => Ok((hour, minute)),
        };
    }
    let hour = match (part, hour) {
        (None, _) => return Err("Nobody can tell whether it is in the morning or later.".to_owned()),
        (Some(Part::Am), 12) if clock.says_am => 0,
        (Some(Part::Am | Part::Morning | Part::Early), 1..=11) => hour,
        (Some(Part::Early), 12) => 0,
        (Some(Part::Pm), 12) => 12,
        (Some(Part::Pm), _) => hour + 12,
        (Some(Part::Afternoon), 12) => 12,
        (Some(Part::Afternoon), 1..=8) => hour + 12,
        (Some(Part::Day), 12 | 11) => hour,
        (Some(Part::Day), 1..=3) => hour + 12,
        (Some(Part::Evening), 4..=11) => hour + 12,
        (Some(Part::Night), 12) => 0,
        (Some(Part::Night), 6..=11) => hour + 12,
        (Some(Part::Night), 1..=3) => hour,
        _ => return Err("The hour does not fit the part of the day.".to_owned()),
    };
    Ok((hour, minute))
}
