//! The example workflow, played.

use super::app::{LIMIT, PHONE, TestApp};
use engine::message::{Message, State, Status};
use jiff::SignedDuration;
use serde_json::json;
use store::{MessageFilter, PageRequest};

#[tokio::test]
async fn a_yes_confirms_the_appointment() {
    let app = TestApp::start().await;
    let run = app.remind().await;
    let inbox = app.inbox_of(1).await;
    assert!(inbox[0].starts_with("Hi Ann, we look forward to seeing you tomorrow at 10:00."), "{inbox:?}");
    app.phone_says("yes").await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.result, Some(json!({ "outcome": "confirmed", "patient": "Ann" })));
    let inbox = app.inbox_of(2).await;
    assert_eq!(inbox[1], "Thank you, Ann. Your appointment tomorrow at 10:00 is confirmed.");
    app.finish().await;
}

#[tokio::test]
async fn a_wish_to_move_is_asked_for_the_day_and_nonsense_is_asked_again() {
    let app = TestApp::start().await;
    let run = app.remind().await;
    app.inbox_of(1).await;
    app.phone_says("maybe").await;
    assert!(app.inbox_of(2).await[1].starts_with("Sorry, we did not understand that."));
    app.phone_says("Reschedule!").await;
    assert!(app.inbox_of(3).await[2].starts_with("No problem. Which day"));
    app.phone_says("Friday at 9").await;
    let ended = app.ended(&run).await;
    assert_eq!(
        ended.result,
        Some(json!({ "outcome": "reschedule", "patient": "Ann", "wishedDay": "Friday at 9" }))
    );
    app.inbox_of(4).await;
    app.finish().await;
}

#[tokio::test]
async fn an_answer_that_comes_before_twilio_has_answered_us_counts() {
    let app = TestApp::start().await;
    let url = format!("{}/emulator/v1/phones/{PHONE}/scripts", app.emulator_url);
    let script = json!({
        "when": { "contains": "Reply YES" }, "answer": { "body": "YES" }, "times": 1,
        "moment": "beforeCreateIsAnswered",
    });
    let added = app.http.post(url).json(&script).send().await.unwrap();
    assert!(added.status().is_success(), "{}", added.text().await.unwrap());
    let run = app.remind().await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.result.unwrap()["outcome"], "confirmed");
    app.inbox_of(2).await;
    app.finish().await;
}

#[tokio::test]
async fn silence_for_a_day_is_an_outcome_and_the_day_can_be_wound() {
    let app = TestApp::start().await;
    let run = app.remind().await;
    app.inbox_of(1).await;
    let before = host::Clock::now(&*app.clock);
    let now = app.clock.advance(SignedDuration::from_hours(25)).await;
    assert!(now.duration_since(before) >= SignedDuration::from_hours(25));
    let ended = app.ended(&run).await;
    assert_eq!(ended.result.unwrap()["outcome"], "no_answer");
    let waited = ended.ended_at.unwrap().duration_since(ended.started_at);
    assert!(
        waited < SignedDuration::from_mins(24 * 60 + 5),
        "woken at its own time, not at the end: {waited}"
    );
    app.finish().await;
}

#[tokio::test]
async fn stop_ends_the_wait_and_nothing_more_is_sent() {
    let app = TestApp::start().await;
    let run = app.remind().await;
    app.inbox_of(1).await;
    app.phone_says("STOP").await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.result.unwrap()["outcome"], "not_reached");
    let second = app.remind().await;
    let ended = app.ended(&second).await;
    assert_eq!(ended.result.unwrap()["outcome"], "not_reached");
    let texts = app.inbox().await;
    assert_eq!(texts.iter().filter(|text| text.starts_with("Hi Ann")).count(), 1, "{texts:?}");
    app.finish().await;
}

#[tokio::test]
async fn delivery_is_followed_by_signed_callbacks() {
    let app = TestApp::start().await;
    let run = app.remind().await;
    let filter = || MessageFilter { run: Some(run.clone()), ..MessageFilter::default() };
    let message = app
        .eventually(async || {
            let page = PageRequest { before: None, limit: 10 };
            let messages = app.state.store.list::<Message>(filter(), page).await.unwrap();
            messages.into_iter().find(|message| message.progress.status == Some(Status::Delivered))
        })
        .await;
    assert_eq!(message.receipt.num_segments.as_deref(), Some("1"));
    app.phone_says("YES").await;
    app.ended(&run).await;
    app.inbox_of(2).await;
    let webhooks = app.state.store.webhooks(None, 100).await.unwrap();
    assert!(webhooks.iter().any(|webhook| webhook.kind == "message" && webhook.event.contains(run.as_str())));
    assert!(webhooks.iter().filter(|webhook| webhook.kind == "status").count() >= 3, "{webhooks:?}");
    app.finish().await;
}

#[tokio::test]
async fn stopping_finishes_what_is_under_way_and_the_next_start_goes_on() {
    let app = TestApp::start().await;
    let slow = json!({ "do": "slow", "when": "after", "ms": 300 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": slow })).await;
    let run = app.remind().await;
    let began = std::time::Instant::now();
    let folder = app.stop().await;
    assert!(began.elapsed() < LIMIT / 2, "{:?}", began.elapsed());

    let store = reopened(folder.path()).await;
    let filter = MessageFilter { run: Some(run), ..MessageFilter::default() };
    let messages = store.list::<Message>(filter, PageRequest { before: None, limit: 10 }).await.unwrap();
    let states: Vec<State> = messages.iter().map(|message| message.progress.state).collect();
    assert_eq!(states, [State::Accepted], "the answer that was awaited at the stop is stored");
    store.close().await;
}

async fn reopened(folder: &std::path::Path) -> store::Store {
    let key = std::fs::read_to_string(folder.join("encryption.key")).unwrap();
    let options = store::OpenOptions {
        postgres_roots_file: None,
        url: format!("sqlite:{}", folder.join("switchboard.db").display()),
        encryption_keys: vec![key.into()],
        connections: 1,
        role: store::Role::Node,
    };
    store::Store::open(options).await.unwrap()
}
