//! Which variables a template uses, and how each is guarded.

use template::{Expression, Guard, Template, Use};

/// One line for each use: path, line and column, guard.
fn lines(uses: &[Use]) -> Vec<String> {
    uses.iter()
        .map(|usage| {
            format!("{} {}:{} {:?}", usage.path.join("/"), usage.at.line, usage.at.column, usage.guard)
        })
        .collect()
}

#[track_caller]
fn assert_uses(source: &str, expected: &[&str]) {
    assert_eq!(lines(&Template::parse(source).expect("a template").variables()), expected, "{source}");
}

#[test]
fn paths_and_places() {
    assert_uses(
        "Hi {{SMS  reply}},\n{{ reply.media.0.url }}",
        &["SMS reply 1:6 Required", "reply/media/0/url 2:4 Required"],
    );
    assert_uses(
        "{{upper(a)}} {{join(b, c)}} {{!d}}",
        &["a 1:9 Required", "b 1:21 Required", "c 1:24 Required", "d 1:32 Required"],
    );
    let uses = Template::parse("é {{ a . b  ?? 1 }}").unwrap().variables();
    assert_eq!((uses[0].at.offset, uses[0].length), (6, 5));
}

#[test]
fn tests_and_defaults() {
    assert_uses(
        "{{#if a}}{{/if}}{{#unless b > c}}{{/unless}}",
        &["a 1:7 Tested", "b 1:27 Tested", "c 1:31 Tested"],
    );
    assert_uses("{{a ?? b ?? c}}", &["a 1:3 Defaulted", "b 1:8 Defaulted", "c 1:13 Required"]);
    assert_uses(
        "{{default(a, b)}} {{upper(default(c, 'x'))}}",
        &["a 1:11 Defaulted", "b 1:14 Required", "c 1:35 Defaulted"],
    );
    assert_uses("{{a == null}} {{b == 1}}", &["a 1:3 Tested", "b 1:17 Required"]);
    assert_uses("{{#each a}}{{this.x}}{{b}}{{@index}}{{/each}}", &["a 1:9 Required", "b 1:24 Required"]);
}

#[test]
fn what_a_test_proves() {
    for (test, guarded) in [
        ("x", true),
        ("x.y", true),
        ("x && other", true),
        ("x || other", false),
        ("!x", false),
        ("!!x", true),
        ("x == 'yes'", true),
        ("5 == x", true),
        ("x == ''", false),
        ("x == null", false),
        ("x != null", true),
        ("x != ''", true),
        ("x != 'no'", false),
        ("x > 5", true),
        ("x <= other", true),
        ("x == other", false),
        ("upper(x) == 'A'", true),
        ("length(x)", true),
        ("length(x) == 0", false),
        ("upper(!!x)", false),
        ("default(x, 'a')", false),
        ("x ?? other", false),
    ] {
        let source = format!("{{{{#if {test}}}}}{{{{x}}}}{{{{/if}}}}");
        let uses = Template::parse(&source).unwrap().variables();
        let expected = if guarded { Guard::Guarded } else { Guard::Required };
        assert_eq!(uses.last().map(|usage| usage.guard), Some(expected), "{test}");
    }
}

#[test]
fn a_failed_test_proves_something_too() {
    for (source, guard) in [
        ("{{#unless x}}{{else}}{{x}}{{/unless}}", Guard::Guarded),
        ("{{#if !x}}{{else}}{{x}}{{/if}}", Guard::Guarded),
        ("{{#if x == null}}{{else}}{{x}}{{/if}}", Guard::Guarded),
        ("{{#if !x}}{{else if y}}{{x}}{{/if}}", Guard::Guarded),
        ("{{#if !x || y}}{{else}}{{x}}{{/if}}", Guard::Guarded),
        ("{{#if x}}{{else}}{{x}}{{/if}}", Guard::Required),
        ("{{#if x}}{{/if}}{{x}}", Guard::Required),
        ("{{#if !x}}{{/if}}{{x}}", Guard::Required),
        ("{{#if x}}{{x.y}}{{/if}}", Guard::Required),
        ("{{#if x < 5}}{{else}}{{x}}{{/if}}", Guard::Required),
        ("{{!x || upper(x)}}", Guard::Guarded),
    ] {
        let uses = Template::parse(source).unwrap().variables();
        assert_eq!(uses.last().map(|usage| usage.guard), Some(guard), "{source}");
    }
}

#[test]
fn functions_are_listed_with_their_places() {
    let calls = Template::parse("{{upper(trim(a))}}{{#if length(b)}}{{/if}}").unwrap().functions();
    let calls: Vec<_> = calls.iter().map(|call| (call.name, call.at.column)).collect();
    assert_eq!(calls, [("upper", 3), ("trim", 9), ("length", 25)]);
}

#[test]
fn an_expression_lists_what_its_value_needs() {
    let uses = Expression::parse("a && b ?? c").unwrap().variables();
    assert_eq!(lines(&uses), ["a 1:1 Required", "b 1:6 Defaulted", "c 1:11 Required"]);
}

#[test]
fn long_sources_are_listed_in_one_reading() {
    // A reading from the start for each place, or a search through all tests, takes minutes here.
    let names: Vec<String> = (0..20_000).map(|number| format!("name {number}")).collect();
    let source = format!(
        "{{{{#if {}}}}}{}{{{{/if}}}}",
        names.join(" && "),
        "é{{name 7}}\n{{name 19999}}".repeat(20_000)
    );
    let uses = Template::parse(&source).unwrap().variables();
    assert_eq!(uses.len(), 60_000);
    assert!(uses[20_000..].iter().all(|usage| usage.guard == Guard::Guarded));
    let last = &uses[59_999];
    assert_eq!((last.at.line, last.at.column), (20_001, 3));
}
