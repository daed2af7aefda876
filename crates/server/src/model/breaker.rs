//! A rest for endpoints that fail again and again, so that every caller need not wait to learn it.

use super::attempt::Given;
use engine::llm::question::Failure;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row after which an endpoint rests.
const FAILURES_MAX: u32 = 5;
/// How long it rests; then one request tries it out.
const REST: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(super) struct Breakers {
    by_url: Mutex<HashMap<String, Arc<Breaker>>>,
}

#[derive(Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Breakers {
    pub(super) fn of(&self, base_url: &str) -> Arc<Breaker> {
        let mut all = self.by_url.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(base_url.to_owned()).or_default().clone()
    }
}

impl Breaker {
    /// Whether a request may be made now. While an endpoint rests, one is let pass each time its rest is over.
    pub(super) fn lets_pass(&self, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.rests_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.rests_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// Only what says something about the endpoint's health counts: a wrong key is no reason to rest.
    pub(super) fn note(&self, given: &Given, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let failure = match given {
            Given::All => None,
            Given::Nothing(failure) | Given::Part { why: failure, .. } => Some(*failure),
        };
        match failure {
            Some(Failure::Overloaded | Failure::Unreachable | Failure::TimedOut | Failure::Broken) => {
                state.failures += 1;
                if state.failures >= FAILURES_MAX {
                    state.rests_until = Some(now + REST);
                }
            }
            Some(Failure::RateLimited) => {}
            _ => *state = State::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_rests_after_failures_in_a_row_and_is_tried_out_again() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES_MAX - 1 {
            breaker.note(&Given::Nothing(Failure::Overloaded), now);
        }
        breaker.note(&Given::Nothing(Failure::BadKey), now);
        assert!(breaker.lets_pass(now), "an answer came in between");
        for _ in 0..FAILURES_MAX {
            breaker.note(&Given::Nothing(Failure::TimedOut), now);
        }
        assert!(!breaker.lets_pass(now));
        let rested = now + REST;
        assert!(breaker.lets_pass(rested) && !breaker.lets_pass(rested), "one tries it out");
        breaker.note(&Given::All, rested);
        assert!(breaker.lets_pass(rested) && breaker.lets_pass(rested));
    }
}
