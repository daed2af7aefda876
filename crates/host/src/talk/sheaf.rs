//! What the next commit of a conversation holds.

use super::handle::{Keep, NotKept};
use crate::Steering;
use engine::conversation::TurnEntry;
use engine::llm::question::{Call, Question};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long what the caller said waits for the first sentence of the answer, so that a model that answers at once
/// makes one commit of both.
pub(super) const WORDS_WAIT: Duration = Duration::from_millis(2);
/// How long something waits for other things to be stored that nobody waits for.
pub(super) const IDLE_WAIT: Duration = Duration::from_millis(50);
/// How long something waits that may as well go with the next turn.
const SOME_TIME: Duration = Duration::from_secs(5);

/// Gathered since the last commit began.
#[derive(Default)]
pub(super) struct Sheaf {
    /// When it is to be stored; nothing where there is nothing that matters.
    due: Option<Instant>,
    /// When what is left is to be stored, if it went with nothing else.
    some_time: Option<Instant>,
    pub(super) entries: Vec<TurnEntry>,
    pub(super) keep: Option<Kept>,
    pub(super) after: Vec<After>,
    /// What becomes of the recording; the last word counts.
    pub(super) steering: Option<Steering>,
    /// Documents beyond the first: a commit holds one exchange.
    behind: VecDeque<Kept>,
}

pub(super) type Kept = (Keep, oneshot::Sender<Result<(), NotKept>>);

/// What is done once it is on disk.
#[derive(Debug)]
pub(super) enum After {
    Ask { asked: u32, question: Box<Question> },
    Perform { call: Call, key: String },
}

impl Sheaf {
    /// Something changed that is to be stored within that time.
    pub(super) fn want(&mut self, within: Duration) {
        let at = Instant::now() + within;
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Something is to be stored that nobody misses: with the next commit, or after some time.
    pub(super) fn want_some_time(&mut self) {
        self.some_time.get_or_insert_with(|| Instant::now() + SOME_TIME);
    }

    /// Whether something is to be stored that matters.
    pub(super) fn is_wanted(&self) -> bool {
        self.due.is_some()
    }

    /// When it is to be stored.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due.into_iter().chain(self.some_time).min()
    }

    pub(super) fn keep(&mut self, kept: Kept) {
        self.want(Duration::ZERO);
        if self.keep.is_none() {
            self.keep = Some(kept);
        } else {
            self.behind.push_back(kept);
        }
    }

    /// Everything for the commit that begins now.
    pub(super) fn take(&mut self) -> Sheaf {
        let mut taken = std::mem::take(self);
        self.keep = taken.behind.pop_front();
        self.behind = std::mem::take(&mut taken.behind);
        if self.keep.is_some() {
            self.want(Duration::ZERO);
        }
        taken
    }

    /// A call that is not wanted any more is not begun.
    pub(super) fn forget_call(&mut self, id: &str) {
        self.after.retain(|after| !matches!(after, After::Perform { call, .. } if call.id == id));
    }

    /// Tells everybody whose document waits that it will not be stored.
    pub(super) fn refuse(&mut self, why: &NotKept) {
        for (_, reply) in self.keep.take().into_iter().chain(self.behind.drain(..)) {
            // Whoever asked may have gone away.
            let _ = reply.send(Err(why.clone()));
        }
    }
}
