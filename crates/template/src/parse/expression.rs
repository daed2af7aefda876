//! Operators, calls and paths.

use super::{DEPTH_MAX, Enclosure, Parser};
use crate::error::ParseError;
use crate::function::{self, Function};
use crate::position::Span;
use crate::syntax::{Chaining, Comparison, Expr, ExprKind, LoopName, Path, Root};
use serde_json::Value;

/// Longer signs stand before those that they begin with.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Parser<'_> {
    /// Reads an expression and what must end it.
    pub(super) fn whole(&mut self) -> Result<Expr, ParseError> {
        self.skip_blanks();
        if self.rest().starts_with("}}") && self.enclosure == Enclosure::Tag {
            let tag = Span::new(self.opened.start as usize, self.at + 2);
            let hint = "write a name between the braces, or `{{{{` to print two braces";
            return Err(self.error(tag, "the tag is empty", Some(hint)));
        }
        if self.rest().is_empty() && self.enclosure == Enclosure::Bare {
            return Err(self.error(
                Span::new(self.at, self.at),
                "the expression is empty",
                Some("write a variable's name"),
            ));
        }
        let expr = self.or()?;
        self.close()?;
        Ok(expr)
    }

    fn or(&mut self) -> Result<Expr, ParseError> {
        self.chain(Chaining::Or, "||", Self::and)
    }

    fn and(&mut self) -> Result<Expr, ParseError> {
        self.chain(Chaining::And, "&&", Self::comparison)
    }

    fn coalesce(&mut self) -> Result<Expr, ParseError> {
        self.chain(Chaining::Coalesce, "??", Self::unary)
    }

    fn chain(
        &mut self,
        operator: Chaining,
        sign: &str,
        operand: fn(&mut Self) -> Result<Expr, ParseError>,
    ) -> Result<Expr, ParseError> {
        let first = operand(self)?;
        if !self.eat(sign) {
            return Ok(first);
        }
        let start = first.span.start;
        let mut operands = vec![first];
        loop {
            let next = operand(self)?;
            let end = next.span.end;
            operands.push(next);
            if !self.eat(sign) {
                return Ok(Expr { kind: ExprKind::Chain { operator, operands }, span: Span { start, end } });
            }
        }
    }

    fn comparison(&mut self) -> Result<Expr, ParseError> {
        let left = self.coalesce()?;
        let Some(operator) = self.eat_comparison() else {
            return Ok(left);
        };
        let right = self.coalesce()?;
        let span = Span { start: left.span.start, end: right.span.end };
        let second = self.at;
        if self.eat_comparison().is_some() {
            return Err(self.error(
                Span::new(second, self.at),
                "comparisons cannot be chained",
                Some("write `a < b && b < c`"),
            ));
        }
        Ok(Expr { kind: ExprKind::Compare { operator, left: Box::new(left), right: Box::new(right) }, span })
    }

    fn eat_comparison(&mut self) -> Option<Comparison> {
        COMPARISONS.into_iter().find(|(sign, _)| self.eat(sign)).map(|(_, operator)| operator)
    }

    fn unary(&mut self) -> Result<Expr, ParseError> {
        self.skip_blanks();
        let start = self.at;
        if self.rest().starts_with("!=") || !self.eat("!") {
            return self.postfix();
        }
        let operand = self.deeper(Self::unary)?;
        let span = Span { start: Span::new(start, start).start, end: operand.span.end };
        Ok(Expr { kind: ExprKind::Not(Box::new(operand)), span })
    }

    /// A value and the fields into it.
    fn postfix(&mut self) -> Result<Expr, ParseError> {
        let of = self.primary()?;
        let mut path = self.fields()?;
        if path.is_empty() {
            return Ok(of);
        }
        let span = Span { start: of.span.start, end: Span::new(self.at, self.at).end };
        let kind = match of.kind {
            ExprKind::Path(mut start) => {
                start.rest.append(&mut path);
                ExprKind::Path(start)
            }
            kind => ExprKind::Field { of: Box::new(Expr { kind, span: of.span }), path },
        };
        Ok(Expr { kind, span })
    }

    fn fields(&mut self) -> Result<Vec<String>, ParseError> {
        let mut path = Vec::new();
        loop {
            let before = self.at;
            if !self.eat(".") {
                // Blanks before whatever comes next are no part of the value.
                self.at = before;
                return Ok(path);
            }
            self.skip_blanks();
            let Some((name, _)) = self.words() else {
                return Err(self.error(
                    Span::new(before, self.at),
                    "a name is expected after the dot",
                    Some("write `reply.text`, and `list.0` for the first of a list"),
                ));
            };
            path.push(name);
        }
    }

    fn primary(&mut self) -> Result<Expr, ParseError> {
        self.skip_blanks();
        let start = self.at;
        if self.eat("(") {
            let inner = self.deeper(Self::or)?;
            self.expect(")", Span::new(start, start + 1))?;
            return Ok(Expr { kind: inner.kind, span: Span::new(start, self.at) });
        }
        if let Some(text) = self.quoted()? {
            return Ok(self.literal(Value::String(text), start));
        }
        if let Some(number) = self.number() {
            return Ok(self.literal(Value::Number(number), start));
        }
        if self.rest().starts_with('@') {
            return self.loop_name();
        }
        let Some((name, span)) = self.words() else {
            return Err(self.unexpected());
        };
        let after_name = self.at;
        if self.eat("(") {
            return self.call(&name, span);
        }
        self.at = after_name;
        let kind = match name.as_str() {
            "true" => ExprKind::Literal(Value::Bool(true)),
            "false" => ExprKind::Literal(Value::Bool(false)),
            "null" => ExprKind::Literal(Value::Null),
            "this" => {
                self.inside_loop("this", span)?;
                ExprKind::Path(Path { root: Root::This, rest: Vec::new() })
            }
            _ => ExprKind::Path(Path { root: Root::Name(name), rest: Vec::new() }),
        };
        Ok(Expr { kind, span })
    }

    fn literal(&self, value: Value, start: usize) -> Expr {
        Expr { kind: ExprKind::Literal(value), span: Span::new(start, self.at) }
    }

    fn loop_name(&mut self) -> Result<Expr, ParseError> {
        let start = self.at;
        self.at += 1;
        let word = self.word().unwrap_or_default();
        let span = Span::new(start, self.at);
        let name = match word {
            "index" => LoopName::Index,
            "first" => LoopName::First,
            "last" => LoopName::Last,
            _ => {
                let message = format!("there is no `@{word}`");
                return Err(self.error(span, message, Some("there are `@index`, `@first` and `@last`")));
            }
        };
        self.inside_loop(&format!("@{word}"), span)?;
        Ok(Expr { kind: ExprKind::Loop(name), span })
    }

    fn inside_loop(&self, name: &str, span: Span) -> Result<(), ParseError> {
        if self.loops > 0 {
            return Ok(());
        }
        Err(self.error(span, format!("`{name}` exists only inside `#each`"), None))
    }

    /// Reads a call whose opening bracket was just read.
    fn call(&mut self, name: &str, span: Span) -> Result<Expr, ParseError> {
        let bracket = Span::new(self.at - 1, self.at);
        let Some(function) = function::find(name) else {
            let hint = match function::suggest(name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the functions are {}", function::names()),
            };
            return Err(self.error(span, format!("there is no function `{name}`"), Some(&hint)));
        };
        let mut arguments = Vec::new();
        if !self.eat(")") {
            loop {
                arguments.push(self.deeper(Self::or)?);
                if !self.eat(",") {
                    break;
                }
            }
            self.expect(")", bracket)?;
        }
        let span = Span { start: span.start, end: Span::new(self.at, self.at).end };
        self.count(function, arguments.len(), span)?;
        Ok(Expr { kind: ExprKind::Call { function, arguments }, span })
    }

    fn count(&self, function: &'static Function, given: usize, span: Span) -> Result<(), ParseError> {
        if function.arguments.contains(&given) {
            return Ok(());
        }
        let problem =
            if given < *function.arguments.start() { "lacks an argument" } else { "has too many arguments" };
        let message = format!("`{}` {problem}", function.name);
        Err(self.error(span, message, Some(&format!("write `{}`", function.signature))))
    }

    /// Reads what may contain itself, within the limit of depth.
    fn deeper(&mut self, read: fn(&mut Self) -> Result<Expr, ParseError>) -> Result<Expr, ParseError> {
        if self.expression_depth == DEPTH_MAX {
            let message = format!("the expression is more than {DEPTH_MAX} brackets deep");
            return Err(self.error(Span::new(self.at, self.at), message, None));
        }
        self.expression_depth += 1;
        let expr = read(self)?;
        self.expression_depth -= 1;
        Ok(expr)
    }

    fn expect(&mut self, sign: &str, opened: Span) -> Result<(), ParseError> {
        if self.eat(sign) {
            return Ok(());
        }
        if self.rest().is_empty() || self.rest().starts_with("}}") {
            return Err(self.error(opened, "the bracket is never closed", Some("add `)`")));
        }
        Err(self.unexpected())
    }
}
