//! What a function is given, and how it refuses it.

use super::Function;
use crate::context::Context;
use crate::decimal::Decimal;
use crate::error::{Budget, Fault, RenderErrorKind};
use crate::language::Locale;
use crate::position::Span;
use crate::syntax::Expr;
use crate::value;
use serde_json::Value;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// What a function gives: a part of its arguments, or something of its own.
pub(crate) type Outcome<'a> = Result<Cow<'a, Value>, Refusal>;

/// The arguments of one call and the world around it.
pub(crate) struct Arguments<'a> {
    pub(crate) values: Vec<Cow<'a, Value>>,
    pub(crate) sources: &'a [Expr],
    pub(crate) source: &'a str,
    pub(crate) context: &'a Context,
}

/// Why a function gives nothing. Indices are those of arguments, from 0.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is no value.
    Null { index: usize },
    /// It is a list or an object.
    NoText { index: usize },
    /// It is not what the function works on.
    Bad { index: usize, problem: String, hint: Option<String> },
    /// Something is lacking that is no argument.
    Lacking { problem: String, hint: String },
    /// The result would be too long.
    TooLong,
}

impl Refusal {
    pub(crate) fn bad(index: usize, problem: impl Into<String>) -> Refusal {
        Refusal::Bad { index, problem: problem.into(), hint: None }
    }

    pub(crate) fn hinted(index: usize, problem: impl Into<String>, hint: impl Into<String>) -> Refusal {
        Refusal::Bad { index, problem: problem.into(), hint: Some(hint.into()) }
    }

    /// The refusal as an error of the rendering; `call` is where the whole call stands.
    pub(crate) fn fault(self, function: &Function, arguments: &Arguments<'_>, call: Span) -> Box<Fault> {
        let place = |index: usize| arguments.sources.get(index).map_or(call, |expr| expr.span);
        let expression = |index: usize| String::from(place(index).of(arguments.source));
        match self {
            Refusal::Null { index } => {
                Fault::new(RenderErrorKind::NoValue { expression: expression(index) }, place(index))
            }
            Refusal::NoText { index } => {
                Fault::new(RenderErrorKind::PrintedList { expression: expression(index) }, place(index))
            }
            Refusal::Bad { index, problem, hint } => Fault::new(
                RenderErrorKind::BadArgument { function: function.name, problem, hint },
                place(index),
            ),
            Refusal::Lacking { problem, hint } => {
                let hint = Some(hint);
                Fault::new(RenderErrorKind::BadArgument { function: function.name, problem, hint }, call)
            }
            Refusal::TooLong => {
                let bytes_max = arguments.context.limits.output_bytes_max;
                Fault::new(RenderErrorKind::Budget(Budget::Output { bytes_max }), call)
            }
        }
    }
}

impl<'a> Arguments<'a> {
    pub(crate) fn given(&self, index: usize) -> bool {
        index < self.values.len()
    }

    /// The argument as its author wrote it, for messages.
    pub(crate) fn written(&self, index: usize) -> &str {
        self.sources[index].span.of(self.source)
    }

    pub(crate) fn locale(&self) -> Locale {
        Locale::of(self.context)
    }

    /// The argument as text: texts, numbers, true and false.
    pub(crate) fn text(&self, index: usize) -> Result<Cow<'_, str>, Refusal> {
        let value = &*self.values[index];
        value::scalar_text(value).ok_or(if value.is_null() {
            Refusal::Null { index }
        } else {
            Refusal::NoText { index }
        })
    }

    /// The argument as text, or `otherwise` where it is not given.
    pub(crate) fn text_or<'s>(&'s self, index: usize, otherwise: &'s str) -> Result<Cow<'s, str>, Refusal> {
        if self.given(index) { self.text(index) } else { Ok(Cow::Borrowed(otherwise)) }
    }

    /// The argument as a number; numeric text counts.
    pub(crate) fn number(&self, index: usize) -> Result<Decimal, Refusal> {
        let decimal = match &*self.values[index] {
            Value::Number(number) => Some(Decimal::of(number)),
            Value::String(text) => Decimal::parse(text),
            _ => None,
        };
        decimal.ok_or_else(|| {
            Refusal::hinted(
                index,
                format!("needs a number, and `{}` is none", self.written(index)),
                "a number has digits, at most one point and no grouping signs: 1234.5",
            )
        })
    }

    /// The argument as a whole number within a range.
    pub(crate) fn whole(&self, index: usize, range: RangeInclusive<usize>) -> Result<usize, Refusal> {
        let decimal = self.number(index)?.shortest();
        let whole = if decimal.negative || !decimal.fraction.is_empty() {
            None
        } else {
            decimal.integer.parse().ok()
        };
        whole.filter(|whole| range.contains(whole)).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            Refusal::bad(
                index,
                format!("needs a whole number from {least} to {most} for `{}`", self.written(index)),
            )
        })
    }

    /// The items of a list.
    pub(crate) fn list(&self, index: usize) -> Result<&[Value], Refusal> {
        match &*self.values[index] {
            Value::Array(items) => Ok(items),
            _ => Err(Refusal::bad(index, format!("needs a list, and `{}` is none", self.written(index)))),
        }
    }
}

/// A text that a function made.
pub(crate) fn made<'a>(text: impl Into<String>) -> Outcome<'a> {
    Ok(Cow::Owned(Value::String(text.into())))
}
