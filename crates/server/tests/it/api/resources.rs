//! Texts, people, senders, credentials, webhooks, checks and metrics.

use super::caller::Caller;
use crate::whole::app::{PHONE, TestApp};
use emulator::{DEFAULT_ACCOUNT, DEFAULT_NUMBER, DEFAULT_TOKEN};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_text_is_sent_listed_and_answered_with_stop() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let body = json!({ "to": "+1 (555) 765-4321", "body": "The line is open." });
    let (status, sent) = admin.call(Method::POST, "/messages", Some(&body)).await;
    assert_eq!((status, &sent["to"], &sent["from"]), (202, &json!(PHONE), &json!(DEFAULT_NUMBER)), "{sent}");
    assert_eq!(app.inbox_of(1).await, ["The line is open."]);
    app.phone_says("STOP").await;
    app.eventually(async || {
        let said = admin.get(&format!("/suppressions/sms/{PHONE}")).await;
        (said["suppressed"] == true && said["reason"] == "stop").then_some(())
    })
    .await;
    let unheard = admin.get(&format!("/suppressions/whatsapp/{PHONE}")).await;
    assert_eq!(unheard["suppressed"], false);

    let people = admin.get("/inbox").await;
    assert_eq!(
        (&people["items"][0]["contact"], &people["items"][0]["latest"]["body"]),
        (&json!(PHONE), &json!("STOP"))
    );
    let texts = admin.get(&format!("/inbox/{PHONE}")).await;
    assert_eq!(texts["items"].as_array().unwrap().len(), 2);
    let inbound = admin.get(&format!("/messages?contact={PHONE}&direction=inbound")).await;
    assert_eq!(inbound["items"].as_array().unwrap().len(), 1, "{inbound}");

    let (_, refused) = admin.call(Method::POST, "/messages", Some(&body)).await;
    let path = format!("/messages/{}", refused["id"].as_str().unwrap());
    app.eventually(async || (admin.get(&path).await["state"] == "failed").then_some(())).await;
    let (status, problem) =
        admin.call(Method::POST, &format!("{path}/resolve"), Some(&json!({ "decision": "sendAgain" }))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_allowed")));
    app.finish().await;
}

#[tokio::test]
async fn texts_and_calls_are_of_the_class_that_is_asked_for() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    for (path, words) in [("/messages", "body"), ("/calls", "message")] {
        let plain = json!({ "to": PHONE, words: "The line is open." });
        let (_, sent) = admin.call(Method::POST, path, Some(&plain)).await;
        assert_eq!(sent["messageClass"], "transactional", "{sent}");
        let marketing = json!({ "to": PHONE, words: "The line is new.", "messageClass": "marketing" });
        let (_, sent) = admin.call(Method::POST, path, Some(&marketing)).await;
        let shown = admin.get(&format!("{path}/{}", sent["id"].as_str().unwrap())).await;
        assert_eq!(shown["messageClass"], "marketing", "{shown}");
    }
    app.phone_says("Hello").await;
    let inbound = admin.get(&format!("/messages?contact={PHONE}&direction=inbound")).await;
    assert!(inbound["items"][0].get("messageClass").is_none(), "{inbound}");
    app.finish().await;
}

#[tokio::test]
async fn who_names_no_sender_learns_which_there_are() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let body = json!({ "to": PHONE, "body": "The line is open.", "channel": "whatsapp" });
    let (status, refused) = admin.call(Method::POST, "/messages", Some(&body)).await;
    assert_eq!(status, 422, "{refused}");
    assert!(
        refused.to_string().contains("from: is missing, and no sender of whatsapp is known"),
        "{refused}"
    );
    app.finish().await;
}

#[tokio::test]
async fn senders_are_named_paced_added_and_compared_with_the_provider() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let path = format!("/senders/{DEFAULT_NUMBER}");
    let body = json!({ "name": "reception", "segmentsPerSecond": 2.5 });
    let (status, sender) = admin.call(Method::PUT, &path, Some(&body)).await;
    assert_eq!(
        (status, &sender["name"], &sender["segmentsPerSecond"]),
        (200, &json!("reception"), &json!(2.5))
    );
    let (_, kept) = admin.call(Method::PUT, "/senders/Reception", Some(&json!({}))).await;
    assert_eq!(kept["segmentsPerSecond"], 2.5, "what is not named stays");
    let (_, free) =
        admin.call(Method::PUT, "/senders/reception", Some(&json!({ "segmentsPerSecond": null }))).await;
    assert!(free.get("segmentsPerSecond").is_none());
    let by_hand = json!({ "credential": "dev", "address": "ACME" });
    let (status, added) = admin.call(Method::PUT, "/senders/brand", Some(&by_hand)).await;
    assert_eq!((status, &added["kind"]), (200, &json!("alphanumeric")), "{added}");
    let (status, taken) =
        admin.call(Method::PUT, "/senders/brand", Some(&json!({ "name": "reception" }))).await;
    assert_eq!((status, &taken["code"]), (409, &json!("conflict")));

    let (_, plan) = admin.call(Method::POST, "/senders/sync", Some(&json!({}))).await;
    assert_eq!((&plan["applied"], &plan["webhooks"]), (&json!(false), &json!([])), "{plan}");
    assert_eq!(admin.call(Method::DELETE, "/senders/reception", None).await.0, 204);
    let (_, plan) = admin.call(Method::POST, "/senders/sync", Some(&json!({ "apply": true }))).await;
    assert_eq!((&plan["senders"][0]["change"], &plan["applied"]), (&json!("new"), &json!(true)), "{plan}");
    let names = admin.get("/senders").await;
    assert_eq!(names["items"].as_array().unwrap().len(), 2, "{names}");
    app.finish().await;
}

const WRONG_TOKEN: &str = "00000000000000000000000000000009";

#[tokio::test]
async fn a_credential_is_kept_tried_out_and_never_shown() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let body = json!({ "kind": "twilio", "accountSid": DEFAULT_ACCOUNT, "authToken": DEFAULT_TOKEN, "apiBase": app.emulator_url });
    let (status, kept) = admin.call(Method::PUT, "/credentials/dev", Some(&body)).await;
    assert_eq!((status, &kept["public"]["accountSid"]), (200, &json!(DEFAULT_ACCOUNT)), "{kept}");
    let (_, account) = admin.call(Method::POST, "/credentials/dev/test", None).await;
    assert_eq!((&account["usable"], &account["status"]), (&json!(true), &json!("active")), "{account}");
    assert_eq!(account["numbers"][0]["number"], DEFAULT_NUMBER);

    let wrong = json!({ "kind": "twilio", "accountSid": DEFAULT_ACCOUNT, "authToken": WRONG_TOKEN, "apiBase": app.emulator_url });
    let (_, kept) = admin.call(Method::PUT, "/credentials/dev", Some(&wrong)).await;
    let listed = admin.get("/credentials").await.to_string();
    assert!(!listed.contains(WRONG_TOKEN) && !kept.to_string().contains(WRONG_TOKEN), "{listed} {kept}");
    let (status, account) = admin.call(Method::POST, "/credentials/dev/test", None).await;
    assert_eq!((status, &account["usable"]), (200, &json!(false)), "{account}");
    assert_eq!(admin.call(Method::DELETE, "/credentials/dev", None).await.0, 204);
    app.stop().await;
}

#[tokio::test]
async fn webhooks_are_kept_with_what_became_of_them() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    app.phone_says("Hello").await;
    let refused = app.webhook("/twilio/dev/message", &[("AccountSid", DEFAULT_ACCOUNT)], Some("wrong")).await;
    assert_eq!(refused.status(), 403);
    let kept = app
        .eventually(async || {
            let kept = admin.get("/webhooks").await["items"].as_array().unwrap().clone();
            (kept.len() == 2).then_some(kept)
        })
        .await;
    let of = |signature: &str| kept.iter().find(|webhook| webhook["signature"] == signature).unwrap();
    assert_eq!((&of("valid")["event"], &of("valid")["answerStatus"]), (&json!("in the inbox"), &json!(200)));
    assert_eq!(of("wrong")["answerStatus"], 403);
    let oldest = kept.last().unwrap()["id"].as_str().unwrap();
    let later = admin.get(&format!("/webhooks?after={oldest}")).await;
    assert_eq!(later["items"].as_array().unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_file_is_checked_against_what_the_server_knows() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let source = "name: greet\nblocks:\n  - {id: hi, type: twilio, messageType: sms, credential: elsewhere, from: \"+15551234567\", to: \"+15557654321\", message: Hi}\n";
    let request = admin.request(Method::POST, "/check?name=greet.yaml").body(source);
    let (status, checked) = super::caller::read(request.send().await.unwrap()).await;
    assert_eq!((status, &checked["ok"]), (200, &json!(false)), "{checked}");
    let codes: Vec<&str> =
        checked["diagnostics"].as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"unknown_credential"), "{checked}");
    app.finish().await;
}

#[tokio::test]
async fn metrics_count_and_name_nobody() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    admin.get(&format!("/suppressions/sms/{PHONE}")).await;
    admin.remind().await;
    app.inbox_of(1).await;
    let metrics = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    for expected in [
        "switchboard_http_requests_total{method=\"GET\",route=\"/api/v1/suppressions/{channel}/{address}\",status=\"200\"}",
        "switchboard_http_request_seconds_bucket",
        "switchboard_sends_total{end=\"accepted\"}",
        "switchboard_tasks{kind=\"prune\",state=\"waiting\"} 1",
        "process_resident_memory_bytes",
    ] {
        assert!(metrics.contains(expected), "{expected} is not in\n{metrics}");
    }
    assert!(!metrics.contains("5557654321"), "{metrics}");
    let ready = app.http.get(format!("{}/readyz", app.url)).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    app.stop().await;
}

#[tokio::test]
async fn a_person_decides_about_a_held_text() {
    let app = TestApp::start_with(&[("SWITCHBOARD_SENDING_ON_UNKNOWN", "hold")]).await;
    let admin = Caller::admin(&app);
    let mut held = Vec::new();
    for body in ["one", "two"] {
        let fault = json!({ "do": "error", "when": "before", "status": 503 });
        app.rule(&json!({ "when": { "operation": "createMessage" }, "then": fault })).await;
        let (_, sent) =
            admin.call(Method::POST, "/messages", Some(&json!({ "to": PHONE, "body": body }))).await;
        let path = format!("/messages/{}", sent["id"].as_str().unwrap());
        app.eventually(async || (admin.get(&path).await["state"] == "unknown").then_some(())).await;
        app.clock.advance(jiff::SignedDuration::from_mins(5)).await;
        app.eventually(async || (admin.get(&path).await["state"] == "held").then_some(())).await;
        held.push(path);
    }
    let listed = admin.get("/messages?state=held").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let decide = async |path: &str, decision: &str| {
        admin.call(Method::POST, &format!("{path}/resolve"), Some(&json!({ "decision": decision }))).await
    };
    let (status, given_up) = decide(&held[0], "giveUp").await;
    assert_eq!((status, &given_up["state"]), (200, &json!("failed")), "{given_up}");
    assert_eq!(decide(&held[1], "sendAgain").await.0, 200);
    assert_eq!(app.inbox_of(1).await, ["two"]);
    let history = admin.get(&held[1]).await["history"].to_string();
    assert!(history.contains("queued once more: asked for by dev"), "{history}");
    app.finish().await;
}
