//! `input`: each name with its JSON Schema.

use super::Loader;
use super::answers::pattern_problem;
use super::fields::{Fields, listed};
use super::values::{core_value, is_variable_name};
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Entry, Node, Value};
use crate::workflow::input::{FORMATS, Input, Shape, TYPES, Type};
use serde_json::Value as Json;

/// The keywords of JSON Schema that are understood.
pub(crate) const KEYWORDS: &[&str] = &[
    "type",
    "enum",
    "const",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "items",
    "properties",
    "required",
    "default",
    "title",
    "description",
    "examples",
    "additionalProperties",
];

impl Loader<'_> {
    pub(super) fn inputs(&mut self, fields: &Fields<'_>, region: Option<&str>) -> Vec<Input> {
        let Some(entry) = fields.get("input") else { return Vec::new() };
        if entry.value.is_null() {
            return Vec::new();
        }
        let Value::Map(entries) = &entry.value.value else {
            let message =
                format!("`input` is a map of names and what each must be, not {}", entry.value.noun());
            self.wrong_type(entry.value.span, &message);
            return Vec::new();
        };
        entries.iter().filter_map(|entry| self.input(entry, region)).collect()
    }

    fn input(&mut self, entry: &Entry, region: Option<&str>) -> Option<Input> {
        let name = entry.key.clone();
        self.remember(&format!("input.{name}"), entry.key_span, None);
        if !is_variable_name(&name) {
            self.bad_variable_name(&name, entry.key_span);
        }
        if !matches!(entry.value.value, Value::Map(_)) {
            let hint = format!("write `{name}: {{type: string}}`");
            let message = format!("the input `{name}` is described by a map");
            self.report_at(Code::WrongType, entry.value.span, message, Some(hint));
            return None;
        }
        let shape = self.shape(&entry.value, 0);
        let default = Loader::peek(&entry.value, "default").map(|node| json(node, is_text(&entry.value)));
        if let (Some(default), Some(node)) = (&default, Loader::peek(&entry.value, "default")) {
            let mut problems = Vec::new();
            shape.check(default, &name, region, &mut problems);
            for problem in problems {
                self.report_at(
                    Code::BadSchema,
                    node.span,
                    format!("the default does not fit: {problem}"),
                    None,
                );
            }
        }
        Some(Input { name, schema: json(&entry.value, false), shape, default })
    }

    pub(crate) fn shape(&mut self, node: &Node, depth: usize) -> Shape {
        let mut shape = Shape::default();
        let Value::Map(entries) = &node.value else {
            self.bad_schema(node, format!("a schema is a map, not {}", node.noun()));
            return shape;
        };
        for entry in entries {
            self.keyword(&mut shape, entry, is_text(node), depth);
        }
        shape
    }

    fn keyword(&mut self, shape: &mut Shape, entry: &Entry, is_text: bool, depth: usize) {
        let value = &entry.value;
        match entry.key.as_str() {
            "type" => shape.types = self.types(value),
            "enum" => match &value.value {
                Value::List(items) => shape.one_of = items.iter().map(|item| json(item, is_text)).collect(),
                _ => self.bad_schema(value, "`enum` is a list".into()),
            },
            "const" => shape.one_of = vec![json(value, is_text)],
            "pattern" => shape.pattern = self.schema_pattern(value),
            "format" => shape.format = self.word_in(value, "format", FORMATS),
            "minimum" => shape.minimum = self.number(value),
            "maximum" => shape.maximum = self.number(value),
            "exclusiveMinimum" => shape.exclusive_minimum = self.number(value),
            "exclusiveMaximum" => shape.exclusive_maximum = self.number(value),
            "minLength" | "minItems" => shape.length_min = self.count(value),
            "maxLength" | "maxItems" => shape.length_max = self.count(value),
            "items" => shape.items = Some(Box::new(self.shape(value, depth + 1))),
            "properties" => {
                if let Value::Map(entries) = &value.value {
                    shape.properties =
                        entries.iter().map(|e| (e.key.clone(), self.shape(&e.value, depth + 1))).collect();
                } else {
                    self.bad_schema(value, "`properties` is a map of names and schemas".into());
                }
            }
            "required" => match &value.value {
                Value::List(items) if depth > 0 || !items.is_empty() => {
                    shape.required = items.iter().filter_map(Node::scalar).map(|s| s.text.clone()).collect();
                }
                _ => self.bad_schema(
                    value,
                    "`required` is a list of names; an input is required unless it has a `default`".into(),
                ),
            },
            "additionalProperties" => match value.scalar().map(|scalar| scalar.text.as_str()) {
                Some("true") => {}
                Some("false") => shape.is_closed = true,
                _ => self.bad_schema(value, "`additionalProperties` is `true` or `false`".into()),
            },
            "default" | "title" | "description" | "examples" => {}
            unknown => {
                let hint = did_you_mean(unknown, KEYWORDS.iter().copied())
                    .unwrap_or_else(|| format!("the keywords are {}", listed(KEYWORDS)));
                let message = format!("`{unknown}` is no keyword of JSON Schema that is understood here");
                self.report_at(Code::BadSchema, entry.key_span, message, Some(hint));
            }
        }
    }

    fn bad_schema(&mut self, node: &Node, message: String) {
        self.report_at(Code::BadSchema, node.span, message, None);
    }

    fn types(&mut self, node: &Node) -> Vec<Type> {
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| self.word_in(item, "type", TYPES)).collect(),
            _ => self.word_in(node, "type", TYPES).into_iter().collect(),
        }
    }

    fn word_in<T: Copy>(&mut self, node: &Node, name: &str, words: &[(&'static str, T)]) -> Option<T> {
        let Value::Scalar(scalar) = &node.value else {
            self.bad_schema(node, format!("`{name}` is a word, not {}", node.noun()));
            return None;
        };
        let found = words.iter().find(|(word, _)| *word == scalar.text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = did_you_mean(&scalar.text, names.iter().copied())
                .unwrap_or_else(|| format!("it is one of {}", listed(&names)));
            let message = format!("`{name}` cannot be `{}`", scalar.text);
            self.report_at(Code::BadSchema, node.span, message, Some(hint));
        }
        found
    }

    fn number(&mut self, node: &Node) -> Option<f64> {
        let number = node.scalar().and_then(|scalar| scalar.text.parse::<f64>().ok());
        let number = number.filter(|number| number.is_finite());
        if number.is_none() {
            self.bad_schema(node, "a number is expected here".into());
        }
        number
    }

    fn count(&mut self, node: &Node) -> Option<usize> {
        let count = node.scalar().and_then(|scalar| scalar.text.parse::<usize>().ok());
        if count.is_none() {
            self.bad_schema(node, "a whole number from 0 is expected here".into());
        }
        count
    }

    fn schema_pattern(&mut self, node: &Node) -> Option<regex::Regex> {
        let scalar = node.scalar()?;
        match regex::Regex::new(&scalar.text) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.report_at(Code::BadPattern, node.span, pattern_problem(&error), None);
                None
            }
        }
    }
}

/// Whether a schema is of a text, whose values then keep their spelling.
fn is_text(schema: &Node) -> bool {
    Loader::peek(schema, "type").and_then(Node::scalar).is_some_and(|scalar| scalar.text == "string")
}

/// A value as JSON. In texts, scalars keep their spelling.
pub(crate) fn json(node: &Node, is_text: bool) -> Json {
    match &node.value {
        Value::Scalar(_) if node.is_null() => Json::Null,
        Value::Scalar(scalar) if is_text => scalar.text.clone().into(),
        Value::Scalar(scalar) => core_value(scalar).unwrap_or_else(|| scalar.text.clone().into()),
        Value::List(items) => items.iter().map(|item| json(item, is_text)).collect(),
        Value::Map(entries) => {
            let text = is_text_map(entries);
            entries
                .iter()
                .map(|entry| {
                    let keeps =
                        text && matches!(entry.key.as_str(), "enum" | "const" | "default" | "examples");
                    (entry.key.clone(), json(&entry.value, keeps))
                })
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
    }
}

fn is_text_map(entries: &[Entry]) -> bool {
    entries.iter().any(|e| e.key == "type" && e.value.scalar().is_some_and(|scalar| scalar.text == "string"))
}
