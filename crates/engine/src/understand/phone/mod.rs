//! Phone numbers, as they are read out digit by digit, in pairs, doubled or in hundreds.

use super::language::Locale;
use super::number;
use super::reading::Reading;
use super::speech;
use super::token::Token;
use crate::address::PhoneNumber;

/// With the country's code. A caller who stopped early has said fewer; some of these are numbers of towns.
const DIGITS_MIN: usize = 10;
/// Of a number that is in no range which is known to be given out, as all made-up ones are.
const UNUSUAL_DIGITS_MIN: usize = 11;
/// Where numbers are longer than that.
const LONG_NUMBERS: &[&str] = &["+44", "+49"];
/// Two digits or fewer beside a number belong to something else: "my number two phone".
const STRAY_DIGITS_MAX: usize = 2;

/// Reads a phone number; the value is E.164. Without a country code it is one of the person's region.
pub(super) fn read(tokens: &[Token], locale: &Locale) -> Reading {
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    if tokens.iter().any(|token| is_extension(&token.text)) {
        return Reading::unclear("An extension is no part of a number that can be dialled.");
    }
    let runs = number::digit_runs(tokens, locale);
    if runs.iter().any(|run| run.has_doubt) {
        return Reading::unclear("The words around the digits leave open which they are.");
    }
    let runs: Vec<String> = runs.into_iter().map(|run| run.digits).collect();
    let whole: Vec<&String> = runs.iter().filter(|run| run.len() > STRAY_DIGITS_MAX).collect();
    let mut numbers: Vec<PhoneNumber> = whole.iter().filter_map(|run| number_of(run, locale)).collect();
    numbers.dedup();
    match (numbers.as_slice(), whole.len()) {
        ([number], 1) => told(number),
        ([number], runs_said)
            if whole.iter().all(|run| number_of(run, locale).is_some()) && runs_said > 1 =>
        {
            told(number)
        }
        ([], 0) => Reading::unclear("There is no phone number in the answer."),
        // Said in parts with words between: "area code five five five, then …".
        ([], _) => match number_of(&runs.concat(), locale) {
            Some(number) => told(&number),
            None => Reading::unclear("The digits make no possible phone number."),
        },
        _ => Reading::unclear("The answer has digits that belong to no phone number, or to several."),
    }
}

/// What a correction of some of the digits makes of the number.
pub(super) fn corrected(before: &[Token], after: &[Token], locale: &Locale) -> Option<Reading> {
    number::corrected(before, after, locale, |digits| number_of(digits, locale)).as_ref().map(told)
}

/// Reads keys as a number of the person's region.
pub(super) fn of_keys(digits: &str, locale: &Locale) -> Reading {
    match number_of(digits, locale) {
        Some(number) => told(&number),
        None => Reading::unclear("The keys are no possible phone number."),
    }
}

fn told(number: &PhoneNumber) -> Reading {
    Reading::value(number.as_str(), format!("The digits are the phone number {number}."))
}

fn number_of(digits: &str, locale: &Locale) -> Option<PhoneNumber> {
    let international = digits.strip_prefix("00").map(|rest| format!("+{rest}"));
    let written = international.as_deref().unwrap_or(digits);
    let region = locale.region.as_deref().filter(|_| !written.starts_with('+'));
    let number = PhoneNumber::parse(written, region).ok()?;
    let written = number.as_str();
    let is_long = LONG_NUMBERS.iter().any(|code| written.starts_with(code));
    let digits_min = if number.is_unusual() { UNUSUAL_DIGITS_MIN + usize::from(is_long) } else { DIGITS_MIN };
    let is_whole = written.len() > digits_min;
    is_whole.then_some(number)
}

fn is_extension(word: &str) -> bool {
    matches!(word, "extension" | "ext" | "poste" | "durchwahl" | "anexo" | "interno")
}
