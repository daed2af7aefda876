//! One HTTP request of a webhook, with the redirects that it meets.

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use tokio::time::Instant;
use twilio::HttpMethod;
use twilio::form;
use twilio::overrides::RetryPolicy;
use twilio::signature::{self, SignedBody};

use super::{REDIRECTS_MAX, is_get};
use crate::cookies::Jar;
use crate::journal::{ANSWER_CHARS_MAX, Attempt, HEADERS_MAX};
use crate::medium::IMAGE_BYTES_MAX;

/// How much of an answer is read: a little more than the largest document that is taken.
const ANSWER_BYTES_MAX: usize = 65_537;

/// A good answer.
pub(crate) struct Answer {
    pub(crate) content_type: Option<String>,
    pub(crate) body: Bytes,
}

/// Why no good answer came.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// The debugger's code.
    pub(crate) code: u32,
    pub(crate) detail: String,
    class: Class,
}

/// Which retry policy covers a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Connection,
    Timeout,
    ClientError,
    ServerError,
    /// Trying again is pointless, or part of an answer has come already.
    Never,
}

impl Failure {
    pub(super) fn final_one(code: u32, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), class: Class::Never }
    }

    pub(super) fn timed_out(detail: impl Into<String>) -> Self {
        Self { code: 11200, detail: detail.into(), class: Class::Timeout }
    }

    pub(super) fn is_retried(&self, policy: RetryPolicy) -> bool {
        match self.class {
            Class::Connection => policy.connect_failure,
            Class::Timeout => policy.read_timeout,
            Class::ClientError => policy.client_error,
            Class::ServerError => policy.server_error,
            Class::Never => false,
        }
    }

    fn from_error(error: &reqwest::Error) -> Self {
        let detail = describe(error);
        if error.is_builder() {
            Self::final_one(11100, detail)
        } else if error.is_connect() {
            let code = if error.is_dns() { 11210 } else { 11205 };
            Self { code, detail, class: Class::Connection }
        } else if error.is_timeout() {
            Self::timed_out(detail)
        } else if error.is_body() || error.is_decode() {
            Self::final_one(11206, detail)
        } else {
            // The connection broke before the first byte of an answer.
            Self { code: 11205, detail, class: Class::Connection }
        }
    }
}

pub(super) fn is_past(deadline: Instant) -> bool {
    Instant::now() >= deadline
}

/// A webhook about to be requested.
pub(super) struct Request<'a> {
    pub(super) client: &'a reqwest::Client,
    /// Without its fragment.
    pub(super) url: &'a str,
    pub(super) method: HttpMethod,
    pub(super) parameters: &'a [(String, String)],
    /// What earlier answers left here; what this one leaves is added.
    pub(super) cookies: &'a mut Jar,
    /// The present, for cookies that expire.
    pub(super) now: Timestamp,
    pub(super) token: &'a str,
    pub(super) idempotency: &'a str,
    pub(super) deadline: Instant,
}

/// What came back for one request.
enum Met {
    Answer { status: u16, headers: Vec<(String, String)>, answer: Answer },
    Redirect { status: u16, headers: Vec<(String, String)>, url: String },
}

impl Request<'_> {
    /// Requests the URL and what it redirects to, and writes down every request.
    pub(super) async fn follow(&mut self, attempts: &mut Vec<Attempt>) -> Result<Answer, Failure> {
        let mut url = self.url.to_owned();
        let mut method = self.method;
        let mut parameters: &[(String, String)] = self.parameters;
        for _ in 0..=REDIRECTS_MAX {
            let started = Instant::now();
            let (requested, form) = place_parameters(&url, method, parameters);
            let (signed_url, signature) = self.sign(&requested, form.as_deref());
            let met =
                match tokio::time::timeout_at(self.deadline, self.once(&requested, &signature, form)).await {
                    Ok(met) => met,
                    Err(_) => Err(Failure::timed_out("no answer within the total time limit")),
                };
            let mut record = Attempt {
                url: signed_url,
                signature,
                status: None,
                headers: Vec::new(),
                answer: None,
                code: None,
                detail: None,
                duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            };
            let outcome = judge(met, &mut record);
            attempts.push(record);
            match outcome? {
                Met::Answer { answer, .. } => return Ok(answer),
                Met::Redirect { status, url: target, .. } => {
                    url = target;
                    if !matches!(status, 307 | 308) {
                        // The provider goes on with GET and loses what it posted.
                        method = HttpMethod::Get;
                        parameters = &[];
                    }
                }
            }
        }
        Err(Failure::final_one(11215, "more than ten redirects"))
    }

    /// The URL as it is signed, without user and password, and its signature. Signed is what is sent: the
    /// client writes URLs as the URL standard has it, so that `'` in a query goes out, and is signed, as `%27`.
    fn sign(&self, requested: &str, form: Option<&[(String, String)]>) -> (String, String) {
        let sent = url::Url::parse(requested).map_or_else(|_| requested.to_owned(), Into::into);
        let signed = without_userinfo(&sent);
        let body = form.map_or(SignedBody::None, SignedBody::Form);
        let signature = signature::sign(self.token, &signed, body);
        (signed, signature)
    }

    async fn once(
        &mut self,
        url: &str,
        signature: &str,
        form: Option<Vec<(String, String)>>,
    ) -> Result<Met, Failure> {
        let request = match &form {
            Some(form) => self
                .client
                .post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
                .body(form::encode(form)),
            None => self.client.get(url),
        };
        let mut request = request
            .header("X-Twilio-Signature", signature)
            .header("I-Twilio-Idempotency-Token", self.idempotency)
            .header(ACCEPT, "*/*")
            .header(CACHE_CONTROL, "max-age=259200");
        if let Some(cookies) = self.cookies.header(url, self.now) {
            request = request.header(COOKIE, cookies);
        }
        let response = request.send().await.map_err(|error| Failure::from_error(&error))?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            if let Ok(cookie) = cookie.to_str() {
                self.cookies.keep(response.url().as_str(), cookie, self.now);
            }
        }
        let status = response.status().as_u16();
        let headers = headers_of(&response);
        if matches!(status, 301 | 302 | 303 | 307 | 308)
            && let Some(target) = target_of(&response)
        {
            return Ok(Met::Redirect { status, headers, url: target });
        }
        let answer = read(response, ANSWER_BYTES_MAX).await?;
        Ok(Met::Answer { status, headers, answer })
    }
}

fn headers_of(response: &reqwest::Response) -> Vec<(String, String)> {
    let headers = response.headers().iter().take(HEADERS_MAX);
    headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// Writes down what came and tells whether it is good.
fn judge(met: Result<Met, Failure>, record: &mut Attempt) -> Result<Met, Failure> {
    let judged = match met {
        Ok(Met::Answer { status, headers, answer }) => {
            record.status = Some(status);
            record.headers = headers;
            record.answer =
                Some(String::from_utf8_lossy(&answer.body).chars().take(ANSWER_CHARS_MAX).collect());
            let class = if status < 500 { Class::ClientError } else { Class::ServerError };
            if (200..300).contains(&status) {
                Ok(Met::Answer { status, headers: Vec::new(), answer })
            } else {
                Err(Failure { code: 11200, detail: format!("answered with status {status}"), class })
            }
        }
        Ok(Met::Redirect { status, headers, url }) => {
            record.status = Some(status);
            record.headers = headers;
            Ok(Met::Redirect { status, headers: Vec::new(), url })
        }
        Err(failure) => Err(failure),
    };
    if let Err(failure) = &judged {
        record.code = Some(failure.code);
        record.detail = Some(failure.detail.clone());
    }
    judged
}

/// Fetches a medium; an error is the code with which its message fails.
pub(super) async fn fetch(client: &reqwest::Client, url: &str) -> Result<Answer, u32> {
    let request = async {
        let response = client.get(url).send().await.map_err(|error| Failure::from_error(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(Failure::final_one(11200, format!("answered with status {status}")));
        }
        read(response, IMAGE_BYTES_MAX + 1).await
    };
    match tokio::time::timeout(std::time::Duration::from_secs(15), request).await {
        Ok(fetched) => fetched.map_err(|failure| failure.code),
        Err(_) => Err(11200),
    }
}

/// Reads an answer up to a limit, beyond which it is cut off.
async fn read(mut response: reqwest::Response, bytes_max: usize) -> Result<Answer, Failure> {
    let content_type =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = BytesMut::new();
    while let Some(chunk) =
        response.chunk().await.map_err(|error| Failure::final_one(11206, describe(&error)))?
    {
        let room = bytes_max - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if body.len() == bytes_max {
            break;
        }
    }
    Ok(Answer { content_type, body: body.freeze() })
}

/// Parameters go into the query of a GET, after its own, and into the form of a POST.
fn place_parameters(
    url: &str,
    method: HttpMethod,
    parameters: &[(String, String)],
) -> (String, Option<Vec<(String, String)>>) {
    if !is_get(method) {
        return (url.to_owned(), Some(parameters.to_vec()));
    }
    if parameters.is_empty() {
        return (url.to_owned(), None);
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    (format!("{url}{joint}{}", form::encode(parameters)), None)
}

fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{host}{tail}"),
        None => url.to_owned(),
    }
}

fn target_of(response: &reqwest::Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    response.url().join(location).ok().map(Into::into)
}

/// An error with its causes, because the outermost one only says that a request failed.
pub(super) fn describe(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_get_carries_its_parameters_after_its_own_query() {
        let parameters = [("From".to_owned(), "+1555".to_owned()), ("Body".to_owned(), "a b".to_owned())];
        let (url, form) = place_parameters("http://example.com/x?y=1", HttpMethod::Get, &parameters);
        assert_eq!((url.as_str(), form), ("http://example.com/x?y=1&From=%2B1555&Body=a+b", None));
        let (url, form) = place_parameters("http://example.com/x", HttpMethod::Post, &parameters);
        assert_eq!((url.as_str(), form.map(|form| form.len())), ("http://example.com/x", Some(2)));
    }

    #[test]
    fn user_and_password_are_not_signed() {
        assert_eq!(without_userinfo("https://u:p@example.com/a@b"), "https://example.com/a@b");
        assert_eq!(without_userinfo("https://example.com?q=a@b"), "https://example.com?q=a@b");
    }
}
