//! Requests whose end proves nothing: what became of the text is looked up, and it is sent once.

use super::app::{PHONE, TestApp};
use engine::message::{Message, SidSource, State};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{MessageFilter, PageRequest};

const NOTICE: &str = r#"
name: notice
trigger: {type: webhook, path: notice}
input: {to: {type: string}}
blocks:
  - {id: tell, type: twilio, messageType: sms, from: "+15551234567", to: "{{to}}", message: "It is on its way."}
"#;

impl TestApp {
    async fn sent(&self) -> Vec<Message> {
        let page = PageRequest { before: None, limit: 100 };
        self.state.store.list::<Message>(MessageFilter::default(), page).await.unwrap()
    }

    async fn all_accepted(&self) -> Vec<Message> {
        self.eventually(async || {
            let sent = self.sent().await;
            sent.iter().all(|message| message.progress.state == State::Accepted).then_some(sent)
        })
        .await
    }

    /// Sends three alike texts, the first of which meets the fault.
    async fn send_three_into(&self, fault: Value) {
        self.publish("notice", NOTICE).await;
        self.rule(&json!({ "when": { "operation": "createMessage" }, "then": fault })).await;
        for _ in 0..3 {
            self.hook("notice", &json!({ "to": PHONE })).await;
        }
        self.eventually(async || {
            self.sent().await.iter().any(|m| m.progress.state == State::Unknown).then_some(())
        })
        .await;
    }
}

/// Callbacks would settle it by our id in their address, so they are lost in these tests.
async fn without_callbacks(app: &TestApp) {
    let lost = json!({ "when": { "operation": "statusCallback" }, "then": { "do": "lose" }, "times": 100 });
    app.rule(&lost).await;
}

#[tokio::test]
async fn a_text_that_was_created_before_the_line_broke_is_found_in_the_list() {
    let app = TestApp::start().await;
    without_callbacks(&app).await;
    app.send_three_into(json!({ "do": "drop", "when": "after" })).await;
    app.clock.advance(SignedDuration::from_mins(5)).await;
    let sent = app.all_accepted().await;
    assert_eq!(app.inbox_of(3).await.len(), 3, "none is sent twice");
    let matched = sent.iter().filter(|message| message.progress.sid_source == Some(SidSource::Matched));
    assert_eq!(matched.count(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_text_that_was_never_created_is_sent_once_more() {
    let app = TestApp::start().await;
    without_callbacks(&app).await;
    app.send_three_into(json!({ "do": "error", "when": "before", "status": 503 })).await;
    app.clock.advance(SignedDuration::from_mins(5)).await;
    app.all_accepted().await;
    assert_eq!(app.inbox_of(3).await.len(), 3);
    app.quiet().await;
    assert_eq!(app.inbox().await.len(), 3, "each exactly once");
    app.stop().await;
}

#[tokio::test]
async fn a_text_that_comes_into_being_late_is_waited_for() {
    let app = TestApp::start().await;
    without_callbacks(&app).await;
    app.send_three_into(json!({ "do": "createLate", "ms": 20_000 })).await;
    app.clock.advance(SignedDuration::from_mins(5)).await;
    app.all_accepted().await;
    app.quiet().await;
    assert_eq!(app.inbox().await.len(), 3, "each exactly once");
    app.stop().await;
}

#[tokio::test]
async fn a_callback_settles_it_by_the_id_in_its_address() {
    let app = TestApp::start().await;
    app.publish("notice", NOTICE).await;
    let dropped = json!({ "do": "drop", "when": "after" });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": dropped })).await;
    app.hook("notice", &json!({ "to": PHONE })).await;
    let sent = app.all_accepted().await;
    assert_eq!(sent[0].progress.sid_source, Some(SidSource::Callback));
    assert_eq!(app.inbox_of(1).await.len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_hint_to_come_back_later_is_followed() {
    let app = TestApp::start().await;
    app.publish("notice", NOTICE).await;
    let busy = json!({ "do": "tooManyRequests", "retryAfterS": 30 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": busy })).await;
    app.hook("notice", &json!({ "to": PHONE })).await;
    app.quiet().await;
    assert_eq!(app.inbox().await, Vec::<String>::new());
    app.clock.advance(SignedDuration::from_secs(29)).await;
    assert_eq!(app.inbox().await, Vec::<String>::new(), "not before its time");
    app.clock.advance(SignedDuration::from_mins(2)).await;
    assert_eq!(app.inbox_of(1).await.len(), 1);
    app.finish().await;
}
