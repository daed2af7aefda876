use super::*;
use bytes::Bytes;
use engine::message::{Content, ContentTemplate, Media, Receipt, State, Status};
use http::StatusCode;
use serde_json::json;
use std::time::Duration;

const SID: &str = "AC00000000000000000000000000000001";

fn message(content: Content) -> Message {
    Message {
        id: engine::id::MessageId::from_trusted("msg_1"),
        direction: engine::message::Direction::Outbound,
        channel: Channel::Sms,
        credential: "main".into(),
        from: Some("+15551234567".into()),
        service: None,
        to: "+15557654321".into(),
        content,
        goes_as: None,
        class: engine::sending::MessageClass::default(),
        origin: None,
        conversation: None,
        progress: engine::sending::Progress::new(State::Dispatching),
        receipt: Receipt::default(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        updated_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn end(result: Result<Answer, CallError>, message: &Message) -> SendEnd {
    super::end(result, |body| crate::outbound::resource::created(body, message))
}

fn text(body: &str) -> Content {
    Content { body: Some(body.into()), ..Content::default() }
}

fn form_of(message: &Message, credential: &TwilioCredential) -> Vec<(String, String)> {
    twilio::form::decode(create_form(message, credential, "https://example.com").as_bytes()).unwrap()
}

#[test]
fn each_kind_of_text_has_its_form() {
    let credential = crate::credentials::opened_for_tests();
    let callback = "https://example.com/twilio/main/status/msg_1#rc=5&rp=ct,rt,5xx&tt=15000";
    let service = "MG00000000000000000000000000000001";
    let template = ContentTemplate {
        sid: "HX00000000000000000000000000000001".into(),
        variables: [("1".to_owned(), "Ann".to_owned())].into_iter().collect(),
    };
    let place = Location {
        latitude: 52.5,
        longitude: -13.25,
        label: Some("Office".into()),
        address: Some("Main St 1".into()),
    };
    let whatsapp = |content| Message { channel: Channel::WhatsApp, ..message(content) };
    let media = vec![Media { url: "https://example.com/a.png".into(), content_type: None }];
    for (message, expected) in [
        (
            message(text("Olá & adeus")),
            vec![("To", "+15557654321"), ("From", "+15551234567"), ("Body", "Olá & adeus")],
        ),
        (
            Message { service: Some(service.into()), from: None, ..message(Content { media, ..text("hi") }) },
            vec![
                ("To", "+15557654321"),
                ("MessagingServiceSid", service),
                ("Body", "hi"),
                ("MediaUrl", "https://example.com/a.png"),
            ],
        ),
        (
            whatsapp(Content { template: Some(template.clone()), ..Content::default() }),
            vec![
                ("To", "whatsapp:+15557654321"),
                ("From", "whatsapp:+15551234567"),
                ("ContentSid", template.sid.as_str()),
                ("ContentVariables", r#"{"1":"Ann"}"#),
            ],
        ),
        (
            whatsapp(Content { location: Some(place), ..Content::default() }),
            vec![
                ("To", "whatsapp:+15557654321"),
                ("From", "whatsapp:+15551234567"),
                ("PersistentAction", "geo:52.5,-13.25|Main St 1"),
                ("Body", "Office"),
            ],
        ),
    ] {
        let mut expected: Vec<_> = expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        expected.push(("StatusCallback".to_owned(), callback.to_owned()));
        assert_eq!(form_of(&message, &credential), expected);
    }
}

#[test]
fn test_credentials_ask_for_no_callback() {
    let mut credential = crate::credentials::opened_for_tests();
    credential.test = true;
    let form = form_of(&message(text("hi")), &credential);
    assert_eq!(twilio::form::get(&form, "StatusCallback"), None);
}

fn answer(status: u16, body: &str) -> Result<Answer, CallError> {
    Ok(Answer {
        status: StatusCode::from_u16(status).unwrap(),
        retry_after: Some(Duration::from_secs(3)),
        date: None,
        body: Bytes::from(body.to_owned()),
    })
}

#[test]
fn what_the_end_of_a_request_proves() {
    let hi = message(text("hi"));
    let sid = format!("SM{}", "0".repeat(32));
    let created = json!({
        "sid": sid, "account_sid": SID, "status": "queued", "direction": "outbound-api", "body": "hi",
        "from": "+15551234567", "to": "+15557654321", "num_segments": "1", "num_media": "0",
        "date_created": "Mon, 23 Nov 2026 07:30:00 +0000", "price": null,
    });
    let SendEnd::Accepted(report) = end(answer(201, &created.to_string()), &hi) else {
        panic!("not accepted")
    };
    assert_eq!((report.sid.as_str(), report.status), (sid.as_str(), Some(Status::Queued)));
    assert_eq!((report.receipt.num_segments.as_deref(), report.receipt.body), (Some("1"), None));

    let rewritten = created.to_string().replace("\"body\":\"hi\"", "\"body\":\"Trial - hi\"");
    let SendEnd::Accepted(report) = end(answer(201, &rewritten), &hi) else { panic!("not accepted") };
    assert_eq!(report.receipt.body.as_deref(), Some("Trial - hi"));

    let SendEnd::Accepted(report) = end(answer(201, &json!({ "sid": sid }).to_string()), &hi) else {
        panic!("a SID proves that it exists")
    };
    assert_eq!(report.sid, sid);

    let refusal = r#"{"code":21211,"message":"Invalid 'To'","more_info":"","status":400}"#;
    let SendEnd::Refused(refusal) = end(answer(400, refusal), &hi) else { panic!("not refused") };
    assert_eq!((refusal.code, refusal.retry_after), (Some(21211), Some(Duration::from_secs(3))));

    for (status, body) in [
        (500, r#"{"code":20500,"message":"Internal","status":500}"#),
        (503, ""),
        (201, "<html>"),
        (201, "{}"),
        (302, ""),
        (404, "<html>not the API</html>"),
    ] {
        assert!(matches!(end(answer(status, body), &hi), SendEnd::Unknown { .. }), "{status} {body}");
    }
    let broken = || CallError::Broken("reset".into());
    assert_eq!(end(Err(broken()), &hi), SendEnd::Unknown { reason: "reset".into() });
    let not_connected = CallError::NotConnected("refused".into());
    assert_eq!(end(Err(not_connected), &hi), SendEnd::NotConnected { reason: "refused".into() });
}
