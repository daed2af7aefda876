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

pub(super) use dialled::{Run, digit_runs};
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

/// More words that have no part in numbers make another sentence of "nothing".
const OTHER_WORDS_MAX: usize = 5;

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
        [one] => checked_unit(&items, &tokens, *one, asked, locale),
        several => {
            let said: Vec<String> = several.iter().map(|one| json(one.value).to_string()).collect();
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

fn distinct(quantities: &[Quantity]) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    for quantity in quantities {
        if !found.iter().any(|other| other.value == quantity.value) {
            found.push(*quantity);
        }
    }
    found
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
            Some(Word::Article) if counts_with_next(items, quantities, tokens, at) => {
                return Some("One and the number after it leave open which it is.".to_owned());
            }
            Some(Word::More) if follows(items, quantities, at) => {
                return Some(format!("\"{}\" makes a bound of the number.", said(at)));
            }
            Some(Word::And) if goes_on_with_half(quantities, items, at) => {
                return Some("The half belongs to something that is no number.".to_owned());
            }
            Some(Word::Oh) if stands_beside(quantities, at) => {
                return Some("A zero beside the number may belong to it.".to_owned());
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

/// `ein, zwei Jahre`, `ein bis zwei Jahre`, `un à deux ans`; but `un ocho` is an eight.
fn counts_with_next(items: &[Item], quantities: &[Quantity], tokens: &[Token], at: usize) -> bool {
    let begins = |at: usize| quantities.iter().any(|quantity| quantity.from == at);
    let pauses = items.get(at + 1).is_some_and(|item| item.part == Part::Pause);
    let connects = |item: &Item| {
        item.to == item.from + 1 && ["bis", "a", "o", "ou", "oder"].contains(&tokens[item.from].text.as_str())
    };
    // "A third" is a part for some, "a year and six months" is more than the six.
    let is_part = quantities.iter().any(|quantity| {
        quantity.from == at + 1 && quantity.form == quantity::Form::Ordinal && quantity.value >= 3.0
    });
    let is_unit =
        items.get(at + 1).is_some_and(|item| matches!(item.word(), Some(Word::Unit(_) | Word::Money)));
    let goes_on = items.get(at + 2).is_some_and(|item| item.word() == Some(Word::And)) || begins(at + 2);
    if is_part || is_unit && goes_on {
        return true;
    }
    let is_range = items.get(at + 1).is_some_and(connects);
    (pauses || is_range) && begins(at + 2) || tokens[items[at].from].is_word("ein") && begins(at + 1)
}

/// Whether a number ends before a place, perhaps with a pause between.
fn follows(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_pause = at.checked_sub(1).is_some_and(|before| items[before].part == Part::Pause);
    quantities.iter().any(|quantity| quantity.to == at || is_pause && quantity.to + 1 == at)
}

/// `a dozen and a half`: of what the half is cannot be said in numbers.
fn goes_on_with_half(quantities: &[Quantity], items: &[Item], at: usize) -> bool {
    let is_half =
        |quantity: &Quantity| (quantity.from..quantity.to).any(|at| items[at].word() == Some(Word::Half));
    quantities.iter().any(|quantity| quantity.from == at + 1 && is_half(quantity))
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
    let others = items.iter().filter(|item| item.part == Part::Other).count();
    let nothing = items.iter().position(|item| item.word() == Some(Word::Nothing));
    if let Some(at) = nothing.filter(|_| others <= OTHER_WORDS_MAX) {
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

/// Whether the question has this noun.
fn is_asked_for(noun: &str, asked: &Asked<'_>) -> bool {
    let question = asked.question.unwrap_or("").to_lowercase();
    noun.chars().count() >= 4
        && question.split(|c: char| !c.is_alphabetic()).any(|word| same_stem(word, noun))
}

/// `no children`, where the question asks how many children.
fn none_of_what_is_asked(items: &[Item], tokens: &[Token], asked: &Asked<'_>) -> Option<Reading> {
    let no = items.iter().position(|item| matches!(item.word(), Some(Word::No | Word::Not)))?;
    let next = items.get(no + 1)?;
    let noun = &tokens.get(next.from)?.text;
    let is_asked = matches!(next.part, Part::Other | Part::Word(Word::Unit(_))) && is_asked_for(noun, asked);
    is_asked.then(|| Reading::value(0, format!("None of what was asked for: no {noun}.")))
}

fn same_stem(a: &str, b: &str) -> bool {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    alike >= 4 && alike + 2 >= a.chars().count().max(b.chars().count())
}

/// The value, unless it counts in another unit than the question: `six months` for "how many years".
fn checked_unit(
    items: &[Item],
    tokens: &[Token],
    quantity: Quantity,
    asked: &Asked<'_>,
    locale: &Locale,
) -> Reading {
    let unit = |item: &Item| match item.word() {
        Some(Word::Unit(unit)) => Some(unit),
        _ => None,
    };
    let said = items.get(quantity.to).and_then(unit).filter(|unit| *unit != Unit::Thing);
    let question = token::tokens(asked.question.unwrap_or(""), locale.language);
    let wanted: Vec<Unit> = item::items(&question, locale).iter().filter_map(unit).collect();
    if said.is_some_and(|said| !wanted.is_empty() && !wanted.contains(&said)) {
        return Reading::unclear("The number counts in another unit than the question.");
    }
    let value = json(quantity.value);
    let why = format!("\"{}\" names the number {value}.", token::spelled(tokens));
    Reading::value(value, why)
}

/// The number as JSON: an integer where it is one.
pub(super) fn json(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within what a float holds exactly")]
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}
