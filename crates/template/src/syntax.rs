//! What a template is once it is parsed.

use crate::function::Function;
use crate::position::Span;
use serde_json::Value;

/// A piece of a template.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Text of the source as it stands.
    Text(Span),
    /// `{{expression}}`
    Print(Expr),
    /// `{{#if}}` and `{{#unless}}`: the first branch whose test holds, else the last.
    If { branches: Vec<Branch>, otherwise: Vec<Node> },
    /// `{{#each}}`
    Each { list: Expr, body: Vec<Node> },
}

#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) test: Expr,
    pub(crate) body: Vec<Node>,
}

#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum ExprKind {
    Literal(Value),
    Path(Path),
    /// A place inside the nearest `#each`.
    Loop(LoopName),
    /// A field of what is no plain name, as in `first(items).name`.
    Field {
        of: Box<Expr>,
        path: Vec<String>,
    },
    Call {
        function: &'static Function,
        arguments: Vec<Expr>,
    },
    Not(Box<Expr>),
    Compare {
        operator: Comparison,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Chains are flat, so that a long one costs no depth of the stack.
    Chain {
        operator: Chaining,
        operands: Vec<Expr>,
    },
}

/// A variable, or the item of the nearest `#each`, and the way into it.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) root: Root,
    pub(crate) rest: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Root {
    Name(String),
    This,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoopName {
    Index,
    First,
    Last,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chaining {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Coalesce,
}

impl Expr {
    /// Whether this is the literal `null`, against which a missing variable may be compared.
    pub(crate) fn is_null_literal(&self) -> bool {
        matches!(self.kind, ExprKind::Literal(Value::Null))
    }
}

impl Path {
    /// The path as its author wrote it, but for blanks.
    pub(crate) fn name(&self) -> String {
        let root = match &self.root {
            Root::Name(name) => name.as_str(),
            Root::This => "this",
        };
        std::iter::once(root).chain(self.rest.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }
}
