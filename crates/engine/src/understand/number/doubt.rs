//! What keeps an answer with a number in it from naming that number: bounds, alternatives, denials, and words that
//! belong to an answer of another type.

use super::super::language::{Language, Locale};
use super::super::token::{self, Token};
use super::item::{Item, Part};
use super::quantity::{Form, Quantity};
use super::word::Word;

/// What keeps the answer from being one number.
pub(super) fn doubt(
    items: &[Item],
    quantities: &[Quantity],
    tokens: &[Token],
    locale: &Locale,
) -> Option<String> {
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
            Some(Word::And) if counts_the_person_too(items, quantities, at) => {
                return Some("The person may count as well.".to_owned());
            }
            Some(Word::Not)
                if !takes_away(items, quantities, at)
                    && quantities.iter().any(|quantity| quantity.from > at) =>
            {
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
            Some(Word::Elsewhere) if is_elsewhere(quantities, at, &tokens[items[at].from]) => {
                return Some(format!("\"{}\" belongs to an answer of another type.", said(at)));
            }
            Some(Word::And) if joins_one(items, quantities, at) => {
                return Some("The answer counts several things.".to_owned());
            }
            // "Oh, forty two": in front it changes nothing.
            Some(Word::Oh) if at > 0 && stands_beside(quantities, at) => {
                return Some("A zero beside the number may belong to it.".to_owned());
            }
            Some(Word::Or) if stands_beside(quantities, at) => {
                return Some(format!("\"{}\" leaves open which number it is.", said(at)));
            }
            Some(Word::No)
                if is_negation(items, quantities, at) || is_spanish_not(quantities, at, locale) =>
            {
                return Some(format!("\"{}\" says that it is another number.", said(at)));
            }
            _ => {}
        }
    }
    ordinal_in_sentence(items, quantities)
}

/// `thirteen, not thirty`: what stands after the "not" was taken away before.
fn takes_away(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_number = items.get(at + 1).is_some_and(|item| {
        matches!(
            item.part,
            Part::Numeral { .. }
                | Part::Word(Word::Small(_) | Word::Tens(_) | Word::Hundreds(_) | Word::Hundred)
        )
    });
    is_number && !quantities.iter().any(|quantity| quantity.from == at + 1)
}

/// `me and my two kids`.
fn counts_the_person_too(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_alone = at.checked_sub(1).is_some_and(|before| items[before].word() == Some(Word::Alone));
    is_alone && quantities.iter().any(|quantity| quantity.from > at)
}

/// More words around an ordinal make a sentence of it: `I bought it second hand`.
const WORDS_AROUND_ORDINAL_MAX: usize = 3;

fn ordinal_in_sentence(items: &[Item], quantities: &[Quantity]) -> Option<String> {
    let others = items.iter().filter(|item| matches!(item.part, Part::Other)).count();
    let is_ordinal = quantities.iter().all(|quantity| quantity.form == Form::Ordinal);
    (!quantities.is_empty() && is_ordinal && others > WORDS_AROUND_ORDINAL_MAX)
        .then(|| "The ordinal stands in a sentence, and may count something else.".to_owned())
}

/// `three o'clock`, `at dot com`. An "am" is one after the number only: `I am five`.
fn is_elsewhere(quantities: &[Quantity], at: usize, token: &Token) -> bool {
    let is_after = quantities.iter().any(|quantity| quantity.to == at);
    !quantities.is_empty() && (is_after || !token.is_word("am"))
}

/// `two boys and a girl`: an "and" before one more.
fn joins_one(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_article = items.get(at + 1).is_some_and(|item| item.word() == Some(Word::Article));
    let is_taken = quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&(at + 1)));
    is_article && !is_taken && quantities.iter().any(|quantity| quantity.to <= at)
}

/// The Spanish "no" denies the number after it.
fn is_spanish_not(quantities: &[Quantity], at: usize, locale: &Locale) -> bool {
    locale.language == Language::Es && at == 0 && quantities.iter().any(|quantity| quantity.from == at + 1)
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
    let is_part = quantities
        .iter()
        .any(|quantity| quantity.from == at + 1 && quantity.form == Form::Ordinal && quantity.value >= 3.0);
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
