//! Calls are kept as texts are, beside them and not among them.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::call::{Call, CallEvent, CallEventKind, LineEvent, Status};
use engine::id::RunId;
use engine::message::Message;
use engine::sending::{Channel, Direction, EventKind, Kind, Origin, Outbound, State};
use store::record::{Guarded, Suppression, SuppressionReason, TaskKind};
use store::{
    Birth, CallFilter, Commit, CommitError, Condition, Conflict, Insert, PageRequest, Store, Write, Writes,
};

on_both![
    a_call_comes_back_with_its_history,
    a_sid_names_one_call_of_a_credential,
    an_unknown_call_holds_its_lane_and_no_text,
    a_call_is_born_with_its_task,
    lists_and_facts_are_of_calls_alone,
];

pub(crate) fn call(n: u32) -> Call {
    serde_json::from_value(serde_json::json!({
        "id": format!("call_{n:06}"),
        "direction": Direction::Outbound,
        "credential": ACCOUNT,
        "from": SENDER,
        "to": PERSON,
        "plan": {"script": "announcement", "text": "Hi"},
        "state": State::Queued,
        "attempts": 0,
        "created_at": at(i64::from(n)),
        "updated_at": at(i64::from(n)),
    }))
    .unwrap()
}

fn in_call_state(n: u32, state: State) -> Call {
    let mut call = call(n);
    call.progress.state = state;
    call
}

pub(crate) fn born_call(value: Call, birth: Birth) -> Commit {
    Commit { calls: Writes { new: vec![Insert { value, birth }], ..Writes::default() }, ..Commit::default() }
}

fn changed_call(loaded: Guarded<Call>, change: impl FnOnce(&mut Call)) -> Commit {
    let mut value = loaded.value;
    change(&mut value);
    let changed = vec![Write { value, loaded_guard: loaded.guard }];
    Commit { calls: Writes { changed, ..Writes::default() }, ..Commit::default() }
}

async fn load(store: &Store, n: u32) -> Guarded<Call> {
    store.find::<Call>(&call(n).id).await.unwrap().unwrap()
}

async fn conflict(store: &Store, commit: Commit) -> Option<Conflict> {
    match store.commit(commit).await {
        Ok(()) => None,
        Err(CommitError::Conflict(conflict)) => Some(conflict),
        Err(CommitError::Store(error)) => panic!("{error}"),
    }
}

async fn a_call_comes_back_with_its_history(database: Database) {
    let store = database.open().await;
    let line = |kind: CallEventKind| CallEvent { of: call(1).id, at: at(0), kind };
    let mut birth = born_call(call(1), Birth::Settled);
    birth.calls.events = vec![line(EventKind::Queued.into())];
    store.commit(birth).await.unwrap();
    let loaded = load(&store, 1).await;
    assert_eq!(loaded.value, call(1));
    let stale = loaded.clone();
    let mut update = changed_call(loaded, |call| call.progress.status = Some(Status::Ringing));
    update.calls.events = vec![line(CallEventKind::Line(LineEvent::Heard))];
    store.commit(update).await.unwrap();
    let history = store.history::<Call>(&call(1).id).await.unwrap();
    assert_eq!(history, [line(EventKind::Queued.into()), line(CallEventKind::Line(LineEvent::Heard))]);
    assert_eq!(conflict(&store, changed_call(stale, |_| ())).await, Some(Conflict::Call));
}

async fn a_sid_names_one_call_of_a_credential(database: Database) {
    let store = database.open().await;
    let with_sid = |n| {
        let mut call = call(n);
        call.progress.sid = Some("CA1".into());
        call
    };
    store.commit(born_call(with_sid(1), Birth::Settled)).await.unwrap();
    let twice = conflict(&store, born_call(with_sid(2), Birth::Settled)).await;
    assert_eq!(twice, Some(Conflict::DuplicateCall));
    let found = store.find_by_sid::<Call>(ACCOUNT, "CA1").await.unwrap().unwrap();
    assert_eq!(found.value.id, call(1).id);
    assert_eq!(store.known_sids::<Call>(ACCOUNT, &["CA1".into(), "CA2".into()]).await.unwrap(), ["CA1"]);
    assert_eq!(store.known_sids::<Message>(ACCOUNT, &["CA1".into()]).await.unwrap(), [""; 0]);
}

async fn an_unknown_call_holds_its_lane_and_no_text(database: Database) {
    let store = database.open().await;
    store.commit(born_call(in_call_state(1, State::Unknown), Birth::Settled)).await.unwrap();
    let lane = call(2).lane();
    let known = |kind| Commit {
        conditions: vec![Condition::LaneKnown { kind, lane: lane.clone() }],
        new_tasks: vec![task(1, 0)],
        ..Commit::default()
    };
    assert_eq!(conflict(&store, known(Kind::Call)).await, Some(Conflict::Condition));
    assert_eq!(conflict(&store, known(Kind::Text)).await, None);
    assert_ne!(lane, message(2).lane(), "a text to the same person is another lane");
    assert!(store.dispatch_facts(&call(2)).await.unwrap().lane_unknown);
    assert!(!store.dispatch_facts(&message(2)).await.unwrap().lane_unknown);
    assert_eq!(store.lane_open::<Call>(&lane).await.unwrap().len(), 1);
}

async fn a_call_is_born_with_its_task(database: Database) {
    let store = database.open().await;
    let queued = born_call(call(1), Birth::Queued { task: task_id(1), due_at: at(9) });
    store.commit(queued).await.unwrap();
    let leased = in_call_state(2, State::Dispatching);
    let born = Birth::Dispatching { task: task_id(2), due_at: at(0), lease_ms: 60_000 };
    store.commit(born_call(leased, born)).await.unwrap();
    let tasks = store.tasks(10).await.unwrap();
    let kinds: Vec<_> = tasks.into_iter().map(|task| task.kind).collect();
    let place = |n| TaskKind::Place { call: call(n).id };
    assert_eq!(kinds, [place(2), place(1)]);
    // The lane is known again: what waits in it is due at once.
    store.commit(Commit { wake_lanes: vec![(call(1).lane(), at(1))], ..Commit::default() }).await.unwrap();
    let claimed = store.claim(at(1), 1_000, 10).await.unwrap();
    assert_eq!(claimed.into_iter().map(|claimed| claimed.task.kind).collect::<Vec<_>>(), [place(1)]);
}

async fn lists_and_facts_are_of_calls_alone(database: Database) {
    let store = database.open().await;
    let run = RunId::from_trusted("run_a");
    let origin = Some(Origin { run: run.clone(), step: 1, n: 0 });
    let mut ringing = Call { origin, ..in_call_state(1, State::Accepted) };
    ringing.progress.status = Some(Status::Ringing);
    store.commit(born_call(ringing, Birth::Settled)).await.unwrap();
    store.commit(born(message(1), Birth::Settled)).await.unwrap();
    store.commit(born_call(in_call_state(2, State::Held), Birth::Settled)).await.unwrap();
    let page = || PageRequest { before: None, limit: 10 };
    let ids = async |filter| {
        let calls: Vec<Call> = store.list(filter, page()).await.unwrap();
        calls.into_iter().map(|call| call.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(CallFilter::default()).await, ["call_000002", "call_000001"]);
    assert_eq!(ids(CallFilter { run: Some(run), ..CallFilter::default() }).await, ["call_000001"]);
    let held = CallFilter { state: Some(State::Held), ..CallFilter::default() };
    assert_eq!(ids(held).await, ["call_000002"]);
    let open = store.unfinished::<Call>(ACCOUNT, at(0), at(100), 10).await.unwrap();
    assert_eq!(open.len(), 1);
    let suppression = |channel| Suppression {
        channel,
        address: PERSON.into(),
        reason: SuppressionReason::Stop,
        since: at(3),
    };
    store.commit(Commit { suppress: vec![suppression(Channel::Sms)], ..Commit::default() }).await.unwrap();
    assert_eq!(store.dispatch_facts(&call(3)).await.unwrap().suppression, None);
    let no_calls = suppression(Channel::Voice);
    store.commit(Commit { suppress: vec![no_calls.clone()], ..Commit::default() }).await.unwrap();
    assert_eq!(store.dispatch_facts(&call(3)).await.unwrap().suppression, Some(no_calls));
}
