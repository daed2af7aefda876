//! Pacing by sender: when the next text or call may go out. The state is one number in a row, so that it
//! holds across restarts and nodes; this is the arithmetic.

use serde::{Deserialize, Serialize};

/// How fast a sender may send.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Segments a second, above 0.
    pub segments_per_second: f64,
}

/// How fast a sender may call.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRate {
    /// Calls a second, above 0.
    pub calls_per_second: f64,
}

impl From<CallRate> for Rate {
    /// A call takes as much as a text of one segment.
    fn from(rate: CallRate) -> Rate {
        Rate { segments_per_second: rate.calls_per_second }
    }
}

/// A turn under the generic cell rate algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now; the sender is free again at `free_at_ms`.
    Now { free_at_ms: i64 },
    /// Not before `at_ms`.
    Later { at_ms: i64 },
}

impl Rate {
    /// Asks for the turn of a text of so many segments. `free_at_ms` is the stored number (0 for a
    /// sender that never sent); times are milliseconds since 1970.
    pub fn turn(self, free_at_ms: i64, now_ms: i64, segments: u32) -> Turn {
        if free_at_ms > now_ms {
            return Turn::Later { at_ms: free_at_ms };
        }
        let cost_ms = (f64::from(segments.max(1)) * 1000.0 / self.segments_per_second).ceil();
        Turn::Now { free_at_ms: now_ms + cost_ms as i64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_free_again_after_its_segments() {
        let rate = Rate { segments_per_second: 2.0 };
        assert_eq!(rate.turn(0, 1_000, 1), Turn::Now { free_at_ms: 1_500 });
        assert_eq!(rate.turn(1_500, 1_499, 1), Turn::Later { at_ms: 1_500 });
        assert_eq!(rate.turn(1_500, 1_500, 3), Turn::Now { free_at_ms: 3_000 });
    }
}
