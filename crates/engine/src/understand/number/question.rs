//! What the question tells about the number: in which unit it counts, and what it asks for.

use super::super::Asked;
use super::super::language::Locale;
use super::super::token;
use super::item::{self, Item};
use super::quantity::{Form, Quantity};
use super::word::{Grammar, Unit, Word};

/// The years that a date may have; a count of years is none of them.
const CALENDAR_YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// How many words after "combien" what is counted may stand.
const COUNTED_WORDS_AWAY: usize = 5;

/// What was asked, as far as it matters to a number.
pub(super) struct Question {
    /// The units that measure something: `how many years`.
    units: Vec<Unit>,
    /// Asks how many there are of something: `how many parcels`.
    counts: bool,
    asks_duration: bool,
    asks_percent: bool,
    pub(super) asks_people: bool,
}

impl Question {
    pub(super) fn of(asked: &Asked<'_>, locale: &Locale, grammar: &Grammar) -> Question {
        let tokens = token::tokens(asked.question.unwrap_or(""), locale.language);
        let items = item::items(&tokens, locale);
        let units = items.iter().filter_map(unit).filter(|unit| unit.measures()).collect();
        let has = |words: &[&str]| {
            let folded = words.iter().flat_map(|word| token::fold(word, locale.language));
            folded.into_iter().any(|word| tokens.iter().any(|token| token.text == word))
        };
        let pairs = || tokens.windows(2).map(|pair| (pair[0].text.as_str(), pair[1].text.as_str()));
        // "Combien y a-t-il de personnes".
        let combien = tokens.iter().position(|token| token.is_word("combien"));
        let counts_in_french = combien.is_some_and(|at| {
            tokens[at + 1..]
                .iter()
                .take(COUNTED_WORDS_AWAY)
                .any(|token| token.is_word("de") || token.is_word("d"))
        });
        let counts = counts_in_french
            || has(&["cuántos", "cuántas"])
            || pairs().any(|pair| matches!(pair, ("how", "many") | ("wie", "viele" | "vielen")));
        Question {
            units,
            counts,
            asks_duration: has(grammar.asks_duration),
            asks_percent: has(grammar.asks_percent),
            asks_people: has(grammar.asks_people),
        }
    }

    /// Why the number does not answer the question, if it does not.
    pub(super) fn fits(&self, items: &[Item], quantity: Quantity) -> Option<String> {
        if self.counts_otherwise(items, quantity) {
            return Some("The number counts in another unit than the question.".to_owned());
        }
        let says_percent = items[quantity.to..].iter().any(|item| item.word() == Some(Word::Percent));
        let is_part = !says_percent
            && (quantity.from..quantity.to)
                .any(|at| matches!(items[at].word(), Some(Word::Half | Word::Part(_) | Word::Hundredths(_))));
        if self.asks_percent && is_part && quantity.value < 1.0 {
            return Some("A part of the whole is no number of percent.".to_owned());
        }
        let is_year = CALENDAR_YEARS.contains(&quantity.value) && quantity.form != Form::Closed;
        if is_year && self.counts && self.units.iter().any(|unit| unit.is_time()) {
            return Some("The number may be a year of the calendar.".to_owned());
        }
        None
    }

    /// Six months where years were asked for, or twenty minutes where miles were.
    fn counts_otherwise(&self, items: &[Item], quantity: Quantity) -> bool {
        // "Twice a week" says how often, not how long.
        if matches!(items[quantity.from].word(), Some(Word::Tenths(_) | Word::Repeat(_))) {
            return false;
        }
        let measure = |item: &Item| unit(item).filter(|unit| unit.measures());
        let after = quantity.to
            + usize::from(items.get(quantity.to).is_some_and(|item| item.word() == Some(Word::Article)));
        let beside: Vec<Unit> =
            items[quantity.from..(after + 1).min(items.len())].iter().filter_map(measure).collect();
        let said: Vec<Unit> =
            if beside.is_empty() { items.iter().filter_map(measure).collect() } else { beside.clone() };
        if !self.units.is_empty() {
            return !said.is_empty() && !said.iter().any(|unit| self.units.contains(unit));
        }
        self.counts && !self.asks_duration && !beside.is_empty()
    }
}

fn unit(item: &Item) -> Option<Unit> {
    match item.word() {
        Some(Word::Unit(unit)) => Some(unit),
        _ => None,
    }
}
