//! Answers that a plain yes or no opens or ends: `no, I need to cancel that`, `it is as good as any, so yes`.
//!
//! The rest of such an answer may hold words that would leave it open by themselves. What contradicts it is another
//! plain word, or a denial after a yes.

use super::super::AnswerType;
use super::super::language::Locale;
use super::super::reading::Reading;
use super::super::speech;
use super::super::token::{self, Kind, Token};
use super::question::{self, Question};
use super::{Leaning, Table, beside, meaning, opens};
use crate::understand::phrase::Found;

/// More unknown words before a plain word at the end are a sentence that it may belong to.
const WORDS_BEFORE_MAX: usize = 9;

/// Words that agree alone, and stress an adjective behind them.
const STRESSING: &[&str] = &[
    "absolutely",
    "totally",
    "completely",
    "perfectly",
    "absolut",
    "total",
    "absolument",
    "totalement",
    "parfaitement",
    "absolutamente",
    "totalmente",
    "vollkommen",
];
/// What may stand behind them without being stressed.
const STANDS_BESIDE: &[&str] = &[
    "i", "we", "it", "please", "thank", "thanks", "yes", "he", "she", "they", "my", "bitte", "merci",
    "gracias", "ive", "im", "id", "ill", "weve", "were", "ja", "oui", "si", "that", "mate", "sir", "maam",
    "love", "de", "d", "of",
];

/// The meaning of the plain word. Nothing where there is none, or where something contradicts it.
pub(super) fn read(
    found: &[Found<Leaning>],
    tokens: &[Token],
    table: &Table,
    question: &Question,
    locale: &Locale,
) -> Option<Reading> {
    let is_plain =
        |phrase: &&Found<Leaning>| leans(phrase.sense) && table.plain.at(tokens, phrase.from).is_some();
    let is_basic =
        |phrase: &&Found<Leaning>| leans(phrase.sense) && table.basic.at(tokens, phrase.from).is_some();
    if found
        .first()
        .is_some_and(|first| opens(first, tokens, locale) && stresses(first, found, tokens, question))
    {
        return Some(Reading::unclear("The word that opens the answer stresses another one."));
    }
    let opening = found.iter().find(|phrase| is_plain(phrase) && opens(phrase, tokens, locale));
    let ending = found
        .iter()
        .rfind(|phrase| is_basic(phrase) && ends(phrase, tokens, locale))
        .filter(|phrase| phrase.from <= WORDS_BEFORE_MAX);
    let basics: Vec<&Found<Leaning>> = found.iter().filter(is_basic).collect();
    let decides = match (opening, ending) {
        (Some(opening), _) => latest(opening, &basics, tokens)?,
        (None, Some(_)) if asks_which(tokens) => {
            return Some(Reading::unclear("The answer asks back what is meant."));
        }
        (None, Some(ending)) if is_of_another(&tokens[..ending.from]) => {
            return Some(Reading::unclear("The answer may be that of somebody else."));
        }
        (None, Some(ending)) if beside::contrasts(ending, found, tokens, question, locale) => {
            return Some(Reading::unclear("The answer may hold for something else than was asked about."));
        }
        (None, Some(ending)) if beside::asks_for_agreement(ending, found, tokens, question, locale) => {
            return Some(Reading::unclear("The no at the end may ask for agreement."));
        }
        // "Okay, but no" says both.
        (None, Some(ending)) if says_more_before_but(found, ending) => return None,
        (None, Some(ending)) => ending,
        (None, None) => return None,
    };
    let after_it = || found.iter().filter(|phrase| phrase.from > decides.from);
    let is_contradicted = if decides.sense == Leaning::Yes && question.asks_for_problems() {
        // "Yes, the password did not work".
        after_it().any(|phrase| phrase.sense == Leaning::But)
    } else if decides.sense == Leaning::Yes {
        after_it().any(|phrase| matches!(phrase.sense, Leaning::No | Leaning::Negator | Leaning::But))
    } else {
        after_it().any(|phrase| phrase.sense == Leaning::Yes && is_agreement(phrase, tokens, table))
            || after_it().any(|phrase| phrase.sense == Leaning::Easy)
    };
    let asks = speech::asks_back(&tokens[decides.to..], locale, AnswerType::YesNo).is_some();
    let puts_off =
        decides.sense == Leaning::Yes && asks_back(found, tokens) || asks_back_after_no(found, tokens);
    if asks || puts_off || asks_at_once(decides, tokens) {
        return Some(Reading::unclear("The answer ends in a question or puts it off."));
    }
    let is_other_basic = |phrase: &&Found<Leaning>| phrase.sense != decides.sense;
    let is_taken_back = basics.iter().any(|phrase| phrase.from > decides.from && is_other_basic(phrase))
        || opening.is_none() && basics.iter().any(is_other_basic);
    (!is_contradicted && !is_taken_back).then(|| meaning(decides, tokens))
}

/// `okay, but no`; but in `it has a mortgage, but yes` nothing leans before it.
fn says_more_before_but(found: &[Found<Leaning>], ending: &Found<Leaning>) -> bool {
    let but = found.iter().position(|phrase| phrase.sense == Leaning::But);
    but.is_some_and(|but| {
        found[..but].iter().any(|phrase| phrase.sense != ending.sense) || found[but].from > ending.from
    })
}

/// `my wife, yes`: the answer of somebody else.
fn is_of_another(before: &[Token]) -> bool {
    const POSSESSIVES: &[&str] = &["my", "mein", "meine", "mon", "ma", "mi"];
    before.first().is_some_and(|token| POSSESSIVES.contains(&token.text.as_str())) && before.len() <= 3
}

/// `yes, what`: the answer ends in a word that asks back or puts off.
fn asks_back(found: &[Found<Leaning>], tokens: &[Token]) -> bool {
    let last = tokens.iter().rposition(|token| !token.is_pause()).map_or(0, |last| last + 1);
    found.iter().any(|phrase| phrase.sense == Leaning::PerhapsOpen && phrase.to == last)
}

/// `no, what`; but "no, I'm driving, call me later" is a no.
fn asks_back_after_no(found: &[Found<Leaning>], tokens: &[Token]) -> bool {
    const LATER: &[&str] = &[
        "later", "despues", "luego", "tarde", "tard", "spater", "nachher", "good", "thanks", "you", "deux",
        "dos", "both", "either", "beide", "beides", "often", "algo", "fois",
    ];
    let last = tokens.iter().rfind(|token| !token.is_pause());
    asks_back(found, tokens) && !last.is_some_and(|last| LATER.contains(&last.text.as_str()))
}

/// `laquelle, il y en a plusieurs non`: the answer begins by asking which one is meant.
fn asks_which(tokens: &[Token]) -> bool {
    const WHICH: &[&str] = &[
        "which",
        "laquelle",
        "lequel",
        "lesquels",
        "lesquelles",
        "quel",
        "quelle",
        "cual",
        "cuales",
        "welche",
        "welcher",
        "welches",
        "welchen",
        "welchem",
    ];
    tokens.first().is_some_and(|token| WHICH.contains(&token.text.as_str()))
}

/// `yes, who is this`: a question follows at once.
fn asks_at_once(decides: &Found<Leaning>, tokens: &[Token]) -> bool {
    const QUESTIONS: &[&str] = &[
        "what", "who", "how", "when", "where", "which", "was", "wer", "wann", "wo", "quoi", "comment",
        "quel", "quelle",
    ];
    const ACCENTED: &[&str] = &["que", "quien", "cual", "cuando", "donde", "como"];
    let next = tokens[decides.to..].iter().find(|token| !token.is_pause());
    next.is_some_and(|next| {
        QUESTIONS.contains(&next.text.as_str()) || next.is_accented && ACCENTED.contains(&next.text.as_str())
    })
}

fn leans(sense: Leaning) -> bool {
    matches!(sense, Leaning::Yes | Leaning::No)
}

/// After a no, a yes that is a word of its own or agrees at the end of a clause: `no, that is right`, but neither `no,
/// it's right there` nor `non, c'est beau`.
fn is_agreement(phrase: &Found<Leaning>, tokens: &[Token], table: &Table) -> bool {
    const AGREEING: &[&str] = &[
        "right",
        "correct",
        "true",
        "exactly",
        "stimmt",
        "richtig",
        "genau",
        "korrekt",
        "exact",
        "exacto",
        "juste",
        "vrai",
        "cierto",
        "correcto",
        "verdad",
        "do",
        "did",
        "am",
        "have",
        "confirm",
        "confirmo",
        "confirme",
        "accord",
        "acuerdo",
        "einverstanden",
        "agree",
    ];
    let agrees = tokens[phrase.from..phrase.to].iter().any(|token| AGREEING.contains(&token.text.as_str()));
    let ends = tokens.get(phrase.to).is_none_or(Token::is_pause);
    table.plain.at(tokens, phrase.from).is_some() || agrees && ends
}

/// `absolutely useless`: a word that agrees alone, and stresses the one behind it.
fn stresses(first: &Found<Leaning>, found: &[Found<Leaning>], tokens: &[Token], question: &Question) -> bool {
    let is_adverb = STRESSING.contains(&tokens[first.from].text.as_str()) && first.to == first.from + 1;
    let is_lone = !found.iter().any(|other| other.from == first.to);
    let is_stressed = |next: &Token| {
        let said = next.text.as_str();
        next.kind == Kind::Word
            && !question::makes_sentence(said)
            && !question.names(said)
            && !STANDS_BESIDE.contains(&said)
    };
    is_adverb && is_lone && tokens.get(first.to).is_some_and(is_stressed)
}

/// The yes or no that an answer comes to in the end, whatever stands before: `no well a little in the evening so yes`.
pub(super) fn concluded(found: &[Found<Leaning>], tokens: &[Token], locale: &Locale) -> Option<Reading> {
    const CONCLUSIONS: &[&[&str]] = &[
        &["so"],
        &["donc"],
        &["du", "coup"],
        &["asi", "que"],
        &["entonces"],
        &["also"],
        &["in", "that", "case"],
    ];
    /// With these the word concludes nothing: `think so`.
    const VERBS: &[&str] =
        &["think", "say", "hope", "guess", "suppose", "believe", "afraid", "not", "if", "o"];
    let table = super::TABLES.of(locale.language);
    let last = found.iter().rfind(|phrase| leans(phrase.sense))?;
    // "Así que sí", though "que sí" is a phrase of its own.
    let word = Found { from: last.to - 1, ..*last };
    let is_basic = table.basic.at(tokens, word.from).is_some();
    let before = &tokens[..word.from];
    let conclusion = CONCLUSIONS.iter().find(|words| {
        before.len() > words.len()
            && before[before.len() - words.len()..]
                .iter()
                .zip(**words)
                .all(|(token, word)| token.is_word(word))
    })?;
    let head = &before[..before.len() - conclusion.len()];
    let is_verb = head.last().is_some_and(|token| VERBS.contains(&token.text.as_str()));
    let counts = is_basic && ends(&word, tokens, locale) && !is_verb && speech::has_words(head);
    let is_sure = speech::unsure(tokens, locale).is_none();
    (counts && is_sure).then(|| meaning(&word, tokens).because("It is what the answer comes to."))
}

/// The plain word that counts: the one that opens the answer, or one that takes it back after a hesitation, as in
/// `yes, uh, no, he did not`. Nothing where nobody can tell.
fn latest<'a>(
    opening: &'a Found<Leaning>,
    basics: &[&'a Found<Leaning>],
    tokens: &[Token],
) -> Option<&'a Found<Leaning>> {
    let Some(other) =
        basics.iter().find(|phrase| phrase.from > opening.from && phrase.sense != opening.sense)
    else {
        return Some(opening);
    };
    let between = &tokens[opening.to..other.from];
    let is_same = |phrase: &&&Found<Leaning>| phrase.sense == other.sense;
    let stays = basics.iter().filter(|phrase| phrase.from >= other.from).all(|phrase| is_same(&phrase));
    let hesitates = between.iter().any(|token| speech::is_sound_of_thinking(&token.text));
    (hesitates && stays && between.len() <= 3).then_some(other)
}

/// Whether nothing but fillers and thanks follows a phrase.
fn ends(phrase: &Found<Leaning>, tokens: &[Token], locale: &Locale) -> bool {
    let rest = speech::without_fillers(&tokens[phrase.to..], locale);
    !rest.iter().any(|token| matches!(token.kind, Kind::Word | Kind::Numeral))
        && !token::spelled(&tokens[..phrase.from]).is_empty()
}
