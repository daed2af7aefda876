//! Content templates and their approval.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ANN, Answer, OURS, Stage};

async fn send(stage: &Stage, method: Method, path: &str, body: Value) -> Answer {
    stage.send(stage.by_account(method, path).json(&body)).await.unwrap()
}

fn reminder() -> Value {
    json!({
        "friendly_name": "Reminder",
        "language": "en",
        "variables": {"2": "noon"},
        "types": {
            "twilio/quick-reply": {
                "body": "Hi {{1}}, see you at {{2}}.",
                "actions": [{"type": "QUICK_REPLY", "title": "Yes", "id": "confirm"}],
            },
        },
    })
}

#[tokio::test]
async fn a_template_is_made_changed_listed_and_removed() {
    let stage = Stage::new().await;
    let made = send(&stage, Method::POST, "/v1/Content", reminder()).await;
    assert_eq!((made.status, &made.json["types"]), (201, &reminder()["types"]));
    let path = format!("/v1/Content/{}", made.sid());
    assert_eq!(made.json["links"]["approval_fetch"], format!("{}{path}/ApprovalRequests", stage.url));
    assert_eq!(stage.get(&path).await.json, made.json);
    let types = json!({"types": {"twilio/text": {"body": "Bye {{1}}"}}});
    let changed = send(&stage, Method::PUT, &path, types.clone()).await;
    assert_eq!((&changed.json["types"], &changed.json["language"]), (&types["types"], &json!("en")));
    let listed = stage.get("/v1/Content").await.json;
    assert_eq!(
        (&listed["meta"]["key"], &listed["contents"][0]["sid"]),
        (&json!("contents"), &json!(made.sid()))
    );
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.code(), Some(20404));
}

#[tokio::test]
async fn what_is_no_template_is_refused() {
    let stage = Stage::new().await;
    for body in [
        json!({"language": "en", "types": {}}),
        json!({"language": "en", "types": {"twilio/poem": {"body": "Roses"}}}),
        json!({"language": "en", "types": {"twilio/text": {}}}),
        json!({"types": {"twilio/text": {"body": "Hi"}}}),
        json!({"language": "en"}),
    ] {
        let answer = send(&stage, Method::POST, "/v1/Content", body.clone()).await;
        assert_eq!((answer.status, answer.code()), (400, Some(20422)), "{body}");
    }
    assert_eq!(stage.post("/v1/Content", &[("language", "en")]).await.code(), Some(20422));
    let broken = stage.by_account(Method::POST, "/v1/Content").header("content-type", "application/json");
    assert_eq!(stage.send(broken.body("{")).await.unwrap().code(), Some(20400));
}

#[tokio::test]
async fn a_template_is_sent_outside_the_window_once_it_is_approved() {
    let stage = Stage::new().await;
    let sid = send(&stage, Method::POST, "/v1/Content", reminder()).await.sid();
    let (ours, ann) = (format!("whatsapp:{OURS}"), format!("whatsapp:{ANN}"));
    let form = [
        ("From", ours.as_str()),
        ("To", ann.as_str()),
        ("ContentSid", sid.as_str()),
        ("ContentVariables", r#"{"1":"Ann"}"#),
    ];
    let sent = async || {
        let message = stage.create(&form).await.sid();
        stage.wind(1_000).await;
        let message = stage.message(&message).await;
        (message["body"].clone(), message["error_code"].clone())
    };
    assert_eq!(sent().await, (json!("Hi Ann, see you at noon."), json!(63016)));

    let approvals = format!("/v1/Content/{sid}/ApprovalRequests");
    let ask = json!({"name": "reminder_1", "category": "UTILITY"});
    let asked = send(&stage, Method::POST, &format!("{approvals}/whatsapp"), ask.clone()).await;
    assert_eq!((asked.status, &asked.json["status"]), (201, &json!("received")));
    let fetched = stage.get(&approvals).await.json;
    assert_eq!(
        (&fetched["whatsapp"]["status"], &fetched["whatsapp"]["type"]),
        (&json!("pending"), &json!("whatsapp"))
    );
    let again = send(&stage, Method::POST, &format!("{approvals}/whatsapp"), ask).await;
    assert_eq!(again.status, 400);
    stage.wind(1_000).await;
    let listed = stage.get("/v1/ContentAndApprovals").await.json;
    assert_eq!(listed["contents"][0]["approval_requests"]["status"], "approved");
    assert_eq!(sent().await.1, json!(null));
    let change = json!({"types": {"twilio/text": {"body": "Other"}}});
    assert_eq!(send(&stage, Method::PUT, &format!("/v1/Content/{sid}"), change).await.status, 400);
}

#[tokio::test]
async fn whatsapp_decides_as_the_control_api_says() {
    let stage = Stage::new().await;
    let sid = send(&stage, Method::POST, "/v1/Content", reminder()).await.sid();
    let decision = json!({"approval": "rejected", "rejectionReason": "too short"});
    let answer = stage.control(Method::PATCH, &format!("/contents/{sid}"), decision).await;
    assert_eq!(answer.status, 204);
    let fetched = stage.get(&format!("/v1/Content/{sid}/ApprovalRequests")).await.json;
    assert_eq!(
        (&fetched["whatsapp"]["status"], &fetched["whatsapp"]["rejection_reason"]),
        (&json!("rejected"), &json!("too short"))
    );
}

#[tokio::test]
async fn media_of_a_template_are_sent_with_their_gaps_filled() {
    let stage = Stage::new().await;
    let picture = json!({
        "language": "en",
        "types": {"twilio/media": {"body": "Look", "media": ["https://example.com/{{1}}.png"]}},
    });
    let sid = send(&stage, Method::POST, "/v1/Content", picture).await.sid();
    let form =
        [("From", OURS), ("To", ANN), ("ContentSid", sid.as_str()), ("ContentVariables", r#"{"1":"cat"}"#)];
    let message = stage.create(&form).await;
    assert_eq!((message.status, &message.json["num_media"]), (201, &json!("1")));
    stage.wind(1_000).await;
    let inbox = stage.control(Method::GET, &format!("/phones/{ANN}/inbox"), Value::Null).await;
    assert_eq!(inbox.json[0]["media"][0]["url"], "https://example.com/cat.png");
}
