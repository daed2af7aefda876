//! Accounts, their credentials and their state.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use twilio::sid::Sid;
use utoipa::ToSchema;

use crate::fixture::AccountKind;
use crate::verified::VerifiedNumbers;

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) sid: Sid,
    /// The primary token: it authenticates requests and signs webhooks.
    pub(crate) token: String,
    pub(crate) friendly_name: String,
    pub(crate) kind: AccountKind,
    pub(crate) status: AccountStatus,
    /// The account that pays; itself for a main account.
    pub(crate) owner: Sid,
    pub(crate) balance_micros: i64,
    pub(crate) currency: String,
    /// Nothing can be sent until money is there again.
    pub(crate) out_of_funds: bool,
    /// Told of every notice of the debugger.
    pub(crate) debugger_url: Option<String>,
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) test: Option<TestAccount>,
    pub(crate) verified: VerifiedNumbers,
    pub(crate) concurrent_requests_max: Option<u32>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct ApiKey {
    pub(crate) sid: Sid,
    pub(crate) secret: String,
    pub(crate) friendly_name: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct TestAccount {
    pub(crate) sid: Sid,
    pub(crate) token: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AccountStatus {
    #[default]
    Active,
    /// Requests are refused, what waits to be sent fails, what comes in is dropped.
    Suspended,
    /// As suspended, and cannot be opened again.
    Closed,
}

impl AccountStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            AccountStatus::Active => "active",
            AccountStatus::Suspended => "suspended",
            AccountStatus::Closed => "closed",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "active" => Some(AccountStatus::Active),
            "suspended" => Some(AccountStatus::Suspended),
            "closed" => Some(AccountStatus::Closed),
            _ => None,
        }
    }
}

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    Account(Sid),
    /// Test credentials: nothing that they do has an effect.
    Test(Sid),
}

/// Accounts in the order in which they were made.
#[derive(Default)]
pub(crate) struct Accounts(IndexMap<Sid, Account>);

impl Accounts {
    pub(crate) fn insert(&mut self, account: Account) {
        self.0.insert(account.sid.clone(), account);
    }

    pub(crate) fn get(&self, sid: &Sid) -> Option<&Account> {
        self.0.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut Account> {
        self.0.get_mut(sid)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Account> {
        self.0.values()
    }

    /// The caller with these credentials: an account's SID and token, a key's SID and secret, or test
    /// credentials.
    pub(crate) fn authenticate(&self, user: &str, password: &str) -> Option<Caller> {
        for account in self.iter() {
            if account.sid.as_str() == user {
                return (account.token == password).then(|| Caller::Account(account.sid.clone()));
            }
            if let Some(test) = account.test.as_ref().filter(|test| test.sid.as_str() == user) {
                return (test.token == password).then(|| Caller::Test(test.sid.clone()));
            }
            if let Some(key) = account.keys.iter().find(|key| key.sid.as_str() == user) {
                return (key.secret == password).then(|| Caller::Account(account.sid.clone()));
            }
        }
        None
    }

    /// Whether `caller` may act for `target`: for itself and for its subaccounts.
    pub(crate) fn may_act(&self, caller: &Sid, target: &Sid) -> bool {
        caller == target || self.get(target).is_some_and(|account| account.owner == *caller)
    }
}

/// Millionths from decimal text such as `-1.50`; `None` where it is not a plain decimal number.
pub(crate) fn parse_micros(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !plain(whole) || !plain(part) {
        return None;
    }
    let micros: i64 = format!("{part:0<6}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(micros).map(|amount| sign * amount)
}

/// Decimal text with at least two decimals.
pub(crate) fn micros_text(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let amount = micros.unsigned_abs();
    let mut text = format!("{sign}{}.{:06}", amount / 1_000_000, amount % 1_000_000);
    while text.ends_with('0') && !text[..text.len() - 2].ends_with('.') {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_and_written_exactly() {
        for (text, micros, written) in [
            ("100.00", 100_000_000, "100.00"),
            ("-1.5", -1_500_000, "-1.50"),
            ("0.0083", 8_300, "0.0083"),
            ("7", 7_000_000, "7.00"),
        ] {
            assert_eq!(parse_micros(text), Some(micros), "{text}");
            assert_eq!(micros_text(micros), written);
        }
        for text in ["", "-", "1e3", "1.2.3", "one", "0.0000001", "+1"] {
            assert_eq!(parse_micros(text), None, "{text}");
        }
    }
}
