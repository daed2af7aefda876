//! What the caller says and presses during a session.

use twilio::relay::{FromTwilio, Prompt};
use twilio::voice_twiml::{RelayEvent, RelaySpeechTimeout};

use super::{by_keys, by_speech};
use crate::call::{CallId, Voice, Wake, elapsed_ms};
use crate::socket::Reaction;
use crate::speech::folded;
use crate::swearing;
use crate::world::World;

/// How long a pause ends speech, where the document leaves it open.
const AUTO_PAUSE_MS: u64 = 800;
/// How often it is told what was understood so far.
const PARTIAL_MS: u64 = 1_000;
/// Sounds by which people show that they listen.
const BACKCHANNEL: [&str; 12] =
    ["ah", "aha", "hm", "hmm", "mhm", "mm hmm", "oh", "ok", "okay", "right", "uh huh", "yeah"];

impl World {
    /// The caller begins to speak, or speaks while the program's turn ends.
    pub(crate) fn relay_hears_voice(&mut self, id: CallId) {
        let Some(relaying) = self.relaying(id).filter(|relaying| relaying.is_open) else { return };
        let (speaking, partial) = (relaying.is_speaking(), relaying.relay.partial_prompts == Some(true));
        self.let_sleep(id, Wake::RelayPause);
        self.relay_informs(id, RelayEvent::Speaker, "clientSpeaking", "on");
        if partial {
            self.wake_in(id, Wake::RelayPartial, PARTIAL_MS);
        }
        if speaking && self.relay_yields_to_speech(id) {
            self.plan_relay_interruption(id);
        }
    }

    /// Interrupts now, or once so many words were said as it takes.
    fn plan_relay_interruption(&mut self, id: CallId) {
        let now = self.now;
        let Some(voice) = self.calls.live(id).and_then(|live| live.voice.as_ref()) else { return };
        let Some(relaying) = self.relaying(id) else { return };
        let said = folded(&voice.said.words());
        if relaying.relay.ignore_backchannel == Some(true) && BACKCHANNEL.contains(&said.as_str()) {
            return;
        }
        let passed = voice.elapsed_ms(now);
        match relaying.words_to_interrupt() {
            0 => self.relay_interrupts(id),
            words => {
                // Whoever says less than that interrupts with the last word.
                let ends = voice.recognized.ends();
                if let Some(ms) = ends.get(words - 1).or(ends.last()) {
                    self.wake_in(id, Wake::RelayInterrupts, ms.saturating_sub(passed));
                }
            }
        }
    }

    /// The caller has said enough to interrupt.
    pub(crate) fn relay_is_interrupted(&mut self, id: CallId) {
        if self.relaying(id).is_some_and(super::Relaying::is_speaking) && self.relay_yields_to_speech(id) {
            self.relay_interrupts(id);
        }
    }

    /// The caller has stopped to speak; if the pause is long enough, that was it.
    pub(crate) fn relay_hears_voice_end(&mut self, id: CallId, voice: &Voice) {
        self.relay_informs(id, RelayEvent::Speaker, "clientSpeaking", "off");
        self.let_sleep(id, Wake::RelayPartial);
        let now = self.now;
        let elapsed = voice.elapsed_ms(now);
        let Some(relaying) = self.relaying_mut(id).filter(|relaying| relaying.is_open) else { return };
        let hears_all = !relaying.is_speaking() || by_speech(relaying.reports());
        let from = match relaying.is_speaking() {
            // Nothing of it is wanted where it interrupted nothing.
            true if !hears_all => return self.quiet_begins(id),
            true => 0,
            false if by_speech(relaying.reports()) => 0,
            false => elapsed_ms(voice.began, relaying.listens_from.max(voice.began)),
        };
        let words = voice.recognized.between(from, elapsed);
        if !words.is_empty() {
            relaying.heard.push(words);
        }
        let pause_ms = match relaying.relay.speech_timeout {
            Some(RelaySpeechTimeout::Milliseconds(ms)) => u64::from(ms),
            _ => AUTO_PAUSE_MS,
        };
        if !relaying.heard.is_empty() {
            self.wake_in(id, Wake::RelayPause, pause_ms);
        }
        self.quiet_begins(id);
    }

    /// The caller's pause is long enough: what was understood goes to the program.
    pub(crate) fn relay_pause_ended(&mut self, id: CallId) {
        let Some(relaying) = self.relaying_mut(id) else { return };
        let words = std::mem::take(&mut relaying.heard).join(" ");
        if !words.is_empty() {
            self.relay_prompts(id, words, true);
        }
    }

    /// Tells what was understood so far.
    pub(crate) fn relay_partly_understood(&mut self, id: CallId) {
        let now = self.now;
        let Some(voice) = self.calls.live(id).and_then(|live| live.voice.clone()) else { return };
        let Some(relaying) = self.relaying(id) else { return };
        let mut words = relaying.heard.clone();
        words.push(voice.recognized.until(voice.elapsed_ms(now)));
        let words = words.join(" ").trim().to_owned();
        self.wake_in(id, Wake::RelayPartial, PARTIAL_MS);
        if !words.is_empty() {
            self.relay_prompts(id, words, false);
        }
    }

    fn relay_prompts(&mut self, id: CallId, words: String, last: bool) {
        let Some(relaying) = self.relaying(id) else { return };
        let filters = relaying.relay.profanity_filter == Some(true);
        let voice_prompt = if filters { swearing::masked(&words) } else { words };
        // Where several languages are heard, only the language is known, not its country.
        let lang = match relaying.language.as_str() {
            "multi" => "en".to_owned(),
            language => language.to_owned(),
        };
        let prompt = FromTwilio::Prompt(Prompt { voice_prompt, lang, last });
        let reaction = if last { Reaction::Expected } else { Reaction::Possible };
        self.relay_tells(id, &prompt, reaction);
    }

    pub(crate) fn relay_hears_key(&mut self, id: CallId, key: char) {
        let Some(relaying) = self.relaying(id).filter(|relaying| relaying.is_open) else { return };
        let present = relaying.present.as_ref().or(relaying.queue.front());
        let rule = present.map_or(relaying.interruptible(), |speech| speech.interruptible);
        let speaking = relaying.is_speaking();
        let is_told = relaying.relay.dtmf_detection == Some(true)
            && (!speaking || by_keys(rule) || by_keys(relaying.reports()));
        if speaking && by_keys(rule) {
            self.relay_interrupts(id);
        }
        if is_told {
            self.relay_tells(id, &FromTwilio::Dtmf { digit: key.to_string() }, Reaction::Possible);
        }
    }
}
