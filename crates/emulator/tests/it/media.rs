//! Media, in and out.

use axum::Router;
use axum::routing::get;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, Stage};

/// Serves a small picture at `/a.png`, and nothing else.
async fn pictures() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let picture = get(|| async { ([("content-type", "image/png")], "not really a picture") });
    let router = Router::new().route("/a.png", picture);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn send(stage: &Stage, url: &str) -> String {
    stage.create(&[("To", ANN), ("From", OURS), ("Body", "Look"), ("MediaUrl", url)]).await.sid()
}

#[tokio::test]
async fn media_are_fetched_kept_listed_and_deleted() {
    let (stage, pictures) = (Stage::new().await, pictures().await);
    let sid = send(&stage, &format!("{pictures}/a.png")).await;
    assert!(sid.starts_with("MM"));
    stage.wind(1_000).await;
    let message = stage.message(&sid).await;
    assert_eq!((&message["status"], &message["num_media"]), (&json!("delivered"), &json!("1")));
    assert_eq!((&message["num_segments"], &message["price"]), (&json!("1"), &json!("-0.02200")));
    let list = stage.get(&format!("Messages/{sid}/Media.json")).await.json;
    let medium = &list["media_list"][0];
    assert_eq!((&medium["content_type"], &medium["parent_sid"]), (&json!("image/png"), &json!(sid)));
    let uri = medium["uri"].as_str().unwrap();
    assert_eq!(stage.get(uri).await.json, *medium);
    let bytes = stage.request(Method::GET, uri.trim_end_matches(".json")).send().await.unwrap();
    assert_eq!(bytes.headers()["content-type"], "image/png");
    assert_eq!(bytes.text().await.unwrap(), "not really a picture");
    assert_eq!(stage.delete(uri).await.status, 204);
    assert_eq!(stage.get(uri).await.status, 404);
    assert_eq!(stage.message(&sid).await["num_media"], "0");
}

#[tokio::test]
async fn media_elsewhere_are_not_fetched_and_their_url_is_passed_on() {
    let stage = Stage::new().await;
    let sid = send(&stage, "https://example.com/a.jpg?x=1").await;
    stage.wind(1_000).await;
    assert_eq!(stage.message(&sid).await["status"], "delivered");
    let list = stage.get(&format!("Messages/{sid}/Media.json")).await.json;
    let uri = list["media_list"][0]["uri"].as_str().unwrap().trim_end_matches(".json").to_owned();
    let answer = stage.send(stage.request(Method::GET, &uri)).await.unwrap();
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (307, &"https://example.com/a.jpg?x=1".parse().unwrap())
    );
}

#[tokio::test]
async fn a_message_fails_with_media_that_are_not_there() {
    let (stage, pictures) = (Stage::new().await, pictures().await);
    let sid = send(&stage, &format!("{pictures}/missing.png")).await;
    stage.wind(1_000).await;
    let message = stage.message(&sid).await;
    assert_eq!((&message["status"], &message["error_code"]), (&json!("failed"), &json!(11200)));
}

#[tokio::test]
async fn a_phone_sends_a_picture_and_the_webhook_says_where_it_is() {
    let receiver = Receiver::start().await;
    let number = json!({"phoneNumber": OURS, "smsUrl": receiver.url});
    let stage = Stage::with_account(json!({"numbers": [number]})).await;
    let media = json!([{"contentType": "image/gif", "base64": "R0lGODlhAQABAAAAACw="}]);
    stage.phone_sends(ANN, json!({"to": OURS, "media": media})).await;
    let got = &receiver.got()[0];
    assert_eq!((got.get("NumMedia"), got.get("MediaContentType0")), (Some("1"), Some("image/gif")));
    assert!(got.get("MessageSid").unwrap().starts_with("MM"));
    let url = got.get("MediaUrl0").unwrap();
    let bytes = reqwest::get(url).await.unwrap();
    assert_eq!(bytes.headers()["content-type"], "image/gif");
    assert_eq!(bytes.bytes().await.unwrap().len(), 14);
    let other = url.replace(emulator::DEFAULT_ACCOUNT, emulator::DEFAULT_TEST_ACCOUNT);
    assert_eq!(reqwest::get(other).await.unwrap().status(), 404);
    let view: Value = stage.control(Method::GET, &format!("/phones/{ANN}/outbox"), Value::Null).await.json;
    assert_eq!(view[0]["media"][0]["url"], url);
}
