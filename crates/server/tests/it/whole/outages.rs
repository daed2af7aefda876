//! Twilio down, credentials wrong, the database locked: nothing is lost, and what can be mended is.

use super::app::TestApp;
use emulator::{DEFAULT_ACCOUNT, DEFAULT_NUMBER};
use engine::run::RunStatus;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::json;
use server::credentials::Draft;

fn draft(token: &str, api_base: &str) -> Draft {
    let draft = json!({
        "kind": "twilio", "name": "dev", "accountSid": DEFAULT_ACCOUNT, "authToken": token, "apiBase": api_base,
    });
    serde_json::from_value(draft).unwrap()
}

const RIGHT: &str = emulator::DEFAULT_TOKEN;
const WRONG: &str = "00000000000000000000000000000009";

#[tokio::test]
async fn while_twilio_is_down_texts_wait_and_then_they_go_out() {
    let app = TestApp::start().await;
    // A port that was free a moment ago: nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    app.state
        .credentials
        .put(&draft(RIGHT, &format!("http://{nobody}")), app.state.host.now())
        .await
        .unwrap();
    let run = app.remind().await;
    app.quiet().await;
    assert_eq!(app.run(&run).await.status, RunStatus::Running);
    assert_eq!(app.inbox().await, Vec::<String>::new());

    app.state.credentials.put(&draft(RIGHT, &app.emulator_url), app.state.host.now()).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(10)).await;
    assert_eq!(app.inbox_of(1).await.len(), 1);
    app.phone_says("YES").await;
    app.ended(&run).await;
    app.inbox_of(2).await;
    app.finish().await;
}

#[tokio::test]
async fn wrong_credentials_are_named_and_not_tried_again() {
    let app = TestApp::start().await;
    app.state.credentials.put(&draft(WRONG, &app.emulator_url), app.state.host.now()).await.unwrap();
    let run = app.remind().await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.result.unwrap()["outcome"], "not_reached");
    let tried = app.emulator_log("request").await;
    let refused = tried.iter().filter(|entry| entry["status"] == 401 && entry["method"] == "POST");
    assert_eq!(refused.count(), 1, "{tried:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_locked_database_lets_twilio_ask_again_and_reconciliation_makes_it_good() {
    let app = TestApp::start().await;
    let run = app.remind().await;
    app.inbox_of(1).await;
    // The first pass notes from when on texts are asked for.
    app.clock.advance(SignedDuration::from_mins(2)).await;
    app.quiet().await;

    let lock = rusqlite::Connection::open(app.folder().join("switchboard.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    app.phone_says("maybe").await;
    let form = [
        ("MessageSid", "SM000000000000000000000000000000ab"),
        ("AccountSid", DEFAULT_ACCOUNT),
        ("From", "+15557650000"),
        ("To", DEFAULT_NUMBER),
        ("Body", "hello"),
    ];
    let answer = app.signed_webhook("/twilio/dev/message", &form).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(app.inbox().await.len(), 1, "nothing was taken in");
    lock.execute_batch("ROLLBACK").unwrap();
    assert!(app.inbox_of(2).await[1].starts_with("Sorry"), "asked for again");

    // A webhook that never came at all is found in the provider's list.
    app.rule(&json!({ "when": { "operation": "inboundWebhook" }, "then": { "do": "lose" }, "times": 10 }))
        .await;
    app.phone_says("YES").await;
    app.clock.advance(SignedDuration::from_mins(5)).await;
    let ended = app.ended(&run).await;
    assert_eq!(ended.result.unwrap()["outcome"], "confirmed");
    app.inbox_of(3).await;
    app.stop().await;
}
