//! What phones send: the webhook, and the TwiML that answers it.

use serde_json::json;

use crate::receiver::{Receiver, Reply};
use crate::stage::{ANN, OURS, Stage};

async fn stage_and_receiver() -> (Stage, Receiver) {
    let receiver = Receiver::start().await;
    let number = json!({"phoneNumber": OURS, "whatsapp": true, "smsUrl": format!("{}/sms", receiver.url)});
    (Stage::with_account(json!({"numbers": [number]})).await, receiver)
}

#[tokio::test]
async fn the_webhook_has_every_documented_parameter() {
    let (stage, receiver) = stage_and_receiver().await;
    let message = stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello & good-bye"})).await;
    let got = &receiver.got()[0];
    assert!(got.is_signed);
    let sid = message["sid"].as_str().unwrap();
    let expected = [
        ("MessageSid", sid),
        ("SmsSid", sid),
        ("SmsMessageSid", sid),
        ("AccountSid", emulator::DEFAULT_ACCOUNT),
        ("From", ANN),
        ("To", OURS),
        ("Body", "Hello & good-bye"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
        ("FromCountry", "US"),
        ("ToCountry", "US"),
        ("FromCity", ""),
        ("ToZip", ""),
    ];
    for (name, value) in expected {
        assert_eq!(got.get(name), Some(value), "{name}");
    }
    for name in ["MessagingServiceSid", "OptOutType", "ProfileName", "WaId"] {
        assert_eq!(got.get(name), None, "{name}");
    }
    let fetched = stage.message(sid).await;
    assert_eq!((&fetched["direction"], &fetched["status"]), (&json!("inbound"), &json!("received")));
}

#[tokio::test]
async fn twiml_replies_go_back_and_may_go_elsewhere() {
    let (stage, receiver) = stage_and_receiver().await;
    receiver.reply([Reply::Twiml(
        "<Response><Message action=\"/done\">Thanks</Message>\
         <Message to=\"+15550003333\"><Body>Look</Body><Media>https://example.com/a.png</Media></Message>\
         <Redirect method=\"GET\">next?step=2</Redirect><Message>never</Message></Response>",
    )]);
    receiver.reply([Reply::Text("And more")]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    stage.wind(1_000).await;
    assert_eq!(stage.inbox(ANN).await, ["Thanks", "And more"]);
    assert_eq!(stage.inbox("+15550003333").await, ["Look"]);
    let got = receiver.got();
    assert_eq!((got[1].method.as_str(), got[1].path.as_str()), ("GET", "/next"));
    assert_eq!((got[1].get("step"), got[1].get("Body")), (Some("2"), Some("Hello")));
    assert!(got.iter().any(|got| got.path == "/done" && got.get("MessageStatus") == Some("delivered")));
    let list = stage.get("Messages.json?To=%2B15550003333").await.json;
    let media = &list["messages"][0];
    assert_eq!((&media["direction"], &media["num_media"]), (&json!("outbound-reply"), &json!("1")));
    assert!(media["sid"].as_str().unwrap().starts_with("MM"));
}

#[tokio::test]
async fn ten_replies_are_sent_and_the_eleventh_is_not() {
    let (stage, receiver) = stage_and_receiver().await;
    let eleven = format!("<Response>{}</Response>", "<Message>Hi</Message>".repeat(11));
    receiver.reply([Reply::Twiml(eleven.leak())]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    stage.wind(1_000).await;
    assert_eq!(stage.inbox(ANN).await.len(), 10);
    assert_eq!(stage.debugger().await, [14109]);
}

#[tokio::test]
async fn the_sixteenth_reply_in_thirty_seconds_fails() {
    let (stage, receiver) = stage_and_receiver().await;
    receiver.reply(vec![Reply::Text("Hi"); 17]);
    for _ in 0..16 {
        stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    }
    stage.wind(31_000).await;
    assert_eq!(stage.inbox(ANN).await.len(), 15);
    let newest = &stage.get("Messages.json?To=%2B15550001111").await.json["messages"][0];
    assert_eq!((&newest["status"], &newest["error_code"]), (&json!("failed"), &json!(14107)));
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    stage.wind(1_000).await;
    assert_eq!(stage.inbox(ANN).await.len(), 16);
}

#[tokio::test]
async fn what_is_wrong_in_twiml_is_shown_in_the_debugger() {
    for (reply, code) in [
        (Reply::Twiml("<Response><Say>Hi</Say></Response>"), 14110),
        (Reply::Twiml("<Answer/>"), 12102),
        (Reply::Twiml("<Response><Message>"), 12100),
        (Reply::Twiml("<Response><Message from=\"+15558887777\">Hi</Message></Response>"), 14102),
        (Reply::Twiml("<Response><Message to=\"nobody\">Hi</Message></Response>"), 14101),
    ] {
        let (stage, receiver) = stage_and_receiver().await;
        receiver.reply([reply.clone()]);
        stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
        assert_eq!(stage.debugger().await, [code], "{reply:?}");
    }
}

#[tokio::test]
async fn redirects_of_twiml_come_to_an_end() {
    let (stage, receiver) = stage_and_receiver().await;
    receiver.reply(vec![Reply::Twiml("<Response><Redirect>/sms</Redirect></Response>"); 20]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
    assert_eq!(receiver.got().len(), 11);
    assert_eq!(stage.debugger().await, [14106]);
}

#[tokio::test]
async fn a_service_hears_for_its_numbers_unless_it_leaves_it_to_them() {
    for (on_number, path) in [(false, "/service"), (true, "/number")] {
        let receiver = Receiver::start().await;
        let stage = Stage::with_account(json!({
            "numbers": [{"phoneNumber": OURS, "smsUrl": format!("{}/number", receiver.url)}],
            "services": [{"sid": "MG00000000000000000000000000000001", "friendlyName": "Service",
                          "numbers": [OURS], "inboundRequestUrl": format!("{}/service", receiver.url),
                          "useInboundWebhookOnNumber": on_number}],
        }))
        .await;
        stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
        let got = receiver.got();
        assert_eq!(got[0].path, path);
        assert_eq!(got[0].get("MessagingServiceSid"), Some("MG00000000000000000000000000000001"));
    }
}

#[tokio::test]
async fn only_phones_write_and_only_to_numbers_that_are_owned() {
    let (stage, _receiver) = stage_and_receiver().await;
    let post = reqwest::Method::POST;
    for (phone, body, status) in [
        (OURS, json!({"to": OURS, "body": "Hi"}), 409),
        (ANN, json!({"to": "+15559990000", "body": "Hi"}), 404),
        ("nobody", json!({"to": OURS, "body": "Hi"}), 422),
        (ANN, json!({"to": OURS, "body": "x".repeat(1_601)}), 422),
        (ANN, json!({"to": OURS, "button": {"text": "Yes", "payload": "y"}}), 422),
        (ANN, json!({"to": OURS, "media": [{"contentType": "image/png"}]}), 422),
        (ANN, json!({"to": OURS, "boddy": "Hi"}), 422),
        (ANN, json!({"body": "Hi"}), 422),
    ] {
        let answer = stage.control(post.clone(), &format!("/phones/{phone}/messages"), body).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.json["detail"].is_string());
    }
}

#[tokio::test]
async fn scripted_phones_answer_by_themselves() {
    let (stage, receiver) = stage_and_receiver().await;
    let script =
        json!({"when": {"contains": "reply YES"}, "answer": {"body": "YES"}, "afterMs": 5000, "times": 1});
    let answer = stage.control(reqwest::Method::POST, &format!("/phones/{ANN}/scripts"), script).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    for _ in 0..2 {
        stage.text(ANN, "Please reply YES").await;
        stage.wind(2_000).await;
    }
    assert_eq!(receiver.got().len(), 0);
    stage.wind(10_000).await;
    assert_eq!(receiver.values("Body"), ["YES"]);
}

#[tokio::test]
async fn a_phone_may_answer_before_the_create_request_is_answered() {
    let (stage, receiver) = stage_and_receiver().await;
    let script = json!({"answer": {"body": "already"}, "moment": "beforeCreateIsAnswered", "times": 1});
    stage.control(reqwest::Method::POST, &format!("/phones/{ANN}/scripts"), script).await;
    let created = stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi")]).await;
    // No waiting in between: the webhook was answered before the create request was.
    assert_eq!(receiver.values("Body"), ["already"]);
    assert_eq!(created.json["status"], "queued");
}

#[tokio::test]
async fn it_may_do_so_where_a_service_picks_the_sender() {
    let receiver = Receiver::start().await;
    let service = "MG00000000000000000000000000000001";
    let stage = Stage::with_account(json!({
        "services": [{"sid": service, "friendlyName": "Service", "numbers": [OURS],
                      "inboundRequestUrl": format!("{}/sms", receiver.url)}],
    }))
    .await;
    let script = json!({"answer": {"body": "already"}, "moment": "beforeCreateIsAnswered"});
    stage.control(reqwest::Method::POST, &format!("/phones/{ANN}/scripts"), script).await;
    stage.create(&[("To", ANN), ("MessagingServiceSid", service), ("Body", "Hi")]).await;
    assert_eq!(receiver.values("To"), [OURS]);
}
