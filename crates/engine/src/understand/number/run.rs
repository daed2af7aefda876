//! Numbers that stand next to each other: digits said one by one, years, or several numbers.

use super::item::{Item, Part};
use super::quantity::{Form, Quantity, digit};
use super::word::{Grammar, Word};

/// Joins neighbours that are one number. Nothing where nobody can tell whether they are one.
pub(super) fn join(items: &[Item], quantities: &[Quantity], grammar: &Grammar) -> Option<Vec<Quantity>> {
    let mut joined = Vec::new();
    let mut at = 0;
    while at < items.len() {
        if let Some((repeated, to)) = repeated(items, at, quantities) {
            joined.push(repeated);
            at = to;
            continue;
        }
        let Some(first) = quantities.iter().position(|quantity| quantity.from == at) else {
            at += 1;
            continue;
        };
        let run = neighbours(&quantities[first..]);
        let end = run.last().map_or(at + 1, |last| last.to);
        joined.push(joined_run(items, run, grammar)?);
        at = end.max(at + 1);
    }
    Some(joined)
}

/// The quantities from the first on that follow each other without a gap.
fn neighbours(quantities: &[Quantity]) -> &[Quantity] {
    let gap = quantities.windows(2).position(|pair| pair[0].to != pair[1].from);
    &quantities[..gap.map_or(quantities.len(), |gap| gap + 1)]
}

fn joined_run(items: &[Item], run: &[Quantity], grammar: &Grammar) -> Option<Quantity> {
    let [first, rest @ ..] = run else { return None };
    let Some(last) = rest.last() else { return Some(*first) };
    let whole = |value: f64| Some(Quantity { value, form: Form::Whole, from: first.from, to: last.to });
    if run.iter().all(|quantity| quantity.form == Form::Digit) {
        return digits(run).and_then(whole);
    }
    if grammar.years_in_pairs
        && let [century, year] = run
        && is_year(items, century, year)
    {
        return whole(century.value * 100.0 + year.value);
    }
    None
}

/// `one two three`. Two digits in order may be a choice between them: `five six`.
fn digits(run: &[Quantity]) -> Option<f64> {
    let one_of_two = run.len() == 2 && (run[1].value - run[0].value).abs() <= 1.0;
    if one_of_two || run.len() > 15 || run[0].value == 0.0 {
        return None;
    }
    Some(run.iter().fold(0.0, |number, quantity| number * 10.0 + quantity.value))
}

/// `nineteen eighty four`, `twenty twenty six`; but `twenty thirty` may be a choice between them.
fn is_year(items: &[Item], century: &Quantity, year: &Quantity) -> bool {
    let is_pair = century.form == Form::Whole && year.form == Form::Whole;
    let is_teen_after_teen = century.value + 1.0 == year.value;
    let is_choice = century.value == 20.0 && year.value == 30.0;
    let spelled_in_digits = matches!(items[century.from].part, Part::Numeral { .. });
    is_pair
        && !spelled_in_digits
        && !is_teen_after_teen
        && !is_choice
        && [17.0, 18.0, 19.0, 20.0].contains(&century.value)
        && (10.0..100.0).contains(&year.value)
}

/// `double five` and the digits after it; `nineteen oh five`.
fn repeated(items: &[Item], from: usize, quantities: &[Quantity]) -> Option<(Quantity, usize)> {
    if let Some(Word::Repeat(_)) = items[from].word() {
        let (text, to) = digit_text(items, from);
        let value = text.parse::<f64>().ok().filter(|_| text.len() > 1 && text.len() <= 15)?;
        return Some((Quantity { value, form: Form::Closed, from, to }, to));
    }
    let century = quantities.iter().find(|quantity| quantity.from == from)?;
    if century.form == Form::Digit && items.get(century.to)?.word() == Some(Word::Oh) {
        return with_oh(items, from);
    }
    let is_century = [18.0, 19.0, 20.0].contains(&century.value) && century.form == Form::Whole;
    let is_oh = items.get(century.to)?.word() == Some(Word::Oh);
    let year = digit(items, century.to + 1).filter(|_| is_century && is_oh)?;
    let to = century.to + 2;
    let value = century.value * 100.0 + f64::from(year);
    Some((Quantity { value, form: Form::Closed, from, to }, to))
}

/// `one oh one`.
fn with_oh(items: &[Item], from: usize) -> Option<(Quantity, usize)> {
    let (text, to) = digit_text(items, from);
    let value = text.parse::<f64>().ok().filter(|_| (3..=15).contains(&text.len()))?;
    Some((Quantity { value, form: Form::Closed, from, to }, to))
}

/// The digits that begin at an item, as text, and the item after them.
fn digit_text(items: &[Item], from: usize) -> (String, usize) {
    let mut text = String::new();
    let mut at = from;
    loop {
        match items.get(at).and_then(Item::word) {
            Some(Word::Repeat(times)) => match digit(items, at + 1) {
                Some(digit) => {
                    (0..times).for_each(|_| text.push(char::from(b'0' + digit)));
                    at += 2;
                }
                None => return (text, at),
            },
            _ => match digit(items, at) {
                Some(digit) => {
                    text.push(char::from(b'0' + digit));
                    at += 1;
                }
                None => return (text, at),
            },
        }
    }
}
