//! The person at the far end, who plays a script.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::far::elapsed_ms;
use super::{CallId, Doing, Sound, Wake};
use crate::call_scripts::{Act, Beep, CallScript, Heard, Hears, PickUp, is_key};
use crate::speech::{Pace, Utterance};
use crate::world::World;

/// How long a person waits for more before reacting to what was said.
pub(crate) const REACTION_MS: u64 = 300;
/// How long a person thinks before doing something, where the script does not say.
const THINKS_MS: u64 = 500;
/// From one key to the next.
const KEY_MS: u64 = 250;
/// How sure recognition is of clear words.
pub(crate) const CLEAR: f64 = 0.9;

/// A person in a call.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) script: Arc<CallScript>,
    /// How often each rule was used.
    used: Vec<u64>,
    /// What was heard in the present turn of the other end.
    heard: Vec<Heard>,
    /// Whether the person has reacted to it, or decided not to.
    is_heard_out: bool,
    /// Since when the other end is silent.
    quiet_since: Option<Timestamp>,
    /// What is still to be done, in order; what is done now is not in it.
    acts: VecDeque<Act>,
    /// Keys that are still to be pressed.
    keys: VecDeque<char>,
    is_acting: bool,
    /// The rule that interrupts what is being said.
    interrupting: Option<usize>,
    /// What is being said was reacted to already.
    skips_present: bool,
}

impl Person {
    pub(crate) fn new(script: Arc<CallScript>) -> Self {
        Self {
            used: vec![0; script.rules.len()],
            script,
            heard: Vec::new(),
            is_heard_out: false,
            quiet_since: None,
            acts: VecDeque::new(),
            keys: VecDeque::new(),
            is_acting: false,
            interrupting: None,
            skips_present: false,
        }
    }

    fn is_busy(&self) -> bool {
        self.is_acting || !self.acts.is_empty()
    }

    /// The first rule for which `fits` says so and that may still be used.
    fn rule(&self, fits: impl Fn(usize, &Hears) -> bool) -> Option<usize> {
        self.script.rules.iter().enumerate().position(|(index, rule)| {
            rule.times.is_none_or(|times| self.used[index] < times) && fits(index, &rule.hears)
        })
    }

    fn follow(&mut self, rule: usize) {
        self.used[rule] += 1;
        self.is_heard_out = true;
        self.acts.extend(self.script.rules[rule].acts.iter().cloned());
    }
}

impl World {
    /// How fast a person speaks.
    pub(crate) fn pace_of(&self, script: &CallScript) -> Pace {
        let words_per_minute = script.words_per_minute.unwrap_or(self.rules.timings.calls.words_per_minute);
        Pace { words_per_minute }
    }

    /// How long what a person or a machine says first takes, and whether a machine beeps after it.
    pub(crate) fn opening_ms(&self, script: &CallScript) -> u64 {
        let pace = self.pace_of(script);
        match &script.pick_up {
            PickUp::Voicemail { greeting, .. } => Utterance::of(greeting, pace).ms(),
            _ => script
                .opening
                .iter()
                .filter_map(|act| Some((act.say.as_deref()?, act.lasts_ms)))
                .map(|(words, lasts_ms)| lasts_ms.unwrap_or_else(|| Utterance::of(words, pace).ms()))
                .sum(),
        }
    }

    /// The call is answered, or was made by the person: now the person begins.
    pub(crate) fn person_begins(&mut self, id: CallId) {
        let Some(person) = self.person_mut(id) else { return };
        let script = Arc::clone(&person.script);
        person.acts.extend(script.opening.iter().cloned());
        let mut leaves_ms = script.hang_up_after_ms;
        if let PickUp::Voicemail { greeting, beep, record_ms, .. } = &script.pick_up
            && self.calls.get(id).is_some_and(super::Call::is_outbound)
        {
            let says = Act { say: Some(greeting.clone()), after_ms: Some(0), ..Act::default() };
            let beep_ms = if *beep == Beep::Beeps { Sound::BEEP_MS } else { 0 };
            leaves_ms = leaves_ms.or(Some(self.opening_ms(&script) + beep_ms + record_ms));
            if let Some(person) = self.person_mut(id) {
                person.acts.push_front(says);
            }
        }
        if let Some(ms) = leaves_ms {
            self.wake_in(id, Wake::PersonLeaves, ms);
        }
        self.person_goes_on(id);
    }

    /// The person does this too, after all else that is still to be done.
    pub(crate) fn person_shall(&mut self, id: CallId, act: Act) {
        let Some(person) = self.person_mut(id) else { return };
        person.acts.push_back(act);
        self.person_goes_on(id);
    }

    fn person_goes_on(&mut self, id: CallId) {
        let Some(person) = self.person_mut(id) else { return };
        if person.is_acting {
            return;
        }
        if let Some(act) = person.acts.front() {
            let ms = act.after_ms.unwrap_or(THINKS_MS);
            person.is_acting = true;
            self.wake_in(id, Wake::PersonActs, ms);
        } else if self.is_quiet(id) {
            self.quiet_begins(id);
        }
    }

    pub(crate) fn person_acts(&mut self, id: CallId) {
        let Some(person) = self.person_mut(id) else { return };
        let Some(act) = person.acts.pop_front() else { return };
        let script = Arc::clone(&person.script);
        if let Some(words) = &act.say {
            let mut utterance = Utterance::of(words, self.pace_of(&script));
            if let Some(ms) = act.lasts_ms {
                utterance = utterance.lasting(ms);
            }
            let ms = utterance.ms();
            self.wake_in(id, Wake::PersonFinishes, ms);
            let noise = act.noise.unwrap_or(0.0);
            return self.voice_begins(id, utterance, act.confidence.unwrap_or(CLEAR), noise);
        }
        if let Some(keys) = &act.press {
            person.keys.extend(keys.chars());
            return self.person_presses(id);
        }
        if act.hang_up {
            return self.far_hangs_up(id);
        }
        if let Some(text) = act.text {
            self.person_texts(id, &text);
        }
        self.person_is_done(id);
    }

    pub(crate) fn person_finishes(&mut self, id: CallId) {
        self.voice_ends(id);
        self.person_is_done(id);
    }

    pub(crate) fn person_presses(&mut self, id: CallId) {
        let key = self.person_mut(id).and_then(|person| person.keys.pop_front());
        let ms = match key {
            Some('w') => 500,
            Some('W') => 1_000,
            Some(key) if is_key(key) => {
                self.key_pressed(id, key);
                KEY_MS
            }
            _ => return self.person_is_done(id),
        };
        match self.person_mut(id).is_some_and(|person| !person.keys.is_empty()) {
            true => self.wake_in(id, Wake::PersonPresses, ms),
            false => self.person_is_done(id),
        }
    }

    fn person_is_done(&mut self, id: CallId) {
        if let Some(person) = self.person_mut(id) {
            person.is_acting = false;
            self.person_goes_on(id);
        }
    }

    fn person_texts(&mut self, id: CallId, text: &crate::call_scripts::TextAct) {
        let Some(call) = self.calls.get(id) else { return };
        let phone = call.far_number().to_owned();
        let to = text.to.clone().unwrap_or_else(|| call.near_number().to_owned());
        let sid = call.sid.clone();
        if let Err(error) = self.receive(&phone, &to, &text.message) {
            self.note_fault(format!("a message of a person in a call was not sent: {error}"), Some(&sid));
        }
    }

    /// Something can be heard, so that this is no moment to react.
    pub(crate) fn sound_begins(&mut self, id: CallId) {
        self.let_sleep(id, Wake::PersonReacts);
        self.let_sleep(id, Wake::PersonBored);
        if let Some(person) = self.person_mut(id) {
            person.quiet_since = None;
            if person.is_heard_out {
                person.heard.clear();
                person.is_heard_out = false;
            }
        }
    }

    /// Something was heard to its end, or to where it was interrupted.
    pub(crate) fn person_heard(&mut self, id: CallId, heard: Heard) {
        self.let_sleep(id, Wake::PersonInterrupts);
        let Some(person) = self.person_mut(id) else { return };
        person.interrupting = None;
        if std::mem::take(&mut person.skips_present) || heard == Heard::Words(String::new()) {
            return;
        }
        person.heard.push(heard);
    }

    /// Nothing can be heard any more, and this end waits or is silent for a while.
    pub(crate) fn quiet_begins(&mut self, id: CallId) {
        let now = self.now;
        let Some(person) = self.person_mut(id) else { return };
        person.quiet_since.get_or_insert(now);
        if person.is_busy() {
            return;
        }
        if !person.heard.is_empty() && !person.is_heard_out {
            self.wake_in(id, Wake::PersonReacts, REACTION_MS);
        } else {
            self.await_boredom(id);
        }
    }

    pub(crate) fn person_reacts(&mut self, id: CallId) {
        let Some(person) = self.person_mut(id) else { return };
        let rule = person.rule(|_, hears| hears.silence_ms.is_none() && hears.fits(&person.heard, 0));
        match rule {
            Some(rule) => {
                person.follow(rule);
                self.person_goes_on(id);
            }
            None => {
                person.is_heard_out = true;
                self.await_boredom(id);
            }
        }
    }

    /// Waits for the shortest silence after which a rule fits that is not over yet.
    fn await_boredom(&mut self, id: CallId) {
        let now = self.now;
        let Some(person) = self.person_mut(id) else { return };
        let Some(since) = person.quiet_since else { return };
        let silence_ms = elapsed_ms(since, now);
        let heard = &person.heard;
        let next = person
            .script
            .rules
            .iter()
            .enumerate()
            .filter(|(index, rule)| rule.times.is_none_or(|times| person.used[*index] < times))
            .filter_map(|(_, rule)| Some((rule.hears.silence_ms?, &rule.hears)))
            .filter(|(ms, hears)| *ms > silence_ms && hears.fits(heard, *ms))
            .map(|(ms, _)| ms)
            .min();
        if let Some(ms) = next {
            self.wake_in(id, Wake::PersonBored, ms - silence_ms);
        }
    }

    pub(crate) fn person_is_bored(&mut self, id: CallId) {
        let now = self.now;
        let Some(person) = self.person_mut(id) else { return };
        let silence_ms = person.quiet_since.map_or(0, |since| elapsed_ms(since, now));
        let rule =
            person.rule(|_, hears| hears.silence_ms.is_some() && hears.fits(&person.heard, silence_ms));
        if let Some(rule) = rule {
            person.follow(rule);
            // The silence that comes after what the person does now is another one.
            person.quiet_since = None;
            self.person_goes_on(id);
        }
    }

    /// Finds out when a rule that interrupts would, while something is being said.
    pub(crate) fn plan_interruption(&mut self, id: CallId, utterance: &Utterance) {
        let Some(person) = self.person_mut(id).filter(|person| !person.is_busy()) else { return };
        if !person.script.rules.iter().any(|rule| rule.interrupts) {
            return;
        }
        let script = Arc::clone(&person.script);
        let mut heard = person.heard.clone();
        let found = utterance.ends().into_iter().find_map(|ms| {
            heard.push(Heard::Words(utterance.until(ms)));
            let rule = person.rule(|index, hears| script.rules[index].interrupts && hears.fits(&heard, 0));
            heard.pop();
            rule.map(|rule| (ms, rule))
        });
        if let Some((ms, rule)) = found {
            person.interrupting = Some(rule);
            self.wake_in(id, Wake::PersonInterrupts, ms);
        }
    }

    pub(crate) fn person_interrupts(&mut self, id: CallId) {
        let Some(person) = self.person_mut(id) else { return };
        let Some(rule) = person.interrupting.take() else { return };
        person.skips_present = true;
        person.follow(rule);
        self.person_goes_on(id);
    }

    /// Whether nothing can be heard at the far end, and nothing will before something happens.
    pub(crate) fn is_quiet(&self, id: CallId) -> bool {
        let Some(live) = self.calls.live(id) else { return false };
        let nothing_said = match &live.speaking {
            None => live.player().is_none_or(|player| match &player.doing {
                Doing::Fetching { .. } => false,
                Doing::Relaying(relaying) => !relaying.is_speaking(),
                _ => player.playback.is_empty(),
            }),
            Some(speaking) => matches!(speaking.sound, Sound::Silence { .. } | Sound::Music),
        };
        let nobody_speaks = self
            .speakers(id)
            .into_iter()
            .all(|other| self.calls.live(other).is_none_or(|live| live.voice.is_none()));
        nothing_said && nobody_speaks
    }
}
