//! Webhooks, kept answers, and how both grow old.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::id::WebhookId;
use store::Commit;
use store::record::{IdempotencyRecord, SignatureResult, WebhookRecord};

on_both![
    webhooks_are_followed_in_order,
    a_request_is_answered_once,
    of_two_equal_requests_one_runs,
    what_is_old_is_pruned,
    the_database_says_that_it_can_be_written,
];

fn webhook(n: u32, second: i64) -> WebhookRecord {
    WebhookRecord {
        id: WebhookId::from_trusted(format!("whk_{n:06}")),
        received_at: at(second),
        credential: ACCOUNT.into(),
        kind: "message".into(),
        url: "https://example.com/twilio/main/message".into(),
        params: vec![("Body".into(), "a\0b".into()), ("Body".into(), "".into())],
        signature: SignatureResult::Valid,
        event: "kept".into(),
        answer_status: 200,
        answer_body: "<Response/>\0".into(),
    }
}

async fn webhooks_are_followed_in_order(database: Database) {
    let store = database.open().await;
    let before_all = "whk_";
    assert_eq!(store.webhooks(Some(before_all), 10).await.unwrap(), []);
    store.put_webhook(webhook(1, 1)).await.unwrap();
    store.commit(Commit { webhook: Some(webhook(2, 2)), ..Commit::default() }).await.unwrap();
    store.put_webhook(webhook(3, 3)).await.unwrap();
    assert_eq!(store.webhooks(Some(before_all), 2).await.unwrap(), [webhook(1, 1), webhook(2, 2)]);
    assert_eq!(store.webhooks(Some("whk_000002"), 2).await.unwrap(), [webhook(3, 3)]);
    assert_eq!(store.webhooks(None, 2).await.unwrap(), [webhook(3, 3), webhook(2, 2)]);
}

fn request(key: &str, second: i64) -> IdempotencyRecord {
    IdempotencyRecord { key: key.into(), body_hash: "body".into(), answer: None, created_at: at(second) }
}

async fn a_request_is_answered_once(database: Database) {
    let store = database.open().await;
    for key in ["token path key", &"k".repeat(9_000)] {
        assert_eq!(store.begin_idempotent(request(key, 1)).await.unwrap(), None);
        let other = IdempotencyRecord { body_hash: "other".into(), ..request(key, 2) };
        assert_eq!(store.begin_idempotent(other.clone()).await.unwrap(), Some(request(key, 1)));
        store.abandon_idempotent(key).await.unwrap();
        assert_eq!(store.begin_idempotent(other.clone()).await.unwrap(), None);
        store.finish_idempotent(key, 201, "{}").await.unwrap();
        store.abandon_idempotent(key).await.unwrap();
        let answered = IdempotencyRecord { answer: Some((201, "{}".into())), ..other };
        assert_eq!(store.begin_idempotent(request(key, 3)).await.unwrap(), Some(answered));
    }
}

async fn of_two_equal_requests_one_runs(database: Database) {
    let store = database.open().await;
    let requests = (0..8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.begin_idempotent(request("key", n)).await.unwrap().is_none() })
    });
    let mut began = 0;
    for request in requests.collect::<Vec<_>>() {
        began += u32::from(request.await.unwrap());
    }
    assert_eq!(began, 1);
}

async fn what_is_old_is_pruned(database: Database) {
    let store = database.open().await;
    for n in 0..10 {
        store.put_webhook(webhook(n, i64::from(n))).await.unwrap();
        store.begin_idempotent(request(&format!("key {n}"), i64::from(n))).await.unwrap();
    }
    assert_eq!(store.prune(at(4), at(7)).await.unwrap(), 4 + 7);
    assert_eq!(store.prune(at(4), at(7)).await.unwrap(), 0);
    let left = store.webhooks(Some(""), 100).await.unwrap();
    assert_eq!((left.len(), left[0].received_at), (6, at(4)));
    assert_eq!(store.begin_idempotent(request("key 6", 50)).await.unwrap(), None);
    assert!(store.begin_idempotent(request("key 7", 50)).await.unwrap().is_some());
}

async fn the_database_says_that_it_can_be_written(database: Database) {
    let store = database.open().await;
    store.check_writable().await.unwrap();
    store.close().await;
    assert!(store.check_writable().await.is_err());
}
