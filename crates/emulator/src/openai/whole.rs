//! An answer in one piece.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::decide::{Answer, Usage};
use super::log::{self, Given};
use super::script::{Format, StreamEnd};
use super::{json_response, pause, tokens};
use crate::connection::Connection;
use crate::emulation::Emulation;

/// Waits as long as the model writes, and answers. An answer that would break off in a stream is not given.
pub(super) async fn respond(emulation: &Emulation, connection: &Connection, answer: Answer) -> Response {
    if let Some(rate) = answer.pace.tokens_per_second {
        let seconds = answer.usage.completion as f64 / rate;
        pause((seconds * 1_000.0) as u64).await;
    }
    let broken = matches!(answer.ends, Some(StreamEnd::Cut { .. } | StreamEnd::Stall { .. }));
    let given = if broken { String::new() } else { answer.text.clone().unwrap_or_default() };
    let complete = answer.ends.is_none();
    log::answered(&mut emulation.world(), &answer, Given { text: given, complete }, false);
    match answer.ends {
        Some(StreamEnd::Cut { .. }) => {
            connection.drop_now();
            std::future::pending().await
        }
        Some(StreamEnd::Stall { .. }) => std::future::pending().await,
        Some(StreamEnd::Error { .. }) => {
            let refusal = super::refusal::Refusal::server_error(500);
            axum::response::IntoResponse::into_response(refusal)
        }
        Some(StreamEnd::Malformed { after_tokens }) => {
            let text = answer.text.unwrap_or_default();
            let cut: String = tokens::split(&text).into_iter().take(after_tokens).collect();
            let body = format!("{{\"id\":\"{}\",\"choices\":[{{\"message\":{{\"content\":\"{cut}", answer.id);
            axum::response::IntoResponse::into_response(body)
        }
        None => json_response(StatusCode::OK, &answer.id, &completion(&answer)),
    }
}

fn completion(answer: &Answer) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.text, "refusal": answer.refusal});
    if !answer.calls.is_empty() {
        let calls = answer.calls.iter().map(|(id, name, arguments)| {
            json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
        });
        message["tool_calls"] = calls.collect();
    }
    if answer.format == Format::Exact {
        message["annotations"] = json!([]);
    }
    json!({
        "id": answer.id,
        "object": "chat.completion",
        "created": answer.created,
        "model": answer.model,
        "choices": [{
            "index": 0, "message": message, "logprobs": null, "finish_reason": answer.finish_reason,
        }],
        "usage": usage(answer.usage),
        "service_tier": "default",
        "system_fingerprint": "fp_emulated",
    })
}

pub(super) fn usage(usage: Usage) -> Value {
    json!({
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0, "audio_tokens": 0,
            "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
        },
    })
}
