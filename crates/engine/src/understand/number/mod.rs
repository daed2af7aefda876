//! Numbers, percentages and money: the one quantity that an answer names.
//!
//! Words are first given their parts ([`item`]), whole numbers are put together from them ([`cardinal`]) and
//! fractions, signs and money around those ([`quantity`]). What remains is judgement: several numbers, bounds
//! ("more than five"), vague quantities ("a few") and negations leave no single value.

mod aside;
mod cardinal;
mod compound;
mod de;
mod dialled;
mod doubt;
mod en;
mod es;
mod fr;
mod item;
mod lone;
mod numeral;
mod quantity;
mod question;
mod run;
mod said;
mod word;

pub(super) use dialled::{Run, corrected, digit_runs};
pub(super) use said::{Order, Said, only_number, whole_numbers};

use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Token};
use super::{Asked, Heard};
use item::{Item, Part};
use quantity::Quantity;
use question::Question;
use serde_json::Value;
use word::Word;

/// Reads a number from the words of an answer. Where they name none that is sure, but come to a conclusion, that
/// counts: `me and two kids, so three`.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale, heard: &Heard<'_>) -> Reading {
    if let Some(said) = speech::for_somebody(tokens, locale).filter(|_| !asks_people(asked, locale)) {
        return Reading::unclear(format!("\"{said}\" says that it is for somebody else."));
    }
    let reading = read_once(tokens, asked, locale, heard);
    if reading.is_value() || speech::unsure(tokens, locale).is_some() {
        return reading;
    }
    // "Five because I started late".
    let explained = aside::heads(tokens, locale)
        .into_iter()
        .map(|head| read_once(head, asked, locale, heard))
        .find(Reading::is_value);
    if let Some(explained) = explained {
        return explained.because("What follows it explains it.");
    }
    if let Some((said, after)) = speech::latest_state(tokens, locale) {
        let latest = read_once(after, asked, locale, heard);
        if latest.is_value() {
            return latest.because(format!("\"{said}\" is what counts."));
        }
    }
    let names_number = |rest: &[Token]| !said::whole_numbers(rest, locale, |_| true).is_empty();
    let read = |head: &[Token]| match read_once(head, asked, locale, heard) {
        // "Me, my wife and the kids" are no one.
        Reading::Value { .. } if !names_number(head) && tokens.len() > head.len() + WORDS_BESIDE_NONE_MAX => {
            Reading::unclear("The beginning of the answer names no number.")
        }
        reading => reading,
    };
    if let Some(explained) = speech::explained(tokens, locale, read, names_number) {
        return explained;
    }
    let Some((said, after)) = speech::conclusion(tokens, locale) else { return reading };
    match read_once(after, asked, locale, heard) {
        concluded if concluded.is_value() => concluded.because(format!("\"{said}\" comes to what is meant.")),
        _ => reading,
    }
}

/// Whether the question counts people, of whom somebody else may be one.
fn asks_people(asked: &Asked<'_>, locale: &Locale) -> bool {
    let lexicon = item::lexicon_of(locale.language);
    lexicon.is_some_and(|lexicon| Question::of(asked.question, locale, lexicon.grammar).asks_people)
}

fn read_once(tokens: &[Token], asked: &Asked<'_>, locale: &Locale, heard: &Heard<'_>) -> Reading {
    let Some(lexicon) = item::lexicon_of(locale.language) else { return read_numeral(tokens, locale) };
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    if aside::is_about_another(&speech::without_fillers(tokens, locale), asked.question, locale) {
        return Reading::unclear("The number may be that of somebody else.");
    }
    let question = Question::of(asked.question, locale, lexicon.grammar);
    let said_words = tokens.iter().filter(|token| !token.is_pause()).count();
    let tokens = speech::parted_by_fillers(&parted(tokens), locale);
    let items = item::items(&tokens, locale);
    let each = quantity::all(&items, lexicon.grammar);
    if let Some(sum) = aside::sum(&items, &each) {
        return told(&tokens, sum).because("The numbers after it add up to it.");
    }
    let Some(quantities) = run::join(&items, &each, lexicon.grammar, &question) else {
        return Reading::unclear("The numbers next to each other can be read as one or as several.");
    };
    let quantities = match aside::grade(&items, &quantities).filter(|_| question.asks_grade) {
        Some(grade) => vec![grade],
        None => quantities,
    };
    let quantities = aside::without_parts(&items, &tokens, &quantities);
    let mut quantities = aside::without_ordinals(&items, &without_others(&items, &quantities));
    if quantities.len() > 1
        && let Some(counted) =
            aside::counted(&items, &tokens, &quantities, |item| question.is_counted(item, &tokens))
    {
        quantities = vec![counted];
    }
    if aside::counts_twice(&items, &quantities) {
        return Reading::unclear("The answer counts several things.");
    }
    if let Some(why) = doubt::doubt(&items, &quantities, &tokens, locale, &question) {
        return Reading::unclear(why);
    }
    // "None, I've never driven one".
    if items.iter().any(|item| item.word() == Some(Word::Nothing)) && quantities.len() == 1 {
        quantities.retain(|quantity| !tokens[items[quantity.from].from].is_word("one"));
    }
    match distinct(&quantities).as_slice() {
        [] => lone::read(&items, &tokens, &question, locale, lexicon, heard, said_words),
        [one] => question.fits(&items, *one).map_or_else(|| told(&tokens, *one), Reading::unclear),
        several => {
            let said: Vec<String> = several.iter().map(|one| json(one.value).to_string()).collect();
            Reading::unclear(format!("The answer names several numbers: {}.", said.join(", ")))
        }
    }
}

fn told(tokens: &[Token], quantity: Quantity) -> Reading {
    let value = json(quantity.value);
    let why = format!("\"{}\" names the number {value}.", token::spelled(tokens).trim_end_matches(','));
    Reading::value(value, why)
}

/// A yes inside the answer parts the numbers around it: `five, yes, five` is not 55.
fn parted(tokens: &[Token]) -> Vec<Token> {
    const AFFIRMATIONS: &[&str] = &[
        "yes", "yeah", "yep", "right", "correct", "ja", "genau", "richtig", "oui", "ouais", "si", "exacto",
        "eso",
    ];
    let is_affirmation = |token: &Token| AFFIRMATIONS.contains(&token.text.as_str());
    tokens.iter().map(|token| if is_affirmation(token) { token::pause() } else { token.clone() }).collect()
}

/// More words after an answer that names no number go on with it.
const WORDS_BESIDE_NONE_MAX: usize = 1;

/// The best grades that people name beside the one they give.
const BEST_GRADES: &[f64] = &[5.0, 10.0, 20.0, 100.0];

/// `thirteen, not thirty`, `not thirteen but thirty`: a "not" directly before one of two numbers takes it away.
fn denies(items: &[Item], quantities: &[Quantity], quantity: &Quantity) -> bool {
    let is = |at: Option<usize>, word| at.is_some_and(|at| items[at].word() == Some(word));
    let denied = |quantity: &Quantity| {
        let before = quantity.from.checked_sub(1);
        is(before, Word::Not) || is(before, Word::Article) && is(quantity.from.checked_sub(2), Word::Not)
    };
    quantities.len() == 2 && denied(quantity) && quantities.iter().filter(|other| denied(other)).count() == 1
}

/// Without what stands beside the number that is meant: `seven out of ten` is seven.
fn without_others(items: &[Item], quantities: &[Quantity]) -> Vec<Quantity> {
    let is_best = |at: usize| {
        let Some((grade, best)) = at.checked_sub(1).map(|before| (quantities[before], quantities[at])) else {
            return false;
        };
        let says_so = items.get(grade.to).is_some_and(|item| item.word() == Some(Word::OutOf));
        says_so && best.from == grade.to + 1 && grade.value <= best.value && BEST_GRADES.contains(&best.value)
    };
    // "I measured it once" beside another number.
    let is_once = |quantity: &Quantity| {
        quantities.len() > 1 && items[quantity.from].word() == Some(Word::Tenths(10)) && quantity.from > 0
    };
    let is_denied = |quantity: &Quantity| denies(items, quantities, quantity);
    let kept = (0..quantities.len())
        .filter(|at| !is_best(*at) && !is_once(&quantities[*at]) && !is_denied(&quantities[*at]));
    kept.map(|at| quantities[at]).collect()
}

/// The number of one language-free numeral.
fn read_numeral(tokens: &[Token], locale: &Locale) -> Reading {
    let items = item::items(tokens, locale);
    let numerals: Vec<f64> = items
        .iter()
        .filter_map(|item| match item.part {
            Part::Numeral { value, .. } => Some(value),
            _ => None,
        })
        .collect();
    match numerals.as_slice() {
        [value] => Reading::value(json(*value), "The answer is written in digits."),
        _ => Reading::unclear("Number words of this language are not known, only digits."),
    }
}

fn distinct(quantities: &[Quantity]) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    for quantity in quantities {
        if !found.iter().any(|other| other.value == quantity.value) {
            found.push(*quantity);
        }
    }
    found
}

/// The number as JSON: an integer where it is one.
pub(super) fn json(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within what a float holds exactly")]
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}
