//! Form bodies and queries: `application/x-www-form-urlencoded` in UTF-8, the form of every request to the
//! 2010 API and of every webhook.

use std::borrow::Cow;

/// Names and values in the order in which they were sent. A name may come more than once: that is how
/// Twilio writes lists.
pub type Pairs = Vec<(String, String)>;

/// The most pairs that [`decode`] takes. The largest documented message has fewer than 100.
pub const PAIRS_MAX: usize = 1000;

/// Why a form was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A name or value is not UTF-8 after its escapes were resolved.
    #[error("pair {pair} of the form is not UTF-8")]
    NotUtf8 {
        /// Which pair, from 1.
        pair: usize,
    },
    /// There are more than [`PAIRS_MAX`] pairs.
    #[error("the form has more than {PAIRS_MAX} pairs")]
    TooManyPairs,
}

/// Writes pairs as a form body or query; blanks become `+`.
pub fn encode(pairs: &[(String, String)]) -> String {
    let bytes = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let mut out = form_urlencoded::Serializer::new(String::with_capacity(bytes));
    out.extend_pairs(pairs);
    out.finish()
}

/// Reads a form body or query.
///
/// `+` and `%20` are blanks, a `%` that begins no escape stands for itself, a pair without `=` has an empty
/// value, and empty pairs (`a=1&&b=2`) are passed over. Values are not trimmed, because they are signed.
/// The caller limits the number of bytes.
pub fn decode(body: &[u8]) -> Result<Pairs, FormError> {
    let mut pairs = Pairs::new();
    for piece in body.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
        if pairs.len() == PAIRS_MAX {
            return Err(FormError::TooManyPairs);
        }
        let (name, value) = match piece.iter().position(|byte| *byte == b'=') {
            Some(at) => (&piece[..at], &piece[at + 1..]),
            None => (piece, &piece[..0]),
        };
        let pair = pairs.len() + 1;
        let text = |raw| unescape(raw).ok_or(FormError::NotUtf8 { pair });
        pairs.push((text(name)?, text(value)?));
    }
    Ok(pairs)
}

/// The first value with this name.
pub fn get<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    all(pairs, name).next()
}

/// Every value with this name, in order.
pub fn all<'a>(pairs: &'a [(String, String)], name: &str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn unescape(raw: &[u8]) -> Option<String> {
    let spaced: Cow<'_, [u8]> = if raw.contains(&b'+') {
        raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<u8>>().into()
    } else {
        raw.into()
    };
    let bytes: Cow<'_, [u8]> = percent_encoding::percent_decode(&spaced).into();
    String::from_utf8(bytes.into_owned()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Pairs {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn reads_what_clients_send() {
        for (body, expected) in [
            ("", pairs(&[])),
            ("To=%2B15551234567&Body=Hi+there%21", pairs(&[("To", "+15551234567"), ("Body", "Hi there!")])),
            ("Body=a%20b&Body=", pairs(&[("Body", "a b"), ("Body", "")])),
            ("DateSent%3E=2026-11-23", pairs(&[("DateSent>", "2026-11-23")])),
            ("DateSent>=2026-11-23", pairs(&[("DateSent>", "2026-11-23")])),
            ("a&&b=1=2&", pairs(&[("a", ""), ("b", "1=2")])),
            ("Body=100%+%zz%F0%9F%8E%89", pairs(&[("Body", "100% %zz🎉")])),
        ] {
            assert_eq!(decode(body.as_bytes()).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn blanks_plus_signs_and_other_scripts_are_escaped() {
        let body = encode(&pairs(&[("To", "+15551234567"), ("Body", "Olá & adeus = 100%")]));
        assert_eq!(body, "To=%2B15551234567&Body=Ol%C3%A1+%26+adeus+%3D+100%25");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_by_pair() {
        assert_eq!(decode(b"a=1&b=%FF"), Err(FormError::NotUtf8 { pair: 2 }));
        assert_eq!(decode(b"\xc3=1"), Err(FormError::NotUtf8 { pair: 1 }));
    }

    #[test]
    fn a_flood_of_pairs_is_refused() {
        assert_eq!(decode("a=1&".repeat(PAIRS_MAX).as_bytes()).unwrap().len(), PAIRS_MAX);
        assert_eq!(decode("a=1&".repeat(PAIRS_MAX + 1).as_bytes()), Err(FormError::TooManyPairs));
    }

    #[test]
    fn names_are_found_by_case() {
        let form = pairs(&[("MediaUrl", "a"), ("mediaurl", "x"), ("MediaUrl", "b")]);
        assert_eq!(get(&form, "MediaUrl"), Some("a"));
        assert_eq!(all(&form, "MediaUrl").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(get(&form, "Body"), None);
    }
}
