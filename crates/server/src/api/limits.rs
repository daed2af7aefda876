//! How much one caller may ask for: buckets of requests that fill up again steadily.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The limits of the API. Kept in this process alone: each node allows as much by itself.
#[derive(Debug)]
pub(crate) struct Limits {
    /// By token.
    pub(crate) requests: Buckets<String>,
    /// By address: requests whose token was wrong.
    pub(crate) bad_tokens: Buckets<IpAddr>,
}

impl Limits {
    pub(crate) fn new(settings: &crate::config::RateLimits) -> Limits {
        let per_minute = f64::from(settings.bad_tokens_per_minute);
        Limits {
            requests: Buckets::new(f64::from(settings.token_per_second), f64::from(settings.token_burst)),
            bad_tokens: Buckets::new(per_minute / 60.0, per_minute),
        }
    }
}

/// One bucket for each key. A key that was never seen has a full one.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    per_second: f64,
    burst: f64,
    open: Mutex<HashMap<K, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// Buckets kept before the full ones are thrown away.
const KEPT_MAX: usize = 10_000;

impl<K: Eq + Hash> Buckets<K> {
    fn new(per_second: f64, burst: f64) -> Buckets<K> {
        Buckets { per_second, burst: burst.max(1.0), open: Mutex::default() }
    }

    /// Takes one out.
    ///
    /// # Errors
    /// Where there is none left: how long until there is.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut open = self.open();
        if open.len() >= KEPT_MAX {
            open.retain(|_, bucket| self.left(bucket, now) < self.burst);
        }
        let bucket = open.entry(key).or_insert(Bucket { left: self.burst, at: now });
        *bucket = Bucket { left: self.left(bucket, now), at: now };
        if bucket.left < 1.0 {
            return Err(self.until_one(bucket.left));
        }
        bucket.left -= 1.0;
        Ok(())
    }

    /// Whether there is one left, without taking it.
    ///
    /// # Errors
    /// As [`Buckets::take`].
    pub(crate) fn look(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let left = self.open().get(key).map_or(self.burst, |bucket| self.left(bucket, now));
        if left < 1.0 { Err(self.until_one(left)) } else { Ok(()) }
    }

    /// Whether something was taken out for this key lately.
    pub(crate) fn knows(&self, key: &K) -> bool {
        self.open().contains_key(key)
    }

    fn left(&self, bucket: &Bucket, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + passed * self.per_second).min(self.burst)
    }

    fn until_one(&self, left: f64) -> Duration {
        Duration::from_secs_f64((1.0 - left) / self.per_second)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<K, Bucket>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(2.0, 3.0);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(buckets.take("a", start), Ok(()));
        }
        assert_eq!(buckets.take("a", start), Err(Duration::from_millis(500)));
        assert_eq!(buckets.look(&"a", start), Err(Duration::from_millis(500)));
        assert_eq!(buckets.take("b", start), Ok(()), "each key has its own");
        let later = start + Duration::from_millis(500);
        assert_eq!(buckets.look(&"a", later), Ok(()));
        assert_eq!(buckets.take("a", later), Ok(()));
        assert!(buckets.take("a", later).is_err());
        assert!(buckets.knows(&"a") && !buckets.knows(&"c"));
    }

    #[test]
    fn many_keys_do_not_fill_the_memory() {
        let buckets = Buckets::new(1000.0, 1.0);
        let start = Instant::now();
        for n in 0..KEPT_MAX {
            assert_eq!(buckets.take(n, start), Ok(()));
        }
        assert_eq!(buckets.take(KEPT_MAX, start + Duration::from_secs(1)), Ok(()));
        assert_eq!(buckets.open().len(), 1);
    }
}
