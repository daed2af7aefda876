//! Whatever is signed is accepted, and no claimed signature or URL makes the check panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use twilio::overrides;
use twilio::signature::{SignedBody, body_sha256_url, sign, verify};

fuzz_target!(|input: (&str, &str, &str, Vec<(String, String)>, &[u8])| {
    let (token, url, claimed, form, raw) = input;
    let _ = verify(token, url, SignedBody::Form(&form), claimed);
    let _ = verify(token, url, SignedBody::Raw(raw), claimed);
    let _ = overrides::split(url);

    if token.is_empty() {
        return;
    }
    let signature = sign(token, url, SignedBody::Form(&form));
    assert_eq!(verify(token, url, SignedBody::Form(&form), &signature), Ok(()));
    if !url.contains("bodySHA256=") {
        let url = body_sha256_url(url, raw);
        let signature = sign(token, &url, SignedBody::Raw(raw));
        assert_eq!(verify(token, &url, SignedBody::Raw(raw), &signature), Ok(()));
    }
});
