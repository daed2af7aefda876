//! Answers that wait until somebody releases them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::{Notify, oneshot};
use utoipa::ToSchema;

use crate::journal::Subject;

/// A request whose answer is being held.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    pub id: u64,
    /// The rule that holds it.
    pub rule: u64,
    pub method: String,
    pub path: String,
    /// The message that the request is about, where it is about one; before it has done anything, none.
    pub message_sid: Option<String>,
    /// The call that the request is about, as above.
    pub call_sid: Option<String>,
}

#[derive(Default)]
pub(crate) struct Holds {
    inner: Mutex<Inner>,
    changed: Notify,
}

#[derive(Default)]
struct Inner {
    next_id: u64,
    held: Vec<(Held, oneshot::Sender<()>)>,
}

impl Holds {
    /// Waits until the request is released, or forgets it where the future is dropped.
    pub(crate) async fn hold(&self, rule: u64, method: String, path: String, subject: Subject) {
        let (release, released) = oneshot::channel();
        {
            let mut inner = self.inner();
            inner.next_id += 1;
            let id = inner.next_id;
            let Subject { message_sid, call_sid } = subject;
            inner.held.push((Held { id, rule, method, path, message_sid, call_sid }, release));
        }
        self.changed.notify_waiters();
        // A dropped sender releases too.
        let _ = released.await;
    }

    /// What is held now. A request whose client has gone away is not.
    pub(crate) fn list(&self) -> Vec<Held> {
        let mut inner = self.inner();
        inner.held.retain(|(_, release)| !release.is_closed());
        inner.held.iter().map(|(held, _)| held.clone()).collect()
    }

    /// As [`Holds::list`], as soon as there is anything in it.
    pub(crate) async fn wait(&self) -> Vec<Held> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let held = self.list();
            if !held.is_empty() {
                return held;
            }
            changed.await;
        }
    }

    /// Whether there was such a request.
    pub(crate) fn release(&self, id: u64) -> bool {
        let mut inner = self.inner();
        let Some(index) = inner.held.iter().position(|(held, _)| held.id == id) else { return false };
        let (_, release) = inner.held.remove(index);
        release.send(()).is_ok()
    }

    pub(crate) fn release_all(&self) {
        self.inner().held.clear();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
