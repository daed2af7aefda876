//! Twilio's two ways of writing a moment: RFC 2822 in the 2010 API and in callbacks, ISO 8601 in the
//! product APIs and in requests. Both are UTC and go down to the second; fractions are cut off.

use jiff::Timestamp;

use crate::parameter::WireText;

/// The text is not a date of the expected form.
#[derive(Debug, thiserror::Error)]
pub enum DateError {
    /// Not `Mon, 23 Nov 2026 07:30:00 +0000`.
    #[error("not an RFC 2822 date")]
    Rfc2822(#[source] jiff::Error),
    /// Not `2026-11-23T07:30:00Z`.
    #[error("not an ISO 8601 date and time with an offset")]
    Iso8601(#[source] jiff::Error),
}

/// `Mon, 23 Nov 2026 07:30:00 +0000`
pub fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Reads an RFC 2822 date with any offset.
pub fn parse_rfc2822(text: &str) -> Result<Timestamp, DateError> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).map_err(DateError::Rfc2822)
}

/// `2026-11-23T07:30:00Z`
pub fn iso8601(at: Timestamp) -> String {
    jiff::fmt::temporal::DateTimePrinter::new().precision(Some(0)).timestamp_to_string(&at)
}

/// Reads an ISO 8601 date and time with an offset, with or without a fraction of a second.
pub fn parse_iso8601(text: &str) -> Result<Timestamp, DateError> {
    text.parse().map_err(DateError::Iso8601)
}

/// A moment that a callback writes as RFC 2822.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rfc2822(pub Timestamp);

/// A moment that a callback writes as ISO 8601 with a fraction of a second, down to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Precise(pub Timestamp);

impl WireText for Rfc2822 {
    const EXPECTED: &'static str = "an RFC 2822 date such as Mon, 23 Nov 2026 07:30:00 +0000";

    fn to_wire(&self) -> String {
        rfc2822(self.0)
    }

    fn from_wire(text: &str) -> Option<Rfc2822> {
        parse_rfc2822(text).ok().map(Rfc2822)
    }
}

impl WireText for Precise {
    const EXPECTED: &'static str = "an ISO 8601 date and time such as 2026-11-23T07:30:00.125000Z";

    fn to_wire(&self) -> String {
        jiff::fmt::temporal::DateTimePrinter::new().precision(Some(6)).timestamp_to_string(&self.0)
    }

    fn from_wire(text: &str) -> Option<Precise> {
        parse_iso8601(text).ok().map(Precise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn both_forms_are_written_in_utc_to_the_second() {
        let moment = at("2026-01-05T09:05:07.987+01:00");
        assert_eq!(rfc2822(moment), "Mon, 05 Jan 2026 08:05:07 +0000");
        assert_eq!(iso8601(moment), "2026-01-05T08:05:07Z");
    }

    #[test]
    fn both_forms_are_read() {
        let moment = at("2026-11-23T07:30:00Z");
        for text in [
            "Mon, 23 Nov 2026 07:30:00 +0000",
            "Mon, 23 Nov 2026 08:30:00 +0100",
            "Mon, 23 Nov 2026 07:30:00 GMT",
        ] {
            assert_eq!(parse_rfc2822(text).unwrap(), moment, "{text}");
        }
        for text in ["2026-11-23T07:30:00Z", "2026-11-23T07:30:00.000Z", "2026-11-23T02:30:00-05:00"] {
            assert_eq!(parse_iso8601(text).unwrap(), moment, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "yesterday", "2026-11-23T07:30:00Z"] {
            assert!(parse_rfc2822(text).is_err(), "{text}");
        }
        for text in ["", "2026-11-23", "2026-11-23T07:30:00", "Mon, 23 Nov 2026 07:30:00 +0000"] {
            assert!(parse_iso8601(text).is_err(), "{text}");
        }
    }
}
