//! The message as Twilio returns it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::sid::Sid;
use crate::words::words;

/// A message in an answer of the 2010 API.
///
/// Counts and prices are texts in the JSON, dates are RFC 2822, and what is not known yet is null; both ways
/// are exact. Fields that an answer leaves out are read as null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// The text; empty once redacted.
    #[serde(default)]
    pub body: Option<String>,
    /// When the request came in.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it was handed on, null before.
    #[serde(default, with = "json::rfc2822")]
    pub date_sent: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// Who sent it, and by what means.
    pub direction: Direction,
    /// Why it failed, by Twilio's code.
    #[serde(default)]
    pub error_code: Option<u32>,
    /// Why it failed, in words that may change.
    #[serde(default)]
    pub error_message: Option<String>,
    /// The sender; null until a service has picked one.
    #[serde(default)]
    pub from: Option<String>,
    /// The service it went through.
    #[serde(default)]
    pub messaging_service_sid: Option<Sid>,
    /// How many media it has.
    #[serde(default, with = "json::count")]
    pub num_media: u32,
    /// How many segments it took; 0 until a service has picked the sender.
    #[serde(default, with = "json::count")]
    pub num_segments: u32,
    /// Decimal text, negative for what is charged; null until billed.
    #[serde(default)]
    pub price: Option<String>,
    /// ISO 4217, such as `USD`.
    #[serde(default)]
    pub price_unit: Option<String>,
    /// `SM…`, or `MM…` with media.
    pub sid: Sid,
    /// How far it has come.
    pub status: MessageStatus,
    /// Paths of what belongs to it, by name: `media`, `feedback`.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub subresource_uris: BTreeMap<String, String>,
    /// The recipient.
    #[serde(default)]
    pub to: Option<String>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

words! {
    open
    /// How far a message has come.
    pub enum MessageStatus {
        /// Taken by a service that is choosing the sender.
        Accepted = "accepted",
        /// Waiting for its time.
        Scheduled = "scheduled",
        /// In the sender's queue.
        Queued = "queued",
        /// Being handed to the carrier.
        Sending = "sending",
        /// Taken by the carrier.
        Sent = "sent",
        /// The carrier or phone confirmed it.
        Delivered = "delivered",
        /// The carrier or phone refused it.
        Undelivered = "undelivered",
        /// Never sent.
        Failed = "failed",
        /// Opened by the recipient, where a channel tells.
        Read = "read",
        /// Canceled before its time.
        Canceled = "canceled",
        /// Coming in.
        Receiving = "receiving",
        /// Come in.
        Received = "received",
        /// No longer used, but still in the set.
        PartiallyDelivered = "partially_delivered",
    }
}

impl MessageStatus {
    /// Whether Twilio changes it no more, but for `read` after `delivered`. `sent` is not final, although a
    /// message stays there when no receipt comes.
    pub fn is_final(&self) -> bool {
        use MessageStatus::{Canceled, Delivered, Failed, PartiallyDelivered, Read, Received, Undelivered};
        matches!(self, Delivered | Undelivered | Failed | Read | Canceled | Received | PartiallyDelivered)
    }
}

words! {
    open
    /// Who sent a message, and by what means.
    pub enum Direction {
        /// A person, to us.
        Inbound = "inbound",
        /// We, by the REST API.
        OutboundApi = "outbound-api",
        /// We, from within a call.
        OutboundCall = "outbound-call",
        /// We, as the answer to a webhook.
        OutboundReply = "outbound-reply",
    }
}
