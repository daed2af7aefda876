//! The debugger's notices: what went wrong with a text or a call, for the account to read.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use twilio::HttpMethod;
use twilio::callback::{DebuggerCallback, DebuggerLevel};
use twilio::date::Precise;
use twilio::error::{self, Level};
use twilio::form::{self, Pairs};
use twilio::sid::{Sid, SidKind};

use crate::journal::{Attempt, Purpose};
use crate::webhook::Letter;
use crate::world::World;

/// How many notices are kept; the oldest go first.
const NOTICES_MAX: usize = 20_000;

/// One notice: a notification of the 2010 API and an alert of the monitoring product alike.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) code: u32,
    /// The text, call, … that it is about.
    pub(crate) resource: Sid,
    pub(crate) detail: String,
    pub(crate) at: Timestamp,
    /// The webhook that it is about, with its answer.
    pub(crate) requested: Option<Arc<Requested>>,
}

/// A webhook that was sent, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requested {
    pub(crate) method: HttpMethod,
    pub(crate) url: String,
    pub(crate) signature: String,
    pub(crate) parameters: Pairs,
    /// Missing where no answer came.
    pub(crate) status: Option<u16>,
    pub(crate) headers: Pairs,
    pub(crate) body: String,
}

impl Requested {
    /// The last attempt of a webhook.
    pub(crate) fn of(method: HttpMethod, parameters: &Pairs, attempts: &[Attempt]) -> Option<Arc<Self>> {
        let last = attempts.last()?;
        Some(Arc::new(Self {
            method,
            url: last.url.clone(),
            signature: last.signature.clone(),
            parameters: parameters.clone(),
            status: last.status,
            headers: last.headers.clone(),
            body: last.answer.clone().unwrap_or_default(),
        }))
    }

    /// As the debugger's webhook tells of it.
    fn told(&self) -> serde_json::Value {
        let named = |pairs: &Pairs| -> serde_json::Map<String, serde_json::Value> {
            pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
        };
        json!({
            "type": "application/json",
            "request": {
                "url": self.url,
                "method": self.method.as_str(),
                "headers": {"X-Twilio-Signature": self.signature},
                "parameters": named(&self.parameters),
            },
            "response": {"status_code": self.status, "headers": named(&self.headers), "body": self.body},
        })
    }
}

/// All notices, oldest first.
#[derive(Default)]
pub(crate) struct Notices(VecDeque<Notice>);

impl Notices {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.0.iter()
    }

    pub(crate) fn get(&self, sid: &Sid) -> Option<&Notice> {
        self.0.iter().find(|notice| notice.sid == *sid)
    }

    fn push(&mut self, notice: Notice) {
        if self.0.len() == NOTICES_MAX {
            self.0.pop_front();
        }
        self.0.push_back(notice);
    }
}

impl Notice {
    pub(crate) fn is_warning(&self) -> bool {
        error::lookup(self.code).is_some_and(|info| info.level == Level::Warning)
    }

    /// What happened, as the debugger writes it: pairs in the form of a query.
    pub(crate) fn text(&self) -> String {
        let pairs = [
            ("EmailNotification".to_owned(), "false".to_owned()),
            ("LogLevel".to_owned(), if self.is_warning() { "WARN" } else { "ERROR" }.to_owned()),
            ("Msg".to_owned(), self.detail.clone()),
            ("ErrorCode".to_owned(), self.code.to_string()),
        ];
        form::encode(&pairs)
    }
}

impl World {
    /// Keeps a notice for the account that the text or call belongs to; what is about nothing is for nobody.
    pub(crate) fn notice(&mut self, code: u32, resource: Option<&Sid>, detail: &str) {
        let Some((resource, account)) = resource.and_then(|sid| Some((sid, self.owner_of(sid)?))) else {
            return;
        };
        let notice = Notice {
            sid: self.random.sid(SidKind::Notification),
            account,
            code,
            resource: resource.clone(),
            detail: detail.to_owned(),
            at: self.now,
            requested: self.acts_upon.clone(),
        };
        self.tell_notice(&notice);
        self.notices.push(notice);
    }

    /// Tells the account's own URL of a notice, where it has one.
    fn tell_notice(&mut self, notice: &Notice) {
        let Some(account) = self.accounts.get(&notice.account) else { return };
        let Some(url) = account.debugger_url.clone() else { return };
        let parent = Some(account.owner.clone()).filter(|owner| *owner != account.sid);
        let token = account.token.clone();
        let payload = json!({
            "resource_sid": notice.resource.as_str(),
            "service_sid": null,
            "error_code": notice.code.to_string(),
            "more_info": {"Msg": notice.detail, "ErrorCode": notice.code.to_string()},
            "webhook": notice.requested.as_ref().map(|requested| requested.told()),
        });
        let callback = DebuggerCallback {
            sid: notice.sid.clone(),
            account_sid: notice.account.clone(),
            parent_account_sid: parent,
            timestamp: Some(Precise(notice.at)),
            level: if notice.is_warning() { DebuggerLevel::Warning } else { DebuggerLevel::Error },
            payload_type: Some("application/json".to_owned()),
            payload: Some(payload.to_string()),
            rest: Vec::new(),
        };
        let idempotency = self.random.token();
        let letter = Letter {
            purpose: Purpose::Debugger,
            url,
            method: HttpMethod::Post,
            resource: notice.resource.clone(),
            parameters: callback.to_pairs(),
        };
        self.outbox.send_letter(letter, token, idempotency);
    }

    /// The account that a text or a call belongs to.
    fn owner_of(&self, resource: &Sid) -> Option<Sid> {
        if resource.kind() == Some(SidKind::Call) {
            return Some(self.calls.get(self.calls.find(resource)?)?.account.clone());
        }
        Some(self.messages.get(self.messages.find(resource)?)?.account.clone())
    }
}
