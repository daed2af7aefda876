//! What can become of a text or a call, and what every code of the provider means: one table, as data.
//!
//! The table `outcome/codes.json` gives each code its outcome, a title, a cause, a remedy and what a sender
//! does next. Providers add codes without notice, so a code that is not listed is judged by its range.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// How a text or a call ended, or how far it got, as workflows name it under `on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Accepted,
    Sent,
    Delivered,
    Read,
    AuthenticationFailed,
    InvalidPhoneNumber,
    FromNumberNotOwned,
    MessageBlocked,
    OptedOut,
    InsufficientFunds,
    RateLimitExceeded,
    Unreachable,
    CarrierFiltered,
    WindowClosed,
    Undelivered,
    Failed,
    Canceled,
    /// A call that was answered, and in which everything was done.
    Completed,
    NoAnswer,
    Busy,
    /// A machine answered.
    Voicemail,
    /// The person hung up before the end.
    HungUp,
    /// The person pressed the key that says so.
    Confirmed,
    /// An agent's own word ended it.
    Ended,
    /// It went on with a person.
    Transferred,
    /// An agent asked as often as it may.
    MaxRetries,
    /// A conversation took as long as it may.
    Timeout,
}

impl Outcome {
    pub const ALL: [Outcome; 27] = [
        Outcome::Accepted,
        Outcome::Sent,
        Outcome::Delivered,
        Outcome::Read,
        Outcome::AuthenticationFailed,
        Outcome::InvalidPhoneNumber,
        Outcome::FromNumberNotOwned,
        Outcome::MessageBlocked,
        Outcome::OptedOut,
        Outcome::InsufficientFunds,
        Outcome::RateLimitExceeded,
        Outcome::Unreachable,
        Outcome::CarrierFiltered,
        Outcome::WindowClosed,
        Outcome::Undelivered,
        Outcome::Failed,
        Outcome::Canceled,
        Outcome::Completed,
        Outcome::NoAnswer,
        Outcome::Busy,
        Outcome::Voicemail,
        Outcome::HungUp,
        Outcome::Confirmed,
        Outcome::Ended,
        Outcome::Transferred,
        Outcome::MaxRetries,
        Outcome::Timeout,
    ];

    /// The name under `on`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Sent => "sent",
            Outcome::Delivered => "delivered",
            Outcome::Read => "read",
            Outcome::AuthenticationFailed => "authentication_failed",
            Outcome::InvalidPhoneNumber => "invalid_phone_number",
            Outcome::FromNumberNotOwned => "from_number_not_owned",
            Outcome::MessageBlocked => "message_blocked",
            Outcome::OptedOut => "opted_out",
            Outcome::InsufficientFunds => "insufficient_funds",
            Outcome::RateLimitExceeded => "rate_limit_exceeded",
            Outcome::Unreachable => "unreachable",
            Outcome::CarrierFiltered => "carrier_filtered",
            Outcome::WindowClosed => "window_closed",
            Outcome::Undelivered => "undelivered",
            Outcome::Failed => "failed",
            Outcome::Canceled => "canceled",
            Outcome::Completed => "completed",
            Outcome::NoAnswer => "no_answer",
            Outcome::Busy => "busy",
            Outcome::Voicemail => "voicemail",
            Outcome::HungUp => "hung_up",
            Outcome::Confirmed => "confirmed",
            Outcome::Ended => "ended",
            Outcome::Transferred => "transferred",
            Outcome::MaxRetries => "max_retries",
            Outcome::Timeout => "timeout",
        }
    }

    pub fn parse(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// The outcome that stands in for this one where a block does not name it.
    pub fn group(self) -> Option<Outcome> {
        match self {
            Outcome::Read => Some(Outcome::Delivered),
            Outcome::Accepted | Outcome::Sent | Outcome::Delivered | Outcome::Failed | Outcome::Completed => {
                None
            }
            // Somebody, or something, answered: the call itself did what it should.
            Outcome::Voicemail
            | Outcome::HungUp
            | Outcome::Confirmed
            | Outcome::Ended
            | Outcome::Transferred
            | Outcome::MaxRetries
            | Outcome::Timeout => Some(Outcome::Completed),
            _ => Some(Outcome::Failed),
        }
    }

    /// What a person can do about it, where no code says more.
    pub fn remedy(self) -> &'static str {
        match self {
            Outcome::Accepted
            | Outcome::Sent
            | Outcome::Delivered
            | Outcome::Read
            | Outcome::Completed
            | Outcome::Confirmed
            | Outcome::Ended
            | Outcome::Transferred => "nothing: all is well",
            Outcome::NoAnswer => "call again later: `retry` does so by itself",
            Outcome::Busy => "call again in some minutes: `retry` does so by itself",
            Outcome::Voicemail => "give a `voicemailMessage`, or call again later",
            Outcome::HungUp => "say what matters first",
            Outcome::MaxRetries => "ask in other words, or offer keys",
            Outcome::Timeout => "ask less, or give the conversation more time",
            Outcome::AuthenticationFailed => "check the credential with `switchboard credentials test`",
            Outcome::InvalidPhoneNumber => "write the number in E.164: plus, country code, number",
            Outcome::FromNumberNotOwned => {
                "send from a number of the account; `switchboard senders sync` lists them"
            }
            Outcome::MessageBlocked => "see whether the recipient or the country may be texted at all",
            Outcome::OptedOut => "leave them alone: only their own START lets texts through again",
            Outcome::InsufficientFunds => "add funds to the account",
            Outcome::RateLimitExceeded => "set a rate on the sender, or add senders",
            Outcome::Unreachable => "check the number, or reach the person in another way",
            Outcome::CarrierFiltered => "change the wording, and register the sender",
            Outcome::WindowClosed => "add `contentSid`: the template is taken where the window is closed",
            Outcome::Undelivered => "try again later, or from another sender",
            Outcome::Failed => "see the message's history for what the provider said",
            Outcome::Canceled => "nothing: it was taken back before it was sent",
        }
    }

    /// Whether nobody was reached.
    pub fn is_failure(self) -> bool {
        self == Outcome::Failed || self.group() == Some(Outcome::Failed)
    }
}

/// What a code of the provider means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeInfo {
    /// Nothing where the entry stands for every unlisted code of a range.
    #[serde(default)]
    pub code: Option<u32>,
    pub outcome: Outcome,
    /// A few words.
    pub title: &'static str,
    /// Why it happens.
    pub cause: &'static str,
    /// What a person can do about it.
    pub remedy: &'static str,
    pub retry: Retry,
}

/// What a sender does after a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same again ends the same.
    Never,
    /// The request was refused for its moment alone: the same one may be repeated later.
    RequestLater,
    /// A final failure of delivery that passes: a block's `retry` covers it without naming it.
    Redeliver,
    /// A final failure of delivery that may pass: a block's `retry` covers it where it is named.
    RedeliverIfNamed,
    /// Sending again does harm, whatever a block says.
    Forbidden,
    /// The credential is wrong or may not do this: a person must act, and nothing is repeated.
    Credential,
}

impl CodeInfo {
    /// May the very same request be repeated later? The provider created nothing.
    pub fn request_may_be_repeated(&self) -> bool {
        self.retry == Retry::RequestLater
    }

    /// Does a final failure with this code bring a new text, where a block has `retry` without codes?
    pub fn is_redelivered_by_default(&self) -> bool {
        self.retry == Retry::Redeliver
    }

    /// May a block name this code under `retry`?
    pub fn may_be_redelivered(&self) -> bool {
        !matches!(self.retry, Retry::Forbidden | Retry::Credential)
    }

    /// Is the credential to blame, so that no other request of it would fare better?
    pub fn is_credential_bad(&self) -> bool {
        self.retry == Retry::Credential
    }
}

/// What a code means; by its range where it is not listed.
pub fn of_code(code: u32) -> &'static CodeInfo {
    match TABLE.binary_search_by_key(&Some(code), |info| info.code) {
        Ok(index) => &TABLE[index],
        Err(_) => of_range(code),
    }
}

/// Every listed code, in rising order.
pub fn all() -> &'static [CodeInfo] {
    &TABLE
}

/// Reads an error by the name that the product documents, such as `Message blocked`.
pub fn of_documented(name: &str) -> Option<Outcome> {
    DOCUMENTED.iter().find(|(documented, _)| documented.eq_ignore_ascii_case(name.trim())).map(|(_, to)| *to)
}

/// The documented error names.
pub const DOCUMENTED: [(&str, Outcome); 9] = [
    ("Authentication failed", Outcome::AuthenticationFailed),
    ("Invalid credentials", Outcome::AuthenticationFailed),
    ("Invalid phone number", Outcome::InvalidPhoneNumber),
    ("From number not owned", Outcome::FromNumberNotOwned),
    ("Phone number not available", Outcome::FromNumberNotOwned),
    ("Message blocked", Outcome::MessageBlocked),
    ("Insufficient funds", Outcome::InsufficientFunds),
    ("Rate limit exceeded", Outcome::RateLimitExceeded),
    ("Message not delivered", Outcome::Undelivered),
];

static TABLE: LazyLock<Vec<CodeInfo>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("outcome/codes.json")).expect("the table is checked by a test")
});

fn of_range(code: u32) -> &'static CodeInfo {
    match code {
        30_000..=30_999 => &DELIVERY,
        63_000..=63_999 => &CHANNEL,
        20_000..=22_999 => &REQUEST,
        _ => &UNKNOWN,
    }
}

const DELIVERY: CodeInfo = CodeInfo {
    code: None,
    outcome: Outcome::Undelivered,
    title: "Not delivered, for a reason that is not listed",
    cause: "The provider or a carrier gave up on the text with a code that this version does not know.",
    remedy: "Look the code up at the provider; name it under `retry` if it turns out to pass by itself.",
    retry: Retry::RedeliverIfNamed,
};

const CHANNEL: CodeInfo = CodeInfo {
    code: None,
    outcome: Outcome::Undelivered,
    title: "Not delivered by the channel, for a reason that is not listed",
    cause: "WhatsApp or another channel gave up on the text with a code that this version does not know.",
    remedy: "Look the code up at the provider and in the channel's own console.",
    retry: Retry::RedeliverIfNamed,
};

const REQUEST: CodeInfo = CodeInfo {
    code: None,
    outcome: Outcome::Failed,
    title: "Request refused, for a reason that is not listed",
    cause: "The provider refused the request with a code that this version does not know; nothing was created.",
    remedy: "Look the code up at the provider and mend the block or the account that it speaks of.",
    retry: Retry::Never,
};

const UNKNOWN: CodeInfo = CodeInfo {
    code: None,
    outcome: Outcome::Failed,
    title: "An error that is not listed",
    cause: "The provider answered with a code that this version does not know.",
    remedy: "Look the code up at the provider.",
    retry: Retry::Never,
};

/// What the provider answers for a person who opted out of this sender.
pub const OPTED_OUT_CODE: u32 = 21_610;

/// Whether a refusal says that this sender sends too fast, so that its other texts wait as well.
pub fn is_sender_overload(code: u32) -> bool {
    matches!(code, 20_429 | 21_611 | 30_001)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::keys::{AGENT_OUTCOMES, CALL_OUTCOMES, TEXT_AGENT_OUTCOMES, TEXT_OUTCOMES};

    #[test]
    fn files_can_name_every_outcome_and_no_other() {
        let names: Vec<&str> = Outcome::ALL.into_iter().map(Outcome::name).collect();
        let of_files: std::collections::BTreeSet<&str> =
            [TEXT_OUTCOMES, CALL_OUTCOMES, AGENT_OUTCOMES, TEXT_AGENT_OUTCOMES]
                .concat()
                .into_iter()
                .collect();
        assert_eq!(of_files, names.into_iter().collect());
    }
}
