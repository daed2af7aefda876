//! Applications in the 2010 API: sets of webhook URLs that numbers, calls and texts can name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::HttpMethod;

/// A set of webhook URLs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// When it was made.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// Where changes of status of texts go that name this application.
    #[serde(default)]
    pub message_status_callback: Option<String>,
    /// `AP…`
    pub sid: Sid,
    /// The method of `sms_fallback_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub sms_fallback_method: Option<HttpMethod>,
    /// Where texts go when `sms_url` failed.
    #[serde(default)]
    pub sms_fallback_url: Option<String>,
    /// The method of `sms_url`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub sms_method: Option<HttpMethod>,
    /// The older name of `message_status_callback`.
    #[serde(default)]
    pub sms_status_callback: Option<String>,
    /// Where texts go.
    #[serde(default)]
    pub sms_url: Option<String>,
    /// Where ends of calls are told.
    #[serde(default)]
    pub status_callback: Option<String>,
    /// The method of `status_callback`.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub status_callback_method: Option<HttpMethod>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
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
    /// Whether other accounts may call it by `<Dial><Application>`.
    #[serde(default)]
    pub public_application_connect_enabled: Option<bool>,
}

parameters! {
    /// `POST …/Applications.json` and `POST …/Applications/{Sid}.json`: make or change an application. What
    /// is not given stays; an empty text clears a URL.
    #[derive(Default)]
    pub struct SetApplication {
        /// `2010-04-01`
        pub api_version: Option<String> = "ApiVersion",
        /// Where calls go.
        pub voice_url: Option<String> = "VoiceUrl",
        /// The method of `VoiceUrl`.
        pub voice_method: Option<HttpMethod> = "VoiceMethod",
        /// Where calls go when `VoiceUrl` failed.
        pub voice_fallback_url: Option<String> = "VoiceFallbackUrl",
        /// The method of `VoiceFallbackUrl`.
        pub voice_fallback_method: Option<HttpMethod> = "VoiceFallbackMethod",
        /// Where ends of calls are told.
        pub status_callback: Option<String> = "StatusCallback",
        /// The method of `StatusCallback`.
        pub status_callback_method: Option<HttpMethod> = "StatusCallbackMethod",
        /// Whether the caller's name is looked up.
        pub voice_caller_id_lookup: Option<bool> = "VoiceCallerIdLookup",
        /// Where texts go.
        pub sms_url: Option<String> = "SmsUrl",
        /// The method of `SmsUrl`.
        pub sms_method: Option<HttpMethod> = "SmsMethod",
        /// Where texts go when `SmsUrl` failed.
        pub sms_fallback_url: Option<String> = "SmsFallbackUrl",
        /// The method of `SmsFallbackUrl`.
        pub sms_fallback_method: Option<HttpMethod> = "SmsFallbackMethod",
        /// The older name of `MessageStatusCallback`.
        pub sms_status_callback: Option<String> = "SmsStatusCallback",
        /// Where changes of status of texts go that name this application.
        pub message_status_callback: Option<String> = "MessageStatusCallback",
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
        /// Whether other accounts may call it by `<Dial><Application>`.
        pub public_application_connect_enabled: Option<bool> = "PublicApplicationConnectEnabled",
    }
}

parameters! {
    /// `GET …/Applications.json`: list the applications of an account.
    #[derive(Default)]
    pub struct ListApplications {
        /// Only applications of exactly this name.
        pub friendly_name: Option<String> = "FriendlyName",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
