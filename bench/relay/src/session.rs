//! One session of ConversationRelay, from the provider's side.

use bench_voice::line::TOKEN;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::io;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use twilio::signature::{SignedBody, sign};

/// How long a reply may take before the benchmark gives up.
const REPLY_MAX: Duration = Duration::from_secs(20);

pub struct Session {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Session {
    /// Opens the signed websocket, and tells who calls.
    pub async fn open(url: &str, call_sid: &str, to: &str) -> io::Result<Session> {
        let url = url.split('#').next().unwrap_or_default();
        let mut request = url.into_client_request().map_err(io::Error::other)?;
        let signature = sign(TOKEN, url, SignedBody::None).parse().map_err(io::Error::other)?;
        request.headers_mut().insert("X-Twilio-Signature", signature);
        let (socket, _) = connect_async_with_config(request, None, true).await.map_err(io::Error::other)?;
        let mut session = Session { socket };
        let setup = json!({
            "type": "setup", "sessionId": format!("VX{}", &call_sid[2..]), "accountSid": bench_voice::line::ACCOUNT,
            "callSid": call_sid, "from": "+15551234567", "to": to, "direction": "outbound-api",
            "callType": "PSTN", "callStatus": "IN-PROGRESS", "customParameters": {},
        });
        session.tell(&setup).await?;
        Ok(session)
    }

    /// Says something, and hears the answer to its end. How long the first words took.
    pub async fn turn(&mut self, words: &str) -> io::Result<Duration> {
        let begun = Instant::now();
        self.tell(&json!({ "type": "prompt", "voicePrompt": words, "lang": "en-US", "last": true })).await?;
        let mut first = None;
        loop {
            let text = self.text().await?;
            if text["token"].as_str().is_some_and(|token| !token.trim().is_empty()) {
                first.get_or_insert_with(|| begun.elapsed());
            }
            if let (Some(first), Some(true)) = (first, text["last"].as_bool()) {
                return Ok(first);
            }
        }
    }

    /// Hears the greeting to its end.
    pub async fn greeting(&mut self) -> io::Result<()> {
        while self.text().await?["last"].as_bool() != Some(true) {}
        Ok(())
    }

    async fn tell(&mut self, message: &Value) -> io::Result<()> {
        self.socket.send(Message::text(message.to_string())).await.map_err(io::Error::other)
    }

    /// The next thing that is to be spoken.
    async fn text(&mut self) -> io::Result<Value> {
        let next = async {
            loop {
                let message = self.socket.next().await.ok_or(io::ErrorKind::UnexpectedEof)?;
                let Message::Text(text) = message.map_err(io::Error::other)? else { continue };
                let value: Value = serde_json::from_str(&text).map_err(io::Error::other)?;
                match value["type"].as_str() {
                    Some("text") => return io::Result::Ok(value),
                    Some("end") => return Err(io::Error::other("the session was ended")),
                    _ => {}
                }
            }
        };
        tokio::time::timeout(REPLY_MAX, next).await.map_err(io::Error::other)?
    }
}
