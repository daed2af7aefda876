//! The words of an answer with the parts they play in numbers.

use super::super::language::{ByLanguage, Language, Locale};
use super::super::phrase::Phrases;
use super::super::token::{Kind, Token};
use super::aside;
use super::compound;
use super::numeral;
use super::word::{Grammar, Word};
use super::{de, en, es, fr};

/// What stands at one place of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Word(Word),
    /// Digits, with how many there are before any decimal mark and whether the first is a zero.
    Numeral {
        value: f64,
        digits: u32,
        is_whole: bool,
        leads_with_zero: bool,
    },
    Sign(char),
    Pause,
    /// A word that has no part in numbers.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) part: Part,
    /// The tokens it takes.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) joined: bool,
}

impl Item {
    pub(super) fn word(&self) -> Option<Word> {
        match self.part {
            Part::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// A language's grammar, ready to be looked up.
pub(super) struct Lexicon {
    pub(super) grammar: &'static Grammar,
    pub(super) phrases: Phrases<Word>,
    pub(super) segments: Vec<(String, Word)>,
}

/// The sections of the words around numbers. Where a phrase stands in several the first one holds.
const AROUND: &[(&str, Word)] = &[
    ("elsewhere", Word::Elsewhere),
    ("alone", Word::Alone),
    ("any", Word::Any),
    ("out of", Word::OutOf),
    ("then", Word::Then),
    ("partly", Word::Partly),
    ("more", Word::More),
    ("or", Word::Or),
    ("bound", Word::Bound),
    ("bound beside", Word::BoundBeside),
    ("upper", Word::Upper),
    ("easily", Word::Easily),
    ("since", Word::Since),
    ("vague", Word::Vague),
    ("nothing", Word::Nothing),
    ("not", Word::Not),
    ("no", Word::No),
    ("pronoun", Word::Pronoun),
];

static LEXICONS: ByLanguage<Option<Lexicon>> = ByLanguage::new(lexicon);

fn lexicon(language: Language) -> Option<Lexicon> {
    let grammar = match language {
        Language::En => &en::GRAMMAR,
        Language::Es => &es::GRAMMAR,
        Language::Fr => &fr::GRAMMAR,
        Language::De => &de::GRAMMAR,
        Language::Other => return None,
    };
    let segments = if grammar.compounds { compound::segments(grammar, language) } else { Vec::new() };
    let phrases = Phrases::with_sections(language, grammar.words, grammar.around, AROUND);
    Some(Lexicon { grammar, phrases, segments })
}

pub(super) fn lexicon_of(language: Language) -> Option<&'static Lexicon> {
    LEXICONS.of(language).as_ref()
}

/// Reads the tokens of an answer as items, pairs that make one number joined.
pub(super) fn items(tokens: &[Token], locale: &Locale) -> Vec<Item> {
    let lexicon = lexicon_of(locale.language);
    let mut items = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let joined = tokens[at].joined;
        // "No, one": the pause parts what "no one" would join.
        let is_parted = |to: usize| tokens[at].is_word("no") && tokens[at..to].iter().any(Token::is_pause);
        let found = lexicon.and_then(|lexicon| lexicon.phrases.at(tokens, at));
        if let Some(found) = found.filter(|found| !is_parted(found.to)) {
            items.push(Item { part: Part::Word(found.sense), from: at, to: found.to, joined });
            at = found.to;
            continue;
        }
        if let Some(grouped) = numeral::grouped(&tokens[at..], locale) {
            items.push(Item { part: grouped.part, from: at, to: at + grouped.tokens, joined });
            at += grouped.tokens;
            continue;
        }
        single(&tokens[at], at, lexicon, &mut items);
        at += 1;
    }
    let items = pronouns(join_pairs(items, lexicon), tokens);
    if locale.language == Language::Es { fourths(items, tokens) } else { items }
}

fn single(token: &Token, at: usize, lexicon: Option<&Lexicon>, items: &mut Vec<Item>) {
    let mut push = |part| items.push(Item { part, from: at, to: at + 1, joined: token.joined });
    match token.kind {
        Kind::Word => match lexicon.and_then(|lexicon| compound::split(&token.text, &lexicon.segments)) {
            Some(words) => words.into_iter().for_each(|word| push(Part::Word(word))),
            None => push(Part::Other),
        },
        Kind::Numeral => push(Part::Other),
        Kind::Sign => push(match token.text.chars().next().unwrap_or(' ') {
            '%' => Part::Word(Word::Percent),
            '$' | '€' | '£' => Part::Word(Word::Money),
            '¢' => Part::Word(Word::Cents),
            '<' | '>' | '≥' | '≤' | '±' | '~' => Part::Word(Word::Bound),
            sign => Part::Sign(sign),
        }),
        Kind::Pause => push(Part::Pause),
    }
}

/// `en el cuarto` is the fourth, `tres cuartos` and `un cuarto` are parts.
fn fourths(mut items: Vec<Item>, tokens: &[Token]) -> Vec<Item> {
    for at in 0..items.len() {
        let is_counted = at.checked_sub(1).is_some_and(|before| {
            matches!(
                items[before].part,
                Part::Word(Word::Article | Word::And | Word::Small(_) | Word::Half) | Part::Numeral { .. }
            )
        });
        if tokens[items[at].from].is_word("cuarto") && !is_counted {
            items[at].part = Part::Word(Word::Ordinal(4));
        }
    }
    items
}

/// `the second one` is the second, not the second and one; and `a tough one` is none.
fn pronouns(mut items: Vec<Item>, tokens: &[Token]) -> Vec<Item> {
    for at in 1..items.len() {
        let is_after_ordinal =
            matches!(items[at - 1].part, Part::Word(Word::Ordinal(_) | Word::OrdinalEnding));
        let is_one = tokens[items[at].from].is_word("one");
        if is_after_ordinal && is_one && items[at].part == Part::Word(Word::Small(1)) {
            items[at].part = Part::Word(Word::Pronoun);
        }
        if items[at].part == Part::Word(Word::Small(1)) && aside::is_pronoun(&items, at, tokens) {
            items[at].part = Part::Word(Word::Pronoun);
        }
        // "5+ years".
        if items[at].part == Part::Sign('+') && matches!(items[at - 1].part, Part::Numeral { .. }) {
            items[at].part = Part::Word(Word::Bound);
        }
    }
    items
}

fn join_pairs(items: Vec<Item>, lexicon: Option<&Lexicon>) -> Vec<Item> {
    let pairs = lexicon.map_or(&[][..], |lexicon| lexicon.grammar.pairs);
    if pairs.is_empty() {
        return items;
    }
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let before = joined.last().and_then(Item::word);
        let pair = pairs.iter().find(|pair| before == Some(pair.0) && item.word() == Some(pair.1));
        match (pair, joined.last_mut()) {
            (Some(pair), Some(last)) => {
                last.part = Part::Word(pair.2);
                last.to = item.to;
            }
            _ => joined.push(item),
        }
    }
    joined
}
