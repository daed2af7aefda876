//! Takes every text at once: `provider LISTEN`. Prints the address, then serves until it is ended.

use bench_webhook::Reader;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

static CREATED: AtomicU64 = AtomicU64::new(0);

/// A benchmark that was left alone ends by itself.
const LIFE_MAX: Duration = Duration::from_secs(600);

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".into());
    let listener = TcpListener::bind(&listen).await?;
    println!("{}", listener.local_addr()?);
    let serve = async {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                // A peer that goes away ends its own connection, and nothing else.
                let _ = answer(stream).await;
            });
        }
    };
    tokio::select! {
        ended = serve => ended,
        () = tokio::time::sleep(LIFE_MAX) => Ok(()),
    }
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = Reader::default();
    while let Some(request) = reader.next(&mut stream).await? {
        let body = if request.first_line.starts_with("POST") { created() } else { empty_list() };
        let status = if request.first_line.starts_with("POST") { "201 Created" } else { "200 OK" };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

fn created() -> String {
    let number = CREATED.fetch_add(1, Ordering::Relaxed);
    let account = "AC00000000000000000000000000000001";
    let sid = format!("SM{number:032x}");
    format!(
        r#"{{"account_sid":"{account}","api_version":"2010-04-01","body":"Hi","date_created":"Thu, 24 Aug 2023 05:01:45 +0000","date_sent":null,"date_updated":"Thu, 24 Aug 2023 05:01:45 +0000","direction":"outbound-api","error_code":null,"error_message":null,"from":"+15551234567","messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,"price_unit":"USD","sid":"{sid}","status":"queued","subresource_uris":{{"media":"/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json"}},"to":"+15559876543","uri":"/2010-04-01/Accounts/{account}/Messages/{sid}.json"}}"#
    )
}

/// Whoever looks for what it never heard of finds nothing.
fn empty_list() -> String {
    r#"{"messages":[],"end":0,"first_page_uri":"/x?Page=0","next_page_uri":null,"page":0,"page_size":50,"previous_page_uri":null,"start":0,"uri":"/x"}"#.to_owned()
}
