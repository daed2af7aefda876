//! Accounts, subaccounts, keys, concurrency.

use emulator::DEFAULT_ACCOUNT;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ANN, OURS, Stage};

#[tokio::test]
async fn a_subaccount_has_a_token_of_its_own_and_its_owner_may_act_for_it() {
    let stage = Stage::new().await;
    let sub = stage.post("/2010-04-01/Accounts.json", &[("FriendlyName", "Branch")]).await;
    assert_eq!((sub.status, &sub.json["owner_account_sid"]), (201, &json!(DEFAULT_ACCOUNT)));
    let (sid, token) = (sub.sid(), sub.json["auth_token"].as_str().unwrap().to_owned());
    let messages = format!("/2010-04-01/Accounts/{sid}/Messages.json");
    assert_eq!(stage.get(&messages).await.status, 200);
    let by_sub = |path: &str| stage.request(Method::GET, path).basic_auth(&sid, Some(&token));
    assert_eq!(stage.send(by_sub(&messages)).await.unwrap().status, 200);
    let owner = crate::stage::account_path("Messages.json");
    assert_eq!(stage.send(by_sub(&owner)).await.unwrap().status, 401);
    let list = stage.get("/2010-04-01/Accounts.json?FriendlyName=Branch").await.json;
    assert_eq!(list["accounts"][0]["sid"], sid);
    let path = format!("/2010-04-01/Accounts/{sid}.json");
    assert_eq!(stage.post(&path, &[("Status", "suspended")]).await.json["status"], "suspended");
    assert_eq!(stage.get(&messages).await.code(), Some(20003));
    assert_eq!(stage.post(&path, &[("Status", "active")]).await.json["status"], "active");
    assert_eq!(stage.post(&path, &[("Status", "closed")]).await.json["status"], "closed");
    assert_eq!(stage.post(&path, &[("Status", "active")]).await.status, 400);
}

#[tokio::test]
async fn an_api_key_serves_instead_of_the_token() {
    let key = "SK00000000000000000000000000000001";
    let stage = Stage::with_account(json!({"keys": [{"sid": key, "secret": "secret"}]})).await;
    let path = crate::stage::account_path("Balance.json");
    let ask = |secret: &'static str| stage.request(Method::GET, &path).basic_auth(key, Some(secret));
    let answer = stage.send(ask("secret")).await.unwrap();
    assert_eq!(answer.json, json!({"account_sid": DEFAULT_ACCOUNT, "balance": "100.00", "currency": "USD"}));
    assert_eq!(stage.send(ask("guess")).await.unwrap().status, 401);
}

#[tokio::test]
async fn requests_above_the_limit_of_concurrency_are_refused() {
    let stage = Stage::with_account(json!({"concurrentRequestsMax": 1})).await;
    let rule = json!({"then": {"do": "hold", "when": "before"}});
    stage.control(Method::POST, "/faults/rules", rule).await;
    let form = [("To", ANN), ("From", OURS), ("Body", "Hi")];
    let request = stage.by_account(Method::POST, "Messages.json").form(&form);
    let first = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
    stage.control(Method::GET, "/faults/holds?waitMs=10000", Value::Null).await;
    let second = stage.create(&form).await;
    assert_eq!((second.status, second.code()), (429, Some(20429)));
    assert_eq!(second.headers["twilio-concurrent-requests"], "2");
    stage.control(Method::DELETE, "/faults", Value::Null).await;
    assert_eq!(first.await.unwrap(), 201);
    assert_eq!(stage.create(&form).await.status, 201);
}

#[tokio::test]
async fn a_text_between_two_accounts_comes_in_at_the_other() {
    let stage = Stage::with(Stage::fixture(json!({}), json!({}))).await;
    let bought = stage.post("IncomingPhoneNumbers.json", &[("PhoneNumber", "+12125550101")]).await;
    assert_eq!(bought.status, 201);
    stage.text("+12125550101", "across").await;
    stage.wind(1_000).await;
    let list = stage.get("Messages.json?To=%2B12125550101").await.json;
    let directions: Vec<&Value> =
        list["messages"].as_array().unwrap().iter().map(|message| &message["direction"]).collect();
    assert_eq!(directions, ["inbound", "outbound-api"]);
}

#[tokio::test]
async fn the_fixture_may_begin_with_an_account_that_cannot_send() {
    let broke = Stage::with_account(json!({"outOfFunds": true})).await;
    let refused = broke.create(&[("To", ANN), ("From", OURS), ("Body", "Hi")]).await;
    assert_eq!((refused.status, refused.code()), (403, Some(20005)));
    let suspended = Stage::with_account(json!({"status": "suspended"})).await;
    for path in ["Messages.json", "/v1/Services"] {
        assert_eq!(suspended.get(path).await.code(), Some(20003), "{path}");
    }
    let itself = suspended.get(&format!("/2010-04-01/Accounts/{DEFAULT_ACCOUNT}.json")).await;
    assert_eq!(itself.json["status"], "suspended");
}
