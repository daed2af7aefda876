//! The end of a stream, and who hears of it.

use twilio::call::{StreamCallback, StreamEvent};
use twilio::stream::{FromTwilio, Stop};

use super::Streaming;
use crate::call::{CallId, Doing, Told};
use crate::journal::Purpose;
use crate::socket::{Closed, Reaction, Unopened};
use crate::world::World;

impl World {
    /// Ends the stream with a name, or the newest where none is named; tells whether there was one.
    pub(crate) fn stop_named_stream(&mut self, id: CallId, name: Option<&str>) -> bool {
        let found = self.calls.live(id).and_then(|live| {
            let fits = |stream: &&Streaming| name.is_none() || stream.name.as_deref() == name;
            live.streams.iter().rev().filter(|stream| !stream.is_two_way).find(fits)
        });
        let Some(serial) = found.map(|stream| stream.socket.serial) else { return false };
        self.stop_stream(id, serial);
        true
    }

    /// Ends a stream from this side.
    pub(crate) fn stop_stream(&mut self, id: CallId, serial: u64) {
        let Some(call) = self.calls.get(id) else { return };
        let stop =
            Stop { account_sid: call.account.as_str().to_owned(), call_sid: call.sid.as_str().to_owned() };
        let Some(stream) = self.stream_mut(id, serial) else { return };
        if stream.is_open {
            let message = FromTwilio::Stop {
                sequence_number: stream.next_number(),
                stop,
                stream_sid: stream.sid.as_str().to_owned(),
            };
            stream.says(&message, Reaction::None);
            self.tell_stream_event(id, serial, StreamEvent::Stopped, None);
        }
        self.forget_stream(id, serial);
    }

    /// The call is over, and its streams with it.
    pub(crate) fn stop_streams(&mut self, id: CallId) {
        let serials: Vec<u64> = self
            .calls
            .live(id)
            .map(|live| live.streams.iter().map(|stream| stream.socket.serial).collect())
            .unwrap_or_default();
        for serial in serials {
            self.stop_stream(id, serial);
        }
    }

    /// The websocket was closed by the program, or never was open.
    pub(crate) fn stream_closed(&mut self, id: CallId, serial: u64, closed: &Closed) {
        let (code, detail) = match closed {
            Closed::Refused { reason, detail } => {
                let code = match reason {
                    Unopened::Timeout => 31901,
                    Unopened::Connection => 31902,
                    Unopened::Handshake => 31920,
                };
                (code, detail.clone())
            }
            Closed::ByOther => (31921, "the program closed the websocket".to_owned()),
        };
        let Some(stream) = self.stream(id, serial) else { return };
        // In <Connect>, closing is how a program hands the call back.
        let is_handed_back = stream.is_two_way && *closed == Closed::ByOther;
        if is_handed_back {
            self.tell_stream_event(id, serial, StreamEvent::Stopped, None);
        } else {
            self.debug_call(id, code, detail.clone());
            self.tell_stream_event(id, serial, StreamEvent::Error, Some(&detail));
        }
        self.forget_stream(id, serial);
        self.connect_goes_on(id, serial);
    }

    /// A `<Connect>` whose stream has ended lets the document go on.
    fn connect_goes_on(&mut self, id: CallId, serial: u64) {
        let Some(player) = self.player_mut(id) else { return };
        let Doing::Streaming { serial: awaited, action, method } = &player.doing else { return };
        if *awaited != serial {
            return;
        }
        let (action, method) = (action.clone(), *method);
        self.stop_playing(id);
        self.note(id, Told::Ended { verb: "Stream".to_owned(), how: "closed by the program".to_owned() });
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Nothing;
        }
        match action.filter(|action| !action.is_empty()) {
            Some(action) => self.go_to(id, Some(&action), method, Vec::new()),
            None => self.proceed(id),
        }
    }

    fn forget_stream(&mut self, id: CallId, serial: u64) {
        let Some(live) = self.calls.live_mut(id) else { return };
        let before = live.streams.len();
        live.streams.retain(|stream| stream.socket.serial != serial);
        if live.streams.len() < before {
            self.note(id, Told::SocketClosed);
        }
    }

    /// Tells whoever wants to know what became of a stream.
    pub(super) fn tell_stream_event(
        &mut self,
        id: CallId,
        serial: u64,
        event: StreamEvent,
        error: Option<&str>,
    ) {
        let Some(call) = self.calls.get(id) else { return };
        let Some(stream) = self.stream(id, serial) else { return };
        let Some((url, method)) = stream.callback.clone() else { return };
        let callback = StreamCallback {
            account_sid: call.account.clone(),
            call_sid: call.sid.clone(),
            stream_sid: stream.sid.clone(),
            stream_name: stream.name.clone(),
            event,
            stream_error: error.map(str::to_owned),
            timestamp: Some(self.now),
            rest: Vec::new(),
        };
        self.tell(id, Purpose::StreamStatus, &url, method, callback.to_pairs());
    }
}
