//! Yes and no in their many forms.
//!
//! An answer may hold several phrases that lean one way. All of them have to lean the same way: "yes and no"
//! and "okay, but no" are asked again, and so is everything that leaves it open ("maybe", "I guess so").

use super::language::{Language, Locale};
use super::phrase::{Found, Phrases};
use super::reading::Reading;
use super::speech;
use super::token::{self, Kind, Token};
use std::sync::LazyLock;

/// How far words that are unknown may outnumber the phrase that decides, where it does not stand first.
const UNKNOWN_WORDS_MAX: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaning {
    Yes,
    /// Yes where nothing follows before a pause: `I do`, but not `I do wonder`.
    YesAtEnd,
    /// No where it begins or ends the answer: `there is no easy answer` says none.
    NoOutside,
    /// No where nothing follows before a pause: `ne`, but not `ne Frage`.
    NoAtEnd,
    /// Yes where it begins or ends the answer; between other words it is a particle: `ja`, `doch`.
    YesOutside,
    /// Yes alone, but also a filler: `okay`, `right`, `fine`.
    MildYes,
    No,
    /// Turns the phrase after it around: `not`.
    Negator,
    /// Leaves it open.
    Open,
    /// Holds words of the other lists, but leans no way.
    Neutral,
}

static TABLES: LazyLock<[Phrases<Leaning>; 5]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let list = match language {
            Language::En => include_str!("en.txt"),
            Language::Es => include_str!("es.txt"),
            Language::Fr => include_str!("fr.txt"),
            Language::De => include_str!("de.txt"),
            Language::Other => include_str!("signs.txt"),
        };
        let senses = [
            ("open", Leaning::Open),
            ("neutral", Leaning::Neutral),
            ("no", Leaning::No),
            ("yes", Leaning::Yes),
            ("yes at end", Leaning::YesAtEnd),
            ("yes outside", Leaning::YesOutside),
            ("no outside", Leaning::NoOutside),
            ("no at end", Leaning::NoAtEnd),
            ("mild yes", Leaning::MildYes),
            ("negators", Leaning::Negator),
        ];
        Phrases::of_sections(language, list, &senses)
    })
});

/// Reads yes as `true` and no as `false`.
pub(super) fn read(tokens: &[Token], locale: &Locale) -> Reading {
    let found = settled(TABLES[locale.language.index()].all(tokens), tokens, locale);
    let said = |phrase: &Found<Leaning>| token::spelled(&tokens[phrase.from..phrase.to]);
    if let Some(open) = found.iter().find(|phrase| phrase.sense == Leaning::Open) {
        return Reading::unclear(format!("\"{}\" leaves it open.", said(open)));
    }
    if let Some(unsure) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{unsure}\" says that the person does not know."));
    }
    if is_uncertain(&found, tokens) {
        return Reading::unclear("The answer says that the person is not sure.");
    }
    let Some(turned) = turn(&found, tokens) else {
        return Reading::unclear("A no of a no can be meant in both ways.");
    };
    let decides: Vec<&Found<Leaning>> =
        turned.iter().filter(|phrase| matches!(phrase.sense, Leaning::Yes | Leaning::No)).collect();
    let unknown = unknown_words(&turned, tokens, locale);
    match decides.as_slice() {
        [] => read_mild(&turned, tokens, unknown),
        [first, rest @ ..] => {
            let is_denied = turned.iter().any(|phrase| phrase.sense == Leaning::Negator);
            if first.sense == Leaning::Yes && is_denied {
                return Reading::unclear("The answer says yes, and denies something.");
            }
            if rest.iter().any(|phrase| phrase.sense != first.sense) {
                return Reading::unclear("The answer says both yes and no.");
            }
            if !opens(first, tokens, locale) && unknown > UNKNOWN_WORDS_MAX {
                return Reading::unclear("The answer says too much else to be a yes or a no.");
            }
            let (value, meaning) = if first.sense == Leaning::Yes { (true, "yes") } else { (false, "no") };
            Reading::value(value, format!("\"{}\" means {meaning}.", said(first)))
        }
    }
}

/// Words for being sure; after a denial they say that one is not.
const CERTAINTY: &[&str] =
    &["sure", "certain", "positive", "seguro", "segura", "sur", "sure", "certaine", "sicher", "verstanden"];

/// `I'm not that sure`, `no estoy tan segura`.
fn is_uncertain(found: &[Found<Leaning>], tokens: &[Token]) -> bool {
    found.iter().filter(|phrase| matches!(phrase.sense, Leaning::No | Leaning::Negator)).any(|phrase| {
        let after = tokens[phrase.to..].iter().take(4).take_while(|token| !token.is_pause());
        let says = |token: &Token| CERTAINTY.contains(&token.text.as_str());
        after.into_iter().any(says)
    })
}

/// Decides about the phrases whose meaning depends on where they stand.
fn settled(mut found: Vec<Found<Leaning>>, tokens: &[Token], locale: &Locale) -> Vec<Found<Leaning>> {
    for phrase in &mut found {
        let ends = tokens.get(phrase.to).is_none_or(Token::is_pause);
        phrase.sense = match phrase.sense {
            Leaning::YesAtEnd if ends => Leaning::Yes,
            Leaning::NoAtEnd if ends => Leaning::No,
            Leaning::YesOutside if ends || opens(phrase, tokens, locale) => Leaning::Yes,
            Leaning::NoOutside if ends || opens(phrase, tokens, locale) => Leaning::No,
            Leaning::YesAtEnd | Leaning::NoAtEnd | Leaning::YesOutside | Leaning::NoOutside => {
                Leaning::Neutral
            }
            Leaning::Yes if !ends && is_spanish_if(phrase, tokens, locale) => Leaning::Open,
            sense => sense,
        };
    }
    found
}

/// `si puedo`: without its accent and before other words, the Spanish yes is an "if".
fn is_spanish_if(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    let token = &tokens[phrase.from];
    locale.language == Language::Es
        && phrase.to - phrase.from == 1
        && token.text == "si"
        && !token.is_accented
}

/// A mild yes counts where nothing else was said.
fn read_mild(found: &[Found<Leaning>], tokens: &[Token], unknown: usize) -> Reading {
    let mild = found.iter().find(|phrase| phrase.sense == Leaning::MildYes);
    let is_turned = found.iter().any(|phrase| phrase.sense == Leaning::Negator);
    match mild {
        Some(mild) if unknown == 0 && !is_turned => {
            let said = token::spelled(&tokens[mild.from..mild.to]);
            Reading::value(true, format!("\"{said}\" alone means yes."))
        }
        _ => Reading::unclear("There is neither a yes nor a no in the answer."),
    }
}

/// Joins a negator with the phrase that it turns: "not correct" is a no. Nothing where it turns a no.
fn turn(found: &[Found<Leaning>], tokens: &[Token]) -> Option<Vec<Found<Leaning>>> {
    let mut turned: Vec<Found<Leaning>> = Vec::with_capacity(found.len());
    for phrase in found {
        let negator = turned.last().copied().filter(|last| {
            let between = &tokens[last.to..phrase.from];
            last.sense == Leaning::Negator && between.len() <= 2 && !between.iter().any(Token::is_pause)
        });
        match (negator, phrase.sense) {
            (Some(negator), Leaning::Yes | Leaning::MildYes) => {
                turned.pop();
                turned.push(Found { sense: Leaning::No, from: negator.from, to: phrase.to });
            }
            (Some(_), Leaning::No | Leaning::Negator) => return None,
            _ => turned.push(*phrase),
        }
    }
    Some(turned)
}

/// Whether nothing but fillers stands before a phrase.
fn opens(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    !speech::has_words(&speech::without_fillers(&tokens[..phrase.from], locale))
}

/// How many words belong to no phrase and are no fillers.
fn unknown_words(found: &[Found<Leaning>], tokens: &[Token], locale: &Locale) -> usize {
    let is_found = |at: usize| found.iter().any(|phrase| (phrase.from..phrase.to).contains(&at));
    let rest: Vec<Token> =
        tokens.iter().enumerate().filter(|(at, _)| !is_found(*at)).map(|(_, token)| token.clone()).collect();
    let rest = speech::without_fillers(&rest, locale);
    rest.iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Numeral)).count()
}
