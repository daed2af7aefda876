//! What goes wrong with calls when it is told to.

use reqwest::Method;
use serde_json::{Value, json};

use super::app::{App, Reply as Document};
use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, Stage};

const STAYS: &str = "<Response><Pause length=\"60\"/></Response>";

fn call() -> [(&'static str, &'static str); 3] {
    [("To", ANN), ("From", OURS), ("Twiml", STAYS)]
}

async fn rule(stage: &Stage, operation: &str, then: Value) -> Value {
    let rule = json!({"when": {"operation": operation, "to": ANN}, "then": then});
    let answer = stage.control(Method::POST, "/faults/rules", rule).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["id"].clone()
}

async fn total(stage: &Stage) -> u64 {
    stage.control(Method::GET, "/calls", Value::Null).await.json["total"].as_u64().unwrap()
}

async fn status(stage: &Stage, sid: &str) -> Value {
    stage.get(&format!("Calls/{sid}.json")).await.json["status"].clone()
}

#[tokio::test]
async fn errors_strike_before_or_after_a_call_comes_into_being() {
    let stage = Stage::new().await;
    for (then, status, code, created) in [
        (json!({"do": "tooManyRequests", "retryAfterS": 3}), 429, 20429, 0),
        (json!({"do": "error", "when": "before", "status": 503}), 503, 20503, 0),
        (json!({"do": "error", "when": "after", "status": 500}), 500, 20500, 1),
        (json!({"do": "refuse", "code": 21215}), 400, 21215, 0),
    ] {
        let before = total(&stage).await;
        rule(&stage, "createCall", then.clone()).await;
        let answer = stage.post("Calls.json", &call()).await;
        assert_eq!((answer.status, answer.code()), (status, Some(code)), "{then}");
        assert_eq!(total(&stage).await - before, created, "{then}");
        assert_eq!(stage.post("Calls.json", &call()).await.status, 201, "a rule strikes once");
    }
}

#[tokio::test]
async fn dropped_connections_leave_a_call_or_none_or_one_that_comes_late() {
    let stage = Stage::new().await;
    for (then, at_once, later) in [
        (json!({"do": "drop", "when": "before"}), 0, 0),
        (json!({"do": "drop", "when": "after"}), 1, 1),
        (json!({"do": "createLate", "ms": 5000}), 0, 1),
    ] {
        let before = total(&stage).await;
        rule(&stage, "createCall", then.clone()).await;
        let request = stage.by_account(Method::POST, "Calls.json").form(&call());
        assert!(stage.send(request).await.is_err(), "{then}");
        assert_eq!(total(&stage).await - before, at_once, "{then}");
        stage.wind(4_999).await;
        assert_eq!(total(&stage).await - before, at_once, "{then}");
        stage.wind(1).await;
        assert_eq!(total(&stage).await - before, later, "{then}");
    }
    let listed = stage.get("Calls.json").await.json;
    assert_eq!(listed["calls"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn lists_lag_behind_a_call_and_fetches_do_not() {
    let stage = Stage::new().await;
    rule(&stage, "createCall", json!({"do": "lagList", "ms": 2000})).await;
    let sid = stage.post("Calls.json", &call()).await.sid();
    stage.wind(1_999).await;
    assert_eq!(stage.get("Calls.json").await.json["calls"], json!([]));
    assert_eq!(status(&stage, &sid).await, "ringing");
    stage.wind(1).await;
    assert_eq!(stage.get("Calls.json").await.json["calls"][0]["sid"], sid);
}

#[tokio::test]
async fn an_answer_about_a_call_is_held_and_names_it() {
    let stage = Stage::new().await;
    let id = rule(&stage, "createCall", json!({"do": "hold", "when": "after"})).await;
    let request = stage.by_account(Method::POST, "Calls.json").form(&call());
    let creating = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
    let held = stage.control(Method::GET, "/faults/holds?waitMs=10000", Value::Null).await.json;
    assert_eq!((&held[0]["rule"], &held[0]["messageSid"]), (&id, &Value::Null));
    assert_eq!(status(&stage, held[0]["callSid"].as_str().unwrap()).await, "queued", "it is there already");
    let path = format!("/faults/holds/{}/release", held[0]["id"]);
    assert_eq!(stage.control(Method::POST, &path, Value::Null).await.status, 204);
    assert_eq!(creating.await.unwrap(), 201);
}

#[tokio::test]
async fn looking_at_a_call_and_changing_it_can_fail_by_themselves() {
    let stage = Stage::new().await;
    let sid = stage.post("Calls.json", &call()).await.sid();
    let error = json!({"do": "error", "when": "after", "status": 500});
    let add = async |operation: &str| {
        let rule = json!({"when": {"operation": operation}, "then": error});
        stage.control(Method::POST, "/faults/rules", rule).await;
    };
    add("listCalls").await;
    assert_eq!(status(&stage, &sid).await, "queued");
    assert_eq!(stage.get("Calls.json").await.status, 500);
    add("fetchCall").await;
    assert_eq!(stage.get("Calls.json").await.status, 200);
    assert_eq!(stage.get(&format!("Calls/{sid}.json")).await.status, 500);
    add("updateCall").await;
    assert_eq!(stage.post(&format!("Calls/{sid}.json"), &[("Status", "canceled")]).await.status, 500);
    assert_eq!(status(&stage, &sid).await, "canceled", "the answer alone is missing");
}

#[tokio::test]
async fn a_call_fails_or_its_line_breaks() {
    let stage = Stage::new().await;
    rule(&stage, "call", json!({"do": "fail", "code": 32009})).await;
    let sid = stage.post("Calls.json", &call()).await.sid();
    stage.wind(1_000).await;
    assert_eq!(status(&stage, &sid).await, "failed");
    assert_eq!(stage.debugger().await, [32009]);

    rule(&stage, "call", json!({"do": "hangUp", "afterMs": 7_000})).await;
    let sid = stage.post("Calls.json", &call()).await.sid();
    // It is answered after 3.5 seconds.
    stage.wind(10_499).await;
    assert_eq!(status(&stage, &sid).await, "in-progress");
    stage.wind(1).await;
    let over = stage.get(&format!("Calls/{sid}.json")).await.json;
    assert_eq!((&over["status"], &over["duration"]), (&json!("completed"), &json!("7")));
    let faults: Vec<Value> = stage.log("fault").await.iter().map(|fault| fault["what"].clone()).collect();
    assert_eq!(faults, ["a call failed", "the line of a call broke"]);
}

#[tokio::test]
async fn callbacks_of_calls_are_lost_repeated_delayed_and_reordered() {
    for (action, expected) in [
        (json!({"do": "lose"}), vec!["initiated", "in-progress", "completed"]),
        (
            json!({"do": "repeat", "copies": 2}),
            vec!["initiated", "ringing", "ringing", "ringing", "in-progress", "completed"],
        ),
        (json!({"do": "delay", "ms": 100_000}), vec!["initiated", "in-progress", "completed", "ringing"]),
        (json!({"do": "reorder"}), vec!["initiated", "in-progress", "ringing", "completed"]),
    ] {
        let (stage, receiver) = (Stage::new().await, Receiver::start().await);
        let when = json!({"operation": "callCallback", "status": "ringing"});
        let answer =
            stage.control(Method::POST, "/faults/rules", json!({"when": when, "then": action})).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let mut form = call().to_vec();
        form.push(("StatusCallback", &receiver.url));
        for event in ["initiated", "ringing", "answered", "completed"] {
            form.push(("StatusCallbackEvent", event));
        }
        stage.post("Calls.json", &form).await;
        stage.wind(200_000).await;
        // Two that go out at the same instant may overtake each other.
        let mut got = receiver.values("CallStatus");
        if action["do"] == "reorder" {
            got[1..3].sort();
        }
        assert_eq!(got, expected, "{action}");
    }
}

#[tokio::test]
async fn a_callback_of_a_call_that_waits_in_vain_goes_out_in_the_end() {
    let (stage, receiver) = (Stage::new().await, Receiver::start().await);
    let when = json!({"operation": "callCallback", "status": "ringing"});
    stage.control(Method::POST, "/faults/rules", json!({"when": when, "then": {"do": "reorder"}})).await;
    let script = json!({"pickUp": {"kind": "live"}});
    stage.control(Method::POST, &format!("/phones/{ANN}/callScripts"), script).await;
    let mut form = call().to_vec();
    form.extend([("StatusCallback", receiver.url.as_str()), ("StatusCallbackEvent", "ringing")]);
    stage.post("Calls.json", &form).await;
    stage.wind(10_499).await;
    assert_eq!(receiver.got().len(), 0);
    stage.wind(1).await;
    assert_eq!(receiver.values("CallStatus"), ["ringing"]);
}

#[tokio::test]
async fn an_ignored_document_leads_to_the_fallback() {
    let app = App::start(vec![
        ("/voice".to_owned(), Document::read("", "<Response><Say>never heard</Say></Response>")),
        ("/fallback".to_owned(), Document::read("", "<Response><Say>heard instead</Say></Response>")),
    ])
    .await;
    let stage = Stage::new().await;
    rule(&stage, "callDocument", json!({"do": "ignoreAnswer"})).await;
    let (url, fallback) = (format!("{}/voice", app.url), format!("{}/fallback", app.url));
    let form = [("To", ANN), ("From", OURS), ("Url", url.as_str()), ("FallbackUrl", fallback.as_str())];
    let sid = stage.post("Calls.json", &form).await.sid();
    stage.wind(20_000).await;
    assert_eq!(stage.debugger().await, [11200]);
    let shown = stage.control(Method::GET, &format!("/calls/{sid}"), Value::Null).await.json;
    let said: Vec<&Value> = shown["story"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["kind"] == "said")
        .map(|line| &line["words"])
        .collect();
    assert_eq!(said, ["heard instead"]);
}

#[tokio::test]
async fn chances_strike_calls_by_the_seed() {
    let mut worlds = Vec::new();
    for _ in 0..2 {
        let stage = Stage::new().await;
        let chances = json!({
            "tooManyRequests": 0.3, "errorAfter": 0.2, "callFailed": 0.3, "callBroken": 0.5,
            "callBrokenMsMax": 20_000, "listLagMsMax": 3_000,
        });
        let answer = stage.control(Method::PUT, "/faults/chances", chances).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut seen = Vec::new();
        for _ in 0..30 {
            seen.push(stage.post("Calls.json", &call()).await.json);
        }
        stage.wind(100_000).await;
        seen.push(stage.control(Method::GET, "/calls", Value::Null).await.json);
        worlds.push(seen);
    }
    assert_eq!(worlds[0], worlds[1]);
    assert!(worlds[0].iter().any(|answer| answer["code"] == 20429));
    let calls = worlds[0].last().unwrap()["calls"].as_array().unwrap().clone();
    assert!(calls.iter().any(|call| call["status"] == "failed"));
    assert!(calls.iter().any(|call| call["status"] == "completed"));
}
