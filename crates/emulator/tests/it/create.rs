//! Creating messages: what is taken, what is refused with which code.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::stage::{ANN, OURS, Stage};

const MG: &str = "MG00000000000000000000000000000001";
const HX: &str = "HX00000000000000000000000000000001";

#[tokio::test]
async fn a_text_is_taken_with_the_documented_fields_and_types() {
    let stage = Stage::new().await;
    let answer = stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi there")]).await;
    assert_eq!(answer.status, 201);
    let sid = answer.sid();
    let uri = format!("/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/{sid}");
    assert_eq!(
        answer.json,
        json!({
            "account_sid": "AC00000000000000000000000000000001",
            "api_version": "2010-04-01",
            "body": "Hi there",
            "date_created": "Mon, 02 Mar 2026 12:00:00 +0000",
            "date_sent": null,
            "date_updated": "Mon, 02 Mar 2026 12:00:00 +0000",
            "direction": "outbound-api",
            "error_code": null,
            "error_message": null,
            "from": OURS,
            "messaging_service_sid": null,
            "num_media": "0",
            "num_segments": "1",
            "price": null,
            "price_unit": "USD",
            "sid": sid,
            "status": "queued",
            "subresource_uris": {"media": format!("{uri}/Media.json")},
            "to": ANN,
            "uri": format!("{uri}.json"),
        })
    );
    assert!(sid.starts_with("SM"));
    assert_eq!(answer.headers["date"], "Mon, 02 Mar 2026 12:00:00 GMT");
    assert!(answer.headers["twilio-request-id"].to_str().unwrap().starts_with("RQ"));
    assert_eq!(answer.headers["twilio-concurrent-requests"], "1");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_code() {
    let stage = Stage::with_account(json!({
        "services": [
            {"sid": MG, "friendlyName": "Service", "numbers": [OURS]},
            {"sid": "MG00000000000000000000000000000002", "friendlyName": "Empty"},
        ],
        "contents": [{"sid": HX, "friendlyName": "Greeting", "body": "Hi {{1}}"}],
    }))
    .await;
    let cases: Vec<Refused> = serde_json::from_str(include_str!("cases/create_refused.json")).unwrap();
    for Refused { what, set, code } in cases {
        let mut form = BTreeMap::from([("To", json!(ANN)), ("From", json!(OURS)), ("Body", json!("Hi"))]);
        form.extend(set.iter().map(|(name, value)| (name.as_str(), value.clone())));
        let pairs: Vec<(&str, String)> = form
            .into_iter()
            .flat_map(|(name, value)| texts(value).into_iter().map(move |text| (name, text)))
            .collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let answer = stage.create(&pairs).await;
        assert_eq!(answer.code(), Some(code), "{what}: {answer:?}");
        assert_eq!(answer.json["status"], u64::from(answer.status), "{what}");
        assert_eq!(answer.json["more_info"], format!("https://www.twilio.com/docs/errors/{code}"), "{what}");
    }
    let none = stage.get("Messages.json").await;
    assert_eq!(none.json["messages"], json!([]));
}

/// A create request that is refused: what it sets besides a recipient, a sender and a text.
#[derive(serde::Deserialize)]
struct Refused {
    what: String,
    set: BTreeMap<String, Value>,
    code: u64,
}

/// A parameter's values: null for none, a list for several, `{"text", "times"}` for a long one.
fn texts(value: Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text],
        Value::Array(values) => values.into_iter().flat_map(texts).collect(),
        other => {
            let times = usize::try_from(other["times"].as_u64().unwrap()).unwrap();
            vec![other["text"].as_str().unwrap().repeat(times)]
        }
    }
}

#[tokio::test]
async fn text_is_limited_in_utf_16_units_and_counted_in_segments() {
    let stage = Stage::new().await;
    for (body, segments) in [
        ("a".repeat(160), "1"),
        ("a".repeat(161), "2"),
        ("я".repeat(70), "1"),
        ("😀".repeat(36), "2"),
        ("a".repeat(1_600), "11"),
    ] {
        let answer = stage.create(&[("To", ANN), ("From", OURS), ("Body", &body)]).await;
        assert_eq!(answer.json["num_segments"], segments);
    }
}

#[tokio::test]
async fn a_service_picks_the_sender_after_the_answer() {
    let stage = Stage::with_account(json!({
        "services": [{"sid": MG, "friendlyName": "Service", "numbers": [OURS], "smartEncoding": true}],
    }))
    .await;
    let answer = stage.create(&[("To", ANN), ("MessagingServiceSid", MG), ("Body", "It’s “fine”…")]).await;
    assert_eq!(answer.json["status"], "accepted");
    assert_eq!(answer.json["from"], json!(null));
    assert_eq!(answer.json["num_segments"], "0");
    assert_eq!(answer.json["messaging_service_sid"], MG);
    stage.wind(1_000).await;
    let message = stage.message(&answer.sid()).await;
    assert_eq!(message["status"], "delivered");
    assert_eq!(message["from"], OURS);
    assert_eq!(message["body"], "It's \"fine\"...");
    assert_eq!(message["num_segments"], "1");
}

#[tokio::test]
async fn a_trial_account_writes_to_verified_numbers_with_a_prefix() {
    let stage = Stage::with_account(json!({"type": "trial", "verified": [ANN]})).await;
    let refused = stage.create(&[("To", "+15550002222"), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!((refused.status, refused.code()), (400, Some(21608)));
    let taken = stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!(taken.json["body"], "Sent from your Twilio trial account - Hi");
}

#[tokio::test]
async fn test_credentials_go_by_magic_numbers_and_keep_nothing() {
    let stage = Stage::new().await;
    let path = "/2010-04-01/Accounts/AC00000000000000000000000000000002";
    let by_test = |method, path: String| {
        stage
            .request(method, &path)
            .basic_auth(emulator::DEFAULT_TEST_ACCOUNT, Some(emulator::DEFAULT_TEST_TOKEN))
    };
    for (to, from, code) in [
        (ANN, "+15005550006", None),
        (ANN, "+15005550001", Some(21212)),
        (ANN, "+15005550007", Some(21606)),
        (ANN, "+15005550008", Some(21611)),
        (ANN, OURS, Some(21606)),
        ("+15005550001", "+15005550006", Some(21211)),
        ("+15005550002", "+15005550006", Some(21612)),
        ("+15005550003", "+15005550006", Some(21408)),
        ("+15005550004", "+15005550006", Some(21610)),
        ("+15005550009", "+15005550006", Some(21614)),
    ] {
        let request = by_test(reqwest::Method::POST, format!("{path}/Messages.json"));
        let answer = stage.send(request.form(&[("To", to), ("From", from), ("Body", "Hi")])).await.unwrap();
        let status = if code.is_some() { 400 } else { 201 };
        assert_eq!((answer.status, answer.code()), (status, code), "{to} {from}");
    }
    let listed = stage.send(by_test(reqwest::Method::GET, format!("{path}/Messages.json"))).await.unwrap();
    assert_eq!((listed.status, listed.code()), (403, Some(20008)));
    assert_eq!(stage.get("Messages.json").await.json["messages"], json!([]));
    for (form, code) in [
        ([("PhoneNumber", "+15005550006")], None),
        ([("PhoneNumber", "+15005550000")], Some(21422)),
        ([("PhoneNumber", "+15005550001")], Some(21421)),
        ([("AreaCode", "533")], Some(21452)),
        ([("AreaCode", "500")], None),
    ] {
        let request = by_test(reqwest::Method::POST, format!("{path}/IncomingPhoneNumbers.json"));
        let answer = stage.send(request.form(&form)).await.unwrap();
        assert_eq!(answer.code(), code, "{form:?}");
    }
}

#[tokio::test]
async fn strict_mode_takes_exact_numbers_and_known_parameters_only() {
    let stage = Stage::strict().await;
    let loose = stage.create(&[("To", "(555) 000-1111"), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!(loose.code(), Some(21211));
    let unknown = stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi"), ("Colour", "red")]).await;
    assert_eq!(unknown.code(), Some(20001));
    let lenient = Stage::new().await;
    let form = [("To", "(555) 000-1111"), ("From", OURS), ("Body", "Hi"), ("Colour", "red")];
    assert_eq!(lenient.create(&form).await.json["to"], ANN);
}
