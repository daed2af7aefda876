//! Commits a step of a run together with whatever caused it, then acts on it.

use crate::error::HostError;
use crate::live::LiveEvent;
use crate::outbound::Sendable;
use crate::plan::{BirthMode, Loaded, Plan, Step};
use crate::work::Host;
use engine::event::Event;
use engine::id::RunId;
use engine::run::{Refused, Run, RunStatus};
use futures::future::BoxFuture;
use std::time::Instant;
use store::record::Guarded;
use store::{Commit, CommitError, Conflict, StoreError};

/// How often a change that loses a race is made anew before it gives up. Each loss means that
/// somebody else made progress.
pub(crate) const RACES_MAX: u32 = 100;

/// One try at a change: it is stored, somebody was there first, or it cannot be.
pub(crate) type Attempt<T> = Result<T, TryError>;

pub(crate) enum TryError {
    /// Load again, decide again.
    Conflict(Conflict),
    Host(HostError),
}

impl From<CommitError> for TryError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(conflict) => TryError::Conflict(conflict),
            CommitError::Store(error) => TryError::Host(error.into()),
        }
    }
}

impl From<StoreError> for TryError {
    fn from(error: StoreError) -> Self {
        TryError::Host(error.into())
    }
}

impl From<HostError> for TryError {
    fn from(error: HostError) -> Self {
        TryError::Host(error)
    }
}

/// Makes a change anew until nobody else is in the way.
macro_rules! until_stored {
    ($what:literal, $attempt:expr) => {{
        let mut races = 0;
        loop {
            match $attempt {
                Ok(value) => break Ok(value),
                Err($crate::advance::TryError::Host(error)) => break Err(error),
                Err($crate::advance::TryError::Conflict(_)) if races < $crate::advance::RACES_MAX => {
                    races += 1;
                    tokio::task::yield_now().await;
                }
                Err($crate::advance::TryError::Conflict(_)) => {
                    break Err($crate::error::HostError::Contended { what: $what });
                }
            }
        }
    }};
}
pub(crate) use until_stored;

/// Something to be committed, and the run that must hear of it in the same transaction.
pub(crate) struct Change {
    pub commit: Commit,
    pub tell: Option<(RunId, Event)>,
    /// The run as it was stored last, where that is known: saves a read, and a guard checks it.
    pub hint: Option<Guarded<Run>>,
}

/// How a run took an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Yes,
    /// There is no such run, it ended, or it does not wait for this.
    No,
}

impl Host {
    /// Commits a change and the step that it makes of its run, and acts on it. Nearly everything waits for this
    /// somewhere, so it lies on the heap: a stack, and the future of a request, hold many who wait.
    pub(crate) fn try_change(&self, change: Change) -> BoxFuture<'_, Attempt<Taken>> {
        Box::pin(self.try_change_in_place(change))
    }

    async fn try_change_in_place(&self, change: Change) -> Attempt<Taken> {
        let now = self.now();
        let step = match change.tell {
            Some((run, event)) => self.step(&run, event, change.hint).await?,
            None => None,
        };
        let taken = if step.is_some() { Taken::Yes } else { Taken::No };
        self.commit_step(change.commit, step).await?;
        tracing::trace!(?taken, at = %now, "change stored");
        Ok(taken)
    }

    /// What an event makes of a run; nothing where the run does not take it.
    async fn step(&self, id: &RunId, event: Event, hint: Option<Guarded<Run>>) -> Attempt<Option<Step>> {
        let loaded = match hint {
            Some(hint) => Some(hint),
            None => self.store().run(id).await?,
        };
        let Some(Guarded { value: run, guard }) = loaded else { return Ok(None) };
        if run.status != RunStatus::Running {
            return Ok(None);
        }
        let workflow = self.catalogue().version(&run.workflow, run.version).await?;
        let routes = run.routes.clone();
        match engine::resume(&workflow, run, event, self.now()) {
            Ok(advance) => {
                Ok(Some(Step { advance, loaded: Some(Loaded { guard, routes }), dedupe_key: None }))
            }
            Err(Refused::Ended | Refused::NotAwaited | Refused::BadInput(_)) => Ok(None),
        }
    }

    /// Commits what is given with the step of a run, then hands over the texts and calls that were born with it. On the
    /// heap as above.
    pub(crate) fn commit_step(&self, base: Commit, step: Option<Step>) -> BoxFuture<'_, Attempt<()>> {
        Box::pin(self.commit_step_in_place(base, step))
    }

    async fn commit_step_in_place(&self, base: Commit, step: Option<Step>) -> Attempt<()> {
        let now = self.now();
        let asked_at = Instant::now();
        let plan = self.plan(base.clone(), step.as_ref(), BirthMode::Direct, now);
        let direct = plan.is_direct();
        match self.store_plan(plan, asked_at).await {
            // Somebody opted out, or the lane holds an unknown text: the queue looks closer.
            Err(CommitError::Conflict(Conflict::Condition)) if direct => {
                let plan = self.plan(base, step.as_ref(), BirthMode::Queued, now);
                Ok(self.store_plan(plan, asked_at).await?)
            }
            other => Ok(other?),
        }
    }

    pub(crate) async fn store_plan(&self, plan: Plan, asked_at: Instant) -> Result<(), CommitError> {
        // Nobody may be watching, and then nothing needs to be told.
        let is_watched = self.live().is_watched();
        let changed = if is_watched { changes(&plan.commit) } else { Vec::new() };
        self.store().commit(plan.commit).await?;
        for event in changed {
            self.live().tell(|| event);
        }
        if plan.wakes {
            self.wake();
        }
        if let Some(run) = &plan.run {
            self.live().tell(|| LiveEvent::RunChanged {
                run: run.value.id.to_string(),
                workflow: run.value.workflow.clone(),
                status: run.value.status.as_str().to_owned(),
            });
            if run.value.status != RunStatus::Running {
                self.live().ended(&run.value);
            }
        }
        let held_until = asked_at + self.settings().lease();
        for born in plan.born {
            // Several texts of one commit race for its run's guard; the first has the hint.
            self.spawn_perform(born, held_until, plan.run.clone());
        }
        for born in plan.born_calls {
            self.spawn_perform(born, held_until, plan.run.clone());
        }
        Ok(())
    }
}

/// What is told of a commit once it is stored.
fn changes(commit: &Commit) -> Vec<LiveEvent> {
    let texts = commit.messages.changed.iter().map(|write| write.value.live());
    texts.chain(commit.calls.changed.iter().map(|write| write.value.live())).collect()
}
