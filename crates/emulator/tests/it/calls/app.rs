//! An application that answers webhooks of calls by path.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

pub(super) struct App {
    pub(super) url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

struct Inner {
    replies: HashMap<String, Vec<Reply>>,
    got: Mutex<Vec<Got>>,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(super) struct Got {
    pub(super) path: String,
    pub(super) cookie: String,
}

impl Reply {
    /// Reads what stands behind a path: a status, with where it leads, a content type, or `cookie NAME=VALUE`.
    pub(super) fn read(rest: &str, body: &str) -> Self {
        let mut reply = Self { status: 200, headers: Vec::new(), body: body.to_owned() };
        let mut words = rest.split_whitespace();
        let mut content_type = "text/xml".to_owned();
        while let Some(word) = words.next() {
            match word {
                "cookie" => reply.headers.push(("set-cookie".to_owned(), words.next().unwrap().to_owned())),
                "to" => reply.headers.push(("location".to_owned(), words.next().unwrap().to_owned())),
                status if status.parse::<u16>().is_ok() => reply.status = status.parse().unwrap(),
                other => other.clone_into(&mut content_type),
            }
        }
        if content_type != "none" {
            reply.headers.push(("content-type".to_owned(), content_type));
        }
        reply
    }
}

impl App {
    pub(super) async fn start(answers: Vec<(String, Reply)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut replies: HashMap<String, Vec<Reply>> = HashMap::new();
        for (path, reply) in answers {
            replies.entry(path).or_default().push(reply);
        }
        let inner = Arc::new(Inner { replies, got: Mutex::new(Vec::new()) });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, inner, server }
    }

    pub(super) fn got(&self) -> Vec<Got> {
        self.inner.got.lock().unwrap().clone()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let cookie = request.headers().get("cookie").map(|value| value.to_str().unwrap().to_owned());
    let count = {
        let mut got = inner.got.lock().unwrap();
        got.push(Got { path: path.clone(), cookie: cookie.unwrap_or_default() });
        got.iter().filter(|got| got.path == path).count()
    };
    let Some(replies) = inner.replies.get(&path) else {
        return Response::builder().status(204).body(Body::empty()).unwrap();
    };
    let reply = &replies[(count - 1).min(replies.len() - 1)];
    let mut builder = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    builder.body(Body::from(reply.body.clone())).unwrap()
}
