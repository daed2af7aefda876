//! Yes and no in their many forms.
//!
//! A plain yes or no that opens or ends an answer decides ([`plain`]). Else an answer may hold several phrases that
//! lean one way, and all of them have to lean the same way: "yes and no" and "okay, but no" are asked again, and so
//! is everything that leaves it open ("maybe", "I guess so").

mod beside;
mod open;
mod plain;
mod question;
mod verbs;

pub(super) use open::{is_not_heard, without_answer};

use super::language::{ByLanguage, Language, Locale, word_list};
use super::phrase::{Found, Phrases};
use super::reading::Reading;
use super::speech;
use super::token::{self, Kind, Token};
use open::{left_open, not_found_out, says_half};
use question::Question;

/// How far words that are unknown may outnumber the phrase that decides, where it does not stand first.
const UNKNOWN_WORDS_MAX: usize = 2;
/// The same of the very words for yes and no.
const UNKNOWN_WORDS_BY_BASIC_MAX: usize = 4;
/// A longer condition is more than courtesy.
const COURTESY_WORDS_MAX: usize = 7;
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
    /// Leaves it open, but not where a plain yes or no opens or ends the answer: `later`, `what`.
    PerhapsOpen,
    /// Takes part of a yes back; a no stays one: `but`.
    But,
    /// No alone, but also a part of other answers: `bad`.
    MildNo,
    /// A condition out of courtesy: with a plain yes it changes nothing, alone it leaves it open: `if you could`.
    Polite,
    /// Makes light of something: with a plain yes it agrees, alone it may mean either: `no problem`.
    Easy,
    /// Holds words of the other lists, but leans no way.
    Neutral,
}

/// How a word counts where it opens an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Plain;

struct Table {
    all: Phrases<Leaning>,
    /// Words that decide by themselves where they open an answer: `yes`, `of course`, `not at all`.
    plain: Phrases<Plain>,
    /// The very words for yes and no, which decide at the end of an answer too.
    basic: Phrases<Plain>,
    /// What may stand before a plain word that opens an answer: `honestly`, `gracias a Dios`.
    openers: Phrases<Plain>,
    /// Words of degree that agree where nothing else is said: `very`.
    alone: Phrases<Plain>,
    /// Verbs for finding out; whoever denies them has not done so: `tried`.
    checks: Phrases<Plain>,
    /// What says that all is well: `perfect`.
    praise: Phrases<Plain>,
    /// Days, parts of the day and people for which alone an answer may hold: `in the afternoon yes`.
    contrasts: Phrases<Plain>,
}

static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let list = match language {
        Language::Other => include_str!("signs.txt"),
        language => word_list!(language),
    };
    let senses = [
        ("open", Leaning::Open),
        ("but", Leaning::But),
        ("perhaps open", Leaning::PerhapsOpen),
        ("easy", Leaning::Easy),
        ("neutral", Leaning::Neutral),
        ("no", Leaning::No),
        ("yes", Leaning::Yes),
        ("yes at end", Leaning::YesAtEnd),
        ("yes outside", Leaning::YesOutside),
        ("no outside", Leaning::NoOutside),
        ("no at end", Leaning::NoAtEnd),
        ("mild yes", Leaning::MildYes),
        ("mild no", Leaning::MildNo),
        ("polite", Leaning::Polite),
        ("negators", Leaning::Negator),
    ];
    Table {
        all: Phrases::of_sections(language, list, &senses),
        plain: Phrases::of_sections(language, list, &[("plain yes", Plain), ("plain no", Plain)]),
        basic: Phrases::of_sections(language, list, &[("basic", Plain)]),
        openers: Phrases::of_sections(language, list, &[("openers", Plain)]),
        alone: Phrases::of_sections(language, list, &[("alone", Plain)]),
        checks: Phrases::of_sections(language, list, &[("checks", Plain)]),
        contrasts: Phrases::of_sections(language, list, &[("contrasts", Plain)]),
        praise: Phrases::of_sections(language, list, &[("praise", Plain)]),
    }
});

/// Reads yes as `true` and no as `false`.
pub(super) fn read(tokens: &[Token], asked: Option<&str>, locale: &Locale) -> Reading {
    let table = TABLES.of(locale.language);
    let question = Question::of(asked, locale);
    let found = settled(opening_apart(table.all.all(tokens), tokens, table), tokens, table, locale);
    if says_half(tokens) {
        return Reading::unclear("The answer says yes to one thing and no to another.");
    }
    let found = denied_behind(question.settled(found, tokens, locale), tokens, table, locale);
    let said = |phrase: &Found<Leaning>| token::spelled(&tokens[phrase.from..phrase.to]);
    let found = without_asked(without_courtesy(found, tokens, locale), tokens, &question, locale);
    if let Some(reading) = plain::concluded(&found, tokens, locale) {
        return reading;
    }
    if let Some(open) = left_open(&found, tokens, locale) {
        return open;
    }
    // A Spanish "no" without a pause behind it may deny its verb: "no me la he tomado".
    let may_deny = locale.language == Language::Es && tokens.get(1).is_some_and(|next| !next.is_pause());
    let not_found_out = || {
        let said = not_found_out(&found, tokens, table, &question)?;
        Some(Reading::unclear(format!("By \"{said}\" the person has not found out yet.")))
    };
    if let Some(reading) = may_deny.then(not_found_out).flatten() {
        return reading;
    }
    if let Some(reading) = plain::read(&found, tokens, table, &question, locale).or_else(not_found_out) {
        return reading;
    }
    if let Some(no) = no_longer(&found, tokens, locale) {
        return meaning(&no, tokens);
    }
    let is_denied = found.iter().any(|phrase| matches!(phrase.sense, Leaning::No | Leaning::Negator));
    if !is_denied && question.echoes(&speech::without_fillers(tokens, locale)) {
        return Reading::value(true, "The answer opens with the verb of the question.");
    }
    let agrees = found.iter().any(|phrase| phrase.sense == Leaning::Yes) && !is_denied;
    let leaves_open = |phrase: &&Found<Leaning>| {
        matches!(phrase.sense, Leaning::PerhapsOpen | Leaning::Polite | Leaning::But)
            || phrase.sense == Leaning::Easy && !agrees
    };
    if let Some(open) = found.iter().find(leaves_open) {
        return Reading::unclear(format!("\"{}\" leaves it open.", said(open)));
    }
    read_sentence(&found, tokens, &question, locale)
}

/// An answer without a plain yes or no, and without anything that leaves it open.
fn read_sentence(
    found: &[Found<Leaning>],
    tokens: &[Token],
    question: &Question,
    locale: &Locale,
) -> Reading {
    let table = TABLES.of(locale.language);
    let reading = read_leaning(found, tokens, question, locale);
    let leans = |phrase: &Found<Leaning>| matches!(phrase.sense, Leaning::Yes | Leaning::No);
    // "Der war da, um neun".
    let first = tokens.iter().position(Token::is_pause).map_or(tokens, |pause| &tokens[..pause]);
    let is_plain_rest = !found.iter().any(|phrase| phrase.from > first.len());
    let repeats = || {
        let whole = question.repeats(&speech::without_fillers(tokens, locale), locale);
        let head = || question.repeats(&speech::without_fillers(first, locale), locale);
        whole.or_else(|| is_plain_rest.then(head).flatten())
    };
    match (reading.is_value() || found.iter().any(leans)).then_some(()).map_or_else(repeats, |()| None) {
        Some(is_yes) => Reading::value(is_yes, "The answer repeats the question as a sentence."),
        None if is_degree_alone(tokens, table) && !question.asks_for_problems() => {
            Reading::value(true, "A word of degree alone agrees with the question.")
        }
        None if !reading.is_value() => question.refused(tokens, locale).unwrap_or(reading),
        None => reading,
    }
}

fn is_degree_alone(tokens: &[Token], table: &Table) -> bool {
    let words: Vec<Token> = tokens
        .iter()
        .filter(|token| !token.is_pause() && !speech::is_sound_of_thinking(&token.text))
        .cloned()
        .collect();
    table.alone.at(&words, 0).is_some_and(|found| found.to == words.len())
}

/// Which of the very words for yes and no one is.
fn of_basic(token: &Token) -> Leaning {
    const NO: &[&str] = &["no", "non", "nan", "nein", "nope", "nah", "nee", "nei", "nel", "nop"];
    if NO.contains(&token.text.as_str()) { Leaning::No } else { Leaning::Yes }
}

/// `no, es mi marido`: a plain word before a pause is an answer of its own, whatever phrase goes on behind the pause.
fn opening_apart(mut found: Vec<Found<Leaning>>, tokens: &[Token], table: &Table) -> Vec<Found<Leaning>> {
    let Some(first) = found.first().copied() else { return found };
    let Some(basic) = table.basic.at(tokens, first.from) else { return found };
    let is_apart = tokens.get(basic.to).is_some_and(Token::is_pause) && first.to > basic.to;
    // "No, se ha estropeado" is no "no sé".
    let is_know = tokens[first.to - 1].is_word("se") && !tokens[first.to - 1].is_accented;
    let leans =
        matches!(first.sense, Leaning::Yes | Leaning::No | Leaning::Open | Leaning::PerhapsOpen) && !is_know;
    if first.from == 0 && is_apart && !leans {
        found[0] = Found { sense: of_basic(&tokens[first.from]), from: first.from, to: basic.to };
    }
    found
}

/// `we had one, but not anymore`: what denies at the end, after a "but" behind which nothing leans another way.
fn no_longer(found: &[Found<Leaning>], tokens: &[Token], locale: &Locale) -> Option<Found<Leaning>> {
    let but = found.iter().position(|phrase| phrase.sense == Leaning::But)?;
    let leans = |phrase: &Found<Leaning>| {
        matches!(phrase.sense, Leaning::Yes | Leaning::MildYes | Leaning::Easy | Leaning::Open)
    };
    match &found[but + 1..] {
        [no] if no.sense == Leaning::No && !found.iter().any(leans) && ends_clause(no.to, tokens, locale) => {
            Some(*no)
        }
        _ => None,
    }
}

/// `si me hace el favor, sí`: after a condition out of courtesy an accented yes at the end decides.
fn without_courtesy(
    mut found: Vec<Found<Leaning>>,
    tokens: &[Token],
    locale: &Locale,
) -> Vec<Found<Leaning>> {
    let last = tokens.iter().rfind(|token| !token.is_pause());
    let is_yes = last.is_some_and(|last| last.is_word("si") && last.is_accented);
    const COURTESIES: &[&str] = &["favor", "puede", "importa", "molestia", "amable", "permite"];
    let is_short = tokens.len() <= COURTESY_WORDS_MAX
        && tokens.iter().any(|token| COURTESIES.contains(&token.text.as_str()));
    if locale.language == Language::Es && is_yes && is_short {
        found.retain(|phrase| {
            let is_if = phrase.from == 0 && tokens[0].is_word("si") && !tokens[0].is_accented;
            !(phrase.sense == Leaning::Open && is_if)
        });
    }
    found
}

/// `no me quedó claro`: behind a Spanish "no" in the same clause what the question names is denied, and agrees no more.
fn without_asked(
    mut found: Vec<Found<Leaning>>,
    tokens: &[Token],
    question: &Question,
    locale: &Locale,
) -> Vec<Found<Leaning>> {
    let clause = tokens.iter().position(Token::is_pause).unwrap_or(tokens.len());
    let is_denied =
        locale.language == Language::Es && tokens.first().is_some_and(|token| token.is_word("no"));
    found.retain(|phrase| {
        let agrees = matches!(phrase.sense, Leaning::Yes | Leaning::MildYes);
        let is_asked = || tokens[phrase.from..phrase.to].iter().all(|token| question.names(&token.text));
        !(is_denied && agrees && phrase.from > 0 && phrase.to <= clause && is_asked())
    });
    found
}

/// A denial at the end of a clause turns the verb before it: `das geht bei mir leider nicht`, `ça me convient pas`.
fn denied_behind(
    mut found: Vec<Found<Leaning>>,
    tokens: &[Token],
    table: &Table,
    locale: &Locale,
) -> Vec<Found<Leaning>> {
    const BEHIND: &[&str] = &["nicht", "pas"];
    if !matches!(locale.language, Language::De | Language::Fr) {
        return found;
    }
    let denies = |phrase: &Found<Leaning>| {
        matches!(phrase.sense, Leaning::No | Leaning::Negator)
            && BEHIND.contains(&tokens[phrase.to - 1].text.as_str())
            && ends_clause(phrase.to, tokens, locale)
    };
    for at in 1..found.len() {
        let (verb, denial) = (found[at - 1], found[at]);
        let is_plain = table.plain.at(tokens, verb.from).is_some();
        let is_one_clause = !tokens[verb.from..denial.to].iter().any(Token::is_pause);
        if verb.sense == Leaning::Yes && !is_plain && is_one_clause && denies(&denial) {
            found[at] = Found { sense: Leaning::No, from: verb.from, to: denial.to };
            found.remove(at - 1);
            return found;
        }
    }
    found
}

/// An answer without a plain yes or no: the phrases that lean one way decide, where they all do.
fn read_leaning(found: &[Found<Leaning>], tokens: &[Token], question: &Question, locale: &Locale) -> Reading {
    let Some(turned) = turn(found, tokens) else {
        return Reading::unclear("A no of a no can be meant in both ways.");
    };
    let decides: Vec<&Found<Leaning>> =
        turned.iter().filter(|phrase| matches!(phrase.sense, Leaning::Yes | Leaning::No)).collect();
    let unknown = unknown_words(&turned, tokens, question, locale);
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
            let is_basic = TABLES.of(locale.language).basic.at(tokens, first.from).is_some();
            // "Los frenos sí suenan": inside a clause the Spanish yes stresses its verb.
            let is_inside = locale.language == Language::Es
                && first.from.checked_sub(1).is_some_and(|before| !tokens[before].is_pause())
                && !ends_clause(first.to, tokens, locale)
                && !question.is_answered_by(&tokens[first.to].text, locale);
            let unknown_max = match is_basic {
                true if is_inside => 0,
                true => UNKNOWN_WORDS_BY_BASIC_MAX,
                false => UNKNOWN_WORDS_MAX,
            };
            // "Le livreur n'est jamais venu" is a problem.
            if question.asks_for_problems()
                && first.sense == Leaning::No
                && !opens(first, tokens, locale)
                && unknown > 0
            {
                return Reading::unclear("What is denied may be the problem.");
            }
            if !opens(first, tokens, locale) && unknown > unknown_max {
                return Reading::unclear("The answer says too much else to be a yes or a no.");
            }
            meaning(first, tokens)
        }
    }
}

/// The value of the phrase that decides.
fn meaning(phrase: &Found<Leaning>, tokens: &[Token]) -> Reading {
    let said = token::spelled(&tokens[phrase.from..phrase.to]);
    let is_yes = phrase.sense == Leaning::Yes;
    Reading::value(is_yes, format!("\"{said}\" means {}.", if is_yes { "yes" } else { "no" }))
}

/// Decides about the phrases whose meaning depends on where they stand. Those that mean nothing where they stand
/// are left out, so that their words count as unknown.
fn settled(
    found: Vec<Found<Leaning>>,
    tokens: &[Token],
    table: &Table,
    locale: &Locale,
) -> Vec<Found<Leaning>> {
    let found: Vec<Found<Leaning>> = found
        .into_iter()
        .filter(|phrase| phrase.sense != Leaning::PerhapsOpen || !joins_clauses(phrase, tokens))
        .filter(|phrase| phrase.sense != Leaning::PerhapsOpen || !is_already(phrase, tokens))
        .collect();
    let begins = |at: usize| found.iter().any(|phrase| phrase.from == at);
    let ends_all =
        |at: usize| found.iter().any(|phrase| phrase.from == at && ends_clause(phrase.to, tokens, locale));
    let mut settled = Vec::with_capacity(found.len());
    for phrase in &found {
        let ends = ends_clause(phrase.to, tokens, locale) || begins(phrase.to);
        // "Ich hab doch schon angerufen": before another particle it is one.
        let is_particle =
            |at: usize| found.iter().any(|next| next.from == at && next.sense == Leaning::YesOutside);
        let ends =
            ends && (phrase.sense != Leaning::YesOutside || !is_particle(phrase.to) || ends_all(phrase.to));
        let is_outside = || ends || stands_first(phrase, tokens, locale);
        let sense = match phrase.sense {
            Leaning::YesAtEnd if ends => Leaning::Yes,
            Leaning::NoAtEnd if ends => Leaning::No,
            Leaning::YesOutside if is_outside() => Leaning::Yes,
            Leaning::NoOutside if is_outside() || says_no_of_itself(phrase, tokens) => Leaning::No,
            Leaning::YesOutside | Leaning::NoOutside => Leaning::Neutral,
            Leaning::YesAtEnd | Leaning::NoAtEnd => match table.basic.at(tokens, phrase.from) {
                // "Sí tengo que …", where the phrase does not end: what is left is its first word.
                Some(basic) => {
                    let is_yes = phrase.sense == Leaning::YesAtEnd;
                    let sense = if is_yes { Leaning::Yes } else { Leaning::No };
                    settled.push(Found { sense, from: basic.from, to: basic.to });
                    continue;
                }
                None => continue,
            },
            Leaning::Yes if !ends && is_spanish_if(phrase, tokens, locale) => Leaning::Open,
            Leaning::Open if is_spanish_yes(phrase, tokens, locale) => {
                settled.push(Found { sense: Leaning::Yes, from: phrase.from, to: phrase.from + 1 });
                continue;
            }
            sense => sense,
        };
        settled.push(Found { sense, ..*phrase });
    }
    settled
}

/// `ich hab was anderes`, `fíjese que ya no`: between other words it asks nothing.
fn joins_clauses(phrase: &Found<Leaning>, tokens: &[Token]) -> bool {
    const JOINING: &[&str] = &["que", "was"];
    let token = &tokens[phrase.from];
    let is_inside = tokens[phrase.to..].iter().any(|token| !token.is_pause()) && phrase.from > 0;
    phrase.to == phrase.from + 1 && JOINING.contains(&token.text.as_str()) && !token.is_accented && is_inside
}

/// `ya la pagué`: before a verb the word that may put something off says that it has been done.
fn is_already(phrase: &Found<Leaning>, tokens: &[Token]) -> bool {
    let next = tokens.get(phrase.to);
    tokens[phrase.from].is_word("ya") && next.is_some_and(|next| next.kind == Kind::Word)
}

/// Whether nothing but fillers stands between a place and the next pause.
fn ends_clause(at: usize, tokens: &[Token], locale: &Locale) -> bool {
    let rest = tokens.get(at..).unwrap_or_default();
    let clause = &rest[..rest.iter().position(Token::is_pause).unwrap_or(rest.len())];
    clause.is_empty() || !speech::has_words(&speech::without_fillers(clause, locale))
}

/// Opens the answer, or begins anew after a sound of thinking.
fn stands_first(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    let before = phrase.from.checked_sub(1).map(|before| &tokens[before]);
    before.is_some_and(|token| speech::is_sound_of_thinking(&token.text)) || opens(phrase, tokens, locale)
}

/// An English "no" between other words is one where a sentence begins after it: `no this is bad`.
fn says_no_of_itself(phrase: &Found<Leaning>, tokens: &[Token]) -> bool {
    const BEGINNINGS: &[&str] = &[
        "i", "im", "ive", "id", "we", "were", "he", "she", "it", "its", "this", "that", "thats", "they",
        "not", "sorry", "thanks", "thank", "my",
    ];
    const BEFORE_NOUNS: &[&str] =
        &["is", "are", "was", "have", "has", "had", "theres", "see", "with", "of", "in", "by"];
    let is_one_of = |at: Option<usize>, words: &[&str]| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| words.contains(&token.text.as_str()))
    };
    is_one_of(Some(phrase.to), BEGINNINGS) && !is_one_of(phrase.from.checked_sub(1), BEFORE_NOUNS)
}

/// `si puedo`: without its accent and before other words, the Spanish yes is an "if".
fn is_spanish_if(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    let token = &tokens[phrase.from];
    locale.language == Language::Es
        && phrase.to - phrase.from == 1
        && token.text == "si"
        && !token.is_accented
}

/// `sí puedo`: with its accent it is the yes, whatever "si puedo" leaves open.
fn is_spanish_yes(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    const HEDGES: &[&str] =
        &["pero", "no", "supongo", "quizas", "tal", "a", "mas", "bueno", "o", "y", "como"];
    let token = &tokens[phrase.from];
    let hedges = tokens.get(phrase.from + 1).is_some_and(|next| HEDGES.contains(&next.text.as_str()));
    locale.language == Language::Es && token.text == "si" && token.is_accented && !hedges
}

/// A mild yes or no counts where nothing else was said.
fn read_mild(found: &[Found<Leaning>], tokens: &[Token], unknown: usize) -> Reading {
    let is_mild = |phrase: &&Found<Leaning>| matches!(phrase.sense, Leaning::MildYes | Leaning::MildNo);
    let mild = found.iter().find(is_mild);
    let is_one = |mild: &Found<Leaning>| found.iter().filter(is_mild).all(|other| other.sense == mild.sense);
    let is_turned = found.iter().any(|phrase| phrase.sense == Leaning::Negator);
    match mild {
        Some(mild) if unknown == 0 && !is_turned && is_one(mild) => {
            let said = token::spelled(&tokens[mild.from..mild.to]);
            let is_yes = mild.sense == Leaning::MildYes;
            Reading::value(is_yes, format!("\"{said}\" alone means {}.", if is_yes { "yes" } else { "no" }))
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

/// Whether nothing but fillers and the like stands before a phrase.
fn opens(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    let before = &tokens[..phrase.from];
    let openers = TABLES.of(locale.language).openers.all(before);
    let is_opener = |at: usize| openers.iter().any(|found| (found.from..found.to).contains(&at));
    let others: Vec<Token> =
        (0..before.len()).filter(|at| !is_opener(*at)).map(|at| before[at].clone()).collect();
    !speech::has_words(&speech::without_fillers(&others, locale))
}

/// How many words belong to no phrase and are no fillers.
fn unknown_words(found: &[Found<Leaning>], tokens: &[Token], question: &Question, locale: &Locale) -> usize {
    let is_found = |at: usize| found.iter().any(|phrase| (phrase.from..phrase.to).contains(&at));
    let rest: Vec<Token> =
        tokens.iter().enumerate().filter(|(at, _)| !is_found(*at)).map(|(_, token)| token.clone()).collect();
    let rest = speech::without_fillers(&rest, locale);
    let rest = (0..rest.len()).filter(|at| !question.is_known(&rest, *at, locale)).map(|at| &rest[at]);
    rest.filter(|token| matches!(token.kind, Kind::Word | Kind::Numeral)).count()
}
