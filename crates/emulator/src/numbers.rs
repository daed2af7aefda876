//! Numbers and short codes that accounts own.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::sid::Sid;

use crate::fixture::Capabilities;

#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) kind: NumberKind,
    /// E.164, or the digits of a short code.
    pub(crate) phone_number: String,
    pub(crate) friendly_name: String,
    pub(crate) capabilities: Capabilities,
    pub(crate) whatsapp: bool,
    pub(crate) settings: NumberSettings,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKind {
    Local,
    TollFree,
    Mobile,
    ShortCode,
}

/// What an account may set on a number. An empty URL is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberSettings {
    pub(crate) sms_application: Option<Sid>,
    pub(crate) sms_url: String,
    pub(crate) sms_method: HttpMethod,
    pub(crate) sms_fallback_url: String,
    pub(crate) sms_fallback_method: HttpMethod,
    pub(crate) voice_application: Option<Sid>,
    pub(crate) voice_url: String,
    pub(crate) voice_method: HttpMethod,
    pub(crate) voice_fallback_url: String,
    pub(crate) voice_fallback_method: HttpMethod,
    pub(crate) voice_caller_id_lookup: bool,
    pub(crate) status_callback: String,
    pub(crate) status_callback_method: HttpMethod,
}

/// All owned numbers, in the order in which they were bought.
#[derive(Default)]
pub(crate) struct Numbers {
    by_sid: IndexMap<Sid, Number>,
    by_number: HashMap<String, Sid>,
}

impl Numbers {
    pub(crate) fn insert(&mut self, number: Number) {
        self.by_number.insert(number.phone_number.clone(), number.sid.clone());
        self.by_sid.insert(number.sid.clone(), number);
    }

    pub(crate) fn remove(&mut self, sid: &Sid) -> Option<Number> {
        let number = self.by_sid.shift_remove(sid)?;
        self.by_number.remove(&number.phone_number);
        Some(number)
    }

    pub(crate) fn get(&self, sid: &Sid) -> Option<&Number> {
        self.by_sid.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut Number> {
        self.by_sid.get_mut(sid)
    }

    /// The owned number with these digits, whoever owns it.
    pub(crate) fn find(&self, phone_number: &str) -> Option<&Number> {
        self.get(self.by_number.get(phone_number)?)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Number> {
        self.by_sid.values()
    }
}
