//! A request to somebody else's server, as an author defines it and a model calls for it.

use super::{Task, Toolbox, answer, badly};
use crate::outgoing::{Errand, NoAnswer};
use bytes::Bytes;
use engine::agent::llm::{HttpMethod, HttpTool};
use engine::llm::dialogue::Done;
use engine::llm::errand::{self, Body, Request};
use host::Tries;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

/// Of an answer so much is read; what the model is told of it is far less.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// The same for the same call of the same turn, for servers that know it.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl Toolbox {
    pub(super) async fn request(&self, task: &Task<'_>, tool: &HttpTool) -> Done {
        if task.job.tries == Tries::Again && !is_repeatable(tool.method) {
            // An earlier process may have sent it, and another one like it could book or pay a second time.
            return badly(
                "nobody knows whether it was done, because the connection broke off in the middle; do not call it \
                 again, and tell the caller that it has to be looked at",
            );
        }
        let request = match errand::request(tool, &task.values(), &task.context) {
            Ok(request) => request,
            Err(unready) => return badly(unready.to_string()),
        };
        let errand = match self.errand(task, tool, request).await {
            Ok(errand) => errand,
            Err(reason) => return badly(reason),
        };
        match self.outgoing.run(errand).await {
            Ok(answered) => {
                let told = answer::told(&answered, tool.answer_characters_max);
                masked(told, task)
            }
            Err(no_answer) => {
                // The address may hold what a person said; the kind of trouble does not.
                tracing::warn!(tool = task.tool.name, error = %no_answer, "a tool's request had no answer");
                badly(words(&no_answer))
            }
        }
    }

    async fn errand(&self, task: &Task<'_>, tool: &HttpTool, request: Request) -> Result<Errand, String> {
        let url = Url::parse(&request.url).map_err(|_| "its address is none".to_owned())?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/plain;q=0.9, */*;q=0.5"));
        if let Some(kind) = request.body.as_ref().map(content_type) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        for (name, value) in &request.headers {
            let name = HeaderName::try_from(name).map_err(|_| format!("{name:?} is no header"))?;
            let value = HeaderValue::try_from(value)
                .map_err(|_| format!("the header {name} cannot hold what it is given"))?;
            headers.insert(name, value);
        }
        let key = HeaderValue::try_from(&task.job.key).map_err(|_| "its key fits no header".to_owned())?;
        headers.insert(IDEMPOTENCY_KEY, key);
        if let Some(name) = &tool.credential {
            let credential = self.credentials.http(name).await.map_err(|error| {
                tracing::warn!(tool = task.tool.name, credential = name, %error, "a tool has no credential");
                "its credential cannot be used".to_owned()
            })?;
            let (name, value) = credential.header_for(&url).map_err(str::to_owned)?;
            headers.insert(name, value);
        }
        let body = request.body.map(|body| match body {
            Body::Text(text) | Body::Json(text) => Bytes::from(text),
        });
        Ok(Errand {
            method: method(request.method),
            url,
            headers,
            body,
            limit: task.limit,
            answer_bytes_max: ANSWER_BYTES_MAX,
        })
    }
}

fn masked(done: Done, task: &Task<'_>) -> Done {
    let mask = |text: &str| errand::masked(text, task.values().variables, &task.secrets);
    match done {
        Done::Well { text } => Done::Well { text: mask(&text) },
        Done::Badly { reason } => Done::Badly { reason: mask(&reason) },
    }
}

/// What the model is told of trouble: nothing of how this server's network looks.
fn words(no_answer: &NoAnswer) -> String {
    match no_answer {
        NoAnswer::Refused(_) => "the address may not be reached from here",
        NoAnswer::NotConnected(_) => "the server could not be reached; nothing was done",
        NoAnswer::TimedOut(_) => "the server did not answer in time; it is not known whether it was done",
        NoAnswer::Broken(_) => "the connection broke off; it is not known whether it was done",
    }
    .to_owned()
}

fn content_type(body: &Body) -> &'static str {
    match body {
        Body::Text(_) => "text/plain; charset=utf-8",
        Body::Json(_) => "application/json",
    }
}

/// Whether asking twice does no more than asking once, by the meaning of the method.
fn is_repeatable(method: HttpMethod) -> bool {
    match method {
        HttpMethod::Get | HttpMethod::Put | HttpMethod::Delete => true,
        HttpMethod::Post | HttpMethod::Patch => false,
    }
}

fn method(method: HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
    }
}
