//! Takes in what happens on the line of a call: who answered, what was pressed, that all was said.

use crate::advance::{Attempt, Change, until_stored};
use crate::error::HostError;
use crate::work::Host;
use engine::call::{Call, CallEvent, CallEventKind, LineEvent};
use engine::id::CallId;
use engine::sending::Outbound;
use store::record::{Guarded, WebhookRecord};
use store::{Commit, Write};

impl Host {
    /// Stores what happened on a call's line, and tells its run. The call as it stands then; nothing where there
    /// is no such call of this credential. A webhook that is given is stored in the same transaction.
    ///
    /// What is told twice changes nothing the second time.
    ///
    /// # Errors
    /// Where the database refuses; the provider is then to ask again.
    pub async fn report_line(
        &self,
        credential: &str,
        id: &CallId,
        event: &LineEvent,
        webhook: Option<WebhookRecord>,
    ) -> Result<Option<Call>, HostError> {
        let _busy = self.activity().begin();
        until_stored!("call", self.try_report_line(credential, id, event, webhook.clone()).await)
    }

    async fn try_report_line(
        &self,
        credential: &str,
        id: &CallId,
        event: &LineEvent,
        webhook: Option<WebhookRecord>,
    ) -> Attempt<Option<Call>> {
        let now = self.now();
        let found = self.store().find::<Call>(id).await?.filter(|row| row.value.credential == credential);
        let mut commit = Commit::default();
        let Some(Guarded { mut value, guard }) = found else {
            let words = "no call of ours".to_owned();
            commit.webhook = webhook.map(|webhook| WebhookRecord { event: words, ..webhook });
            self.store().commit(commit).await?;
            return Ok(None);
        };
        let is_new = value.happened(event, now);
        let words = if is_new { format!("news of {id}") } else { format!("nothing new for {id}") };
        commit.webhook = webhook.map(|webhook| WebhookRecord { event: words, ..webhook });
        if !is_new {
            self.store().commit(commit).await?;
            return Ok(Some(value));
        }
        let kind = CallEventKind::Line(event.clone());
        commit.calls.events.push(CallEvent { of: id.clone(), at: now, kind });
        commit.calls.changed.push(Write { value: value.clone(), loaded_guard: guard });
        let failure = value.failure();
        let tell = value.clone().news(failure);
        self.try_change(Change { commit, tell, hint: None }).await?;
        Ok(Some(value))
    }
}
