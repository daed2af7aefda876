//! Any document is read or refused, and what was read is written so that it reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use twilio::messaging_twiml::{DOCUMENT_BYTES_MAX, parse};

fuzz_target!(|document: &[u8]| {
    let _ = parse(document, Some("text/plain"));
    let Ok((response, _)) = parse(document, Some("text/xml")) else { return };
    let written = response.to_xml();
    if written.len() <= DOCUMENT_BYTES_MAX {
        let (again, warnings) = parse(written.as_bytes(), Some("text/xml")).expect("what is written is well-formed");
        assert_eq!(again, response);
        assert_eq!(warnings, []);
    }
});
