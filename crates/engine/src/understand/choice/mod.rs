//! One of the choices that a question offers: by name or synonym, by key, place or number, by a part of its
//! name, or by its sound.
//!
//! The ways are tried in this order, and the first that leads to choices decides: to one of them, or to none
//! where it leads to several.

mod likes;
mod named;
mod place;
mod sound;

pub use sound::sound_alike;

use super::language::{ByLanguage, Language, Locale, word_list};
use super::number::{self, Order};
use super::phrase::Phrases;
use super::reading::Reading;
use super::speech;
use super::token::{self, Kind, Token};
use super::yes_no;
use super::{Asked, Choice, Heard};
use serde_json::Value;

/// Below this confidence a word is not taken for a choice that sounds like it.
const SOUND_CONFIDENCE_MIN: f64 = 0.3;

/// How people speak about choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sense {
    /// A number or key comes after it: `option two`.
    Place,
    First,
    Last,
    Middle,
    /// What comes after it is not chosen.
    Not,
    /// The same, and everything else would do: `anything but`.
    AllBut,
    /// A name by which something is graded: `good`.
    Rating,
    /// Several, all, none, or another one.
    Open,
    /// Makes another answer of the name after it: `quite satisfied`.
    Degree,
    /// Says nothing about which choice it is.
    Plain,
}

static TABLES: ByLanguage<Phrases<Sense>> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let senses = [
        ("open", Sense::Open),
        ("first", Sense::First),
        ("last", Sense::Last),
        ("middle", Sense::Middle),
        ("place", Sense::Place),
        ("all but", Sense::AllBut),
        ("not", Sense::Not),
        ("degree", Sense::Degree),
        ("ratings", Sense::Rating),
        ("plain", Sense::Plain),
    ];
    Phrases::of_sections(language, list, &senses)
});

fn table(locale: &Locale) -> &'static Phrases<Sense> {
    TABLES.of(locale.language)
}

/// Words that only stress the name after them: `very`.
static STRESS: ByLanguage<Phrases<Sense>> =
    ByLanguage::new(|language| section(language, "strong", Sense::Degree));

/// Words of a question for what is wrong: `problem`.
static WRONG: ByLanguage<Phrases<Sense>> =
    ByLanguage::new(|language| section(language, "wrong", Sense::Plain));
/// How people say that something is missing or does not work: `there is no`.
static MISSING: ByLanguage<Phrases<Sense>> =
    ByLanguage::new(|language| section(language, "missing", Sense::Plain));

fn section(language: Language, name: &str, sense: Sense) -> Phrases<Sense> {
    Phrases::of_sections(language, word_list!(language), &[(name, sense)])
}

fn stress(locale: &Locale) -> &'static Phrases<Sense> {
    STRESS.of(locale.language)
}

/// A choice with its names cut into words.
struct Offer<'a> {
    choice: &'a Choice,
    names: Vec<Vec<String>>,
}

/// Reads which of the choices was meant; the value is its text.
pub(super) fn read(tokens: &[Token], asked: &Asked<'_>, locale: &Locale, heard: &Heard<'_>) -> Reading {
    let offers: Vec<Offer<'_>> = asked.choices.iter().map(|choice| offer(choice, locale)).collect();
    let tokens = speech::without_greeting(tokens, locale);
    if let Some(rest) = speech::without_refused(tokens, locale) {
        let reading = by_name(&rest, &offers, locale);
        if reading.is_value() {
            return reading.because("What does not suit was left out.");
        }
    }
    if let Some(said) = either(tokens, &offers, locale) {
        return Reading::unclear(format!("\"{said}\" leaves open which one is meant."));
    }
    if let Some(broken) = broken(tokens, asked, &offers, locale) {
        return broken;
    }
    let other = speech::tells_of_other(tokens, asked.question, locale)
        .or_else(|| about_somebody(tokens, &offers, locale, heard));
    let reading = match named::refused(tokens, &offers, locale) {
        _ if other.is_some() => {
            Reading::unclear(format!("\"{}\" tells of something else.", other.unwrap_or_default()))
        }
        Some(said) => Reading::unclear(format!("\"{said}\" may say that this choice does not suit.")),
        None => read_once(tokens, &offers, locale, heard),
    };
    if reading.is_value() || speech::unsure(tokens, locale).is_some() {
        return reading;
    }
    if let Some((said, after)) = speech::latest_state(tokens, locale) {
        let latest = by_name(after, &offers, locale);
        if latest.is_value() {
            return latest.because(format!("\"{said}\" is what counts."));
        }
    }
    let read = |head: &[Token]| by_name(head, &offers, locale);
    // "The morning, in the afternoon I work" names another choice only to say that it is none.
    let names = |rest: &[Token]| named::mentions(rest, &offers) > 0;
    speech::explained(tokens, locale, read, names).unwrap_or(reading)
}

/// Somebody else of whom the answer tells: `my brother has the large one`. Not where that person is a choice.
fn about_somebody(
    tokens: &[Token],
    offers: &[Offer<'_>],
    locale: &Locale,
    heard: &Heard<'_>,
) -> Option<String> {
    let (from, to) = speech::person_at_start(tokens, locale)?;
    let person = &tokens[from..to];
    (!read_once(person, offers, locale, heard).is_value()).then(|| token::spelled(person))
}

/// The word between two alternatives: `the small one or the other`. Not where a choice has it in its name.
fn either(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<String> {
    const OR: &[&str] = &["or", "o", "u", "ou", "oder"];
    let is_or = |word: &String| OR.contains(&word.as_str());
    if offers.iter().flat_map(|offer| offer.names.iter().flatten()).any(is_or) {
        return None;
    }
    let said = speech::without_fillers(tokens, locale);
    let at = said.iter().position(|token| is_or(&token.text))?;
    let is_between = speech::has_words(&said[..at]) && speech::has_words(&said[at + 1..]);
    let corrects = speech::correction(tokens, locale).is_some();
    (is_between && !corrects).then(|| said[at].text.clone())
}

/// What is missing stands so near behind the words that say so: `no sale agua`.
const MISSING_WORDS_MAX: usize = 2;

/// Where the question asks what is wrong, what is said not to work is what is wrong: `no sale agua`.
fn broken(tokens: &[Token], asked: &Asked<'_>, offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let question = token::tokens(asked.question.unwrap_or(""), locale.language);
    let asks = WRONG.of(locale.language).all(&question);
    let missing = MISSING.of(locale.language).all(tokens);
    let first = missing.first().filter(|_| !asks.is_empty() && missing.len() == 1)?;
    // "No hay toallas en la cama" has other things missing.
    let end = (first.to + MISSING_WORDS_MAX).min(tokens.len());
    let is_near = |tokens: &[Token]| by_name(tokens, offers, locale).is_value();
    let ends = first.to == tokens.len();
    let names_it = is_near(&tokens[first.to..end]) || ends && is_near(&tokens[..first.from]);
    if !names_it {
        return None;
    }
    let rest: Vec<Token> = [&tokens[..first.from], &tokens[first.to..]].concat();
    let reading = by_name(&rest, offers, locale);
    let is_sure = reading.is_value() && speech::unsure(tokens, locale).is_none();
    is_sure.then(|| reading.because("The question asks what does not work."))
}

/// A choice by its name or a part of it alone.
fn by_name(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Reading {
    let words: Vec<Token> = tokens.iter().filter(|token| token.kind != Kind::Pause).cloned().collect();
    let denies = || {
        let found = table(locale).all(tokens);
        found.iter().any(|phrase| matches!(phrase.sense, Sense::Not | Sense::AllBut | Sense::Open))
    };
    let partly = || named::partly(&words, offers, locale).filter(|_| !denies());
    named::within(tokens, offers, locale)
        .or_else(partly)
        .unwrap_or_else(|| Reading::unclear("No choice was named."))
}

fn read_once(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale, heard: &Heard<'_>) -> Reading {
    let words: Vec<Token> = tokens.iter().filter(|token| token.kind != Kind::Pause).cloned().collect();
    if let Some(chosen) = named::whole(&words, offers, locale) {
        return chosen;
    }
    if let Some(chosen) = yes_or_no(tokens, offers, locale) {
        return chosen;
    }
    if let Some(chosen) = named::within(tokens, offers, locale) {
        return chosen;
    }
    if let Some(chosen) = by_numerals(tokens, offers, locale) {
        return chosen;
    }
    if let Some(said) = speech::unsure(tokens, locale) {
        return Reading::unclear(format!("\"{said}\" says that the person does not know."));
    }
    let found = table(locale).all(tokens);
    let liked = likes::read(tokens, offers, locale);
    // "It's not working" denies no choice, and "todos los días" are not all of them.
    let is_free =
        |phrase: &super::phrase::Found<Sense>| liked.is_none() || !likes::covers(tokens, phrase.from, locale);
    if let Some(open) = found.iter().find(|phrase| phrase.sense == Sense::Open && is_free(phrase)) {
        let said = token::spelled(&tokens[open.from..open.to]);
        return Reading::unclear(format!("\"{said}\" names no single choice."));
    }
    if let Some(chosen) = place::read(tokens, offers, locale).filter(|_| liked.is_none()) {
        return chosen;
    }
    let denies = |phrase: &super::phrase::Found<Sense>| {
        matches!(phrase.sense, Sense::Not | Sense::AllBut) && is_free(phrase)
    };
    if found.iter().any(denies) {
        return Reading::unclear("The answer denies something, and names no choice.");
    }
    let partly = named::partly(&words, offers, locale);
    match (partly, liked) {
        (Some(chosen @ Reading::Value { .. }), Some(liked)) if !same(&chosen, &liked) => {
            Reading::unclear("The words belong to several choices.")
        }
        (Some(chosen @ Reading::Value { .. }), _) => chosen,
        (_, Some(liked)) => liked,
        (partly, None) => by_sound(partly, &words, offers, locale, heard),
    }
}

fn same(a: &Reading, b: &Reading) -> bool {
    match (a, b) {
        (Reading::Value { value: a, .. }, Reading::Value { value: b, .. }) => a == b,
        _ => false,
    }
}

fn by_sound(
    partly: Option<Reading>,
    words: &[Token],
    offers: &[Offer<'_>],
    locale: &Locale,
    heard: &Heard<'_>,
) -> Reading {
    if heard.confidence.is_some_and(|sure| sure < SOUND_CONFIDENCE_MIN) {
        return Reading::unclear(
            "No choice was named, and the words were heard too unsurely to go by their sound.",
        );
    }
    let counts = number::whole_numbers(words, locale, |_| true);
    if counts.iter().any(|said| said.order == Order::Cardinal && said.to < words.len()) {
        return partly.unwrap_or_else(|| Reading::unclear("The answer counts something."));
    }
    let by_sound = sound::read(words, offers, locale);
    match partly {
        Some(unclear) if !by_sound.is_value() => unclear,
        _ => by_sound,
    }
}

/// Names with numbers in them, which may be said or written: "two weeks" is "2 weeks".
fn by_numerals(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let has_number =
        |offer: &Offer<'_>| offer.names.iter().flatten().any(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let names = |offer: &Offer<'_>| {
        let texts = std::iter::once(&offer.choice.value).chain(&offer.choice.synonyms);
        texts.map(|text| in_numerals(&token::tokens(text, locale.language), locale)).map(word_texts).collect()
    };
    let numbered: Vec<Offer<'_>> =
        offers.iter().map(|offer| Offer { choice: offer.choice, names: names(offer) }).collect();
    if !numbered.iter().any(has_number) {
        return None;
    }
    named::within(&in_numerals(tokens, locale), &numbered, locale).filter(Reading::is_value)
}

fn word_texts(tokens: Vec<Token>) -> Vec<String> {
    tokens.into_iter().filter(|token| token.kind != Kind::Pause).map(|token| token.text).collect()
}

/// The same tokens with every whole number in digits.
fn in_numerals(tokens: &[Token], locale: &Locale) -> Vec<Token> {
    let numbers = number::whole_numbers(tokens, locale, |_| true);
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match numbers.iter().find(|said| said.from == at && said.order == Order::Cardinal) {
            Some(said) => {
                out.push(Token { kind: Kind::Numeral, text: said.value.to_string(), ..token.clone() });
                at = said.to;
            }
            None => {
                out.push(token.clone());
                at += 1;
            }
        }
    }
    out
}

/// By the choice's own key, else by its place in the list.
pub(super) fn by_key(digits: &str, choices: &[Choice]) -> Reading {
    let own = choices.iter().find(|choice| choice.key.as_deref() == Some(digits));
    if let Some(choice) = own {
        return chosen(choice, format!("Key {digits} is its key."));
    }
    let place = digits.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    match place.and_then(|place| choices.get(place)).filter(|choice| choice.key.is_none()) {
        Some(choice) => chosen(choice, format!("It is number {digits} of the list.")),
        None => Reading::unclear(format!("No choice has the key {digits}.")),
    }
}

fn chosen(choice: &Choice, why: impl Into<String>) -> Reading {
    Reading::value(Value::from(choice.value.as_str()), why)
}

fn offer<'a>(choice: &'a Choice, locale: &Locale) -> Offer<'a> {
    let names = std::iter::once(&choice.value).chain(&choice.synonyms);
    let words = |name: &String| {
        let tokens = token::tokens(name, locale.language).into_iter();
        tokens.filter(|token| token.kind != Kind::Pause).map(|token| token.text).collect::<Vec<String>>()
    };
    Offer { choice, names: names.map(words).filter(|name| !name.is_empty()).collect() }
}

/// Choices that are yes and no themselves are understood as such.
fn yes_or_no(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let meaning = |text: &str| match yes_no::read(&token::tokens(text, locale.language), None, locale) {
        Reading::Value { value, .. } => value.as_bool(),
        Reading::Unclear { .. } => None,
    };
    let is_short = |offer: &&Offer<'_>| offer.names.first().is_some_and(|name| name.len() == 1);
    let means = |value: bool| {
        let mut found =
            offers.iter().filter(is_short).filter(move |offer| meaning(&offer.choice.value) == Some(value));
        let first = found.next();
        first.filter(|_| found.next().is_none())
    };
    let (yes, no) = (means(true)?, means(false)?);
    match yes_no::read(tokens, None, locale) {
        Reading::Value { value, why } => {
            let offer = if value == Value::Bool(true) { yes } else { no };
            Some(chosen(offer.choice, why.join(" ")))
        }
        Reading::Unclear { .. } => None,
    }
}
