//! Answers of somebody who did not hear, asks for time or asks who is calling: `hang on, the baby's crying`, `no le capté`.

use super::super::language::{ByLanguage, Locale, word_list};
use super::super::phrase::{Found, Phrases};
use super::super::token::{self, Token};
use super::{is_no, lexicon};

/// More words beside the trouble are an answer.
const WORDS_BESIDE_MAX: usize = 8;
/// A longer answer may have the words for hearing and speaking of its own.
const WORDS_MAX: usize = 11;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// Opens or ends such an answer, whatever stands beside it.
    Outside,
    /// A verb for hearing, which has to be denied: `catch`.
    Hearing,
    /// What the listener is asked for: `louder`.
    Speaking,
    /// Denies a verb for hearing.
    Denial,
    /// Says yes before such an answer.
    Yes,
}

struct Table {
    outside: Phrases<Trouble>,
    hearing: Phrases<Trouble>,
    speaking: Phrases<Trouble>,
    denials: Phrases<Trouble>,
    yes: Phrases<Trouble>,
}

static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let of = |name, sense| Phrases::of_sections(language, list, &[(name, sense)]);
    Table {
        outside: of("trouble", Trouble::Outside),
        hearing: of("hearing", Trouble::Hearing),
        speaking: of("speaking", Trouble::Speaking),
        denials: of("not heard", Trouble::Denial),
        yes: of("yes before trouble", Trouble::Yes),
    }
});

/// The phrase that tells of it.
pub(in super::super) fn tells_of_trouble(tokens: &[Token], locale: &Locale) -> Option<String> {
    let table = TABLES.of(locale.language);
    let words = |tokens: &[Token]| tokens.iter().filter(|token| !token.is_pause()).count();
    let said = |found: Found<Trouble>| token::spelled(&tokens[found.from..found.to]);
    let first = begin(tokens, table, locale);
    let opens = table.outside.at(tokens, first);
    if let Some(found) = opens.filter(|found| words(&tokens[found.to..]) <= WORDS_BESIDE_MAX) {
        return Some(said(found));
    }
    let last = tokens.iter().rposition(|token| !token.is_pause())? + 1;
    let ends = table.outside.all(&tokens[..last]).into_iter().next_back();
    // "The wait" is what could be better.
    let ends = ends.filter(|found| {
        found.to == last && found.to > found.from + 1 && words(&tokens[..found.from]) <= WORDS_BESIDE_MAX
    });
    let is_short = words(tokens) <= WORDS_MAX;
    let heard = || {
        let is_denied = !table.denials.all(tokens).is_empty();
        table.hearing.all(tokens).into_iter().next().filter(|_| is_denied)
    };
    let spoken = || table.speaking.all(tokens).into_iter().next();
    ends.or_else(|| is_short.then(|| heard().or_else(spoken)).flatten()).map(said)
}

/// The verb for hearing that a short answer denies: `I can't hear you very well`.
pub(in super::super) fn hears_badly(tokens: &[Token], locale: &Locale) -> bool {
    let table = TABLES.of(locale.language);
    let words = tokens.iter().filter(|token| !token.is_pause()).count();
    words <= WORDS_MAX && !table.denials.all(tokens).is_empty() && !table.hearing.all(tokens).is_empty()
}

/// Where an answer begins behind sounds of thinking, a greeting, a yes or a no.
fn begin(tokens: &[Token], table: &Table, locale: &Locale) -> usize {
    let hesitations = &lexicon(locale).hesitations;
    let mut first = 0;
    while let Some(token) = tokens.get(first) {
        let said = hesitations.at(tokens, first).map(|found| found.to);
        match said.or_else(|| table.yes.at(tokens, first).map(|found| found.to)) {
            _ if table.outside.at(tokens, first).is_some() => break,
            Some(to) => first = to,
            None if token.is_pause() || is_no(token) => first += 1,
            None => break,
        }
    }
    first
}
