//! The parts of a spelled address.

use super::super::language::{ByLanguage, Language, Locale, word_list};
use super::super::number::{self, Order, Said};
use super::super::phrase::{Found, Phrases};
use super::super::speech;
use super::super::token::{Kind, Token};
use super::around::{after_is, without_lead, without_tail, without_to};
use super::ending;
use super::hints::{self, Hint};
use super::spelling;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    At,
    Dot,
    /// A dash, an underscore or a plus.
    Sign(char),
    /// Letters or digits.
    Text(String),
}

impl Part {
    pub(super) fn written(&self) -> String {
        match self {
            Part::At => "@".to_owned(),
            Part::Dot => ".".to_owned(),
            Part::Sign(sign) => sign.to_string(),
            Part::Text(text) => text.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    At,
    Dot,
    Sign(char),
    Repeat,
    AsIn,
    Lead,
    Case,
    Tail,
    Open,
    /// Open between words, a letter between letters: the Spanish "o".
    Loose,
    Letter(char),
    /// How the word before is written: `mit doppel t`.
    With,
    /// `at the end`.
    AtEnd,
    /// Two of the letters that follow.
    Twice,
    /// Stands before a letter: `the b`.
    Article,
}

/// The phrases inside an address, and those around it, which may have the same words.
pub(super) struct Table {
    pub(super) inside: Phrases<Sense>,
    pub(super) lead: Phrases<Sense>,
    pub(super) is: Phrases<Sense>,
    pub(super) tail: Phrases<Sense>,
    /// The words of a hint at how a word is written.
    hint: Phrases<Sense>,
    /// Names that stand for letters: `Anton, Berta`.
    alphabet: Phrases<Sense>,
}

pub(super) static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let mut senses = vec![
        ("at".to_owned(), Sense::At),
        ("dot".to_owned(), Sense::Dot),
        ("dash".to_owned(), Sense::Sign('-')),
        ("underscore".to_owned(), Sense::Sign('_')),
        ("plus".to_owned(), Sense::Sign('+')),
        ("repeat".to_owned(), Sense::Repeat),
        ("as in".to_owned(), Sense::AsIn),
        ("case".to_owned(), Sense::Case),
        ("with".to_owned(), Sense::With),
        ("article".to_owned(), Sense::Article),
        ("open".to_owned(), Sense::Open),
        ("loose".to_owned(), Sense::Loose),
    ];
    senses.extend(('a'..='z').map(|letter| (format!("letter {letter}"), Sense::Letter(letter))));
    let senses: Vec<(&str, Sense)> = senses.iter().map(|(name, sense)| (name.as_str(), *sense)).collect();
    Table {
        inside: Phrases::of_sections(language, list, &senses),
        lead: Phrases::of_sections(language, list, &[("lead", Sense::Lead)]),
        is: Phrases::of_sections(language, list, &[("is", Sense::Lead)]),
        alphabet: Phrases::of_sections(language, list, &[("alphabet", Sense::Case)]),
        tail: Phrases::of_sections(language, list, &[("tail", Sense::Tail)]),
        hint: Phrases::of_sections(
            language,
            list,
            &[
                ("at end", Sense::AtEnd),
                ("twice", Sense::Twice),
                ("repeat", Sense::Twice),
                ("hint article", Sense::Article),
                ("case", Sense::Case),
            ],
        ),
    }
});

/// The parts of the address in an answer, without the words around it.
pub(super) fn parts(tokens: &[Token], locale: &Locale) -> Result<Vec<Part>, String> {
    let table = TABLES.of(locale.language);
    let core = without_tail(after_is(without_lead(tokens, table), table), table);
    let tokens = without_to(core, table, locale);
    let (tokens, behind) = ending::cut(tokens, |at| table.inside.at(tokens, at).map(|found| found.sense));
    if let Some(said) = correction(tokens, table, locale) {
        return Err(format!("\"{said}\" takes back what stands before it."));
    }
    if spells_by_names(tokens, table) {
        return Err("Nobody can tell whether the names stand for letters.".to_owned());
    }
    let numbers = numbers_of(tokens, locale);
    let mut speller = Speller { tokens, table, locale, numbers, parts: Vec::new(), repeat: false, at: 0 };
    while speller.at < tokens.len() {
        speller.step()?;
    }
    let parts = spelling::once(whole_letter_name(speller.parts, tokens, table));
    ending::explained(
        parts,
        behind,
        |from| hint(behind, from, table, locale),
        |at| table.inside.at(behind, at).map(|found| (found.sense, found.to)),
    )
}

/// Goes through the words of an address from left to right.
struct Speller<'a> {
    tokens: &'a [Token],
    table: &'static Table,
    locale: &'a Locale,
    numbers: Vec<Said>,
    parts: Vec<Part>,
    /// The next letter or digit stands twice.
    repeat: bool,
    at: usize,
}

impl Speller<'_> {
    /// Reads the phrase, word, number or sign that stands here.
    fn step(&mut self) -> Result<(), String> {
        let Speller { tokens, table, at, .. } = *self;
        if let Some(to) = umlaut_in_letters(tokens, at, &mut self.parts) {
            self.at = to;
            return Ok(());
        }
        let found = table.inside.at(tokens, at);
        if let Some(with) = found.filter(|found| found.sense == Sense::With)
            && let Some((hint, to)) = hint(tokens, with.to, table, self.locale)
        {
            self.at = to;
            return hint.apply(self.parts.last_mut());
        }
        // "D de dedo".
        if let Some(to) = spanish_d(tokens, at, self.locale) {
            self.at = to;
            return self.push("d".to_owned());
        }
        // "Anne point le point gall".
        if found.is_some_and(|found| found.sense == Sense::Article) && self.is_between_dots() {
            self.at += 1;
            return self.push(tokens[at].text.clone());
        }
        // "The b", but not "the best".
        if found.is_some_and(|found| found.sense == Sense::Article && !is_letter_at(tokens, found.to, table))
        {
            return Err("The answer names no single address.".to_owned());
        }
        // Two single letters, but the number two before anything else: "deux".
        let starts = |at: usize| self.numbers.iter().any(|said| said.from == at && said.value < 10);
        let repeats =
            |found: &Found<Sense>| is_letter(tokens, found.to) || starts(found.to) && !starts(found.from);
        match found.filter(|found| found.sense != Sense::Repeat || repeats(found)) {
            Some(found) => self.phrase(found),
            None => self.word(),
        }
    }

    fn phrase(&mut self, found: Found<Sense>) -> Result<(), String> {
        let Speller { tokens, .. } = *self;
        let text = || tokens[found.from].text.clone();
        let starts_number = |at: usize| self.numbers.iter().any(|said| said.from == at);
        self.at = found.to;
        match found.sense {
            // The country: "huber at example punkt at".
            Sense::At if self.parts.last() == Some(&Part::Dot) && self.parts.contains(&Part::At) => {
                return self.push(text());
            }
            Sense::At => self.parts.push(Part::At),
            Sense::Dot => self.parts.push(Part::Dot),
            // After a dot it is a name: "punto Mas".
            Sense::Sign(_)
                if self.parts.last() == Some(&Part::Dot) && tokens[found.from].kind == Kind::Word =>
            {
                return self.push(text());
            }
            Sense::Sign(sign) => self.parts.push(Part::Sign(sign)),
            Sense::Repeat if tokens[found.to].is_word("o") && starts_number(found.to + 1) => {
                return Err("Nobody can tell whether it is a letter or a zero.".to_owned());
            }
            Sense::Repeat => self.repeat = true,
            Sense::AsIn => self.at = after_example(tokens, found.from, found.to, &mut self.parts)?,
            Sense::Loose if is_letter(tokens, found.to) || is_after_letter(&self.parts) => {
                return self.push(text());
            }
            Sense::Open | Sense::Loose => return Err("The answer names no single address.".to_owned()),
            Sense::Letter(letter) => return self.push(letter.to_string()),
            Sense::With => return Err("Nobody can tell what belongs to the address.".to_owned()),
            // The name between a dot and the sign: "punkt klein at".
            Sense::Case if self.stands_as_name(found) => return self.push(text()),
            Sense::Lead | Sense::Case | Sense::Tail | Sense::Article | Sense::AtEnd | Sense::Twice => {}
        }
        Ok(())
    }

    /// Whether the word that stands here is a name of its own: behind a dot, and before another or the sign.
    fn is_between_dots(&self) -> bool {
        let next = self.table.inside.at(self.tokens, self.at + 1);
        self.parts.last() == Some(&Part::Dot)
            && next.is_some_and(|next| matches!(next.sense, Sense::Dot | Sense::At))
    }

    /// Whether a single word about writing stands where a name has to stand: behind a dot and before the sign.
    fn stands_as_name(&self, found: Found<Sense>) -> bool {
        let next = self.table.inside.at(self.tokens, found.to);
        let is_sign = next.is_some_and(|next| matches!(next.sense, Sense::At | Sense::With));
        is_sign && found.to == found.from + 1 && self.parts.last() == Some(&Part::Dot)
    }

    fn word(&mut self) -> Result<(), String> {
        let Speller { tokens, at, .. } = *self;
        let token = &tokens[at];
        self.at += 1;
        let has_ones = self.locale.language != Language::En && at > 0;
        let is_one = |said: &&Said| said.order == Order::Article && has_ones;
        let number = self
            .numbers
            .iter()
            .find(|said| said.from == at && (said.order == Order::Cardinal || is_one(said)))
            .copied();
        if token.kind == Kind::Numeral {
            return self.push(token.text.clone());
        }
        if let Some(said) = number {
            self.at = said.to;
            return self.push(said.value.to_string());
        }
        match token.kind {
            Kind::Word if is_hyphenated(tokens, at) => {
                Err("Nobody can tell whether the hyphen is part of the address.".to_owned())
            }
            Kind::Word if token.text == "oh" => {
                Err("Nobody can tell whether it is a letter or a zero.".to_owned())
            }
            // "Capital R, Rob".
            Kind::Word if is_letter(tokens, at) && is_capital_of_next(tokens, at) => Ok(()),
            // "Rosa, nothing but Rosa".
            Kind::Word
                if self.parts.last() == Some(&Part::Text(token.text.clone()))
                    && is_after_case(tokens, at, self.table) =>
            {
                Ok(())
            }
            Kind::Word => self.push(token.text.clone()),
            Kind::Pause if token.text == "." && is_dot(tokens, at, &self.parts) => {
                self.parts.push(Part::Dot);
                Ok(())
            }
            Kind::Sign => sign(token, &mut self.parts),
            Kind::Pause | Kind::Numeral => Ok(()),
        }
    }

    /// Adds letters or digits, twice after "double".
    fn push(&mut self, text: String) -> Result<(), String> {
        if std::mem::take(&mut self.repeat) {
            if text.chars().count() != 1 {
                return Err("Only a single letter or digit can be doubled.".to_owned());
            }
            self.parts.push(Part::Text(text.clone()));
        }
        self.parts.push(Part::Text(text));
        Ok(())
    }
}

/// Whether a letter is that with which the next word is told to begin: `capital r rob`.
fn is_capital_of_next(tokens: &[Token], at: usize) -> bool {
    const CAPITALS: &[&str] = &["capital", "uppercase", "mayuscula", "majuscule", "grosses", "gross"];
    let says_so = at.checked_sub(1).is_some_and(|before| CAPITALS.contains(&tokens[before].text.as_str()));
    let next = tokens[at + 1..].iter().find(|token| !token.is_pause());
    let begins = next.is_some_and(|next| next.text.len() > 1 && next.text.starts_with(&tokens[at].text));
    says_so && begins
}

/// Whether words about how it is written stand directly before a word.
fn is_after_case(tokens: &[Token], at: usize, table: &Table) -> bool {
    let is_case = |from: &usize| {
        table.inside.at(tokens, *from).is_some_and(|found| found.sense == Sense::Case && found.to == at)
    };
    (at.saturating_sub(3)..at).any(|from| is_case(&from))
}

/// The words by which something in the address is taken back, but for those about how it is written: `no spaces`.
fn correction(tokens: &[Token], table: &Table, locale: &Locale) -> Option<String> {
    let cases = table.inside.all(tokens);
    let is_case = |at: usize| {
        cases.iter().any(|found| found.sense == Sense::Case && (found.from..found.to).contains(&at))
    };
    let kept: Vec<Token> =
        (0..tokens.len()).filter(|at| !is_case(*at)).map(|at| tokens[at].clone()).collect();
    speech::correction(&kept, locale)
}

/// A point that is written between two words, or stands apart behind the sign: `@ example . org`.
fn is_dot(tokens: &[Token], at: usize, parts: &[Part]) -> bool {
    let next = tokens.get(at + 1);
    let stands_apart = !tokens[at].joined
        && parts.contains(&Part::At)
        && next.is_some_and(|next| next.kind == Kind::Word && !next.joined);
    tokens[at].joined && is_joined(tokens, at + 1) || stands_apart
}

fn is_letter_at(tokens: &[Token], at: usize, table: &Table) -> bool {
    let is_named = table
        .inside
        .at(tokens, at)
        .is_some_and(|found| matches!(found.sense, Sense::Letter(_) | Sense::Case));
    is_letter(tokens, at) || is_named
}

/// What follows a "with", if it tells how a word is written, and where that ends: `with two n's`, `mit der Zahl 7`.
fn hint(tokens: &[Token], from: usize, table: &Table, locale: &Locale) -> Option<(Hint, usize)> {
    let mut at = from;
    let mut is_twice = false;
    let mut says_number = false;
    while let Some(found) = table.hint.at(tokens, at) {
        match found.sense {
            Sense::Twice if says_number => break,
            Sense::Twice => is_twice = true,
            Sense::Case => says_number = true,
            Sense::Article if is_letter(tokens, at) && is_hint_end(tokens, found.to, table) => break,
            Sense::Article => {}
            _ => return None,
        }
        at = found.to;
    }
    let is_number = number::whole_numbers(tokens, locale, |_| true).iter().any(|said| said.from == at);
    if is_number && says_number && !is_twice {
        return Some((Hint::Nothing, at));
    }
    // "Diez con número".
    if says_number && is_hint_end(tokens, at, table) {
        return Some((Hint::Nothing, at));
    }
    let mut letters = String::new();
    while let Some(token) = tokens.get(at).filter(|token| token.kind == Kind::Word) {
        if table.hint.at(tokens, at).is_some_and(|found| found.sense == Sense::AtEnd) {
            break;
        }
        let named = letter_named(tokens, at, is_twice, table);
        let text = token.text.as_str();
        match named {
            Some((letter, to)) => {
                letters.push(letter);
                at = to;
            }
            // "Two n's".
            None if is_twice && text.len() == 2 && text.ends_with('s') && letters.is_empty() => {
                letters.extend(text.chars().next());
                at += 1;
            }
            None if text.len() == 1 || letters.is_empty() && hints::PAIRS.contains(&text) => {
                letters.push_str(text);
                at += 1;
            }
            None => break,
        }
    }
    let end = table.hint.at(tokens, at).filter(|found| found.sense == Sense::AtEnd);
    let to = end.map_or(at, |found| found.to);
    (!letters.is_empty()).then_some((Hint::Letters { letters, is_twice, is_at_end: end.is_some() }, to))
}

/// A letter by its name, of which there may be several: `dos enes`.
fn letter_named(tokens: &[Token], at: usize, is_plural: bool, table: &Table) -> Option<(char, usize)> {
    let letter = |tokens: &[Token], at: usize| match table.inside.at(tokens, at)? {
        found if let Sense::Letter(letter) = found.sense => Some((letter, found.to)),
        _ => None,
    };
    let singular = || {
        let text = tokens[at].text.strip_suffix('s')?.to_owned();
        letter(&[Token { text, ..tokens[at].clone() }], 0).map(|(letter, _)| (letter, at + 1))
    };
    letter(tokens, at).or_else(|| is_plural.then(singular).flatten())
}

/// Whether a hint ends here: at the sign, or at a dot.
fn is_hint_end(tokens: &[Token], at: usize, table: &Table) -> bool {
    tokens.get(at).is_none_or(Token::is_pause)
        || table.inside.at(tokens, at).is_some_and(|found| matches!(found.sense, Sense::At | Sense::Dot))
}

/// `de de dedo`: the letter by its name, and a word that begins with it.
fn spanish_d(tokens: &[Token], at: usize, locale: &Locale) -> Option<usize> {
    let is_de = |at: usize| tokens.get(at).is_some_and(|token| token.is_word("de"));
    let example = tokens.get(at + 2).filter(|token| token.kind == Kind::Word && token.text.len() > 1)?;
    let is_d = locale.language == Language::Es && is_de(at) && is_de(at + 1) && example.text.starts_with('d');
    is_d.then_some(at + 3)
}

fn is_letter(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.text.chars().count() == 1)
}

/// The numbers of an address. The Spanish "y" is a letter, but for "setenta y dos".
fn numbers_of(tokens: &[Token], locale: &Locale) -> Vec<Said> {
    let joins = |at: usize| locale.language == Language::Es && tokens[at].is_word("y");
    number::whole_numbers(tokens, locale, |at| {
        !is_letter(tokens, at) || joins(at) || tokens[at].kind == Kind::Numeral
    })
}

/// `müller mit u e`: how the letter is written that has two ways.
fn umlaut_in_letters(tokens: &[Token], at: usize, parts: &mut [Part]) -> Option<usize> {
    let is_word = |ahead: usize, word: &str| tokens.get(at + ahead).is_some_and(|token| token.is_word(word));
    let Some(Part::Text(name)) = parts.last_mut() else { return None };
    let vowel = ["a", "o", "u"].into_iter().find(|vowel| {
        is_word(0, "mit")
            && (is_word(1, vowel) && is_word(2, "e") || is_word(1, &format!("{vowel}e")))
            && name.contains(vowel)
    })?;
    if !name.contains(&format!("{vowel}e")) {
        *name = name.replacen(vowel, &format!("{vowel}e"), 1);
    }
    Some(at + if is_word(2, "e") && is_word(1, vowel) { 3 } else { 2 })
}

/// Nobody has an address of one letter: `zed at example dot com` is the name Zed.
fn whole_letter_name(mut parts: Vec<Part>, tokens: &[Token], table: &Table) -> Vec<Part> {
    let Some(first) = tokens.iter().position(|token| !token.is_pause()) else { return parts };
    let is_name = table.inside.at(tokens, first).is_some_and(|found| matches!(found.sense, Sense::Letter(_)));
    if let [Part::Text(letter), Part::At, ..] = parts.as_slice()
        && letter.len() == 1
        && is_name
        && tokens[first].text.len() > 2
    {
        parts[0] = Part::Text(tokens[first].text.clone());
    }
    parts
}

/// `Anton Berta`, one after the other: a name, or the letters A and B.
fn spells_by_names(tokens: &[Token], table: &Table) -> bool {
    let names = table.alphabet.all(tokens);
    names.windows(2).any(|pair| pair[0].to == pair[1].from)
}

fn is_after_letter(parts: &[Part]) -> bool {
    matches!(parts.last(), Some(Part::Text(text)) if text.chars().count() == 1)
}

/// `Jean-Paul`: the hyphen was dropped from between two words, which shows in that they are joined.
fn is_hyphenated(tokens: &[Token], at: usize) -> bool {
    let is_word = |at: usize| tokens[at].kind == Kind::Word && tokens[at].text.chars().count() > 1;
    at > 0 && tokens[at].joined && is_word(at) && is_word(at - 1)
}

pub(super) fn is_joined(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.joined && token.kind == Kind::Word)
}

fn sign(token: &Token, parts: &mut Vec<Part>) -> Result<(), String> {
    match token.text.as_str() {
        "@" => parts.push(Part::At),
        "-" => parts.push(Part::Sign('-')),
        "_" => parts.push(Part::Sign('_')),
        "+" => parts.push(Part::Sign('+')),
        ":" => {}
        _ => return Err("A sign of the answer is in no address.".to_owned()),
    }
    Ok(())
}

/// `b as in boy` is the letter; where nothing single stands before, the words are part of the address.
fn after_example(tokens: &[Token], from: usize, to: usize, parts: &mut Vec<Part>) -> Result<usize, String> {
    let letter = match parts.last() {
        Some(Part::Text(text)) if text.chars().count() == 1 => text.chars().next(),
        _ => None,
    };
    let example = tokens.get(to).filter(|token| token.kind == Kind::Word && token.text.len() > 1);
    match (letter, example) {
        (Some(letter), Some(example)) if example.text.starts_with(letter) => Ok(to + 1),
        (Some(_), Some(_)) if to - from > 1 => Err("The example begins with another letter.".to_owned()),
        _ => {
            let words = &tokens[from..to];
            if words.len() == 1 && words[0].text == "for" {
                return Err("\"for\" may be a word or a digit.".to_owned());
            }
            // The Spanish letter D is said like the word in "b de Barcelona".
            if words.len() == 1 && words[0].text == "de" && letter.is_some() {
                parts.push(Part::Text("d".to_owned()));
                return Ok(to);
            }
            parts.extend(words.iter().map(|token| Part::Text(token.text.clone())));
            Ok(to)
        }
    }
}
