//! Calls, from the workflow to the phone and back.

use super::app::{PHONE, TestApp};
use engine::call::{Call, Status};
use engine::id::RunId;
use engine::sending::State;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::{CallFilter, PageRequest};

/// What every workflow of these tests begins with.
const RING: &str = r#"
name: ring
trigger: {type: webhook, path: ring}
input: {to: {type: string}}
from: "+15551234567"
blocks:"#;

impl TestApp {
    /// How the phone takes its calls.
    async fn takes_calls(&self, script: &Value) {
        let url = format!("{}/emulator/v1/phones/{PHONE}/callScripts", self.emulator_url);
        let put = self.http.post(url).json(script).send().await.unwrap();
        assert!(put.status().is_success(), "{}", put.text().await.unwrap());
    }

    /// Runs a workflow of these blocks and lets so much time pass.
    async fn calls(&self, blocks: &str, time: SignedDuration) -> RunId {
        self.publish("ring", &format!("{RING}{blocks}")).await;
        let (status, body) = self.hook("ring", &json!({ "to": PHONE })).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{body}");
        self.quiet().await;
        self.clock.advance(time).await;
        RunId::parse(body["run"].as_str().unwrap()).unwrap()
    }

    /// As the provider has them.
    pub(super) async fn rung(&self) -> Vec<Value> {
        let url = format!("{}/emulator/v1/calls", self.emulator_url);
        let mut calls: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        serde_json::from_value(calls["calls"].take()).unwrap()
    }

    async fn stored_calls(&self) -> Vec<Call> {
        let page = PageRequest { before: None, limit: 10 };
        self.state.store.list(CallFilter::default(), page).await.unwrap()
    }
}

#[tokio::test]
async fn an_announcement_is_spoken_and_its_run_goes_on_at_its_end() {
    let app = TestApp::start().await;
    let blocks = r#"
  - {id: tell, type: twilio, messageType: voice, to: "{{to}}", message: "Your order is ready to be picked up."}
  - {id: done, type: end, result: {status: "{{messageStatus}}", to: "{{recipientNumber}}"}}
"#;
    let run = app.calls(blocks, SignedDuration::from_mins(2)).await;
    let result = app.ended(&run).await.result;
    assert_eq!(result, Some(json!({ "status": "completed", "to": PHONE })));
    let rung = app.rung().await;
    assert_eq!(rung.len(), 1, "{rung:?}");
    let sid = rung[0]["sid"].as_str().unwrap();
    let story = app.http.get(format!("{}/emulator/v1/calls/{sid}", app.emulator_url)).send().await.unwrap();
    let story = story.text().await.unwrap();
    assert!(story.contains("Your order is ready to be picked up."), "{story}");
    let calls = app.stored_calls().await;
    assert_eq!(calls[0].progress.status, Some(Status::Completed));
    assert!(calls[0].receipt.duration.is_some(), "{:?}", calls[0]);
    app.finish().await;
}

#[tokio::test]
async fn a_key_confirms_what_was_said() {
    let app = TestApp::start().await;
    let blocks = r#"
  - id: alarm
    type: twilio
    messageType: voice
    to: "{{to}}"
    message: "The pump has stopped. Press one to confirm."
    confirmKey: 1
    confirmMessage: "Thank you."
    on: {confirmed: seen, hung_up: unseen}
  - {id: unseen, type: end, result: {seen: false}}
  - {id: seen, type: end, result: {seen: true}}
"#;
    let press = json!({ "rules": [{ "hears": { "contains": "confirm" }, "do": [{ "press": "1" }] }] });
    app.takes_calls(&press).await;
    let run = app.calls(blocks, SignedDuration::from_mins(2)).await;
    assert_eq!(app.ended(&run).await.result, Some(json!({ "seen": true })));
    app.finish().await;
}

#[tokio::test]
async fn a_person_who_hangs_up_early_is_told_apart() {
    let app = TestApp::start().await;
    let blocks = r#"
  - id: tell
    type: twilio
    messageType: voice
    to: "{{to}}"
    message: "This is a long story that begins with a cold morning, a dog and a letter that nobody had opened."
    on: {hung_up: early}
  - {id: heard, type: end, result: {heard: true}}
  - {id: early, type: end, result: {heard: false}}
"#;
    app.takes_calls(&json!({ "hangUpAfterMs": 2_000, "times": 1 })).await;
    let run = app.calls(blocks, SignedDuration::from_mins(2)).await;
    assert_eq!(app.ended(&run).await.result, Some(json!({ "heard": false })));
    let run = app.calls(blocks, SignedDuration::from_mins(2)).await;
    assert_eq!(app.ended(&run).await.result, Some(json!({ "heard": true })), "it is listened to this time");
    app.finish().await;
}

#[tokio::test]
async fn a_busy_line_is_called_again() {
    let app = TestApp::start().await;
    let blocks = r#"
  - {id: tell, type: twilio, messageType: voice, to: "{{to}}", message: "Hello.", retry: {attempts: 2, delay: 5m}}
  - {id: done, type: end, result: {status: "{{messageStatus}}"}}
"#;
    app.takes_calls(&json!({ "pickUp": { "kind": "busy" }, "times": 1 })).await;
    let run = app.calls(blocks, SignedDuration::from_mins(10)).await;
    assert_eq!(app.ended(&run).await.result, Some(json!({ "status": "completed" })));
    let states: Vec<State> = app.stored_calls().await.iter().map(|call| call.progress.state).collect();
    assert_eq!(states, [State::Accepted; 2]);
    assert_eq!(app.rung().await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_machine_gets_a_message_of_its_own() {
    let app = TestApp::start().await;
    let blocks = r#"
  - id: tell
    type: twilio
    messageType: voice
    to: "{{to}}"
    message: "Press one to talk to us."
    voicemailMessage: "Please call us back tomorrow."
    on: {voicemail: left}
  - {id: done, type: end, result: {left: false}}
  - {id: left, type: end, result: {left: "{{answeredBy}}"}}
"#;
    app.takes_calls(&json!({ "pickUp": { "kind": "voicemail", "greeting": "Leave a message." } })).await;
    let run = app.calls(blocks, SignedDuration::from_mins(3)).await;
    assert_eq!(app.ended(&run).await.result, Some(json!({ "left": "machine_end_beep" })));
    app.finish().await;
}

#[tokio::test]
async fn what_the_debugger_noticed_is_kept_with_the_call_and_what_to_do() {
    let app = TestApp::start().await;
    let blocks = r#"
  - {id: tell, type: twilio, messageType: voice, to: "{{to}}", audio: "http://127.0.0.1:9/none.mp3", message: "Hi."}
  - {id: done, type: end, result: {status: "{{messageStatus}}"}}
"#;
    let run = app.calls(blocks, SignedDuration::from_mins(2)).await;
    app.ended(&run).await;
    app.clock.advance(SignedDuration::from_mins(20)).await;
    let call = app
        .eventually(async || {
            let calls = app.stored_calls().await;
            calls.into_iter().find(|call| !call.course.notices.is_empty())
        })
        .await;
    app.clock.advance(SignedDuration::from_mins(20)).await;
    app.quiet().await;
    let notices = app.stored_calls().await[0].course.notices.clone();
    assert_eq!(notices, call.course.notices, "each once, however often it is listed");
    let history = app.state.store.history::<Call>(&call.id).await.unwrap();
    let kinds: Vec<String> =
        history.iter().map(|event| serde_json::to_string(&event.kind).unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| kind.contains("noticed")).count(), notices.len(), "{kinds:?}");
    assert!(notices[0].code.is_some() && notices[0].sentence().contains("debugger"), "{notices:?}");
    app.finish().await;
}
