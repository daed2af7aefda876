//! Conversations of `simulate` with an agent that talks by a language model, which the emulator plays.

use super::switchboard;
use crate::whole::app::TestApp;
use emulator::DEFAULT_MODEL_KEY;
use serde_json::{Value, json};
use std::process::Output;

/// A model that books, tells what came of it, and lies when it is asked to.
async fn with_model() -> TestApp {
    let app = TestApp::start().await;
    let call = |name: &str, arguments: Value| json!({"toolCalls": [{"name": name, "arguments": arguments}]});
    let model = json!({"id": "m", "rules": [
        {"when": {"resultOf": "book", "resultContains": "no room"}, "then": {"text": "There is no room."}},
        {"when": {"resultOf": "book"}, "then": call("remember", json!({"value": "Tuesday"}))},
        {"when": {"resultOf": "remember"}, "then": {"text": "You are booked for Tuesday."}},
        {"when": {"contains": "book"}, "then": call("book", json!({"day": "Tuesday"}))},
        {"then": {"text": "I have booked it for you."}},
    ]});
    let url = format!("{}/emulator/v1/models/m", app.emulator_url);
    let put = app.http.put(url).json(&model).send().await.unwrap();
    assert!(put.status().is_success(), "{}", put.text().await.unwrap());
    app
}

/// Runs a command that asks the emulator's models, with something typed.
async fn simulated(app: &TestApp, arguments: &[&str], typed: &'static str) -> Output {
    let vars = ["--vars", r#"{"practice":"the lake practice"}"#];
    let mut command = switchboard(&[&["simulate", "desk.yaml"], arguments, &vars].concat());
    command.env("OPENAI_BASE_URL", format!("{}/v1", app.emulator_url));
    command.env("OPENAI_API_KEY", DEFAULT_MODEL_KEY).write_stdin(typed);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn scripted_calls_are_held_with_a_model() {
    let app = with_model().await;
    let output = simulated(&app, &["--script", "desk.jsonl", "--json"], "").await;
    let lines = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let calls: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(calls.len(), 3, "{err}");
    assert_eq!(
        calls[0].to_string(),
        r#"{"id":"booked","asked":[],"said":["Hello, this is the lake practice.","You are booked for Tuesday.","Are you still there?","Thank you for calling. Goodbye."],"values":{"day":"Tuesday"},"ended_by":"completed"}"#
    );
    // A claim without its deed is held back, twice, and replaced.
    assert_eq!(calls[2]["said"][1], "I am sorry, I did not get that right. Could you say it again?");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(err, "error: liar (line 3): ended_by is \"hangup\" and should be \"completed\"\n");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_conversations_are_held_and_reported() {
    let app = with_model().await;
    let arguments = ["--script", "desk.jsonl", "--conversations", "7", "--at-once", "3", "--json"];
    let output = simulated(&app, &arguments, "").await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["conversations"], 7);
    assert_eq!(report["ended_by"], json!({"completed": 3, "hangup": 4}));
    assert_eq!(
        (&report["completed"], &report["turns"], &report["different"]),
        (&json!(3), &json!(10), &json!(2))
    );
    assert_eq!(report["broken_rules"], json!({"held": 4, "tool_failed": 2}));
    assert!(report["dollars"].as_f64().unwrap() > 0.0 && report["dollars_assumed"] == false, "{report}");
    for stage in ["first_token", "first_sentence", "complete"] {
        assert!(report["latency_ms"][stage]["p50"].as_f64().unwrap() > 0.0, "{report}");
    }
    assert_eq!(output.status.code(), Some(1), "two of them came to another end than their line says");
    let told = simulated(&app, &arguments[..4], "").await;
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.starts_with("7 conversations, 3 of them completed\n") && told.contains("4 held"), "{told}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_at_the_terminal_talks_with_a_model() {
    let app = with_model().await;
    let output = simulated(&app, &["--why"], "Please book Tuesday\n/1\nbye\n").await;
    let told = String::from_utf8(output.stdout).unwrap();
    for words in [
        "Hello, this is the lake practice.",
        "calls book",
        "You are booked for Tuesday.",
        "keys 1",
        "first sentence after",
        "ended by completed",
        "day = \"Tuesday\"",
    ] {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    let output = switchboard(&["simulate", "desk.yaml"]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("OPENAI_API_KEY"), "{err}");
    app.finish().await;
}
