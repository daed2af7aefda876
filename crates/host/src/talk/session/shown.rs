//! What a session lets others see: its line, and whoever winds a clock.

use super::{Work, dialogue_of};
use crate::talk::{Stage, Standing};
use engine::conversation::EndedBy;
use engine::llm::dialogue::Phase;
use std::sync::Arc;
use store::record::StoredConversation;

impl Work {
    /// Whoever winds a clock waits while something is under way.
    pub(super) fn count_as_busy(&mut self) {
        let is_busy = self.flight.is_some()
            || self.thinking.is_some()
            || !self.tools.is_empty()
            || self.sheaf.is_wanted();
        if !is_busy {
            self.busy = None;
        } else if self.busy.is_none() {
            self.busy = Some(self.host.activity().begin());
        }
    }

    /// Lets the line have the words of a sentence that is not whole yet: once what the caller said is on disk, and all
    /// that was said before them.
    pub(super) fn show_draft(&mut self) {
        let said = self.line().said;
        if said != self.said_on_disk || self.dialogue().turn != self.standing.borrow().turn {
            return;
        }
        let Some(draft) = self.stored.conversation.draft(&self.persona) else { return };
        self.times.sentence();
        self.standing.send_if_modified(|standing| {
            let is_new = standing.draft != draft;
            draft.clone_into(&mut standing.draft);
            is_new
        });
    }

    /// Lets the line know that the answer it sees the beginning of has come to its end.
    pub(super) fn show_done(&mut self) {
        let done = self.is_done(&self.standing.borrow().stage);
        self.standing.send_if_modified(|standing| std::mem::replace(&mut standing.done, done) != done);
    }

    /// Whether the answer that others see at this stage has come to its end meanwhile.
    pub(super) fn is_done(&self, shown: &Stage) -> bool {
        *shown == Stage::Writing && !self.is_replying()
    }

    /// As the newest value has it, which may be ahead of the disk.
    pub(super) fn is_replying(&self) -> bool {
        matches!(self.dialogue().phase, Phase::Replying { .. })
    }
}

/// How a conversation stands, with nothing that is not in `stored`.
pub(super) fn standing_of(stored: &StoredConversation, interruptions: u32) -> Standing {
    let dialogue = dialogue_of(stored);
    let line = stored.line.clone().unwrap_or_default();
    let stage = match (&dialogue.phase, stored.conversation.ended_by(), line.transfer.clone()) {
        (_, Some(EndedBy::Transfer), Some(transfer)) => Stage::Transferring(transfer),
        (_, Some(by), _) => Stage::Ended { by },
        (Phase::Waiting, ..) => Stage::Waiting,
        (Phase::Asking { asking }, ..) => Stage::Asking(Box::new(asking.ask.clone())),
        (Phase::Replying { .. }, ..) if !dialogue.at_work.is_empty() => Stage::AtWork,
        (Phase::Replying { .. }, ..) => Stage::Writing,
        _ => Stage::Listening,
    };
    Standing {
        epoch: line.epoch,
        turn: dialogue.turn,
        language: dialogue.language.clone(),
        outbox: Arc::new(line.outbox),
        draft: String::new(),
        done: false,
        interruptions,
        confidential: stored.keeps_secrets(),
        stage,
    }
}
