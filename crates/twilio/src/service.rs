//! Messaging services and their senders in the messaging API (`/v1/Services`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::sender::{
    AddAlphaSender, AddPhoneNumber, AddShortCode, ServiceAlphaSender, ServicePhoneNumber, ServiceShortCode,
};
use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::{HttpMethod, words};

mod sender;

/// A messaging service: senders that are used as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceResource {
    /// `MG…`
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// When it was made.
    #[serde(default, with = "json::iso8601")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::iso8601")]
    pub date_updated: Option<Timestamp>,
    /// Where messages to its senders go.
    #[serde(default)]
    pub inbound_request_url: Option<String>,
    /// The method of `inbound_request_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub inbound_method: Option<HttpMethod>,
    /// Where messages go when `inbound_request_url` failed.
    #[serde(default)]
    pub fallback_url: Option<String>,
    /// The method of `fallback_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub fallback_method: Option<HttpMethod>,
    /// Where changes of status go, unless a message has its own.
    #[serde(default)]
    pub status_callback: Option<String>,
    /// Whether a recipient always sees the same sender.
    #[serde(default)]
    pub sticky_sender: Option<bool>,
    /// Whether media become links where they cannot be sent.
    #[serde(default)]
    pub mms_converter: Option<bool>,
    /// Whether look-alike characters are replaced.
    #[serde(default)]
    pub smart_encoding: Option<bool>,
    /// No longer used.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub scan_message_content: Option<ScanMessageContent>,
    /// Whether a long code is used where a short code failed.
    #[serde(default)]
    pub fallback_to_long_code: Option<bool>,
    /// Whether a sender of the recipient's area is preferred.
    #[serde(default)]
    pub area_code_geomatch: Option<bool>,
    /// No longer used.
    #[serde(default)]
    pub synchronous_validation: Option<bool>,
    /// How many seconds a message may wait in the queue.
    #[serde(default, rename = "validity_period")]
    pub validity_period_s: Option<u32>,
    /// The address of this resource.
    #[serde(default)]
    pub url: Option<String>,
    /// Addresses of what belongs to it: `phone_numbers`, `short_codes`, `alpha_senders`, …
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub links: BTreeMap<String, String>,
    /// What it is used for: `notifications`, `marketing`, `undeclared`, …
    #[serde(default)]
    pub usecase: Option<String>,
    /// Whether it is registered for US numbers.
    #[serde(default)]
    pub us_app_to_person_registered: Option<bool>,
    /// Whether messages go where each number says, and not to `inbound_request_url`.
    #[serde(default)]
    pub use_inbound_webhook_on_number: Option<bool>,
}

words! {
    /// Whether texts are scanned; no longer used.
    pub enum ScanMessageContent {
        /// As the account is set.
        Inherit = "inherit",
        /// They are.
        Enable = "enable",
        /// They are not.
        Disable = "disable",
    }
}

parameters! {
    /// `POST /v1/Services`: make a service.
    #[derive(Default)]
    pub struct CreateService {
        /// A name for people.
        pub friendly_name: String = "FriendlyName",
        /// Where messages to its senders go.
        pub inbound_request_url: Option<String> = "InboundRequestUrl",
        /// The method of `InboundRequestUrl`.
        pub inbound_method: Option<HttpMethod> = "InboundMethod",
        /// Where messages go when `InboundRequestUrl` failed.
        pub fallback_url: Option<String> = "FallbackUrl",
        /// The method of `FallbackUrl`.
        pub fallback_method: Option<HttpMethod> = "FallbackMethod",
        /// Where changes of status go, unless a message has its own.
        pub status_callback: Option<String> = "StatusCallback",
        /// Whether a recipient always sees the same sender.
        pub sticky_sender: Option<bool> = "StickySender",
        /// Whether media become links where they cannot be sent.
        pub mms_converter: Option<bool> = "MmsConverter",
        /// Whether look-alike characters are replaced.
        pub smart_encoding: Option<bool> = "SmartEncoding",
        /// No longer used.
        pub scan_message_content: Option<ScanMessageContent> = "ScanMessageContent",
        /// Whether a long code is used where a short code failed.
        pub fallback_to_long_code: Option<bool> = "FallbackToLongCode",
        /// Whether a sender of the recipient's area is preferred.
        pub area_code_geomatch: Option<bool> = "AreaCodeGeomatch",
        /// How many seconds a message may wait in the queue, 1 to 36000.
        pub validity_period_s: Option<u32> = "ValidityPeriod" or 21624,
        /// No longer used.
        pub synchronous_validation: Option<bool> = "SynchronousValidation",
        /// What it is used for.
        pub usecase: Option<String> = "Usecase",
        /// Whether messages go where each number says.
        pub use_inbound_webhook_on_number: Option<bool> = "UseInboundWebhookOnNumber",
    }
}

parameters! {
    /// `POST /v1/Services/{Sid}`: change a service. What is not given stays; an empty text clears a URL.
    #[derive(Default)]
    pub struct UpdateService {
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
        /// Where messages to its senders go.
        pub inbound_request_url: Option<String> = "InboundRequestUrl",
        /// The method of `InboundRequestUrl`.
        pub inbound_method: Option<HttpMethod> = "InboundMethod",
        /// Where messages go when `InboundRequestUrl` failed.
        pub fallback_url: Option<String> = "FallbackUrl",
        /// The method of `FallbackUrl`.
        pub fallback_method: Option<HttpMethod> = "FallbackMethod",
        /// Where changes of status go, unless a message has its own.
        pub status_callback: Option<String> = "StatusCallback",
        /// Whether a recipient always sees the same sender.
        pub sticky_sender: Option<bool> = "StickySender",
        /// Whether media become links where they cannot be sent.
        pub mms_converter: Option<bool> = "MmsConverter",
        /// Whether look-alike characters are replaced.
        pub smart_encoding: Option<bool> = "SmartEncoding",
        /// No longer used.
        pub scan_message_content: Option<ScanMessageContent> = "ScanMessageContent",
        /// Whether a long code is used where a short code failed.
        pub fallback_to_long_code: Option<bool> = "FallbackToLongCode",
        /// Whether a sender of the recipient's area is preferred.
        pub area_code_geomatch: Option<bool> = "AreaCodeGeomatch",
        /// How many seconds a message may wait in the queue, 1 to 36000.
        pub validity_period_s: Option<u32> = "ValidityPeriod" or 21624,
        /// No longer used.
        pub synchronous_validation: Option<bool> = "SynchronousValidation",
        /// What it is used for.
        pub usecase: Option<String> = "Usecase",
        /// Whether messages go where each number says.
        pub use_inbound_webhook_on_number: Option<bool> = "UseInboundWebhookOnNumber",
    }
}

parameters! {
    /// `GET /v1/Services`, and the lists of a service's senders.
    #[derive(Default)]
    pub struct ListServices {
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_url` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
