//! The commit: all or nothing, guards, conditions, and strangers in one batch.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::message::{Channel, MessageEventKind, Outbound, State};
use engine::sending::Kind;
use store::record::{Suppression, SuppressionReason};
use store::{Birth, Commit, CommitError, Condition, Conflict, FIRST_GUARD, Store};

on_both![
    a_run_comes_back_as_it_was_stored,
    a_run_is_born_once,
    who_loaded_an_old_run_loses,
    who_loaded_an_old_message_loses,
    nothing_of_a_refused_commit_is_stored,
    a_bad_commit_spoils_no_other,
    racing_writers_lose_no_write,
    a_condition_refuses_the_whole_commit,
    pace_is_taken_once,
    an_empty_commit_does_nothing,
];

async fn conflict(store: &Store, commit: Commit) -> Option<Conflict> {
    match store.commit(commit).await {
        Ok(()) => None,
        Err(CommitError::Conflict(conflict)) => Some(conflict),
        Err(CommitError::Store(error)) => panic!("{error:?}"),
    }
}

fn with_run(run: store::RunWrite) -> Commit {
    Commit { run: Some(run), ..Commit::default() }
}

async fn a_run_comes_back_as_it_was_stored(database: Database) {
    let store = database.open().await;
    store
        .commit(Commit { log: vec![entry(1, "a"), entry(1, "b")], ..with_run(new_run(run(1))) })
        .await
        .unwrap();
    let loaded = store.run(&run(1).id).await.unwrap().unwrap();
    assert_eq!((loaded.value, loaded.guard), (run(1), FIRST_GUARD));
    let mut next = run(1);
    next.steps = 2;
    store
        .commit(Commit { log: vec![entry(2, "c")], ..with_run(next_run(next.clone(), FIRST_GUARD)) })
        .await
        .unwrap();
    let loaded = store.run(&run(1).id).await.unwrap().unwrap();
    assert_eq!((loaded.value, loaded.guard), (next, FIRST_GUARD + 1));
    let log = store.run_log(&run(1).id).await.unwrap();
    assert_eq!(log, [entry(1, "a"), entry(1, "b"), entry(2, "c")]);
    assert_eq!(store.run(&run(2).id).await.unwrap(), None);
}

async fn a_run_is_born_once(database: Database) {
    let store = database.open().await;
    let keyed = |n, key: &str| with_run(store::RunWrite { dedupe_key: Some(key.into()), ..new_run(run(n)) });
    let long = "k".repeat(10_000);
    assert_eq!(conflict(&store, keyed(1, "order 7")).await, None);
    assert_eq!(conflict(&store, keyed(2, &long)).await, None);
    assert_eq!(conflict(&store, keyed(3, "order 7")).await, Some(Conflict::DuplicateRun));
    assert_eq!(conflict(&store, keyed(3, &long)).await, Some(Conflict::DuplicateRun));
    assert_eq!(conflict(&store, keyed(1, "order 8")).await, Some(Conflict::DuplicateRun));
    assert_eq!(conflict(&store, with_run(new_run(run(4)))).await, None);
    assert_eq!(conflict(&store, with_run(new_run(run(5)))).await, None);
    assert_eq!(store.run_by_dedupe_key("order 7").await.unwrap(), Some(run(1).id));
    assert_eq!(store.run_by_dedupe_key(&long).await.unwrap(), Some(run(2).id));
    assert_eq!(store.run_by_dedupe_key("order 8").await.unwrap(), None);
}

async fn who_loaded_an_old_run_loses(database: Database) {
    let store = database.open().await;
    store.commit(with_run(new_run(run(1)))).await.unwrap();
    assert_eq!(conflict(&store, with_run(next_run(run(1), FIRST_GUARD))).await, None);
    assert_eq!(conflict(&store, with_run(next_run(run(1), FIRST_GUARD))).await, Some(Conflict::Run));
    assert_eq!(conflict(&store, with_run(next_run(run(2), FIRST_GUARD))).await, Some(Conflict::Run));
}

async fn who_loaded_an_old_message_loses(database: Database) {
    let store = database.open().await;
    store.commit(born(message(1), Birth::Settled)).await.unwrap();
    let loaded = store.message(&message(1).id).await.unwrap().unwrap();
    assert_eq!((&loaded.value, loaded.guard), (&message(1), FIRST_GUARD));
    let write = || changed(loaded.clone(), |message| message.progress.attempts += 1);
    assert_eq!(conflict(&store, write()).await, None);
    assert_eq!(conflict(&store, write()).await, Some(Conflict::Message));
    assert_eq!(
        conflict(&store, born(message(1), Birth::Settled)).await,
        Some(Conflict::DuplicateMessage),
        "an id is used once"
    );
}

async fn nothing_of_a_refused_commit_is_stored(database: Database) {
    let store = database.open().await;
    store.commit(with_run(new_run(run(1)))).await.unwrap();
    let mut messages = born(message(1), Birth::Queued { task: task_id(1), due_at: at(0) }).messages;
    let stale = changed(store::record::Guarded { value: message(9), guard: 1 }, |_| ());
    messages.changed = stale.messages.changed;
    let refused = Commit {
        log: vec![entry(1, "a")],
        messages,
        new_tasks: vec![task(2, 0)],
        suppress: vec![no(PERSON)],
        cursors: vec![("inbound".into(), "SM1".into())],
        ..with_run(next_run(run(1), FIRST_GUARD))
    };
    assert_eq!(conflict(&store, refused).await, Some(Conflict::Message));
    assert_eq!(store.run(&run(1).id).await.unwrap().unwrap().guard, FIRST_GUARD);
    assert_eq!(store.run_log(&run(1).id).await.unwrap(), []);
    assert_eq!(store.message(&message(1).id).await.unwrap(), None);
    assert!(store.claim(at(100), 1_000, 10).await.unwrap().is_empty());
    assert_eq!(store.suppression(Channel::Sms, PERSON).await.unwrap(), None);
    assert_eq!(store.cursor("inbound").await.unwrap(), None);
}

/// Half of many concurrent commits are bad; each gets its own answer.
async fn a_bad_commit_spoils_no_other(database: Database) {
    let store = database.open().await;
    store.commit(with_run(new_run(run(0)))).await.unwrap();
    let commits = (0..200).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let write = if n % 2 == 0 { new_run(run(n + 1)) } else { next_run(run(0), 99) };
            let commit = Commit { log: vec![entry(1, "a")], new_tasks: vec![task(n, 0)], ..with_run(write) };
            conflict(&store, commit).await
        })
    });
    for (n, outcome) in (0..).zip(commits.collect::<Vec<_>>()) {
        let expected = (n % 2 == 1).then_some(Conflict::Run);
        assert_eq!(outcome.await.unwrap(), expected, "commit {n}");
    }
    assert_eq!(store.claim(at(0), 1_000, 500).await.unwrap().len(), 100);
}

async fn racing_writers_lose_no_write(database: Database) {
    let store = database.open().await;
    store.commit(with_run(new_run(run(1)))).await.unwrap();
    let writers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                loop {
                    let loaded = store.run(&run(1).id).await.unwrap().unwrap();
                    let mut next = loaded.value;
                    next.steps += 1;
                    if conflict(&store, with_run(next_run(next, loaded.guard))).await.is_none() {
                        break;
                    }
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let loaded = store.run(&run(1).id).await.unwrap().unwrap();
    assert_eq!((loaded.value.steps, loaded.guard), (run(1).steps + 80, FIRST_GUARD + 80));
}

fn no(address: &str) -> Suppression {
    Suppression {
        channel: Channel::Sms,
        address: address.into(),
        reason: SuppressionReason::Stop,
        since: at(3),
    }
}

async fn a_condition_refuses_the_whole_commit(database: Database) {
    let store = database.open().await;
    let mut n = 0;
    let mut under = |condition: Condition| {
        n += 1;
        Commit { conditions: vec![condition], ..with_run(new_run(run(n))) }
    };
    let not_suppressed = Condition::NotSuppressed { channel: Channel::Sms, address: PERSON.into() };
    let lane_known = Condition::LaneKnown { kind: Kind::Text, lane: message(1).lane() };
    assert_eq!(conflict(&store, under(not_suppressed.clone())).await, None);
    assert_eq!(conflict(&store, under(lane_known.clone())).await, None);

    store.commit(Commit { suppress: vec![no(PERSON)], ..Commit::default() }).await.unwrap();
    assert_eq!(conflict(&store, under(not_suppressed.clone())).await, Some(Conflict::Condition));
    assert_eq!(store.run(&run(3).id).await.unwrap(), None);
    let other = Condition::NotSuppressed { channel: Channel::WhatsApp, address: PERSON.into() };
    assert_eq!(conflict(&store, under(other)).await, None);
    let too_early = vec![(Channel::Sms, PERSON.to_owned(), at(2))];
    store.commit(Commit { unsuppress: too_early, ..Commit::default() }).await.unwrap();
    assert_eq!(conflict(&store, under(not_suppressed.clone())).await, Some(Conflict::Condition));
    let unsuppress = vec![(Channel::Sms, PERSON.to_owned(), at(1_000))];
    store.commit(Commit { unsuppress, ..Commit::default() }).await.unwrap();
    assert_eq!(conflict(&store, under(not_suppressed)).await, None);

    store.commit(born(in_state(1, State::Dispatching), Birth::Settled)).await.unwrap();
    assert_eq!(conflict(&store, under(lane_known.clone())).await, None, "dispatching is no obstacle");
    let loaded = store.message(&message(1).id).await.unwrap().unwrap();
    store.commit(changed(loaded, |message| message.progress.state = State::Unknown)).await.unwrap();
    assert_eq!(conflict(&store, under(lane_known.clone())).await, Some(Conflict::Condition));
    let loaded = store.message(&message(1).id).await.unwrap().unwrap();
    store.commit(changed(loaded, |message| message.progress.state = State::Accepted)).await.unwrap();
    assert_eq!(conflict(&store, under(lane_known)).await, None);
}

async fn pace_is_taken_once(database: Database) {
    let store = database.open().await;
    let take = |seen_ms, free_at_ms| Commit {
        conditions: vec![Condition::PaceTaken { sender: SENDER.into(), seen_ms, free_at_ms }],
        ..Commit::default()
    };
    assert_eq!(conflict(&store, take(5, 10)).await, Some(Conflict::Condition), "there is no row");
    assert_eq!(conflict(&store, take(0, 100)).await, None);
    assert_eq!(conflict(&store, take(0, 200)).await, Some(Conflict::Condition));
    assert_eq!(conflict(&store, take(100, 300)).await, None);
    assert_eq!(conflict(&store, take(100, 400)).await, Some(Conflict::Condition));
    assert_eq!(store.dispatch_facts(&message(1)).await.unwrap().free_at_ms, 300);
}

async fn an_empty_commit_does_nothing(database: Database) {
    let store = database.open().await;
    store.commit(Commit::default()).await.unwrap();
    let stray = event(&message(1), MessageEventKind::Queued);
    let mut history_of_nothing = Commit::default();
    history_of_nothing.messages.events = vec![stray];
    assert_eq!(conflict(&store, history_of_nothing).await, Some(Conflict::Message));
}
