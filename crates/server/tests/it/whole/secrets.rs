//! What people say in confidence lies nowhere in the open.

use super::app::{PHONE, TestApp};
use super::interviews::says;
use crate::api::caller::Caller;
use crate::cli::online::said;
use emulator::{DEFAULT_NUMBER, Fixture};
use engine::id::RunId;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use store::PageRequest;

/// The number that is asked for, as it is typed and as it is said.
const PIN: &str = "83625174";
const SPOKEN: &str = "eight three six two five one seven four";

const ASKS: &str = r#"
agentType: JSON Questions
questions:
  - id: pin
    question: "Please tell me your number."
    expectedAnswerType: digits
    sensitive: true
    confirm: true
  - id: thanks
    question: "Thank you. Is there anything else?"
    expectedAnswerType: yes_no
"#;

fn workflow(message_type: &str) -> String {
    format!(
        "name: ask-{message_type}
trigger: {{type: webhook, path: {message_type}}}
input: {{phone: {{type: string}}}}
from: \"{DEFAULT_NUMBER}\"
blocks:
  - {{id: ask, type: twilio, messageType: {message_type}, to: \"{{{{phone}}}}\", agent: asks}}
  - {{id: copy, type: set, values: {{copy: \"{{{{pin}}}}!\", plain: \"x\"}}}}
  - {{id: fits, type: condition, if: 'length(copy) == 9', on: {{\"false\": other}}}}
  - {{id: done, type: end, result: {{fits: true}}}}
  - {{id: other, type: end, result: {{fits: false}}}}
"
    )
}

/// Everything that the database wrote, and whether the words are in it.
fn holds(folder: &std::path::Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        found.extend(
            words.iter().filter(|word| text.contains(**word)).map(|word| format!("{word} in {path:?}")),
        );
    }
    found
}

async fn app_that_asks(message_type: &str) -> (TestApp, RunId) {
    let app = TestApp::start().await;
    app.publish_agent("asks", ASKS).await;
    app.publish(&format!("ask-{message_type}"), &workflow(message_type)).await;
    let rules = json!([
        { "hears": { "contains": "tell me your number" }, "do": [{ "say": SPOKEN }] },
        { "hears": { "contains": "Is that right" }, "do": [{ "say": "yes" }] },
        { "hears": { "contains": "anything else" }, "do": [{ "say": "no" }] },
    ]);
    app.phone_behaves(&json!({ "rules": rules })).await;
    let (_, body) = app.hook(message_type, &json!({ "phone": PHONE })).await;
    let run = RunId::parse(body["run"].as_str().unwrap()).unwrap();
    (app, run)
}

#[tokio::test]
async fn a_number_told_by_phone_is_nowhere_in_the_open() {
    let (app, run) = app_that_asks("voiceAgent").await;
    app.quiet().await;
    app.clock.advance(SignedDuration::from_mins(30)).await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.variables["pin"], PIN, "the run has what it needs");
    assert_eq!(ended.result, Some(json!({ "fits": true })));
    assert_eq!(ended.sensitive, ["pin", "copy"], "what is made of it is secret too");
    app.quiet().await;
    let folder = app.stop().await;
    // The emulator's own recognition has other words for it at times, and digits are never spelled.
    assert_eq!(holds(folder.path(), &[PIN, SPOKEN, "8, 3, 6", "8 3 6", "eight three six"]), [""; 0]);
    assert!(!holds(folder.path(), &["tell me your number"]).is_empty(), "the search finds what is there");
}

#[tokio::test]
async fn a_number_told_by_text_is_nowhere_in_the_open() {
    let (app, run) = app_that_asks("sms").await;
    app.inbox_of(1).await;
    app.phone_says(PIN).await;
    assert!(app.inbox_of(2).await[1].contains("anything else"), "nothing is read back by text");
    app.phone_says("no").await;
    let ended = app.ended(&run).await;
    assert_eq!((&ended.variables["pin"], ended.result), (&json!(PIN), Some(json!({ "fits": true }))));
    app.quiet().await;
    let folder = app.stop().await;
    assert_eq!(holds(folder.path(), &[PIN]), [""; 0]);
}

#[tokio::test]
async fn a_number_that_a_model_asks_for_is_nowhere_in_the_open() {
    for mode in ["gather", "relay"] {
        let app = TestApp::with_tool("ask_pin", json!({})).await;
        let agent = format!(
            "mode: {mode}
recordCall: true
tools:
  - name: ask_pin
    type: askQuestion
    description: Asks for the number.
    question: {{id: pin, question: Please tell me your number., expectedAnswerType: digits, sensitive: true, confirm: true}}
    variable: pin
"
        );
        let script = says(&[
            ("this is the clinic", "please do"),
            ("tell me your number", SPOKEN),
            ("Is that right", "yes"),
            ("It says", "goodbye"),
        ]);
        let run = app.talk(&agent, &script).await;
        assert_eq!(run.variables["pin"], PIN, "{mode}: {:?}", app.transcript().await);
        let heard = app.heard_on_the_phone().await.join(" ");
        assert!(heard.contains(&format!("I understood: {SPOKEN}")), "{mode}: it is read back: {heard}");
        let told = format!("{:?} {:?}", app.model_requests().await, app.transcript().await);
        for words in [PIN, SPOKEN, "8, 3, 6", "8 3 6", "eight three six"] {
            assert!(!told.contains(words), "{mode}: {words} in {told}");
        }
        app.quiet().await;
        let calls = app.kept_calls().await;
        let recordings =
            app.state.store.recordings(Some(&calls[0].id), PageRequest::default()).await.unwrap();
        let call_s: u32 = calls[0].receipt.duration.as_ref().unwrap().parse().unwrap();
        let recorded_s = recordings[0].duration_s.unwrap();
        assert!(recorded_s + 10 < call_s, "{mode}: {recorded_s} s of {call_s} s are recorded");
        let folder = app.stop().await;
        assert_eq!(
            holds(folder.path(), &[PIN, SPOKEN, "8, 3, 6", "8 3 6", "eight three six"]),
            [""; 0],
            "{mode}"
        );
    }
}

/// What the API and the command line show of a text, an announcement and a result that say the number.
#[tokio::test]
async fn a_number_that_the_workflow_itself_says_is_sent_and_shown_nowhere() {
    let app = TestApp::start().await;
    app.publish_agent("asks", ASKS).await;
    let workflow = format!(
        "name: says
trigger: {{type: webhook, path: says, respond: result, respondTimeout: 60s}}
input: {{phone: {{type: string}}}}
from: \"{DEFAULT_NUMBER}\"
blocks:
  - {{id: ask, type: twilio, messageType: sms, to: \"{{{{phone}}}}\", agent: asks}}
  - {{id: tell, type: twilio, messageType: sms, to: \"{{{{phone}}}}\", message: \"It is {{{{pin}}}}.\"}}
  - {{id: call, type: twilio, messageType: voice, to: \"{{{{phone}}}}\", message: \"It is {{{{pin}}}}.\", until: accepted}}
  - {{id: done, type: end, result: {{code: \"{{{{pin}}}}\", plain: \"x\"}}}}
"
    );
    let caller = Caller::admin(&app);
    let checked = caller.request(Method::POST, "/check").body(workflow.clone()).send().await.unwrap();
    let checked: Value = checked.json().await.unwrap();
    let codes =
        checked["diagnostics"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap());
    assert_eq!(codes.filter(|code| *code == "sensitive_in_text").count(), 2, "{checked}");
    app.publish("says", &workflow).await;
    let (input, told) = (json!({ "phone": PHONE }), async {
        app.inbox_of(1).await;
        app.phone_says(PIN).await;
        app.inbox_of(2).await;
        app.phone_says("no").await;
    });
    let ((status, body), ()) = tokio::join!(app.hook("says", &input), told);
    assert_eq!(
        (status.as_u16(), &body["result"]["code"]),
        (200, &json!(PIN)),
        "whoever waits gets it: {body}"
    );
    let inbox = app.inbox_of(3).await;
    assert!(inbox.iter().any(|text| text.contains(PIN)), "{inbox:?}");
    app.quiet().await;
    let run = caller.get("/runs?limit=1").await["items"][0]["id"].as_str().unwrap().to_owned();
    let shown = caller.get(&format!("/runs/{run}")).await;
    assert_eq!(shown["result"], json!({ "code": "***", "plain": "x" }));
    let texts = caller.get("/messages?limit=100").await;
    let calls = caller.get("/calls").await;
    assert_eq!(calls["items"][0]["message"], "***", "{calls}");
    assert!(texts["items"].as_array().unwrap().iter().any(|text| text["body"] == "***"), "{texts}");
    let webhooks = caller.get("/webhooks?limit=100").await;
    let log = caller.get(&format!("/runs/{run}/log")).await;
    for text in [shown, texts, calls, webhooks, log] {
        assert!(!text.to_string().contains(PIN), "{text}");
    }
    let folder = app.finish().await;
    assert_eq!(holds(folder.path(), &[PIN]), [""; 0]);
}

/// What fills the template that opens a conversation, and its words as the provider tells them.
#[tokio::test]
async fn a_number_in_the_template_that_opens_a_conversation_is_sent_and_shown_nowhere() {
    const TEMPLATE: &str = "HX00000000000000000000000000000001";
    let mut fixture = Fixture::default();
    let template = json!([{ "sid": TEMPLATE, "friendlyName": "Number", "body": "Is it {{1}}?" }]);
    fixture.accounts[0].contents = serde_json::from_value(template).unwrap();
    let app = TestApp::start_in(&[], fixture).await;
    app.publish_agent("asks", ASKS).await;
    app.publish_agent(
        "holds",
        "questions:\n  - {id: right, question: Is it right?, expectedAnswerType: yes_no}\n",
    )
    .await;
    let workflow = format!(
        "name: opens
from: \"{DEFAULT_NUMBER}\"
blocks:
  - {{id: ask, type: twilio, messageType: sms, to: \"{PHONE}\", agent: asks}}
  - id: hold
    type: twilio
    messageType: whatsapp
    to: \"{PHONE}\"
    agent: holds
    contentSid: {TEMPLATE}
    contentVariables: {{\"1\": \"{{{{pin}}}}\"}}
"
    );
    app.publish("opens", &workflow).await;
    let caller = Caller::admin(&app);
    let (status, started) = caller.call(Method::POST, "/workflows/opens/runs", Some(&json!({}))).await;
    assert_eq!(status, 201, "{started}");
    app.inbox_of(1).await;
    app.phone_says(PIN).await;
    app.inbox_of(2).await;
    app.phone_says("no").await;
    assert_eq!(app.inbox_of(3).await[2], format!("Is it {PIN}?"), "the person gets it");
    app.quiet().await;
    let run = started["run"].as_str().unwrap();
    let texts = caller.get("/messages?limit=100").await;
    let opener = texts["items"].as_array().unwrap().iter().find(|text| text["contentSid"] == TEMPLATE);
    let opener = opener.unwrap_or_else(|| panic!("{texts}"));
    assert_eq!((&opener["contentVariables"], &opener["body"]), (&json!({ "1": "***" }), &json!("***")));
    let told = said(&app, &["runs", "show", run]).await;
    for text in [texts.to_string(), told, caller.get(&format!("/runs/{run}/log")).await.to_string()] {
        assert!(!text.contains(PIN), "{text}");
    }
    let folder = app.stop().await;
    assert_eq!(holds(folder.path(), &[PIN]), [""; 0]);
}
