//! A secret for a server of somebody else, as it is entered.

use super::{Problems, format};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

/// A secret that requests of agents carry, and the hosts that may get it. It is one of three: a token (`Authorization:
/// Bearer …`), a header with its value, or a user with a password.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpDraft {
    pub name: String,
    /// Hosts that may get the secret, such as `api.example.com`. An address elsewhere goes without any request.
    #[serde(default)]
    pub hosts: Vec<String>,
    #[serde(default)]
    pub token: Option<SecretString>,
    #[serde(default)]
    pub header: Option<String>,
    #[serde(default)]
    pub value: Option<SecretString>,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password: Option<SecretString>,
}

/// Headers that a request makes by itself.
const OWN_HEADERS: [&str; 7] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "content-type",
    "user-agent",
    "idempotency-key",
];

impl HttpDraft {
    pub const KIND: &str = "http";

    pub(super) fn check(&self, problems: &mut Problems) {
        if self.hosts.is_empty() {
            problems
                .add("hosts", "is missing: name the hosts that may get the secret, such as api.example.com");
        }
        for host in &self.hosts {
            let host = host.trim();
            let parsed = url::Host::parse(host);
            if !parsed.is_ok_and(|parsed| parsed.to_string().eq_ignore_ascii_case(host)) {
                problems
                    .add("hosts", "must be hosts alone, such as api.example.com: no https://, port or path");
            }
        }
        let ways = [self.token.is_some(), self.header.is_some() || self.value.is_some(), self.has_user()];
        match ways.iter().filter(|way| **way).count() {
            1 => {}
            0 => problems.add("token", "is missing; or give header and value, or user and password"),
            _ => problems
                .add("token", "is one of three ways: token, or header and value, or user and password"),
        }
        self.check_header(problems);
        if self.has_user() && (self.user.is_none() || self.password.is_none()) {
            problems.add("password", "user and password go together");
        }
        if self.user.as_ref().is_some_and(|user| user.contains(':')) {
            problems.add("user", "must not contain a colon");
        }
        for (name, secret) in [("token", &self.token), ("value", &self.value), ("password", &self.password)] {
            if let Some(secret) = secret {
                check_secret(name, secret, problems);
            }
        }
    }

    fn check_header(&self, problems: &mut Problems) {
        let Some(header) = &self.header else {
            if self.value.is_some() {
                problems.add("header", "is missing: the name of the header that carries the value");
            }
            return;
        };
        if self.value.is_none() {
            problems.add("value", "is missing: what the header says");
        }
        let header = header.trim();
        if HeaderName::try_from(header).is_err() {
            problems.add("header", "must be the name of a header, such as X-Api-Key");
        } else if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(header)) {
            problems.add("header", "is one that requests set by themselves");
        }
    }

    fn has_user(&self) -> bool {
        self.user.is_some() || self.password.is_some()
    }

    pub(super) fn public(&self) -> Value {
        let hosts: Vec<String> = self.hosts.iter().map(|host| host.trim().to_ascii_lowercase()).collect();
        let mut public = json!({ "hosts": hosts });
        for (name, value) in [("header", &self.header), ("user", &self.user)] {
            if let Some(value) = value {
                public[name] = value.trim().into();
            }
        }
        public
    }

    pub(super) fn each_secret(&self, mut put: impl FnMut(&str, &SecretString)) {
        for (name, secret) in [("token", &self.token), ("value", &self.value), ("password", &self.password)] {
            if let Some(secret) = secret {
                put(name, secret);
            }
        }
    }
}

fn check_secret(name: &'static str, secret: &SecretString, problems: &mut Problems) {
    let secret = secret.expose_secret().trim();
    if secret.is_empty() {
        problems.add(name, "must not be empty");
    } else if format::is_placeholder(secret) {
        problems.add(name, "is a placeholder: put the real secret here");
    } else if name == "token" && secret.contains(char::is_whitespace) {
        problems.add(name, "must not contain blanks; `Bearer` is put in front of it");
    } else if secret.contains(char::is_control) {
        problems.add(name, "must be one line");
    }
}
