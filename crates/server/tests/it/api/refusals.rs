//! What is refused, and in which words.

use super::caller::{Caller, STANDS_STILL, read};
use crate::whole::app::TestApp;
use reqwest::Method;
use serde_json::{Value, json};
use server::api::PROBLEMS;

/// Method, path and body of a request, and the status and code of its refusal.
const REFUSED: &[(&str, &str, &str, u16, &str)] = &[
    ("GET", "/nothing", "", 404, "unknown_route"),
    ("PATCH", "/runs", "", 405, "method_not_allowed"),
    ("GET", "/runs/run_1", "", 404, "not_found"),
    ("GET", "/runs/msg_1", "", 404, "not_found"),
    ("GET", "/runs?status=lost", "", 400, "bad_parameter"),
    ("GET", "/runs?staus=failed", "", 400, "bad_parameter"),
    ("GET", "/runs?limit=0", "", 400, "bad_parameter"),
    ("GET", "/runs?cursor=run_1", "", 400, "bad_parameter"),
    ("GET", "/messages?state=gone", "", 400, "bad_parameter"),
    ("GET", "/messages/msg_1", "", 404, "not_found"),
    ("POST", "/messages/msg_1/resolve", r#"{"decision":"giveUp"}"#, 404, "not_found"),
    ("GET", "/workflows/unknown", "", 404, "not_found"),
    ("GET", "/workflows/appointment-reminder/versions/99", "", 404, "not_found"),
    ("GET", "/workflows/appointment-reminder/versions/one", "", 400, "bad_parameter"),
    ("POST", "/workflows/unknown/runs", "{}", 404, "not_found"),
    ("POST", "/workflows/appointment-reminder/runs", "{", 400, "unreadable_body"),
    ("POST", "/workflows/appointment-reminder/runs", r#"{"inputs":{}}"#, 400, "unreadable_body"),
    ("POST", "/workflows/appointment-reminder/runs", "{}", 422, "bad_input"),
    ("POST", "/messages", r#"{"to":"12"}"#, 422, "bad_input"),
    ("POST", "/messages", r#"{"to":"+15557654321"}"#, 422, "bad_input"),
    ("POST", "/messages", r#"{"to":"+15557654321","body":"a","messageClass":"b"}"#, 422, "bad_input"),
    ("POST", "/calls", r#"{"to":"+15557654321","message":"a","messageClass":"b"}"#, 422, "bad_input"),
    ("PUT", "/credentials/main", r#"{"kind":"twilio","accountSid":"AC1"}"#, 422, "bad_input"),
    ("PUT", "/credentials/main", r#"{"kind":"carrier pigeon"}"#, 400, "unreadable_body"),
    ("PUT", "/credentials/main", r#"{"kind":"twilio","name":"other"}"#, 422, "name_mismatch"),
    ("DELETE", "/credentials/unknown", "", 404, "not_found"),
    ("POST", "/credentials/unknown/test", "", 404, "not_found"),
    ("PUT", "/senders/unknown", r#"{"segmentsPerSecond":1}"#, 404, "not_found"),
    ("PUT", "/senders/+15551234567", r#"{"segmentsPerSecond":0}"#, 422, "bad_input"),
    ("PUT", "/senders/desk", r#"{"credential":"dev","address":"+1555"}"#, 422, "bad_input"),
    ("POST", "/senders/sync", r#"{"credential":"unknown"}"#, 404, "not_found"),
    ("GET", "/suppressions/pigeon/+15557654321", "", 400, "bad_parameter"),
    ("GET", "/webhooks?after=1", "", 400, "bad_parameter"),
    ("POST", "/tokens", r#"{"name":"x","scopes":["everything"]}"#, 422, "bad_input"),
    ("POST", "/tokens", r#"{"name":"x","scopes":[]}"#, 422, "bad_input"),
    ("DELETE", "/tokens/tok_1", "", 404, "not_found"),
];

#[tokio::test]
async fn every_refusal_is_a_problem_with_a_code_and_a_hint() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    for (method, path, body, status, code) in REFUSED {
        let request = admin.request(method.parse().unwrap(), path).body(*body);
        let response = request.header("content-type", "application/json").send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{method} {path}");
        assert!(response.headers()["x-request-id"].to_str().unwrap().starts_with("req_"));
        assert_eq!(response.headers().contains_key("allow"), *status == 405, "{method} {path}");
        let (got, problem) = read(response).await;
        assert_eq!(
            (got, problem["code"].as_str()),
            (*status, Some(*code)),
            "{method} {path} {body}: {problem}"
        );
        assert_eq!(problem["status"], *status);
        assert_eq!(problem["type"], format!("/docs/errors/{code}"));
        for field in ["title", "detail", "hint"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {problem}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_parameter_that_cannot_be_used_is_told_with_what_is_expected() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    for (path, detail) in [
        ("/runs?limit=abc", "`limit` is a whole number"),
        ("/messages?limit=-1", "`limit` is a whole number"),
        ("/calls?limit=99999999999", "`limit` is a smaller number"),
        ("/runs?limit=5&limit=6", "`limit` is given more than once"),
        ("/runs?limit=501", "`limit` is 1 to 500"),
        ("/runs?status=lost", "`status` is one of `running`, `completed`, `failed`, `canceled`"),
        ("/messages?direction=up", "`direction` is `inbound` or `outbound`"),
        ("/conversations?run=7", "`run` is an id such as `run_01jd2x3y4z`"),
        ("/workflows/appointment-reminder/versions/one", "`one` in the path is no whole number"),
    ] {
        let (status, problem) = admin.call(Method::GET, path, None).await;
        assert_eq!((status, problem["detail"].as_str()), (400, Some(detail)), "{path}: {problem}");
    }
    app.finish().await;
}

#[tokio::test]
async fn every_code_is_explained_where_its_type_leads() {
    let app = TestApp::start().await;
    for info in PROBLEMS {
        let page = app.http.get(format!("{}/docs/errors/{}", app.url, info.name)).send().await.unwrap();
        assert_eq!(page.status(), 200, "{}", info.name);
        let page = page.text().await.unwrap();
        assert!(page.starts_with(&format!("# `{}`", info.name)) && page.len() > info.hint.len(), "{page}");
    }
    let unknown = app.http.get(format!("{}/docs/errors/unheard_of", app.url)).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    app.finish().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_or_of_another_type_is_not_read() {
    let app = TestApp::start_with(&[("SWITCHBOARD_LIMITS_API_BODY_BYTES", "2048")]).await;
    let admin = Caller::admin(&app);
    let large = json!({ "to": "+15557654321", "body": "x".repeat(3000) });
    let (status, problem) = admin.call(Method::POST, "/messages", Some(&large)).await;
    assert_eq!((status, &problem["code"]), (413, &json!("body_too_large")));
    let keyed = admin.request(Method::POST, "/messages").header("idempotency-key", "k").json(&large);
    assert_eq!(read(keyed.send().await.unwrap()).await.0, 413);
    let xml = admin.request(Method::POST, "/messages").header("content-type", "application/xml").body("<a/>");
    assert_eq!(read(xml.send().await.unwrap()).await.0, 415);
    app.finish().await;
}

#[tokio::test]
async fn without_a_database_callers_are_asked_to_come_again() {
    let app = TestApp::start().await;
    app.state.store.close().await;
    let admin = Caller::admin(&app);
    let response = admin.request(Method::GET, "/runs").send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
    let (status, problem) = read(response).await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")));
    let ready = app.http.get(format!("{}/readyz", app.url)).send().await.unwrap();
    let (status, ready) = read(ready).await;
    assert_eq!((status, &ready["ready"], &ready["database"]), (503, &json!(false), &json!("not writable")));
    assert_eq!(app.http.get(format!("{}/healthz", app.url)).send().await.unwrap().status(), 200);
    app.stop().await;
}

#[tokio::test]
async fn a_file_with_errors_is_not_published_and_says_where_they_are() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let broken = STANDS_STILL.replace("duration", "duraton");
    let (status, problem) = admin.put_file("still", &broken).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_file")), "{problem}");
    let unknown_key = |d: &&Value| d["code"] == "unknown_key";
    let found = problem["diagnostics"].as_array().unwrap().iter().find(unknown_key).unwrap();
    assert_eq!((&found["line"], &found["severity"]), (&json!(5), &json!("error")), "{found}");
    assert!(found["hint"].as_str().unwrap().contains("duration"), "{found}");
    assert_eq!(admin.call(Method::GET, "/workflows/still", None).await.0, 404);

    let (status, problem) = admin.put_file("other", STANDS_STILL).await;
    assert_eq!((status, &problem["code"]), (422, &json!("name_mismatch")));
    let thief = "name: thief\ntrigger: {type: webhook, path: appointment}\nblocks:\n  - {id: a, type: end}\n";
    let (status, problem) = admin.put_file("thief", thief).await;
    assert_eq!((status, &problem["code"]), (409, &json!("conflict")), "{problem}");
    app.finish().await;
}
