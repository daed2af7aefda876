//! Exact decimal numbers: what a number's text says, not what a binary fraction makes of it.

use crate::value;
use serde_json::Number;
use std::cmp::Ordering;

/// Most places after the point that a number may be rounded or padded to.
pub(crate) const PLACES_MAX: usize = 20;

/// A decimal number of any length.
#[derive(Debug, Clone)]
pub(crate) struct Decimal {
    /// Never set for zero.
    pub(crate) negative: bool,
    /// Digits before the point: at least one, without leading zeros but for `0` itself.
    pub(crate) integer: String,
    /// Digits after the point, trailing zeros as they were given.
    pub(crate) fraction: String,
}

impl Decimal {
    /// Reads `12`, `-3`, `+4`, `12.50` and `.5`, blanks around them aside. Anything else, an
    /// exponent or a grouping sign for example, is no number.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let point_alone = fraction.is_empty() && digits.contains('.');
        if !all_digits(integer) || !all_digits(fraction) || point_alone || integer.len() + fraction.len() == 0
        {
            return None;
        }
        Some(Decimal::from_parts(negative, integer, fraction))
    }

    /// The number as it prints: a binary fraction is the shortest decimal that reads back as it.
    pub(crate) fn of(number: &Number) -> Decimal {
        let mut text = String::new();
        value::write_number(number, &mut text);
        Decimal::parse(&text).expect("numbers print as digits with an optional sign and point")
    }

    fn from_parts(negative: bool, integer: &str, fraction: &str) -> Decimal {
        let integer = integer.trim_start_matches('0');
        let mut decimal = Decimal {
            negative,
            integer: String::from(if integer.is_empty() { "0" } else { integer }),
            fraction: String::from(fraction),
        };
        decimal.negative &= !decimal.is_zero();
        decimal
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.integer == "0" && self.fraction.bytes().all(|byte| byte == b'0')
    }

    /// With exactly `places` digits after the point, a half going away from zero.
    pub(crate) fn rounded(&self, places: usize) -> Decimal {
        let mut digits: Vec<u8> = self.integer.bytes().chain(self.fraction.bytes()).collect();
        let kept = self.integer.len() + places;
        let up = digits.get(kept).is_some_and(|digit| *digit >= b'5');
        digits.resize(kept, b'0');
        if up && !increment(&mut digits) {
            digits.insert(0, b'1');
        }
        let text: String = digits.into_iter().map(char::from).collect();
        let (integer, fraction) = text.split_at(text.len() - places);
        Decimal::from_parts(self.negative, integer, fraction)
    }

    /// Without zeros at the end of the fraction.
    pub(crate) fn shortest(mut self) -> Decimal {
        let length = self.fraction.trim_end_matches('0').len();
        self.fraction.truncate(length);
        self
    }
}

/// Adds one to a row of digits; false where it overflowed to zeros.
fn increment(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return true;
        }
        *digit = b'0';
    }
    false
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let size = |decimal: &Decimal| decimal.integer.len();
        let fraction = |decimal: &Decimal| decimal.fraction.trim_end_matches('0').len();
        let magnitude = size(self)
            .cmp(&size(other))
            .then_with(|| self.integer.cmp(&other.integer))
            .then_with(|| self.fraction[..fraction(self)].cmp(&other.fraction[..fraction(other)]));
        match (self.negative, other.negative) {
            (false, false) => magnitude,
            (true, true) => magnitude.reverse(),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(text: &str, places: usize) -> String {
        let decimal = Decimal::parse(text).unwrap().rounded(places);
        format!("{}{}.{}", if decimal.negative { "-" } else { "" }, decimal.integer, decimal.fraction)
    }

    #[test]
    fn halves_go_away_from_zero_and_carry() {
        for (text, places, expected) in [
            ("1.005", 2, "1.01"),
            ("-1.005", 2, "-1.01"),
            ("1.0049999", 2, "1.00"),
            ("999.995", 2, "1000.00"),
            ("0.5", 0, "1."),
            ("-0.004", 2, "0.00"),
            ("7", 3, "7.000"),
        ] {
            assert_eq!(rounded(text, places), expected, "{text} to {places} places");
        }
    }

    #[test]
    fn order_is_by_value() {
        let mut numbers = ["10", "-2", "9.50", "9.5", "0.30", "-0", "-10", "0.3000001"]
            .map(|text| Decimal::parse(text).unwrap());
        numbers.sort();
        let sorted: Vec<String> =
            numbers.iter().map(|number| format!("{}.{}", number.integer, number.fraction)).collect();
        assert_eq!(sorted, ["10.", "2.", "0.", "0.30", "0.3000001", "9.50", "9.5", "10."]);
        assert_eq!(Decimal::parse("9.50"), Decimal::parse("9.5"));
    }

    #[test]
    fn only_plain_numbers_are_read() {
        for text in ["", ".", "1.", "1e5", "1,000", "--1", "1 2", "½", "NaN", "+"] {
            assert!(Decimal::parse(text).is_none(), "{text:?}");
        }
    }
}
