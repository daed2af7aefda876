//! `<Record>`, and recordings that run beside the call.

use jiff::Timestamp;
use twilio::call::{RecordAction, RecordEnd};
use twilio::form::Pairs;
use twilio::sid::Sid;
use twilio::voice_twiml::{Key, KeySet, Record, Trim};

use super::playback::{Item, Playback};
use super::player::Flow;
use super::{CallId, Doing, Source, Told, Voice, Wake};
use crate::journal::Purpose;
use crate::recordings::{NewRecording, RecordingCallback, Track};
use crate::world::World;

/// The longest recording unless it says otherwise, and one that is transcribed, in seconds.
const LENGTH_S_MAX: u32 = 3_600;
const TRANSCRIBED_S_MAX: u32 = 120;
/// The longest of all: the length of a call.
const CALL_S_MAX: u32 = 14_400;

/// A `<Record>` in progress.
#[derive(Debug, Clone)]
pub(crate) struct RecordVerb {
    record: Record,
    /// None while it beeps.
    recording: Option<Sid>,
    began: Timestamp,
}

impl RecordVerb {
    fn silence_ms(&self) -> Option<u64> {
        Some(u64::from(self.record.timeout_s.unwrap_or(5)) * 1_000).filter(|ms| *ms > 0)
    }

    fn length_ms(&self) -> u64 {
        let most = if self.record.transcribe == Some(true) { TRANSCRIBED_S_MAX } else { LENGTH_S_MAX };
        u64::from(self.record.max_length_s.unwrap_or(most).min(CALL_S_MAX)) * 1_000
    }
}

impl World {
    pub(crate) fn record(&mut self, id: CallId, record: Record) -> Flow {
        let began = self.now;
        let beeps = record.play_beep != Some(false);
        let Some(player) = self.player_mut(id) else { return Flow::Wait };
        player.doing = Doing::Recording(Box::new(RecordVerb { record, recording: None, began }));
        match beeps {
            true => self.play(id, Playback::of([Item::Beep])),
            false => self.record_begins(id),
        }
        Flow::Wait
    }

    fn record_verb_mut(&mut self, id: CallId) -> Option<&mut RecordVerb> {
        match &mut self.player_mut(id)?.doing {
            Doing::Recording(verb) => Some(verb),
            _ => None,
        }
    }

    /// The beep is over.
    pub(crate) fn record_begins(&mut self, id: CallId) {
        let now = self.now;
        let Some(player) = self.player_mut(id) else { return };
        let source = player.source.clone();
        let Doing::Recording(verb) = &mut player.doing else { return };
        verb.began = now;
        let record = verb.record.clone();
        let (silence_ms, length_ms) = (verb.silence_ms(), verb.length_ms());
        let resolve = |url: &Option<String>| url.as_deref().and_then(|url| source.resolve(url));
        let transcribes = record.transcribe == Some(true);
        let recording = self.start_recording(
            id,
            NewRecording {
                source: "RecordVerb",
                channels: 1,
                track: Track::Inbound,
                trims: record.trim != Some(Trim::DoNot),
                callback: RecordingCallback {
                    url: resolve(&record.recording_status_callback),
                    method: record.recording_status_callback_method.unwrap_or_default(),
                    events: record
                        .recording_status_callback_event
                        .iter()
                        .map(|event| event.as_str().to_owned())
                        .collect(),
                },
                transcribe: transcribes.then(|| resolve(&record.transcribe_callback)),
            },
        );
        if let Some(verb) = self.record_verb_mut(id) {
            verb.recording = recording;
        }
        self.wake_in(id, Wake::RecordingFull, length_ms);
        let speaks = self.calls.live(id).is_some_and(|live| live.voice.is_some());
        if let Some(ms) = silence_ms.filter(|_| !speaks) {
            self.wake_in(id, Wake::Silence, ms);
        }
        self.quiet_begins(id);
    }

    pub(crate) fn record_hears_voice(&mut self, id: CallId) {
        self.let_sleep(id, Wake::Silence);
    }

    pub(crate) fn record_hears_voice_end(&mut self, id: CallId, _: &Voice) {
        let is_running = self.record_verb_mut(id).is_some_and(|verb| verb.recording.is_some());
        let silence_ms = self.record_verb_mut(id).and_then(|verb| verb.silence_ms());
        if let Some(ms) = silence_ms.filter(|_| is_running) {
            self.wake_in(id, Wake::Silence, ms);
        }
        if is_running {
            self.quiet_begins(id);
        }
    }

    pub(crate) fn record_hears_key(&mut self, id: CallId, key: char) {
        let Some(verb) = self.record_verb_mut(id).filter(|verb| verb.recording.is_some()) else { return };
        let ends = verb.record.finish_on_key.unwrap_or(KeySet::ALL);
        if Key::from_char(key).is_some_and(|key| ends.contains(key)) {
            self.recorded(id, &key.to_string());
        }
    }

    pub(crate) fn recording_fell_silent(&mut self, id: CallId) {
        self.recorded(id, "");
    }

    pub(crate) fn recording_is_full(&mut self, id: CallId) {
        self.recorded(id, "");
    }

    /// A record has ended: its action is asked what comes next.
    fn recorded(&mut self, id: CallId, digits: &str) {
        self.voice_is_cut(id);
        let Some(player) = self.player_mut(id) else { return };
        let Doing::Recording(verb) = std::mem::replace(&mut player.doing, Doing::Nothing) else { return };
        self.let_sleep(id, Wake::Silence);
        self.let_sleep(id, Wake::RecordingFull);
        let how = if digits.is_empty() { "silence or length".to_owned() } else { format!("key {digits}") };
        self.note(id, Told::Ended { verb: "Record".to_owned(), how });
        let ended_by = (!digits.is_empty()).then(|| RecordEnd::Key(digits.to_owned()));
        let parameters = self.recorded_parameters(id, &verb, ended_by);
        let action = verb.record.action.as_deref().filter(|action| !action.is_empty());
        self.go_to(id, action, verb.record.method, parameters);
    }

    /// Ends the recording of a record, and gives what its action is told.
    fn recorded_parameters(&mut self, id: CallId, verb: &RecordVerb, ended_by: Option<RecordEnd>) -> Pairs {
        let Some(sid) = &verb.recording else { return Vec::new() };
        self.stop_recording(sid);
        let Some(recording) = self.recordings.get(sid) else { return Vec::new() };
        self.parameters_with(id, |call| {
            let action = RecordAction {
                call,
                recording_sid: Some(sid.clone()),
                recording_url: Some(self.recording_url(recording)),
                recording_duration_s: Some(u32::try_from(recording.duration_s()).unwrap_or(u32::MAX)),
                ended_by,
            };
            action.to_pairs()
        })
    }

    /// The caller hung up during a record, whose action hears of it; what it answers changes nothing.
    pub(crate) fn hung_up_on_record(&mut self, id: CallId, verb: RecordVerb, source: &Source) {
        if verb.recording.is_none() {
            return;
        }
        let parameters = self.recorded_parameters(id, &verb, Some(RecordEnd::Hangup));
        let action = match verb.record.action.as_deref().filter(|action| !action.is_empty()) {
            Some(action) => source.resolve(action),
            None => source.url.clone(),
        };
        let Some(url) = action else { return };
        let method = verb.record.method.unwrap_or_default();
        self.tell(id, Purpose::CallDocument, &url, method, parameters);
    }

    /// The call goes elsewhere during a record.
    pub(crate) fn cut_recording(&mut self, id: CallId, verb: &RecordVerb) {
        self.voice_is_cut(id);
        if let Some(sid) = &verb.recording {
            self.stop_recording(sid);
        }
    }

    /// Whoever speaks is recorded up to here.
    fn voice_is_cut(&mut self, id: CallId) {
        if let Some(voice) = self.calls.live(id).and_then(|live| live.voice.clone()) {
            let words = voice.recognized.until(voice.elapsed_ms(self.now));
            self.record_sound(id, crate::recordings::Side::Far, voice.began, Some(&words));
        }
    }

    /// A call that is to be recorded as a whole begins to be.
    pub(crate) fn record_from_answer(&mut self, id: CallId) {
        let Some(wish) = self.calls.get(id).and_then(|call| call.settings.record.clone()) else { return };
        let new = NewRecording {
            source: "OutboundAPI",
            channels: wish.channels,
            track: wish.track,
            trims: wish.trims,
            callback: wish.callback,
            transcribe: None,
        };
        self.start_recording(id, new);
    }
}
