//! Numbers beside the time that are none: how many people come, and days of the month.

use super::super::date;
use super::super::language::Locale;
use super::super::number::{Order, Said};
use super::super::phrase::Found;
use super::super::token::Token;
use super::words::Sense;

/// What people who come are called.
const PEOPLE: &[&str] = &[
    "people",
    "persons",
    "guests",
    "adults",
    "kids",
    "children",
    "personen",
    "leute",
    "leuten",
    "gaste",
    "erwachsene",
    "kinder",
    "personnes",
    "adultes",
    "enfants",
    "couverts",
    "personas",
    "comensales",
    "adultos",
    "ninos",
];
/// Words before a number that tells how many come: `we are four`, `zu viert`.
const COUNTING: &[&str] = &[
    "are", "were", "zu", "sind", "waren", "sommes", "serons", "est", "sera", "somos", "seremos", "seriamos",
];
/// Words that stand before a number of people as well as before a time.
const FOR: &[&str] = &["for", "fur", "pour", "para"];

/// The numbers that are no part of a time, and the others. A time is left in any case.
pub(super) fn part(
    tokens: &[Token],
    numbers: &[Said],
    found: &[Found<Sense>],
    locale: &Locale,
) -> (Vec<Said>, Vec<Said>) {
    let days = date::days_of_months(tokens, locale);
    let is_day = |said: &Said| days.iter().any(|(from, to)| (*from..*to).contains(&said.from));
    let is_other = |said: &Said| is_day(said) || counts_people(tokens, said, found);
    let (others, rest): (Vec<Said>, Vec<Said>) = numbers.iter().copied().partition(is_other);
    let is_ordinal = |said: &Said| said.order == Order::Ordinal;
    let has_hour = rest.iter().any(|said| !is_ordinal(said));
    let (ordinals, rest): (Vec<Said>, Vec<Said>) =
        rest.into_iter().partition(|said| has_hour && is_ordinal(said));
    let others = [others, ordinals].concat();
    let is_noon = |phrase: &Found<Sense>| matches!(phrase.sense, Sense::Noon | Sense::Midnight);
    if rest.is_empty() && !found.iter().any(is_noon) {
        (Vec::new(), numbers.to_vec())
    } else {
        (others, rest)
    }
}

/// `twenty thirty for four people`, `a table for four at seven`: who comes, not when.
fn counts_people(tokens: &[Token], said: &Said, found: &[Found<Sense>]) -> bool {
    let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text.as_str());
    let before = text(said.from.checked_sub(1));
    let after = text(Some(said.to));
    if PEOPLE.contains(&after) || after == "of" && text(Some(said.to + 1)) == "us" {
        return true;
    }
    let is_time = |phrase: &Found<Sense>| {
        phrase.from == said.to
            && !matches!(phrase.sense, Sense::Open | Sense::Neutral | Sense::In | Sense::And)
    };
    let goes_on = found.iter().any(is_time) || tokens.get(said.to).is_some_and(|token| token.is_sign(':'));
    let counts = COUNTING.contains(&before) || FOR.contains(&before) || text(Some(said.from)) == "zu";
    counts && !goes_on && said.digits < 3
}
