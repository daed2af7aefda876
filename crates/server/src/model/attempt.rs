//! One request to one endpoint.

use super::answer::Answer;
use super::endpoint::OpenAiCredential;
use super::refusal::Refusal;
use super::request::{Body, Quirks};
use super::sse::Lines;
use engine::llm::models::{Usage, estimate_tokens};
use engine::llm::question::{Failure, Message, ModelEvent, Question};
use http::{HeaderValue, StatusCode, header};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The longest error answer that is read, in bytes.
const ERROR_BYTES_MAX: usize = 64 * 1024;
/// The longest answer in one piece, in bytes.
const WHOLE_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(super) struct Attempt<'a> {
    pub(super) client: &'a reqwest::Client,
    pub(super) credential: &'a OpenAiCredential,
    pub(super) question: &'a Question,
    /// Which of the question's endpoints it is.
    pub(super) index: usize,
    pub(super) quirks: Quirks,
    pub(super) first_by: Instant,
    pub(super) whole_by: Instant,
}

/// How an attempt ended.
pub(super) struct End {
    pub(super) given: Given,
    pub(super) retry_after: Option<Duration>,
    /// Worth another try with these, which the provider's refusal suggests.
    pub(super) learned: Option<Quirks>,
}

/// What came of an attempt.
#[derive(Debug, PartialEq)]
pub(super) enum Given {
    /// The answer was handed on to its end, or nobody wanted more of it.
    All,
    /// Nothing was handed on.
    Nothing(Failure),
    /// Something was handed on, so it cannot be taken back.
    Part { why: Failure, usage: Usage },
}

impl Attempt<'_> {
    pub(super) async fn run(&self, events: &mpsc::Sender<ModelEvent>) -> End {
        let sent = tokio::select! {
            sent = tokio::time::timeout_at(self.first_by, self.send()) => sent,
            () = events.closed() => return End::of(Given::All),
        };
        let response = match sent {
            Err(_) => return End::of(Given::Nothing(Failure::TimedOut)),
            Ok(Err(error)) if error.is_connect() => return End::of(Given::Nothing(Failure::Unreachable)),
            Ok(Err(_)) => return End::of(Given::Nothing(Failure::Broken)),
            Ok(Ok(response)) => response,
        };
        if response.status().is_success() {
            return End::of(self.read(response, events).await);
        }
        let status = response.status();
        let headers = response.headers().clone();
        let body = tokio::time::timeout_at(self.first_by, read_up_to(response, ERROR_BYTES_MAX)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let refusal = Refusal::of(status, &headers, &body);
        let parameter = refusal.parameter.as_deref().filter(|_| refusal.failure == Failure::Rejected);
        let learned = parameter.and_then(|parameter| self.quirks.without(parameter));
        if learned.is_none() && !matches!(status, StatusCode::TOO_MANY_REQUESTS) {
            tracing::warn!(%status, credential = self.credential.name, "a model refused: {}", refusal.message);
        }
        End { given: Given::Nothing(refusal.failure), retry_after: refusal.retry_after, learned }
    }

    async fn send(&self) -> Result<reqwest::Response, reqwest::Error> {
        let model = &self.question.endpoints[self.index].model;
        let body = Body::of(self.question, model, self.quirks);
        let request =
            self.client.post(self.credential.url("chat/completions")).headers(self.credential.headers());
        let accept = HeaderValue::from_static("text/event-stream, application/json");
        request.header(header::ACCEPT, accept).json(&body).send().await
    }

    /// Reads the answer, and hands it on as it comes.
    async fn read(&self, mut response: reqwest::Response, events: &mpsc::Sender<ModelEvent>) -> Given {
        let mut answer = Answer::default();
        let mut said = false;
        if is_json(&response) {
            return match tokio::time::timeout_at(self.whole_by, read_up_to(response, WHOLE_BYTES_MAX)).await {
                Err(_) => Given::Nothing(Failure::TimedOut),
                Ok(Err(failure)) => Given::Nothing(failure),
                Ok(Ok(body)) => self.take_whole(answer, &body, events).await,
            };
        }
        let mut lines = Lines::default();
        loop {
            let deadline = if said { self.whole_by } else { self.first_by.min(self.whole_by) };
            let packet = tokio::select! {
                packet = tokio::time::timeout_at(deadline, response.chunk()) => packet,
                () = events.closed() => return Given::All,
            };
            let (data, is_over) = match packet {
                Err(_) => return self.broken(&answer, said, Failure::TimedOut),
                Ok(Err(_)) => return self.broken(&answer, said, Failure::Broken),
                Ok(Ok(Some(packet))) => match lines.push(&packet) {
                    Ok(data) => (data, false),
                    Err(_) => return self.broken(&answer, said, Failure::Broken),
                },
                Ok(Ok(None)) => (lines.finish().into_iter().collect(), true),
            };
            for data in data {
                if data == "[DONE]" {
                    return self.finish(answer, said, events).await;
                }
                match answer.take(&data) {
                    Ok(None) => {}
                    Ok(Some(text)) => {
                        said = true;
                        if events.send(ModelEvent::Text { text }).await.is_err() {
                            return Given::All;
                        }
                    }
                    Err(failure) => return self.broken(&answer, said, failure),
                }
            }
            if is_over {
                return self.finish(answer, said, events).await;
            }
        }
    }

    /// An answer in one piece, from a server that does not stream.
    async fn take_whole(&self, mut answer: Answer, body: &[u8], events: &mpsc::Sender<ModelEvent>) -> Given {
        match answer.take(&String::from_utf8_lossy(body)) {
            Err(failure) => Given::Nothing(failure),
            Ok(text) => {
                let said = text.is_some();
                if let Some(text) = text
                    && events.send(ModelEvent::Text { text }).await.is_err()
                {
                    return Given::All;
                }
                self.finish(answer, said, events).await
            }
        }
    }

    /// The stream is over: whole, or cut.
    async fn finish(&self, mut answer: Answer, said: bool, events: &mpsc::Sender<ModelEvent>) -> Given {
        if !answer.is_finished() {
            return self.broken(&answer, said, Failure::Broken);
        }
        let (calls, how) = answer.end();
        let usage = answer.usage(self.prompt_estimate());
        let mut last: Vec<ModelEvent> = calls.into_iter().map(|call| ModelEvent::Called { call }).collect();
        last.push(ModelEvent::Finished { how, usage, endpoint: self.index });
        for event in last {
            // Whoever does not take the end any more has broken the answer off.
            if events.send(event).await.is_err() {
                break;
            }
        }
        Given::All
    }

    fn broken(&self, answer: &Answer, said: bool, why: Failure) -> Given {
        if said {
            Given::Part { why, usage: answer.usage(self.prompt_estimate()) }
        } else {
            Given::Nothing(why)
        }
    }

    /// About how many tokens the prompt takes.
    fn prompt_estimate(&self) -> u64 {
        let texts = self.question.messages.iter().map(|message| match message {
            Message::Instructions { text } | Message::Caller { text } | Message::Tool { text, .. } => {
                estimate_tokens(text)
            }
            Message::Agent { text, calls } => {
                text.as_deref().map_or(0, estimate_tokens)
                    + calls.iter().map(|call| estimate_tokens(&call.arguments)).sum::<usize>()
            }
        });
        texts.map(|tokens| tokens as u64 + 4).sum()
    }
}

impl End {
    fn of(given: Given) -> End {
        End { given, retry_after: None, learned: None }
    }
}

fn is_json(response: &reqwest::Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

pub(super) async fn read_up_to(mut response: reqwest::Response, max: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(packet) = response.chunk().await.map_err(|_| Failure::Broken)? {
        if body.len() + packet.len() > max {
            return Err(Failure::Broken);
        }
        body.extend_from_slice(&packet);
    }
    Ok(body)
}
