//! The emulator behind a certificate.

use emulator::{DEFAULT_ACCOUNT, DEFAULT_TOKEN, Emulator, Identity, IdentityError, Options};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A certificate for this machine, and its key, both PEM.
fn pair() -> (String, String) {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
    (cert.pem(), signing_key.serialize_pem())
}

#[tokio::test]
async fn whoever_trusts_the_certificate_is_served_and_nobody_else() {
    let (certificate, key) = pair();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let identity = Some(Identity::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap());
    let shutdown = CancellationToken::new();
    let running = Emulator::start(Options { identity, ..Options::new(listener) }, shutdown.clone()).unwrap();
    assert!(running.url().starts_with("https://127.0.0.1:"));
    let path = format!("{}/2010-04-01/Accounts/{DEFAULT_ACCOUNT}/Balance.json", running.url());

    let trusted = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([trusted]).build().unwrap();
    let ask = || client.get(&path).basic_auth(DEFAULT_ACCOUNT, Some(DEFAULT_TOKEN)).send();
    assert_eq!(ask().await.unwrap().status(), 200);

    let stranger = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    assert!(stranger.get(&path).send().await.is_err());
    let in_the_open = path.replace("https://", "http://");
    assert!(client.get(&in_the_open).send().await.is_err());
    assert_eq!(ask().await.unwrap().status(), 200, "it goes on after those that failed");
    shutdown.cancel();
    running.stopped().await;
}

#[test]
fn files_that_are_no_pair_are_refused() {
    let (certificate, key) = pair();
    let (_, other) = pair();
    let read = |certificate: &str, key: &str| Identity::from_pem(certificate.as_bytes(), key.as_bytes());
    assert!(read(&certificate, &key).is_ok());
    assert!(matches!(read(&certificate, &other), Err(IdentityError::Pair(_))));
    assert!(matches!(read("", &key), Err(IdentityError::Certificate(None))));
    assert!(matches!(read(&certificate, "no key"), Err(IdentityError::Key(_))));
}
