//! One line a trap: what is written, and what it is read as.

use super::*;

/// A tree in one line: plain scalars bare, others in quotes.
fn dump(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain => scalar.text.clone(),
        Value::Scalar(scalar) => format!("{:?}", scalar.text),
        Value::List(items) => format!("[{}]", items.iter().map(dump).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key, dump(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn outcome(text: &str, name: Option<&str>) -> String {
    match read(text, name) {
        Ok(document) => dump(&document.root),
        Err(problems) => problems
            .iter()
            .map(|p| format!("{} at {}:{}+{}", p.code.as_str(), p.at.line, p.at.column, p.at.length))
            .collect::<Vec<_>>()
            .join("; "),
    }
}

fn check(name: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, outcome(text, Some(name)), expected))
        .filter(|(_, found, expected)| found != *expected)
        .map(|(text, found, expected)| format!("{text:?}\n  is read as {found}\n  and not as {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn scalars_keep_their_spelling() {
    check(
        "a.yaml",
        &[
            ("to: +15551234567", "{to: +15551234567}"),
            ("value: 10", "{value: 10}"),
            ("value: 007", "{value: 007}"),
            ("value: 0x1F", "{value: 0x1F}"),
            ("value: 1_000", "{value: 1_000}"),
            ("value: 12:30:45", "{value: 12:30:45}"),
            ("value: 2026-11-23", "{value: 2026-11-23}"),
            ("choices: [yes, no, on, off, y, n]", "{choices: [yes, no, on, off, y, n]}"),
            ("on: {failed: end}", "{on: {failed: end}}"),
            ("yes: no", "{yes: no}"),
            ("a: 1.0", "{a: 1.0}"),
            ("a: .5", "{a: .5}"),
            ("a: 1e3", "{a: 1e3}"),
            ("a: true", "{a: true}"),
            ("a: ~", "{a: ~}"),
            ("a:", "{a: }"),
            ("a: ''", "{a: \"\"}"),
            ("a: 'it''s'", "{a: \"it's\"}"),
            ("a: it's", "{a: it's}"),
            ("a: \"x\\ty\\u00e9\"", "{a: \"x\\tyé\"}"),
            ("a: http://example.com/x#y", "{a: http://example.com/x#y}"),
            ("a: order#5", "{a: order#5}"),
            ("a: 10:30", "{a: 10:30}"),
            ("- a\n- b: c\n  d: e", "[a, {b: c, d: e}]"),
            ("a: one\n  two\n\n  three", "{a: one two\nthree}"),
            ("a: |\n  one\n    two\n\n  three\nb: c", "{a: \"one\\n  two\\n\\nthree\\n\", b: c}"),
            ("é: |\r\n  one\r\n", "{é: \"one\\n\"}"),
            ("a: >-\n  one\n  two\n", "{a: \"one two\"}"),
            ("a: |+\n  one\n\n", "{a: \"one\\n\\n\"}"),
            ("\u{feff}a: b", "{a: b}"),
            ("a: b\r\nc: |\r\n  d\r\n  e\r\n", "{a: b, c: \"d\\ne\\n\"}"),
            ("---\na: b\n...\n", "{a: b}"),
            ("%YAML 1.2\n---\na: b\n", "{a: b}"),
            ("a: &x [1, 2]\nb: *x", "{a: [1, 2], b: [1, 2]}"),
            ("a: 🎉 done\nb: c", "{a: 🎉 done, b: c}"),
        ],
    );
}

#[test]
fn tags_of_templates_need_no_quotes() {
    check(
        "a.yaml",
        &[
            ("to: {{phone}}", "{to: {{phone}}}"),
            ("to: {{phone}}\nfrom: x", "{to: {{phone}}, from: x}"),
            ("m: {{a}} and {{b}}", "{m: {{a}} and {{b}}}"),
            ("m: {{a ?? \"x: y\"}} z", "{m: {{a ?? \"x: y\"}} z}"),
            ("m: Hi {{a ?? 'x # y'}} z", "{m: Hi {{a ?? 'x # y'}} z}"),
            ("m: +1{{areaCode}}{{phoneNumber}}", "{m: +1{{areaCode}}{{phoneNumber}}}"),
            ("m: {{#if a}}yes{{else}}no{{/if}}", "{m: {{#if a}}yes{{else}}no{{/if}}}"),
            ("m: {{format(x, \"}}\")}}!", "{m: {{format(x, \"}}\")}}!}"),
            ("m: {{{{ two braces", "{m: {{{{ two braces}"),
            ("m: {{name's}} x", "{m: {{name's}} x}"),
            ("- {{a}}\n- {{b}}", "[{{a}}, {{b}}]"),
            ("- - {{a}}", "[[{{a}}]]"),
            ("m: [{{a}}, \"{{b}}\", {{c}}]", "{m: [{{a}}, \"{{b}}\", {{c}}]}"),
            ("m: {x: {{a}}, y: {z: {{b}}}}", "{m: {x: {{a}}, y: {z: {{b}}}}}"),
            ("m: \"{{ f(\\\"a\\\") }}\"", "{m: \"{{ f(\\\"a\\\") }}\"}"),
            ("m: '{{ f(''a'') }}'", "{m: \"{{ f('a') }}\"}"),
            ("m: |\n  {{a}}: {{b}}\nn: {{c}}", "{m: \"{{a}}: {{b}}\\n\", n: {{c}}}"),
            ("m:\n  {{a}}\n  {{b}}: c\n", "syntax at 3:8+1"),
            ("m:\n  {{a}}\n  and {{b}}\nn: d", "{m: {{a}} and {{b}}, n: d}"),
            ("m: a\n  {{b ?? 'c: d'}}\nn: {{e}}", "{m: a {{b ?? 'c: d'}}, n: {{e}}}"),
            ("m: {{a}} # note", "{m: {{a}}}"),
            ("m: {{ünï}} {{🎉}}", "{m: {{ünï}} {{🎉}}}"),
            ("\u{e020}: {{a}}", "{\u{e020}: {{a}}}"),
        ],
    );
}

#[test]
fn what_yaml_forbids_is_said_with_its_place() {
    check(
        "a.yaml",
        &[
            ("a: 1\nb: 2\na: 3", "duplicate_key at 3:1+1"),
            ("a: {x: 1, x: 2}\nb: {y: 1, 'y': 2}", "duplicate_key at 1:11+1; duplicate_key at 2:11+3"),
            ("a: b\n---\nc: d", "several_documents at 2:1+3"),
            ("a:\n\tb: c", "tab at 2:1+1"),
            ("a: !!str 5", "tag at 1:4+7"),
            ("a: &x {b: c}\nd:\n  <<: *x", "merge_key at 3:3+2"),
            ("a: Order #5\n  is here", "cut_by_comment at 1:10+2"),
            ("a: *nothing", "syntax at 1:4+1"),
            ("a: Note: this", "syntax at 1:8+1"),
            ("a: `x`", "syntax at 1:4+1"),
            ("a: @x", "syntax at 1:4+1"),
            ("a: \"x", "syntax at 1:4+1"),
            ("? [a]\n: b", "syntax at 1:3+3"),
            (": b", "syntax at 1:1+0"),
            ("a: &x [*x]", "syntax at 1:8+2"),
            ("", "empty at 1:1+0"),
            ("# nothing\n", "empty at 1:1+0"),
        ],
    );
}

#[test]
fn json_and_json5_end_in_the_same_tree() {
    check(
        "a.json5",
        &[
            ("{\"a\": [1, -2.5e3, true, null, \"x\"]}", "{a: [1, -2.5e3, true, null, \"x\"]}"),
            ("// c\n{a: 'b', /* d */ $e: +1, f: .5, g: 0x1F,}", "{a: \"b\", $e: +1, f: .5, g: 0x1F}"),
            ("{\"a\": \"\\u00e9\\ud83c\\udf89\\n\\\"\"}", "{a: \"é🎉\\n\\\"\"}"),
            ("{a: 'x\\\ny'}", "{a: \"xy\"}"),
            ("{\"a\": \"{{b}}\"}", "{a: \"{{b}}\"}"),
            ("[{}, []]", "[{}, []]"),
            ("{a: 1, a: 2}", "duplicate_key at 1:8+1"),
            ("{a: b}", "syntax at 1:5+1"),
            ("{a: 1 b: 2}", "syntax at 1:7+1"),
            ("{a: 'b\n'}", "syntax at 1:5+1"),
            ("{a: \"\\ud800\"}", "syntax at 1:8+1"),
            ("{a: [1, 2}", "syntax at 1:10+1"),
            ("{a: 1} x", "syntax at 1:8+1"),
            ("{a: 1", "syntax at 1:6+0"),
            ("{a: 1e}", "syntax at 1:5+1"),
        ],
    );
}

#[test]
fn a_file_without_a_known_ending_is_told_by_its_text() {
    for (text, expected) in
        [("{a: 'b', // c\n}", "{a: \"b\"}"), ("{a: b}", "{a: b}"), ("{{a}}", "{{a}}"), ("a: b", "{a: b}")]
    {
        assert_eq!(outcome(text, Some("stdin")), expected);
    }
}

#[test]
fn limits_hold_and_are_named() {
    let deep = "[".repeat(100_000);
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..9 {
        let items = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    let mut long = format!("a: &a {}\nb: [", "x".repeat(100_000));
    long.push_str(&vec!["*a"; 1_000].join(", "));
    long.push(']');
    for (text, name) in [(&deep, "a.json"), (&deep, "a.yaml"), (&laughs, "a.yaml"), (&long, "a.yaml")] {
        let outcome = outcome(text, Some(name));
        assert!(outcome.starts_with("limit_reached"), "{outcome}");
    }
    assert!(outcome(&" ".repeat(DOCUMENT_BYTES_MAX + 1), None).starts_with("limit_reached"));
}

#[test]
fn text_before_a_comment_is_remembered_as_cut() {
    let cut = |text: &str| {
        let document = read(text, Some("a.yaml")).expect("well formed");
        let Value::Map(entries) = &document.root.value else { panic!("a map") };
        let Value::Scalar(scalar) = &entries[0].value.value else { panic!("{text}") };
        scalar.cut.as_ref().map(|cut| (cut.whole.clone(), document.source.place(cut.comment).column))
    };
    assert_eq!(cut("m: Your order #{{n}} is here"), Some(("Your order #{{n}} is here".into(), 15)));
    assert_eq!(cut("m: a\n  b # c\nn: d"), Some(("a b # c".into(), 5)));
    assert_eq!(cut("m: order#5"), None);
    assert_eq!(cut("m: 'order' # quoted"), None);
    assert_eq!(cut("m: 5 #"), Some(("5 #".into(), 6)));
}

#[test]
fn places_inside_a_scalar_are_found_in_the_file() {
    // The piece after the last `§` of the text is looked for in the file.
    for (text, line, column) in [
        ("m: one §two", 1, 9),
        ("m: 'it''s §two'", 1, 12),
        ("m: \"a\\tb\\u00e9 §two\"", 1, 17),
        ("m: |\n  one\n  §two", 3, 4),
        ("m: |\n  one\n\n    é§two", 4, 7),
        ("m: >\n  one\n  more §two\n", 3, 9),
        ("m: >\n  one\n\n  §two\n", 4, 4),
        ("m: one\n  more\n  §two", 3, 4),
        ("m: \"one\n\n  §two\"", 3, 4),
        ("m: \"one\\\n  §two\"", 2, 4),
        ("m: |\r\n  one\r\n  §two", 3, 4),
        ("m: {{a}} §two", 1, 11),
        ("🎉: {{a}} §two", 1, 11),
    ] {
        let document = read(text, Some("a.yaml")).expect(text);
        let Value::Map(entries) = &document.root.value else { panic!("a map") };
        let node = &entries[0].value;
        let Value::Scalar(scalar) = &node.value else { panic!("a scalar") };
        let offset = scalar.text.find("two").expect(text);
        let place = document.source.place(document.source.within(scalar, node.span, offset, 3));
        assert_eq!((place.line, place.column, place.length), (line, column, 3), "{text:?}");
    }
}

#[test]
fn a_file_is_known_by_its_keys() {
    let kind = |text: &str| {
        let document = read(text, None).ok();
        kind_of(document.as_ref().map(|document| &document.root), text)
    };
    assert_eq!(kind("name: x\nblocks: []"), FileKind::Workflow);
    assert_eq!(kind("Agent Type: LLM Agent"), FileKind::Agent);
    assert_eq!(kind("questions: []"), FileKind::Agent);
    assert_eq!(kind("- question: Who?"), FileKind::Agent);
    assert_eq!(kind("question: Who?"), FileKind::Agent);
    assert_eq!(kind("name: x"), FileKind::Unknown);
    assert_eq!(kind("From: +15551234567\nTo: {{phone}}\nMessage: \nHi: there #1"), FileKind::Send);
}

#[test]
fn a_text_to_send_is_everything_after_its_label() {
    let text = "From Number: +15551234567\r\nTo: {{phone}} \nMessage:\n🎉 Order #5:\n\nDone.\n";
    let send = read_send_text(text).expect("well formed");
    assert_eq!(send.from.map(|(from, _)| from).as_deref(), Some("+15551234567"));
    assert_eq!(send.to.0, "{{phone}}");
    assert_eq!(send.message.0, "🎉 Order #5:\n\nDone.");
    let problems = |text: &str| read_send_text(text).expect_err("broken")[0].message.clone();
    assert_eq!(problems("To: x\n"), "a line `Message:` with something after it is missing");
    assert_eq!(problems("Message: x\n"), "a line `To:` with something after it is missing");
    assert_eq!(problems("Form: x\nTo: y\nMessage: z"), "`form` is not known here");
}
