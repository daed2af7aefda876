//! `senders sync`: what the provider has becomes what workflows may name.

use super::app::{PHONE, TestApp};
use emulator::{DEFAULT_NUMBER, Fixture, ServiceFixture};
use engine::id::RunId;
use reqwest::StatusCode;
use serde_json::json;
use server::outbound::senders::{SenderChange, apply, plan};
use store::record::SenderKind;

fn with_service() -> Fixture {
    let mut fixture = Fixture::default();
    fixture.accounts[0].services.push(ServiceFixture {
        friendly_name: "Front desk".into(),
        numbers: vec![DEFAULT_NUMBER.into()],
        ..ServiceFixture::default()
    });
    fixture
}

#[tokio::test]
async fn a_plan_that_was_applied_leaves_nothing_to_do() {
    let app = TestApp::start_in(&[], with_service()).await;
    let (carrier, host) = (&app.state.carrier, &app.state.host);
    assert!(plan(carrier, host, "dev").await.unwrap().is_empty(), "dev applies it at its start");

    let senders = app.state.store.senders().await.unwrap();
    let service = senders.iter().find(|sender| sender.kind == SenderKind::Service).unwrap();
    assert_eq!(
        (service.name.as_str(), service.members.as_slice()),
        ("Front desk", &[DEFAULT_NUMBER.to_owned()][..])
    );

    app.state.store.delete_sender("Front desk").await.unwrap();
    let again = plan(carrier, host, "dev").await.unwrap();
    assert!(again.webhooks.is_empty());
    let new: Vec<_> =
        again.senders.iter().filter(|change| matches!(change, SenderChange::New { .. })).collect();
    assert_eq!(new.len(), 1, "{new:?}");
    apply(carrier, host, &again).await.unwrap();
    assert!(plan(carrier, host, "dev").await.unwrap().is_empty());
    app.finish().await;
}

#[tokio::test]
async fn an_answer_to_a_number_of_the_service_is_an_answer_to_the_service() {
    let app = TestApp::start_in(&[], with_service()).await;
    let workflow = r#"
name: desk
trigger: {type: webhook, path: desk}
input: {to: {type: string}}
from: Front desk
blocks:
  - {id: ask, type: twilio, messageType: sms, to: "{{to}}", message: "Shall we call you?"}
  - {id: answer, type: waitForReply, timeout: 1h}
  - {id: done, type: end, result: {answer: "{{SMS reply}}"}}
"#;
    app.publish("desk", workflow).await;
    let (status, body) = app.hook("desk", &json!({ "to": PHONE })).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{body}");
    let run = RunId::parse(body["run"].as_str().unwrap()).unwrap();
    app.inbox_of(1).await;
    app.phone_says("please do").await;
    assert_eq!(app.ended(&run).await.result, Some(json!({ "answer": "please do" })));
    app.finish().await;
}
