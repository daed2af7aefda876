//! Addresses of messages: numbers, short codes, names, and numbers on a channel.

use twilio::callback::Place;

/// What stands before a number on WhatsApp.
pub(crate) const WHATSAPP: &str = "whatsapp:";

/// What stands before the name of a program that takes calls.
pub(crate) const CLIENT: &str = "client:";

pub(crate) fn is_whatsapp(address: &str) -> bool {
    address.starts_with(WHATSAPP)
}

/// The number without its channel.
pub(crate) fn bare(address: &str) -> &str {
    address.strip_prefix(WHATSAPP).unwrap_or(address)
}

/// An address of the same channel as `like`.
pub(crate) fn on_channel_of(like: &str, number: &str) -> String {
    if is_whatsapp(like) { format!("{WHATSAPP}{number}") } else { number.to_owned() }
}

/// How much a number may differ from E.164.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Blanks, dots, hyphens and brackets are taken out, and ten digits are a number of the USA.
    Loose,
    Exact,
}

/// The E.164 form of a number, or of a number on WhatsApp; `None` where it cannot be one.
pub(crate) fn normalize(text: &str, reading: Reading) -> Option<String> {
    let (channel, number) = match text.trim().strip_prefix(WHATSAPP) {
        Some(number) => (WHATSAPP, number),
        None => ("", text.trim()),
    };
    let stripped: String = match reading {
        Reading::Exact => number.to_owned(),
        Reading::Loose => number.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect(),
    };
    let digits = match stripped.strip_prefix('+') {
        Some(digits) => digits.to_owned(),
        None if reading == Reading::Exact => return None,
        None if stripped.len() == 10 => format!("1{stripped}"),
        None => stripped,
    };
    let possible = (8..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
        // Numbers of the North American plan have ten digits and never begin with 0 or 1.
        && (!digits.starts_with('1') || (digits.len() == 11 && !matches!(digits.as_bytes()[1], b'0' | b'1')));
    possible.then(|| format!("{channel}+{digits}"))
}

/// An address that can take part in calls: a number, a client or a SIP address.
pub(crate) fn callable(text: &str, reading: Reading) -> Option<String> {
    let text = text.trim();
    let is_named = |prefix: &str| text.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
    if is_named(CLIENT) || is_named("sip:") || is_named("sips:") {
        return Some(text.to_owned());
    }
    normalize(text, reading).filter(|number| !is_whatsapp(number))
}

/// Whether an address is a program that takes calls by its name.
pub(crate) fn is_client(address: &str) -> bool {
    address.starts_with(CLIENT)
}

/// Three to six digits.
pub(crate) fn is_short_code(text: &str) -> bool {
    (3..=6).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Up to eleven letters, digits, blanks and a few signs, at least one of them a letter.
pub(crate) fn is_alphanumeric_sender(text: &str) -> bool {
    (1..=11).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'+' | b'-' | b'_' | b'&'))
}

/// What is believed of where a number is from; nothing of what is no number.
pub(crate) fn place(number: &str) -> Option<Place> {
    let country = country(number).to_owned();
    number.starts_with('+').then(|| Place { country, ..Place::default() })
}

/// An address without its last four digits.
pub(crate) fn masked(address: &str) -> String {
    let kept = address.len().saturating_sub(4);
    format!("{}XXXX", address.get(..kept).unwrap_or_default())
}

/// A number as people of North America write it; any other as it is.
pub(crate) fn friendly(phone_number: &str) -> String {
    match phone_number.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 => format!("({}) {}-{}", &rest[..3], &rest[3..6], &rest[6..]),
        _ => phone_number.to_owned(),
    }
}

pub(crate) fn is_toll_free(number: &str) -> bool {
    ["800", "833", "844", "855", "866", "877", "888"]
        .iter()
        .any(|area| number.strip_prefix("+1").is_some_and(|rest| rest.starts_with(area)))
}

pub(crate) fn is_north_american(number: &str) -> bool {
    bare(number).starts_with("+1")
}

/// The ISO code of a number's country, for the commonest calling codes; empty where it is not known.
pub(crate) fn country(number: &str) -> &'static str {
    const COUNTRIES: [(&str, &str); 14] = [
        ("+1", "US"),
        ("+31", "NL"),
        ("+32", "BE"),
        ("+33", "FR"),
        ("+34", "ES"),
        ("+351", "PT"),
        ("+353", "IE"),
        ("+39", "IT"),
        ("+41", "CH"),
        ("+43", "AT"),
        ("+44", "GB"),
        ("+45", "DK"),
        ("+49", "DE"),
        ("+61", "AU"),
    ];
    COUNTRIES.iter().find(|(code, _)| number.starts_with(code)).map_or("", |(_, country)| country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_loosely_or_exactly() {
        for (text, loose, exact) in [
            ("+15551234567", Some("+15551234567"), Some("+15551234567")),
            ("whatsapp:+15551234567", Some("whatsapp:+15551234567"), Some("whatsapp:+15551234567")),
            ("(555) 123-4567", Some("+15551234567"), None),
            ("+1 555.123.4567", Some("+15551234567"), None),
            ("15551234567", Some("+15551234567"), None),
            ("+4915112345678", Some("+4915112345678"), Some("+4915112345678")),
            ("+1", None, None),
            ("+1555123456", None, None),
            ("+11551234567", None, None),
            ("+05551234567", None, None),
            ("not a number", None, None),
            ("", None, None),
        ] {
            assert_eq!(normalize(text, Reading::Loose).as_deref(), loose, "{text}");
            assert_eq!(normalize(text, Reading::Exact).as_deref(), exact, "{text}");
        }
    }

    #[test]
    fn a_name_needs_a_letter_and_fits_in_eleven() {
        assert!(is_alphanumeric_sender("Example Co"));
        assert!(!is_alphanumeric_sender("12345"));
        assert!(!is_alphanumeric_sender("Example Company"));
        assert!(!is_alphanumeric_sender("Exämple"));
    }
}
