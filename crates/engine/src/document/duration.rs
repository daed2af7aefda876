//! Durations: `500ms`, `10s`, `5m`, `24h`, `7d`, also together (`1h 30m`), and bare numbers.

/// What a bare number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Minutes,
}

impl Unit {
    pub fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "seconds",
            Unit::Minutes => "minutes",
        }
    }

    fn ms(self) -> i64 {
        match self {
            Unit::Seconds => 1_000,
            Unit::Minutes => 60_000,
        }
    }
}

/// Longest duration that is taken: ten years.
const DURATION_DAYS_MAX: i64 = 3_650;

/// Milliseconds of a duration. A leading `-` or `+` is taken, for offsets.
///
/// # Errors
/// Why it is none.
pub fn parse_duration_ms(text: &str, bare: Unit) -> Result<i64, String> {
    let text = text.trim();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut rest = unsigned.trim_start();
    let mut total_ms = 0.0;
    let mut parts = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().map_err(|_| format!("`{text}` is no duration"))?;
        let after = rest[digits..].trim_start();
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let unit_ms = match &after[..letters] {
            "" if parts == 0 && after.is_empty() => bare.ms(),
            "" => return Err(format!("`{text}` has a number without a unit")),
            unit => unit_ms(unit).ok_or_else(|| format!("`{unit}` is no unit of time"))?,
        };
        total_ms += number * unit_ms as f64;
        rest = after[letters..].trim_start();
        parts += 1;
    }
    if parts == 0 {
        return Err(String::from("the duration is empty"));
    }
    if total_ms > (DURATION_DAYS_MAX * 86_400_000) as f64 {
        return Err(format!("`{text}` is longer than {DURATION_DAYS_MAX} days"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded by ten years, just above")]
    Ok((sign * total_ms).round() as i64)
}

fn unit_ms(unit: &str) -> Option<i64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "ms" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "second" | "seconds" => 1_000,
        "m" | "min" | "minute" | "minutes" => 60_000,
        "h" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => 86_400_000,
        "w" | "week" | "weeks" => 7 * 86_400_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, expected) in [
            ("500ms", Some(500)),
            ("10s", Some(10_000)),
            ("5m", Some(300_000)),
            ("24h", Some(86_400_000)),
            ("7d", Some(604_800_000)),
            ("1h 30m", Some(5_400_000)),
            ("1.5 hours", Some(5_400_000)),
            ("-24h", Some(-86_400_000)),
            ("30", Some(30_000)),
            ("0", Some(0)),
            ("", None),
            ("-", None),
            ("soon", None),
            ("5 parsecs", None),
            ("1h30", None),
            ("1.2.3s", None),
            ("4000d", None),
        ] {
            assert_eq!(parse_duration_ms(text, Unit::Seconds).ok(), expected, "{text}");
        }
        assert_eq!(parse_duration_ms("2", Unit::Minutes), Ok(120_000));
    }
}
