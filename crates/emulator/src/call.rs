//! Calls: what one is, from its creation to its end. Each part of the story has its file under `call/`.
//!
//! A call is a value of the world. While it lives it has two ends. At the far one is a phone and the person
//! who holds it, or another call; at this one a player executes TwiML. Whatever waits for its time is a timer
//! of the call, which is an entry of the agenda and is taken back when it is not needed any more, so that
//! nothing is left of a call that is over. Whatever comes from outside (a document, a file) carries the
//! serial number of the wish for it, and does nothing where the call has gone on meanwhile.

mod bridge;
mod callback;
mod conference;
mod connect;
mod create;
mod dial;
mod document;
mod enqueue;
mod errand;
mod far;
mod gather;
mod hears;
mod inbound;
mod life;
mod machine;
mod person;
mod playback;
mod player;
mod record;
mod resource;
mod side;
mod story;
mod take;
mod timer;
mod update;
mod verb;
mod words;

pub(crate) use crate::calls::CallId;
pub(crate) use callback::{Callbacks, Progress};
pub(crate) use create::{CallDraft, DetectUntil, Instructions, MachineWish, RecordWish};
pub(crate) use errand::{Errand, Wanted};
pub(crate) use far::{Far, Voice, elapsed_ms};
pub(crate) use inbound::InboundError;
pub(crate) use life::{Ending, LIMIT_S};
pub(crate) use person::Person;
pub(crate) use playback::{Item, Playback, Sound, Speaking};
pub(crate) use player::{Doing, Flow, Player, Role, Source};
pub(crate) use side::LiveTranscription;
pub(crate) use story::Story;
pub use story::{HungUpBy, Line, Told};
pub(crate) use timer::{Timers, Wake};
pub(crate) use update::Update;
pub(crate) use words::{CallDirection, CallStatus};

use jiff::Timestamp;
use twilio::sid::Sid;

use crate::cookies::Jar;
use crate::faults::Fate;
use crate::stream::Streaming;

/// A call, over or not.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) direction: CallDirection,
    /// As it is shown to the far end, and in the resource.
    pub(crate) from: String,
    pub(crate) to: String,
    /// The call that dialled this one.
    pub(crate) parent: Option<(CallId, Sid)>,
    /// The owned number that it goes out from or came in on.
    pub(crate) number: Option<Sid>,
    pub(crate) status: CallStatus,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// When lists begin to show it.
    pub(crate) listed_from: Timestamp,
    /// When it began to be dialled.
    pub(crate) dialed: Option<Timestamp>,
    /// When it was answered.
    pub(crate) started: Option<Timestamp>,
    pub(crate) ended: Option<Timestamp>,
    /// How long it waited for its turn.
    pub(crate) queue_ms: u64,
    pub(crate) answered_by: Option<&'static str>,
    /// How long detection took.
    pub(crate) detection_ms: Option<u64>,
    pub(crate) forwarded_from: Option<String>,
    pub(crate) caller_name: Option<String>,
    pub(crate) price_micros: Option<i64>,
    /// The answer of the network, once it is over: 200, 404, 486, 487 or 603.
    pub(crate) sip_code: Option<u16>,
    /// What becomes of it by a fault.
    pub(crate) fate: Fate,
    pub(crate) settings: Settings,
    pub(crate) callbacks: Callbacks,
    /// What it does; none once it is over.
    pub(crate) live: Option<Box<Live>>,
    pub(crate) story: Story,
}

/// What a call was told at its creation, or since.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// How long it rings.
    pub(crate) timeout_s: u32,
    /// How long it may last once it is answered.
    pub(crate) limit_s: u32,
    pub(crate) send_digits: Option<String>,
    pub(crate) machine: Option<MachineWish>,
    pub(crate) record: Option<RecordWish>,
    pub(crate) fallback: Option<(String, twilio::HttpMethod)>,
    pub(crate) application: Option<Sid>,
}

/// What a call is while it is not over.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) far: Far,
    /// What is executed, the innermost last: a call that waits in a queue has its own document and that of
    /// the waiting. Empty until the first document is asked for.
    pub(crate) players: Vec<Player>,
    /// Where the first document comes from.
    pub(crate) begin: Instructions,
    pub(crate) cookies: Jar,
    pub(crate) timers: Timers,
    /// What the far end hears now.
    pub(crate) speaking: Option<Speaking>,
    /// What the far end says now.
    pub(crate) voice: Option<Voice>,
    /// The call that this one is joined with, so that the people at the far ends hear each other.
    pub(crate) joined: Option<CallId>,
    /// Numbers what the courier is sent for.
    pub(crate) errands: u64,
    /// When the last document came, and how many came in no time.
    pub(crate) rush: (Timestamp, u32),
    /// Recordings in progress.
    pub(crate) recordings: Vec<Sid>,
    /// Live transcriptions in progress.
    pub(crate) transcriptions: Vec<LiveTranscription>,
    /// Streams of its audio in progress.
    pub(crate) streams: Vec<Streaming>,
    /// While it waits in a queue: who has taken it from there and is about to be joined with it.
    pub(crate) taken_by: Option<CallId>,
    /// What detection of answering machines will find, and how long that takes.
    pub(crate) detecting: Option<(&'static str, u64)>,
    /// On a leg that was dialled: what is said to whoever answers before they are joined to the caller.
    pub(crate) whisper: Option<Source>,
}

impl Call {
    pub(crate) fn is_over(&self) -> bool {
        self.live.is_none()
    }

    pub(crate) fn is_outbound(&self) -> bool {
        self.direction != CallDirection::Inbound
    }

    /// The number at the far end.
    pub(crate) fn far_number(&self) -> &str {
        if self.is_outbound() { &self.to } else { &self.from }
    }

    /// The number at this end.
    pub(crate) fn near_number(&self) -> &str {
        if self.is_outbound() { &self.from } else { &self.to }
    }

    /// Seconds from answer to end, begun ones whole.
    pub(crate) fn duration_s(&self) -> Option<u64> {
        let ended = self.ended?;
        let ms = self.started.map_or(0, |started| ended.duration_since(started).as_millis().max(0));
        Some(u64::try_from(ms).unwrap_or(0).div_ceil(1_000))
    }

    /// Minutes that are paid for.
    pub(crate) fn minutes(&self) -> Option<u64> {
        self.duration_s().map(|seconds| seconds.div_ceil(60))
    }
}

impl Live {
    pub(crate) fn new(far: Far, begin: Instructions, now: Timestamp) -> Self {
        Self {
            far,
            players: Vec::new(),
            begin,
            cookies: Jar::default(),
            timers: Timers::default(),
            speaking: None,
            voice: None,
            joined: None,
            errands: 0,
            rush: (now, 0),
            recordings: Vec::new(),
            transcriptions: Vec::new(),
            streams: Vec::new(),
            taken_by: None,
            detecting: None,
            whisper: None,
        }
    }

    pub(crate) fn player(&self) -> Option<&Player> {
        self.players.last()
    }

    pub(crate) fn player_mut(&mut self) -> Option<&mut Player> {
        self.players.last_mut()
    }

    /// Numbers a new wish.
    pub(crate) fn next_errand(&mut self) -> u64 {
        self.errands += 1;
        self.errands
    }
}
