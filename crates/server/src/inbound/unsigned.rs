//! What is kept of requests that are not signed: enough to see that they come, too little to fill a disk.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::record::WebhookRecord;

/// Decides which requests without the right signature are kept. Anybody can send them, as many as they like.
#[derive(Debug)]
pub(crate) struct Unsigned(Mutex<Room>);

/// Kept one after the other, after a quiet time.
const BURST: u32 = 5;
/// Then one in so long: fewer than nine thousand a day.
const EVERY: Duration = Duration::from_secs(10);
/// Characters of an address that are kept.
const URL_CHARACTERS_MAX: usize = 500;

#[derive(Debug)]
struct Room {
    left: u32,
    /// Since when the next place is becoming free; nothing where all are.
    freeing_since: Option<Instant>,
    left_out: u64,
}

impl Default for Unsigned {
    fn default() -> Unsigned {
        Unsigned(Mutex::new(Room { left: BURST, freeing_since: None, left_out: 0 }))
    }
}

impl Unsigned {
    /// Whether one that came `now` is kept, and how many were left out since the last one that was.
    pub(super) fn admit(&self, now: Instant) -> Option<u64> {
        let mut room = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(since) = room.freeing_since
            && now.saturating_duration_since(since) >= EVERY
        {
            room.left += 1;
            room.freeing_since = Some(since + EVERY).filter(|_| room.left < BURST);
        }
        if room.left == 0 {
            room.left_out += 1;
            return None;
        }
        room.left -= 1;
        room.freeing_since.get_or_insert(now);
        Some(std::mem::take(&mut room.left_out))
    }
}

/// The record without what the stranger wrote: parameters, the query, and the rest of a long address.
pub(super) fn without_content(record: WebhookRecord) -> WebhookRecord {
    let path = record.url.split('?').next().unwrap_or_default();
    WebhookRecord { url: path.chars().take(URL_CHARACTERS_MAX).collect(), params: Vec::new(), ..record }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_leaves_few_entries_and_is_counted() {
        let unsigned = Unsigned::default();
        let began = Instant::now();
        let flood = |from: u64, to: u64| {
            (from..to).filter_map(|ms| unsigned.admit(began + Duration::from_millis(ms))).collect::<Vec<_>>()
        };
        assert_eq!(flood(0, 1000), [0; 5]);
        assert_eq!(flood(1000, 21_000), [9995, 9999], "one in ten seconds, with the count of the others");
        let later = began + Duration::from_secs(3600);
        let kept: Vec<_> = (0..20).filter_map(|_| unsigned.admit(later)).collect();
        assert_eq!(kept, [999, 0, 0, 0, 0], "an hour of quiet makes no more than the same room");
    }
}
