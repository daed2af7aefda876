//! What leaves an answer open, whatever yes or no is in it: a question, a condition, not knowing, not having found out,
//! and two halves of which one is a yes.

use super::super::language::{Language, Locale};
use super::super::phrase::Found;
use super::super::reading::Reading;
use super::super::speech;
use super::super::token::{self, Token};
use super::question::Question;
use super::{Leaning, TABLES, Table};

/// A longer answer with a yes and a no in it is left to what stands around them.
const HALF_WORDS_MAX: usize = 8;

/// A shorter word names nothing that is so.
const HALF_LETTERS_MIN: usize = 5;

/// A question of so few words may be a yes: `yes, why?`.
const QUESTION_WORDS_MIN: usize = 5;

/// How far behind a denial stands what is denied.
const DENIED_WORDS: usize = 4;

/// Words for being sure; after a denial they say that one is not.
const CERTAINTY: &[&str] =
    &["sure", "certain", "positive", "seguro", "segura", "sur", "sure", "certaine", "sicher", "verstanden"];

/// What keeps an answer from being read at all: it is a question, or holds on a condition only.
pub(in super::super) fn without_answer(tokens: &[Token], locale: &Locale) -> Option<Reading> {
    let table = TABLES.of(locale.language);
    // Before a "no" between them is taken for a correction.
    if says_half(tokens) {
        return Some(Reading::unclear("The answer says yes to one thing and no to another."));
    }
    let is_none = asks_or_sets_terms(tokens, table, locale);
    is_none.then(|| Reading::unclear("The answer is a question, or holds on a condition only."))
}

/// `¿si digo que sí me quitan el de papel?`, `si no cobran, sí`.
fn asks_or_sets_terms(tokens: &[Token], table: &Table, locale: &Locale) -> bool {
    let words = tokens.iter().filter(|token| !token.is_pause()).count();
    let first = tokens.iter().position(|token| !token.is_pause()).unwrap_or(0);
    let basic = table.basic.at(tokens, first);
    let is_answered = basic.is_some_and(|basic| tokens.get(basic.to).is_some_and(Token::is_pause));
    let asks = tokens.last().is_some_and(|token| token.text == "?") && words >= QUESTION_WORDS_MIN;
    let is_if = tokens[first].is_word("si") && !tokens[first].is_accented;
    let is_condition = locale.language == Language::Es
        && is_if
        && tokens.get(first + 1).is_some_and(|next| next.is_word("no"))
        && tokens[first..].iter().any(Token::is_pause)
        && words >= QUESTION_WORDS_MIN - 1;
    asks && !is_answered || is_condition
}

/// Whether the person says that they hear badly: `I can't hear you very well`. Not where the answer opens with a yes or
/// a no, or has one of its own.
pub(in super::super) fn is_not_heard(tokens: &[Token], locale: &Locale) -> bool {
    let basic = &TABLES.of(locale.language).basic;
    let stands = |at: usize| at == 0 || tokens.get(at + 1).is_none_or(Token::is_pause);
    let is_answered = (0..tokens.len()).any(|at| stands(at) && basic.at(tokens, at).is_some());
    !is_answered && speech::hears_badly(tokens, locale)
}

/// What leaves an answer open whatever else it says: that it depends, or that the person does not know.
pub(super) fn left_open(found: &[Found<Leaning>], tokens: &[Token], locale: &Locale) -> Option<Reading> {
    let said = |phrase: &Found<Leaning>| token::spelled(&tokens[phrase.from..phrase.to]);
    if let Some(open) = found.iter().find(|phrase| phrase.sense == Leaning::Open) {
        return Some(Reading::unclear(format!("\"{}\" leaves it open.", said(open))));
    }
    // "I'll pass" is a no, though "pass" alone skips a question.
    let is_leaning = |from: usize, to: usize| {
        let covers = |phrase: &Found<Leaning>| phrase.from <= from && to <= phrase.to;
        // "Je ne l'ai pas reçu", though "je ne l'ai pas" is how one says that something is not at hand.
        let goes_on = |phrase: &Found<Leaning>| phrase.from < to && phrase.to > to;
        let leans = |phrase: &Found<Leaning>| matches!(phrase.sense, Leaning::Yes | Leaning::No);
        found.iter().any(|phrase| leans(phrase) && (covers(phrase) || goes_on(phrase)))
    };
    if let Some(unsure) = speech::unsure_but(tokens, locale, is_leaning) {
        return Some(Reading::unclear(format!("\"{unsure}\" says that the person does not know.")));
    }
    let is_uncertain = is_uncertain(found, tokens);
    is_uncertain.then(|| Reading::unclear("The answer says that the person is not sure."))
}

/// `I'm not that sure`, `no estoy tan segura`.
fn is_uncertain(found: &[Found<Leaning>], tokens: &[Token]) -> bool {
    found.iter().filter(|phrase| matches!(phrase.sense, Leaning::No | Leaning::Negator)).any(|phrase| {
        let after = tokens[phrase.to..].iter().take(4).take_while(|token| !token.is_pause());
        let says = |token: &Token| CERTAINTY.contains(&token.text.as_str());
        after.into_iter().any(says)
    })
}

/// `I haven't tried it yet`: a verb for finding out that is denied, unless the question asks for it.
pub(super) fn not_found_out(
    found: &[Found<Leaning>],
    tokens: &[Token],
    table: &Table,
    question: &Question,
) -> Option<String> {
    let denials = found.iter().filter(|phrase| matches!(phrase.sense, Leaning::No | Leaning::Negator));
    let check = |denial: &Found<Leaning>| {
        let end = (denial.to + DENIED_WORDS).min(tokens.len());
        let check = (denial.from..end).find_map(|at| table.checks.at(tokens, at))?;
        let is_asked = tokens[check.from..check.to].iter().any(|token| question.names(&token.text));
        (!is_asked).then(|| token::spelled(&tokens[denial.from..check.to.max(denial.to)]))
    };
    denials.into_iter().find_map(check)
}

/// `upstairs it is, downstairs it isn't`, `in the morning yes, in the afternoon no`: a yes for one thing and a no for
/// another.
pub(super) fn says_half(tokens: &[Token]) -> bool {
    const HALVES: &[(&str, &str)] = &[
        ("it is", "it isnt"),
        ("they are", "they arent"),
        ("it does", "it doesnt"),
        ("yes", "no"),
        ("ja", "nein"),
        ("ja", "nicht"),
        ("oui", "pas"),
        ("oui", "non"),
        ("si", "no"),
    ];
    let words: Vec<&str> = tokens
        .iter()
        .filter(|token| !token.is_pause() && !speech::is_sound_of_thinking(&token.text))
        .map(|token| token.text.as_str())
        .collect();
    let text = format!(" {} ", words.join(" "));
    let names = |text: &str| text.split(' ').any(|word| word.len() >= HALF_LETTERS_MIN);
    let parts = |(first, last): (&str, &str)| {
        let middle = text.strip_suffix(&format!(" {last} "))?;
        let (before, between) = middle.split_once(&format!(" {first} "))?;
        Some(names(before) && names(between))
    };
    let is_half = |(yes, no): &(&str, &str)| {
        parts((yes, no)).or_else(|| parts((no, yes))).unwrap_or(false) && words.len() <= HALF_WORDS_MAX
    };
    HALVES.iter().any(is_half)
}
