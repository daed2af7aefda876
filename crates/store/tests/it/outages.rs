//! The database goes away for a while: callers are told so, and afterwards all is well.

use crate::database::{Database, end_connections, on_both, on_postgres, on_sqlite};
use crate::samples::*;
use store::{Commit, CommitError, PageRequest, Role, RunFilter, StoreError};

on_both![
    a_locked_database_is_unavailable_and_recovers,
    a_closed_store_is_unavailable,
    a_caller_who_gives_up_leaves_nothing_half_done,
];

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

async fn a_caller_who_gives_up_leaves_nothing_half_done(database: Database) {
    let store = database.open().await;
    for n in 0..100 {
        let commit = tokio::spawn({
            let store = store.clone();
            async move { store.commit(birth(n)).await }
        });
        // From before the first statement is sent until after the last one is answered.
        for _ in 0..n * n / 8 {
            tokio::task::yield_now().await;
        }
        commit.abort();
    }
    for n in 200..210 {
        store.commit(birth(n)).await.unwrap();
    }
    store.close().await;
    let store = database.open().await;
    let claimed = store.claim(at(0), 60_000, 1_000).await.unwrap();
    let tasks: Vec<String> = claimed
        .into_iter()
        .map(|claimed| claimed.task.id.as_str().trim_start_matches("tsk_").into())
        .collect();
    let page = PageRequest { before: None, limit: 1_000 };
    let mut runs: Vec<String> = store
        .runs(RunFilter::default(), page)
        .await
        .unwrap()
        .into_iter()
        .map(|run| run.id.as_str().trim_start_matches("run_").into())
        .collect();
    runs.reverse();
    assert_eq!(runs, tasks);
    assert!(runs.len() >= 10);
}

#[tokio::test]
async fn ended_connections_are_replaced() {
    on_postgres(async |database: Database| {
        let store = database.open().await;
        store.commit(birth(0)).await.unwrap();
        end_connections(&database).await;
        let mut failures = 0;
        while let Err(error) = store.commit(birth(1)).await {
            assert!(matches!(error, CommitError::Store(StoreError::Unavailable(_))), "{error:?}");
            failures += 1;
            assert!(failures <= 4, "there were no more connections than this");
        }
        assert!(store.run(&run(0).id).await.unwrap().is_some());
        assert!(store.run(&run(1).id).await.unwrap().is_some());
    })
    .await;
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
