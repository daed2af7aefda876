//! STOP, START and HELP as the provider handles them.

use serde_json::json;

use crate::receiver::{Receiver, Reply};
use crate::stage::{ANN, OURS, Stage};

const MG: &str = "MG00000000000000000000000000000001";

async fn says(stage: &Stage, to: &str, body: &str) {
    stage.phone_sends(ANN, json!({"to": to, "body": body})).await;
    stage.wind(1_000).await;
}

async fn code_of_a_text(stage: &Stage, from: &str) -> Option<u64> {
    stage.create(&[("To", ANN), ("From", from), ("Body", "Hi")]).await.code()
}

#[tokio::test]
async fn stop_blocks_confirms_and_still_reaches_the_webhook() {
    let receiver = Receiver::start().await;
    let number = json!({"phoneNumber": OURS, "smsUrl": format!("{}/sms", receiver.url)});
    let stage = Stage::with_account(json!({"numbers": [number]})).await;
    receiver.reply([Reply::Text("Sorry to see you go")]);
    says(&stage, OURS, " stop ").await;
    assert_eq!(receiver.values("Body"), [" stop "]);
    assert_eq!(receiver.got()[0].get("OptOutType"), None);
    assert_eq!(stage.inbox(ANN).await.len(), 1, "the confirmation, and not the reply");
    assert_eq!(stage.debugger().await, [21610]);
    assert_eq!(code_of_a_text(&stage, OURS).await, Some(21610));
    let other = stage.create(&[("To", "+15550002222"), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!(other.status, 201);
    says(&stage, OURS, "yes").await;
    assert_eq!(code_of_a_text(&stage, OURS).await, None);
    let opt_outs = stage.control(reqwest::Method::GET, "/opt-outs", json!(null)).await;
    assert_eq!(opt_outs.json, json!([]));
}

#[tokio::test]
async fn words_count_only_as_the_whole_message() {
    let stage = Stage::new().await;
    for (body, answers) in
        [("STOP please", 0), ("yes", 0), ("help", 1), ("Info", 1), ("UNSTOP", 1), ("cancel", 1)]
    {
        let before = stage.inbox(ANN).await.len();
        says(&stage, OURS, body).await;
        assert_eq!(stage.inbox(ANN).await.len() - before, answers, "{body}");
    }
    assert_eq!(code_of_a_text(&stage, OURS).await, Some(21610));
}

#[tokio::test]
async fn a_service_is_blocked_with_all_its_numbers() {
    let second = "+15551234568";
    let stage = Stage::with_account(json!({
        "numbers": [{"phoneNumber": OURS}, {"phoneNumber": second}, {"phoneNumber": "+15551234569"}],
        "services": [{"sid": MG, "friendlyName": "Service", "numbers": [OURS, second]}],
    }))
    .await;
    says(&stage, OURS, "STOP").await;
    let by_service = stage.create(&[("To", ANN), ("MessagingServiceSid", MG), ("Body", "Hi")]).await;
    assert_eq!(by_service.code(), Some(21610));
    assert_eq!(code_of_a_text(&stage, second).await, Some(21610));
    assert_eq!(code_of_a_text(&stage, "+15551234569").await, None);
}

#[tokio::test]
async fn advanced_opt_out_names_the_keyword_to_the_webhook() {
    let receiver = Receiver::start().await;
    let stage = Stage::with_account(json!({
        "services": [{"sid": MG, "friendlyName": "Service", "numbers": [OURS], "advancedOptOut": true,
                      "inboundRequestUrl": format!("{}/sms", receiver.url)}],
    }))
    .await;
    for body in ["STOP", "start", "HELP", "hello"] {
        says(&stage, OURS, body).await;
    }
    says(&stage, &format!("whatsapp:{OURS}"), "STOP").await;
    assert_eq!(receiver.values("OptOutType"), ["STOP", "START", "HELP", "", "STOP"]);
    let to = format!("whatsapp:{ANN}");
    let answer = stage.create(&[("To", &to), ("From", &format!("whatsapp:{OURS}")), ("Body", "Hi")]).await;
    assert_eq!(answer.code(), Some(21610));
}

#[tokio::test]
async fn a_toll_free_network_blocks_by_itself() {
    let toll_free = "+18005550100";
    let stage = Stage::with_account(json!({"numbers": [{"phoneNumber": toll_free}]})).await;
    says(&stage, toll_free, "CANCEL").await;
    assert_eq!(stage.inbox(ANN).await.len(), 0, "only STOP counts there");
    says(&stage, toll_free, "STOP").await;
    assert_eq!(stage.inbox(ANN).await.len(), 1);
    let listed = stage.get("Messages.json?To=%2B15550001111").await.json;
    assert_eq!(listed["messages"], json!([]), "the network's confirmation is no message of the account");
    let sid = stage.create(&[("To", ANN), ("From", toll_free), ("Body", "Hi")]).await.sid();
    stage.wind(1_000).await;
    let message = stage.message(&sid).await;
    assert_eq!((&message["status"], &message["error_code"]), (&json!("undelivered"), &json!(30004)));
    says(&stage, toll_free, "UNSTOP").await;
    let sid = stage.create(&[("To", ANN), ("From", toll_free), ("Body", "Hi")]).await.sid();
    stage.wind(1_000).await;
    assert_eq!(stage.message(&sid).await["status"], "delivered");
}
