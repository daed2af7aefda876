//! The loop over due tasks, and the parts that everything else shares.

use crate::advance::{Change, until_stored};
use crate::agents::Agents;
use crate::carrier::Carrier;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::error::HostError;
use crate::language_model::LanguageModel;
use crate::live::{Activity, Live, LiveEvent};
use crate::senders::Directory;
use crate::settings::Settings;
use crate::talk::{Sessions, Tools};
use engine::call::Call;
use engine::event::Event;
use engine::id::RunId;
use engine::message::Message;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};
use store::record::{Task, TaskKind};
use store::{Claimed, Commit, Store};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Everything that the loop works with. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    parts: Arc<Parts>,
}

struct Parts {
    store: Store,
    outside: Outside,
    clock: Arc<dyn Clock>,
    settings: Settings,
    catalogue: Catalogue,
    agents: Agents,
    directory: RwLock<Arc<Directory>>,
    slots: Arc<Semaphore>,
    /// Senders that the provider asked to slow down, as far as this node knows.
    slowed: Mutex<HashMap<String, Timestamp>>,
    live: Live,
    activity: Activity,
    wake: Notify,
    tasks: TaskTracker,
    sessions: Sessions,
    /// When the loop last began a round.
    round_at: Mutex<Option<Instant>>,
}

/// The world outside, as the loop sees it.
#[derive(Clone)]
pub struct Outside {
    pub carrier: Arc<dyn Carrier>,
    pub models: Arc<dyn LanguageModel>,
    pub tools: Arc<dyn Tools>,
}

/// A host that may be gone, for those who live in it.
#[derive(Clone)]
pub struct WeakHost {
    parts: Weak<Parts>,
}

impl WeakHost {
    /// The host, while it is there.
    pub fn upgrade(&self) -> Option<Host> {
        self.parts.upgrade().map(|parts| Host { parts })
    }
}

/// The right to have one request to the provider under way.
pub(crate) struct Slot(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Host {
    /// Reads workflows and senders; nothing runs before [`Host::run`].
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn new(
        store: Store,
        outside: Outside,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Result<Host, HostError> {
        let parts = Parts {
            catalogue: Catalogue::new(store.clone()),
            agents: Agents::new(store.clone()),
            slots: Arc::new(Semaphore::new(settings.requests_at_once)),
            store,
            outside,
            clock,
            settings,
            directory: RwLock::default(),
            slowed: Mutex::default(),
            live: Live::new(),
            activity: Activity::default(),
            wake: Notify::new(),
            tasks: TaskTracker::new(),
            sessions: Sessions::default(),
            round_at: Mutex::default(),
        };
        let host = Host { parts: Arc::new(parts) };
        host.refresh().await?;
        Ok(host)
    }

    /// Reads anew what was published and which senders and credentials there are.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn refresh(&self) -> Result<(), HostError> {
        self.catalogue().refresh().await?;
        self.agents().refresh();
        let credentials = self.store().credentials().await?;
        let names: Vec<String> =
            credentials.into_iter().filter(|c| c.kind == "twilio").map(|c| c.name).collect();
        for name in &names {
            self.ensure_reconciliation(name).await?;
        }
        let directory = Arc::new(Directory::new(self.store().senders().await?, names));
        *self.parts.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
        Ok(())
    }

    /// As [`Host::refresh`], after something was stored for good. Where that cannot be read now, it is read with the next
    /// round of [`Host::run`].
    pub async fn refreshed(&self) {
        if let Err(error) = self.refresh().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "cannot read definitions");
        }
    }

    /// Works until told to stop, then finishes what is under way.
    pub async fn run(&self, stop: CancellationToken) {
        let mut refreshed_at = tokio::time::Instant::now();
        let mut may_be_due = true;
        while !stop.is_cancelled() {
            *self.parts.round_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            if refreshed_at.elapsed() >= REFRESH_EVERY {
                refreshed_at = tokio::time::Instant::now();
                self.refreshed().await;
            }
            let busy = self.parts.activity.begin();
            let claimed = if may_be_due { self.claim().await } else { Ok(0) };
            drop(busy);
            match claimed {
                Ok(0) => may_be_due = self.rest(&stop).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot claim tasks");
                    pause(&stop, CLAIM_AGAIN_AFTER).await;
                }
            }
        }
        self.parts.tasks.close();
        let done = async {
            // Calls that are under way go on in the next process.
            self.sessions().leave().await;
            self.parts.tasks.wait().await;
        };
        if tokio::time::timeout(self.settings().shutdown_grace, done).await.is_err() {
            tracing::warn!("stopped with work under way; it goes on at the next start");
        }
    }

    /// Claims what is due and begins with it; how much that was.
    async fn claim(&self) -> Result<usize, HostError> {
        let free = self.settings().tasks_at_once.saturating_sub(self.parts.tasks.len());
        let limit = u32::try_from(free.min(CLAIM_MAX)).unwrap_or(0);
        if limit == 0 {
            return Ok(0);
        }
        let claimed = self.store().claim(self.now(), self.settings().lease_ms(), limit).await?;
        let count = claimed.len();
        for claimed in claimed {
            let host = self.clone();
            let busy = self.parts.activity.begin();
            self.parts.tasks.spawn(async move {
                Box::pin(host.handle(claimed)).await;
                drop(busy);
                host.wake();
            });
        }
        Ok(count)
    }

    /// Waits; whether something may be due then. Where it is only time to look again, the next round reads and does not
    /// claim, since a claim writes.
    async fn rest(&self, stop: &CancellationToken) -> bool {
        let next = match self.store().next_due().await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot see what is due");
                pause(stop, CLAIM_AGAIN_AFTER).await;
                return true;
            }
        };
        let clock = self.parts.clock.clone();
        let full = self.parts.tasks.len() >= self.settings().tasks_at_once;
        // With its hands full a node cannot take over either.
        let lease_ms = next.lease_ends_in_ms.filter(|_| !full).and_then(|ms| u64::try_from(ms).ok());
        let abandoned = async {
            match lease_ms {
                Some(ms) => tokio::time::sleep(Duration::from_millis(ms.max(1))).await,
                None => std::future::pending().await,
            }
        };
        let due = async {
            match next.due_at {
                Some(at) if !full => clock.sleep_until(at).await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => true,
            () = self.parts.wake.notified() => true,
            () = due => true,
            () = abandoned => true,
            () = tokio::time::sleep(self.settings().poll_every) => false,
        }
    }

    async fn handle(&self, claimed: Claimed) {
        let task = claimed.task.clone();
        let result = match task.kind.clone() {
            TaskKind::Send { message } => self.work_on::<Message>(claimed, &message).await,
            TaskKind::Place { call } => self.work_on::<Call>(claimed, &call).await,
            TaskKind::Timer { run, key } => self.deliver(&task, &run, Event::TimerFired { key }).await,
            TaskKind::Deliver { run, event } => self.deliver(&task, &run, *event).await,
            TaskKind::BeginConversation { run, key, begin } => {
                self.begin_by_text(&task, &run, key, &begin).await
            }
            TaskKind::ConversationTimer { conversation, turn, timer } => {
                self.time_by_text(&task, &conversation, turn, timer).await
            }
            TaskKind::EndConversation { which, failure } => self.end_by_text(&task, &which, &failure).await,
            TaskKind::Gather { conversation } => {
                self.begin_gathering(task.clone(), conversation);
                Ok(())
            }
            TaskKind::Reconcile { credential } => self.reconcile(&task, &credential).await,
            TaskKind::Prune => self.prune(&task).await,
        };
        if let Err(error) = result {
            // The lease runs out, and the task is claimed again.
            tracing::warn!(
                task = %task.id, kind = task.kind.name(), attempts = task.attempts,
                error = &error as &dyn std::error::Error, "task failed and will be tried again"
            );
        }
    }

    /// Tells a run something that a task held for it; the task ends with it.
    async fn deliver(&self, task: &Task, run: &RunId, event: Event) -> Result<(), HostError> {
        until_stored!("run", {
            let commit = Commit { end_held: vec![task.held()], ..Commit::default() };
            self.try_change(Change { commit, tell: Some((run.clone(), event.clone())), hint: None }).await
        })?;
        Ok(())
    }

    async fn prune(&self, task: &Task) -> Result<(), HostError> {
        let now = self.now();
        let keep = jiff::SignedDuration::try_from(self.settings().keep_webhooks)
            .unwrap_or(jiff::SignedDuration::MAX);
        let webhooks_before = now.checked_sub(keep).unwrap_or(Timestamp::MIN);
        self.store().prune(webhooks_before, now - jiff::SignedDuration::from_hours(24)).await?;
        self.requeue(task, now + jiff::SignedDuration::from_hours(1)).await
    }

    /// Gives a task back, due at a later time.
    pub(crate) async fn requeue(&self, task: &Task, due_at: Timestamp) -> Result<(), HostError> {
        until_stored!("task", {
            let commit = Commit { requeue_tasks: vec![(task.held(), due_at)], ..Commit::default() };
            self.store().commit(commit).await.map_err(crate::advance::TryError::from)
        })?;
        self.wake();
        Ok(())
    }

    /// For what lives in the host, and must not keep it alive.
    pub fn downgrade(&self) -> WeakHost {
        WeakHost { parts: Arc::downgrade(&self.parts) }
    }

    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.parts.catalogue
    }

    /// Published agents.
    pub fn agents(&self) -> &Agents {
        &self.parts.agents
    }

    pub fn directory(&self) -> Arc<Directory> {
        self.parts.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// The domain's time.
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Ends when the domain's time is `at`, or a little earlier where that is far away.
    pub async fn sleep_until(&self, at: Timestamp) {
        self.parts.clock.sleep_until(at).await;
    }

    /// What happens from now on, for live views; slow watchers miss the oldest.
    pub fn watch(&self) -> broadcast::Receiver<LiveEvent> {
        self.parts.live.subscribe()
    }

    /// How long ago (real time) the loop began its latest round; nothing where it never ran. A loop that has
    /// nothing to do begins a round every [`Settings::poll_every`] all the same.
    pub fn since_last_round(&self) -> Option<Duration> {
        let round_at = *self.parts.round_at.lock().unwrap_or_else(PoisonError::into_inner);
        round_at.map(|at| at.elapsed())
    }

    /// Counts what is under way.
    pub fn activity(&self) -> &Activity {
        &self.parts.activity
    }

    pub(crate) fn live(&self) -> &Live {
        &self.parts.live
    }

    pub(crate) fn carrier(&self) -> &dyn Carrier {
        &*self.parts.outside.carrier
    }

    pub(crate) fn models(&self) -> &Arc<dyn LanguageModel> {
        &self.parts.outside.models
    }

    pub(crate) fn tools(&self) -> &Arc<dyn Tools> {
        &self.parts.outside.tools
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.parts.sessions
    }

    /// Lets the loop look for due tasks now.
    pub(crate) fn wake(&self) {
        self.parts.wake.notify_one();
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.parts.tasks
    }

    /// A slot for a request, if one is free.
    pub(crate) fn free_slot(&self) -> Option<Slot> {
        self.parts.slots.clone().try_acquire_owned().ok().map(Slot)
    }

    pub(crate) async fn slot(&self) -> Option<Slot> {
        self.parts.slots.clone().acquire_owned().await.ok().map(Slot)
    }

    /// Remembers that the provider asked this sender to slow down.
    pub(crate) fn slow_down(&self, credential: &str, address: &str, until: Timestamp) {
        let mut slowed = self.parts.slowed.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        slowed.retain(|_, until| *until > now);
        let entry = slowed.entry(format!("{credential}|{address}")).or_insert(until);
        *entry = until.max(*entry);
    }

    pub(crate) fn slowed_until(&self, credential: &str, address: &str) -> Option<Timestamp> {
        let slowed = self.parts.slowed.lock().unwrap_or_else(PoisonError::into_inner);
        if slowed.is_empty() {
            return None;
        }
        slowed.get(&format!("{credential}|{address}")).copied().filter(|until| *until > self.now())
    }

    pub(crate) fn is_slowed(&self, credential: &str, address: &str) -> bool {
        self.slowed_until(credential, address).is_some()
    }
}

/// Definitions that other nodes published are seen after this long at the latest.
const REFRESH_EVERY: Duration = Duration::from_secs(10);
/// Pause after the database refused a claim.
const CLAIM_AGAIN_AFTER: Duration = Duration::from_millis(250);
/// Tasks claimed at once.
const CLAIM_MAX: usize = 128;

async fn pause(stop: &CancellationToken, time: Duration) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}
