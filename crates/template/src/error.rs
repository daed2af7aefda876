//! What can be wrong with a template, and with rendering it.
//!
//! No message quotes a variable's value: values are personal data, and errors are logged.

use crate::position::{Position, Span};
use thiserror::Error;

/// A text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message} (line {}, column {})", at.line, at.column)]
pub struct ParseError {
    /// What is wrong, without its place.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where the offending piece begins.
    pub at: Position,
    /// Bytes of the offending piece, from `at.offset`; 0 where something is lacking.
    pub length: usize,
}

/// A template that could not be rendered with these values.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} (line {}, column {})", at.line, at.column)]
pub struct RenderError {
    /// What is wrong.
    pub kind: RenderErrorKind,
    /// Where in the template.
    pub at: Position,
}

impl RenderError {
    /// What is wrong, without its place.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        self.kind.hint()
    }

    /// The variable that is missing or null, where that is what is wrong.
    pub fn variable(&self) -> Option<&str> {
        match &self.kind {
            RenderErrorKind::MissingVariable { name } | RenderErrorKind::NullVariable { name } => Some(name),
            _ => None,
        }
    }
}

/// What is wrong with a rendering.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderErrorKind {
    /// A variable that is needed does not exist.
    #[error("the variable `{name}` is missing")]
    MissingVariable {
        /// Its full path, as in `reply.text`.
        name: String,
    },
    /// A variable that is needed is there, but null.
    #[error("the variable `{name}` is null")]
    NullVariable {
        /// Its full path, as in `reply.text`.
        name: String,
    },
    /// An expression that is no variable gave null where a value is needed.
    #[error("`{expression}` has no value")]
    NoValue {
        /// Its source.
        expression: String,
    },
    /// A list or an object where text is needed.
    #[error("`{expression}` is a list or an object, which has no text of its own")]
    PrintedList {
        /// Its source.
        expression: String,
    },
    /// `#each` met something that is no list.
    #[error("`{expression}` is no list, so `#each` cannot go through it")]
    NotAList {
        /// Its source.
        expression: String,
    },
    /// A function cannot work with an argument.
    #[error("`{function}` {problem}")]
    BadArgument {
        /// The function's name.
        function: &'static str,
        /// What it cannot do, as the rest of a sentence.
        problem: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A limit was hit.
    #[error("{0}")]
    Budget(Budget),
}

/// A limit of [`crate::Limits`] that was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Budget {
    /// The text, or what a function makes of one, is too long.
    #[error("the text grows over its limit of {bytes_max} bytes")]
    Output {
        /// The limit.
        bytes_max: usize,
    },
    /// There is too much to evaluate.
    #[error("rendering takes more than its limit of {steps_max} steps")]
    Steps {
        /// The limit.
        steps_max: usize,
    },
}

impl RenderErrorKind {
    fn hint(&self) -> Option<String> {
        match self {
            RenderErrorKind::MissingVariable { name } | RenderErrorKind::NullVariable { name } => {
                Some(word_operator_hint(name).unwrap_or_else(|| {
                    format!("write `{{{{{name} ?? \"…\"}}}}` or put it inside `{{{{#if {name}}}}}` if it may be missing")
                }))
            }
            RenderErrorKind::NoValue { expression } => {
                Some(format!("write `{{{{{expression} ?? \"…\"}}}}` if it may have none"))
            }
            RenderErrorKind::PrintedList { expression } => Some(format!(
                "print a list with `join({expression}, \", \")` or `#each`, an object by one of its fields"
            )),
            RenderErrorKind::NotAList { .. } => None,
            RenderErrorKind::BadArgument { hint, .. } => hint.clone(),
            RenderErrorKind::Budget(_) => Some(String::from("shorten the lists or texts that it prints")),
        }
    }
}

/// Names may contain blanks, so `a and b` is a name: whoever meant an operator is told.
fn word_operator_hint(name: &str) -> Option<String> {
    let (word, operator) = [("and", "&&"), ("or", "||"), ("is", "=="), ("not", "!"), ("eq", "==")]
        .into_iter()
        .find(|(word, _)| name.split(' ').any(|part| part == *word))?;
    Some(format!("names may contain blanks, so this is one name; the operator for `{word}` is `{operator}`"))
}

/// A [`RenderError`] before its place is looked up in the source.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: RenderErrorKind,
    pub(crate) span: Span,
}

impl Fault {
    pub(crate) fn new(kind: RenderErrorKind, span: Span) -> Box<Fault> {
        Box::new(Fault { kind, span })
    }

    pub(crate) fn located(self, source: &str) -> RenderError {
        RenderError { kind: self.kind, at: self.span.position(source) }
    }
}
