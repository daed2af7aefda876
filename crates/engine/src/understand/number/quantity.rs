//! Whole quantities: cardinals with signs, decimals, fractions, dozens and money.

use super::cardinal::{self, Cardinal, Shape};
use super::item::{Item, Part};
use super::word::{Grammar, Word};

/// A number that was said, and the items it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity {
    pub(super) value: f64,
    pub(super) form: Form,
    pub(super) from: usize,
    pub(super) to: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One digit, which may be part of a number said digit by digit.
    Digit,
    Whole,
    Ordinal,
    /// Decimals, fractions, groups, signs, money: nothing can follow that belongs to it.
    Closed,
}

/// All quantities of an answer from left to right.
pub(super) fn all(items: &[Item], grammar: &Grammar) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < items.len() {
        match money(items, at, grammar) {
            Some(quantity) => {
                at = quantity.to.max(at + 1);
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    found
}

fn word(items: &[Item], at: usize) -> Option<Word> {
    items.get(at)?.word()
}

/// `five dollars and fifty cents`, `cinq euros cinquante`, `fifty cents`.
fn money(items: &[Item], from: usize, grammar: &Grammar) -> Option<Quantity> {
    let first = signed(items, from, grammar)?;
    match word(items, first.to) {
        Some(Word::Cents) => Some(close(first, first.value / 100.0, first.to + 1)),
        Some(Word::Money) => {
            let after = first.to + 1;
            let is_and = matches!(word(items, after), Some(Word::And | Word::With));
            let at = after + usize::from(is_and);
            let rest = cardinal::read(items, at, grammar).filter(|rest| is_hundredth(rest, first.value));
            let Some(rest) = rest else { return Some(Quantity { to: after, ..first }) };
            let has_unit = word(items, rest.to) == Some(Word::Cents);
            if is_and && !has_unit && rest.value < 10.0 {
                return Some(Quantity { to: after, ..first });
            }
            Some(close(first, first.value + rest.value / 100.0, rest.to + usize::from(has_unit)))
        }
        _ => Some(first),
    }
}

fn is_hundredth(rest: &Cardinal, whole: f64) -> bool {
    rest.value > 0.0 && rest.value < 100.0 && rest.shape != Shape::Ordinal && whole.fract() == 0.0
}

fn close(quantity: Quantity, value: f64, to: usize) -> Quantity {
    Quantity { value: tidy(value), form: Form::Closed, to, ..quantity }
}

fn signed(items: &[Item], from: usize, grammar: &Grammar) -> Option<Quantity> {
    let is_minus = match items.get(from)?.part {
        Part::Word(Word::Minus) => true,
        Part::Sign('-') => from == 0 || !matches!(items[from - 1].part, Part::Numeral { .. }),
        _ => false,
    };
    let quantity = plain(items, from + usize::from(is_minus), grammar)?;
    // "Ten below zero", "zehn Grad unter null".
    let unit = usize::from(matches!(word(items, quantity.to), Some(Word::Unit(_))));
    let is_below = word(items, quantity.to + unit) == Some(Word::Below);
    if !is_minus && !is_below {
        return Some(quantity);
    }
    let to = if is_below { quantity.to + unit + 1 } else { quantity.to };
    let negative = close(quantity, -quantity.value.abs(), to);
    Some(Quantity { from, ..negative })
}

fn plain(items: &[Item], from: usize, grammar: &Grammar) -> Option<Quantity> {
    let closed = |value: f64, to| Some(Quantity { value: tidy(value), form: Form::Closed, from, to });
    match items.get(from)?.part {
        Part::Word(Word::Half) => return closed_half(items, from),
        Part::Word(Word::Tenths(n)) => {
            let value = f64::from(n) / 10.0;
            return scaled(items, Quantity { value, form: Form::Closed, from, to: from + 1 });
        }
        // "Dreimal die Woche", where no digit follows.
        Part::Word(Word::Repeat(n))
            if items[from].to - items[from].from > 1 && digit(items, from + 1).is_none() =>
        {
            return closed(n.into(), from + 1);
        }
        Part::Word(Word::Hundredths(n)) => return closed(f64::from(n) / 100.0, from + 1),
        Part::Word(Word::Point) => {
            let (decimals, to) = decimals(items, from + 1, grammar)?;
            return closed(format!("0.{decimals}").parse().ok()?, to);
        }
        // "Hora y media".
        Part::Word(Word::Unit(_)) => {
            let one = Cardinal { value: 1.0, shape: Shape::Whole, to: from };
            return unit_and_half(items, from, one);
        }
        Part::Word(Word::Article) => {
            if let Some(quantity) = after_article(items, from) {
                return Some(quantity);
            }
        }
        Part::Numeral { value, is_whole: false, .. } => {
            return scaled(items, Quantity { value, form: Form::Closed, from, to: from + 1 });
        }
        _ => {}
    }
    let whole = cardinal::read(items, from, grammar)?;
    Some(extended(items, from, whole, grammar))
}

/// `a dozen`, `a quarter`, `half a million`: the article is not counted itself.
fn after_article(items: &[Item], from: usize) -> Option<Quantity> {
    let closed = |value: f64, to| Some(Quantity { value, form: Form::Closed, from, to });
    match word(items, from + 1)? {
        Word::Group(n) => closed(n.into(), from + 2),
        Word::Part(n) => scaled(
            items,
            Quantity { value: tidy(1.0 / f64::from(n)), form: Form::Closed, from, to: from + 2 },
        ),
        Word::Half => closed_half(items, from + 1),
        // "A year and a half".
        Word::Unit(_) => {
            let one = Cardinal { value: 1.0, shape: Shape::Whole, to: from + 1 };
            unit_and_half(items, from, one)
        }
        _ => None,
    }
}

/// A half alone, or of a dozen or a million.
#[expect(clippy::cast_precision_loss, reason = "scales are powers of ten")]
fn closed_half(items: &[Item], from: usize) -> Option<Quantity> {
    let closed = |value: f64, to| Some(Quantity { value, form: Form::Closed, from, to });
    let after = from + 1 + usize::from(word(items, from + 1) == Some(Word::Article));
    match word(items, after) {
        Some(Word::Group(n)) => closed(f64::from(n) / 2.0, after + 1),
        Some(Word::Scale(n)) => closed(n as f64 / 2.0, after + 1),
        _ => closed(0.5, from + 1),
    }
}

/// What may follow a whole number and change its value.
fn extended(items: &[Item], from: usize, whole: Cardinal, grammar: &Grammar) -> Quantity {
    let closed = |value: f64, to| Quantity { value: tidy(value), form: Form::Closed, from, to };
    let open = match whole.shape {
        Shape::Digit => Form::Digit,
        Shape::Ordinal => Form::Ordinal,
        Shape::Whole | Shape::Scaled(_) => Form::Whole,
    };
    let unchanged = Quantity { value: whole.value, form: open, from, to: whole.to };
    if whole.shape == Shape::Ordinal {
        return unchanged;
    }
    match (word(items, whole.to), items.get(whole.to).map(|item| item.part)) {
        (Some(Word::Point), _) => {
            let Some((decimals, to)) = decimals(items, whole.to + 1, grammar) else { return unchanged };
            let Ok(value) = format!("{}.{decimals}", whole.value).parse::<f64>() else { return unchanged };
            scaled(items, closed(value, to)).unwrap_or(unchanged)
        }
        (Some(Word::With), _) => {
            let hundredths = cardinal::read(items, whole.to + 1, grammar)
                .filter(|rest| is_hundredth(rest, whole.value) && rest.value >= 10.0);
            hundredths.map_or(unchanged, |rest| closed(whole.value + rest.value / 100.0, rest.to))
        }
        (Some(Word::Group(n)), _) => closed(whole.value * f64::from(n), whole.to + 1),
        (Some(Word::AndHalf), _) => {
            let half = closed(whole.value + 0.5, whole.to + 1);
            scaled(items, half).unwrap_or(half)
        }
        (Some(Word::Part(n)), _) => {
            let part = closed(whole.value / f64::from(n), whole.to + 1);
            scaled(items, part).unwrap_or(part)
        }
        (Some(Word::And), _) => and_part(items, from, whole, grammar).unwrap_or(unchanged),
        (_, Some(Part::Sign('/'))) => slashed(items, from, whole).unwrap_or(unchanged),
        (Some(Word::Unit(_)), _) => unit_and_half(items, from, whole).unwrap_or(unchanged),
        (_, Some(Part::Numeral { .. })) => mixed(items, from, whole).unwrap_or(unchanged),
        _ => unchanged,
    }
}

/// `three and a half`, `two and three quarters`; after a million, half of a million.
#[expect(clippy::cast_precision_loss, reason = "scales are powers of ten")]
fn and_part(items: &[Item], from: usize, whole: Cardinal, grammar: &Grammar) -> Option<Quantity> {
    let closed = |value: f64, to| Some(Quantity { value: tidy(value), form: Form::Closed, from, to });
    let at = whole.to + 1 + usize::from(word(items, whole.to + 1) == Some(Word::Article));
    match word(items, at) {
        Some(Word::Half) => match whole.shape {
            Shape::Scaled(scale) if scale >= 1_000_000 => closed(whole.value + scale as f64 / 2.0, at + 1),
            // A thousand and a half is 1,500 for some and 1,000.5 for others.
            Shape::Scaled(_) => None,
            _ => scaled(items, closed(whole.value + 0.5, at + 1)?),
        },
        Some(Word::Part(n)) => closed(whole.value + 1.0 / f64::from(n), at + 1),
        _ => {
            let parts = cardinal::read(items, whole.to + 1, grammar)?;
            match word(items, parts.to) {
                Some(Word::Part(n)) => closed(whole.value + parts.value / f64::from(n), parts.to + 1),
                _ => None,
            }
        }
    }
}

/// `five years and a half`, `dos años y medio`.
fn unit_and_half(items: &[Item], from: usize, whole: Cardinal) -> Option<Quantity> {
    let and = whole.to + 1;
    if word(items, and) != Some(Word::And) {
        return None;
    }
    let half = and + 1 + usize::from(word(items, and + 1) == Some(Word::Article));
    (word(items, half) == Some(Word::Half)).then(|| Quantity {
        value: whole.value + 0.5,
        form: Form::Closed,
        from,
        to: half + 1,
    })
}

/// `3/4`.
fn slashed(items: &[Item], from: usize, whole: Cardinal) -> Option<Quantity> {
    let Part::Numeral { value, is_whole: true, .. } = items.get(whole.to + 1)?.part else { return None };
    let is_date = matches!(items.get(whole.to + 2).map(|item| item.part), Some(Part::Sign('/')));
    // Of 8/10 nobody knows whether it is a grade or a fraction.
    let fits = (2.0..=4.0).contains(&value) && whole.value < value && !is_date;
    fits.then(|| Quantity { value: tidy(whole.value / value), form: Form::Closed, from, to: whole.to + 2 })
}

/// `3 1/2`.
fn mixed(items: &[Item], from: usize, whole: Cardinal) -> Option<Quantity> {
    let Part::Numeral { value, .. } = items.get(whole.to)?.part else { return None };
    let part = slashed(items, from, Cardinal { value, shape: Shape::Whole, to: whole.to + 1 })?;
    (part.value < 1.0).then(|| Quantity { value: tidy(whole.value + part.value), ..part })
}

/// A million or a dozen after decimals.
#[expect(clippy::cast_precision_loss, reason = "scales are powers of ten")]
fn scaled(items: &[Item], quantity: Quantity) -> Option<Quantity> {
    let factor = match word(items, quantity.to) {
        Some(Word::Scale(n)) => n as f64,
        Some(Word::Grand) => 1_000.0,
        Some(Word::Group(n)) => n.into(),
        _ => return Some(quantity),
    };
    Some(close(quantity, quantity.value * factor, quantity.to + 1))
}

/// What is said after the point: digits one by one, or one number.
fn decimals(items: &[Item], from: usize, grammar: &Grammar) -> Option<(String, usize)> {
    if let Some(Part::Numeral { is_whole: true, value, digits, .. }) = items.get(from).map(|item| item.part) {
        let width = usize::try_from(digits).ok()?;
        return Some((format!("{value:0width$}"), from + 1));
    }
    let number = cardinal::read(items, from, grammar)
        .filter(|number| number.value >= 10.0 && number.value < 1000.0 && number.shape != Shape::Ordinal);
    if let Some(number) = number {
        return Some((number.value.to_string(), number.to));
    }
    let mut digits = String::new();
    let mut at = from;
    while let Some(digit) = digit(items, at) {
        digits.push(char::from(b'0' + digit));
        at += 1;
    }
    (!digits.is_empty()).then_some((digits, at))
}

/// A single digit said as a word.
pub(super) fn digit(items: &[Item], at: usize) -> Option<u8> {
    match word(items, at)? {
        Word::Small(n @ 0..=9) => Some(n),
        Word::Oh => Some(0),
        _ => None,
    }
}

/// Without the dust of binary fractions: at most nine decimals.
pub(super) fn tidy(value: f64) -> f64 {
    if value.abs() < 1e6 { (value * 1e9).round() / 1e9 } else { value }
}
