//! Knowing when nothing is going on: no callback in flight, no due step of the pretend world undone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use crate::agenda::Agenda;
use crate::clock::Clock;

/// Counts what is in flight. Whoever winds the clock waits for [`Activity::quiet`] between two steps.
///
/// Counted: webhooks from the moment they are decided until their last attempt has ended and its answer was
/// acted upon, media being fetched, and every entry of the agenda whose time has come. Not counted: REST
/// requests being answered, because a held answer would then never be quiet.
#[derive(Clone)]
pub struct Activity(Arc<Shared>);

struct Shared {
    in_flight: AtomicUsize,
    idle: Notify,
    agenda: Arc<Agenda>,
    clock: Arc<dyn Clock>,
}

/// Something in flight; it ends when this is dropped.
pub(crate) struct InFlight(Arc<Shared>);

impl Activity {
    pub(crate) fn new(agenda: Arc<Agenda>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { in_flight: AtomicUsize::new(0), idle: Notify::new(), agenda, clock }))
    }

    /// How many things are in flight now.
    pub fn busy(&self) -> usize {
        self.0.in_flight.load(Ordering::SeqCst)
    }

    /// Resolves when nothing is in flight and nothing that is due is undone.
    pub async fn quiet(&self) {
        loop {
            let idle = self.0.idle.notified();
            tokio::pin!(idle);
            idle.as_mut().enable();
            if self.busy() == 0 && !self.0.agenda.is_overdue(self.0.clock.now()) {
                return;
            }
            idle.await;
        }
    }

    pub(crate) fn begin(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Ordering::SeqCst);
        InFlight(Arc::clone(&self.0))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if self.0.in_flight.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}
