//! Addresses of people and of senders.
//!
//! Whether a number exists nobody can know; whether it *can* exist is a matter of its length and
//! country code. Impossible numbers are refused. Numbers that are possible but belong to no known
//! range, such as every 555 example, are taken and called unusual.

use rlibphonenumber::{NumberLengthType, PhoneNumberFormat, Region};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A possible phone number in E.164: a plus, the country code, the national number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number as people write it: blanks, dots, hyphens and brackets are dropped, a
    /// `whatsapp:` prefix is tolerated. `region` (ISO 3166, two letters) is needed for numbers
    /// without a country code.
    ///
    /// # Errors
    /// Anything that cannot be a phone number, with the reason.
    pub fn parse(text: &str, region: Option<&str>) -> Result<PhoneNumber, AddressError> {
        let plain = strip(without_channel(text));
        let digits = plain.strip_prefix('+').unwrap_or(&plain);
        if digits.is_empty() {
            return Err(AddressError::Empty);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AddressError::NotANumber);
        }
        let region = match region {
            Some(code) => Some(parse_region(code).ok_or(AddressError::UnknownRegion)?),
            None if plain.starts_with('+') => None,
            None => return Err(AddressError::NoCountryCode),
        };
        if is_north_american_in_full(&plain) {
            return Ok(PhoneNumber(plain));
        }
        let number = rlibphonenumber::PhoneNumber::parse(&plain, region).map_err(AddressError::of_parsing)?;
        match number.is_possible_with_reason() {
            Ok(NumberLengthType::IsPossible) => {}
            Ok(NumberLengthType::IsPossibleLocalOnly) => return Err(AddressError::LocalOnly),
            Err(reason) => return Err(AddressError::of_validation(reason)),
        }
        Ok(PhoneNumber(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// E.164, plus included.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Possible, but in no range that is known to be given out.
    pub fn is_unusual(&self) -> bool {
        rlibphonenumber::PhoneNumber::parse(&self.0, None).is_ok_and(|number| !number.is_valid())
    }

    /// ISO 3166 code of the country or territory; nothing where its country code tells too little.
    pub fn region(&self) -> Option<String> {
        let number = rlibphonenumber::PhoneNumber::parse(&self.0, None).ok()?;
        let region = number.get_region_code().or_else(|| {
            rlibphonenumber::PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code)
        })?;
        Some(region.to_string())
    }

    /// For logs and messages: `+1555***4567`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hides the middle of an address, so that a log tells two of them apart but names nobody.
pub fn mask(address: &str) -> String {
    let plain: Vec<char> = without_channel(address).trim().chars().collect();
    let (kept_start, kept_end) = if plain.len() >= 11 { (5, 4) } else { (plain.len() / 4, plain.len() / 4) };
    let start: String = plain[..kept_start].iter().collect();
    let end: String = plain[plain.len() - kept_end..].iter().collect();
    format!("{start}***{end}")
}

/// What a text is sent from, as far as its spelling tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    Number(PhoneNumber),
    /// Three to eight digits.
    ShortCode(String),
    /// `MG` and 32 hexadecimal digits.
    Service(String),
    /// The name of a sender or pool of ours; where there is none of that name, an alphanumeric
    /// sender, if [`is_alphanumeric`] allows it.
    Name(String),
}

impl Sender {
    /// Reads what stands in `from`.
    ///
    /// # Errors
    /// Digits that are neither a short code nor a possible number, and misspelt service SIDs.
    pub fn parse(text: &str, region: Option<&str>) -> Result<Sender, AddressError> {
        let text = without_channel(text).trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let plain = strip(text);
        if !plain.trim_start_matches('+').bytes().all(|b| b.is_ascii_digit()) {
            return Sender::parse_word(text);
        }
        if !plain.starts_with('+') && (3..=8).contains(&plain.len()) {
            return Ok(Sender::ShortCode(plain));
        }
        PhoneNumber::parse(&plain, region).map(Sender::Number)
    }

    fn parse_word(text: &str) -> Result<Sender, AddressError> {
        let hex = text.get(2..).unwrap_or("");
        let is_hex = hex.bytes().all(|b| b.is_ascii_hexdigit());
        if text.starts_with("MG") && hex.len() >= 24 {
            return if hex.len() == 32 && is_hex {
                Ok(Sender::Service(text.to_owned()))
            } else {
                Err(AddressError::BadServiceSid)
            };
        }
        Ok(Sender::Name(text.to_owned()))
    }
}

/// Whether carriers may take this text as a sender: up to eleven letters, digits, blanks and some
/// signs, at least one letter.
pub fn is_alphanumeric(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b" +-_&.".contains(&b);
    (1..=11).contains(&text.len())
        && text.bytes().all(allowed)
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether a two-letter code names a region that phone numbers are known for.
pub fn is_region(code: &str) -> bool {
    parse_region(code).is_some()
}

/// The address without the `whatsapp:` prefix, which is ours to add.
pub fn without_channel(address: &str) -> &str {
    const PREFIX: &str = "whatsapp:";
    let address = address.trim();
    match address.get(..PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => address[PREFIX.len()..].trim_start(),
        _ => address,
    }
}

fn strip(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')' | '[' | ']')).collect()
}

/// A number of the North American plan in E.164. Its ten digits are as many as there have to be, and none of them can be
/// a prefix to leave out, so there is nothing for the library to find out. Most texts of most installations go to such
/// numbers.
fn is_north_american_in_full(plain: &str) -> bool {
    let national = plain.strip_prefix("+1").unwrap_or_default().as_bytes();
    national.len() == 10 && (b'2'..=b'9').contains(&national[0])
}

fn parse_region(code: &str) -> Option<Region> {
    if code.len() != 2 {
        return None;
    }
    code.to_ascii_uppercase().parse().ok()
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("it is empty")]
    Empty,
    #[error("it has characters that no phone number has")]
    NotANumber,
    #[error("it has no country code")]
    NoCountryCode,
    #[error("its country code does not exist")]
    UnknownCountryCode,
    #[error("the region for numbers without a country code is unknown")]
    UnknownRegion,
    #[error("it is too short")]
    TooShort,
    #[error("it is too long")]
    TooLong,
    #[error("no number of its country has that many digits")]
    WrongLength,
    #[error("it lacks the area code")]
    LocalOnly,
    #[error("it is no messaging service: that is MG and 32 hexadecimal digits")]
    BadServiceSid,
}

impl AddressError {
    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            AddressError::Empty => "give a number in E.164, such as +15551234567",
            AddressError::BadServiceSid => "copy the SID of the messaging service once more",
            AddressError::UnknownRegion => "give the region as two letters of ISO 3166, such as US",
            AddressError::NoCountryCode => {
                "begin with + and the country code, such as +15551234567, or set `region`"
            }
            _ => "write it in E.164: +, country code, number, such as +15551234567",
        }
    }

    fn of_parsing(error: rlibphonenumber::ParseError) -> AddressError {
        use rlibphonenumber::ParseError;
        match error {
            ParseError::InvalidCountryCode => AddressError::UnknownCountryCode,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => AddressError::TooShort,
            ParseError::TooLongNsn => AddressError::TooLong,
            _ => AddressError::NotANumber,
        }
    }

    fn of_validation(error: rlibphonenumber::ValidationError) -> AddressError {
        use rlibphonenumber::ValidationError;
        match error {
            ValidationError::TooShort => AddressError::TooShort,
            ValidationError::TooLong => AddressError::TooLong,
            ValidationError::InvalidCountryCode => AddressError::UnknownCountryCode,
            _ => AddressError::WrongLength,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, region: Option<&str>) -> String {
        match PhoneNumber::parse(text, region) {
            Ok(number) => number.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, region, expected) in [
            ("+15551234567", None, "+15551234567"),
            (" +1 (555) 123-4567 ", None, "+15551234567"),
            ("+1.555.123.4567", None, "+15551234567"),
            ("whatsapp:+15551234567", None, "+15551234567"),
            ("WhatsApp: +15551234567", None, "+15551234567"),
            ("555-123-4567", Some("US"), "+15551234567"),
            ("020 7946 0958", Some("gb"), "+442079460958"),
            ("+44 (0)20 7946 0958", None, "+442079460958"),
            ("+39 06 1234 5678", None, "+390612345678"),
            ("555-123-4567", None, "it has no country code"),
            ("+1555", None, "it is too short"),
            ("+1 555 123 4567 8", None, "it is too long"),
            ("123-4567", Some("US"), "it lacks the area code"),
            ("+999 123 4567", None, "its country code does not exist"),
            ("+1555CALLNOW", None, "it has characters that no phone number has"),
            ("+1555123456７", None, "it has characters that no phone number has"),
            ("", None, "it is empty"),
            ("+", None, "it is empty"),
            ("555-123-4567", Some("Narnia"), "the region for numbers without a country code is unknown"),
        ] {
            assert_eq!(number(text, region), expected, "{text}");
        }
    }

    /// The short way and the library's give the same, at every beginning that a North American number may have.
    #[test]
    fn north_american_numbers_need_no_library() {
        for beginning in 0..1_000 {
            let text = format!("+1{beginning:03}5550142");
            let by_library = rlibphonenumber::PhoneNumber::parse(&text, None)
                .ok()
                .filter(|number| number.is_possible_with_reason() == Ok(NumberLengthType::IsPossible))
                .map(|number| number.format_as(PhoneNumberFormat::E164).into_owned());
            assert_eq!(PhoneNumber::parse(&text, None).ok().map(|number| number.0), by_library, "{text}");
        }
    }

    #[test]
    fn possible_numbers_outside_known_ranges_are_unusual() {
        let unusual = |text| PhoneNumber::parse(text, None).expect(text).is_unusual();
        assert!(unusual("+15551234567"));
        assert!(!unusual("+447911123456"));
    }

    #[test]
    fn a_number_tells_its_region() {
        let region = |text| PhoneNumber::parse(text, None).expect(text).region();
        assert_eq!(region("+442079460958").as_deref(), Some("GB"));
        assert_eq!(region("+4915123456789").as_deref(), Some("DE"));
        assert_eq!(region("+15551234567").as_deref(), Some("US"));
    }

    #[test]
    fn senders_are_told_apart_by_their_spelling() {
        let sid = format!("MG{}", "0a".repeat(16));
        assert!(matches!(Sender::parse("+1 555 123 4567", None), Ok(Sender::Number(_))));
        assert_eq!(Sender::parse("12345", None), Ok(Sender::ShortCode("12345".into())));
        assert_eq!(Sender::parse(&sid, None), Ok(Sender::Service(sid.clone())));
        assert_eq!(Sender::parse(&sid[..33], None), Err(AddressError::BadServiceSid));
        assert_eq!(Sender::parse("front-desk", None), Ok(Sender::Name("front-desk".into())));
        assert_eq!(Sender::parse("5551234567", None), Err(AddressError::NoCountryCode));
        assert!(is_alphanumeric("Acme Shop"));
        assert!(!is_alphanumeric("Acme Shop Inc"));
        assert!(!is_alphanumeric("12345"));
    }

    #[test]
    fn a_masked_address_keeps_its_ends() {
        assert_eq!(mask("+15551234567"), "+1555***4567");
        assert_eq!(mask("12345"), "1***5");
        assert_eq!(mask(""), "***");
    }
}
