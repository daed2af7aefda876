//! How a call comes into being: from a request, or dialled by another call.

use jiff::{SignedDuration, Timestamp};
use twilio::HttpMethod;
use twilio::sid::{Sid, SidKind};

use super::callback::Callbacks;
use super::{
    Call, CallDirection, CallId, CallStatus, Ending, Far, Live, Person, Settings, Source, Story, Wake,
};
use crate::call::story::HungUpBy;
use crate::due::Due;
use crate::faults::{Facts, Fate, Operation};
use crate::journal::Event;
use crate::world::{World, later};

/// How long a call may wait for its turn.
const QUEUE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// What a call is made from.
#[derive(Debug, Clone)]
pub(crate) struct CallDraft {
    pub(crate) account: Sid,
    pub(crate) direction: CallDirection,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) parent: Option<(CallId, Sid)>,
    pub(crate) begin: Instructions,
    pub(crate) callbacks: Callbacks,
    pub(crate) settings: Settings,
    pub(crate) whisper: Option<Source>,
    /// Lists begin to show it so long after its creation.
    pub(crate) list_lag_ms: u64,
}

/// What happens once a call is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Instructions {
    Url {
        url: String,
        method: HttpMethod,
    },
    Twiml(String),
    /// It was dialled by another call, which it is joined with.
    Join,
}

/// How answering machines are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MachineWish {
    pub(crate) until: DetectUntil,
    pub(crate) timeout_ms: u64,
    pub(crate) speech_threshold_ms: u64,
    pub(crate) speech_end_ms: u64,
    pub(crate) silence_ms: u64,
    /// Where the result is told while the call goes on; without it, the call waits for the result.
    pub(crate) beside: Option<(String, HttpMethod)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DetectUntil {
    /// It is known who answered.
    Known,
    /// A machine has finished its greeting.
    GreetingEnds,
}

/// How a call is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RecordWish {
    pub(crate) channels: u8,
    pub(crate) track: crate::recordings::Track,
    pub(crate) trims: bool,
    pub(crate) callback: crate::recordings::RecordingCallback,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout_s: 60,
            limit_s: super::life::LIMIT_S,
            send_digits: None,
            machine: None,
            record: None,
            fallback: None,
            application: None,
        }
    }
}

impl Call {
    /// A call that was taken, and that nothing was done about yet.
    pub(crate) fn drafted(draft: CallDraft, sid: Sid, now: Timestamp) -> Self {
        let nobody = Far::Person(Box::new(Person::new(std::sync::Arc::default())));
        let mut live = Live::new(nobody, draft.begin, now);
        live.whisper = draft.whisper;
        let is_inbound = draft.direction == CallDirection::Inbound;
        Self {
            sid,
            account: draft.account,
            direction: draft.direction,
            from: draft.from,
            to: draft.to,
            parent: draft.parent,
            number: None,
            status: if is_inbound { CallStatus::Ringing } else { CallStatus::Queued },
            created: now,
            updated: now,
            listed_from: later(now, draft.list_lag_ms),
            dialed: None,
            started: None,
            ended: None,
            queue_ms: 0,
            answered_by: None,
            detection_ms: None,
            forwarded_from: None,
            caller_name: None,
            price_micros: None,
            sip_code: None,
            fate: Fate::default(),
            settings: draft.settings,
            callbacks: draft.callbacks,
            live: Some(Box::new(live)),
            story: Story::default(),
        }
    }
}

impl World {
    /// Makes a call, which is dialled when its turn comes.
    pub(crate) fn create_call(&mut self, draft: CallDraft) -> CallId {
        let now = self.now;
        let sid = self.random.sid(SidKind::Call);
        let account = draft.account.clone();
        let number = match draft.direction {
            CallDirection::Inbound => self.numbers.find(&draft.to),
            _ => self.numbers.find(&draft.from).filter(|number| number.account == account),
        };
        let number = number.map(|number| number.sid.clone());
        self.write(Event::CallCreated {
            call_sid: sid.as_str().to_owned(),
            direction: draft.direction.as_str().to_owned(),
            from: draft.from.clone(),
            to: draft.to.clone(),
        });
        let direction = draft.direction;
        let fate = self.plan_fate(&draft);
        let mut call = Call::drafted(draft, sid, now);
        call.number = number;
        call.fate = fate;
        let id = self.calls.insert(call);
        match direction {
            CallDirection::Inbound => {}
            CallDirection::OutboundApi => self.wait_for_turn(id, &account),
            // Calls that are dialled by others wait for nobody.
            CallDirection::OutboundDial => self.wake_in(id, Wake::Turn, 0),
        }
        id
    }

    fn plan_fate(&mut self, draft: &CallDraft) -> Fate {
        let facts = Facts {
            operation: Operation::Call,
            account: draft.account.as_str(),
            to: Some(&draft.to),
            from: Some(&draft.from),
            body: None,
            status: None,
        };
        self.faults.plan_call(&facts, &mut self.random)
    }

    fn wait_for_turn(&mut self, id: CallId, account: &Sid) {
        let now = self.now;
        let turn = self.call_turns.take_turn(account.as_str(), 1, now);
        let wait = turn.duration_since(now);
        if wait > QUEUE_MAX {
            self.debug_call(id, 22005, "more calls wait than can be made in a day");
            return self.end_call(id, Ending::FAILED, HungUpBy::Limit);
        }
        let ms = u64::try_from(wait.as_millis()).unwrap_or(0);
        if let Some(call) = self.calls.get_mut(id) {
            call.queue_ms = ms;
        }
        self.wake_in(id, Wake::Turn, ms);
    }

    /// A call comes into being after its request's connection has dropped.
    pub(crate) fn create_call_later(&mut self, draft: CallDraft, ms: u64) {
        self.note_fault(format!("a call comes into being {ms} ms after its connection dropped"), None);
        self.enter_in(ms, Due::CreateCall(Box::new(draft)));
    }
}
