//! Lists of messages: order, filters, pages.

use serde_json::{Value, json};

use crate::stage::{ANN, OURS, Stage};

const BEN: &str = "+15550002222";

fn bodies(page: &Value) -> Vec<&str> {
    page["messages"].as_array().unwrap().iter().map(|message| message["body"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_follow_one_another_even_when_a_message_of_the_token_is_gone() {
    let stage = Stage::new().await;
    let mut sids = Vec::new();
    for number in 0..7 {
        sids.push(stage.text(ANN, &number.to_string()).await);
    }
    stage.wind(1_000).await;
    let first = stage.get("Messages.json?PageSize=3").await.json;
    assert_eq!(bodies(&first), ["6", "5", "4"]);
    assert_eq!((&first["page"], &first["start"], &first["end"]), (&json!(0), &json!(0), &json!(2)));
    assert_eq!(first["previous_page_uri"], Value::Null);
    let next = first["next_page_uri"].as_str().unwrap();
    assert!(next.ends_with(&format!("Messages.json?PageSize=3&Page=1&PageToken=PA{}", sids[4])), "{next}");
    assert_eq!(stage.delete(&format!("Messages/{}.json", sids[4])).await.status, 204);
    let second = stage.get(next).await.json;
    assert_eq!(bodies(&second), ["3", "2", "1"]);
    let third = stage.get(second["next_page_uri"].as_str().unwrap()).await.json;
    assert_eq!(bodies(&third), ["0"]);
    assert_eq!(third["next_page_uri"], Value::Null);
    let back = stage.get(third["previous_page_uri"].as_str().unwrap()).await.json;
    assert_eq!(bodies(&back), ["3", "2", "1"]);
}

#[tokio::test]
async fn filters_hold_on_every_page() {
    let stage = Stage::new().await;
    for number in 0..4 {
        stage.text(ANN, &format!("ann {number}")).await;
        stage.text(BEN, &format!("ben {number}")).await;
    }
    let path = format!("Messages.json?To={}&PageSize=2", BEN.replace('+', "%2B"));
    let first = stage.get(&path).await.json;
    assert_eq!(bodies(&first), ["ben 3", "ben 2"]);
    let next = first["next_page_uri"].as_str().unwrap();
    assert!(next.contains("To=%2B15550002222"), "{next}");
    assert_eq!(bodies(&stage.get(next).await.json), ["ben 1", "ben 0"]);
    stage.phone_sends(ANN, json!({"to": OURS, "body": "from ann"})).await;
    let from = stage.get("Messages.json?From=%2B15550001111").await.json;
    assert_eq!(bodies(&from), ["from ann"]);
}

#[tokio::test]
async fn dates_filter_by_when_a_message_was_sent() {
    let stage = Stage::new().await;
    stage.text(ANN, "monday").await;
    stage.wind(24 * 3_600_000).await;
    stage.text(ANN, "tuesday").await;
    stage.wind(1_000).await;
    stage.text(ANN, "not sent yet").await;
    for (filter, expected) in [
        ("DateSent=2026-03-02", vec!["monday"]),
        ("DateSent=2026-03-02T00:00:00Z", vec!["monday"]),
        ("DateSent%3E=2026-03-03", vec!["tuesday"]),
        ("DateSent%3C=2026-03-02", vec!["monday"]),
        ("DateSent%3E=2026-03-02&DateSent%3C=2026-03-03", vec!["tuesday", "monday"]),
        ("DateSent%3E=2026-03-03T12:00:01Z", vec![]),
        ("DateSent%3C=2026-03-02T12:00:00Z", vec!["monday"]),
        ("DateSent=2026-03-05", vec![]),
    ] {
        let page = stage.get(&format!("Messages.json?{filter}")).await.json;
        assert_eq!(bodies(&page), expected, "{filter}");
    }
    assert_eq!(bodies(&stage.get("Messages.json").await.json).len(), 3);
}

#[tokio::test]
async fn page_sizes_and_tokens_that_cannot_be_are_refused() {
    let stage = Stage::new().await;
    assert_eq!(stage.get("Messages.json?PageSize=1001").await.code(), Some(20007));
    assert_eq!(stage.get("Messages.json?PageSize=many").await.code(), Some(20422));
    assert_eq!(stage.get("Messages.json?PageToken=PAnone").await.code(), Some(20422));
    assert_eq!(stage.get("Messages.json?DateSent=yesterday").await.status, 400);
}

#[tokio::test]
async fn unknown_paths_methods_and_callers_are_refused() {
    let stage = Stage::new().await;
    let unknown = stage.get("Messages/SM00000000000000000000000000000009.json").await;
    assert_eq!((unknown.status, unknown.code()), (404, Some(20404)));
    assert_eq!(stage.get("Nothing.json").await.code(), Some(20404));
    let method = stage.send(stage.by_account(reqwest::Method::PUT, "Messages.json")).await.unwrap();
    assert_eq!((method.status, method.code()), (405, Some(20004)));
    let path = crate::stage::account_path("Messages.json");
    let wrong = stage.request(reqwest::Method::GET, &path).basic_auth(emulator::DEFAULT_ACCOUNT, Some("no"));
    let wrong = stage.send(wrong).await.unwrap();
    assert_eq!((wrong.status, wrong.code()), (401, Some(20003)));
    assert!(wrong.headers.contains_key("www-authenticate"));
    let nobody = stage.send(stage.request(reqwest::Method::GET, &path)).await.unwrap();
    assert_eq!(nobody.status, 401);
}

#[tokio::test]
async fn a_finished_message_is_redacted_and_deleted_and_an_unfinished_is_not() {
    let stage = Stage::new().await;
    let sid = stage.text(ANN, "secret").await;
    let path = format!("Messages/{sid}.json");
    assert_eq!(stage.delete(&path).await.code(), Some(20009));
    stage.wind(1_000).await;
    assert_eq!(stage.post(&path, &[("Body", "other")]).await.code(), Some(20422));
    let redacted = stage.post(&path, &[("Body", "")]).await;
    assert_eq!((redacted.status, &redacted.json["body"]), (200, &json!("")));
    assert_eq!(stage.inbox(ANN).await, ["secret"], "the phone has it all the same");
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_shall_not_be_kept_is_not_shown() {
    let stage = Stage::new().await;
    let form = [("To", ANN), ("From", OURS), ("Body", "secret")];
    let retention = [("ContentRetention", "discard"), ("AddressRetention", "obfuscate")];
    let created = stage.create(&[&form[..], &retention[..]].concat()).await;
    assert_eq!((&created.json["body"], &created.json["to"]), (&json!("secret"), &json!("+1555000XXXX")));
    stage.wind(1_000).await;
    assert_eq!(stage.message(&created.sid()).await["body"], "");
    assert_eq!(stage.inbox(ANN).await, ["secret"]);
}
