//! Broken workflows and what is said of them.

use crate::golden::check_folder;
use engine::check::{KnownSender, Surroundings, check};
use engine::{diagnostic, workflow};
use std::sync::Arc;

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

/// What is said of a workflow with one call by an agent of another file, by what that agent says first.
fn said_of(greeting: &str, input: &str) -> Vec<String> {
    let source =
        format!("name: survey\ngreeting: \"{greeting}\"\nquestions: [{{id: rating, question: And?}}]\n");
    let agent = engine::agent::load(&source, None).agent.expect("a whole agent");
    let block = "{id: ask, type: twilio, messageType: voiceAgent, from: '+442079460958', to: '{{phone}}', agent: survey}";
    let file = format!("name: x\ninput: {{phone: {{type: string}}{input}}}\nblocks:\n  - {block}\n");
    let surroundings = Surroundings {
        agents: Some(vec!["survey".into()]),
        definitions: [("survey".to_owned(), Arc::new(agent))].into(),
        ..Surroundings::default()
    };
    let diagnostics = check(&workflow::load(&file, None), &surroundings);
    let line = |d: &diagnostic::Diagnostic| {
        let hint = d.hint.as_deref().unwrap_or_default();
        format!(
            "{}:{} {} {}: {} ({hint})",
            d.at.line,
            d.at.column,
            d.severity.as_str(),
            d.code.as_str(),
            d.message
        )
    };
    diagnostics.iter().map(line).collect()
}

#[test]
fn an_agent_of_another_file_gets_what_its_texts_need() {
    assert_eq!(said_of("Hello {{name}}.", ", name: {type: string}"), [""; 0]);
    assert_eq!(said_of("Hello {{name ?? 'there'}}, {{#if rating}}again{{/if}}.", ""), [""; 0]);
    assert_eq!(
        said_of("Hello {{name}}, {{name}}.", ""),
        [
            "4:101 error unknown_variable: the agent `survey` needs the variable `name`, which nothing ever sets \
             (declare it under `input`, set it before the agent talks, or let it say something else instead: \
             `{{name ?? \"…\"}}`)"
        ]
    );
    assert_eq!(
        said_of("Hello {{phon}}.", ""),
        [
            "4:101 error unknown_variable: the agent `survey` needs the variable `phon`, which nothing ever sets \
             (did you mean `phone`?)"
        ]
    );
    assert_eq!(
        said_of("Hello {{name}}.", ", name: {type: [string, 'null'], default: null}"),
        [
            "4:101 warning missing_variable: the agent `survey` needs the variable `name`, which may be null here \
             (set it on every way to here, or let it say something else instead: `{{name ?? \"…\"}}`)"
        ]
    );
}
