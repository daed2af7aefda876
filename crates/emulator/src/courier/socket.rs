//! Websockets: the signed handshake, and what goes in and out from then on. Everything here is in real time.

use std::time::Duration;

use base64::Engine as _;
use futures::{SinkExt, StreamExt};
use reqwest::header::{
    CONNECTION, HeaderMap, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use twilio::overrides;
use twilio::signature::{self, SignedBody};

use super::clients::Clients;
use crate::activity::InFlight;
use crate::emulation::Emulation;
use crate::journal::{Attempt, Event};
use crate::socket::{Closed, Frame, Opening, Reaction, Unopened};

/// How long whoever hears something may take to begin to react, for whoever waits for quiet.
const SETTLE: Duration = Duration::from_millis(150);
/// How long an answer may take to begin that is sure to come.
const ANSWER: Duration = Duration::from_secs(5);
/// The largest message that is taken.
const MESSAGE_BYTES_MAX: usize = 1_000_000;
/// How long the closing of a websocket may take.
const CLOSING: Duration = Duration::from_secs(2);

type Stream = WebSocketStream<reqwest::Upgraded>;

/// Why a handshake failed.
struct Refused {
    reason: Unopened,
    detail: String,
}

/// Opens a websocket and carries what goes over it until one side closes it.
pub(super) async fn run(
    emulation: &Emulation,
    clients: &Clients,
    opening: Opening,
    frames: mpsc::UnboundedReceiver<Frame>,
    token: &str,
    in_flight: InFlight,
) {
    let started = Instant::now();
    let (url, connection) = match overrides::split(&opening.url) {
        Ok((url, connection)) => (url.to_owned(), connection),
        Err(_) => (opening.url.clone(), overrides::ConnectionOverrides::default()),
    };
    let signature = signature::sign(token, &url, SignedBody::None);
    let client = clients.get(&connection);
    let limit = Duration::from_millis(connection.total_timeout_ms().into());
    let shaken = match tokio::time::timeout(limit, shake(&client, &url, &signature)).await {
        Ok(shaken) => shaken,
        Err(_) => Err(Refused { reason: Unopened::Timeout, detail: "no answer in time".to_owned() }),
    };
    let refused = shaken.as_ref().err().map(|refused| refused.detail.clone());
    let attempt = Attempt {
        url,
        signature,
        status: shaken.is_ok().then_some(101),
        headers: Vec::new(),
        answer: None,
        code: None,
        detail: refused,
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    let stream = {
        let mut world = emulation.world();
        world.write(Event::Webhook {
            message_sid: None,
            call_sid: Some(opening.call_sid.as_str().to_owned()),
            purpose: opening.purpose,
            method: "GET".to_owned(),
            url: opening.url.clone(),
            parameters: Vec::new(),
            attempts: vec![attempt],
        });
        match shaken {
            Ok(stream) => {
                world.socket_opened(opening.call, opening.serial);
                stream
            }
            Err(Refused { reason, detail }) => {
                let closed = Closed::Refused { reason, detail };
                return world.socket_closed(opening.call, opening.serial, &closed);
            }
        }
    };
    drop(in_flight);
    carry(emulation, opening, frames, stream).await;
}

/// The handshake: a GET that asks for an upgrade, signed over its URL alone.
async fn shake(client: &reqwest::Client, url: &str, signature: &str) -> Result<Stream, Refused> {
    let refuse = |reason, detail: String| Refused { reason, detail };
    let key = base64::engine::general_purpose::STANDARD.encode(rand::random::<[u8; 16]>());
    let web_url = match url.split_once("://") {
        Some(("wss", rest)) => format!("https://{rest}"),
        Some((_, rest)) => format!("http://{rest}"),
        None => url.to_owned(),
    };
    let response = client
        .get(&web_url)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key)
        .header("X-Twilio-Signature", signature)
        .send()
        .await
        .map_err(|error| {
            let reason = if error.is_timeout() { Unopened::Timeout } else { Unopened::Connection };
            refuse(reason, super::attempt::describe(&error))
        })?;
    let status = response.status();
    if status != reqwest::StatusCode::SWITCHING_PROTOCOLS {
        return Err(refuse(Unopened::Handshake, format!("answered with status {status}")));
    }
    if !accepts(response.headers(), &key) {
        return Err(refuse(Unopened::Handshake, "answered with a wrong Sec-WebSocket-Accept".to_owned()));
    }
    let upgraded =
        response.upgrade().await.map_err(|error| refuse(Unopened::Connection, error.to_string()))?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

fn accepts(headers: &HeaderMap, key: &str) -> bool {
    headers.get(SEC_WEBSOCKET_ACCEPT).is_some_and(|accept| *accept == derive_accept_key(key.as_bytes()))
}

/// Carries texts both ways.
async fn carry(
    emulation: &Emulation,
    opening: Opening,
    mut frames: mpsc::UnboundedReceiver<Frame>,
    mut stream: Stream,
) {
    let Opening { call, serial, .. } = opening;
    let mut calm = Calm::default();
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(Frame::Text { text, in_flight, reaction }) => {
                    calm.said(in_flight, reaction);
                    if stream.send(Message::text(text)).await.is_err() {
                        return emulation.world().socket_closed(call, serial, &Closed::ByOther);
                    }
                }
                Some(Frame::Close { code, reason }) => return close(stream, code, reason).await,
                // The call has no use for it any more.
                None => return close(stream, 1000, "").await,
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    emulation.world().socket_said(call, serial, &text);
                    calm.heard();
                }
                Some(Ok(Message::Binary(bytes))) => {
                    emulation.world().socket_said(call, serial, &String::from_utf8_lossy(&bytes));
                    calm.heard();
                }
                // Pings are answered by the library.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => {
                    return emulation.world().socket_closed(call, serial, &Closed::ByOther);
                }
            },
            () = calm.settled() => calm = Calm::default(),
        }
    }
}

async fn close(mut stream: Stream, code: u16, reason: &'static str) {
    let frame = CloseFrame { code: code.into(), reason: reason.into() };
    let closing = async {
        // The other side may be gone already; then there is nobody to take leave of.
        if stream.close(Some(frame)).await.is_ok() {
            while stream.next().await.is_some_and(|message| message.is_ok()) {}
        }
    };
    let _ = tokio::time::timeout(CLOSING, closing).await;
}

/// Whether the other side is still to react, so that the clock is not wound while it thinks.
#[derive(Default)]
struct Calm {
    in_flight: Vec<InFlight>,
    until: Option<Instant>,
}

impl Calm {
    fn said(&mut self, in_flight: Option<InFlight>, reaction: Reaction) {
        let pause = match reaction {
            Reaction::None => return,
            Reaction::Possible => SETTLE,
            Reaction::Expected => ANSWER,
        };
        self.in_flight.extend(in_flight);
        self.until = self.until.max(Some(Instant::now() + pause));
    }

    /// Something came; more of it may follow at once.
    fn heard(&mut self) {
        if self.until.is_some() {
            self.until = Some(Instant::now() + SETTLE);
        }
    }

    async fn settled(&self) {
        match self.until {
            Some(until) => tokio::time::sleep_until(until).await,
            None => std::future::pending().await,
        }
    }
}
