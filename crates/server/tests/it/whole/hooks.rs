//! `/hooks`.

use super::app::{PHONE, TestApp};
use reqwest::StatusCode;
use serde_json::{Value, json};

const NOTICE: &str = r#"
name: notice
trigger: {type: webhook, path: notice-7f3a, respond: result, dedupeBy: order}
input:
  to: {type: string}
  order: {type: string, default: none}
blocks:
  - id: tell
    type: twilio
    messageType: sms
    from: "+15551234567"
    to: "{{to}}"
    message: "Order {{order}} is on its way."
  - id: done
    type: end
    result: {sid: "{{messageSid}}"}
"#;

#[tokio::test]
async fn the_result_is_answered_once_the_provider_has_the_text() {
    let app = TestApp::start().await;
    app.publish("notice", NOTICE).await;
    let (status, body) = app.hook("notice-7f3a", &json!({ "to": PHONE })).await;
    assert_eq!((status, &body["status"]), (StatusCode::OK, &json!("completed")), "{body}");
    assert!(body["result"]["sid"].as_str().unwrap().starts_with("SM"), "{body}");
    assert_eq!(app.inbox_of(1).await, ["Order none is on its way."]);
    app.finish().await;
}

#[tokio::test]
async fn only_the_header_and_the_named_field_make_two_requests_one() {
    let app = TestApp::start().await;
    app.publish("notice", NOTICE).await;
    let (_, first) = app.hook("notice-7f3a", &json!({ "to": PHONE, "order": "1" })).await;
    let (status, again) = app.hook("notice-7f3a", &json!({ "to": PHONE, "order": "1" })).await;
    assert_eq!((status, &again), (StatusCode::OK, &first));
    let keyed = async || -> Value {
        let request = app.http.post(format!("{}/hooks/notice-7f3a", app.url)).header("Idempotency-Key", "k1");
        request.json(&json!({ "to": PHONE })).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(keyed().await["run"], keyed().await["run"]);
    let (_, other) = app.hook("notice-7f3a", &json!({ "to": PHONE, "order": "2" })).await;
    assert_ne!(other["run"], first["run"]);
    app.inbox_of(3).await;
    app.quiet().await;
    assert_eq!(app.inbox().await.len(), 3);
    app.finish().await;
}

#[tokio::test]
async fn bad_requests_are_told_why_and_start_nothing() {
    let app = TestApp::start_with(&[("SWITCHBOARD_LIMITS_HOOK_BODY_BYTES", "1024")]).await;
    app.publish("notice", NOTICE).await;
    let large = "x".repeat(2000);
    for (path, body, status, code) in [
        ("nowhere", json!({}), 404, "not_found"),
        ("notice-7f3a", json!({}), 422, "bad_input"),
        ("notice-7f3a", json!([1]), 400, "unreadable_body"),
        ("notice-7f3a", json!({ "to": PHONE, "note": large }), 413, "body_too_large"),
    ] {
        let (answered, problem) = app.hook(path, &body).await;
        assert_eq!((answered.as_u16(), problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(problem["status"], status);
    }
    assert_eq!(app.inbox().await, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn what_another_node_published_is_found() {
    let app = TestApp::start().await;
    // Published past this node, so that it was not told.
    app.state.store.publish_workflow("notice", NOTICE, app.state.host.now()).await.unwrap();
    let (status, body) = app.hook("notice-7f3a", &json!({ "to": PHONE })).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    app.inbox_of(1).await;
    app.finish().await;
}

#[tokio::test]
async fn fields_of_a_form_become_what_the_inputs_are() {
    let app = TestApp::start().await;
    let adds = "name: adds\ntrigger: {type: webhook, path: adds, respond: result}\n\
        input: {count: {type: integer}, who: {type: string}}\n\
        blocks: [{id: done, type: end, result: {count: \"{{count}}\", who: \"{{who}}\"}}]\n";
    app.publish("adds", adds).await;
    let form = app.http.post(format!("{}/hooks/adds", app.url)).form(&[("count", "12"), ("who", "7")]);
    let body: Value = form.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["result"], json!({ "count": 12, "who": "7" }), "{body}");
    let (status, _) = app.hook("adds", &json!({ "count": "12", "who": "7" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "JSON says itself what is a number");
    app.finish().await;
}

#[tokio::test]
async fn words_that_start_a_run_are_compared_as_answers_are() {
    let app = TestApp::start().await;
    let hours = "name: hours\ntrigger: {type: incomingMessage, words: [opening hours]}\nfrom: \"+15551234567\"\n\
        blocks: [{id: tell, type: twilio, messageType: sms, to: \"{{reply.from}}\", message: We open at nine.}]\n";
    app.publish("hours", hours).await;
    app.phone_says("Opening  hours?!").await;
    assert_eq!(app.inbox_of(1).await, ["We open at nine."]);
    app.finish().await;
}
