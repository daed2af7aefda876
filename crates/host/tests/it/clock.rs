//! A clock that stands until it is moved.

use host::Clock;
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Clone)]
pub(crate) struct ManualClock(Arc<watch::Sender<i64>>);

impl ManualClock {
    pub(crate) fn new() -> Self {
        ManualClock(Arc::new(watch::channel(1_800_000_000_000).0))
    }

    pub(crate) fn now_ms(&self) -> i64 {
        *self.0.borrow()
    }

    /// Never backwards.
    pub(crate) fn move_to(&self, at_ms: i64) {
        self.0.send_modify(|now| *now = at_ms.max(*now));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms()).expect("within range")
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            // The clock outlives whoever waits for it, or nobody cares any more.
            let _ = shown.wait_for(|now| *now >= at.as_millisecond()).await;
        })
    }
}
