//! The table of Twilio's error codes.

use std::sync::LazyLock;

/// What is known about one of Twilio's codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// The code, five digits.
    pub code: u32,
    /// The HTTP status of an answer with this code; `None` where the code never comes as an answer, but in
    /// a status callback, a fallback request or the debugger.
    pub http_status: Option<u16>,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// Whether trying again can help.
    pub retry: Retry,
    /// Whether anything was stopped by it.
    pub level: Level,
}

/// Whether trying the same thing again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// No: something must be changed first.
    Never,
    /// Yes, with growing pauses.
    Backoff,
    /// Yes, at a lower rate or through more senders.
    Slower,
    /// Yes, once a condition has passed that takes minutes to hours.
    Later,
    /// Yes, on the next day.
    NextDay,
    /// Yes, but once or a few times only.
    Few,
    /// Only where doing it twice does no harm: it is not known whether anything was created.
    WhenSafe,
    /// Twilio itself goes on: by its own retries, the fallback URL or the action URL.
    ByProvider,
    /// There is nothing to retry: the code only tells something.
    Informational,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// What was asked for did not happen.
    Error,
    /// It went on without the part that was wrong.
    Warning,
}

/// The entry for a code. Codes are added without notice, so an unknown one is no mistake.
pub fn lookup(code: u32) -> Option<&'static ErrorInfo> {
    let table = all();
    table.binary_search_by_key(&code, |info| info.code).ok().map(|at| &table[at])
}

/// The whole table, by code.
pub fn all() -> &'static [ErrorInfo] {
    static TABLE: LazyLock<Vec<ErrorInfo>> = LazyLock::new(|| {
        let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| row(line).unwrap_or_else(|| panic!("bad line in the error table: {line}"))).collect()
    });
    &TABLE
}

const TEXT: &str = include_str!("codes.tsv");

fn row(line: &'static str) -> Option<ErrorInfo> {
    let mut cells = line.split('\t');
    let mut cell = || cells.next();
    let code = cell()?.parse().ok()?;
    let http_status = match cell()? {
        "-" => None,
        status => Some(status.parse().ok()?),
    };
    let level = match cell()? {
        "error" => Level::Error,
        "warning" => Level::Warning,
        _ => return None,
    };
    let retry = match cell()? {
        "never" => Retry::Never,
        "backoff" => Retry::Backoff,
        "slower" => Retry::Slower,
        "later" => Retry::Later,
        "next-day" => Retry::NextDay,
        "few" => Retry::Few,
        "when-safe" => Retry::WhenSafe,
        "by-provider" => Retry::ByProvider,
        "none" => Retry::Informational,
        _ => return None,
    };
    Some(ErrorInfo { code, http_status, meaning: cell()?, retry, level })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_sorted_and_without_doubles() {
        assert_eq!(all().len(), 302);
        assert!(all().windows(2).all(|pair| pair[0].code < pair[1].code));
        for info in all() {
            assert!((10_000..100_000).contains(&info.code), "{info:?}");
            assert!(!info.meaning.is_empty() && info.meaning.len() <= 100, "{info:?}");
        }
    }

    #[test]
    fn the_codes_that_sending_turns_on() {
        let retry = |code| lookup(code).unwrap().retry;
        assert_eq!(retry(21610), Retry::Never);
        assert_eq!(retry(20429), Retry::Backoff);
        assert_eq!(retry(20500), Retry::WhenSafe);
        assert_eq!(retry(30001), Retry::Slower);
        assert_eq!(retry(30003), Retry::Few);
        assert_eq!(lookup(20003).unwrap().http_status, Some(401));
        assert_eq!(lookup(30003).unwrap().http_status, None);
        assert_eq!(lookup(12200).unwrap().level, Level::Warning);
        assert_eq!(lookup(99_999), None);
    }
}
