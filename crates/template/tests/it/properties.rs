//! What holds for every text.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use template::{Context, Expression, Field, Limits, Template};

/// Pieces of templates, put together in every order, meet more of the parser than random letters.
fn template_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{{",
        "}}",
        "{{{{",
        "#if ",
        "#each ",
        "#unless ",
        "/if",
        "/each",
        "else",
        "else if ",
        "a",
        "items",
        "this",
        ".",
        "x y",
        "@index",
        "(",
        ")",
        ",",
        "upper(",
        "spell(",
        "default(",
        "join(",
        "??",
        "&&",
        "||",
        "!",
        "==",
        "<",
        "\"",
        "'",
        "\\",
        "1.5",
        "-2",
        " ",
        "\n",
        "é",
        "👍",
        "null",
        "formatDate(",
        "formatMoney(",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

/// Expressions of every kind, bracketed so that every one of them parses.
fn expression() -> impl Strategy<Value = String> {
    let names = vec![
        "a", "a", "a", "a.x", "a.x", "a.0", "items", "items.0", "b", "'t'", "''", "''", "0", "null", "true",
    ];
    let leaf = prop::sample::select(names).prop_map(String::from);
    leaf.prop_recursive(3, 12, 2, |inner| {
        let signs = vec!["&&", "||", "??", "==", "!=", "<", ">="];
        let functions = vec!["!", "upper", "length", "first", "join", "!!"];
        prop_oneof![
            (inner.clone(), prop::sample::select(signs), inner.clone())
                .prop_map(|(left, sign, right)| format!("({left} {sign} {right})")),
            (prop::sample::select(functions), inner.clone()).prop_map(|(name, of)| format!("{name}({of})")),
            (inner.clone(), inner.clone()).prop_map(|(value, other)| format!("default({value}, {other})")),
            inner.prop_map(|of| format!("first({of}).x")),
        ]
    })
}

/// Templates that parse, with blocks inside blocks.
fn well_formed() -> impl Strategy<Value = String> {
    let print = expression().prop_map(|of| format!("{{{{{of}}}}}"));
    let leaf = prop_oneof![1 => Just(String::from("text")), 4 => print];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let body = || prop::collection::vec(inner.clone(), 0..3).prop_map(|nodes| nodes.concat());
        prop_oneof![
            (expression(), body(), expression(), body(), body()).prop_map(
                |(one, first, two, second, last)| format!(
                    "{{{{#if {one}}}}}{first}{{{{else if {two}}}}}{second}{{{{else}}}}{last}{{{{/if}}}}"
                )
            ),
            (expression(), body(), body()).prop_map(|(test, first, last)| format!(
                "{{{{#unless {test}}}}}{first}{{{{else}}}}{last}{{{{/unless}}}}"
            )),
            (expression(), body()).prop_map(|(list, body)| format!(
                "{{{{#each {list}}}}}{body}{{{{this ?? ''}}}}{{{{/each}}}}"
            )),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9{}. -]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[xy]", inner, 0..3).prop_map(|fields| json!(fields)),
        ]
    })
}

fn scope() -> impl Strategy<Value = Map<String, Value>> {
    let a = prop_oneof![Just(Value::Null), Just(json!({"x": null})), value()];
    (a, value()).prop_map(|(a, items)| {
        [("a", a), ("items", items)].map(|(name, value)| (String::from(name), value)).into_iter().collect()
    })
}

const LIMITS: Limits = Limits { output_bytes_max: 200, steps_max: 500 };

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics_and_points_into_the_source(source in prop_oneof![any::<String>(), template_like()]) {
        for error in [Field::parse(&source).err(), Expression::parse(&source).err()].into_iter().flatten() {
            let piece = source.get(error.at.offset..error.at.offset + error.length);
            prop_assert!(piece.is_some(), "{error:?}");
        }
    }

    #[test]
    fn text_without_tags_stays_as_it_is(text in any::<String>()) {
        let text = text.replace('{', "{ ");
        let text = String::from(text.trim_start_matches('`'));
        let template = Template::parse(&text).expect("plain text");
        prop_assert_eq!(template.literal(), Some(text.as_str()));
        let context = Context { limits: Limits { output_bytes_max: text.len(), steps_max: 0 }, ..Context::default() };
        prop_assert_eq!(template.render(&Map::new(), &context), Ok(text));
    }

    #[test]
    fn braces_can_be_printed(text in any::<String>()) {
        let doubled = format!(" {}", text.replace("{{", "{{{{"));
        let template = Template::parse(&doubled).expect("no tag is left");
        let expected = format!(" {text}");
        prop_assert_eq!(template.literal(), Some(expected.as_str()));
    }

    #[test]
    fn values_are_printed_as_they_are(text in any::<String>()) {
        let scope = json!({"a": text});
        let rendered = Template::parse("<{{a}}>").expect("a template").render(scope.as_object().expect("an object"), &Context::default());
        prop_assert_eq!(rendered, Ok(format!("<{text}>")));
    }

    #[test]
    fn rendering_stays_within_its_budget(source in prop_oneof![template_like(), well_formed()], scope in scope()) {
        let context = Context { limits: LIMITS, ..Context::default() };
        if let Ok(template) = Template::parse(&source) {
            match template.render(&scope, &context) {
                Ok(text) => prop_assert!(text.len() <= LIMITS.output_bytes_max),
                Err(error) => prop_assert!(error.at.offset <= source.len()),
            }
        }
    }

    /// The checker's promise: where it says that nothing is required, nothing that is missing fails.
    #[test]
    fn what_is_not_required_may_be_missing(source in well_formed(), scope in scope()) {
        let template = Template::parse(&source).expect("a well-formed template");
        if let Err(error) = template.render(&scope, &Context::default())
            && error.variable().is_some_and(|name| !name.starts_with("this"))
        {
            let required =
                template.variables().into_iter().any(|usage| usage.at == error.at && usage.guard.is_required());
            prop_assert!(required, "{error}");
        }
    }
}
