//! Numbers that stand next to each other: digits said one by one, years, or several numbers.

use super::aside;
use super::item::{Item, Part};
use super::quantity::{Form, Quantity, digit};
use super::question::Question;
use super::word::{AndRule, Grammar, Word};

/// Joins neighbours that are one number. Nothing where nobody can tell whether they are one.
pub(super) fn join(
    items: &[Item],
    quantities: &[Quantity],
    grammar: &Grammar,
    question: &Question,
) -> Option<Vec<Quantity>> {
    let quantities = &with_articles(items, quantities, grammar);
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
        joined.push(joined_run(items, run, grammar, question)?);
        at = end.max(at + 1);
    }
    Some(joined)
}

/// Among digits the article is a one where the language has no other word for it: `quinze, un cinq`, `un deux trois`.
fn with_articles(items: &[Item], quantities: &[Quantity], grammar: &Grammar) -> Vec<Quantity> {
    if grammar.and != AndRule::AfterTens {
        return quantities.to_vec();
    }
    let is_digit =
        |at: usize| quantities.iter().any(|quantity| quantity.from == at && quantity.form == Form::Digit);
    let ends = |at: usize| quantities.iter().any(|quantity| quantity.to == at);
    let counts = |at: usize| {
        items[at].word() == Some(Word::Article)
            && is_digit(at + 1)
            && (ends(at) || is_digit(at + 2))
            && !quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&at))
    };
    let ones = (0..items.len()).filter(|at| counts(*at)).map(|at| Quantity {
        value: 1.0,
        form: Form::Digit,
        from: at,
        to: at + 1,
    });
    let mut all: Vec<Quantity> = quantities.iter().copied().chain(ones).collect();
    all.sort_by_key(|quantity| quantity.from);
    all
}

/// The quantities from the first on that follow each other without a gap.
fn neighbours(quantities: &[Quantity]) -> &[Quantity] {
    let gap = quantities.windows(2).position(|pair| pair[0].to != pair[1].from);
    &quantities[..gap.map_or(quantities.len(), |gap| gap + 1)]
}

fn joined_run(items: &[Item], run: &[Quantity], grammar: &Grammar, question: &Question) -> Option<Quantity> {
    let [first, rest @ ..] = run else { return None };
    let Some(last) = rest.last() else { return Some(*first) };
    let whole = |value: f64| Some(Quantity { value, form: Form::Whole, from: first.from, to: last.to });
    if run.iter().all(|quantity| quantity.form == Form::Digit) {
        // "Zwei sechs" may be two thousand six hundred.
        let may_be_thousands = question.asks_money && run.len() == 2;
        return digits(run, question).filter(|_| !may_be_thousands).and_then(whole);
    }
    if let Some(value) = confirmed(run) {
        return whole(value);
    }
    // "Twelve, twelve" is said twice; "twenty twenty" is a year.
    let is_same = run.iter().all(|quantity| quantity.form != Form::Digit && quantity.value == first.value);
    if is_same && !(17.0..=20.0).contains(&first.value) {
        return Some(Quantity { to: last.to, ..*first });
    }
    if (question.asks_money || question.asks_hourly)
        && let [euros, cents] = run
        && let Some(value) = aside::price(euros, cents, grammar, question.asks_hourly)
    {
        return Some(Quantity { value, form: Form::Closed, from: first.from, to: last.to });
    }
    if grammar.and == AndRule::AfterHundreds
        && let [hundreds, rest] = run
        && (says_hundreds(hundreds, rest) || question.measures() && says_hundreds_of_measure(hundreds, rest))
    {
        return whole(hundreds.value * 100.0 + rest.value);
    }
    if grammar.years_in_pairs
        && let [century, year] = run
        && is_year(items, century, year)
    {
        return whole(century.value * 100.0 + year.value);
    }
    None
}

/// `one eighty five` is 185. With less than sixty behind it may be a time of day, or dollars and cents.
fn says_hundreds(hundreds: &Quantity, rest: &Quantity) -> bool {
    hundreds.form == Form::Digit
        && hundreds.value > 0.0
        && rest.form == Form::Whole
        && (60.0..100.0).contains(&rest.value)
}

/// `twelve fifty` of an area or a length, which has neither a time of day nor cents; but `forty fifty` may be a guess.
fn says_hundreds_of_measure(hundreds: &Quantity, rest: &Quantity) -> bool {
    let is_round = hundreds.value % 10.0 == 0.0;
    matches!(hundreds.form, Form::Digit | Form::Whole)
        && (1.0..100.0).contains(&hundreds.value)
        && !is_round
        && rest.form == Form::Whole
        && (20.0..100.0).contains(&rest.value)
        && rest.value % 5.0 == 0.0
        && rest.value > hundreds.value + 10.0
}

/// `fifteen, one five`: the number, and its digits to make sure of it.
fn confirmed(run: &[Quantity]) -> Option<f64> {
    let spells = |number: &Quantity, digits: &[Quantity]| {
        let spelled = digits.iter().fold(0.0, |number, quantity| number * 10.0 + quantity.value);
        let are_digits = digits.len() > 1 && digits.iter().all(|quantity| quantity.form == Form::Digit);
        are_digits && number.form == Form::Whole && number.value == spelled
    };
    let (first, rest) = run.split_first()?;
    let (last, before) = run.split_last()?;
    (spells(first, rest) || spells(last, before)).then_some(if first.form == Form::Whole {
        first.value
    } else {
        last.value
    })
}

/// `one two three`. Two digits, or digits in order that do not begin at one, may be a choice between them: `five six
/// seven`.
fn digits(run: &[Quantity], question: &Question) -> Option<f64> {
    let apart_max = if question.asks_grade { 2.0 } else { 1.0 };
    let is_close = (run[1].value - run[0].value).abs() <= apart_max;
    let counts_up = run.windows(2).all(|pair| pair[1].value == pair[0].value + 1.0) && run[0].value != 1.0;
    let may_be_several = run.len() == 2 && is_close || counts_up;
    if may_be_several || run.len() > 15 || run[0].value == 0.0 {
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
    if century.form == Form::Digit
        && matches!(items.get(century.to)?.word(), Some(Word::Oh | Word::Repeat(_)))
    {
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
    let (mut text, mut to) = digit_text(items, from);
    if !(3..=15).contains(&text.len()) {
        return None;
    }
    // "One oh one point four".
    if items.get(to).and_then(Item::word) == Some(Word::Point) {
        let (decimals, end) = digit_text(items, to + 1);
        if !decimals.is_empty() {
            text = format!("{text}.{decimals}");
            to = end;
        }
    }
    let value = text.parse::<f64>().ok()?;
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
