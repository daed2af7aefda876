//! Takes in what the provider says of a text or a call of ours: by callback, or because we asked.

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::ids::new_id;
use crate::outbound::Sendable;
use crate::work::Host;
use engine::call::Call;
use engine::id::TaskId;
use engine::message::Message;
use engine::outcome;
use engine::sending::{
    Direction, EventKind, HistoryEvent, Lattice, Outbound, ReportedVia, SidSource, State, Told,
};
use store::record::{Guarded, Suppression, SuppressionReason, Task, WebhookRecord};
use store::{Commit, CommitError, Write};

/// A status of a text or a call, with whatever names it.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusReport<T: Outbound = Message> {
    pub credential: String,
    /// Our id, where the callback's address carries it.
    pub of: Option<T::Id>,
    pub report: T::Report,
    pub via: ReportedVia,
}

impl Host {
    /// Stores a status of a text and tells the run. What it led to, in a few words. A webhook that is given is
    /// stored in the same transaction, with these words as its event.
    ///
    /// # Errors
    /// Where the database refuses; the provider is then to ask again.
    pub async fn report_status(
        &self,
        status: StatusReport,
        webhook: Option<WebhookRecord>,
    ) -> Result<String, HostError> {
        self.report(status, webhook).await
    }

    /// The same for a call.
    ///
    /// # Errors
    /// As [`Host::report_status`].
    pub async fn report_call(
        &self,
        status: StatusReport<Call>,
        webhook: Option<WebhookRecord>,
    ) -> Result<String, HostError> {
        self.report(status, webhook).await
    }

    pub(crate) async fn report<T: Sendable>(
        &self,
        status: StatusReport<T>,
        webhook: Option<WebhookRecord>,
    ) -> Result<String, HostError> {
        let _busy = self.activity().begin();
        until_stored!("message", self.try_report(&status, webhook.clone()).await)
    }

    async fn try_report<T: Sendable>(
        &self,
        status: &StatusReport<T>,
        webhook: Option<WebhookRecord>,
    ) -> Attempt<String> {
        let mut commit = Commit::default();
        let Some(row) = self.row_of(status).await? else {
            let words = format!("no {} of ours", T::KIND.noun());
            return self.note(commit, webhook, words).await;
        };
        let now = self.now();
        let Guarded { mut value, guard } = row;
        let newly_known = value.progress().sid.is_none();
        let source =
            if status.via == ReportedVia::Callback { SidSource::Callback } else { SidSource::Matched };
        if !value.absorb(&status.report, source, now) {
            return self.note(commit, webhook, format!("nothing new for {}", value.id())).await;
        }
        if value.progress().error_code == Some(outcome::OPTED_OUT_CODE) {
            commit.suppress.push(Suppression {
                channel: value.channel(),
                address: value.contact().to_owned(),
                reason: SuppressionReason::Provider,
                since: now,
            });
        }
        if newly_known {
            commit.wake_lanes.push((value.lane(), now));
        }
        let words = match value.progress().status {
            Some(standing) => format!("{} is {}", value.id(), standing.as_str()),
            None => format!("{} is known to the provider", value.id()),
        };
        commit.webhook = webhook.map(|webhook| WebhookRecord { event: words.clone(), ..webhook });
        let writes = T::writes(&mut commit);
        let mut event = |kind: EventKind<T::Status>| {
            writes.events.push(HistoryEvent { of: value.id().clone(), at: now, kind: kind.into() });
        };
        if newly_known {
            event(EventKind::Accepted { sid: status.report.sid().to_owned(), source });
        }
        if let Some(reported) = status.report.status() {
            let error_code = status.report.error_code();
            event(EventKind::StatusReported { status: reported, error_code, via: status.via });
        }
        // The end of a call ends what was said on it, in the same commit.
        let failure = value.failure();
        let told = T::line_ended(self, &mut commit, &mut value, failure.as_ref()).await?;
        T::writes(&mut commit).changed.push(Write { value: value.clone(), loaded_guard: guard });
        let tell = told.or_else(|| value.news(failure));
        let over: Vec<_> =
            commit.conversations.iter().map(|write| write.value.conversation.id.clone()).collect();
        self.try_change(Change { commit, tell, hint: None }).await?;
        for conversation in over {
            self.sessions().call_over(&conversation);
        }
        if newly_known {
            self.wake();
        }
        Ok(words)
    }

    async fn note(
        &self,
        mut commit: Commit,
        webhook: Option<WebhookRecord>,
        words: String,
    ) -> Attempt<String> {
        if let Some(webhook) = webhook {
            commit.webhook = Some(WebhookRecord { event: words.clone(), ..webhook });
            self.store().commit(commit).await?;
        }
        Ok(words)
    }

    /// The row that a report is about: by SID, else by our id.
    async fn row_of<T: Sendable>(&self, status: &StatusReport<T>) -> Result<Option<Guarded<T>>, HostError> {
        let named = match &status.of {
            Some(id) => self.store().find::<T>(id).await?,
            None => None,
        };
        let named = named.filter(|row| row.value.credential() == status.credential);
        let known = self.store().find_by_sid::<T>(&status.credential, status.report.sid()).await?;
        let Some(known) = known else { return self.unknown_row(named, status).await };
        let Some(named) = named else { return Ok(Some(known)) };
        if self.was_mistaken(&known, &named).await? {
            // The address proves whose it is: the row that a look-up gave it to is unknown again.
            return Ok(self.store().find(named.value.id()).await?);
        }
        Ok(Some(known))
    }

    /// Something that no row has yet.
    async fn unknown_row<T: Sendable>(
        &self,
        named: Option<Guarded<T>>,
        status: &StatusReport<T>,
    ) -> Result<Option<Guarded<T>>, HostError> {
        let Some(mut row) = named else { return Ok(None) };
        if row.value.progress().sid.is_none() {
            return Ok(Some(row));
        }
        // The row was given an alike one's SID by a look-up. Rows that are alike are
        // interchangeable: one of the lane that is still unknown takes this.
        let open = self.store().lane_open::<T>(&row.value.lane()).await?;
        let alike = |other: &Guarded<T>| {
            other.value.progress().state == State::Unknown && other.value.is_alike(&row.value)
        };
        if let Some(other) = open.into_iter().find(alike) {
            return Ok(Some(other));
        }
        let kind = T::KIND;
        if row.value.progress().sid_source == Some(SidSource::Matched) && kind == engine::sending::Kind::Call
        {
            // A list does not say what is spoken in a call, so a look-up may have taken a stranger's. The address
            // proves which one is ours.
            row.value.progress_mut().forget_sid();
            return Ok(Some(row));
        }
        let (of, sid) = (row.value.id(), status.report.sid());
        tracing::warn!(%of, sid, "the provider has a {} that nobody asked for", kind.noun());
        Ok(None)
    }

    /// Whether a look-up gave something to a row that says something else than the row that it belongs to. Then
    /// the wrong row is looked up again; its run keeps the branch that it took.
    async fn was_mistaken<T: Sendable>(
        &self,
        known: &Guarded<T>,
        named: &Guarded<T>,
    ) -> Result<bool, HostError> {
        let mistaken = known.value.id() != named.value.id()
            && known.value.direction() == Direction::Outbound
            && known.value.progress().sid_source == Some(SidSource::Matched)
            && named.value.progress().state == State::Unknown
            && !known.value.is_alike(&named.value);
        if !mistaken {
            return Ok(false);
        }
        let now = self.now();
        let mut wrong = known.value.clone();
        wrong.progress_mut().state = State::Unknown;
        wrong.progress_mut().forget_sid();
        wrong.touch(now);
        let reason = format!("the {} that was taken for it belongs to another", T::KIND.noun());
        let kind = EventKind::Unknown { reason };
        let task = Task {
            id: TaskId::from_trusted(new_id(TaskId::PREFIX)),
            kind: T::task(wrong.id()),
            due_at: now,
            attempts: 0,
        };
        let mut commit = Commit { new_tasks: vec![task], ..Commit::default() };
        let writes = T::writes(&mut commit);
        writes.events.push(HistoryEvent { of: wrong.id().clone(), at: now, kind: kind.into() });
        writes.changed.push(Write { value: wrong, loaded_guard: known.guard });
        match self.store().commit(commit).await {
            Ok(()) => {
                self.wake();
                Ok(true)
            }
            // It changed meanwhile: the next report about it tells.
            Err(CommitError::Conflict(_)) => Ok(false),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }
}
