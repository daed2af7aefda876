//! What TwiML documents have in common, whatever they answer: how they are taken or refused.

use crate::xml::{Element, XmlError};

/// The largest document, in bytes; a larger one is error 11750.
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// A part of a document that was passed over, while the rest holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Twilio's code.
    pub code: u32,
    /// What was passed over, and why.
    pub detail: String,
}

/// Why a whole answer is not taken. Twilio then asks the fallback URL.
#[derive(Debug, thiserror::Error)]
pub enum TwimlError {
    /// More than [`DOCUMENT_BYTES_MAX`] bytes.
    #[error("the document has {bytes} bytes, more than {DOCUMENT_BYTES_MAX}")]
    TooLarge {
        /// How many it has.
        bytes: usize,
    },
    /// No `Content-Type`, or one that is not taken.
    #[error("the content type is missing or not one that is taken: {0:?}")]
    ContentType(Option<String>),
    /// Not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8(#[source] std::str::Utf8Error),
    /// It begins with a byte order mark.
    #[error("the document begins with a byte order mark")]
    ByteOrderMark,
    /// Not well-formed, too deep, or with entities of its own.
    #[error("the document is not XML that is taken")]
    Xml(#[source] XmlError),
    /// The root element is another one.
    #[error("the root element is <{0}>, not <Response>")]
    Root(String),
    /// The root element has a `version` other than 1.0.
    #[error("<Response> has the unknown version {0:?}")]
    Version(String),
    /// A part of the document is wrong in a way that stops all of it.
    #[error("the document is refused: {detail}")]
    Part {
        /// Twilio's code, one of an error.
        code: u32,
        /// What is wrong.
        detail: String,
    },
}

impl TwimlError {
    /// Twilio's error code.
    pub fn code(&self) -> u32 {
        match self {
            TwimlError::TooLarge { .. } => 11750,
            TwimlError::ContentType(_) => 12300,
            TwimlError::NotUtf8(_) | TwimlError::ByteOrderMark | TwimlError::Xml(_) => 12100,
            TwimlError::Root(_) => 12102,
            TwimlError::Version(_) => 12101,
            TwimlError::Part { code, .. } => *code,
        }
    }
}

/// Reads a document as far as its root element, which is a `<Response>` of a known version.
pub(crate) fn response(text: &str) -> Result<Element, TwimlError> {
    if text.starts_with('\u{feff}') {
        return Err(TwimlError::ByteOrderMark);
    }
    let root = Element::parse(text).map_err(TwimlError::Xml)?;
    if root.name != "Response" {
        return Err(TwimlError::Root(root.name));
    }
    match root.attribute("version") {
        Some(version) if version != "1.0" => Err(TwimlError::Version(version.to_owned())),
        _ => Ok(root),
    }
}

/// Whether an attribute is noise that some XML tools add: namespaces.
pub(crate) fn is_noise(attribute: &str) -> bool {
    attribute == "xmlns" || attribute.starts_with("xmlns:") || attribute.starts_with("xsi:")
}

/// What kind of document a `Content-Type` announces, in lower case and without its parameters.
pub(crate) fn media_type(content_type: Option<&str>) -> Option<String> {
    content_type.map(|text| text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase())
}
