//! Numbers in figures, and the words that go with them.

use super::argument::{Arguments, Outcome, made};
use super::{Function, Missing};
use crate::decimal::PLACES_MAX;
use crate::language::Language;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "formatNumber",
        signature: "formatNumber(number[, decimals])",
        about: "The number with the signs of the language, rounded to `decimals` where given, a half away from zero.",
        examples: &[
            ("formatNumber(1234.5)", "1,234.5"),
            ("formatNumber(\"2.345\", 2)", "2.35"),
            ("formatNumber(7, 2)", "7.00"),
        ],
        arguments: 1..=2,
        missing: Missing::Refused,
        run: format_number,
    },
    Function {
        name: "plural",
        signature: "plural(count, one, many)",
        about: "The word that goes with a count.",
        examples: &[("plural(1, \"item\", \"items\")", "item"), ("plural(0, \"item\", \"items\")", "items")],
        arguments: 3..=3,
        missing: Missing::Refused,
        run: plural,
    },
];

fn format_number<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let number = arguments.number(0)?;
    let number = if arguments.given(1) {
        number.rounded(arguments.whole(1, 0..=PLACES_MAX)?)
    } else {
        number.shortest()
    };
    made(arguments.locale().number_signs().write(&number))
}

fn plural<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let count = arguments.number(0)?.shortest();
    let one = match arguments.locale().language {
        // French has its plural from two on: `1,5 litre`.
        Language::French => matches!(count.integer.as_str(), "0" | "1"),
        _ => count.integer == "1" && count.fraction.is_empty(),
    };
    Ok(match &arguments.values[if one { 1 } else { 2 }] {
        Cow::Borrowed(word) => Cow::Borrowed(word),
        Cow::Owned(word) => Cow::Owned(word.clone()),
    })
}
