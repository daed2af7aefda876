//! What goes wrong when it is told to.

use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::{Receiver, Reply};
use crate::stage::{ANN, OURS, Stage};

async fn rule(stage: &Stage, rule: Value) -> Value {
    let answer = stage.control(Method::POST, "/faults/rules", rule).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["id"].clone()
}

async fn total(stage: &Stage) -> u64 {
    stage.control(Method::GET, "/messages", Value::Null).await.json["total"].as_u64().unwrap()
}

fn text() -> [(&'static str, &'static str); 3] {
    [("To", ANN), ("From", OURS), ("Body", "Hi")]
}

#[tokio::test]
async fn errors_strike_before_or_after_the_message_comes_into_being() {
    let stage = Stage::new().await;
    for (then, status, code, created) in [
        (json!({"do": "tooManyRequests", "retryAfterS": 3}), 429, 20429, 0),
        (json!({"do": "error", "when": "before", "status": 503}), 503, 20503, 0),
        (json!({"do": "error", "when": "after", "status": 500}), 500, 20500, 1),
        (json!({"do": "refuse", "code": 21610}), 400, 21610, 0),
    ] {
        let before = total(&stage).await;
        rule(&stage, json!({"then": then})).await;
        let answer = stage.create(&text()).await;
        assert_eq!((answer.status, answer.code()), (status, Some(code)));
        assert_eq!(total(&stage).await - before, created, "{then}");
        if status == 429 {
            assert_eq!(answer.headers["retry-after"], "3");
        }
        assert_eq!(stage.create(&text()).await.status, 201, "a rule strikes once");
    }
}

#[tokio::test]
async fn dropped_connections_leave_a_message_or_none_or_one_that_comes_late() {
    let stage = Stage::new().await;
    for (then, at_once, later) in [
        (json!({"do": "drop", "when": "before"}), 0, 0),
        (json!({"do": "drop", "when": "after"}), 1, 1),
        (json!({"do": "createLate", "ms": 5000}), 0, 1),
    ] {
        let before = total(&stage).await;
        rule(&stage, json!({"then": then})).await;
        let request = stage.by_account(Method::POST, "Messages.json").form(&text());
        assert!(stage.send(request).await.is_err(), "{then}");
        assert_eq!(total(&stage).await - before, at_once, "{then}");
        stage.wind(4_999).await;
        assert_eq!(total(&stage).await - before, at_once, "{then}");
        stage.wind(1).await;
        assert_eq!(total(&stage).await - before, later, "{then}");
    }
}

#[tokio::test]
async fn an_answer_is_held_between_creation_and_release() {
    let stage = Stage::new().await;
    let id =
        rule(&stage, json!({"when": {"bodyContains": "Hi"}, "then": {"do": "hold", "when": "after"}})).await;
    let request = stage.by_account(Method::POST, "Messages.json").form(&text());
    let creating = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
    let held = stage.control(Method::GET, "/faults/holds?waitMs=10000", Value::Null).await.json;
    assert_eq!(held[0]["rule"], id);
    let sid = held[0]["messageSid"].as_str().unwrap();
    assert_eq!(stage.message(sid).await["status"], "queued", "it is there already");
    assert!(!creating.is_finished());
    let path = format!("/faults/holds/{}/release", held[0]["id"]);
    assert_eq!(stage.control(Method::POST, &path, Value::Null).await.status, 204);
    assert_eq!(creating.await.unwrap(), 201);
    assert_eq!(stage.control(Method::POST, &path, Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_held_answer_is_forgotten_when_its_client_goes_away() {
    let stage = Stage::new().await;
    rule(&stage, json!({"then": {"do": "hold", "when": "after"}})).await;
    let request = stage.by_account(Method::POST, "Messages.json").form(&text());
    let creating = tokio::spawn(request.send());
    let held = stage.control(Method::GET, "/faults/holds?waitMs=10000", Value::Null).await.json;
    assert_eq!(held.as_array().unwrap().len(), 1);
    creating.abort();
    let held =
        async { while stage.control(Method::GET, "/faults/holds", Value::Null).await.json != json!([]) {} };
    tokio::time::timeout(std::time::Duration::from_secs(10), held).await.unwrap();
    assert_eq!(total(&stage).await, 1);
}

#[tokio::test]
async fn lists_lag_and_fetches_do_not() {
    let stage = Stage::new().await;
    rule(&stage, json!({"then": {"do": "lagList", "ms": 2000}})).await;
    let sid = stage.text(ANN, "Hi").await;
    stage.wind(1_999).await;
    assert_eq!(stage.get("Messages.json").await.json["messages"], json!([]));
    assert_eq!(stage.message(&sid).await["status"], "delivered");
    stage.wind(1).await;
    assert_eq!(stage.get("Messages.json").await.json["messages"][0]["sid"], sid);
}

#[tokio::test]
async fn a_text_is_rewritten_and_assertions_still_know_what_was_asked_for() {
    let stage = Stage::new().await;
    rule(&stage, json!({"then": {"do": "rewrite"}})).await;
    let answer = stage.create(&[("To", ANN), ("From", OURS), ("Body", "It’s me")]).await;
    assert_eq!(answer.json["body"], "It's me");
    let counts = stage.control(Method::GET, "/messages/counts", Value::Null).await.json;
    assert_eq!(counts, json!([{"to": ANN, "body": "It’s me", "count": 1}]));
}

#[tokio::test]
async fn a_hidden_sender_shows_when_the_message_is_sent() {
    let stage = Stage::with_account(json!({
        "services": [{"sid": "MG00000000000000000000000000000001", "friendlyName": "Service", "numbers": [OURS]}],
    }))
    .await;
    rule(&stage, json!({"then": {"do": "fromNull"}})).await;
    let form = [("To", ANN), ("MessagingServiceSid", "MG00000000000000000000000000000001"), ("Body", "Hi")];
    let sid = stage.create(&form).await.sid();
    stage.wind(100).await;
    let message = stage.message(&sid).await;
    assert_eq!((&message["status"], &message["from"]), (&json!("sending"), &Value::Null));
    stage.wind(1_000).await;
    assert_eq!(stage.message(&sid).await["from"], OURS);
}

#[tokio::test]
async fn callbacks_are_lost_repeated_delayed_and_reordered() {
    for (action, expected) in [
        (json!({"do": "lose"}), vec!["queued", "sending", "delivered"]),
        (
            json!({"do": "repeat", "copies": 2}),
            vec!["queued", "sending", "sent", "sent", "sent", "delivered"],
        ),
        (json!({"do": "delay", "ms": 10000}), vec!["queued", "sending", "delivered", "sent"]),
        (json!({"do": "reorder"}), vec!["queued", "sending", "delivered", "sent"]),
    ] {
        let (stage, receiver) = (Stage::new().await, Receiver::start().await);
        let when = json!({"operation": "statusCallback", "status": "sent"});
        rule(&stage, json!({"when": when, "then": action})).await;
        let callback = [("StatusCallback", receiver.url.as_str())];
        stage.create(&[&text()[..], &callback[..]].concat()).await;
        stage.wind(20_000).await;
        // Two that go out at the same instant may overtake each other.
        let mut got = receiver.values("MessageStatus");
        if action["do"] == "reorder" {
            got[2..].sort();
        }
        assert_eq!(got, expected, "{action}");
    }
}

#[tokio::test]
async fn a_callback_that_waits_for_a_next_one_in_vain_goes_out_in_the_end() {
    let (stage, receiver) = (Stage::new().await, Receiver::start().await);
    stage.control(Method::PATCH, &format!("/phones/{ANN}"), json!({"state": "noReceipts"})).await;
    let when = json!({"operation": "statusCallback", "status": "sent"});
    rule(&stage, json!({"when": when, "then": {"do": "reorder"}})).await;
    stage.create(&[&text()[..], &[("StatusCallback", receiver.url.as_str())]].concat()).await;
    stage.wind(5_000).await;
    assert_eq!(receiver.values("MessageStatus"), ["queued", "sending"]);
    stage.wind(10_000).await;
    assert_eq!(receiver.values("MessageStatus"), ["queued", "sending", "sent"]);
}

#[tokio::test]
async fn an_ignored_answer_makes_the_webhook_come_again() {
    let receiver = Receiver::start().await;
    let number = json!({"phoneNumber": OURS, "smsUrl": format!("{}/sms#rc=1&rp=rt", receiver.url)});
    let stage = Stage::with_account(json!({"numbers": [number]})).await;
    receiver.reply([Reply::Text("first"), Reply::Text("second")]);
    rule(&stage, json!({"when": {"operation": "inboundWebhook"}, "then": {"do": "ignoreAnswer"}})).await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    stage.wind(1_000).await;
    assert_eq!(receiver.got().len(), 2);
    assert_eq!(stage.inbox(ANN).await, ["second"]);
}

#[tokio::test]
async fn inbound_webhooks_are_lost_and_the_message_is_there_all_the_same() {
    let receiver = Receiver::start().await;
    let number = json!({"phoneNumber": OURS, "smsUrl": format!("{}/sms", receiver.url)});
    let stage = Stage::with_account(json!({"numbers": [number]})).await;
    rule(&stage, json!({"when": {"operation": "inboundWebhook"}, "then": {"do": "lose"}})).await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    assert_eq!(receiver.got().len(), 0);
    assert_eq!(stage.get("Messages.json").await.json["messages"][0]["body"], "Hello");
}

#[tokio::test]
async fn a_carrier_outage_parks_texts_until_it_ends_or_their_validity_does() {
    let stage = Stage::new().await;
    let outage = |lasts: bool| json!({"lasts": lasts});
    stage.control(Method::PUT, "/faults/carrier-outage", outage(true)).await;
    let patient = stage.text(ANN, "patient").await;
    let hurried = [&text()[..], &[("ValidityPeriod", "60")]].concat();
    let hurried = stage.create(&hurried).await.sid();
    stage.wind(120_000).await;
    assert_eq!(stage.message(&patient).await["status"], "queued");
    assert_eq!(stage.message(&hurried).await["error_code"], 30036);
    stage.control(Method::PUT, "/faults/carrier-outage", outage(false)).await;
    stage.wind(1_000).await;
    assert_eq!(stage.message(&patient).await["status"], "delivered");
}

#[tokio::test]
async fn the_same_seed_and_requests_give_the_same_world() {
    let mut worlds = Vec::new();
    for _ in 0..2 {
        let stage = Stage::new().await;
        let chances =
            json!({"tooManyRequests": 0.3, "errorAfter": 0.2, "carrierError": 0.5, "listLagMsMax": 3000});
        let answer = stage.control(Method::PUT, "/faults/chances", chances).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut seen = Vec::new();
        for number in 0..30 {
            seen.push(stage.create(&[("To", ANN), ("From", OURS), ("Body", &number.to_string())]).await.json);
        }
        stage.wind(1_000).await;
        seen.push(stage.control(Method::GET, "/messages", Value::Null).await.json);
        worlds.push(seen);
    }
    assert_eq!(worlds[0], worlds[1]);
    assert!(worlds[0].iter().any(|answer| answer["code"] == 20429));
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let stage = Stage::new().await;
    for (method, path, body) in [
        (Method::PUT, "/faults/chances", json!({"callbackLost": 2})),
        (Method::PUT, "/faults/chances", json!({"callbackLosst": 1})),
        (Method::POST, "/faults/rules", json!({"then": {"do": "lose"}})),
        (Method::POST, "/faults/rules", json!({"then": {"do": "error", "when": "before", "status": 200}})),
        (Method::POST, "/faults/rules", json!({"then": {"do": "explode"}})),
    ] {
        let answer = stage.control(method, path, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.json["detail"].is_string(), "{answer:?}");
    }
    let faults = stage.control(Method::GET, "/faults", Value::Null).await.json;
    assert_eq!((&faults["rules"], &faults["chances"]["callbackLost"]), (&json!([]), &json!(0.0)));
}
