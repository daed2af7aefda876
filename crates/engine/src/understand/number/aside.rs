//! What is said beside the number: reasons and explanations after it, the parts of a sum, other people.

use super::super::language::{ByLanguage, Language, Locale, word_list};
use super::super::phrase::Phrases;
use super::super::token::Token;
use super::item::{self, Item, Part};
use super::quantity::{Form, Quantity};
use super::word::{Grammar, Word};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aside {
    /// What follows is why, and changes nothing: `because`.
    Reason,
    /// What follows says more about it, and changes nothing where no other number is in it: `it's`, `my`.
    Explanation,
    /// Somebody beside the person: `my wife`.
    Companion,
    /// A word after which "one" is a number: `just one`, but not `a big one`.
    Counts,
}

static TABLES: ByLanguage<Phrases<Aside>> = ByLanguage::new(|language| {
    let list = word_list!(language);
    let senses =
        [("companions", Aside::Companion), ("reasons", Aside::Reason), ("explanations", Aside::Explanation)];
    Phrases::of_sections(language, list, &senses)
});

/// Words after which "one" is a number.
static COUNTS: LazyLock<Phrases<Aside>> = LazyLock::new(|| {
    Phrases::of_sections(Language::En, include_str!("en.txt"), &[("counts", Aside::Counts)])
});

/// Words that make a name of what follows up to "one": `a tough one`.
const DETERMINERS: &[&str] = &["a", "an", "the", "this", "that", "another", "some", "which", "my", "your"];
/// How far before "one" they stand.
const DETERMINED_WORDS_MAX: usize = 3;

/// Whether an English "one" stands for a thing: `that's a tough one`, `it was a white one`.
pub(super) fn is_pronoun(items: &[Item], at: usize, tokens: &[Token]) -> bool {
    let Some(before) = at.checked_sub(1).filter(|before| items[*before].part == Part::Other) else {
        return false;
    };
    let text = |at: usize| tokens[items[at].from].text.as_str();
    let is_name = (at.saturating_sub(DETERMINED_WORDS_MAX)..before).any(|at| DETERMINERS.contains(&text(at)));
    let counts = COUNTS.at(tokens, items[before].from).is_some();
    tokens[items[at].from].is_word("one") && is_name && !counts
}

/// Of a long answer so many explanations are looked at, so that its time grows with its length.
const ASIDES_MAX: usize = 24;

/// The beginnings of an answer after which something is explained, the shortest first.
pub(super) fn heads<'a>(tokens: &'a [Token], locale: &Locale) -> Vec<&'a [Token]> {
    let found = TABLES.of(locale.language).all(tokens);
    let explains = found.iter().take(ASIDES_MAX).filter(|aside| match aside.sense {
        Aside::Reason => true,
        Aside::Explanation => changes_nothing(&tokens[aside.from..], locale),
        Aside::Companion | Aside::Counts => false,
    });
    explains.map(|aside| &tokens[..aside.from]).filter(|head| !head.is_empty()).collect()
}

/// Whether there is neither another number nor a bound in what follows a number.
fn changes_nothing(after: &[Token], locale: &Locale) -> bool {
    let Some(lexicon) = item::lexicon_of(locale.language) else { return false };
    let items = item::items(after, locale);
    let is_number =
        super::quantity::all(&items, lexicon.grammar).iter().any(|quantity| quantity.form != Form::Ordinal);
    let is_bound = |item: &Item| {
        matches!(item.word(), Some(Word::Bound | Word::Upper | Word::More | Word::Or | Word::OutOf))
    };
    !is_number && !items.iter().any(is_bound)
}

/// Whether the answer begins with somebody else, as in `my father did it for thirty years`.
pub(super) fn is_about_another(tokens: &[Token], question: Option<&str>, locale: &Locale) -> bool {
    let begins = |tokens: &[Token]| {
        TABLES.of(locale.language).at(tokens, 0).filter(|found| found.sense == Aside::Companion)
    };
    let Some(companion) = begins(tokens) else { return false };
    let joins = |token: &Token| ["and", "y", "et", "und", "e"].contains(&token.text.as_str());
    let noun = &tokens[companion.to - 1].text;
    let asked = question.map(|text| super::super::token::tokens(text, locale.language)).unwrap_or_default();
    // "My wife, the little one and me, three".
    let counts_the_person = tokens.windows(2).any(|pair| joins(&pair[0]) && is_person(&pair[1]));
    !counts_the_person
        && !tokens.get(companion.to).is_some_and(joins)
        && !asked.iter().any(|token| token.text == *noun)
}

/// Who speaks.
fn is_person(token: &Token) -> bool {
    ["i", "me", "yo", "moi", "ich"].contains(&token.text.as_str())
}

/// `my wife and I`: two people, where nothing else is said.
pub(super) fn is_couple(items: &[Item], tokens: &[Token], locale: &Locale) -> bool {
    let mut persons = 0;
    let mut companions = 0;
    let mut at = 0;
    while at < items.len() {
        let from = items[at].from;
        let companion =
            TABLES.of(locale.language).at(tokens, from).filter(|found| found.sense == Aside::Companion);
        match (companion, items[at].part) {
            (Some(companion), _) => {
                companions += 1;
                at += items[at..].iter().take_while(|item| item.from < companion.to).count();
                continue;
            }
            (None, Part::Word(Word::Alone)) => persons += 1,
            (None, Part::Pause | Part::Word(Word::And)) => {}
            _ => return false,
        }
        at += 1;
    }
    (persons, companions) == (1, 1)
}

/// The sum that opens an answer, where what follows are its parts: `three, two cats and a dog`.
pub(super) fn sum(items: &[Item], quantities: &[Quantity]) -> Option<Quantity> {
    let (sum, parts) = quantities.split_first()?;
    let is_taken = |at: usize| quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&at));
    let ones = (sum.to..items.len()).filter(|at| {
        let counts = items
            .get(at + 1)
            .is_some_and(|item| matches!(item.part, Part::Other | Part::Word(Word::Unit(_))));
        items[*at].word() == Some(Word::Article) && counts && !is_taken(*at)
    });
    let ones = ones.count();
    #[expect(clippy::cast_precision_loss, reason = "there are few words")]
    let total = parts.iter().map(|part| part.value).sum::<f64>() + ones as f64;
    let is_plain = |item: &Item| {
        !matches!(
            item.word(),
            Some(Word::Bound | Word::Upper | Word::More | Word::Or | Word::Not | Word::Vague | Word::Nothing)
        )
    };
    let is_cardinal = |quantity: &Quantity| matches!(quantity.form, Form::Digit | Form::Whole);
    let joins = items[sum.to..].iter().any(|item| item.word() == Some(Word::And));
    let adds_up = parts.len() + ones >= 2 && total == sum.value && joins;
    (adds_up && quantities.iter().all(is_cardinal) && items.iter().all(is_plain)).then_some(*sum)
}

/// `two boys and two girls`: the same number, but of different things.
pub(super) fn counts_twice(items: &[Item], quantities: &[Quantity]) -> bool {
    let counts = |quantity: &Quantity| {
        items
            .get(quantity.to)
            .is_some_and(|item| matches!(item.part, Part::Other | Part::Word(Word::Unit(_))))
    };
    quantities.windows(2).any(|pair| {
        pair[0].value == pair[1].value
            && items[pair[0].to..pair[1].from].iter().any(|item| item.word() == Some(Word::And))
            && counts(&pair[0])
            && counts(&pair[1])
    })
}

/// The one number that counts what was asked for, where the others count something else: `six years at one company`.
pub(super) fn counted(
    items: &[Item],
    tokens: &[Token],
    quantities: &[Quantity],
    is_asked: impl Fn(&Item) -> bool,
) -> Option<Quantity> {
    /// What stands between the number and something else that is counted.
    const PARTING: &[&str] = &[
        "in", "with", "at", "for", "within", "during", "per", "of", "by", "bei", "mit", "in", "pro", "von",
        "chez", "dans", "avec", "pour", "en", "con", "para", "por",
    ];
    let counts = |quantity: &Quantity| items.get(quantity.to).is_some_and(&is_asked);
    let mut asked = quantities.iter().filter(|quantity| counts(quantity));
    let (only, None) = (asked.next()?, asked.next()) else { return None };
    let is_parted = |quantity: &Quantity| {
        let between = items[..quantity.from].iter().rev().take(3);
        let mut words = between.map(|item| tokens[item.from].text.as_str());
        words.any(|word| PARTING.contains(&word))
    };
    let others = || quantities.iter().filter(|quantity| quantity.from != only.from);
    let is_free = |at: usize| !quantities.iter().any(|quantity| (quantity.from..quantity.to).contains(&at));
    let joins = (only.to..items.len()).filter(|at| is_free(*at)).any(|at| {
        matches!(items[at].word(), Some(Word::And | Word::Or | Word::Bound | Word::Upper | Word::More))
    });
    (others().all(|other| other.from > only.from && is_parted(other)) && !joins).then_some(*only)
}

/// The number without a part of it that is told after it: `twelve, three of them kids`, `zwölf, davon drei Kinder`.
pub(super) fn without_parts(items: &[Item], tokens: &[Token], quantities: &[Quantity]) -> Vec<Quantity> {
    const BEFORE: &[&str] = &["davon", "dont", "including", "darunter", "incluidos", "incluyendo"];
    const AFTER: &[(&str, &str)] = &[("of", "them"), ("of", "those"), ("de", "ellos"), ("de", "ellas")];
    let text = |at: usize| items.get(at).map_or("", |item| tokens[item.from].text.as_str());
    let is_part = |quantity: &Quantity| {
        let before = quantity.from.checked_sub(1).map_or("", text);
        let after = (text(quantity.to), text(quantity.to + 1));
        BEFORE.contains(&before) || AFTER.contains(&after) || after.0 == "davon"
    };
    let [first, rest @ ..] = quantities else { return Vec::new() };
    let whole = std::iter::once(first);
    whole.chain(rest.iter().filter(|part| part.value >= first.value || !is_part(part))).copied().collect()
}

/// The number without ordinals after it that belong to something else: `three, I forget the first one`.
pub(super) fn without_ordinals(items: &[Item], quantities: &[Quantity]) -> Vec<Quantity> {
    let Some(first) = quantities.first().filter(|first| first.form != Form::Ordinal) else {
        return quantities.to_vec();
    };
    let is_noun = |quantity: &Quantity| {
        items
            .get(quantity.to)
            .is_some_and(|item| matches!(item.part, Part::Other | Part::Word(Word::Unit(_) | Word::Pronoun)))
    };
    let is_aside =
        |quantity: &Quantity| quantity.form == Form::Ordinal && quantity.from > first.to && is_noun(quantity);
    quantities.iter().filter(|quantity| !is_aside(quantity)).copied().collect()
}

/// `siete con cinco` for a grade between the sevens and the eights.
pub(super) fn grade(items: &[Item], quantities: &[Quantity]) -> Option<Quantity> {
    let [whole, tenths] = quantities else { return None };
    let is_with = items.get(whole.to).is_some_and(|item| item.word() == Some(Word::With));
    let are_digits = whole.form == Form::Digit && tenths.form == Form::Digit && tenths.value > 0.0;
    (is_with && are_digits && tenths.from == whole.to + 1).then(|| Quantity {
        value: super::quantity::tidy(whole.value + tenths.value / 10.0),
        form: Form::Closed,
        from: whole.from,
        to: tenths.to,
    })
}

/// Two numbers next to each other that are whole and hundredths of a price: `forty nine ninety five`, `eins fünfzig`.
pub(super) fn price(first: &Quantity, rest: &Quantity, grammar: &Grammar, is_hourly: bool) -> Option<f64> {
    let is_tens = |value: f64| value % 10.0 == 0.0;
    let is_close = (rest.value - first.value).abs() <= 5.0 || is_tens(first.value) && is_tens(rest.value);
    let is_hundredth = rest.form == Form::Whole && (10.0..100.0).contains(&rest.value);
    let is_whole = matches!(first.form, Form::Digit | Form::Whole) && first.value > 0.0 && !is_close;
    // English counts in hundreds as well: "one fifty", "forty two fifty".
    let is_plain = grammar.and != super::word::AndRule::AfterHundreds
        || is_hourly && rest.value % 5.0 == 0.0
        || first.value > 20.0 && (rest.value >= 95.0 || [49.0, 79.0, 89.0].contains(&rest.value));
    (is_hundredth && is_whole && is_plain).then(|| super::quantity::tidy(first.value + rest.value / 100.0))
}
