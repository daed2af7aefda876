//! The senders of a messaging service.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;

/// A number in a service (`/v1/Services/{Sid}/PhoneNumbers`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePhoneNumber {
    /// `PN…`, the number's own SID.
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// The service.
    pub service_sid: Sid,
    /// When it was added.
    #[serde(default, with = "json::iso8601")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::iso8601")]
    pub date_updated: Option<Timestamp>,
    /// E.164.
    pub phone_number: String,
    /// ISO 3166, two letters.
    #[serde(default)]
    pub country_code: Option<String>,
    /// `SMS`, `MMS`, `Voice`.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub capabilities: Vec<String>,
    /// The address of this resource.
    #[serde(default)]
    pub url: Option<String>,
}

/// An alphanumeric sender in a service (`/v1/Services/{Sid}/AlphaSenders`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAlphaSender {
    /// `AI…`
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// The service.
    pub service_sid: Sid,
    /// When it was added.
    #[serde(default, with = "json::iso8601")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::iso8601")]
    pub date_updated: Option<Timestamp>,
    /// At most 11 letters, digits and blanks.
    pub alpha_sender: String,
    /// `SMS`
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub capabilities: Vec<String>,
    /// The address of this resource.
    #[serde(default)]
    pub url: Option<String>,
}

/// A short code in a service (`/v1/Services/{Sid}/ShortCodes`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceShortCode {
    /// `SC…`, the short code's own SID.
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// The service.
    pub service_sid: Sid,
    /// When it was added.
    #[serde(default, with = "json::iso8601")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::iso8601")]
    pub date_updated: Option<Timestamp>,
    /// Five or six digits.
    pub short_code: String,
    /// ISO 3166, two letters.
    #[serde(default)]
    pub country_code: Option<String>,
    /// `SMS`, `MMS`.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub capabilities: Vec<String>,
    /// The address of this resource.
    #[serde(default)]
    pub url: Option<String>,
}

parameters! {
    /// `POST /v1/Services/{Sid}/PhoneNumbers`: add a number that the account owns.
    #[derive(Default)]
    pub struct AddPhoneNumber {
        /// `PN…`; whether it exists is for whoever answers.
        pub phone_number_sid: String = "PhoneNumberSid",
    }
}

parameters! {
    /// `POST /v1/Services/{Sid}/AlphaSenders`: add an alphanumeric sender.
    #[derive(Default)]
    pub struct AddAlphaSender {
        /// At most 11 letters, digits and blanks, one letter at least.
        pub alpha_sender: String = "AlphaSender",
    }
}

parameters! {
    /// `POST /v1/Services/{Sid}/ShortCodes`: add a short code that the account owns.
    #[derive(Default)]
    pub struct AddShortCode {
        /// `SC…`; whether it exists is for whoever answers.
        pub short_code_sid: String = "ShortCodeSid",
    }
}
