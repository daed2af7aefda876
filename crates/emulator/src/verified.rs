//! Numbers of other carriers that were verified for an account: it may show them as its own, and a trial
//! account may reach them.

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::sid::{Sid, SidKind};

use crate::address;
use crate::phones::PhoneState;
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
}

impl Verification {
    /// How long the call takes in which the code is entered.
    pub(crate) const CALL_MS: u64 = 5_000;
}

impl World {
    /// The phone is called and its owner, who is taken to know the code, enters it. A phone that cannot be
    /// reached stays unverified.
    pub(crate) fn verify(&mut self, verification: Verification) {
        let Verification { account, phone_number, friendly_name } = verification;
        let state = self.phones.get(&phone_number).map(|phone| phone.state).unwrap_or_default();
        if matches!(state, PhoneState::Off | PhoneState::Unknown | PhoneState::Blocked) {
            return;
        }
        let caller_id = CallerId::new(self, phone_number, friendly_name);
        if let Some(account) = self.accounts.get_mut(&account) {
            account.verified.insert(caller_id);
        }
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
