//! Senders that send only so many segments a second, and the queues before them.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// A queue holds this much traffic; what comes on top of it overflows.
const WAITING_S_MAX: i64 = 36_000;

#[derive(Default)]
pub(crate) struct Queues(HashMap<String, Queue>);

struct Queue {
    segments_per_s: f64,
    free_at: Timestamp,
}

impl Queues {
    /// Paces a sender, or with `None` lets it send at once again. What waits already keeps its turn.
    pub(crate) fn set_rate(&mut self, sender: &str, segments_per_s: Option<f64>, now: Timestamp) {
        match segments_per_s {
            Some(rate) => {
                let queue =
                    self.0.entry(sender.to_owned()).or_insert(Queue { segments_per_s: rate, free_at: now });
                queue.segments_per_s = rate;
            }
            None => {
                self.0.remove(sender);
            }
        }
    }

    pub(crate) fn rate(&self, sender: &str) -> Option<f64> {
        self.0.get(sender).map(|queue| queue.segments_per_s)
    }

    /// When a text that is queued now would have its turn.
    pub(crate) fn next_turn(&self, sender: &str, now: Timestamp) -> Timestamp {
        self.0.get(sender).map_or(now, |queue| queue.free_at.max(now))
    }

    pub(crate) fn is_full(&self, sender: &str, now: Timestamp) -> bool {
        self.next_turn(sender, now).duration_since(now) >= SignedDuration::from_secs(WAITING_S_MAX)
    }

    /// Takes the next turn for a text of so many segments.
    pub(crate) fn take_turn(&mut self, sender: &str, segments: u32, now: Timestamp) -> Timestamp {
        let Some(queue) = self.0.get_mut(sender) else { return now };
        let turn = queue.free_at.max(now);
        let busy = SignedDuration::try_from_secs_f64(f64::from(segments.max(1)) / queue.segments_per_s)
            .unwrap_or(SignedDuration::MAX);
        queue.free_at = turn.checked_add(busy).unwrap_or(Timestamp::MAX);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_of_one_segment_a_second_is_full_after_ten_hours_of_traffic() {
        let now = Timestamp::UNIX_EPOCH;
        let mut queues = Queues::default();
        queues.set_rate("+15551234567", Some(1.0), now);
        assert_eq!(queues.take_turn("+15551234567", 2, now), now);
        assert_eq!(queues.take_turn("+15551234567", 1, now), now + SignedDuration::from_secs(2));
        for _ in 0..35_997 {
            assert!(!queues.is_full("+15551234567", now));
            queues.take_turn("+15551234567", 1, now);
        }
        assert!(queues.is_full("+15551234567", now));
        assert!(!queues.is_full("+15551234567", now + SignedDuration::from_secs(1)));
        assert!(!queues.is_full("+15550001111", now));
    }
}
