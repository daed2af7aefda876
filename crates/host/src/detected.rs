//! A call that goes another way than it should: a machine that was taken for a person, and the last words where
//! something broke.

use crate::advance::{Attempt, until_stored};
use crate::converse::{Asked, Next, Scribe, answered};
use crate::error::HostError;
use crate::work::Host;
use engine::conversation::{Phrase, Utterance};
use engine::id::{CallId, ConversationId};
use store::record::{Exchange, Guarded, WebhookRecord};

/// How long the provider may take to let us break in.
const BREAK_IN_LIMIT: std::time::Duration = std::time::Duration::from_secs(5);

impl Host {
    /// Tells the conversation of a call who answered. Where that changes what is said, it is stored, and the call is
    /// broken into; a server that stops in between says it at the next turn.
    ///
    /// # Errors
    /// Where the database refuses, or what is stored cannot be read.
    pub async fn detect(
        &self,
        asked: &Asked,
        scribe: Scribe<'_>,
        webhook: WebhookRecord,
    ) -> Result<(), HostError> {
        let _busy = self.activity().begin();
        let document = until_stored!("conversation", self.try_detect(asked, scribe, webhook.clone()).await)?;
        let Some(document) = document else { return Ok(()) };
        let told = self.carrier().break_in(&asked.credential, &asked.sid, &document, BREAK_IN_LIMIT);
        if let Err(error) = told.await {
            tracing::warn!(call = %asked.call, error, "a call with an answering machine was not broken into");
        }
        Ok(())
    }

    /// The last words of a call's conversation where it goes another way than it should; nothing where none is held
    /// over it, or its language has none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn last_words(&self, call: &CallId, phrase: Phrase) -> Result<Option<Utterance>, HostError> {
        let id = ConversationId::of_call(call);
        let Some(Guarded { value: stored, .. }) = self.store().conversation(&id).await? else {
            return Ok(None);
        };
        let agent = self.agents().version(&stored.agent).await?;
        Ok(stored.conversation.last_words(&agent, phrase, self.now()))
    }

    async fn try_detect(
        &self,
        asked: &Asked,
        scribe: Scribe<'_>,
        webhook: WebhookRecord,
    ) -> Attempt<Option<String>> {
        let id = ConversationId::of_call(&asked.call);
        let found = self.store().conversation(&id).await?;
        let Some(Guarded { value: mut stored, guard }) =
            found.filter(|row| row.value.credential == asked.credential)
        else {
            self.store().put_webhook(WebhookRecord { event: "nobody talks yet".into(), ..webhook }).await?;
            return Ok(None);
        };
        let agent = self.agents().version(&stored.agent).await?;
        let Ok(advance) = stored.conversation.hear(&agent, asked.heard.clone(), self.now()) else {
            let event = format!("nothing new for {id}");
            self.store().put_webhook(WebhookRecord { event, ..webhook }).await?;
            return Ok(None);
        };
        stored.conversation = advance.conversation.clone();
        let document = (!advance.out.is_empty()).then(|| scribe(&advance.out));
        let exchange = Exchange {
            turn: stored.conversation.turn,
            part: format!("{}{guard}", asked.part),
            document: document.clone(),
            entries: advance.log.clone(),
        };
        let next = Next { stored, loaded_guard: Some(guard), advance, exchange };
        self.store_next(next, answered(webhook, &id, document.as_deref().unwrap_or_default())).await?;
        Ok(document)
    }
}
