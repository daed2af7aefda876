//! Phones: every number that no account owns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call_scripts::{CallScript, KeptScript};
use crate::scripts::{Script, ScriptRule};

/// What becomes of texts to a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PhoneState {
    /// They arrive.
    #[default]
    On,
    /// Switched off: undelivered, 30003.
    Off,
    /// No such subscriber: undelivered, 30005.
    Unknown,
    /// A landline: undelivered, 30006.
    Landline,
    /// Blocked by its carrier: undelivered, 30004.
    Blocked,
    /// They arrive and no receipt is sent, so that they stay `sent`.
    NoReceipts,
}

impl PhoneState {
    /// The code with which a text to such a phone ends undelivered.
    pub(crate) fn error_code(self) -> Option<u32> {
        match self {
            PhoneState::On | PhoneState::NoReceipts => None,
            PhoneState::Off => Some(30003),
            PhoneState::Unknown => Some(30005),
            PhoneState::Landline => Some(30006),
            PhoneState::Blocked => Some(30004),
        }
    }
}

#[derive(Default)]
pub(crate) struct Phone {
    /// The name that WhatsApp shows.
    pub(crate) profile_name: Option<String>,
    pub(crate) state: PhoneState,
    pub(crate) scripts: Vec<Script>,
    pub(crate) call_scripts: Vec<KeptScript>,
}

/// How many phones are known; beyond, numbers still work and are forgotten at once.
pub(crate) const PHONES_MAX: usize = 100_000;

/// The phones that were used or set up, by number.
#[derive(Default)]
pub(crate) struct Phones {
    by_number: BTreeMap<String, Phone>,
    next_script: u64,
}

impl Phones {
    pub(crate) fn get(&self, number: &str) -> Option<&Phone> {
        self.by_number.get(number)
    }

    pub(crate) fn get_mut(&mut self, number: &str) -> Option<&mut Phone> {
        self.by_number.get_mut(number)
    }

    /// Makes the phone known, where it is not. A name or a short code is no phone.
    pub(crate) fn touch(&mut self, number: &str) {
        if number.starts_with('+')
            && !self.by_number.contains_key(number)
            && self.by_number.len() < PHONES_MAX
        {
            self.by_number.insert(number.to_owned(), Phone::default());
        }
    }

    pub(crate) fn entry(&mut self, number: &str) -> &mut Phone {
        self.by_number.entry(number.to_owned()).or_default()
    }

    pub(crate) fn remove(&mut self, number: &str) -> bool {
        self.by_number.remove(number).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Phone)> {
        self.by_number.iter().map(|(number, phone)| (number.as_str(), phone))
    }

    /// Gives a phone a script and returns the script's id.
    pub(crate) fn add_script(&mut self, number: &str, rule: ScriptRule) -> u64 {
        self.next_script += 1;
        let id = self.next_script;
        self.entry(number).scripts.push(Script { id, rule, used: 0 });
        id
    }

    /// Gives a phone a script for calls, after those it has, and returns the script's id.
    pub(crate) fn add_call_script(&mut self, number: &str, script: CallScript) -> u64 {
        self.next_script += 1;
        let id = self.next_script;
        let script = std::sync::Arc::new(script);
        self.entry(number).call_scripts.push(KeptScript { id, script, used: 0 });
        id
    }
}
