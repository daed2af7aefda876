//! Statements as data: what the verbs are written in and what both executors run.

use crate::error::{Conflict, StoreError};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// One SQL statement with its parameters and what it must do.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Parameters are `$1`, `$2`, …; no `$` stands for anything else.
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<Value>,
    pub(crate) expect: Expect,
    /// What it means when a unique key exists already; nothing where that would be a bug.
    pub(crate) duplicate: Option<Conflict>,
}

/// How many rows a statement must touch or give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    Any,
    /// Else it is this conflict, and nothing of the commit is stored.
    AtLeastOne(Conflict),
    /// Any number, and they are handed back.
    Rows,
}

/// The only kinds of columns there are: times are milliseconds since 1970, truth values 0 or 1,
/// JSON is text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// What a statement did.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) touched: u64,
    pub(crate) rows: Vec<Row>,
}

/// One row of a result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Statement {
    pub(crate) fn any(sql: &'static str, params: Vec<Value>) -> Statement {
        Statement { sql, params, expect: Expect::Any, duplicate: None }
    }

    pub(crate) fn must(conflict: Conflict, sql: &'static str, params: Vec<Value>) -> Statement {
        Statement { sql, params, expect: Expect::AtLeastOne(conflict), duplicate: None }
    }

    pub(crate) fn rows(sql: &'static str, params: Vec<Value>) -> Statement {
        Statement { sql, params, expect: Expect::Rows, duplicate: None }
    }

    pub(crate) fn duplicate(self, conflict: Conflict) -> Statement {
        Statement { duplicate: Some(conflict), ..self }
    }
}

/// A list of parameters from anything that has a column's kind.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::statement::Value::from($value)),*] };
}
pub(crate) use values;

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Value {
        Value::Int(i64::from(value))
    }
}

impl From<String> for Value {
    /// PostgreSQL's texts cannot hold NUL, and no text of ours means anything by it.
    fn from(value: String) -> Value {
        if value.contains('\0') { Value::Text(value.replace('\0', "\u{FFFD}")) } else { Value::Text(value) }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::from(value.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Blob(value)
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Value {
        Value::Int(value.as_millisecond())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// Most of our JSON texts fit into this, and so are written without being moved.
const JSON_BYTES: usize = 1_024;

/// JSON of a value of ours.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    let mut text = Vec::with_capacity(JSON_BYTES);
    serde_json::to_writer(&mut text, value).expect("our values have text keys and no failing serializers");
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// The millisecond at or after this time: what is due then is never claimed before its time.
pub(crate) fn due_ms(time: Timestamp) -> i64 {
    let floor = time.as_millisecond();
    if time.as_nanosecond() > i128::from(floor) * 1_000_000 { floor + 1 } else { floor }
}

/// What is stored is not what this column should hold.
#[derive(Debug, thiserror::Error)]
enum Misread {
    #[error("column {column} holds another kind of value")]
    Kind { column: usize },
    #[error("{0} is not a time")]
    Time(i64),
    #[error("{0} is out of range")]
    Range(i64),
}

pub(crate) fn corrupt(
    what: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    StoreError::Corrupt { what, source: source.into() }
}

impl Row {
    fn take(&mut self, column: usize) -> Value {
        self.0.get_mut(column).map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    /// Takes the text out of a column; each column can be taken once.
    pub(crate) fn text(&mut self, column: usize, what: &'static str) -> Result<String, StoreError> {
        match self.take(column) {
            Value::Text(text) => Ok(text),
            _ => Err(corrupt(what, Misread::Kind { column })),
        }
    }

    pub(crate) fn text_or_null(
        &mut self,
        column: usize,
        what: &'static str,
    ) -> Result<Option<String>, StoreError> {
        match self.take(column) {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            _ => Err(corrupt(what, Misread::Kind { column })),
        }
    }

    pub(crate) fn blob(&mut self, column: usize, what: &'static str) -> Result<Vec<u8>, StoreError> {
        match self.take(column) {
            Value::Blob(bytes) => Ok(bytes),
            _ => Err(corrupt(what, Misread::Kind { column })),
        }
    }

    pub(crate) fn int(&self, column: usize, what: &'static str) -> Result<i64, StoreError> {
        self.int_or_null(column, what)?.ok_or_else(|| corrupt(what, Misread::Kind { column }))
    }

    pub(crate) fn int_or_null(&self, column: usize, what: &'static str) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(int)) => Ok(Some(*int)),
            Some(Value::Null) => Ok(None),
            _ => Err(corrupt(what, Misread::Kind { column })),
        }
    }

    pub(crate) fn small(&self, column: usize, what: &'static str) -> Result<u32, StoreError> {
        let int = self.int(column, what)?;
        u32::try_from(int).map_err(|_| corrupt(what, Misread::Range(int)))
    }

    pub(crate) fn time(&self, column: usize, what: &'static str) -> Result<Timestamp, StoreError> {
        time_from_ms(self.int(column, what)?, what)
    }

    pub(crate) fn time_or_null(
        &self,
        column: usize,
        what: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.int_or_null(column, what)?.map(|ms| time_from_ms(ms, what)).transpose()
    }

    pub(crate) fn json<T: DeserializeOwned>(
        &mut self,
        column: usize,
        what: &'static str,
    ) -> Result<T, StoreError> {
        let text = self.text(column, what)?;
        serde_json::from_str(&text).map_err(|error| corrupt(what, error))
    }
}

fn time_from_ms(ms: i64, what: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|_| corrupt(what, Misread::Time(ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_due_before_its_time() {
        for (nanosecond, ms) in [(0, 0), (1, 1), (999_999, 1), (1_000_000, 1), (-1, 0), (-1_000_001, -1)] {
            let time = Timestamp::from_nanosecond(nanosecond).unwrap();
            assert_eq!(due_ms(time), ms, "{nanosecond} ns");
        }
    }

    #[test]
    fn a_nul_never_reaches_a_database() {
        assert_eq!(Value::from("a\0b"), Value::Text("a\u{FFFD}b".into()));
    }
}
