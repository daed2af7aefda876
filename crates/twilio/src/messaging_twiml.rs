//! TwiML that answers a message: written, and read as Twilio reads it.

pub use self::read::parse;
pub use crate::twiml_document::{DOCUMENT_BYTES_MAX, TwimlError, Warning};
use crate::words::HttpMethod;
pub use crate::xml::XmlError;

mod read;
mod write;

/// The answer to a webhook about a message; without verbs it does nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagingResponse {
    /// What to do, in order.
    pub verbs: Vec<Verb>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Send a message.
    Message {
        /// The recipient; by default who sent the message that is answered.
        to: Option<String>,
        /// The sender; by default the address that received the message that is answered.
        from: Option<String>,
        /// Where changes of status are told; relative to the document's URL.
        action: Option<String>,
        /// The method of `action`, POST by default.
        method: Option<HttpMethod>,
        /// The text.
        body: Option<String>,
        /// Addresses of media; relative to the document's URL.
        media: Vec<String>,
    },
    /// Go on with another document; what follows is not reached.
    Redirect {
        /// The document, relative to this one's URL.
        url: String,
        /// How it is asked for, POST by default.
        method: Option<HttpMethod>,
    },
}

impl MessagingResponse {
    /// An answer that does nothing.
    pub fn nothing() -> MessagingResponse {
        MessagingResponse::default()
    }

    /// An answer that sends one text back.
    pub fn reply(body: impl Into<String>) -> MessagingResponse {
        MessagingResponse { verbs: vec![Verb::message(body)] }
    }

    /// The document. Characters that XML does not allow become `U+FFFD`.
    pub fn to_xml(&self) -> String {
        write::document(self)
    }
}

impl Verb {
    /// A text to who sent the message that is answered.
    pub fn message(body: impl Into<String>) -> Verb {
        let body = Some(body.into());
        Verb::Message { to: None, from: None, action: None, method: None, body, media: Vec::new() }
    }
}
