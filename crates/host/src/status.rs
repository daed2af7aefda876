//! Takes in what the provider says of a text of ours: by callback, or because we asked.

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::ids::new_id;
use crate::work::Host;
use engine::event::Failure;
use engine::id::{MessageId, TaskId};
use engine::message::{Message, MessageEvent, MessageEventKind, Report, ReportedVia, SidSource, State};
use engine::outcome;
use store::record::{Guarded, Suppression, SuppressionReason, Task, TaskKind, WebhookRecord};
use store::{Commit, CommitError, MessageWrite};

/// A status of a text, with whatever names the text.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusReport {
    pub credential: String,
    /// Our id, where the callback's address carries it.
    pub message: Option<MessageId>,
    pub report: Report,
    pub via: ReportedVia,
}

impl Host {
    /// Stores a status and tells the run. What it led to, in a few words. A webhook that is given is
    /// stored in the same transaction, with these words as its event.
    ///
    /// # Errors
    /// Where the database refuses; the provider is then to ask again.
    pub async fn report_status(
        &self,
        status: StatusReport,
        webhook: Option<WebhookRecord>,
    ) -> Result<String, HostError> {
        let _busy = self.activity().begin();
        until_stored!("message", self.try_report_status(&status, webhook.clone()).await)
    }

    async fn try_report_status(
        &self,
        status: &StatusReport,
        webhook: Option<WebhookRecord>,
    ) -> Attempt<String> {
        let mut commit = Commit::default();
        let Some(row) = self.row_of(status).await? else {
            return self.note(commit, webhook, "no text of ours".into()).await;
        };
        let now = self.now();
        let Guarded { value: mut message, guard } = row;
        let newly_known = message.sid.is_none();
        let source =
            if status.via == ReportedVia::Callback { SidSource::Callback } else { SidSource::Matched };
        if !message.absorb(&status.report, source, now) {
            return self.note(commit, webhook, format!("nothing new for {}", message.id)).await;
        }
        let mut event =
            |kind| commit.message_events.push(MessageEvent { message: message.id.clone(), at: now, kind });
        if newly_known {
            event(MessageEventKind::Accepted { sid: status.report.sid.clone(), source });
        }
        if let Some(reported) = status.report.status {
            let error_code = status.report.error_code;
            event(MessageEventKind::StatusReported { status: reported, error_code, via: status.via });
        }
        if message.error_code == Some(outcome::OPTED_OUT_CODE) {
            commit.suppress.push(Suppression {
                channel: message.channel,
                address: message.to.clone(),
                reason: SuppressionReason::Provider,
                since: now,
            });
        }
        if newly_known {
            commit.wake_lanes.push((message.lane(), now));
        }
        let words = match message.status {
            Some(standing) => format!("{} is {}", message.id, standing.as_str()),
            None => format!("{} is known to the provider", message.id),
        };
        commit.webhook = webhook.map(|webhook| WebhookRecord { event: words.clone(), ..webhook });
        commit.messages.push(MessageWrite { message: message.clone(), loaded_guard: guard });
        let failure = Failure::of(&message);
        self.try_change(Change { commit, tell: Self::news(message, failure), hint: None }).await?;
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
    async fn row_of(&self, status: &StatusReport) -> Result<Option<Guarded<Message>>, HostError> {
        let named = match &status.message {
            Some(id) => self.store().message(id).await?,
            None => None,
        };
        let named = named.filter(|row| row.value.credential == status.credential);
        let known = self.store().message_by_sid(&status.credential, &status.report.sid).await?;
        let Some(known) = known else { return self.unknown_row(named, status).await };
        let Some(named) = named else { return Ok(Some(known)) };
        if self.was_mistaken(&known, &named).await? {
            // The address proves whose text it is: the row that a look-up gave it to is unknown again.
            return Ok(self.store().message(&named.value.id).await?);
        }
        Ok(Some(known))
    }

    /// A text that no row has yet.
    async fn unknown_row(
        &self,
        named: Option<Guarded<Message>>,
        status: &StatusReport,
    ) -> Result<Option<Guarded<Message>>, HostError> {
        let Some(row) = named else { return Ok(None) };
        if row.value.sid.is_none() {
            return Ok(Some(row));
        }
        // The row was given an alike text's SID by a look-up. Rows that are alike are
        // interchangeable: one of the lane that is still unknown takes this text.
        let open = self.store().lane_open(&row.value.lane()).await?;
        let alike = |other: &Guarded<Message>| {
            other.value.state == State::Unknown && other.value.content == row.value.content
        };
        let other = open.into_iter().find(alike);
        if other.is_none() {
            let (message, sid) = (&row.value.id, &status.report.sid);
            tracing::warn!(%message, sid, "the provider has a text that nobody asked for");
        }
        Ok(other)
    }

    /// Whether a look-up gave a text to a row that says something else than the row that it belongs to. Then
    /// the wrong row is looked up again; its run keeps the branch that it took.
    async fn was_mistaken(
        &self,
        known: &Guarded<Message>,
        named: &Guarded<Message>,
    ) -> Result<bool, HostError> {
        let mistaken = known.value.id != named.value.id
            && known.value.sid_source == Some(SidSource::Matched)
            && named.value.state == State::Unknown
            && known.value.content != named.value.content;
        if !mistaken {
            return Ok(false);
        }
        let now = self.now();
        let mut wrong = known.value.clone();
        wrong.state = State::Unknown;
        (wrong.sid, wrong.sid_source, wrong.status) = (None, None, None);
        wrong.updated_at = now;
        let reason = "the text that was taken for it belongs to another".to_owned();
        let kind = MessageEventKind::Unknown { reason };
        let task = Task {
            id: TaskId::from_trusted(new_id(TaskId::PREFIX)),
            kind: TaskKind::Send { message: wrong.id.clone() },
            due_at: now,
            attempts: 0,
        };
        let commit = Commit {
            message_events: vec![MessageEvent { message: wrong.id.clone(), at: now, kind }],
            messages: vec![MessageWrite { message: wrong, loaded_guard: known.guard }],
            new_tasks: vec![task],
            ..Commit::default()
        };
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
