//! Who is let in, to what, and how often.

use super::caller::{Caller, read};
use crate::whole::app::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

/// What every operation asks of a token, where it is not `read` for GET and `admin` for the rest.
const OTHERWISE: [(&str, &str, &str); 5] = [
    ("post", "/workflows/{name}/runs", "run"),
    ("post", "/runs/{id}/cancel", "run"),
    ("post", "/messages", "run"),
    ("post", "/calls", "run"),
    ("post", "/check", "read"),
];

#[tokio::test]
async fn every_operation_asks_for_its_scope() {
    let app = TestApp::start_with(&[("SWITCHBOARD_RATE_LIMITS_BAD_TOKENS_PER_MINUTE", "1000")]).await;
    let admin = Caller::admin(&app);
    let stranger = Caller::with_token(&app, "sbt_unknown");
    let (reader, runner) = (admin.with_scopes(&["read"]).await, admin.with_scopes(&["run"]).await);
    let document: Value = serde_json::from_str(&server::api::openapi::document()).unwrap();
    let mut count = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for method in ["get", "put", "post", "delete"].into_iter().filter(|method| item[*method].is_object())
        {
            count += 1;
            let otherwise = OTHERWISE.iter().find(|(m, p, _)| *m == method && *p == path);
            let needed =
                otherwise.map_or(if method == "get" { "read" } else { "admin" }, |(.., scope)| *scope);
            let method: Method = method.to_uppercase().parse().unwrap();
            let concrete = path.replace("{channel}", "sms").replace("{version}", "1");
            let concrete: String = concrete
                .split('/')
                .map(|p| if p.starts_with('{') { "/x" } else { p })
                .fold(String::new(), |path, part| {
                    if part.is_empty() { path } else { path + "/" + part.trim_start_matches('/') }
                });
            let status = async |caller: &Caller<'_>| {
                caller.request(method.clone(), &concrete).send().await.unwrap().status().as_u16()
            };
            assert_eq!(status(&stranger).await, 401, "{method} {path} by a stranger");
            for (caller, scope) in [(&reader, "read"), (&runner, "run")] {
                let refused = status(caller).await == 403;
                assert_eq!(refused, needed != scope, "{method} {path} by a token for {scope}");
            }
        }
    }
    assert!(count >= 25, "only {count} operations were found");
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_let_in_without_a_valid_token() {
    let app = TestApp::start().await;
    let url = format!("{}/api/v1/runs", app.url);
    let bare = app.http.get(&url).send().await.unwrap();
    assert_eq!(bare.headers()["www-authenticate"], "Bearer");
    assert_eq!(read(bare).await.1["code"], "unauthenticated");
    let basic = app.http.get(&url).basic_auth("a", Some("b")).send().await.unwrap();
    assert_eq!(read(basic).await.1["code"], "unauthenticated");

    let admin = Caller::admin(&app);
    let reader = admin.with_scopes(&["read"]).await;
    reader.get("/runs").await;
    let tokens = admin.get("/tokens").await;
    let made = tokens["items"].as_array().unwrap().iter().find(|token| token["name"] == "read").unwrap();
    assert!(tokens.to_string().find("sbt_").is_none(), "a list shows no token");
    let path = format!("/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(admin.call(Method::DELETE, &path, None).await.0, 204);
    let (status, problem) = reader.call(Method::GET, "/runs", None).await;
    assert_eq!((status, &problem["code"]), (401, &json!("bad_token")));
    app.finish().await;
}

#[tokio::test]
async fn a_token_that_asks_too_often_waits_and_the_others_do_not() {
    let app = TestApp::start_with(&[
        ("SWITCHBOARD_RATE_LIMITS_TOKEN_PER_SECOND", "1"),
        ("SWITCHBOARD_RATE_LIMITS_TOKEN_BURST", "3"),
        ("SWITCHBOARD_RATE_LIMITS_BAD_TOKENS_PER_MINUTE", "2"),
    ])
    .await;
    let admin = Caller::admin(&app);
    let reader = admin.with_scopes(&["read"]).await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(reader.request(Method::GET, "/runs").send().await.unwrap());
    }
    let refused = answers.into_iter().find(|answer| answer.status() == 429).expect("a burst of 3 is allowed");
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&seconds));
    assert_eq!(read(refused).await.1["code"], "too_many_requests");
    admin.get("/runs").await;

    // Whoever guesses is kept out for a while, and whoever has a good token at the same address is not.
    let stranger = Caller::with_token(&app, "sbt_wrong");
    for expected in [401, 401, 429] {
        assert_eq!(stranger.call(Method::GET, "/runs", None).await.0, expected);
    }
    admin.get("/runs").await;
    app.finish().await;
}
