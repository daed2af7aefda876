//! `<Conference>`: calls that meet in a room.

use twilio::HttpMethod;
use twilio::call::{DialAction, DialCallStatus};
use twilio::sid::Sid;
use twilio::voice_twiml::{
    Beep as ConferenceBeep, Conference as Noun, ConferenceEvent, ConferenceRecord, Dial, Trim,
};

use super::player::Flow;
use super::{CallId, Doing, Role, Source, Told};
use crate::call_scripts::Heard;
use crate::conferences::{ConferenceCallback, ConferenceStatus, Participant, Reason};
use crate::recordings::{NewRecording, RecordingCallback, Track};
use crate::world::World;

const PARTICIPANTS_MAX: u32 = 250;

/// A call in a conference, or before one that has not begun.
#[derive(Debug, Clone)]
pub(crate) struct Conferring {
    dial: Dial,
    pub(crate) conference: Sid,
    beep: ConferenceBeep,
}

impl World {
    pub(crate) fn join_conference(&mut self, id: CallId, dial: Dial, noun: &Noun) -> Flow {
        let now = self.now;
        let Some(call) = self.calls.get(id) else { return Flow::Wait };
        let (account, call_sid) = (call.account.clone(), call.sid.clone());
        let Some(source) = self.player_mut(id).map(|player| player.source.clone()) else { return Flow::Wait };
        let callback = ConferenceCallback {
            url: noun.status_callback.as_deref().and_then(|url| source.resolve(url)),
            method: noun.status_callback_method.unwrap_or_default(),
            events: noun.status_callback_event.clone(),
            told: 0,
        };
        let region = noun.region.as_ref().map_or("us1", |region| region.as_str());
        let sid = self.conference_named(&account, &noun.name, region, callback);
        let Some(conference) = self.conferences.get_mut(&sid) else { return Flow::Wait };
        let label = noun.participant_label.as_deref();
        if label.is_some_and(|label| {
            conference.participants.iter().any(|other| other.label.as_deref() == Some(label))
        }) {
            self.debug_call(id, 16025, "another participant has this label");
            return Flow::Next;
        }
        if conference.participants.len() >= noun.max_participants.unwrap_or(PARTICIPANTS_MAX) as usize {
            self.debug_call(id, 16001, "the conference is full");
            return Flow::Next;
        }
        conference.participants.push(Participant {
            call: id,
            call_sid,
            label: noun.participant_label.clone(),
            muted: noun.muted == Some(true),
            hold: false,
            coaches: noun.coach.as_deref().and_then(|sid| Sid::parse(sid).ok()),
            starts: noun.start_conference_on_enter != Some(false),
            ends: noun.end_conference_on_exit == Some(true),
            joined: now,
            updated: now,
        });
        if noun.record == Some(ConferenceRecord::FromStart) && conference.to_record.is_none() {
            conference.to_record = Some(Box::new(recording_of(noun, &source)));
        }
        let beep = noun.beep.unwrap_or(ConferenceBeep::Always);
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Conferring(Box::new(Conferring { dial, conference: sid.clone(), beep }));
        }
        self.note(id, Told::Entered { place: noun.name.clone() });
        self.tell_of_conference(
            &sid,
            ConferenceEvent::Join,
            "participant-join",
            Some(id),
            &Reason::default(),
        );
        self.enter_conference(id, &sid, noun, &source);
        Flow::Wait
    }

    /// Somebody is in: the conference begins, goes on with one more, or is waited for.
    fn enter_conference(&mut self, id: CallId, sid: &Sid, noun: &Noun, source: &Source) {
        let Some(conference) = self.conferences.get(sid) else { return };
        if conference.may_begin() {
            return self.begin_conference(sid);
        }
        if conference.status == ConferenceStatus::InProgress {
            if matches!(noun.beep, None | Some(ConferenceBeep::Always | ConferenceBeep::OnEnter)) {
                self.beep_in_conference(sid);
            }
            return self.quiet_begins(id);
        }
        match noun.wait_url.as_deref() {
            // Silence was asked for.
            Some("") => self.quiet_begins(id),
            wait => {
                let url = wait.and_then(|url| source.resolve(url));
                let method = noun.wait_method.unwrap_or_default();
                self.begin_waiting(
                    id,
                    Role::ConferenceWait,
                    url.map(|url| Source { url: Some(url), method }),
                );
            }
        }
    }

    fn begin_conference(&mut self, sid: &Sid) {
        let Some(conference) = self.conferences.get_mut(sid) else { return };
        conference.status = ConferenceStatus::InProgress;
        let calls: Vec<CallId> = conference.participants.iter().map(|participant| participant.call).collect();
        self.tell_of_conference(sid, ConferenceEvent::Start, "conference-start", None, &Reason::default());
        for call in &calls {
            self.end_waiting(*call);
        }
        self.record_conference(sid, calls.first().copied());
        for call in calls {
            self.quiet_begins(call);
        }
    }

    fn record_conference(&mut self, sid: &Sid, call: Option<CallId>) {
        let new = self.conferences.get_mut(sid).and_then(|conference| conference.to_record.take());
        let (Some(call), Some(new)) = (call, new.map(|new| *new)) else { return };
        let recording = self.start_recording(call, new);
        if let Some(recording) = &recording {
            // It outlasts the call that it began with.
            if let Some(live) = self.calls.live_mut(call) {
                live.recordings.retain(|other| other != recording);
            }
            if let Some(kept) = self.recordings.get_mut(recording) {
                kept.conference = Some(sid.clone());
            }
        }
        if let Some(conference) = self.conferences.get_mut(sid) {
            conference.recording = recording;
        }
    }

    fn beep_in_conference(&mut self, sid: &Sid) {
        let calls = self.participants_of(sid);
        for call in calls {
            self.note(call, Told::Beep);
            self.person_heard(call, Heard::Beep);
        }
    }

    pub(crate) fn participants_of(&self, sid: &Sid) -> Vec<CallId> {
        let participants = self.conferences.get(sid).map(|conference| conference.participants.as_slice());
        participants.unwrap_or_default().iter().map(|participant| participant.call).collect()
    }

    /// The conference that a call is in.
    pub(crate) fn conference_of(&self, id: CallId) -> Option<&Sid> {
        self.calls.live(id)?.players.iter().find_map(|player| match &player.doing {
            Doing::Conferring(conferring) => Some(&conferring.conference),
            _ => None,
        })
    }

    /// A participant is gone: hung up, led elsewhere, or taken out.
    pub(crate) fn left_conference(&mut self, id: CallId, conferring: &Conferring, reason: &'static str) {
        let sid = conferring.conference.clone();
        let Some(conference) = self.conferences.get(&sid) else { return };
        let Some(participant) = conference.participant(id).cloned() else { return };
        let place = conference.friendly_name.clone();
        self.note(id, Told::Left { place });
        let left = Reason { left: Some(reason), ..Reason::default() };
        self.tell_of_conference(&sid, ConferenceEvent::Leave, "participant-leave", Some(id), &left);
        let Some(conference) = self.conferences.get_mut(&sid) else { return };
        conference.participants.retain(|other| other.call != id);
        let is_running = conference.status == ConferenceStatus::InProgress;
        if participant.ends && is_running {
            self.end_conference(&sid, "participant-with-end-conference-on-exit-left", &participant.call_sid);
        } else if self.participants_of(&sid).is_empty() {
            self.end_conference(&sid, "last-participant-left", &participant.call_sid);
        } else if is_running && matches!(conferring.beep, ConferenceBeep::Always | ConferenceBeep::OnExit) {
            self.beep_in_conference(&sid);
        }
    }

    /// Ends a conference; whoever is still in it goes on with what follows.
    pub(crate) fn end_conference(&mut self, sid: &Sid, reason: &'static str, by: &Sid) {
        let Some(conference) = self
            .conferences
            .get_mut(sid)
            .filter(|conference| conference.status != ConferenceStatus::Completed)
        else {
            return;
        };
        let was_running = conference.status == ConferenceStatus::InProgress;
        conference.status = ConferenceStatus::Completed;
        conference.ended_by = Some((reason, by.clone()));
        let recording = conference.recording.clone();
        if let Some(recording) = recording {
            self.stop_recording(&recording);
        }
        for call in self.participants_of(sid) {
            self.leave_conference(call, "conference_ended");
        }
        if was_running {
            let ended = Reason { ended: Some(reason), by: Some(by.as_str().to_owned()), ..Reason::default() };
            self.tell_of_conference(sid, ConferenceEvent::End, "conference-end", None, &ended);
        }
    }

    /// Takes a call out of its conference: its action is asked what comes next, or the next verb follows.
    pub(crate) fn leave_conference(&mut self, id: CallId, reason: &'static str) {
        self.end_waiting(id);
        let Some(player) = self.player_mut(id) else { return };
        if !matches!(player.doing, Doing::Conferring(_)) {
            return;
        }
        let Doing::Conferring(conferring) = std::mem::replace(&mut player.doing, Doing::Nothing) else {
            return;
        };
        let recording = self.conferences.get(&conferring.conference).and_then(|conference| {
            let recording = self.recordings.get(conference.recording.as_ref()?)?;
            Some(self.recording_url(recording))
        });
        self.left_conference(id, &conferring, reason);
        self.note(id, Told::Ended { verb: "Dial".to_owned(), how: "answered".to_owned() });
        let action = conferring.dial.action.as_deref().filter(|action| !action.is_empty());
        let Some(action) = action else { return self.proceed(id) };
        let parameters = self.parameters_with(id, |call| {
            let action = DialAction {
                call,
                dial_call_status: DialCallStatus::Answered,
                dial_call_sid: None,
                dial_call_duration_s: None,
                dial_bridged: None,
                recording_sid: None,
                recording_url: recording,
                queue_sid: None,
            };
            action.to_pairs()
        });
        let method: Option<HttpMethod> = conferring.dial.method;
        self.go_to(id, Some(action), method, parameters);
    }

    /// Whether a call waits for its conference to begin.
    pub(crate) fn has_not_begun(&self, id: CallId) -> bool {
        let conference = self.conference_of(id).and_then(|sid| self.conferences.get(sid));
        conference.is_some_and(|conference| conference.status == ConferenceStatus::Init)
    }

    /// The document that a call hears before its conference could not be had: it does not come in.
    pub(crate) fn wait_failed(&mut self, id: CallId) {
        self.leave_conference(id, "participant_updated_via_api");
    }

    /// Changes whether a participant is heard, and whether it is on hold, with what it hears meanwhile.
    pub(crate) fn change_participant(
        &mut self,
        id: CallId,
        muted: Option<bool>,
        hold: Option<bool>,
        wait: Option<Source>,
    ) {
        let now = self.now;
        let Some(sid) = self.conference_of(id).cloned() else { return };
        let participant =
            self.conferences.get_mut(&sid).and_then(|conference| conference.participant_mut(id));
        let Some(participant) = participant else { return };
        participant.updated = now;
        let mutes = muted.filter(|muted| *muted != participant.muted);
        let holds = hold.filter(|hold| *hold != participant.hold);
        participant.muted = muted.unwrap_or(participant.muted);
        participant.hold = hold.unwrap_or(participant.hold);
        if let Some(muted) = mutes {
            let change = if muted { "participant-mute" } else { "participant-unmute" };
            self.tell_of_conference(&sid, ConferenceEvent::Mute, change, Some(id), &Reason::default());
        }
        match holds {
            Some(true) => {
                self.tell_of_conference(
                    &sid,
                    ConferenceEvent::Hold,
                    "participant-hold",
                    Some(id),
                    &Reason::default(),
                );
                self.begin_waiting(id, Role::ConferenceWait, wait);
            }
            Some(false) => {
                self.tell_of_conference(
                    &sid,
                    ConferenceEvent::Hold,
                    "participant-unhold",
                    Some(id),
                    &Reason::default(),
                );
                self.end_waiting(id);
                self.quiet_begins(id);
            }
            None => {}
        }
    }

    /// Lets participants hear a document, and tells when it is over.
    pub(crate) fn announce(&mut self, id: CallId, announcement: Source) {
        self.end_waiting(id);
        self.begin_waiting(id, Role::Announcement, Some(announcement));
    }

    /// An announcement is over.
    pub(crate) fn announced(&mut self, id: CallId) {
        self.end_waiting(id);
        if let Some(sid) = self.conference_of(id).cloned() {
            self.tell_of_conference(
                &sid,
                ConferenceEvent::Announcement,
                "announcement-end",
                Some(id),
                &Reason::default(),
            );
        }
        self.quiet_begins(id);
    }
}

/// How a `<Conference>` wants to be recorded.
fn recording_of(noun: &Noun, source: &Source) -> NewRecording {
    let url = noun.recording_status_callback.as_ref().or(noun.event_callback_url.as_ref());
    let events = noun.recording_status_callback_event.iter();
    NewRecording {
        source: "Conference",
        channels: 1,
        track: Track::Both,
        trims: noun.trim != Some(Trim::DoNot),
        callback: RecordingCallback {
            url: url.and_then(|url| source.resolve(url)),
            method: noun.recording_status_callback_method.unwrap_or_default(),
            events: events.map(|event| event.as_str().to_owned()).collect(),
        },
        transcribe: None,
    }
}
