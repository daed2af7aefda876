//! Numbers inside answers of other types: days, years, hours, minutes.

use super::super::language::Locale;
use super::super::token::{Kind, Token};
use super::item::{self, Part};
use super::quantity::{self, Form};
use super::question::Question;
use super::word::Word;

/// A whole number within an answer, and the tokens it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Said {
    pub(in super::super) value: u32,
    pub(in super::super) order: Order,
    /// How many digits it was written with; 0 where it was said in words.
    pub(in super::super) digits: u32,
    pub(in super::super) from: usize,
    pub(in super::super) to: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Order {
    Cardinal,
    /// `fifth`, `fünften`.
    Ordinal,
    /// `a` before what is counted.
    Article,
    /// The letter O for a zero.
    Oh,
}

/// All whole numbers from left to right, each by itself: `nineteen ninety` is two. `is_free` tells which
/// tokens may be part of a number, since other words of the answer may have claimed them.
pub(in super::super) fn whole_numbers(
    tokens: &[Token],
    locale: &Locale,
    is_free: impl Fn(usize) -> bool,
) -> Vec<Said> {
    let Some(lexicon) = item::lexicon_of(locale.language) else { return numerals(tokens, is_free) };
    let items = item::items(tokens, locale);
    let mut said = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let from = items[at].from;
        if !is_free(from) {
            at += 1;
            continue;
        }
        let order = match items[at].word() {
            Some(Word::Article) => Some((1, Order::Article)),
            Some(Word::Oh) => Some((0, Order::Oh)),
            _ => None,
        };
        let number = super::cardinal::read(&items, at, lexicon.grammar)
            .filter(|number| number.value < 10_000.0 && (at..number.to).all(|at| is_free(items[at].from)));
        match (number, order) {
            (Some(number), _) => {
                let digits = match items[at].part {
                    Part::Numeral { digits, .. } if number.to == at + 1 => digits,
                    _ => 0,
                };
                let is_ordinal = number.shape == super::cardinal::Shape::Ordinal;
                said.push(Said {
                    value: whole(number.value),
                    order: if is_ordinal { Order::Ordinal } else { Order::Cardinal },
                    digits,
                    from,
                    to: items[number.to - 1].to,
                });
                at = number.to;
            }
            (None, None) if numeral(items[at].part).is_some() => {
                let (value, digits) = numeral(items[at].part).unwrap_or_default();
                said.push(Said { value, order: Order::Cardinal, digits, from, to: items[at].to });
                at += 1;
            }
            (None, Some((value, order))) => {
                said.push(Said { value, order, digits: 0, from, to: items[at].to });
                at += 1;
            }
            (None, None) => at += 1,
        }
    }
    said
}

fn numerals(tokens: &[Token], is_free: impl Fn(usize) -> bool) -> Vec<Said> {
    let numeral = |(at, token): (usize, &Token)| {
        let value = token.text.parse().ok().filter(|_| token.kind == Kind::Numeral && is_free(at))?;
        let digits = u32::try_from(token.text.len()).ok()?;
        Some(Said { value, order: Order::Cardinal, digits, from: at, to: at + 1 })
    };
    tokens.iter().enumerate().filter_map(numeral).collect()
}

/// `09`, which is no number to count with, but an hour or a day.
fn numeral(part: Part) -> Option<(u32, u32)> {
    match part {
        Part::Numeral { value, digits, is_whole: true, .. } if value < 10_000.0 => {
            Some((whole(value), digits))
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "under ten thousand and not negative"
)]
fn whole(value: f64) -> u32 {
    value as u32
}

/// The one number that an answer names, if there is one; `Ordinal` where it is an ordinal.
pub(in super::super) fn only_number(tokens: &[Token], locale: &Locale) -> Option<(f64, Order)> {
    let lexicon = item::lexicon_of(locale.language)?;
    let items = item::items(tokens, locale);
    let quantities = quantity::all(&items, lexicon.grammar);
    let question = Question::of(None, locale, lexicon.grammar);
    match super::run::join(&items, &quantities, lexicon.grammar, &question)?.as_slice() {
        [one] => {
            let order = if one.form == Form::Ordinal { Order::Ordinal } else { Order::Cardinal };
            Some((one.value, order))
        }
        _ => None,
    }
}
