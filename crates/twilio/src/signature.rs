//! The signature that Twilio puts on every webhook (`X-Twilio-Signature`): an HMAC over the URL and, for a
//! form, its sorted parameters, keyed by the account's primary auth token.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What is signed besides the URL.
#[derive(Clone, Copy, Debug)]
pub enum SignedBody<'a> {
    /// Nothing: a GET request or the handshake of a websocket, whose parameters stand in the URL.
    None,
    /// A form, decoded, with every pair as it was sent: untrimmed, empty values and repeated names included.
    Form(&'a [(String, String)]),
    /// The raw bytes of any other body, whose SHA-256 stands in the URL as `bodySHA256`.
    Raw(&'a [u8]),
}

/// The hash inside the HMAC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// What Twilio uses unless an account asked for something else.
    #[default]
    Sha1,
    /// The public beta that announces itself by `X-Twilio-Webhooks-Signature-Settings`.
    Sha256,
}

/// Why a request was not signed by the holder of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The token is empty, so anybody could have signed.
    #[error("there is no token to check the signature with")]
    NoToken,
    /// The signature is not base64 of a hash of the right length.
    #[error("the signature is not base64 of the right length")]
    Malformed,
    /// The body is not a form and the URL carries no `bodySHA256`, so nothing vouches for the body.
    #[error("the URL has no bodySHA256 for a body that is not a form")]
    BodyHashMissing,
    /// The body is not the one whose hash stands in the URL.
    #[error("the body does not match the URL's bodySHA256")]
    BodyHashMismatch,
    /// The signature belongs to another token, URL or form.
    #[error("the signature does not match the token, URL and parameters")]
    Mismatch,
}

/// Checks a signature, in constant time as far as the token goes.
///
/// `url` is the address as Twilio requested it. A fragment is left out. As Twilio's own validators do, the
/// URL is tried as given, without its port, and with the default port (443 for `https`, else 80).
pub fn verify(token: &str, url: &str, body: SignedBody<'_>, signature: &str) -> Result<(), SignatureError> {
    verify_with(Algorithm::Sha1, token, url, body, signature)
}

/// [`verify`] with the hash that the account is set to.
pub fn verify_with(
    algorithm: Algorithm,
    token: &str,
    url: &str,
    body: SignedBody<'_>,
    signature: &str,
) -> Result<(), SignatureError> {
    if token.is_empty() {
        return Err(SignatureError::NoToken);
    }
    let claimed = BASE64.decode(signature).map_err(|_| SignatureError::Malformed)?;
    if claimed.len() != algorithm.bytes() {
        return Err(SignatureError::Malformed);
    }
    let url = without_fragment(url);
    if let SignedBody::Raw(bytes) = body {
        check_body_hash(url, bytes)?;
    }
    let parameters = sorted(body);
    let mut matched = subtle::Choice::from(0);
    for candidate in port_variants(url).into_iter().flatten() {
        matched |= digest(algorithm, token, &candidate, &parameters).ct_eq(&claimed);
    }
    if bool::from(matched) { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// Signs a request as Twilio does. A fragment of the URL is left out, and nothing is added to the URL: for
/// [`SignedBody::Raw`], sign what [`body_sha256_url`] gives.
pub fn sign(token: &str, url: &str, body: SignedBody<'_>) -> String {
    sign_with(Algorithm::Sha1, token, url, body)
}

/// [`sign`] with another hash.
pub fn sign_with(algorithm: Algorithm, token: &str, url: &str, body: SignedBody<'_>) -> String {
    BASE64.encode(digest(algorithm, token, without_fragment(url), &sorted(body)))
}

/// Adds `bodySHA256` with the hash of `body` to the query of `url`, in front of a fragment. This is the URL
/// that Twilio requests when the body is not a form.
pub fn body_sha256_url(url: &str, body: &[u8]) -> String {
    let (address, fragment) = match url.find('#') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let joint = match address.find('?') {
        None => "?",
        Some(at) if at + 1 == address.len() || address.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{BODY_HASH}={}{fragment}", sha256_hex(body))
}

const BODY_HASH: &str = "bodySHA256";

impl Algorithm {
    fn bytes(self) -> usize {
        match self {
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
        }
    }
}

fn digest(algorithm: Algorithm, token: &str, url: &str, parameters: &[&(String, String)]) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha1 => authenticate::<Hmac<Sha1>>(token, url, parameters),
        Algorithm::Sha256 => authenticate::<Hmac<Sha256>>(token, url, parameters),
    }
}

fn authenticate<M: Mac + KeyInit>(token: &str, url: &str, parameters: &[&(String, String)]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(token.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in parameters {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.finalize().into_bytes().to_vec()
}

/// Twilio signs the set of values of each name, so pairs that are equal count once.
fn sorted<'a>(body: SignedBody<'a>) -> Vec<&'a (String, String)> {
    let SignedBody::Form(pairs) = body else { return Vec::new() };
    let mut parameters: Vec<&(String, String)> = pairs.iter().collect();
    parameters.sort_unstable();
    parameters.dedup();
    parameters
}

fn check_body_hash(url: &str, body: &[u8]) -> Result<(), SignatureError> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let claimed = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(name, value)| (name == BODY_HASH).then_some(value))
        .ok_or(SignatureError::BodyHashMissing)?;
    if bool::from(claimed.as_bytes().ct_eq(sha256_hex(body).as_bytes())) {
        Ok(())
    } else {
        Err(SignatureError::BodyHashMismatch)
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
        hex
    })
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(address, _)| address)
}

/// The URL as given, and with its port taken away or the default port put in. The text is cut by hand,
/// because a parser would rewrite the very characters that were signed.
fn port_variants(url: &str) -> [Option<Cow<'_, str>>; 2] {
    let given = Some(Cow::Borrowed(url));
    let Some(scheme_end) = url.find("://") else { return [given, None] };
    let authority_start = scheme_end + 3;
    let authority_end =
        url[authority_start..].find(['/', '?']).map_or(url.len(), |length| authority_start + length);
    let authority = &url[authority_start..authority_end];
    let host_start = authority.rfind('@').map_or(0, |at| at + 1);
    // The colons inside the brackets of an IPv6 address begin no port.
    let host_end = authority[host_start..].rfind(']').map_or(host_start, |at| host_start + at + 1);
    let rest = &url[authority_end..];
    let other = match authority[host_end..].rfind(':') {
        Some(colon) => format!("{}{rest}", &url[..authority_start + host_end + colon]),
        None => {
            let port = if url[..scheme_end].eq_ignore_ascii_case("https") { 443 } else { 80 };
            format!("{}:{port}{rest}", &url[..authority_end])
        }
    };
    [given, Some(Cow::Owned(other))]
}
