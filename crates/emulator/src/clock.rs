//! Domain time. Everything of the emulator that waits for a moment of the pretend world asks a [`Clock`];
//! sockets and HTTP time limits live in real time and never do.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use crate::activity::Activity;

/// A future that is done when its instant has come.
pub type Wait<'a, T = ()> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What tells the emulator the time and wakes it up.
pub trait Clock: Send + Sync + 'static {
    /// The present instant. Never goes backwards.
    fn now(&self) -> Timestamp;

    /// Resolves once [`Clock::now`] has reached `instant`; at once if it already has.
    fn wait_until(&self, instant: Timestamp) -> Wait<'static>;

    /// Called once when an emulator starts on this clock, so that a clock that can be wound can wait for
    /// quiet between two steps.
    fn attach(&self, _activity: Activity) {}

    /// How this clock is wound forward, where it can be.
    fn winding(&self) -> Option<&dyn Winding> {
        None
    }
}

/// The part of a clock that lets somebody outside push it forward.
pub trait Winding: Send + Sync {
    /// Winds forward by `by`, stopping at every instant that somebody waits for on the way and waiting for
    /// quiet there. Returns the new present.
    fn advance(&self, by: SignedDuration) -> Wait<'_, Timestamp>;
}

/// The machine's clock. It cannot be wound.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn wait_until(&self, instant: Timestamp) -> Wait<'static> {
        Box::pin(async move {
            // The machine's clock may be set back while we sleep, so the instant is compared again.
            while let Some(left) = remaining(Timestamp::now(), instant) {
                tokio::time::sleep(left).await;
            }
        })
    }
}

/// A clock that can be wound forward. It runs with the machine's monotonic clock, or stands still until it
/// is wound.
pub struct WindableClock {
    start: Timestamp,
    pace: Pace,
    waiting: Mutex<Waiting>,
    activities: OnceLock<Activity>,
    winding: tokio::sync::Mutex<()>,
}

/// Whether a [`WindableClock`] moves by itself.
#[derive(Debug, Clone, Copy)]
enum Pace {
    Running { since: Instant },
    Standing,
}

#[derive(Default)]
struct Waiting {
    wound: SignedDuration,
    next_ticket: u64,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

impl WindableClock {
    /// A clock that starts at the machine's time and goes on by itself.
    pub fn running() -> Self {
        Self::new(Timestamp::now(), Pace::Running { since: Instant::now() })
    }

    /// A clock that shows `start` until it is wound.
    pub fn standing(start: Timestamp) -> Self {
        Self::new(start, Pace::Standing)
    }

    fn new(start: Timestamp, pace: Pace) -> Self {
        Self {
            start,
            pace,
            waiting: Mutex::default(),
            activities: OnceLock::new(),
            winding: tokio::sync::Mutex::new(()),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, wound: SignedDuration) -> Timestamp {
        let run = match self.pace {
            Pace::Running { since } => {
                SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX)
            }
            Pace::Standing => SignedDuration::ZERO,
        };
        let passed = wound.checked_add(run).unwrap_or(SignedDuration::MAX);
        self.start.checked_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// Moves to the first instant up to `target` that somebody waits for and wakes them, or else to
    /// `target`. Tells whether `target` is reached.
    fn step(&self, target: Timestamp) -> bool {
        let mut waiting = self.waiting();
        waiting.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        let stop = waiting.sleepers.first_key_value().map(|((at, _), _)| *at).filter(|at| *at < target);
        let instant = stop.unwrap_or(target);
        let ahead = instant.duration_since(self.show(waiting.wound));
        if ahead.is_positive() {
            waiting.wound = waiting.wound.checked_add(ahead).unwrap_or(SignedDuration::MAX);
        }
        while let Some(first) = waiting.sleepers.first_entry() {
            if first.key().0 > instant {
                break;
            }
            // The sleeper may have gone away meanwhile; then nobody is there to be woken.
            let _ = first.remove().send(());
        }
        stop.is_none()
    }
}

impl Clock for WindableClock {
    fn now(&self) -> Timestamp {
        self.show(self.waiting().wound)
    }

    fn wait_until(&self, instant: Timestamp) -> Wait<'static> {
        let (wake, woken) = oneshot::channel();
        let left = {
            let mut waiting = self.waiting();
            let Some(left) = remaining(self.show(waiting.wound), instant) else {
                return Box::pin(std::future::ready(()));
            };
            if waiting.sleepers.len() % 64 == 63 {
                waiting.sleepers.retain(|_, sleeper| !sleeper.is_closed());
            }
            let ticket = waiting.next_ticket;
            waiting.next_ticket += 1;
            waiting.sleepers.insert((instant, ticket), wake);
            left
        };
        match self.pace {
            Pace::Running { .. } => Box::pin(async move {
                // Whichever comes first: the instant itself, or somebody who winds past it.
                let _ = tokio::time::timeout(left, woken).await;
            }),
            Pace::Standing => Box::pin(async move {
                let _ = woken.await;
            }),
        }
    }

    fn attach(&self, activity: Activity) {
        // A second emulator on the same clock would not be waited for; there is one in every process.
        let _ = self.activities.set(activity);
    }

    fn winding(&self) -> Option<&dyn Winding> {
        Some(self)
    }
}

impl Winding for WindableClock {
    fn advance(&self, by: SignedDuration) -> Wait<'_, Timestamp> {
        Box::pin(async move {
            let _alone = self.winding.lock().await;
            // What was asked for before this moment happens in it, and not after the first step.
            if let Some(activity) = self.activities.get() {
                activity.quiet().await;
            }
            let target = self.now().checked_add(by.max(SignedDuration::ZERO)).unwrap_or(Timestamp::MAX);
            loop {
                let arrived = self.step(target);
                if let Some(activity) = self.activities.get() {
                    activity.quiet().await;
                }
                if arrived {
                    return self.now();
                }
            }
        })
    }
}

fn remaining(now: Timestamp, instant: Timestamp) -> Option<Duration> {
    let left = instant.duration_since(now);
    if left.is_positive() { Some(left.unsigned_abs()) } else { None }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn winding_wakes_sleepers_in_the_order_of_their_instants() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(WindableClock::standing(start));
        let (seen, mut order) = tokio::sync::mpsc::unbounded_channel();
        for hours in [3, 1, 2] {
            let wait = clock.wait_until(start + SignedDuration::from_hours(hours));
            let seen = seen.clone();
            tokio::spawn(async move {
                wait.await;
                seen.send(hours).unwrap();
            });
        }
        let now = clock.advance(SignedDuration::from_hours(2)).await;
        assert_eq!(now, start + SignedDuration::from_hours(2));
        assert_eq!((order.recv().await, order.recv().await), (Some(1), Some(2)));
        assert!(order.try_recv().is_err());
    }

    #[tokio::test]
    async fn an_instant_that_has_passed_is_due_at_once() {
        let clock = WindableClock::standing(Timestamp::UNIX_EPOCH);
        clock.wait_until(Timestamp::UNIX_EPOCH).await;
        SystemClock.wait_until(Timestamp::UNIX_EPOCH).await;
    }

    #[tokio::test]
    async fn a_running_clock_goes_on_from_where_it_was_wound_to() {
        let clock = WindableClock::running();
        let before = clock.now();
        clock.advance(SignedDuration::from_hours(24)).await;
        let soon = clock.now() + SignedDuration::from_millis(5);
        clock.wait_until(soon).await;
        assert!(clock.now() >= soon);
        assert!(clock.now().duration_since(before) >= SignedDuration::from_hours(24));
    }
}
