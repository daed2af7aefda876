//! Whether a webhook comes from the holder of the account's token.

use crate::app::AppState;
use crate::body::BodyError;
use crate::config::Networks;
use crate::credentials::TwilioCredential;
use axum::extract::{ConnectInfo, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method};
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use store::record::SignatureResult;
use twilio::form::Pairs;
use twilio::signature::{self, SignedBody};

/// A request as far as its signature goes.
pub(crate) struct Received {
    method: Method,
    /// Addresses that Twilio may have requested, the configured one first.
    urls: Vec<String>,
    signature: Option<String>,
    body: Bytes,
    body_is_form: bool,
    /// From the query of a GET, else from the form.
    pub(crate) params: Pairs,
}

pub(super) struct Verdict {
    pub(super) signature: SignatureResult,
    /// The address that fits, else the configured one.
    pub(super) url: String,
}

/// Reads a request within the limits of size and time.
pub(super) async fn receive(app: &AppState, request: Request) -> Result<Received, BodyError> {
    let (parts, body) = request.into_parts();
    let limit = app.config.limits.webhook_body_bytes;
    let body = crate::body::read(body, limit).await?;
    let uri = parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0);
    let path_and_query = uri.path_and_query().map_or("/", |it| it.as_str());
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let mut urls = vec![format!("{}{path_and_query}", app.public_url)];
    urls.extend(forwarded(&parts.headers, peer, &app.config.trusted_proxies, path_and_query));
    let body_is_form = is_form(&parts.headers);
    let encoded = if parts.method == Method::GET {
        uri.query().unwrap_or_default().as_bytes()
    } else if body_is_form {
        &body[..]
    } else {
        &[]
    };
    // A form that cannot be decoded has no parameters, and so no signature fits it.
    let params = twilio::form::decode(encoded).unwrap_or_default();
    let signature = parts.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Received { method: parts.method, urls, signature, body, body_is_form, params })
}

/// The handshake of a websocket, which is signed over its address alone.
pub(super) fn handshake(app: &AppState, parts: &Parts) -> Received {
    let path_and_query = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let mut urls = vec![format!("{}{path_and_query}", app.public_url)];
    urls.extend(forwarded(&parts.headers, peer, &app.config.trusted_proxies, path_and_query));
    let urls = urls.iter().map(|url| of_websocket(url)).collect();
    let signature = parts.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (body, params) = (Bytes::new(), Pairs::new());
    Received { method: Method::GET, urls, signature, body, body_is_form: false, params }
}

/// The address as the document named it: with the scheme of websockets.
fn of_websocket(url: &str) -> String {
    match url.split_once("://") {
        Some(("https", rest)) => format!("wss://{rest}"),
        Some(("http", rest)) => format!("ws://{rest}"),
        _ => url.to_owned(),
    }
}

const SIGNATURE: &str = "x-twilio-signature";

/// Tries the account's token and the one that replaces it soon.
pub(super) fn verify(credential: &TwilioCredential, received: &Received) -> Verdict {
    let configured = received.urls.first().cloned().unwrap_or_default();
    let Some(given) = &received.signature else {
        return Verdict { signature: SignatureResult::Missing, url: configured };
    };
    let body = if received.method == Method::GET {
        SignedBody::None
    } else if received.body_is_form {
        SignedBody::Form(&received.params)
    } else {
        SignedBody::Raw(&received.body)
    };
    let tokens = std::iter::once(&credential.auth_token).chain(&credential.auth_token_next);
    for token in tokens {
        for url in &received.urls {
            if signature::verify(token.expose_secret(), url, body, given).is_ok() {
                return Verdict { signature: SignatureResult::Valid, url: url.clone() };
            }
        }
    }
    Verdict { signature: SignatureResult::Wrong, url: configured }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The address that a trusted proxy was asked for.
fn forwarded(
    headers: &HeaderMap,
    peer: Option<SocketAddr>,
    trusted: &Networks,
    path_and_query: &str,
) -> Option<String> {
    if !trusted.contains(peer?.ip()) {
        return None;
    }
    // Of several proxies the last one, which we trust, wrote the last value.
    let last = |name: &str| {
        let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let (scheme, host) = (last("x-forwarded-proto")?, last("x-forwarded-host")?);
    Some(format!("{scheme}://{host}{path_and_query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxied(peer: &str) -> Option<String> {
        let config = crate::config::Config::from_parts(
            None,
            [("SWITCHBOARD_TRUSTED_PROXIES".to_owned(), "10.0.0.0/8".to_owned())],
        );
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-forwarded-proto", "http, https"), ("x-forwarded-host", "example.com")] {
            headers.insert(name, value.parse().unwrap());
        }
        let peer = Some(SocketAddr::new(peer.parse().unwrap(), 4711));
        forwarded(&headers, peer, &config.unwrap().trusted_proxies, "/twilio/main/message?a=b%20c")
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(proxied("10.1.1.1").as_deref(), Some("https://example.com/twilio/main/message?a=b%20c"));
        assert_eq!(proxied("192.0.2.1"), None);
    }
}
