//! Other words for everyday choices: `husband` for "Spouse", `the biggest one` of several sizes.

use super::super::language::{ByLanguage, Language, Locale};
use super::super::phrase::{Found, Phrases};
use super::super::reading::Reading;
use super::super::token::{self, Kind, Token};
use super::{Offer, chosen};
use std::collections::HashMap;

/// A line of a list: what choices are called, and the phrases for them.
struct Table {
    /// By name, folded and without blanks: the lines that have it.
    names: HashMap<String, Vec<usize>>,
    phrases: Phrases<Line>,
    /// Sizes in their order.
    scales: Vec<Vec<String>>,
    ends: Phrases<End>,
}

/// A line of the list. A phrase may stand in several of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line(usize);

/// An end of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Least(usize),
    Most(usize),
}

static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let list = match language {
        Language::En => include_str!("likes_en.txt"),
        Language::Es => include_str!("likes_es.txt"),
        Language::Fr => include_str!("likes_fr.txt"),
        Language::De => include_str!("likes_de.txt"),
        Language::Other => "",
    };
    table(list, language)
});

fn table(list: &'static str, language: Language) -> Table {
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    let mut phrases: Vec<(Line, Vec<&'static str>)> = Vec::new();
    let mut scales = Vec::new();
    let mut ends: Vec<(End, Vec<&'static str>)> = Vec::new();
    let words = |text: &'static str| text.split(',').map(str::trim).collect::<Vec<_>>();
    let fold = |name: &str| token::fold(name, language).concat();
    for (at, line) in list.lines().filter(|line| !line.starts_with('#')).enumerate() {
        let mut columns = line.split('|');
        let first = columns.next().unwrap_or("");
        if let Some(sizes) = first.strip_prefix('<') {
            let scale = scales.len();
            ends.push((End::Least(scale), columns.next().map(words).unwrap_or_default()));
            ends.push((End::Most(scale), columns.next().map(words).unwrap_or_default()));
            scales.push(words(sizes).into_iter().map(fold).collect());
            continue;
        }
        for name in words(first) {
            names.entry(core(&token::fold(name, language)).concat()).or_default().push(at);
        }
        phrases.push((Line(at), columns.next().map(words).unwrap_or_default()));
    }
    let slices = |lists: &[(Line, Vec<&'static str>)]| {
        let lists: Vec<(Line, &[&str])> =
            lists.iter().map(|(line, words)| (*line, words.as_slice())).collect();
        Phrases::with_sections(language, &lists, "", &[])
    };
    let ends: Vec<(End, &[&str])> = ends.iter().map(|(end, words)| (*end, words.as_slice())).collect();
    Table { names, phrases: slices(&phrases), scales, ends: Phrases::with_sections(language, &ends, "", &[]) }
}

/// The one choice that the words are others for. Nothing where they are for none or for several.
pub(super) fn read(words: &[Token], offers: &[Offer<'_>], locale: &Locale) -> Option<Reading> {
    let table = TABLES.of(locale.language);
    if let Some(end) = table.ends.all(words).first() {
        let offer = at_end(end.sense, offers, table)?;
        let said = token::spelled(&words[end.from..end.to]);
        return Some(chosen(offer.choice, format!("\"{said}\" is at the end of the sizes.")));
    }
    let mut found: Vec<(usize, String)> = Vec::new();
    for from in 0..words.len() {
        for phrase in table.phrases.every(words, from).filter(|phrase| !goes_on(words, phrase)) {
            let said = token::spelled(&words[phrase.from..phrase.to]);
            found.extend(of_line(phrase.sense, offers, table).map(|offer| (offer, said.clone())));
        }
    }
    let (first, said) = found.first()?.clone();
    if found.iter().any(|(offer, _)| *offer != first) {
        let both = || found.iter().map(|(_, said)| said.as_str()).collect::<std::collections::HashSet<_>>();
        // One phrase that is other words for several choices names none of them.
        return (both().len() > 1).then(|| Reading::unclear("The words are others for several choices."));
    }
    Some(chosen(offers[first].choice, format!("\"{said}\" is another word for it.")))
}

/// Whether a word belongs to one of the phrases.
pub(super) fn covers(tokens: &[Token], at: usize, locale: &Locale) -> bool {
    let phrases = &TABLES.of(locale.language).phrases;
    (0..=at).any(|from| phrases.every(tokens, from).any(|phrase| phrase.to > at))
}

/// `para mí`, but not `para mi madre`.
fn goes_on(tokens: &[Token], phrase: &Found<Line>) -> bool {
    tokens[phrase.to - 1].is_word("mi") && tokens.get(phrase.to).is_some_and(|next| next.kind == Kind::Word)
}

/// The choices that a line has a name of.
fn of_line<'a>(line: Line, offers: &'a [Offer<'_>], table: &'a Table) -> impl Iterator<Item = usize> + 'a {
    let is_of = move |name: &Vec<String>| {
        let lines = table.names.get(&core(name).concat());
        lines.is_some_and(|lines| lines.contains(&line.0))
    };
    (0..offers.len()).filter(move |at| offers[*at].names.iter().any(is_of))
}

/// A name without the words that lead to it: "Para su hijo" is a son, "By phone" a phone.
fn core(name: &[String]) -> &[String] {
    const LEADING: &[&str] = &[
        "para", "por", "en", "con", "a", "de", "el", "la", "los", "las", "su", "al", "un", "una", "for",
        "by", "the", "my", "your", "with", "pour", "par", "avec", "le", "les", "votre", "fur", "per", "mit",
        "der", "die", "das", "ihr", "ihre", "ihren",
    ];
    let leads = name.iter().take_while(|word| LEADING.contains(&word.as_str())).count();
    if leads < name.len() { &name[leads..] } else { name }
}

/// The smallest or the largest of the sizes that are offered, of which there have to be two at least.
fn at_end<'a, 'b>(end: End, offers: &'a [Offer<'b>], table: &Table) -> Option<&'a Offer<'b>> {
    let (End::Least(scale) | End::Most(scale)) = end;
    let sizes = table.scales.get(scale)?;
    let rank = |offer: &Offer<'_>| {
        offer.names.iter().find_map(|name| sizes.iter().position(|size| *size == name.concat()))
    };
    let ranked: Vec<(usize, &Offer<'_>)> =
        offers.iter().filter_map(|offer| rank(offer).map(|rank| (rank, offer))).collect();
    let by_rank = |(rank, _): &&(usize, &Offer<'_>)| *rank;
    let found = match end {
        End::Least(_) => ranked.iter().min_by_key(by_rank),
        End::Most(_) => ranked.iter().max_by_key(by_rank),
    };
    found.filter(|_| ranked.len() > 1).map(|(_, offer)| *offer)
}
