//! Usage records in the 2010 API: what an account used in a span of days, by category.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;

/// What was used of one category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// Whose.
    pub account_sid: Sid,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// When the figures were taken, with a zone written `+00:00`.
    #[serde(default)]
    pub as_of: Option<String>,
    /// `sms`, `calls`, `totalprice`, …
    pub category: String,
    /// How many things, as text.
    #[serde(default)]
    pub count: Option<String>,
    /// What they are, such as `messages`.
    #[serde(default)]
    pub count_unit: Option<String>,
    /// The category for people.
    #[serde(default)]
    pub description: Option<String>,
    /// The last day, `YYYY-MM-DD`, included.
    #[serde(default)]
    pub end_date: Option<String>,
    /// What it cost. Declared a number and sent as text.
    #[serde(default)]
    pub price: Option<String>,
    /// Such as `usd`.
    #[serde(default)]
    pub price_unit: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    #[serde(default)]
    pub start_date: Option<String>,
    /// The paths of the same record by day, month, …
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub subresource_uris: BTreeMap<String, String>,
    /// The path of this record.
    #[serde(default)]
    pub uri: Option<String>,
    /// How much, as text.
    #[serde(default)]
    pub usage: Option<String>,
    /// Of what, such as `segments` or `minutes`.
    #[serde(default)]
    pub usage_unit: Option<String>,
}

parameters! {
    /// `GET …/Usage/Records.json` and its forms by span.
    #[derive(Default)]
    pub struct ListUsageRecords {
        /// Only this category.
        pub category: Option<String> = "Category",
        /// The first day: `YYYY-MM-DD`, or a count of days from today such as `-30days`.
        pub start_date: Option<String> = "StartDate",
        /// The last day, in the same forms.
        pub end_date: Option<String> = "EndDate",
        /// Whether what subaccounts used counts too.
        pub include_subaccounts: Option<bool> = "IncludeSubaccounts",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}
