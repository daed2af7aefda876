//! What the question makes of an answer: `he was late` where it asks about being on time, `no problem` where it asks
//! for something, and words that it has itself.

use super::super::language::{ByLanguage, Language, Locale};
use super::super::phrase::{Found, Phrases};
use super::super::reading::Reading;
use super::super::token::{self, Token};
use super::{Leaning, Plain, verbs};

/// Shorter words of a question name nothing.
const NOUN_LETTERS_MIN: usize = 4;
/// How many new words may follow what the question names.
const WORDS_AFTER_NAME_MAX: usize = 3;
/// Who does something, by which a sentence begins.
const SUBJECTS: &[&str] = &[
    "i", "im", "ive", "we", "weve", "he", "she", "it", "its", "they", "ich", "wir", "er", "je", "j", "il",
    "elle",
];
/// Words behind which is told to what something goes.
const PREPOSITIONS: &[&str] = &["to", "against", "gegen", "aux", "au", "a", "al"];
/// Words that make a sentence of others.
const SENTENCES: &[&str] = &[
    "i", "im", "its", "it", "he", "hes", "she", "they", "we", "is", "was", "am", "are", "did", "have", "has",
    "ich", "er", "es", "wir", "der", "die", "ist", "war", "bin", "habe", "hat", "je", "j", "c", "il", "elle",
    "on", "est", "etait", "suis", "ai", "era", "esta", "estoy", "soy", "fue", "he", "lo", "ha", "han", "es",
    "tiene", "tengo", "son", "hay",
];
/// French denials that stand behind what they deny.
const BEHIND: &[&str] = &["plus", "pas", "jamais", "pu"];
/// In the Spanish superlative: `clarísima`.
const SUPERLATIVE: &str = "isim";
/// What is told to be done with something: `add it`.
const OBJECTS: &[&str] = &["it", "them", "that", "those", "one"];
/// How far before a word its denial may stand.
const DENIAL_WORDS_AWAY: usize = 2;

/// One of two opposite things that may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pole {
    pair: usize,
    side: Side,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

/// What a question asks for, where that decides about `no problem`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    /// Asks for something of the person, who agrees by it: `can you`.
    Request,
    /// Asks whether there are problems, which are denied by it.
    Problem,
    /// Denies by itself what is said: `you have no …`.
    Denied,
}

struct Table {
    /// What an answer may say.
    poles: Phrases<Pole>,
    /// The same, with words that only tell which a question asks about: `still`.
    asked: Phrases<Pole>,
    topics: Phrases<Topic>,
    /// Words that say nothing beside others: `it`, `is`.
    small: Phrases<Plain>,
    /// Words that deny the opposite after them.
    denials: Phrases<Plain>,
    /// People other than who answers: `my wife`.
    others: Phrases<Plain>,
    /// Words of degree before what the question names: `very`.
    degrees: Phrases<Plain>,
}

static TABLES: ByLanguage<Table> = ByLanguage::new(|language| {
    let (list, opposites) = match language {
        Language::En => (include_str!("question_en.txt"), include_str!("opposites_en.txt")),
        Language::Es => (include_str!("question_es.txt"), include_str!("opposites_es.txt")),
        Language::Fr => (include_str!("question_fr.txt"), include_str!("opposites_fr.txt")),
        Language::De => (include_str!("question_de.txt"), include_str!("opposites_de.txt")),
        Language::Other => ("", ""),
    };
    let topics = [("denied", Topic::Denied), ("problems", Topic::Problem), ("requests", Topic::Request)];
    Table {
        poles: poles(language, opposites, 2),
        asked: poles(language, opposites, 3),
        topics: Phrases::of_sections(language, list, &topics),
        small: Phrases::of_sections(language, list, &[("small", Plain)]),
        denials: Phrases::of_sections(language, list, &[("denials", Plain)]),
        others: Phrases::of_sections(language, list, &[("others", Plain)]),
        degrees: Phrases::of_sections(language, list, &[("degrees", Plain)]),
    }
});

/// From lines of lists of phrases with bars between them: one thing, its opposite, and words of questions for the
/// first. As many of them as are wanted.
fn poles(language: Language, opposites: &'static str, columns: usize) -> Phrases<Pole> {
    let mut lists: Vec<(Pole, Vec<&str>)> = Vec::new();
    let lines = opposites.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for (pair, line) in lines.enumerate() {
        let sides = [Side::First, Side::Second, Side::First];
        for (side, phrases) in sides.into_iter().zip(line.split('|')).take(columns) {
            lists.push((Pole { pair, side }, phrases.split(',').map(str::trim).collect()));
        }
    }
    let lists: Vec<(Pole, &[&str])> =
        lists.iter().map(|(pole, phrases)| (*pole, phrases.as_slice())).collect();
    Phrases::with_sections(language, &lists, "", &[])
}

/// A question, as far as it matters to a yes or a no.
pub(super) struct Question {
    poles: Vec<Pole>,
    topic: Option<Topic>,
    words: Vec<String>,
}

impl Question {
    pub(super) fn of(text: Option<&str>, locale: &Locale) -> Question {
        let table = TABLES.of(locale.language);
        let tokens = token::tokens(text.unwrap_or(""), locale.language);
        // A word may ask about several pairs.
        let asked = (0..tokens.len()).flat_map(|at| table.asked.every(&tokens, at));
        let mut poles: Vec<Pole> = asked.map(|found| found.sense).collect();
        let all = poles.clone();
        // A question that has both sides of a pair tells neither.
        poles.retain(|pole| !all.iter().any(|other| other.pair == pole.pair && other.side != pole.side));
        let topics = table.topics.all(&tokens);
        let has = |topic| topics.iter().any(|found| found.sense == topic);
        let topic = [Topic::Denied, Topic::Problem, Topic::Request].into_iter().find(|topic| has(*topic));
        Question { poles, topic, words: tokens.into_iter().map(|token| token.text).collect() }
    }

    /// The phrases of an answer with what the question makes of them.
    pub(super) fn settled(
        &self,
        found: Vec<Found<Leaning>>,
        tokens: &[Token],
        locale: &Locale,
    ) -> Vec<Found<Leaning>> {
        let opposites = self.opposites(tokens, locale);
        let overlaps = |a: &Found<Leaning>, b: &Found<Leaning>| a.from < b.to && b.from < a.to;
        // What leaves it open does so in any case.
        let is_open = |phrase: &Found<Leaning>| matches!(phrase.sense, Leaning::Open | Leaning::PerhapsOpen);
        // "Je l'ai pas" is more than "je l'ai".
        let goes_on = |phrase: &Found<Leaning>, other: &Found<Leaning>| {
            other.from == phrase.from && other.to > phrase.to
        };
        let is_covered = |phrase: &Found<Leaning>, by: &[Found<Leaning>]| {
            by.iter().any(|other| overlaps(phrase, other) && is_open(other) || goes_on(phrase, other))
        };
        let opposites: Vec<Found<Leaning>> =
            opposites.into_iter().filter(|phrase| !is_covered(phrase, &found)).collect();
        // "Sí llegó": the yes before what the question asks about stays.
        let apart = |phrase: Found<Leaning>| match opposites.iter().find(|other| overlaps(&phrase, other)) {
            Some(other) => {
                let basic = super::TABLES.of(locale.language).basic.at(tokens, phrase.from)?;
                let sense = super::of_basic(&tokens[phrase.from]);
                (basic.to <= other.from).then_some(Found { sense, from: phrase.from, to: basic.to })
            }
            None => Some(phrase),
        };
        let mut settled: Vec<Found<Leaning>> = found
            .into_iter()
            .filter_map(apart)
            .map(|phrase| match (phrase.sense, self.topic) {
                (Leaning::Easy, Some(Topic::Request)) => Found { sense: Leaning::Yes, ..phrase },
                // "Todo perfecto": there are none; of "okay" nobody knows.
                (Leaning::MildYes, Some(Topic::Problem)) => {
                    let praise = &super::TABLES.of(locale.language).praise;
                    let is_praise = praise.at(tokens, phrase.from).is_some();
                    Found { sense: if is_praise { Leaning::No } else { Leaning::PerhapsOpen }, ..phrase }
                }
                (Leaning::Easy, Some(Topic::Problem)) => Found { sense: Leaning::No, ..phrase },
                _ => phrase,
            })
            .collect();
        settled.extend(opposites);
        if let Some(yes) = self.contradiction(tokens, locale) {
            settled.insert(0, yes);
        }
        settled.sort_by_key(|phrase| phrase.from);
        // One denial before two words belongs to the first.
        settled.dedup_by(|next, last| next.from < last.to);
        settled
    }

    /// The French yes to what a question denies: `si, aux arachides`.
    fn contradiction(&self, tokens: &[Token], locale: &Locale) -> Option<Found<Leaning>> {
        const CLAUSES: &[&str] = &["c", "je", "j", "vous", "on", "il", "elle", "ca", "possible"];
        let next = tokens.get(1).is_none_or(|next| !CLAUSES.contains(&next.text.as_str()));
        let contradicts = locale.language == Language::Fr
            && self.topic == Some(Topic::Denied)
            && tokens.first().is_some_and(|token| token.is_word("si"));
        (contradicts && next).then_some(Found { sense: Leaning::Yes, from: 0, to: 1 })
    }

    /// Where the answer names what the question asks about, or its opposite; a denial before it belongs to it.
    fn opposites(&self, tokens: &[Token], locale: &Locale) -> Vec<Found<Leaning>> {
        let table = TABLES.of(locale.language);
        if self.topic == Some(Topic::Denied) {
            return Vec::new();
        }
        let others = table.others.all(tokens);
        let is_asked = |at: usize| self.names(&tokens[at].text);
        // "My wife is employed" tells nothing of who answers; "it's my wife's account" does.
        // "Yes, my friend hurt his leg" has answered before.
        let basic = &super::TABLES.of(locale.language).basic;
        let first = tokens.iter().position(|token| !token.is_pause()).unwrap_or(0);
        let is_answered = basic.at(tokens, first).is_some();
        let is_of_another = |found: &Found<Pole>| {
            let others = others.iter().filter(|_| !is_answered);
            let is_apart = |other: &Found<Plain>| other.to <= found.from || other.from >= found.to;
            others.into_iter().any(|other| is_apart(other) && !(other.from..other.to).any(is_asked))
        };
        let leaning = |found: &Found<Pole>| {
            let asked = self.asks(found.sense)?;
            let nearby = found.from.saturating_sub(DENIAL_WORDS_AWAY)..found.from;
            // "Afraid not, I moved": what begins anew is not denied.
            let begins = |at: usize| SUBJECTS.contains(&tokens[at].text.as_str()) || tokens[at].is_pause();
            let denial = nearby
                .into_iter()
                .find(|at| table.denials.at(tokens, *at).is_some() && !(*at + 1..found.from).any(begins));
            let is_same = asked.side == found.sense.side;
            // "Elle fonctionne plus".
            let is_denied_behind = locale.language == Language::Fr
                && tokens.get(found.to).is_some_and(|next| BEHIND.contains(&next.text.as_str()));
            let denial = denial.or(is_denied_behind.then_some(found.from));
            let sense = match (is_same, denial) {
                _ if is_of_another(found) => Leaning::Open,
                (true, None) | (false, Some(_)) => Leaning::Yes,
                (true, Some(_)) | (false, None) => Leaning::No,
            };
            // In Spanish nobody hears whether "no" denies what follows or answers.
            let is_either = !is_same && denial.is_some_and(|at| tokens[at].is_word("no"));
            // "No tomo ninguna": Spanish denies twice.
            const DENIED: &[&str] = &[
                "nada", "ninguna", "ninguno", "nunca", "jamas", "nadie", "todavia", "aun", "sigo", "seguimos",
            ];
            let is_twice = DENIED.contains(&tokens[found.from].text.as_str());
            let sense = match is_either {
                true if is_twice => Leaning::No,
                true => Leaning::Open,
                false => sense,
            };
            Some(Found { sense, from: denial.unwrap_or(found.from), to: found.to })
        };
        // "No, ha cambiado": what is behind the pause is not denied.
        let is_apart = tokens.len() > 2 && tokens[0].is_word("no") && tokens[1].is_pause();
        let from = if is_apart { 2 } else { 0 };
        let moved = |found: Found<Pole>| Found { from: found.from + from, to: found.to + from, ..found };
        self.named_poles(&tokens[from..], table)
            .into_iter()
            .map(moved)
            .filter_map(|found| leaning(&found))
            .collect()
    }

    /// The pole of the same pair that the question asks for.
    fn asks(&self, pole: Pole) -> Option<&Pole> {
        self.poles.iter().find(|asked| asked.pair == pole.pair)
    }

    /// What the answer names of the pairs that the question asks about, from left to right. A phrase may stand in
    /// several pairs.
    fn named_poles(&self, tokens: &[Token], table: &Table) -> Vec<Found<Pole>> {
        let mut named = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match table.poles.every(tokens, at).find(|found| self.asks(found.sense).is_some()) {
                Some(found) => {
                    at = found.to;
                    named.push(found);
                }
                None => at += 1,
            }
        }
        // "Llegó tarde": what the question says itself is nothing new beside another.
        let is_said = |found: &Found<Pole>| {
            tokens[found.from..found.to].iter().all(|token| self.words.contains(&token.text))
        };
        if named.iter().any(|found| !is_said(found)) {
            named.retain(|found| !is_said(found));
        }
        named
    }

    /// Whether a word of the answer says nothing new: the question has it, or it stands beside any others.
    pub(super) fn is_known(&self, tokens: &[Token], at: usize, locale: &Locale) -> bool {
        let table = TABLES.of(locale.language);
        table.small.at(tokens, at).is_some() || self.names(&tokens[at].text)
    }

    /// Whether it asks for problems, which a denial may tell as well as rule out.
    pub(super) fn asks_for_problems(&self) -> bool {
        self.topic == Some(Topic::Problem)
    }

    /// Whether a word of the answer is a form of a verb of the question: `puedo`.
    pub(super) fn is_answered_by(&self, said: &str, locale: &Locale) -> bool {
        self.words.iter().any(|asked| verbs::answers(asked, said, locale.language))
    }

    /// Whether the answer opens with the verb of the question: `he did`, where it asks "did he".
    pub(super) fn echoes(&self, tokens: &[Token]) -> bool {
        const VERBS: &[&str] = &["do", "does", "did", "have", "has", "had"];
        const PERSONS: &[&str] = &["i", "we", "he", "she", "it", "they", "you"];
        const GOES_ON: &[&str] = &[
            "not", "wonder", "think", "believe", "doubt", "hope", "guess", "suppose", "but", "if", "when",
            "to",
        ];
        let Some(verb) = self.words.first().filter(|verb| VERBS.contains(&verb.as_str())) else {
            return false;
        };
        let words: Vec<&str> =
            tokens.iter().filter(|token| !token.is_pause()).map(|token| token.text.as_str()).collect();
        let is_echo = |pair: &[&str]| {
            let is_verb = pair[1] == verb || (pair[1], verb.as_str()) == ("do", "did");
            PERSONS.contains(&pair[0]) && is_verb
        };
        let has_but = words.contains(&"but");
        let opens = words.len() >= 2 && is_echo(&words[..2]);
        let ends = words.len() >= 2 && is_echo(&words[words.len() - 2..]);
        let is_statement = words.get(2).is_none_or(|next| !GOES_ON.contains(next));
        opens && is_statement && (!has_but || ends)
    }

    /// Whether the answer repeats the question as a sentence, denied or not: `he was punctual`.
    pub(super) fn repeats(&self, tokens: &[Token], locale: &Locale) -> Option<bool> {
        let table = TABLES.of(locale.language);
        let words: Vec<usize> = (0..tokens.len()).filter(|at| !tokens[*at].is_pause()).collect();
        // "Unfreundlich" where it asks about being friendly.
        let is_opposite = |at: usize| self.is_opposite(&tokens[at].text);
        let is_denial =
            |at: usize| table.denials.at(tokens, at).is_some() || tokens[at].is_word("no") || is_opposite(at);
        let denials = words.iter().filter(|at| is_denial(**at)).count();
        let names = |at: &&usize| self.names(&tokens[**at].text) || is_opposite(**at);
        let is_degree = |at: &&usize| table.degrees.at(tokens, **at).is_some();
        let is_verb = |at: &&usize| self.is_answered_by(&tokens[**at].text, locale);
        let named = words.iter().filter(|at| names(at) || is_verb(at)).count();
        let is_echo = |at: &&usize| self.words.first() == Some(&tokens[**at].text) || is_verb(at);
        let is_sentence = |at: &&usize| SENTENCES.contains(&tokens[**at].text.as_str());
        // "Sehr freundlich", "clarísima", "add it please".
        let is_superlative = |at: &&usize| tokens[**at].text.contains(SUPERLATIVE) && names(at);
        let is_said = |at: usize| self.words.contains(&tokens[at].text);
        let is_order = |pair: &[usize]| {
            is_said(pair[0]) && OBJECTS.contains(&tokens[pair[1]].text.as_str()) && pair[0] <= 1
        };
        let orders = words.windows(2).any(is_order);
        let has_verb = words.iter().any(|at| {
            is_sentence(&at) || is_echo(&at) || is_degree(&at) || is_superlative(&at) || is_opposite(*at)
        }) || orders;
        let is_new = |at: &&usize| {
            !self.is_known(tokens, **at, locale)
                && !is_denial(**at)
                && !is_verb(at)
                && !is_degree(at)
                && !is_said(**at)
        };
        // "I'm allergic to peanuts".
        let says_to_what = words.iter().rposition(|at| names(&at)).is_some_and(|last| {
            let rest = &words[last + 1..];
            let is_preposition = |at: &usize| PREPOSITIONS.contains(&tokens[*at].text.as_str());
            let is_short = rest.len() <= WORDS_AFTER_NAME_MAX;
            // Of "allergic to latex" nobody is who is allergic to something else.
            let asks_to_what = self.words.iter().any(|word| PREPOSITIONS.contains(&word.as_str()));
            is_short
                && !asks_to_what
                && rest.first().is_some_and(is_preposition)
                && !words[..last].iter().any(|at| is_new(&at))
        });
        let says_new = words.iter().any(|at| is_new(&at)) && !says_to_what;
        let named = named > 0 || orders;
        let repeats = self.topic != Some(Topic::Denied) && named && has_verb && !says_new && denials <= 1;
        repeats.then_some(denials == 0)
    }

    /// Where the answer denies the words of the question: `no allergies`. Of a day another one may suit.
    pub(super) fn refused(&self, tokens: &[Token], locale: &Locale) -> Option<Reading> {
        const OPENS: &[&str] = &["not", "pas", "nicht", "kein", "keine"];
        if matches!(self.topic, Some(Topic::Denied | Topic::Request)) {
            return None;
        }
        let (first, rest) = tokens.split_first()?;
        let is_asked =
            |token: &Token| token.is_pause() || self.words.contains(&token.text) || self.names(&token.text);
        let is_denied = OPENS.contains(&first.text.as_str())
            && rest.iter().any(|token| self.names(&token.text))
            && rest.iter().enumerate().all(|(at, token)| is_asked(token) || self.is_known(rest, at, locale));
        is_denied.then(|| Reading::value(false, "The answer denies what the question asks."))
    }

    /// Whether a word is one of the question behind a syllable that denies it: `unfreundlich`, `insatisfecha`.
    fn is_opposite(&self, word: &str) -> bool {
        const DENYING: &[&str] = &["un", "in", "dis", "im", "des", "mal", "me", "ir"];
        let rests = DENYING.iter().filter_map(|syllable| word.strip_prefix(syllable));
        !self.names(word) && rests.into_iter().any(|rest| rest.len() > NOUN_LETTERS_MIN && self.names(rest))
    }

    /// Whether the question has a word, perhaps with another ending.
    pub(super) fn names(&self, word: &str) -> bool {
        if let Some((root, _)) = word.split_once(SUPERLATIVE) {
            return root.len() + 1 >= NOUN_LETTERS_MIN
                && self.words.iter().any(|asked| asked.starts_with(root));
        }
        word.chars().count() >= NOUN_LETTERS_MIN && self.words.iter().any(|asked| same_stem(asked, word))
    }
}

/// Whether two words are one but for their endings.
fn same_stem(a: &str, b: &str) -> bool {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    alike >= NOUN_LETTERS_MIN && alike + 2 >= a.chars().count().max(b.chars().count())
}

/// Whether a word makes a sentence of others: a subject or a verb.
pub(super) fn makes_sentence(word: &str) -> bool {
    SENTENCES.contains(&word)
}
