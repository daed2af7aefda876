//! What the question tells about the number: in which unit it counts, and what it asks for.

use super::super::language::{Language, Locale};
use super::super::token;
use super::item::{self, Item, Part};
use super::quantity::{Form, Quantity};
use super::word::{Grammar, Unit, Word};

/// The years that a date may have; a count of years is none of them.
const CALENDAR_YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// How many words after "combien" what is counted may stand.
const COUNTED_WORDS_AWAY: usize = 5;

/// How many hours somebody is able to work has an upper limit.
const ABLE: &[&str] = &["can", "could", "können", "könnten", "pouvez", "pourriez", "puede", "podría"];

/// So many words before an ordinal make a sentence of it.
const ORDER_WORDS_MIN: usize = 3;

/// Words of a question for how often, which the third time answers.
const TIMES: &[&str] = &["times", "often", "mal", "oft", "fois", "veces"];

/// Words of a question for what an hour costs.
const HOURLY: &[&str] =
    &["hour", "hourly", "stunde", "stundenlohn", "stundensatz", "hora", "heure", "horaire"];

/// And so has the rent that somebody is able to pay.
const RENT: &[&str] = &["rent", "alquiler", "renta", "loyer", "miete"];

/// What was asked, as far as it matters to a number.
pub(super) struct Question {
    /// The units that measure something: `how many years`.
    units: Vec<Unit>,
    /// Asks how many there are of something: `how many parcels`.
    pub(super) counts: bool,
    asks_duration: bool,
    asks_percent: bool,
    asks_age: bool,
    /// May be answered by "nothing".
    pub(super) asks_amount: bool,
    pub(super) asks_people: bool,
    pub(super) asks_money: bool,
    /// Asks for the price of an hour, which has cents.
    pub(super) asks_hourly: bool,
    /// Asks for the most there may be.
    pub(super) asks_limit: bool,
    /// Asks for a grade.
    pub(super) asks_grade: bool,
    /// Its words, which name what is counted.
    words: Vec<String>,
}

/// Shorter words of a question name nothing that can be counted.
const NOUN_LETTERS_MIN: usize = 4;

impl Question {
    pub(super) fn of(asked: Option<&str>, locale: &Locale, grammar: &Grammar) -> Question {
        let tokens = token::tokens(asked.unwrap_or(""), locale.language);
        let items = item::items(&tokens, locale);
        let compounds = tokens.iter().filter_map(|token| unit_of_compound(&token.text, locale));
        let units: Vec<Unit> = compounds.collect();
        let units =
            units.into_iter().chain(items.iter().filter_map(unit).filter(|unit| unit.measures())).collect();
        let has = |words: &[&str]| {
            let folded = words.iter().flat_map(|word| token::fold(word, locale.language));
            folded.into_iter().any(|word| tokens.iter().any(|token| token.text == word))
        };
        let pairs = || tokens.windows(2).map(|pair| (pair[0].text.as_str(), pair[1].text.as_str()));
        // "Combien y a-t-il de personnes".
        let combien = tokens.iter().position(|token| token.is_word("combien"));
        let counts_in_french = combien.is_some_and(|at| {
            tokens[at + 1..]
                .iter()
                .take(COUNTED_WORDS_AWAY)
                .any(|token| token.is_word("de") || token.is_word("d"))
        });
        let counts = counts_in_french
            || has(&["cuántos", "cuántas"])
            || pairs().any(|pair| matches!(pair, ("how", "many") | ("wie", "viele" | "vielen")));
        let units: Vec<Unit> = units;
        let asks_hours = units.contains(&Unit::Hour);
        Question {
            units,
            counts,
            asks_duration: has(grammar.asks_duration),
            asks_percent: has(grammar.asks_percent),
            asks_age: has(grammar.asks_age),
            asks_amount: tokens.is_empty() || counts || has(grammar.asks_amount),
            asks_people: has(grammar.asks_people),
            asks_money: has(grammar.asks_money),
            asks_hourly: has(HOURLY),
            asks_limit: has(grammar.asks_limit) || (asks_hours || has(RENT)) && has(ABLE),
            asks_grade: offers_range(&items, &tokens, grammar) || has(grammar.asks_grade),
            words: tokens.into_iter().map(|token| token.text).collect(),
        }
    }

    /// Whether it asks for a length, an area or a weight.
    pub(super) fn measures(&self) -> bool {
        let is_measure =
            |unit: &Unit| matches!(unit, Unit::Length | Unit::Area | Unit::Land | Unit::Mass | Unit::Gram);
        self.units.iter().any(is_measure)
    }

    /// Whether it asks how many people come or go, by its verb.
    pub(super) fn asks_by_person(&self) -> bool {
        const VERBS: &[&str] = &[
            "son", "seran", "sois", "vendran", "vienen", "viajan", "van", "iran", "etes", "serez", "seront",
        ];
        self.asks_people
            || self.words.is_empty()
            || self.words.iter().any(|word| VERBS.contains(&word.as_str()))
    }

    /// Whether the question is known.
    pub(super) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// Whether a word is one of the question, perhaps with another ending.
    pub(super) fn names(&self, word: &str) -> bool {
        word.chars().count() >= NOUN_LETTERS_MIN && self.words.iter().any(|asked| same_stem(asked, word))
    }

    /// Whether what stands here is what the question counts: its unit, or a noun of it.
    pub(super) fn is_counted(&self, item: &Item, tokens: &[token::Token]) -> bool {
        let is_unit = unit(item).is_some_and(|unit| unit.measures() && self.units.contains(&unit));
        is_unit || !unit(item).is_some_and(Unit::measures) && self.names(&tokens[item.from].text)
    }

    /// Why the number does not answer the question, if it does not.
    pub(super) fn fits(&self, items: &[Item], quantity: Quantity) -> Option<String> {
        const LAKH: f64 = 100_000.0;
        if quantity.value >= LAKH && self.words.iter().any(|word| word == "lakh" || word == "lakhs") {
            return Some("The question counts in lakhs already.".to_owned());
        }
        let is_money = items[quantity.from..(quantity.to + 1).min(items.len())]
            .iter()
            .any(|item| item.word() == Some(Word::Money));
        if self.asks_people && !self.asks_money && is_money {
            return Some("The number is money, and the question counts people.".to_owned());
        }
        // "Third floor", "we live on the third".
        let others = items[..quantity.from].iter().filter(|item| item.part == Part::Other).count();
        let has_noun =
            items.get(quantity.to).is_some_and(|item| item.part == Part::Other) || others >= ORDER_WORDS_MIN;
        let asks_times = self.words.iter().any(|word| TIMES.contains(&word.as_str()));
        if self.counts && quantity.form == Form::Ordinal && has_noun && !asks_times {
            return Some("The number is one of an order, and the question counts.".to_owned());
        }
        let is_percent = items.get(quantity.to).is_some_and(|item| item.word() == Some(Word::Percent));
        if self.asks_percent && !self.asks_money && is_money
            || self.asks_money && !self.asks_percent && is_percent && !self.words.is_empty()
        {
            return Some("The number is of money where a part was asked for, or of a part.".to_owned());
        }
        if self.counts_otherwise(items, quantity) {
            return Some("The number counts in another unit than the question.".to_owned());
        }
        let says_percent = items[quantity.to..].iter().any(|item| item.word() == Some(Word::Percent));
        let is_part = !says_percent
            && (quantity.from..quantity.to)
                .any(|at| matches!(items[at].word(), Some(Word::Half | Word::Part(_) | Word::Hundredths(_))));
        if self.asks_percent && is_part && quantity.value < 1.0 {
            return Some("A part of the whole is no number of percent.".to_owned());
        }
        let is_of_something = items.get(quantity.to).is_some_and(|item| item.part == Part::Other);
        let has_half = (quantity.from..quantity.to).any(|at| items[at].word() == Some(Word::Half));
        if is_part && has_half && quantity.value < 1.0 && (is_of_something || self.asks_money) {
            return Some("The half is one of something else.".to_owned());
        }
        let is_year = CALENDAR_YEARS.contains(&quantity.value) && quantity.form != Form::Closed;
        let asks_time = self.asks_age || self.counts && self.units.iter().any(|unit| unit.is_time());
        if is_year && asks_time {
            return Some("The number may be a year of the calendar.".to_owned());
        }
        None
    }

    /// Six months where years were asked for, or twenty minutes where miles were.
    fn counts_otherwise(&self, items: &[Item], quantity: Quantity) -> bool {
        // "Twice a week" says how often, not how long.
        if matches!(items[quantity.from].word(), Some(Word::Tenths(_) | Word::Repeat(_))) {
            return false;
        }
        let measure = |item: &Item| unit(item).filter(|unit| unit.measures() || *unit == Unit::Age);
        let after = quantity.to
            + usize::from(items.get(quantity.to).is_some_and(|item| item.word() == Some(Word::Article)));
        let beside: Vec<Unit> =
            items[quantity.from..(after + 1).min(items.len())].iter().filter_map(measure).collect();
        let said: Vec<Unit> =
            if beside.is_empty() { items.iter().filter_map(measure).collect() } else { beside.clone() };
        // An age is one in years, unless the question says otherwise.
        if self.asks_age && self.units.is_empty() {
            return beside.iter().any(|unit| unit.is_time() && *unit != Unit::Year);
        }
        if !self.asks_age && beside.contains(&Unit::Age) {
            return !self.words.is_empty();
        }
        // "Nine years old" of a boiler whose age is asked for in years.
        if self.asks_age && beside.contains(&Unit::Age) && self.units.contains(&Unit::Year) {
            return false;
        }
        if !self.units.is_empty() {
            // "Ninety metres" of a flat are square ones.
            let is_asked = |unit: &Unit| {
                self.units.contains(unit) || *unit == Unit::Length && self.units.contains(&Unit::Area)
            };
            return !said.is_empty() && !said.iter().any(is_asked);
        }
        self.counts && !self.asks_duration && !beside.is_empty()
    }
}

/// The unit that a German compound counts: `Urlaubstage`, `Überstunden`.
fn unit_of_compound(word: &str, locale: &Locale) -> Option<Unit> {
    const ENDS: &[(&str, Unit)] = &[
        ("tage", Unit::Day),
        ("tagen", Unit::Day),
        ("stunden", Unit::Hour),
        ("wochen", Unit::Week),
        ("monate", Unit::Month),
        ("jahre", Unit::Year),
        ("minuten", Unit::Minute),
        ("kilometer", Unit::Length),
    ];
    let end = ENDS.iter().find(|(end, _)| word.len() > end.len() && word.ends_with(end));
    end.filter(|_| locale.language == Language::De).map(|(_, unit)| *unit)
}

/// Whether a question offers grades: two numbers with a word between them, as in `from one to ten`.
fn offers_range(items: &[Item], tokens: &[token::Token], grammar: &Grammar) -> bool {
    const BETWEEN: &[&str] = &["to", "through", "and", "bis", "und", "a", "al", "y", "et", "-"];
    const GRADE_MAX: f64 = 100.0;
    let numbers = super::quantity::all(items, grammar);
    numbers.windows(2).any(|pair| {
        let (low, high) = (pair[0], pair[1]);
        let is_parted =
            high.from == low.to + 1 && BETWEEN.contains(&tokens[items[low.to].from].text.as_str());
        is_parted && low.value < high.value && high.value <= GRADE_MAX
    })
}

/// Whether two words are one but for their endings.
pub(super) fn same_stem(a: &str, b: &str) -> bool {
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    alike >= NOUN_LETTERS_MIN && alike + 2 >= a.chars().count().max(b.chars().count())
}

fn unit(item: &Item) -> Option<Unit> {
    match item.word() {
        Some(Word::Unit(unit)) => Some(unit),
        _ => None,
    }
}
