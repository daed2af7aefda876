//! The tools that need no server.

use super::{shown, switchboard};
use serde_json::Value;

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
