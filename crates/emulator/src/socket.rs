//! Websockets to the account's own server, as the world sees them: what is said on one, and what comes.

use std::fmt;

use tokio::sync::mpsc;
use twilio::sid::Sid;

use crate::activity::{Activity, InFlight};
use crate::call::CallId;
use crate::journal::Purpose;

/// The world's end of a websocket. It is closed when the last handle is gone, after what was said.
#[derive(Clone)]
pub(crate) struct Socket {
    /// Tells it from the other websockets of its call.
    pub(crate) serial: u64,
    frames: mpsc::UnboundedSender<Frame>,
    activity: Activity,
}

/// What goes out.
pub(crate) enum Frame {
    Text {
        text: String,
        /// Held until the other side has had time to react.
        in_flight: Option<InFlight>,
        reaction: Reaction,
    },
    Close {
        code: u16,
        reason: &'static str,
    },
}

/// What is expected of whoever hears a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Nothing at all.
    None,
    /// There may be one.
    Possible,
    /// There will be one, and it may take some time.
    Expected,
}

/// A websocket that is to be opened.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) call: CallId,
    pub(crate) call_sid: Sid,
    pub(crate) serial: u64,
    pub(crate) purpose: Purpose,
    /// As it stands in the document, with a fragment of connection overrides where it has one.
    pub(crate) url: String,
}

/// How a websocket came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It was never open.
    Refused { reason: Unopened, detail: String },
    /// The other side closed it, or it broke.
    ByOther,
}

/// Why a websocket could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unopened {
    Timeout,
    Connection,
    /// The server answered something else than 101.
    Handshake,
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("serial", &self.serial).finish_non_exhaustive()
    }
}

impl Socket {
    /// A websocket that is still to be opened, and what whoever opens it needs.
    pub(crate) fn new(serial: u64, activity: Activity) -> (Self, mpsc::UnboundedReceiver<Frame>) {
        let (frames, receiver) = mpsc::unbounded_channel();
        (Self { serial, frames, activity }, receiver)
    }

    /// Sends a text. What is said before it is open waits until it is.
    pub(crate) fn say(&self, text: String, reaction: Reaction) {
        let in_flight = (reaction != Reaction::None).then(|| self.activity.begin());
        // The receiver is gone only where the websocket is; then nobody listens any more.
        let _ = self.frames.send(Frame::Text { text, in_flight, reaction });
    }

    pub(crate) fn close(&self, code: u16, reason: &'static str) {
        let _ = self.frames.send(Frame::Close { code, reason });
    }
}

/// Whether a URL may be opened: `wss://` to anywhere; `ws://` to this machine, where that is allowed.
pub(crate) fn is_allowed(url: &str, strictness: crate::emulation::Strictness) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    match url.scheme() {
        "wss" => url.has_host(),
        "ws" => strictness == crate::emulation::Strictness::Lenient && crate::draft::is_loopback(&url),
        _ => false,
    }
}
