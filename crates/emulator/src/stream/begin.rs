//! The beginning of a stream: checks, the websocket, `connected` and `start`.

use std::collections::{BTreeMap, VecDeque};

use twilio::call::StreamEvent;
use twilio::sid::SidKind;
use twilio::stream::{FromTwilio, MediaFormat, Start};
use twilio::voice_twiml::{ParameterOnly, Stream, Track};

use super::Streaming;
use crate::call::{CallId, Source, Told, Wake};
use crate::journal::Purpose;
use crate::socket::{self, Reaction};
use crate::stream::audio::PIECE_MS;
use crate::world::World;

/// The most streams of a call that only listen.
const LISTENING_MAX: usize = 4;

impl World {
    /// Begins a stream, and gives the serial number of its websocket; or says why it cannot be.
    pub(crate) fn start_stream(
        &mut self,
        id: CallId,
        stream: &Stream,
        source: &Source,
        is_two_way: bool,
    ) -> Result<u64, (u32, String)> {
        let parameters = stream
            .parameters
            .iter()
            .filter_map(|ParameterOnly::Parameter(parameter)| {
                Some((parameter.name.clone()?, parameter.value.clone().unwrap_or_default()))
            })
            .collect();
        self.open_stream(id, stream, source, parameters, is_two_way)
    }

    /// As [`World::start_stream`], with what the program is told at first.
    pub(crate) fn open_stream(
        &mut self,
        id: CallId,
        stream: &Stream,
        source: &Source,
        parameters: BTreeMap<String, String>,
        is_two_way: bool,
    ) -> Result<u64, (u32, String)> {
        let url = stream.url.clone().unwrap_or_default();
        if !socket::is_allowed(&url, self.rules.strictness) {
            let detail = "a stream's URL must begin with wss://; ws:// is for this machine alone";
            return Err((31922, detail.to_owned()));
        }
        if url.split('#').next().unwrap_or_default().contains('?') {
            return Err((
                11100,
                "a stream's URL has no query; <Parameter> tells the program something".to_owned(),
            ));
        }
        let track = stream.track.unwrap_or(Track::Inbound);
        if is_two_way && track != Track::Inbound {
            return Err((31941, "a stream in <Connect> takes the inbound track alone".to_owned()));
        }
        let listening = self.calls.live(id).map_or(0, |live| live.streams.len());
        if listening >= LISTENING_MAX {
            return Err((31941, "a call has at most four streams".to_owned()));
        }
        let callback = stream.status_callback.as_deref().and_then(|url| source.resolve(url));
        let sid = self.random.sid(SidKind::Stream);
        let gone = || (31901, "the call is over".to_owned());
        let socket = self.open_socket(id, Purpose::StreamSocket, url).ok_or_else(gone)?;
        let serial = socket.serial;
        let now = self.now;
        let live = self.calls.live_mut(id).ok_or_else(gone)?;
        live.streams.push(Streaming {
            sid,
            name: stream.name.clone(),
            socket,
            is_open: false,
            is_two_way,
            track,
            parameters,
            callback: callback.map(|url| (url, stream.status_callback_method.unwrap_or_default())),
            began: now,
            messages: 0,
            pieces: 0,
            sounds: Vec::new(),
            queue: VecDeque::new(),
        });
        Ok(serial)
    }

    /// The websocket is open: the program learns what streams, and audio begins.
    pub(crate) fn stream_opened(&mut self, id: CallId, serial: u64) {
        let now = self.now;
        let Some(call) = self.calls.get(id) else { return };
        let (account_sid, call_sid) = (call.account.as_str().to_owned(), call.sid.as_str().to_owned());
        let Some(stream) = self.stream_mut(id, serial) else { return };
        stream.is_open = true;
        stream.began = now;
        let stream_sid = stream.sid.as_str().to_owned();
        let start = FromTwilio::Start {
            sequence_number: stream.next_number(),
            start: Start {
                account_sid,
                stream_sid: stream_sid.clone(),
                call_sid,
                tracks: stream.tracks().iter().map(|track| (*track).to_owned()).collect(),
                custom_parameters: stream.parameters.clone(),
                media_format: MediaFormat::default(),
            },
            stream_sid: stream_sid.clone(),
        };
        stream.says(&FromTwilio::connected(), Reaction::None);
        stream.says(&start, Reaction::Possible);
        self.note(id, Told::SocketOpened { url: stream_sid });
        self.tell_stream_event(id, serial, StreamEvent::Started, None);
        self.wake_in(id, Wake::StreamPiece, PIECE_MS);
    }
}
