//! Runs a host in a world, one happening at a time, and kills it where the seed says.

use crate::world::{Delivery, DeliveryKind, World, report};
use engine::call::Call;
use engine::llm::models::Usage;
use engine::llm::question::{Failure, ModelEvent, Question};
use engine::message::{Message, ReportedVia};
use host::{Host, LanguageModel, NoTools, Outside, Patience, Settings, StartRequest, StatusReport};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::{OpenOptions, Role, Store};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The run of one seed.
pub(crate) struct Drive {
    pub(crate) world: World,
    pub(crate) database: PathBuf,
    rng: StdRng,
    /// Runs that are still to be started: workflow and input.
    pub(crate) to_start: Vec<(String, serde_json::Value)>,
    /// Happenings so far; a world that never comes to rest is a failure.
    happenings: u32,
}

/// Why an incarnation of the process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Crash,
    /// Nothing is left to do.
    Rest,
}

const HAPPENINGS_MAX: u32 = 20_000;

pub(crate) fn settings() -> Settings {
    Settings {
        settle_window: Duration::from_secs(8),
        settle_every: Duration::from_secs(1),
        reconcile_every: Duration::from_secs(20),
        reconcile_overlap: Duration::from_secs(120),
        // Nothing but the clock and wake-ups may move the loop, or a seed does not replay.
        poll_every: Duration::from_secs(3_600),
        resends_max: 50,
        ..Settings::default()
    }
}

impl Drive {
    pub(crate) fn new(seed: u64, database: PathBuf, crashes: u32) -> Self {
        let world = World::new(seed, crashes);
        Drive { world, database, rng: StdRng::seed_from_u64(seed), to_start: Vec::new(), happenings: 0 }
    }

    /// Lives and dies until nothing is left to do.
    pub(crate) fn run(&mut self) {
        loop {
            // Dropping the runtime drops every task wherever it stands, as a crash does.
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let end = runtime.block_on(self.live());
            drop(runtime);
            if end == End::Rest {
                return;
            }
        }
    }

    pub(crate) async fn open(&self) -> Store {
        for _ in 0..200 {
            let options = OpenOptions {
                postgres_roots_file: None,
                url: format!("sqlite:{}", self.database.display()),
                encryption_keys: vec!["00".repeat(32).into()],
                connections: 2,
                role: Role::Node,
            };
            match Store::open(options).await {
                // The last incarnation's writer has not let go of the file yet.
                Err(store::StoreError::InUse { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
                other => return other.expect("the database opens"),
            }
        }
        panic!("the database stays locked");
    }

    async fn live(&mut self) -> End {
        let store = self.open().await;
        let outside = Outside {
            carrier: Arc::new(self.world.clone()),
            models: Arc::new(Speechless),
            tools: Arc::new(NoTools),
        };
        let clock = Arc::new(self.world.clock.clone());
        let host = Host::new(store, outside, clock, settings()).await.expect("a host");
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let (host, stop) = (host.clone(), stop.clone());
            async move { host.run(stop).await }
        });
        loop {
            self.happenings += 1;
            assert!(self.happenings < HAPPENINGS_MAX, "the world does not come to rest");
            let crash = self.world.crash.clone();
            tokio::select! {
                biased;
                () = crash.notified() => return End::Crash,
                () = quiet(&host) => {}
            }
            if self.dies() {
                return End::Crash;
            }
            if !self.next(&host).await {
                stop.cancel();
                running.await.expect("the loop ends well");
                return End::Rest;
            }
        }
    }

    /// Now and then the process dies although nothing is under way.
    fn dies(&mut self) -> bool {
        let dies = self.world.state().crashes_left > 0 && self.rng.random_ratio(1, 60);
        if dies {
            self.world.state().crashes_left -= 1;
        }
        dies
    }

    /// One happening; whether there was any.
    async fn next(&mut self, host: &Host) -> bool {
        if !self.to_start.is_empty() && self.rng.random_ratio(1, 3) {
            let (workflow, input) = self.to_start.pop().expect("not empty");
            let input = input.as_object().cloned().unwrap_or_default();
            let request = StartRequest { workflow, input, ..StartRequest::default() };
            host.start_run(request).await.expect("it starts");
            return true;
        }
        let now_ms = self.world.clock.now_ms();
        if let Some(delivery) = self.take_due(now_ms) {
            self.deliver(host, delivery).await;
            return true;
        }
        let next_delivery = self.world.state().deliveries.iter().map(|delivery| delivery.at_ms).min();
        let next_task = host.store().next_due().await.expect("readable").due_at.map(|at| at.as_millisecond());
        let unfinished =
            !self.to_start.is_empty() || next_delivery.is_some() || !self.is_finished(host).await;
        if !unfinished {
            return false;
        }
        match next_delivery.into_iter().chain(next_task).min() {
            Some(at_ms) => self.world.clock.move_to(at_ms.max(now_ms + 1)),
            None => self.world.clock.move_to(now_ms + 1_000),
        }
        true
    }

    fn take_due(&mut self, now_ms: i64) -> Option<Delivery> {
        let mut state = self.world.state();
        let due: Vec<usize> =
            (0..state.deliveries.len()).filter(|n| state.deliveries[*n].at_ms <= now_ms).collect();
        if due.is_empty() {
            return None;
        }
        let pick = due[self.rng.random_range(0..due.len())];
        Some(state.deliveries.remove(pick))
    }

    async fn deliver(&mut self, host: &Host, delivery: Delivery) {
        match delivery.kind {
            DeliveryKind::Status { message, sid, status } => {
                let status = StatusReport {
                    credential: "main".into(),
                    of: engine::id::MessageId::parse(&message),
                    report: report(&sid, status),
                    via: ReportedVia::Callback,
                };
                host.report_status(status, None).await.expect("it is stored");
            }
            DeliveryKind::CallStatus { call, sid, status } => {
                let status = StatusReport::<Call> {
                    credential: "main".into(),
                    of: engine::id::CallId::parse(&call),
                    report: crate::line::report(&sid, status),
                    via: ReportedVia::Callback,
                };
                host.report_call(status, None).await.expect("it is stored");
            }
            DeliveryKind::LateRing(ring, call) => {
                let words = format!("late|{}", ring.sid);
                self.world.state().ring(*ring, &call, &words);
            }
            DeliveryKind::Text(text) => {
                host.receive_text(*text, None).await.expect("it is stored");
            }
            DeliveryKind::LateCreation(text, message) => {
                let words = format!("late|{}", text.sid);
                self.world.state().create(*text, &message, &words);
            }
        }
    }

    /// No run is under way, and every text has its final status.
    async fn is_finished(&self, host: &Host) -> bool {
        let running = store::RunFilter { status: Some("running".into()), workflow: None };
        let page = store::PageRequest { before: None, limit: 1 };
        let runs = host.store().runs(running, page).await.expect("readable");
        let tasks = host.store().tasks(100).await.expect("readable");
        let sends = tasks.iter().any(|task| matches!(task.kind.name(), "send" | "place"));
        let now = host.now() + jiff::SignedDuration::from_hours(1_000);
        let open = host
            .store()
            .unfinished::<Message>("main", jiff::Timestamp::UNIX_EPOCH, now, 1)
            .await
            .expect("readable");
        let calls = host.store().unfinished::<Call>("main", jiff::Timestamp::UNIX_EPOCH, now, 1).await;
        let calls = calls.expect("readable");
        let is_quiet = runs.is_empty() && open.is_empty() && calls.is_empty() && !sends;
        is_quiet && self.all_texts_are_known(host).await && self.all_calls_are_known(host).await
    }

    async fn all_calls_are_known(&self, host: &Host) -> bool {
        let sids: Vec<String> = self.world.state().rings.iter().map(|ring| ring.sid.clone()).collect();
        host.store().known_sids::<Call>("main", &sids).await.expect("readable").len() == sids.len()
    }

    async fn all_texts_are_known(&self, host: &Host) -> bool {
        let sids: Vec<String> = self.world.state().texts.iter().map(|text| text.sid.clone()).collect();
        let known = host.store().known_sids::<Message>("main", &sids).await.expect("readable");
        known.len() == sids.len()
    }
}

/// Nothing is under way, and nothing is due that nobody works on.
async fn quiet(host: &Host) {
    loop {
        host.activity().quiet().await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        if !host.activity().is_quiet() {
            continue;
        }
        let next = host.store().next_due().await.expect("readable");
        if next.due_at.is_none_or(|at| at > host.now()) && host.activity().is_quiet() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// No model can be asked in this world.
struct Speechless;

#[async_trait::async_trait]
impl LanguageModel for Speechless {
    async fn ask(&self, _: Question, _: Patience, events: mpsc::Sender<ModelEvent>) {
        let failed = ModelEvent::Failed { failure: Failure::Unreachable, usage: Usage::default() };
        // Nobody may listen any more.
        let _ = events.send(failed).await;
    }
}
