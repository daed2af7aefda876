//! Published vectors of the webhook signature, and what must hold for every key, URL and form.

use proptest::prelude::*;
use twilio::form::Pairs;
use twilio::signature::{
    Algorithm, SignatureError, SignedBody, body_sha256_url, sign, sign_with, verify, verify_with,
};

use crate::pairs;

const TOKEN: &str = "12345";

struct Vector {
    name: &'static str,
    url: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    signature: &'static str,
}

/// Computed with Twilio's own validators for Python and Node.
const VECTORS: &[Vector] = &[
    Vector {
        name: "V1 form with a query in the URL",
        url: "https://mycompany.com/myapp.php?foo=1&bar=2",
        parameters: &[
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ],
        signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    },
    Vector {
        name: "V2 other scripts and an empty value",
        url: "https://example.com/webhooks/sms",
        parameters: &[
            ("MessageSid", "SM00000000000000000000000000000001"),
            ("AccountSid", "AC00000000000000000000000000000001"),
            ("From", "+15551234567"),
            ("To", "+15559876543"),
            ("Body", "Héllo & goodbye = 100% 🎉"),
            ("NumMedia", "0"),
            ("FromCity", ""),
        ],
        signature: "4gAaY/qAnK34tMfZ1FgUBO+UBQM=",
    },
    Vector {
        name: "V3 GET",
        url: "https://example.com/voice?CallSid=CA00000000000000000000000000000001&From=%2B15551234567&To=%2B15559876543",
        parameters: &[],
        signature: "t1hGEKwReZGTrL153urzmO1SAY8=",
    },
    Vector {
        name: "V5 port in the URL",
        url: "https://example.com:8443/voice",
        parameters: &[("CallSid", "CA1")],
        signature: "zpYuQX8EuwqMtOuoFJMXyrJ+OPU=",
    },
    Vector {
        name: "V5b no port",
        url: "https://example.com/voice",
        parameters: &[("CallSid", "CA1")],
        signature: "7kudyaTQh+NyYH/ui/OOeke6ryw=",
    },
    Vector {
        name: "V5c default port written out",
        url: "https://example.com:443/voice",
        parameters: &[("CallSid", "CA1")],
        signature: "7VijVDHsP1z6B3VOCq3ax1HFxso=",
    },
    Vector {
        name: "V6 repeated names and equal pairs",
        url: "https://example.com/dup",
        parameters: &[
            ("MediaUrl", "https://b"),
            ("MediaUrl", "https://a"),
            ("MediaUrl", "https://a"),
            ("To", "+1"),
        ],
        signature: "Mqrd1L4US6nKyCzzF+Fcji8KHbM=",
    },
    Vector {
        name: "V7 websocket",
        url: "wss://example.com/relay",
        parameters: &[],
        signature: "mbNFdPBlYbXhXfiw/E6CoJbYji0=",
    },
    Vector {
        name: "V8 websocket with a slash at the end",
        url: "wss://example.com/relay/",
        parameters: &[],
        signature: "SdJXd5Km2RHudCSycpRyuzI2PT0=",
    },
    Vector {
        name: "V9 capital letters sort before _ and small ones",
        url: "https://example.com/sort",
        parameters: &[
            ("a", "1"),
            ("B", "2"),
            ("Zed", "3"),
            ("_x", "4"),
            ("SpeechResult", "yes please"),
            ("Confidence", "0.9281841"),
        ],
        signature: "1wPEqjq98MAVBJvPbxX8QrB3BQQ=",
    },
    Vector {
        name: "V11 the query is signed as it is written",
        url: "https://example.com/voice?name=O'Brien&x=a%20b",
        parameters: &[],
        signature: "KTtJm4zZeKbGCTmurzKybiZOPU0=",
    },
];

fn vector(name: &str) -> &'static Vector {
    VECTORS.iter().find(|vector| vector.name.split(' ').next() == Some(name)).unwrap()
}

#[test]
fn published_vectors() {
    for Vector { name, url, parameters, signature } in VECTORS {
        let form = pairs(parameters);
        assert_eq!(sign(TOKEN, url, SignedBody::Form(&form)), *signature, "{name}");
        assert_eq!(verify(TOKEN, url, SignedBody::Form(&form), signature), Ok(()), "{name}");
        if form.is_empty() {
            assert_eq!(sign(TOKEN, url, SignedBody::None), *signature, "{name}");
        }
    }
}

#[test]
fn v4_a_json_body_is_vouched_for_by_its_hash() {
    let body = br#"{"event":"delivered","sid":"SM1"}"#;
    let url = body_sha256_url("https://example.com/json", body);
    assert_eq!(
        url,
        "https://example.com/json?bodySHA256=2900b40589a9e4362125e4ef1e435bde69a21ada730da1780886eefedf2077c7"
    );
    let signature = sign(TOKEN, &url, SignedBody::Raw(body));
    assert_eq!(signature, "Hhua+ssTkQUMcqVtcy6UKj7gMUU=");
    assert_eq!(verify(TOKEN, &url, SignedBody::Raw(body), &signature), Ok(()));
    let other = br#"{"event":"delivered","sid":"SM2"}"#;
    assert_eq!(
        verify(TOKEN, &url, SignedBody::Raw(other), &signature),
        Err(SignatureError::BodyHashMismatch)
    );
}

#[test]
fn a_body_without_its_hash_is_refused_even_when_the_url_is_signed() {
    let url = "https://example.com/json?x=1";
    let signature = sign(TOKEN, url, SignedBody::None);
    assert_eq!(verify(TOKEN, url, SignedBody::Raw(b"{}"), &signature), Err(SignatureError::BodyHashMissing));
}

#[test]
fn the_body_hash_joins_any_query() {
    let hash = "bodySHA256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (url, expected) in [
        ("https://example.com/", format!("https://example.com/?{hash}")),
        ("https://example.com/?a=1", format!("https://example.com/?a=1&{hash}")),
        ("https://example.com/?", format!("https://example.com/?{hash}")),
        ("https://example.com/?a=1&", format!("https://example.com/?a=1&{hash}")),
        ("https://example.com/#rc=2", format!("https://example.com/?{hash}#rc=2")),
    ] {
        assert_eq!(body_sha256_url(url, b""), expected);
    }
}

#[test]
fn ports_are_tried_both_ways() {
    let form = pairs(&[("CallSid", "CA1")]);
    let accepts = |url, name| verify(TOKEN, url, SignedBody::Form(&form), vector(name).signature).is_ok();
    assert!(accepts("https://example.com:8443/voice", "V5b"), "the port was left out when signing");
    assert!(accepts("https://example.com/voice", "V5c"), "the default port was put in when signing");
    assert!(accepts("https://example.com:443/voice", "V5b"));
    assert!(!accepts("https://example.com/voice", "V5"), "no other port is guessed");
    assert!(!accepts("https://example.org/voice", "V5b"));
}

#[test]
fn ports_are_found_beside_user_names_and_ipv6_addresses() {
    for (asked, signed) in [
        ("https://ann:secret@example.com/x", "https://ann:secret@example.com:443/x"),
        ("https://ann:secret@example.com:9/x", "https://ann:secret@example.com/x"),
        ("https://a]b:secret@example.com/x", "https://a]b:secret@example.com:443/x"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]:80/x"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]/x"),
        ("https://example.com?at=1:2", "https://example.com:443?at=1:2"),
        ("ws://example.com", "ws://example.com:80"),
    ] {
        let signature = sign(TOKEN, signed, SignedBody::None);
        assert_eq!(verify(TOKEN, asked, SignedBody::None, &signature), Ok(()), "{asked}");
    }
}

#[test]
fn n1_another_parameter_is_refused() {
    let Vector { url, parameters, signature, .. } = vector("V1");
    let mut form = pairs(parameters);
    form.iter_mut().find(|(name, _)| name == "Digits").unwrap().1 = "1235".to_owned();
    let refused = verify(TOKEN, url, SignedBody::Form(&form), signature);
    assert_eq!(refused, Err(SignatureError::Mismatch));
}

#[test]
fn n2_a_fragment_is_no_part_of_what_was_signed() {
    let Vector { parameters, signature, .. } = vector("V5b");
    let form = pairs(parameters);
    let url = "https://example.com/voice#rc=2";
    assert_eq!(sign(TOKEN, url, SignedBody::Form(&form)), *signature);
    // Twilio's own validators are given the URL without its fragment, and accept this.
    assert_eq!(verify(TOKEN, url, SignedBody::Form(&form), signature), Ok(()));
}

#[test]
fn n3_a_websocket_has_no_default_port_443() {
    let signature = sign(TOKEN, "wss://example.com:443/relay", SignedBody::None);
    let refused = verify(TOKEN, "wss://example.com/relay", SignedBody::None, &signature);
    assert_eq!(refused, Err(SignatureError::Mismatch));
}

#[test]
fn v10_sha_256_for_accounts_that_ask_for_it() {
    let form = pairs(&[("CallSid", "CA1")]);
    let url = "https://example.com/voice";
    let body = SignedBody::Form(&form);
    let signature = sign_with(Algorithm::Sha256, TOKEN, url, body);
    assert_eq!(signature, "tVCxZ3kWIX+G0yaznxMNLebx338GNySnYob/za9gz7E=");
    assert_eq!(verify_with(Algorithm::Sha256, TOKEN, url, body, &signature), Ok(()));
    assert_eq!(verify(TOKEN, url, body, &signature), Err(SignatureError::Malformed));
}

#[test]
fn without_a_token_nothing_is_accepted() {
    let url = "https://example.com/";
    let signature = sign("", url, SignedBody::None);
    assert_eq!(verify("", url, SignedBody::None, &signature), Err(SignatureError::NoToken));
}

#[test]
fn what_is_no_signature_is_refused() {
    for signature in ["", "!", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "AAAA", " RSOYDt4T1cUTdK1PDd93/VVr8B8="] {
        let refused = verify(TOKEN, "https://example.com/", SignedBody::None, signature);
        assert_eq!(refused, Err(SignatureError::Malformed), "{signature:?}");
    }
}

fn any_form() -> impl Strategy<Value = Pairs> {
    prop::collection::vec(("[A-Za-z_]{1,8}", ".{0,12}"), 0..8)
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted_in_any_order(token in ".{1,40}", path in "[a-z/?=&%]{0,20}", form in any_form()) {
        let url = format!("https://example.com/{path}");
        let signature = sign(&token, &url, SignedBody::Form(&form));
        let mut reversed = form;
        reversed.reverse();
        prop_assert_eq!(verify(&token, &url, SignedBody::Form(&reversed), &signature), Ok(()));
    }

    #[test]
    fn any_altered_byte_is_refused(form in any_form(), at in any::<prop::sample::Index>(), bit in 0..8u32) {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD;
        let url = "https://example.com/sms";
        let mut bytes = base64.decode(sign(TOKEN, url, SignedBody::Form(&form))).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let refused = verify(TOKEN, url, SignedBody::Form(&form), &base64.encode(bytes));
        prop_assert_eq!(refused, Err(SignatureError::Mismatch));
    }

    #[test]
    fn an_altered_request_is_refused(form in any_form(), name in "[A-Z]{9}", value in ".{0,4}", token in "[a-z]{1,20}") {
        let url = "https://example.com/sms";
        let signature = sign(&token, url, SignedBody::Form(&form));
        let refuses = |token: &str, url: &str, form: &Pairs| {
            verify(token, url, SignedBody::Form(form), &signature) == Err(SignatureError::Mismatch)
        };
        let mut more = form.clone();
        more.push((name, value));
        prop_assert!(refuses(&token, url, &more));
        let other_token = format!("{token}x");
        prop_assert!(refuses(&other_token, url, &form));
        prop_assert!(refuses(&token, "https://example.com/sms/", &form));
        prop_assert!(refuses(&token, "http://example.com/sms", &form));
    }
}
