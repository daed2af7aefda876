//! Numbers, percentages and money: the one quantity that an answer names.
//!
//! Words are first given their parts ([`item`]), whole numbers are put together from them ([`cardinal`]) and
//! fractions, signs and money around those ([`quantity`]). What remains is judgement: several numbers, bounds
//! ("more than five"), vague quantities ("a few") and negations leave no single value.

mod cardinal;
mod compound;
mod de;
mod dialled;
mod en;
mod es;
mod fr;
mod item;
mod numeral;
mod quantity;
mod run;
mod said;
mod word;

pub(super) use dialled::digit_runs;
pub(super) use said::{Order, Said, only_number, whole_numbers};

use super::language::Locale;
use super::reading::Reading;
use super::speech;
use super::token::{self, Token};
use super::{Asked, Heard};
use item::{Item, Lexicon, Part};
use quantity::Quantity;
use serde_json::Value;
use word::{Unit, Word};

/// Below this confidence a word is not taken for another that sounds like it.
const HOMOPHONE_CONFIDENCE_MIN: f64 = 0.3;

/// Reads a number from the words of an answer.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale, heard: &Heard<'_>) -> Reading {
    let Some(lexicon) = item::lexicon_of(locale.language) else { return read_numeral(tokens, locale) };
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    let tokens = speech::without_fillers(tokens, locale);
    let items = item::items(&tokens, locale);
    let quantities = run::join(&items, &quantity::all(&items, lexicon.grammar), lexicon.grammar);
    let Some(quantities) = quantities else {
        return Reading::unclear("The numbers next to each other can be read as one or as several.");
    };
    if let Some(why) = doubt(&items, &quantities, &tokens) {
        return Reading::unclear(why);
    }
    match distinct(&quantities).as_slice() {
        [] => read_without_quantity(&items, &tokens, asked, lexicon, heard),
        [value] => checked_unit(&items, &tokens, *value, asked, locale),
        several => {
            let said: Vec<String> = several.iter().map(|value| json(*value).to_string()).collect();
            Reading::unclear(format!("The answer names several numbers: {}.", said.join(", ")))
        }
    }
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

fn distinct(quantities: &[Quantity]) -> Vec<f64> {
    let mut values: Vec<f64> = Vec::new();
    for quantity in quantities {
        if !values.contains(&quantity.value) {
            values.push(quantity.value);
        }
    }
    values
}

/// What keeps the answer from being one number.
fn doubt(items: &[Item], quantities: &[Quantity], tokens: &[Token]) -> Option<String> {
    let is_taken = |at: usize| quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&at));
    let free = |at: usize| (!is_taken(at)).then(|| items[at].word()).flatten();
    let said = |at: usize| token::spelled(&tokens[items[at].from..items[at].to]);
    for at in 0..items.len() {
        match free(at) {
            Some(Word::Bound) if !quantities.is_empty() => {
                return Some(format!("\"{}\" makes a bound of the number.", said(at)));
            }
            Some(Word::Vague) => return Some(format!("\"{}\" is no exact number.", said(at))),
            Some(Word::Nothing) if !quantities.is_empty() => {
                return Some(format!("\"{}\" and a number contradict each other.", said(at)));
            }
            Some(Word::Not) if quantities.iter().any(|quantity| quantity.from > at) => {
                return Some(format!("\"{}\" says that it is another number.", said(at)));
            }
            Some(Word::Or) if stands_beside(quantities, at) => {
                return Some(format!("\"{}\" leaves open which number it is.", said(at)));
            }
            Some(Word::No) if is_negation(items, quantities, at) => {
                return Some(format!("\"{}\" says that it is another number.", said(at)));
            }
            _ => {}
        }
    }
    None
}

/// `no tengo cinco`: a "no" that neither pauses nor stands directly before the number.
fn is_negation(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let next = items.get(at + 1).map(|item| item.part);
    let is_apart = matches!(next, Some(Part::Pause) | Some(Part::Word(Word::No)));
    !is_apart && quantities.iter().any(|quantity| quantity.from > at + 1)
}

/// Whether a number ends before a place or begins after it.
fn stands_beside(quantities: &[Quantity], at: usize) -> bool {
    quantities.iter().any(|quantity| quantity.to == at || quantity.from == at + 1)
}

/// No number: none at all, one that sounds like a word, or one before a unit.
fn read_without_quantity(
    items: &[Item],
    tokens: &[Token],
    asked: &Asked<'_>,
    lexicon: &Lexicon,
    heard: &Heard<'_>,
) -> Reading {
    let said = |at: usize| token::spelled(&tokens[items[at].from..items[at].to]);
    if let Some(at) = items.iter().position(|item| item.word() == Some(Word::Nothing)) {
        return Reading::value(0, format!("\"{}\" is zero.", said(at)));
    }
    if let Some(reading) = none_of_what_is_asked(items, tokens, asked) {
        return reading;
    }
    let rest: Vec<usize> = (0..items.len())
        .filter(|at| {
            !matches!(items[*at].part, Part::Pause | Part::Word(Word::Unit(_) | Word::Money | Word::Percent))
        })
        .collect();
    let [only] = rest[..] else { return Reading::unclear("There is no number in the answer.") };
    if items[only].word() == Some(Word::Article) {
        return Reading::value(1, format!("\"{}\" alone is one.", said(only)));
    }
    let homophones = lexicon.grammar.homophones.iter();
    let like = homophones.clone().find(|(spelling, _)| *spelling == said(only));
    match like {
        Some(_) if heard.confidence.is_some_and(|sure| sure < HOMOPHONE_CONFIDENCE_MIN) => {
            Reading::unclear("The answer sounds like a number, but was heard too unsurely.")
        }
        Some((spelling, value)) => {
            Reading::value(*value, format!("Where a number is expected, \"{spelling}\" is {value}."))
        }
        None => Reading::unclear("There is no number in the answer."),
    }
}

/// `no children`, where the question asks how many children.
fn none_of_what_is_asked(items: &[Item], tokens: &[Token], asked: &Asked<'_>) -> Option<Reading> {
    let no = items.iter().position(|item| matches!(item.word(), Some(Word::No | Word::Not)))?;
    let next = items.get(no + 1)?;
    let noun = &tokens.get(next.from)?.text;
    let question = asked.question?.to_lowercase();
    let is_asked = noun.chars().count() >= 4
        && matches!(next.part, Part::Other | Part::Word(Word::Unit(_)))
        && question.split(|c: char| !c.is_alphabetic()).any(|word| same_stem(word, noun));
    is_asked.then(|| Reading::value(0, format!("None of what was asked for: no {noun}.")))
}

fn same_stem(a: &str, b: &str) -> bool {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    alike >= 4 && alike + 2 >= a.chars().count().max(b.chars().count())
}

/// The value, unless it counts in another unit than the question: `six months` for "how many years".
fn checked_unit(items: &[Item], tokens: &[Token], value: f64, asked: &Asked<'_>, locale: &Locale) -> Reading {
    let unit = |items: &[Item]| {
        items
            .iter()
            .filter_map(|item| match item.word() {
                Some(Word::Unit(unit)) if unit != Unit::Thing => Some(unit),
                _ => None,
            })
            .collect::<Vec<Unit>>()
    };
    let said = unit(items);
    let question = token::tokens(asked.question.unwrap_or(""), locale.language);
    let wanted = unit(&item::items(&question, locale));
    let is_other = !said.is_empty() && !wanted.is_empty() && said.iter().all(|unit| !wanted.contains(unit));
    if is_other {
        return Reading::unclear("The number counts in another unit than the question.");
    }
    let why = format!("\"{}\" names the number {}.", token::spelled(tokens), json(value));
    Reading::value(json(value), why)
}

/// The number as JSON: an integer where it is one.
pub(super) fn json(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within what a float holds exactly")]
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}
