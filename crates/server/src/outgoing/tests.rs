//! Errands against servers of this machine, which is out of reach unless it is allowed.

use super::*;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn networks(text: &str) -> Networks {
    let environment = [("SWITCHBOARD_OUTGOING_ALLOWED_NETWORKS".to_owned(), text.to_owned())];
    crate::config::Config::from_parts(None, environment).unwrap().outgoing_allowed
}

fn outgoing(allowed: &str) -> Outgoing {
    Outgoing::new(networks(allowed), Duration::from_secs(5)).unwrap()
}

fn errand(url: &str) -> Errand {
    Errand {
        method: Method::GET,
        url: Url::parse(url).unwrap(),
        headers: HeaderMap::new(),
        body: None,
        limit: Duration::from_secs(10),
        answer_bytes_max: 1_000,
    }
}

/// A server on an address of this machine that answers everything alike, and how often it was reached.
async fn server(on: &str, answer: &'static str) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind(on).await.unwrap();
    let address = listener.local_addr().unwrap();
    let reached = Arc::new(AtomicU32::new(0));
    let counted = reached.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, reached)
}

const FINE: &str = "HTTP/1.1 200 OK\r\ncontent-type: Text/Plain; charset=utf-8\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine";

#[tokio::test]
async fn this_machine_is_out_of_reach_by_whatever_name() {
    let (address, reached) = server("127.0.0.1:0", FINE).await;
    let port = address.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "LOCALHOST",
    ] {
        let end = outgoing("").run(errand(&format!("http://{host}:{port}/"))).await;
        assert!(matches!(end, Err(NoAnswer::Refused(_))), "{host}: {end:?}");
    }
    assert_eq!(reached.load(Ordering::Relaxed), 0);
    let answer = outgoing("127.0.0.0/8").run(errand(&format!("http://localhost:{port}/"))).await.unwrap();
    assert_eq!((answer.status, &*answer.body), (StatusCode::OK, b"fine".as_slice()));
    assert_eq!(answer.content_type.as_deref(), Some("text/plain"));
    for url in ["ftp://example.com/", "file:///etc/hosts", "http://user:word@example.com/"] {
        let end = outgoing("0.0.0.0/0").run(errand(url)).await;
        assert!(matches!(end, Err(NoAnswer::Refused(_))), "{url}: {end:?}");
    }
}

#[tokio::test]
async fn a_name_is_resolved_once_and_only_to_what_may_be_reached() {
    let (good, at_good) = server("127.0.0.2:0", FINE).await;
    let looked_up = Arc::new(Mutex::new(Vec::new()));
    let names = looked_up.clone();
    // Whoever asks first gets a mixture; whoever would ask again gets what is forbidden alone.
    let lookup = move |name: String| {
        let mut names = names.lock().unwrap();
        names.push(name);
        let forbidden: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let both = vec![forbidden, "127.0.0.2:0".parse().unwrap()];
        let found = if names.len() == 1 { both } else { vec![forbidden] };
        Box::pin(async move { Ok(found) }) as futures::future::BoxFuture<'static, _>
    };
    let resolver = Resolver::by(Arc::new(networks("127.0.0.2")), Arc::new(lookup));
    let outgoing = Outgoing::by(resolver, Duration::from_secs(5)).unwrap();
    let url = format!("http://orders.example.com:{}/", good.port());
    let answer = outgoing.run(errand(&url)).await.unwrap();
    assert_eq!((answer.status, at_good.load(Ordering::Relaxed)), (StatusCode::OK, 1));
    assert_eq!(*looked_up.lock().unwrap(), ["orders.example.com"]);
    let end = outgoing.run(errand(&url)).await;
    assert_eq!(end.unwrap_err(), NoAnswer::Refused("it is this machine's own".to_owned()));
}

#[tokio::test]
async fn redirects_are_answers_and_long_answers_are_cut() {
    const AWAY: &str = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (away, _) = server("127.0.0.1:0", AWAY).await;
    let answer = outgoing("127.0.0.1").run(errand(&format!("http://{away}/"))).await.unwrap();
    assert_eq!(answer.status, StatusCode::FOUND);
    let (fine, _) = server("127.0.0.1:0", FINE).await;
    let short = Errand { answer_bytes_max: 2, ..errand(&format!("http://{fine}/")) };
    let answer = outgoing("127.0.0.1").run(short).await.unwrap();
    assert_eq!((&*answer.body, answer.is_cut), (b"fi".as_slice(), true));
}

#[tokio::test]
async fn who_does_not_answer_is_given_up_and_who_is_not_there_is_told_apart() {
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let limit = Duration::from_millis(50);
    let url = format!("http://{}/", mute.local_addr().unwrap());
    let silent = outgoing("127.0.0.1").run(Errand { limit, ..errand(&url) }).await;
    assert_eq!(silent.unwrap_err(), NoAnswer::TimedOut(limit));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let end = outgoing("127.0.0.1").run(errand(&format!("http://{nobody}/"))).await;
    assert!(matches!(end, Err(NoAnswer::NotConnected(_))), "{end:?}");
}
