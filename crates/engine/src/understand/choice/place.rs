//! Choices by place or key: `the second one`, `number two`, `option three`, `the last`.

use super::super::language::Locale;
use super::super::number::{self, Order};
use super::super::reading::Reading;
use super::super::speech;
use super::super::token::{Kind, Token};
use super::{Offer, Sense, by_key, chosen, table};

/// How many words may stand around a number that is meant as a key without a word that says so.
const LONE_WORDS_MAX: usize = 2;

pub(super) fn read(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let said = speech::without_fillers(tokens, locale);
    let found = table(locale).all(&said);
    if found.iter().any(|phrase| phrase.sense == Sense::Not) && !starts_with_place(&found) {
        return None;
    }
    if let Some(lettered) = by_letter(&said, &found, offers) {
        return Some(lettered);
    }
    let number = number::only_number(&said, locale);
    let has = |sense: Sense| found.iter().any(|phrase| phrase.sense == sense);
    let words = said.iter().filter(|token| token.kind != Kind::Pause).count();
    match number {
        _ if has(Sense::Middle) => (offers.len() % 2 == 1)
            .then(|| chosen(offers[offers.len() / 2].choice, "It stands in the middle of the list.")),
        None if has(Sense::First) => {
            offers.first().map(|offer| chosen(offer.choice, "It is the first of the list."))
        }
        None if has(Sense::Last) => {
            offers.last().map(|offer| chosen(offer.choice, "It is the last of the list."))
        }
        None => None,
        Some((value, order)) => {
            if order != Order::Ordinal
                && let Some(offer) = of_value(value, offers, locale)
            {
                return Some(chosen(offer.choice, "The number is its name."));
            }
            if has(Sense::Last)
                || value.fract() != 0.0
                || !(1.0..=999.0).contains(&value)
                || order != Order::Ordinal && is_numeric(offers)
            {
                return Some(Reading::unclear("No choice has this number."));
            }
            let text = value.to_string();
            if order == Order::Ordinal {
                return Some(nth(&text, offers));
            }
            if let Some(offer) = of_number_in_name(value, offers) {
                return Some(chosen(offer.choice, "The number stands in its name alone."));
            }
            // "The short one" is no number one.
            let is_pronoun = value == 1.0 && words > 1 && said.iter().any(|token| token.is_word("one"));
            // "Once a week" is no number one.
            let is_known = |at: usize| found.iter().any(|phrase| (phrase.from..phrase.to).contains(&at));
            let numbers = number::whole_numbers(&said, locale, |_| true);
            let is_number = |at: usize| numbers.iter().any(|number| (number.from..number.to).contains(&at));
            let has_others =
                (0..said.len()).any(|at| said[at].kind == Kind::Word && !is_known(at) && !is_number(at));
            let is_lone = words <= LONE_WORDS_MAX + 1 && !is_pronoun && !has_others;
            let is_key = has(Sense::Place) || is_lone;
            is_key.then(|| {
                let choices: Vec<_> = offers.iter().map(|offer| offer.choice.clone()).collect();
                by_key(&text, &choices)
            })
        }
    }
}

/// `option B`.
fn by_letter(
    said: &[Token],
    found: &[super::super::phrase::Found<Sense>],
    offers: &[Offer<'_>],
) -> Option<Reading> {
    let place = found.iter().find(|phrase| phrase.sense == Sense::Place)?;
    let [letter] = said.get(place.to)?.text.as_bytes() else { return None };
    let at = usize::from(letter.checked_sub(b'a')?);
    let offer = offers.get(at)?;
    Some(chosen(offer.choice, format!("It is number {} of the list.", at + 1)))
}

fn starts_with_place(found: &[super::super::phrase::Found<Sense>]) -> bool {
    found.first().is_some_and(|phrase| phrase.sense == Sense::Place)
}

fn nth(text: &str, offers: &[Offer<'_>]) -> Reading {
    let place = text.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    match place.and_then(|place| offers.get(place)) {
        Some(offer) => chosen(offer.choice, format!("It is number {text} of the list.")),
        None => Reading::unclear(format!("The list has no number {text}.")),
    }
}

/// The one choice with a number in its name: `thirty` for "30 minutes".
fn of_number_in_name<'a, 'b>(value: f64, offers: &'a [Offer<'b>]) -> Option<&'a Offer<'b>> {
    let has = |offer: &&Offer<'_>| {
        offer.names.iter().flatten().any(|word| word.parse::<f64>().is_ok_and(|number| number == value))
    };
    let mut found = offers.iter().filter(has);
    found.next().filter(|_| found.next().is_none())
}

/// Choices that are numbers themselves are chosen by their value, never by their place.
fn is_numeric(offers: &[Offer<'_>]) -> bool {
    offers.iter().any(|offer| offer.choice.value.trim().parse::<f64>().is_ok())
}

fn of_value<'a, 'b>(value: f64, offers: &'a [Offer<'b>], locale: &Locale) -> Option<&'a Offer<'b>> {
    let is_same = |offer: &&Offer<'_>| {
        let tokens = super::super::token::tokens(&offer.choice.value, locale.language);
        let words = tokens.iter().filter(|token| token.kind != Kind::Pause).count();
        words == 1 && number::only_number(&tokens, locale).is_some_and(|(number, _)| number == value)
            || offer.choice.value.trim().parse::<f64>().is_ok_and(|number| number == value)
    };
    offers.iter().find(is_same)
}
