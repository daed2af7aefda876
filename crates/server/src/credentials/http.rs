//! An opened secret for a server of somebody else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::StoreError;
use store::record::CredentialSummary;
use url::Url;

/// What a request carries, and where it may go. Printed, the secret is masked.
#[derive(Clone, Debug)]
pub struct HttpCredential {
    /// In lower case.
    hosts: Vec<String>,
    header: HeaderName,
    /// Marked as sensitive.
    value: HeaderValue,
}

#[derive(Deserialize)]
struct Public {
    hosts: Vec<String>,
    #[serde(default)]
    header: Option<String>,
    #[serde(default)]
    user: Option<String>,
}

#[derive(Deserialize)]
struct Secrets {
    #[serde(default)]
    token: Option<SecretString>,
    #[serde(default)]
    value: Option<SecretString>,
    #[serde(default)]
    password: Option<SecretString>,
}

impl HttpCredential {
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
        let (header, value) = match (public.header, public.user, secrets) {
            (Some(header), _, Secrets { value: Some(value), .. }) => {
                let header = HeaderName::try_from(header).map_err(|error| corrupt(error.into()))?;
                (header, value.expose_secret().to_owned())
            }
            (None, Some(user), Secrets { password: Some(password), .. }) => {
                let pair = BASE64.encode(format!("{user}:{}", password.expose_secret()));
                (AUTHORIZATION, format!("Basic {pair}"))
            }
            (None, None, Secrets { token: Some(token), .. }) => {
                (AUTHORIZATION, format!("Bearer {}", token.expose_secret()))
            }
            _ => return Err(corrupt("its secret is missing".into())),
        };
        let mut value = HeaderValue::try_from(value).map_err(|_| corrupt("a value fits no header".into()))?;
        value.set_sensitive(true);
        Ok(HttpCredential { hosts: public.hosts, header, value })
    }

    /// The header for a request to this address.
    ///
    /// # Errors
    /// Why it does not go there, without the secret.
    pub(crate) fn header_for(&self, url: &Url) -> Result<(HeaderName, HeaderValue), &'static str> {
        let host = url.host_str().unwrap_or_default();
        if !self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            return Err("the credential may not be sent to this host");
        }
        let is_private = url.scheme() == "https" || url.host().is_some_and(|host| super::is_loopback(&host));
        if !is_private {
            return Err("the credential may only be sent over https://");
        }
        Ok((self.header.clone(), self.value.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn opened(public: Value, secrets: &Value) -> HttpCredential {
        let summary = CredentialSummary {
            id: engine::id::CredentialId::from_trusted("crd_1"),
            name: "shop".to_owned(),
            kind: "http".to_owned(),
            public,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            updated_at: jiff::Timestamp::UNIX_EPOCH,
        };
        HttpCredential::open(&summary, &SecretString::from(secrets.to_string())).unwrap()
    }

    #[test]
    fn each_way_makes_its_header_and_none_is_printed() {
        let hosts = ["shop.example.com"];
        for (public, secrets, header) in [
            (json!({"hosts": hosts}), json!({"token": "t0ken"}), ("authorization", "Bearer t0ken")),
            (
                json!({"hosts": hosts, "header": "X-Api-Key"}),
                json!({"value": "t0ken"}),
                ("x-api-key", "t0ken"),
            ),
            (
                json!({"hosts": hosts, "user": "ann"}),
                json!({"password": "t0ken"}),
                ("authorization", "Basic YW5uOnQwa2Vu"),
            ),
        ] {
            let credential = opened(public, &secrets);
            let url = Url::parse("https://Shop.Example.com/orders").unwrap();
            let (name, value) = credential.header_for(&url).unwrap();
            assert_eq!((name.as_str(), value.to_str().unwrap()), header);
            let shown = format!("{credential:?}");
            assert!(!shown.contains("t0ken") && !shown.contains("YW5u"), "{shown}");
        }
    }

    #[test]
    fn a_secret_goes_to_its_hosts_alone_and_never_in_the_clear() {
        let credential =
            opened(json!({"hosts": ["shop.example.com", "localhost"]}), &json!({"token": "t0ken"}));
        for (url, goes) in [
            ("https://shop.example.com/a", true),
            ("https://shop.example.com:8443/a", true),
            ("http://localhost:8080/a", true),
            ("http://shop.example.com/a", false),
            ("https://example.com/shop.example.com", false),
            ("https://shop.example.com.example.org/", false),
            ("https://other.shop.example.com/", false),
        ] {
            assert_eq!(credential.header_for(&Url::parse(url).unwrap()).is_ok(), goes, "{url}");
        }
    }
}
