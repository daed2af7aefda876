//! Media Streams from Twilio's side: a call's audio goes to a program in pieces of 20 ms, and where the program
//! may speak, its audio is played. Speech is a tone here, and everything else is silence.

mod audio;
mod begin;
mod end;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::sid::Sid;
use twilio::stream::FromTwilio;
use twilio::voice_twiml::Track;

use crate::call::{CallId, elapsed_ms};
use crate::recordings::Side;
use crate::socket::{Reaction, Socket};
use crate::world::{World, later};
use audio::PIECE_MS;

/// A stream in progress.
#[derive(Debug, Clone)]
pub(crate) struct Streaming {
    pub(crate) sid: Sid,
    pub(crate) name: Option<String>,
    pub(crate) socket: Socket,
    is_open: bool,
    /// Whether the program may speak; the document waits for its end then.
    pub(crate) is_two_way: bool,
    track: Track,
    parameters: BTreeMap<String, String>,
    callback: Option<(String, HttpMethod)>,
    /// When its audio begins.
    began: Timestamp,
    /// How many messages were sent, and how many pieces of each voice.
    messages: u64,
    pieces: u64,
    /// Who spoke from when to when, as far as pieces of it are still to be sent.
    sounds: Vec<(Side, Timestamp, Timestamp)>,
    /// What the program wants to be played, in order.
    queue: VecDeque<Piece>,
}

/// A part of what a program wants to be played.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Audio { ms: u64 },
    Mark(String),
}

impl Streaming {
    /// The voices that it takes, as messages name them.
    fn tracks(&self) -> &'static [&'static str] {
        match self.track {
            Track::Inbound => &["inbound"],
            Track::Outbound => &["outbound"],
            Track::Both => &["inbound", "outbound"],
        }
    }

    /// How many milliseconds of the piece that is sent next this side was heard; `since` is when it began to speak,
    /// if it does so now.
    fn heard_ms(&self, side: Side, since: Option<Timestamp>, now: Timestamp) -> u64 {
        let from = later(self.began, self.pieces * PIECE_MS);
        let until = later(self.began, (self.pieces + 1) * PIECE_MS);
        let past =
            self.sounds.iter().filter(|(other, ..)| *other == side).map(|(_, begin, end)| (*begin, *end));
        let overlap = |(begin, end): (Timestamp, Timestamp)| elapsed_ms(begin.max(from), end.min(until));
        past.chain(since.map(|since| (since, now))).map(overlap).sum()
    }

    fn next_number(&mut self) -> u64 {
        self.messages += 1;
        self.messages
    }

    fn says(&self, message: &FromTwilio, reaction: Reaction) {
        self.socket.say(message.to_json(), reaction);
    }
}

impl World {
    fn stream(&self, id: CallId, serial: u64) -> Option<&Streaming> {
        self.calls.live(id)?.streams.iter().find(|stream| stream.socket.serial == serial)
    }

    fn stream_mut(&mut self, id: CallId, serial: u64) -> Option<&mut Streaming> {
        self.calls.live_mut(id)?.streams.iter_mut().find(|stream| stream.socket.serial == serial)
    }

    pub(crate) fn has_stream(&self, id: CallId, serial: u64) -> bool {
        self.stream(id, serial).is_some()
    }
}
