//! ConversationRelay from Twilio's side: what the caller says goes out as words, what the program answers is
//! spoken. Each part of a session has its file under `relay/`.

mod begin;
mod end;
mod input;
mod program;
mod speak;

pub(crate) use speak::Speech;

use std::collections::VecDeque;

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::relay::{FromTwilio, Info};
use twilio::sid::Sid;
use twilio::voice_twiml::{ConversationRelay, Interruption, RelayDebug, RelayEvent};

use crate::call::{CallId, Doing, Told};
use crate::socket::{Reaction, Socket};
use crate::world::World;

/// A session in progress.
#[derive(Debug, Clone)]
pub(crate) struct Relaying {
    relay: ConversationRelay,
    /// Where the end of the session is told.
    action: Option<String>,
    method: Option<HttpMethod>,
    sid: Sid,
    pub(crate) socket: Socket,
    is_open: bool,
    began: Timestamp,
    /// The language that is heard.
    language: String,
    /// Words of the program that do not make a sentence yet.
    token: Tokens,
    /// What is still to be spoken, in order.
    queue: VecDeque<Speech>,
    /// What is being spoken.
    present: Option<Speech>,
    /// What was spoken since the program began to talk, and when that was.
    spoken: String,
    talks_since: Option<Timestamp>,
    /// Whether the program has said that more comes.
    is_talking: bool,
    /// What was understood since the last prompt.
    heard: Vec<String>,
    /// Words that are finished before this instant were spoken to nobody.
    listens_from: Timestamp,
    malformed: usize,
}

/// Pieces of a sentence.
#[derive(Debug, Clone, Default)]
struct Tokens {
    text: String,
    interruptible: Option<bool>,
    preemptible: Option<bool>,
}

impl Relaying {
    /// What stops the program's speech, where a message does not say otherwise.
    fn interruptible(&self) -> Interruption {
        self.relay.interruptible.unwrap_or(Interruption::Any)
    }

    /// What is told that comes in while the program speaks and cannot be interrupted.
    fn reports(&self) -> Interruption {
        self.relay.report_input_during_agent_speech.unwrap_or(Interruption::None)
    }

    fn tells(&self, event: RelayEvent) -> bool {
        let old_name = match event {
            RelayEvent::Speaker => RelayDebug::Speaker,
            RelayEvent::TokensPlayed => RelayDebug::TokensPlayed,
        };
        self.relay.events.contains(&event) || self.relay.debug.contains(&old_name)
    }

    /// Whether the program speaks, or has more to say.
    pub(crate) fn is_speaking(&self) -> bool {
        self.present.is_some() || !self.queue.is_empty() || self.is_talking
    }

    /// How many words of the caller it takes to interrupt.
    fn words_to_interrupt(&self) -> usize {
        use twilio::voice_twiml::Sensitivity;
        match self.relay.interrupt_sensitivity {
            None | Some(Sensitivity::High) => 0,
            Some(Sensitivity::Medium) => 1,
            Some(Sensitivity::Low) => 3,
        }
    }
}

impl World {
    fn relaying(&self, id: CallId) -> Option<&Relaying> {
        match &self.calls.live(id)?.player()?.doing {
            Doing::Relaying(relaying) => Some(relaying),
            _ => None,
        }
    }

    fn relaying_mut(&mut self, id: CallId) -> Option<&mut Relaying> {
        match &mut self.player_mut(id)?.doing {
            Doing::Relaying(relaying) => Some(relaying),
            _ => None,
        }
    }

    /// Tells the program something.
    fn relay_tells(&mut self, id: CallId, message: &FromTwilio, reaction: Reaction) {
        let Some(relaying) = self.relaying(id).filter(|relaying| relaying.is_open) else { return };
        let text = message.to_json();
        relaying.socket.say(text.clone(), reaction);
        self.note(id, Told::SocketSent { text });
    }

    /// Tells the program who speaks, or what was spoken, if it wants to know.
    fn relay_informs(&mut self, id: CallId, event: RelayEvent, name: &str, value: &str) {
        if self.relaying(id).is_some_and(|relaying| relaying.tells(event)) {
            let info = Info {
                name: name.to_owned(),
                value: Some(value.into()),
                ts: Some(self.now.as_millisecond().into()),
                ..Info::default()
            };
            self.relay_tells(id, &FromTwilio::Info(info), Reaction::None);
        }
    }
}

/// Whether something may be interrupted, or is told: by speech.
fn by_speech(interruption: Interruption) -> bool {
    matches!(interruption, Interruption::Speech | Interruption::Any)
}

/// The same by keys.
fn by_keys(interruption: Interruption) -> bool {
    matches!(interruption, Interruption::Dtmf | Interruption::Any)
}

/// What a message says about interruption, or else the session.
fn interruption(given: Option<bool>, otherwise: Interruption) -> Interruption {
    match given {
        Some(true) => Interruption::Any,
        Some(false) => Interruption::None,
        None => otherwise,
    }
}
