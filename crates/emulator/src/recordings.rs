//! Recordings of calls, and what was transcribed of them.

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::{RecordingCallback as RecordingTold, RecordingTrack, TranscriptionCallback};
use twilio::date::Rfc2822;
use twilio::recording::TranscriptionStatus;
use twilio::sid::{Sid, SidKind};

use crate::call::{CallId, Told};
use crate::due::Due;
use crate::journal::Purpose;
use crate::world::World;

/// How long after its end a recording can be fetched.
const PROCESSING_MS: u64 = 1_000;
/// How long a transcription takes after that.
const TRANSCRIBING_MS: u64 = 1_000;
/// The lengths between which a recording is transcribed, in seconds, both excluded.
const TRANSCRIBED_S: (u64, u64) = (2, 120);
/// How many are kept; the oldest go first.
const RECORDINGS_MAX: usize = 100_000;

/// Which voices are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Track {
    Inbound,
    Outbound,
    #[default]
    Both,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The far end of the call.
    Far,
    /// TwiML, or whoever the call is joined with.
    Near,
}

/// Who is told of changes of a recording, and of which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RecordingCallback {
    pub(crate) url: Option<String>,
    pub(crate) method: HttpMethod,
    /// `in-progress`, `completed`, `absent`; empty for `completed` alone.
    pub(crate) events: Vec<String>,
}

/// A recording, in progress or not.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) call_sid: Sid,
    pub(crate) call: CallId,
    pub(crate) conference: Option<Sid>,
    /// Twilio's word for what made it, such as `RecordVerb`.
    pub(crate) source: &'static str,
    pub(crate) status: RecordingStatus,
    pub(crate) channels: u8,
    pub(crate) track: Track,
    pub(crate) trims: bool,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    /// While it is paused: since when, and whether the pause is cut out.
    pub(crate) paused: Option<(Timestamp, PauseBehavior)>,
    /// How much was cut out by pauses.
    pub(crate) skipped_ms: u64,
    /// When somebody spoke, in milliseconds from the start.
    pub(crate) sounds: Vec<(Side, u64, u64)>,
    /// What recognition understood of the far end.
    pub(crate) words: Vec<String>,
    pub(crate) callback: RecordingCallback,
    /// Where the transcription goes; asked for with or without a place to tell it.
    pub(crate) transcribe: Option<Option<String>>,
}

/// What a pause of a recording sounds like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PauseBehavior {
    Skip,
    #[default]
    Silence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordingStatus {
    InProgress,
    Paused,
    Processing,
    Completed,
}

impl RecordingStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            RecordingStatus::InProgress => "in-progress",
            RecordingStatus::Paused => "paused",
            RecordingStatus::Processing => "processing",
            RecordingStatus::Completed => "completed",
        }
    }
}

/// What was understood of a recording.
#[derive(Debug, Clone)]
pub(crate) struct Transcription {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) recording: Sid,
    pub(crate) text: String,
    pub(crate) duration_s: u64,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// All recordings and transcriptions, oldest first.
#[derive(Default)]
pub(crate) struct Recordings {
    by_sid: IndexMap<Sid, Recording>,
    pub(crate) transcriptions: IndexMap<Sid, Transcription>,
}

impl Recordings {
    pub(crate) fn get(&self, sid: &Sid) -> Option<&Recording> {
        self.by_sid.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut Recording> {
        self.by_sid.get_mut(sid)
    }

    pub(crate) fn remove(&mut self, sid: &Sid) -> bool {
        self.by_sid.shift_remove(sid).is_some()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Recording> {
        self.by_sid.values()
    }

    pub(crate) fn of_call(&self, call: &Sid) -> impl Iterator<Item = &Recording> {
        self.iter().filter(move |recording| recording.call_sid == *call)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_sid.len()
    }
}

impl Recording {
    /// How much there is of it, pauses that are cut out and silence that is trimmed left out.
    pub(crate) fn length_ms(&self) -> u64 {
        let (from, until) = self.span();
        until - from
    }

    /// Whole seconds, rounded to the nearest.
    pub(crate) fn duration_s(&self) -> u64 {
        (self.length_ms() + 500) / 1_000
    }

    /// From where to where it reaches, in milliseconds from its start.
    pub(crate) fn span(&self) -> (u64, u64) {
        let whole = self.ended.map_or(0, |ended| self.position_ms(ended));
        let first = self.sounds.iter().map(|(_, from, _)| *from).min();
        let last = self.sounds.iter().map(|(_, _, until)| *until).max();
        match (self.trims, first, last) {
            (true, Some(first), Some(last)) => (first.min(whole), last.min(whole).max(first.min(whole))),
            _ => (0, whole),
        }
    }

    /// Where an instant falls in it.
    fn position_ms(&self, at: Timestamp) -> u64 {
        let ms = u64::try_from(at.duration_since(self.started).as_millis()).unwrap_or(0);
        ms.saturating_sub(self.skipped_ms)
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.status, RecordingStatus::InProgress | RecordingStatus::Paused)
    }

    fn hears(&self, side: Side) -> bool {
        self.status == RecordingStatus::InProgress
            && match self.track {
                Track::Both => true,
                Track::Inbound => side == Side::Far,
                Track::Outbound => side == Side::Near,
            }
    }
}

/// What a recording begins with.
#[derive(Debug, Clone)]
pub(crate) struct NewRecording {
    pub(crate) source: &'static str,
    pub(crate) channels: u8,
    pub(crate) track: Track,
    pub(crate) trims: bool,
    pub(crate) callback: RecordingCallback,
    pub(crate) transcribe: Option<Option<String>>,
}

impl World {
    /// Begins to record a call.
    pub(crate) fn start_recording(&mut self, id: CallId, new: NewRecording) -> Option<Sid> {
        let now = self.now;
        let call = self.calls.get(id)?;
        let (account, call_sid) = (call.account.clone(), call.sid.clone());
        let sid = self.random.sid(SidKind::Recording);
        if self.recordings.len() >= RECORDINGS_MAX {
            self.recordings.by_sid.shift_remove_index(0);
        }
        let recording = Recording {
            sid: sid.clone(),
            account,
            call_sid,
            call: id,
            conference: None,
            source: new.source,
            status: RecordingStatus::InProgress,
            channels: new.channels,
            track: new.track,
            trims: new.trims,
            created: now,
            updated: now,
            started: now,
            ended: None,
            paused: None,
            skipped_ms: 0,
            sounds: Vec::new(),
            words: Vec::new(),
            callback: new.callback,
            transcribe: new.transcribe,
        };
        self.recordings.by_sid.insert(sid.clone(), recording);
        if let Some(live) = self.calls.live_mut(id) {
            live.recordings.push(sid.clone());
        }
        self.tell_of_recording(&sid);
        Some(sid)
    }

    /// Pauses a recording, or goes on with it.
    pub(crate) fn pause_recording(&mut self, sid: &Sid, behavior: Option<PauseBehavior>) {
        let now = self.now;
        let Some(recording) = self.recordings.get_mut(sid).filter(|recording| recording.is_running()) else {
            return;
        };
        match (behavior, recording.paused.take()) {
            (Some(behavior), before) => {
                recording.paused = before.or(Some((now, behavior)));
                recording.status = RecordingStatus::Paused;
            }
            (None, Some((since, PauseBehavior::Skip))) => {
                recording.skipped_ms += u64::try_from(now.duration_since(since).as_millis()).unwrap_or(0);
                recording.status = RecordingStatus::InProgress;
            }
            (None, _) => recording.status = RecordingStatus::InProgress,
        }
        recording.updated = now;
    }

    /// Ends a recording; it can be fetched a little later.
    pub(crate) fn stop_recording(&mut self, sid: &Sid) {
        self.pause_recording(sid, None);
        let now = self.now;
        let Some(recording) = self.recordings.get_mut(sid).filter(|recording| recording.is_running()) else {
            return;
        };
        recording.status = RecordingStatus::Processing;
        recording.ended = Some(now);
        recording.updated = now;
        let call = recording.call;
        if let Some(live) = self.calls.live_mut(call) {
            live.recordings.retain(|other| other != sid);
        }
        self.enter_in(PROCESSING_MS, Due::RecordingDone(sid.clone()));
    }

    /// Ends all recordings of a call.
    pub(crate) fn finish_recordings(&mut self, id: CallId) {
        let running = self.calls.live(id).map(|live| live.recordings.clone()).unwrap_or_default();
        for sid in running {
            self.stop_recording(&sid);
        }
    }

    /// Somebody spoke from then until now.
    pub(crate) fn record_sound(&mut self, id: CallId, side: Side, since: Timestamp, words: Option<&str>) {
        self.streams_hear(id, side, since);
        let now = self.now;
        let running = self.calls.live(id).map(|live| live.recordings.clone()).unwrap_or_default();
        for sid in running {
            let Some(recording) = self.recordings.get_mut(&sid).filter(|recording| recording.hears(side))
            else {
                continue;
            };
            let (from, until) = (recording.position_ms(since), recording.position_ms(now));
            if until > from {
                recording.sounds.push((side, from, until));
            }
            recording.words.extend(words.filter(|words| !words.is_empty()).map(str::to_owned));
        }
    }

    /// Somebody spoke in a conference from then until now.
    pub(crate) fn record_conference_sound(&mut self, id: CallId, since: Timestamp) {
        let now = self.now;
        let conference = self.conference_of(id).and_then(|sid| self.conferences.get(sid));
        let Some(sid) = conference.and_then(|conference| conference.recording.clone()) else { return };
        let Some(recording) = self.recordings.get_mut(&sid).filter(|recording| recording.hears(Side::Far))
        else {
            return;
        };
        let (from, until) = (recording.position_ms(since), recording.position_ms(now));
        if until > from {
            recording.sounds.push((Side::Far, from, until));
        }
    }

    /// A recording can be fetched.
    pub(crate) fn recording_done(&mut self, sid: &Sid) {
        let now = self.now;
        let Some(recording) = self.recordings.get_mut(sid) else { return };
        recording.status = RecordingStatus::Completed;
        recording.updated = now;
        let wish = recording.transcribe.is_some();
        let (seconds, call_sid) = (recording.duration_s(), recording.call_sid.clone());
        self.tell_of_recording(sid);
        if !wish {
            return;
        }
        match seconds > TRANSCRIBED_S.0 && seconds < TRANSCRIBED_S.1 {
            true => self.enter_in(TRANSCRIBING_MS, Due::TranscriptionDone(sid.clone())),
            false => {
                self.debug(13617, Some(&call_sid), "the recording is too short or too long to transcribe")
            }
        }
    }

    fn tell_of_recording(&mut self, sid: &Sid) {
        let Some(recording) = self.recordings.get(sid) else { return };
        let status = recording.status.as_str();
        let call = recording.call;
        self.note(call, Told::Recording { recording: sid.as_str().to_owned(), status: status.to_owned() });
        let Some(recording) = self.recordings.get(sid) else { return };
        let callback = recording.callback.clone();
        let wanted = match callback.events.as_slice() {
            [] => status == "completed",
            events => events.iter().any(|event| event == status),
        };
        let Some(url) = callback.url.filter(|url| wanted && !url.is_empty()) else { return };
        let told = RecordingTold {
            account_sid: recording.account.clone(),
            call_sid: Some(recording.call_sid.clone()),
            conference_sid: recording.conference.clone(),
            recording_sid: sid.clone(),
            recording_url: Some(self.recording_url(recording)),
            status: status.into(),
            recording_duration_s: (status == "completed").then(|| seconds(recording.duration_s())),
            recording_channels: Some(recording.channels.into()),
            recording_start_time: Some(Rfc2822(recording.started)),
            recording_source: Some(recording.source.into()),
            recording_track: Some(match recording.track {
                Track::Inbound => RecordingTrack::Inbound,
                Track::Outbound => RecordingTrack::Outbound,
                Track::Both => RecordingTrack::Both,
            }),
            error_code: Some(0),
            rest: Vec::new(),
        };
        self.tell(call, Purpose::RecordingStatus, &url, callback.method, told.to_pairs());
    }

    /// What was understood of a recording is known.
    pub(crate) fn transcription_done(&mut self, recording: &Sid) {
        let now = self.now;
        let sid = self.random.sid(SidKind::Transcription);
        let Some(recording) = self.recordings.get(recording) else { return };
        let transcription = Transcription {
            sid: sid.clone(),
            account: recording.account.clone(),
            recording: recording.sid.clone(),
            text: recording.words.join(" "),
            duration_s: recording.duration_s(),
            created: now,
            updated: now,
        };
        let (call, url) = (recording.call, recording.transcribe.clone().flatten());
        let base = format!("{}/2010-04-01/Accounts/{}", self.rules.base_url, recording.account.as_str());
        let told = self.call_request(call).map(|request| TranscriptionCallback {
            transcription_sid: sid.clone(),
            status: TranscriptionStatus::Completed,
            transcription_text: Some(transcription.text.clone()),
            transcription_url: Some(format!("{base}/Transcriptions/{}", sid.as_str())),
            recording_sid: recording.sid.clone(),
            recording_url: Some(self.recording_url(recording)),
            call_sid: request.call_sid,
            account_sid: request.account_sid,
            from: Some(request.from),
            to: Some(request.to),
            call_status: Some(request.status),
            api_version: request.api_version,
            direction: request.direction,
            forwarded_from: request.forwarded_from,
            rest: Vec::new(),
        });
        self.recordings.transcriptions.insert(sid, transcription);
        let (Some(url), Some(told)) = (url, told) else { return };
        self.tell(call, Purpose::Transcription, &url, HttpMethod::Post, told.to_pairs());
    }

    pub(crate) fn recording_url(&self, recording: &Recording) -> String {
        format!(
            "{}/2010-04-01/Accounts/{}/Recordings/{}",
            self.rules.base_url,
            recording.account.as_str(),
            recording.sid.as_str()
        )
    }
}

/// Seconds, as callbacks count them.
fn seconds(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
