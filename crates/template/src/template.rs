//! The public faces of a parsed template and a parsed expression.

use crate::context::{Context, Scope};
use crate::error::{ParseError, RenderError};
use crate::evaluate::Evaluator;
use crate::parse;
use crate::render::{self, Printing};
use crate::syntax::{Expr, Node};
use crate::uses::{self, Call, Use};
use crate::value;
use serde_json::Value;
use std::sync::Arc;

/// A text with tags, ready to be rendered. Cloning shares everything.
#[derive(Debug, Clone)]
pub struct Template {
    source: Arc<str>,
    nodes: Arc<[Node]>,
    /// The text itself, where there is nothing to evaluate.
    literal: Option<Arc<str>>,
    /// Bytes to reserve for the output.
    output_bytes_guess: usize,
}

impl Template {
    /// Parses a text. What begins with a back-tick is JavaScript and refused here; see [`Field`].
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(source: &str) -> Result<Template, ParseError> {
        let nodes = parse::template(source)?;
        let source: Arc<str> = Arc::from(source);
        let literal = render::literal(&nodes, &source)
            .map(|text| if *text == *source { Arc::clone(&source) } else { Arc::from(text) });
        Ok(Template {
            output_bytes_guess: render::output_bytes_guess(&nodes),
            nodes: nodes.into(),
            literal,
            source,
        })
    }

    /// The text, with every tag replaced by what it stands for.
    ///
    /// # Errors
    /// The first variable that is missing where it is needed, a list or object where text is
    /// needed, a function's refusal, or a limit of the context. Nothing half-rendered is ever given.
    pub fn render(&self, scope: &dyn Scope, context: &Context) -> Result<String, RenderError> {
        self.rendered(Printing::Plain, scope, context)
    }

    /// As [`Template::render`], for an address: every text that a tag puts in is encoded as by `urlEncode`, unless the
    /// tag calls that itself. So no value can add a path, a query or a host to what the template says.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_url(&self, scope: &dyn Scope, context: &Context) -> Result<String, RenderError> {
        self.rendered(Printing::UrlParts, scope, context)
    }

    fn rendered(
        &self,
        printing: Printing,
        scope: &dyn Scope,
        context: &Context,
    ) -> Result<String, RenderError> {
        render::render(&self.nodes, &self.source, self.output_bytes_guess, printing, (scope, context))
            .map_err(|fault| fault.located(&self.source))
    }

    /// Every place where a variable is used, in the order of the source. What hangs on `this` is
    /// not listed: its list is.
    pub fn variables(&self) -> Vec<Use> {
        uses::of_nodes(&self.nodes, &self.source).variables
    }

    /// Every function call, in the order of the source.
    pub fn functions(&self) -> Vec<Call> {
        uses::of_nodes(&self.nodes, &self.source).functions
    }

    /// Whether there is nothing to evaluate.
    pub fn is_literal(&self) -> bool {
        self.literal.is_some()
    }

    /// The text that every rendering gives, where there is nothing to evaluate.
    pub fn literal(&self) -> Option<&str> {
        self.literal.as_deref()
    }

    /// The expression, where the whole text is one `{{expression}}`. A value that is taken from
    /// it, and not from the rendered text, keeps its type.
    pub fn expression(&self) -> Option<Expression> {
        match &*self.nodes {
            [Node::Print(root)] => {
                Some(Expression { source: Arc::clone(&self.source), root: Arc::new(root.clone()) })
            }
            _ => None,
        }
    }

    /// What was parsed.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Template) -> bool {
        self.source == other.source
    }
}

impl Eq for Template {}

/// A text field of a file: a template, unless it begins with a back-tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A text with or without tags.
    Template(Template),
    /// A JavaScript template literal, back-ticks included, unread.
    Script(String),
}

impl Field {
    /// Parses a text field.
    ///
    /// # Errors
    /// As [`Template::parse`]; never for a script.
    pub fn parse(source: &str) -> Result<Field, ParseError> {
        if source.starts_with('`') {
            return Ok(Field::Script(String::from(source)));
        }
        Template::parse(source).map(Field::Template)
    }
}

/// One expression by itself, for conditions and for values that keep their type. Cloning shares
/// everything.
#[derive(Debug, Clone)]
pub struct Expression {
    source: Arc<str>,
    root: Arc<Expr>,
}

impl Expression {
    /// Parses an expression, bare (`score > 5`) or in its braces (`{{score > 5}}`).
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(source: &str) -> Result<Expression, ParseError> {
        let root = parse::expression(source)?;
        Ok(Expression { source: Arc::from(source), root: Arc::new(root) })
    }

    /// The value, with its type.
    ///
    /// # Errors
    /// As where it is printed, except that a list or an object is a value like any other, and so
    /// is the null of an expression that is no plain variable.
    pub fn evaluate(&self, scope: &dyn Scope, context: &Context) -> Result<Value, RenderError> {
        let mut evaluator = Evaluator::new(&self.source, scope, context);
        let value = evaluator.needed(&self.root).map_err(|fault| fault.located(&self.source))?;
        Ok(value.into_owned())
    }

    /// Whether it holds, as in `#if`: a missing variable counts as empty; false, 0, empty text,
    /// empty lists and null are false.
    ///
    /// # Errors
    /// A function's refusal, or a limit of the context.
    pub fn is_true(&self, scope: &dyn Scope, context: &Context) -> Result<bool, RenderError> {
        let mut evaluator = Evaluator::new(&self.source, scope, context);
        let value = evaluator.tested(&self.root).map_err(|fault| fault.located(&self.source))?;
        Ok(value::is_true(&value))
    }

    /// Every place where a variable is used, guarded as [`Expression::evaluate`] needs it. Where
    /// only [`Expression::is_true`] is asked, no variable is required.
    pub fn variables(&self) -> Vec<Use> {
        uses::of_expression(&self.root, &self.source).variables
    }

    /// Every function call, in the order of the source.
    pub fn functions(&self) -> Vec<Call> {
        uses::of_expression(&self.root, &self.source).functions
    }

    /// The path of the variable, root first, where the expression is nothing but one.
    pub fn path(&self) -> Option<Vec<String>> {
        uses::plain_path(&self.root)
    }

    /// What was parsed, braces included.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.source == other.source
    }
}

impl Eq for Expression {}
