//! Workflows, senders, tokens and cursors.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::id::{SenderId, TokenId};
use engine::pacing::{CallRate, Rate};
use store::record::{Capabilities, Sender, SenderKind, StoredWorkflow, Token};
use store::{Commit, CommitError, Conflict};

on_both![
    a_changed_workflow_gets_the_next_version,
    workflows_published_at_once_get_numbers_of_their_own,
    a_retired_workflow_keeps_its_versions_and_comes_back_with_the_next,
    senders_are_replaced_by_id,
    tokens_are_found_by_hash_and_revoked_once,
    cursors_move,
];

async fn a_changed_workflow_gets_the_next_version(database: Database) {
    let store = database.open().await;
    assert_eq!(store.publish_workflow("a", "one", at(1)).await.unwrap(), 1);
    assert_eq!(store.publish_workflow("a", "one", at(2)).await.unwrap(), 1, "nothing changed");
    assert_eq!(store.publish_workflow("a", "two", at(3)).await.unwrap(), 2);
    assert_eq!(store.publish_workflow("a", "one", at(4)).await.unwrap(), 3, "back again is a change");
    assert_eq!(store.publish_workflow("b", "one", at(5)).await.unwrap(), 1);
    let workflow = |name: &str, version, source: &str, second| StoredWorkflow {
        name: name.into(),
        version,
        source: source.into(),
        published_at: at(second),
    };
    let latest = workflow("a", 3, "one", 4);
    assert_eq!(store.workflow("a", None).await.unwrap(), Some(latest.clone()));
    assert_eq!(store.workflow("a", Some(1)).await.unwrap(), Some(workflow("a", 1, "one", 1)));
    assert_eq!(store.workflow("a", Some(4)).await.unwrap(), None);
    assert_eq!(store.workflow("c", None).await.unwrap(), None);
    assert_eq!(store.workflows().await.unwrap(), [latest, workflow("b", 1, "one", 5)]);
}

async fn workflows_published_at_once_get_numbers_of_their_own(database: Database) {
    let store = database.open().await;
    let publishers = (0..6).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.publish_workflow("a", &format!("source {n}"), at(n)).await.unwrap() })
    });
    let mut versions = Vec::new();
    for publisher in publishers.collect::<Vec<_>>() {
        versions.push(publisher.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6]);
}

async fn a_retired_workflow_keeps_its_versions_and_comes_back_with_the_next(database: Database) {
    let store = database.open().await;
    assert!(!store.retire_workflow("a", at(1)).await.unwrap(), "nobody published it");
    assert_eq!(store.publish_workflow("a", "one", at(2)).await.unwrap(), 1);
    assert_eq!(store.publish_workflow("b", "one", at(2)).await.unwrap(), 1);
    assert!(store.retire_workflow("a", at(3)).await.unwrap());
    assert!(!store.retire_workflow("a", at(4)).await.unwrap(), "it was retired before");
    assert_eq!(store.workflow("a", None).await.unwrap(), None);
    assert_eq!(store.workflow("a", Some(2)).await.unwrap(), None);
    assert_eq!(store.workflow("a", Some(1)).await.unwrap().map(|first| first.source), Some("one".into()));
    let names = async || store.workflows().await.unwrap().into_iter().map(|of| of.name).collect::<Vec<_>>();
    assert_eq!(names().await, ["b"]);
    assert_eq!(store.publish_workflow("a", "one", at(5)).await.unwrap(), 3, "the same source brings it back");
    assert_eq!(names().await, ["a", "b"]);
}

fn sender(n: u32, name: &str) -> Sender {
    Sender {
        id: SenderId::from_trusted(format!("snd_{n}")),
        credential: ACCOUNT.into(),
        name: name.into(),
        address: SENDER.into(),
        kind: SenderKind::Number,
        capabilities: Capabilities { sms: true, ..Capabilities::default() },
        sid: Some("PN1".into()),
        members: vec!["+15550100009".into()],
        rate: Some(Rate { segments_per_second: 0.5 }),
        call_rate: Some(CallRate { calls_per_second: 2.0 }),
        rewrites_text: true,
        updated_at: at(1),
    }
}

async fn senders_are_replaced_by_id(database: Database) {
    let store = database.open().await;
    let put = async |senders| store.commit(Commit { senders, ..Commit::default() }).await;
    put(vec![sender(1, "main"), sender(2, "back-up")]).await.unwrap();
    assert_eq!(store.senders().await.unwrap(), [sender(2, "back-up"), sender(1, "main")]);
    put(vec![sender(1, "front")]).await.unwrap();
    assert_eq!(store.senders().await.unwrap(), [sender(2, "back-up"), sender(1, "front")]);
    let taken = put(vec![sender(3, "third"), sender(1, "back-up")]).await;
    assert!(matches!(taken, Err(CommitError::Conflict(Conflict::DuplicateName))), "{taken:?}");
    assert!(store.delete_sender("front").await.unwrap());
    assert!(!store.delete_sender("front").await.unwrap());
    assert_eq!(store.senders().await.unwrap(), [sender(2, "back-up")]);
}

async fn tokens_are_found_by_hash_and_revoked_once(database: Database) {
    let store = database.open().await;
    let token = |n: u32| Token {
        id: TokenId::from_trusted(format!("tok_{n}")),
        name: "first".into(),
        hash: format!("hash {n}"),
        scopes: vec!["admin".into(), "read".into()],
        created_at: at(1),
        revoked_at: None,
    };
    store.put_token(token(1)).await.unwrap();
    store.put_token(token(2)).await.unwrap();
    assert_eq!(store.token_by_hash("hash 2").await.unwrap(), Some(token(2)));
    assert_eq!(store.token_by_hash("hash 3").await.unwrap(), None);
    assert!(store.revoke_token(&token(1).id, at(9)).await.unwrap());
    assert!(!store.revoke_token(&token(1).id, at(10)).await.unwrap(), "it was revoked before");
    assert!(!store.revoke_token(&token(3).id, at(9)).await.unwrap());
    let revoked = Token { revoked_at: Some(at(9)), ..token(1) };
    assert_eq!(store.tokens().await.unwrap(), [revoked, token(2)]);
}

async fn cursors_move(database: Database) {
    let store = database.open().await;
    let put = async |value: &str| {
        let cursors = vec![("inbound".to_owned(), value.to_owned())];
        store.commit(Commit { cursors, ..Commit::default() }).await.unwrap();
    };
    assert_eq!(store.cursor("inbound").await.unwrap(), None);
    put("SM1").await;
    put("SM2").await;
    assert_eq!(store.cursor("inbound").await.unwrap().as_deref(), Some("SM2"));
}
