//! What must hold once everything has come to rest.

use super::load::{Asked, QUESTION};
use super::process::Site;
use engine::call::Call;
use engine::message::{Direction, Lattice, Message, State};
use std::collections::HashMap;
use std::time::Duration;
use store::record::RunSummary;
use store::{Kept, OutboundFilter, PageRequest, Role, RunFilter, Store};

pub(crate) struct Judge {
    asked: Vec<Asked>,
}

/// Far longer than any wait of the workflows.
const REST_MAX: Duration = Duration::from_secs(240);
/// For each thing that was asked for: what is left after many kills takes its time.
const REST_EACH: Duration = Duration::from_millis(50);

impl Judge {
    pub(crate) fn new(_site: &Site, asked: Vec<Asked>) -> Judge {
        Judge { asked }
    }

    /// Waits until nothing is left to do.
    pub(crate) async fn wait_for_rest(&self, site: &mut Site) {
        let store = site.store(Role::Tool).await;
        let asked = u32::try_from(self.asked.len()).expect("a load has an end");
        let end = tokio::time::Instant::now() + REST_MAX + REST_EACH * asked;
        loop {
            let open = unfinished(&store, site).await;
            let Some(open) = open else { return };
            assert!(tokio::time::Instant::now() < end, "not at rest: {open}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    pub(crate) async fn judge(&self, site: &Site) {
        let store = site.store(Role::Tool).await;
        let runs = all_runs(&store).await;
        assert_eq!(runs.len(), self.asked.len(), "one run for each that was asked for");
        let failed: Vec<_> = runs.iter().filter(|run| run.status != "completed").collect();
        for run in &failed {
            for entry in store.run_log(&run.id).await.expect("readable") {
                eprintln!("{} {} {}", run.id, entry.at, entry.sentence());
            }
        }
        assert!(failed.is_empty(), "runs that did not complete: {failed:?}");

        let provider = site.get("/emulator/v1/messages").await;
        let provider = provider["messages"].as_array().expect("a list");
        let (inbound, outbound): (Vec<_>, Vec<_>) =
            provider.iter().partition(|text| text["direction"] == "inbound");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let mut created: HashMap<(String, String), usize> = HashMap::new();
        for message in &outbound {
            let body =
                message["bodyAsked"].as_str().unwrap_or_else(|| message["body"].as_str().unwrap_or_default());
            *created.entry((text(&message["to"]), body.to_owned())).or_default() += 1;
        }
        let mut wanted: HashMap<(String, String), usize> = HashMap::new();
        for asked in self.asked.iter().filter(|asked| !asked.is_call()) {
            *wanted.entry((asked.phone.clone(), asked.text.clone())).or_default() += 1;
            if asked.workflow == QUESTION.0 {
                // Everybody answers YES, and is thanked.
                *wanted.entry((asked.phone.clone(), "Thanks".to_owned())).or_default() += 1;
            }
        }
        let wrong: Vec<_> = wanted
            .iter()
            .map(|(key, count)| (key, *count, created.get(key).copied().unwrap_or(0)))
            .chain(
                created
                    .iter()
                    .filter(|(key, _)| !wanted.contains_key(*key))
                    .map(|(key, count)| (key, 0, *count)),
            )
            .filter(|(_, wanted, created)| wanted != created)
            .collect();
        assert!(wrong.is_empty(), "(text, asked for, created): {wrong:?}");

        let messages = all::<Message>(&store, OutboundFilter::default()).await;
        let ours: HashMap<&str, &Message> =
            messages.iter().filter_map(|message| Some((message.progress.sid.as_deref()?, message))).collect();
        for message in provider {
            let sid = message["sid"].as_str().unwrap_or_default();
            let row = ours.get(sid).unwrap_or_else(|| panic!("{sid} never reached us: {message}"));
            let status = row.progress.status.map(|status| status.as_str());
            assert_eq!(status, message["status"].as_str(), "status of {sid}");
        }
        let received = messages.iter().filter(|message| message.direction == Direction::Inbound).count();
        assert_eq!(received, inbound.len(), "every text from people once");
        let sent = messages.iter().filter(|message| message.direction == Direction::Outbound);
        assert!(
            sent.clone().all(|message| message.progress.state == State::Accepted),
            "every text has its SID"
        );
        assert_eq!(sent.count(), outbound.len());
        self.judge_calls(site, &store).await;
        eprintln!("{} texts created, {} received, each exactly once", outbound.len(), inbound.len());
    }
}

impl Judge {
    /// No phone rang twice for one call, and one that did not ring is held for a person.
    async fn judge_calls(&self, site: &Site, store: &Store) {
        let provider = site.get("/emulator/v1/calls").await;
        let mut rung: HashMap<String, usize> = HashMap::new();
        for call in provider["calls"].as_array().expect("a list") {
            *rung.entry(call["to"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        let held = OutboundFilter { state: Some(State::Held), ..OutboundFilter::default() };
        let held: Vec<Call> = all(store, held).await;
        for call in &held {
            *rung.entry(call.to.clone()).or_default() += 1;
        }
        let mut wanted: HashMap<String, usize> = HashMap::new();
        for asked in self.asked.iter().filter(|asked| asked.is_call()) {
            *wanted.entry(asked.phone.clone()).or_default() += 1;
        }
        assert_eq!(rung, wanted, "calls that rang, or are held, against calls asked for");
        eprintln!("{} calls asked for, {} of them held, none rang twice", wanted.len(), held.len());
    }
}

/// What is not done yet, in words; nothing at rest.
async fn unfinished(store: &Store, site: &Site) -> Option<String> {
    let page = PageRequest { before: None, limit: 5 };
    let filter = RunFilter { status: Some("running".into()), workflow: None };
    let runs = store.runs(filter, page).await.expect("readable");
    if !runs.is_empty() {
        return Some(format!("runs {runs:?}"));
    }
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let open =
        store.unfinished::<Message>("main", jiff::Timestamp::UNIX_EPOCH, later, 5).await.expect("readable");
    if !open.is_empty() {
        return Some(format!("texts {open:?}"));
    }
    let tasks = store.tasks(100).await.expect("readable");
    if let Some(task) = tasks.iter().find(|task| matches!(task.kind.name(), "send" | "place")) {
        return Some(format!("tasks {task:?}"));
    }
    let provider = site.get("/emulator/v1/calls").await;
    let sids: Vec<String> =
        provider["calls"].as_array()?.iter().filter_map(|call| Some(call["sid"].as_str()?.into())).collect();
    let known = store.known_sids::<Call>("main", &sids).await.expect("readable").len();
    if known < sids.len() {
        return Some(format!("{known} of {} calls are known", sids.len()));
    }
    let provider = site.get("/emulator/v1/messages").await;
    let sids: Vec<String> =
        provider["messages"].as_array()?.iter().filter_map(|m| Some(m["sid"].as_str()?.into())).collect();
    let known = store.known_sids::<Message>("main", &sids).await.expect("readable").len();
    (known < sids.len()).then(|| format!("{known} of {} texts are known", sids.len()))
}

async fn all_runs(store: &Store) -> Vec<RunSummary> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page =
            store.runs(RunFilter::default(), PageRequest { before, limit: 500 }).await.expect("readable");
        let Some(last) = page.last() else { return all };
        before = Some(last.id.to_string());
        all.extend(page);
    }
}

async fn all<T: Kept>(store: &Store, filter: OutboundFilter) -> Vec<T> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = PageRequest { before, limit: 500 };
        let page: Vec<T> = store.list(filter.clone(), page).await.expect("readable");
        let Some(last) = page.last() else { return all };
        before = Some(last.id_text().to_owned());
        all.extend(page);
    }
}
