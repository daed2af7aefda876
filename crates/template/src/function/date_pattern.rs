//! Patterns such as `dd.MM.yyyy HH:mm`, in the letters of Unicode's date patterns.

use super::date_input::Moment;
use crate::language::{Locale, Words, month_name, weekday_name};
use jiff::civil::{Date, Time};
use std::fmt::Write;

/// Writes a moment by a pattern; letters mean something, quoted text and signs stand as they are.
///
/// # Errors
/// The problem, as the rest of a sentence that begins with the function's name.
pub(super) fn write(pattern: &str, moment: Moment, locale: Locale) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = write_quoted(&rest[1..], &mut text)?;
            continue;
        }
        let length = rest.len() - rest.trim_start_matches(first).len();
        let (run, after) = rest.split_at(length);
        if first.is_alphabetic() {
            write_run(run, moment, locale, &mut text)?;
        } else {
            text.push_str(run);
        }
        rest = after;
    }
    Ok(text)
}

/// Writes what follows a quotation mark up to the next; two marks in a row are the mark itself.
/// Gives what comes after.
fn write_quoted<'p>(mut rest: &'p str, text: &mut String) -> Result<&'p str, String> {
    if let Some(after) = rest.strip_prefix('\'') {
        text.push('\'');
        return Ok(after);
    }
    loop {
        let (quoted, after) =
            rest.split_once('\'').ok_or("has a pattern whose quotation mark is never closed")?;
        text.push_str(quoted);
        match after.strip_prefix('\'') {
            Some(next) => {
                text.push('\'');
                rest = next;
            }
            None => return Ok(after),
        }
    }
}

/// Writes what a run of one letter stands for.
fn write_run(run: &str, moment: Moment, locale: Locale, text: &mut String) -> Result<(), String> {
    let date = || moment.date.ok_or_else(|| format!("has no date for `{run}`"));
    let time = || moment.time.ok_or_else(|| format!("has no time of day for `{run}`"));
    let written = match run {
        "yyyy" | "YYYY" => write!(text, "{:04}", date()?.year()),
        "yy" | "YY" => write!(text, "{:02}", date()?.year().rem_euclid(100)),
        "MMMM" => text.write_str(month_name(&words(run, locale)?.months, date()?)),
        "MMM" => text.write_str(month_name(&words(run, locale)?.months_short, date()?)),
        "MM" => write!(text, "{:02}", date()?.month()),
        "M" => write!(text, "{}", date()?.month()),
        "dd" | "DD" => write!(text, "{:02}", date()?.day()),
        "d" | "D" => write!(text, "{}", date()?.day()),
        "EEEE" => text.write_str(weekday_name(&words(run, locale)?.weekdays, Date::weekday(date()?))),
        "EEE" => text.write_str(weekday_name(&words(run, locale)?.weekdays_short, Date::weekday(date()?))),
        "HH" => write!(text, "{:02}", time()?.hour()),
        "H" => write!(text, "{}", time()?.hour()),
        "hh" => write!(text, "{:02}", twelve(time()?)),
        "h" => write!(text, "{}", twelve(time()?)),
        "mm" => write!(text, "{:02}", time()?.minute()),
        "ss" => write!(text, "{:02}", time()?.second()),
        "a" => text.write_str(half_of_day(time()?, locale)),
        _ => return Err(format!("has neither a style nor a pattern letter `{run}`")),
    };
    written.expect("writing to a string cannot fail");
    Ok(())
}

fn words(run: &str, locale: Locale) -> Result<&'static Words, String> {
    locale.language.words().ok_or_else(|| format!("has no names for `{run}` in this language"))
}

/// The hour from 1 to 12.
fn twelve(time: Time) -> i8 {
    match time.hour() % 12 {
        0 => 12,
        hour => hour,
    }
}

fn half_of_day(time: Time, locale: Locale) -> &'static str {
    let (before_noon, after_noon) =
        locale.language.words().map_or(("AM", "PM"), |words| (words.before_noon, words.after_noon));
    if time.hour() < 12 { before_noon } else { after_noon }
}
