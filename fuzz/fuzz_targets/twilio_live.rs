//! Any message of a websocket is read or refused, and what was read is written so that it reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use twilio::{relay, stream};

fuzz_target!(|message: &str| {
    if let Ok(read) = relay::ToTwilio::parse(message) {
        assert_eq!(relay::ToTwilio::parse(&read.to_json()).expect("it was just written"), read);
    }
    if let Ok(read) = stream::ToTwilio::parse(message) {
        assert_eq!(stream::ToTwilio::parse(&read.to_json()).expect("it was just written"), read);
    }
    if let Ok(read) = relay::FromTwilio::parse(message) {
        let _ = read.to_json();
    }
    if let Ok(read) = stream::FromTwilio::parse(message) {
        let _ = read.to_json();
    }
});
