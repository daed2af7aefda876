//! The player: executes a document verb by verb, each for as long as it takes.

use std::collections::VecDeque;

use twilio::HttpMethod;
use twilio::voice_twiml::{self, Verb};

use super::conference::Conferring;
use super::dial::Dialing;
use super::enqueue::{QueueResult, Waiting};
use super::gather::Gathering;
use super::playback::{Item, Playback};
use super::record::RecordVerb;
use super::story::HungUpBy;
use super::{CallId, CallStatus, Ending, Wake};
use crate::relay::Relaying;
use crate::speech::{Pace, Utterance};
use crate::world::World;

/// What is said where a document cannot be had or understood, and no fallback URL helps.
const APPLICATION_ERROR: &str = "We are sorry, an application error has occurred. Goodbye.";

/// What executes a document.
#[derive(Debug, Clone)]
pub(crate) struct Player {
    pub(crate) role: Role,
    pub(crate) source: Source,
    /// What is still to be executed, in order.
    pub(crate) verbs: VecDeque<Verb>,
    pub(crate) doing: Doing,
    pub(crate) playback: Playback,
}

/// What a document is for, which decides what comes after its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The call's own: at its end the call is hung up.
    Main,
    /// What is said to somebody who was dialled, or taken from a queue, before they are joined to the caller.
    Whisper,
    /// What is heard in a queue.
    QueueWait,
    /// What is heard before a conference begins, and on hold.
    ConferenceWait,
    /// What a participant of a conference is told.
    Announcement,
}

impl Role {
    /// Whether the document is heard while the call's own one waits for something.
    pub(crate) fn is_aside(self) -> bool {
        matches!(self, Role::QueueWait | Role::ConferenceWait | Role::Announcement)
    }

    /// The part that the document plays, which decides what it may do.
    pub(crate) fn part(self) -> voice_twiml::Role {
        match self {
            Role::Main => voice_twiml::Role::Main,
            Role::Whisper => voice_twiml::Role::Whisper,
            Role::QueueWait => voice_twiml::Role::QueueWait,
            Role::ConferenceWait | Role::Announcement => voice_twiml::Role::ConferenceWait,
        }
    }
}

/// Where the present document came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// Missing where it came with a request.
    pub(crate) url: Option<String>,
    pub(crate) method: HttpMethod,
}

/// What the player does now.
#[derive(Debug, Clone)]
pub(crate) enum Doing {
    /// It is between two verbs.
    Nothing,
    /// It waits for a document.
    Fetching {
        serial: u64,
    },
    Playing,
    Gathering(Box<Gathering>),
    Recording(Box<RecordVerb>),
    Dialing(Box<Dialing>),
    /// It hands words to and fro between the caller and a program.
    Relaying(Box<Relaying>),
    /// A program hears the caller and speaks, until it closes the websocket with this number.
    Streaming {
        serial: u64,
        action: Option<String>,
        method: Option<HttpMethod>,
    },
    Conferring(Box<Conferring>),
    Queued(Box<Waiting>),
    /// Its document is over, and nothing is heard.
    Silent,
    /// It says why it hangs up.
    LastWords,
}

/// What comes after a verb has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The next verb.
    Next,
    /// Whatever the verb waits for.
    Wait,
}

impl Player {
    pub(crate) fn new(role: Role, source: Source) -> Self {
        Self { role, source, verbs: VecDeque::new(), doing: Doing::Nothing, playback: Playback::default() }
    }
}

impl Source {
    pub(crate) fn of(url: &str, method: HttpMethod) -> Self {
        Self { url: Some(url.to_owned()), method }
    }

    /// A URL of the document, which may be relative to where it came from; `None` where it is relative to
    /// nothing.
    pub(crate) fn resolve(&self, url: &str) -> Option<String> {
        if url::Url::parse(url).is_ok() {
            // Kept letter by letter, because that is what gets signed.
            return Some(url.to_owned());
        }
        let base = url::Url::parse(self.url.as_deref()?).ok()?;
        base.join(url).ok().map(Into::into)
    }
}

impl World {
    pub(crate) fn player_mut(&mut self, id: CallId) -> Option<&mut Player> {
        self.calls.live_mut(id)?.player_mut()
    }

    /// How fast TwiML is spoken.
    pub(crate) fn spoken_pace(&self) -> Pace {
        Pace { words_per_minute: self.rules.timings.calls.words_per_minute }
    }

    /// Executes verbs until one of them waits for something.
    pub(crate) fn proceed(&mut self, id: CallId) {
        loop {
            let Some(player) = self.player_mut(id) else { return };
            if !matches!(player.doing, Doing::Nothing) {
                return;
            }
            let Some(verb) = player.verbs.pop_front() else { return self.document_ended(id) };
            if self.begin_verb(id, verb) == Flow::Wait {
                return;
            }
        }
    }

    fn document_ended(&mut self, id: CallId) {
        match self.player_mut(id).map(|player| player.role) {
            Some(Role::Main) => self.hang_up(id),
            Some(Role::Whisper) => self.whispered(id),
            Some(Role::QueueWait) => self.waited_through(id),
            Some(Role::Announcement) => self.announced(id),
            Some(Role::ConferenceWait) => {
                if let Some(player) = self.player_mut(id) {
                    player.doing = Doing::Silent;
                }
                self.quiet_begins(id);
            }
            None => {}
        }
    }

    /// TwiML ends the call. One that came in and was never answered is turned away.
    pub(crate) fn hang_up(&mut self, id: CallId) {
        let is_answered = self.calls.get(id).is_some_and(|call| call.started.is_some());
        let ending = if is_answered { Ending::COMPLETED } else { Ending::BUSY };
        self.end_call(id, ending, HungUpBy::Twiml);
    }

    /// A document could not be had or understood: the caller is told, and the call ends.
    pub(crate) fn application_error(&mut self, id: CallId) {
        self.answer_inbound(id);
        let utterance = Utterance::of(APPLICATION_ERROR, self.spoken_pace());
        let Some(player) = self.player_mut(id) else { return };
        player.verbs.clear();
        player.doing = Doing::LastWords;
        self.play(id, Playback::of([Item::Say { utterance, loops: 1 }]));
    }

    /// Makes the player do nothing, whatever it does: what it plays stops, what it waits for is not awaited
    /// any more.
    pub(crate) fn interrupt(&mut self, id: CallId) {
        self.stop_playing(id);
        for wake in [
            Wake::Input,
            Wake::Partial,
            Wake::SpeechLimit,
            Wake::Silence,
            Wake::RecordingFull,
            Wake::DialTimeout,
            Wake::DialLimit,
            Wake::Rush,
            Wake::RelayPause,
            Wake::RelayPartial,
            Wake::RelayInterrupts,
        ] {
            self.let_sleep(id, wake);
        }
        let Some(player) = self.player_mut(id) else { return };
        let doing = std::mem::replace(&mut player.doing, Doing::Nothing);
        player.verbs.clear();
        let source = player.source.clone();
        match doing {
            Doing::Recording(verb) => self.cut_recording(id, &verb),
            Doing::Dialing(dialing) => self.drop_dialed(id, *dialing),
            Doing::Conferring(conferring) => {
                self.left_conference(id, &conferring, "participant_updated_via_api");
            }
            Doing::Queued(waiting) => {
                let result = match waiting.is_taken {
                    true => QueueResult::RedirectedFromBridged,
                    false => QueueResult::Redirected,
                };
                self.lost_from_queue(id, &waiting, &source, result);
            }
            Doing::Streaming { serial, .. } => self.stop_stream(id, serial),
            Doing::Nothing
            | Doing::Fetching { .. }
            | Doing::Playing
            | Doing::Gathering(_)
            // Its websocket is closed as it goes.
            | Doing::Relaying(_)
            | Doing::Silent
            | Doing::LastWords => {}
        }
    }

    /// Makes a call do nothing at all, whatever it does and hears beside.
    pub(crate) fn interrupt_all(&mut self, id: CallId) {
        loop {
            self.interrupt(id);
            match self.calls.live_mut(id) {
                Some(live) if live.players.len() > 1 => live.players.pop(),
                _ => return,
            };
        }
    }

    /// An inbound call is answered, where it was not yet.
    pub(crate) fn answer_inbound(&mut self, id: CallId) {
        let rings =
            self.calls.get(id).is_some_and(|call| call.status == CallStatus::Ringing && !call.is_outbound());
        if rings {
            self.answered(id);
        }
    }
}
