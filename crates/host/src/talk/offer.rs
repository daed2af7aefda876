//! Hands a call to a line: at first, and again where the line broke off.
//!
//! What a line is reached by stands in a document that the provider asks for. It is kept like every other document of
//! a conversation, so that the same question has the same answer.

use super::open::{Found, TalkError};
use super::write::Next;
use crate::advance::{Attempt, until_stored};
use crate::error::HostError;
use crate::work::Host;
use engine::agent::LlmAgent;
use engine::conversation::EndedBy;
use engine::id::{CallId, ConversationId};
use store::record::{Exchange, LineState, StoredConversation, WebhookRecord};

/// How often the line of one call is brought back.
pub const LINE_RETURNS_MAX: u32 = 3;

/// A call that is to be handed to a line.
pub struct Offer<'a> {
    pub credential: String,
    pub call: CallId,
    /// What is asked for; the same again has the same answer.
    pub part: String,
    pub back: LineBack,
    /// Writes the document.
    pub scribe: &'a (dyn Fn(&StoredConversation, &LlmAgent) -> String + Send + Sync),
    pub webhook: WebhookRecord,
}

/// Whether the call had a line before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineBack {
    First,
    /// It broke off.
    Again,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Offered {
    Document(String),
    /// The conversation has ended, and this is left of it.
    Ended {
        by: EndedBy,
        line: LineState,
    },
    /// The line broke off too often.
    TooOften,
    /// The call is over.
    CallOver,
    /// No call of this credential is held by a language model.
    Unknown,
}

impl Host {
    /// Gives the document that hands a call to its line. It is stored with the webhook before this returns.
    ///
    /// # Errors
    /// Where the database refuses, or what is stored cannot be read.
    pub async fn offer_line(&self, offer: &Offer<'_>) -> Result<Offered, HostError> {
        let _busy = self.activity().begin();
        until_stored!("conversation", self.try_offer(offer).await)
    }

    async fn try_offer(&self, offer: &Offer<'_>) -> Attempt<Offered> {
        let id = ConversationId::of_call(&offer.call);
        let again = self.store().conversation_at(&id, 0, &offer.part).await?;
        if let Some(document) = again.and_then(|again| again.document) {
            self.keep(offer.webhook.clone(), &format!("{id} again"), &document).await?;
            return Ok(Offered::Document(document));
        }
        let found = match self.find_talk(&offer.credential, &offer.call, &id).await? {
            Ok(found) => found,
            Err(why) => return self.not_offered(offer, &id, why).await,
        };
        if let Some(by) = found.stored.conversation.ended_by() {
            self.keep(offer.webhook.clone(), &format!("{id} has ended"), "").await?;
            let line = found.stored.line.unwrap_or_default();
            return Ok(Offered::Ended { by, line });
        }
        let returns = found.stored.line.as_ref().map_or(0, |line| line.returns);
        if offer.back == LineBack::Again && returns >= LINE_RETURNS_MAX {
            self.keep(offer.webhook.clone(), &format!("{id}: the line broke off too often"), "").await?;
            return Ok(Offered::TooOften);
        }
        let document = match found.llm() {
            Ok(agent) => (offer.scribe)(&found.stored, agent),
            Err(why) => return self.not_offered(offer, &id, why).await,
        };
        let Found { mut stored, guard, entries, .. } = found;
        if offer.back == LineBack::Again {
            stored.line.get_or_insert_default().returns += 1;
        }
        stored.updated_at = self.now();
        let part = offer.part.clone();
        let exchange = Exchange { turn: 0, part, document: Some(document.clone()), entries };
        let event = match offer.back {
            LineBack::First => format!("{id} gets its line"),
            LineBack::Again => format!("{id} gets its line back"),
        };
        let webhook = WebhookRecord { event, answer_body: document.clone(), ..offer.webhook.clone() };
        let next = Next {
            stored,
            loaded_guard: guard,
            exchange,
            webhook: Some(webhook),
            steering: None,
            ending: None,
        };
        self.try_write_talk(&next).await?;
        Ok(Offered::Document(document))
    }

    async fn not_offered(&self, offer: &Offer<'_>, id: &ConversationId, why: TalkError) -> Attempt<Offered> {
        let offered = match why {
            TalkError::Unknown => Offered::Unknown,
            TalkError::Over(by) => Offered::Ended { by, line: LineState::default() },
            TalkError::CallOver => Offered::CallOver,
            TalkError::Host(error) => return Err(error.into()),
        };
        self.keep(offer.webhook.clone(), &format!("{id}: {why}"), "").await?;
        Ok(offered)
    }
}
