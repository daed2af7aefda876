//! What stands before a yes or a no at the end of an answer: `in the afternoon yes` answers for the afternoon alone.

use super::super::language::{Language, Locale};
use super::super::phrase::Found;
use super::super::speech;
use super::super::token::{Kind, Token};
use super::question::{self, Question};
use super::{Leaning, TABLES};

/// Longer clauses are sentences.
const FRAGMENT_WORDS_MAX: usize = 5;
/// A no behind so many new words asks the listener: `il y en a plusieurs non`.
const TAG_WORDS_MIN: usize = 2;
/// What comes to a conclusion is no part of what stands before.
const SO: &[&str] =
    &["so", "but", "then", "also", "aber", "donc", "mais", "alors", "pero", "entonces", "que", "pues"];

/// Whether the last word of an answer belongs to what stands before it in the same clause, which the question does not
/// ask about: a day, a part of the day, somebody else.
pub(super) fn contrasts(
    ending: &Found<Leaning>,
    found: &[Found<Leaning>],
    tokens: &[Token],
    question: &Question,
    locale: &Locale,
) -> bool {
    let Some(clause) = clause_before(ending, found, tokens) else { return false };
    let table = TABLES.of(locale.language);
    // In German it leads to a day.
    let leads = |token: &Token| ["am", "der", "die"].contains(&token.text.as_str());
    let is_sentence = |token: &Token| !leads(token) && question::makes_sentence(&token.text);
    let is_fragment = clause.len() <= FRAGMENT_WORDS_MAX && !clause.iter().any(is_sentence);
    let is_asked = |token: &Token| question.names(&token.text);
    let contrasts = table.contrasts.all(clause);
    is_fragment && contrasts.iter().any(|found| !clause[found.from..found.to].iter().any(is_asked))
}

/// Whether a Spanish or French no at the end of a whole sentence only asks for agreement: `il y en a plusieurs non`.
pub(super) fn asks_for_agreement(
    ending: &Found<Leaning>,
    found: &[Found<Leaning>],
    tokens: &[Token],
    question: &Question,
    locale: &Locale,
) -> bool {
    let may_ask = matches!(locale.language, Language::Es | Language::Fr) && ending.sense == Leaning::No;
    let Some(clause) = clause_before(ending, found, tokens).filter(|_| may_ask) else { return false };
    let clause = speech::without_fillers(clause, locale);
    let is_new = |at: &usize| {
        matches!(clause[*at].kind, Kind::Word | Kind::Numeral) && !question.is_known(&clause, *at, locale)
    };
    (0..clause.len()).filter(is_new).count() >= TAG_WORDS_MIN
}

/// What stands before the last word in its clause. Nothing where it leans one way itself, or leads to a conclusion.
fn clause_before<'a>(
    ending: &Found<Leaning>,
    found: &[Found<Leaning>],
    tokens: &'a [Token],
) -> Option<&'a [Token]> {
    let from = tokens[..ending.from].iter().rposition(Token::is_pause).map_or(0, |pause| pause + 1);
    let clause = &tokens[from..ending.from];
    let is_within = |phrase: &&Found<Leaning>| phrase.from >= from && phrase.to <= ending.from;
    let leans = |phrase: &Found<Leaning>| matches!(phrase.sense, Leaning::Yes | Leaning::No);
    let concludes = clause.last().is_some_and(|token| SO.contains(&token.text.as_str()));
    let is_single = ending.to == ending.from + 1;
    (is_single && !concludes && !found.iter().filter(is_within).any(leans)).then_some(clause)
}
