//! What the debugger knows: notifications in the 2010 API, and alerts in the monitoring product. The webhook that
//! tells an account of each stands with the other webhooks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::message::DateFilter;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::{HttpMethod, words};

/// A notification: something about a call or a text that went wrong, or nearly so. The last three fields are
/// only in the answer for a single notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationResource {
    /// Whose.
    pub account_sid: Sid,
    /// The version of the API that was spoken.
    #[serde(default)]
    pub api_version: Option<String>,
    /// The call that it is about, where it is about one.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub call_sid: Option<Sid>,
    /// When it was written down.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// Twilio's code, as text.
    #[serde(default)]
    pub error_code: Option<String>,
    /// `0` for an error, `1` for a warning.
    #[serde(default)]
    pub log: Option<String>,
    /// When it happened.
    #[serde(default, with = "json::rfc2822")]
    pub message_date: Option<Timestamp>,
    /// What happened, as pairs in the form of a query.
    #[serde(default)]
    pub message_text: Option<String>,
    /// The page about the code.
    #[serde(default)]
    pub more_info: Option<String>,
    /// The method of the webhook that it is about.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub request_method: Option<HttpMethod>,
    /// The address of that webhook.
    #[serde(default)]
    pub request_url: Option<String>,
    /// Its parameters, in the form of a query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_variables: Option<String>,
    /// What it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    /// The headers of that answer, in the form of a query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_headers: Option<String>,
    /// `NO…`
    pub sid: Sid,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

/// An alert: the same as a notification, in the words of the monitoring product. The request's and the
/// answer's particulars are only in the answer for a single alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertResource {
    /// Whose.
    pub account_sid: Sid,
    /// What happened, as pairs in the form of a query.
    #[serde(default)]
    pub alert_text: Option<String>,
    /// The version of the API that was spoken.
    #[serde(default)]
    pub api_version: Option<String>,
    /// When it was written down.
    #[serde(default, with = "json::iso8601")]
    pub date_created: Option<Timestamp>,
    /// When it happened.
    #[serde(default, with = "json::iso8601")]
    pub date_generated: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::iso8601")]
    pub date_updated: Option<Timestamp>,
    /// Twilio's code, as text.
    #[serde(default)]
    pub error_code: Option<String>,
    /// How bad it is.
    #[serde(default)]
    pub log_level: Option<LogLevel>,
    /// The page about the code.
    #[serde(default)]
    pub more_info: Option<String>,
    /// The method of the webhook that it is about.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub request_method: Option<HttpMethod>,
    /// The address of that webhook.
    #[serde(default)]
    pub request_url: Option<String>,
    /// Its parameters, in the form of a query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_variables: Option<String>,
    /// Its headers, in the form of a query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_headers: Option<String>,
    /// What it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    /// The headers of that answer, in the form of a query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_headers: Option<String>,
    /// The call, text, … that it is about.
    #[serde(default)]
    pub resource_sid: Option<String>,
    /// The service that the resource belongs to.
    #[serde(default)]
    pub service_sid: Option<String>,
    /// `NO…`
    pub sid: Sid,
    /// The address of this resource.
    #[serde(default)]
    pub url: Option<String>,
}

words! {
    open
    /// How bad an alert is.
    pub enum LogLevel {
        /// What was asked for did not happen.
        Error = "error",
        /// It went on without the part that was wrong.
        Warning = "warning",
        /// Worth knowing.
        Notice = "notice",
        /// For the provider's own people.
        Debug = "debug",
    }
}

parameters! {
    /// `GET …/Notifications.json`, and `GET …/Calls/{CallSid}/Notifications.json`.
    #[derive(Default)]
    pub struct ListNotifications {
        /// `0` for errors alone, `1` for warnings alone.
        pub log: Option<u32> = "Log",
        /// Only what happened on this day.
        pub message_date: Option<DateFilter> = "MessageDate",
        /// Only what happened on this day or before.
        pub message_date_until: Option<DateFilter> = "MessageDate<",
        /// Only what happened on this day or after.
        pub message_date_since: Option<DateFilter> = "MessageDate>",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}

parameters! {
    /// `GET /v1/Alerts`.
    #[derive(Default)]
    pub struct ListAlerts {
        /// Only alerts of this level.
        pub log_level: Option<LogLevel> = "LogLevel",
        /// Only alerts from this day or moment on.
        pub start_date: Option<DateFilter> = "StartDate",
        /// Only alerts up to this day or moment.
        pub end_date: Option<DateFilter> = "EndDate",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_url` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
