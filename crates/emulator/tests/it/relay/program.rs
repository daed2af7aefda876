//! A small program at the other end of a websocket: it keeps what it is told and answers by kind.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::response::Response;
use emulator::DEFAULT_TOKEN;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use twilio::signature::{self, SignedBody};

pub(crate) struct Program {
    /// `ws://…`
    pub(crate) url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

struct Inner {
    base: String,
    told: Mutex<Vec<Value>>,
    answers: Mutex<HashMap<String, VecDeque<Vec<Say>>>>,
    signed: Mutex<Vec<bool>>,
    closes: Mutex<Vec<Option<u16>>>,
}

/// What the program does in answer.
#[derive(Debug, Clone)]
pub(crate) enum Say {
    Json(Value),
    Raw(&'static str),
    Close,
}

impl Program {
    /// Answers the first message of a kind with the first list, the second with the second, and so on. The kind
    /// is what stands in `type` or in `event`.
    pub(crate) async fn start(answers: Vec<(&str, Vec<Say>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("ws://{}", listener.local_addr().unwrap());
        let mut by_kind: HashMap<String, VecDeque<Vec<Say>>> = HashMap::new();
        for (kind, says) in answers {
            by_kind.entry(kind.to_owned()).or_default().push_back(says);
        }
        let inner = Arc::new(Inner {
            base: base.clone(),
            told: Mutex::default(),
            answers: Mutex::new(by_kind),
            signed: Mutex::default(),
            closes: Mutex::default(),
        });
        let router = Router::new().fallback(upgrade).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url: format!("{base}/relay"), inner, server }
    }

    /// Everything that it was told.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.inner.told.lock().unwrap().clone()
    }

    /// What it was told of one kind.
    pub(crate) fn told_of(&self, kind: &str) -> Vec<Value> {
        self.told().into_iter().filter(|message| kind_of(message) == kind).collect()
    }

    /// Whether each handshake was signed by the default account.
    pub(crate) fn signed(&self) -> Vec<bool> {
        self.inner.signed.lock().unwrap().clone()
    }

    /// The codes with which its websockets were closed.
    pub(crate) fn closes(&self) -> Vec<Option<u16>> {
        self.inner.closes.lock().unwrap().clone()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn kind_of(message: &Value) -> &str {
    message.get("type").or_else(|| message.get("event")).and_then(Value::as_str).unwrap_or_default()
}

async fn upgrade(State(inner): State<Arc<Inner>>, upgrade: WebSocketUpgrade, request: Request) -> Response {
    let url = format!("{}{}", inner.base, request.uri());
    let header = request.headers().get("x-twilio-signature").and_then(|value| value.to_str().ok());
    let is_signed =
        header.is_some_and(|header| signature::verify(DEFAULT_TOKEN, &url, SignedBody::None, header).is_ok());
    inner.signed.lock().unwrap().push(is_signed);
    upgrade.on_upgrade(move |socket| listen(inner, socket))
}

async fn listen(inner: Arc<Inner>, mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let text = match message {
            Message::Text(text) => text,
            Message::Close(frame) => {
                inner.closes.lock().unwrap().push(frame.map(|frame| frame.code));
                return;
            }
            _ => continue,
        };
        let message: Value = serde_json::from_str(&text).unwrap();
        let kind = kind_of(&message).to_owned();
        inner.told.lock().unwrap().push(message);
        let answers = inner.answers.lock().unwrap().get_mut(&kind).and_then(VecDeque::pop_front);
        for say in answers.unwrap_or_default() {
            let frame = match say {
                Say::Json(value) => Message::text(value.to_string()),
                Say::Raw(text) => Message::text(text),
                Say::Close => Message::Close(None),
            };
            if socket.send(frame).await.is_err() {
                return;
            }
        }
    }
}
