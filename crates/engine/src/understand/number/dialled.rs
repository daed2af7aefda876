//! Digits as people read out a phone number or a code: one by one, in pairs, doubled, or in hundreds.

use super::super::language::Locale;
use super::super::speech;
use super::super::token::{Kind, Token};
use super::cardinal::{self, Shape};
use super::item::{self, Item, Lexicon, Part};
use super::quantity::digit;
use super::word::{AndRule, Word};

/// Digits in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Run {
    pub(in super::super) digits: String,
    /// How many words of the whole answer have no part in numbers.
    pub(in super::super) others: usize,
    /// A word of the answer leaves open whether these digits are meant.
    pub(in super::super) has_doubt: bool,
}

/// All digits of an answer, whatever numbers they are said as: `twelve thirty four` is `1234`. Pauses, hyphens
/// and fillers do not part them, any other word does. A plus in front stays.
pub(in super::super) fn digit_runs(tokens: &[Token], locale: &Locale) -> Vec<Run> {
    let tokens = speech::without_fillers(tokens, locale);
    let items = item::items(&tokens, locale);
    let lexicon = item::lexicon_of(locale.language);
    let others = items.iter().filter(|item| item.part == Part::Other).count();
    let has_doubt = items.iter().any(is_doubt) || denies_inside(&items);
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut at = 0;
    while at < items.len() {
        match piece(&items, at, &tokens, lexicon, !run.is_empty()) {
            Piece::Digits(digits, to) => {
                run.push_str(&digits);
                at = to;
            }
            Piece::Plus if run.is_empty() => {
                run.push('+');
                at += 1;
            }
            Piece::Between => at += 1,
            Piece::Plus | Piece::Other => {
                finish(&mut run, &mut runs);
                at += 1;
            }
        }
    }
    finish(&mut run, &mut runs);
    runs.into_iter().map(|digits| Run { digits, others, has_doubt }).collect()
}

/// `six seven, no, eight`: which digits are taken back is not clear.
fn denies_inside(items: &[Item]) -> bool {
    let is_digit = |at: usize| digit(items, at).is_some() || matches!(items[at].part, Part::Numeral { .. });
    let first = (0..items.len()).find(|at| is_digit(*at));
    first.is_some_and(|first| items[first..].iter().any(|item| item.word() == Some(Word::No)))
}

/// What makes it unsure that the digits are meant: bounds, alternatives, negations, vague quantities.
fn is_doubt(item: &Item) -> bool {
    matches!(
        item.word(),
        Some(Word::Vague | Word::Or | Word::Not | Word::Minus | Word::Percent | Word::Point)
    )
}

fn finish(run: &mut String, runs: &mut Vec<String>) {
    let run = std::mem::take(run);
    if run.bytes().any(|b| b.is_ascii_digit()) {
        runs.push(run);
    }
}

enum Piece {
    Digits(String, usize),
    Plus,
    Between,
    Other,
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
    if let Some(Word::Repeat(times)) = item.word() {
        return repeated(items, at, usize::from(times));
    }
    if item.word() == Some(Word::Oh) {
        return Piece::Digits("0".to_owned(), at + 1);
    }
    if item.word() == Some(Word::Article) && (is_inside || digit(items, at + 1).is_some()) {
        let says_one = lexicon.grammar.and != AndRule::AfterHundreds;
        return if says_one { Piece::Digits("1".to_owned(), at + 1) } else { Piece::Other };
    }
    if let Some(number) = spoken(items, at, lexicon) {
        return number;
    }
    homophone(items, at, token, lexicon, is_inside)
}

fn repeated(items: &[Item], at: usize, times: usize) -> Piece {
    match digit(items, at + 1) {
        Some(digit) => Piece::Digits(digit.to_string().repeat(times), at + 2),
        None => Piece::Other,
    }
}

/// A number as its digits. `eight hundred five` is 800 and 5 in English, where nobody would mean 805.
fn spoken(items: &[Item], at: usize, lexicon: &Lexicon) -> Option<Piece> {
    let mut number = cardinal::read(items, at, lexicon.grammar)?;
    if number.shape == Shape::Ordinal {
        return None;
    }
    if lexicon.grammar.and == AndRule::AfterHundreds {
        let round =
            (at..number.to).find(|at| matches!(items[*at].word(), Some(Word::Hundred | Word::Scale(_))));
        let goes_on = |round: usize| items.get(round + 1).is_some_and(|item| item.word() == Some(Word::And));
        if let Some(round) = round.filter(|round| round + 1 < number.to && !goes_on(*round)) {
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
