//! The end of a session, and who hears of it.

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::form::Pairs;
use twilio::sid::Sid;

use super::Relaying;
use crate::call::{CallId, Doing, Source, Told, Wake, elapsed_ms};
use crate::journal::Purpose;
use crate::socket::{Closed, Unopened};
use crate::world::World;

/// What the action is told where the program's server could not be reached.
const UNREACHED_CODE: u32 = 39001;
const UNREACHED: &str = "Network connection to WebSocket server failed.";

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SessionEnd {
    /// The program ended it; the call goes on.
    Ended {
        handoff_data: Option<String>,
    },
    /// The caller hung up.
    Completed,
    Failed {
        code: u32,
        message: String,
    },
}

impl SessionEnd {
    fn parameters(&self, sid: &Sid, began: Timestamp, now: Timestamp) -> Pairs {
        let status = match self {
            SessionEnd::Ended { .. } => "ended",
            SessionEnd::Completed => "completed",
            SessionEnd::Failed { .. } => "failed",
        };
        let mut pairs = Pairs::new();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        add("SessionId", sid.as_str().to_owned());
        add("SessionStatus", status.to_owned());
        add("SessionDuration", (elapsed_ms(began, now) / 1_000).to_string());
        match self {
            SessionEnd::Ended { handoff_data: Some(data) } => add("HandoffData", data.clone()),
            SessionEnd::Failed { code, message } => {
                add("ErrorCode", code.to_string());
                add("ErrorMessage", message.clone());
            }
            SessionEnd::Ended { handoff_data: None } | SessionEnd::Completed => {}
        }
        pairs
    }
}

impl World {
    /// The session is over, and the call goes on: with the action's answer, or with the next verb.
    pub(super) fn relay_ends(&mut self, id: CallId, end: &SessionEnd) {
        for wake in [Wake::RelayPause, Wake::RelayPartial, Wake::RelayInterrupts] {
            self.let_sleep(id, wake);
        }
        self.stop_playing(id);
        let Some(player) = self.player_mut(id) else { return };
        let Doing::Relaying(relaying) = std::mem::replace(&mut player.doing, Doing::Nothing) else { return };
        self.note(id, Told::SocketClosed);
        let Relaying { sid, began, action, method, .. } = *relaying;
        self.session_over(id, &sid, began, action.as_deref(), method, end);
    }

    /// Tells the action how a session ended, or goes on where there is none.
    pub(super) fn session_over(
        &mut self,
        id: CallId,
        sid: &Sid,
        began: Timestamp,
        action: Option<&str>,
        method: Option<HttpMethod>,
        end: &SessionEnd,
    ) {
        let how = match end {
            SessionEnd::Ended { .. } => "ended by the program".to_owned(),
            SessionEnd::Completed => "ended by the caller".to_owned(),
            SessionEnd::Failed { code, .. } => format!("failed with {code}"),
        };
        self.note(id, Told::Ended { verb: "ConversationRelay".to_owned(), how });
        let parameters = end.parameters(sid, began, self.now);
        match action.filter(|action| !action.is_empty()) {
            Some(action) => self.go_to(id, Some(action), method, parameters),
            None => self.relay_over(id),
        }
    }

    fn relay_over(&mut self, id: CallId) {
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Nothing;
        }
        self.proceed(id);
    }

    /// The caller hung up during a session, of which the action hears; what it answers changes nothing.
    pub(crate) fn hung_up_on_relay(&mut self, id: CallId, relaying: &Relaying, source: &Source) {
        let Some(action) = relaying.action.as_deref().filter(|action| !action.is_empty()) else { return };
        let Some(url) = source.resolve(action) else { return };
        let mut parameters = self.call_parameters(id);
        for (name, value) in &mut parameters {
            if name == "CallStatus" {
                "completed".clone_into(value);
            }
        }
        parameters.extend(SessionEnd::Completed.parameters(&relaying.sid, relaying.began, self.now));
        self.tell(id, Purpose::CallDocument, &url, relaying.method.unwrap_or_default(), parameters);
    }

    /// The websocket is closed, or never was open.
    pub(crate) fn relay_closed(&mut self, id: CallId, closed: &Closed) {
        let (debugged, detail, end) = match closed {
            Closed::Refused { reason, detail } => {
                let reason = match reason {
                    Unopened::Timeout => "timed out",
                    Unopened::Connection => "failed",
                    Unopened::Handshake => "was refused",
                };
                let end = SessionEnd::Failed { code: UNREACHED_CODE, message: UNREACHED.to_owned() };
                (64102, format!("the connection {reason}: {detail}"), end)
            }
            Closed::ByOther => {
                let message = "The WebSocket was closed during the call.".to_owned();
                (64105, message.clone(), SessionEnd::Failed { code: 64105, message })
            }
        };
        self.debug_call(id, debugged, detail);
        self.relay_ends(id, &end);
    }
}
