//! What keeps an answer with a number in it from naming that number: bounds, alternatives, denials, and words that
//! belong to an answer of another type.

use super::super::language::{Language, Locale};
use super::super::token::{self, Token};
use super::item::{Item, Part};
use super::quantity::{Form, Quantity};
use super::question::Question;
use super::word::{Unit, Word};

/// An answer with the numbers that were found in it.
struct Answer<'a> {
    items: &'a [Item],
    quantities: &'a [Quantity],
    tokens: &'a [Token],
    locale: &'a Locale,
    question: &'a Question,
}

/// What may stand before "number" without being named by it.
const NOUNLESS: &[&str] = &[
    "the", "a", "my", "is", "its", "say", "el", "un", "mi", "es", "le", "mon", "est", "die", "meine", "ist",
    "of",
];

/// What ends like a plural behind a number and counts nothing, and what money is called.
const NO_PLURALS: &[&str] = &[
    "quizas",
    "entonces",
    "despues",
    "gracias",
    "pesos",
    "varos",
    "lucas",
    "mangos",
    "pavos",
    "balles",
    "piastres",
    "bucks",
    "always",
    "sometimes",
    "perhaps",
    "times",
    "exactos",
    "justos",
    "redondos",
    "cumplidos",
    "seguidos",
    "completos",
    "enteros",
    "netos",
    "brutos",
    "mensuales",
    "anuales",
    "semanales",
    "diarios",
    "exactes",
    "justes",
    "cuadrados",
    "carres",
    "environs",
    "depuis",
    "alors",
    "thanks",
    "across",
    "tops",
    "less",
    "plus",
    "menos",
];

/// What keeps the answer from being one number.
pub(super) fn doubt(
    items: &[Item],
    quantities: &[Quantity],
    tokens: &[Token],
    locale: &Locale,
    question: &Question,
) -> Option<String> {
    let answer = Answer { items, quantities, tokens, locale, question };
    let is_taken = |at: usize| quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&at));
    let free = (0..items.len()).filter(|at| !is_taken(*at));
    free.filter_map(|at| items[at].word().map(|word| (at, word)))
        .find_map(|(at, word)| answer.doubt_of_word(at, word))
        .or_else(|| ordinal_in_sentence(&answer))
        .or_else(|| answer.names_by_number())
        .or_else(|| answer.has_article())
        .or_else(|| answer.counts_other_things())
        .or_else(|| answer.counts_speakers())
}

impl Answer<'_> {
    fn said(&self, at: usize) -> String {
        token::spelled(&self.tokens[self.items[at].from..self.items[at].to])
    }

    /// What a word beside the numbers makes of them.
    fn doubt_of_word(&self, at: usize, word: Word) -> Option<String> {
        let Answer { items, quantities, tokens, question, .. } = *self;
        let bounds = match word {
            Word::Bound => !quantities.is_empty() && !self.adds_something(at),
            Word::BoundBeside => self.stands_before_number(at),
            Word::Upper => !quantities.is_empty() && !question.asks_limit && !self.is_only(at),
            Word::Easily => !quantities.is_empty() && !question.asks_grade,
            Word::More => follows(items, quantities, at),
            _ => false,
        };
        if bounds {
            return Some(format!("\"{}\" makes a bound of the number.", self.said(at)));
        }
        let denies = match word {
            Word::Not => {
                !takes_away(items, quantities, at)
                    && quantities.iter().any(|quantity| quantity.from > at && quantity.value != 0.0)
            }
            Word::No => is_negation(items, quantities, at) || is_spanish_not(quantities, at, self.locale),
            _ => false,
        };
        if denies {
            return Some(format!("\"{}\" says that it is another number.", self.said(at)));
        }
        match word {
            Word::Vague if !self.is_counted(at) && !self.is_made_exact(at) => {
                Some(format!("\"{}\" is no exact number.", self.said(at)))
            }
            Word::Nothing if quantities.iter().any(|quantity| !self.is_none_of(at, quantity)) => {
                Some(format!("\"{}\" and a number contradict each other.", self.said(at)))
            }
            Word::And if counts_the_person_too(items, quantities, at) => {
                Some("The person may count as well.".to_owned())
            }
            Word::Article if ends_range(items, quantities, tokens, at) => {
                Some("The answer names a range.".to_owned())
            }
            Word::Article if counts_with_next(items, quantities, tokens, at) => {
                Some("One and the number after it leave open which it is.".to_owned())
            }
            Word::And if goes_on_with_half(quantities, items, at) => {
                Some("The half belongs to something that is no number.".to_owned())
            }
            Word::And if joins_one(items, quantities, at) => {
                Some("The answer counts several things.".to_owned())
            }
            Word::Elsewhere if self.is_elsewhere(at) => {
                Some(format!("\"{}\" belongs to an answer of another type.", self.said(at)))
            }
            Word::Since if self.dates_number(at) => {
                Some(format!("\"{}\" makes a day of the number.", self.said(at)))
            }
            // "Oh, forty two": in front it changes nothing.
            Word::Oh if at > 0 && stands_beside(quantities, at) => {
                Some("A zero beside the number may belong to it.".to_owned())
            }
            Word::Unit(Unit::Room) if self.names_room(at) => {
                Some("The number may be that of a room.".to_owned())
            }
            // "Zwei minus" of a mark.
            Word::Minus if quantities.iter().any(|quantity| quantity.to == at) => {
                Some(format!("\"{}\" makes a bound of the number.", self.said(at)))
            }
            Word::Or if stands_beside(quantities, at) => {
                Some(format!("\"{}\" leaves open which number it is.", self.said(at)))
            }
            _ => None,
        }
    }

    /// Whether a number follows at once, an article or one more word between.
    fn stands_before_number(&self, at: usize) -> bool {
        let is_between = |at: usize| {
            self.items.get(at).is_some_and(|item| {
                matches!(item.word(), Some(Word::Article | Word::Bound | Word::BoundBeside))
                    || item.part == Part::Pause
            })
        };
        let begins = |at: usize| self.quantities.iter().any(|quantity| quantity.from == at);
        begins(at + 1) || is_between(at + 1) && begins(at + 2)
    }

    /// `a hundred and forty plus a garden`: the word joins something that is no number.
    fn adds_something(&self, at: usize) -> bool {
        let next = self.items.get(at + 1).map(|item| item.part);
        self.tokens[self.items[at].from].is_word("plus")
            && self.items[at].to == self.items[at].from + 1
            && matches!(next, Some(Part::Other | Part::Word(Word::Article)))
            && self.quantities.iter().all(|quantity| quantity.to <= at)
            && !self.question.asks_people
    }

    /// `diez no más`: behind the number it says "only" in most of Spanish.
    fn is_only(&self, at: usize) -> bool {
        let ends = self.items[at + 1..].iter().all(|item| item.part == Part::Pause);
        ends && self.said(at) == "no mas"
    }

    /// `dos rollos`, `six pièces`: a plural of which the question says nothing, where it measures something.
    fn counts_other_things(&self) -> Option<String> {
        const LETTERS_MIN: usize = 5;
        if !self.question.measures() || self.locale.language == Language::De {
            return None;
        }
        let noun = |quantity: &Quantity| {
            let item = self.items.get(quantity.to).filter(|_| quantity.value >= 2.0)?;
            let text = self.tokens[item.from].text.as_str();
            let is_thing = matches!(item.part, Part::Other | Part::Word(Word::Unit(Unit::Thing)));
            let is_plural = text.len() >= LETTERS_MIN && text.ends_with('s') && !NO_PLURALS.contains(&text);
            (is_thing && is_plural && !self.question.names(text)).then_some(text)
        };
        let noun = self.quantities.iter().find_map(noun)?;
        Some(format!("\"{noun}\" are no unit of what was asked for."))
    }

    /// `somos cinco`, where the question counts no people.
    fn counts_speakers(&self) -> Option<String> {
        const SPEAKING: &[&str] = &["somos", "seremos", "sommes", "serons"];
        let text = |at: usize| self.tokens[self.items[at].from].text.as_str();
        let said = self.quantities.iter().find_map(|quantity| {
            let before = quantity.from.checked_sub(1).map(text)?;
            let ends = self.items.get(quantity.to).is_none_or(|item| item.part == Part::Pause);
            (ends && SPEAKING.contains(&before)).then_some(before)
        })?;
        (!self.question.asks_by_person()).then(|| format!("\"{said}\" counts people."))
    }

    /// `salimos el tres`: with the article the number is a day or a name, where the question counts.
    fn has_article(&self) -> Option<String> {
        const ARTICLES: &[&str] = &["el", "le"];
        let is_cardinal = |quantity: &&Quantity| {
            let next = self.items.get(quantity.to).and_then(Item::word);
            quantity.form != Form::Ordinal && next != Some(Word::Percent)
        };
        if !self.items.iter().any(|item| item.part == Part::Other) {
            return None;
        }
        let cardinals = self.quantities.iter().filter(is_cardinal);
        let at = cardinals.filter_map(|quantity| quantity.from.checked_sub(1));
        let article = at.map(|at| self.tokens[self.items[at].from].text.as_str());
        let said =
            article.into_iter().find(|said| ARTICLES.contains(said)).filter(|_| self.question.counts)?;
        Some(format!("\"{said}\" makes a name of the number."))
    }

    /// `claim number 40213`: the number is a name, unless the question asks for one.
    fn names_by_number(&self) -> Option<String> {
        const NUMBER: &[&str] = &["number", "numero", "nummer"];
        let text = |at: usize| self.tokens[self.items[at].from].text.as_str();
        let is_name = |quantity: &Quantity| {
            let word = quantity.from.checked_sub(1).filter(|at| NUMBER.contains(&text(*at)))?;
            let noun = word.checked_sub(1).filter(|at| self.items[*at].part == Part::Other)?;
            (!NOUNLESS.contains(&text(noun)) && !self.question.names(text(word))).then_some(text(noun))
        };
        let noun = self.quantities.iter().find_map(is_name)?;
        Some(format!("The number names the \"{noun}\"."))
    }

    /// `room twelve`: the number is the name of a room.
    fn names_room(&self, at: usize) -> bool {
        let is_plain = |quantity: &Quantity| {
            quantity.from == at + 1
                && !matches!(self.items.get(quantity.to).and_then(Item::word), Some(Word::Unit(_)))
        };
        self.quantities.iter().any(is_plain) && !self.quantities.iter().any(|quantity| quantity.to == at)
    }

    /// Whether a number goes with a "none": a zero, or the pronoun in `none, I've never driven one`.
    fn is_none_of(&self, none: usize, quantity: &Quantity) -> bool {
        let is_pronoun = self.tokens[self.items[quantity.from].from].is_word("one");
        let ends = self.items.get(quantity.to).is_none_or(|item| item.part == Part::Pause);
        quantity.value == 0.0
            || is_pronoun && quantity.from > none + 1 && ends && quantity.to == quantity.from + 1
    }

    /// `vier Paar`, where the question counts pairs.
    fn is_counted(&self, at: usize) -> bool {
        let item = &self.items[at];
        let follows = self.quantities.iter().any(|quantity| quantity.to == at);
        follows && item.to == item.from + 1 && self.question.names(&self.tokens[item.from].text)
    }

    /// `half of it, fifty percent`: what is vague is told exactly after it.
    fn is_made_exact(&self, at: usize) -> bool {
        let is_percent = |quantity: &Quantity| {
            self.items.get(quantity.to).is_some_and(|item| item.word() == Some(Word::Percent))
        };
        matches!(self.quantities, [only] if only.from > at + 1 && is_percent(only))
    }

    /// `three o'clock`, `at dot com`. An "am" is one after the number only: `I am five`. Beside a number with its unit
    /// it means something else: `twelve years this June`. What the question names belongs to its answer.
    fn is_elsewhere(&self, at: usize) -> bool {
        let item = &self.items[at];
        let is_after = self.quantities.iter().any(|quantity| quantity.to == at);
        let is_before = self.quantities.iter().any(|quantity| quantity.from == item_after(self.items, at));
        let has_unit = |quantity: &Quantity| {
            matches!(
                self.items.get(quantity.to).and_then(Item::word),
                Some(Word::Unit(_) | Word::Money | Word::Percent)
            )
        };
        let is_asked = self.tokens[item.from..item.to].iter().any(|token| self.question.names(&token.text));
        let is_since = at.checked_sub(1).is_some_and(|at| self.items[at].word() == Some(Word::Since));
        if self.quantities.is_empty() || is_asked || is_since {
            return false;
        }
        let is_apart = !is_after && !is_before && self.quantities.iter().all(has_unit);
        is_after || !self.tokens[item.from].is_word("am") && !is_apart
    }

    /// `depuis 2010`, but not `depuis dix ans`.
    fn dates_number(&self, at: usize) -> bool {
        let is_length = |quantity: &Quantity| {
            let after = self.items.get(quantity.to).and_then(Item::word);
            matches!(after, Some(Word::Unit(unit)) if unit.is_time()) || quantity.form == Form::Closed
        };
        self.quantities.iter().any(|quantity| quantity.from > at && !is_length(quantity))
    }
}

/// The item after a place, a pause passed over.
fn item_after(items: &[Item], at: usize) -> usize {
    at + 1 + usize::from(items.get(at + 1).is_some_and(|item| item.part == Part::Pause))
}

/// `thirteen, not thirty`: what stands after the "not" was taken away before.
fn takes_away(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let at = at + usize::from(items.get(at + 1).and_then(Item::word) == Some(Word::Article));
    let is_number = items.get(at + 1).is_some_and(|item| {
        matches!(
            item.part,
            Part::Numeral { .. }
                | Part::Word(Word::Small(_) | Word::Tens(_) | Word::Hundreds(_) | Word::Hundred)
        )
    });
    is_number && !quantities.iter().any(|quantity| quantity.from == at + 1)
}

/// `me and my two kids`.
fn counts_the_person_too(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_alone = at.checked_sub(1).is_some_and(|before| items[before].word() == Some(Word::Alone));
    is_alone && quantities.iter().any(|quantity| quantity.from > at)
}

/// More words around an ordinal make a sentence of it: `I bought it second hand`.
const WORDS_AROUND_ORDINAL_MAX: usize = 3;

fn ordinal_in_sentence(answer: &Answer<'_>) -> Option<String> {
    let Answer { items, quantities, tokens, question, .. } = *answer;
    let others = items.iter().filter(|item| matches!(item.part, Part::Other)).count();
    let is_ordinal = quantities.iter().all(|quantity| quantity.form == Form::Ordinal);
    // "I'm on the third floor", where floors are asked for.
    let is_asked = quantities
        .iter()
        .any(|quantity| items.get(quantity.to).is_some_and(|item| question.names(&tokens[item.from].text)));
    (!quantities.is_empty() && is_ordinal && !is_asked && others > WORDS_AROUND_ORDINAL_MAX)
        .then(|| "The ordinal stands in a sentence, and may count something else.".to_owned())
}

/// `two boys and a girl`: an "and" before one more.
fn joins_one(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_article = items.get(at + 1).is_some_and(|item| item.word() == Some(Word::Article));
    let is_taken = quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&(at + 1)));
    is_article && !is_taken && quantities.iter().any(|quantity| quantity.to <= at)
}

/// The Spanish "no" denies the number after it.
fn is_spanish_not(quantities: &[Quantity], at: usize, locale: &Locale) -> bool {
    locale.language == Language::Es && at == 0 && quantities.iter().any(|quantity| quantity.from == at + 1)
}

/// `no tengo cinco`: a "no" that neither pauses nor stands directly before the number.
fn is_negation(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let next = items.get(at + 1).map(|item| item.part);
    let is_apart = matches!(next, Some(Part::Pause) | Some(Part::Word(Word::No)));
    !is_apart && quantities.iter().any(|quantity| quantity.from > at + 1)
}

/// `de nueve a una`: hours from one to another.
fn ends_range(items: &[Item], quantities: &[Quantity], tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).filter(|before| items[*before].part != Part::Pause);
    let is_to = before.is_some_and(|at| ["a", "to", "bis"].contains(&tokens[items[at].from].text.as_str()));
    is_to && quantities.iter().any(|quantity| Some(quantity.to) == before)
}

/// `ein, zwei Jahre`, `ein bis zwei Jahre`, `un à deux ans`; but `un ocho` is an eight.
fn counts_with_next(items: &[Item], quantities: &[Quantity], tokens: &[Token], at: usize) -> bool {
    let begins = |at: usize| quantities.iter().any(|quantity| quantity.from == at);
    let pauses = items.get(at + 1).is_some_and(|item| item.part == Part::Pause);
    let connects = |item: &Item| {
        item.to == item.from + 1 && ["bis", "a", "o", "ou", "oder"].contains(&tokens[item.from].text.as_str())
    };
    // "A third" is a part for some, "a year and six months" is more than the six.
    let is_part = quantities
        .iter()
        .any(|quantity| quantity.from == at + 1 && quantity.form == Form::Ordinal && quantity.value >= 3.0);
    let is_unit =
        items.get(at + 1).is_some_and(|item| matches!(item.word(), Some(Word::Unit(_) | Word::Money)));
    let goes_on = items.get(at + 2).is_some_and(|item| item.word() == Some(Word::And)) || begins(at + 2);
    if is_part || is_unit && goes_on {
        return true;
    }
    let is_range = items.get(at + 1).is_some_and(connects);
    (pauses || is_range) && begins(at + 2) || tokens[items[at].from].is_word("ein") && begins(at + 1)
}

/// Whether a number ends before a place, perhaps with a pause between.
fn follows(items: &[Item], quantities: &[Quantity], at: usize) -> bool {
    let is_pause = at.checked_sub(1).is_some_and(|before| items[before].part == Part::Pause);
    quantities.iter().any(|quantity| quantity.to == at || is_pause && quantity.to + 1 == at)
}

/// `a dozen and a half`: of what the half is cannot be said in numbers.
fn goes_on_with_half(quantities: &[Quantity], items: &[Item], at: usize) -> bool {
    let is_half =
        |quantity: &Quantity| (quantity.from..quantity.to).any(|at| items[at].word() == Some(Word::Half));
    quantities.iter().any(|quantity| quantity.from == at + 1 && is_half(quantity))
}

/// Whether a number ends before a place or begins after it.
fn stands_beside(quantities: &[Quantity], at: usize) -> bool {
    quantities.iter().any(|quantity| quantity.to == at || quantity.from == at + 1)
}
