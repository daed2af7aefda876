//! `<Dial>`: calls others and joins the caller with whoever answers first.

use std::collections::VecDeque;

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::{DialAction, DialCallStatus};
use twilio::sid::Sid;
use twilio::voice_twiml::{
    Client, ClientDetail, Dial, DialRecord, DialTarget, DialedEvent, MachineDetection, Number,
    RecordingTrack, Sip, SipDetail, Trim,
};

use super::callback::{Callbacks, Progress};
use super::create::DetectUntil;
use super::player::Flow;
use super::story::HungUpBy;
use super::take::Taking;
use super::{
    CallDirection, CallDraft, CallId, CallStatus, Doing, Ending, Instructions, MachineWish, Role, Settings,
    Source, Told, Wake,
};
use crate::address::{self, Reading};
use crate::recordings::{NewRecording, RecordingCallback, Track};
use crate::world::World;

const TIMEOUT_S: u32 = 30;
const LIMIT_S: u32 = 14_400;

/// A dial in progress.
#[derive(Debug, Clone)]
pub(crate) struct Dialing {
    dial: Dial,
    /// The queue that calls are taken from, instead.
    pub(super) taking: Option<Taking>,
    /// Calls that ring, or the one that answered.
    pub(super) legs: Vec<CallId>,
    /// Who is dialled after these, one at a time.
    next: VecDeque<Leg>,
    /// Whoever answered first.
    pub(super) answered: Option<CallId>,
    joined_at: Option<Timestamp>,
    recording: Option<Sid>,
    /// How the last one ended.
    outcome: Outcome,
}

/// How a dial ended, as its action is told.
#[derive(Debug, Clone)]
struct Outcome {
    status: &'static str,
    call: Option<Sid>,
    duration_s: Option<u64>,
    bridged: bool,
    recording_url: Option<String>,
}

/// What can be heard while a dial goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    Ringing,
    Talk,
}

/// Somebody who is dialled.
#[derive(Debug, Clone)]
struct Leg {
    to: String,
    whisper: Option<Source>,
    send_digits: Option<String>,
    callbacks: Callbacks,
    machine: Option<MachineWish>,
}

impl Default for Outcome {
    fn default() -> Self {
        Self { status: "failed", call: None, duration_s: None, bridged: false, recording_url: None }
    }
}

impl Dialing {
    /// Nobody is dialled: whoever waits in a queue is taken.
    pub(super) fn from_queue(dial: Dial, taking: Taking) -> Self {
        Self {
            dial,
            taking: Some(taking),
            legs: Vec::new(),
            next: VecDeque::new(),
            answered: None,
            joined_at: None,
            recording: None,
            outcome: Outcome { status: "no-answer", ..Outcome::default() },
        }
    }
}

impl World {
    pub(crate) fn dial(&mut self, id: CallId, dial: Dial) -> Flow {
        let Some(player) = self.player_mut(id) else { return Flow::Wait };
        if player.role == Role::Whisper {
            self.debug_call(id, 13201, "a whisper cannot dial");
            return Flow::Next;
        }
        let source = player.source.clone();
        match dial.targets.as_slice() {
            [DialTarget::Conference(noun)] => {
                let noun = noun.clone();
                return self.join_conference(id, dial, &noun);
            }
            [DialTarget::Queue(noun)] => {
                let noun = noun.clone();
                return self.dial_queue(id, dial, &noun);
            }
            _ => {}
        }
        let targets = match dial.number.as_str() {
            "" => dial.targets.clone(),
            number => vec![DialTarget::Number(Number::of(number))],
        };
        let mut legs: VecDeque<Leg> =
            targets.iter().filter_map(|target| self.leg(id, target, &source)).collect();
        let first: Vec<Leg> = match dial.sequential == Some(true) {
            true => legs.pop_front().into_iter().collect(),
            false => std::mem::take(&mut legs).into(),
        };
        let dialing = Dialing {
            dial,
            taking: None,
            legs: Vec::new(),
            next: legs,
            answered: None,
            joined_at: None,
            recording: None,
            outcome: Outcome::default(),
        };
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Dialing(Box::new(dialing));
        }
        match first.is_empty() {
            true => self.dial_done(id),
            false => {
                self.dial_legs(id, first);
                self.record_dial(id, Heard::Ringing);
            }
        }
        Flow::Wait
    }

    pub(super) fn dialing_mut(&mut self, id: CallId) -> Option<&mut Dialing> {
        match &mut self.player_mut(id)?.doing {
            Doing::Dialing(dialing) => Some(dialing),
            _ => None,
        }
    }

    /// Whom a target means; `None`, with a warning, where nobody can be dialled.
    fn leg(&mut self, id: CallId, target: &DialTarget, source: &Source) -> Option<Leg> {
        let whisper = |url: &Option<String>, method: Option<HttpMethod>| {
            let url = source.resolve(url.as_deref().filter(|url| !url.is_empty())?)?;
            Some(Source { url: Some(url), method: method.unwrap_or_default() })
        };
        let callbacks =
            |url: &Option<String>, method: Option<HttpMethod>, events: &[DialedEvent]| Callbacks {
                url: url.as_deref().and_then(|url| source.resolve(url)),
                method: method.unwrap_or_default(),
                events: match events {
                    [] => vec![Progress::Completed],
                    events => events.iter().filter_map(|event| Progress::parse(event.as_str())).collect(),
                },
                told: 0,
            };
        match target {
            DialTarget::Number(number) => {
                let Some(to) = address::normalize(&number.number, Reading::Loose) else {
                    self.debug_call(id, 13224, "<Number> is no number that can be dialled");
                    return None;
                };
                Some(Leg {
                    to,
                    whisper: whisper(&number.url, number.method),
                    send_digits: number.send_digits.as_ref().map(|digits| digits.as_str().to_owned()),
                    callbacks: callbacks(
                        &number.status_callback,
                        number.status_callback_method,
                        &number.status_callback_event,
                    ),
                    machine: machine(number, source),
                })
            }
            DialTarget::Client(client) => Some(Leg {
                to: format!("client:{}", identity(client)),
                whisper: whisper(&client.url, client.method),
                send_digits: None,
                callbacks: callbacks(
                    &client.status_callback,
                    client.status_callback_method,
                    &client.status_callback_event,
                ),
                machine: None,
            }),
            DialTarget::Sip(sip) => Some(Leg {
                to: uri(sip),
                whisper: whisper(&sip.url, sip.method),
                send_digits: None,
                callbacks: callbacks(
                    &sip.status_callback,
                    sip.status_callback_method,
                    &sip.status_callback_event,
                ),
                machine: None,
            }),
            // Rooms and queues stand alone in a dial.
            DialTarget::Conference(_)
            | DialTarget::Queue(_)
            | DialTarget::Sim(_)
            | DialTarget::Application(_)
            | DialTarget::WhatsApp(_) => {
                self.debug_call(id, 12200, format!("<{}> cannot be dialled here", target.tag()));
                None
            }
        }
    }

    fn dial_legs(&mut self, id: CallId, legs: Vec<Leg>) {
        let Some(call) = self.calls.get(id) else { return };
        let (account, sid) = (call.account.clone(), call.sid.clone());
        let Some(dialing) = self.dialing_mut(id) else { return };
        let timeout_s = dialing.dial.timeout_s.unwrap_or(TIMEOUT_S);
        let wanted = dialing.dial.caller_id.clone();
        let from = self.caller_id(id, wanted);
        for leg in legs {
            let child = self.create_call(CallDraft {
                account: account.clone(),
                direction: CallDirection::OutboundDial,
                from: from.clone(),
                to: leg.to,
                parent: Some((id, sid.clone())),
                begin: Instructions::Join,
                callbacks: leg.callbacks,
                settings: Settings {
                    // The dial decides when it has rung for long enough.
                    timeout_s: timeout_s.saturating_add(60),
                    send_digits: leg.send_digits,
                    machine: leg.machine,
                    ..Settings::default()
                },
                whisper: leg.whisper,
                list_lag_ms: 0,
            });
            if let Some(dialing) = self.dialing_mut(id) {
                dialing.legs.push(child);
            }
        }
        self.wake_in(id, Wake::DialTimeout, u64::from(timeout_s) * 1_000);
    }

    /// The number that those who are dialled see.
    fn caller_id(&mut self, id: CallId, wanted: Option<String>) -> String {
        let Some(call) = self.calls.get(id) else { return String::new() };
        let theirs = call.far_number().to_owned();
        let Some(wanted) = wanted else {
            // A call that we made is continued in our own name.
            return if call.is_outbound() { call.from.clone() } else { theirs };
        };
        let number = address::normalize(&wanted, Reading::Loose).unwrap_or(wanted);
        let is_theirs = number == call.from || number == call.to;
        let account = call.account.clone();
        if is_theirs || self.may_call_from(&account, &number) {
            return number;
        }
        self.debug_call(id, 13214, "callerId is neither of this call nor owned nor verified");
        theirs
    }

    /// Somebody who was dialled has answered. The first one is taken, after a whisper where there is one.
    pub(crate) fn leg_answered(&mut self, child: CallId) {
        let Some((parent, _)) = self.calls.get(child).and_then(|call| call.parent.clone()) else { return };
        let Some(dialing) = self.dialing_mut(parent).filter(|dialing| dialing.answered.is_none()) else {
            return self.end_call(child, Ending::COMPLETED, HungUpBy::Other);
        };
        dialing.answered = Some(child);
        let others: Vec<CallId> = dialing.legs.iter().copied().filter(|leg| *leg != child).collect();
        dialing.legs = vec![child];
        self.let_sleep(parent, Wake::DialTimeout);
        for other in others {
            self.end_call(other, Ending::CANCELED, HungUpBy::Other);
        }
        match self.calls.live_mut(child).and_then(|live| live.whisper.take()) {
            Some(whisper) => {
                if let Some(live) = self.calls.live_mut(child) {
                    live.players = vec![super::Player::new(Role::Whisper, Source::default())];
                }
                self.request_document(child, whisper, Vec::new());
            }
            None => self.join_dialed(parent, child),
        }
    }

    /// The whisper to somebody who answered is over.
    pub(crate) fn whispered(&mut self, child: CallId) {
        if let Some(taker) = self.calls.live_mut(child).and_then(|live| live.taken_by.take()) {
            if let Some(live) = self.calls.live_mut(child) {
                live.players.pop();
            }
            return self.join_dialed(taker, child);
        }
        let Some(call) = self.calls.get(child) else { return };
        let Some((parent, _)) = call.parent.clone() else { return };
        if let Some(live) = self.calls.live_mut(child) {
            live.players.clear();
        }
        self.join_dialed(parent, child);
    }

    pub(super) fn join_dialed(&mut self, parent: CallId, child: CallId) {
        let now = self.now;
        self.answer_inbound(parent);
        let Some(dialing) = self.dialing_mut(parent) else { return };
        dialing.joined_at = Some(now);
        let limit_s = dialing.dial.time_limit_s.unwrap_or(LIMIT_S);
        self.wake_in(parent, Wake::DialLimit, u64::from(limit_s) * 1_000);
        self.record_dial(parent, Heard::Talk);
        self.join(parent, child);
    }

    /// Begins the recording of a dial, where it is to have what is heard from now on.
    fn record_dial(&mut self, id: CallId, heard: Heard) {
        let Some(player) = self.player_mut(id) else { return };
        let source = player.source.clone();
        let Doing::Dialing(dialing) = &mut player.doing else { return };
        if dialing.recording.is_some() {
            return;
        }
        let dial = dialing.dial.clone();
        let (channels, from) = match dial.record {
            None | Some(DialRecord::DoNot) => return,
            Some(DialRecord::FromAnswer) => (1, Heard::Talk),
            Some(DialRecord::FromAnswerDual) => (2, Heard::Talk),
            Some(DialRecord::FromRinging) => (1, Heard::Ringing),
            Some(DialRecord::FromRingingDual) => (2, Heard::Ringing),
        };
        if from != heard {
            return;
        }
        let new = NewRecording {
            source: "DialVerb",
            channels,
            track: match dial.recording_track {
                Some(RecordingTrack::Inbound) => Track::Inbound,
                Some(RecordingTrack::Outbound) => Track::Outbound,
                Some(RecordingTrack::Both) | None => Track::Both,
            },
            trims: dial.trim == Some(Trim::Silence),
            callback: RecordingCallback {
                url: dial.recording_status_callback.as_deref().and_then(|url| source.resolve(url)),
                method: dial.recording_status_callback_method.unwrap_or_default(),
                events: dial
                    .recording_status_callback_event
                    .iter()
                    .map(|event| event.as_str().to_owned())
                    .collect(),
            },
            transcribe: None,
        };
        let recording = self.start_recording(id, new);
        if let Some(dialing) = self.dialing_mut(id) {
            dialing.recording = recording;
        }
    }

    /// Somebody who was dialled is gone: declined, busy, or at the end of the talk.
    pub(crate) fn leg_ended(&mut self, parent: CallId, child: CallId, ending: Ending) {
        let Some(call) = self.calls.get(child) else { return };
        let (sid, duration_s) = (call.sid.clone(), call.duration_s());
        let Some(dialing) = self.dialing_mut(parent).filter(|dialing| dialing.legs.contains(&child)) else {
            return;
        };
        dialing.legs.retain(|leg| *leg != child);
        let was_answered = dialing.answered == Some(child);
        let bridged = was_answered && dialing.joined_at.is_some();
        dialing.outcome = Outcome {
            status: match (bridged, ending.status) {
                (true, _) => "completed",
                // Whoever hung up during the whisper never talked to the caller.
                (false, CallStatus::Completed) => "no-answer",
                (false, status) => status.as_str(),
            },
            call: Some(sid),
            duration_s: bridged.then_some(duration_s).flatten(),
            bridged,
            recording_url: None,
        };
        let recording = dialing.recording.clone();
        if let Some(recording) = recording {
            self.stop_recording(&recording);
            let url = self.recordings.get(&recording).map(|recording| self.recording_url(recording));
            if let Some(dialing) = self.dialing_mut(parent) {
                dialing.outcome.recording_url = url;
            }
        }
        let Some(dialing) = self.dialing_mut(parent) else { return };
        if !dialing.legs.is_empty() {
            return;
        }
        match dialing.next.pop_front().filter(|_| !was_answered) {
            Some(next) => self.dial_legs(parent, vec![next]),
            None => self.dial_done(parent),
        }
    }

    /// Those who ring have rung for as long as they may.
    pub(crate) fn dial_timed_out(&mut self, id: CallId) {
        let Some(dialing) = self.dialing_mut(id) else { return };
        let legs = dialing.legs.clone();
        if dialing.taking.is_some() && legs.is_empty() {
            return self.dial_done(id);
        }
        for leg in legs {
            self.end_call(leg, Ending::NO_ANSWER, HungUpBy::Limit);
        }
    }

    /// Those who are joined have talked for as long as they may.
    pub(crate) fn dial_limit_reached(&mut self, id: CallId) {
        self.hang_up_dialed(id, HungUpBy::Limit);
    }

    pub(crate) fn dial_hears_key(&mut self, id: CallId, key: char) {
        let hangs_up = self.dialing_mut(id).is_some_and(|dialing| dialing.dial.hangup_on_star == Some(true));
        if key == '*' && hangs_up {
            self.hang_up_dialed(id, HungUpBy::Other);
        }
    }

    fn hang_up_dialed(&mut self, id: CallId, by: HungUpBy) {
        let Some(dialing) = self.dialing_mut(id) else { return };
        let Some(child) = dialing.answered else { return };
        if dialing.taking.is_none() {
            return self.end_call(child, Ending::COMPLETED, by);
        }
        // Whoever was taken from a queue is not hung up with: their own document goes on.
        self.part(id);
        self.partner_left(child, id);
        self.leg_ended(id, child, Ending::COMPLETED);
    }

    /// A dial is over: its action is asked what comes next, or the next verb follows.
    fn dial_done(&mut self, id: CallId) {
        self.let_sleep(id, Wake::DialTimeout);
        self.let_sleep(id, Wake::DialLimit);
        let Some(player) = self.player_mut(id) else { return };
        let Doing::Dialing(dialing) = std::mem::replace(&mut player.doing, Doing::Nothing) else { return };
        self.stop_taking(id, &dialing);
        let outcome = dialing.outcome;
        self.note(id, Told::Ended { verb: "Dial".to_owned(), how: outcome.status.to_owned() });
        let Some(action) = dialing.dial.action.as_deref().filter(|action| !action.is_empty()) else {
            return self.proceed(id);
        };
        let parameters = self.parameters_with(id, |call| {
            let action = DialAction {
                call,
                dial_call_status: DialCallStatus::from(outcome.status),
                dial_call_sid: outcome.call,
                dial_call_duration_s: outcome
                    .duration_s
                    .map(|count| u32::try_from(count).unwrap_or(u32::MAX)),
                dial_bridged: Some(outcome.bridged),
                recording_sid: None,
                recording_url: outcome.recording_url,
                queue_sid: None,
            };
            action.to_pairs()
        });
        self.go_to(id, Some(action), dialing.dial.method, parameters);
    }

    /// The caller is gone, or goes elsewhere: nobody is dialled for them any more.
    pub(crate) fn drop_dialed(&mut self, id: CallId, dialing: Dialing) {
        let other = self.part(id);
        self.stop_taking(id, &dialing);
        if let Some(recording) = &dialing.recording {
            self.stop_recording(recording);
        }
        if dialing.taking.is_some() {
            // Whoever was taken from the queue goes on with their own document.
            if let Some(other) = other.or(dialing.answered) {
                self.partner_left(other, id);
            }
            return;
        }
        for leg in dialing.legs {
            let is_answered = self.calls.get(leg).is_some_and(|call| call.started.is_some());
            let ending = if is_answered { Ending::COMPLETED } else { Ending::CANCELED };
            self.end_call(leg, ending, HungUpBy::Other);
        }
    }
}

/// The name of a client, which stands in it or in an element of its own.
fn identity(client: &Client) -> &str {
    let inside = client.details.iter().find_map(|detail| match detail {
        ClientDetail::Identity(identity) => Some(identity.name.as_str()),
        ClientDetail::Parameter(_) => None,
    });
    inside.unwrap_or(&client.name)
}

/// A SIP address, which stands in the element or in one of its own.
fn uri(sip: &Sip) -> String {
    let inside = sip.details.iter().find_map(|detail| match detail {
        SipDetail::Uri(uri) => Some(uri.address.clone()),
        SipDetail::Headers(_) => None,
    });
    inside.unwrap_or_else(|| sip.address.clone())
}

fn machine(number: &Number, source: &Source) -> Option<MachineWish> {
    let until = match number.machine_detection? {
        MachineDetection::Enable => DetectUntil::Known,
        MachineDetection::DetectMessageEnd => DetectUntil::GreetingEnds,
    };
    let ms = |given: Option<u32>, default: u32| u64::from(given.unwrap_or(default));
    let url = number.amd_status_callback.as_deref().and_then(|url| source.resolve(url)).unwrap_or_default();
    Some(MachineWish {
        until,
        timeout_ms: ms(number.machine_detection_timeout_s, 30) * 1_000,
        speech_threshold_ms: ms(number.machine_detection_speech_threshold_ms, 2_400),
        speech_end_ms: ms(number.machine_detection_speech_end_threshold_ms, 1_200),
        silence_ms: ms(number.machine_detection_silence_timeout_ms, 5_000),
        // Whoever is dialled is joined at once, whatever is found out.
        beside: Some((url, number.amd_status_callback_method.unwrap_or_default())),
    })
}
