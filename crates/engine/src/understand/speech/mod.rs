//! How people talk around an answer: fillers, corrections, asking for time, and not knowing.

mod clause;
mod trouble;

pub(super) use clause::{
    explained, for_somebody, is_about_other, latest_state, person_at_start, refusals, refused_at, refuses,
    restated, tells_of_other, what_counts, without_easy, without_greeting, without_refused,
};

pub(super) use trouble::{hears_badly, tells_of_trouble};

use super::AnswerType;
use super::language::{ByLanguage, Language, Locale, word_list};
use super::phrase::{Found, Phrases};
use super::reading::Reading;
use super::token::{self, Kind, Token};

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
    /// What follows is the sum of what was said before: `so that makes`.
    Conclusion,
}

/// Each kind of phrase is looked for by itself, since `I think` is a filler to a number only.
struct Lexicon {
    corrections: Phrases<Sense>,
    unsure: Phrases<Sense>,
    waiting: Phrases<Sense>,
    fillers: Phrases<Sense>,
    hesitations: Phrases<Sense>,
    conclusions: Phrases<Sense>,
    asking: Phrases<Asking>,
}

/// How an answer asks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    /// For something: `what is`, `how much does`.
    Something,
    /// Whether something is so; may also be how people ask for what they want: `can I`.
    Whether,
    /// Whether something is to be had: `do you have anything on`.
    Availability,
    /// For something, by a word that may also open other answers: `how`.
    Interrogative,
    /// About one of the choices: `do you take`.
    OfChoice,
    /// Only looks so: `why not`.
    Nothing,
}

static LEXICONS: ByLanguage<Lexicon> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let of = |senses: &[(&str, Sense)]| Phrases::of_sections(language, list, senses);
    Lexicon {
        corrections: of(&[
            ("corrections", Sense::Correction),
            ("perhaps corrections", Sense::PerhapsCorrection),
        ]),
        conclusions: of(&[("conclusions", Sense::Conclusion)]),
        asking: Phrases::of_sections(
            language,
            list,
            &[
                ("not asking", Asking::Nothing),
                ("asking", Asking::Something),
                ("asking availability", Asking::Availability),
                ("interrogatives", Asking::Interrogative),
                ("asking of a choice", Asking::OfChoice),
                ("asking whether", Asking::Whether),
            ],
        ),
        unsure: of(&[("unsure", Sense::Unsure)]),
        waiting: of(&[("waiting", Sense::Waiting)]),
        hesitations: of(&[("hesitations", Sense::Filler), ("waiting", Sense::Waiting)]),
        fillers: of(&[("fillers", Sense::Filler), ("waiting", Sense::Waiting)]),
    }
});

fn lexicon(locale: &Locale) -> &'static Lexicon {
    LEXICONS.of(locale.language)
}

/// Reads the latest thing that was said: what follows the last correction. Where that is no answer, a certain
/// correction leaves none, and an uncertain one is passed over.
pub(super) fn latest(tokens: &[Token], locale: &Locale, read: impl Fn(&[Token]) -> Reading) -> Reading {
    latest_by(tokens, locale, PlainNo::TakesBack, read)
}

/// What a plain no between two answers does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PlainNo {
    TakesBack,
    /// It may as well deny what follows, as in Spanish: `ventas, no facturación`.
    MayDeny,
}

/// Like [`latest`], where it is not sure what a plain no does.
pub(super) fn latest_by(
    tokens: &[Token],
    locale: &Locale,
    plain_no: PlainNo,
    read: impl Fn(&[Token]) -> Reading,
) -> Reading {
    let mut tokens = without(tokens, &lexicon(locale).waiting);
    let mut corrections = lexicon(locale).corrections.all(&tokens);
    corrections.retain(|phrase| corrects(phrase, &tokens, locale) && !is_preference(phrase, &tokens));
    // "Two, uh, no, three, sorry": the excuse at the end takes nothing back.
    if let Some(excuse) = corrections.last().filter(|last| is_excuse(last, &tokens)).copied() {
        tokens.truncate(excuse.from);
        corrections.pop();
    }
    let Some(last) = corrections.last() else {
        return if plain_no == PlainNo::TakesBack { after_no(&tokens, locale, &read) } else { read(&tokens) };
    };
    let said = token::spelled(&tokens[last.from..last.to]);
    let after = &tokens[last.to..];
    // "Hang on, no, small": the no belongs to the correction, but in Spanish it may deny what follows.
    let again = after.iter().take_while(|token| is_no(token) || token.is_pause()).count();
    let without_no = || &after[again..];
    let mut readings = Vec::new();
    if has_words(after) {
        readings.push(if plain_no == PlainNo::TakesBack {
            after_no(after, locale, &read)
        } else {
            read(after)
        });
    }
    if locale.language != Language::Es && again > 0 && has_words(without_no()) {
        readings.push(read(without_no()));
    }
    // "Yes, sorry, no": the last word of the correction may be the answer itself.
    if ends_in_no(last, &tokens) {
        readings.push(read(&tokens[last.to - 1..]));
    }
    if let Some(reading) = readings.into_iter().find(Reading::is_value) {
        return reading.because(format!("After \"{said}\" the latest answer counts."));
    }
    let takes_back = |correction: &Found<Sense>| {
        correction.sense == Sense::Correction && has_words(&tokens[..correction.from])
    };
    if corrections.iter().any(takes_back) {
        return Reading::unclear(format!("\"{said}\" takes back what was said before."));
    }
    read(&tokens)
}

/// Like [`latest`], where a correction may replace only a part of the answer, as the last digits of a number: `splice`
/// makes one of what stands before the correction and what follows it.
pub(super) fn latest_part(
    tokens: &[Token],
    locale: &Locale,
    read: impl Fn(&[Token]) -> Reading,
    splice: impl Fn(&[Token], &[Token]) -> Option<Reading>,
) -> Reading {
    let reading = latest(tokens, locale, read);
    if reading.is_value() {
        return reading;
    }
    let tokens = without(tokens, &lexicon(locale).waiting);
    let mut corrections = lexicon(locale).corrections.all(&tokens);
    corrections.retain(|phrase| corrects(phrase, &tokens, locale));
    let no = || tokens.iter().position(is_no).map(|at| (at, at + 1));
    let place = match corrections.as_slice() {
        [only] => Some((only.from, only.to)),
        [] => no(),
        _ => None,
    };
    let spliced = place.and_then(|(from, to)| {
        let again = tokens[to..].iter().take_while(|token| is_no(token) || token.is_pause()).count();
        splice(&tokens[..from], &tokens[to + again..])
    });
    match spliced {
        Some(spliced) => spliced.because("The correction takes the place of a part of the answer."),
        None => reading,
    }
}

/// The words inside an answer by which what stands before them may be taken back.
pub(super) fn correction(tokens: &[Token], locale: &Locale) -> Option<String> {
    let found = lexicon(locale).corrections.all(tokens);
    let inside = |phrase: &&Found<Sense>| {
        phrase.from > 0 && has_words(&tokens[phrase.to..]) && corrects(phrase, tokens, locale)
    };
    let phrase = found.iter().find(inside).map(|phrase| (phrase.from, phrase.to));
    let no = || (1..tokens.len()).find(|at| is_no(&tokens[*at])).map(|at| (at, at + 1));
    phrase.or_else(no).map(|(from, to)| token::spelled(&tokens[from..to]))
}

/// `fifty, no, fifteen`: where a plain no stands between two answers, the second one counts.
fn after_no(tokens: &[Token], locale: &Locale, read: &impl Fn(&[Token]) -> Reading) -> Reading {
    let reading = read(tokens);
    // "Fifteen but not fifty" takes nothing back.
    let joins = |at: usize| {
        at.checked_sub(1).is_some_and(|at| {
            ["but", "pero", "y", "mais", "aber", "et", "and"].contains(&tokens[at].text.as_str())
        })
    };
    let no = tokens.iter().rposition(is_no).filter(|no| !reading.is_value() && !joins(*no));
    let Some(no) = no else { return reading };
    let (before, after) = (&tokens[..no], &tokens[no + 1..]);
    // What is taken back need not be whole: "the fifth, no, the sixth of December".
    let takes_back =
        || read(before).is_value() || !super::number::whole_numbers(before, locale, |_| true).is_empty();
    if unsure(tokens, locale).is_some() || !has_words(before) || !has_words(after) || !takes_back() {
        return reading;
    }
    match read(after) {
        latest if latest.is_value() => {
            latest.because(format!("After \"{}\" the latest answer counts.", tokens[no].text))
        }
        _ => reading,
    }
}

/// Words of regret at the end, with nothing after them, correct nothing.
fn is_excuse(phrase: &Found<Sense>, tokens: &[Token]) -> bool {
    const REGRETS: &[&str] = &[
        "sorry",
        "pardon",
        "perdon",
        "perdona",
        "perdone",
        "disculpe",
        "disculpa",
        "entschuldigung",
        "tschuldigung",
        "verzeihung",
        "desole",
        "desolee",
        "excuse me",
        "excusez moi",
        "my mistake",
        "my bad",
        "lo siento",
        "mejor",
    ];
    let said = token::spelled(&tokens[phrase.from..phrase.to]);
    REGRETS.contains(&said.as_str()) && !has_words(&tokens[phrase.to..])
}

/// A correction stands beside something else, and is none as a verb: `ich warte`, `je l'attends`.
fn corrects(phrase: &Found<Sense>, tokens: &[Token], locale: &Locale) -> bool {
    const SUBJECTS: &[&str] = &[
        "ich", "wir", "je", "j", "l", "t", "m", "ne", "n", "nous", "i", "we", "to", "yo", "lo", "la", "le",
        "me", "te", "cant", "cannot", "dont", "wont", "didnt", "nicht", "einen", "jeden", "im", "am", "den",
        "dem", "diesem", "zum", "pas", "es", "se", "please", "favor", "bitte",
    ];
    let before = &tokens[..phrase.from];
    // "Ten am, I mean eleven": the German preposition is none in English.
    let is_hour = |token: &Token| locale.language == Language::En && token.is_word("am");
    let is_verb =
        before.last().is_some_and(|token| SUBJECTS.contains(&token.text.as_str()) && !is_hour(token));
    let stands_beside = has_words(before) || has_words(&tokens[phrase.to..]);
    stands_beside && !(phrase.sense == Sense::PerhapsCorrection && is_verb)
}

/// `plutôt satisfait`: where nothing stands before it, the word takes nothing back.
fn is_preference(phrase: &Found<Sense>, tokens: &[Token]) -> bool {
    const PREFERENCES: &[&str] = &["plutot", "eher", "rather"];
    let said = token::spelled(&tokens[phrase.from..phrase.to]);
    PREFERENCES.contains(&said.as_str()) && !has_words(&tokens[..phrase.from])
}

fn is_no(token: &Token) -> bool {
    ["no", "non", "nein", "nee", "ne"].contains(&token.text.as_str())
}

fn ends_in_no(phrase: &Found<Sense>, tokens: &[Token]) -> bool {
    phrase.to - phrase.from > 1 && is_no(&tokens[phrase.to - 1])
}

/// The phrase by which the person says that they do not know.
pub(super) fn unsure(tokens: &[Token], locale: &Locale) -> Option<String> {
    unsure_but(tokens, locale, |_, _| false)
}

/// The same, passing over phrases from one token to another that mean something else to the type that was asked for.
pub(super) fn unsure_but(
    tokens: &[Token],
    locale: &Locale,
    is_other: impl Fn(usize, usize) -> bool,
) -> Option<String> {
    let mut found = lexicon(locale).unsure.all(tokens);
    found.retain(|phrase| {
        !is_other(phrase.from, phrase.to)
            && !is_spanish_pronoun(phrase, tokens, locale)
            && !forgot_something(phrase, tokens)
    });
    found.first().map(|phrase| token::spelled(&tokens[phrase.from..phrase.to]))
}

/// `seven, I forgot my mother-in-law`: what was forgotten is not the answer.
fn forgot_something(phrase: &Found<Sense>, tokens: &[Token]) -> bool {
    const FORGETTING: &[&str] = &["forgot", "forget", "olvide", "olvido", "oublie", "vergessen"];
    const OBJECTS: &[&str] =
        &["my", "the", "about", "mi", "a", "al", "ma", "mon", "la", "le", "meine", "meinen"];
    let next = tokens.get(phrase.to);
    FORGETTING.contains(&tokens[phrase.to - 1].text.as_str())
        && phrase.from > 0
        && next.is_some_and(|next| OBJECTS.contains(&next.text.as_str()))
}

/// `no se lo crea`: without its accent and before other words, the Spanish "I know" is a pronoun.
fn is_spanish_pronoun(phrase: &Found<Sense>, tokens: &[Token], locale: &Locale) -> bool {
    const ASKS: &[&str] = &[
        "si",
        "que",
        "cual",
        "cuales",
        "cuanto",
        "cuantos",
        "cuantas",
        "cuando",
        "como",
        "donde",
        "quien",
        "bien",
        "muy",
        "exactamente",
        "la",
        "todavia",
        "aun",
        "ahora",
        "senor",
        "senorita",
        "pero",
        "decirle",
        "yo",
    ];
    let last = &tokens[phrase.to - 1];
    let next = tokens.get(phrase.to);
    locale.language == Language::Es
        && last.text == "se"
        && !last.is_accented
        && next.is_some_and(|next| !next.is_pause() && !ASKS.contains(&next.text.as_str()))
}

/// The last conclusion that an answer comes to after something else, and what follows it.
pub(super) fn conclusion<'a>(tokens: &'a [Token], locale: &Locale) -> Option<(String, &'a [Token])> {
    let found = lexicon(locale).conclusions.all(tokens);
    let stands_between =
        |last: &&Found<Sense>| has_words(&tokens[..last.from]) && has_words(&tokens[last.to..]);
    let last = found.iter().rfind(stands_between)?;
    Some((token::spelled(&tokens[last.from..last.to]), &tokens[last.to..]))
}

/// The phrase by which the answer ends in asking for time or for the question: `yes, what was the question`.
pub(super) fn ends_waiting(tokens: &[Token], locale: &Locale) -> Option<String> {
    const PLEAS: &[&str] = &[
        "wait",
        "hold on",
        "hang on",
        "moment",
        "warte",
        "warten sie",
        "halt",
        "espera",
        "espere",
        "attendez",
        "attends",
    ];
    let end = tokens.iter().rposition(|token| !token.is_pause())? + 1;
    let lexicon = lexicon(locale);
    let waits = |phrases: &Phrases<Sense>| {
        let last = *phrases.all(&tokens[..end]).last()?;
        (last.to == end && last.from > 0).then(|| token::spelled(&tokens[last.from..last.to]))
    };
    waits(&lexicon.waiting)
        .or_else(|| waits(&lexicon.corrections).filter(|said| PLEAS.contains(&said.as_str())))
}

/// The words by which the answer is a question itself: `what are the hours`. Where a number is asked for, also `is ten
/// the best`; elsewhere people say what they want in such words.
pub(super) fn asks_back(tokens: &[Token], locale: &Locale, kind: AnswerType) -> Option<String> {
    let lexicon = lexicon(locale);
    let mut at = 0;
    while at < tokens.len() {
        match lexicon.hesitations.at(tokens, at).filter(|_| lexicon.asking.at(tokens, at).is_none()) {
            Some(found) => at = found.to,
            None if tokens[at].is_pause() => at += 1,
            None => break,
        }
    }
    let found = lexicon.asking.at(tokens, at).or_else(|| after_preposition(tokens, at, &lexicon.asking))?;
    let asks = match found.sense {
        Asking::Something => true,
        Asking::Whether => kind == AnswerType::Number,
        Asking::Availability => {
            // "¿Hay descuento en efectivo?"
            let is_marked = tokens.last().is_some_and(|token| token.text == "?");
            matches!(kind, AnswerType::Date | AnswerType::Time)
                || kind == AnswerType::MultipleChoice && is_marked
        }
        Asking::OfChoice => matches!(kind, AnswerType::MultipleChoice | AnswerType::Number),
        Asking::Interrogative => {
            matches!(kind, AnswerType::Date | AnswerType::Time | AnswerType::MultipleChoice)
        }
        Asking::Nothing => false,
    };
    asks.then(|| token::spelled(&tokens[found.from..found.to]))
}

/// `de cuántas porciones es`: a preposition stands before the word that asks.
fn after_preposition(tokens: &[Token], at: usize, asking: &Phrases<Asking>) -> Option<Found<Asking>> {
    const PREPOSITIONS: &[&str] = &[
        "de", "a", "con", "en", "por", "para", "hasta", "desde", "of", "from", "for", "with", "at", "pour",
        "avec", "fur", "mit", "bis", "ab", "von",
    ];
    tokens.get(at).filter(|token| PREPOSITIONS.contains(&token.text.as_str()))?;
    asking.at(tokens, at + 1).filter(|found| matches!(found.sense, Asking::Something | Asking::Interrogative))
}

/// Whether nothing was said but sounds of thinking, that one does not know, or a wish to hear the question again.
pub(super) fn is_hesitation(tokens: &[Token], locale: &Locale) -> bool {
    let lexicon = lexicon(locale);
    let hesitates = !lexicon.hesitations.all(tokens).is_empty() || unsure(tokens, locale).is_some();
    // A phrase of one kind may hold one of the other: "perdón, no le he entendido".
    let first = without(&without(tokens, &lexicon.corrections), &lexicon.hesitations);
    let second = without(&without(tokens, &lexicon.hesitations), &lexicon.corrections);
    [first, second].into_iter().any(|rest| {
        let rest = if hesitates { without(&without_fillers(&rest, locale), &lexicon.unsure) } else { rest };
        !rest.iter().any(|token| matches!(token.kind, Kind::Word | Kind::Numeral))
    })
}

/// A sound that people make while they think, in any of the languages.
pub(super) fn is_sound_of_thinking(word: &str) -> bool {
    const SOUNDS: &[&str] = &[
        "um", "uh", "er", "erm", "uhm", "umm", "hmm", "hm", "mm", "ah", "oh", "eh", "em", "ah", "ahm", "oh",
        "ohm", "euh", "heu", "este", "pardon", "perdon", "sorry",
    ];
    SOUNDS.contains(&word)
}

/// The answer without what changes nothing in it.
pub(super) fn without_fillers(tokens: &[Token], locale: &Locale) -> Vec<Token> {
    without(tokens, &lexicon(locale).fillers)
}

/// The same with a pause where a word of doubt stood, so that "maybe four, maybe six" is not 46.
pub(super) fn parted_by_fillers(tokens: &[Token], locale: &Locale) -> Vec<Token> {
    let found = lexicon(locale).fillers.all(tokens);
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    for filler in found {
        kept.extend_from_slice(&tokens[at..filler.from]);
        if !is_sound_of_thinking(&tokens[filler.from].text)
            && kept.last().is_some_and(|token| !token.is_pause())
        {
            kept.push(token::pause());
        }
        at = filler.to;
    }
    kept.extend_from_slice(&tokens[at..]);
    kept
}

fn without(tokens: &[Token], phrases: &Phrases<Sense>) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    for phrase in phrases.all(tokens) {
        kept.extend_from_slice(&tokens[at..phrase.from]);
        at = phrase.to;
    }
    kept.extend_from_slice(&tokens[at..]);
    kept
}

/// Whether anything but pauses is left.
pub(super) fn has_words(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| token.kind != Kind::Pause)
}
