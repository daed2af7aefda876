//! Any bytes are read as a form or refused, and what a form means survives being written again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use twilio::call::{CallRequest, CallStatusCallback, CreateCall, GatherAction, ListCalls};
use twilio::callback::{InboundMessage, MessageStatusCallback};
use twilio::form;
use twilio::message::{CreateMessage, ListMessages};

fuzz_target!(|body: &[u8]| {
    let Ok(pairs) = form::decode(body) else { return };
    assert_eq!(form::decode(form::encode(&pairs).as_bytes()), Ok(pairs.clone()));
    // Written once, a request is in its plainest form: fractions of seconds and doubles are gone.
    if let Ok(create) = CreateMessage::from_pairs(&pairs) {
        let plain = CreateMessage::from_pairs(&create.to_pairs()).expect("what is written is read");
        assert_eq!(CreateMessage::from_pairs(&plain.to_pairs()), Ok(plain));
    }
    if let Ok(list) = ListMessages::from_pairs(&pairs) {
        let plain = ListMessages::from_pairs(&list.to_pairs()).expect("what is written is read");
        assert_eq!(ListMessages::from_pairs(&plain.to_pairs()), Ok(plain));
    }
    if let Ok(create) = CreateCall::from_pairs(&pairs) {
        let _ = (create.instructions().is_ok(), create.warnings());
        assert_eq!(CreateCall::from_pairs(&create.to_pairs()), Ok(create));
    }
    if let Ok(list) = ListCalls::from_pairs(&pairs) {
        let plain = ListCalls::from_pairs(&list.to_pairs()).expect("what is written is read");
        assert_eq!(ListCalls::from_pairs(&plain.to_pairs()), Ok(plain));
    }
    if let Ok(request) = CallRequest::from_pairs(&pairs) {
        assert!(CallRequest::from_pairs(&request.to_pairs()).is_ok());
    }
    if let Ok(action) = GatherAction::from_pairs(&pairs) {
        assert!(GatherAction::from_pairs(&action.to_pairs()).is_ok());
    }
    if let Ok(callback) = CallStatusCallback::from_pairs(&pairs) {
        assert!(CallStatusCallback::from_pairs(&callback.to_pairs()).is_ok());
    }
    if let Ok(message) = InboundMessage::from_pairs(&pairs) {
        assert!(InboundMessage::from_pairs(&message.to_pairs()).is_ok());
    }
    if let Ok(callback) = MessageStatusCallback::from_pairs(&pairs) {
        assert!(MessageStatusCallback::from_pairs(&callback.to_pairs()).is_ok());
    }
});
