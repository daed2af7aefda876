//! What a rendering is given besides the template.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// Where variables come from.
pub trait Scope {
    /// The variable of that exact name; names are case-sensitive and may contain single blanks.
    fn get(&self, name: &str) -> Option<&Value>;
}

impl Scope for Map<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        Map::get(self, name)
    }
}

/// What functions know of the world, and how much a rendering may cost.
#[derive(Debug, Clone)]
pub struct Context {
    /// What `today` and `now` mean to the date functions, and which year goes without saying.
    pub now: Timestamp,
    /// Dates and times with an offset are shown in this zone.
    pub time_zone: TimeZone,
    /// A language tag such as `en-US`. English, Spanish, French and German have words and formats;
    /// any other language gets neutral forms (`2026-11-23`, `14:30`, `1234.5`), never English ones.
    pub language: String,
    /// Two-letter region: for phone numbers without a country code, and for formats where the
    /// language has no region of its own.
    pub region: Option<String>,
    /// ISO 4217 code that `formatMoney` and `spokenMoney` take where none is given.
    pub currency: Option<String>,
    /// When to give up.
    pub limits: Limits,
}

impl Default for Context {
    /// English in UTC at the Unix epoch, without a region or a currency.
    fn default() -> Context {
        Context {
            now: Timestamp::UNIX_EPOCH,
            time_zone: TimeZone::UTC,
            language: String::from("en"),
            region: None,
            currency: None,
            limits: Limits::default(),
        }
    }
}

/// What one rendering may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text, in bytes of UTF-8; also the longest result of any function inside it.
    pub output_bytes_max: usize,
    /// Evaluation steps: one for each part of an expression, block and loop round, and one for
    /// each 64 bytes of text that a function or comparison reads.
    pub steps_max: usize,
}

impl Default for Limits {
    /// 64 KiB of text, 100,000 steps.
    fn default() -> Limits {
        Limits { output_bytes_max: 64 * 1024, steps_max: 100_000 }
    }
}

/// Bytes of text that cost one step.
pub(crate) const STEP_BYTES: usize = 64;
