//! The clauses of an answer: the one that answers, and those that explain it, restate it or say that it does not suit.

use super::super::language::{ByLanguage, Locale, word_list};
use super::super::phrase::{Found, Phrases};
use super::super::reading::Reading;
use super::super::token::{self, Token};

/// Of a long answer so many clauses are tried, so that its time grows with its length.
const CLAUSES_MAX: usize = 8;
/// What stands before these goes on behind them.
const JOINS: &[&str] = &["and", "or", "y", "o", "et", "ou", "und", "oder", "e", "u"];
/// Words with as many letters in common are one word.
const STEM_LETTERS: usize = 4;

/// How people hand on what another one answers.
const SAYING: &[&str] = &[
    "says",
    "said",
    "thinks",
    "wants",
    "would",
    "prefers",
    "sagt",
    "meint",
    "will",
    "dice",
    "quiere",
    "dit",
    "veut",
    "needs",
    "necesita",
    "prefiere",
    "braucht",
    "préfère",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    /// What follows is why, whatever it denies: `because`.
    Reason,
    /// What follows is about the person or the answer, and changes nothing where it denies nothing: `I`, `it's`.
    Remark,
    /// What follows is about something else, and may have values of its own: `my flight`.
    Other,
    /// Says that something does not suit: `I can't`.
    Refusal,
    /// Denies something, which an explanation may not: `don't`.
    Denial,
    /// The person does something else at that time: `I work`.
    Busy,
    /// What follows says the same again: `that is`.
    Again,
    /// What follows is what remains: `so`.
    So,
    /// Meets the listener: `good morning`.
    Greeting,
    /// What follows holds at present: `now`.
    Now,
    /// Makes light of something, and changes nothing beside another answer: `no problem`.
    Easy,
    /// Tells of something else: `I told you`, `happy`.
    Elsewhere,
    /// Of two things that were named, the one beside it is meant: `better`.
    Prefers,
    /// What follows was meant before, and is so no more: `I was going to say`.
    Intended,
}

struct Table {
    begins: Phrases<Clause>,
    refusals: Phrases<Clause>,
    denials: Phrases<Clause>,
    again: Phrases<Clause>,
    so: Phrases<Clause>,
    greetings: Phrases<Clause>,
    busy: Phrases<Clause>,
    now: Phrases<Clause>,
    intended: Phrases<Clause>,
    prefers: Phrases<Clause>,
    elsewhere: Phrases<Clause>,
    easy: Phrases<Clause>,
    /// Other people: `my brother`.
    people: Phrases<Clause>,
}

static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let of = |senses: &[(&str, Clause)]| Phrases::of_sections(language, list, senses);
    Table {
        begins: of(&[
            ("busy", Clause::Busy),
            ("reasons", Clause::Reason),
            ("others", Clause::Other),
            ("remarks", Clause::Remark),
        ]),
        refusals: of(&[("refusals", Clause::Refusal)]),
        denials: of(&[("denials", Clause::Denial), ("refusals", Clause::Refusal)]),
        again: of(&[("again", Clause::Again)]),
        so: of(&[("so", Clause::So)]),
        greetings: of(&[("greetings", Clause::Greeting)]),
        busy: of(&[("busy", Clause::Busy)]),
        now: of(&[("now", Clause::Now)]),
        intended: of(&[("intended", Clause::Intended)]),
        prefers: of(&[("prefers", Clause::Prefers)]),
        easy: of(&[("easy", Clause::Easy)]),
        people: of(&[("people", Clause::Other)]),
        elsewhere: of(&[("not elsewhere", Clause::Remark), ("elsewhere", Clause::Elsewhere)]),
    }
});

fn table(locale: &Locale) -> &'static Table {
    TABLES.of(locale.language)
}

/// The words by which an answer says that something does not suit.
pub(in super::super) fn refuses(tokens: &[Token], locale: &Locale) -> Option<String> {
    let (from, to) = *refusals(tokens, locale).first()?;
    Some(token::spelled(&tokens[from..to]))
}

/// Where words stand by which something does not suit.
pub(in super::super) fn refusals(tokens: &[Token], locale: &Locale) -> Vec<(usize, usize)> {
    let is_last = |found: &Found<Clause>| !tokens[found.to..].iter().any(|token| !token.is_pause());
    let busy = table(locale).busy.all(tokens).into_iter().filter(|found| found.from > 0 && is_last(found));
    let found = table(locale).refusals.all(tokens).into_iter().chain(busy);
    found.map(|found| (found.from, found.to)).collect()
}

/// What remains of an answer without the clauses in which something is refused: `I can't do Thursday, so Friday`.
/// Nothing where none is refused, or where each is.
pub(in super::super) fn without_refused(tokens: &[Token], locale: &Locale) -> Option<Vec<Token>> {
    let table = table(locale);
    let mut cuts: Vec<usize> = table.so.all(tokens).iter().map(|found| found.from).collect();
    cuts.extend((0..tokens.len()).filter(|at| tokens[*at].is_pause()));
    cuts.sort_unstable();
    cuts.push(tokens.len());
    let mut kept: Vec<Token> = Vec::new();
    let mut from = 0;
    for to in cuts {
        let clause = &tokens[from..to.max(from)];
        if refuses(clause, locale).is_none() {
            kept.extend_from_slice(clause);
        }
        from = to.max(from);
    }
    let has_words = kept.iter().any(|token| !token.is_pause());
    (kept.len() < tokens.len() && has_words).then_some(kept)
}

/// The answer without words that make light of it: `Thursday, no problem`.
pub(in super::super) fn without_easy(tokens: &[Token], locale: &Locale) -> Vec<Token> {
    let easy = table(locale).easy.all(tokens);
    let is_kept = |at: &usize| !easy.iter().any(|found| (found.from..found.to).contains(at));
    (0..tokens.len()).filter(is_kept).map(|at| tokens[at].clone()).collect()
}

/// The answer without the words that meet the listener.
pub(in super::super) fn without_greeting<'a>(tokens: &'a [Token], locale: &Locale) -> &'a [Token] {
    let table = table(locale);
    let mut at = 0;
    loop {
        while tokens.get(at).is_some_and(Token::is_pause) {
            at += 1;
        }
        match table.greetings.at(tokens, at) {
            Some(found) => at = found.to,
            None => return &tokens[at..],
        }
    }
}

/// Of two things that were named, the one that is preferred: `I'm near the airport, but downtown is better`. The word
/// before it tells so.
fn preferred<'a>(tokens: &'a [Token], locale: &Locale) -> Option<(String, &'a [Token])> {
    const BUT: &[&str] = &["but", "aber", "pero", "mais"];
    let but = tokens.iter().rposition(|token| BUT.contains(&token.text.as_str()))?;
    let after = &tokens[but + 1..];
    (!table(locale).prefers.all(after).is_empty()).then(|| (tokens[but].text.clone(), after))
}

/// Reads an answer by the part of it that counts: what is said to be better, or what remains where something does not
/// suit. Nothing where no part counts more than another.
pub(in super::super) fn what_counts(
    tokens: &[Token],
    locale: &Locale,
    read: impl Fn(&[Token]) -> Reading,
) -> Option<Reading> {
    if let Some((said, after)) = preferred(tokens, locale) {
        let latest = read(after);
        if latest.is_value() {
            return Some(latest.because(format!("\"{said}\" is what counts.")));
        }
    }
    let reading = read(&without_refused(tokens, locale)?);
    Some(if reading.is_value() { reading.because("What does not suit was left out.") } else { reading })
}

/// What an answer says of the present, or at last, after what was so before: `we were three, now we're ten`, `I was going
/// to say eight, but nine`. The first word of both tells which.
pub(in super::super) fn latest_state<'a>(
    tokens: &'a [Token],
    locale: &Locale,
) -> Option<(String, &'a [Token])> {
    const BUT: &[&str] = &["but", "aber", "pero", "mais", "no", "non", "nein", "plutot", "mejor"];
    if let Some(preferred) = preferred(tokens, locale) {
        return Some(preferred);
    }
    let table = table(locale);
    if let Some(intended) = table.intended.all(tokens).first() {
        let but = (intended.to..tokens.len()).rfind(|at| BUT.contains(&tokens[*at].text.as_str()))?;
        return Some((tokens[but].text.clone(), &tokens[but + 1..]));
    }
    let now = *table.now.all(tokens).iter().rfind(|now| now.from > 1)?;
    Some((token::spelled(&tokens[now.from..now.to]), &tokens[now.to..]))
}

/// The words by which an answer tells of something else, unless the question asks about it: `call me on Thursday`.
pub(in super::super) fn tells_of_other(
    tokens: &[Token],
    question: Option<&str>,
    locale: &Locale,
) -> Option<String> {
    let asked = token::tokens(question.unwrap_or(""), locale.language);
    let stem = |text: &str| text.chars().take(STEM_LETTERS).collect::<String>();
    let is_asked = |token: &Token| {
        token.text.len() >= STEM_LETTERS && asked.iter().any(|asked| stem(&asked.text) == stem(&token.text))
    };
    let found = table(locale).elsewhere.all(tokens);
    let is_other = |found: &Found<Clause>| {
        found.sense == Clause::Elsewhere && !tokens[found.from..found.to].iter().any(is_asked)
    };
    let other = found.into_iter().find(is_other)?;
    Some(token::spelled(&tokens[other.from..other.to]))
}

/// What an answer begins with, where that is something else than the question asks about: `my flight is at six`.
pub(in super::super) fn is_about_other(
    tokens: &[Token],
    question: Option<&str>,
    locale: &Locale,
) -> Option<String> {
    let tokens = super::without_fillers(tokens, locale);
    let first = tokens.iter().position(|token| !token.is_pause())?;
    let found = table(locale).begins.at(&tokens, first).filter(|found| found.sense == Clause::Other)?;
    let asked = token::tokens(question.unwrap_or(""), locale.language);
    /// What a question may ask about by another name.
    const JOURNEYS: &[&str] =
        &["flight", "plane", "train", "bus", "vol", "avion", "flug", "zug", "vuelo", "tren", "autobus"];
    let stem = |text: &str| text.chars().take(STEM_LETTERS).collect::<String>();
    let is_asked = |token: &Token| {
        token.text.len() > 2 && asked.iter().any(|asked| stem(&asked.text) == stem(&token.text))
    };
    let is_journey = |token: &Token| JOURNEYS.contains(&token.text.as_str());
    let said = &tokens[found.from..found.to];
    let hands_on = tokens.get(found.to).is_some_and(|next| SAYING.contains(&next.text.as_str()));
    let is_about = said.iter().any(is_asked) || asked.iter().any(is_journey);
    (!is_about && !hands_on).then(|| token::spelled(said))
}

/// The words by which something is told to be for somebody else: `for my wife`.
pub(in super::super) fn for_somebody(tokens: &[Token], locale: &Locale) -> Option<String> {
    const FOR: &[&str] = &["for", "para", "pour", "fur"];
    let people = table(locale).people.all(tokens);
    let is_for = |at: usize| FOR.contains(&tokens[at].text.as_str());
    let found = people.iter().find(|found| found.from > 0 && is_for(found.from - 1))?;
    Some(token::spelled(&tokens[found.from - 1..found.to]))
}

/// Somebody else with whom an answer begins, and of whom it goes on to tell; not where it hands on what they say.
pub(in super::super) fn person_at_start(tokens: &[Token], locale: &Locale) -> Option<(usize, usize)> {
    let first = tokens.iter().position(|token| !token.is_pause())?;
    let found = table(locale).people.at(tokens, first)?;
    let next = tokens.get(found.to).filter(|next| !next.is_pause())?;
    (!SAYING.contains(&next.text.as_str())).then_some((found.from, found.to))
}

/// Whether words by which something does not suit begin here.
pub(in super::super) fn refused_at(tokens: &[Token], at: usize, locale: &Locale) -> bool {
    table(locale).refusals.at(tokens, at).is_some()
}

/// The value of an answer's beginning, where what follows only explains it: `Friday's fine, I'm off work`. `has_value`
/// tells whether an explanation names another value.
pub(in super::super) fn explained(
    tokens: &[Token],
    locale: &Locale,
    read: impl Fn(&[Token]) -> Reading,
    has_value: impl Fn(&[Token]) -> bool,
) -> Option<Reading> {
    let table = table(locale);
    let clauses = table.begins.all(tokens).into_iter().filter(|clause| clause.from > 0).take(CLAUSES_MAX);
    clauses.into_iter().find_map(|clause| {
        let (head, rest) = tokens.split_at(clause.from);
        // "Para mi hijo y para mí" goes on.
        if head.last().is_some_and(|token| JOINS.contains(&token.text.as_str())) {
            return None;
        }
        // "Eight, but my mother in law is coming, so nine" comes to another value.
        let concludes = table.so.all(rest).into_iter().any(|so| so.from > 0 && has_value(&rest[so.to..]));
        if concludes {
            return None;
        }
        let denies = || !table.denials.all(rest).is_empty();
        let changes_nothing = match clause.sense {
            Clause::Reason => true,
            Clause::Other => !denies(),
            Clause::Busy => !denies() && has_value(&tokens[clause.to..]),
            // "The billing department sent me to you".
            _ => !denies() && !has_value(&tokens[clause.to..]) && table.elsewhere.all(rest).is_empty(),
        };
        let reading = Some(()).filter(|()| changes_nothing).map(|()| read(head)).filter(Reading::is_value)?;
        let said = token::spelled(&tokens[clause.from..clause.to]);
        Some(reading.because(format!("What follows \"{said}\" explains it.")))
    })
}

/// The parts of an answer between pauses and words by which people say the same again.
pub(in super::super) fn restated<'a>(tokens: &'a [Token], locale: &Locale) -> Vec<&'a [Token]> {
    let mut cuts: Vec<(usize, usize)> =
        table(locale).again.all(tokens).into_iter().map(|found| (found.from, found.to)).collect();
    cuts.extend((0..tokens.len()).filter(|at| tokens[*at].is_pause()).map(|at| (at, at + 1)));
    cuts.sort_unstable();
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for (begin, end) in cuts {
        if begin >= from {
            parts.push(&tokens[from..begin]);
            from = end;
        }
    }
    parts.push(&tokens[from..]);
    parts
}
