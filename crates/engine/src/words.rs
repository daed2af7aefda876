//! Comparing what people write: case, punctuation and blanks do not count, numbers compare by value.

/// Whether two texts say the same: the same number, or else the same words.
pub fn same_value(a: &str, b: &str) -> bool {
    match (Decimal::parse(a), Decimal::parse(b)) {
        (Some(a), Some(b)) => a == b,
        _ => same_words(a, b),
    }
}

/// Whether two texts are the same words after folding case, punctuation and blanks. Texts without
/// any letter or digit (an emoji, a question mark) compare as they are.
pub fn same_words(a: &str, b: &str) -> bool {
    let (folded_a, folded_b) = (fold(a), fold(b));
    if folded_a.is_empty() && folded_b.is_empty() { a.trim() == b.trim() } else { folded_a == folded_b }
}

/// The words of a text in lower case, one blank between them. Apostrophes join, other punctuation parts.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut parted = false;
    for c in text.chars() {
        if c.is_alphanumeric() || is_mark(c) {
            if parted && !folded.is_empty() {
                folded.push(' ');
            }
            parted = false;
            folded.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '\u{2019}' | '\u{200d}' | '\u{fe0f}') {
            parted = true;
        }
    }
    folded
}

/// Accents that are written as characters of their own belong to their letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A decimal number by value: `+10`, `10.0` and `010` are one. Exact at any length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    is_negative: bool,
    /// Without zeros in front.
    whole: String,
    /// Without zeros behind.
    fraction: String,
}

impl Decimal {
    /// Reads `[+-]digits[.digits]`, blanks around it ignored.
    pub fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (sign, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        Some(Decimal { is_negative: sign && !(whole.is_empty() && fraction.is_empty()), whole, fraction })
    }

    /// The number as JSON: an integer where it is one and fits, else the nearest float.
    pub fn to_json(&self) -> Option<serde_json::Number> {
        let sign = if self.is_negative { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &self.whole };
        if self.fraction.is_empty()
            && let Ok(integer) = format!("{sign}{whole}").parse::<i64>()
        {
            return Some(integer.into());
        }
        let float = format!("{sign}{whole}.{}0", self.fraction).parse::<f64>().ok()?;
        serde_json::Number::from_f64(float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_as_people_mean_them() {
        let same = [
            ("Yes!", " yes "),
            ("RE-SCHEDULE", "re schedule"),
            ("don\u{2019}t", "dont"),
            ("10", "10.0"),
            ("+007", "7"),
            ("-0", "0"),
            ("ÉCOLE", "école"),
            ("\u{1f44d}", "\u{1f44d} "),
            ("", "  "),
        ];
        for (a, b) in same {
            assert!(same_value(a, b), "{a:?} {b:?}");
        }
        let other = [
            ("10", "1"),
            ("-5", "5"),
            ("yes", "yes please"),
            ("\u{1f44d}", "\u{1f44e}"),
            ("!", "?"),
            ("yes", ""),
            ("1.5", "15"),
            ("9007199254740993", "9007199254740992"),
        ];
        for (a, b) in other {
            assert!(!same_value(a, b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_decimal_becomes_the_shortest_number_of_json() {
        for (text, json) in
            [("7.0", "7"), ("-0.50", "-0.5"), ("010", "10"), ("99999999999999999999", "1e+20")]
        {
            let number = Decimal::parse(text).and_then(|d| d.to_json()).map(|n| n.to_string());
            assert_eq!(number.as_deref(), Some(json), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e3", "1,000", "ten"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
