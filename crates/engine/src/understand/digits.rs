//! Codes and other digits whose zeros in front count.

use super::language::Locale;
use super::number;
use super::reading::Reading;
use super::token::Token;

/// All digits of the answer in a row. Other words may stand around them, but not between them.
pub(super) fn read(tokens: &[Token], locale: &Locale) -> Reading {
    match number::digit_runs(tokens, locale).as_slice() {
        [] => Reading::unclear("There are no digits in the answer."),
        [digits] => Reading::value(digits.as_str(), format!("The digits are {digits}.")),
        several => Reading::unclear(format!("There are several groups of digits: {}.", several.join(", "))),
    }
}
