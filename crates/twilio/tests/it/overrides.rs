//! Connection overrides in the fragment of a URL.

use proptest::prelude::*;
use twilio::overrides::{
    ConnectionOverrides, Edge, Egress, Network, OverrideError, RetryPolicy, ServerName, split,
};

#[test]
fn without_a_fragment_the_defaults_hold() {
    for url in
        ["https://example.com/foo?q=1", "https://example.com/foo?q=1#", "https://example.com/foo?q=1#top"]
    {
        let (address, overrides) = split(url).unwrap();
        assert_eq!(address, "https://example.com/foo?q=1");
        assert_eq!(overrides, ConnectionOverrides::default(), "{url}");
        assert_eq!(overrides.connect_timeout_ms(), 5_000);
        assert_eq!(overrides.read_timeout_ms(), 15_000);
        assert_eq!(overrides.total_timeout_ms(), 15_000);
        assert_eq!(overrides.retry_count(), 1);
        let policy = overrides.retry_policy();
        assert!(policy.connect_failure);
        assert!(!policy.read_timeout && !policy.client_error && !policy.server_error);
    }
}

#[test]
fn every_key_is_read_and_written() {
    let fragment = "rc=5&rp=ct,rt,5xx&ct=100&rt=9000&tt=15000&sni=n&e=dublin,tokyo-ix";
    let url = format!("https://example.com/a?b=1#{fragment}");
    let (address, overrides) = split(&url).unwrap();
    assert_eq!(address, "https://example.com/a?b=1");
    let expected = ConnectionOverrides {
        retry_count: Some(5),
        retry_policy: Some(RetryPolicy { client_error: false, ..RetryPolicy::ALL }),
        connect_timeout_ms: Some(100),
        read_timeout_ms: Some(9_000),
        total_timeout_ms: Some(15_000),
        server_name: Some(ServerName::Withheld),
        edges: vec![
            Egress { edge: Edge::Dublin, network: Network::Public },
            Egress { edge: Edge::Tokyo, network: Network::Interconnect },
        ],
    };
    assert_eq!(overrides, expected);
    assert_eq!(overrides.to_fragment(), fragment);
}

#[test]
fn what_twilio_has_an_error_for() {
    for (fragment, error, code) in [
        ("e=Dublin", OverrideError::EdgeInvalid("Dublin".to_owned()), 11240),
        ("e=dublin,", OverrideError::EdgeInvalid(String::new()), 11240),
        ("e=paris", OverrideError::EdgeUnsupported("paris".to_owned()), 11241),
        ("e=tokyo,paris-ix", OverrideError::EdgeUnsupported("paris-ix".to_owned()), 11241),
        ("rp=6xx", OverrideError::RetryPolicyInvalid("6xx".to_owned()), 11243),
        ("rc=2&rp=", OverrideError::RetryPolicyInvalid(String::new()), 11243),
    ] {
        let refused = split(&format!("https://example.com/#{fragment}")).unwrap_err();
        assert_eq!(refused, error, "{fragment}");
        assert_eq!(refused.code(), code, "{fragment}");
    }
}

#[test]
fn what_is_out_of_range_counts_as_not_given() {
    let url = "https://example.com/#rc=6&ct=99&rt=15001&tt=soon&sni=maybe&unknown=1&rc";
    assert_eq!(split(url).unwrap().1, ConnectionOverrides::default());
}

prop_compose! {
    fn any_overrides()(
        retry_count in prop::option::of(0..=5u32),
        connect_timeout_ms in prop::option::of(100..=10_000u32),
        read_timeout_ms in prop::option::of(100..=15_000u32),
        total_timeout_ms in prop::option::of(100..=15_000u32),
        server_name in prop::option::of(prop::sample::select(ServerName::ALL)),
        conditions in prop::option::of(1..16u32),
        edges in prop::collection::vec((prop::sample::select(Edge::ALL), any::<bool>()), 0..4),
    ) -> ConnectionOverrides {
        ConnectionOverrides {
            retry_count,
            retry_policy: conditions.map(|bits| RetryPolicy {
                connect_failure: bits & 1 != 0,
                read_timeout: bits & 2 != 0,
                client_error: bits & 4 != 0,
                server_error: bits & 8 != 0,
            }),
            connect_timeout_ms,
            read_timeout_ms,
            total_timeout_ms,
            server_name,
            edges: edges
                .into_iter()
                .map(|(edge, private)| Egress {
                    edge,
                    network: if private { Network::Interconnect } else { Network::Public },
                })
                .collect(),
        }
    }
}

proptest! {
    #[test]
    fn written_overrides_read_back(overrides in any_overrides()) {
        let url = format!("https://example.com/x#{}", overrides.to_fragment());
        prop_assert_eq!(split(&url), Ok(("https://example.com/x", overrides)));
    }

    #[test]
    fn any_text_is_split_or_refused(url in ".{0,60}") {
        if let Ok((address, _)) = split(&url) {
            prop_assert!(!address.contains('#'));
        }
    }
}
