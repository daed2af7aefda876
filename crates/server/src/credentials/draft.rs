//! A credential as somebody enters it.

mod http;

pub use http::HttpDraft;

use super::format::{self, Look};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fmt;

/// A credential to be kept, before it is checked. Secrets stay masked when it is printed.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Draft {
    Twilio(TwilioDraft),
    OpenAi(OpenAiDraft),
    Http(HttpDraft),
}

/// A Twilio account.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TwilioDraft {
    /// Unique; workflows and addresses of webhooks name it.
    pub name: String,
    #[serde(default)]
    pub account_sid: String,
    /// The account's primary token: only it signs webhooks.
    #[serde(default)]
    pub auth_token: SecretString,
    /// The token that replaces it soon; its signatures are accepted already.
    #[serde(default)]
    pub auth_token_next: Option<SecretString>,
    /// With its secret, used for requests instead of the token.
    #[serde(default)]
    pub api_key_sid: Option<String>,
    #[serde(default)]
    pub api_key_secret: Option<SecretString>,
    /// Another address of the API: the emulator's, or a region's.
    #[serde(default)]
    pub api_base: Option<String>,
    /// Twilio's test credentials: nothing is really sent, and no callbacks, lists or look-ups exist.
    #[serde(default)]
    pub test: bool,
}

/// An endpoint that speaks OpenAI's API.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenAiDraft {
    pub name: String,
    #[serde(default)]
    pub api_key: SecretString,
    #[serde(default)]
    pub base_url: Option<String>,
    #[serde(default)]
    pub organization: Option<String>,
    #[serde(default)]
    pub project: Option<String>,
}

/// What is wrong with one field. Values are never repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftProblem {
    pub field: &'static str,
    pub message: String,
}

impl fmt::Display for DraftProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// Characters of a name, at most.
const NAME_CHARACTERS_MAX: usize = 64;

impl Draft {
    pub fn name(&self) -> &str {
        match self {
            Draft::Twilio(draft) => &draft.name,
            Draft::OpenAi(draft) => &draft.name,
            Draft::Http(draft) => &draft.name,
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Draft::Twilio(_) => TwilioDraft::KIND,
            Draft::OpenAi(_) => OpenAiDraft::KIND,
            Draft::Http(_) => HttpDraft::KIND,
        }
    }

    /// All that is wrong with it; empty where it can be kept.
    pub fn problems(&self) -> Vec<DraftProblem> {
        let mut problems = Problems::default();
        let name = self.name().trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty()
            || name.len() > NAME_CHARACTERS_MAX
            || !name.chars().all(fits)
            || name.starts_with('.')
        {
            let message = format!(
                "must have 1 to {NAME_CHARACTERS_MAX} letters, digits, hyphens, dots or underscores, \
                 because it is part of an address"
            );
            problems.add("name", message);
        }
        match self {
            Draft::Twilio(draft) => draft.check(&mut problems),
            Draft::OpenAi(draft) => draft.check(&mut problems),
            Draft::Http(draft) => draft.check(&mut problems),
        }
        problems.0
    }

    /// What may be shown of it.
    pub(super) fn public(&self) -> Value {
        match self {
            Draft::Twilio(draft) => draft.public(),
            Draft::OpenAi(draft) => draft.public(),
            Draft::Http(draft) => draft.public(),
        }
    }

    /// What may not, as one JSON object.
    pub(super) fn secrets(&self) -> SecretString {
        let mut secrets = Map::new();
        let mut put = |name: &str, secret: Option<&SecretString>| {
            if let Some(secret) = secret.map(|secret| secret.expose_secret().trim()).filter(|s| !s.is_empty())
            {
                secrets.insert(name.to_owned(), secret.into());
            }
        };
        match self {
            Draft::Twilio(draft) => {
                put("authToken", Some(&draft.auth_token));
                put("authTokenNext", draft.auth_token_next.as_ref());
                put("apiKeySecret", draft.api_key_secret.as_ref());
            }
            Draft::OpenAi(draft) => put("apiKey", Some(&draft.api_key)),
            Draft::Http(draft) => draft.each_secret(|name, secret| put(name, Some(secret))),
        }
        SecretString::from(Value::Object(secrets).to_string())
    }
}

#[derive(Default)]
struct Problems(Vec<DraftProblem>);

impl Problems {
    fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(DraftProblem { field, message: message.into() });
    }
}

impl TwilioDraft {
    pub const KIND: &str = "twilio";

    fn check(&self, problems: &mut Problems) {
        let sid = Look::at(&self.account_sid);
        let token = Look::at(self.auth_token.expose_secret());
        if sid == Look::Hex32 && token == Look::Sid("AC") {
            let message = "this is the auth token, and the account SID stands in authToken: swap the two";
            problems.add("accountSid", message);
            return;
        }
        if let Some(message) = format::account_sid_problem(sid) {
            problems.add("accountSid", message);
        }
        if let Some(message) = format::auth_token_problem(token) {
            problems.add("authToken", message);
        }
        if let Some(next) = &self.auth_token_next
            && let Some(message) = format::auth_token_problem(Look::at(next.expose_secret()))
        {
            problems.add("authTokenNext", message);
        }
        self.check_api_key(problems);
        if let Some(base) = &self.api_base
            && let Some(message) = format::base_url_problem(base, format::Path::None)
        {
            problems.add("apiBase", message);
        }
    }

    fn check_api_key(&self, problems: &mut Problems) {
        let secret = self.api_key_secret.as_ref().map(|secret| secret.expose_secret().trim());
        match (self.api_key_sid.as_deref(), secret) {
            (None, None) => {}
            (None, Some(_)) => {
                problems.add("apiKeySid", "is missing: the secret belongs to a key SID that begins with SK");
            }
            (Some(_), None) => {
                problems.add("apiKeySecret", "is missing: Twilio shows it once, when the key is made");
            }
            (Some(sid), Some(secret)) => {
                if Look::at(sid) != Look::Sid("SK") {
                    problems.add("apiKeySid", "must be SK and 32 hexadecimal digits");
                }
                if secret.is_empty() || secret.contains(char::is_whitespace) {
                    problems.add("apiKeySecret", "must not be empty or contain blanks");
                }
            }
        }
    }

    fn public(&self) -> Value {
        let mut public = json!({ "accountSid": self.account_sid.trim() });
        if let Some(sid) = &self.api_key_sid {
            public["apiKeySid"] = sid.trim().into();
        }
        if let Some(base) = &self.api_base {
            public["apiBase"] = base.trim().trim_end_matches('/').into();
        }
        if self.test {
            public["test"] = true.into();
        }
        public
    }
}

impl OpenAiDraft {
    pub const KIND: &str = "openai";

    fn check(&self, problems: &mut Problems) {
        let key = self.api_key.expose_secret().trim();
        let own_endpoint = self.base_url.is_some();
        if key.is_empty() && !own_endpoint {
            problems.add("apiKey", "is missing");
        } else if key.contains(char::is_whitespace) {
            problems.add("apiKey", "must not contain blanks");
        } else if format::is_placeholder(key) {
            problems.add("apiKey", "is a placeholder: put the real key here");
        } else if !own_endpoint && !key.starts_with("sk-") {
            problems.add("apiKey", "must begin with sk-; for another provider's key, give its baseUrl too");
        }
        if let Some(base) = &self.base_url
            && let Some(message) = format::base_url_problem(base, format::Path::Any)
        {
            problems.add("baseUrl", message);
        }
    }

    fn public(&self) -> Value {
        let mut public = Map::new();
        let fields =
            [("baseUrl", &self.base_url), ("organization", &self.organization), ("project", &self.project)];
        for (name, value) in fields {
            if let Some(value) = value {
                public.insert(name.to_owned(), value.trim().into());
            }
        }
        Value::Object(public)
    }
}

#[cfg(test)]
mod tests;
