//! The table of codes, as data and as advice.

use engine::outcome::{self, DOCUMENTED, Outcome, Retry};

#[test]
fn every_code_is_listed_once_and_in_words() {
    let all = outcome::all();
    assert_eq!(all.len(), 302);
    assert!(all.is_sorted_by(|a, b| a.code < b.code), "look-ups need the order");
    for info in all {
        for words in [info.title, info.cause, info.remedy] {
            assert!(words.len() > 4, "{:?} lacks words", info.code);
        }
        assert!(info.outcome.is_failure(), "{:?} is an error, so it must lead to a failure", info.code);
        assert_eq!(outcome::of_code(info.code.expect("listed codes have one")), info);
    }
}

#[test]
fn what_a_sender_does_next_is_settled_for_the_codes_that_matter() {
    let codes_with = |retry| -> Vec<u32> {
        outcome::all().iter().filter(|info| info.retry == retry).filter_map(|info| info.code).collect()
    };
    assert_eq!(codes_with(Retry::Redeliver), [30001, 30003, 30008]);
    for code in [30004, 30005, 30006, 30007, 21610] {
        assert!(!outcome::of_code(code).may_be_redelivered(), "{code}");
    }
    for code in [20429, 21611] {
        assert!(outcome::of_code(code).request_may_be_repeated(), "{code}");
    }
    // What became of these requests is not known, so they are looked up and not simply repeated.
    for code in [20500, 20503] {
        assert!(!outcome::of_code(code).request_may_be_repeated(), "{code}");
    }
    for code in [20003, 20005, 20006, 20403, 10001] {
        assert!(outcome::of_code(code).is_credential_bad(), "{code}");
    }
}

#[test]
fn codes_lead_to_the_outcomes_that_people_name() {
    let cases = [
        (20003, Outcome::AuthenticationFailed),
        (21211, Outcome::InvalidPhoneNumber),
        (21606, Outcome::FromNumberNotOwned),
        (21610, Outcome::OptedOut),
        (30001, Outcome::RateLimitExceeded),
        (30002, Outcome::InsufficientFunds),
        (30003, Outcome::Unreachable),
        (30004, Outcome::MessageBlocked),
        (30005, Outcome::Unreachable),
        (30007, Outcome::CarrierFiltered),
        (30008, Outcome::Undelivered),
        (63016, Outcome::WindowClosed),
        // Not listed: by the range.
        (21999, Outcome::Failed),
        (30999, Outcome::Undelivered),
        (63999, Outcome::Undelivered),
        (99, Outcome::Failed),
    ];
    for (code, expected) in cases {
        assert_eq!(outcome::of_code(code).outcome, expected, "{code}");
    }
    assert_eq!(outcome::of_code(30999).code, None);
}

#[test]
fn names_are_the_same_in_files_in_json_and_in_the_documents() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::parse(outcome.name()), Some(outcome));
        assert_eq!(serde_json::to_value(outcome).expect("plain"), outcome.name());
    }
    assert_eq!(Outcome::parse("exploded"), None);
    for (name, outcome) in DOCUMENTED {
        assert_eq!(outcome::of_documented(&name.to_uppercase()), Some(outcome));
    }
    assert_eq!(Outcome::CarrierFiltered.group(), Some(Outcome::Failed));
    assert_eq!(Outcome::Read.group(), Some(Outcome::Delivered));
    assert_eq!(Outcome::Delivered.group(), None);
}
