//! How long the parts of a turn took.

use super::handle::Came;
use engine::conversation::TurnKind;
use std::time::{Duration, Instant};

/// The times of the turn that is under way.
#[derive(Debug, Default)]
pub(super) struct Times {
    present: Option<Turn>,
}

#[derive(Debug)]
struct Turn {
    turn: u32,
    came: Came,
    first_token: Option<Instant>,
    first_sentence: Option<Instant>,
    complete: Option<Instant>,
}

impl Times {
    /// The caller said something, which began this turn.
    pub(super) fn begin(&mut self, turn: u32, came: Came) {
        self.present = Some(Turn { turn, came, first_token: None, first_sentence: None, complete: None });
    }

    /// The model wrote something.
    pub(super) fn token(&mut self) {
        if let Some(turn) = &mut self.present {
            turn.first_token.get_or_insert_with(Instant::now);
        }
    }

    /// A sentence was handed to the line.
    pub(super) fn sentence(&mut self) {
        if let Some(turn) = &mut self.present {
            turn.first_sentence.get_or_insert_with(Instant::now);
        }
    }

    /// Everything was said.
    pub(super) fn complete(&mut self) {
        if let Some(turn) = &mut self.present {
            turn.complete.get_or_insert_with(Instant::now);
        }
    }

    /// The turn with its times, once: when it is complete and something of it was handed to the line.
    pub(super) fn take(&mut self) -> Option<(u32, TurnKind)> {
        let turn = self.present.take_if(|turn| turn.complete.is_some() && turn.first_sentence.is_some())?;
        let since = |at: Instant| ms(at.saturating_duration_since(turn.came.at));
        let silent = turn.came.speech_ended.map(|ended| ms(turn.came.at.saturating_duration_since(ended)));
        let kind = TurnKind::Timed {
            speech_ended_before_ms: silent,
            first_token_ms: turn.first_token.map(since),
            first_sentence_ms: turn.first_sentence.map(since).unwrap_or_default(),
            complete_ms: turn.complete.map(since).unwrap_or_default(),
        };
        Some((turn.turn, kind))
    }
}

/// In milliseconds, with their fractions: a turn may take less than one.
fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
