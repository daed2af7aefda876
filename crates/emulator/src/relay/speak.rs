//! What the program says, spoken sentence by sentence, and how it is interrupted.

use twilio::relay::{FromTwilio, Interrupt};
use twilio::voice_twiml::{Interruption, RelayEvent};

use super::by_speech;
use crate::call::{CallId, Item, Playback, elapsed_ms};
use crate::socket::Reaction;
use crate::speech::Utterance;
use crate::world::World;

/// Something that is spoken or played without a break.
#[derive(Debug, Clone)]
pub(crate) struct Speech {
    item: Said,
    pub(super) interruptible: Interruption,
    /// Whether newer speech takes its place.
    pub(super) preemptible: bool,
}

#[derive(Debug, Clone)]
enum Said {
    Words(String),
    Audio { url: String, loops: u32 },
    Keys(String),
}

impl Speech {
    pub(super) fn words(words: String, interruptible: Interruption, preemptible: bool) -> Self {
        Self { item: Said::Words(words), interruptible, preemptible }
    }

    pub(super) fn audio(url: String, loops: u32, interruptible: Interruption, preemptible: bool) -> Self {
        Self { item: Said::Audio { url, loops }, interruptible, preemptible }
    }

    pub(super) fn keys(keys: String) -> Self {
        Self { item: Said::Keys(keys), interruptible: Interruption::None, preemptible: false }
    }

    /// The words, where it has some.
    fn text(&self) -> &str {
        match &self.item {
            Said::Words(words) => words,
            Said::Audio { .. } | Said::Keys(_) => "",
        }
    }
}

impl World {
    /// Puts something behind what is still to be spoken, or in its place where that may be.
    pub(super) fn relay_queues(&mut self, id: CallId, speech: Speech) {
        let Some(relaying) = self.relaying_mut(id) else { return };
        relaying.queue.retain(|waiting| !waiting.preemptible);
        let replaces = relaying.present.as_ref().is_some_and(|present| present.preemptible);
        relaying.queue.push_back(speech);
        if replaces {
            relaying.present = None;
            self.stop_playing(id);
        }
    }

    /// Begins what comes next, unless something is being spoken.
    pub(super) fn relay_speaks(&mut self, id: CallId) {
        let (now, pace) = (self.now, self.spoken_pace());
        let Some(relaying) = self.relaying_mut(id) else { return };
        if relaying.present.is_some() {
            return;
        }
        let Some(speech) = relaying.queue.pop_front() else { return self.relay_paused(id) };
        let is_first = relaying.talks_since.is_none();
        relaying.talks_since.get_or_insert(now);
        let item = match &speech.item {
            Said::Words(words) => Item::Say { utterance: Utterance::of(words, pace), loops: 1 },
            Said::Audio { url, loops } => Item::Play { url: url.clone(), ms: None, loops: *loops },
            Said::Keys(keys) => Item::Keys { keys: keys.clone(), loops: 1 },
        };
        relaying.present = Some(speech);
        if is_first {
            self.relay_informs(id, RelayEvent::Speaker, "agentSpeaking", "on");
        }
        self.play(id, Playback::of([item]));
    }

    /// Something was spoken to its end.
    pub(crate) fn relay_spoke(&mut self, id: CallId) {
        let Some(relaying) = self.relaying_mut(id) else { return };
        let Some(speech) = relaying.present.take() else { return };
        let words = speech.text().to_owned();
        add_words(&mut relaying.spoken, &words);
        if !words.is_empty() {
            self.relay_informs(id, RelayEvent::TokensPlayed, "tokensPlayed", &words);
        }
        self.relay_speaks(id);
    }

    /// Nothing is left to be spoken for now.
    fn relay_paused(&mut self, id: CallId) {
        let now = self.now;
        let Some(relaying) = self.relaying_mut(id) else { return };
        if relaying.is_talking {
            // More comes; the caller waits for it.
            return;
        }
        let talked = relaying.talks_since.take().is_some();
        relaying.spoken.clear();
        relaying.listens_from = now;
        if talked {
            self.relay_informs(id, RelayEvent::Speaker, "agentSpeaking", "off");
        }
        self.quiet_begins(id);
        let speaks = self.calls.live(id).is_some_and(|live| live.voice.is_some());
        if speaks && talked {
            self.relay_hears_voice(id);
        }
    }

    /// The caller interrupts: speech stops, what was to follow is forgotten, and the program learns which
    /// words were heard.
    pub(super) fn relay_interrupts(&mut self, id: CallId) {
        let now = self.now;
        let so_far = self.words_so_far(id);
        let Some(relaying) = self.relaying_mut(id) else { return };
        let Some(since) = relaying.talks_since.take() else { return };
        let mut utterance = std::mem::take(&mut relaying.spoken);
        add_words(&mut utterance, &so_far);
        relaying.present = None;
        relaying.queue.clear();
        relaying.token = super::Tokens::default();
        relaying.is_talking = false;
        let interrupt = Interrupt {
            utterance_until_interrupt: utterance,
            duration_until_interrupt_ms: elapsed_ms(since, now),
        };
        self.stop_playing(id);
        if !so_far.is_empty() {
            self.relay_informs(id, RelayEvent::TokensPlayed, "tokensPlayed", &so_far);
        }
        self.relay_informs(id, RelayEvent::Speaker, "agentSpeaking", "off");
        self.relay_tells(id, &FromTwilio::Interrupt(interrupt), Reaction::Possible);
    }

    /// Whether speech of the caller may stop what is spoken now.
    pub(super) fn relay_yields_to_speech(&self, id: CallId) -> bool {
        self.relaying(id).is_some_and(|relaying| {
            let present = relaying.present.as_ref().or(relaying.queue.front());
            let rule = present.map_or(relaying.interruptible(), |speech| speech.interruptible);
            by_speech(rule)
        })
    }
}

fn add_words(text: &mut String, words: &str) {
    let words = words.trim();
    if !text.is_empty() && !words.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}
