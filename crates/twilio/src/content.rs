//! Content templates and their approval by WhatsApp. Requests are JSON here, not forms.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json;
use crate::sid::Sid;
use crate::words::words;

/// A template: one or several forms of the same content, each for the channels that can show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContentResource {
    /// When it was made.
    #[serde(default, with = "json::iso8601")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::iso8601")]
    pub date_updated: Option<Timestamp>,
    /// `HX…`
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// Such as `en`.
    #[serde(default)]
    pub language: Option<String>,
    /// Values for variables that a send leaves out.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub variables: BTreeMap<String, String>,
    /// The forms, by type such as `twilio/text`.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub types: Map<String, Value>,
    /// The address of this resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The addresses of its approval.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
    /// Its approval, in the list that shows both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_requests: Option<ContentApproval>,
}

/// What WhatsApp was asked about a template, and what it thinks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentApproval {
    /// `whatsapp`, where a template's approval is fetched.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The name that WhatsApp knows it by: small letters, digits and underscores.
    #[serde(default)]
    pub name: String,
    /// What it is for; empty before the request.
    #[serde(default)]
    pub category: String,
    /// The type that was sent in.
    #[serde(default)]
    pub content_type: String,
    /// How far it has come.
    pub status: ApprovalStatus,
    /// Why it was rejected.
    #[serde(default)]
    pub rejection_reason: String,
    /// Whether WhatsApp may put it into another category.
    #[serde(default)]
    pub allow_category_change: bool,
}

/// `POST /v1/Content`, and `PUT /v1/Content/{Sid}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetContent {
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    /// Values for variables that a send leaves out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
    /// Required to make one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The forms, by type; at least one.
    pub types: Map<String, Value>,
}

/// `POST /v1/Content/{Sid}/ApprovalRequests/whatsapp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestApproval {
    /// Small letters, digits and underscores.
    pub name: String,
    /// What it is for.
    pub category: ApprovalCategory,
    /// Whether WhatsApp may put it into another category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_category_change: Option<bool>,
}

words! {
    /// What a template is for, in WhatsApp's eyes.
    pub enum ApprovalCategory {
        /// About something that the recipient asked for.
        Utility = "UTILITY",
        /// Anything that sells.
        Marketing = "MARKETING",
        /// Codes to sign in with.
        Authentication = "AUTHENTICATION",
    }
}

words! {
    open
    /// How far WhatsApp's approval of a template has come.
    pub enum ApprovalStatus {
        /// Not asked for.
        Unsubmitted = "unsubmitted",
        /// Asked for.
        Received = "received",
        /// Being decided.
        Pending = "pending",
        /// It may be sent at any time.
        Approved = "approved",
        /// It may not be sent.
        Rejected = "rejected",
        /// Recipients complained; it may not be sent for now.
        Paused = "paused",
        /// It will never be sent again.
        Disabled = "disabled",
    }
}
