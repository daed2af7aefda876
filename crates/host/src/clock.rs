//! Domain time. Leases, request limits and sockets live in real time and never ask this clock.

use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;

pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;

    /// Ends when the clock shows `at`, however it comes to that.
    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // Whole milliseconds: what is stored and what is in memory are then the same.
        Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let left_ms = at.as_millisecond().saturating_sub(self.now().as_millisecond()).max(0);
        // The machine's clock may be set meanwhile, so a long sleep looks up from time to time.
        let nap = std::time::Duration::from_millis(u64::try_from(left_ms).unwrap_or(0).min(60_000));
        Box::pin(async move { tokio::time::sleep(nap).await })
    }
}
