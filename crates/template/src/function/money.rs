//! Amounts of money, written and spoken.

use super::argument::{Arguments, Outcome, Refusal, made};
use super::{Function, Missing};
use crate::currency::Currency;
use crate::decimal::Decimal;
use crate::language::{CurrencyWords, Noun, WORDS_BELOW, Words};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "formatMoney",
        signature: "formatMoney(amount[, currency])",
        about: "The amount with its currency (the workflow's, where none is given), rounded to its decimals.",
        examples: &[
            ("formatMoney(1234.5)", "$1,234.50"),
            ("formatMoney(1.005, \"EUR\")", "€1.01"),
            ("formatMoney(1200, \"JPY\")", "¥1,200"),
            ("formatMoney(-3, \"CHF\")", "CHF -3.00"),
        ],
        arguments: 1..=2,
        missing: Missing::Refused,
        run: format_money,
    },
    Function {
        name: "spokenMoney",
        signature: "spokenMoney(amount[, currency])",
        about: "The amount in words, for speech; in figures where the language or currency has no words here.",
        examples: &[
            ("spokenMoney(12.5)", "twelve dollars and fifty cents"),
            ("spokenMoney(1, \"GBP\")", "one pound"),
            ("spokenMoney(0.01)", "one cent"),
        ],
        arguments: 1..=2,
        missing: Missing::Refused,
        run: spoken_money,
    },
];

fn format_money<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let currency = currency(arguments)?;
    made(currency.write(&arguments.number(0)?, arguments.locale()))
}

fn spoken_money<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let currency = currency(arguments)?;
    let amount = arguments.number(0)?.rounded(currency.places);
    let words = arguments.locale().language.words().and_then(|words| {
        let names = words.currencies.iter().find(|names| names.code == currency.code)?;
        in_words(&amount, words, names)
    });
    made(words.unwrap_or_else(|| currency.write(&amount, arguments.locale())))
}

fn currency(arguments: &Arguments<'_>) -> Result<Currency, Refusal> {
    let given = if arguments.given(1) { Some(arguments.text(1)?) } else { None };
    match (given, &arguments.context.currency) {
        (Some(code), _) => Currency::of(code.trim()).ok_or_else(|| {
            Refusal::hinted(1, format!("does not know the currency `{}`", arguments.written(1)), CODE_HINT)
        }),
        (None, Some(code)) => Currency::of(code).ok_or_else(|| Refusal::Lacking {
            problem: format!("does not know the currency `{code}`, which is the default"),
            hint: String::from(CODE_HINT),
        }),
        (None, None) => Err(Refusal::Lacking {
            problem: String::from("needs a currency, and there is no default"),
            hint: String::from("give the code as second argument, such as \"USD\", or set a default"),
        }),
    }
}

const CODE_HINT: &str = "a currency is named by its three letters, such as \"USD\"";

/// The amount in words, unless it is too large for them.
fn in_words(amount: &Decimal, words: &Words, names: &CurrencyWords) -> Option<String> {
    let whole: u64 = amount.integer.parse().ok().filter(|whole| *whole < WORDS_BELOW)?;
    let hundredths: u64 = if amount.fraction.is_empty() { 0 } else { amount.fraction.parse().ok()? };
    let mut spoken = Vec::new();
    if amount.negative {
        spoken.push(String::from(words.minus));
    }
    let hundredth = names.hundredth.as_ref().filter(|_| hundredths > 0);
    if whole > 0 || hundredth.is_none() {
        spoken.push(counted(whole, words, &names.unit));
    }
    if let Some(noun) = hundredth {
        if whole > 0 {
            spoken.push(String::from(words.and_hundredths));
        }
        spoken.push(counted(hundredths, words, noun));
    }
    Some(spoken.join(" "))
}

fn counted(count: u64, words: &Words, noun: &Noun) -> String {
    let name = if (words.is_one)(count) { noun.one } else { noun.many };
    let between =
        if count > 0 && count.is_multiple_of(1_000_000) { (words.after_millions)(name) } else { "" };
    format!("{} {between}{name}", (words.cardinal)(count, noun.form))
}
