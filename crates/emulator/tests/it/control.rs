//! The control API and the page.

use std::sync::Arc;

use emulator::{Emulator, Fixture, FixtureError, Options, StartError};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::stage::{ANN, OURS, Stage};

#[tokio::test]
async fn a_reset_goes_back_to_the_start_and_the_clock_goes_on() {
    let stage = Stage::new().await;
    stage.text(ANN, "Hi").await;
    stage.phone_sends(ANN, json!({"to": OURS, "body": "STOP"})).await;
    stage.control(Method::POST, "/clock/advance", json!({"ms": 60_000})).await;
    assert_eq!(stage.control(Method::POST, "/reset", Value::Null).await.status, 204);
    let state = stage.control(Method::GET, "/state", Value::Null).await.json;
    assert_eq!((&state["messages"], &state["waiting"], &state["busy"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!(state["now"], "2026-03-02T12:01:00Z");
    assert_eq!(stage.create(&[("To", ANN), ("From", OURS), ("Body", "Hi")]).await.status, 201);
}

#[tokio::test]
async fn the_log_tells_everything_in_order_and_goes_on_from_a_number() {
    let stage = Stage::new().await;
    let sid = stage.text(ANN, "Hi").await;
    stage.wind(1_000).await;
    let log = stage.control(Method::GET, &format!("/log?message={sid}"), Value::Null).await.json;
    let told: Vec<(&str, &str)> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["kind"].as_str().unwrap(), entry["status"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [
            ("messageCreated", ""),
            ("statusChanged", "queued"),
            ("request", ""),
            ("statusChanged", "sending"),
            ("statusChanged", "sent"),
            ("statusChanged", "delivered"),
        ]
    );
    let last = log["last"].as_u64().unwrap();
    stage.get("Balance.json").await;
    let rest = stage.control(Method::GET, &format!("/log?after={last}"), Value::Null).await.json;
    assert_eq!(rest["entries"].as_array().unwrap().len(), 1);
    assert_eq!(rest["entries"][0]["path"], crate::stage::account_path("Balance.json"));
}

#[tokio::test]
async fn a_clock_that_cannot_be_wound_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shutdown = CancellationToken::new();
    let running = Emulator::start(Options::new(listener), shutdown.clone()).unwrap();
    let url = format!("{}/emulator/v1/clock", running.url());
    let client = reqwest::Client::new();
    let answer = client.post(format!("{url}/advance")).body(r#"{"ms":1}"#).send().await.unwrap();
    assert_eq!(answer.status(), 409);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let clock: Value = client.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(clock["canWind"], false);
    shutdown.cancel();
    running.stopped().await;
    assert!(client.get(&url).send().await.is_err(), "after shutdown nobody answers");
}

#[tokio::test]
async fn every_path_is_described() {
    let stage = Stage::new().await;
    let description = stage.control(Method::GET, "/openapi.json", Value::Null).await.json;
    assert_eq!(description, serde_json::to_value(emulator::openapi()).unwrap());
    let paths = description["paths"].as_object().unwrap();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            let text = operation["summary"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path} has no summary");
            assert!(
                !operation["responses"].as_object().unwrap().is_empty(),
                "{method} {path} has no answers"
            );
        }
        // A path that is described is there: it does not answer as an unknown one does.
        let real = path
            .replace("{number}", ANN)
            .replace("{sid}", emulator::DEFAULT_ACCOUNT)
            .replace("{id}", "1")
            .replace("/emulator/v1", "");
        let answer = stage.control(Method::OPTIONS, &real, Value::Null).await;
        assert_eq!(answer.status, 405, "{path}");
    }
    let unknown = stage.control(Method::GET, "/nothing", Value::Null).await;
    assert_eq!((unknown.status, &unknown.json["title"]), (404, &json!("Not Found")));
}

#[tokio::test]
async fn other_sites_may_not_drive_it_from_a_browser() {
    let stage = Stage::new().await;
    let reset = |origin: &str| stage.request(Method::POST, "/emulator/v1/reset").header("Origin", origin);
    assert_eq!(stage.send(reset("https://example.com")).await.unwrap().status, 403);
    assert_eq!(stage.send(reset(&stage.url)).await.unwrap().status, 204);
}

#[tokio::test]
async fn the_page_forbids_what_it_does_not_need() {
    let stage = Stage::new().await;
    let page = stage.request(Method::GET, "/emulator").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"));
    assert!(!policy.contains("unsafe"), "nothing that stands in the page itself is executed");
    let html = page.text().await.unwrap();
    let mut texts = vec![html.clone()];
    let mut wanted: Vec<String> =
        html.split('"').filter(|part| part.starts_with("/emulator/page/")).map(str::to_owned).collect();
    let mut fetched = Vec::new();
    while let Some(path) = wanted.pop() {
        if fetched.contains(&path) {
            continue;
        }
        let file = stage.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(file.status(), 200, "{path}");
        let text = file.text().await.unwrap();
        let imports = text.split('"').filter_map(|part| part.strip_prefix("./"));
        wanted.extend(imports.map(|name| format!("/emulator/page/{name}")));
        texts.push(text);
        fetched.push(path);
    }
    assert!(fetched.len() > 2, "style and scripts: {fetched:?}");
    for text in texts {
        assert!(
            !text.contains("innerHTML") && !text.contains("http://") && !text.contains("https://"),
            "self-contained"
        );
    }
    let unknown = stage.request(Method::GET, "/emulator/page/other.js").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_fixture_that_cannot_be_is_refused_with_its_place() {
    for (fixture, place) in [
        (json!({"accounts": [{"sid": "AC1", "token": "t"}]}), "accounts[0]"),
        (json!({"phones": [{"number": "5550001111"}]}), "phones[0]"),
        (
            json!({"accounts": [{"sid": emulator::DEFAULT_ACCOUNT, "token": "t", "numbers": [{"phoneNumber": "1"}]}]}),
            "accounts[0].numbers[0]",
        ),
        (
            json!({"carriers": [{"from": "+15550000009", "to": "+15550000000", "outcome": {"kind": "noReceipt"}}]}),
            "carriers[0]",
        ),
        (json!({"faults": {"chances": {"dropAfter": -1}}}), "faults"),
        (json!({"callbackStatuses": ["arrived"]}), "callbackStatuses"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fixture = Fixture::from_json(&fixture.to_string()).unwrap();
        let options = Options { fixture, ..Options::new(listener) };
        let Err(StartError::Fixture(FixtureError::Value { place: at, .. })) =
            Emulator::start(options, CancellationToken::new())
        else {
            panic!("{place} was taken");
        };
        assert_eq!(at, place);
    }
}

#[tokio::test]
async fn many_messages_do_not_slow_a_page_down() {
    let stage = Arc::new(Stage::new().await);
    let senders = (0..8).map(|sender| {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move {
            for number in 0..250 {
                let to = format!("+1555{sender}{number:06}");
                stage.text(&to, "Hi").await;
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
    stage.wind(1_000).await;
    let mut path = "Messages.json?PageSize=1000".to_owned();
    let mut seen = std::collections::HashSet::new();
    loop {
        let page = stage.get(&path).await.json;
        seen.extend(page["messages"].as_array().unwrap().iter().map(|message| message["sid"].to_string()));
        match page["next_page_uri"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => break,
        }
    }
    assert_eq!(seen.len(), 2_000);
}

#[tokio::test]
async fn scripts_and_fixtures_may_be_yaml() {
    let stage = Stage::new().await;
    let add = async |path: &str, text: &'static str| {
        let request = stage.request(Method::POST, &format!("/emulator/v1{path}"));
        let request = request.header("Content-Type", "application/yaml; charset=utf-8").body(text);
        stage.send(request).await.unwrap()
    };
    let script = "rules:\n  - hears: {contains: your name}\n    do:\n      - say: Ann   # or anybody\n";
    let path = format!("/phones/{ANN}/callScripts");
    assert_eq!(add(&path, script).await.status, 201);
    let kept = stage.control(Method::GET, &path, Value::Null).await.json;
    assert_eq!(kept[0]["script"]["rules"][0]["do"][0]["say"], "Ann");
    let texts = format!("/phones/{ANN}/scripts");
    assert_eq!(add(&texts, "when: {contains: \"1\"}\nanswer: {body: yes}\n").await.status, 201);
    let kept = stage.control(Method::GET, &texts, Value::Null).await.json;
    assert_eq!(kept[0]["rule"]["answer"]["body"], "yes");
    for (wrong, detail) in [
        ("rules: [", "line "),
        ("rulez: []", "the whole: unknown field `rulez`"),
        ("rules:\n  - do: [{say: x, press: 1}]", "an act does one thing"),
    ] {
        let refused = add(&path, wrong).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.json["detail"].as_str().unwrap().starts_with(detail), "{refused:?}");
    }

    let yaml = "accounts:\n  - sid: AC00000000000000000000000000000001\n    token: secret\n    numbers:\n      \
                - phoneNumber: +15551234567\nphones:\n  - number: +15550001111\n    profileName: Ann\n";
    let stage = Stage::with(Fixture::from_yaml(yaml).unwrap()).await;
    let phones = stage.control(Method::GET, "/phones", Value::Null).await.json;
    assert_eq!(phones[0]["profileName"], "Ann");
    assert!(matches!(Fixture::from_yaml("accounts: 1"), Err(FixtureError::Yaml(_))));
}
