//! Messaging services and their pools of senders.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::sid::Sid;

use crate::message::VALIDITY_S_MAX;

/// The most numbers of one pool.
pub(crate) const POOL_MAX: usize = 400;

#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) settings: ServiceSettings,
    /// Whether customised opt-out handling is on; the fixture sets it, no request does.
    pub(crate) advanced_opt_out: bool,
    pub(crate) pool: Vec<PoolMember>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// What an account may set on a service.
#[derive(Debug, Clone)]
pub(crate) struct ServiceSettings {
    pub(crate) friendly_name: String,
    pub(crate) inbound_request_url: Option<String>,
    pub(crate) inbound_method: HttpMethod,
    pub(crate) fallback_url: Option<String>,
    pub(crate) fallback_method: HttpMethod,
    pub(crate) status_callback: Option<String>,
    pub(crate) sticky_sender: bool,
    pub(crate) mms_converter: bool,
    pub(crate) smart_encoding: bool,
    pub(crate) scan_message_content: ScanContent,
    pub(crate) fallback_to_long_code: bool,
    pub(crate) area_code_geomatch: bool,
    pub(crate) synchronous_validation: bool,
    pub(crate) validity_s: u32,
    pub(crate) usecase: String,
    pub(crate) use_inbound_webhook_on_number: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanContent {
    Inherit,
    Enable,
    Disable,
}

/// One sender of a pool. Numbers and short codes keep their own SID there.
#[derive(Debug, Clone)]
pub(crate) struct PoolMember {
    pub(crate) sid: Sid,
    pub(crate) kind: MemberKind,
    /// The number, the short code, or the name.
    pub(crate) address: String,
    pub(crate) created: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberKind {
    PhoneNumber,
    ShortCode,
    AlphaSender,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self {
            friendly_name: String::new(),
            inbound_request_url: None,
            inbound_method: HttpMethod::Post,
            fallback_url: None,
            fallback_method: HttpMethod::Post,
            status_callback: None,
            sticky_sender: true,
            mms_converter: true,
            smart_encoding: false,
            scan_message_content: ScanContent::Inherit,
            fallback_to_long_code: true,
            area_code_geomatch: true,
            synchronous_validation: false,
            validity_s: VALIDITY_S_MAX,
            usecase: "undeclared".to_owned(),
            use_inbound_webhook_on_number: false,
        }
    }
}

impl ScanContent {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ScanContent::Inherit => "inherit",
            ScanContent::Enable => "enable",
            ScanContent::Disable => "disable",
        }
    }
}

/// All services, in the order in which they were made.
#[derive(Default)]
pub(crate) struct Services {
    by_sid: IndexMap<Sid, Service>,
    by_member: HashMap<Sid, Sid>,
    /// Which sender of a service last wrote to a recipient.
    sticky: HashMap<(Sid, String), String>,
}

impl Services {
    pub(crate) fn insert(&mut self, service: Service) {
        for member in &service.pool {
            self.by_member.insert(member.sid.clone(), service.sid.clone());
        }
        self.by_sid.insert(service.sid.clone(), service);
    }

    pub(crate) fn remove(&mut self, sid: &Sid) -> Option<Service> {
        let service = self.by_sid.shift_remove(sid)?;
        self.by_member.retain(|_, owner| owner != sid);
        self.sticky.retain(|(owner, _), _| owner != sid);
        Some(service)
    }

    pub(crate) fn get(&self, sid: &Sid) -> Option<&Service> {
        self.by_sid.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut Service> {
        self.by_sid.get_mut(sid)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Service> {
        self.by_sid.values()
    }

    /// The service whose pool this number or short code is in.
    pub(crate) fn of_member(&self, member: &Sid) -> Option<&Service> {
        self.get(self.by_member.get(member)?)
    }

    pub(crate) fn add_member(&mut self, service: &Sid, member: PoolMember) {
        if let Some(service) = self.by_sid.get_mut(service) {
            self.by_member.insert(member.sid.clone(), service.sid.clone());
            service.pool.push(member);
        }
    }

    /// Takes a member out of whatever pool it is in; tells whether it was in one.
    pub(crate) fn remove_member(&mut self, member: &Sid) -> bool {
        let Some(owner) = self.by_member.remove(member) else { return false };
        if let Some(service) = self.by_sid.get_mut(&owner) {
            service.pool.retain(|other| other.sid != *member);
        }
        true
    }

    pub(crate) fn last_sender(&self, service: &Sid, to: &str) -> Option<&str> {
        self.sticky.get(&(service.clone(), to.to_owned())).map(String::as_str)
    }

    pub(crate) fn remember_sender(&mut self, service: &Sid, to: &str, from: &str) {
        self.sticky.insert((service.clone(), to.to_owned()), from.to_owned());
    }
}
