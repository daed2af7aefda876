//! An answer as a stream of chunks, at the model's pace.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::decide::Answer;
use super::log::{self, Given};
use super::refusal::Refusal;
use super::script::{Format, StreamEnd};
use super::{answer_headers, tokens, whole};
use crate::emulation::Emulation;

/// Answers with a stream. Its first bytes leave with the first token.
pub(super) fn respond(emulation: Arc<Emulation>, answer: Answer, include_usage: bool) -> Response {
    let headers = answer_headers(&answer.id);
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut writer = Writer { sender, answer: &answer, include_usage, text: String::new() };
        let complete = writer.write().await.is_ok();
        let given = Given { text: writer.text, complete };
        log::answered(&mut emulation.world(), &answer, given, true);
    });
    let body = futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let kind = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
    (kind, headers, Body::from_stream(body)).into_response()
}

/// One part of the answer: a piece of text, a refusal, or a call.
enum Delta {
    Text(String),
    Other(Value),
}

/// Why a stream does not come to its end.
struct Broken;

struct Writer<'a> {
    sender: mpsc::Sender<Result<Bytes, std::io::Error>>,
    answer: &'a Answer,
    include_usage: bool,
    /// What was given of the text.
    text: String,
}

impl Writer<'_> {
    async fn write(&mut self) -> Result<(), Broken> {
        let pause = self.answer.pace.tokens_per_second.map(|rate| Duration::from_secs_f64(1.0 / rate));
        let mut due = tokio::time::Instant::now();
        self.chunk(json!({"role": "assistant", "content": ""}), None).await?;
        for (index, delta) in self.deltas().into_iter().enumerate() {
            self.go_wrong(index).await?;
            if let Some(pause) = pause.filter(|_| index > 0) {
                due += pause;
                tokio::time::sleep_until(due).await;
            }
            match delta {
                Delta::Text(piece) => {
                    self.chunk(json!({"content": piece}), None).await?;
                    self.text.push_str(&piece);
                }
                Delta::Other(delta) => self.chunk(delta, None).await?,
            }
        }
        self.go_wrong(usize::MAX).await?;
        self.chunk(json!({}), Some(&self.answer.finish_reason)).await?;
        if self.answer.format == Format::Loose {
            return Ok(());
        }
        if self.include_usage {
            let mut last = self.frame(json!([]));
            last["usage"] = whole::usage(self.answer.usage);
            self.line(&last.to_string()).await?;
        }
        self.line("[DONE]").await
    }

    fn deltas(&self) -> Vec<Delta> {
        let pieces = |text: &Option<String>| -> Vec<String> {
            text.iter().flat_map(|text| tokens::split(text)).map(str::to_owned).collect()
        };
        let mut deltas: Vec<Delta> = pieces(&self.answer.text).into_iter().map(Delta::Text).collect();
        deltas.extend(
            pieces(&self.answer.refusal).into_iter().map(|piece| Delta::Other(json!({"refusal": piece}))),
        );
        for (index, (id, name, arguments)) in self.answer.calls.iter().enumerate() {
            match self.answer.format {
                Format::Exact => {
                    let part = |function: Value| Delta::Other(json!({"tool_calls": [function]}));
                    deltas.push(part(json!({
                        "index": index, "id": id, "type": "function",
                        "function": {"name": name, "arguments": ""},
                    })));
                    let pieces = tokens::split(arguments).into_iter();
                    deltas.extend(
                        pieces.map(|piece| part(json!({"index": index, "function": {"arguments": piece}}))),
                    );
                }
                Format::Loose => deltas.push(Delta::Other(json!({"tool_calls": [
                    {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
                ]}))),
            }
        }
        deltas
    }

    /// Does what is to go wrong before the delta of this index; behind all of them where it was to come later.
    async fn go_wrong(&mut self, index: usize) -> Result<(), Broken> {
        let Some(ends) = self.answer.ends else { return Ok(()) };
        let (StreamEnd::Cut { after_tokens }
        | StreamEnd::Malformed { after_tokens }
        | StreamEnd::Error { after_tokens }
        | StreamEnd::Stall { after_tokens }) = ends;
        let is_now = index == after_tokens || (index == usize::MAX && after_tokens >= self.deltas().len());
        if !is_now {
            return Ok(());
        }
        match ends {
            StreamEnd::Cut { .. } => {
                let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut by a script");
                let _ = self.sender.send(Err(cut)).await;
                Err(Broken)
            }
            StreamEnd::Malformed { .. } => self.line("{\"id\":\"chatcmpl-").await,
            StreamEnd::Error { .. } => {
                let _ = self.line(&Refusal::server_error(500).body().to_string()).await;
                Err(Broken)
            }
            StreamEnd::Stall { .. } => {
                self.sender.closed().await;
                Err(Broken)
            }
        }
    }

    /// A chunk without its choices.
    fn frame(&self, choices: Value) -> Value {
        let mut frame = json!({
            "id": self.answer.id,
            "object": "chat.completion.chunk",
            "created": self.answer.created,
            "model": self.answer.model,
            "system_fingerprint": "fp_emulated",
            "choices": choices,
        });
        if self.include_usage && self.answer.format == Format::Exact {
            frame["usage"] = Value::Null;
        }
        frame
    }

    async fn chunk(&mut self, delta: Value, finish_reason: Option<&str>) -> Result<(), Broken> {
        let loose = self.answer.format == Format::Loose;
        let reason = match finish_reason {
            None if loose => json!(""),
            reason => json!(reason),
        };
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": reason});
        let frame = self.frame(json!([choice]));
        if loose {
            self.send(": keep-alive\r\n\r\n".to_owned()).await?;
        }
        self.line(&frame.to_string()).await
    }

    async fn line(&mut self, data: &str) -> Result<(), Broken> {
        let end = if self.answer.format == Format::Loose { "\r\n\r\n" } else { "\n\n" };
        self.send(format!("data: {data}{end}")).await
    }

    /// Fails where the client went away.
    async fn send(&mut self, text: String) -> Result<(), Broken> {
        self.sender.send(Ok(Bytes::from(text))).await.map_err(|_| Broken)
    }
}
