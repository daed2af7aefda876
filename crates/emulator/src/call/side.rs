//! What runs beside a call: recordings and live transcriptions that a document starts and stops.

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::{LiveTranscriptionCallback, TranscribedTrack, TranscriptionEvent};
use twilio::date::Precise;
use twilio::sid::{Sid, SidKind};
use twilio::voice_twiml::{
    Recording, RecordingChannels, RecordingTrack, Start, StartTarget, Stop, StopTarget, Track as Voices,
    Transcription, Trim,
};

use super::player::Flow;
use super::{CallId, Source};
use crate::journal::Purpose;
use crate::recordings::{NewRecording, RecordingCallback, Side, Track};
use crate::swearing;
use crate::world::World;

/// A transcription while the call goes on.
#[derive(Debug, Clone)]
pub(crate) struct LiveTranscription {
    pub(crate) sid: Sid,
    pub(crate) settings: Transcription,
    /// Where words are told; a whole address.
    url: Option<String>,
    method: HttpMethod,
    /// How many events were told.
    told: u32,
    pub(crate) updated: Timestamp,
}

impl World {
    pub(crate) fn start(&mut self, id: CallId, start: Start) -> Flow {
        for target in start.beginning {
            match target {
                StartTarget::Recording(recording) => self.start_beside(id, &recording),
                StartTarget::Transcription(transcription) => {
                    let source = self.player_mut(id).map(|player| player.source.clone()).unwrap_or_default();
                    self.start_transcription(id, transcription, &source);
                }
                StartTarget::Stream(stream) => {
                    let source = self.player_mut(id).map(|player| player.source.clone()).unwrap_or_default();
                    if let Err((code, detail)) = self.start_stream(id, &stream, &source, false) {
                        self.debug_call(id, code, detail);
                    }
                }
                StartTarget::Siprec(_) => {
                    let detail =
                        format!("<Start><{}> is not executed here and was passed over", target.tag());
                    self.debug_call(id, 12200, detail);
                }
            }
        }
        Flow::Next
    }

    pub(crate) fn stop(&mut self, id: CallId, stop: Stop) -> Flow {
        for target in stop.ending {
            match target {
                StopTarget::Transcription(transcription) => {
                    let name = transcription.name;
                    let found = self.calls.live(id).and_then(|live| {
                        let fits =
                            |running: &&LiveTranscription| name.is_none() || running.settings.name == name;
                        live.transcriptions.iter().find(fits).map(|running| running.sid.clone())
                    });
                    match found {
                        Some(sid) => self.stop_transcription(id, &sid),
                        None => self.debug_call(id, 12200, "<Stop> names a transcription that does not run"),
                    }
                }
                StopTarget::Stream(stream) => {
                    if !self.stop_named_stream(id, stream.name.as_deref()) {
                        self.debug_call(id, 12200, "<Stop> names a stream that does not run");
                    }
                }
                StopTarget::Siprec(_) => {
                    let detail = format!("<Stop><{}> is not executed here and was passed over", target.tag());
                    self.debug_call(id, 12200, detail);
                }
            }
        }
        Flow::Next
    }

    fn start_beside(&mut self, id: CallId, recording: &Recording) {
        let new = NewRecording {
            source: "StartCallRecordingAPI",
            channels: if recording.channels == Some(RecordingChannels::Mono) { 1 } else { 2 },
            track: match recording.track {
                Some(RecordingTrack::Inbound) => Track::Inbound,
                Some(RecordingTrack::Outbound) => Track::Outbound,
                Some(RecordingTrack::Both) | None => Track::Both,
            },
            trims: recording.trim != Some(Trim::DoNot),
            callback: RecordingCallback {
                // Only whole addresses count here.
                url: recording.recording_status_callback.clone().filter(|url| url::Url::parse(url).is_ok()),
                method: recording.recording_status_callback_method.unwrap_or_default(),
                events: recording
                    .recording_status_callback_event
                    .iter()
                    .map(|event| event.as_str().to_owned())
                    .collect(),
            },
            transcribe: None,
        };
        self.start_recording(id, new);
    }

    pub(crate) fn start_transcription(
        &mut self,
        id: CallId,
        settings: Transcription,
        source: &Source,
    ) -> Sid {
        let now = self.now;
        let sid = self.random.sid(SidKind::LiveTranscription);
        let url = settings.status_callback_url.as_deref().and_then(|url| source.resolve(url));
        let mut started = about(sid.clone(), TranscriptionEvent::Started);
        started.provider_configuration = Some("{}".to_owned());
        let engine = settings.transcription_engine.clone();
        started.transcription_engine = Some(engine.unwrap_or_else(|| "google".to_owned()));
        started.name = Some(settings.name.clone().unwrap_or_else(|| sid.as_str().to_owned()));
        let track = settings.track.map_or("both_tracks", |track| track.as_str());
        started.track = Some(TranscribedTrack::from(track));
        started.inbound_track_label = Some(settings.inbound_track_label.clone().unwrap_or_default());
        started.outbound_track_label = Some(settings.outbound_track_label.clone().unwrap_or_default());
        started.partial_results = Some(settings.partial_results == Some(true));
        started.language_code = Some(language(&settings));
        let method = settings.status_callback_method.unwrap_or_default();
        let running = LiveTranscription { sid: sid.clone(), settings, url, method, told: 0, updated: now };
        if let Some(live) = self.calls.live_mut(id) {
            live.transcriptions.push(running);
        }
        self.tell_of_transcription(id, started);
        sid
    }

    pub(crate) fn stop_transcription(&mut self, id: CallId, sid: &Sid) {
        self.tell_of_transcription(id, about(sid.clone(), TranscriptionEvent::Stopped));
        if let Some(live) = self.calls.live_mut(id) {
            live.transcriptions.retain(|running| running.sid != *sid);
        }
    }

    pub(crate) fn finish_transcriptions(&mut self, id: CallId) {
        let running = self.calls.live(id).map(|live| live.transcriptions.as_slice()).unwrap_or_default();
        let sids: Vec<Sid> = running.iter().map(|running| running.sid.clone()).collect();
        for sid in sids {
            self.stop_transcription(id, &sid);
        }
    }

    /// Words were said, which transcriptions of that side tell.
    pub(crate) fn transcribe(&mut self, id: CallId, side: Side, words: &str, confidence: f64) {
        let running = match self.calls.live(id) {
            Some(live) if !words.is_empty() => live.transcriptions.clone(),
            _ => return,
        };
        for transcription in running {
            let settings = &transcription.settings;
            let (track, is_wanted) = match side {
                Side::Far => (TranscribedTrack::Inbound, settings.track != Some(Voices::Outbound)),
                Side::Near => (TranscribedTrack::Outbound, settings.track != Some(Voices::Inbound)),
            };
            if !is_wanted {
                continue;
            }
            let words = match settings.profanity_filter {
                Some(false) => words.to_owned(),
                _ => swearing::masked(words),
            };
            let data = serde_json::json!({"transcript": words, "confidence": confidence});
            let mut content = about(transcription.sid.clone(), TranscriptionEvent::Content);
            content.language_code = Some(language(settings));
            content.track = Some(track);
            content.transcription_data = Some(data.to_string());
            content.is_final = Some(true);
            content.stability = (settings.partial_results == Some(true)).then_some(1.0);
            self.tell_of_transcription(id, content);
        }
    }

    fn tell_of_transcription(&mut self, id: CallId, mut callback: LiveTranscriptionCallback) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        callback.account_sid = call.account.clone();
        callback.call_sid = call.sid.clone();
        let Some(live) = call.live.as_deref_mut() else { return };
        let running =
            live.transcriptions.iter_mut().find(|running| running.sid == callback.transcription_sid);
        let Some(running) = running else { return };
        running.told += 1;
        running.updated = now;
        callback.timestamp = Some(Precise(now));
        callback.sequence_id = Some(running.told);
        let method = running.method;
        let Some(url) = running.url.clone() else { return };
        self.tell(id, Purpose::Transcription, &url, method, callback.to_pairs());
    }
}

/// What is told of a transcription; of which call, when and as which of them is filled in as it is told.
fn about(sid: Sid, event: TranscriptionEvent) -> LiveTranscriptionCallback {
    LiveTranscriptionCallback {
        account_sid: sid.clone(),
        call_sid: sid.clone(),
        transcription_sid: sid,
        timestamp: None,
        sequence_id: None,
        event,
        provider_configuration: None,
        transcription_engine: None,
        name: None,
        track: None,
        inbound_track_label: None,
        outbound_track_label: None,
        partial_results: None,
        language_code: None,
        transcription_data: None,
        is_final: None,
        stability: None,
        provider_data: None,
        error_code: None,
        error: None,
        rest: Vec::new(),
    }
}

fn language(settings: &Transcription) -> String {
    settings.language_code.clone().unwrap_or_else(|| "en-US".to_owned())
}
