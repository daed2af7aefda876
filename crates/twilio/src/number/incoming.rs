//! Numbers that an account owns.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Capabilities;
use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::{HttpMethod, words};

/// A number that an account owns, and where its webhooks go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingNumber {
    /// The account that owns it.
    pub account_sid: Sid,
    /// The address that its use is registered under.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub address_sid: Option<Sid>,
    /// What kind of address its use requires.
    #[serde(default)]
    pub address_requirements: Option<AddressRequirement>,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// Whether it is new to the platform.
    #[serde(default)]
    pub beta: Option<bool>,
    /// What it can do.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub capabilities: Capabilities,
    /// When it was bought.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// The identity that its use is registered under.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub identity_sid: Option<Sid>,
    /// E.164.
    pub phone_number: String,
    /// `twilio` or `hosted`.
    #[serde(default)]
    pub origin: Option<String>,
    /// `PN…`
    pub sid: Sid,
    /// The application that messages go to, before `sms_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub sms_application_sid: Option<Sid>,
    /// The method of `sms_fallback_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub sms_fallback_method: Option<HttpMethod>,
    /// Where messages go when `sms_url` failed.
    #[serde(default)]
    pub sms_fallback_url: Option<String>,
    /// The method of `sms_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub sms_method: Option<HttpMethod>,
    /// Where messages go.
    #[serde(default)]
    pub sms_url: Option<String>,
    /// Where ends of calls are told.
    #[serde(default)]
    pub status_callback: Option<String>,
    /// The method of `status_callback`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub status_callback_method: Option<HttpMethod>,
    /// The SIP trunk that calls go to.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub trunk_sid: Option<Sid>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
    /// Whether calls are voice or fax.
    #[serde(default)]
    pub voice_receive_mode: Option<VoiceReceiveMode>,
    /// The application that calls go to, before `voice_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub voice_application_sid: Option<Sid>,
    /// Whether the caller's name is looked up.
    #[serde(default)]
    pub voice_caller_id_lookup: Option<bool>,
    /// The method of `voice_fallback_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub voice_fallback_method: Option<HttpMethod>,
    /// Where calls go when `voice_url` failed.
    #[serde(default)]
    pub voice_fallback_url: Option<String>,
    /// The method of `voice_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub voice_method: Option<HttpMethod>,
    /// Where calls go.
    #[serde(default)]
    pub voice_url: Option<String>,
    /// Whether emergency calls are set up: `Active` or `Inactive`.
    #[serde(default)]
    pub emergency_status: Option<String>,
    /// The address that emergency services are told.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub emergency_address_sid: Option<Sid>,
    /// How far that address is registered.
    #[serde(default)]
    pub emergency_address_status: Option<String>,
    /// The regulatory bundle that its use is registered under.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub bundle_sid: Option<Sid>,
    /// `in-use`
    #[serde(default)]
    pub status: Option<String>,
    /// `local`, `mobile`, `toll-free`, …
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

words! {
    open
    /// What kind of address a number's use requires.
    pub enum AddressRequirement {
        /// None at all.
        None = "none",
        /// One anywhere.
        Any = "any",
        /// One in the number's country.
        Local = "local",
        /// One outside the number's country.
        Foreign = "foreign",
    }
}

words! {
    open
    /// Whether calls to a number are voice or fax.
    pub enum VoiceReceiveMode {
        /// Voice.
        Voice = "voice",
        /// Fax.
        Fax = "fax",
    }
}

parameters! {
    /// `POST …/IncomingPhoneNumbers.json`, and its forms by type: buy a number. Either the number or an area
    /// code must be given.
    #[derive(Default)]
    pub struct CreateIncomingNumber {
        /// The number to buy, E.164.
        pub phone_number: Option<String> = "PhoneNumber",
        /// Any number of this area code, US and Canada only.
        pub area_code: Option<String> = "AreaCode",
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
        /// The version of the API that its webhooks speak.
        pub api_version: Option<String> = "ApiVersion",
        /// The application that messages go to, before `SmsUrl`.
        pub sms_application_sid: Option<String> = "SmsApplicationSid",
        /// Where messages go.
        pub sms_url: Option<String> = "SmsUrl",
        /// The method of `SmsUrl`.
        pub sms_method: Option<HttpMethod> = "SmsMethod",
        /// Where messages go when `SmsUrl` failed.
        pub sms_fallback_url: Option<String> = "SmsFallbackUrl",
        /// The method of `SmsFallbackUrl`.
        pub sms_fallback_method: Option<HttpMethod> = "SmsFallbackMethod",
        /// Where ends of calls are told.
        pub status_callback: Option<String> = "StatusCallback",
        /// The method of `StatusCallback`.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
        /// The application that calls go to, before `VoiceUrl`.
        pub voice_application_sid: Option<String> = "VoiceApplicationSid",
        /// Whether the caller's name is looked up.
        pub voice_caller_id_lookup: Option<bool> = "VoiceCallerIdLookup",
        /// Where calls go.
        pub voice_url: Option<String> = "VoiceUrl",
        /// The method of `VoiceUrl`.
        pub voice_method: Option<HttpMethod> = "VoiceMethod",
        /// Where calls go when `VoiceUrl` failed.
        pub voice_fallback_url: Option<String> = "VoiceFallbackUrl",
        /// The method of `VoiceFallbackUrl`.
        pub voice_fallback_method: Option<HttpMethod> = "VoiceFallbackMethod",
        /// Whether calls are voice or fax.
        pub voice_receive_mode: Option<VoiceReceiveMode> = "VoiceReceiveMode",
        /// Whether emergency calls are set up.
        pub emergency_status: Option<String> = "EmergencyStatus",
        /// The address that emergency services are told.
        pub emergency_address_sid: Option<String> = "EmergencyAddressSid",
        /// The SIP trunk that calls go to.
        pub trunk_sid: Option<String> = "TrunkSid",
        /// The identity that its use is registered under.
        pub identity_sid: Option<String> = "IdentitySid",
        /// The address that its use is registered under.
        pub address_sid: Option<String> = "AddressSid",
        /// The regulatory bundle that its use is registered under.
        pub bundle_sid: Option<String> = "BundleSid",
    }
}

parameters! {
    /// `POST …/IncomingPhoneNumbers/{Sid}.json`: change a number's webhooks, or move it to another account.
    /// What is not given stays; an empty text clears a URL or an application.
    #[derive(Default)]
    pub struct UpdateIncomingNumber {
        /// The account to move it to.
        pub account_sid: Option<Sid> = "AccountSid",
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
        /// The version of the API that its webhooks speak.
        pub api_version: Option<String> = "ApiVersion",
        /// The application that messages go to, before `SmsUrl`.
        pub sms_application_sid: Option<String> = "SmsApplicationSid",
        /// Where messages go.
        pub sms_url: Option<String> = "SmsUrl",
        /// The method of `SmsUrl`.
        pub sms_method: Option<HttpMethod> = "SmsMethod",
        /// Where messages go when `SmsUrl` failed.
        pub sms_fallback_url: Option<String> = "SmsFallbackUrl",
        /// The method of `SmsFallbackUrl`.
        pub sms_fallback_method: Option<HttpMethod> = "SmsFallbackMethod",
        /// Where ends of calls are told.
        pub status_callback: Option<String> = "StatusCallback",
        /// The method of `StatusCallback`.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
        /// The application that calls go to, before `VoiceUrl`.
        pub voice_application_sid: Option<String> = "VoiceApplicationSid",
        /// Whether the caller's name is looked up.
        pub voice_caller_id_lookup: Option<bool> = "VoiceCallerIdLookup",
        /// Where calls go.
        pub voice_url: Option<String> = "VoiceUrl",
        /// The method of `VoiceUrl`.
        pub voice_method: Option<HttpMethod> = "VoiceMethod",
        /// Where calls go when `VoiceUrl` failed.
        pub voice_fallback_url: Option<String> = "VoiceFallbackUrl",
        /// The method of `VoiceFallbackUrl`.
        pub voice_fallback_method: Option<HttpMethod> = "VoiceFallbackMethod",
        /// Whether calls are voice or fax.
        pub voice_receive_mode: Option<VoiceReceiveMode> = "VoiceReceiveMode",
        /// Whether emergency calls are set up.
        pub emergency_status: Option<String> = "EmergencyStatus",
        /// The address that emergency services are told.
        pub emergency_address_sid: Option<String> = "EmergencyAddressSid",
        /// The SIP trunk that calls go to.
        pub trunk_sid: Option<String> = "TrunkSid",
        /// The identity that its use is registered under.
        pub identity_sid: Option<String> = "IdentitySid",
        /// The address that its use is registered under.
        pub address_sid: Option<String> = "AddressSid",
        /// The regulatory bundle that its use is registered under.
        pub bundle_sid: Option<String> = "BundleSid",
    }
}

parameters! {
    /// `GET …/IncomingPhoneNumbers.json`, and its forms by type: list the numbers of an account.
    #[derive(Default)]
    pub struct ListIncomingNumbers {
        /// Only numbers that are, or are not, new to the platform.
        pub beta: Option<bool> = "Beta",
        /// Only numbers of exactly this name.
        pub friendly_name: Option<String> = "FriendlyName",
        /// Only numbers with these digits; `*` stands for any one.
        pub phone_number: Option<String> = "PhoneNumber",
        /// Only `twilio` or `hosted` numbers.
        pub origin: Option<String> = "Origin",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
