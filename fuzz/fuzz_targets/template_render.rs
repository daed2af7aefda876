//! Any text as a template, any JSON as its values: `template NUL values`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use template::{Context, Expression, Field, Limits, ParseError, Use};

const LIMITS: Limits = Limits { output_bytes_max: 4096, steps_max: 10_000 };

fuzz_target!(|input: &str| {
    let (source, values) = input.split_once('\0').unwrap_or((input, ""));
    let values: Map<String, Value> = serde_json::from_str(values).unwrap_or_default();
    let context = Context { limits: LIMITS, ..template::function::example_context() };

    match Expression::parse(source) {
        Ok(expression) => {
            let _ = expression.evaluate(&values, &context);
            let _ = expression.is_true(&values, &context);
        }
        Err(error) => assert_points_into(source, &error),
    }
    match Field::parse(source) {
        Ok(Field::Script(script)) => assert_eq!(script, source),
        Ok(Field::Template(template)) => {
            let uses = template.variables();
            match template.render(&values, &context) {
                Ok(text) => {
                    assert!(text.len() <= LIMITS.output_bytes_max);
                    assert!(template.literal().is_none_or(|literal| literal == text));
                }
                Err(error) => {
                    assert!(error.at.offset <= source.len());
                    // What hangs on `this` is listed by its list.
                    let listed = error.variable().is_some_and(|name| name.split('.').next() != Some("this"));
                    let required = |usage: &Use| usage.at == error.at && usage.guard.is_required();
                    assert!(!listed || uses.iter().any(required));
                }
            }
        }
        Err(error) => assert_points_into(source, &error),
    }
});

fn assert_points_into(source: &str, error: &ParseError) {
    assert!(source.get(error.at.offset..error.at.offset + error.length).is_some());
}
