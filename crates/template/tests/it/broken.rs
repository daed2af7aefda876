//! Texts that are no templates, with what people are told.

use serde::Deserialize;
use template::{DEPTH_MAX, Expression, Field, SOURCE_BYTES_MAX, Template};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    source: String,
    message: String,
    hint: Option<String>,
    /// Line, column and the offending piece itself.
    at: (usize, usize, String),
}

fn run(file: &str, parse: fn(&str) -> Option<template::ParseError>) {
    let cases: Vec<Case> = serde_json::from_str(file).expect("a table of cases");
    let mut wrong = Vec::new();
    for case in &cases {
        let Some(error) = parse(&case.source) else {
            wrong.push(format!("{:?} was parsed", case.source));
            continue;
        };
        let piece = String::from(&case.source[error.at.offset..error.at.offset + error.length]);
        let given = (error.message, error.hint, (error.at.line, error.at.column, piece));
        let expected = (case.message.clone(), case.hint.clone(), case.at.clone());
        if given != expected {
            wrong.push(format!("{:?}\n  expected {expected:?}\n  given    {given:?}", case.source));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn templates() {
    run(include_str!("cases/broken_templates.json"), |source| Template::parse(source).err());
}

#[test]
fn expressions() {
    run(include_str!("cases/broken_expressions.json"), |source| Expression::parse(source).err());
}

#[test]
fn depth_is_limited_and_length_alone_is_not() {
    let blocks = |depth: usize| format!("{}x{}", "{{#if a}}".repeat(depth), "{{/if}}".repeat(depth));
    assert!(Template::parse(&blocks(DEPTH_MAX)).is_ok());
    let error = Template::parse(&blocks(DEPTH_MAX + 1)).unwrap_err();
    assert_eq!(error.message, "blocks stand more than 32 deep inside each other");

    for (open, close) in [("(", ")"), ("!", ""), ("upper(", ")")] {
        let nested = |depth: usize| format!("{}a{}", open.repeat(depth), close.repeat(depth));
        assert!(Expression::parse(&nested(DEPTH_MAX)).is_ok(), "{open}");
        let error = Expression::parse(&nested(DEPTH_MAX + 1)).unwrap_err();
        assert_eq!(error.message, "the expression is more than 32 brackets deep", "{open}");
    }

    let chain = ["a"; 50_000].join(" || ");
    let expression = Expression::parse(&chain).expect("a long chain is not a deep one");
    assert!(!expression.is_true(&serde_json::Map::new(), &template::Context::default()).unwrap());
}

#[test]
fn a_source_has_a_longest_length() {
    assert!(Template::parse(&"x".repeat(SOURCE_BYTES_MAX)).is_ok());
    let error = Template::parse(&"x".repeat(SOURCE_BYTES_MAX + 1)).unwrap_err();
    assert_eq!(error.message, "the template is longer than 1048576 bytes");
}

#[test]
fn a_back_tick_makes_a_script() {
    let script = "`Hi ${name}, {{#if`";
    assert_eq!(Field::parse(script), Ok(Field::Script(String::from(script))));
    assert!(Template::parse(script).is_err());
    let Ok(Field::Template(template)) = Field::parse(" `{{name}}`") else { panic!("a template") };
    assert_eq!(template.source(), " `{{name}}`");
}
