//! Numbers of other carriers that were verified for an account: it may show them as its own, and a trial
//! account may reach them.

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::{CallRequest, CallStatus, CallStatusCallback, Direction};
use twilio::date::Rfc2822;
use twilio::form::Pairs;
use twilio::sid::{Sid, SidKind};

use crate::address;
use crate::journal::Purpose;
use crate::phones::PhoneState;
use crate::webhook::Letter;
use crate::world::World;

#[derive(Debug, Clone)]
pub(crate) struct CallerId {
    pub(crate) sid: Sid,
    pub(crate) phone_number: String,
    pub(crate) friendly_name: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

impl CallerId {
    /// A number that has just been verified. Without a name it is called after its digits.
    pub(crate) fn new(world: &mut World, phone_number: String, friendly_name: Option<String>) -> Self {
        Self {
            sid: world.random.sid(SidKind::IncomingNumber),
            friendly_name: friendly_name.unwrap_or_else(|| address::friendly(&phone_number)),
            phone_number,
            created: world.now,
            updated: world.now,
        }
    }
}

/// A verification that has begun.
#[derive(Debug, Clone)]
pub(crate) struct Verification {
    pub(crate) account: Sid,
    pub(crate) phone_number: String,
    pub(crate) friendly_name: Option<String>,
    /// The call in which the code is entered.
    pub(crate) call: Sid,
    /// Who is told how it ended.
    pub(crate) callback: Option<(String, HttpMethod)>,
}

impl Verification {
    /// The number that the provider calls from.
    const CALLER: &str = "+14157234000";
    /// How long the call takes in which the code is entered.
    pub(crate) const CALL_MS: u64 = 5_000;
}

impl World {
    /// The phone is called and its owner, who is taken to know the code, enters it. A phone that cannot be
    /// reached stays unverified. Whoever wants to know is told.
    pub(crate) fn verify(&mut self, verification: Verification) {
        let Verification { account, phone_number, friendly_name, call, callback } = verification;
        let state = self.phones.get(&phone_number).map(|phone| phone.state).unwrap_or_default();
        let status = match state {
            PhoneState::Off => CallStatus::NoAnswer,
            PhoneState::Unknown => CallStatus::Failed,
            PhoneState::Blocked => CallStatus::Busy,
            PhoneState::On | PhoneState::Landline | PhoneState::NoReceipts => CallStatus::Completed,
        };
        let verified = (status == CallStatus::Completed).then(|| {
            let caller_id = CallerId::new(self, phone_number.clone(), friendly_name);
            let sid = caller_id.sid.clone();
            if let Some(account) = self.accounts.get_mut(&account) {
                account.verified.insert(caller_id);
            }
            sid
        });
        let Some((url, method)) = callback else { return };
        let Some(token) = self.accounts.get(&account).map(|account| account.token.clone()) else { return };
        let parameters = self.verified_parameters(&account, phone_number, call.clone(), status, verified);
        let letter = Letter { purpose: Purpose::Verification, url, method, resource: call, parameters };
        let idempotency = self.random.token();
        self.outbox.send_letter(letter, token, idempotency);
    }

    /// The end of the call, and what came of it.
    fn verified_parameters(
        &self,
        account: &Sid,
        phone_number: String,
        call: Sid,
        status: CallStatus,
        verified: Option<Sid>,
    ) -> Pairs {
        let seconds = if verified.is_some() { Verification::CALL_MS / 1_000 } else { 0 };
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        let mut call = CallRequest::new(
            call,
            account.clone(),
            Verification::CALLER,
            phone_number,
            status,
            Direction::OutboundApi,
        );
        let word = if verified.is_some() { "success" } else { "failed" };
        call.rest.push(("VerificationStatus".to_owned(), word.to_owned()));
        let sid = verified.map(|sid| ("OutgoingCallerIdSid".to_owned(), sid.as_str().to_owned()));
        call.rest.extend(sid);
        let callback = CallStatusCallback {
            call,
            timestamp: Some(Rfc2822(self.now)),
            callback_source: Some("call-progress-events".to_owned()),
            sequence_number: Some(0),
            call_duration_s: Some(seconds),
            duration_min: Some(seconds.div_ceil(60)),
            sip_response_code: None,
            recording_sid: None,
            recording_url: None,
            recording_duration_s: None,
        };
        callback.to_pairs()
    }
}

/// The verified numbers of one account, in the order in which they were verified.
#[derive(Debug, Clone, Default)]
pub(crate) struct VerifiedNumbers(IndexMap<String, CallerId>);

impl VerifiedNumbers {
    pub(crate) fn contains(&self, phone_number: &str) -> bool {
        self.0.contains_key(phone_number)
    }

    pub(crate) fn insert(&mut self, caller_id: CallerId) {
        self.0.insert(caller_id.phone_number.clone(), caller_id);
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut CallerId> {
        self.0.values_mut().find(|caller_id| caller_id.sid == *sid)
    }

    pub(crate) fn remove(&mut self, sid: &Sid) {
        self.0.retain(|_, caller_id| caller_id.sid != *sid);
    }

    /// Keeps the numbers of this set and no others.
    pub(crate) fn retain(&mut self, keeps: impl Fn(&str) -> bool) {
        self.0.retain(|phone_number, _| keeps(phone_number));
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &CallerId> {
        self.0.values()
    }
}
