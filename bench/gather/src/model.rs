//! A model that writes as quickly as models do: a while until its first token, and then token by token.

use bench_webhook::Reader;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

const TOKENS: &[&str] =
    &["It", " is", " half", " past", " nine", ".", " Is", " there", " anything", " else", "?"];
/// The token that ends the first sentence.
const END: &str = ".";
/// Thirty tokens a second.
const TOKEN_EVERY: Duration = Duration::from_micros(33_333);

/// When the end of the first sentence went out, by the word of the caller it was for.
pub type Ends = Arc<Mutex<HashMap<String, Instant>>>;

/// Answers everybody who says `WORD MILLISECONDS` last: its first token comes after so long.
pub async fn serve(listener: TcpListener, ends: Ends) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let ends = ends.clone();
        tokio::spawn(async move {
            // A peer that goes away ends its own connection, and nothing else.
            let _ = answer(stream, &ends).await;
        });
    }
}

async fn answer(mut stream: TcpStream, ends: &Ends) -> io::Result<()> {
    let mut reader = Reader::default();
    while let Some(request) = reader.next(&mut stream).await? {
        let asked = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        if asked["stream"] == true {
            let words = asked["messages"].as_array().and_then(|said| said.last()?["content"].as_str());
            let Some((word, after)) = words.and_then(|words| words.rsplit_once(' ')) else {
                return Err(io::Error::other("nobody said anything"));
            };
            let after = Duration::from_millis(after.parse().map_err(io::Error::other)?);
            write(&mut stream, word, after, ends).await?;
        } else {
            let body = whole(request.first_line.starts_with("GET")).to_string();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
            let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await?;
        }
    }
    Ok(())
}

async fn write(stream: &mut TcpStream, word: &str, after: Duration, ends: &Ends) -> io::Result<()> {
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
        )
        .await?;
    let mut due = tokio::time::Instant::now() + after;
    for token in TOKENS {
        tokio::time::sleep_until(due).await;
        due += TOKEN_EVERY;
        if *token == END {
            ends.lock().expect("nobody panics with it").insert(word.to_owned(), Instant::now());
        }
        let choice = json!({ "index": 0, "delta": { "content": token }, "finish_reason": null });
        event(stream, &piece(&json!([choice]), &Value::Null)).await?;
    }
    let choice = json!({ "index": 0, "delta": {}, "finish_reason": "stop" });
    event(stream, &piece(&json!([choice]), &Value::Null)).await?;
    event(stream, &piece(&json!([]), &usage())).await?;
    stream.write_all(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n").await
}

async fn event(stream: &mut TcpStream, value: &Value) -> io::Result<()> {
    let event = format!("data: {value}\n\n");
    stream.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).await
}

fn piece(choices: &Value, usage: &Value) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "bench-model",
        "choices": choices, "usage": usage,
    })
}

/// What is asked without a stream: which model there is, and whether it answers at all.
fn whole(is_model: bool) -> Value {
    if is_model {
        return json!({ "id": "bench-model", "object": "model", "created": 1_700_000_000, "owned_by": "bench" });
    }
    let message = json!({ "role": "assistant", "content": "Yes." });
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "bench-model",
        "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }], "usage": usage(),
    })
}

fn usage() -> Value {
    json!({ "prompt_tokens": 40, "completion_tokens": 12, "total_tokens": 52 })
}
