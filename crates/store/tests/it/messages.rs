//! Messages: histories, SIDs, lists, lanes and what must be known before one is sent.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::id::RunId;
use engine::message::*;
use store::record::{Guarded, Suppression, SuppressionReason};
use store::{Birth, Commit, CommitError, Conflict, DispatchFacts, MessageFilter, PageRequest, Store};

on_both![
    a_history_grows_with_every_commit,
    a_sid_names_one_message_of_a_credential,
    lists_are_filtered_and_paged,
    the_inbox_shows_the_latest_of_each_person,
    a_lane_shows_what_is_open,
    unfinished_messages_come_oldest_first,
    dispatch_facts_are_complete,
    the_latest_no_stands,
];

async fn put(store: &Store, message: Message) {
    store.commit(born(message, Birth::Settled)).await.unwrap();
}

async fn load(store: &Store, n: u32) -> Guarded<Message> {
    store.message(&message(n).id).await.unwrap().unwrap()
}

fn ids(messages: Vec<Message>) -> Vec<String> {
    messages.into_iter().map(|message| message.id.to_string()).collect()
}

async fn a_history_grows_with_every_commit(database: Database) {
    let store = database.open().await;
    let one = |kind| event(&message(1), kind);
    let accepted = MessageEventKind::Accepted { sid: "SM1".into(), source: SidSource::Answer };
    let reason = MessageEventKind::Unknown { reason: "a line\nand \"another\"".into() };
    let mut birth = born(message(1), Birth::Settled);
    birth.messages.events =
        vec![one(MessageEventKind::Queued), event(&message(2), MessageEventKind::Received)];
    birth.messages.new.extend(born(message(2), Birth::Settled).messages.new);
    store.commit(birth).await.unwrap();
    let mut update = changed(load(&store, 1).await, |message| message.progress.attempts = 1);
    update.messages.events = vec![one(reason.clone())];
    store.commit(update).await.unwrap();
    let mut alone = Commit::default();
    alone.messages.events = vec![one(accepted.clone())];
    store.commit(alone).await.unwrap();
    let history = store.message_events(&message(1).id).await.unwrap();
    assert_eq!(history, [one(MessageEventKind::Queued), one(reason), one(accepted)]);
    let other = store.message_events(&message(2).id).await.unwrap();
    assert_eq!(other, [event(&message(2), MessageEventKind::Received)]);
    assert_eq!(store.message_events(&message(3).id).await.unwrap(), []);
}

async fn a_sid_names_one_message_of_a_credential(database: Database) {
    let store = database.open().await;
    let with_sid = |n, credential: &str| {
        let mut message = Message { credential: credential.into(), ..message(n) };
        message.progress.sid = Some("SM1".into());
        message
    };
    put(&store, with_sid(1, ACCOUNT)).await;
    put(&store, with_sid(2, "other")).await;
    put(&store, message(3)).await;
    put(&store, message(4)).await;
    let twice = store.commit(born(with_sid(5, ACCOUNT), Birth::Settled)).await;
    assert!(matches!(twice, Err(CommitError::Conflict(Conflict::DuplicateMessage))), "{twice:?}");
    let taken = changed(load(&store, 3).await, |message| message.progress.sid = Some("SM1".into()));
    let taken = store.commit(taken).await;
    assert!(matches!(taken, Err(CommitError::Conflict(Conflict::DuplicateMessage))), "{taken:?}");
    let by_sid = async |credential: &str, sid: &str| {
        let found = store.find_by_sid::<Message>(credential, sid).await.unwrap();
        found.map(|found| found.value.id.to_string())
    };
    assert_eq!(by_sid(ACCOUNT, "SM1").await.as_deref(), Some("msg_000001"));
    assert_eq!(by_sid("other", "SM1").await.as_deref(), Some("msg_000002"));
    assert_eq!(by_sid(ACCOUNT, "SM2").await, None);
    let asked = ["SM0".into(), "SM1".into(), "SM'".into()];
    assert_eq!(store.known_sids::<Message>(ACCOUNT, &asked).await.unwrap(), ["SM1"]);
    assert_eq!(store.known_sids::<Message>(ACCOUNT, &[]).await.unwrap(), [""; 0]);
}

async fn lists_are_filtered_and_paged(database: Database) {
    let store = database.open().await;
    let origin = |run: &str| Some(Origin { run: RunId::from_trusted(run), step: 1, n: 0 });
    put(&store, Message { origin: origin("run_a"), ..in_state(1, State::Accepted) }).await;
    put(&store, Message { origin: origin("run_a"), to: "+15550100002".into(), ..message(2) }).await;
    put(&store, Message { origin: origin("run_b"), ..in_state(3, State::Held) }).await;
    let inbound = Message { direction: Direction::Inbound, ..in_state(4, State::Received) };
    put(&store, Message { from: Some(PERSON.into()), to: SENDER.into(), ..inbound }).await;
    let filter = MessageFilter::default;
    let of_run = |run| MessageFilter { run: Some(RunId::from_trusted(run)), ..filter() };
    let of_person = || MessageFilter { contact: Some(PERSON.into()), ..filter() };
    let of_state = |state| MessageFilter { state: Some(state), ..filter() };
    let cases = [
        (filter(), vec![4, 3, 2, 1]),
        (of_run("run_a"), vec![2, 1]),
        (MessageFilter { state: Some(State::Accepted), ..of_run("run_a") }, vec![1]),
        (MessageFilter { contact: Some(PERSON.into()), ..of_run("run_a") }, vec![1]),
        (MessageFilter { direction: Some(Direction::Inbound), ..of_run("run_a") }, vec![]),
        (of_person(), vec![4, 3, 1]),
        (MessageFilter { direction: Some(Direction::Outbound), ..of_person() }, vec![3, 1]),
        (MessageFilter { state: Some(State::Held), ..of_person() }, vec![3]),
        (of_state(State::Accepted), vec![1]),
        (of_state(State::Queued), vec![2]),
        (MessageFilter { direction: Some(Direction::Inbound), ..of_state(State::Held) }, vec![]),
        (MessageFilter { direction: Some(Direction::Inbound), ..filter() }, vec![4]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<String> = expected.into_iter().map(|n| message(n).id.to_string()).collect();
        let what = format!("{filter:?}");
        let found = store.list::<Message>(filter, PageRequest { before: None, limit: 10 }).await.unwrap();
        assert_eq!(ids(found), expected, "{what}");
    }
    let second = PageRequest { before: Some("msg_000003".into()), limit: 1 };
    assert_eq!(ids(store.list::<Message>(filter(), second).await.unwrap()), ["msg_000002"]);
    let nothing = PageRequest { before: None, limit: 0 };
    assert_eq!(ids(store.list::<Message>(filter(), nothing).await.unwrap()), [""; 0]);
}

async fn the_inbox_shows_the_latest_of_each_person(database: Database) {
    let store = database.open().await;
    for (n, to) in [(1, "+15550100001"), (2, "+15550100002"), (3, "+15550100001"), (4, "+15550100003")] {
        put(&store, Message { to: to.into(), ..message(n) }).await;
    }
    let inbox = async |before: Option<&str>| {
        let page = PageRequest { before: before.map(Into::into), limit: 2 };
        ids(store.inbox(page).await.unwrap())
    };
    assert_eq!(inbox(None).await, ["msg_000004", "msg_000003"]);
    assert_eq!(inbox(Some("msg_000003")).await, ["msg_000002"]);
}

async fn a_lane_shows_what_is_open(database: Database) {
    let store = database.open().await;
    let states = [State::Unknown, State::Queued, State::Dispatching, State::Accepted, State::Failed];
    for (n, state) in (1..).zip(states) {
        put(&store, in_state(n, state)).await;
    }
    put(&store, Message { to: "+15550100002".into(), ..in_state(9, State::Unknown) }).await;
    let open = store.lane_open::<Message>(&message(1).lane()).await.unwrap();
    let found: Vec<_> = open.into_iter().map(|open| (open.value.id.to_string(), open.guard)).collect();
    assert_eq!(found, [("msg_000001".to_owned(), 1), ("msg_000003".to_owned(), 1)]);
}

async fn unfinished_messages_come_oldest_first(database: Database) {
    let store = database.open().await;
    let accepted = |n, status| {
        let mut message = in_state(n, State::Accepted);
        message.progress.status = status;
        message
    };
    put(&store, Message { updated_at: at(50), ..accepted(1, Some(Status::Sent)) }).await;
    put(&store, accepted(2, None)).await;
    put(&store, accepted(3, Some(Status::Delivered))).await;
    put(&store, accepted(4, Some(Status::Queued))).await;
    put(&store, message(5)).await;
    put(&store, Message { direction: Direction::Inbound, ..in_state(6, State::Received) }).await;
    put(&store, Message { credential: "other".into(), ..accepted(7, None) }).await;
    let unfinished = async |before, limit| {
        let found = store
            .unfinished::<Message>(ACCOUNT, jiff::Timestamp::UNIX_EPOCH, at(before), limit)
            .await
            .unwrap();
        ids(found.into_iter().map(|found| found.value).collect())
    };
    assert_eq!(unfinished(100, 10).await, ["msg_000002", "msg_000004", "msg_000001"]);
    assert_eq!(unfinished(50, 10).await, ["msg_000002", "msg_000004"]);
    assert_eq!(unfinished(100, 1).await, ["msg_000002"]);
    let delivered =
        changed(load(&store, 2).await, |message| message.progress.status = Some(Status::Delivered));
    store.commit(delivered).await.unwrap();
    assert_eq!(unfinished(100, 1).await, ["msg_000004"]);
}

async fn dispatch_facts_are_complete(database: Database) {
    let store = database.open().await;
    let nothing =
        DispatchFacts { suppression: None, lane_unknown: false, free_at_ms: 0, last_inbound_at: None };
    assert_eq!(store.dispatch_facts(&message(1)).await.unwrap(), nothing);
    let service = Message { service: Some("MG1".into()), ..message(2) };
    put(&store, Message { service: Some("MG1".into()), ..in_state(3, State::Unknown) }).await;
    let suppression = Suppression {
        channel: Channel::Sms,
        address: PERSON.into(),
        reason: SuppressionReason::Provider,
        since: at(4),
    };
    let seen = |sender: &str, second| (Channel::Sms, PERSON.to_owned(), sender.to_owned(), at(second));
    store
        .commit(Commit {
            suppress: vec![suppression.clone()],
            inbound_seen: vec![seen("MG1", 30), seen("MG1", 20), seen(SENDER, 10), seen("+15550109999", 90)],
            conditions: vec![store::Condition::PaceTaken { sender: "MG1".into(), seen_ms: 0, free_at_ms: 7 }],
            ..Commit::default()
        })
        .await
        .unwrap();
    let suppression = Some(suppression);
    let facts = store.dispatch_facts(&service).await.unwrap();
    let expected = DispatchFacts {
        suppression: suppression.clone(),
        lane_unknown: true,
        free_at_ms: 7,
        last_inbound_at: Some(at(30)),
    };
    assert_eq!(facts, expected);
    let facts = store.dispatch_facts(&message(1)).await.unwrap();
    let expected =
        DispatchFacts { suppression, lane_unknown: false, free_at_ms: 0, last_inbound_at: Some(at(10)) };
    assert_eq!(facts, expected);
}

async fn the_latest_no_stands(database: Database) {
    let store = database.open().await;
    let no = |reason, second| Suppression {
        channel: Channel::WhatsApp,
        address: PERSON.into(),
        reason,
        since: at(second),
    };
    let latest = no(SuppressionReason::Stop, 2);
    let suppress = vec![latest.clone(), no(SuppressionReason::Provider, 1)];
    store.commit(Commit { suppress, ..Commit::default() }).await.unwrap();
    assert_eq!(store.suppression(Channel::WhatsApp, PERSON).await.unwrap(), Some(latest));
    assert_eq!(store.suppression(Channel::Sms, PERSON).await.unwrap(), None);
}
