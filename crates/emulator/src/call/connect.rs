//! `<Connect>`: hands the call to a program over a websocket, and the websockets of calls.

use twilio::HttpMethod;
use twilio::voice_twiml::{Connect, ConnectTarget, Stream};

use super::player::Flow;
use super::{CallId, Doing};
use crate::journal::Purpose;
use crate::socket::{Closed, Opening, Socket};
use crate::world::World;

impl World {
    pub(crate) fn connect(&mut self, id: CallId, connect: Connect) -> Flow {
        let Connect { action, method, targets, .. } = connect;
        for target in targets {
            match target {
                ConnectTarget::ConversationRelay(relay) => return self.relay(id, *relay, action, method),
                ConnectTarget::Stream(stream) => return self.connect_stream(id, &stream, action, method),
                other => {
                    let detail = format!("<{}> is not executed here and was passed over", other.tag());
                    self.debug_call(id, 12200, detail);
                }
            }
        }
        Flow::Next
    }

    fn connect_stream(
        &mut self,
        id: CallId,
        stream: &Stream,
        action: Option<String>,
        method: Option<HttpMethod>,
    ) -> Flow {
        let source = self.player_mut(id).map(|player| player.source.clone()).unwrap_or_default();
        match self.start_stream(id, stream, &source, true) {
            Ok(serial) => {
                if let Some(player) = self.player_mut(id) {
                    player.doing = Doing::Streaming { serial, action, method };
                }
                Flow::Wait
            }
            Err((code, detail)) => {
                self.debug_call(id, code, detail);
                Flow::Next
            }
        }
    }

    /// Has a websocket opened for a call.
    pub(crate) fn open_socket(&mut self, id: CallId, purpose: Purpose, url: String) -> Option<Socket> {
        let call = self.calls.get_mut(id)?;
        let (call_sid, account) = (call.sid.clone(), call.account.clone());
        let serial = call.live.as_deref_mut()?.next_errand();
        let token = self.accounts.get(&account)?.token.clone();
        let opening = Opening { call: id, call_sid, serial, purpose, url };
        Some(self.outbox.open_socket(opening, token))
    }

    /// A websocket is open.
    pub(crate) fn socket_opened(&mut self, id: CallId, serial: u64) {
        if self.is_relayed_by(id, serial) {
            self.relay_opened(id);
        } else if self.has_stream(id, serial) {
            self.stream_opened(id, serial);
        }
    }

    /// Something was said over a websocket.
    pub(crate) fn socket_said(&mut self, id: CallId, serial: u64, text: &str) {
        if self.is_relayed_by(id, serial) {
            self.relay_told(id, text);
        } else if self.has_stream(id, serial) {
            self.stream_told(id, serial, text);
        }
    }

    /// A websocket was closed by its other side, or never was open.
    pub(crate) fn socket_closed(&mut self, id: CallId, serial: u64, closed: &Closed) {
        if self.is_relayed_by(id, serial) {
            self.relay_closed(id, closed);
        } else if self.has_stream(id, serial) {
            self.stream_closed(id, serial, closed);
        }
    }

    fn is_relayed_by(&self, id: CallId, serial: u64) -> bool {
        match self.calls.live(id).and_then(|live| live.player()).map(|player| &player.doing) {
            Some(Doing::Relaying(relaying)) => relaying.socket.serial == serial,
            _ => false,
        }
    }
}
