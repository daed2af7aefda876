//! The functions that templates may call, a file for each theme.
//!
//! To add one, write it in the file of its theme, put it into that file's `FUNCTIONS`, and give it
//! examples: they are its documentation and its test.

mod argument;
mod date;
mod date_input;
mod date_pattern;
mod list;
mod money;
mod number;
mod phone;
mod speech;
mod text;

pub(crate) use argument::{Arguments, Outcome};
pub(crate) use text::url_encoded;

use crate::context::Context;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// The name it is called by.
    pub name: &'static str,
    /// How it is called, optional arguments in square brackets.
    pub signature: &'static str,
    /// What it gives, in a line.
    pub about: &'static str,
    /// Expressions and what they print, with [`example_scope`] and [`example_context`].
    pub examples: &'static [(&'static str, &'static str)],
    /// How many arguments it takes.
    pub arguments: RangeInclusive<usize>,
    pub(crate) missing: Missing,
    pub(crate) run: for<'a> fn(&Arguments<'a>) -> Outcome<'a>,
}

/// What a function makes of a first argument that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// An error where the result is needed, null where it is only asked about.
    Refused,
    /// An error where the result is needed, and otherwise as good as an empty one.
    Empty,
    /// What the function is there for: never an error.
    Replaced,
}

impl Function {
    /// Whether the function sees a null at that place, from 0.
    pub(crate) fn takes_null(&self, index: usize) -> bool {
        match self.missing {
            Missing::Refused => false,
            Missing::Empty => index == 0,
            Missing::Replaced => true,
        }
    }
}

const THEMES: [&[Function]; 7] = [
    text::FUNCTIONS,
    number::FUNCTIONS,
    money::FUNCTIONS,
    date::FUNCTIONS,
    list::FUNCTIONS,
    phone::FUNCTIONS,
    speech::FUNCTIONS,
];

/// Every function, by theme.
pub fn all() -> impl Iterator<Item = &'static Function> {
    THEMES.into_iter().flatten()
}

/// The function of that exact name.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

/// The function whose name is most like a misspelt one, if any is.
pub fn suggest(name: &str) -> Option<&'static str> {
    /// Below this, names have little more than some letters in common.
    const LIKENESS_MIN: f64 = 0.8;
    let folded = |name: &str| name.replace([' ', '_', '-'], "").to_lowercase();
    let wanted = folded(name);
    all()
        .map(|function| (function.name, strsim::jaro_winkler(&folded(function.name), &wanted)))
        .filter(|(_, likeness)| *likeness >= LIKENESS_MIN)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(name, _)| name)
}

/// The names of all functions, for people.
pub(crate) fn names() -> String {
    all().map(|function| function.name).collect::<Vec<_>>().join(", ")
}

/// The variables that the examples use.
pub fn example_scope() -> Map<String, Value> {
    let items = ["tea", "milk", "bread"].map(Value::from);
    [
        ("name", Value::from("ada lovelace")),
        ("nickname", Value::Null),
        ("items", Value::from(items.to_vec())),
        ("appointment", Value::from("2026-11-23T14:30:00Z")),
        ("phone", Value::from("(555) 123-4567")),
    ]
    .into_iter()
    .map(|(name, value)| (String::from(name), value))
    .collect()
}

/// The context of the examples: Monday, 23 November 2026, 09:30 in UTC, American English, dollars.
pub fn example_context() -> Context {
    Context {
        now: jiff::Timestamp::constant(1_795_426_200, 0),
        language: String::from("en-US"),
        region: Some(String::from("US")),
        currency: Some(String::from("USD")),
        ..Context::default()
    }
}
