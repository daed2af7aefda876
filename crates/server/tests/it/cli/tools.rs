//! The tools that need no server.

use super::{shown, switchboard};
use serde_json::{Value, json};

#[test]
fn check_shows_the_line_and_what_to_do() {
    insta::assert_snapshot!(shown(&mut switchboard(&["check", "broken.yaml"])));
    insta::assert_snapshot!(shown(&mut switchboard(&["check", "broken.yaml", "--json"])));
    assert_eq!(
        shown(&mut switchboard(&["check", "fine.yaml"])),
        "exit 0\n--- out\nfine.yaml: nothing is wrong\n"
    );
    let both = shown(&mut switchboard(&["check", "fine.yaml", "missing.yaml"]));
    assert!(
        both.starts_with(
            "exit 2\n--- out\nfine.yaml: nothing is wrong\n--- err\nerror: missing.yaml cannot be read"
        ),
        "{both}"
    );
}

#[test]
fn check_speaks_sarif() {
    let output = switchboard(&["check", "broken.yaml", "--sarif"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "broken.yaml");
}

#[test]
fn segments_names_what_makes_a_text_dear() {
    insta::assert_snapshot!(shown(&mut switchboard(&["segments", "It’s 5 € for Zoë"])));
    let lines = "{\"text\":\"Hello\"}\n\n{\"text\":\"It’s\"}\n{\"txt\":1}\n";
    insta::assert_snapshot!(shown(switchboard(&["segments", "--json"]).write_stdin(lines)));
}

#[test]
fn render_gives_the_text_or_says_what_is_missing() {
    let hi = [
        "render",
        "Hi {{name}}, {{count}} {{plural(count, \"visit\", \"visits\")}}",
        "--vars",
        r#"{"name":"Ann","count":2}"#,
    ];
    assert_eq!(shown(&mut switchboard(&hi)), "exit 0\n--- out\nHi Ann, 2 visits\n");
    insta::assert_snapshot!(shown(&mut switchboard(&["render", "Hi {{nmae}}", "--var", "name=Ann"])));
    let lines = "{\"template\":\"Hi {{name}}\",\"vars\":{\"name\":\"Ann\"}}\n{\"template\":\"Hi {{name}}\"}\n{\"template\":\"{{\"}\n";
    insta::assert_snapshot!(shown(switchboard(&["render", "--json"]).write_stdin(lines)));
}

#[test]
fn schema_is_the_one_that_the_loader_reads_by() {
    let output = switchboard(&["schema"]).output().unwrap();
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, engine::workflow::schema());
}

#[test]
fn commands_that_make_no_sense_are_refused_with_the_right_ones() {
    insta::assert_snapshot!(shown(&mut switchboard(&["runs", "list"])));
    insta::assert_snapshot!(shown(&mut switchboard(&[
        "runs",
        "list",
        "--server",
        "http://127.0.0.1:9",
        "--token",
        "sbt_x"
    ])));
    insta::assert_snapshot!(shown(&mut switchboard(&[
        "run",
        "greet",
        "--input",
        "[1]",
        "--server",
        "http://127.0.0.1:9",
        "--token",
        "sbt_x"
    ])));
}

#[test]
fn understand_tells_people_the_value_and_why() {
    let cases: [(&[&str], &str); 6] = [
        (&["--type", "number", "about twenty three or so"], "23\n  \"twenty three\" names the number 23.\n"),
        (
            &["--type", "number", "more than five"],
            "ask again\n  \"more than\" makes a bound of the number.\n",
        ),
        (
            &["--choice", "Sales", "--choice", "Billing", "the second one"],
            "Billing\n  It is number 2 of the list.\n",
        ),
        (&["--type", "yes_no", "--digits", "1"], "yes\n  Key 1 means yes.\n"),
        (
            &["--type", "date", "--language", "de-DE", "--call-date", "2026-11-23", "übermorgen"],
            "2026-11-25\n  It is counted from the call's day, 2026-11-23.\n",
        ),
        (&["--type", "yes_no", "--language", "fr-FR", "pas vraiment"], "no\n  \"pas vraiment\" means no.\n"),
    ];
    for (arguments, told) in cases {
        let mut command = switchboard(&["understand"]);
        assert_eq!(shown(command.args(arguments)), format!("exit 0\n--- out\n{told}"), "{arguments:?}");
    }
    let misused: [(&[&str], &str); 3] = [
        (&["five"], "the type of the answer is missing"),
        (&["--type", "multiple_choice", "five"], "there is nothing to choose from"),
        (&["--type", "colour", "red"], "known are text, number, yes_no"),
    ];
    for (arguments, told) in misused {
        let text = shown(switchboard(&["understand"]).args(arguments));
        assert!(text.starts_with("exit 2\n") && text.contains(told), "{arguments:?}: {text}");
    }
}

/// One object a line in, one a line out, as test sets are run: a line that is no question does not end it.
#[test]
fn understand_answers_every_line_of_json() {
    let lines = concat!(
        r#"{"lang":"de-DE","type":"time","said":"halb drei nachmittags"}"#,
        "\n\n",
        r#"{"lang":"en-US","type":"multiple_choice","choices":["Sales",{"value":"Billing","key":"7","synonyms":["invoices"]}],"digits":"7"}"#,
        "\n",
        r#"{"lang":"en-US","type":"date","said":"tomorrow","call_date":"2026-11-23","confidence":0.9,"question":"When?","region":"US"}"#,
        "\n",
        r#"{"lang":"es-ES","type":"yes_no","said":"quizás"}"#,
        "\n",
        r#"{"lang":"en-US","type":"colour","said":"red"}"#,
        "\n",
        r#"{"lang":"en-US","type":"number","said":"minus four"}"#,
        "\n",
    );
    let output = switchboard(&["understand", "--json"]).write_stdin(lines).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "one line is no question");
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let expected = [
        json!({"value": "14:30", "why": ["\"halb drei nachmittags\" is 14:30."]}),
        json!({"value": "Billing", "why": ["Key 7 is its key."]}),
        json!({"value": "2026-11-24", "why": ["It is counted from the call's day, 2026-11-23."]}),
        json!({"ask_again": true, "why": ["\"quizas\" leaves it open."]}),
    ];
    assert_eq!(answers[..4], expected);
    assert!(answers[4]["error"].as_str().unwrap().contains("colour"), "{}", answers[4]);
    assert_eq!(answers[5]["value"], -4);
    assert_eq!(answers.len(), 6);
}
