//! Telling a sentence that says something was done, or is just being done, from one that only sounds so.
//!
//! A sentence is looked at clause by clause. Three kinds of patterns claim a deed: somebody of ours did it
//! (`did`), it is done (`is_done`), somebody is doing it right now (`doing`). What stands before them takes a
//! claim back: a condition, a negation, a question. A claim that is missed is a lie told to a caller; a sentence
//! held for nothing costs a second.

mod english;
mod french;
mod german;
mod spanish;

use super::{Tongue, sentence};
use regex::Regex;
use std::sync::LazyLock;

/// The sets of claims that are ready to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimSet {
    Booking,
    Sending,
    Cancelling,
    Paying,
    Transferring,
}

impl ClaimSet {
    pub const ALL: [ClaimSet; 5] = [
        ClaimSet::Booking,
        ClaimSet::Sending,
        ClaimSet::Cancelling,
        ClaimSet::Paying,
        ClaimSet::Transferring,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ClaimSet::Booking => "booking",
            ClaimSet::Sending => "sending",
            ClaimSet::Cancelling => "cancelling",
            ClaimSet::Paying => "paying",
            ClaimSet::Transferring => "transferring",
        }
    }
}

/// What one language says of one kind of deed, as patterns over folded text.
struct Deeds {
    set: ClaimSet,
    /// A word of the deed, which claims it where nothing in its sentence raises a doubt.
    word: &'static str,
    /// One of ours did it: `i've booked`.
    did: &'static str,
    /// It is done: `is booked`.
    is_done: &'static str,
    /// One of ours is doing it: `i'm booking`.
    doing: &'static str,
}

/// How one language takes a claim back.
struct Doubts {
    /// Before a deed in its clause: `if`, `can`, `not`.
    before: &'static str,
    /// Before what is done or being done, anywhere in its sentence: `once you confirm, …`, `our records show …`.
    in_sentence: &'static str,
    /// Within the claim itself: `ich habe nichts gebucht`.
    within: &'static str,
    /// Behind what is done or being done: `… as soon as you confirm`.
    behind: &'static str,
    /// Anywhere, where nothing but a lone word speaks for a claim: `tuesday is fully booked`.
    lone: &'static str,
    /// At the head of a sentence that ends in a question mark: the whole of it asks.
    asks: &'static str,
    /// The same, but only where the sentence has no other clause.
    may_ask: &'static str,
    /// Words that would take a claim back, and do not: `i can confirm that`.
    assures: &'static str,
}

/// The patterns of one language, compiled.
struct Grammar {
    sets: Vec<(ClaimSet, Deed)>,
    before: Regex,
    in_sentence: Regex,
    within: Regex,
    behind: Regex,
    lone: Regex,
    asks: Regex,
    may_ask: Regex,
    assures: Regex,
}

struct Deed {
    word: Regex,
    did: Regex,
    is_done: Regex,
    doing: Regex,
}

static ENGLISH: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(&english::DEEDS, &english::DOUBTS));
static SPANISH: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(&spanish::DEEDS, &spanish::DOUBTS));
static FRENCH: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(&french::DEEDS, &french::DOUBTS));
static GERMAN: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(&german::DEEDS, &german::DOUBTS));

/// Whether a text claims a deed of this kind. `language` is a tag; one without rules of its own claims nothing.
pub fn claims(set: ClaimSet, text: &str, language: &str) -> bool {
    let Some(tongue) = Tongue::of(language) else { return false };
    let grammar = match tongue {
        Tongue::English => &*ENGLISH,
        Tongue::Spanish => &*SPANISH,
        Tongue::French => &*FRENCH,
        Tongue::German => &*GERMAN,
    };
    sentence::split(text, language).iter().any(|sentence| grammar.claims(set, sentence))
}

/// Whether there are patterns for a language.
pub fn knows(language: &str) -> bool {
    Tongue::of(language).is_some()
}

impl Grammar {
    fn of(deeds: &[Deeds], doubts: &Doubts) -> Grammar {
        let sets = deeds.iter().map(|deeds| {
            let deed = Deed {
                word: compiled(deeds.word),
                did: compiled(deeds.did),
                is_done: compiled(deeds.is_done),
                doing: compiled(deeds.doing),
            };
            (deeds.set, deed)
        });
        Grammar {
            sets: sets.collect(),
            before: compiled(doubts.before),
            in_sentence: compiled(doubts.in_sentence),
            within: compiled(doubts.within),
            behind: compiled(doubts.behind),
            lone: compiled(doubts.lone),
            asks: compiled(doubts.asks),
            may_ask: compiled(doubts.may_ask),
            assures: compiled(doubts.assures),
        }
    }

    fn claims(&self, set: ClaimSet, sentence: &str) -> bool {
        let Some((_, deed)) = self.sets.iter().find(|(known, _)| *known == set) else { return false };
        // What stands behind the mark that opens a question asks.
        let (sentence, is_question) = match sentence.split_once('¿') {
            Some((before, _)) => (before, false),
            None => (sentence, sentence.trim_end_matches(['"', ')', '\'', '»', '”']).ends_with('?')),
        };
        let text = folded(sentence);
        if is_question && self.asks.is_match(&text) {
            return false;
        }
        let undoubted = [&self.before, &self.in_sentence, &self.within, &self.behind, &self.lone];
        if !is_question && deed.word.is_match(&text) && !undoubted.iter().any(|doubt| doubt.is_match(&text)) {
            return true;
        }
        let clauses: Vec<&str> =
            text.split(['|']).map(str::trim).filter(|clause| !clause.is_empty()).collect();
        let last = clauses.len().saturating_sub(1);
        clauses.iter().enumerate().any(|(index, clause)| {
            // Of a question with clauses before it, only the last one asks.
            let asks = is_question && index == last && (index > 0 || self.may_ask.is_match(clause));
            let before: String = clauses[..index].join(" | ");
            let behind = clauses.get(index + 1).copied().unwrap_or_default();
            !asks && self.clause_claims(deed, clause, &before, behind)
        })
    }

    fn clause_claims(&self, deed: &Deed, clause: &str, before: &str, behind: &str) -> bool {
        let doubted = |head: &str| self.before.is_match(&self.assures.replace_all(head, " "));
        if let Some(found) = deed.did.find(clause)
            && !doubted(&clause[..found.start()])
            && !self.within.is_match(found.as_str())
        {
            return true;
        }
        [&deed.is_done, &deed.doing].into_iter().any(|pattern| {
            pattern.find(clause).is_some_and(|found| {
                let head = &clause[..found.start()];
                let tail = &clause[found.end()..];
                !doubted(head)
                    && !self.in_sentence.is_match(head)
                    && !self.in_sentence.is_match(before)
                    && !self.within.is_match(found.as_str())
                    && !self.behind.is_match(found.as_str())
                    && !self.behind.is_match(tail)
                    && !self.behind.is_match(&first_words(behind))
            })
        })
    }
}

/// A pattern over whole words. Folded text has one kind of blank, so the classes can be as small.
fn compiled(pattern: &str) -> Regex {
    let whole =
        format!(r"(?x)(?:^|\s)(?:{pattern})(?:\s|$)").replace(r"\s", r"\x20").replace(r"\S", r"[^\x20]");
    Regex::new(&whole).unwrap_or_else(|error| panic!("a claim pattern is broken: {error}"))
}

/// How far into the next clause a condition is looked for.
fn first_words(clause: &str) -> String {
    clause.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// Lower case, one blank between words, `'` in its place, and `|` where a clause ends. Negations that say that
/// something has come to its end are joined, because they deny nothing.
fn folded(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len() + 2);
    let mut parted = false;
    let mut chars = sentence.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{2019}' | '\'' | '´' | '`' => text.push('\''),
            c if c.is_alphanumeric() => {
                if parted && !text.is_empty() {
                    text.push(' ');
                }
                parted = false;
                text.extend(c.to_lowercase());
                continue;
            }
            // Within a number or a word they part nothing: 3,50, e-mail, 9:30.
            ',' | '-' | ':' | '.' if !parted && chars.peek().is_some_and(|next| next.is_alphanumeric()) => {
                if c == '-' {
                    text.push('-')
                } else {
                    parted = true
                }
            }
            ',' | ';' | ':' | '–' | '—' | '(' | ')' | '!' | '?' | '.' => {
                if !text.is_empty() {
                    text.push_str(" |");
                }
                parted = true;
            }
            _ => parted = true,
        }
    }
    for (apart, joined) in [
        ("no longer", "no-longer"),
        ("ya no ", "ya-no "),
        ("n'avez plus", "avez-plus"),
        ("n'est plus", "est-plus"),
    ] {
        text = text.replace(apart, joined);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_parted_and_words_are_folded() {
        assert_eq!(folded("Done, it’s booked!"), "done | it's booked |");
        assert_eq!(folded("I e-mailed 3,50 at 9:30."), "i e-mailed 3 50 at 9 30 |");
    }

    #[test]
    fn every_pattern_compiles_and_every_set_is_there() {
        for grammar in [&*ENGLISH, &*SPANISH, &*FRENCH, &*GERMAN] {
            for set in ClaimSet::ALL {
                assert!(grammar.sets.iter().any(|(known, _)| *known == set), "{}", set.as_str());
            }
        }
    }
}
