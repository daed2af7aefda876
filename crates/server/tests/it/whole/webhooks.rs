//! What Twilio's webhooks may and may not do.

use super::app::{PHONE, TestApp};
use emulator::{DEFAULT_ACCOUNT, DEFAULT_NUMBER, DEFAULT_TOKEN};
use reqwest::StatusCode;
use store::record::SignatureResult;
use store::{MessageFilter, PageRequest};

const SID: &str = "SM000000000000000000000000000000aa";
const MESSAGE: &str = "/twilio/dev/message";

fn text(body: &str) -> Vec<(&str, &str)> {
    vec![
        ("MessageSid", SID),
        ("AccountSid", DEFAULT_ACCOUNT),
        ("From", PHONE),
        ("To", DEFAULT_NUMBER),
        ("Body", body),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
    ]
}

impl TestApp {
    async fn message_count(&self) -> usize {
        let page = PageRequest { before: None, limit: 100 };
        self.state.store.list::<engine::message::Message>(MessageFilter::default(), page).await.unwrap().len()
    }

    async fn last_webhook(&self) -> store::record::WebhookRecord {
        self.state.store.webhooks(None, 1).await.unwrap().remove(0)
    }
}

#[tokio::test]
async fn without_the_right_signature_nothing_happens_but_a_record() {
    let app = TestApp::start().await;
    let wrong = "00000000000000000000000000000009";
    for (token, expected) in [(None, SignatureResult::Missing), (Some(wrong), SignatureResult::Wrong)] {
        let answer = app.webhook(MESSAGE, &text("STOP"), token).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        let kept = app.last_webhook().await;
        assert_eq!((kept.signature, kept.answer_status), (expected, 403));
    }
    // Signed, and then altered on its way.
    let url = format!("{}{MESSAGE}", app.url);
    let pairs: Vec<_> = text("YES").iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let signature = twilio::signature::sign(DEFAULT_TOKEN, &url, twilio::signature::SignedBody::Form(&pairs));
    let altered = app.http.post(&url).header("X-Twilio-Signature", signature).form(&text("STOP"));
    assert_eq!(altered.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(app.message_count().await, 0);
    let suppressed = app.state.store.suppression(engine::message::Channel::Sms, PHONE).await.unwrap();
    assert_eq!(suppressed, None);
    app.finish().await;
}

#[tokio::test]
async fn strangers_are_refused_each_time_and_leave_little() {
    let app = TestApp::start().await;
    let large = "x".repeat(10_000);
    for _ in 0..50 {
        let answer = app.webhook(&format!("{MESSAGE}?note={large}"), &text(&large), None).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    let kept = app.state.store.webhooks(None, 100).await.unwrap();
    assert!((5..20).contains(&kept.len()), "{}", kept.len());
    for record in kept {
        assert_eq!((record.kind.as_str(), record.signature), ("message", SignatureResult::Missing));
        assert_eq!((record.url, record.params), (format!("{}{MESSAGE}", app.url), vec![]));
    }
    app.finish().await;
}

#[tokio::test]
async fn another_account_another_credential_and_a_body_without_sense_are_refused() {
    let app = TestApp::start_with(&[("SWITCHBOARD_LIMITS_WEBHOOK_BODY_BYTES", "16384")]).await;
    let mut other = text("hi");
    other[1].1 = "AC00000000000000000000000000000009";
    assert_eq!(app.signed_webhook(MESSAGE, &other).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        app.signed_webhook("/twilio/other/message", &text("hi")).await.status(),
        StatusCode::NOT_FOUND
    );
    let senseless = [("AccountSid", DEFAULT_ACCOUNT), ("Body", "hi")];
    assert_eq!(app.signed_webhook(MESSAGE, &senseless).await.status(), StatusCode::BAD_REQUEST);
    let large = "x".repeat(20_000);
    assert_eq!(app.signed_webhook(MESSAGE, &text(&large)).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.message_count().await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_text_is_taken_once_however_often_it_comes() {
    let app = TestApp::start().await;
    let mut bodies = Vec::new();
    for path in [MESSAGE, MESSAGE, "/twilio/dev/fallback"] {
        let answer = app.signed_webhook(path, &text("hello")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
        bodies.push(answer.text().await.unwrap());
    }
    assert!(bodies.iter().all(|body| body.ends_with("<Response/>")), "{bodies:?}");
    assert_eq!(app.message_count().await, 1);
    app.finish().await;
}

#[tokio::test]
async fn parameters_may_come_in_the_query_too() {
    let app = TestApp::start().await;
    let query =
        reqwest::Url::parse_with_params(&format!("{}{MESSAGE}", app.url), text("héllo & more")).unwrap();
    let signature =
        twilio::signature::sign(DEFAULT_TOKEN, query.as_str(), twilio::signature::SignedBody::None);
    let answer = app.http.get(query).header("X-Twilio-Signature", signature).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let kept = app.last_webhook().await;
    assert_eq!((kept.signature, kept.event.as_str()), (SignatureResult::Valid, "in the inbox"));
    app.finish().await;
}

#[tokio::test]
async fn the_token_that_comes_next_signs_already() {
    let app = TestApp::start().await;
    let next = "00000000000000000000000000000007";
    let draft = serde_json::json!({
        "kind": "twilio", "name": "dev", "accountSid": DEFAULT_ACCOUNT, "authToken": DEFAULT_TOKEN,
        "authTokenNext": next, "apiBase": app.emulator_url,
    });
    let draft: server::credentials::Draft = serde_json::from_value(draft).unwrap();
    app.state.credentials.put(&draft, app.state.host.now()).await.unwrap();
    assert_eq!(app.webhook(MESSAGE, &text("hi"), Some(next)).await.status(), StatusCode::OK);
    assert_eq!(app.signed_webhook(MESSAGE, &text("hi")).await.status(), StatusCode::OK);
    app.finish().await;
}

#[tokio::test]
async fn statuses_come_in_any_order_and_unknown_texts_are_noted() {
    let app = TestApp::start().await;
    let unknown = [("MessageSid", SID), ("MessageStatus", "delivered"), ("AccountSid", DEFAULT_ACCOUNT)];
    let answer = app.signed_webhook("/twilio/dev/status", &unknown).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(app.last_webhook().await.event, "no text of ours");
    let call = [("CallSid", "CA00000000000000000000000000000001"), ("AccountSid", DEFAULT_ACCOUNT)];
    assert_eq!(app.signed_webhook("/twilio/dev/status", &call).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(app.last_webhook().await.event, "no call of ours");
    app.finish().await;
}
