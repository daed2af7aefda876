//! One emulator on a clock that stands still, and requests to it.

use std::sync::Arc;

use emulator::{
    Clock, DEFAULT_ACCOUNT, DEFAULT_TOKEN, Emulator, Fixture, Options, Running, Strictness, WindableClock,
    Winding,
};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// When every stage's clock stands at first: a Monday at noon.
pub(crate) const START: &str = "2026-03-02T12:00:00Z";
/// A phone.
pub(crate) const ANN: &str = "+15550001111";
/// The number that the default account owns.
pub(crate) const OURS: &str = emulator::DEFAULT_NUMBER;

pub(crate) struct Stage {
    pub(crate) url: String,
    pub(crate) clock: Arc<WindableClock>,
    pub(crate) running: Running,
    http: reqwest::Client,
    shutdown: CancellationToken,
}

/// An answer: its status, headers and JSON (null where it has none).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) json: Value,
}

impl Stage {
    /// The default world.
    pub(crate) async fn new() -> Self {
        Self::with(Fixture::default()).await
    }

    /// A world of one account, which has what the default one has and these keys besides.
    pub(crate) async fn with_account(keys: Value) -> Self {
        Self::with(Self::fixture(keys, json!({}))).await
    }

    /// A fixture of one account with these keys, and these keys at the top.
    pub(crate) fn fixture(account: Value, top: Value) -> Fixture {
        let mut value = serde_json::to_value(Fixture::default()).unwrap();
        merge(&mut value["accounts"][0], account);
        merge(&mut value, top);
        Fixture::from_json(&value.to_string()).unwrap()
    }

    /// The default world, in which requests must be exact.
    pub(crate) async fn strict() -> Self {
        Self::start(Fixture::default(), Strictness::Strict).await
    }

    pub(crate) async fn with(fixture: Fixture) -> Self {
        Self::start(fixture, Strictness::Lenient).await
    }

    async fn start(fixture: Fixture, strictness: Strictness) -> Self {
        let start: Timestamp = START.parse().unwrap();
        let clock = Arc::new(WindableClock::standing(start));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shutdown = CancellationToken::new();
        let own_clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let options = Options { fixture, seed: 1, strictness, clock: own_clock, ..Options::new(listener) };
        let running = Emulator::start(options, shutdown.clone()).unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { url: running.url().to_owned(), clock, running, http, shutdown }
    }

    /// Winds the clock through everything that is due on the way.
    pub(crate) async fn wind(&self, ms: i64) {
        self.clock.advance(SignedDuration::from_millis(ms)).await;
    }

    /// Sends a request as it stands.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?;
        let json =
            if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap_or(Value::Null) };
        Ok(Answer { status, headers, json })
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// A request by the default account; a path that begins with a slash stands as it is, any other is one
    /// of that account.
    pub(crate) fn by_account(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.request(method, &account_path(path)).basic_auth(DEFAULT_ACCOUNT, Some(DEFAULT_TOKEN))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.by_account(Method::GET, path)).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(self.by_account(Method::POST, path).form(form)).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.by_account(Method::DELETE, path)).await.unwrap()
    }

    /// Creates a message.
    pub(crate) async fn create(&self, form: &[(&str, &str)]) -> Answer {
        self.post("Messages.json", form).await
    }

    /// Creates a text from the default number to a phone and returns its SID.
    pub(crate) async fn text(&self, to: &str, body: &str) -> String {
        let answer = self.create(&[("To", to), ("From", OURS), ("Body", body)]).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.sid()
    }

    pub(crate) async fn message(&self, sid: &str) -> Value {
        self.get(&format!("Messages/{sid}.json")).await.json
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.request(method, &format!("/emulator/v1{path}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        self.send(request).await.unwrap()
    }

    /// A phone sends a text, and everything that follows from it at once is done.
    pub(crate) async fn phone_sends(&self, phone: &str, body: Value) -> Value {
        let answer = self.control(Method::POST, &format!("/phones/{phone}/messages"), body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self.running.activity().quiet().await;
        answer.json
    }

    /// The texts that a phone got.
    pub(crate) async fn inbox(&self, phone: &str) -> Vec<String> {
        let answer = self.control(Method::GET, &format!("/phones/{phone}/inbox"), Value::Null).await;
        let messages = answer.json.as_array().unwrap();
        messages.iter().map(|message| message["body"].as_str().unwrap().to_owned()).collect()
    }

    /// Entries of the log of one kind.
    pub(crate) async fn log(&self, kind: &str) -> Vec<Value> {
        let answer = self.control(Method::GET, &format!("/log?kind={kind}"), Value::Null).await;
        answer.json["entries"].as_array().unwrap().clone()
    }

    /// The codes that the debugger would show.
    pub(crate) async fn debugger(&self) -> Vec<u64> {
        self.log("debugger").await.iter().map(|entry| entry["code"].as_u64().unwrap()).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Answer {
    pub(crate) fn sid(&self) -> String {
        self.json["sid"].as_str().unwrap_or_else(|| panic!("no SID in {self:?}")).to_owned()
    }

    /// The error code, where it is an error.
    pub(crate) fn code(&self) -> Option<u64> {
        self.json["code"].as_u64()
    }
}

pub(crate) fn account_path(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/2010-04-01/Accounts/{DEFAULT_ACCOUNT}/{path}")
    }
}

fn merge(into: &mut Value, keys: Value) {
    for (key, value) in keys.as_object().unwrap() {
        into[key] = value.clone();
    }
}
