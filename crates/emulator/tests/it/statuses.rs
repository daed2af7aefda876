//! A message's way through its statuses, and what is called back.

use reqwest::Method;
use serde_json::json;

use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, Stage};

#[tokio::test]
async fn a_text_is_delivered_step_by_step_and_every_step_is_called_back() {
    let (stage, receiver) = (Stage::new().await, Receiver::start().await);
    let callback = format!("{}/status", receiver.url);
    let form = [("To", ANN), ("From", OURS), ("Body", "Hi"), ("StatusCallback", callback.as_str())];
    let sid = stage.create(&form).await.sid();
    let mut statuses = Vec::new();
    for ms in [0, 50, 100, 250] {
        stage.wind(ms).await;
        statuses.push(stage.message(&sid).await["status"].as_str().unwrap().to_owned());
    }
    assert_eq!(statuses, ["queued", "sending", "sent", "delivered"]);
    assert_eq!(receiver.values("MessageStatus"), statuses);
    for got in receiver.got() {
        assert!(got.is_signed, "{got:?}");
        assert_eq!((got.get("MessageSid"), got.get("SmsSid")), (Some(sid.as_str()), Some(sid.as_str())));
        assert_eq!((got.get("From"), got.get("To")), (Some(OURS), Some(ANN)));
        assert_eq!(got.get("ApiVersion"), Some("2010-04-01"));
        assert_eq!(got.get("ErrorCode"), None);
        assert_eq!(got.header("user-agent"), "TwilioProxy/1.1");
        assert!(!got.header("i-twilio-idempotency-token").is_empty());
    }
    let message = stage.message(&sid).await;
    assert_eq!(message["price"], "-0.00830");
    assert_eq!(message["date_sent"], "Mon, 02 Mar 2026 12:00:00 +0000");
    assert_eq!(stage.inbox(ANN).await, ["Hi"]);
    assert_eq!(stage.get("Balance.json").await.json["balance"], "99.9917");
}

#[tokio::test]
async fn the_callback_of_the_message_comes_before_that_of_the_service() {
    let receiver = Receiver::start().await;
    let stage = Stage::with_account(json!({
        "services": [{"sid": "MG00000000000000000000000000000001", "friendlyName": "Service",
                      "numbers": [OURS], "statusCallback": format!("{}/service", receiver.url)}],
        "applications": [{"sid": "AP00000000000000000000000000000001",
                          "messageStatusCallback": format!("{}/application", receiver.url)}],
    }))
    .await;
    let own = format!("{}/message", receiver.url);
    let service =
        [("To", ANN), ("MessagingServiceSid", "MG00000000000000000000000000000001"), ("Body", "Hi")];
    stage.create(&service).await;
    stage.create(&[&service[..], &[("ApplicationSid", "AP00000000000000000000000000000001")]].concat()).await;
    let both = [("ApplicationSid", "AP00000000000000000000000000000001"), ("StatusCallback", own.as_str())];
    stage.create(&[&service[..], &both[..]].concat()).await;
    stage.wind(1_000).await;
    let mut paths: Vec<String> = receiver.got().into_iter().map(|got| got.path).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths, ["/application", "/message", "/service"]);
}

#[tokio::test]
async fn phones_and_carriers_decide_how_a_text_ends() {
    let stage = Stage::with(Stage::fixture(
        json!({}),
        json!({
            "phones": [{"number": "+15550000001", "state": "off"}, {"number": "+15550000002", "state": "landline"},
                       {"number": "+15550000003", "state": "noReceipts"}],
            "carriers": [
                {"from": "+15557000000", "to": "+15557000009", "outcome": {"kind": "failed", "code": 30006}},
                {"from": "+15557000010", "to": "+15557000019", "outcome": {"kind": "undelivered", "code": 30007}},
                {"from": "+15557000020", "to": "+15557000029", "outcome": {"kind": "refused", "code": 21408}},
                {"from": "+15557000030", "to": "+15557000039", "outcome": {"kind": "noReceipt"}},
            ],
        }),
    ))
    .await;
    for (to, status, code) in [
        ("+15550000001", "undelivered", json!(30003)),
        ("+15550000002", "undelivered", json!(30006)),
        ("+15550000003", "sent", json!(null)),
        ("+15557000005", "failed", json!(30006)),
        ("+15557000015", "undelivered", json!(30007)),
        ("+15557000035", "sent", json!(null)),
        ("+15557000040", "delivered", json!(null)),
    ] {
        let sid = stage.text(to, "Hi").await;
        stage.wind(1_000).await;
        let message = stage.message(&sid).await;
        assert_eq!((message["status"].as_str(), &message["error_code"]), (Some(status), &code), "{to}");
    }
    let refused = stage.create(&[("To", "+15557000025"), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!((refused.status, refused.code()), (400, Some(21408)));
    assert_eq!(stage.inbox("+15550000003").await, ["Hi"]);
    assert_eq!(stage.inbox("+15550000001").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_paced_sender_queues_overflows_and_lets_validity_end() {
    let stage = Stage::new().await;
    let path = format!("/numbers/{OURS}");
    stage.control(Method::PATCH, &path, json!({"rate": 1})).await;
    let first = stage.text(ANN, "first").await;
    let second = stage.text(ANN, &"x".repeat(200)).await;
    let third = stage.text(ANN, "third").await;
    let form = [("To", ANN), ("From", OURS), ("Body", "hurried"), ("ValidityPeriod", "2")];
    let hurried = stage.create(&form).await.sid();
    stage.wind(500).await;
    for (sid, status) in [(&first, "delivered"), (&second, "queued"), (&third, "queued")] {
        assert_eq!(stage.message(sid).await["status"], status);
    }
    stage.wind(1_000).await;
    assert_eq!(stage.message(&second).await["status"], "delivered");
    assert_eq!(stage.message(&third).await["status"], "queued");
    stage.wind(2_000).await;
    assert_eq!(stage.message(&third).await["status"], "delivered");
    let hurried = stage.message(&hurried).await;
    assert_eq!((&hurried["status"], &hurried["error_code"]), (&json!("failed"), &json!(30036)));
    stage.control(Method::PATCH, &path, json!({"rate": 0.0001})).await;
    for number in 0..4 {
        stage.text(ANN, &number.to_string()).await;
    }
    let full = stage.create(&[("To", ANN), ("From", OURS), ("Body", "one too many")]).await;
    assert_eq!((full.status, full.code()), (400, Some(21611)));
}

#[tokio::test]
async fn account_states_stop_what_is_on_its_way() {
    let stage = Stage::new().await;
    let account = format!("/accounts/{}", emulator::DEFAULT_ACCOUNT);
    let waiting = stage.text(ANN, "waiting").await;
    stage.control(Method::PATCH, &account, json!({"outOfFunds": true})).await;
    let refused = stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!((refused.status, refused.code()), (403, Some(20005)));
    stage.wind(1_000).await;
    stage.control(Method::PATCH, &account, json!({"outOfFunds": false})).await;
    assert_eq!(stage.message(&waiting).await["error_code"], 30002);
    let orphan = stage.text(ANN, "orphan").await;
    stage.control(Method::DELETE, &format!("/numbers/{OURS}"), json!(null)).await;
    stage.wind(1_000).await;
    assert_eq!(stage.message(&orphan).await["error_code"], 30024);
    let refused = stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!(refused.code(), Some(21606));
    stage.control(Method::PATCH, &account, json!({"status": "suspended"})).await;
    assert_eq!(stage.get("Messages.json").await.code(), Some(20003));
}

#[tokio::test]
async fn a_service_overflows_after_it_took_the_message() {
    let service = "MG00000000000000000000000000000001";
    let stage = Stage::with_account(json!({
        "numbers": [{"phoneNumber": OURS, "rate": 0.0001}],
        "services": [{"sid": service, "friendlyName": "Service", "numbers": [OURS]}],
    }))
    .await;
    let mut last = String::new();
    for number in 0..5 {
        let body = number.to_string();
        let taken = stage.create(&[("To", ANN), ("MessagingServiceSid", service), ("Body", &body)]).await;
        assert_eq!(taken.status, 201);
        last = taken.sid();
        stage.wind(100).await;
    }
    let message = stage.message(&last).await;
    assert_eq!((&message["status"], &message["error_code"]), (&json!("failed"), &json!(30001)));
}
