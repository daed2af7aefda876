//! Starts runs.

use crate::advance::{TryError, until_stored};
use crate::error::{HostError, StartError};
use crate::ids::new_id;
use crate::plan::Step;
use crate::work::Host;
use engine::event::{Event, Start, StartedBy};
use engine::id::RunId;
use engine::run::{Refused, Run, RunStatus};
use engine::workflow::Workflow;
use std::sync::Arc;
use std::time::Duration;
use store::{Commit, Conflict};

#[derive(Clone, Debug, Default)]
pub struct StartRequest {
    pub workflow: String,
    pub input: serde_json::Map<String, serde_json::Value>,
    pub by: StartedBy,
    /// A second request with the same key gets the run of the first.
    pub dedupe_key: Option<String>,
}

/// A run that was started, now or by an earlier request with the same key.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    pub run: RunId,
    pub version: u32,
    pub repeated: bool,
}

impl Host {
    /// Starts a run of a workflow's latest version; it is durably stored when this returns.
    ///
    /// # Errors
    /// Where there is no such workflow, its input does not fit, or the database refuses.
    pub async fn start_run(&self, request: StartRequest) -> Result<Started, StartError> {
        let run = RunId::from_trusted(new_id(RunId::PREFIX));
        self.start_as(run, request).await
    }

    /// Starts a run and waits for its end, at most `limit` of real time. The run is nothing where it
    /// has not ended until then.
    ///
    /// # Errors
    /// As [`Host::start_run`].
    pub async fn start_and_wait(
        &self,
        request: StartRequest,
        limit: Duration,
    ) -> Result<(Started, Option<Run>), StartError> {
        let run = RunId::from_trusted(new_id(RunId::PREFIX));
        let end = self.live().await_end(&run);
        let started = match self.start_as(run.clone(), request).await {
            Ok(started) => started,
            Err(error) => {
                drop(end);
                self.live().forget(&run);
                return Err(error);
            }
        };
        if started.repeated {
            drop(end);
            self.live().forget(&run);
            let ended = self.wait_for_end(&started.run, limit).await?;
            return Ok((started, ended));
        }
        let ended = self.end_of(&run, end, limit).await?;
        Ok((started, ended))
    }

    /// Waits for the end of a run, at most `limit` of real time.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn wait_for_end(&self, run: &RunId, limit: Duration) -> Result<Option<Run>, HostError> {
        let end = self.live().await_end(run);
        if let Some(ended) = self.ended_run(run).await? {
            drop(end);
            self.live().forget(run);
            return Ok(Some(ended));
        }
        self.end_of(run, end, limit).await
    }

    /// Told by this process, or seen in the database where another node ends it.
    async fn end_of(
        &self,
        run: &RunId,
        mut end: tokio::sync::oneshot::Receiver<Run>,
        limit: Duration,
    ) -> Result<Option<Run>, HostError> {
        let give_up = tokio::time::Instant::now() + limit;
        loop {
            let look = (tokio::time::Instant::now() + self.settings().poll_every).min(give_up);
            match tokio::time::timeout_at(look, &mut end).await {
                Ok(Ok(ended)) => return Ok(Some(ended)),
                // Nobody will tell any more: what is stored tells.
                Ok(Err(_)) => return self.ended_run(run).await,
                Err(_) => {}
            }
            let seen = self.ended_run(run).await?;
            if seen.is_some() || tokio::time::Instant::now() >= give_up {
                drop(end);
                self.live().forget(run);
                return Ok(seen);
            }
        }
    }

    /// Ends a run before its time; whether it was running.
    ///
    /// # Errors
    /// Where there is no such run, or the database refuses.
    pub async fn cancel_run(&self, run: &RunId, by: &str) -> Result<bool, HostError> {
        if self.store().run(run).await?.is_none() {
            return Err(HostError::NotFound { what: "run" });
        }
        let taken = until_stored!("run", {
            let event = Event::RunCanceled { by: by.to_owned() };
            let tell = Some((run.clone(), event));
            self.try_change(crate::advance::Change { commit: Commit::default(), tell, hint: None }).await
        })?;
        Ok(taken == crate::advance::Taken::Yes)
    }

    async fn ended_run(&self, run: &RunId) -> Result<Option<Run>, HostError> {
        let stored = self.store().run(run).await?;
        Ok(stored.map(|guarded| guarded.value).filter(|run| run.status != RunStatus::Running))
    }

    async fn start_as(&self, run: RunId, request: StartRequest) -> Result<Started, StartError> {
        let Some((version, workflow)) = self.latest(&request.workflow).await? else {
            return Err(StartError::UnknownWorkflow(request.workflow));
        };
        let _busy = self.activity().begin();
        let start = Start { input: request.input, by: request.by, message: None, call: None };
        let dedupe_key = request.dedupe_key.clone();
        let step = self.first_step(&workflow, version, run.clone(), start, dedupe_key)?;
        match self.commit_step(Commit::default(), Some(step)).await {
            Ok(()) => Ok(Started { run, version, repeated: false }),
            Err(TryError::Conflict(Conflict::DuplicateRun)) => {
                let key = request.dedupe_key.as_deref().unwrap_or_default();
                let earlier = self.store().run_by_dedupe_key(key).await?;
                let run = earlier.ok_or(HostError::Contended { what: "run" })?;
                Ok(Started { run, version, repeated: true })
            }
            Err(TryError::Conflict(_)) => Err(HostError::Contended { what: "run" }.into()),
            Err(TryError::Host(error)) => Err(error.into()),
        }
    }

    /// The latest version, also one that another node published a moment ago.
    async fn latest(&self, name: &str) -> Result<Option<(u32, Arc<Workflow>)>, HostError> {
        if let Some(known) = self.catalogue().latest(name) {
            return Ok(Some(known));
        }
        self.catalogue().refresh().await?;
        Ok(self.catalogue().latest(name))
    }

    pub(crate) fn first_step(
        &self,
        workflow: &Workflow,
        version: u32,
        run: RunId,
        start: Start,
        dedupe_key: Option<String>,
    ) -> Result<Step, StartError> {
        match engine::start(workflow, version, run, start, self.now()) {
            Ok(advance) => Ok(Step { advance, loaded: None, dedupe_key }),
            Err(Refused::BadInput(problems)) => Err(StartError::BadInput(problems)),
            Err(refused) => Err(StartError::BadInput(vec![refused.to_string()])),
        }
    }
}
