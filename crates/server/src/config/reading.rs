//! Reads settings by their type, and remembers what was read and what was wrong.

use super::layers::{ConfigError, Layers, Origin, Problem, Written};
use super::networks::Networks;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

pub(super) struct Reader {
    layers: Layers,
    read: BTreeSet<&'static str>,
}

impl Reader {
    pub(super) fn new(layers: Layers) -> Reader {
        Reader { layers, read: BTreeSet::new() }
    }

    /// The settings, where nothing was wrong.
    pub(super) fn finish<T>(self, settings: T) -> Result<T, ConfigError> {
        let unread = self.layers.settings.keys().find(|path| !self.read.contains(path.as_str()));
        debug_assert_eq!(unread, None, "a setting that is documented and ignored");
        if self.layers.problems.is_empty() {
            Ok(settings)
        } else {
            Err(ConfigError::Wrong(self.layers.problems))
        }
    }

    pub(super) fn text(&mut self, path: &'static str) -> String {
        let (value, origin) = self.take(path);
        if value.is_empty() {
            self.problem(path, origin, "must not be empty".to_owned());
        }
        value
    }

    pub(super) fn optional(&mut self, path: &'static str) -> Option<String> {
        Some(self.take(path).0).filter(|value| !value.is_empty())
    }

    pub(super) fn list(&mut self, path: &'static str) -> Vec<String> {
        self.take_list(path).0
    }

    /// `expected` completes "must be …".
    pub(super) fn parsed<T: FromStr>(&mut self, path: &'static str, expected: &str) -> T {
        let (value, origin) = self.take(path);
        match value.parse() {
            Ok(value) => value,
            Err(_) => {
                self.wrong(path, origin, &value, expected);
                self.default_of(path, |text| text.parse().ok())
            }
        }
    }

    pub(super) fn number<N>(&mut self, path: &'static str, range: RangeInclusive<N>) -> N
    where
        N: FromStr + PartialOrd + Display + Copy,
    {
        let (value, origin) = self.take(path);
        match value.replace('_', "").parse::<N>() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.wrong(
                    path,
                    origin,
                    &value,
                    &format!("a whole number from {} to {}", range.start(), range.end()),
                );
                *range.start()
            }
        }
    }

    pub(super) fn count(&mut self, path: &'static str, range: RangeInclusive<usize>) -> usize {
        self.number(path, range)
    }

    pub(super) fn duration(&mut self, path: &'static str, range: RangeInclusive<Duration>) -> Duration {
        self.duration_within(path, range, None)
    }

    /// As [`Reader::duration`]; `why` tells what the range comes from, where another setting decides it.
    pub(super) fn duration_because(
        &mut self,
        path: &'static str,
        range: RangeInclusive<Duration>,
        why: String,
    ) -> Duration {
        self.duration_within(path, range, Some(why))
    }

    fn duration_within(
        &mut self,
        path: &'static str,
        range: RangeInclusive<Duration>,
        why: Option<String>,
    ) -> Duration {
        let (value, origin) = self.take(path);
        match parse_duration(&value) {
            Some(duration) if range.contains(&duration) => duration,
            Some(_) => {
                let (start, end) = (range.start(), range.end());
                let message = format!("{path} must be from {start:?} to {end:?}, and is {value:?}");
                self.layers.problems.push(Problem { origin, message, hint: why });
                *start
            }
            None => {
                self.wrong(path, origin, &value, "a duration such as 500ms, 10s, 5m, 24h or 7d");
                *range.start()
            }
        }
    }

    pub(super) fn word<T: Copy>(&mut self, path: &'static str, words: &[(&str, T)]) -> T {
        let (value, origin) = self.take(path);
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == value) {
            return *meaning;
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.wrong(path, origin, &value, &names.join(" or "));
        words[0].1
    }

    pub(super) fn public_url(&mut self, path: &'static str) -> Option<String> {
        let (value, origin) = self.take(path);
        if value.is_empty() {
            return None;
        }
        let checked = super::checked_public_url(&value);
        checked.map_err(|expected| self.wrong(path, origin, &value, expected)).ok()
    }

    pub(super) fn networks(&mut self, path: &'static str) -> Networks {
        let (items, origin) = self.take_list(path);
        let mut networks = Networks::default();
        for item in items {
            if networks.add(&item).is_none() {
                self.wrong(path, origin.clone(), &item, "addresses or networks such as 10.0.0.0/8");
            }
        }
        networks
    }

    fn take(&mut self, path: &'static str) -> (String, Origin) {
        let (written, origin) = self.written(path);
        match written {
            Written::One(value) => (value, origin),
            Written::Several(items) => {
                self.problem(path, origin.clone(), "takes one value, not a list".to_owned());
                (items.into_iter().next().unwrap_or_default(), origin)
            }
        }
    }

    fn take_list(&mut self, path: &'static str) -> (Vec<String>, Origin) {
        let (written, origin) = self.written(path);
        match written {
            Written::Several(items) => (items, origin),
            Written::One(value) => {
                self.problem(path, origin.clone(), "takes a list".to_owned());
                (vec![value], origin)
            }
        }
    }

    fn written(&mut self, path: &'static str) -> (Written, Origin) {
        self.read.insert(path);
        let setting = self.layers.settings.get(path).cloned();
        setting.unwrap_or_else(|| unreachable!("{path} is not among the defaults"))
    }

    /// The documented default, so that reading can go on and find the other problems.
    fn default_of<T>(&self, path: &str, parse: impl Fn(&str) -> Option<T>) -> T {
        let defaults = Layers::defaults(super::DEFAULTS);
        let value = defaults.settings.get(path).and_then(|(written, _)| match written {
            Written::One(value) => parse(value),
            Written::Several(_) => None,
        });
        value.expect("the defaults are right")
    }

    fn wrong(&mut self, path: &str, origin: Origin, value: &str, expected: &str) {
        self.problem(path, origin, format!("must be {expected}, and is {value:?}"));
    }

    fn problem(&mut self, path: &str, origin: Origin, message: String) {
        self.layers.problems.push(Problem { origin, message: format!("{path} {message}"), hint: None });
    }
}

/// `500ms`, `10s`, `5m`, `24h`, `7d`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}
