//! The far end of a call: what it says, presses and does, as this end meets it.

use jiff::Timestamp;

use super::{CallId, Ending, Person, Sound, Told};
use crate::call::story::HungUpBy;
use crate::call_scripts::{Heard, is_key};
use crate::recordings::Side;
use crate::speech::{Utterance, folded};
use crate::world::World;

/// Who is at the other end of the line.
#[derive(Debug, Clone)]
pub(crate) enum Far {
    /// Somebody with a phone.
    Person(Box<Person>),
    /// Another call: an owned number was dialled, and its own TwiML takes the call there.
    Line(CallId),
}

/// What is being said at the far end.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    /// As people hear it.
    pub(crate) said: Utterance,
    /// As speech recognition does: words that noise swallowed are silences.
    pub(crate) recognized: Utterance,
    pub(crate) confidence: f64,
    pub(crate) began: Timestamp,
}

impl Voice {
    /// How long it has been going on.
    pub(crate) fn elapsed_ms(&self, now: Timestamp) -> u64 {
        elapsed_ms(self.began, now)
    }
}

pub(crate) fn elapsed_ms(since: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(since).as_millis()).unwrap_or(0)
}

impl Far {
    pub(crate) fn person(&self) -> Option<&Person> {
        match self {
            Far::Person(person) => Some(person),
            Far::Line(_) => None,
        }
    }
}

impl World {
    pub(crate) fn person_mut(&mut self, id: CallId) -> Option<&mut Person> {
        match &mut self.calls.live_mut(id)?.far {
            Far::Person(person) => Some(person),
            Far::Line(_) => None,
        }
    }

    /// Somebody begins to speak at the far end.
    pub(crate) fn voice_begins(&mut self, id: CallId, said: Utterance, confidence: f64, noise: f64) {
        let hints = self.hints(id);
        let is_hinted = |word: &str| hints.contains(&folded(word));
        let random = &mut self.random;
        let recognized = said.clone().losing(|word| !is_hinted(word) && random.happens(noise));
        let began = self.now;
        let confidence = (confidence * (1.0 - noise)).clamp(0.0, 1.0);
        let words = said.words();
        let Some(live) = self.calls.live_mut(id) else { return };
        live.voice = Some(Voice { said, recognized, confidence, began });
        self.note(id, Told::Spoke { words, confidence });
        self.input_hears_voice(id);
        for other in self.listeners(id) {
            self.sound_begins(other);
        }
    }

    /// Nobody speaks at the far end any more.
    pub(crate) fn voice_ends(&mut self, id: CallId) {
        let now = self.now;
        let Some(voice) = self.calls.live_mut(id).and_then(|live| live.voice.take()) else { return };
        let elapsed = voice.elapsed_ms(now);
        let heard = voice.said.until(elapsed);
        self.record_sound(id, Side::Far, voice.began, Some(&voice.recognized.until(elapsed)));
        let recognized = voice.recognized.until(elapsed);
        self.transcribe(id, Side::Far, &recognized, voice.confidence);
        self.record_conference_sound(id, voice.began);
        for other in self.listeners(id) {
            self.record_sound(other, Side::Near, voice.began, None);
            self.transcribe(other, Side::Near, &recognized, voice.confidence);
            self.person_heard(other, Heard::Words(heard.clone()));
            self.quiet_begins(other);
        }
        self.input_hears_voice_end(id, &voice);
    }

    /// A key is pressed at the far end.
    pub(crate) fn key_pressed(&mut self, id: CallId, key: char) {
        self.note(id, Told::Pressed { key: key.to_string() });
        self.input_hears_key(id, key);
    }

    /// The far end hangs up.
    pub(crate) fn far_hangs_up(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id).filter(|call| !call.is_over()) else { return };
        // Whoever hangs up before anybody answered has called for nothing.
        let ending = match (call.started, call.is_outbound()) {
            (Some(_), _) => Ending::COMPLETED,
            (None, true) => Ending::NO_ANSWER,
            (None, false) => Ending::NO_ANSWER,
        };
        self.end_call(id, ending, HungUpBy::Person);
    }

    /// The far end begins to hear something.
    pub(crate) fn far_hears(&mut self, id: CallId, sound: &Sound) {
        if matches!(sound, Sound::Silence { .. } | Sound::Music) {
            return self.quiet_begins(id);
        }
        match self.calls.live(id).map(|live| &live.far) {
            Some(Far::Line(other)) => {
                let other = *other;
                if let Sound::Words(utterance) = sound {
                    self.voice_begins(other, utterance.clone(), 0.95, 0.0);
                }
            }
            Some(Far::Person(_)) => {
                self.sound_begins(id);
                if let Sound::Words(utterance) = sound {
                    self.plan_interruption(id, utterance);
                }
            }
            None => {}
        }
    }

    /// The far end has heard something, perhaps not all of it.
    pub(crate) fn far_heard(&mut self, id: CallId, sound: &Sound, elapsed_ms: u64) {
        let line = match self.calls.live(id).map(|live| &live.far) {
            Some(Far::Line(other)) => Some(*other),
            _ => None,
        };
        match (sound, line) {
            (Sound::Words(_), Some(other)) => self.voice_ends(other),
            (Sound::Keys { keys, .. }, Some(other)) => {
                for key in keys.chars().filter(|key| is_key(*key)) {
                    self.key_pressed(other, key);
                }
            }
            (Sound::Words(utterance), None) => {
                self.person_heard(id, Heard::Words(utterance.until(elapsed_ms)));
            }
            (Sound::File { url, .. }, None) => self.person_heard(id, Heard::Audio(url.clone())),
            (Sound::Beep, None) => self.person_heard(id, Heard::Beep),
            _ => {}
        }
    }
}
