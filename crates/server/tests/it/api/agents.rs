//! Agents, conversations, recordings and audio by the API.

use super::caller::Caller;
use crate::whole::app::{PHONE, TestApp};
use reqwest::Method;
use serde_json::json;

const AGENT: &str = "
name: secret
closing: Goodbye.
questions:
  - {id: pin, question: What is your code?, expectedAnswerType: digits, sensitive: true, next: end}
";

const WORKFLOW: &str = "
name: ask-secret
trigger: {type: webhook, path: ask-secret}
blocks:
  - {id: ask, type: twilio, messageType: voiceAgent, from: '+15551234567', to: '+15557654321', agent: secret, recordCall: true}
";

async fn put_agent(caller: &Caller<'_>, name: &str, source: &str) -> (u16, serde_json::Value) {
    let sent = caller.request(Method::PUT, &format!("/agents/{name}")).body(source.to_owned()).send().await;
    let answer = sent.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn an_agent_is_published_once_and_refused_with_all_of_its_errors() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    for _ in 0..2 {
        let (status, published) = put_agent(&caller, "secret", AGENT).await;
        assert_eq!((status, &published["name"], &published["version"]), (200, &json!("secret"), &json!(1)));
    }
    let broken = "questions:\n  - {id: a, question: A?, next: nowhere}\n  - {id: b, question: B?, expectedAnswerType: guess}\n";
    let (status, problem) = put_agent(&caller, "broken", broken).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(problem["diagnostics"].as_array().unwrap().len(), 2, "{problem}");
    assert_eq!(put_agent(&caller, "other", AGENT).await.0, 422, "another name");
    assert_eq!(caller.get("/agents").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(caller.get("/agents/secret").await["questions"], json!(["pin"]));
    app.finish().await;
}

#[tokio::test]
async fn a_sensitive_answer_is_shown_nowhere_and_its_recording_can_be_played_and_deleted() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    assert_eq!(put_agent(&caller, "secret", AGENT).await.0, 200);
    assert_eq!(caller.put_file("ask-secret", WORKFLOW).await.0, 200);
    let script = json!({ "rules": [{ "hears": { "contains": "your code" }, "do": [{ "press": "4711#" }] }] });
    let url = format!("{}/emulator/v1/phones/{PHONE}/callScripts", app.emulator_url);
    assert!(app.http.post(url).json(&script).send().await.unwrap().status().is_success());
    let (_, body) = app.hook("ask-secret", &json!({})).await;
    let run = body["run"].as_str().unwrap().to_owned();
    app.clock.advance(jiff::SignedDuration::from_hours(1)).await;
    app.quiet().await;
    let shown = caller.get(&format!("/runs/{run}")).await;
    assert_eq!(shown["variables"]["pin"], "***", "{shown}");
    let list = caller.get("/conversations").await;
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let detail = caller.get(&format!("/conversations/{id}")).await;
    assert_eq!(detail["endedBy"], "completed", "{detail}");
    let webhooks = caller.get("/webhooks?limit=100").await;
    assert!(webhooks.to_string().contains("\"Digits\""), "the webhook itself is kept: {webhooks}");
    for text in [shown.to_string(), detail.to_string(), list.to_string(), webhooks.to_string()] {
        assert!(!text.contains("4711"), "{text}");
    }
    let recordings = caller.get("/recordings").await;
    let recording = recordings["items"][0].clone();
    assert_eq!(recording["status"], "completed", "{recordings}");
    let path = format!("/recordings/{}", recording["id"].as_str().unwrap());
    let played = caller.request(Method::GET, &format!("{path}/audio")).send().await.unwrap();
    assert_eq!(played.status(), 200);
    assert!(played.bytes().await.unwrap().starts_with(b"RIFF"));
    assert_eq!(caller.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(caller.get(&path).await["status"], "deleted");
    app.finish().await;
}

#[tokio::test]
async fn a_conversation_whose_key_is_gone_is_listed_with_what_lies_in_the_open() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    assert_eq!(put_agent(&caller, "secret", AGENT).await.0, 200);
    assert_eq!(caller.put_file("ask-secret", WORKFLOW).await.0, 200);
    let script = json!({ "rules": [{ "hears": { "contains": "your code" }, "do": [{ "press": "4711#" }] }] });
    app.phone_behaves(&script).await;
    for _ in 0..2 {
        app.hook("ask-secret", &json!({})).await;
        app.quiet().await;
        app.clock.advance(jiff::SignedDuration::from_hours(1)).await;
        app.quiet().await;
    }
    let before = caller.get("/conversations").await;
    let id = before["items"][0]["id"].as_str().unwrap().to_owned();
    let database = rusqlite::Connection::open(app.folder().join("switchboard.db")).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    let lost = "UPDATE conversations SET key_id = '0badc0de' WHERE id = ?1";
    assert_eq!(database.execute(lost, [&id]).unwrap(), 1);

    let list = caller.get("/conversations").await;
    let [locked, whole] = list["items"].as_array().unwrap().as_slice() else { panic!("{list}") };
    let why = "it is sealed with the encryption key 0badc0de, which this server does not have";
    assert_eq!((&locked["id"], &locked["unavailable"]), (&json!(id), &json!(why)));
    assert_eq!((&locked["agent"], &locked["status"]), (&json!("secret"), &json!("ended")));
    assert_eq!(locked["contact"], before["items"][0]["contact"]);
    assert_eq!((&whole["endedBy"], &whole["unavailable"]), (&json!("completed"), &json!(null)));
    let shown = caller.get(&format!("/conversations/{id}")).await;
    assert_eq!((&shown["unavailable"], &shown["answers"]), (&json!(why), &json!({})));
    assert!(!shown["transcript"].as_array().unwrap().is_empty(), "{shown}");
    let told = crate::cli::online::said(&app, &["conversations", "list"]).await;
    assert!(told.contains("ended, sealed") && told.contains("ended by completed"), "{told}");
    let told = crate::cli::online::said(&app, &["conversations", "show", &id]).await;
    assert!(told.contains(why), "{told}");
    app.finish().await;
}

#[tokio::test]
async fn uploaded_audio_is_served_under_an_address_that_nobody_guesses() {
    let app = TestApp::start().await;
    let caller = Caller::admin(&app);
    let put = async |name: &str, kind: &str, bytes: Vec<u8>| {
        let request = caller.request(Method::PUT, &format!("/audio/{name}")).header("content-type", kind);
        let answer = request.body(bytes).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    let mut large = b"RIFF".to_vec();
    large.resize(5_000_000, 0);
    let (status, file) = put("hello", "audio/wav", large.clone()).await;
    assert_eq!(status, 200, "{file}");
    let url = file["url"].as_str().unwrap().to_owned();
    let served = app.http.get(&url).send().await.unwrap();
    assert_eq!(served.headers()["content-type"], "audio/wav");
    assert!(served.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(served.bytes().await.unwrap(), large);
    assert_eq!(put("page", "text/html", b"<html>".to_vec()).await.0, 422);
    let mut huge = b"RIFF".to_vec();
    huge.resize(11 * 1024 * 1024, 0);
    assert_eq!(put("huge", "audio/wav", huge).await.0, 413);
    let (_, again) = put("hello", "audio/mpeg", b"ID3x".to_vec()).await;
    assert_ne!(again["url"], url.as_str());
    assert_eq!(app.http.get(&url).send().await.unwrap().status(), 404, "the old address ends");
    app.finish().await;
}
