//! The end of a session, and who hears of it.

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::{CallRequest, CallStatus, RelayAction, SessionStatus};
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
    /// What the action is told.
    fn action(&self, call: CallRequest, sid: &Sid, began: Timestamp, now: Timestamp) -> RelayAction {
        let seconds = elapsed_ms(began, now) / 1_000;
        let mut action = RelayAction {
            call,
            session_id: Some(sid.clone()),
            session_status: Some(SessionStatus::Completed),
            session_duration_s: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
            handoff_data: None,
            session_error_code: None,
            session_error_message: None,
        };
        match self {
            SessionEnd::Completed => {}
            SessionEnd::Ended { handoff_data } => {
                action.session_status = Some(SessionStatus::Ended);
                action.handoff_data.clone_from(handoff_data);
            }
            SessionEnd::Failed { code, message } => {
                action.session_status = Some(SessionStatus::Failed);
                action.session_error_code = Some(*code);
                action.session_error_message = Some(message.clone());
            }
        }
        action
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
        let parameters = self.parameters_with(id, |call| end.action(call, sid, began, self.now).to_pairs());
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
        let parameters = self.parameters_with(id, |mut call| {
            call.status = CallStatus::Completed;
            SessionEnd::Completed.action(call, &relaying.sid, relaying.began, self.now).to_pairs()
        });
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
