//! The clock of `dev`: it goes with the machine's and can be wound forward, for the host and the emulator at once.
//!
//! Winding steps from one due moment to the next, in order, and at each waits until nothing is under way on
//! either side. Leases, sockets and time limits of requests are real time and never see it.

use host::Host;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A clock that can be wound. It never goes backwards.
pub struct WindableClock {
    start: Timestamp,
    since: Instant,
    face: Mutex<Face>,
    /// One winds at a time.
    winding: tokio::sync::Mutex<()>,
    host: OnceLock<Host>,
    emulator: OnceLock<emulator::Activity>,
}

#[derive(Default)]
struct Face {
    wound: SignedDuration,
    next_ticket: u64,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

/// How long one step of winding waits for quiet, in real time, before it goes on regardless.
const QUIET_LIMIT: Duration = Duration::from_secs(20);
/// Between two looks at whether the loop has taken what is due.
const LOOK_EVERY: Duration = Duration::from_millis(1);

impl Default for WindableClock {
    fn default() -> Self {
        WindableClock {
            start: Timestamp::now(),
            since: Instant::now(),
            face: Mutex::default(),
            winding: tokio::sync::Mutex::default(),
            host: OnceLock::new(),
            emulator: OnceLock::new(),
        }
    }
}

impl WindableClock {
    /// Names the host whose work is waited for. Without one, only the emulator is.
    pub fn attach_host(&self, host: Host) {
        // A second host on the same clock would not be waited for; there is one in every process.
        let _ = self.host.set(host);
    }

    /// Winds forward by `by`; the new present.
    pub async fn advance(&self, by: SignedDuration) -> Timestamp {
        let _alone = self.winding.lock().await;
        let target = self.now().checked_add(by.max(SignedDuration::ZERO)).unwrap_or(Timestamp::MAX);
        loop {
            self.quiet().await;
            let next = self.next_due().await.filter(|due| *due < target).unwrap_or(target);
            self.show(next);
            if next == target {
                self.quiet().await;
                return self.now();
            }
        }
    }

    /// The first moment that somebody waits for, sleeping or stored.
    async fn next_due(&self) -> Option<Timestamp> {
        let stored = match self.host.get() {
            Some(host) => host.store().next_due().await.ok().and_then(|next| next.due_at),
            None => None,
        };
        let mut face = self.face();
        face.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        let slept_for = face.sleepers.first_key_value().map(|((at, _), _)| *at);
        [stored, slept_for].into_iter().flatten().min()
    }

    /// Waits until nothing is under way and nothing that is due is left.
    async fn quiet(&self) {
        let settled = async {
            while !self.is_settled().await {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(QUIET_LIMIT, settled).await.is_err() {
            tracing::warn!("work goes on while the clock is wound");
        }
    }

    async fn is_settled(&self) -> bool {
        if let Some(emulator) = self.emulator.get() {
            emulator.quiet().await;
        }
        if let Some(host) = self.host.get() {
            host.activity().quiet().await;
            let due = host.store().next_due().await.ok().and_then(|next| next.due_at);
            if due.is_some_and(|due| due <= self.now()) || !host.activity().is_quiet() {
                return false;
            }
        }
        self.emulator.get().is_none_or(|emulator| emulator.busy() == 0)
    }

    /// Moves the hands to `instant`, unless they are past it, and wakes whoever waited for that.
    fn show(&self, instant: Timestamp) {
        let mut face = self.face();
        let ahead = instant.duration_since(self.shown(&face));
        if ahead.is_positive() {
            face.wound = face.wound.checked_add(ahead).unwrap_or(SignedDuration::MAX);
        }
        while let Some(first) = face.sleepers.first_entry() {
            if first.key().0 > instant {
                break;
            }
            // The sleeper may have gone away meanwhile.
            let _ = first.remove().send(());
        }
    }

    fn now(&self) -> Timestamp {
        let now = self.shown(&self.face());
        // Whole milliseconds: what is stored and what is in memory are then the same.
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn shown(&self, face: &Face) -> Timestamp {
        let run = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        let passed = face.wound.checked_add(run).unwrap_or(SignedDuration::MAX);
        self.start.checked_add(passed).unwrap_or(Timestamp::MAX)
    }

    fn sleep(&self, until: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (wake, woken) = oneshot::channel();
        let left = {
            let mut face = self.face();
            let left = until.duration_since(self.shown(&face));
            if !left.is_positive() {
                return Box::pin(std::future::ready(()));
            }
            // Sleepers that were dropped are swept now and then, so that they do not pile up.
            if face.sleepers.len() % 64 == 63 {
                face.sleepers.retain(|_, sleeper| !sleeper.is_closed());
            }
            let ticket = face.next_ticket;
            face.next_ticket += 1;
            face.sleepers.insert((until, ticket), wake);
            left.unsigned_abs()
        };
        Box::pin(async move {
            // Whichever comes first: the moment itself, or somebody who winds to it.
            let _ = tokio::time::timeout(left, woken).await;
        })
    }

    fn face(&self) -> MutexGuard<'_, Face> {
        self.face.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl host::Clock for WindableClock {
    fn now(&self) -> Timestamp {
        WindableClock::now(self)
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.sleep(at)
    }
}

impl emulator::Clock for WindableClock {
    fn now(&self) -> Timestamp {
        WindableClock::now(self)
    }

    fn wait_until(&self, instant: Timestamp) -> emulator::Wait<'static> {
        self.sleep(instant)
    }

    fn attach(&self, activity: emulator::Activity) {
        let _ = self.emulator.set(activity);
    }

    fn winding(&self) -> Option<&dyn emulator::Winding> {
        Some(self)
    }
}

impl emulator::Winding for WindableClock {
    fn advance(&self, by: SignedDuration) -> emulator::Wait<'_, Timestamp> {
        Box::pin(WindableClock::advance(self, by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn winding_wakes_in_order_and_goes_on_from_there() {
        let clock = Arc::new(WindableClock::default());
        let start = clock.now();
        let (seen, mut order) = tokio::sync::mpsc::unbounded_channel();
        for hours in [3, 1, 2] {
            let (clock, seen) = (clock.clone(), seen.clone());
            let sleep = clock.sleep(start + SignedDuration::from_hours(hours));
            tokio::spawn(async move {
                sleep.await;
                seen.send(hours).unwrap();
            });
        }
        let now = clock.advance(SignedDuration::from_hours(2)).await;
        assert!(now >= start + SignedDuration::from_hours(2) && now < start + SignedDuration::from_hours(3));
        assert_eq!((order.recv().await, order.recv().await), (Some(1), Some(2)));
        assert!(order.try_recv().is_err());
        assert!(clock.advance(SignedDuration::from_hours(-5)).await >= now);
    }
}
