//! Takes every call that is asked for, and hands on where its documents are.

use crate::line::ACCOUNT;
use bench_webhook::Reader;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

static CREATED: AtomicU64 = AtomicU64::new(0);

/// A call that was placed: nobody has answered it yet.
pub struct Placed {
    pub sid: String,
    pub to: String,
    pub url: String,
    pub status_callback: String,
}

pub async fn serve(listener: TcpListener, placed: mpsc::UnboundedSender<Placed>) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let placed = placed.clone();
        tokio::spawn(async move {
            // A peer that goes away ends its own connection, and nothing else.
            let _ = answer(stream, placed).await;
        });
    }
}

async fn answer(mut stream: TcpStream, placed: mpsc::UnboundedSender<Placed>) -> std::io::Result<()> {
    let mut reader = Reader::default();
    while let Some(request) = reader.next(&mut stream).await? {
        let (status, body) = if request.first_line.starts_with("POST") {
            ("201 Created", take(&request.body, &placed))
        } else {
            ("200 OK", r#"{"calls":[],"messages":[],"end":0,"first_page_uri":"/x?Page=0","next_page_uri":null,"page":0,"page_size":50,"previous_page_uri":null,"start":0,"uri":"/x"}"#.to_owned())
        };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

fn take(form: &[u8], placed: &mpsc::UnboundedSender<Placed>) -> String {
    let field = |wanted: &str| {
        form_urlencoded::parse(form)
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let sid = format!("CA{:032x}", CREATED.fetch_add(1, Ordering::Relaxed));
    let to = field("To");
    let body = format!(
        r#"{{"account_sid":"{ACCOUNT}","api_version":"2010-04-01","date_created":null,"date_updated":null,"direction":"outbound-api","duration":null,"end_time":null,"from":"+15551234567","price":null,"price_unit":"USD","queue_time":"0","sid":"{sid}","start_time":null,"status":"queued","subresource_uris":{{}},"to":"{to}","uri":"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"}}"#
    );
    let call = Placed { sid, to, url: field("Url"), status_callback: field("StatusCallback") };
    // Once the benchmark is over, nobody takes calls any more.
    let _ = placed.send(call);
    body
}
