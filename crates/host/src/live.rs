//! What is going on right now, for those who wait or watch. Nothing here is needed for correctness.

use engine::id::RunId;
use engine::run::Run;
use engine::sending::Lattice;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use store::record::StoredConversation;
use tokio::sync::{broadcast, oneshot, watch};

/// Something that happened, for live views. Small on purpose: details are read from the store.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveEvent {
    RunChanged {
        run: String,
        workflow: String,
        status: String,
    },
    MessageChanged {
        message: String,
        run: Option<String>,
        state: String,
        status: Option<String>,
    },
    CallChanged {
        call: String,
        run: Option<String>,
        state: String,
        status: Option<String>,
    },
    ConversationChanged {
        conversation: String,
        call: Option<String>,
        run: Option<String>,
        turn: u32,
        ended_by: Option<String>,
    },
    TextReceived {
        message: String,
        contact: String,
    },
}

impl LiveEvent {
    /// That something became of a conversation.
    pub(crate) fn conversation(stored: &StoredConversation) -> LiveEvent {
        LiveEvent::ConversationChanged {
            conversation: stored.conversation.id.to_string(),
            call: stored.call.as_ref().map(ToString::to_string),
            run: stored.origin.as_ref().map(|origin| origin.run.to_string()),
            turn: stored.conversation.turn,
            ended_by: stored.conversation.ended_by().map(|by| by.as_str().to_owned()),
        }
    }
}

/// Events to watchers, and ends of runs to those who wait for them.
pub(crate) struct Live {
    events: broadcast::Sender<LiveEvent>,
    ends: Mutex<HashMap<RunId, Vec<oneshot::Sender<Run>>>>,
}

impl Live {
    pub(crate) fn new() -> Self {
        Live { events: broadcast::channel(1024).0, ends: Mutex::default() }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.events.subscribe()
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.events.receiver_count() > 0
    }

    pub(crate) fn tell(&self, event: impl FnOnce() -> LiveEvent) {
        if self.is_watched() {
            // Nobody listening any more is no error.
            let _ = self.events.send(event());
        }
    }

    /// Register before the run can end, so that its end is not missed.
    pub(crate) fn await_end(&self, run: &RunId) -> oneshot::Receiver<Run> {
        let (sender, receiver) = oneshot::channel();
        self.ends().entry(run.clone()).or_default().push(sender);
        receiver
    }

    pub(crate) fn forget(&self, run: &RunId) {
        let mut ends = self.ends();
        if let Some(waiting) = ends.get_mut(run) {
            waiting.retain(|sender| !sender.is_closed());
            if waiting.is_empty() {
                ends.remove(run);
            }
        }
    }

    pub(crate) fn ended(&self, run: &Run) {
        let waiting = self.ends().remove(&run.id);
        for sender in waiting.into_iter().flatten() {
            // Whoever waited may have given up meanwhile.
            let _ = sender.send(run.clone());
        }
    }

    fn ends(&self) -> MutexGuard<'_, HashMap<RunId, Vec<oneshot::Sender<Run>>>> {
        self.ends.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Counts what is under way, so that whoever winds a clock can wait for quiet.
#[derive(Clone)]
pub struct Activity {
    count: Arc<watch::Sender<usize>>,
}

/// One thing under way, until dropped.
pub struct Busy(Activity);

impl Default for Activity {
    fn default() -> Self {
        Activity { count: Arc::new(watch::channel(0).0) }
    }
}

impl Activity {
    pub fn begin(&self) -> Busy {
        self.count.send_modify(|count| *count += 1);
        Busy(self.clone())
    }

    pub fn is_quiet(&self) -> bool {
        *self.count.borrow() == 0
    }

    pub async fn quiet(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count -= 1);
    }
}

impl LiveEvent {
    pub(crate) fn message(message: &engine::message::Message) -> LiveEvent {
        LiveEvent::MessageChanged {
            message: message.id.to_string(),
            run: message.origin.as_ref().map(|origin| origin.run.to_string()),
            state: message.progress.state.as_str().to_owned(),
            status: message.progress.status.map(|status| status.as_str().to_owned()),
        }
    }

    pub(crate) fn call(call: &engine::call::Call) -> LiveEvent {
        LiveEvent::CallChanged {
            call: call.id.to_string(),
            run: call.origin.as_ref().map(|origin| origin.run.to_string()),
            state: call.progress.state.as_str().to_owned(),
            status: call.progress.status.map(|status| status.as_str().to_owned()),
        }
    }
}
