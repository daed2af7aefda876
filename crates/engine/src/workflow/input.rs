//! What a run may be started with: a part of JSON Schema, checked value by value.

use crate::address::PhoneNumber;
use crate::diagnostic::suggest;
use jiff::civil::{Date, Time};
use serde_json::{Map, Value};

/// One declared input.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    /// Its JSON Schema, as written.
    pub schema: Value,
    /// The same, ready to be checked against.
    pub shape: Shape,
    /// Required where there is none.
    pub default: Option<Value>,
}

/// What a value must be. Everything that is set must hold.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// One of these; anything where empty.
    pub types: Vec<Type>,
    /// One of these, or anything where empty.
    pub one_of: Vec<Value>,
    pub pattern: Option<regex::Regex>,
    pub format: Option<Format>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub exclusive_minimum: Option<f64>,
    pub exclusive_maximum: Option<f64>,
    /// In characters, or items of a list.
    pub length_min: Option<usize>,
    pub length_max: Option<usize>,
    pub items: Option<Box<Shape>>,
    pub properties: Vec<(String, Shape)>,
    pub required: Vec<String>,
    /// An object has no fields but those that are described.
    pub is_closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A possible phone number; without a country code only where the workflow has a region.
    Phone,
    Email,
    /// `2026-11-23`
    Date,
    /// `14:30` or `14:30:00`
    Time,
    /// RFC 3339.
    DateTime,
    /// `http` or `https`.
    Uri,
    Uuid,
}

pub(super) const TYPES: &[(&str, Type)] = &[
    ("string", Type::String),
    ("number", Type::Number),
    ("integer", Type::Integer),
    ("boolean", Type::Boolean),
    ("array", Type::Array),
    ("object", Type::Object),
    ("null", Type::Null),
];

pub(super) const FORMATS: &[(&str, Format)] = &[
    ("phone", Format::Phone),
    ("email", Format::Email),
    ("date", Format::Date),
    ("time", Format::Time),
    ("date-time", Format::DateTime),
    ("uri", Format::Uri),
    ("uuid", Format::Uuid),
];

/// Fills in defaults and checks every declared input. A text of blanks alone counts as not given, unless the input has a
/// `minLength`, or names it in its `enum`. Fields that are not declared are dropped, for
/// the senders of webhooks send what they like; but one whose name is close to that of a missing
/// input is taken for a slip.
///
/// # Errors
/// One sentence a problem. Values never stand in them: they may be personal.
pub(super) fn accept(
    inputs: &[Input],
    region: Option<&str>,
    mut given: Map<String, Value>,
) -> Result<Map<String, Value>, Vec<String>> {
    let mut accepted = Map::new();
    let mut problems = Vec::new();
    for input in inputs {
        match (given.shift_remove(&input.name), &input.default) {
            (Some(value), Some(default)) if input.shape.is_nothing(&value) => {
                accepted.insert(input.name.clone(), default.clone());
            }
            (Some(value), None) if input.shape.is_nothing(&value) => problems.push(empty(&input.name)),
            (Some(value), _) => {
                input.shape.check(&value, &input.name, region, &mut problems);
                accepted.insert(input.name.clone(), value);
            }
            (None, default) => {
                let is_unknown = |key: &&String| inputs.iter().all(|input| input.name != **key);
                let others = given.keys().filter(is_unknown).map(String::as_str);
                match (suggest(&input.name, others), default) {
                    (Some(slip), _) => {
                        problems.push(format!("`{}` is missing; is `{slip}` meant to be it?", input.name));
                    }
                    (None, Some(default)) => {
                        accepted.insert(input.name.clone(), default.clone());
                    }
                    (None, None) => problems.push(format!("`{}` is required", input.name)),
                }
            }
        }
    }
    if problems.is_empty() { Ok(accepted) } else { Err(problems) }
}

/// Fields of a form are texts: those of inputs that are numbers, or true or false, are read as such where they can be.
pub(super) fn read_texts(inputs: &[Input], mut given: Map<String, Value>) -> Map<String, Value> {
    for input in inputs {
        let Some(Value::String(text)) = given.get(&input.name) else { continue };
        if let Some(read) = input.shape.read(text) {
            given.insert(input.name.clone(), read);
        }
    }
    given
}

fn empty(name: &str) -> String {
    format!("`{name}` is empty; where it may be, give it `default: \"\"` or `minLength: 0`")
}

impl Shape {
    /// Whether it is a text of nothing but blanks, and nothing says that such a one is wanted: it would leave a gap
    /// in whatever is sent.
    fn is_nothing(&self, value: &Value) -> bool {
        let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
        is_blank && self.length_min.is_none() && !self.one_of.contains(value)
    }

    /// The value that a text stands for, where it is to be no text.
    fn read(&self, text: &str) -> Option<Value> {
        let wants = |kinds: &[Type]| self.types.iter().any(|kind| kinds.contains(kind));
        if self.types.is_empty() || wants(&[Type::String]) {
            return None;
        }
        let is_fitting = |value: &Value| match value {
            Value::Number(_) => wants(&[Type::Number, Type::Integer]),
            Value::Bool(_) => wants(&[Type::Boolean]),
            _ => false,
        };
        serde_json::from_str(text.trim()).ok().filter(is_fitting)
    }

    /// Adds a sentence for everything that is wrong with `value`, which is called `name`.
    pub fn check(&self, value: &Value, name: &str, region: Option<&str>, problems: &mut Vec<String>) {
        if !self.types.is_empty() && !self.types.iter().any(|kind| kind.holds(value)) {
            let kinds: Vec<&str> = self.types.iter().map(|kind| kind.noun()).collect();
            problems.push(format!("`{name}` is {}, not {}", kinds.join(" or "), noun(value)));
            return;
        }
        if !self.one_of.is_empty() && !self.one_of.contains(value) {
            let allowed: Vec<String> = self.one_of.iter().map(Value::to_string).collect();
            problems.push(format!("`{name}` is one of {}", allowed.join(", ")));
        }
        match value {
            Value::String(text) => self.check_text(text, name, region, problems),
            Value::Number(number) => self.check_number(number.as_f64().unwrap_or(f64::NAN), name, problems),
            Value::Array(items) => {
                self.check_length(items.len(), name, "items", problems);
                for (index, item) in items.iter().enumerate() {
                    if let Some(shape) = &self.items {
                        shape.check(item, &format!("{name}.{index}"), region, problems);
                    }
                }
            }
            Value::Object(fields) => {
                for required in self.required.iter().filter(|required| !fields.contains_key(*required)) {
                    problems.push(format!("`{name}.{required}` is required"));
                }
                for (key, shape) in &self.properties {
                    if let Some(field) = fields.get(key) {
                        if self.required.contains(key) && shape.is_nothing(field) {
                            problems.push(empty(&format!("{name}.{key}")));
                            continue;
                        }
                        shape.check(field, &format!("{name}.{key}"), region, problems);
                    }
                }
                let is_known = |key: &&String| self.properties.iter().any(|(known, _)| known == *key);
                for unknown in fields.keys().filter(|key| self.is_closed && !is_known(key)) {
                    problems.push(format!("`{name}.{unknown}` is not described"));
                }
            }
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn check_text(&self, text: &str, name: &str, region: Option<&str>, problems: &mut Vec<String>) {
        self.check_length(text.chars().count(), name, "characters", problems);
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
            problems.push(format!("`{name}` does not match {pattern}"));
        }
        if let Some(format) = self.format
            && let Some(problem) = format.problem(text, region)
        {
            problems.push(format!("`{name}` {problem}"));
        }
    }

    fn check_length(&self, length: usize, name: &str, unit: &str, problems: &mut Vec<String>) {
        if let Some(min) = self.length_min.filter(|min| length < *min) {
            problems.push(format!("`{name}` has at least {min} {unit}"));
        }
        if let Some(max) = self.length_max.filter(|max| length > *max) {
            problems.push(format!("`{name}` has at most {max} {unit}"));
        }
    }

    fn check_number(&self, number: f64, name: &str, problems: &mut Vec<String>) {
        if let Some(min) = self.minimum.filter(|min| number < *min) {
            problems.push(format!("`{name}` is at least {min}"));
        }
        if let Some(max) = self.maximum.filter(|max| number > *max) {
            problems.push(format!("`{name}` is at most {max}"));
        }
        if let Some(min) = self.exclusive_minimum.filter(|min| number <= *min) {
            problems.push(format!("`{name}` is more than {min}"));
        }
        if let Some(max) = self.exclusive_maximum.filter(|max| number >= *max) {
            problems.push(format!("`{name}` is less than {max}"));
        }
    }
}

impl Type {
    fn holds(self, value: &Value) -> bool {
        match self {
            Type::String => value.is_string(),
            Type::Number => value.is_number(),
            Type::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Type::Boolean => value.is_boolean(),
            Type::Array => value.is_array(),
            Type::Object => value.is_object(),
            Type::Null => value.is_null(),
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Type::String => "a text",
            Type::Number => "a number",
            Type::Integer => "a whole number",
            Type::Boolean => "true or false",
            Type::Array => "a list",
            Type::Object => "an object",
            Type::Null => "null",
        }
    }
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Null => "null",
    }
}

impl Format {
    /// What is wrong with a text, as the rest of a sentence.
    fn problem(self, text: &str, region: Option<&str>) -> Option<String> {
        let is_fine = match self {
            Format::Phone => match PhoneNumber::parse(text, region) {
                Ok(_) => true,
                Err(error) => return Some(format!("is no phone number: {error}")),
            },
            Format::Email => is_email(text),
            Format::Date => text.len() == 10 && text.parse::<Date>().is_ok(),
            Format::Time => text.contains(':') && text.parse::<Time>().is_ok(),
            Format::DateTime => text.parse::<jiff::Timestamp>().is_ok(),
            Format::Uri => is_web_address(text),
            Format::Uuid => is_uuid(text),
        };
        let expected = match self {
            Format::Phone => "a phone number",
            Format::Email => "an e-mail address",
            Format::Date => "a date such as 2026-11-23",
            Format::Time => "a time such as 14:30",
            Format::DateTime => "a date and time with its offset, such as 2026-11-23T14:30:00Z",
            Format::Uri => "a web address",
            Format::Uuid => "a UUID",
        };
        (!is_fine).then(|| format!("is not {expected}"))
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    is_plain(local)
        && is_plain(domain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && text.len() <= 254
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}
