//! How people talk around an answer: fillers, corrections, asking for time, and not knowing.

use super::language::{Language, Locale};
use super::phrase::{Found, Phrases};
use super::reading::Reading;
use super::token::{self, Kind, Token};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sense {
    /// Takes back what was said before: `no wait`, `scratch that`.
    Correction,
    /// May take back what was said before, or mean nothing: `I mean`, `actually`, `sorry`.
    PerhapsCorrection,
    /// The person does not know.
    Unsure,
    /// Asks for time or for the question again. A number in it is none: `one moment`.
    Waiting,
    /// Changes nothing: `um`, `about`, `I think`.
    Filler,
}

/// Each kind of phrase is looked for by itself, since `I think` is a filler to a number only.
struct Lexicon {
    corrections: Phrases<Sense>,
    unsure: Phrases<Sense>,
    waiting: Phrases<Sense>,
    fillers: Phrases<Sense>,
    hesitations: Phrases<Sense>,
}

static LEXICONS: LazyLock<[Lexicon; 5]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let list = match language {
            Language::En => include_str!("en.txt"),
            Language::Es => include_str!("es.txt"),
            Language::Fr => include_str!("fr.txt"),
            Language::De => include_str!("de.txt"),
            Language::Other => "",
        };
        let of = |senses: &[(&str, Sense)]| Phrases::of_sections(language, list, senses);
        Lexicon {
            corrections: of(&[
                ("corrections", Sense::Correction),
                ("perhaps corrections", Sense::PerhapsCorrection),
            ]),
            unsure: of(&[("unsure", Sense::Unsure)]),
            waiting: of(&[("waiting", Sense::Waiting)]),
            hesitations: of(&[("hesitations", Sense::Filler), ("waiting", Sense::Waiting)]),
            fillers: of(&[("fillers", Sense::Filler), ("waiting", Sense::Waiting)]),
        }
    })
});

fn lexicon(locale: &Locale) -> &'static Lexicon {
    &LEXICONS[locale.language.index()]
}

/// Reads the latest thing that was said: what follows the last correction. Where that is no answer, a certain
/// correction leaves none, and an uncertain one is passed over.
pub(super) fn latest(tokens: &[Token], locale: &Locale, read: impl Fn(&[Token]) -> Reading) -> Reading {
    let tokens = without(tokens, &lexicon(locale).waiting);
    let corrections = lexicon(locale).corrections.all(&tokens);
    let Some(last) = corrections.last() else { return read(&tokens) };
    let said = token::spelled(&tokens[last.from..last.to]);
    let after = &tokens[last.to..];
    if has_words(after) {
        let reading = read(after);
        if reading.is_value() {
            return reading.because(format!("After \"{said}\" the latest answer counts."));
        }
    }
    if corrections.iter().any(|correction| correction.sense == Sense::Correction) {
        return Reading::unclear(format!("\"{said}\" takes back what was said before."));
    }
    read(&tokens)
}

/// The phrase by which the person says that they do not know.
pub(super) fn unsure(tokens: &[Token], locale: &Locale) -> Option<String> {
    let found = lexicon(locale).unsure.all(tokens);
    found.first().map(|phrase| token::spelled(&tokens[phrase.from..phrase.to]))
}

/// Whether nothing was said but sounds of thinking, that one does not know, or a wish to hear the question again.
pub(super) fn is_hesitation(tokens: &[Token], locale: &Locale) -> bool {
    let rest = without(&without(tokens, &lexicon(locale).corrections), &lexicon(locale).hesitations);
    let hesitates = !lexicon(locale).hesitations.all(tokens).is_empty();
    let is_waiting = hesitates || unsure(tokens, locale).is_some();
    let rest =
        if is_waiting { without(&without_fillers(&rest, locale), &lexicon(locale).unsure) } else { rest };
    !rest.iter().any(|token| matches!(token.kind, Kind::Word | Kind::Numeral))
}

/// The answer without what changes nothing in it.
pub(super) fn without_fillers(tokens: &[Token], locale: &Locale) -> Vec<Token> {
    without(tokens, &lexicon(locale).fillers)
}

fn without(tokens: &[Token], phrases: &Phrases<Sense>) -> Vec<Token> {
    let found = phrases.all(tokens);
    let is_kept =
        |at: usize| !found.iter().any(|phrase: &Found<Sense>| (phrase.from..phrase.to).contains(&at));
    tokens.iter().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, token)| token.clone()).collect()
}

/// Whether anything but pauses is left.
pub(super) fn has_words(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| token.kind != Kind::Pause)
}
