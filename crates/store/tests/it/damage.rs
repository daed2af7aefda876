//! What is stored is not what we stored: it is told, and nothing panics.

use crate::database::{Database, on_both, on_sqlite};
use crate::samples::*;
use store::{Birth, Commit, PageRequest, Role, RunFilter, StoreError};

on_both![
    damaged_rows_are_told,
    a_newer_schema_is_refused,
    a_database_is_opened_twice_alike,
    many_may_open_a_new_database_at_once
];

async fn damaged_rows_are_told(database: Database) {
    let store = database.open().await;
    let commit = Commit {
        run: Some(new_run(run(1))),
        log: vec![entry(1, "a")],
        new_tasks: vec![task(1, 0)],
        ..born(message(1), Birth::Settled)
    };
    store.commit(commit).await.unwrap();
    database.tamper("UPDATE runs SET data = '{\"id\": 7}', started_at = 9223372036854775807").await;
    database.tamper("UPDATE run_log SET entries = '[{}]'").await;
    database.tamper("UPDATE messages SET data = 'x', events = 'y'").await;
    database.tamper("UPDATE tasks SET data = '{\"kind\": \"from the future\"}'").await;
    let page = || PageRequest { before: None, limit: 5 };
    let outcomes = [
        ("run", store.run(&run(1).id).await.err()),
        ("run", store.runs(RunFilter::default(), page()).await.err()),
        ("run log", store.run_log(&run(1).id).await.err()),
        ("message", store.message(&message(1).id).await.err()),
        ("message", store.inbox(page()).await.err()),
        ("message history", store.message_events(&message(1).id).await.err()),
        ("task", store.claim(at(9), 1, 1).await.err()),
    ];
    for (expected, error) in outcomes {
        match error {
            Some(StoreError::Corrupt { what, .. }) => assert_eq!(what, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

async fn a_newer_schema_is_refused(database: Database) {
    database.open().await.close().await;
    database.tamper("UPDATE schema_version SET version = 4000").await;
    for role in [Role::Node, Role::Tool] {
        let refused = database.try_open(role, &[]).await.err();
        assert!(matches!(refused, Some(StoreError::TooNew { found: 4000, known: 1.. })), "{refused:?}");
    }
}

async fn a_database_is_opened_twice_alike(database: Database) {
    let store = database.open().await;
    store.commit(Commit { run: Some(new_run(run(1))), ..Commit::default() }).await.unwrap();
    store.close().await;
    let store = database.open().await;
    assert_eq!(store.run(&run(1).id).await.unwrap().unwrap().value, run(1));
    store.close().await;
}

async fn many_may_open_a_new_database_at_once(database: Database) {
    let openers = (0..6).map(|n| {
        let database = database.clone();
        tokio::spawn(async move {
            let store = database.try_open(Role::Tool, &[]).await?;
            let commit = Commit { run: Some(new_run(run(n))), ..Commit::default() };
            store.commit(commit).await.unwrap();
            store.close().await;
            Ok::<_, StoreError>(())
        })
    });
    for opener in openers.collect::<Vec<_>>() {
        opener.await.unwrap().unwrap();
    }
    let store = database.open().await;
    assert_eq!(store.runs(RunFilter::default(), PageRequest::default()).await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    on_sqlite(async |database: Database| {
        let path = database.url.strip_prefix("sqlite:").unwrap();
        std::fs::write(path, "This is a shopping list, and no database at all. ".repeat(100)).unwrap();
        let refused = database.try_open(Role::Node, &[]).await.err();
        assert!(matches!(refused, Some(StoreError::Corrupt { .. })), "{refused:?}");
        let nowhere = Database { url: format!("{}/in/no/folder", database.url) };
        let refused = nowhere.try_open(Role::Node, &[]).await.err();
        assert!(matches!(refused, Some(StoreError::Unavailable(_))), "{refused:?}");
    })
    .await;
}
