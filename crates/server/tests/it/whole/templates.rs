//! What is shown of texts with templates: what was handed over, and nothing before that.

use super::app::{PHONE, TestApp};
use crate::api::caller::Caller;
use crate::cli::online::said;
use emulator::{DEFAULT_NUMBER, Fixture};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

const TEMPLATE: &str = "HX00000000000000000000000000000001";
const PICTURE: &str = "https://example.com/a.png";

async fn app() -> TestApp {
    let mut fixture = Fixture::default();
    let template = json!([{ "sid": TEMPLATE, "friendlyName": "Visit", "body": "Hello {{1}}." }]);
    fixture.accounts[0].contents = serde_json::from_value(template).unwrap();
    TestApp::start_in(&[], fixture).await
}

impl Caller<'_> {
    /// Sends a text with the template and more; its id.
    async fn sends_template(&self, channel: &str, more: &Value) -> String {
        let mut text = json!({ "channel": channel, "to": PHONE, "from": DEFAULT_NUMBER, "contentSid": TEMPLATE,
            "contentVariables": { "1": "Ann" } });
        text.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, text) = self.call(Method::POST, "/messages", Some(&text)).await;
        assert_eq!(status, 202, "{text}");
        text["id"].as_str().unwrap().to_owned()
    }
}

/// `sentAs`, the template, the words and the media of a text.
async fn shown(app: &TestApp, id: &str) -> Value {
    let text = Caller::admin(app).get(&format!("/messages/{id}")).await;
    json!([text["sentAs"], text["contentSid"], text["body"], text["media"]])
}

#[tokio::test]
async fn what_is_shown_is_what_went_out() {
    let app = app().await;
    let caller = Caller::admin(&app);
    let as_template = json!(["template", TEMPLATE, "Hello Ann.", null]);
    let all = json!({ "body": "Free words.", "media": [PICTURE] });
    for (channel, more) in [
        ("sms", json!({})),
        ("sms", json!({ "body": "Free words." })),
        ("sms", all.clone()),
        ("whatsapp", json!({})),
        ("whatsapp", json!({ "media": [PICTURE] })),
        ("whatsapp", all.clone()),
    ] {
        let id = caller.sends_template(channel, &more).await;
        app.eventually(async || (shown(&app, &id).await == as_template).then_some(())).await;
    }
    let got = app.inbox_of(6).await;
    assert!(got.iter().all(|text| text == "Hello Ann."), "{got:?}");
    // Inside of the window the rest goes out, and the template does not.
    let url = format!("{}/emulator/v1/phones/{PHONE}/messages", app.emulator_url);
    let wrote = json!({ "to": format!("whatsapp:{DEFAULT_NUMBER}"), "body": "Hi" });
    assert!(app.http.post(url).json(&wrote).send().await.unwrap().status().is_success());
    app.quiet().await;
    for (more, expected) in [
        (json!({ "media": [PICTURE] }), json!(["text", null, null, [PICTURE]])),
        (all, json!(["text", null, "Free words.", [PICTURE]])),
        (json!({}), as_template),
    ] {
        let id = caller.sends_template("whatsapp", &more).await;
        app.eventually(async || (shown(&app, &id).await == expected).then_some(())).await;
    }
    app.quiet().await;
    app.stop().await;
}

#[tokio::test]
async fn while_a_template_waits_nothing_says_that_it_was_sent() {
    let app = app().await;
    let caller = Caller::admin(&app);
    let busy = json!({ "do": "tooManyRequests", "retryAfterS": 600 });
    app.rule(&json!({ "when": { "operation": "createMessage" }, "then": busy, "times": 1 })).await;
    let id = caller.sends_template("whatsapp", &json!({})).await;
    app.quiet().await;
    assert_eq!(shown(&app, &id).await, json!([null, TEMPLATE, null, null]));
    let told = said(&app, &["messages", "show", &id]).await;
    assert!(told.contains(&format!("\ntemplate {TEMPLATE} (1: Ann)\n")), "there is nothing but it:\n{told}");
    app.clock.advance(SignedDuration::from_mins(11)).await;
    app.inbox_of(1).await;
    app.quiet().await;
    app.stop().await;
}
