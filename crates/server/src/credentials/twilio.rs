//! An opened Twilio credential.

use crate::outbound::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::StoreError;
use store::record::CredentialSummary;
use tokio::sync::Semaphore;
use url::Url;

/// Where Twilio's API is.
pub const DEFAULT_API_BASE: &str = "https://api.twilio.com";

/// A Twilio account with its secrets. Printed, the secrets are masked.
#[derive(Debug)]
pub struct TwilioCredential {
    pub name: String,
    pub account_sid: String,
    pub auth_token: SecretString,
    pub auth_token_next: Option<SecretString>,
    pub api_key: Option<ApiKey>,
    /// Without a slash at its end.
    pub api_base: Url,
    pub test: bool,
    /// What requests carry; marked as sensitive.
    authorization: HeaderValue,
    token_authorization: HeaderValue,
    pub(crate) messages_url: Url,
    slots: std::sync::OnceLock<Semaphore>,
}

#[derive(Clone, Debug)]
pub struct ApiKey {
    pub sid: String,
    pub secret: SecretString,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Public {
    account_sid: String,
    #[serde(default)]
    api_key_sid: Option<String>,
    #[serde(default)]
    api_base: Option<String>,
    #[serde(default)]
    test: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Secrets {
    auth_token: SecretString,
    #[serde(default)]
    auth_token_next: Option<SecretString>,
    #[serde(default)]
    api_key_secret: Option<SecretString>,
}

/// Whether nothing was changed.
impl PartialEq for TwilioCredential {
    fn eq(&self, other: &TwilioCredential) -> bool {
        let plain = |secret: &Option<SecretString>| secret.as_ref().map(|s| s.expose_secret().to_owned());
        self.account_sid == other.account_sid
            && self.authorization == other.authorization
            && self.auth_token.expose_secret() == other.auth_token.expose_secret()
            && plain(&self.auth_token_next) == plain(&other.auth_token_next)
            && self.api_base == other.api_base
            && self.test == other.test
    }
}

impl TwilioCredential {
    /// Puts together what the store keeps apart.
    pub(super) fn open(summary: &CredentialSummary, secrets: &SecretString) -> Result<Self, StoreError> {
        let corrupt = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Corrupt {
            what: "credential",
            source,
        };
        let public: Public = serde_json::from_value(summary.public.clone()).map_err(|e| corrupt(e.into()))?;
        let secrets: Secrets = serde_json::from_str(secrets.expose_secret()).map_err(|_| {
            // The parser's own words could repeat a part of a secret.
            corrupt("its secrets have another form".into())
        })?;
        let base = public.api_base.as_deref().unwrap_or(DEFAULT_API_BASE);
        let api_base = Url::parse(base).map_err(|_| corrupt("its apiBase is no address".into()))?;
        let api_key = match (public.api_key_sid, secrets.api_key_secret) {
            (Some(sid), Some(secret)) => Some(ApiKey { sid, secret }),
            _ => None,
        };
        let (user, password) = match &api_key {
            Some(key) => (&key.sid, &key.secret),
            None => (&public.account_sid, &secrets.auth_token),
        };
        let messages = format!("/2010-04-01/Accounts/{}/Messages.json", public.account_sid);
        Ok(TwilioCredential {
            name: summary.name.clone(),
            token_authorization: basic(&public.account_sid, &secrets.auth_token),
            authorization: basic(user, password),
            messages_url: at(&api_base, &messages),
            account_sid: public.account_sid,
            auth_token: secrets.auth_token,
            auth_token_next: secrets.auth_token_next,
            api_key,
            api_base,
            test: public.test,
            slots: std::sync::OnceLock::new(),
        })
    }

    pub(crate) fn authorization(&self, identity: Identity) -> HeaderValue {
        match identity {
            Identity::Requests => self.authorization.clone(),
            Identity::Token => self.token_authorization.clone(),
        }
    }

    /// The address of the account itself.
    pub(crate) fn own_url(&self) -> Url {
        at(&self.api_base, &format!("/2010-04-01/Accounts/{}.json", self.account_sid))
    }

    /// An address below the account, such as `Balance.json`.
    pub(crate) fn account_url(&self, rest: &str) -> Url {
        at(&self.api_base, &format!("/2010-04-01/Accounts/{}/{rest}", self.account_sid))
    }

    /// An address of the API's host.
    pub(crate) fn api_url(&self, path_and_query: &str) -> Option<Url> {
        self.api_base.join(path_and_query).ok().filter(|url| url.origin() == self.api_base.origin())
    }

    /// An address of the messaging product: a host of its own at Twilio, the same one elsewhere.
    pub(crate) fn messaging_url(&self, path: &str) -> Url {
        let mut url = at(&self.api_base, path);
        let host = self.api_base.host_str().unwrap_or_default();
        if let Some(rest) = host.strip_prefix("api.").filter(|_| host.ends_with(".twilio.com")) {
            url.set_host(Some(&format!("messaging.{rest}"))).expect("a host's name with another first part");
        }
        url
    }

    /// The right to have one of at most `at_once` requests of this account under way.
    pub(crate) fn slots(&self, at_once: usize) -> &Semaphore {
        self.slots.get_or_init(|| Semaphore::new(at_once))
    }
}

fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}

fn basic(user: &str, password: &SecretString) -> HeaderValue {
    let pair = BASE64.encode(format!("{user}:{}", password.expose_secret()));
    let mut value = HeaderValue::try_from(format!("Basic {pair}")).expect("base64 is plain text");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn opened(public: Value, secrets: &Value) -> TwilioCredential {
        let summary = CredentialSummary {
            id: engine::id::CredentialId::from_trusted("crd_1"),
            name: "main".to_owned(),
            kind: "twilio".to_owned(),
            public,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            updated_at: jiff::Timestamp::UNIX_EPOCH,
        };
        TwilioCredential::open(&summary, &SecretString::from(secrets.to_string())).unwrap()
    }

    const SID: &str = "AC00000000000000000000000000000001";

    pub(crate) fn opened_for_tests() -> TwilioCredential {
        opened(json!({ "accountSid": SID }), &json!({ "authToken": "0123456789abcdef0123456789abcdef" }))
    }

    #[test]
    fn requests_carry_the_key_where_there_is_one_and_the_token_otherwise() {
        let plain = opened(json!({ "accountSid": SID }), &json!({ "authToken": "token" }));
        let expected = format!("Basic {}", BASE64.encode(format!("{SID}:token")));
        assert_eq!(plain.authorization(Identity::Requests).to_str().unwrap(), expected);
        let keyed = opened(
            json!({ "accountSid": SID, "apiKeySid": "SK1" }),
            &json!({ "authToken": "token", "apiKeySecret": "secret" }),
        );
        assert_eq!(
            keyed.authorization(Identity::Requests).to_str().unwrap(),
            format!("Basic {}", BASE64.encode("SK1:secret"))
        );
        let shown = format!("{keyed:?}");
        assert!(!shown.contains("token\"") && !shown.contains("secret\""), "{shown}");
    }

    #[test]
    fn the_messaging_product_has_a_host_of_its_own_at_twilio_alone() {
        for (base, expected) in [
            (None, "https://messaging.twilio.com/v1/Services"),
            (
                Some("https://api.sydney.au1.twilio.com"),
                "https://messaging.sydney.au1.twilio.com/v1/Services",
            ),
            (Some("http://127.0.0.1:8081"), "http://127.0.0.1:8081/v1/Services"),
        ] {
            let credential =
                opened(json!({ "accountSid": SID, "apiBase": base }), &json!({ "authToken": "t" }));
            assert_eq!(credential.messaging_url("/v1/Services").as_str(), expected);
        }
    }

    #[test]
    fn addresses_of_next_pages_stay_on_the_same_host() {
        let credential = opened(json!({ "accountSid": SID }), &json!({ "authToken": "t" }));
        assert!(credential.api_url("/2010-04-01/Accounts.json?Page=1").is_some());
        assert_eq!(credential.api_url("https://example.com/steals-secrets"), None);
        assert_eq!(credential.api_url("//example.com/"), None);
    }
}
