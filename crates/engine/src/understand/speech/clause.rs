//! The clauses of an answer: the one that answers, and those that explain it, restate it or say that it does not suit.

use super::super::language::{Language, Locale, word_list};
use super::super::phrase::Phrases;
use super::super::reading::Reading;
use super::super::token::{self, Token};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    /// What follows is why, whatever it denies: `because`.
    Reason,
    /// What follows is about the person or the answer, and changes nothing where it denies nothing: `I`, `it's`.
    Remark,
    /// What follows is about something else, and may have values of its own: `my flight`.
    Other,
    /// Says that something does not suit: `I can't`.
    Refusal,
    /// Denies something, which an explanation may not: `don't`.
    Denial,
    /// What follows says the same again: `that is`.
    Again,
}

struct Table {
    begins: Phrases<Clause>,
    refusals: Phrases<Clause>,
    denials: Phrases<Clause>,
    again: Phrases<Clause>,
}

static TABLES: LazyLock<[Table; 5]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let list = word_list!(language);
        let of = |senses: &[(&str, Clause)]| Phrases::of_sections(language, list, senses);
        Table {
            begins: of(&[
                ("reasons", Clause::Reason),
                ("others", Clause::Other),
                ("remarks", Clause::Remark),
            ]),
            refusals: of(&[("refusals", Clause::Refusal)]),
            denials: of(&[("denials", Clause::Denial), ("refusals", Clause::Refusal)]),
            again: of(&[("again", Clause::Again)]),
        }
    })
});

fn table(locale: &Locale) -> &'static Table {
    &TABLES[locale.language.index()]
}

/// The words by which an answer says that something does not suit.
pub(in super::super) fn refuses(tokens: &[Token], locale: &Locale) -> Option<String> {
    let found = *table(locale).refusals.all(tokens).first()?;
    Some(token::spelled(&tokens[found.from..found.to]))
}

/// Whether words by which something does not suit begin here.
pub(in super::super) fn refused_at(tokens: &[Token], at: usize, locale: &Locale) -> bool {
    table(locale).refusals.at(tokens, at).is_some()
}

/// The value of an answer's beginning, where what follows only explains it: `Friday's fine, I'm off work`. `has_value`
/// tells whether an explanation names another value.
pub(in super::super) fn explained(
    tokens: &[Token],
    locale: &Locale,
    read: impl Fn(&[Token]) -> Reading,
    has_value: impl Fn(&[Token]) -> bool,
) -> Option<Reading> {
    let table = table(locale);
    table.begins.all(tokens).into_iter().filter(|clause| clause.from > 0).find_map(|clause| {
        let (head, rest) = tokens.split_at(clause.from);
        let denies = || !table.denials.all(rest).is_empty();
        let changes_nothing = match clause.sense {
            Clause::Reason => true,
            Clause::Other => !denies(),
            _ => !denies() && !has_value(&tokens[clause.to..]),
        };
        let reading = Some(()).filter(|()| changes_nothing).map(|()| read(head)).filter(Reading::is_value)?;
        let said = token::spelled(&tokens[clause.from..clause.to]);
        Some(reading.because(format!("What follows \"{said}\" explains it.")))
    })
}

/// The parts of an answer between pauses and words by which people say the same again.
pub(in super::super) fn restated<'a>(tokens: &'a [Token], locale: &Locale) -> Vec<&'a [Token]> {
    let mut cuts: Vec<(usize, usize)> =
        table(locale).again.all(tokens).into_iter().map(|found| (found.from, found.to)).collect();
    cuts.extend((0..tokens.len()).filter(|at| tokens[*at].is_pause()).map(|at| (at, at + 1)));
    cuts.sort_unstable();
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for (begin, end) in cuts {
        if begin >= from {
            parts.push(&tokens[from..begin]);
            from = end;
        }
    }
    parts.push(&tokens[from..]);
    parts
}
