//! Scheduled messages.

use serde_json::json;

use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, Stage};

const MG: &str = "MG00000000000000000000000000000001";

async fn stage() -> Stage {
    Stage::with_account(json!({
        "services": [{"sid": MG, "friendlyName": "Service", "numbers": [OURS]}],
    }))
    .await
}

async fn schedule(stage: &Stage, callback: &str) -> String {
    let answer = stage
        .create(&[
            ("To", ANN),
            ("MessagingServiceSid", MG),
            ("Body", "Later"),
            ("ScheduleType", "fixed"),
            ("SendAt", "2026-03-02T14:00:00Z"),
            ("StatusCallback", callback),
        ])
        .await;
    assert_eq!((answer.status, &answer.json["status"]), (201, &json!("scheduled")));
    answer.sid()
}

#[tokio::test]
async fn it_goes_out_at_its_time_and_not_before() {
    let (stage, receiver) = (stage().await, Receiver::start().await);
    let sid = schedule(&stage, &receiver.url).await;
    stage.wind(2 * 3_600_000 - 1).await;
    assert_eq!(stage.message(&sid).await["status"], "scheduled");
    assert_eq!(receiver.got().len(), 0, "creation of a scheduled message is not called back");
    stage.wind(1_000).await;
    assert_eq!(stage.message(&sid).await["status"], "delivered");
    assert_eq!(receiver.values("MessageStatus"), ["queued", "sending", "sent", "delivered"]);
}

#[tokio::test]
async fn it_can_be_cancelled_until_then() {
    let (stage, receiver) = (stage().await, Receiver::start().await);
    let sid = schedule(&stage, &receiver.url).await;
    let path = format!("Messages/{sid}.json");
    let canceled = stage.post(&path, &[("Status", "canceled")]).await;
    assert_eq!((canceled.status, &canceled.json["status"]), (200, &json!("canceled")));
    stage.wind(3 * 3_600_000).await;
    assert_eq!(stage.message(&sid).await["status"], "canceled");
    assert_eq!(receiver.values("MessageStatus"), ["canceled"]);
    let again = stage.post(&path, &[("Status", "canceled")]).await;
    assert_eq!((again.status, again.code()), (400, Some(30409)));
    let text = stage.text(ANN, "now").await;
    let not_scheduled = stage.post(&format!("Messages/{text}.json"), &[("Status", "canceled")]).await;
    assert_eq!(not_scheduled.code(), Some(30409));
}

#[tokio::test]
async fn it_waits_for_a_later_opt_out_in_vain() {
    let stage = stage().await;
    let sid = schedule(&stage, "").await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "STOP"})).await;
    stage.wind(3 * 3_600_000).await;
    assert_eq!(stage.message(&sid).await["status"], "delivered", "a later STOP does not cancel it");
}
