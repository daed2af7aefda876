//! Broken workflows and what is said of them.

use crate::golden::check_folder;
use engine::check::{KnownSender, Surroundings, check};
use engine::{diagnostic, workflow};

#[test]
fn broken_files_are_told_apart_exactly() {
    check_folder("broken", |text, name| {
        let loaded = workflow::load(text, Some(name));
        diagnostic::render(&check(&loaded, &Surroundings::default()), text, name)
    });
}

/// What is said of one text from `from`, with some credentials and senders known.
fn said(from: &str, credential: Option<&str>, credentials: &[&str]) -> Vec<String> {
    let credential = credential.map_or(String::new(), |name| format!("\n    credential: {name}"));
    let file = format!(
        "name: x\nblocks:\n  - id: a\n    type: twilio\n    messageType: sms\n    from: {from}\n    to: +442079460958\n    message: Hi{credential}\n"
    );
    let surroundings = Surroundings {
        credentials: Some(credentials.iter().map(|name| (*name).to_owned()).collect()),
        senders: Some(vec![KnownSender { address: "+15551234567".into(), name: Some("front-desk".into()) }]),
        ..Surroundings::default()
    };
    let diagnostics = check(&workflow::load(&file, None), &surroundings);
    diagnostics
        .iter()
        .map(|d| format!("{} {}: {}", d.severity.as_str(), d.code.as_str(), d.message))
        .collect()
}

#[test]
fn names_are_held_against_what_is_known_of_the_world() {
    assert_eq!(said("+1 555 123 4567", None, &["main"]), [""; 0]);
    assert_eq!(said("front-desk", Some("main"), &["main", "other"]), [""; 0]);
    assert_eq!(
        said("front-desk", Some("man"), &["main"]),
        ["error unknown_credential: there is no credential `man`"]
    );
    assert_eq!(
        said("front-desk", None, &["main", "other"]),
        ["error ambiguous_credential: there are 2 credentials, and none is named"]
    );
    assert_eq!(
        said("front-desk", None, &[]),
        ["warning unknown_credential: there is no credential yet to send this with"]
    );
    assert_eq!(
        said("font-desk", None, &["main"]),
        ["warning unknown_sender: `font-desk` is none of our senders"]
    );
}

#[test]
fn programs_get_the_same_as_people() {
    let text = "name: x\nblocks:\n  - {id: a, type: ende}\n";
    let diagnostics = check(&workflow::load(text, None), &Surroundings::default());
    let line = diagnostic::json_object(&diagnostics[0], "flow.yaml").to_string();
    assert_eq!(
        line,
        r#"{"code":"bad_value","severity":"error","message":"`type` cannot be `ende`","file":"flow.yaml","line":3,"column":19,"length":4,"block":"a","hint":"did you mean `end`?"}"#
    );
    let sarif = diagnostic::sarif(&[("flow.yaml", &diagnostics)]);
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "bad_value");
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][index]["id"], "bad_value");
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["endColumn"]), (&3.into(), &23.into()));
}
