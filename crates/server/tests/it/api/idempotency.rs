//! The same request twice.

use super::caller::{Caller, STANDS_STILL, read};
use crate::whole::app::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

async fn keyed(caller: &Caller<'_>, path: &str, key: &str, body: &Value) -> (u16, bool, Value) {
    let request = caller.request(Method::POST, path).header("idempotency-key", key).json(body);
    let response = request.send().await.unwrap();
    let replayed = response.headers().contains_key("idempotency-replayed");
    let (status, body) = read(response).await;
    (status, replayed, body)
}

#[tokio::test]
async fn a_key_has_one_effect_and_one_answer() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    assert_eq!(admin.put_file("still", STANDS_STILL).await.0, 200);
    let path = "/workflows/still/runs";
    let body = json!({ "input": { "name": "Ann" } });
    let (status, replayed, first) = keyed(&admin, path, "k1", &body).await;
    assert_eq!((status, replayed), (201, false), "{first}");
    assert_eq!(keyed(&admin, path, "k1", &body).await, (201, true, first.clone()));

    let other = json!({ "input": { "name": "Bob" } });
    let (status, _, problem) = keyed(&admin, path, "k1", &other).await;
    assert_eq!((status, &problem["code"]), (422, &json!("idempotency_key_reused")));
    let runner = admin.with_scopes(&["run"]).await;
    let (status, _, theirs) = keyed(&runner, path, "k1", &body).await;
    assert_eq!(status, 201, "another token has keys of its own");
    assert_ne!(theirs["run"], first["run"]);
    assert_eq!(admin.get("/runs?workflow=still").await["items"].as_array().unwrap().len(), 2);

    // What was refused for its content is refused again in the same words.
    let (status, _, refused) = keyed(&admin, path, "k2", &json!({})).await;
    assert_eq!(status, 422);
    assert_eq!(keyed(&admin, path, "k2", &json!({})).await, (422, true, refused));
    for key in ["", &"k".repeat(256)] {
        assert_eq!(keyed(&admin, path, key, &body).await.2["code"], "bad_idempotency_key");
    }
    let (_, _, problem) = keyed(&admin, "/tokens", "k3", &json!({ "name": "x", "scopes": ["read"] })).await;
    assert_eq!(problem["code"], "key_not_taken");
    app.stop().await;
}

#[tokio::test]
async fn a_second_request_while_the_first_is_under_way_is_told_so() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    assert_eq!(admin.put_file("still", STANDS_STILL).await.0, 200);
    let path = "/workflows/still/runs";
    let body = json!({ "input": { "name": "Ann" }, "wait": "30s" });
    let first = keyed(&admin, path, "k", &body);
    let second = async {
        let run = app
            .eventually(async || {
                let runs = admin.get("/runs?workflow=still").await;
                runs["items"][0]["id"].as_str().map(str::to_owned)
            })
            .await;
        let (status, _, problem) = keyed(&admin, path, "k", &body).await;
        assert_eq!((status, &problem["code"]), (409, &json!("request_in_progress")));
        let (status, canceled) = admin.call(Method::POST, &format!("/runs/{run}/cancel"), None).await;
        assert_eq!((status, &canceled["canceled"]), (200, &json!(true)));
    };
    let ((status, _, answer), ()) = tokio::join!(first, second);
    assert_eq!((status, &answer["status"]), (201, &json!("canceled")), "{answer}");
    app.finish().await;
}

#[tokio::test]
async fn a_key_that_a_stopped_server_left_gets_the_run_of_then() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    assert_eq!(admin.put_file("still", STANDS_STILL).await.0, 200);
    let (path, body) = ("/workflows/still/runs", json!({ "input": { "name": "Ann" } }));
    let (_, _, first) = keyed(&admin, path, "k", &body).await;
    // The server stopped after the run was stored and before its answer was kept.
    let tokens = admin.get("/tokens").await;
    let name = format!("{}|POST /api/v1{path}|k", tokens["items"][0]["id"].as_str().unwrap());
    app.state
        .store
        .prune(jiff::Timestamp::MIN, app.state.host.now() + jiff::SignedDuration::from_secs(1))
        .await
        .unwrap();
    let left = store::record::IdempotencyRecord {
        key: name,
        body_hash: "of then".into(),
        answer: None,
        created_at: app.state.host.now() - jiff::SignedDuration::from_mins(5),
    };
    assert!(app.state.store.begin_idempotent(left).await.unwrap().is_none());
    let (status, replayed, again) = keyed(&admin, path, "k", &body).await;
    assert_eq!((status, replayed, &again["run"]), (200, false, &first["run"]));
    app.stop().await;
}
