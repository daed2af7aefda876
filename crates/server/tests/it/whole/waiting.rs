//! What queued texts wait for, and until when: their turn, the provider's patience, or another one to the same person.

use super::app::{PHONE, TestApp};
use crate::api::caller::Caller;
use crate::cli::online::said;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

/// Somebody else than [`PHONE`].
const OTHER: &str = "+15557654322";

impl Caller<'_> {
    /// Sends a text; its id.
    async fn sends(&self, to: &str, body: &str) -> String {
        let (status, text) =
            self.call(Method::POST, "/messages", Some(&json!({ "to": to, "body": body }))).await;
        assert_eq!(status, 202, "{text}");
        text["id"].as_str().unwrap().to_owned()
    }

    async fn waiting(&self, text: &str) -> Value {
        self.get(&format!("/messages/{text}")).await["waiting"].clone()
    }

    /// Waits until this is the reason for which a text waits; until when it does.
    async fn waits(&self, app: &TestApp, text: &str, reason: &str) -> Value {
        let waiting = app.eventually(async || {
            let waiting = self.waiting(text).await;
            (waiting["reason"] == reason).then_some(waiting)
        });
        waiting.await
    }
}

fn moment(waiting: &Value) -> Timestamp {
    waiting["until"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn whoever_waits_for_a_turn_is_told_when_it_comes() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    let slow = json!({ "segmentsPerSecond": 0.01 });
    assert_eq!(caller.call(Method::PUT, "/senders/+15551234567", Some(&slow)).await.0, 200);
    let first = caller.sends(PHONE, "One.").await;
    app.inbox_of(1).await;
    app.quiet().await;
    assert_eq!(caller.waiting(&first).await, Value::Null, "it is sent");
    let second = caller.sends(PHONE, "Two.").await;
    let waiting = caller.waits(&app, &second, "turn").await;
    let until = moment(&waiting);
    let left = until.duration_since(app.state.host.now()).as_secs();
    assert!((1..=100).contains(&left), "{waiting}");
    let shown = said(&app, &["messages", "show", &second]).await;
    let day = until.strftime("%Y-%m-%d %H:%M:%S");
    let told = format!("waits until {day}: its turn comes under the rate of +15551234567\n");
    assert!(shown.contains(&told), "{told} is not in\n{shown}");
    let input = json!({ "patientPhone": OTHER, "patientName": "Ann" }).to_string();
    said(&app, &["run", "appointment-reminder", "--input", &input]).await;
    app.quiet().await;
    let story = said(&app, &["runs", "show"]).await;
    assert!(story.contains(&format!("the text to {OTHER} waits until ")), "{story}");
    app.clock.advance(jiff::SignedDuration::from_mins(10)).await;
    assert_eq!(app.inbox_of(2).await[1], "Two.");
    assert_eq!(caller.waiting(&second).await, Value::Null);
    app.stop().await;
}

#[tokio::test]
async fn a_provider_that_asks_for_patience_is_named_with_the_time() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    let busy = json!({ "do": "tooManyRequests", "retryAfterS": 600 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": busy, "times": 1 })).await;
    let refused = caller.sends(PHONE, "One.").await;
    let waiting = caller.waits(&app, &refused, "refused").await;
    assert!(waiting["sentence"].as_str().unwrap().starts_with("the provider did not take it ("), "{waiting}");
    let behind = caller.sends(OTHER, "Two.").await;
    let slowed = caller.waits(&app, &behind, "sender").await;
    assert_eq!(moment(&slowed), moment(&waiting));
    app.clock.advance(jiff::SignedDuration::from_mins(11)).await;
    app.inbox_of(1).await;
    app.stop().await;
}

#[tokio::test]
async fn behind_a_text_of_which_nobody_knows_whether_it_went_out_the_next_one_says_so() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    let late = json!({ "do": "createLate", "ms": 600_000 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": late, "times": 1 })).await;
    caller.sends(PHONE, "One.").await;
    let behind = caller.sends(PHONE, "Two.").await;
    let waiting = caller.waits(&app, &behind, "lane").await;
    assert_eq!(waiting["until"], Value::Null);
    app.stop().await;
}
