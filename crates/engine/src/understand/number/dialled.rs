//! Digits as people read out a phone number or a code: one by one, in pairs, doubled, or in hundreds.

use super::super::language::Locale;
use super::super::speech;
use super::super::token::{Kind, Token};
use super::cardinal::{self, Shape};
use super::item::{self, Item, Lexicon, Part};
use super::quantity::digit;
use super::word::{AndRule, Unit, Word};

/// Digits in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Run {
    pub(in super::super) digits: String,
    /// How many of the digits were said last, as one number.
    pub(in super::super) last: usize,
    /// How many words of the whole answer have no part in numbers.
    pub(in super::super) others: usize,
    /// A word of the answer leaves open whether these digits are meant.
    pub(in super::super) has_doubt: bool,
}

impl Run {
    /// What a correction makes of these digits: it takes the place of as many digits at the end, or of the number
    /// that was said last.
    pub(in super::super) fn corrected(&self, correction: &Run) -> Vec<String> {
        let places = [correction.digits.len(), self.last];
        let kept = places.iter().filter_map(|place| self.digits.len().checked_sub(*place));
        kept.filter(|kept| *kept > 0)
            .map(|kept| format!("{}{}", &self.digits[..kept], correction.digits))
            .collect()
    }
}

/// All digits of an answer, whatever numbers they are said as: `twelve thirty four` is `1234`. Pauses, hyphens
/// and fillers do not part them, any other word does. A plus in front stays.
pub(in super::super) fn digit_runs(tokens: &[Token], locale: &Locale) -> Vec<Run> {
    let tokens = speech::without_fillers(tokens, locale);
    let items = item::items(&tokens, locale);
    let lexicon = item::lexicon_of(locale.language);
    let is_other = |item: &&Item| {
        matches!(
            item.part,
            Part::Other
                | Part::Word(
                    Word::Elsewhere | Word::OutOf | Word::Alone | Word::Pronoun | Word::More | Word::Bound
                )
        )
    };
    let others = items.iter().filter(is_other).count();
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut last = 0;
    let mut end = 0;
    let mut is_ambiguous = false;
    let mut at = 0;
    while at < items.len() {
        match piece(&items, at, &tokens, lexicon, !run.is_empty()) {
            Piece::Digits(digits, to) => {
                run.push_str(&digits);
                last = digits.len();
                at = to;
                end = to;
            }
            Piece::Plus if run.is_empty() => {
                run.push('+');
                at += 1;
            }
            Piece::Between => at += 1,
            Piece::Doubt(to) => {
                is_ambiguous = true;
                at = to;
            }
            Piece::Plus | Piece::Other => {
                finish(&mut run, last, &mut runs);
                at += 1;
            }
        }
    }
    finish(&mut run, last, &mut runs);
    let has_doubt = is_ambiguous
        || items.iter().enumerate().any(|(at, item)| is_doubt(item, at < end))
        || denies_inside(&items);
    runs.into_iter().map(|(digits, last)| Run { digits, last, others, has_doubt }).collect()
}

/// What digits and a correction of some of them make together, where one way of putting it makes sense.
pub(in super::super) fn corrected<T: PartialEq>(
    before: &[Token],
    after: &[Token],
    locale: &Locale,
    make: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let run = |tokens: &[Token]| match digit_runs(tokens, locale).as_slice() {
        [run] if !run.has_doubt => Some(run.clone()),
        _ => None,
    };
    let (before, after) = (run(before)?, run(after)?);
    let ways: Vec<(usize, T)> =
        before.corrected(&after).iter().filter_map(|digits| Some((digits.len(), make(digits)?))).collect();
    // A number that was whole before stays as long as it was.
    let was_whole = make(&before.digits).is_some();
    let mut made: Vec<T> = Vec::new();
    for (length, value) in ways {
        if (!was_whole || length == before.digits.len()) && !made.contains(&value) {
            made.push(value);
        }
    }
    if made.len() == 1 { made.pop() } else { None }
}

/// `six seven, no, eight`: which digits are taken back is not clear.
fn denies_inside(items: &[Item]) -> bool {
    let is_digit = |at: usize| digit(items, at).is_some() || matches!(items[at].part, Part::Numeral { .. });
    let first = (0..items.len()).find(|at| is_digit(*at));
    first.is_some_and(|first| items[first..].iter().any(|item| item.word() == Some(Word::No)))
}

/// What makes it unsure that the digits are meant: bounds, alternatives, vague quantities, units, words of other types
/// of answers, and denials before the last of them.
fn is_doubt(item: &Item, is_before_end: bool) -> bool {
    match item.word() {
        Some(Word::Not) => is_before_end,
        Some(Word::Unit(unit)) => unit.measures(),
        Some(
            Word::Vague
            | Word::Or
            | Word::Minus
            | Word::Percent
            | Word::Money
            | Word::Point
            | Word::Partly
            | Word::Elsewhere
            | Word::Ordinal(_),
        ) => true,
        _ => false,
    }
}

fn finish(run: &mut String, last: usize, runs: &mut Vec<(String, usize)>) {
    let run = std::mem::take(run);
    if run.bytes().any(|b| b.is_ascii_digit()) {
        runs.push((run, last));
    }
}

enum Piece {
    Digits(String, usize),
    Plus,
    Between,
    Other,
    /// Digits that can be written in two ways, up to an item.
    Doubt(usize),
}

fn piece(items: &[Item], at: usize, tokens: &[Token], lexicon: Option<&Lexicon>, is_inside: bool) -> Piece {
    let item = items[at];
    let token = &tokens[item.from];
    if token.kind == Kind::Numeral {
        let digits = tokens[item.from..item.to].iter().flat_map(|token| token.text.chars());
        return Piece::Digits(digits.filter(char::is_ascii_digit).collect(), at + 1);
    }
    if token.is_sign('+') || ["plus", "mas"].contains(&token.text.as_str()) {
        return Piece::Plus;
    }
    if matches!(item.part, Part::Pause) || matches!(item.part, Part::Sign('-' | '/' | '.' | '(' | ')')) {
        return Piece::Between;
    }
    let Some(lexicon) = lexicon else { return Piece::Other };
    if is_inside && goes_on(items, at, token) {
        return Piece::Between;
    }
    if let Some(several) = several(items, at) {
        return several;
    }
    if item.word() == Some(Word::Oh) {
        return Piece::Digits("0".to_owned(), at + 1);
    }
    if item.word() == Some(Word::Article) && (is_inside || digit(items, at + 1).is_some()) {
        return match lexicon.grammar.and {
            AndRule::AfterTens => Piece::Digits("1".to_owned(), at + 1),
            // "Eine eins", where the article is none of the digits.
            AndRule::BeforeTens if digit(items, at + 1).is_some() => Piece::Between,
            AndRule::BeforeTens | AndRule::AfterHundreds => Piece::Other,
        };
    }
    if let Some(number) = spoken(items, at, lexicon) {
        return number;
    }
    homophone(items, at, token, lexicon, is_inside)
}

/// Words between digits that change nothing: `then`, `and`, `el uno, el dos`, `eine eins`.
fn goes_on(items: &[Item], at: usize, token: &Token) -> bool {
    const ARTICLES: &[&str] = &["el", "la", "le", "die", "der", "the", "eine", "ein"];
    let is_article = ARTICLES.contains(&token.text.as_str());
    let before_digit = digit(items, at + 1).is_some();
    match items[at].word() {
        Some(Word::Then) => true,
        Some(Word::And) => before_digit || is_article_at(items, at + 1),
        _ => is_article && before_digit,
    }
}

fn is_article_at(items: &[Item], at: usize) -> bool {
    items.get(at).is_some_and(|item| matches!(item.part, Part::Other | Part::Word(Word::Article)))
        && digit(items, at + 1).is_some()
}

/// `double five`, `three sevens`, `dreimal die Sieben`, `tres veces siete`.
fn several(items: &[Item], at: usize) -> Option<Piece> {
    let word = |ahead: usize| items.get(at + ahead).and_then(Item::word);
    let (times, from) = match (word(0)?, word(1)) {
        (Word::Repeat(times), _) => (times, at + 1),
        (Word::Tenths(20 | 30 | 40), _) if digit(items, at + 1).is_some() => {
            let Some(Word::Tenths(tenths)) = word(0) else { return None };
            (u8::try_from(tenths / 10).ok()?, at + 1)
        }
        (Word::Small(times @ 2..=4), Some(Word::Digits(digit))) => {
            return Some(Piece::Digits(digit.to_string().repeat(times.into()), at + 2));
        }
        (Word::Small(times @ 2..=4), Some(Word::Unit(Unit::Thing))) if digit(items, at + 2).is_some() => {
            (times, at + 2)
        }
        _ => return None,
    };
    Some(match digit(items, from) {
        Some(digit) => Piece::Digits(digit.to_string().repeat(times.into()), from + 1),
        None => Piece::Other,
    })
}

/// A number as its digits. `eight hundred five` is 800 and 5 in English, where nobody would mean 805.
fn spoken(items: &[Item], at: usize, lexicon: &Lexicon) -> Option<Piece> {
    let mut number = cardinal::read(items, at, lexicon.grammar)?;
    if number.shape == Shape::Ordinal {
        return None;
    }
    if lexicon.grammar.and == AndRule::AfterHundreds {
        let round = (at..number.to).find(|at| items[*at].word() == Some(Word::Hundred));
        let goes_on = |round: usize| items.get(round + 1).is_some_and(|item| item.word() == Some(Word::And));
        if let Some(round) = round.filter(|round| round + 1 < number.to && !goes_on(*round)) {
            // "Seven hundred ten" may be 710 or 700 and 10.
            if digit(items, round + 1).is_none() {
                return Some(Piece::Doubt(number.to));
            }
            number = cardinal::read(&items[..=round], at, lexicon.grammar)?;
        }
    }
    Some(Piece::Digits(number.value.to_string(), number.to))
}

/// Between digits, or after some at the end, `to`, `for` and `ate` are digits as well.
fn homophone(items: &[Item], at: usize, token: &Token, lexicon: &Lexicon, is_inside: bool) -> Piece {
    let goes_on = match items.get(at + 1) {
        None => true,
        Some(_) => digit(items, at + 1).is_some(),
    };
    let like = lexicon.grammar.homophones.iter().find(|(spelling, _)| *spelling == token.text);
    match like {
        Some((_, value)) if is_inside && goes_on => Piece::Digits(value.to_string(), at + 1),
        _ => Piece::Other,
    }
}
