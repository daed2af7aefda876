//! Rendering stops at its limits, whatever a template does.

use serde_json::{Map, Value, json};
use template::{Budget, Context, Expression, Limits, RenderErrorKind, Template};

fn render(source: &str, vars: Value, limits: Limits) -> Result<String, RenderErrorKind> {
    let context = Context { limits, ..Context::default() };
    let scope = vars.as_object().cloned().unwrap_or_default();
    Template::parse(source).expect("a template").render(&scope, &context).map_err(|error| error.kind)
}

fn limits(output_bytes_max: usize, steps_max: usize) -> Limits {
    Limits { output_bytes_max, steps_max }
}

#[test]
fn output_is_limited_to_the_byte() {
    let vars = || json!({"a": "12345", "n": 12345});
    for source in ["{{a}}{{a}}", "12345{{n}}", "{{n}}12345", "{{join(list, '')}}"] {
        let vars = || {
            let mut vars = vars();
            vars["list"] = json!(["12345", 12345]);
            vars
        };
        assert_eq!(render(source, vars(), limits(10, 1000)).as_deref(), Ok("1234512345"), "{source}");
        let over = Err(RenderErrorKind::Budget(Budget::Output { bytes_max: 9 }));
        assert_eq!(render(source, vars(), limits(9, 1000)), over, "{source}");
    }
}

#[test]
fn a_literal_is_limited_too() {
    assert!(render("0123456789", json!({}), limits(9, 1000)).is_err());
}

#[test]
fn what_functions_make_is_limited_before_it_grows() {
    // Each call makes its text longer by a factor; without a limit inside, this is gigabytes.
    let nested = format!("{}a{}", "spell(".repeat(30), ")".repeat(30));
    let vars = json!({"a": "1".repeat(1000)});
    let over = Err(RenderErrorKind::Budget(Budget::Output { bytes_max: 65536 }));
    assert_eq!(render(&format!("{{{{length({nested})}}}}"), vars, Limits::default()), over);
}

#[test]
fn steps_are_limited() {
    let over = |steps_max| Err(RenderErrorKind::Budget(Budget::Steps { steps_max }));
    let list: Vec<u32> = (0..1000).collect();
    let vars = || json!({"list": list, "other": list, "long": "x".repeat(64 * 1000)});
    let cubic = "{{#each list}}{{#each list}}{{#each list}}{{/each}}{{/each}}{{/each}}";
    assert_eq!(render(cubic, vars(), limits(10, 100_000)), over(100_000));
    assert_eq!(render("{{#if list == other}}{{/if}}", vars(), limits(10, 900)), over(900));
    assert_eq!(render("{{#if list == other}}same{{/if}}", vars(), limits(10, 1100)).as_deref(), Ok("same"));
    assert_eq!(render("{{length(long)}}", vars(), limits(10, 900)), over(900));
    assert_eq!(render("{{#if long == list}}{{/if}}", vars(), limits(10, 900)), over(900));
}

#[test]
fn a_condition_has_the_same_budget() {
    let context = Context { limits: limits(10, 2), ..Context::default() };
    let error = Expression::parse("a && b && c").unwrap().is_true(&Map::new(), &context);
    assert!(error.is_ok(), "the first operand decides");
    let error = Expression::parse("a || b || c").unwrap().is_true(&Map::new(), &context).unwrap_err();
    assert_eq!(error.kind, RenderErrorKind::Budget(Budget::Steps { steps_max: 2 }));
    assert_eq!(error.at.column, 6);
}
