//! Webhooks on their way out, and what brings them there.

use twilio::HttpMethod;
use twilio::form::Pairs;
use twilio::sid::Sid;

use tokio::sync::{mpsc, oneshot};

use crate::activity::{Activity, InFlight};
use crate::call::Errand;
use crate::journal::Purpose;
use crate::message::MessageId;
use crate::socket::{Frame, Opening, Socket};

/// A request to the account's own server, decided and not yet sent.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) purpose: Purpose,
    pub(crate) account: Sid,
    pub(crate) message: MessageId,
    pub(crate) message_sid: Sid,
    /// As configured, with a fragment of connection overrides where it has one.
    pub(crate) url: String,
    pub(crate) method: HttpMethod,
    pub(crate) parameters: Pairs,
    /// Asked after `url` failed.
    pub(crate) fallback: Option<(String, HttpMethod)>,
    /// Whatever is answered, it counts as not answered in time.
    pub(crate) answer_ignored: bool,
}

/// Something that an account is told of, whatever it answers: a notice of the debugger, the end of a
/// verification.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) purpose: Purpose,
    pub(crate) url: String,
    pub(crate) method: HttpMethod,
    /// What it is about.
    pub(crate) resource: Sid,
    pub(crate) parameters: Pairs,
}

/// Work for the tasks that talk to the network.
pub(crate) enum Parcel {
    Webhook {
        webhook: Box<Webhook>,
        /// The account's token, which signs it.
        token: String,
        /// Tells its retries from other webhooks.
        idempotency: String,
        in_flight: InFlight,
        done: Option<oneshot::Sender<()>>,
    },
    Media {
        message: MessageId,
        index: usize,
        url: String,
        in_flight: InFlight,
    },
    /// Something that an account is told of, whatever it answers.
    Letter {
        letter: Box<Letter>,
        token: String,
        idempotency: String,
        in_flight: InFlight,
    },
    /// A websocket that is to be opened, and then to be carried for as long as it lasts.
    Socket {
        opening: Box<Opening>,
        frames: mpsc::UnboundedReceiver<Frame>,
        token: String,
        in_flight: InFlight,
    },
    /// Of a call: a webhook, or a file to play.
    Call {
        errand: Box<Errand>,
        token: String,
        idempotency: String,
        in_flight: InFlight,
    },
}

/// Where the world hands over its parcels. What is in it counts as in flight.
#[derive(Clone)]
pub(crate) struct Outbox {
    parcels: mpsc::UnboundedSender<Parcel>,
    activity: Activity,
}

impl Outbox {
    pub(crate) fn new(activity: Activity) -> (Self, mpsc::UnboundedReceiver<Parcel>) {
        let (parcels, receiver) = mpsc::unbounded_channel();
        (Self { parcels, activity }, receiver)
    }

    pub(crate) fn post(
        &self,
        webhook: Webhook,
        token: String,
        idempotency: String,
        done: Option<oneshot::Sender<()>>,
    ) {
        let webhook = Box::new(webhook);
        let in_flight = self.activity.begin();
        self.hand_over(Parcel::Webhook { webhook, token, idempotency, in_flight, done });
    }

    pub(crate) fn fetch_media(&self, message: MessageId, index: usize, url: String) {
        let in_flight = self.activity.begin();
        self.hand_over(Parcel::Media { message, index, url, in_flight });
    }

    pub(crate) fn run_errand(&self, errand: Errand, token: String, idempotency: String) {
        let in_flight = self.activity.begin();
        self.hand_over(Parcel::Call { errand: Box::new(errand), token, idempotency, in_flight });
    }

    /// Has a websocket opened, and gives the world's end of it.
    pub(crate) fn open_socket(&self, opening: Opening, token: String) -> Socket {
        let in_flight = self.activity.begin();
        let (socket, frames) = Socket::new(opening.serial, self.activity.clone());
        self.hand_over(Parcel::Socket { opening: Box::new(opening), frames, token, in_flight });
        socket
    }

    pub(crate) fn send_letter(&self, letter: Letter, token: String, idempotency: String) {
        let in_flight = self.activity.begin();
        self.hand_over(Parcel::Letter { letter: Box::new(letter), token, idempotency, in_flight });
    }

    fn hand_over(&self, parcel: Parcel) {
        // The receiver is gone only while the emulator shuts down; then nothing is sent any more.
        let _ = self.parcels.send(parcel);
    }
}
