//! From nodes to text.

use crate::context::{Context, Scope};
use crate::error::{Budget, Fault, RenderErrorKind};
use crate::evaluate::{Evaluator, Round};
use crate::function::url_encoded;
use crate::position::Span;
use crate::syntax::{Expr, ExprKind, Node};
use crate::value;
use serde_json::Value;
use std::borrow::Cow;

/// Most printed values are names, numbers and dates; one that is longer costs a reallocation.
const PRINTED_BYTES_GUESS: usize = 16;

/// How values are put into the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Printing {
    /// As they are.
    Plain,
    /// As parts of an address, but for what the template encodes itself.
    UrlParts,
}

/// Renders a whole template; `bytes_guess` is what [`output_bytes_guess`] said of it.
pub(crate) fn render<'a>(
    nodes: &'a [Node],
    source: &'a str,
    bytes_guess: usize,
    printing: Printing,
    (scope, context): (&'a dyn Scope, &'a Context),
) -> Result<String, Box<Fault>> {
    let bytes_max = context.limits.output_bytes_max;
    let mut renderer = Renderer {
        source,
        evaluator: Evaluator::new(source, scope, context),
        text: String::with_capacity(bytes_guess.min(bytes_max)),
        bytes_max,
        printing,
    };
    renderer.nodes(nodes)?;
    Ok(renderer.text)
}

/// The text, where the nodes are nothing but text.
pub(crate) fn literal<'s>(nodes: &[Node], source: &'s str) -> Option<Cow<'s, str>> {
    let text = |node: &Node| match node {
        Node::Text(span) => Some(span.of(source)),
        _ => None,
    };
    match nodes {
        [node] => text(node).map(Cow::Borrowed),
        nodes => nodes.iter().map(text).collect::<Option<String>>().map(Cow::Owned),
    }
}

/// About how many bytes a rendering will have.
pub(crate) fn output_bytes_guess(nodes: &[Node]) -> usize {
    let bytes = |node: &Node| match node {
        Node::Text(span) => span.len(),
        Node::Print(_) => PRINTED_BYTES_GUESS,
        Node::If { branches, otherwise } => {
            let branch = branches.first().map_or(0, |branch| output_bytes_guess(&branch.body));
            branch.max(output_bytes_guess(otherwise))
        }
        Node::Each { body, .. } => output_bytes_guess(body),
    };
    nodes.iter().map(bytes).sum()
}

struct Renderer<'a> {
    source: &'a str,
    evaluator: Evaluator<'a>,
    text: String,
    bytes_max: usize,
    printing: Printing,
}

impl<'a> Renderer<'a> {
    fn nodes(&mut self, nodes: &'a [Node]) -> Result<(), Box<Fault>> {
        for node in nodes {
            match node {
                Node::Text(span) => self.push(span.of(self.source), *span)?,
                Node::Print(expr) => self.print(expr)?,
                Node::If { branches, otherwise } => {
                    let mut taken = otherwise;
                    for branch in branches {
                        let test = self.evaluator.tested(&branch.test)?;
                        if value::is_true(&test) {
                            taken = &branch.body;
                            break;
                        }
                    }
                    self.nodes(taken)?;
                }
                Node::Each { list, body } => self.each(list, body)?,
            }
        }
        Ok(())
    }

    fn each(&mut self, list: &'a Expr, body: &'a [Node]) -> Result<(), Box<Fault>> {
        let value = self.evaluator.needed(list)?;
        // Functions give parts of lists but never make one, so every list is borrowed.
        let Cow::Borrowed(Value::Array(items)) = value else {
            if value.is_null() {
                return Err(self.evaluator.no_value(list));
            }
            let expression = String::from(list.span.of(self.source));
            return Err(Fault::new(RenderErrorKind::NotAList { expression }, list.span));
        };
        for (index, this) in items.iter().enumerate() {
            self.evaluator.charge(1, list.span)?;
            self.evaluator.enter(Round { this, index, length: items.len() });
            self.nodes(body)?;
            self.evaluator.leave();
        }
        Ok(())
    }

    fn print(&mut self, expr: &'a Expr) -> Result<(), Box<Fault>> {
        if let ExprKind::Path(path) = &expr.kind {
            let value = self.evaluator.variable(path, expr.span)?;
            return self.print_value(value, expr);
        }
        let value = self.evaluator.needed(expr)?;
        self.print_value(&value, expr)
    }

    fn print_value(&mut self, value: &Value, expr: &Expr) -> Result<(), Box<Fault>> {
        match value {
            Value::String(text) if self.printing == Printing::UrlParts && !is_encoded(expr) => {
                self.push(&url_encoded(text), expr.span)
            }
            Value::String(text) => self.push(text, expr.span),
            Value::Number(number) => {
                value::write_number(number, &mut self.text);
                self.push("", expr.span)
            }
            Value::Bool(truth) => self.push(if *truth { "true" } else { "false" }, expr.span),
            Value::Null => Err(self.evaluator.no_value(expr)),
            Value::Array(_) | Value::Object(_) => {
                let expression = String::from(expr.span.of(self.source));
                Err(Fault::new(RenderErrorKind::PrintedList { expression }, expr.span))
            }
        }
    }

    fn push(&mut self, piece: &str, span: Span) -> Result<(), Box<Fault>> {
        if self.text.len() + piece.len() > self.bytes_max {
            let bytes_max = self.bytes_max;
            return Err(Fault::new(RenderErrorKind::Budget(Budget::Output { bytes_max }), span));
        }
        self.text.push_str(piece);
        Ok(())
    }
}

/// Whether the template encodes the value itself.
fn is_encoded(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { function, .. } if function.name == "urlEncode")
}
