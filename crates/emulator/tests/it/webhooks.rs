//! How webhooks are sent: overrides, retries, redirects, fallback.

use std::time::Instant;

use serde_json::json;

use crate::receiver::{Receiver, Reply};
use crate::stage::{ANN, OURS, Stage};

/// A stage whose number reports to `path` of a receiver.
async fn reporting_to(receiver: &Receiver, path: &str, keys: serde_json::Value) -> Stage {
    let mut number = json!({
        "phoneNumber": OURS, "whatsapp": true, "smsUrl": format!("{}{path}", receiver.url),
    });
    for (key, value) in keys.as_object().unwrap() {
        number[key] = value.clone();
    }
    Stage::with_account(json!({"numbers": [number]})).await
}

async fn say(stage: &Stage) {
    stage.phone_sends(ANN, json!({"to": OURS, "body": "Hello"})).await;
}

#[tokio::test]
async fn a_server_error_is_retried_only_where_the_url_asks() {
    for (fragment, requests) in
        [("", 1), ("#rc=2&rp=5xx", 3), ("#rp=all", 2), ("#rc=2&rp=4xx", 1), ("#rc=0&rp=5xx", 1)]
    {
        let receiver = Receiver::start().await;
        receiver.reply([Reply::Status(500), Reply::Status(503), Reply::Status(500)]);
        let stage = reporting_to(&receiver, &format!("/sms{fragment}"), json!({})).await;
        say(&stage).await;
        let got = receiver.got();
        assert_eq!(got.len(), requests, "{fragment}");
        assert!(got.iter().all(|got| got.is_signed), "the fragment is neither sent nor signed");
        let token = got[0].header("i-twilio-idempotency-token").to_owned();
        assert!(got.iter().all(|got| got.header("i-twilio-idempotency-token") == token));
        assert_eq!(stage.debugger().await, [11200], "{fragment}");
    }
}

#[tokio::test]
async fn retries_end_when_one_is_answered_well() {
    let receiver = Receiver::start().await;
    receiver.reply([Reply::Status(500), Reply::Text("Thanks"), Reply::Text("never asked")]);
    let stage = reporting_to(&receiver, "/sms#rc=5&rp=ct,rt,5xx&tt=15000", json!({})).await;
    say(&stage).await;
    assert_eq!(receiver.got().len(), 2);
    stage.wind(1_000).await;
    assert_eq!(stage.inbox(ANN).await, ["Thanks"]);
    assert_eq!(stage.debugger().await, Vec::<u64>::new());
}

#[tokio::test]
async fn an_answer_that_takes_too_long_counts_as_none() {
    let receiver = Receiver::start().await;
    receiver.reply([Reply::Never, Reply::Text("second")]);
    let stage = reporting_to(&receiver, "/sms#rc=1&rp=rt&rt=150", json!({})).await;
    let started = Instant::now();
    say(&stage).await;
    assert!(started.elapsed().as_secs() < 10, "the read limit is 150 ms");
    assert_eq!(receiver.got().len(), 2);
    let receiver = Receiver::start().await;
    receiver.reply([Reply::Never, Reply::Never]);
    let stage = reporting_to(&receiver, "/sms#rc=5&rp=all&tt=300", json!({})).await;
    let started = Instant::now();
    say(&stage).await;
    assert!(started.elapsed().as_secs() < 10, "the total limit is 300 ms, retries included");
    assert_eq!(stage.debugger().await, [11200]);
}

#[tokio::test]
async fn the_fallback_is_asked_with_what_went_wrong() {
    let (broken, good) = (Receiver::start().await, Receiver::start().await);
    broken.reply([Reply::Status(500), Reply::Twiml("<Response><Message>"), Reply::Status(404)]);
    good.reply([Reply::Text("one"), Reply::Text("two")]);
    let fallback = format!("{}/fallback", good.url);
    let stage =
        reporting_to(&broken, "/sms", json!({"smsFallbackUrl": fallback, "smsFallbackMethod": "GET"})).await;
    say(&stage).await;
    say(&stage).await;
    assert_eq!(good.values("ErrorCode"), ["11200", "12100"]);
    assert_eq!(good.values("ErrorUrl"), [format!("{}/sms", broken.url), format!("{}/sms", broken.url)]);
    assert_eq!(good.values("Body"), ["Hello", "Hello"]);
    assert!(good.got().iter().all(|got| got.is_signed && got.method == "GET"));
    stage.wind(1_000).await;
    assert_eq!(stage.inbox(ANN).await, ["one", "two"]);
}

#[tokio::test]
async fn a_closed_port_is_reported_and_falls_back() {
    let good = Receiver::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/sms", listener.local_addr().unwrap());
    drop(listener);
    let number =
        json!({"phoneNumber": OURS, "smsUrl": closed, "smsFallbackUrl": format!("{}/sms", good.url)});
    let stage = Stage::with_account(json!({"numbers": [number]})).await;
    say(&stage).await;
    assert_eq!(good.values("ErrorCode"), ["11205"]);
    let log = stage.log("webhook").await;
    assert_eq!(
        log[0]["attempts"].as_array().unwrap().len(),
        2,
        "a connection is tried again once by default"
    );
}

#[tokio::test]
async fn redirects_are_followed_and_302_loses_the_parameters() {
    for (status, method, body) in [(302, "GET", ""), (307, "POST", "Hello")] {
        let receiver = Receiver::start().await;
        receiver.reply([Reply::Redirect(status, "/moved?x=1"), Reply::Status(204)]);
        let stage = reporting_to(&receiver, "/sms", json!({})).await;
        say(&stage).await;
        let got = receiver.got();
        assert_eq!((got[1].path.as_str(), got[1].method.as_str()), ("/moved", method));
        assert_eq!(got[1].get("Body").unwrap_or_default(), body);
        assert!(got[1].is_signed);
    }
    let receiver = Receiver::start().await;
    receiver.reply(vec![Reply::Redirect(302, "/again"); 12]);
    let stage = reporting_to(&receiver, "/sms", json!({})).await;
    say(&stage).await;
    assert_eq!(receiver.got().len(), 11);
    assert_eq!(stage.debugger().await, [11215]);
}

#[tokio::test]
async fn overrides_that_cannot_be_are_reported_and_nothing_is_sent() {
    let receiver = Receiver::start().await;
    let stage = reporting_to(&receiver, "/sms#rp=sometimes", json!({})).await;
    say(&stage).await;
    assert_eq!(stage.debugger().await, [11243]);
    assert_eq!(receiver.got().len(), 0);
}

#[tokio::test]
async fn cookies_are_kept_between_the_texts_of_two_numbers_for_some_hours() {
    let receiver = Receiver::start().await;
    let stage = reporting_to(&receiver, "/sms", json!({})).await;
    receiver.reply([Reply::Cookie("step=2; Path=/")]);
    say(&stage).await;
    say(&stage).await;
    stage.phone_sends("+15550002222", json!({"to": OURS, "body": "Hello"})).await;
    stage.wind(4 * 3_600_000).await;
    say(&stage).await;
    let cookies: Vec<String> = receiver.got().iter().map(|got| got.header("cookie").to_owned()).collect();
    assert_eq!(cookies, ["", "step=2", "", ""]);
}
