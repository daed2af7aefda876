//! What a call waits for.

use super::CallId;
use crate::agenda::Ticket;
use crate::due::Due;
use crate::world::World;

/// Why a call is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Its turn has come, and it is dialled.
    Turn,
    /// The network has found the far end.
    Rings,
    /// The far end takes the call, or declines.
    PicksUp,
    /// It has rung for as long as it may.
    GivesUp,
    /// It has lasted for as long as it may.
    Limit,
    /// Digits that follow the answer are sent.
    DigitsSent,
    /// Answering-machine detection has its result.
    Detected,
    /// What is played has come to its end.
    Item,
    /// So many documents came at once that the next waits a moment.
    Rush,
    /// A gather's time for the first or the next key is over, or speech has paused for long enough.
    Input,
    /// Some more of a speech was understood.
    Partial,
    /// A speech has lasted for as long as it may.
    SpeechLimit,
    /// A recording has been silent for long enough.
    Silence,
    /// A recording is as long as it may be.
    RecordingFull,
    /// The caller has paused for long enough to be told to a program.
    RelayPause,
    /// Some more was understood that a program wants to know.
    RelayPartial,
    /// Another 20 ms of the call's audio go to those who listen.
    StreamPiece,
    /// The caller has said enough to interrupt a program.
    RelayInterrupts,
    /// Those who were dialled have rung for as long as they may, or nobody came from a queue.
    DialTimeout,
    /// Those who are joined have talked for as long as they may.
    DialLimit,
    /// The person at the far end has heard enough silence to react.
    PersonReacts,
    /// It has been silent for as long as a rule of the person says.
    PersonBored,
    /// The words that the person interrupts at were said.
    PersonInterrupts,
    /// The person does what comes next.
    PersonActs,
    /// The person has finished what was being said.
    PersonFinishes,
    /// The person presses the next key.
    PersonPresses,
    /// The person has had enough.
    PersonLeaves,
    /// The line breaks.
    Breaks,
}

/// The timers of a call; there is one for each reason at most.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timers {
    set: Vec<Timer>,
    serial: u64,
}

#[derive(Debug, Clone, Copy)]
struct Timer {
    wake: Wake,
    serial: u64,
    ticket: Ticket,
}

impl Timers {
    fn take(&mut self, wake: Wake) -> Option<Timer> {
        let index = self.set.iter().position(|timer| timer.wake == wake)?;
        Some(self.set.swap_remove(index))
    }

    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}

impl World {
    /// Wakes a call later; a timer with the same reason is replaced.
    pub(crate) fn wake_in(&mut self, id: CallId, wake: Wake, ms: u64) {
        self.let_sleep(id, wake);
        let Some(live) = self.calls.live_mut(id) else { return };
        let serial = live.timers.next_serial();
        let ticket = self.enter_for_now(ms, Due::Call { call: id, wake, serial });
        if let Some(live) = self.calls.live_mut(id) {
            live.timers.set.push(Timer { wake, serial, ticket });
        }
    }

    /// Takes a timer back.
    pub(crate) fn let_sleep(&mut self, id: CallId, wake: Wake) {
        if let Some(timer) = self.calls.live_mut(id).and_then(|live| live.timers.take(wake)) {
            self.take_back(timer.ticket);
        }
    }

    /// Takes all timers of a call back that is over.
    pub(crate) fn let_rest(&self, timers: Timers) {
        for timer in timers.set {
            self.take_back(timer.ticket);
        }
    }

    /// A timer has run out. One that was taken back in the very moment in which it ran out does nothing.
    pub(crate) fn woken(&mut self, id: CallId, wake: Wake, serial: u64) {
        let Some(live) = self.calls.live_mut(id) else { return };
        let is_present = live.timers.set.iter().any(|timer| timer.wake == wake && timer.serial == serial);
        if !is_present {
            return;
        }
        live.timers.take(wake);
        self.wake(id, wake);
    }

    fn wake(&mut self, id: CallId, wake: Wake) {
        match wake {
            Wake::Turn => self.dial_out(id),
            Wake::Rings => self.ring(id),
            Wake::PicksUp => self.pick_up_as_scripted(id),
            Wake::GivesUp => self.give_up(id),
            Wake::Limit => self.reach_limit(id),
            Wake::DigitsSent => self.detect_or_begin(id),
            Wake::Detected => self.detected(id),
            Wake::Item => self.item_ended(id),
            Wake::Rush => self.proceed(id),
            Wake::Input => self.input_timed_out(id),
            Wake::Partial => self.partly_understood(id),
            Wake::SpeechLimit => self.speech_limit_reached(id),
            Wake::Silence => self.recording_fell_silent(id),
            Wake::RecordingFull => self.recording_is_full(id),
            Wake::RelayPause => self.relay_pause_ended(id),
            Wake::RelayPartial => self.relay_partly_understood(id),
            Wake::StreamPiece => self.stream_pieces(id),
            Wake::RelayInterrupts => self.relay_is_interrupted(id),
            Wake::DialTimeout => self.dial_timed_out(id),
            Wake::DialLimit => self.dial_limit_reached(id),
            Wake::PersonReacts => self.person_reacts(id),
            Wake::PersonBored => self.person_is_bored(id),
            Wake::PersonInterrupts => self.person_interrupts(id),
            Wake::PersonActs => self.person_acts(id),
            Wake::PersonFinishes => self.person_finishes(id),
            Wake::PersonPresses => self.person_presses(id),
            Wake::PersonLeaves => self.far_hangs_up(id),
            Wake::Breaks => self.break_by_fault(id),
        }
    }
}
