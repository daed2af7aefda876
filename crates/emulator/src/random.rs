//! The one source of chance. The same seed and the same order of requests give the same SIDs and the same
//! faults.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use twilio::sid::{Sid, SidKind};

pub(crate) struct Random(StdRng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub(crate) fn sid(&mut self, kind: SidKind) -> Sid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        Sid::from_parts(kind, bytes)
    }

    /// 32 hexadecimal digits, as tokens and secrets have them.
    pub(crate) fn token(&mut self) -> String {
        format!("{:016x}{:016x}", self.0.next_u64(), self.0.next_u64())
    }

    /// True with the given probability. Draws nothing for an event that cannot happen, so that faults that
    /// are switched off leave the sequence alone.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.0.random_bool(probability.min(1.0))
    }

    /// A number from 0 to `max`, both included.
    pub(crate) fn up_to(&mut self, max: u64) -> u64 {
        if max == 0 { 0 } else { self.0.random_range(0..=max) }
    }
}
