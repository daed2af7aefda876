//! The tools for agents, which need no server.

use super::{shown, switchboard};
use serde_json::Value;

#[test]
fn scripted_calls_are_played_and_held_against_what_they_say() {
    let arguments =
        ["simulate", "survey.yaml", "--script", "calls.jsonl", "--json", "--vars", r#"{"who":"Ann"}"#];
    let output = switchboard(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "one call ends otherwise than its line says");
    let lines = String::from_utf8(output.stdout).unwrap();
    let calls: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        calls[0].to_string(),
        r#"{"id":"good","asked":["rating","again"],"said":["Hello Ann.","How was it, from 1 to 10?","Would you come again?","Thank you. Goodbye."],"values":{"rating":10,"again":true},"ended_by":"completed"}"#
    );
    assert_eq!(calls[1]["asked"].to_string(), r#"["rating","rating","trouble","again","again"]"#);
    assert_eq!(calls[1]["values"].to_string(), r#"{"rating":2,"trouble":"***","again":false}"#);
    assert_eq!(calls[2]["values"].to_string(), r#"{"rating":7}"#);
    assert!(calls[4]["error"].as_str().unwrap().starts_with("line 6 is no call"), "{}", calls[4]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "error: other (line 5): ended_by is \"hangup\" and should be \"completed\"\n");
}

#[test]
fn somebody_at_the_terminal_holds_a_conversation() {
    let mut command = switchboard(&["simulate", "survey.yaml", "--why", "--vars", r#"{"who":"Ann"}"#]);
    let told = shown(command.write_stdin("eleven\nthree\n/why\n/#\n/2\n"));
    for line in [
        "Hello Ann.",
        "That has to be from 1 to 10. How was it, from 1 to 10?",
        "    action 1 of rating holds, by `less_than`: continue_flow",
        "What went wrong?",
        "ended by completed",
        "  rating = 3",
        "  trouble = null",
        "  again = false",
    ] {
        assert!(told.lines().any(|told| told.trim_start_matches("> ") == line), "{line} is not in\n{told}");
    }
    assert!(!told.contains("is skipped"), "reasons were switched off\n{told}");
}

#[test]
fn paths_become_a_suite_that_holds() {
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("suite.jsonl");
    let suite = suite.to_str().unwrap();
    let told = shown(&mut switchboard(&["paths", "survey.yaml", "--suite", suite]));
    assert!(told.starts_with("exit 0\n--- out\n2 paths\n\npath 1, completed\n  rating: "), "{told}");
    let output = switchboard(&["simulate", "survey.yaml", "--script", suite, "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
}

#[test]
fn check_knows_an_agent_from_a_workflow() {
    let found = shown(&mut switchboard(&["check", "survey.yaml", "fine.yaml"]));
    assert_eq!(found, "exit 0\n--- out\nsurvey.yaml: nothing is wrong\nfine.yaml: nothing is wrong\n");
    let found = shown(&mut switchboard(&["paths", "fine.yaml"]));
    assert!(found.starts_with("exit 0\n--- out\n1 path\n\npath 1, completed\n"), "{found}");
}

#[test]
fn the_schema_of_agents_is_the_one_that_the_loader_reads_by() {
    let output = switchboard(&["schema", "agent"]).output().unwrap();
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, engine::agent::schema());
}

#[test]
fn what_the_texts_need_is_asked_for_or_named() {
    let mut command = switchboard(&["simulate", "survey.yaml"]);
    let told = shown(command.write_stdin("Ann\nten\n/1\n"));
    assert!(told.contains("who? ") && told.contains("Hello Ann."), "{told}");
    let none = shown(switchboard(&["simulate", "survey.yaml"]).write_stdin(""));
    assert!(none.starts_with("exit 2") && none.contains("the agent's texts need `who`"), "{none}");
    let scripted = shown(&mut switchboard(&["simulate", "survey.yaml", "--script", "calls.jsonl"]));
    assert!(scripted.contains("warning: the agent's texts need `who`; give them: --vars"), "{scripted}");
}

#[test]
fn paths_of_a_workflow_become_a_suite_that_holds() {
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("suite.jsonl");
    let flow = folder.path().join("flow.yaml");
    let source = std::fs::read_to_string("../../examples/appointment-reminder.yaml").unwrap();
    std::fs::write(&flow, &source).unwrap();
    let (suite, flow) = (suite.to_str().unwrap(), flow.to_str().unwrap());
    let told = shown(&mut switchboard(&["paths", flow, "--suite", suite]));
    assert!(told.contains("paths\n\npath 1, ") && told.contains("STOP"), "{told}");
    let played = switchboard(&["simulate", flow, "--script", suite]).output().unwrap();
    assert_eq!(played.status.code(), Some(0), "{}", String::from_utf8_lossy(&played.stderr));
    // A workflow that goes another way is told.
    std::fs::write(flow, source.replacen("timeout: 24h", "timeout: 25h", 1).replacen("YES", "YEP", 9))
        .unwrap();
    let played = switchboard(&["simulate", flow, "--script", suite]).output().unwrap();
    assert_eq!(played.status.code(), Some(1), "{}", String::from_utf8_lossy(&played.stdout));
}

#[test]
fn people_answer_the_agents_of_a_workflow_on_its_paths() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (suite, flow, survey) = (at("suite.jsonl"), at("flow.yaml"), at("survey.yaml"));
    let questions =
        "name: survey\nquestions:\n  - {id: rating, question: How was it?, expectedAnswerType: number}\n";
    std::fs::write(&survey, questions).unwrap();
    let workflow = r#"
name: after
input: {phone: {type: string}}
from: "+15551234567"
blocks:
  - {id: talk, type: twilio, messageType: voiceAgent, to: "{{phone}}", agent: survey}
  - {id: good, type: condition, if: "rating > 8", on: {"true": end}}
  - {id: sorry, type: end, result: {rating: "{{rating}}"}}
"#;
    std::fs::write(&flow, workflow).unwrap();
    let unknown = shown(&mut switchboard(&["paths", &flow]));
    assert!(unknown.contains("warning: what people answer to the agent `survey` is left out"), "{unknown}");
    let told = shown(&mut switchboard(&["paths", &flow, "--agent", &survey, "--suite", &suite]));
    assert!(told.contains("answers \u{201c}9\u{201d}\n  talk (completed) > good (true)\n"), "{told}");
    assert!(
        told.contains("answers \u{201c}0\u{201d}\n  talk (completed) > good (false) > sorry\n"),
        "{told}"
    );
    let arguments = ["simulate", flow.as_str(), "--script", suite.as_str(), "--agent", survey.as_str()];
    let played = switchboard(&arguments).output().unwrap();
    assert_eq!(played.status.code(), Some(0), "{}", String::from_utf8_lossy(&played.stderr));
    // An agent that takes other answers is told.
    std::fs::write(&survey, questions.replace("number", "number, max: 8")).unwrap();
    let played = switchboard(&arguments).output().unwrap();
    assert_eq!(played.status.code(), Some(1), "{}", String::from_utf8_lossy(&played.stdout));
}
