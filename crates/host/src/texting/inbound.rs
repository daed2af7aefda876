//! Texts from people whom an agent has asked something.

use crate::advance::Attempt;
use crate::inbound::{Draft, InboundText};
use crate::work::Host;
use engine::conversation::{HIDDEN, Heard, TurnEntry, TurnKind, What};
use engine::event::Failure;
use engine::id::TaskId;
use engine::outcome::Outcome;
use jiff::Timestamp;
use store::Commit;
use store::record::{Ending, Guarded, StoredConversation, Task, TaskKind};

impl Host {
    /// Conversations that this text may answer, as far as who wrote to whom and when can tell.
    pub(crate) async fn conversations_answered(
        &self,
        text: &InboundText,
        senders: &[String],
        said_by: Timestamp,
    ) -> Attempt<Vec<Guarded<StoredConversation>>> {
        let mut open = self.store().open_by_text(text.channel, &text.from).await?;
        open.retain(|row| {
            let stored = &row.value;
            stored.call.is_none()
                && stored.credential == text.credential
                && senders.contains(&stored.sender)
                // What somebody said before they were asked is no answer.
                && stored.asked_at.is_some_and(|asked_at| asked_at <= said_by)
        });
        Ok(open)
    }

    /// Gives a text to a conversation; whether it was one for it.
    pub(crate) async fn try_answer(
        &self,
        text: &InboundText,
        draft: &Draft,
        conversation: Guarded<StoredConversation>,
        mut commit: Commit,
    ) -> Attempt<bool> {
        let said = What::Text { text: draft.reply().text().to_owned() };
        let turn = conversation.value.conversation.turn;
        let heard = Heard { turn, what: said };
        let id = conversation.value.conversation.id.clone();
        let Some(next) = self.heard_by_text(conversation, heard, None).await? else { return Ok(false) };
        if is_sensitive(&next.advance.log) {
            hide(&mut commit, text);
        }
        for insert in &mut commit.messages.new {
            insert.value.conversation = Some(id.clone());
        }
        self.store_texted(commit, next).await?;
        Ok(true)
    }

    /// Everybody who was talking with this person by text hears that they said no.
    pub(crate) async fn end_for_opt_out(&self, commit: &mut Commit, text: &InboundText) -> Attempt<()> {
        let open = self.store().open_by_text(text.channel, &text.from).await?;
        for row in open.into_iter().filter(|row| row.value.call.is_none()) {
            let conversation = row.value.conversation.id;
            let failure =
                Failure { outcome: Outcome::OptedOut, code: None, reason: "the person said stop".to_owned() };
            let which = Ending::Of { conversation };
            commit.new_tasks.push(end_task(which, failure, self.now()));
        }
        Ok(())
    }
}

/// A task that ends conversations.
pub(crate) fn end_task(which: Ending, failure: Failure, due_at: Timestamp) -> Task {
    let id = TaskId::from_trusted(crate::ids::new_id(TaskId::PREFIX));
    Task { id, kind: TaskKind::EndConversation { which, failure }, due_at, attempts: 0 }
}

/// Whether something was said that nothing may show.
fn is_sensitive(log: &[TurnEntry]) -> bool {
    log.iter().any(|entry| matches!(entry.kind, TurnKind::Heard { sensitive: true, .. }))
}

/// Leaves out of what is kept what the person said.
fn hide(commit: &mut Commit, text: &InboundText) {
    for insert in &mut commit.messages.new {
        let content = &mut insert.value.content;
        content.body = content.body.take().map(|_| HIDDEN.to_owned());
        content.button = None;
        content.media.clear();
        content.location = None;
    }
    if let Some(webhook) = &mut commit.webhook {
        for (name, value) in &mut webhook.params {
            if text.said_in.contains(&name.as_str()) && !value.is_empty() {
                HIDDEN.clone_into(value);
            }
        }
    }
}
