//! Requests to Twilio's API: one answer or one reason for each, no redirects, no repetitions.

use crate::credentials::TwilioCredential;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use reqwest::redirect::Policy;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use twilio::error::ApiError;
use url::Url;

/// Answers larger than this are not read: a full page of a list is well below it.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Twilio's side closes idle connections after a minute; ours go first, so that no request meets that.
const IDLE_CONNECTION_LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    connect_limit: Duration,
    at_once: usize,
    /// To this machine: never through a proxy.
    local: OnceLock<reqwest::Client>,
    outward: OnceLock<reqwest::Client>,
}

/// What a request shows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The API key where there is one, else the account's token.
    Requests,
    /// The account's token.
    Token,
}

/// What Twilio answered, whatever it was.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<Duration>,
    /// The provider's clock.
    pub(crate) date: Option<Timestamp>,
    pub(crate) body: Bytes,
}

/// The time that one request has, from the moment its clock began to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    began: Instant,
    limit: Duration,
}

impl Allowance {
    pub(crate) fn from_now(limit: Duration) -> Allowance {
        Allowance { began: Instant::now(), limit }
    }

    /// Nothing may be handed over later than this, in the middle of the time: what is left would be too short
    /// for an answer, and a text without an answer has to be looked up.
    pub(crate) fn begin_by(self) -> tokio::time::Instant {
        (self.began + self.limit / 2).into()
    }

    /// What is left for a request that begins now; nothing where it is too late to begin.
    fn left_to_begin(self) -> Option<Duration> {
        let left = self.limit.saturating_sub(self.began.elapsed());
        Some(left).filter(|left| *left >= self.limit / 2)
    }
}

/// There was no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// No byte of the request left.
    #[error("{0}")]
    NotConnected(String),
    /// The request may have arrived.
    #[error("{0}")]
    Broken(String),
}

impl Client {
    pub(crate) fn new(connect_limit: Duration, at_once: usize) -> Client {
        Client { connect_limit, at_once, local: OnceLock::new(), outward: OnceLock::new() }
    }

    pub(crate) async fn get(
        &self,
        credential: &TwilioCredential,
        url: Url,
        limit: Duration,
    ) -> Result<Answer, CallError> {
        self.get_as(Identity::Requests, credential, url, limit).await
    }

    pub(crate) async fn get_as(
        &self,
        identity: Identity,
        credential: &TwilioCredential,
        url: Url,
        limit: Duration,
    ) -> Result<Answer, CallError> {
        self.call(identity, credential, Method::GET, url, None, Allowance::from_now(limit)).await
    }

    pub(crate) async fn post(
        &self,
        credential: &TwilioCredential,
        url: Url,
        form: String,
        allowance: Allowance,
    ) -> Result<Answer, CallError> {
        self.call(Identity::Requests, credential, Method::POST, url, Some(form), allowance).await
    }

    pub(crate) async fn delete(
        &self,
        credential: &TwilioCredential,
        url: Url,
        allowance: Allowance,
    ) -> Result<Answer, CallError> {
        self.call(Identity::Requests, credential, Method::DELETE, url, None, allowance).await
    }

    /// An answer whose body is read as it comes, however long it is.
    pub(crate) async fn stream(
        &self,
        credential: &TwilioCredential,
        url: Url,
    ) -> Result<reqwest::Response, CallError> {
        let request = self.transport(&url)?.get(url);
        let request = request.header(AUTHORIZATION, credential.authorization(Identity::Requests));
        request.send().await.map_err(|error| call_error(&error))
    }

    async fn call(
        &self,
        identity: Identity,
        credential: &TwilioCredential,
        method: Method,
        url: Url,
        form: Option<String>,
        allowance: Allowance,
    ) -> Result<Answer, CallError> {
        let slot = credential.slots(self.at_once).acquire();
        let slot = tokio::time::timeout_at(allowance.begin_by(), slot).await;
        let Ok(Ok(_slot)) = slot else {
            return Err(CallError::NotConnected(
                "too many requests of this account are under way".to_owned(),
            ));
        };
        let mut request = self.transport(&url)?.request(method, url);
        request = request.header(AUTHORIZATION, credential.authorization(identity));
        request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(form) = form {
            let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            request = request.header(CONTENT_TYPE, form_type).body(form);
        }
        let left = allowance
            .left_to_begin()
            .ok_or_else(|| CallError::NotConnected("too little time was left for the request".to_owned()))?;
        let answer = request.timeout(left).send().await.map_err(|error| call_error(&error))?;
        read(answer).await
    }

    fn transport(&self, url: &Url) -> Result<&reqwest::Client, CallError> {
        let local = url.host().is_some_and(|host| crate::credentials::is_loopback(&host));
        let slot = if local { &self.local } else { &self.outward };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("switchboard/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_limit)
            .pool_idle_timeout(IDLE_CONNECTION_LIMIT)
            .tcp_nodelay(true);
        if local {
            builder = builder.no_proxy();
        }
        let client = builder.build();
        let client =
            client.map_err(|error| CallError::NotConnected(format!("no client: {}", told(&error))))?;
        Ok(slot.get_or_init(|| client))
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Answer, CallError> {
    let status = answer.status();
    let (retry_after, date) = (retry_after(answer.headers()), date(answer.headers()));
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| CallError::Broken(told(&error)))? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(CallError::Broken(format!("the answer is larger than {ANSWER_BYTES_MAX} bytes")));
        }
        if body.is_empty() && answer.content_length() == Some(chunk.len() as u64) {
            return Ok(Answer { status, retry_after, date, body: chunk });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after, date, body: body.freeze() })
}

impl Answer {
    /// The error in an answer that is none of success.
    pub(crate) fn error(&self) -> ApiError {
        ApiError::from_answer(self.status.as_u16(), &self.body)
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = twilio::date::parse_rfc2822(text).ok()?;
    Duration::try_from(at.duration_since(Timestamp::now())).ok()
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    twilio::date::parse_rfc2822(headers.get(DATE)?.to_str().ok()?).ok()
}

fn call_error(error: &reqwest::Error) -> CallError {
    if error.is_connect() || error.is_builder() {
        CallError::NotConnected(told(error))
    } else {
        CallError::Broken(told(error))
    }
}

/// The whole chain of causes, without addresses: they may hold a person's number.
fn told(error: &reqwest::Error) -> String {
    use std::error::Error as _;
    let mut words =
        if error.is_timeout() { "no answer in time".to_owned() } else { "the connection failed".to_owned() };
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    const LIMIT: Duration = Duration::from_secs(20);

    fn begun_before(waited: Duration) -> Allowance {
        let began = Instant::now().checked_sub(waited).expect("the machine is up for longer");
        Allowance { began, limit: LIMIT }
    }

    /// Posts to somebody who hangs up; whether a connection was made, and what came of it.
    async fn posted(client: &Client, credential: &TwilioCredential, waited: Duration) -> (bool, CallError) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let mut met = false;
        let hang_up = async {
            drop(listener.accept().await);
            met = true;
            std::future::pending::<()>().await;
        };
        let allowance = begun_before(waited);
        let end = tokio::select! {
            end = client.post(credential, url, "To=x".to_owned(), allowance) => end.unwrap_err(),
            () = hang_up => unreachable!("it never ends"),
        };
        (met, end)
    }

    #[tokio::test]
    async fn a_request_that_waited_for_half_of_its_time_is_not_begun() {
        let client = Client::new(Duration::from_secs(5), 1);
        let credential = crate::credentials::opened_for_tests();
        let (met, end) = posted(&client, &credential, LIMIT * 2 / 5).await;
        assert!(met && matches!(end, CallError::Broken(_)), "{end:?}");
        let (met, end) = posted(&client, &credential, LIMIT * 3 / 5).await;
        assert!(!met && matches!(end, CallError::NotConnected(_)), "{end:?}");

        let _all = credential.slots(1).acquire().await.unwrap();
        let almost = LIMIT / 2 - Duration::from_millis(20);
        let (met, end) = posted(&client, &credential, almost).await;
        assert!(!met && matches!(end, CallError::NotConnected(_)), "{end:?}");
    }
}
