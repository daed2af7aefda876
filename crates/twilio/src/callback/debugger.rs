//! The webhook for what Twilio's debugger notes.

use super::carried::webhook;
use crate::date::Precise;
use crate::sid::Sid;
use crate::words::words;

webhook! {
    /// An error or a warning, as Twilio posts it to the debugger address of an account.
    pub struct DebuggerCallback {
        /// The entry, `NO…`.
        pub sid: Sid = "Sid",
        /// The account.
        pub account_sid: Sid = "AccountSid",
        /// The account above that one.
        pub parent_account_sid: Option<Sid> = "ParentAccountSid",
        /// When it happened.
        pub timestamp: Option<Precise> = "Timestamp",
        /// How bad it is.
        pub level: DebuggerLevel = "Level",
        /// `application/json`
        pub payload_type: Option<String> = "PayloadType",
        /// What happened, as a JSON object: `resource_sid`, `service_sid`, `error_code`, `more_info`, `webhook`.
        pub payload: Option<String> = "Payload",
    }
}

words! {
    open
    /// How bad it is.
    pub enum DebuggerLevel {
        /// Something did not happen.
        Error = "Error",
        /// Something happened otherwise than asked for.
        Warning = "Warning",
    }
}
