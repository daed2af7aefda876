//! `credentials test`: what a credential's account is like, or what is wrong.

use super::app::{PHONE, TestApp};
use emulator::{
    DEFAULT_ACCOUNT, DEFAULT_NUMBER, DEFAULT_TEST_ACCOUNT, DEFAULT_TEST_TOKEN, DEFAULT_TOKEN, Fixture,
    KeyFixture,
};
use serde_json::{Value, json};
use server::outbound::{AccountReport, Severity};

const KEY: &str = "SK00000000000000000000000000000001";
const SECRET: &str = "0123456789abcdef";

impl TestApp {
    /// Replaces fields of the credential `dev` and tests it.
    async fn test_with(&self, fields: Value) -> AccountReport {
        let mut draft = json!({
            "kind": "twilio", "name": "dev", "accountSid": DEFAULT_ACCOUNT, "authToken": DEFAULT_TOKEN,
            "apiBase": self.emulator_url,
        });
        draft.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let draft: server::credentials::Draft = serde_json::from_value(draft).unwrap();
        self.state.credentials.put(&draft, self.state.host.now()).await.unwrap();
        self.state.carrier.test("dev").await.unwrap()
    }
}

/// The first finding of this severity.
fn told(report: &AccountReport, severity: Severity) -> &str {
    let finding = report.findings.iter().find(|finding| finding.severity == severity);
    &finding.unwrap_or_else(|| panic!("{report:?}")).message
}

#[tokio::test]
async fn an_account_that_works_is_described() {
    let app = TestApp::start().await;
    let report = app.state.carrier.test("dev").await.unwrap();
    assert!(report.is_usable(), "{report:?}");
    assert_eq!((report.kind.as_deref(), report.status.as_deref()), (Some("Full"), Some("active")));
    assert_eq!(
        report.numbers.iter().map(|number| number.number.as_str()).collect::<Vec<_>>(),
        [DEFAULT_NUMBER]
    );
    let balance = report.balance.unwrap();
    assert!(balance.ends_with(" USD"), "{balance}");
    app.finish().await;
}

#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let app = TestApp::start().await;
    let wrong = app.test_with(json!({ "authToken": "00000000000000000000000000000009" })).await;
    assert_eq!(
        told(&wrong, Severity::Error),
        "the provider does not accept the account SID with this auth token"
    );

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let unreachable = app.test_with(json!({ "apiBase": format!("http://{nobody}") })).await;
    assert!(told(&unreachable, Severity::Error).starts_with("127.0.0.1 cannot be reached: "));

    let test = json!({ "accountSid": DEFAULT_TEST_ACCOUNT, "authToken": DEFAULT_TEST_TOKEN });
    assert_eq!(
        told(&app.test_with(test.clone()).await, Severity::Error),
        "these are Twilio's test credentials"
    );
    let mut marked = test;
    marked["test"] = true.into();
    let report = app.test_with(marked).await;
    assert!(
        report.is_usable() && told(&report, Severity::Info).starts_with("test credentials"),
        "{report:?}"
    );
    let live = app.test_with(json!({ "test": true })).await;
    assert_eq!(told(&live, Severity::Error), "these are live credentials, marked as test credentials");

    let url = format!("{}/emulator/v1/accounts/{DEFAULT_ACCOUNT}", app.emulator_url);
    let changed = app.http.patch(url).json(&json!({ "status": "suspended" })).send().await.unwrap();
    assert!(changed.status().is_success(), "{}", changed.text().await.unwrap());
    let suspended = app.test_with(json!({})).await;
    assert_eq!(told(&suspended, Severity::Error), "the account is suspended: nothing is sent");
    app.stop().await;
}

#[tokio::test]
async fn one_account_has_one_credential() {
    let app = TestApp::start().await;
    let put = async |name: &str, account: &str| {
        let draft = json!({
            "kind": "twilio", "name": name, "accountSid": account, "authToken": DEFAULT_TOKEN,
            "apiBase": app.emulator_url,
        });
        let draft: server::credentials::Draft = serde_json::from_value(draft).unwrap();
        let kept = app.state.credentials.put(&draft, app.state.host.now()).await;
        kept.map(|summary| summary.name).map_err(|error| error.to_string())
    };
    let refused = "the credential cannot be used: accountSid: credential \"dev\" is of this account already, \
                   and each text would be taken in twice: replace that one, or delete it first";
    assert_eq!(put("second", DEFAULT_ACCOUNT).await.unwrap_err(), refused);
    assert_eq!(put("dev", DEFAULT_ACCOUNT).await.unwrap(), "dev");
    assert_eq!(put("second", DEFAULT_TEST_ACCOUNT).await.unwrap(), "second");
    assert_eq!(put("second", DEFAULT_ACCOUNT).await.unwrap_err(), refused);
    app.stop().await;
}

#[tokio::test]
async fn an_api_key_makes_the_requests_and_the_token_checks_the_signatures() {
    let mut fixture = Fixture::default();
    fixture.accounts[0].keys.push(KeyFixture { sid: KEY.into(), secret: SECRET.into(), friendly_name: None });
    let app = TestApp::start_in(&[], fixture).await;
    let report = app.test_with(json!({ "apiKeySid": KEY, "apiKeySecret": SECRET })).await;
    assert!(report.is_usable(), "{report:?}");
    let run = app.remind().await;
    app.inbox_of(1).await;
    app.phone_says("YES").await;
    app.ended(&run).await;
    assert_eq!(app.inbox_of(2).await.len(), 2);

    let report = app.test_with(json!({ "apiKeySid": KEY, "apiKeySecret": "deleted" })).await;
    let expected = "the provider does not accept the API key, while the auth token is right";
    assert_eq!(told(&report, Severity::Error), expected);
    app.finish().await;
}

#[tokio::test]
async fn with_test_credentials_nothing_is_sent_and_nothing_waits() {
    let app = TestApp::start().await;
    app.test_with(
        json!({ "accountSid": DEFAULT_TEST_ACCOUNT, "authToken": DEFAULT_TEST_TOKEN, "test": true }),
    )
    .await;
    let workflow = r#"
name: magic
trigger: {type: webhook, path: magic, respond: result}
input: {to: {type: string}}
blocks:
  - {id: tell, type: twilio, messageType: sms, from: "+15005550006", to: "{{to}}", message: Hello}
"#;
    app.publish("magic", workflow).await;
    let (_, body) = app.hook("magic", &json!({ "to": PHONE })).await;
    assert_eq!(body["status"], "completed", "{body}");
    assert_eq!(app.inbox().await, Vec::<String>::new());
    app.finish().await;
}
