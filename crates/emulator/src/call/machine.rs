//! Answering-machine detection: listens to what the far end says first.

use twilio::call::{AmdCallback, AnsweredBy};

use super::create::DetectUntil;
use super::{CallId, MachineWish, Sound, Told, Wake};
use crate::call_scripts::{ANSWERED_BY, Beep, CallScript, PickUp};
use crate::journal::Purpose;
use crate::world::World;

/// How long a silence after a greeting without a beep ends it.
const GREETING_PAUSE_MS: u64 = 1_500;

impl World {
    /// Looks for a machine first, where that was asked for, or begins at once. With digits to send, detection
    /// is passed over.
    pub(crate) fn detect_or_begin(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        let wish = call.settings.machine.clone().filter(|_| call.settings.send_digits.is_none());
        let Some(wish) = wish else { return self.begin(id) };
        let script = match call.live.as_ref().and_then(|live| live.far.person()) {
            Some(person) => person.script.clone(),
            None => std::sync::Arc::default(),
        };
        let (answered_by, ms) = self.find_out(&script, &wish);
        if let Some(live) = self.calls.live_mut(id) {
            live.detecting = Some((answered_by, ms));
        }
        self.wake_in(id, Wake::Detected, ms);
        if wish.beside.is_some() {
            self.begin(id);
        }
    }

    /// Who answers, and how long it takes to find out.
    fn find_out(&self, script: &CallScript, wish: &MachineWish) -> (&'static str, u64) {
        let greeting_ms = self.opening_ms(script);
        let (is_machine, beep) = match &script.pick_up {
            PickUp::Voicemail { beep, .. } => (true, *beep),
            _ => (false, Beep::Silent),
        };
        let fixed = script
            .answered_by
            .as_deref()
            .and_then(|word| ANSWERED_BY.into_iter().find(|known| *known == word));
        let found = match (fixed, wish.until) {
            (Some(word), _) if word.starts_with("machine_end") => (word, greeting_ms + Sound::BEEP_MS),
            (Some(word), _) => (word, greeting_ms.min(wish.speech_threshold_ms) + wish.speech_end_ms),
            (None, _) if greeting_ms == 0 && !is_machine => ("unknown", wish.silence_ms),
            (None, DetectUntil::GreetingEnds) if is_machine => match beep {
                Beep::Beeps => ("machine_end_beep", greeting_ms + Sound::BEEP_MS),
                Beep::Silent => ("machine_end_silence", greeting_ms + GREETING_PAUSE_MS),
            },
            (None, _) if is_machine || greeting_ms >= wish.speech_threshold_ms => {
                ("machine_start", greeting_ms.min(wish.speech_threshold_ms))
            }
            (None, _) => ("human", greeting_ms + wish.speech_end_ms),
        };
        if found.1 > wish.timeout_ms { ("unknown", wish.timeout_ms) } else { found }
    }

    pub(crate) fn detected(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let Some((answered_by, ms)) = call.live.as_mut().and_then(|live| live.detecting.take()) else {
            return;
        };
        let Some(wish) = call.settings.machine.clone() else { return };
        call.answered_by = Some(answered_by);
        call.detection_ms = Some(ms);
        let (call_sid, account_sid) = (call.sid.clone(), call.account.clone());
        self.note(id, Told::Detected { answered_by: answered_by.to_owned() });
        match wish.beside {
            None => self.begin(id),
            Some((url, _)) if url.is_empty() => {}
            Some((url, method)) => {
                let callback = AmdCallback {
                    call_sid,
                    account_sid,
                    answered_by: AnsweredBy::from(answered_by),
                    machine_detection_duration_ms: Some(u32::try_from(ms).unwrap_or(u32::MAX)),
                    rest: Vec::new(),
                };
                self.tell(id, Purpose::AnsweringMachine, &url, method, callback.to_pairs());
            }
        }
    }
}
