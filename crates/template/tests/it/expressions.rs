//! Expressions by themselves: conditions and values that keep their type.

use serde_json::{Map, Value, json};
use template::{Context, Expression, RenderErrorKind, Template};

fn scope() -> Map<String, Value> {
    let scope = json!({"n": 10, "text": "10", "list": [1, {"a": null}], "SMS reply": "YES", "gone": null});
    scope.as_object().cloned().expect("an object")
}

fn evaluate(source: &str) -> Result<Value, RenderErrorKind> {
    let expression = Expression::parse(source).expect("an expression");
    expression.evaluate(&scope(), &Context::default()).map_err(|error| error.kind)
}

#[test]
fn values_keep_their_type() {
    for (source, expected) in [
        ("n", json!(10)),
        ("{{ n }}", json!(10)),
        (" {{text}} ", json!("10")),
        ("list", json!([1, {"a": null}])),
        ("n == text", json!(true)),
        ("SMS reply", json!("YES")),
        ("missing ?? 2.5", json!(2.5)),
        ("length(list)", json!(2)),
        ("null", json!(null)),
        ("first(list.1.x ?? list)", json!(1)),
    ] {
        assert_eq!(evaluate(source), Ok(expected), "{source}");
    }
}

#[test]
fn a_missing_value_is_an_error_and_a_missing_condition_is_false() {
    let name = String::from("missing");
    assert_eq!(evaluate("missing"), Err(RenderErrorKind::MissingVariable { name }));
    assert_eq!(evaluate("gone"), Err(RenderErrorKind::NullVariable { name: String::from("gone") }));
    for (source, expected) in [
        ("missing", false),
        ("!missing", true),
        ("missing == 'x'", false),
        ("missing != 'x'", true),
        ("{{n > 9}}", true),
        ("SMS reply == 'YES' && list", true),
        ("gone.deeper", false),
    ] {
        let holds = Expression::parse(source).unwrap().is_true(&scope(), &Context::default());
        assert_eq!(holds, Ok(expected), "{source}");
    }
}

#[test]
fn errors_speak_of_the_variable_and_what_to_do() {
    let error = |source: &str| {
        Expression::parse(source).unwrap().evaluate(&scope(), &Context::default()).unwrap_err()
    };
    let missing = error("{{ missing.part }}");
    assert_eq!(missing.to_string(), "the variable `missing.part` is missing (line 1, column 4)");
    assert_eq!(missing.message(), "the variable `missing.part` is missing");
    assert_eq!(missing.variable(), Some("missing.part"));
    assert_eq!(
        missing.hint().as_deref(),
        Some(
            "write `{{missing.part ?? \"…\"}}` or put it inside `{{#if missing.part}}` if it may be missing"
        )
    );
    assert_eq!(
        error("n and text").hint().as_deref(),
        Some("names may contain blanks, so this is one name; the operator for `and` is `&&`")
    );
}

#[test]
fn a_template_of_one_tag_is_an_expression() {
    let template = |source: &str| Template::parse(source).unwrap();
    let expression = template("{{list}}").expression().expect("one tag");
    assert_eq!(expression.evaluate(&scope(), &Context::default()), Ok(scope()["list"].clone()));
    assert_eq!(expression.path(), Some(vec![String::from("list")]));
    assert_eq!(template("{{n == 1}}").expression().expect("one tag").path(), None);
    for source in ["{{list}} ", "x", "", "{{#if n}}{{n}}{{/if}}", "{{n}}{{n}}"] {
        assert_eq!(template(source).expression(), None, "{source}");
    }
}

#[test]
fn literals_are_known() {
    for (source, literal) in
        [("", Some("")), ("a } b", Some("a } b")), ("{{{{a", Some("{{a")), ("{{'a'}}", None)]
    {
        let template = Template::parse(source).unwrap();
        assert_eq!((template.literal(), template.is_literal()), (literal, literal.is_some()), "{source}");
    }
}
