//! Moments as people write them, in a time zone.
//!
//! What is understood: time stamps (`2026-11-23T09:00:00Z`, with any offset or zone), dates with or
//! without a time of day (`2026-11-23 9:00`), times alone (the next one), `now`, and days by name
//! (`today`, `tomorrow`, `monday`, `next monday`, `in 3 days`) with or without a time of day, and
//! `in 90 minutes`. A date without a time is its first moment. A time of day that a change of the
//! clocks leaves out is moved forward by the gap; of one that comes twice the first is meant.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, Zoned};

/// What to write.
pub(crate) const HINT: &str =
    "write a time stamp, a date and time, or text such as `tomorrow 9:00` or `next monday 08:30`";

/// The moment that a text means. The error completes a sentence that begins with the text.
pub(crate) fn resolve(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Some(exact) = exact(text) {
        return Ok(exact);
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return instant(civil, zone);
    }
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !matches!(*word, "at" | "on")).collect();
    let here = now.to_zoned(zone.clone());
    if words == ["now"] {
        return Ok(now);
    }
    if let Some(moment) = amount_of_time(&words, &here) {
        return moment;
    }
    if let Some(time) = time_of_day(&words) {
        return next_time(&here, time);
    }
    let (day, rest) = day(&words, &here).ok_or("is neither a moment nor a day that is understood")?;
    if rest.is_empty() {
        return instant(day?.to_datetime(Time::midnight()), zone);
    }
    let time = time_of_day(rest).ok_or("has no time of day that is understood")?;
    instant(day?.to_datetime(time), zone)
}

/// A time stamp that needs no time zone of ours.
fn exact(text: &str) -> Option<Timestamp> {
    let zoned = || text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>().ok().or_else(zoned)
}

/// `in 90 minutes`, `in 3 days`: hours and less are time that passes, days and more go by the calendar.
fn amount_of_time(words: &[&str], here: &Zoned) -> Option<Result<Timestamp, String>> {
    let ["in", amount, unit] = words else { return None };
    let amount: i64 = match *amount {
        "a" | "an" | "one" => 1,
        digits => digits.parse().ok().filter(|amount| (0..=1_000_000).contains(amount))?,
    };
    let seconds = |each: i64| Some(Ok(SignedDuration::from_secs(amount * each)));
    let step = match unit.trim_end_matches('s') {
        "second" | "sec" => seconds(1),
        "minute" | "min" => seconds(60),
        "hour" => seconds(3600),
        "day" => Some(Err(Span::new().try_days(amount))),
        "week" => Some(Err(Span::new().try_weeks(amount))),
        "month" => Some(Err(Span::new().try_months(amount))),
        _ => None,
    }?;
    let moment = match step {
        Ok(duration) => here.checked_add(duration),
        Err(span) => span.and_then(|span| here.checked_add(span)),
    };
    Some(moment.map(|zoned| zoned.timestamp()).map_err(|_| out_of_range()))
}

/// The day that the first words name, and the words behind it.
fn day<'a, 'w>(words: &'w [&'a str], here: &Zoned) -> Option<(Result<Date, String>, &'w [&'a str])> {
    let today = here.date();
    let plus = |days: i64| today.checked_add(Span::new().days(days)).map_err(|_| out_of_range());
    match words {
        ["today", rest @ ..] => Some((Ok(today), rest)),
        ["tomorrow", rest @ ..] => Some((plus(1), rest)),
        ["in", amount, "day" | "days", rest @ ..] => {
            let days = amount.parse().ok().filter(|days| (0..=10_000).contains(days))?;
            Some((plus(days), rest))
        }
        ["next", name, rest @ ..] => {
            let weekday = weekday(name)?;
            Some((today.nth_weekday(1, weekday).map_err(|_| out_of_range()), rest))
        }
        [name, rest @ ..] => {
            if let Some(weekday) = weekday(name) {
                return Some((Ok(this_weekday(today, weekday, rest, here)), rest));
            }
            let date: Date = name.parse().ok()?;
            Some((Ok(date), rest))
        }
        [] => None,
    }
}

/// A weekday by its bare name is today's as long as its time of day is still to come.
fn this_weekday(today: Date, weekday: Weekday, rest: &[&str], here: &Zoned) -> Date {
    let still_ahead = time_of_day(rest).is_some_and(|time| time > here.time());
    if today.weekday() == weekday && still_ahead {
        return today;
    }
    today.nth_weekday(1, weekday).unwrap_or(today)
}

fn weekday(name: &str) -> Option<Weekday> {
    let weekday = match name.trim_end_matches(',') {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    };
    Some(weekday)
}

/// `9:00`, `09:00:30`, `9am`, `9:30 pm`, `noon`, `midnight`.
fn time_of_day(words: &[&str]) -> Option<Time> {
    match words {
        ["noon"] => return Some(Time::constant(12, 0, 0, 0)),
        ["midnight"] => return Some(Time::midnight()),
        _ => {}
    }
    let joined = match words {
        [time] => (*time).to_owned(),
        [time, half @ ("am" | "pm" | "a.m." | "p.m.")] => format!("{time}{half}"),
        _ => return None,
    }
    .replace('.', "");
    let (clock, half) = match joined.strip_suffix("am") {
        Some(clock) => (clock, Some(0)),
        None => joined.strip_suffix("pm").map_or((joined.as_str(), None), |clock| (clock, Some(12))),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    if (parts.len() == 1 && half.is_none()) || parts.len() > 3 {
        return None;
    }
    let number = |index: usize| match parts.get(index) {
        None => Some(0),
        Some(part) if part.len() <= 2 => part.parse::<i8>().ok(),
        Some(_) => None,
    };
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// Today's time of day where it is still to come, else tomorrow's.
fn next_time(here: &Zoned, time: Time) -> Result<Timestamp, String> {
    let today = instant(here.date().to_datetime(time), here.time_zone())?;
    if today > here.timestamp() {
        return Ok(today);
    }
    let tomorrow = here.date().tomorrow().map_err(|_| out_of_range())?;
    instant(tomorrow.to_datetime(time), here.time_zone())
}

fn instant(civil: DateTime, zone: &TimeZone) -> Result<Timestamp, String> {
    zone.to_ambiguous_timestamp(civil).compatible().map_err(|_| out_of_range())
}

fn out_of_range() -> String {
    "is out of range".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read_in_their_zone() {
        // A Monday, 8:00 in the morning in Berlin.
        let now: Timestamp = "2026-11-23T07:00:00Z".parse().expect("well formed");
        let zone = TimeZone::get("Europe/Berlin").expect("bundled");
        let cases = [
            ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z"),
            ("2026-11-24T09:00:00-05:00", "2026-11-24T14:00:00Z"),
            ("2026-11-24T09:00[America/New_York]", "2026-11-24T14:00:00Z"),
            ("2026-11-24T09:00", "2026-11-24T08:00:00Z"),
            ("2026-11-24 9:00", "2026-11-24T08:00:00Z"),
            ("2026-11-24", "2026-11-23T23:00:00Z"),
            ("now", "2026-11-23T07:00:00Z"),
            ("today 18:00", "2026-11-23T17:00:00Z"),
            ("Tomorrow at 9am", "2026-11-24T08:00:00Z"),
            ("tomorrow", "2026-11-23T23:00:00Z"),
            ("monday 8:30", "2026-11-23T07:30:00Z"),
            ("monday 7:30", "2026-11-30T06:30:00Z"),
            ("next monday 08:30", "2026-11-30T07:30:00Z"),
            ("next tuesday noon", "2026-11-24T11:00:00Z"),
            ("9:30 p.m.", "2026-11-23T20:30:00Z"),
            ("07:59:59", "2026-11-24T06:59:59Z"),
            ("in 90 minutes", "2026-11-23T08:30:00Z"),
            ("in 2 days", "2026-11-25T07:00:00Z"),
            ("in 2 days 12:15", "2026-11-25T11:15:00Z"),
            ("in a week", "2026-11-30T07:00:00Z"),
        ];
        for (text, expected) in cases {
            let got = resolve(text, now, &zone).map(|moment| moment.to_string());
            assert_eq!(got.as_deref(), Ok(expected), "{text}");
        }
        for text in
            ["", "soon", "tomorrow morning", "25:00", "13pm", "0am", "9", "next", "2026-13-01", "monday 9"]
        {
            assert!(resolve(text, now, &zone).is_err(), "{text}");
        }
    }

    #[test]
    fn changes_of_the_clocks_have_a_policy() {
        let zone = TimeZone::get("America/New_York").expect("bundled");
        let cases = [
            // 2:30 does not exist: moved forward by the gap, to 3:30.
            ("2026-03-07T17:00:00Z", "tomorrow 2:30", "2026-03-08T07:30:00Z"),
            // 1:30 comes twice: the first one.
            ("2026-10-31T17:00:00Z", "tomorrow 1:30", "2026-11-01T05:30:00Z"),
            // A day by the calendar keeps the time of day, 24 hours do not.
            ("2026-03-07T17:00:00Z", "in 1 day", "2026-03-08T16:00:00Z"),
            ("2026-03-07T17:00:00Z", "in 24 hours", "2026-03-08T17:00:00Z"),
        ];
        for (now, text, expected) in cases {
            let now = now.parse().expect("well formed");
            assert_eq!(resolve(text, now, &zone).expect(text).to_string(), expected, "{text}");
        }
    }

    proptest! {
        /// Whatever stands in a variable, it is a moment or it is refused.
        #[test]
        fn no_text_breaks_the_reading(
            text in prop_oneof![
                any::<String>(),
                prop::collection::vec(
                    prop::sample::select(vec![
                        "in", "next", "monday", "today", "tomorrow", "at", "-1", "1", "31", "1000000", "9999-12-31",
                        "days", "months", "hours", "24:00", "2:30", "12am", "pm", "noon", "now",
                    ]),
                    0..6,
                )
                .prop_map(|words| words.join(" ")),
            ],
            second in -62_000_000_000i64..253_000_000_000,
        ) {
            let zone = TimeZone::get("America/New_York").expect("bundled");
            let _ = resolve(&text, Timestamp::from_second(second).expect("in range"), &zone);
        }
    }
}
