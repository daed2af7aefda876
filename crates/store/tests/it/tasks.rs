//! Tasks: who holds one, until when, and in which order they are handed out.

use crate::database::{Database, on_both, on_sqlite};
use crate::samples::*;
use engine::id::ConversationId;
use engine::message::{Outbound, State};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use store::record::{Held, Task, TaskKind};
use store::{Birth, Claimed, Commit, NextDue, Role, Store};

on_both![
    the_longest_due_comes_first,
    two_claimers_never_share_a_task,
    a_lease_that_ran_out_is_taken_over,
    a_lease_never_ends_before_its_holder_lets_go,
    a_lease_is_renewed_by_whoever_holds_it,
    a_message_is_born_with_its_task,
    a_requeued_task_waits_again,
    a_known_lane_wakes_its_messages,
    a_task_put_again_is_replaced,
    an_ensured_task_is_there_once,
    the_next_due_time_is_known,
    a_task_comes_back_as_it_was_stored,
    tasks_are_counted_by_kind,
];

async fn claim(store: &Store, second: i64) -> Vec<String> {
    names(store.claim(at(second), 60_000, 100).await.unwrap())
}

fn names(claimed: Vec<Claimed>) -> Vec<String> {
    claimed.into_iter().map(|claimed| claimed.task.id.to_string()).collect()
}

async fn the_longest_due_comes_first(database: Database) {
    let store = database.open().await;
    store.commit(tasks(vec![task(1, 30), task(2, 10), task(3, 20), task(4, 41)])).await.unwrap();
    assert_eq!(names(store.claim(at(40), 60_000, 2).await.unwrap()), ["tsk_000002", "tsk_000003"]);
    assert_eq!(claim(&store, 40).await, ["tsk_000001"]);
    assert_eq!(claim(&store, 40).await, [""; 0]);
    assert_eq!(claim(&store, 41).await, ["tsk_000004"]);
}

async fn a_lease_is_renewed_by_whoever_holds_it(database: Database) {
    let store = database.open().await;
    store.commit(tasks(vec![task(1, 0)])).await.unwrap();
    let held = store.claim(at(1), 0, 1).await.unwrap().remove(0).task.held();
    let until = store.renew(&held, 60_000).await.unwrap().unwrap();
    assert!(until > Instant::now() + Duration::from_secs(50));
    assert_eq!(claim(&store, 1).await, [""; 0], "its lease would have run out");
    assert!(store.renew(&held, 0).await.unwrap().is_some());
    let other = store.claim(at(1), 60_000, 1).await.unwrap().remove(0).task.held();
    assert_eq!(store.renew(&held, 60_000).await.unwrap(), None, "somebody else claimed it");
    store.commit(Commit { requeue_tasks: vec![(other.clone(), at(5))], ..Commit::default() }).await.unwrap();
    assert_eq!(store.renew(&other, 60_000).await.unwrap(), None, "it was given back");
    store.commit(Commit { end_tasks: vec![other.task.clone()], ..Commit::default() }).await.unwrap();
    assert_eq!(store.renew(&other, 60_000).await.unwrap(), None, "it is done");
}

async fn tasks_are_counted_by_kind(database: Database) {
    let store = database.open().await;
    let prune = |n: u32, second: i64| Task { kind: TaskKind::Prune, ..task(n, second) };
    let pass = TaskKind::Reconcile { credential: "main".into() };
    let pass = |n: u32, second: i64| Task { kind: pass.clone(), ..task(n, second) };
    let all = vec![pass(1, 10), pass(2, 99), prune(3, 15), prune(4, 20), prune(5, 99)];
    store.commit(tasks(all)).await.unwrap();
    assert_eq!(claim(&store, 12).await, ["tsk_000001"]);
    let counts = store.count_tasks_by_kind(at(30)).await.unwrap();
    let numbers = counts.iter().map(|count| (count.kind, count.waiting, count.due, count.leased));
    let expected = [
        ("send", 0, 0, 0),
        ("place", 0, 0, 0),
        ("timer", 0, 0, 0),
        ("reconcile", 1, 0, 1),
        ("deliver", 0, 0, 0),
        ("begin_conversation", 0, 0, 0),
        ("conversation_timer", 0, 0, 0),
        ("end_conversation", 0, 0, 0),
        ("gather", 0, 0, 0),
        ("prune", 1, 2, 0),
    ];
    assert_eq!(numbers.collect::<Vec<_>>(), expected);
}

async fn two_claimers_never_share_a_task(database: Database) {
    let store = database.open().await;
    store.commit(tasks((0..300).map(|n| task(n, i64::from(n % 7))).collect())).await.unwrap();
    let claimers = (0..6).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = names(store.claim(at(10), 60_000, 7).await.unwrap());
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed);
            }
        })
    });
    let mut all = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        all.extend(claimer.await.unwrap());
    }
    // On PostgreSQL a claimer may find nothing while others hold locks; nothing may be left, though.
    all.extend(claim(&store, 10).await);
    let distinct: HashSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (300, 300));
}

async fn a_lease_that_ran_out_is_taken_over(database: Database) {
    let store = database.open().await;
    store.commit(tasks(vec![task(1, 0)])).await.unwrap();
    let before = Instant::now();
    let first = store.claim(at(0), 300, 1).await.unwrap().remove(0);
    assert_eq!(first.task.attempts, 0);
    assert!(first.held_until >= before + Duration::from_millis(300));
    assert!(first.held_until <= Instant::now() + Duration::from_millis(300));
    let second = loop {
        let asked = Instant::now();
        if let Some(claimed) = store.claim(at(0), 300, 1).await.unwrap().pop() {
            assert!(Instant::now() >= first.held_until, "taken from its holder");
            assert!(claimed.held_until >= asked + Duration::from_millis(300));
            break claimed;
        }
    };
    assert_eq!((second.task.id, second.task.attempts), (first.task.id, 1));
}

/// The database counts whole milliseconds, and whoever holds a task less coarsely.
async fn a_lease_never_ends_before_its_holder_lets_go(database: Database) {
    const LEASE_MS: i64 = 4;
    let store = database.open().await;
    store.commit(tasks(vec![task(1, 0)])).await.unwrap();
    let mut held_until = store.claim(at(0), LEASE_MS, 1).await.unwrap().remove(0).held_until;
    for round in 0..100 {
        loop {
            let claimed = store.claim(at(0), LEASE_MS, 1).await.unwrap().pop();
            if let Some(claimed) = claimed {
                assert!(Instant::now() >= held_until, "taken from its holder in round {round}");
                held_until = claimed.held_until;
                break;
            }
        }
    }
}

async fn a_message_is_born_with_its_task(database: Database) {
    let store = database.open().await;
    store.commit(born(message(1), Birth::Queued { task: task_id(1), due_at: at(5) })).await.unwrap();
    let leased = Birth::Dispatching { task: task_id(2), due_at: at(5), lease_ms: 60_000 };
    store.commit(born(in_state(2, State::Dispatching), leased)).await.unwrap();
    store.commit(born(in_state(3, State::Received), Birth::Settled)).await.unwrap();
    let claimed = store.claim(at(5), 60_000, 10).await.unwrap();
    let expected = TaskKind::Send { message: message(1).id };
    let kinds: Vec<_> =
        claimed.into_iter().map(|claimed| (claimed.task.kind, claimed.task.attempts)).collect();
    assert_eq!(kinds, [(expected, 0)]);
    assert_eq!(store.count_tasks().await.unwrap(), [("queued".into(), 0), ("leased".into(), 2)]);

    let soon_over = Birth::Dispatching { task: task_id(4), due_at: at(5), lease_ms: 0 };
    store.commit(born(in_state(4, State::Dispatching), soon_over)).await.unwrap();
    let claimed = store.claim(at(0), 60_000, 10).await.unwrap();
    assert_eq!(claimed.len(), 1, "somebody was at it, so it does not wait for its time");
    assert_eq!(claimed[0].task.attempts, 1);
    let end_tasks = (1..=9).map(task_id).collect();
    store.commit(Commit { end_tasks, ..Commit::default() }).await.unwrap();
    assert_eq!(store.count_tasks().await.unwrap(), [("queued".into(), 0), ("leased".into(), 0)]);
}

async fn a_requeued_task_waits_again(database: Database) {
    let store = database.open().await;
    store.commit(tasks(vec![task(1, 0)])).await.unwrap();
    assert_eq!(claim(&store, 0).await, ["tsk_000001"]);
    let held = |n, claim| Held { task: task_id(n), claim };
    let too_late = vec![(held(1, 2), at(9))];
    store
        .commit(Commit { requeue_tasks: too_late, end_held: vec![held(1, 2)], ..Commit::default() })
        .await
        .unwrap();
    let requeue_tasks = vec![(held(1, 1), at(7)), (held(2, 1), at(7))];
    store.commit(Commit { requeue_tasks, ..Commit::default() }).await.unwrap();
    assert_eq!(claim(&store, 6).await, [""; 0]);
    let claimed = store.claim(at(7), 60_000, 10).await.unwrap();
    assert_eq!((claimed.len(), claimed[0].task.attempts, claimed[0].task.due_at), (1, 1, at(7)));
}

async fn a_known_lane_wakes_its_messages(database: Database) {
    let store = database.open().await;
    let queued = |n, due| Birth::Queued { task: task_id(n), due_at: at(due) };
    store.commit(born(message(1), queued(1, 100))).await.unwrap();
    store.commit(born(message(2), queued(2, 3))).await.unwrap();
    let mut elsewhere = message(3);
    elsewhere.to = "+15550100002".into();
    store.commit(born(elsewhere, queued(3, 100))).await.unwrap();
    store.commit(born(message(4), Birth::Settled)).await.unwrap();
    let again = Task { kind: TaskKind::Send { message: message(4).id }, ..task(4, 100) };
    store.commit(tasks(vec![again, task(5, 100)])).await.unwrap();
    let wake_lanes = vec![(message(1).lane(), at(10))];
    store.commit(Commit { wake_lanes, ..Commit::default() }).await.unwrap();
    assert_eq!(claim(&store, 9).await, ["tsk_000002"], "nothing becomes due later");
    assert_eq!(claim(&store, 10).await, ["tsk_000001", "tsk_000004"]);
}

async fn a_task_put_again_is_replaced(database: Database) {
    let store = database.open().await;
    store.commit(tasks(vec![task(1, 5)])).await.unwrap();
    store.commit(tasks(vec![task(1, 50)])).await.unwrap();
    assert_eq!(claim(&store, 49).await, [""; 0]);
    assert_eq!(claim(&store, 50).await, ["tsk_000001"]);
}

async fn an_ensured_task_is_there_once(database: Database) {
    let store = database.open().await;
    store.ensure_task(task(1, 5)).await.unwrap();
    store.ensure_task(task(1, 50)).await.unwrap();
    assert_eq!(claim(&store, 5).await, ["tsk_000001"]);
    store.ensure_task(task(1, 5)).await.unwrap();
    assert_eq!(claim(&store, 5).await, [""; 0], "its lease stands");
}

async fn the_next_due_time_is_known(database: Database) {
    let store = database.open().await;
    assert_eq!(store.next_due().await.unwrap(), NextDue::default());
    store.commit(tasks(vec![task(1, 5), task(2, 9)])).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), NextDue { due_at: Some(at(5)), lease_ends_in_ms: None });
    store.claim(at(5), 60_000, 1).await.unwrap();
    let next = store.next_due().await.unwrap();
    assert_eq!(next.due_at, Some(at(9)));
    let ends_in = next.lease_ends_in_ms.unwrap();
    assert!((1..=60_000).contains(&ends_in), "{ends_in}");
    store.claim(at(9), 0, 1).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), NextDue { due_at: None, lease_ends_in_ms: Some(0) });
}

async fn a_task_comes_back_as_it_was_stored(database: Database) {
    use engine::effect::{TimerKey, TimerPurpose};
    use engine::event::Event;
    let store = database.open().await;
    let key = TimerKey { step: 3, purpose: TimerPurpose::Wait };
    let event = Box::new(Event::RunCanceled { by: "a person".into() });
    let kinds = [
        TaskKind::Send { message: message(1).id },
        TaskKind::Timer { run: run(1).id, key },
        TaskKind::Reconcile { credential: ACCOUNT.into() },
        TaskKind::Deliver { run: run(1).id, event },
        TaskKind::Gather { conversation: ConversationId::from_trusted("conv_1") },
        TaskKind::Prune,
    ];
    let stored: Vec<Task> =
        (0..).zip(kinds).map(|(n, kind)| Task { kind, attempts: n, ..task(n, 5) }).collect();
    store.commit(tasks(stored.clone())).await.unwrap();
    let claimed: Vec<Task> =
        store.claim(at(5), 1_000, 10).await.unwrap().into_iter().map(|claimed| claimed.task).collect();
    assert_eq!(claimed, stored);
}

#[tokio::test]
async fn who_opens_a_file_takes_over_all_leases_at_once() {
    on_sqlite(async |database: Database| {
        let store = database.open().await;
        store.commit(tasks(vec![task(1, 0), task(2, 0)])).await.unwrap();
        assert_eq!(claim(&store, 0).await.len(), 2);
        let tool = database.try_open(Role::Tool, &[]).await.unwrap();
        assert_eq!(store.count_tasks().await.unwrap()[1], ("leased".into(), 2), "a tool takes over nothing");
        tool.close().await;
        store.close().await;
        for _ in 0..3 {
            let store = database.open().await;
            assert_eq!(claim(&store, 0).await, ["tsk_000001", "tsk_000002"]);
            assert_eq!(claim(&store, 0).await, [""; 0]);
            store.close().await;
        }
    })
    .await;
}
