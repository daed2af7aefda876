//! From an expression and a scope to a value.

use crate::context::{Context, STEP_BYTES, Scope};
use crate::error::{Budget, Fault, RenderErrorKind};
use crate::function::{Arguments, Function, Missing};
use crate::position::Span;
use crate::syntax::{Chaining, Comparison, Expr, ExprKind, LoopName, Path, Root};
use crate::value;
use serde_json::Value;
use std::borrow::Cow;

/// A value of the scope or of the template itself, or one that was made.
pub(crate) type Evaluated<'a> = Result<Cow<'a, Value>, Box<Fault>>;

static NULL: Value = Value::Null;

/// Evaluates the expressions of one rendering, within its budget.
pub(crate) struct Evaluator<'a> {
    source: &'a str,
    scope: &'a dyn Scope,
    context: &'a Context,
    steps_left: usize,
    /// The open `#each` bodies, innermost last.
    rounds: Vec<Round<'a>>,
}

/// One round of an `#each`.
#[derive(Clone, Copy)]
pub(crate) struct Round<'a> {
    pub(crate) this: &'a Value,
    pub(crate) index: usize,
    pub(crate) length: usize,
}

/// What a missing variable means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    Error,
    Empty,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(source: &'a str, scope: &'a dyn Scope, context: &'a Context) -> Evaluator<'a> {
        Evaluator { source, scope, context, steps_left: context.limits.steps_max, rounds: Vec::new() }
    }

    /// The value of what is printed or gone through: a missing variable is an error.
    pub(crate) fn needed(&mut self, expr: &'a Expr) -> Evaluated<'a> {
        self.value(expr, Absent::Error)
    }

    /// The value of what is only asked about: a missing variable is null.
    pub(crate) fn tested(&mut self, expr: &'a Expr) -> Evaluated<'a> {
        self.value(expr, Absent::Empty)
    }

    /// A variable that is printed by itself, the most common case by far.
    pub(crate) fn variable(&mut self, path: &'a Path, span: Span) -> Result<&'a Value, Box<Fault>> {
        self.charge(1, span)?;
        match self.find(path) {
            Some(Value::Null) => Err(Fault::new(RenderErrorKind::NullVariable { name: path.name() }, span)),
            Some(value) => Ok(value),
            None => Err(Fault::new(RenderErrorKind::MissingVariable { name: path.name() }, span)),
        }
    }

    pub(crate) fn enter(&mut self, round: Round<'a>) {
        self.rounds.push(round);
    }

    pub(crate) fn leave(&mut self) {
        self.rounds.pop();
    }

    /// Takes `steps` from the budget.
    pub(crate) fn charge(&mut self, steps: usize, span: Span) -> Result<(), Box<Fault>> {
        match self.steps_left.checked_sub(steps) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => {
                let steps_max = self.context.limits.steps_max;
                Err(Fault::new(RenderErrorKind::Budget(Budget::Steps { steps_max }), span))
            }
        }
    }

    fn value(&mut self, expr: &'a Expr, absent: Absent) -> Evaluated<'a> {
        if let (ExprKind::Path(path), Absent::Error) = (&expr.kind, absent) {
            return self.variable(path, expr.span).map(Cow::Borrowed);
        }
        self.charge(1, expr.span)?;
        match &expr.kind {
            ExprKind::Literal(value) => Ok(Cow::Borrowed(value)),
            ExprKind::Path(path) => Ok(Cow::Borrowed(self.find(path).unwrap_or(&NULL))),
            ExprKind::Loop(name) => Ok(Cow::Owned(self.loop_value(*name))),
            ExprKind::Field { of, path } => {
                let of = self.value(of, absent)?;
                Ok(match of {
                    Cow::Borrowed(of) => Cow::Borrowed(value::into(of, path).unwrap_or(&NULL)),
                    Cow::Owned(of) => Cow::Owned(value::into(&of, path).cloned().unwrap_or_default()),
                })
            }
            ExprKind::Call { function, arguments } => self.call(function, arguments, expr.span, absent),
            ExprKind::Not(operand) => {
                let operand = self.value(operand, absent)?;
                Ok(Cow::Owned(Value::Bool(!value::is_true(&operand))))
            }
            ExprKind::Compare { operator, left, right } => self.compare(*operator, left, right, absent),
            ExprKind::Chain { operator, operands } => self.chain(*operator, operands, absent),
        }
    }

    fn find(&self, path: &'a Path) -> Option<&'a Value> {
        let root = match &path.root {
            Root::Name(name) => self.scope.get(name)?,
            Root::This => self.rounds.last()?.this,
        };
        if path.rest.is_empty() { Some(root) } else { value::into(root, &path.rest) }
    }

    fn loop_value(&self, name: LoopName) -> Value {
        let round = self.rounds.last().expect("the parser refuses loop names outside of `#each`");
        match name {
            LoopName::Index => Value::from(round.index),
            LoopName::First => Value::Bool(round.index == 0),
            LoopName::Last => Value::Bool(round.index + 1 == round.length),
        }
    }

    /// Gives the operand that decides, as it is.
    fn chain(&mut self, operator: Chaining, operands: &'a [Expr], absent: Absent) -> Evaluated<'a> {
        let (last, before) = operands.split_last().expect("a chain has two operands or more");
        for operand in before {
            let absent = if operator == Chaining::Coalesce { Absent::Empty } else { absent };
            let value = self.value(operand, absent)?;
            let decides = match operator {
                Chaining::And => !value::is_true(&value),
                Chaining::Or => value::is_true(&value),
                Chaining::Coalesce => !value.is_null(),
            };
            if decides {
                return Ok(value);
            }
        }
        self.value(last, absent)
    }

    fn compare(
        &mut self,
        operator: Comparison,
        left: &'a Expr,
        right: &'a Expr,
        absent: Absent,
    ) -> Evaluated<'a> {
        // Whoever compares with null asks whether there is a value.
        let absent = if left.is_null_literal() || right.is_null_literal() { Absent::Empty } else { absent };
        let left_value = self.value(left, absent)?;
        let right_value = self.value(right, absent)?;
        let cost = value::comparison_steps(&left_value, &right_value, self.steps_left);
        self.charge(cost, left.span)?;
        Ok(Cow::Owned(Value::Bool(value::holds(operator, &left_value, &right_value))))
    }

    fn call(
        &mut self,
        function: &'static Function,
        arguments: &'a [Expr],
        span: Span,
        absent: Absent,
    ) -> Evaluated<'a> {
        let mut values = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            let asked = index == 0 && function.missing == Missing::Replaced;
            let value = self.value(argument, if asked { Absent::Empty } else { absent })?;
            if value.is_null() && !function.takes_null(index) {
                return match absent {
                    Absent::Empty => Ok(Cow::Borrowed(&NULL)),
                    Absent::Error => Err(self.no_value(argument)),
                };
            }
            self.charge(value::size(&value) / STEP_BYTES, argument.span)?;
            values.push(value);
        }
        let arguments = Arguments { values, sources: arguments, source: self.source, context: self.context };
        let result =
            (function.run)(&arguments).map_err(|refusal| refusal.fault(function, &arguments, span))?;
        let bytes_max = self.context.limits.output_bytes_max;
        if matches!(&result, Cow::Owned(Value::String(text)) if text.len() > bytes_max) {
            return Err(Fault::new(RenderErrorKind::Budget(Budget::Output { bytes_max }), span));
        }
        Ok(result)
    }

    pub(crate) fn no_value(&self, expr: &Expr) -> Box<Fault> {
        let expression = String::from(expr.span.of(self.source));
        Fault::new(RenderErrorKind::NoValue { expression }, expr.span)
    }
}
