//! WhatsApp: the 24-hour window, templates, what only it has.

use serde_json::json;

use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, Stage};

const HX: &str = "HX00000000000000000000000000000001";
const PENDING: &str = "HX00000000000000000000000000000002";

async fn stage_and_receiver() -> (Stage, Receiver) {
    let receiver = Receiver::start().await;
    let stage = Stage::with(Stage::fixture(
        json!({
            "numbers": [{"phoneNumber": OURS, "whatsapp": true, "smsUrl": format!("{}/sms", receiver.url)}],
            "contents": [
                {"sid": HX, "friendlyName": "Reminder", "body": "Hi {{1}}, see you at {{time}}.",
                 "variables": {"time": "noon"}, "buttons": [{"text": "Yes", "payload": "confirm"}]},
                {"sid": PENDING, "friendlyName": "New", "body": "Hi", "approval": "pending"},
            ],
        }),
        json!({"timings": {"readMs": 1000}, "phones": [{"number": ANN, "profileName": "Ann"}]}),
    ))
    .await;
    (stage, receiver)
}

fn ours() -> String {
    format!("whatsapp:{OURS}")
}

fn ann() -> String {
    format!("whatsapp:{ANN}")
}

async fn send(stage: &Stage, more: &[(&str, &str)]) -> serde_json::Value {
    let (to, from) = (ann(), ours());
    let sid = stage.create(&[&[("To", to.as_str()), ("From", from.as_str())], more].concat()).await.sid();
    stage.wind(5_000).await;
    stage.message(&sid).await
}

#[tokio::test]
async fn free_text_needs_a_word_from_the_user_within_a_day() {
    let (stage, _receiver) = stage_and_receiver().await;
    let early = send(&stage, &[("Body", "Hi")]).await;
    assert_eq!((&early["status"], &early["error_code"]), (&json!("failed"), &json!(63016)));
    stage.phone_sends(ANN, json!({"to": ours(), "body": "Hello"})).await;
    assert_eq!(send(&stage, &[("Body", "Hi")]).await["status"], "read");
    stage.wind(24 * 3_600_000).await;
    assert_eq!(send(&stage, &[("Body", "Hi")]).await["error_code"], 63016);
}

#[tokio::test]
async fn a_template_goes_out_at_any_time_with_its_variables_filled() {
    let (stage, _receiver) = stage_and_receiver().await;
    let message = send(&stage, &[("ContentSid", HX), ("ContentVariables", r#"{"1":"Ann"}"#)]).await;
    assert_eq!((&message["status"], &message["body"]), (&json!("read"), &json!("Hi Ann, see you at noon.")));
    let unfilled = send(&stage, &[("ContentSid", HX)]).await;
    assert_eq!(unfilled["error_code"], 63028);
    let pending = send(&stage, &[("ContentSid", PENDING)]).await;
    assert_eq!(pending["error_code"], 63016);
}

#[tokio::test]
async fn the_webhook_says_who_wrote_and_what_was_pressed() {
    let (stage, receiver) = stage_and_receiver().await;
    let template = send(&stage, &[("ContentSid", HX), ("ContentVariables", r#"{"1":"Ann"}"#)]).await;
    let sid = template["sid"].as_str().unwrap();
    let pressed = json!({"to": ours(), "body": "Yes", "button": {"text": "Yes", "payload": "confirm"}, "repliesTo": sid});
    stage.phone_sends(ANN, pressed).await;
    let place = json!({"to": ours(), "location": {"latitude": 52.5, "longitude": 13.4, "label": "Here"}});
    stage.phone_sends(ANN, place).await;
    stage
        .phone_sends(ANN, json!({"to": ours(), "body": "fwd", "forwarded": true, "profileName": "Annie"}))
        .await;
    let got = receiver.got();
    for (index, name, value) in [
        (0, "From", "whatsapp:+15550001111"),
        (0, "WaId", "15550001111"),
        (0, "ProfileName", "Ann"),
        (0, "MessageType", "button"),
        (0, "ButtonText", "Yes"),
        (0, "ButtonPayload", "confirm"),
        (0, "OriginalRepliedMessageSid", sid),
        (0, "OriginalRepliedMessageSender", "whatsapp:+15551234567"),
        (1, "MessageType", "location"),
        (1, "Latitude", "52.5"),
        (1, "Longitude", "13.4"),
        (1, "Label", "Here"),
        (2, "Forwarded", "true"),
        (2, "ProfileName", "Annie"),
    ] {
        assert_eq!(got[index].get(name), Some(value), "{name}");
    }
    assert!(got.iter().all(|got| got.is_signed && got.get("FromCity").is_none()));
    let metadata: serde_json::Value = serde_json::from_str(got[0].get("ChannelMetadata").unwrap()).unwrap();
    assert_eq!(metadata["data"]["context"]["WaId"], "15550001111");
}

#[tokio::test]
async fn callbacks_carry_the_channel() {
    let (stage, receiver) = stage_and_receiver().await;
    let callback = format!("{}/status", receiver.url);
    send(&stage, &[("Body", "Hi"), ("StatusCallback", &callback)]).await;
    let got = receiver.got();
    let failed = got.last().unwrap();
    assert_eq!(failed.get("MessageStatus"), Some("failed"));
    assert_eq!(failed.get("ErrorCode"), Some("63016"));
    assert_eq!(failed.get("ChannelPrefix"), Some("whatsapp"));
    assert_eq!(failed.get("ChannelToAddress"), Some("+1555000XXXX"));
    assert!(failed.get("ChannelStatusMessage").is_some());
}
