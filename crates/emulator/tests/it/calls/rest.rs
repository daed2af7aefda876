//! The REST API of calls.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ANN, OURS, Stage};

const TWIML: &str = "<Response><Pause length=\"30\"/></Response>";

#[tokio::test]
async fn what_is_wrong_with_a_create_request_has_its_code() {
    let long = format!("<Response><Say>{}</Say></Response>", "x".repeat(4_000));
    let cases: &[(&[(&str, &str)], u64)] = &[
        (&[("From", OURS), ("Twiml", TWIML)], 21201),
        (&[("To", ANN), ("Twiml", TWIML)], 21213),
        (&[("To", "nobody"), ("From", OURS), ("Twiml", TWIML)], 21211),
        (&[("To", ANN), ("From", "nobody"), ("Twiml", TWIML)], 21212),
        (&[("To", ANN), ("From", "+15559990000"), ("Twiml", TWIML)], 21210),
        (&[("To", ANN), ("From", OURS)], 21205),
        (&[("To", ANN), ("From", OURS), ("Url", "ftp://example.com")], 21205),
        (&[("To", ANN), ("From", OURS), ("Twiml", &long)], 32018),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("SendDigits", "12x")], 21206),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("StatusCallbackEvent", "begun")], 21626),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("StatusCallback", "x")], 21609),
        (&[("To", ANN), ("From", OURS), ("ApplicationSid", "AP1")], 21218),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("MachineDetection", "Maybe")], 20422),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("Timeout", "soon")], 20422),
        (&[("To", ANN), ("From", OURS), ("Twiml", TWIML), ("Method", "PUT")], 20422),
    ];
    let stage = Stage::new().await;
    for (form, code) in cases {
        let answer = stage.post("Calls.json", form).await;
        assert_eq!((answer.status, answer.code()), (400, Some(*code)), "{form:?} {answer:?}");
    }
    assert_eq!(stage.get("Calls.json").await.json["calls"], json!([]));
}

#[tokio::test]
async fn a_call_is_shown_listed_changed_and_deleted() {
    let stage = Stage::new().await;
    let form = [("To", ANN), ("From", OURS), ("Twiml", TWIML)];
    let created = stage.post("Calls.json", &form).await;
    assert_eq!((created.status, &created.json["direction"]), (201, &json!("outbound-api")));
    for name in ["start_time", "end_time", "duration", "price", "answered_by", "parent_call_sid"] {
        assert_eq!(created.json[name], Value::Null, "{name}");
    }
    let path = format!("Calls/{}.json", created.sid());
    assert_eq!(stage.post(&path, &[("Twiml", TWIML)]).await.code(), Some(21220), "it is not answered yet");
    assert_eq!(stage.delete(&path).await.code(), Some(20009));
    stage.wind(5_000).await;
    assert_eq!(stage.get(&path).await.json["status"], "in-progress");
    let moved = "<Response><Say>Something else</Say><Pause length=\"10\"/></Response>";
    assert_eq!(stage.post(&path, &[("Twiml", moved)]).await.status, 200);
    assert_eq!(stage.post(&path, &[("Status", "canceled")]).await.code(), Some(21220));
    assert_eq!(stage.post(&path, &[("Status", "completed")]).await.json["status"], "completed");
    assert_eq!(stage.post(&path, &[("Status", "completed")]).await.code(), Some(21220));
    let other = stage.post("Calls.json", &form).await.sid();
    assert_eq!(
        stage.post(&format!("Calls/{other}.json"), &[("Status", "canceled")]).await.json["status"],
        "canceled"
    );
    for (query, count) in [
        ("", 2),
        ("?Status=completed", 1),
        ("?Status=canceled", 1),
        ("?To=%2B15550001111", 2),
        ("?To=%2B15559990000", 0),
        ("?StartTime=2026-03-02", 1),
        ("?StartTime%3E=2026-03-03", 0),
        ("?EndTime%3C=2026-03-03", 2),
    ] {
        let list = stage.get(&format!("Calls.json{query}")).await.json;
        assert_eq!(list["calls"].as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.status, 404);
    assert_eq!(stage.send(stage.by_account(Method::PUT, "Calls.json")).await.unwrap().status, 405);
}

#[tokio::test]
async fn each_page_of_a_list_leads_to_the_next() {
    let stage = Stage::new().await;
    for _ in 0..5 {
        stage.post("Calls.json", &[("To", ANN), ("From", OURS), ("Twiml", TWIML)]).await;
    }
    let mut path = "Calls.json?PageSize=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = stage.get(&path).await.json;
        seen.extend(page["calls"].as_array().unwrap().iter().map(|call| call["sid"].clone()));
        match page["next_page_uri"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => break,
        }
    }
    let all = stage.get("Calls.json").await.json["calls"].clone();
    let all: Vec<Value> = all.as_array().unwrap().iter().map(|call| call["sid"].clone()).collect();
    assert_eq!(seen, all);
}
