//! Messaging services and their pools.

use reqwest::Method;
use serde_json::json;

use crate::stage::{ANN, OURS, Stage};

const PN: &str = "PN00000000000000000000000000000001";

#[tokio::test]
async fn a_service_is_made_changed_listed_and_removed() {
    let stage = Stage::new().await;
    assert_eq!(stage.post("/v1/Services", &[("UsecaseX", "x")]).await.status, 400);
    let made = stage.post("/v1/Services", &[("FriendlyName", "Reminders"), ("StickySender", "false")]).await;
    assert_eq!((made.status, &made.json["sticky_sender"]), (201, &json!(false)));
    assert_eq!(made.json["date_created"], "2026-03-02T12:00:00Z");
    assert_eq!(made.json["validity_period"], 36_000);
    let path = format!("/v1/Services/{}", made.sid());
    assert_eq!(made.json["links"]["phone_numbers"], format!("{}{path}/PhoneNumbers", stage.url));
    let changed =
        stage.post(&path, &[("ValidityPeriod", "60"), ("StatusCallback", "https://example.com/s")]).await;
    assert_eq!(
        (&changed.json["validity_period"], &changed.json["friendly_name"]),
        (&json!(60), &json!("Reminders"))
    );
    assert_eq!(stage.post(&path, &[("ValidityPeriod", "0")]).await.code(), Some(21624));
    assert_eq!(stage.post(&path, &[("StatusCallback", "nowhere")]).await.code(), Some(20422));
    stage.post("/v1/Services", &[("FriendlyName", "Second")]).await;
    let list = stage.get("/v1/Services?PageSize=1").await.json;
    assert_eq!(
        (&list["meta"]["key"], &list["services"][0]["friendly_name"]),
        (&json!("services"), &json!("Second"))
    );
    let next = list["meta"]["next_page_url"].as_str().unwrap().strip_prefix(&stage.url).unwrap();
    let second = stage.get(next).await.json;
    assert_eq!(second["services"][0]["sid"], made.sid());
    assert_eq!(second["meta"]["next_page_url"], json!(null));
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.code(), Some(20404));
}

#[tokio::test]
async fn the_original_host_decides_and_stands_in_urls() {
    let stage = Stage::new().await;
    let list = |host: &str| stage.by_account(Method::GET, "/v1/Services").header("X-Original-Host", host);
    let answer = stage.send(list("messaging.twilio.com")).await.unwrap();
    assert_eq!(answer.json["meta"]["url"], "https://messaging.twilio.com/v1/Services?PageSize=50&Page=0");
    assert_eq!(stage.send(list("verify.twilio.com")).await.unwrap().status, 404);
}

#[tokio::test]
async fn pools_take_each_number_once() {
    let stage = Stage::with_account(json!({
        "shortCodes": [{"sid": "SC00000000000000000000000000000001", "phoneNumber": "55555"}],
    }))
    .await;
    let first = stage.post("/v1/Services", &[("FriendlyName", "First")]).await.sid();
    let second = stage.post("/v1/Services", &[("FriendlyName", "Second")]).await.sid();
    let numbers = format!("/v1/Services/{first}/PhoneNumbers");
    let added = stage.post(&numbers, &[("PhoneNumberSid", PN)]).await;
    assert_eq!((added.status, &added.json["phone_number"], added.sid().as_str()), (201, &json!(OURS), PN));
    assert_eq!(added.json["capabilities"], json!(["SMS", "MMS", "Voice"]));
    for service in [&first, &second] {
        let again =
            stage.post(&format!("/v1/Services/{service}/PhoneNumbers"), &[("PhoneNumberSid", PN)]).await;
        assert_eq!(again.code(), Some(21712));
    }
    let unknown = stage.post(&numbers, &[("PhoneNumberSid", "PN00000000000000000000000000000009")]).await;
    assert_eq!(unknown.status, 404);
    let codes = format!("/v1/Services/{first}/ShortCodes");
    let code = stage.post(&codes, &[("ShortCodeSid", "SC00000000000000000000000000000001")]).await;
    assert_eq!((code.status, &code.json["short_code"]), (201, &json!("55555")));
    let names = format!("/v1/Services/{first}/AlphaSenders");
    assert_eq!(stage.post(&names, &[("AlphaSender", "A very long name")]).await.code(), Some(20422));
    let name = stage.post(&names, &[("AlphaSender", "Example")]).await;
    assert_eq!(stage.get(&names).await.json["alpha_senders"][0], name.json);
    assert_eq!(stage.delete(&format!("{numbers}/{PN}")).await.status, 204);
    assert_eq!(stage.get(&numbers).await.json["phone_numbers"], json!([]));
}

#[tokio::test]
async fn the_sender_fits_the_recipient_and_stays() {
    let stage = Stage::with_account(json!({
        "numbers": [{"phoneNumber": "+12125550101"}, {"phoneNumber": "+14155550101"}],
        "services": [{"sid": "MG00000000000000000000000000000001", "friendlyName": "Pool",
                      "numbers": ["+12125550101", "+14155550101"], "alphaSenders": ["Example"]}],
    }))
    .await;
    for (to, from) in
        [("+14155559999", "+14155550101"), ("+12125559999", "+12125550101"), ("+13125559999", "+12125550101")]
    {
        let form =
            [("To", to), ("MessagingServiceSid", "MG00000000000000000000000000000001"), ("Body", "Hi")];
        let sid = stage.create(&form).await.sid();
        stage.wind(1_000).await;
        assert_eq!(stage.message(&sid).await["from"], from, "{to}");
    }
    let by_name = [("To", "+4915112345678"), ("From", "Example"), ("Body", "Hi")];
    let sid = stage.create(&by_name).await.sid();
    stage.wind(1_000).await;
    assert_eq!(stage.message(&sid).await["status"], "delivered");
    stage.phone_sends(ANN, json!({"to": "+14155550101", "body": "STOP"})).await;
    let blocked =
        [("To", ANN), ("MessagingServiceSid", "MG00000000000000000000000000000001"), ("Body", "Hi")];
    assert_eq!(stage.create(&blocked).await.code(), Some(21610));
}
