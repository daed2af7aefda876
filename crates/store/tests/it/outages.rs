//! The database goes away for a while: callers are told so, and afterwards all is well.

use crate::database::{Database, on_both, on_sqlite};
use crate::samples::*;
use store::{Commit, CommitError, Role, StoreError};

on_both![a_locked_database_is_unavailable_and_recovers, a_closed_store_is_unavailable];

fn birth(n: u32) -> Commit {
    Commit { run: Some(new_run(run(n))), new_tasks: vec![task(n, 0)], ..Commit::default() }
}

async fn a_locked_database_is_unavailable_and_recovers(database: Database) {
    let store = database.open().await;
    store.commit(birth(1)).await.unwrap();
    let lock = database.lock().await;
    let commits = (2..6).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.commit(birth(n)).await })
    });
    for commit in commits.collect::<Vec<_>>() {
        let outcome = commit.await.unwrap();
        assert!(matches!(outcome, Err(CommitError::Store(StoreError::Unavailable(_)))), "{outcome:?}");
    }
    let claimed = store.claim(at(0), 1_000, 10).await;
    assert!(matches!(claimed, Err(StoreError::Unavailable(_))), "{claimed:?}");
    assert!(matches!(store.check_writable().await, Err(StoreError::Unavailable(_))));
    lock.release().await;
    store.check_writable().await.unwrap();
    for n in 2..6 {
        assert_eq!(store.run(&run(n).id).await.unwrap(), None, "it was reported as not stored");
        store.commit(birth(n)).await.unwrap();
    }
    assert_eq!(store.claim(at(0), 1_000, 10).await.unwrap().len(), 5);
}

async fn a_closed_store_is_unavailable(database: Database) {
    let store = database.open().await;
    let waiting = (0..50).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.commit(birth(n)).await.is_ok() })
    });
    let waiting: Vec<_> = waiting.collect();
    store.close().await;
    let mut stored = 0;
    for commit in waiting {
        stored += u64::from(commit.await.unwrap());
    }
    store.close().await;
    let outcome = store.commit(birth(99)).await;
    assert!(matches!(outcome, Err(CommitError::Store(StoreError::Unavailable(_)))), "{outcome:?}");
    assert!(matches!(store.run(&run(0).id).await, Err(StoreError::Unavailable(_))));
    let store = database.open().await;
    assert_eq!(
        store.count_tasks().await.unwrap()[0],
        ("queued".into(), stored),
        "what was acknowledged is there"
    );
}

#[tokio::test]
async fn a_file_has_one_node_and_any_tools() {
    on_sqlite(async |database: Database| {
        let store = database.open().await;
        let second = database.try_open(Role::Node, &[]).await.err();
        assert!(matches!(second, Some(StoreError::InUse { .. })), "{second:?}");
        let tool = database.try_open(Role::Tool, &[]).await.unwrap();
        tool.commit(birth(1)).await.unwrap();
        assert!(store.run(&run(1).id).await.unwrap().is_some());
        tool.close().await;
        store.close().await;
        database.open().await.close().await;
    })
    .await;
}
