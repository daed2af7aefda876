//! Which variables and functions a template uses, and what happens where a variable is missing.

use crate::function::Missing;
use crate::position::{Position, Positions, Span};
use crate::syntax::{Chaining, Comparison, Expr, ExprKind, Node, Path, Root};
use serde_json::Value;
use std::collections::BTreeSet;

/// One place where a variable is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The variable's name and the fields into it, root first: `reply.text` is `["reply", "text"]`.
    pub path: Vec<String>,
    /// Where it stands.
    pub at: Position,
    /// Its length there, in bytes.
    pub length: usize,
    /// What happens where it is missing.
    pub guard: Guard,
}

/// What stands between a variable that is missing and an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guard {
    /// Nothing: it is printed, passed on or gone through, and missing is an error.
    Required,
    /// It is only asked about (`#if`, `#unless`, a comparison with null).
    Tested,
    /// Something else takes its place (`??`, `default`).
    Defaulted,
    /// A test around it holds only where it is there.
    Guarded,
}

impl Guard {
    /// Whether a rendering may fail for lack of the variable.
    pub fn is_required(self) -> bool {
        self == Guard::Required
    }
}

/// One function call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function's name.
    pub name: &'static str,
    /// Where the call begins.
    pub at: Position,
}

/// What a template uses, in the order of its source.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    pub(crate) variables: Vec<Use>,
    pub(crate) functions: Vec<Call>,
}

pub(crate) fn of_nodes(nodes: &[Node], source: &str) -> Uses {
    let mut walk = Walk::new(source);
    walk.nodes(nodes);
    walk.uses
}

pub(crate) fn of_expression(expr: &Expr, source: &str) -> Uses {
    let mut walk = Walk::new(source);
    walk.expr(expr, Guard::Required);
    walk.uses
}

/// The path of an expression that is a variable and nothing else.
pub(crate) fn plain_path(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Path(path) => full(path).map(|path| path.into_iter().map(String::from).collect()),
        _ => None,
    }
}

fn full(path: &Path) -> Option<Vec<&str>> {
    match &path.root {
        Root::Name(name) => Some(std::iter::once(name).chain(&path.rest).map(String::as_str).collect()),
        Root::This => None,
    }
}

struct Walk<'a> {
    positions: Positions<'a>,
    uses: Uses,
    present: Present<'a>,
}

/// Paths that the tests around a place prove to be there.
#[derive(Default)]
struct Present<'a> {
    paths: BTreeSet<Vec<&'a str>>,
    /// The same in the order in which they were proven.
    proven: Vec<Vec<&'a str>>,
}

impl<'a> Present<'a> {
    fn add(&mut self, path: Vec<&'a str>) {
        if self.paths.insert(path.clone()) {
            self.proven.push(path);
        }
    }

    /// Whether the path, or something inside it, is there.
    fn covers(&self, path: &[&'a str]) -> bool {
        self.paths.range(path.to_vec()..).next().is_some_and(|next| next.starts_with(path))
    }

    /// Forgets all but the first `count` paths.
    fn keep(&mut self, count: usize) {
        for path in self.proven.drain(count..) {
            self.paths.remove(&path);
        }
    }
}

impl<'a> Walk<'a> {
    fn new(source: &'a str) -> Walk<'a> {
        Walk { positions: Positions::new(source), uses: Uses::default(), present: Present::default() }
    }

    fn nodes(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            match node {
                Node::Text(_) => {}
                Node::Print(expr) => self.expr(expr, Guard::Required),
                Node::If { branches, otherwise } => {
                    let known = self.present.proven.len();
                    for branch in branches {
                        self.expr(&branch.test, Guard::Tested);
                        let outside = self.present.proven.len();
                        prove(&branch.test, Outcome::Holds, &mut self.present);
                        self.nodes(&branch.body);
                        self.present.keep(outside);
                        // Later branches are reached only where this test fails.
                        prove(&branch.test, Outcome::Fails, &mut self.present);
                    }
                    self.nodes(otherwise);
                    self.present.keep(known);
                }
                Node::Each { list, body } => {
                    self.expr(list, Guard::Required);
                    self.nodes(body);
                }
            }
        }
    }

    fn expr(&mut self, expr: &'a Expr, guard: Guard) {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Loop(_) => {}
            ExprKind::Path(path) => self.variable(path, expr.span, guard),
            ExprKind::Field { of, .. } => self.expr(of, guard),
            ExprKind::Not(operand) => self.expr(operand, guard),
            ExprKind::Call { function, arguments } => {
                let at = self.positions.of(expr.span);
                self.uses.functions.push(Call { name: function.name, at });
                for (index, argument) in arguments.iter().enumerate() {
                    let replaced = index == 0 && function.missing == Missing::Replaced;
                    self.expr(argument, if replaced { weaker(guard, Guard::Defaulted) } else { guard });
                }
            }
            ExprKind::Compare { left, right, .. } => {
                let asked = left.is_null_literal() || right.is_null_literal();
                let guard = if asked { weaker(guard, Guard::Tested) } else { guard };
                self.expr(left, guard);
                self.expr(right, guard);
            }
            ExprKind::Chain { operator, operands } => self.chain(*operator, operands, guard),
        }
    }

    fn chain(&mut self, operator: Chaining, operands: &'a [Expr], guard: Guard) {
        let known = self.present.proven.len();
        for (index, operand) in operands.iter().enumerate() {
            let replaced = operator == Chaining::Coalesce && index + 1 < operands.len();
            self.expr(operand, if replaced { weaker(guard, Guard::Defaulted) } else { guard });
            match operator {
                Chaining::And => prove(operand, Outcome::Holds, &mut self.present),
                Chaining::Or => prove(operand, Outcome::Fails, &mut self.present),
                Chaining::Coalesce => {}
            }
        }
        self.present.keep(known);
    }

    fn variable(&mut self, path: &'a Path, span: Span, guard: Guard) {
        let Some(path) = full(path) else { return };
        let proven = self.present.covers(&path);
        self.uses.variables.push(Use {
            path: path.into_iter().map(String::from).collect(),
            at: self.positions.of(span),
            length: span.len(),
            guard: if guard == Guard::Required && proven { Guard::Guarded } else { guard },
        });
    }
}

/// What guards an operand of something that is guarded itself: the outer guard is enough.
fn weaker(outer: Guard, inner: Guard) -> Guard {
    if outer == Guard::Required { inner } else { outer }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Holds,
    Fails,
}

/// Adds the paths that must be there where `test` has that outcome.
fn prove<'a>(test: &'a Expr, outcome: Outcome, present: &mut Present<'a>) {
    match (&test.kind, outcome) {
        (ExprKind::Path(_), Outcome::Holds) => prove_not_null(test, present),
        (ExprKind::Field { of, .. }, Outcome::Holds) => prove_not_null(of, present),
        (ExprKind::Not(operand), Outcome::Holds) => prove(operand, Outcome::Fails, present),
        (ExprKind::Not(operand), Outcome::Fails) => prove(operand, Outcome::Holds, present),
        (ExprKind::Chain { operator: Chaining::And, operands }, Outcome::Holds)
        | (ExprKind::Chain { operator: Chaining::Or, operands }, Outcome::Fails) => {
            for operand in operands {
                prove(operand, outcome, present);
            }
        }
        // Every function but those that replace gives null, false or 0 for what is missing.
        (ExprKind::Call { function, arguments }, Outcome::Holds) if function.missing != Missing::Replaced => {
            if let Some(first) = arguments.first() {
                prove_not_null(first, present);
            }
        }
        (ExprKind::Compare { operator, left, right }, _) => {
            for (one, other) in [(left, right), (right, left)] {
                if comparison_proves(*operator, other, outcome) {
                    prove_not_null(one, present);
                }
            }
        }
        _ => {}
    }
}

/// Whether a comparison with `other` and that outcome excludes null on its other side.
fn comparison_proves(operator: Comparison, other: &Expr, outcome: Outcome) -> bool {
    let ExprKind::Literal(literal) = &other.kind else {
        // What is less or greater than anything is not null.
        return outcome == Outcome::Holds && !matches!(operator, Comparison::Equal | Comparison::NotEqual);
    };
    let equals_null = literal.is_null() || *literal == Value::String(String::new());
    match (operator, outcome) {
        (Comparison::Equal, Outcome::Holds) | (Comparison::NotEqual, Outcome::Fails) => !equals_null,
        (Comparison::Equal, Outcome::Fails) | (Comparison::NotEqual, Outcome::Holds) => equals_null,
        (_, outcome) => outcome == Outcome::Holds,
    }
}

/// As [`prove`], for what is known to be no null but may be false.
fn prove_not_null<'a>(expr: &'a Expr, present: &mut Present<'a>) {
    match &expr.kind {
        ExprKind::Path(path) => {
            if let Some(path) = full(path) {
                present.add(path);
            }
        }
        ExprKind::Field { of, .. } => prove_not_null(of, present),
        ExprKind::Call { function, arguments } if function.missing == Missing::Refused => {
            if let Some(first) = arguments.first() {
                prove_not_null(first, present);
            }
        }
        _ => {}
    }
}
