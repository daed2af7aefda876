//! Notices of the debugger: notifications and alerts.

use reqwest::Method;
use serde_json::json;

use crate::receiver::{Receiver, Reply};
use crate::stage::{ANN, OURS, START, Stage};

/// A stage on which a text came in and its webhook was answered with something that is no TwiML.
async fn with_notices(server: &Receiver) -> Stage {
    let stage = Stage::with_account(json!({"numbers": [{"phoneNumber": OURS, "smsUrl": server.url}]})).await;
    server.reply([Reply::Twiml("<Response><Unheard/></Response>"), Reply::Status(500)]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "First"})).await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Second"})).await;
    stage
}

#[tokio::test]
async fn a_failed_webhook_is_an_error_and_odd_twiml_a_warning() {
    let server = Receiver::start().await;
    let stage = with_notices(&server).await;
    let list = stage.get("Notifications.json").await.json;
    let codes: Vec<&str> = list["notifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["error_code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["11200", "12200"]);
    let error = &list["notifications"][0];
    assert_eq!((&error["log"], &error["call_sid"]), (&json!("0"), &json!(null)));
    assert_eq!(error["more_info"], "https://www.twilio.com/docs/errors/11200");
    assert_eq!(error.get("response_body"), None);
    let warning = list["notifications"][1]["sid"].as_str().unwrap();
    let full = stage.get(&format!("Notifications/{warning}.json")).await.json;
    assert_eq!(full["response_body"], "<Response><Unheard/></Response>");
    assert_eq!(full["request_url"], format!("{}/", server.url));
    let warnings = stage.get("Notifications.json?Log=1").await.json;
    assert_eq!(warnings["notifications"][0]["error_code"], "12200");
    let today = stage.get(&format!("Notifications.json?MessageDate={}", &START[..10])).await.json;
    assert_eq!(today["notifications"].as_array().unwrap().len(), 2);
    let later = stage.get("Notifications.json?MessageDate%3E=2026-03-03").await.json;
    assert_eq!(later["notifications"], json!([]));
}

#[tokio::test]
async fn an_alert_is_the_same_in_other_words() {
    let server = Receiver::start().await;
    let stage = with_notices(&server).await;
    let list = stage.get("/v1/Alerts?LogLevel=error").await.json;
    assert_eq!(list["meta"]["key"], "alerts");
    let alert = stage.get(&format!("/v1/Alerts/{}", list["alerts"][0]["sid"].as_str().unwrap())).await.json;
    assert_eq!((&alert["error_code"], &alert["log_level"]), (&json!("11200"), &json!("error")));
    assert_eq!(alert["date_generated"], START);
    assert!(alert["resource_sid"].as_str().unwrap().starts_with("SM"), "{alert}");
    assert_eq!((&alert["request_method"], &alert["response_body"]), (&json!("POST"), &json!("")));
    assert!(alert["request_variables"].as_str().unwrap().contains("Body=Second"), "{alert}");
    assert!(alert["response_headers"].as_str().unwrap().contains("content-length=0"), "{alert}");
    assert!(alert["request_headers"].as_str().unwrap().starts_with("X-Twilio-Signature="), "{alert}");
    assert_eq!(stage.get("/v1/Alerts/NO00000000000000000000000000000009").await.code(), Some(20404));
}

#[tokio::test]
async fn the_account_is_told_of_every_notice() {
    let (server, debugger) = (Receiver::start().await, Receiver::start().await);
    let stage = Stage::with_account(json!({"numbers": [{"phoneNumber": OURS, "smsUrl": server.url}]})).await;
    let account = format!("/accounts/{}", emulator::DEFAULT_ACCOUNT);
    let set = async |url: &str| stage.control(Method::PATCH, &account, json!({"debuggerUrl": url})).await;
    assert_eq!(set("somewhere").await.status, 422);
    assert_eq!(set(&debugger.url).await.json["debuggerUrl"], debugger.url);
    server.reply([Reply::Status(404)]);
    // What goes wrong with the debugger's own webhook is not told to it again.
    debugger.reply([Reply::Status(500)]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    let told = debugger.got();
    assert_eq!(told.len(), 1);
    assert!(told[0].is_signed);
    assert_eq!(told[0].get("Level"), Some("Error"));
    assert_eq!(told[0].get("Timestamp"), Some("2026-03-02T12:00:00.000000Z"));
    let payload: serde_json::Value = serde_json::from_str(told[0].get("Payload").unwrap()).unwrap();
    assert_eq!(payload["error_code"], "11200");
    assert!(payload["resource_sid"].as_str().unwrap().starts_with("SM"), "{payload}");
    let webhook = &payload["webhook"];
    assert_eq!(webhook["request"]["parameters"]["Body"], "Hello");
    assert_eq!(webhook["response"]["status_code"], 404);
    set("").await;
    server.reply([Reply::Status(404)]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    assert_eq!(debugger.got().len(), 1, "nobody wants to know any more");
}
