//! Workflows are published, run, followed, and read again.

use super::caller::{Caller, STANDS_STILL};
use crate::whole::app::{PHONE, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_reminder_can_be_run_and_read_by_the_api_alone() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let run = admin.remind().await;
    app.inbox_of(1).await;
    app.phone_says("YES").await;
    app.inbox_of(2).await;
    app.eventually(async || {
        (admin.get(&format!("/runs/{run}")).await["status"] == "completed").then_some(())
    })
    .await;
    app.quiet().await;

    let view = admin.get(&format!("/runs/{run}")).await;
    assert_eq!(view["variables"]["patientName"], "Ann");
    assert_eq!(view["result"]["outcome"], "confirmed");
    assert_eq!((&view["position"], &view["cause"]), (&Value::Null, &Value::Null));
    let log = admin.get(&format!("/runs/{run}/log")).await;
    let sentences: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|line| line["sentence"].as_str().unwrap()).collect();
    assert_eq!(sentences.last(), Some(&"run completed"), "{sentences:?}");
    assert!(sentences.iter().any(|line| line.contains("took the answer “YES”")), "{sentences:?}");

    let messages = admin.get(&format!("/runs/{run}/messages")).await;
    let first = &messages["items"][1];
    assert_eq!(
        (&first["to"], &first["step"], &first["status"]),
        (&json!(PHONE), &json!(1), &json!("delivered"))
    );
    assert!(first["sid"].as_str().unwrap().starts_with("SM"));
    let history: Vec<&str> = first["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["event"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(history[..3], ["dispatching", "accepted", "status_reported"], "{history:?}");
    let alone = admin.get(&format!("/messages/{}", first["id"].as_str().unwrap())).await;
    assert_eq!(&alone, first);
    app.finish().await;
}

#[tokio::test]
async fn publishing_counts_versions_and_keeps_every_source() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let second = STANDS_STILL.replace("7d", "6d");
    for (source, version) in [(STANDS_STILL, 1), (STANDS_STILL, 1), (second.as_str(), 2)] {
        let (status, published) = admin.put_file("still", source).await;
        assert_eq!((status, &published["version"]), (200, &json!(version)), "{published}");
    }
    let json = json!({ "name": "in-json", "blocks": [{ "id": "a", "type": "end" }] }).to_string();
    assert_eq!(admin.put_file("in-json", &json).await.0, 200);
    let latest = admin.get("/workflows/still").await;
    assert_eq!((&latest["version"], &latest["source"]), (&json!(2), &json!(second)));
    assert_eq!(
        latest["input"],
        json!([{ "name": "name", "required": true, "schema": { "type": "string" } }])
    );
    assert_eq!(admin.get("/workflows/still/versions/1").await["source"], STANDS_STILL);
    let names = admin.get("/workflows").await;
    let names: Vec<&str> =
        names["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["appointment-reminder", "in-json", "still"]);
    app.finish().await;
}

#[tokio::test]
async fn a_run_can_be_waited_for_listed_in_pages_and_ended() {
    let app = TestApp::start().await;
    let admin = Caller::admin(&app);
    let quick = "name: quick\nblocks:\n  - {id: done, type: end, result: {answer: \"42\"}}\n";
    assert_eq!(admin.put_file("quick", quick).await.0, 200);
    let body = json!({ "wait": "20s" });
    let (status, started) = admin.call(Method::POST, "/workflows/quick/runs", Some(&body)).await;
    assert_eq!((status, &started["status"]), (201, &json!("completed")), "{started}");
    assert_eq!(started["result"], json!({ "answer": "42" }));
    let (status, problem) =
        admin.call(Method::POST, "/workflows/quick/runs", Some(&json!({ "wait": "soon" }))).await;
    assert_eq!((status, &problem["code"]), (422, &json!("bad_input")));

    assert_eq!(admin.put_file("still", STANDS_STILL).await.0, 200);
    let mut runs = Vec::new();
    for _ in 0..3 {
        let body = json!({ "input": { "name": "Ann" } });
        let (_, started) = admin.call(Method::POST, "/workflows/still/runs", Some(&body)).await;
        runs.insert(0, started["run"].clone());
    }
    let first = admin.get("/runs?workflow=still&limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = admin.get(&format!("/runs?workflow=still&limit=2&cursor={next}")).await;
    assert_eq!(second["next"], Value::Null);
    let pages = first["items"].as_array().unwrap().iter().chain(second["items"].as_array().unwrap());
    assert_eq!(pages.map(|run| run["id"].clone()).collect::<Vec<_>>(), runs);

    for run in &runs {
        let path = format!("/runs/{}", run.as_str().unwrap());
        assert_eq!(admin.get(&path).await["position"]["block"], "pause");
        for canceled in [true, false] {
            let (status, answer) = admin.call(Method::POST, &format!("{path}/cancel"), None).await;
            assert_eq!((status, &answer["canceled"]), (200, &json!(canceled)));
        }
        assert_eq!(admin.get(&path).await["canceledBy"], "dev");
    }
    assert_eq!(admin.get("/runs?status=canceled").await["items"].as_array().unwrap().len(), 3);
    app.finish().await;
}
