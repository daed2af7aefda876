//! What counts as a date or a time.

use crate::context::Context;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822;
use jiff::{Span, Timestamp, Zoned};
use serde_json::Value;

/// A date, a time of day or both, as they are in the context's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) date: Option<Date>,
    pub(super) time: Option<Time>,
}

/// Numbers from here on are milliseconds since the epoch; below, they are seconds. As seconds it
/// is the year 5138, as milliseconds March 1973.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

impl Moment {
    /// Reads ISO 8601 and RFC 2822, a time of day, seconds or milliseconds since the Unix epoch,
    /// and `now`, `today`, `tomorrow`, `yesterday`. What has an offset is moved to the context's
    /// zone; what has none is in it already.
    pub(super) fn of(value: &Value, context: &Context) -> Option<Moment> {
        match value {
            Value::Number(number) => Moment::since_epoch(number.as_i64()?, context),
            Value::String(text) => Moment::parse(text.trim(), context),
            _ => None,
        }
    }

    fn parse(text: &str, context: &Context) -> Option<Moment> {
        Moment::relative(text, context)
            .or_else(|| text.parse::<Timestamp>().ok().map(|at| Moment::at(at, context)))
            .or_else(|| rfc2822::parse(text).ok().map(|at| Moment::at(at.timestamp(), context)))
            .or_else(|| Moment::civil(text))
            .or_else(|| {
                // Shorter runs of digits are dates such as 20261123, or nothing.
                let epoch = text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse().ok().filter(|_| epoch).and_then(|number| Moment::since_epoch(number, context))
            })
    }

    fn relative(text: &str, context: &Context) -> Option<Moment> {
        let now = context.now.to_zoned(context.time_zone.clone());
        let in_days = |days: i64| now.date().checked_add(Span::new().days(days)).ok();
        let date = match text.to_ascii_lowercase().as_str() {
            "now" => return Some(Moment::from(&now)),
            "today" => in_days(0),
            "tomorrow" => in_days(1),
            "yesterday" => in_days(-1),
            _ => None,
        };
        date.map(|date| Moment { date: Some(date), time: None })
    }

    fn since_epoch(number: i64, context: &Context) -> Option<Moment> {
        let at = if number.unsigned_abs() < MILLISECONDS_FROM.unsigned_abs() {
            Timestamp::from_second(number)
        } else {
            Timestamp::from_millisecond(number)
        };
        at.ok().map(|at| Moment::at(at, context))
    }

    fn at(at: Timestamp, context: &Context) -> Moment {
        Moment::from(&at.to_zoned(context.time_zone.clone()))
    }

    fn civil(text: &str) -> Option<Moment> {
        if let Ok(both) = text.parse::<DateTime>() {
            // A date alone reads as its midnight.
            let time = text.contains(['T', 't', ' ']).then(|| both.time());
            return Some(Moment { date: Some(both.date()), time });
        }
        let time = text
            .contains(':')
            .then(|| text.parse::<Time>().or_else(|_| Time::strptime("%I:%M %p", text)).ok())
            .flatten()?;
        Some(Moment { date: None, time: Some(time) })
    }
}

impl From<&Zoned> for Moment {
    fn from(at: &Zoned) -> Moment {
        Moment { date: Some(at.date()), time: Some(at.time()) }
    }
}
