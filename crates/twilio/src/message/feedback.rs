//! What a program tells about whether a message was of use.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::words;

parameters! {
    /// `POST …/Messages/{MessageSid}/Feedback.json`: say whether the message reached its aim.
    #[derive(Default)]
    pub struct CreateFeedback {
        /// Unconfirmed unless given.
        pub outcome: Option<Outcome> = "Outcome",
    }
}

/// The feedback as Twilio returns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackResource {
    /// The account that owns the message.
    pub account_sid: Sid,
    /// When it was given.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// The message.
    pub message_sid: Sid,
    /// What was said.
    pub outcome: Outcome,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

words! {
    /// Whether a message reached its aim, as far as the program could see.
    pub enum Outcome {
        /// The person did what it asked for, such as typing the code.
        Confirmed = "confirmed",
        /// Nothing was seen of it.
        Unconfirmed = "unconfirmed",
    }
}
