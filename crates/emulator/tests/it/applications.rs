//! Applications, keys, verified numbers and usage.

use reqwest::Method;
use serde_json::json;

use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, START, Stage, account_path};

#[tokio::test]
async fn an_application_is_made_changed_listed_and_removed() {
    let stage = Stage::new().await;
    let form = [
        ("FriendlyName", "Front desk"),
        ("VoiceUrl", "https://example.com/voice"),
        ("VoiceMethod", "GET"),
        ("SmsUrl", "https://example.com/sms"),
    ];
    let made = stage.post("Applications.json", &form).await;
    assert_eq!((made.status, &made.json["voice_method"]), (201, &json!("GET")));
    assert_eq!(made.json["sms_method"], "POST");
    assert_eq!(made.json["status_callback"], json!(null));
    let path = format!("Applications/{}.json", made.sid());
    let changed = stage.post(&path, &[("VoiceUrl", ""), ("FriendlyName", "Back office")]).await;
    assert_eq!(
        (&changed.json["voice_url"], &changed.json["friendly_name"], &changed.json["sms_url"]),
        (&json!(null), &json!("Back office"), &json!("https://example.com/sms"))
    );
    assert_eq!(stage.post(&path, &[("SmsUrl", "nowhere")]).await.code(), Some(20422));
    let listed = stage.get("Applications.json?FriendlyName=Back%20office").await.json;
    assert_eq!(listed["applications"][0]["sid"], made.sid());
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.code(), Some(20404));
}

#[tokio::test]
async fn a_number_and_a_text_go_where_their_application_says() {
    let stage = Stage::new().await;
    let server = Receiver::start().await;
    let (sms, status) = (format!("{}/sms", server.url), format!("{}/status", server.url));
    let form = [("SmsUrl", sms.as_str()), ("SmsMethod", "GET"), ("MessageStatusCallback", status.as_str())];
    let application = stage.post("Applications.json", &form).await.sid();
    let number = "IncomingPhoneNumbers/PN00000000000000000000000000000001.json";
    stage.post(number, &[("SmsApplicationSid", &application)]).await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    assert_eq!(server.got()[0].path, "/sms");
    assert_eq!(server.got()[0].method, "GET");
    let form = [("To", ANN), ("From", OURS), ("Body", "Hi"), ("ApplicationSid", application.as_str())];
    assert_eq!(stage.create(&form).await.status, 201);
    stage.wind(1_000).await;
    assert_eq!(server.got().last().unwrap().get("MessageStatus"), Some("delivered"));
    assert_eq!(server.got().last().unwrap().path, "/status");
}

#[tokio::test]
async fn a_key_opens_the_door_until_it_is_taken_away() {
    let stage = Stage::new().await;
    let made = stage.post("Keys.json", &[("FriendlyName", "Laptop")]).await;
    assert_eq!(made.status, 201);
    let (sid, secret) = (made.sid(), made.json["secret"].as_str().unwrap().to_owned());
    let balance = account_path("Balance.json");
    let ask = || stage.request(Method::GET, &balance).basic_auth(&sid, Some(&secret));
    assert_eq!(stage.send(ask()).await.unwrap().status, 200);
    let path = format!("Keys/{sid}.json");
    assert_eq!(stage.post(&path, &[("FriendlyName", "Desk")]).await.json["friendly_name"], "Desk");
    assert_eq!(stage.get(&path).await.json.get("secret"), None);
    assert_eq!(stage.get("Keys.json").await.json["keys"][0]["friendly_name"], "Desk");
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.send(ask()).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_verified_number_can_be_reached_by_a_trial_account() {
    let stage = Stage::with_account(json!({"type": "trial"})).await;
    let text = [("To", ANN), ("From", OURS), ("Body", "Hi")];
    assert_eq!(stage.create(&text).await.code(), Some(21608));
    let begun = stage.post("OutgoingCallerIds.json", &[("PhoneNumber", ANN), ("CallDelay", "10")]).await;
    assert_eq!((begun.status, begun.json["validation_code"].as_str().unwrap().len()), (200, 6));
    assert_eq!(begun.json["friendly_name"], "(555) 000-1111");
    stage.wind(14_000).await;
    assert_eq!(stage.create(&text).await.code(), Some(21608));
    stage.wind(1_000).await;
    assert_eq!(stage.create(&text).await.status, 201);
    let listed = stage.get("OutgoingCallerIds.json?PhoneNumber=%2B15550001111").await.json;
    let path =
        format!("OutgoingCallerIds/{}.json", listed["outgoing_caller_ids"][0]["sid"].as_str().unwrap());
    assert_eq!(stage.post(&path, &[("FriendlyName", "Ann")]).await.json["friendly_name"], "Ann");
    let again = stage.post("OutgoingCallerIds.json", &[("PhoneNumber", ANN)]).await;
    assert_eq!(again.code(), Some(21450));
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.create(&text).await.code(), Some(21608));
}

#[tokio::test]
async fn whoever_wants_to_know_is_told_how_a_verification_ended() {
    let (stage, server) = (Stage::new().await, Receiver::start().await);
    let off = "+15550002222";
    stage.control(Method::PATCH, &format!("/phones/{off}"), json!({"state": "off"})).await;
    for (phone, word, status) in [(ANN, "success", "completed"), (off, "failed", "no-answer")] {
        let form = [("PhoneNumber", phone), ("StatusCallback", &server.url), ("StatusCallbackMethod", "GET")];
        let begun = stage.post("OutgoingCallerIds.json", &form).await.json;
        stage.wind(60_000).await;
        let told = server.got().pop().unwrap();
        assert!(told.is_signed);
        assert_eq!((told.method.as_str(), told.get("To")), ("GET", Some(phone)));
        assert_eq!(told.get("CallSid"), begun["call_sid"].as_str());
        assert_eq!((told.get("VerificationStatus"), told.get("CallStatus")), (Some(word), Some(status)));
        let listed = stage.get("OutgoingCallerIds.json").await.json["outgoing_caller_ids"][0].clone();
        let sid = if word == "success" { listed["sid"].as_str() } else { None };
        assert_eq!(told.get("OutgoingCallerIdSid"), sid);
    }
}

#[tokio::test]
async fn what_cannot_be_verified_is_refused_or_stays_unverified() {
    let stage = Stage::new().await;
    for (form, code) in [
        (vec![("PhoneNumber", "12")], 21401),
        (vec![("PhoneNumber", ANN), ("CallDelay", "61")], 21454),
        (vec![("PhoneNumber", ANN), ("StatusCallback", "nowhere")], 21609),
        (vec![], 21401),
    ] {
        assert_eq!(stage.post("OutgoingCallerIds.json", &form).await.code(), Some(code), "{form:?}");
    }
    stage.control(Method::PATCH, &format!("/phones/{ANN}"), json!({"state": "off"})).await;
    assert_eq!(stage.post("OutgoingCallerIds.json", &[("PhoneNumber", ANN)]).await.status, 200);
    stage.wind(60_000).await;
    assert_eq!(stage.get("OutgoingCallerIds.json").await.json["outgoing_caller_ids"], json!([]));
}

#[tokio::test]
async fn usage_counts_what_was_sent_and_received_by_day() {
    let stage = Stage::new().await;
    stage.text(ANN, "Hi").await;
    stage.text(ANN, &"long ".repeat(40)).await;
    stage.wind(1_000).await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    let records = async |path: &str| {
        let answer = stage.get(path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json["usage_records"].clone()
    };
    let out = &records("Usage/Records/Today.json?Category=sms-outbound").await[0];
    assert_eq!((&out["count"], &out["usage"]), (&json!("2"), &json!("3")));
    assert_eq!(out["start_date"], START[..10]);
    let all = &records("Usage/Records.json?Category=sms").await[0];
    assert_eq!(all["count"], "3");
    let twiml = "<Response><Pause length=\"70\"/></Response>";
    let form = [("To", ANN), ("From", OURS), ("Twiml", twiml), ("Record", "true"), ("Trim", "do-not-trim")];
    stage.post("Calls.json", &form).await;
    stage.wind(90_000).await;
    let calls = &records("Usage/Records.json?Category=calls-outbound").await[0];
    assert_eq!(
        (&calls["count"], &calls["usage"], &calls["price"]),
        (&json!("1"), &json!("2"), &json!("0.028"))
    );
    let calls = &records("Usage/Records.json?Category=calls-inbound").await[0];
    assert_eq!(calls["count"], "0");
    let recordings = &records("Usage/Records.json?Category=recordings").await[0];
    assert_eq!((&recordings["count"], &recordings["usage"]), (&json!("1"), &json!("2")));
    let before = &records("Usage/Records/Yesterday.json?Category=sms").await[0];
    assert_eq!(before["count"], "0");
    let before = &records("Usage/Records.json?Category=sms&StartDate=-3days&EndDate=-1days").await[0];
    assert_eq!((&before["count"], &before["start_date"]), (&json!("0"), &json!("2026-02-27")));
    assert_eq!(stage.get("Usage/Records.json?StartDate=someday").await.code(), Some(20422));
}
