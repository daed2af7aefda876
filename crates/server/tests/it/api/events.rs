//! Watching what happens.

use super::caller::Caller;
use crate::whole::app::{LIMIT, TestApp};
use futures::StreamExt as _;
use reqwest::Method;

#[tokio::test]
async fn a_watcher_is_told_what_happens_from_now_on() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let response = admin.request(Method::GET, "/events").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.bytes_stream();
    let mut seen = String::from_utf8(stream.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(seen.starts_with("event: ready"), "{seen}");
    let run = admin.remind().await;
    app.inbox_of(1).await;
    app.phone_says("YES").await;
    let wanted =
        ["event: run_changed", "event: message_changed", "event: text_received", "\"completed\"", &run];
    let told = async {
        while !wanted.iter().all(|word| seen.contains(word)) {
            seen.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
        }
    };
    let in_time = tokio::time::timeout(LIMIT, told).await.is_ok();
    assert!(in_time, "{seen}");
    // A stream that is open does not keep the server from ending.
    app.stop().await;
}
