//! Choices by their names, whole or in part.

use super::super::language::{Language, Locale};
use super::super::number::{self, Order};
use super::super::reading::Reading;
use super::super::speech;
use super::super::token::{self, Kind, Token};
use super::{Offer, Sense, chosen, table};

/// How many words before a name a denial may stand.
const DENIED_WORDS: usize = 6;

/// Shorter ends of German words are no words.
const COMPOUND_LETTERS_MIN: usize = 5;

/// Where a name stands in the answer.
#[derive(Clone, Copy)]
struct Mention {
    offer: usize,
    from: usize,
    to: usize,
}

/// The answer is a name and nothing else but fillers.
pub(super) fn whole(words: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let plain = speech::without_fillers(words, locale);
    let is = |said: &[Token], name: &[String]| said.iter().map(|token| &token.text).eq(name);
    let mut found =
        offers.iter().filter(|offer| offer.names.iter().any(|name| is(words, name) || is(&plain, name)));
    let first = found.next()?;
    Some(match found.next() {
        None => chosen(first.choice, "The answer is its name."),
        Some(_) => Reading::unclear("Several choices have this name."),
    })
}

/// Names within the answer, except those that are denied. Nothing where no name is in it.
pub(super) fn within(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let mentions = every_mention(tokens, offers);
    if mentions.is_empty() {
        return None;
    }
    if is_not_or_no(tokens, &mentions) {
        return Some(Reading::unclear("The no may deny what stands before it or after it."));
    }
    let is_denied = |mention: &Mention| {
        is_denied_before(tokens, mention.from, &mentions, locale)
            || is_denied_after(tokens, mention.to, locale)
    };
    let meant: Vec<&Mention> = mentions.iter().filter(|mention| !is_denied(mention)).collect();
    let meant = more_exact(meant, offers);
    let Some(first) = meant.first() else {
        if let Some(other) = the_other(tokens, &mentions, offers, locale) {
            return Some(other);
        }
        let denied = || Reading::unclear("The answer names only what is not meant.");
        return Some(after_but(tokens, &mentions, offers, locale).unwrap_or_else(denied));
    };
    if meant.iter().any(|mention| mention.offer != first.offer) {
        return Some(Reading::unclear("The answer names several choices."));
    }
    if let Some(word) = part_of_another(tokens, &mentions, first.offer, offers, locale) {
        return Some(Reading::unclear(format!("\"{word}\" belongs to another choice than the one named.")));
    }
    let is_graded = is_graded(offers, locale);
    let is_degree = |mention: &&&Mention| {
        let is_stressed = || !has_degree(offers, locale) && is_stressed(tokens, mention.from, locale);
        let stands = stands_before(tokens, mention.from, Sense::Degree, 1, locale);
        // "Not very large" is none in any case, and "extra large" is another size.
        let changes = denies_degree(tokens, mention.from, locale);
        stands && (changes || is_graded && !is_stressed()) || is_extra(tokens, mention.from)
    };
    if meant.iter().any(|mention| is_degree(&mention)) {
        return Some(Reading::unclear("The word before the name makes another answer of it."));
    }
    // "Satisfied to some extent", "satisfied, mostly"; but in "novato, apenas empiezo" a sentence begins.
    let is_degree = table(locale).at(tokens, first.to).is_some_and(|phrase| {
        let ends = tokens.get(phrase.to).is_none_or(Token::is_pause);
        phrase.sense == Sense::Degree && (ends || phrase.to - phrase.from > 1)
    });
    if is_degree {
        return Some(Reading::unclear("The word after the name makes another answer of it."));
    }
    if let Some(said) = open_around(tokens, first, locale) {
        return Some(Reading::unclear(format!("\"{said}\" leaves open what is meant.")));
    }
    let said = token::spelled(&tokens[first.from..first.to]);
    Some(chosen(offers[first.offer].choice, format!("The answer names it: \"{said}\".")))
}

/// `anything but the morning`: of two choices the other one.
fn the_other(
    tokens: &[Token],
    mentions: &[Mention],
    offers: &[Offer<'_>],
    locale: &Locale,
) -> Option<Reading> {
    let [first, second] = offers else { return None };
    let all_but = table(locale).all(tokens).into_iter().find(|phrase| phrase.sense == Sense::AllBut)?;
    let named = mentions.first().filter(|mention| mention.from >= all_but.to)?.offer;
    let is_one = mentions.iter().all(|mention| mention.offer == named);
    let other = if named == 0 { second } else { first };
    is_one.then(|| chosen(other.choice, "It is the one of two that is not ruled out."))
}

/// Whether what stands before a name makes another size of it.
fn is_extra(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| ["extra", "double", "doppel"].contains(&tokens[before].text.as_str()))
}

/// Whether a word of degree that begins with a denial stands before a name: `no muy grande`.
fn denies_degree(tokens: &[Token], at: usize, locale: &Locale) -> bool {
    const DENIALS: &[&str] = &["no", "not", "nicht", "pas", "hardly", "barely", "kaum"];
    let start = at.saturating_sub(3);
    let found = table(locale).all(&tokens[start..at]);
    found.iter().any(|phrase| {
        phrase.sense == Sense::Degree
            && start + phrase.to == at
            && DENIALS.contains(&tokens[start + phrase.from].text.as_str())
    })
}

/// `satisfied, very satisfied`: the later name says more exactly what the first one said.
fn more_exact<'a>(mut meant: Vec<&'a Mention>, offers: &[Offer<'_>]) -> Vec<&'a Mention> {
    meant.sort_by_key(|mention| mention.from);
    let [first, last] = meant.as_slice() else { return meant };
    let names = |mention: &Mention| offers[mention.offer].names.first().cloned().unwrap_or_default();
    let (short, long) = (names(first), names(last));
    let is_more = first.to < last.from && short.len() < long.len() && long.ends_with(&short);
    if is_more { vec![*last] } else { meant }
}

/// Whether a word that only stresses a name stands before it: `very`.
fn is_stressed(tokens: &[Token], at: usize, locale: &Locale) -> bool {
    at.checked_sub(1).is_some_and(|before| super::stress(locale).at(tokens, before).is_some())
}

/// Whether a choice has a word of degree in its name, so that "very satisfied" is another one than "satisfied".
fn has_degree(offers: &[Offer<'_>], locale: &Locale) -> bool {
    offers
        .iter()
        .flat_map(|offer| offer.names.iter().flatten())
        .any(|word| is_sense(word, Sense::Degree, locale))
}

fn is_sense(word: &str, sense: Sense, locale: &Locale) -> bool {
    let token = Token { kind: Kind::Word, text: word.to_owned(), is_accented: false, joined: false };
    table(locale).at(&[token], 0).is_some_and(|phrase| phrase.sense == sense)
}

/// Whether the choices grade something, so that a word of degree before a name makes another answer of it.
fn is_graded(offers: &[Offer<'_>], locale: &Locale) -> bool {
    let words: Vec<&String> = offers.iter().flat_map(|offer| offer.names.iter().flatten()).collect();
    // "Satisfied" and "dissatisfied", "satisfied" and "very satisfied".
    let is_within = |a: &String, b: &String| a.len() >= 4 && a != b && b.ends_with(a.as_str());
    let grades =
        |word: &&&String| is_sense(word, Sense::Degree, locale) || is_sense(word, Sense::Rating, locale);
    words.iter().any(|word| grades(&word)) || words.iter().any(|a| words.iter().any(|b| is_within(a, b)))
}

/// `not billing but the order`: what follows the "but" is meant, though it be a part of a name.
fn after_but(
    tokens: &[Token],
    mentions: &[Mention],
    offers: &[Offer<'_>],
    locale: &Locale,
) -> Option<Reading> {
    const BUT: &[&str] = &["but", "sondern", "sino", "mais", "rather", "instead"];
    let end = mentions.iter().map(|mention| mention.to).max()?;
    let but = (end..tokens.len()).find(|at| BUT.contains(&tokens[*at].text.as_str()))?;
    let rest: Vec<Token> = tokens[but + 1..].iter().filter(|token| !token.is_pause()).cloned().collect();
    partly(&rest, offers, locale).filter(Reading::is_value)
}

/// A word beside the name that stands in the names of another choice alone: `rechnung oder bestellung`, where one
/// choice is "Neue Bestellung".
fn part_of_another<'a>(
    tokens: &'a [Token],
    mentions: &[Mention],
    chosen: usize,
    offers: &[Offer<'_>],
    locale: &Locale,
) -> Option<&'a str> {
    let is_mentioned = |at: usize| mentions.iter().any(|mention| (mention.from..mention.to).contains(&at));
    let has = |offer: &Offer<'_>, word: &str| offer.names.iter().flatten().any(|part| same_stem(part, word));
    let is_of_another = |at: &usize| {
        let token = &tokens[*at];
        let is_word = token.kind == Kind::Word && token.text.len() >= 4;
        is_word
            && !is_mentioned(*at)
            && table(locale).at(tokens, *at).is_none()
            && !has(&offers[chosen], &token.text)
            && offers.iter().filter(|offer| has(offer, &token.text)).count() == 1
    };
    (0..tokens.len()).find(is_of_another).map(|at| tokens[at].text.as_str())
}

/// A phrase that leaves open what is meant: one before the name, or one that the name is only a part of, as
/// "no" is of "no sé".
fn open_around(tokens: &[Token], mention: &Mention, locale: &Locale) -> Option<String> {
    let before = &tokens[..mention.from];
    let open = table(locale).all(before).into_iter().find(|phrase| phrase.sense == Sense::Open);
    if let Some(open) = open {
        return Some(token::spelled(&before[open.from..open.to]));
    }
    if let Some(said) = speech::unsure(before, locale) {
        return Some(said);
    }
    let with_name = speech::unsure(tokens, locale)?;
    let name = token::spelled(&tokens[mention.from..mention.to]);
    (with_name.len() > name.len() && with_name.contains(&name)).then_some(with_name)
}

/// The words by which a choice that is named does not suit: `the morning is no good`.
pub(super) fn refused(tokens: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<String> {
    let mentions = every_mention(tokens, offers);
    let is_beside = |from: usize, to: usize| {
        mentions.iter().any(|mention| {
            (mention.to..=mention.to + 1).contains(&from) || (to..=to + 2).contains(&mention.from)
        })
    };
    let found = speech::refusals(tokens, locale).into_iter().find(|(from, to)| is_beside(*from, *to))?;
    Some(token::spelled(&tokens[found.0..found.1]))
}

/// How many names there are in an answer.
pub(super) fn mentions(tokens: &[Token], offers: &[Offer<'_>]) -> usize {
    every_mention(tokens, offers).len()
}

/// Every name in the answer that is not within a longer one.
fn every_mention(tokens: &[Token], offers: &[Offer<'_>]) -> Vec<Mention> {
    let mut all = Vec::new();
    for (offer, names) in offers.iter().enumerate().map(|(at, offer)| (at, &offer.names)) {
        for name in names {
            for from in 0..tokens.len() {
                if let Some(to) = end_of(tokens, from, name) {
                    all.push(Mention { offer, from, to });
                }
            }
        }
    }
    if all.is_empty() {
        all = inflected(tokens, offers);
    }
    let is_within =
        |a: &Mention, b: &Mention| a.from >= b.from && a.to <= b.to && a.to - a.from < b.to - b.from;
    let longest: Vec<Mention> =
        all.iter().filter(|a| !all.iter().any(|b| is_within(a, b))).copied().collect();
    longest
}

/// Names in another gender or number: `muy satisfecha` for "Muy satisfecho".
fn inflected(tokens: &[Token], offers: &[Offer<'_>]) -> Vec<Mention> {
    let mut all = Vec::new();
    for (offer, name) in
        offers.iter().enumerate().flat_map(|(at, offer)| offer.names.iter().map(move |name| (at, name)))
    {
        for from in 0..tokens.len().saturating_sub(name.len() - 1) {
            let said = &tokens[from..from + name.len()];
            if said.iter().zip(name).all(|(token, word)| is_same_form(&token.text, word)) {
                all.push(Mention { offer, from, to: from + name.len() });
            }
        }
    }
    all
}

/// The same word but for an ending of gender or number.
fn is_same_form(a: &str, b: &str) -> bool {
    const LETTERS_MIN: usize = 4;
    fn stem(word: &str) -> &str {
        let word = word.strip_suffix('s').unwrap_or(word);
        word.strip_suffix(['o', 'a', 'e']).unwrap_or(word)
    }
    // "Malísima" is very bad.
    let is_superlative = |a: &str, b: &str| stem(a).strip_suffix("isim").is_some_and(|root| root == stem(b));
    if is_superlative(a, b) {
        return true;
    }
    a == b || stem(a) == stem(b) && stem(a).chars().count() >= LETTERS_MIN
}

/// Where a name ends that begins at a token. Whether its words are written together does not matter: "extra grande"
/// is "Extragrande".
fn end_of(tokens: &[Token], from: usize, name: &[String]) -> Option<usize> {
    if tokens.get(from).is_none_or(Token::is_pause) {
        return None;
    }
    let name = name.concat();
    let mut rest = name.as_str();
    let mut at = from;
    while !rest.is_empty() {
        let token = tokens.get(at)?;
        if !token.is_pause() {
            rest = rest.strip_prefix(token.text.as_str())?;
        }
        at += 1;
    }
    Some(at)
}

/// Whether a phrase of a sense ends within some words before a place, without a pause between.
fn stands_before(tokens: &[Token], at: usize, sense: Sense, words: usize, locale: &Locale) -> bool {
    let start = tokens[..at].iter().rposition(Token::is_pause).map_or(0, |pause| pause + 1);
    let clause = &tokens[start..at];
    let found = table(locale).all(clause);
    found.iter().any(|phrase| phrase.sense == sense && clause.len() - phrase.to < words)
}

/// `I don't want to talk to sales`. A plain "no" denies only what it stands next to, but in Spanish. Of several names
/// after it only the first is denied, and those that an "or" joins to it.
fn is_denied_before(tokens: &[Token], at: usize, mentions: &[Mention], locale: &Locale) -> bool {
    const JOINS: &[&str] = &["or", "nor", "and", "ni", "o", "y", "oder", "und", "noch", "ou", "et"];
    let start = tokens[..at].iter().rposition(Token::is_pause).map_or(0, |pause| pause + 1);
    let joins =
        |mention: &Mention| tokens.get(mention.to).is_some_and(|token| JOINS.contains(&token.text.as_str()));
    let stops =
        |from: usize| mentions.iter().any(|other| other.from >= from && other.to <= at && !joins(other));
    let clause = &tokens[start..at];
    table(locale).all(clause).iter().any(|phrase| {
        let is_plain = phrase.to - phrase.from == 1
            && ["no", "non", "nein"].contains(&clause[phrase.from].text.as_str());
        // "Por la tarde no puedo" denies the afternoon alone.
        let is_refusal = mentions.iter().any(|mention| {
            mention.to == start + phrase.from && speech::refused_at(tokens, mention.to, locale)
        });
        let reach = if is_plain && locale.language != Language::Es { 1 } else { DENIED_WORDS };
        matches!(phrase.sense, Sense::Not | Sense::AllBut)
            && clause.len() - phrase.to < reach
            && !is_refusal
            && !stops(start + phrase.to)
    })
}

/// `el lunes no el viernes`: a "no" between two names takes back the first or denies the second.
fn is_not_or_no(tokens: &[Token], mentions: &[Mention]) -> bool {
    let is_after = |mention: &Mention, no: usize| {
        mention.from > no && mention.from <= no + 2 && !tokens[no..mention.from].iter().any(Token::is_pause)
    };
    let parts = |no: usize| {
        mentions.iter().any(|before| {
            before.to == no && mentions.iter().any(|after| is_after(after, no) && after.offer != before.offer)
        })
    };
    let is_no = |no: usize| ["no", "non", "nein", "nee"].contains(&tokens[no].text.as_str());
    (0..tokens.len()).any(|no| is_no(no) && parts(no))
}

/// `ventas no, facturación`: a "no" after the name and before a pause or the end.
fn is_denied_after(tokens: &[Token], at: usize, locale: &Locale) -> bool {
    let denial = table(locale).at(tokens, at).filter(|phrase| phrase.sense == Sense::Not);
    // "Por la tarde no puedo".
    let is_refused = speech::refused_at(tokens, at, locale);
    is_refused || denial.is_some_and(|phrase| tokens.get(phrase.to).is_none_or(Token::is_pause))
}

/// Words of the answer that stand in the names of one choice alone.
pub(super) fn partly(words: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let is_plain = |word: &str| {
        let token = Token { kind: Kind::Word, text: word.to_owned(), is_accented: false, joined: false };
        table(locale).at(&[token], 0).is_some()
    };
    let said = speech::without_fillers(words, locale);
    // "Mit Karte" is the "Kreditkarte".
    let ends = |part: &str, word: &str| {
        locale.language == Language::De && word.len() >= COMPOUND_LETTERS_MIN && part.ends_with(word)
    };
    let has = |offer: &Offer<'_>, word: &str| {
        offer.names.iter().flatten().any(|part| same_stem(part, word) || ends(part, word))
    };
    let mut found: Vec<(usize, &str)> = Vec::new();
    for token in said.iter().filter(|token| token.kind == Kind::Word && token.text.len() >= 3) {
        if is_plain(&token.text) {
            continue;
        }
        let with: Vec<usize> = (0..offers.len()).filter(|at| has(&offers[*at], &token.text)).collect();
        match with.as_slice() {
            [one] => found.push((*one, &token.text)),
            [] => {}
            // A word of some choices only: it agrees with one of them or with none.
            several if found.iter().all(|(one, _)| several.contains(one)) => {}
            _ => return Some(Reading::unclear("The words belong to several choices.")),
        }
    }
    let (first, word) = *found.first()?;
    if found.iter().any(|(other, _)| *other != first) {
        return Some(Reading::unclear("The words belong to several choices."));
    }
    let unknown = said
        .iter()
        .filter(|token| token.kind == Kind::Word && token.text.len() >= 3 && !is_plain(&token.text))
        .filter(|token| !offers.iter().any(|offer| has(offer, &token.text)))
        .count();
    let covers = |name: &Vec<String>| {
        let known = name
            .iter()
            .filter(|part| found.iter().any(|(_, word)| same_stem(part, word) || ends(part, word)));
        2 * known.map(String::len).sum::<usize>() >= name.iter().map(String::len).sum()
    };
    // "Twice a week" is not every week.
    let counts =
        number::whole_numbers(&said, locale, |_| true).iter().any(|number| number.order == Order::Cardinal);
    let is_counted =
        offers[first].names.iter().flatten().any(|part| part.bytes().any(|b| b.is_ascii_digit()));
    if counts && !is_counted {
        return Some(Reading::unclear(format!("\"{word}\" is counted, and may be no name.")));
    }
    if unknown > 0 && !offers[first].names.iter().any(covers) {
        return Some(Reading::unclear(format!("\"{word}\" is too little of its name beside other words.")));
    }
    let at = words.iter().position(|token| token.text == word)?;
    if stands_before(words, at, Sense::Degree, 1, locale) {
        return Some(Reading::unclear("The word before the name makes another answer of it."));
    }
    Some(chosen(offers[first].choice, format!("\"{word}\" stands in its name alone.")))
}

/// The same word, or another form of it: `appointments`, `cancelled`, `bill` for `billing`.
fn same_stem(a: &str, b: &str) -> bool {
    const ENDINGS: &[&str] = &["s", "es", "n", "en", "e", "ing", "x"];
    if a == b {
        return true;
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let is_longer_form =
        short.len() >= 4 && long.strip_prefix(short).is_some_and(|ending| ENDINGS.contains(&ending));
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let is_derived = alike >= 6 && short.chars().count() <= alike + 1;
    is_longer_form || is_derived || alike >= 5 && alike + 2 >= a.chars().count().max(b.chars().count())
}
