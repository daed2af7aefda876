//! Finds out what became of texts whose sending ended without proof.
//!
//! While a text of a lane is unknown, no new one of that lane starts; once none of it is being
//! handed over, what the provider lists and no row has claimed is assigned to the unknown rows.

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::work::Host;
use engine::event::Failure;
use engine::matching::{self, Listed, TextFidelity, UnknownSend, Window};
use engine::message::{Message, MessageEvent, MessageEventKind, Report, ReportedVia, SidSource, State};
use engine::outcome::Outcome;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use store::record::{Guarded, Task};
use store::{Commit, MessageWrite};

use crate::settings::OnUnknown;

impl Host {
    /// One look at the lane of an unknown message.
    pub(crate) async fn settle(&self, task: &Task, message: Guarded<Message>) -> Result<(), HostError> {
        let now = self.now();
        let every =
            SignedDuration::try_from(self.settings().settle_every).unwrap_or(SignedDuration::from_secs(5));
        if self.carrier().account(&message.value.credential).await.is_some_and(|account| account.test) {
            // Test credentials create nothing, so nothing can be sent twice.
            return self.send_again_or_hold(task, &message.value, 0).await;
        }
        let lane = message.value.lane();
        let Some(before) = self.quiet_lane(&lane).await? else {
            return self.requeue(task, now + every).await;
        };
        let earliest = before.iter().filter_map(|row| row.value.intent_at).min().unwrap_or(now);
        let listing = match self
            .carrier()
            .list_outbound(&message.value, earliest - matching::CLOCK_TOLERANCE)
            .await
        {
            Ok(listing) => listing,
            Err(error) => {
                tracing::warn!(message = %message.value.id, error, "the provider cannot be asked; asking again");
                return self.ask_again_or_hold(task, &message.value, every).await;
            }
        };
        // Rows that changed while we asked are no longer ours to judge.
        let Some(rows) = self.quiet_lane(&lane).await? else { return self.requeue(task, now + every).await };
        let same: HashSet<_> = before.iter().map(|row| (&row.value.id, row.guard)).collect();
        let rows: Vec<_> =
            rows.into_iter().filter(|row| same.contains(&(&row.value.id, row.guard))).collect();
        let sids: Vec<String> = listing.items.iter().map(|item| item.report.sid.clone()).collect();
        let claimed: HashSet<String> =
            self.store().known_sids(&message.value.credential, &sids).await?.into_iter().collect();
        let open: HashMap<&str, &Report> = listing
            .items
            .iter()
            .filter(|item| !item.inbound && !claimed.contains(&item.report.sid))
            .map(|item| (item.report.sid.as_str(), &item.report))
            .collect();
        let listed = listing.items.iter().filter(|item| open.contains_key(item.report.sid.as_str()));
        let listed = listed.map(|item| Listed {
            sid: item.report.sid.clone(),
            created_at: item.created_at,
            body: item.body.clone(),
        });
        let unknown = rows.iter().map(|row| self.unknown_send(&row.value, listing.clock_offset));
        let assignment = matching::assign(unknown.collect(), listed.collect());
        let candidates = u32::try_from(open.len()).unwrap_or(u32::MAX);
        for (id, sid) in &assignment.found {
            let row = rows.iter().find(|row| row.value.id == *id);
            if let (Some(row), Some(report)) = (row, open.get(sid.as_str())) {
                self.found(row, report, candidates).await?;
            }
        }
        if assignment.missing.contains(&message.value.id) {
            return self.not_found(task, &message.value, candidates, every).await;
        }
        self.end_if_settled(task, &message.value).await
    }

    /// Until when a trace of a text may still appear.
    fn window_end(&self, message: &Message) -> Timestamp {
        let window = SignedDuration::try_from(self.settings().settle_window).unwrap_or(SignedDuration::MAX);
        let since = message.intent_at.unwrap_or(message.created_at);
        since.checked_add(window).unwrap_or(Timestamp::MAX)
    }

    /// The lane's unknown rows, or nothing while one of it is being handed over.
    async fn quiet_lane(&self, lane: &str) -> Result<Option<Vec<Guarded<Message>>>, HostError> {
        let open = self.store().lane_open(lane).await?;
        let handing_over = open.iter().any(|row| row.value.state == State::Dispatching);
        Ok((!handing_over).then_some(open))
    }

    fn unknown_send(&self, message: &Message, offset: SignedDuration) -> UnknownSend {
        let sender = message.service.as_deref().or(message.from.as_deref()).unwrap_or_default();
        let content = &message.content;
        let rewritten = content.template.is_some()
            // A place without words goes out with its name as the text.
            || (content.location.is_some() && content.body.is_none())
            || self.directory().rewrites_text(&message.credential, sender);
        UnknownSend {
            message: message.id.clone(),
            intent_at: message.intent_at.unwrap_or(message.created_at) + offset,
            body: message.content.body.clone().unwrap_or_default(),
            text: if rewritten { TextFidelity::MayBeRewritten } else { TextFidelity::Kept },
            window: if self.now() < self.window_end(message) { Window::Open } else { Window::Over },
        }
    }

    /// The provider has it: the row takes the listed item, and its lane goes on.
    async fn found(&self, row: &Guarded<Message>, report: &Report, candidates: u32) -> Result<(), HostError> {
        let mut first = Some(row.clone());
        until_stored!("message", {
            let row = match first.take() {
                Some(row) => Some(row),
                None => self.store().message(&row.value.id).await?,
            };
            match row {
                Some(row) if row.value.state == State::Unknown => {
                    self.try_found(row, report, candidates).await
                }
                // A callback was faster.
                _ => Ok(()),
            }
        })
    }

    async fn try_found(&self, row: Guarded<Message>, report: &Report, candidates: u32) -> Attempt<()> {
        let now = self.now();
        let Guarded { value: mut message, guard } = row;
        message.absorb(report, SidSource::Matched, now);
        let event = |kind| MessageEvent { message: message.id.clone(), at: now, kind };
        let mut events = vec![
            event(MessageEventKind::LookedUp { found: true, candidates }),
            event(MessageEventKind::Accepted { sid: report.sid.clone(), source: SidSource::Matched }),
        ];
        if let Some(status) = report.status {
            let via = ReportedVia::Reconciliation;
            events.push(event(MessageEventKind::StatusReported {
                status,
                error_code: report.error_code,
                via,
            }));
        }
        let commit = Commit {
            message_events: events,
            messages: vec![MessageWrite { message: message.clone(), loaded_guard: guard }],
            wake_lanes: vec![(message.lane(), now)],
            ..Commit::default()
        };
        let failure = Failure::of(&message);
        self.try_change(Change { commit, tell: Self::news(message, failure), hint: None }).await?;
        self.wake();
        Ok(())
    }

    /// Nothing stands for it: look again until the window is over, then send it anew or hold it.
    async fn not_found(
        &self,
        task: &Task,
        message: &Message,
        candidates: u32,
        every: SignedDuration,
    ) -> Result<(), HostError> {
        let now = self.now();
        let ends_at = self.window_end(message);
        if now < ends_at {
            return self.requeue(task, (now + every).min(ends_at)).await;
        }
        self.send_again_or_hold(task, message, candidates).await
    }

    /// The list cannot be had. What cannot be looked up for so long must be decided by a person; it is never
    /// sent anew without a look.
    async fn ask_again_or_hold(
        &self,
        task: &Task,
        message: &Message,
        every: SignedDuration,
    ) -> Result<(), HostError> {
        let now = self.now();
        let patience = SignedDuration::try_from(self.settings().give_up_after).unwrap_or(SignedDuration::MAX);
        if now.duration_since(message.intent_at.unwrap_or(message.created_at)) <= patience {
            return self.requeue(task, now + every).await;
        }
        until_stored!("message", self.try_settle_unseen(task, message, 0, OnUnknown::Hold).await)
    }

    async fn send_again_or_hold(
        &self,
        task: &Task,
        message: &Message,
        candidates: u32,
    ) -> Result<(), HostError> {
        let policy = self.settings().on_unknown;
        until_stored!("message", self.try_settle_unseen(task, message, candidates, policy).await)
    }

    async fn try_settle_unseen(
        &self,
        task: &Task,
        message: &Message,
        candidates: u32,
        policy: OnUnknown,
    ) -> Attempt<()> {
        let now = self.now();
        let Some(Guarded { value: mut next, guard }) = self.store().message(&message.id).await? else {
            return Ok(());
        };
        let mut commit = Commit::default();
        if next.state != State::Unknown {
            commit.requeue_tasks.push((task.held(), now));
            return Ok(self.store().commit(commit).await?);
        }
        let mut event =
            |kind| commit.message_events.push(MessageEvent { message: next.id.clone(), at: now, kind });
        event(MessageEventKind::LookedUp { found: false, candidates });
        let again = policy == OnUnknown::Resend && next.resends < self.settings().resends_max;
        let mut tell = None;
        if again {
            event(MessageEventKind::SentAgain { reason: "the provider shows no trace of it".into() });
            next.state = State::Queued;
            next.resends += 1;
            commit.requeue_tasks.push((task.held(), now));
        } else {
            let reason = "nothing proves that it was sent or not";
            event(MessageEventKind::Held { reason: reason.into() });
            next.state = State::Held;
            commit.end_held.push(task.held());
            let failure = Failure { outcome: Outcome::Failed, code: None, reason: reason.into() };
            tell = Some(failure);
        }
        next.updated_at = now;
        commit.wake_lanes.push((next.lane(), now));
        commit.messages.push(MessageWrite { message: next.clone(), loaded_guard: guard });
        let tell = tell.and_then(|failure| Self::news(next, Some(failure)));
        self.try_change(Change { commit, tell, hint: None }).await?;
        self.wake();
        Ok(())
    }

    async fn end_if_settled(&self, task: &Task, message: &Message) -> Result<(), HostError> {
        match self.store().message(&message.id).await? {
            Some(now) if matches!(now.value.state, State::Unknown | State::Queued) => {
                self.requeue(task, self.now()).await
            }
            // Somebody else hands it over, and its task is theirs.
            Some(now) if now.value.state == State::Dispatching => Ok(()),
            _ => self.end_task(task).await,
        }
    }
}
