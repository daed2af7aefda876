//! Workflows that were taken back: nothing starts them, and what is under way goes on.

use super::app::{PHONE, TestApp};
use crate::api::caller::Caller;
use crate::cli::online::{asked, said};
use emulator::DEFAULT_NUMBER;
use reqwest::{Method, StatusCode};
use serde_json::json;

/// What a text to our number starts, and a call to it.
const HOURS: &str = "name: hours
trigger: {type: incomingMessage, words: [opening hours]}
from: \"+15551234567\"
blocks: [{id: tell, type: twilio, messageType: sms, to: '{{reply.from}}', message: 'From 9 to 5.'}]
";
const DESK: &str = "name: desk
trigger: {type: incomingCall}
blocks: [{id: tell, type: twilio, messageType: voice, message: We are closed.}]
";

impl TestApp {
    async fn calls_us(&self) {
        let url = format!("{}/emulator/v1/phones/{PHONE}/calls", self.emulator_url);
        let called = self.http.post(url).json(&json!({ "to": DEFAULT_NUMBER })).send().await.unwrap();
        assert_eq!(called.status(), StatusCode::CREATED);
    }
}

#[tokio::test]
async fn nothing_starts_a_retired_workflow_and_its_runs_go_on() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    let input = json!({ "patientPhone": PHONE, "patientName": "Ann" });
    let run = app.remind().await;
    app.inbox_of(1).await;
    let path = "/workflows/appointment-reminder";
    let (status, shown) = caller.call(Method::GET, path, None).await;
    assert_eq!((status, &shown["version"]), (200, &json!(1)));
    let source = shown["source"].as_str().unwrap();

    let told = said(&app, &["workflows"]).await;
    assert!(told.contains("appointment-reminder") && told.contains("webhook /hooks/appointment"), "{told}");
    let told = said(&app, &["workflows", "retire", "appointment-reminder"]).await;
    assert_eq!(told, "appointment-reminder is retired: nothing starts it any more\n");
    let again = asked(&app, &["workflows", "retire", "appointment-reminder"]).await;
    let err = String::from_utf8(again.stderr).unwrap();
    assert!(again.status.code() == Some(1) && err.contains("no workflow has this name"), "{err}");

    for (method, path) in [
        (Method::GET, path.to_owned()),
        (Method::DELETE, path.to_owned()),
        (Method::POST, format!("{path}/runs")),
    ] {
        let body = (method == Method::POST).then(|| json!({ "input": input }));
        let (status, problem) = caller.call(method.clone(), &path, body.as_ref()).await;
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{method} {path}");
    }
    assert_eq!(app.hook("appointment", &input).await.0, StatusCode::NOT_FOUND);
    let listed = said(&app, &["workflows", "list", "--json"]).await;
    assert!(!listed.contains("appointment-reminder"), "{listed}");

    // The run that is under way still hears the answer, and its version can be read.
    app.phone_says("YES").await;
    assert_eq!(app.ended(&run).await.result.unwrap()["outcome"], "confirmed");
    assert_eq!(caller.call(Method::GET, &format!("{path}/versions/1"), None).await.0, 200);
    assert_eq!(caller.call(Method::GET, &format!("{path}/versions/2"), None).await.0, 404);

    // The same file brings it back.
    app.publish("appointment-reminder", source).await;
    let (_, back) = caller.call(Method::GET, path, None).await;
    assert_eq!(back["version"], 3);
    assert_eq!(app.hook("appointment", &input).await.0, StatusCode::ACCEPTED);
    app.inbox_of(3).await;
    app.phone_says("YES").await;
    app.inbox_of(4).await;
    app.finish().await;
}

#[tokio::test]
async fn neither_texts_nor_calls_start_a_retired_workflow() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    for (name, source) in [("hours", HOURS), ("desk", DESK)] {
        app.publish(name, source).await;
        let (status, _) = caller.call(Method::DELETE, &format!("/workflows/{name}"), None).await;
        assert_eq!(status, 204);
    }
    app.phone_says("opening hours").await;
    app.calls_us().await;
    app.quiet().await;
    assert!(app.runs_of("hours").await.is_empty() && app.runs_of("desk").await.is_empty());
    app.publish("hours", HOURS).await;
    app.phone_says("opening hours").await;
    assert_eq!(app.inbox_of(1).await, ["From 9 to 5."]);
    app.publish("desk", DESK).await;
    app.calls_us().await;
    app.eventually(async || (!app.runs_of("desk").await.is_empty()).then_some(())).await;
    app.quiet().await;
    app.stop().await;
}

/// What was stored stays stored, whatever cannot be read behind it.
#[tokio::test]
async fn what_is_done_is_answered_as_done_beside_a_workflow_that_nobody_can_read() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    app.publish("hours", HOURS).await;
    // As a program left it that knew other rules.
    app.state.store.publish_workflow("old", "name: old\nblocks: 7\n", app.state.host.now()).await.unwrap();
    app.state.host.refresh().await.unwrap();
    app.phone_says("opening hours").await;
    assert_eq!(app.inbox_of(1).await, ["From 9 to 5."], "the others go on");
    let agent = "questions:\n  - {id: well, question: Are you well?, expectedAnswerType: yes_no}\n";
    let put = caller.request(Method::PUT, "/agents/visit").body(agent).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    assert_eq!(caller.call(Method::DELETE, "/workflows/hours", None).await.0, 204);
    assert_eq!(caller.call(Method::GET, "/workflows/hours", None).await.0, 404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_what_is_published_that_began_earlier_brings_nothing_back() {
    let app = TestApp::start().await;
    let (host, store) = (&app.state.host, &app.state.store);
    // It takes a while to read, and each version is read once.
    let blocks: String =
        (0..400).map(|n| format!("  - {{id: b{n}, type: set, values: {{v{n}: '{n}'}}}}\n")).collect();
    let source = format!("name: long\nblocks:\n{blocks}");
    for _ in 0..10 {
        store.publish_workflow("long", &source, host.now()).await.unwrap();
        let looking = tokio::spawn({
            let host = host.clone();
            async move { host.refresh().await }
        });
        store.workflows().await.unwrap();
        assert!(store.retire_workflow("long", host.now()).await.unwrap());
        host.refresh().await.unwrap();
        looking.await.unwrap().unwrap();
        assert!(host.catalogue().latest("long").is_none());
    }
    app.finish().await;
}
