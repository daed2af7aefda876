//! Accounts and their balance in the 2010 API.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;
use crate::words::words;

/// An account or subaccount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountResource {
    /// The primary token, which signs webhooks.
    #[serde(default)]
    pub auth_token: Option<AuthToken>,
    /// When it was opened.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// The account that it belongs to; its own SID where it is no subaccount.
    #[serde(default)]
    pub owner_account_sid: Option<Sid>,
    /// `AC…`
    pub sid: Sid,
    /// Whether it can be used.
    pub status: AccountStatus,
    /// Paths of what belongs to it, by name.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub subresource_uris: BTreeMap<String, String>,
    /// Whether it was upgraded from a trial.
    #[serde(rename = "type")]
    pub kind: AccountKind,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

/// An account's balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceResource {
    /// The account.
    pub account_sid: Sid,
    /// Decimal text; negative where money is owed.
    pub balance: String,
    /// ISO 4217, such as `USD`.
    pub currency: String,
}

/// An auth token in an answer. It is written to JSON as it is and masked wherever it is printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthToken(pub String);

impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(masked)")
    }
}

words! {
    open
    /// Whether an account can be used.
    pub enum AccountStatus {
        /// It can.
        Active = "active",
        /// It cannot for now.
        Suspended = "suspended",
        /// It never will again.
        Closed = "closed",
    }
}

words! {
    open
    /// Whether an account was upgraded from a trial.
    pub enum AccountKind {
        /// It was not, and trial rules hold.
        Trial = "Trial",
        /// It was.
        Full = "Full",
    }
}

words! {
    /// What an account's status can be set to.
    pub enum SetAccountStatus {
        /// Use it again.
        Active = "active",
        /// Stop it for now.
        Suspended = "suspended",
        /// Stop it forever.
        Closed = "closed",
    }
}

parameters! {
    /// `POST /2010-04-01/Accounts.json`: open a subaccount.
    #[derive(Default)]
    pub struct CreateAccount {
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
    }
}

parameters! {
    /// `POST /2010-04-01/Accounts/{Sid}.json`: rename, suspend, reopen or close an account.
    #[derive(Default)]
    pub struct UpdateAccount {
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
        /// Whether it can be used.
        pub status: Option<SetAccountStatus> = "Status",
    }
}

parameters! {
    /// `GET /2010-04-01/Accounts.json`: list the account and its subaccounts.
    #[derive(Default)]
    pub struct ListAccounts {
        /// Only accounts of this name.
        pub friendly_name: Option<String> = "FriendlyName",
        /// Only accounts in this status.
        pub status: Option<SetAccountStatus> = "Status",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = AuthToken("00000000000000000000000000000001".to_owned());
        assert_eq!(format!("{token:?}"), "AuthToken(masked)");
        assert_eq!(serde_json::to_value(&token).unwrap(), "00000000000000000000000000000001");
    }
}
