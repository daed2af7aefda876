//! Somebody who calls the API of a test's server.

use crate::whole::app::{PHONE, TestApp};
use reqwest::{Method, Response};
use serde_json::{Value, json};

pub(crate) struct Caller<'a> {
    app: &'a TestApp,
    token: String,
}

/// A workflow that waits for an answer to nothing, and so stands still.
pub(crate) const STANDS_STILL: &str = "
name: still
input: {name: {type: string}}
blocks:
  - {id: pause, type: wait, duration: 7d}
";

impl<'a> Caller<'a> {
    /// With the token that `dev` made, which may do everything.
    pub(crate) fn admin(app: &'a TestApp) -> Caller<'a> {
        let token = std::fs::read_to_string(app.folder().join("token")).unwrap();
        Caller { app, token }
    }

    pub(crate) fn with_token(app: &'a TestApp, token: &str) -> Caller<'a> {
        Caller { app, token: token.to_owned() }
    }

    /// A new token of these scopes, made by the API.
    pub(crate) async fn with_scopes(&self, scopes: &[&str]) -> Caller<'a> {
        let body = json!({ "name": scopes.join(" and "), "scopes": scopes });
        let (status, made) = self.call(Method::POST, "/tokens", Some(&body)).await;
        assert_eq!(status, 201, "{made}");
        Caller::with_token(self.app, made["token"].as_str().unwrap())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.app.http.request(method, format!("{}/api/v1{path}", self.app.url)).bearer_auth(&self.token)
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) async fn put_file(&self, name: &str, source: &str) -> (u16, Value) {
        let request = self.request(Method::PUT, &format!("/workflows/{name}")).body(source.to_owned());
        read(request.send().await.unwrap()).await
    }

    /// Starts the example for the made-up person; its id.
    pub(crate) async fn remind(&self) -> String {
        let body = json!({ "input": { "patientPhone": PHONE, "patientName": "Ann" } });
        let (status, started) =
            self.call(Method::POST, "/workflows/appointment-reminder/runs", Some(&body)).await;
        assert_eq!(status, 201, "{started}");
        started["run"].as_str().unwrap().to_owned()
    }
}

/// Status and body; nothing counts as null.
pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    (status, body)
}
