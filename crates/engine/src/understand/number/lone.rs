//! Answers without a number in them that mean one all the same: none at all, one before what is counted, and words
//! that sound like a number.

use super::super::Heard;
use super::super::language::Locale;
use super::super::reading::Reading;
use super::super::token::{self, Token};
use super::aside;
use super::item::{Item, Lexicon, Part};
use super::quantity::{Form, Quantity};
use super::question::Question;
use super::word::{Unit, Word};

/// Below this confidence a word is not taken for another that sounds like it.
const HOMOPHONE_CONFIDENCE_MIN: f64 = 0.3;
/// In more words than these one that sounds like a number is what it says.
const HOMOPHONE_WORDS_MAX: usize = 4;
/// More words that have no part in numbers make another sentence of "nothing" …
const OTHER_WORDS_MAX: usize = 5;
/// … or of a "nothing" that does not open the answer …
const WORDS_AROUND_NOTHING_MAX: usize = 2;
/// … or of a "one" before what is counted.
const WORDS_AROUND_ONE_MAX: usize = 2;
/// After an opening "none" people explain themselves at length.
const WORDS_AFTER_NONE_MAX: usize = 9;

pub(super) fn read(
    items: &[Item],
    tokens: &[Token],
    question: &Question,
    locale: &Locale,
    lexicon: &Lexicon,
    heard: &Heard<'_>,
    said_words: usize,
) -> Reading {
    let said = |at: usize| token::spelled(&tokens[items[at].from..items[at].to]);
    if let Some(at) = nothing(items, tokens, question) {
        return Reading::value(0, format!("\"{}\" is zero.", said(at)));
    }
    if denies_any(items) {
        return Reading::value(0, "There is not any.");
    }
    if let Some(reading) = none_of_what_is_asked(items, tokens, question) {
        return reading;
    }
    if let Some(reading) = one(items, tokens, question) {
        return reading;
    }
    if let Some(people) = people(items, tokens, locale).filter(|_| question.asks_people) {
        return people;
    }
    homophone(items, tokens, lexicon, heard, said_words)
}

/// Verbs of having or being that end a "nothing" and have something of their own behind them.
const OWNING: &[&str] = &["tengo", "hay", "have", "ai", "habe", "hab"];

/// Where the answer says that there is nothing.
fn nothing(items: &[Item], tokens: &[Token], question: &Question) -> Option<usize> {
    let is_other = |item: &Item| matches!(item.part, Part::Other | Part::Word(Word::Elsewhere | Word::OutOf));
    let at = items.iter().position(|item| item.word() == Some(Word::Nothing))?;
    let before = items[..at].iter().filter(|item| is_other(item)).count();
    let after = items[at + 1..].iter().filter(|item| is_other(item)).count();
    // "No tengo termómetro" counts nothing that was asked for.
    let last = &tokens[items[at].to - 1].text;
    let has_object = OWNING.contains(&last.as_str())
        && items.get(at + 1).is_some_and(|next| {
            next.part == Part::Other && !question.names(&tokens[next.from].text) && question.has_words()
        });
    if has_object {
        return None;
    }
    let is_bounded = items.iter().any(|item| item.word() == Some(Word::Bound));
    // "Nothing" is the subject of many sentences, "none" of few.
    let word = &tokens[items[at].from];
    let is_thing = ["nothing", "nichts", "rien", "nada", "nobody"].contains(&word.text.as_str());
    let fits = match (before, is_thing) {
        (0, false) => after <= WORDS_AFTER_NONE_MAX,
        (0, true) => after <= WORDS_AROUND_NOTHING_MAX,
        (_, true) => before + after <= OTHER_WORDS_MAX && after == 0,
        (_, false) => before + after <= OTHER_WORDS_MAX,
    };
    let is_amount = !is_thing || question.asks_amount;
    (fits && is_amount && !is_bounded).then_some(at)
}

/// `one` as an article alone or before what is counted: `eine Person`, `une seule fois`.
fn one(items: &[Item], tokens: &[Token], question: &Question) -> Option<Reading> {
    let is_noise = |item: &&Item| {
        matches!(
            item.part,
            Part::Pause | Part::Word(Word::Unit(_) | Word::Money | Word::Percent | Word::Alone)
        )
    };
    let rest: Vec<&Item> = items.iter().filter(|item| !is_noise(item)).collect();
    let at = items.iter().position(|item| item.word() == Some(Word::Article))?;
    // "Una cuadra", where the question names it.
    let is_asked = |item: &Item| item.part == Part::Other && question.names(&tokens[item.from].text);
    let counts =
        items.get(at + 1).is_some_and(|item| matches!(item.word(), Some(Word::Unit(_))) || is_asked(item));
    let others = rest.iter().filter(|item| item.part == Part::Other).count();
    let is_plain = rest.len() == 1 || counts && others <= WORDS_AROUND_ONE_MAX && rest.len() == others + 1;
    if !is_plain {
        return None;
    }
    let said = token::spelled(&tokens[items[at].from..items[at].to]);
    let quantity = Quantity { value: 1.0, form: Form::Whole, from: at, to: at + 1 };
    Some(match question.fits(items, quantity) {
        Some(why) => Reading::unclear(why),
        None => Reading::value(1, format!("\"{said}\" alone is one.")),
    })
}

/// How many people the answer names beside the one who speaks.
fn people(items: &[Item], tokens: &[Token], locale: &Locale) -> Option<Reading> {
    if is_alone(items) {
        return Some(Reading::value(1, "The person names nobody else."));
    }
    aside::is_couple(items, tokens, locale).then(|| Reading::value(2, "The person names one other."))
}

fn is_alone(items: &[Item]) -> bool {
    let is_pause = |item: &&Item| item.part != Part::Pause;
    let mut said = items.iter().filter(is_pause).peekable();
    said.peek().is_some() && said.all(|item| item.word() == Some(Word::Alone))
}

/// How many words may stand between a denial and its "any".
const WORDS_BEFORE_ANY_MAX: usize = 4;

/// `I don't take any`.
fn denies_any(items: &[Item]) -> bool {
    let is_not = |item: &Item| item.word() == Some(Word::Not);
    let any = items.iter().position(|item| item.word() == Some(Word::Any));
    any.is_some_and(|any| {
        let end = (any + WORDS_BEFORE_ANY_MAX).min(items.len());
        let around = &items[any.saturating_sub(WORDS_BEFORE_ANY_MAX)..end];
        around.iter().any(is_not) && items.len() - any <= WORDS_BEFORE_ANY_MAX
    })
}

/// `no children`, `I don't have kids`, where the question asks for them.
fn none_of_what_is_asked(items: &[Item], tokens: &[Token], question: &Question) -> Option<Reading> {
    const BETWEEN: &[&str] = &["d", "de", "des", "have", "got", "own", "a", "more", "ai", "avons"];
    let no = items.iter().position(|item| matches!(item.word(), Some(Word::No | Word::Not)))?;
    let is_between = |item: &&Item| BETWEEN.contains(&tokens[item.from].text.as_str());
    let next = items[no + 1..].iter().find(|item| !is_between(item))?;
    let noun = &tokens.get(next.from)?.text;
    let is_plain =
        items[no].word() == Some(Word::No) || items.get(no + 1).is_some_and(|item| is_between(&item));
    let is_thing = next.word() == Some(Word::Unit(Unit::Thing)) && is_plain;
    let is_noun = matches!(next.part, Part::Other | Part::Word(Word::Unit(_)));
    let is_asked = is_thing || is_noun && question.asks_amount && question.names(noun);
    is_asked.then(|| Reading::value(0, format!("None of what was asked for: no {noun}.")))
}

/// The one word of the answer sounds like a number.
fn homophone(
    items: &[Item],
    tokens: &[Token],
    lexicon: &Lexicon,
    heard: &Heard<'_>,
    said_words: usize,
) -> Reading {
    let none = || Reading::unclear("There is no number in the answer.");
    let is_noise = |item: &Item| {
        let is_the = tokens[item.from].is_word("the");
        is_the || matches!(item.part, Part::Pause | Part::Word(Word::Unit(_) | Word::Money | Word::Percent))
    };
    let rest: Vec<&Item> = items.iter().filter(|item| !is_noise(item)).collect();
    let [only] = rest[..] else { return none() };
    let said = token::spelled(&tokens[only.from..only.to]);
    let like = lexicon.grammar.homophones.iter().find(|(spelling, _)| *spelling == said);
    match like {
        _ if said_words > HOMOPHONE_WORDS_MAX => none(),
        Some(_) if heard.confidence.is_some_and(|sure| sure < HOMOPHONE_CONFIDENCE_MIN) => {
            Reading::unclear("The answer sounds like a number, but was heard too unsurely.")
        }
        Some((spelling, value)) => {
            Reading::value(*value, format!("Where a number is expected, \"{spelling}\" is {value}."))
        }
        None => none(),
    }
}
