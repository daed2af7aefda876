//! `<Gather>`: listens for keys and speech while something is played, and tells what it got.

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::{CallRequest, GatherAction, GatherPartial};
use twilio::voice_twiml::{FinishOnKey, Gather, Key, SpeechTimeout};

use super::far::elapsed_ms;
use super::player::Flow;
use super::{CallId, Doing, Told, Voice, Wake};
use crate::journal::Purpose;
use crate::speech::folded;
use crate::swearing;
use crate::world::World;

/// How long a pause ends speech with `speechTimeout="auto"`.
const AUTO_PAUSE_MS: u64 = 800;
/// How long speech may be.
const SPEECH_S_MAX: u32 = 60;
/// How often it is told what was understood so far.
const PARTIAL_MS: u64 = 1_000;

/// A gather in progress.
#[derive(Debug, Clone)]
pub(crate) struct Gathering {
    gather: Gather,
    digits: String,
    heard: Option<Heard>,
    /// What is played has ended, or was interrupted.
    is_prompted: bool,
    /// Words that are finished before this instant were spoken to nobody.
    listens_from: Timestamp,
    partials: u32,
}

/// Speech that a gather has got so far.
#[derive(Debug, Clone, Default)]
struct Heard {
    words: Vec<String>,
    confidences: Vec<f64>,
}

/// How a gather ended.
#[derive(Debug, Clone, PartialEq)]
enum Got {
    Digits { digits: String, finished_on: Option<char> },
    Speech { words: String, confidence: f64 },
    Nothing,
}

impl Gathering {
    /// Words that noise does not swallow, folded.
    pub(crate) fn hints(&self) -> Vec<String> {
        self.gather.hint_list().flat_map(str::split_whitespace).map(folded).collect()
    }

    fn timeout_ms(&self) -> u64 {
        u64::from(self.gather.timeout_s.unwrap_or(5)) * 1_000
    }

    /// How long a pause ends speech.
    fn pause_ms(&self) -> u64 {
        match self.gather.speech_timeout {
            Some(SpeechTimeout::Auto) => AUTO_PAUSE_MS,
            Some(SpeechTimeout::Seconds(seconds)) => u64::from(seconds) * 1_000,
            None => self.timeout_ms(),
        }
    }

    fn barges_in(&self) -> bool {
        self.gather.barge_in != Some(false)
    }

    /// The key that ends the digits.
    fn finishes_on(&self, key: char) -> bool {
        match self.gather.finish_on_key {
            None => key == '#',
            Some(FinishOnKey::Key(finish)) => Key::from_char(key) == Some(finish),
            Some(FinishOnKey::Never) => false,
        }
    }
}

impl World {
    pub(crate) fn gather(&mut self, id: CallId, gather: Gather) -> Flow {
        let playback = self.prompt(id, &gather.prompts);
        let now = self.now;
        let Some(player) = self.player_mut(id) else { return Flow::Wait };
        let is_prompted = playback.is_empty();
        player.doing = Doing::Gathering(Box::new(Gathering {
            gather,
            digits: String::new(),
            heard: None,
            is_prompted,
            listens_from: now,
            partials: 0,
        }));
        match is_prompted {
            true => self.prompt_ended(id),
            false => self.play(id, playback),
        }
        // Somebody may be speaking already.
        let speaks = self.calls.live(id).is_some_and(|live| live.voice.is_some());
        if speaks {
            self.gather_hears_voice(id);
        }
        Flow::Wait
    }

    pub(crate) fn gathering_mut(&mut self, id: CallId) -> Option<&mut Gathering> {
        match &mut self.player_mut(id)?.doing {
            Doing::Gathering(gathering) => Some(gathering),
            _ => None,
        }
    }

    /// Nothing is played any more: now the time for input runs.
    pub(crate) fn prompt_ended(&mut self, id: CallId) {
        let now = self.now;
        let Some(gathering) = self.gathering_mut(id) else { return };
        let was_deaf = !gathering.is_prompted && !gathering.barges_in();
        gathering.is_prompted = true;
        if was_deaf {
            gathering.listens_from = now;
        }
        let timeout_ms = gathering.timeout_ms();
        let waits = gathering.heard.is_none();
        if waits {
            // Digits that came while a prompt played that cannot be interrupted count from here.
            self.wake_in(id, Wake::Input, timeout_ms);
        }
        let speaks = self.calls.live(id).is_some_and(|live| live.voice.is_some());
        match speaks && was_deaf {
            true => self.gather_hears_voice(id),
            false => self.quiet_begins(id),
        }
    }

    /// Somebody speaks while a gather listens.
    pub(crate) fn gather_hears_voice(&mut self, id: CallId) {
        let Some(gathering) = self.gathering_mut(id) else { return };
        let is_deaf = !gathering.is_prompted && !gathering.barges_in();
        if !gathering.gather.takes_speech() || is_deaf || !gathering.digits.is_empty() {
            return;
        }
        let is_first = gathering.heard.is_none();
        gathering.heard.get_or_insert_default();
        let limit_s = gathering.gather.max_speech_time_s.unwrap_or(SPEECH_S_MAX).min(SPEECH_S_MAX);
        let tells_partials = gathering.gather.partial_result_callback.is_some();
        self.let_sleep(id, Wake::Input);
        self.barge_in(id);
        if is_first {
            self.wake_in(id, Wake::SpeechLimit, u64::from(limit_s) * 1_000);
        }
        if tells_partials {
            self.wake_in(id, Wake::Partial, PARTIAL_MS);
        }
    }

    /// Stops what is played under a gather.
    fn barge_in(&mut self, id: CallId) {
        let Some(gathering) = self.gathering_mut(id) else { return };
        if !std::mem::replace(&mut gathering.is_prompted, true) {
            self.stop_playing(id);
        }
    }

    /// Somebody has stopped to speak; if the pause is long enough, that was it.
    pub(crate) fn gather_hears_voice_end(&mut self, id: CallId, voice: &Voice) {
        let elapsed = voice.elapsed_ms(self.now);
        let Some(gathering) = self.gathering_mut(id) else { return };
        let from = elapsed_ms(voice.began, gathering.listens_from);
        let Some(heard) = &mut gathering.heard else { return };
        let words = voice.recognized.between(from, elapsed);
        if !words.is_empty() {
            heard.words.push(words);
            heard.confidences.push(voice.confidence);
        }
        let pause_ms = gathering.pause_ms();
        self.let_sleep(id, Wake::Partial);
        self.wake_in(id, Wake::Input, pause_ms);
        self.quiet_begins(id);
    }

    pub(crate) fn gather_hears_key(&mut self, id: CallId, key: char) {
        let Some(gathering) = self.gathering_mut(id) else { return };
        // Whichever comes first decides; after speech has begun, keys mean nothing.
        if !gathering.gather.takes_keys() || gathering.heard.is_some() {
            return;
        }
        let finishes = gathering.finishes_on(key);
        if !finishes {
            gathering.digits.push(key);
        }
        let digits = gathering.digits.clone();
        let is_full = gathering.gather.num_digits.is_some_and(|most| digits.len() >= most as usize);
        let (barges_in, timeout_ms) = (gathering.barges_in(), gathering.timeout_ms());
        if finishes && digits.is_empty() {
            return self.gathered(id, Got::Nothing);
        }
        if finishes || is_full {
            let finished_on = finishes.then_some(key);
            return self.gathered(id, Got::Digits { digits, finished_on });
        }
        let is_prompted = self.gathering_mut(id).is_some_and(|gathering| gathering.is_prompted);
        if barges_in && !is_prompted {
            self.barge_in(id);
            self.quiet_begins(id);
        }
        if barges_in || is_prompted {
            self.wake_in(id, Wake::Input, timeout_ms);
        }
    }

    /// No more keys came in time, no speech began, or speech has paused for long enough.
    pub(crate) fn input_timed_out(&mut self, id: CallId) {
        let Some(gathering) = self.gathering_mut(id) else { return };
        let got = match &gathering.heard {
            Some(heard) if heard.words.is_empty() => Got::Nothing,
            Some(heard) => {
                let words = heard.words.join(" ");
                let sum: f64 = heard.confidences.iter().sum();
                Got::Speech { words, confidence: sum / heard.confidences.len() as f64 }
            }
            None if gathering.digits.is_empty() => Got::Nothing,
            None => Got::Digits { digits: gathering.digits.clone(), finished_on: None },
        };
        self.gathered(id, got);
    }

    /// Speech is longer than it may be: what was understood so far counts.
    pub(crate) fn speech_limit_reached(&mut self, id: CallId) {
        let now = self.now;
        if let Some(voice) = self.calls.live(id).and_then(|live| live.voice.clone()) {
            let elapsed = voice.elapsed_ms(now);
            if let Some(gathering) = self.gathering_mut(id)
                && let from = elapsed_ms(voice.began, gathering.listens_from)
                && let Some(heard) = &mut gathering.heard
            {
                heard.words.push(voice.recognized.between(from, elapsed));
                heard.confidences.push(voice.confidence);
            }
        }
        self.input_timed_out(id);
    }

    /// Tells what was understood so far.
    pub(crate) fn partly_understood(&mut self, id: CallId) {
        let now = self.now;
        let Some(live) = self.calls.live_mut(id) else { return };
        let Some(voice) = live.voice.clone() else { return };
        let Some(player) = live.player_mut() else { return };
        let source = player.source.clone();
        let Doing::Gathering(gathering) = &mut player.doing else { return };
        let from = elapsed_ms(voice.began, gathering.listens_from);
        let Some(heard) = &gathering.heard else { return };
        let mut words = heard.words.clone();
        words.push(voice.recognized.between(from, voice.elapsed_ms(now)));
        let words = words.join(" ").trim().to_owned();
        let number = gathering.partials;
        gathering.partials += 1;
        let filters = gathering.gather.profanity_filter != Some(false);
        let language = gathering.gather.language.map(|language| language.as_str().to_owned());
        let method = gathering.gather.partial_result_callback_method.unwrap_or_default();
        let url = gathering.gather.partial_result_callback.as_deref().and_then(|url| source.resolve(url));
        self.wake_in(id, Wake::Partial, PARTIAL_MS);
        let Some(url) = url else { return };
        let words = if filters { swearing::masked(&words) } else { words };
        let parameters = self.parameters_with(id, |call| {
            let partial = GatherPartial {
                call,
                unstable_speech_result: Some(words),
                stable_speech_result: Some(String::new()),
                stability: Some(0.5),
                sequence_number: Some(number),
                language,
            };
            partial.to_pairs()
        });
        self.tell(id, Purpose::PartialResult, &url, method, parameters);
    }

    /// A gather has ended: what it got goes to its action, or the next verb follows.
    fn gathered(&mut self, id: CallId, got: Got) {
        let Some(gathering) = self.gathering_mut(id) else { return };
        let gather = gathering.gather.clone();
        self.stop_playing(id);
        for wake in [Wake::Input, Wake::Partial, Wake::SpeechLimit] {
            self.let_sleep(id, wake);
        }
        let filters = gather.profanity_filter != Some(false);
        let got = match got {
            Got::Speech { words, confidence } if filters => {
                Got::Speech { words: swearing::masked(&words), confidence }
            }
            got => got,
        };
        self.note_gathered(id, &got);
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Nothing;
        }
        if got == Got::Nothing && gather.action_on_empty_result != Some(true) {
            return self.proceed(id);
        }
        let parameters = self.parameters_with(id, |call| got.action(call, &gather).to_pairs());
        let method: Option<HttpMethod> = gather.method;
        let action = gather.action.as_deref().filter(|action| !action.is_empty());
        self.go_to(id, action, method, parameters);
    }

    fn note_gathered(&mut self, id: CallId, got: &Got) {
        let how = match got {
            Got::Digits { digits, .. } => format!("digits {digits}"),
            Got::Speech { words, confidence } => {
                self.note(id, Told::Understood { words: words.clone(), confidence: *confidence });
                "speech".to_owned()
            }
            Got::Nothing => "nothing".to_owned(),
        };
        self.note(id, Told::Ended { verb: "Gather".to_owned(), how });
    }
}

impl Got {
    /// What the action is told.
    fn action(self, call: CallRequest, gather: &Gather) -> GatherAction {
        let mut action = GatherAction {
            call,
            digits: None,
            finished_on_key: None,
            speech_result: None,
            confidence: None,
            language: None,
        };
        match self {
            Got::Digits { digits, finished_on } => {
                action.digits = Some(digits);
                action.finished_on_key = finished_on.map(|key| key.to_string());
            }
            Got::Speech { words, confidence } => {
                action.speech_result = Some(words);
                // As precise as the provider is.
                action.confidence = Some((confidence * 1e7).round() / 1e7);
                action.language = gather.language.map(|language| language.as_str().to_owned());
            }
            Got::Nothing => {
                action.digits = gather.takes_keys().then(String::new);
                action.speech_result = gather.takes_speech().then(String::new);
            }
        }
        action
    }
}
