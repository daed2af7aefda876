//! An opened credential of an endpoint that speaks OpenAI's API.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::StoreError;
use store::record::CredentialSummary;
use url::Url;

/// Where OpenAI's API is.
pub const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";

/// An endpoint with its key. Printed, the key is masked.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenAiCredential {
    pub name: String,
    /// Without a slash at its end.
    pub base_url: Url,
    /// What every request carries; the key is marked as sensitive.
    headers: HeaderMap,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Public {
    #[serde(default)]
    base_url: Option<String>,
    #[serde(default)]
    organization: Option<String>,
    #[serde(default)]
    project: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Secrets {
    #[serde(default)]
    api_key: Option<SecretString>,
}

impl OpenAiCredential {
    /// Puts together what the store keeps apart.
    pub(crate) fn open(summary: &CredentialSummary, secrets: &SecretString) -> Result<Self, StoreError> {
        let corrupt = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Corrupt {
            what: "credential",
            source,
        };
        let public: Public = serde_json::from_value(summary.public.clone()).map_err(|e| corrupt(e.into()))?;
        let secrets: Secrets = serde_json::from_str(secrets.expose_secret()).map_err(|_| {
            // The parser's own words could repeat a part of a secret.
            corrupt("its secrets have another form".into())
        })?;
        let base = public.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL).trim_end_matches('/');
        let base_url = Url::parse(base).map_err(|_| corrupt("its baseUrl is no address".into()))?;
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: String| {
            let mut value =
                HeaderValue::try_from(value).map_err(|_| corrupt("a value fits no header".into()))?;
            value.set_sensitive(name == header::AUTHORIZATION);
            headers.insert(name, value);
            Ok::<_, StoreError>(())
        };
        if let Some(key) = &secrets.api_key {
            put(header::AUTHORIZATION, format!("Bearer {}", key.expose_secret()))?;
        }
        if let Some(organization) = public.organization {
            put(HeaderName::from_static("openai-organization"), organization)?;
        }
        if let Some(project) = public.project {
            put(HeaderName::from_static("openai-project"), project)?;
        }
        Ok(OpenAiCredential { name: summary.name.clone(), base_url, headers })
    }

    /// An endpoint that is named by itself.
    ///
    /// # Errors
    /// What of it cannot be.
    pub(crate) fn given(base_url: &str, api_key: Option<&str>) -> Result<Self, &'static str> {
        let base_url = Url::parse(base_url.trim().trim_end_matches('/')).map_err(|_| "this is no address")?;
        if !matches!(base_url.scheme(), "http" | "https") || !base_url.has_host() {
            return Err("the address begins with http:// or https://");
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = api_key {
            let value = HeaderValue::try_from(format!("Bearer {key}"));
            let mut value = value.map_err(|_| "the key has characters that no key has")?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        Ok(OpenAiCredential { name: "given".to_owned(), base_url, headers })
    }

    /// An address below the base, such as `chat/completions`.
    pub(super) fn url(&self, rest: &str) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}/{rest}", self.base_url.path().trim_end_matches('/')));
        url
    }

    pub(super) fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    /// Whether it is OpenAI itself, and not a server of somebody else.
    pub(crate) fn is_openai(&self) -> bool {
        self.base_url
            .host_str()
            .is_some_and(|host| host == "api.openai.com" || host.ends_with(".api.openai.com"))
    }
}
