//! What queued texts wait for, and until when: their turn, the provider's patience, or another one to the same person.

use super::app::{PHONE, TestApp};
use crate::api::caller::Caller;
use crate::cli::online::said;
use jiff::{SignedDuration, Timestamp, Unit};
use reqwest::Method;
use serde_json::{Value, json};
use store::Commit;
use store::record::{Task, TaskKind};

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
    app.clock.advance(SignedDuration::from_mins(10)).await;
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
    app.clock.advance(SignedDuration::from_mins(11)).await;
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

/// As another node leaves it that was asked for patience, which this one knows nothing of.
#[tokio::test]
async fn a_text_that_was_put_off_elsewhere_says_until_when() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    let busy = json!({ "do": "tooManyRequests", "retryAfterS": 600 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": busy, "times": 1 })).await;
    let first = caller.sends(PHONE, "One.").await;
    caller.waits(&app, &first, "refused").await;
    let behind = caller.sends(OTHER, "Two.").await;
    caller.waits(&app, &behind, "sender").await;
    app.quiet().await;
    let later = app.state.host.now() + SignedDuration::from_mins(20);
    let tasks = app.state.store.tasks(100).await.unwrap().into_iter();
    let of_text =
        |task: &Task| matches!(&task.kind, TaskKind::Send { message } if message.as_str() == behind);
    let new_tasks = tasks.filter(of_text).map(|task| Task { due_at: later, ..task }).collect();
    app.state.store.commit(Commit { new_tasks, ..Commit::default() }).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(11)).await;
    app.inbox_of(1).await;
    app.quiet().await;
    let waiting = caller.waiting(&behind).await;
    assert_eq!(
        (&waiting["reason"], moment(&waiting)),
        (&json!("later"), later.round(Unit::Millisecond).unwrap())
    );
    app.clock.advance(SignedDuration::from_mins(10)).await;
    app.eventually(async || caller.waiting(&behind).await.is_null().then_some(())).await;
    app.quiet().await;
    app.stop().await;
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_no_refusal() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    // A port that was free a moment ago: nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let draft = json!({
        "kind": "twilio", "name": "dev", "accountSid": emulator::DEFAULT_ACCOUNT,
        "authToken": emulator::DEFAULT_TOKEN, "apiBase": format!("http://{nobody}"),
    });
    let draft = serde_json::from_value(draft).unwrap();
    app.state.credentials.put(&draft, app.state.host.now()).await.unwrap();
    let text = caller.sends(PHONE, "One.").await;
    let waiting = caller.waits(&app, &text, "notConnected").await;
    let sentence = waiting["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("no connection to the provider was made ("), "{waiting}");
    assert!(moment(&waiting) > app.state.host.now(), "{waiting}");
    let shown = said(&app, &["messages", "show", &text]).await;
    assert!(shown.contains("no connection was made: ") && !shown.contains("refused: "), "{shown}");
    app.stop().await;
}
