//! A call from its first ring to its end.

use std::sync::Arc;

use super::callback::Progress;
use super::enqueue::QueueResult;
use super::far::Far;
use super::playback::keys_ms;
use super::story::HungUpBy;
use super::{CallDirection, CallId, CallStatus, Doing, Instructions, Person, Told, Wake};
use crate::call_scripts::{CallScript, KeptScript, PickUp};
use crate::due::Due;
use crate::fixture::AccountKind;
use crate::journal::Event;
use crate::phones::PhoneState;
use crate::world::World;

/// How long a call may last, unless it says otherwise, and on a trial account.
pub(crate) const LIMIT_S: u32 = 14_400;
const TRIAL_LIMIT_S: u32 = 600;
/// How much longer than it was told to the network lets a call ring.
const RING_BUFFER_MS: u64 = 5_000;
/// How long after its end a call has its price.
const BILLED_MS: u64 = 1_000;
/// The price of a minute, in millionths.
const OUTBOUND_PRICE_MICROS: i64 = 14_000;
const INBOUND_PRICE_MICROS: i64 = 8_500;

/// How a call ends, and what the network says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) status: CallStatus,
    pub(crate) sip_code: u16,
}

impl Ending {
    pub(crate) const COMPLETED: Ending = Ending { status: CallStatus::Completed, sip_code: 200 };
    pub(crate) const BUSY: Ending = Ending { status: CallStatus::Busy, sip_code: 486 };
    /// Whoever was called declined.
    pub(crate) const DECLINED: Ending = Ending { status: CallStatus::Busy, sip_code: 603 };
    pub(crate) const NO_ANSWER: Ending = Ending { status: CallStatus::NoAnswer, sip_code: 487 };
    /// TwiML turned the caller away.
    pub(crate) const REJECTED: Ending = Ending { status: CallStatus::NoAnswer, sip_code: 603 };
    pub(crate) const FAILED: Ending = Ending { status: CallStatus::Failed, sip_code: 404 };
    pub(crate) const CANCELED: Ending = Ending { status: CallStatus::Canceled, sip_code: 487 };
}

impl World {
    /// A call's turn has come: it is dialled.
    pub(crate) fn dial_out(&mut self, id: CallId) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        call.dialed = Some(now);
        let (to, from) = (call.to.clone(), call.from.clone());
        self.reach(id, "initiated");
        self.report_progress(id, Progress::Initiated);
        if !self.takes_calls(&to) {
            let script = self.script_for(&to, &from);
            if let Some(live) = self.calls.live_mut(id) {
                live.far = Far::Person(Box::new(Person::new(script)));
            }
            self.phones.touch(&to);
        }
        self.wake_in(id, Wake::Rings, self.rules.timings.calls.dialing_ms);
    }

    /// Whether a number is owned, so that calls to it come in here.
    fn takes_calls(&self, number: &str) -> bool {
        self.numbers.find(number).is_some_and(|number| number.capabilities.voice)
    }

    /// What a phone does with a call.
    pub(crate) fn script_for(&mut self, phone: &str, other_end: &str) -> Arc<CallScript> {
        let pick_up = |pick_up| Arc::new(CallScript { pick_up, ..CallScript::default() });
        let Some(phone) = self.phones.get_mut(phone) else { return Arc::default() };
        match phone.state {
            PhoneState::Off => return pick_up(PickUp::NoAnswer),
            PhoneState::Unknown => return pick_up(PickUp::Fail),
            PhoneState::Blocked => return pick_up(PickUp::Reject { after_ms: Some(0) }),
            PhoneState::On | PhoneState::Landline | PhoneState::NoReceipts => {}
        }
        KeptScript::take(&mut phone.call_scripts, other_end).unwrap_or_default()
    }

    /// The network has found the far end.
    pub(crate) fn ring(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        let (to, timeout_s) = (call.to.clone(), call.settings.timeout_s);
        if let Some(code) = call.fate.fails {
            return self.fail_by_fault(id, code);
        }
        if self.takes_calls(&to) {
            self.set_call_status(id, CallStatus::Ringing);
            self.report_progress(id, Progress::Ringing);
            self.wake_in(id, Wake::GivesUp, u64::from(timeout_s) * 1_000 + RING_BUFFER_MS);
            return self.ring_own_number(id, &to);
        }
        let Some(script) = self.person_mut(id).map(|person| Arc::clone(&person.script)) else { return };
        let answer_ms = self.rules.timings.calls.answer_ms;
        let after = match script.pick_up {
            PickUp::Busy => return self.end_call(id, Ending::BUSY, HungUpBy::Person),
            PickUp::Fail => return self.end_call(id, Ending::FAILED, HungUpBy::Person),
            PickUp::Answer { after_ms }
            | PickUp::Reject { after_ms }
            | PickUp::Voicemail { after_ms, .. } => Some(after_ms.unwrap_or(answer_ms)),
            PickUp::NoAnswer | PickUp::Live => None,
        };
        self.set_call_status(id, CallStatus::Ringing);
        self.report_progress(id, Progress::Ringing);
        self.wake_in(id, Wake::GivesUp, u64::from(timeout_s) * 1_000 + RING_BUFFER_MS);
        if let Some(ms) = after {
            self.wake_in(id, Wake::PicksUp, ms);
        }
    }

    fn fail_by_fault(&mut self, id: CallId, code: Option<u32>) {
        let sid = self.calls.get(id).map(|call| call.sid.clone());
        self.note_fault("a call failed", sid.as_ref());
        if let Some(code) = code {
            self.debug_call(id, code, "the network could not connect the call");
        }
        self.end_call(id, Ending::FAILED, HungUpBy::Person);
    }

    /// The line of a call breaks.
    pub(crate) fn break_by_fault(&mut self, id: CallId) {
        let sid = self.calls.get(id).map(|call| call.sid.clone());
        self.note_fault("the line of a call broke", sid.as_ref());
        self.far_hangs_up(id);
    }

    pub(crate) fn pick_up_as_scripted(&mut self, id: CallId) {
        match self.person_mut(id).map(|person| person.script.pick_up.clone()) {
            Some(PickUp::Reject { .. }) => self.end_call(id, Ending::DECLINED, HungUpBy::Person),
            _ => self.answered(id),
        }
    }

    /// A call has rung for as long as it may.
    pub(crate) fn give_up(&mut self, id: CallId) {
        self.end_call(id, Ending::NO_ANSWER, HungUpBy::Limit);
    }

    /// A call is answered, at whichever end it rang.
    pub(crate) fn answered(&mut self, id: CallId) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        if call.started.is_some() || call.is_over() {
            return;
        }
        call.started = Some(now);
        let limit_s = call.settings.limit_s;
        let breaks_after_ms = call.fate.breaks_after_ms;
        let (direction, account) = (call.direction, call.account.clone());
        self.let_sleep(id, Wake::GivesUp);
        self.let_sleep(id, Wake::PicksUp);
        self.set_call_status(id, CallStatus::InProgress);
        let is_trial = self.accounts.get(&account).is_some_and(|account| account.kind == AccountKind::Trial);
        let limit_s = if is_trial { limit_s.min(TRIAL_LIMIT_S) } else { limit_s };
        self.wake_in(id, Wake::Limit, u64::from(limit_s) * 1_000);
        if let Some(ms) = breaks_after_ms {
            self.wake_in(id, Wake::Breaks, ms);
        }
        self.report_progress(id, Progress::Answered);
        self.record_from_answer(id);
        if let Some(Far::Line(other)) = self.calls.live(id).map(|live| live.far.clone()) {
            self.answered(other);
        }
        if direction != CallDirection::Inbound {
            self.send_digits(id);
        }
        self.person_begins(id);
    }

    fn send_digits(&mut self, id: CallId) {
        match self.calls.get(id).and_then(|call| call.settings.send_digits.clone()) {
            Some(digits) => {
                self.wake_in(id, Wake::DigitsSent, keys_ms(&digits));
                self.note(id, Told::PlayedKeys { keys: digits });
            }
            None => self.detect_or_begin(id),
        }
    }

    /// The call does what it was made for.
    pub(crate) fn begin(&mut self, id: CallId) {
        match self.calls.live(id).map(|live| live.begin == Instructions::Join) {
            Some(true) => self.leg_answered(id),
            Some(false) => self.begin_document(id),
            None => {}
        }
    }

    pub(crate) fn reach_limit(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        let is_trial =
            self.accounts.get(&call.account).is_some_and(|account| account.kind == AccountKind::Trial);
        let code = if is_trial && call.settings.limit_s >= TRIAL_LIMIT_S { 13805 } else { 32015 };
        self.debug_call(id, code, "the call has lasted for as long as it may");
        self.end_call(id, Ending::COMPLETED, HungUpBy::Limit);
    }

    /// Changes how long a call may last, counted from its answer.
    pub(crate) fn limit_call(&mut self, id: CallId, limit_s: u32) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        call.settings.limit_s = limit_s;
        if let Some(started) = call.started {
            let passed = super::far::elapsed_ms(started, now);
            self.wake_in(id, Wake::Limit, (u64::from(limit_s) * 1_000).saturating_sub(passed));
        }
    }

    pub(crate) fn set_call_status(&mut self, id: CallId, status: CallStatus) {
        let now = self.now;
        if let Some(call) = self.calls.get_mut(id) {
            call.status = status;
            call.updated = now;
        }
        self.reach(id, status.as_str());
    }

    /// Writes down that a call reached a status.
    fn reach(&mut self, id: CallId, status: &str) {
        let Some(call_sid) = self.calls.get(id).map(|call| call.sid.as_str().to_owned()) else { return };
        self.note(id, Told::Status { status: status.to_owned() });
        self.write(Event::CallStatusChanged { call_sid, status: status.to_owned() });
    }

    /// Ends a call, whatever it does; one that is over stays as it is.
    pub(crate) fn end_call(&mut self, id: CallId, ending: Ending, by: HungUpBy) {
        let Some(live) = self.calls.live_mut(id) else { return };
        let players = std::mem::take(&mut live.players);
        self.note(id, Told::HungUp { by });
        self.let_sleep(id, Wake::Item);
        self.fall_silent(id);
        self.voice_ends(id);
        for player in players.into_iter().rev() {
            match player.doing {
                Doing::Recording(verb) => self.hung_up_on_record(id, *verb, &player.source),
                Doing::Dialing(dialing) => self.drop_dialed(id, *dialing),
                Doing::Relaying(relaying) => self.hung_up_on_relay(id, &relaying, &player.source),
                Doing::Conferring(conferring) => {
                    self.left_conference(id, &conferring, "participant_hung_up");
                }
                Doing::Queued(waiting) => {
                    let result = if waiting.is_taken { QueueResult::Bridged } else { QueueResult::Hangup };
                    self.lost_from_queue(id, &waiting, &player.source, result);
                }
                _ => {}
            }
        }
        let taken_by = self.calls.live(id).and_then(|live| live.taken_by);
        if let Some(other) = self.part(id).or(taken_by) {
            self.partner_left(other, id);
        }
        self.finish_recordings(id);
        self.finish_transcriptions(id);
        self.stop_streams(id);
        let now = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        let Some(live) = call.live.take() else { return };
        call.ended = Some(now);
        call.sip_code = Some(ending.sip_code);
        let parent = call.parent.clone();
        let was_dialed = call.dialed.is_some() || !call.is_outbound();
        self.let_rest(live.timers);
        self.set_call_status(id, ending.status);
        if was_dialed {
            self.report_progress(id, Progress::Completed);
        }
        if self.calls.get(id).is_some_and(|call| call.started.is_some()) {
            self.enter_in(BILLED_MS, Due::BillCall(id));
        }
        if let Far::Line(other) = live.far {
            self.far_hangs_up(other);
        }
        if let Some((parent, _)) = parent {
            self.leg_ended(parent, id, ending);
        }
    }

    /// A call gets its price, and the account pays.
    pub(crate) fn bill_call(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let minute = if call.is_outbound() { OUTBOUND_PRICE_MICROS } else { INBOUND_PRICE_MICROS };
        let minutes = i64::try_from(call.minutes().unwrap_or(0)).unwrap_or(0);
        let price = -(minute * minutes);
        call.price_micros = Some(price);
        let account = call.account.clone();
        if let Some(account) = self.accounts.get_mut(&account) {
            account.balance_micros += price;
        }
    }
}
