//! Any document about a call is read or refused, and what was read is written so that it reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use twilio::voice_twiml::{Answer, DOCUMENT_BYTES_MAX, read, read_answer};

fuzz_target!(|answer: &[u8]| {
    let _ = read_answer(answer, Some("text/plain"));
    let Ok(Answer::Twiml(first)) = read_answer(answer, Some("text/xml")) else { return };
    let written = first.document.to_xml();
    if written.len() <= DOCUMENT_BYTES_MAX {
        let again = read(&written).expect("what is written is well-formed");
        assert_eq!(again.document, first.document);
    }
});
