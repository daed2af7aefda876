//! Verified caller ids in the 2010 API: numbers of other carriers that an account may show as its own, and
//! that a trial account may reach.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::{HttpMethod, words};

/// A verified number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerIdResource {
    /// `PN…`
    pub sid: Sid,
    /// The account that it was verified for.
    pub account_sid: Sid,
    /// When it was verified.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// E.164.
    pub phone_number: String,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

/// A verification that has begun: the number is called, and whoever answers has to enter the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationRequestResource {
    /// The account that the number is verified for.
    pub account_sid: Sid,
    /// The call in which the code is asked for.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub call_sid: Option<Sid>,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// E.164.
    pub phone_number: String,
    /// Six digits.
    pub validation_code: String,
}

words! {
    /// How a verification ended.
    pub enum VerificationStatus {
        /// The code was entered.
        Success = "success",
        /// It was not.
        Failed = "failed",
    }
}

parameters! {
    /// `POST …/OutgoingCallerIds.json`: begin to verify a number.
    pub struct CreateValidationRequest {
        /// The number, E.164.
        pub phone_number: String = "PhoneNumber" or 21401,
        /// A name for people; the number unless given.
        pub friendly_name: Option<String> = "FriendlyName",
        /// How many seconds pass before the call: 0 to 60.
        pub call_delay_s: Option<u32> = "CallDelay" or 21454,
        /// Digits that are dialled once the call is answered.
        pub extension: Option<String> = "Extension",
        /// Where the end is told.
        pub status_callback: Option<String> = "StatusCallback",
        /// The method of `StatusCallback`.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
    }
}

parameters! {
    /// `POST …/OutgoingCallerIds/{Sid}.json`: rename a verified number.
    #[derive(Default)]
    pub struct UpdateCallerId {
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
    }
}

parameters! {
    /// `GET …/OutgoingCallerIds.json`: list the verified numbers of an account.
    #[derive(Default)]
    pub struct ListCallerIds {
        /// Only this number.
        pub phone_number: Option<String> = "PhoneNumber",
        /// Only numbers of exactly this name.
        pub friendly_name: Option<String> = "FriendlyName",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
