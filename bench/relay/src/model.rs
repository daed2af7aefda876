//! A model that answers at once: its whole stream in one piece.

use bench_webhook::Reader;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

const ANSWER: &[&str] = &["It is", " half past", " nine. Is there", " anything else?"];

pub async fn serve(listener: TcpListener) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            // A peer that goes away ends its own connection, and nothing else.
            let _ = answer(stream).await;
        });
    }
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = Reader::default();
    while let Some(request) = reader.next(&mut stream).await? {
        let wants_stream =
            String::from_utf8_lossy(&request.body).replace(' ', "").contains(r#""stream":true"#);
        let (kind, body) = match (request.first_line.starts_with("GET"), wants_stream) {
            (true, _) => ("application/json", model()),
            (false, true) => ("text/event-stream; charset=utf-8", pieces()),
            (false, false) => ("application/json", whole()),
        };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).await?;
    }
    Ok(())
}

fn model() -> String {
    r#"{"id":"bench-model","object":"model","created":1700000000,"owned_by":"bench"}"#.to_owned()
}

fn pieces() -> String {
    let chunk = |choices: &str, usage: &str| {
        format!(
            "data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench-model\",\"choices\":{choices}{usage}}}\n\n"
        )
    };
    let delta = |delta: &str, finish: &str| {
        chunk(&format!("[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]"), "")
    };
    let mut all = delta(r#"{"role":"assistant","content":""}"#, "null");
    for piece in ANSWER {
        all += &delta(&format!("{{\"content\":\"{piece}\"}}"), "null");
    }
    all += &delta("{}", "\"stop\"");
    all += &chunk("[]", r#","usage":{"prompt_tokens":40,"completion_tokens":12,"total_tokens":52}"#);
    all + "data: [DONE]\n\n"
}

fn whole() -> String {
    format!(
        r#"{{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"bench-model","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":40,"completion_tokens":12,"total_tokens":52}}}}"#,
        ANSWER.concat()
    )
}
