//! Whether a credential works, asked of the provider, with what to do where it does not.

use super::TwilioCarrier;
use super::client::{Answer, CallError, Identity};
use super::senders::listed;
use crate::credentials::{CredentialError, TwilioCredential};
use http::StatusCode;
use serde::Serialize;
use twilio::account::{AccountKind, AccountResource, AccountStatus, BalanceResource};
use twilio::number::IncomingNumber;

/// What the provider says of a credential's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountReport {
    pub credential: String,
    pub account_sid: String,
    /// The account's friendly name.
    pub name: Option<String>,
    /// `Full` or `Trial`.
    pub kind: Option<String>,
    /// `active`, `suspended` or `closed`.
    pub status: Option<String>,
    /// With its currency, such as `12.50 USD`.
    pub balance: Option<String>,
    pub numbers: Vec<OwnedNumber>,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnedNumber {
    pub number: String,
    pub name: Option<String>,
    pub sms: bool,
    pub mms: bool,
    pub voice: bool,
}

/// Something that stands in the way, or should be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

impl AccountReport {
    /// Whether texts can be sent with it.
    pub fn is_usable(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }

    fn find(
        &mut self,
        severity: Severity,
        message: impl Into<String>,
        hint: impl Into<Option<&'static str>>,
    ) {
        let hint = hint.into().map(str::to_owned);
        self.findings.push(Finding { severity, message: message.into(), hint });
    }
}

/// Twilio's code for a resource that test credentials have no access to.
const TEST_CREDENTIALS: u32 = 20008;

impl TwilioCarrier {
    /// Asks the provider about an account: name, type, status, balance, numbers, and what is wrong.
    ///
    /// # Errors
    /// Where there is no such Twilio credential. That the provider refuses is no error but a finding.
    pub async fn test(&self, name: &str) -> Result<AccountReport, CredentialError> {
        let credential = self.credentials.twilio(name).await?;
        let mut report = AccountReport {
            credential: credential.name.clone(),
            account_sid: credential.account_sid.clone(),
            name: None,
            kind: None,
            status: None,
            balance: None,
            numbers: Vec::new(),
            findings: Vec::new(),
        };
        // The token is tried first, also beside an API key: webhooks are signed with it.
        if !self.test_token(&credential, &mut report).await || credential.test {
            return Ok(report);
        }
        self.test_requests(&credential, &mut report).await;
        Ok(report)
    }

    /// Whether it makes sense to go on.
    async fn test_token(&self, credential: &TwilioCredential, report: &mut AccountReport) -> bool {
        let url = credential.own_url();
        let result = self.client.get_as(Identity::Token, credential, url, self.request_limit).await;
        let answer = match result {
            Ok(answer) => answer,
            Err(error) => {
                unreachable_provider(credential, &error, report);
                return false;
            }
        };
        if answer.status.is_success() {
            if credential.test {
                let message = "these are live credentials, marked as test credentials";
                report.find(Severity::Error, message, "leave out test, or enter Twilio's test credentials");
            }
            return read_account(&answer, report);
        }
        let error = answer.error();
        match (error.code, credential.test) {
            (TEST_CREDENTIALS, true) => {
                report.find(
                    Severity::Info,
                    "test credentials: nothing is really sent, and nothing is called back",
                    None,
                );
                false
            }
            (TEST_CREDENTIALS, false) => {
                let message = "these are Twilio's test credentials";
                report.find(
                    Severity::Error,
                    message,
                    "mark them with test: true, or enter the live credentials",
                );
                false
            }
            _ if answer.status == StatusCode::UNAUTHORIZED => {
                let message = "the provider does not accept the account SID with this auth token";
                let hint = "copy both anew from the console of the same account; a token that was replaced stops working";
                report.find(Severity::Error, message, hint);
                false
            }
            (code, _) => {
                report.find(
                    Severity::Error,
                    format!("the provider refuses: {} ({code})", error.message),
                    None,
                );
                false
            }
        }
    }

    /// Balance and numbers, asked as texts are sent: with the API key where there is one.
    async fn test_requests(&self, credential: &TwilioCredential, report: &mut AccountReport) {
        let balance =
            self.client.get(credential, credential.account_url("Balance.json"), self.request_limit).await;
        match balance {
            Ok(answer) if answer.status.is_success() => read_balance(&answer, report),
            Ok(answer) if answer.status == StatusCode::UNAUTHORIZED && credential.api_key.is_some() => {
                let message = "the provider does not accept the API key, while the auth token is right";
                let hint =
                    "the key was deleted, its secret is wrong, or it belongs to another region than apiBase";
                report.find(Severity::Error, message, hint);
                return;
            }
            Ok(answer) => {
                let message = format!("the balance cannot be read: {}", answer.error().message);
                report.find(Severity::Warning, message, None);
            }
            Err(error) => return unreachable_provider(credential, &error, report),
        }
        let first = credential.account_url("IncomingPhoneNumbers.json");
        match listed::<IncomingNumber>(self, credential, first, "incoming_phone_numbers").await {
            Ok(numbers) => report.numbers = numbers.into_iter().map(owned).collect(),
            Err(error) => {
                report.find(Severity::Warning, format!("the numbers cannot be listed: {error}"), None)
            }
        }
        if report.numbers.is_empty() {
            let message = "the account owns no number";
            report.find(
                Severity::Info,
                message,
                "buy one in the console, or send through a messaging service",
            );
        }
    }
}

fn owned(number: IncomingNumber) -> OwnedNumber {
    OwnedNumber {
        number: number.phone_number,
        name: number.friendly_name,
        sms: number.capabilities.sms,
        mms: number.capabilities.mms,
        voice: number.capabilities.voice,
    }
}

fn unreachable_provider(credential: &TwilioCredential, error: &CallError, report: &mut AccountReport) {
    let host = credential.api_base.host_str().unwrap_or_default();
    let message = format!("{host} cannot be reached: {error}");
    report.find(Severity::Error, message, "check apiBase, the network, and whether a proxy stands between");
}

fn read_account(answer: &Answer, report: &mut AccountReport) -> bool {
    let Ok(account) = serde_json::from_slice::<AccountResource>(&answer.body) else {
        report.find(Severity::Error, "the answer is not the provider's", "check apiBase");
        return false;
    };
    report.name = account.friendly_name;
    report.kind = Some(account.kind.as_str().to_owned());
    report.status = Some(account.status.as_str().to_owned());
    match account.status {
        AccountStatus::Suspended => {
            let hint = "the console says why: often an unpaid bill or a pending verification";
            report.find(Severity::Error, "the account is suspended: nothing is sent", hint);
        }
        AccountStatus::Closed => {
            report.find(Severity::Error, "the account is closed", "enter the credentials of another account");
        }
        AccountStatus::Active | AccountStatus::Other(_) => {}
    }
    if account.kind == AccountKind::Trial {
        let message = "a trial account: it writes to verified numbers only, and puts a line before each text";
        report.find(
            Severity::Warning,
            message,
            "verify the recipients in the console, or upgrade the account",
        );
    }
    true
}

fn read_balance(answer: &Answer, report: &mut AccountReport) {
    let Ok(balance) = serde_json::from_slice::<BalanceResource>(&answer.body) else { return };
    if balance.balance.parse::<f64>().is_ok_and(|amount| amount <= 0.0) {
        report.find(Severity::Warning, "the balance is used up", "add funds in the console");
    }
    report.balance = Some(format!("{} {}", balance.balance, balance.currency));
}
