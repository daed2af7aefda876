//! Any text is measured, cut and put together again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use segments::{Encoding, count, measure, smart_encode, split};

fuzz_target!(|text: &str| {
    let measured = measure(text);
    let pieces = split(text);
    assert_eq!(pieces.concat(), text);
    assert_eq!(pieces.len(), measured.segments);
    assert_eq!(measured.culprits.is_empty(), measured.encoding == Encoding::Gsm7);
    for culprit in &measured.culprits {
        assert!(text[culprit.offset..].starts_with(culprit.char));
    }
    let encoded = smart_encode(text);
    assert!(measure(&encoded).culprits.len() <= measured.culprits.len());
    assert_eq!(smart_encode(&encoded), encoded);
    assert!(count(text).units >= text.chars().count());
});
