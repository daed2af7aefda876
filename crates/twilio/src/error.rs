//! Errors: the answer of the REST API that carries one, and the table of Twilio's codes.

use serde::{Deserialize, Serialize};

pub use self::table::{ErrorInfo, Level, Retry, all, lookup};

mod table;

/// An error answer of the REST API. Match on the code, never on the message: the words differ by resource
/// and change without notice. Printed, it says what the table knows and leaves out the message, which may
/// repeat a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(from = "Read")]
#[error("Twilio error {code} (HTTP {status}): {}", self.meaning())]
pub struct ApiError {
    /// Twilio's code. Where the answer had none it is the HTTP status, as in Twilio's own SDKs; see
    /// [`has_code`](ApiError::has_code).
    pub code: u32,
    /// What went wrong, in Twilio's words; may repeat parameters of the request.
    pub message: String,
    /// The address of the page about the code.
    pub more_info: String,
    /// The HTTP status, repeated in the body.
    pub status: u16,
}

impl ApiError {
    /// The error answer with this code, and Twilio's page about it.
    pub fn new(code: u32, status: u16, message: impl Into<String>) -> ApiError {
        ApiError { code, message: message.into(), more_info: more_info(code), status }
    }

    /// Reads an error answer. A body that is no error of Twilio's, such as a proxy's page, gives an error
    /// whose code is the HTTP status and whose message is empty.
    pub fn from_answer(status: u16, body: &[u8]) -> ApiError {
        // By way of a map, because a struct would also be read from a list.
        let fields = serde_json::from_slice::<serde_json::Map<_, _>>(body).unwrap_or_default();
        let mut read = serde_json::from_value::<Read>(fields.into()).unwrap_or_default();
        // What the status line said counts; a body that says otherwise came from somewhere else.
        read.status = Some(status);
        read.into()
    }

    /// Whether the answer named a code of Twilio's own, and so came from the API itself.
    pub fn has_code(&self) -> bool {
        self.code != u32::from(self.status)
    }

    fn meaning(&self) -> &'static str {
        match self.info() {
            Some(info) => info.meaning,
            None if self.has_code() => "a code that is not in the table",
            None => "the answer named no code",
        }
    }

    /// What the table knows about the code.
    pub fn info(&self) -> Option<&'static ErrorInfo> {
        lookup(self.code)
    }
}

/// The page about a code.
pub fn more_info(code: u32) -> String {
    format!("https://www.twilio.com/docs/errors/{code}")
}

/// An error answer as it comes: the 2010 form, or the newer problem form with `title` and `detail`.
#[derive(Default, Deserialize)]
struct Read {
    #[serde(default)]
    code: Option<u32>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    more_info: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    status: Option<u16>,
}

impl From<Read> for ApiError {
    fn from(read: Read) -> ApiError {
        let status = read.status.unwrap_or(0);
        ApiError {
            code: read.code.unwrap_or(u32::from(status)),
            message: read.message.or(read.detail).or(read.title).unwrap_or_default(),
            more_info: read.more_info.or(read.kind).unwrap_or_default(),
            status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_twilio_writes_it() {
        let error = ApiError::new(21604, 400, "A 'To' phone number is required.");
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(
            json,
            r#"{"code":21604,"message":"A 'To' phone number is required.","more_info":"https://www.twilio.com/docs/errors/21604","status":400}"#
        );
        assert_eq!(serde_json::from_str::<ApiError>(&json).unwrap(), error);
        assert_eq!(ApiError::from_answer(400, json.as_bytes()), error);
        assert!(error.has_code());
    }

    #[test]
    fn printed_without_what_may_be_personal() {
        let error = ApiError::new(21211, 400, "The 'To' number +1555 is not valid");
        assert_eq!(error.to_string(), "Twilio error 21211 (HTTP 400): the recipient is not a valid number");
    }

    #[test]
    fn a_missing_code_is_the_http_status() {
        let error = ApiError::from_answer(503, br#"{"message":"busy","status":503}"#);
        assert_eq!((error.code, error.message.as_str()), (503, "busy"));
        assert!(!error.has_code());
    }

    #[test]
    fn problem_documents_are_read() {
        let body = br#"{"type":"https://example.com/p","title":"Bad","status":422,"code":20422,"detail":"No such field"}"#;
        let error = ApiError::from_answer(422, body);
        assert_eq!((error.code, error.status, error.message.as_str()), (20422, 422, "No such field"));
        assert_eq!(error.more_info, "https://example.com/p");
    }

    #[test]
    fn anything_else_keeps_the_status_line() {
        for body in [&b"<html>Bad Gateway</html>"[..], b"", b"[1]", b"{\"code\":\"x\"}"] {
            let error = ApiError::from_answer(502, body);
            assert_eq!((error.code, error.status, error.has_code()), (502, 502, false));
        }
    }
}
