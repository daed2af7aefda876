//! A server that webhooks go to: it keeps what comes and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use emulator::DEFAULT_TOKEN;
use http::HeaderMap;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use twilio::form;
use twilio::signature::{self, SignedBody};

pub(crate) struct Receiver {
    pub(crate) url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

struct Inner {
    base: String,
    got: Mutex<Vec<Got>>,
    replies: Mutex<VecDeque<Reply>>,
}

/// A webhook that came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    /// Of the query for a GET, of the form for a POST.
    pub(crate) parameters: Vec<(String, String)>,
    /// Whether its signature is the default account's.
    pub(crate) is_signed: bool,
}

/// What the next webhook is answered; without any, 204.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Status(u16),
    Twiml(&'static str),
    Text(&'static str),
    Redirect(u16, &'static str),
    /// 204 with a cookie.
    Cookie(&'static str),
    /// Later than anybody waits.
    Never,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            base: base.clone(),
            got: Mutex::new(Vec::new()),
            replies: Mutex::new(VecDeque::new()),
        });
        let router = Router::new().fallback(receive).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url: base, inner, server }
    }

    /// Answers the next webhooks in this order.
    pub(crate) fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        self.inner.replies.lock().unwrap().extend(replies);
    }

    /// Everything that came, oldest first.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.inner.got.lock().unwrap().clone()
    }

    /// The values of one parameter, webhook by webhook.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        self.got().iter().map(|got| got.get(name).unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Got {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        form::get(&self.parameters, name)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

async fn receive(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1_000_000).await.unwrap();
    let url = format!("{}{}", inner.base, parts.uri);
    let from_form = form::decode(&body).unwrap();
    let from_query = form::decode(parts.uri.query().unwrap_or_default().as_bytes()).unwrap();
    let is_post = parts.method == http::Method::POST;
    let signed = if is_post { SignedBody::Form(&from_form) } else { SignedBody::None };
    let header = parts.headers.get("x-twilio-signature").map(|value| value.to_str().unwrap().to_owned());
    let is_signed =
        header.is_some_and(|header| signature::verify(DEFAULT_TOKEN, &url, signed, &header).is_ok());
    inner.got.lock().unwrap().push(Got {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        parameters: if is_post { from_form } else { from_query },
        is_signed,
    });
    let reply = inner.replies.lock().unwrap().pop_front().unwrap_or(Reply::Status(204));
    respond(reply).await
}

async fn respond(reply: Reply) -> Response {
    let builder = Response::builder();
    let response = match reply {
        Reply::Status(status) => builder.status(status).body(Body::empty()),
        Reply::Twiml(text) => builder.header("content-type", "text/xml").body(Body::from(text)),
        Reply::Text(text) => builder.header("content-type", "text/plain").body(Body::from(text)),
        Reply::Redirect(status, to) => builder.status(status).header("location", to).body(Body::empty()),
        Reply::Cookie(text) => builder.status(204).header("set-cookie", text).body(Body::empty()),
        Reply::Never => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            builder.body(Body::empty())
        }
    };
    response.unwrap()
}
