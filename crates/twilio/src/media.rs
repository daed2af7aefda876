//! Media of messages in the 2010 API.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::message::DateFilter;
use crate::parameter::parameters;
use crate::sid::Sid;

/// One attachment of a message. Its bytes are found at `uri` without `.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// Its MIME type.
    #[serde(default)]
    pub content_type: Option<String>,
    /// When it was stored.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// The message that it belongs to.
    pub parent_sid: Sid,
    /// `ME…`
    pub sid: Sid,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

parameters! {
    /// `GET …/Messages/{MessageSid}/Media.json`: list a message's media.
    #[derive(Default)]
    pub struct ListMedia {
        /// Only media stored on this day, or at this moment.
        pub date_created: Option<DateFilter> = "DateCreated",
        /// Only media stored at or before this.
        pub date_created_until: Option<DateFilter> = "DateCreated<",
        /// Only media stored at or after this.
        pub date_created_since: Option<DateFilter> = "DateCreated>",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
