//! Finds out what became of texts and calls whose sending ended without proof.
//!
//! While one of a lane is unknown, no new one of that lane starts; once none of it is being handed over,
//! what the provider lists and no row has claimed is assigned to the unknown rows.

use crate::advance::{Attempt, Change, until_stored};
use crate::carrier::Listing;
use crate::error::HostError;
use crate::outbound::Sendable;
use crate::settings::OnUnknown;
use crate::work::Host;
use engine::event::Failure;
use engine::matching::{self, Assignment, UnknownSend, Window};
use engine::outcome::Outcome;
use engine::sending::{EventKind, HistoryEvent, ReportedVia, SidSource, State, Told};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use store::record::{Guarded, Task};
use store::{Commit, Write};

impl Host {
    /// One look at the lane of something unknown.
    pub(crate) async fn settle<T: Sendable>(&self, task: &Task, item: Guarded<T>) -> Result<(), HostError> {
        let now = self.now();
        let every =
            SignedDuration::try_from(self.settings().settle_every).unwrap_or(SignedDuration::from_secs(5));
        let item = item.value;
        if self.carrier().account(item.credential()).await.is_some_and(|account| account.test) {
            // Test credentials create nothing, so nothing can be sent twice.
            return self.send_again_or_hold(task, &item, 0).await;
        }
        let lane = item.lane();
        let Some(before) = self.quiet_lane::<T>(&lane).await? else {
            return self.requeue(task, now + every).await;
        };
        let earliest = before.iter().filter_map(|row| row.value.progress().intent_at).min().unwrap_or(now);
        let listing = match item.list_lane(self.carrier(), earliest - matching::CLOCK_TOLERANCE).await {
            Ok(listing) => listing,
            Err(error) => {
                tracing::warn!(of = %item.id(), error, "the provider cannot be asked; asking again");
                return self.ask_again_or_hold(task, &item, every).await;
            }
        };
        // Rows that changed while we asked are no longer ours to judge.
        let Some(rows) = self.quiet_lane::<T>(&lane).await? else {
            return self.requeue(task, now + every).await;
        };
        let same: HashSet<_> = before.iter().map(|row| (row.value.id(), row.guard)).collect();
        let rows: Vec<_> =
            rows.into_iter().filter(|row| same.contains(&(row.value.id(), row.guard))).collect();
        let (assignment, candidates) = self.assigned(&item, &rows, &listing).await?;
        let reports: HashMap<&str, &T::Report> =
            listing.items.iter().map(T::report_of).map(|report| (report.sid(), report)).collect();
        for (id, sid) in &assignment.found {
            let row = rows.iter().find(|row| row.value.id() == id);
            if let (Some(row), Some(report)) = (row, reports.get(sid.as_str())) {
                self.found(row, report, candidates).await?;
            }
        }
        if assignment.missing.contains(item.id()) {
            return self.not_found(task, &item, candidates, every).await;
        }
        self.end_if_settled::<T>(task, item.id()).await
    }

    /// Which rows exist after all, and how many listed items no row had claimed.
    async fn assigned<T: Sendable>(
        &self,
        item: &T,
        rows: &[Guarded<T>],
        listing: &Listing<T::Provided>,
    ) -> Result<(Assignment<T::Id>, u32), HostError> {
        let mut listed: Vec<_> = listing.items.iter().filter_map(T::listed).collect();
        let sids: Vec<String> = listed.iter().map(|item| item.sid.clone()).collect();
        let claimed: HashSet<String> =
            self.store().known_sids::<T>(item.credential(), &sids).await?.into_iter().collect();
        listed.retain(|item| !claimed.contains(&item.sid));
        let candidates = u32::try_from(listed.len()).unwrap_or(u32::MAX);
        let unknown = rows.iter().map(|row| self.unknown_send(&row.value, listing.clock_offset));
        Ok((matching::assign(unknown.collect(), listed), candidates))
    }

    /// Until when a trace may still appear.
    fn window_end<T: Sendable>(&self, item: &T) -> Timestamp {
        let window = SignedDuration::try_from(self.settings().settle_window).unwrap_or(SignedDuration::MAX);
        let since = item.progress().intent_at.unwrap_or(item.created_at());
        since.checked_add(window).unwrap_or(Timestamp::MAX)
    }

    /// The lane's unknown rows, or nothing while one of it is being handed over.
    async fn quiet_lane<T: Sendable>(&self, lane: &str) -> Result<Option<Vec<Guarded<T>>>, HostError> {
        let open = self.store().lane_open::<T>(lane).await?;
        let handing_over = open.iter().any(|row| row.value.progress().state == State::Dispatching);
        Ok((!handing_over).then_some(open))
    }

    fn unknown_send<T: Sendable>(&self, item: &T, offset: SignedDuration) -> UnknownSend<T::Id> {
        let (body, text) = item.trace(&self.directory());
        UnknownSend {
            of: item.id().clone(),
            intent_at: item.progress().intent_at.unwrap_or(item.created_at()) + offset,
            body,
            text,
            window: if self.now() < self.window_end(item) { Window::Open } else { Window::Over },
        }
    }

    /// The provider has it: the row takes the listed item, and its lane goes on.
    async fn found<T: Sendable>(
        &self,
        row: &Guarded<T>,
        report: &T::Report,
        candidates: u32,
    ) -> Result<(), HostError> {
        let mut first = Some(row.clone());
        until_stored!("message", {
            let row = match first.take() {
                Some(row) => Some(row),
                None => self.store().find::<T>(row.value.id()).await?,
            };
            match row {
                Some(row) if row.value.progress().state == State::Unknown => {
                    self.try_found(row, report, candidates).await
                }
                // A callback was faster.
                _ => Ok(()),
            }
        })
    }

    async fn try_found<T: Sendable>(
        &self,
        row: Guarded<T>,
        report: &T::Report,
        candidates: u32,
    ) -> Attempt<()> {
        let now = self.now();
        let Guarded { mut value, guard } = row;
        value.absorb(report, SidSource::Matched, now);
        let mut commit = Commit { wake_lanes: vec![(value.lane(), now)], ..Commit::default() };
        let writes = T::writes(&mut commit);
        let mut event = |kind: EventKind<T::Status>| {
            writes.events.push(HistoryEvent { of: value.id().clone(), at: now, kind: kind.into() });
        };
        event(EventKind::LookedUp { found: true, candidates });
        event(EventKind::Accepted { sid: report.sid().to_owned(), source: SidSource::Matched });
        if let Some(status) = report.status() {
            let (error_code, via) = (report.error_code(), ReportedVia::Reconciliation);
            event(EventKind::StatusReported { status, error_code, via });
        }
        writes.changed.push(Write { value: value.clone(), loaded_guard: guard });
        let failure = value.failure();
        self.try_change(Change { commit, tell: value.news(failure), hint: None }).await?;
        self.wake();
        Ok(())
    }

    /// Nothing stands for it: look again until the window is over, then send it anew or hold it.
    async fn not_found<T: Sendable>(
        &self,
        task: &Task,
        item: &T,
        candidates: u32,
        every: SignedDuration,
    ) -> Result<(), HostError> {
        let now = self.now();
        let ends_at = self.window_end(item);
        if now < ends_at {
            return self.requeue(task, (now + every).min(ends_at)).await;
        }
        self.send_again_or_hold(task, item, candidates).await
    }

    /// The list cannot be had. What cannot be looked up for so long must be decided by a person; it is never
    /// sent anew without a look.
    async fn ask_again_or_hold<T: Sendable>(
        &self,
        task: &Task,
        item: &T,
        every: SignedDuration,
    ) -> Result<(), HostError> {
        let now = self.now();
        let patience = SignedDuration::try_from(self.settings().give_up_after).unwrap_or(SignedDuration::MAX);
        let since = item.progress().intent_at.unwrap_or(item.created_at());
        if now.duration_since(since) <= patience {
            return self.requeue(task, now + every).await;
        }
        until_stored!("message", self.try_settle_unseen(task, item, 0, OnUnknown::Hold).await)
    }

    async fn send_again_or_hold<T: Sendable>(
        &self,
        task: &Task,
        item: &T,
        candidates: u32,
    ) -> Result<(), HostError> {
        let policy = T::on_unknown(self.settings());
        until_stored!("message", self.try_settle_unseen(task, item, candidates, policy).await)
    }

    async fn try_settle_unseen<T: Sendable>(
        &self,
        task: &Task,
        item: &T,
        candidates: u32,
        policy: OnUnknown,
    ) -> Attempt<()> {
        let now = self.now();
        let Some(Guarded { value: mut next, guard }) = self.store().find::<T>(item.id()).await? else {
            return Ok(());
        };
        let mut commit = Commit::default();
        if next.progress().state != State::Unknown {
            commit.requeue_tasks.push((task.held(), now));
            return Ok(self.store().commit(commit).await?);
        }
        let mut events: Vec<EventKind<T::Status>> = vec![EventKind::LookedUp { found: false, candidates }];
        let progress = next.progress_mut();
        let again = policy == OnUnknown::Resend && progress.resends < self.settings().resends_max;
        let mut failure = None;
        if again {
            events.push(EventKind::SentAgain { reason: "the provider shows no trace of it".into() });
            progress.state = State::Queued;
            progress.resends += 1;
            commit.requeue_tasks.push((task.held(), now));
        } else {
            let reason = "nothing proves that it was sent or not";
            events.push(EventKind::Held { reason: reason.into() });
            progress.state = State::Held;
            commit.end_held.push(task.held());
            failure = Some(Failure { outcome: Outcome::Failed, code: None, reason: reason.into() });
        }
        next.touch(now);
        commit.wake_lanes.push((next.lane(), now));
        let writes = T::writes(&mut commit);
        let line =
            |kind: EventKind<T::Status>| HistoryEvent { of: next.id().clone(), at: now, kind: kind.into() };
        writes.events.extend(events.into_iter().map(line));
        writes.changed.push(Write { value: next.clone(), loaded_guard: guard });
        let tell = failure.and_then(|failure| next.news(Some(failure)));
        self.try_change(Change { commit, tell, hint: None }).await?;
        self.wake();
        Ok(())
    }

    async fn end_if_settled<T: Sendable>(&self, task: &Task, id: &T::Id) -> Result<(), HostError> {
        match self.store().find::<T>(id).await?.map(|now| now.value.progress().state) {
            Some(State::Unknown | State::Queued) => self.requeue(task, self.now()).await,
            // Somebody else hands it over, and its task is theirs.
            Some(State::Dispatching) => Ok(()),
            _ => self.end_task(task).await,
        }
    }
}
