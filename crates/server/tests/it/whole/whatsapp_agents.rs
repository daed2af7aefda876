//! Agents that talk by WhatsApp, inside and outside of the 24 hours in which free text is allowed.

use super::app::{PHONE, TestApp};
use crate::api::caller::Caller;
use crate::cli::online::said;
use emulator::{DEFAULT_NUMBER, Fixture};
use engine::id::RunId;
use engine::message::Message;
use engine::run::Run;
use engine::sending::Direction;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{MessageFilter, PageRequest};

const TEMPLATE: &str = "HX00000000000000000000000000000001";

const AGENT: &str = r#"
agentType: JSON Questions
name: visit
greeting: "Hi {{name}}."
closing: "Thank you."
texting: {remindAfter: 4h, reminders: 1, expireAfter: 2d}
questions:
  - {id: again, question: "Will you come again?", expectedAnswerType: yes_no}
  - {id: rating, question: "How was it, from 1 to 10?", expectedAnswerType: number, min: 1, max: 10}
"#;

/// A workflow that asks by WhatsApp; `opener` are further keys of the block.
fn asking(opener: &str) -> String {
    format!(
        "name: ask
trigger: {{type: webhook, path: ask}}
input: {{phone: {{type: string}}}}
from: \"{DEFAULT_NUMBER}\"
blocks:
  - {{id: who, type: set, values: {{name: Ann}}}}
  - id: ask
    type: twilio
    messageType: whatsapp
    to: \"{{{{phone}}}}\"
    agent: visit
    {opener}
    on: {{window_closed: closed, timeout: silent}}
  - {{id: done, type: end, result: {{outcome: completed}}}}
  - {{id: silent, type: end, result: {{outcome: timeout}}}}
  - {{id: closed, type: end, result: {{outcome: window_closed}}}}
"
    )
}

impl TestApp {
    async fn that_asks(opener: &str) -> TestApp {
        let mut fixture = Fixture::default();
        let template = json!([{
            "sid": TEMPLATE, "friendlyName": "Visit", "body": "Hello {{1}}. Will you come again?",
            "buttons": [{"text": "Sure", "payload": "y"}, {"text": "No thanks", "payload": "n"}],
        }]);
        fixture.accounts[0].contents = serde_json::from_value(template).unwrap();
        let app = TestApp::start_in(&[], fixture).await;
        app.publish_agent("visit", AGENT).await;
        app.publish("ask", &asking(opener)).await;
        app
    }

    async fn ask_by_whatsapp(&self) -> RunId {
        let (_, body) = self.hook("ask", &json!({ "phone": PHONE })).await;
        RunId::parse(body["run"].as_str().unwrap()).unwrap()
    }

    /// The phone writes by WhatsApp; `more` is what only that has.
    async fn writes(&self, body: &str, more: &Value) {
        let mut said = json!({ "to": format!("whatsapp:{DEFAULT_NUMBER}"), "body": body });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let url = format!("{}/emulator/v1/phones/{PHONE}/messages", self.emulator_url);
        let sent = self.http.post(url).json(&said).send().await.unwrap();
        assert!(sent.status().is_success(), "{}", sent.text().await.unwrap());
    }

    async fn result(&self, run: &RunId) -> (Value, Run) {
        let run = self.ended(run).await;
        (run.result.as_ref().unwrap()["outcome"].clone(), run)
    }

    /// What we wrote, oldest first.
    async fn ours(&self) -> Vec<Message> {
        let filter = MessageFilter { direction: Some(Direction::Outbound), ..MessageFilter::default() };
        let mut texts = self.state.store.list::<Message>(filter, PageRequest::default()).await.unwrap();
        texts.reverse();
        texts
    }
}

impl TestApp {
    /// The first text that we wrote, as the API shows it.
    async fn shown_first(&self) -> Value {
        let first = self.ours().await[0].id.to_string();
        Caller::admin(self).get(&format!("/messages/{first}")).await
    }
}

const OPENER: &str =
    "contentSid: HX00000000000000000000000000000001\n    contentVariables: {\"1\": \"{{name}}\"}";

#[tokio::test]
async fn outside_of_the_window_a_template_asks_first_and_a_press_of_its_button_answers() {
    let app = TestApp::that_asks(OPENER).await;
    let run = app.ask_by_whatsapp().await;
    assert_eq!(app.inbox_of(1).await, ["Hello Ann. Will you come again?"], "the words are the template's");
    let sent = app.shown_first().await;
    assert_eq!((&sent["sentAs"], &sent["contentSid"]), (&json!("template"), &json!(TEMPLATE)));
    assert_eq!(sent["contentVariables"], json!({ "1": "Ann" }));
    assert_eq!(sent["body"], "Hello Ann. Will you come again?", "as the provider tells it");
    let shown = said(&app, &["messages", "show", sent["id"].as_str().unwrap()]).await;
    for words in [
        format!("\ntemplate {TEMPLATE} (1: Ann)\n"),
        "\n| Hello Ann. Will you come again?\n".to_owned(),
        "allowed because a template may go out at any time".to_owned(),
    ] {
        assert!(shown.contains(&words), "{words} is not in\n{shown}");
    }
    app.writes("No thanks", &json!({ "button": { "text": "No thanks", "payload": "n" } })).await;
    // The person has written, so what follows is free text.
    assert_eq!(app.inbox_of(2).await[1], "How was it, from 1 to 10?");
    app.writes("a seven", &json!({})).await;
    assert_eq!(app.inbox_of(3).await[2], "Thank you.");
    let (outcome, run) = app.result(&run).await;
    assert_eq!(outcome, "completed");
    assert_eq!((&run.variables["again"], &run.variables["rating"]), (&json!(false), &json!(7)));
    app.finish().await;
}

#[tokio::test]
async fn inside_of_the_window_the_agent_writes_itself_and_texts_by_sms_are_no_answers() {
    let app = TestApp::that_asks(OPENER).await;
    app.writes("Hi there", &json!({})).await;
    app.quiet().await;
    app.clock.advance(SignedDuration::from_hours(23)).await;
    let run = app.ask_by_whatsapp().await;
    assert_eq!(app.inbox_of(1).await, ["Hi Ann. Will you come again?"], "the words are the agent's");
    let sent = app.shown_first().await;
    assert_eq!((&sent["sentAs"], &sent["contentSid"]), (&json!("text"), &Value::Null));
    assert_eq!(sent["body"], "Hi Ann. Will you come again?");
    app.phone_says("yes").await;
    app.quiet().await;
    assert_eq!(app.inbox().await.len(), 1, "what was said elsewhere is not heard here");
    app.writes("yes", &json!({})).await;
    app.inbox_of(2).await;
    app.writes("10", &json!({})).await;
    let (outcome, run) = app.result(&run).await;
    assert_eq!(outcome, "completed");
    assert_eq!((&run.variables["again"], &run.variables["rating"]), (&json!(true), &json!(10)));
    app.quiet().await;
    app.finish().await;
}

#[tokio::test]
async fn outside_of_the_window_an_agent_without_a_template_asks_nobody() {
    let app = TestApp::that_asks("language: en").await;
    let run = app.ask_by_whatsapp().await;
    assert_eq!(app.result(&run).await.0, "window_closed");
    assert_eq!(app.inbox().await, [] as [&str; 0]);
    app.finish().await;
}

#[tokio::test]
async fn a_reminder_that_may_not_be_written_ends_nothing() {
    let app = TestApp::that_asks(OPENER).await;
    let run = app.ask_by_whatsapp().await;
    app.inbox_of(1).await;
    app.clock.advance(SignedDuration::from_hours(5)).await;
    app.eventually(async || {
        let ours = app.ours().await;
        ours.get(1).and_then(engine::event::Failure::of).map(|failure| failure.outcome)
    })
    .await;
    app.quiet().await;
    assert_eq!(app.inbox().await.len(), 1, "nobody who never wrote is written to in free words");
    app.writes("yes", &json!({})).await;
    assert_eq!(app.inbox_of(2).await[1], "How was it, from 1 to 10?", "the question is still open");
    // Now the person has written, and the next reminder arrives.
    app.clock.advance(SignedDuration::from_hours(5)).await;
    assert!(app.inbox_of(3).await[2].ends_with("How was it, from 1 to 10?"));
    app.clock.advance(SignedDuration::from_hours(48)).await;
    let (outcome, run) = app.result(&run).await;
    assert_eq!((outcome, &run.variables["again"]), (json!("timeout"), &json!(true)));
    app.quiet().await;
    app.finish().await;
}
