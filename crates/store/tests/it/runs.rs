//! Lists of runs, their logs and their routes for replies.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::message::Channel;
use engine::run::{Cause, ReplyRoute, Run, RunStatus};
use store::{Commit, FIRST_GUARD, PageRequest, RunFilter, RunWrite, Store};

on_both![runs_are_listed_newest_first, lists_are_filtered, routes_live_as_long_as_their_run];

async fn put(store: &Store, write: RunWrite) {
    store.commit(Commit { run: Some(write), ..Commit::default() }).await.unwrap();
}

async fn listed(store: &Store, filter: RunFilter, page: PageRequest) -> Vec<String> {
    store.runs(filter, page).await.unwrap().into_iter().map(|run| run.id.to_string()).collect()
}

async fn runs_are_listed_newest_first(database: Database) {
    let store = database.open().await;
    for n in 1..=5 {
        put(&store, new_run(run(n))).await;
    }
    let page = |before: Option<&str>| PageRequest { before: before.map(Into::into), limit: 2 };
    let all = RunFilter::default;
    assert_eq!(listed(&store, all(), page(None)).await, ["run_000005", "run_000004"]);
    assert_eq!(listed(&store, all(), page(Some("run_000004"))).await, ["run_000003", "run_000002"]);
    assert_eq!(listed(&store, all(), page(Some("run_000002"))).await, ["run_000001"]);
    assert_eq!(listed(&store, all(), page(Some("run_000001"))).await, [""; 0]);
    let next = Commit { log: vec![entry(77, "a")], ..Commit::default() };
    store.commit(Commit { run: Some(next_run(run(5), FIRST_GUARD)), ..next }).await.unwrap();
    let summary = store.runs(all(), page(None)).await.unwrap().remove(0);
    assert_eq!((summary.started_at, summary.updated_at), (at(5), at(77)));
    assert_eq!(
        (summary.workflow.as_str(), summary.version, summary.status.as_str()),
        ("reminder", 1, "running")
    );
}

async fn lists_are_filtered(database: Database) {
    let store = database.open().await;
    let cause = Cause { code: "x".into(), message: "y".into(), hint: None, block: None };
    let ended = [RunStatus::Completed, RunStatus::Failed { cause }, RunStatus::Running];
    for n in 0..9_u32 {
        let status = ended[n as usize % 3].clone();
        let workflow = if n < 6 { "reminder".to_owned() } else { "survey".to_owned() };
        put(&store, new_run(Run { status, workflow, ..run(n) })).await;
    }
    let cases = [
        (None, Some("completed"), vec!["run_000006", "run_000003", "run_000000"]),
        (None, Some("failed"), vec!["run_000007", "run_000004", "run_000001"]),
        (None, Some("running"), vec!["run_000008", "run_000005", "run_000002"]),
        (None, Some("canceled"), vec![]),
        (Some("survey"), None, vec!["run_000008", "run_000007", "run_000006"]),
        (Some("survey"), Some("failed"), vec!["run_000007"]),
        (Some("other"), None, vec![]),
    ];
    for (workflow, status, expected) in cases {
        let filter = RunFilter { workflow: workflow.map(Into::into), status: status.map(Into::into) };
        let found = listed(&store, filter, PageRequest { before: None, limit: 10 }).await;
        assert_eq!(found, expected, "{workflow:?} {status:?}");
    }
}

async fn routes_live_as_long_as_their_run(database: Database) {
    let store = database.open().await;
    let route = |contact: &str, waiting: bool| ReplyRoute {
        channel: Channel::Sms,
        contact: contact.into(),
        sender: SENDER.into(),
        since: at(1),
        waiting_since: waiting.then(|| at(2)),
    };
    let found = async |contact: &str| store.reply_routes(Channel::Sms, contact).await.unwrap();
    let with = |write: RunWrite, routes: Vec<ReplyRoute>| RunWrite { routes: Some(routes), ..write };
    let first = route(PERSON, false);
    put(&store, with(new_run(run(1)), vec![first.clone(), route("+15550100002", false)])).await;
    put(&store, with(new_run(run(2)), vec![route(PERSON, true)])).await;
    assert_eq!(found(PERSON).await, [(run(1).id, first.clone()), (run(2).id, route(PERSON, true))]);
    assert_eq!(store.reply_routes(Channel::WhatsApp, PERSON).await.unwrap(), []);

    put(&store, next_run(run(1), FIRST_GUARD)).await;
    assert_eq!(found(PERSON).await.len(), 2, "not named, not changed");
    put(&store, with(next_run(run(1), FIRST_GUARD + 1), vec![route(PERSON, true)])).await;
    assert_eq!(found(PERSON).await[0], (run(1).id, route(PERSON, true)));
    assert_eq!(found("+15550100002").await, []);
    put(&store, next_run(Run { status: RunStatus::Completed, ..run(2) }, FIRST_GUARD)).await;
    assert_eq!(found(PERSON).await, [(run(1).id, route(PERSON, true))]);
    put(&store, with(next_run(run(1), FIRST_GUARD + 2), vec![])).await;
    assert_eq!(found(PERSON).await, []);
}
